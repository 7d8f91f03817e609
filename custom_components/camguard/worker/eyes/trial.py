"""A picture of what the eyes see at some sensitivity, for who sets it: what changed is tinted, things are framed."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt

from ...domain.zones import Geometry, Zone
from ..picture.mask import raster
from .blobs import Blob, blobs
from .motion import Motion
from .small import Area, Grey, small
from .watch import SHOWS, look_us

FORGET_SECONDS = 12.0
"""Without a look."""
_TINT_U, _TINT_V = 60, 210
"""Orange."""
_COUNTS, _COUNTS_NOT = 235, 130
"""Brightness of the frame around what is high enough, and of what isn't."""

type Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was seen."""

    picture: av.VideoFrame
    things: int
    """That are high enough."""
    tallest: float
    """Of the picture's height, whether it is high enough or not; 0: nothing changed."""


class Trial:
    """Compares each picture with one of some seconds ago, as the eyes would. Belongs to one thread."""

    def __init__(self, zones: tuple[Zone, ...], clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: s."""
        self._zones = zones
        self._clock = clock
        self._motion = Motion()
        self._seen: deque[tuple[float, Grey]] = deque()
        self._out: Area | None = None
        self._left_out: tuple[Zone, ...] = ()

    def look(
        self, picture: av.VideoFrame, *, sensitivity: float, least_height: float, leave_out: tuple[Zone, ...]
    ) -> Tried:
        """Return a masked picture with what has changed in it. The first one shows nothing. Raises av.FFmpegError."""
        now = self._clock()
        grey = small(picture)
        if self._seen and (now - self._seen[-1][0] > FORGET_SECONDS or self._seen[-1][1].shape != grey.shape):
            self._seen.clear()
            self._motion.forget()
        out = self._outside(grey, leave_out)
        self._motion.sensitivity = sensitivity
        things: list[Blob] = []
        changed = np.zeros(grey.shape, np.bool_)
        if self._motion.see(grey, out) is not None:
            changed = self._motion.compare(self._before(now, look_us(sensitivity) / 1e6), grey)
            things = blobs(changed)
        self._seen.append((now, grey))
        height = grey.shape[0]
        least = least_height * SHOWS * height
        return Tried(
            picture=_drawn(picture, changed, things, least),
            things=sum(thing.height >= least for thing in things),
            tallest=min(max((thing.height for thing in things), default=0) / height, 1.0),
        )

    def _outside(self, grey: Grey, leave_out: tuple[Zone, ...]) -> Area:
        if self._out is None or self._out.shape != grey.shape or leave_out != self._left_out:
            height, width = grey.shape
            self._out = np.zeros(grey.shape, np.bool_)
            for zone in (*self._zones, *leave_out):
                self._out |= raster(zone, Geometry(width=width, height=height))
            self._left_out = leave_out
        return self._out

    def _before(self, now: float, seconds: float) -> Grey:
        """Return the picture of so long ago, or the oldest since."""
        while len(self._seen) > 1 and now - self._seen[1][0] >= seconds:
            self._seen.popleft()
        return self._seen[0][1]


def _drawn(picture: av.VideoFrame, changed: Area, things: list[Blob], least: float) -> av.VideoFrame:
    """Return a copy of a picture in which changed pixels are tinted and things are framed."""
    drawn = av.VideoFrame(picture.width, picture.height, "yuv420p")
    luma, chroma_u, chroma_v = (_view(plane) for plane in drawn.planes)
    for source, target in zip(picture.planes, (luma, chroma_u, chroma_v), strict=True):
        target[:] = _view(source)
    rows = np.arange(chroma_u.shape[0]) * changed.shape[0] // chroma_u.shape[0]
    columns = np.arange(chroma_u.shape[1]) * changed.shape[1] // chroma_u.shape[1]
    tinted = changed[rows][:, columns]
    chroma_u[tinted], chroma_v[tinted] = _TINT_U, _TINT_V
    scale = picture.height / changed.shape[0]
    line = max(round(scale), 2)
    for thing in things:
        counts = thing.height >= least
        top, bottom = (min(max(round(at * scale), 0), picture.height - 1) for at in (thing.top - 2, thing.bottom + 2))
        left, right = (min(max(round(at * scale), 0), picture.width - 1) for at in (thing.left - 2, thing.right + 2))
        for rows_of, columns_of in (
            (slice(top, top + line), slice(left, right + line)),
            (slice(bottom, bottom + line), slice(left, right + line)),
            (slice(top, bottom + line), slice(left, left + line)),
            (slice(top, bottom + line), slice(right, right + line)),
        ):
            luma[rows_of, columns_of] = _COUNTS if counts else _COUNTS_NOT
    drawn.color_range, drawn.colorspace = picture.color_range, picture.colorspace
    return drawn


def _view(plane: av.video.plane.VideoPlane) -> Plane:
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
