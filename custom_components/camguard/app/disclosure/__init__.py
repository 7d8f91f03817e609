"""Disclosure to third parties on a legal basis."""
