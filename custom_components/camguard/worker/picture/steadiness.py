"""Whether pictures keep their size: each change ends a clip and begins another; a stream that alternates floods a disk.

Some changes are normal (another resolution was chosen, a camera started anew); many within a minute aren't.
"""

import time
from collections import deque
from collections.abc import Callable

from .. import faults
from ..faults import BlockedError

MOST_CHANGES = 5
WITHIN_SECONDS = 60.0


class Steadiness:
    """Belongs to one thread. `now_s` is monotonic, in seconds."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._last: object = None
        self._changes: deque[float] = deque(maxlen=MOST_CHANGES + 1)
        self._unsteady = False

    def see(self, shape: object) -> None:
        """Take in the next picture's size and shape.

        Raises BlockedError `size_unstable` once it has changed more than MOST_CHANGES times within WITHIN_SECONDS,
        until it hasn't for as long.
        """
        now_s = self._now_s()
        if self._last not in {None, shape}:
            self._changes.append(now_s)
        self._last = shape
        while self._changes and now_s - self._changes[0] > WITHIN_SECONDS:
            self._changes.popleft()
        self._unsteady = bool(self._changes) if self._unsteady else len(self._changes) > MOST_CHANGES
        if self._unsteady:
            raise BlockedError(faults.SIZE_UNSTABLE, detail=str(shape))
