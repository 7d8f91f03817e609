"""What all messages have in common."""

from dataclasses import dataclass
from typing import ClassVar

PROTOCOL_VERSION = 10
MAX_BODY_BYTES = 32 * 1024 * 1024
BEAT_SECONDS = 5
"""How often the worker sends a Beat while it lives."""
LIVE_PATH = "/live.ts"
LIVE_TOKEN = "auth"  # noqa: S105 - the parameter's name: Home Assistant leaves its value out of its logs
EXIT_TOO_LARGE = 5
"""A worker's exit code: it took more memory than its pictures may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Base of all messages; `body_field` names the one field that travels as bytes."""

    body_field: ClassVar[str | None] = None
