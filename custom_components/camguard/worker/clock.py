"""The worker's own time: it runs on evenly when the wall clock is set, and knows how far apart the two are.

The ring, the decoder and all comparisons use this time; what is told or written is UTC, by adding an era's shift.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

STEP_US = 1_000_000
"""The wall clock was set when it moved by more against real time; anything less is followed little by little."""
_SLEW = 10
"""Followed by at most this part of the time that passed: pictures stay in order and keep about their distances."""
_READ_US = 50_000
"""When reading both clocks takes longer (the process was stopped in between), they can't be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """A span of time in which the wall clock wasn't set."""

    from_us: int
    """Its begin, in the worker's time: the last look at the wall clock before it was set."""
    shift_us: int
    """UTC minus the worker's time."""

    def utc(self, time_us: int) -> int:
        """Return the UTC of a time of the worker's."""
        return time_us + self.shift_us

    def own(self, utc_us: int) -> int:
        """Return the worker's time of a UTC."""
        return utc_us - self.shift_us


def _wall_us() -> int:
    return time.time_ns() // 1000


def _real_us() -> int:
    # It goes on while the machine sleeps: then the pictures have a gap, and the wall clock was not set.
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


class Clock:
    """Thread safe. Begins as UTC. Both sources, µs, are for tests."""

    def __init__(self, wall_us: Callable[[], int] = _wall_us, real_us: Callable[[], int] = _real_us) -> None:
        self._read_wall_us = wall_us
        self._read_real_us = real_us
        self._lock = threading.Lock()
        self._real_us = real_us()
        self._now_us = wall_us()
        self._era = Era(from_us=self._now_us, shift_us=0)

    @property
    def era(self) -> Era:
        """The present one, as of the last `now_us`."""
        return self._era

    def now_us(self) -> int:
        """Return the present time; never steps back."""
        with self._lock:
            before_us = self._read_real_us()
            wall_us = self._read_wall_us()
            real_us = self._read_real_us()
            last_us = self._now_us
            passed_us = max(real_us - self._real_us, 0)
            self._real_us += passed_us
            self._now_us += passed_us
            ahead_us = wall_us - self._era.utc(self._now_us)
            if real_us - before_us > _READ_US:
                return self._now_us
            if abs(ahead_us) > STEP_US:
                self._era = Era(from_us=last_us, shift_us=self._era.shift_us + ahead_us)
            else:
                most_us = passed_us // _SLEW
                self._now_us += max(min(ahead_us, most_us), -most_us)
            return self._now_us

    def utc_us(self) -> int:
        """Return the present UTC, as this clock has it."""
        now_us = self.now_us()
        return self._era.utc(now_us)
