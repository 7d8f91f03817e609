"""Whether a thread still moves on: a decoder that hangs says nothing, while the rest of the process looks alive.

Counts looks at it, not time: when the whole process was stopped for a while, nobody is late.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from .protocol import BEAT_SECONDS

STUCK_SECONDS = 20.0
"""One picture through decoder, mask and encoder takes less, on any host."""
DISK_SECONDS = 120.0
"""A disk may let wait for longer: it spins up, a network's server starts again, another's data goes first."""


class Pulse:
    """Of one thread, which calls `turn` again and again while it works.

    `stuck` is the watcher's, who calls it every BEAT_SECONDS.
    """

    def __init__(self, patience_s: float = STUCK_SECONDS) -> None:
        self._patience_s = patience_s
        self._resting = True
        self._turned = False
        self._looks = 0

    def turn(self) -> None:
        """Say that the work moves on."""
        self._resting = False
        self._turned = True

    def rest(self) -> None:
        """Say that there is nothing to do, or nothing that is watched."""
        self._resting = True

    @contextmanager
    def patient(self, seconds: float = DISK_SECONDS) -> Iterator[None]:
        """Allow what is done inside more time."""
        before_s = self._patience_s
        self._patience_s = max(before_s, seconds)
        self._turned = True
        try:
            yield
        finally:
            self._turned = True
            self._patience_s = before_s

    def stuck(self) -> bool:
        """Look: tell whether the thread hasn't moved for as long as it may."""
        if self._turned or self._resting:
            self._turned = False
            self._looks = 0
            return False
        self._looks += 1
        return self._looks * BEAT_SECONDS >= self._patience_s
