"""What waits, compressed, to be recorded: one bound of memory for all cameras of a site (issue 18 §7).

Nobody waits for a clip, so a burst that the machine can't encode at once is finished late, the oldest clip first. Only
a backlog that would grow beyond the bound, reckoned ahead from the rates, has pictures left out: evenly, and told.
"""

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ...domain.clip import US_PER_SECOND
from ...worker.protocol import Allow
from .budget import MOST_LEFT_OUT, Budget

LEAST_OF_ONE_BYTES = 32 << 20
"""For its pre-roll, every camera has as much."""
MOST_OF_ONE_BYTES = 512 << 20
"""As worker/memory.py believes."""
BEHIND_US = 8 * US_PER_SECOND
"""A clip that is later than this is finished in its turn."""
CAUGHT_UP_US = 2 * US_PER_SECOND
"""Whoever has the turn keeps it until then."""
LOOK_BACK_SECONDS = 20.0
"""Rates are measured over so long, and a measure is given as long to work."""
FOR_EVER_US = 3600 * US_PER_SECOND
"""What has no end is reckoned ahead for this long."""
CALM_SECONDS = 300.0
"""Pictures are left out for so long at least while recording goes on: evenly, not now and then."""
HOURS_KEPT = 24
TOLD_SECONDS = 24 * 3600.0
"""That the machine is too small is told until it hasn't been for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one camera has to do."""

    held_bytes: int
    """In its ring, pre-roll included."""
    lag_us: int
    """How far its clip is behind; 0 without one."""
    clip_from_us: int | None
    """When the clip in hand began, UTC; None: nothing is recorded."""
    left_us: int
    """For how long more it is expected to be recorded; FOR_EVER_US at most."""
    cpu_us: int = 0
    """CPU time that its worker has taken since its start."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The site's load at one time."""

    at: float
    held_bytes: int
    lags_us: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    """More was to be recorded than the machine can."""

    fits: int
    """How many cameras it records at once, at their full rate."""
    cameras: int
    """That were recorded at once."""


