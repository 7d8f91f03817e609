"""What is remembered of the clock, on disk (rules: domain/reckoning.py)."""

import hmac
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...domain.clip import canonical_json
from ...domain.reckoning import Awaited, ClockState
from ..paths import write_synced

type Mac = Callable[[bytes], bytes]
"""Makes 32 bytes of some data that only the keyring can make (Keyring.mac)."""


def read_clock_state(path: Path, mac: Mac | None) -> ClockState | None:
    """Return the remembered state; None when there is none that can be read, or that isn't ours.

    `mac` None: the root key is away, and what is there is taken as it is.
    """
    try:
        fields = json.loads(path.read_bytes())
        told = fields.pop("mac", "")
        if mac is not None and not hmac.compare_digest(_mac_of(fields, mac), str(told)):
            return None
        awaited = fields.pop("awaited", None)
        return ClockState(**fields, awaited=Awaited(**awaited) if awaited else None)
    except OSError, ValueError, TypeError, AttributeError:
        return None


def write_clock_state(path: Path, state: ClockState, mac: Mac) -> None:
    """Remember the state. Raises OSError."""
    fields = asdict(state)
    write_synced(path, canonical_json(fields | {"mac": _mac_of(fields, mac)}))


def _mac_of(fields: dict[str, Any], mac: Mac) -> str:
    return mac(b"camguard-clock/v1|" + canonical_json(fields)).hex()
