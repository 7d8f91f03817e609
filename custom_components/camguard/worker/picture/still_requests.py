"""Who waits for a still: answers with the masked picture of now, or says why there is none.

Owns the waiting and its deadlines. Where pictures come from is the session's business.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import av

from ...domain.errors import InvalidError
from ...domain.zones import parse_zones
from .. import faults
from ..clock import Clock
from ..eyes.trial import Trial
from ..faults import BlockedError
from ..protocol import MAX_BODY_BYTES, Message, Status, StillFailed, StillTaken, TakeStill
from .decode import Frame
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
        self._trial = Trial(mask.zones)
        self._latest: Masked | None = None
        self._asked: list[_Asked] = []
        self._trials: list[_Asked] = []
        """Those with zones of their own."""
        self._linger_until = 0.0

    @property
    def waiting(self) -> bool:
        """Whether somebody waits."""
        return bool(self._asked or self._trials)

    @property
    def wanted(self) -> bool:
        """Whether pictures are wanted for somebody who waits, or may ask again at once."""
        return self.waiting or time.monotonic() < self._linger_until

    def ask(self, request: TakeStill) -> None:
        """Take in a request."""
        asked = self._asked if request.trial_zones is None else self._trials
        asked.append(_Asked(request, time.monotonic()))

    def try_out(self, frame: Frame, behind_us: int) -> None:
        """Mask a picture with the zones that somebody tries out, for nobody else; the camera's own needn't fit."""
        if not self._trials or behind_us > _CAUGHT_UP_US:
            return
        trials, self._trials = self._trials, []
        for item in trials:
            raw = item.request.trial_zones or ()
            try:
                mask = Mask(parse_zones([{"name": name, "points": points} for name, points in raw]), None)
                picture = mask.apply(frame.picture, frame.display_matrix, frame.aspect)
            except InvalidError as error:
                self._refuse(item.request, faults.ZONES_UNREADABLE, str(error))
            except BlockedError as error:
                self._refuse(item.request, error.key, error.placeholders.get("detail", ""))
            except av.FFmpegError as error:
                self._refuse(item.request, faults.SOURCE_GARBLED, str(error))
            else:
                self._give(item.request, Masked(picture=picture, time_us=frame.time_us, aspect=mask.aspect), mask)
        self._linger_until = time.monotonic() + LINGER_SECONDS

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
        asked, self._asked = self._asked, []
        for item in asked:
            self._give(item.request, masked, self._mask)
        self._linger_until = time.monotonic() + LINGER_SECONDS

    def _give(self, request: TakeStill, masked: Masked, mask: Mask) -> None:
        picture, geometry = masked.picture, mask.geometry
        things, tallest = 0, 0.0
        try:
            if request.sight is not None:
                picture, things, tallest = self._try_sight(request, masked)
            image = jpeg(picture, request.max_width, aspect=masked.aspect, grid=request.grid, zones=mask.zones)
            if len(image) > MAX_BODY_BYTES:
                raise ValueError("picture too large")
        except InvalidError as error:
            self._refuse(request, faults.ZONES_UNREADABLE, str(error))
            return
        except (av.FFmpegError, ValueError) as error:
            # Only this picture's: a clip that is being recorded of the same frames goes on.
            self._refuse(request, faults.ENCODER_FAILED, str(error))
            return
        self._send(
            StillTaken(
                request_id=request.request_id,
                time_us=self._clock.era.utc(masked.time_us),
                width=geometry.width if geometry else picture.width,
                height=geometry.height if geometry else picture.height,
                image=image,
                things=things,
                tallest=tallest,
            )
        )

    def _try_sight(self, request: TakeStill, masked: Masked) -> tuple[av.VideoFrame, int, float]:
        """Return a picture with what the eyes would see in it, how many things, and how high the tallest is.

        Raises InvalidError when the areas can't be read, av.FFmpegError.
        """
        assert request.sight is not None
        sensitivity, least_height = request.sight
        tried = self._trial.look(
            masked.picture,
            sensitivity=sensitivity,
            least_height=least_height,
            leave_out=parse_zones([{"name": name, "points": points} for name, points in request.leave_out]),
        )
        return tried.picture, tried.things, tried.tallest

    def _refuse(self, request: TakeStill, key: str, detail: str) -> None:
        self._send(StillFailed(request_id=request.request_id, key=key, detail=detail))

    def expire(self, status: Status, *, busy: bool) -> None:
        """Tell those who have waited in vain why: at once when the camera is blocked, unless they try other zones.

        `busy`: pictures come late, since a clip is behind; one of some seconds ago is better than none then.
        """
        if not self.waiting:
            return
        now = time.monotonic()
        if busy and any(now - item.at > _PATIENCE_SECONDS for item in self._asked):
            self.answer()
        late = [item for item in (*self._asked, *self._trials) if now - item.at > TIMEOUT_SECONDS]
        due = late if status.state != "blocked" else [*self._asked, *(item for item in self._trials if item in late)]
        self._asked = [item for item in self._asked if item not in due]
        self._trials = [item for item in self._trials if item not in due]
        for item in due:
            self._refuse(item.request, status.key or faults.SOURCE_STALLED, status.detail)
