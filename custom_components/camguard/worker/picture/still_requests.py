"""Who waits for a still: answers with the masked picture of now, or says why there is none.

Owns the waiting and its deadlines. Where pictures come from is the session's business.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import av

from .. import faults
from ..clock import Clock
from ..protocol import MAX_BODY_BYTES, Message, Status, StillFailed, StillTaken, TakeStill
from .mask import Mask, Masked
from .still import jpeg

LINGER_SECONDS = 3.0
"""Stills are often asked for in a row: frames go on being decoded for this long after the last one."""
TIMEOUT_SECONDS = 8.0
_PATIENCE_SECONDS = 2.0
_CAUGHT_UP_US = 700_000
"""A picture that far behind the source is still the present one."""


@dataclass(slots=True)
class _Asked:
    request: TakeStill
    at: float


class StillRequests:
    """The requests that have no answer yet. Belongs to one thread."""

    def __init__(self, clock: Clock, mask: Mask, send: Callable[[Message], None]) -> None:
        self._clock = clock
        self._mask = mask
        self._send = send
        self._latest: Masked | None = None
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

    def ask(self, request: TakeStill) -> None:
        """Take in a request."""
        self._asked.append(_Asked(request, time.monotonic()))

    def take(self, masked: Masked) -> None:
        """Take the newest picture; who waits gets it, unless it is of some time ago."""
        self._latest = masked
        if masked.behind_us <= _CAUGHT_UP_US:
            self.answer()

    def forget(self) -> None:
        """Let go of the newest picture: it isn't the newest any more."""
        self._latest = None

    def answer(self) -> None:
        """Give everybody who waits the newest picture, if there is one."""
        masked = self._latest
        if masked is None or not self._asked:
            return
        picture, geometry = masked.picture, self._mask.geometry
        asked, self._asked = self._asked, []
        for item in asked:
            request = item.request
            try:
                image = jpeg(
                    picture, request.max_width, aspect=masked.aspect, grid=request.grid, zones=self._mask.zones
                )
                if len(image) > MAX_BODY_BYTES:
                    raise ValueError("picture too large")
            except (av.FFmpegError, ValueError) as error:
                # Only this picture's: a clip that is being recorded of the same frames goes on.
                self._send(StillFailed(request_id=request.request_id, key=faults.ENCODER_FAILED, detail=str(error)))
                continue
            self._send(
                StillTaken(
                    request_id=request.request_id,
                    time_us=self._clock.era.utc(masked.time_us),
                    width=geometry.width if geometry else picture.width,
                    height=geometry.height if geometry else picture.height,
                    image=image,
                )
            )
        self._linger_until = time.monotonic() + LINGER_SECONDS

    def expire(self, status: Status, *, busy: bool) -> None:
        """Tell those who have waited in vain why: at once when the camera is blocked.

        `busy`: pictures come late, since a clip is behind; one of some seconds ago is better than none then.
        """
        if not self._asked:
            return
        now = time.monotonic()
        if busy and any(now - item.at > _PATIENCE_SECONDS for item in self._asked):
            self.answer()
        due = [item for item in self._asked if status.state == "blocked" or now - item.at > TIMEOUT_SECONDS]
        self._asked = [item for item in self._asked if item not in due]
        for item in due:
            key = status.key or faults.SOURCE_STALLED
            self._send(StillFailed(request_id=item.request.request_id, key=key, detail=status.detail))
