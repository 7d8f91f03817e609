"""The wall clock of a worker on another machine: Home Assistant's, as it is told again and again.

That machine's own may be wrong by hours, and nobody's business. What is told is as old as its way here took: of the
last tellings the one that came fastest counts, so that a busy line doesn't set the clock back.
"""

import threading
import time
from collections import deque

TELLINGS = 12
"""One comes with each beat: clocks that run apart by a second in ten hours are followed."""
STEP_US = 60_000_000
"""No line delays a telling for so long without being lost altogether."""


class ToldClock:
    """Thread safe. Until it is told anything, it is this machine's own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offsets: deque[int] = deque(maxlen=TELLINGS)

    def tell(self, now_us: int) -> None:
        """Take in what time it is where Home Assistant runs, UTC epoch µs."""
        offset_us = now_us - _running_us()
        with self._lock:
            if self._offsets and abs(offset_us - max(self._offsets)) > STEP_US:
                self._offsets.clear()  # set, there: what was told before is worth nothing
            self._offsets.append(offset_us)

    def wall_us(self) -> int:
        """Return the present UTC, epoch µs."""
        with self._lock:
            if self._offsets:
                return _running_us() + max(self._offsets)
        return time.time_ns() // 1000


def _running_us() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
