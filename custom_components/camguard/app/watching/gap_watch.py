"""Looks at a camera's gaps (gaps.py) again and again while there are any, so that a long one is told before it ends."""

import asyncio
import logging
from collections.abc import Callable

from ..ports import Clock
from .gaps import GapTracker

LOOK_SECONDS = 30.0
SILENT_US = 600_000_000
"""When nothing has been seen for so long, somebody should look."""

_LOGGER = logging.getLogger(__name__)


class GapWatch(GapTracker):
    """Of one camera. Belongs to the event loop."""

    def __init__(
        self,
        tell: Callable[[int, int | None, str], None],
        unseen_since_us: int | None,
        *,
        clock: Clock,
        camera_name: str,
        on_looked: Callable[[], None],
    ) -> None:
        """`on_looked`: called at each look; how long nothing was seen may matter to others."""
        super().__init__(tell, unseen_since_us)
        self._clock = clock
        self._camera_name = camera_name
        self._on_looked = on_looked
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False

    @property
    def is_waiting(self) -> bool:
        """Whether another look is to come."""
        return self._timer is not None

    def look_again(self) -> None:
        """Tell of gaps that go on for long, and look again when the next one may have."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._ended:
            return
        now_us = self._clock.now_us()
        if cause := self.look(now_us):
            _LOGGER.warning("Nothing is seen or recorded of camera %s: %s", self._camera_name, cause)
        self._on_looked()
        if self.away_us(now_us) or self.misses:
            self._timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self.look_again)

    def end(self) -> None:
        """Look no more. What is open is told by `stop`."""
        self._ended = True
        self.look_again()
