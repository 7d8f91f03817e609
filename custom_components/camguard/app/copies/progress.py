"""How far clips have come that are being brought back."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class BringingBack:
    """How far it has come."""

    count: int
    """Clips that are to come back."""
    done: int = 0
    missing: int = 0
    """Of which no whole copy was there, or not what the key is for."""
    fault: str = ""
    """Translation key of what stopped it; empty: nothing."""
    ended: bool = False