class Backlog:
    """Shares the memory, the turns and the pictures among the cameras of a site. Belongs to the event loop."""

    def __init__(
        self,
        bound_bytes: int,
        turns: int,
        on_news: Callable[[], None],
        *,
        budget: Budget | None = None,
        clock: Callable[[], float] = time.monotonic,
        machine_load: Callable[[], float] = lambda: os.getloadavg()[0],
    ) -> None:
        """`turns`: how many clips are finished side by side when all are late, one for each core.

        `clock`: seconds that only grow. `machine_load`: how many cores were busy in the last minute.
        """
        self.bound_bytes = bound_bytes
        self.budget = budget or Budget()
        self.keep_one_of = 1
        self.overload: Overload | None = None
        """What was too much, within the last day."""
        self._exceeded = False
        self._turns = max(turns, 1)
        self._on_news = on_news
        self._clock = clock
        self._load = machine_load
        self._loads: dict[str, Load] = {}
        self._told: dict[str, tuple[Callable[[Allow], object], Allow]] = {}
        self._going: set[str] = set()
        """Cameras that are late and have the turn."""
        self._samples: deque[Sample] = deque()
        self._changed_at = self._overload_at = -TOLD_SECONDS
        self._worst: dict[str, dict[int, int]] = {}
        """The largest lag of each hour, µs, by camera."""

    @property
    def held_bytes(self) -> int:
        """What waits and what is kept as pre-roll, at all cameras."""
        return sum(load.held_bytes for load in self._loads.values())

    def worst_lag_us(self, camera_id: str) -> int:
        """Return by how much a camera's clips were behind at most, within the last day."""
        oldest = int(self._clock() // 3600) - HOURS_KEPT
        return max((lag_us for hour, lag_us in self._worst.get(camera_id, {}).items() if hour > oldest), default=0)

    def _note_lag(self, camera_id: str, lag_us: int) -> None:
        hour = int(self._clock() // 3600)
        hours = {at: worst for at, worst in self._worst.get(camera_id, {}).items() if at > hour - HOURS_KEPT}
        self._worst[camera_id] = hours | {hour: max(hours.get(hour, 0), lag_us)}

    def _is_idle(self) -> bool:
        """Whether no camera records, and nothing else keeps half of the machine busy."""
        return self._load() <= self._turns / 2 and all(load.clip_from_us is None for load in self._loads.values())

    def begin(self, camera_id: str, from_us: int) -> bool:
        """Take note that a clip begins; tells whether there is time to encode it thoroughly."""
        thorough = self._is_idle()
        before = self._loads.get(camera_id)
        held = before.held_bytes if before else 0
        self._loads[camera_id] = Load(held_bytes=held, lag_us=0, clip_from_us=from_us, left_us=0)
        return thorough

    def report(self, camera_id: str, load: Load, allow: Callable[[Allow], object]) -> None:
        """Take in what a camera has to do, and tell it, and others where that changes, what they may take."""
        self._loads[camera_id] = load
        self._note_lag(camera_id, load.lag_us)
        self.budget.worked(camera_id, load.cpu_us)
        if self.budget.exceeded is not self._exceeded:
            self._exceeded = self.budget.exceeded
            self._on_news()
        self._sample()
        self._reckon()
        resting = self._resting()
        self._allow(camera_id, allow, resting)
        for other, (tell, told) in tuple(self._told.items()):
            if (told.go_on, told.keep_one_of) != (other not in resting, self.kept(other)):
                self._allow(other, tell, resting)

    def leave(self, camera_id: str) -> None:
        """Forget a camera, or a worker that ended."""
        self._loads.pop(camera_id, None)
        self._told.pop(camera_id, None)
        self._going.discard(camera_id)
        self.budget.leave(camera_id)

    def kept(self, camera_id: str) -> int:
        """Return of how many pictures of a camera one is recorded, evenly."""
        return max(self.keep_one_of, self.budget.keep_one_of(camera_id))

    def _allow(self, camera_id: str, tell: Callable[[Allow], object], resting: set[str]) -> None:
        """Tell a camera what it may take, if that is something else than before."""
        free = max(self.bound_bytes - self.held_bytes, 0)
        most = min(max(self._loads[camera_id].held_bytes + free, LEAST_OF_ONE_BYTES), MOST_OF_ONE_BYTES)
        order = Allow(ring_max_bytes=most >> 23 << 23, keep_one_of=self.kept(camera_id), go_on=camera_id not in resting)
        before = self._told.get(camera_id)
        if before is None or before[1] != order:
            self._told[camera_id] = tell, order
            tell(order)

    # --- turns ---

    def _resting(self) -> set[str]:
        """Return the cameras whose clips wait for older ones."""
        late = {
            camera_id: load.clip_from_us
            for camera_id, load in self._loads.items()
            if load.clip_from_us is not None and load.lag_us > (CAUGHT_UP_US if camera_id in self._going else BEHIND_US)
        }
        # Whoever has the turn keeps it: a clip that is nearly done isn't left for one that began a moment before.
        ordered = sorted(late, key=lambda camera_id: (camera_id not in self._going, late[camera_id], camera_id))
        self._going = set(ordered[: self._turns])
        return set(ordered[self._turns :])

    # --- reckoning ahead ---

    def _sample(self) -> None:
        now = self._clock()
        lags = {camera_id: load.lag_us for camera_id, load in self._loads.items() if load.clip_from_us is not None}
        self._samples.append(Sample(now, self.held_bytes, lags))
        while len(self._samples) > 1 and now - self._samples[1].at >= LOOK_BACK_SECONDS:
            self._samples.popleft()

    def _reckon(self) -> None:
        """Leave out more pictures when the bound would be reached, and fewer once nearly nothing waits."""
        first, last = self._samples[0], self._samples[-1]
        seconds = last.at - first.at
        if self.overload and last.at - self._overload_at > TOLD_SECONDS:
            self.overload = None
            self._on_news()
        if seconds < LOOK_BACK_SECONDS or last.at - self._changed_at < LOOK_BACK_SECONDS:
            return
        growth = (last.held_bytes - first.held_bytes) / seconds
        left_s = max((load.left_us for load in self._loads.values()), default=0) / US_PER_SECOND
        late = any(lag_us > BEHIND_US for lag_us in last.lags_us.values())
        if late and growth > 0 and last.held_bytes + growth * left_s > self.bound_bytes:
            if self.overload is None:
                self._tell_overload(first, last)
            self._change(min(self.keep_one_of + 1, MOST_LEFT_OUT))
        elif self.keep_one_of > 1 and not late and (left_s == 0 or last.at - self._changed_at > CALM_SECONDS):
            self._change(self.keep_one_of - 1)
        if self.keep_one_of > 1:
            self._overload_at = last.at

    def _change(self, keep_one_of: int) -> None:
        self.keep_one_of = keep_one_of
        self._changed_at = self._clock()

    def _tell_overload(self, first: Sample, last: Sample) -> None:
        """Reckon how many cameras the machine records at once: a clip that falls behind by nothing counts as one."""
        elapsed_us = (last.at - first.at) * US_PER_SECOND
        both = first.lags_us.keys() & last.lags_us.keys()
        pace = sum(1 - (last.lags_us[camera_id] - first.lags_us[camera_id]) / elapsed_us for camera_id in both)
        cameras = len(last.lags_us)
        self.overload = Overload(fits=min(max(int(pace), 0), max(cameras - 1, 0)), cameras=cameras)
        self._on_news()
