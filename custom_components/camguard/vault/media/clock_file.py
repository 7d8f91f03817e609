"""What is remembered of the clock, on disk (rules: domain/retention.py)."""

import json
from dataclasses import asdict
from pathlib import Path

from ...domain.retention import ClockState
from ..paths import write_synced


def read_clock_state(path: Path) -> ClockState | None:
    """Return the remembered state; None when there is none that can be read."""
    try:
        return ClockState(**json.loads(path.read_bytes()))
    except OSError, ValueError, TypeError:
        return None


def write_clock_state(path: Path, state: ClockState) -> None:
    """Remember the state. Raises OSError."""
    write_synced(path, json.dumps(asdict(state)).encode())
