"""Keys at rest: clip keys, the root key, recovery kits."""
