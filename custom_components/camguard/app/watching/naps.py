"""Whether a camera sleeps: one on a battery has an address only for as long as it is awake (issue 18 §2)."""

from ...domain.clip import US_PER_SECOND
from ...worker import faults
from ...worker.protocol import Status
from ..ports import NO_ADDRESS

AWAKE_MOST_US = 180 * US_PER_SECOND
"""One that streams for longer doesn't sleep: its connection was lost."""
ENOUGH = 3
"""Naps in a row that make it one that sleeps."""
ASLEEP_KEYS = frozenset(
    {
        "",
        faults.SOURCE_ASLEEP,
        faults.SOURCE_UNAVAILABLE,
        faults.SOURCE_UNREACHABLE,
        faults.SOURCE_STALLED,
        faults.SOURCE_ENDED,
    }
)
"""Reasons that are none for a camera that sleeps."""


def is_asleep(status: Status) -> bool:
    """Tell whether a camera that sleeps does so now, by what its worker says."""
    return status.state not in {"streaming", "blocked"} and status.key in ASLEEP_KEYS


class Naps:
    """Of one camera that isn't known to sleep. Times are those since boot, µs."""

    def __init__(self) -> None:
        self._awake_since_us: int | None = None
        self._short = False
        """Whether it was awake, and for a short time only."""
        self._count = 0

    def status(self, status: Status, boot_us: int) -> bool:
        """Take in what the worker says of the source; tells whether it is known now that the camera sleeps."""
        if status.state == "streaming":
            if self._awake_since_us is None:
                self._awake_since_us = boot_us
            return False
        if self._awake_since_us is not None:
            self._short = boot_us - self._awake_since_us <= AWAKE_MOST_US
            self._awake_since_us = None
            if not self._short:
                self._count = 0
        if self._short and status.detail == NO_ADDRESS:
            self._short = False
            self._count += 1
            return self._count == ENOUGH
        return False
