"""Our adapters to Home Assistant that no loader asks for by name."""
