"""Custody: holds, wiping with its certificate, verification."""
