"""Recording: when a clip begins, goes on and ends, and what becomes of it."""
