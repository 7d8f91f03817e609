"""Whether something moves in a camera's masked picture, as its worker says."""

from collections.abc import Callable

from ...worker.protocol import MotionSeen
from ..events import Change, ChangeKind


class Movement:
    """Of one camera. Told to whoever listens, on change."""

    def __init__(self, camera_id: str, notify: Callable[[Change], None]) -> None:
        self.on = False
        self._camera_id = camera_id
        self._notify = notify

    def take(self, seen: MotionSeen) -> None:
        """Take in what the worker has seen."""
        self._set(on=seen.moving, since_us=seen.since_us)

    def end(self, now_us: int) -> None:
        """Nothing is seen any more."""
        self._set(on=False, since_us=now_us)

    def _set(self, *, on: bool, since_us: int) -> None:
        if on != self.on:
            self.on = on
            self._notify(Change(kind=ChangeKind.MOTION, camera_id=self._camera_id, from_us=since_us))
