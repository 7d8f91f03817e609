"""Sealed copies on other machines, and what is told of all places for them."""
