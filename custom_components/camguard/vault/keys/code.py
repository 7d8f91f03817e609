"""Codes for paper and telephone: 100 random bits that nobody chose, in symbols that nobody mistakes."""

import secrets

SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32: no 0 and O, no 1 and I."""
LENGTH = 20
_GROUP = 5


def make_code() -> str:
    """Return a new code: four groups of five symbols with hyphens (the hyphens belong to it)."""
    return _grouped("".join(secrets.choice(SYMBOLS) for _ in range(LENGTH)))


def normal_code(text: str) -> str:
    """Return a code as it was made, however it was typed: small letters, blanks, no hyphens, full-width symbols."""
    narrow = text.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}).upper()
    return _grouped("".join(symbol for symbol in narrow if symbol in SYMBOLS))


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))
