"""What this software calls itself in records, certificates and bundles."""

VERSION = "0.1.0"
"""As in manifest.json (a test compares them)."""
SOFTWARE = f"CamGuard {VERSION}"
