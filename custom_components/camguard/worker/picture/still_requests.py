"""Who waits for a still: answers with the masked picture of now, or says why there is none.

Owns the waiting and its deadlines. Where pictures come from is the session's business.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import av

from ...domain.zones import Geometry
from .. import faults
from ..protocol import MAX_BODY_BYTES, Message, Status, StillFailed, StillTaken, TakeStill
from .still import jpeg

LINGER_SECONDS = 3.0
"""Stills are often asked for in a row: frames go on being decoded for this long after the last one."""
TIMEOUT_SECONDS = 8.0
_PATIENCE_SECONDS = 2.0


@dataclass(slots=True)
class _Asked:
    request: TakeStill
    at: float


class StillRequests:
    """The requests that have no answer yet. Belongs to one thread."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self._asked: list[_Asked] = []
        self._linger_until = 0.0

    @property
    def waiting(self) -> bool:
        """Whether somebody waits."""
        return bool(self._asked)

    @property
    def wanted(self) -> bool:
        """Whether pictures are wanted for somebody who waits, or may ask again at once."""
        return self.waiting or time.monotonic() < self._linger_until

    @property
    def impatient(self) -> bool:
        """Whether somebody has waited for so long that a picture of some seconds ago is better than none."""
        now = time.monotonic()
        return any(now - item.at > _PATIENCE_SECONDS for item in self._asked)

    def ask(self, request: TakeStill) -> None:
        """Take in a request."""
        self._asked.append(_Asked(request, time.monotonic()))

    def linger(self, until: float) -> None:
        """Want pictures until then, by the monotonic clock."""
        self._linger_until = max(self._linger_until, until)

    def answer(self, picture: av.VideoFrame, utc_us: int, geometry: Geometry | None) -> None:
        """Give everybody who waits this masked picture; `geometry` is the source's, as shown."""
        asked, self._asked = self._asked, []
        for item in asked:
            request = item.request
            try:
                image = jpeg(picture, request.max_width, grid=request.grid)
                if len(image) > MAX_BODY_BYTES:
                    raise ValueError("picture too large")
            except (av.FFmpegError, ValueError) as error:
                # Only this picture's: a clip that is being recorded of the same frames goes on.
                self._send(StillFailed(request_id=request.request_id, key=faults.ENCODER_FAILED, detail=str(error)))
                continue
            self._send(
                StillTaken(
                    request_id=request.request_id,
                    time_us=utc_us,
                    width=geometry.width if geometry else picture.width,
                    height=geometry.height if geometry else picture.height,
                    image=image,
                )
            )
        self.linger(time.monotonic() + LINGER_SECONDS)

    def expire(self, status: Status) -> None:
        """Tell those who have waited in vain why: at once when the camera is blocked."""
        now = time.monotonic()
        due = [item for item in self._asked if status.state == "blocked" or now - item.at > TIMEOUT_SECONDS]
        if not due:
            return
        self._asked = [item for item in self._asked if item not in due]
        for item in due:
            key = status.key or faults.SOURCE_STALLED
            self._send(StillFailed(request_id=item.request.request_id, key=key, detail=status.detail))
