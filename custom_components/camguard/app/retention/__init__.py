"""Retention: what is due, room on the disk, the clock that it goes by."""
