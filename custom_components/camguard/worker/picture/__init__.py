"""Pictures: decoded, masked, encoded."""
