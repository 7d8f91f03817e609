"""What the worker notices by itself, on masked pictures only."""
