"""What all cameras together may take of the machine and of the storage: shared fairly, the frame rate falls first.

Nothing else is dropped for a budget: when even the lowest frame rate is too much, somebody is told.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping

from ...domain.clip import US_PER_SECOND

MOST_LEFT_OUT = 6
"""Of so many pictures one is recorded at least."""
STEP_SECONDS = 30.0
"""A measure is given so long to work."""
WINDOW_SECONDS = 60.0
AGAIN = 0.9
"""Of what is allowed: more pictures are recorded again when that takes less."""
BURST_SECONDS = 4 * 3600.0
"""What a camera hasn't used of its share for so long, it may use at once."""
LEVELS = (0.5, 0.3, 0.15, 0.05, 0.0)
"""Of that store: below each one more picture is left out."""
EXCEEDED_SECONDS = 3600.0
_DAY_SECONDS = 86_400.0


class Budget:
    """Of a site. Belongs to the event loop."""

    def __init__(
        self, cores: float = 0.0, bytes_a_day: int = 0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`cores`: how many may be busy; `bytes_a_day`: how much may be stored; 0: no matter. `clock`: s."""
        self._cores = cores
        self._bytes_a_second = bytes_a_day / _DAY_SECONDS
        self._clock = clock
        self._times: dict[str, deque[tuple[float, int]]] = {}
        """(when, µs of CPU time until then), by camera."""
        self._for_cpu: dict[str, int] = {}
        self._store: dict[str, float] = {}
        """Bytes that a camera may write at once."""
        self._stepped_at = self._filled_at = clock()
        self._over_since: float | None = None

    def keep_one_of(self, camera_id: str) -> int:
        """Return of how many pictures of a camera one is recorded."""
        return max(self._for_cpu.get(camera_id, 1), self._for_storage(camera_id))

    @property
    def exceeded(self) -> bool:
        """Whether the lowest frame rate has been too much for an hour."""
        return self._over_since is not None and self._clock() - self._over_since >= EXCEEDED_SECONDS

    def worked(self, camera_id: str, cpu_us: int) -> None:
        """Take in how much CPU time a camera's worker has taken since its start."""
        now = self._clock()
        times = self._times.setdefault(camera_id, deque())
        if times and cpu_us < times[-1][1]:
            times.clear()  # another worker
        times.append((now, cpu_us))
        while len(times) > 2 and now - times[1][0] >= WINDOW_SECONDS:
            times.popleft()
        self._store.setdefault(camera_id, self._most / 2)
        if now - self._stepped_at >= STEP_SECONDS:
            self._stepped_at = now
            self._fill(now)
            self._step()
            self._judge(now)

    def wrote(self, camera_id: str, size_bytes: int) -> None:
        """Take in that a clip of a camera was stored."""
        self._fill(self._clock())
        level = self._store.get(camera_id, self._most / 2)
        self._store[camera_id] = max(level - size_bytes, -self._most)

    def leave(self, camera_id: str) -> None:
        """Forget a camera's worker. What it has written counts on."""
        self._times.pop(camera_id, None)
        self._for_cpu.pop(camera_id, None)

    def forget(self, camera_id: str) -> None:
        """Forget a camera that is guarded no more."""
        self.leave(camera_id)
        self._store.pop(camera_id, None)

    # --- CPU ---

    def _uses(self) -> dict[str, float]:
        """Return how many cores each camera keeps busy."""
        return {
            camera_id: (times[-1][1] - times[0][1]) / US_PER_SECOND / (times[-1][0] - times[0][0])
            for camera_id, times in self._times.items()
            if times[-1][0] - times[0][0] >= STEP_SECONDS / 2
        }

    def _step(self) -> None:
        if not self._cores:
            return
        uses = self._uses()
        total = sum(uses.values())
        if total > self._cores:
            shares = fair(self._cores, {camera_id: use * self._kept(camera_id) for camera_id, use in uses.items()})
            for camera_id, use in uses.items():
                if use > shares[camera_id]:
                    self._for_cpu[camera_id] = min(self._kept(camera_id) + 1, MOST_LEFT_OUT)
            return
        for camera_id in sorted(uses, key=self._kept, reverse=True):
            kept, use = self._kept(camera_id), uses[camera_id]
            # A picture costs as much as any other: what is left out is known well enough.
            if kept > 1 and total + use / (kept - 1) < self._cores * AGAIN:
                self._for_cpu[camera_id] = kept - 1
                return

    def _kept(self, camera_id: str) -> int:
        return self._for_cpu.get(camera_id, 1)

    # --- storage ---

    @property
    def _most(self) -> float:
        """What a camera may have saved up."""
        return self._bytes_a_second * BURST_SECONDS / max(len(self._store), 1)

    def _fill(self, now: float) -> None:
        """Give each camera its share of the time since; what one that is full can't take goes to the others."""
        given, self._filled_at = (now - self._filled_at) * self._bytes_a_second, now
        most = self._most
        room = {camera_id: max(most - level, 0.0) for camera_id, level in self._store.items()}
        for camera_id, share in fair(given, room).items():
            self._store[camera_id] = min(self._store[camera_id], most) + share

    def _for_storage(self, camera_id: str) -> int:
        if not self._bytes_a_second or camera_id not in self._store:
            return 1
        full = self._store[camera_id] / self._most
        return 1 + sum(full < level for level in LEVELS)

    # --- both ---

    def _judge(self, now: float) -> None:
        uses = self._uses()
        cpu = bool(self._cores) and sum(uses.values()) > self._cores
        cpu &= all(self._kept(camera_id) == MOST_LEFT_OUT for camera_id, use in uses.items() if use > self._cores / 10)
        storage = any(level < 0 for level in self._store.values()) and bool(self._bytes_a_second)
        if not (cpu or storage):
            self._over_since = None
        elif self._over_since is None:
            self._over_since = now


def fair(whole: float, wanted: Mapping[str, float]) -> dict[str, float]:
    """Return who gets how much: all that they want, while nobody who gets less wants more (max-min fairness)."""
    shares: dict[str, float] = {}
    left = whole
    for count, (name, wants) in zip(
        range(len(wanted), 0, -1), sorted(wanted.items(), key=lambda item: item[1]), strict=True
    ):
        shares[name] = min(wants, left / count)
        left -= shares[name]
    return shares
