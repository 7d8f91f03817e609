"""What is remembered of the clock, on disk (rules: domain/reckoning.py)."""

import json
from dataclasses import asdict
from pathlib import Path

from ...domain.reckoning import Awaited, ClockState
from ..paths import write_synced


def read_clock_state(path: Path) -> ClockState | None:
    """Return the remembered state; None when there is none that can be read."""
    try:
        fields = json.loads(path.read_bytes())
        fields.pop("doubt_since_us", None)  # of earlier versions
        awaited = fields.pop("awaited", None)
        return ClockState(**fields, awaited=Awaited(**awaited) if awaited else None)
    except OSError, ValueError, TypeError, AttributeError:
        return None


def write_clock_state(path: Path, state: ClockState) -> None:
    """Remember the state. Raises OSError."""
    write_synced(path, json.dumps(asdict(state)).encode())
