"""Sealed copies of finished clips, elsewhere."""
