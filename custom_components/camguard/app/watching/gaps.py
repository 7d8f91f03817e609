"""Since when one camera isn't seen, or isn't recorded though it should be. Each such time is told, none twice.

The worker itself tells of pauses that it lives through (`GapClosed`, before it says that pictures come again). This
knows the others: a worker that died, a picture that can't be masked or decoded, a start, a full disk. Times are UTC
epoch µs; they come in as arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ...domain.clip import US_PER_SECOND

GAP_LEAST_US = 2 * US_PER_SECOND
"""What is shorter is none."""
OPEN_US = 60 * US_PER_SECOND
"""A gap that goes on for longer is told before it is over: its beginning must survive whatever happens next."""
RESTART = "restart"


@dataclass(slots=True)
class _Gap:
    from_us: int
    cause: str
    blocked: bool = False
    """Pictures come, but can't be masked."""
    first: bool = False
    """Nothing was ever seen before: no gap, unless it goes on for long."""
    opened: bool = False


class GapTracker:
    """Of one camera. `tell(from_us, to_us, cause)`: `to_us` None, a gap goes on."""

    def __init__(self, tell: Callable[[int, int | None, str], None], unseen_since_us: int | None) -> None:
        """`unseen_since_us`: when the camera was watched last, before this start."""
        self._tell = tell
        self._away = _Gap(unseen_since_us, RESTART) if unseen_since_us is not None else None
        self._missed: _Gap | None = None
        self._ever = unseen_since_us is not None

    def away_us(self, now_us: int) -> int:
        """Return for how long nothing has been seen, 0 while pictures come."""
        return now_us - self._away.from_us if self._away else 0

    @property
    def misses(self) -> bool:
        """Whether something should be recorded and isn't, though pictures come."""
        return self._missed is not None

    def status(self, state: str, key: str, now_us: int) -> None:
        """Take in what the worker says of the source; `key`: why, may be empty."""
        blocked = state == "blocked"
        if self._away is not None and (state == "streaming" or blocked is not self._away.blocked):
            self._close_away(now_us)
        if state == "streaming":
            self._ever = True
        elif self._away is None:
            self._away = _Gap(now_us, key or state, blocked=blocked, first=not self._ever)
        elif key and self._away.cause != RESTART:
            self._away.cause = key

    def asleep(self) -> None:
        """Take in that nothing is to be seen: that is no gap."""
        self._away = None

    def told_by_worker(self, from_us: int, to_us: int, cause: str) -> None:
        """Take in a gap that the worker lived through: what isn't seen now is, or is part of, that one."""
        if self._away is not None:
            self._say(self._away.from_us, from_us, self._away.cause)
            self._away = None
        self._say(from_us, to_us, cause)

    def worker_lost(self, cause: str, now_us: int) -> None:
        """Take in that the worker is gone."""
        if self._away is None:
            self._away = _Gap(now_us, cause)

    def missed(self, cause: str, now_us: int) -> None:
        """Take in that what should be recorded isn't, though pictures come."""
        if self._missed is None:
            self._missed = _Gap(now_us, cause)

    def served(self, now_us: int) -> None:
        """Take in that it is recorded again, or isn't wanted any more."""
        if self._missed is not None:
            self._say(self._missed.from_us, now_us, self._missed.cause)
            self._missed = None

    def look(self, now_us: int) -> str:
        """Tell of gaps that go on for long; returns the cause of one that is told now, empty when there is none."""
        told = ""
        for gap in (self._away, self._missed):
            if gap is not None and not gap.opened and now_us - gap.from_us >= OPEN_US:
                gap.opened = True
                self._tell(gap.from_us, None, gap.cause)
                told = gap.cause
        return told

    def stop(self, now_us: int) -> None:
        """Tell what is open: nobody watches from now on."""
        self._close_away(now_us)
        self.served(now_us)

    def _close_away(self, now_us: int) -> None:
        gap, self._away = self._away, None
        if gap is not None and (gap.opened or not gap.first):
            self._say(gap.from_us, now_us, gap.cause)

    def _say(self, from_us: int, to_us: int, cause: str) -> None:
        if to_us - from_us >= GAP_LEAST_US:
            self._tell(from_us, to_us, cause)
