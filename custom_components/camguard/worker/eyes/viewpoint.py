"""Whether pictures may still be masked as they are: the camera's view is looked at now and then (issue 11).

A camera that was moved is blocked: its zones lie over something else. The view that the others are compared with is
taken once, after a person has confirmed the zones; who or what passes by isn't on it. It is renewed by a person only.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt

from ...domain.zones import Geometry, Zone
from .. import faults
from ..faults import BlockedError
from ..picture.mask import fill
from ..picture.still import jpeg
from ..protocol import Message, ViewSeen, ViewTaken
from .lens import Fault, Lens
from .small import SIDE, Grey, small
from .view import Place, Placement, View

LOOK_SECONDS = 20.0
AGAIN_SECONDS = 3.0
"""After a look that found the camera moved, or back in its place."""
TAKE_SECONDS = 6.0
TAKE_LOOKS = 5
"""The middle of so many pictures is the reference: what moves is on none of them at the same place."""
DARK_SECONDS = 60.0
AGREE = 2
"""So many looks in a row must find the camera moved."""
STRANGE_SECONDS = 60.0
"""A picture that can't be laid over the reference at all may be a lorry before the lens."""
_MOSAIC = 24
"""Px in width: of what nobody has confirmed, no more is shown."""

_FULL_RANGE = 2
"""AVCOL_RANGE_JPEG."""
_WHOLE = Zone(name="", points=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))

type Planes = tuple[npt.NDArray[np.uint8], ...]


@dataclass(slots=True)
class _Taking:
    """The reference that is being made."""

    pictures: list[Planes]
    first: View | None = None


class Viewpoint:
    """One camera's view. Belongs to the session's thread."""

    def __init__(
        self, zones: tuple[Zone, ...], tell: Callable[[Message], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`tell` gets ViewSeen when that changes, and ViewTaken. `clock`: s."""
        self._zones = zones
        self._tell = tell
        self._clock = clock
        self._due_at = 0.0
        self._view: View | None = None
        self._lens: Lens | None = None
        self._taking: _Taking | None = None
        self._moved = False
        self._looks = 0
        """That disagree with what is known, in a row."""
        self._strange_since: float | None = None
        self._told: tuple[str, int] | None = None

    @property
    def wait_s(self) -> float:
        """For how long nobody needs to look."""
        return max(self._due_at - self._clock(), 0.0) if self._view or self._taking else float("inf")

    @property
    def soon_s(self) -> float:
        """How soon somebody has to look, though nobody needs pictures; otherwise there is time."""
        return self.wait_s if self._taking is not None or self._looks else float("inf")

    def refer(self, image: bytes, *, moved: bool = False) -> None:
        """Compare with this picture (JPEG, as ViewTaken had it) from now on; with none, take one first.

        `moved`: the camera was elsewhere when it was seen last.
        """
        self._view, self._lens, self._taking = None, None, None
        self._moved, self._looks, self._strange_since, self._told, self._due_at = moved, 0, None, None, 0.0
        if not image:
            self._taking = _Taking([])
            return
        try:
            grey = small(_decode(image))
        except (av.FFmpegError, ValueError, IndexError) as error:
            self._say("not_compared", detail=str(error))
            return
        self._refer(grey)

    def see(self, picture: av.VideoFrame) -> None:
        """Look at a masked picture, if it is time to; raises BlockedError `camera_moved` while it shows another."""
        if self.wait_s <= 0:
            try:
                self._look(picture)
            except av.FFmpegError as error:  # nothing is known of the view, and the mask is as it was
                self._due_at = self._clock() + LOOK_SECONDS
                self._say("not_compared", detail=str(error))
        if self._moved:
            raise BlockedError(faults.CAMERA_MOVED)

    def _refer(self, grey: Grey) -> None:
        self._view = View(grey, self._zones)
        self._lens = Lens(grey, self._view.out, self._clock)

    def _look(self, picture: av.VideoFrame) -> None:
        if self._taking is not None:
            self._take(picture, self._taking)
            return
        assert self._view is not None
        assert self._lens is not None
        grey = small(picture, like=(self._view.size.height, self._view.size.width))
        placement = self._view.compare(grey)
        fault = self._lens.see(grey, placement.edges)
        self._due_at = self._clock() + LOOK_SECONDS
        self._judge(placement, picture)
        if self._moved:
            return
        if fault is not Fault.NONE:
            self._say(fault.value)
        elif placement.place is Place.UNKNOWN:
            self._say("unclear")
        elif placement.place is Place.SAME:
            self._say("confirmed")

    def _judge(self, placement: Placement, picture: av.VideoFrame) -> None:
        """Take a look as evidence of whether the camera is elsewhere; a single one is none."""
        strange = placement.place is Place.MOVED and placement.similarity is None
        if not strange:
            self._strange_since = None
        if placement.place is Place.UNKNOWN or (placement.place is Place.MOVED) == self._moved:
            self._looks = 0
            if self._moved and self._told is None and placement.place is Place.MOVED:
                self._say_moved(picture, placement)  # since before this worker's time
            return
        if strange:
            now = self._clock()
            self._strange_since = now if self._strange_since is None else self._strange_since
            if now - self._strange_since < STRANGE_SECONDS:
                self._looks = 1
                self._due_at = now + AGAIN_SECONDS * 2
                return
        self._looks += 1
        self._due_at = self._clock() + AGAIN_SECONDS
        if self._looks < AGREE:
            return
        self._looks = 0
        self._moved = not self._moved
        if self._moved:
            self._say_moved(picture, placement)

    def _say_moved(self, picture: av.VideoFrame, placement: Placement) -> None:
        self._say("moved", round(placement.uncovered * 100), image=self._present(picture, placement))

    def _take(self, picture: av.VideoFrame, taking: _Taking) -> None:
        """Add a picture to the reference that is being made; it is made of the last one."""
        now = self._clock()
        grey = small(picture)
        if taking.first is None or taking.first.size != Geometry(width=grey.shape[1], height=grey.shape[0]):
            first = View(grey, self._zones)
            if not first.is_usable:
                self._due_at = now + DARK_SECONDS
                self._say("unclear")
                return
            taking.first, taking.pictures = first, []
        elif taking.first.compare(grey).place is not Place.SAME:
            taking.first, taking.pictures = None, []  # it is being moved, or the light goes
            self._due_at = now + TAKE_SECONDS
            return
        taking.pictures.append(_small_planes(picture, grey.shape))
        self._due_at = now + TAKE_SECONDS
        if len(taking.pictures) < TAKE_LOOKS:
            self._say("learning")
            return
        self._taking = None
        image = jpeg(_middle(taking.pictures, picture), 0)
        self._refer(small(_decode(image)))
        self._tell(ViewTaken(image=image))
        self._say("confirmed")

    def _present(self, picture: av.VideoFrame, placement: Placement) -> bytes:
        """Return what the camera shows now, for who has to decide: what the zones hid is hidden where it lies now.

        So is what the confirmed view didn't show: nobody knows what that is. Where nothing is known, a mosaic.
        """
        assert self._view is not None
        size = self._view.size
        if placement.similarity is None:
            coarse = (max(_MOSAIC * size.height // size.width & ~1, 2), _MOSAIC)
            planes = tuple(
                _enlarged(plane, (size.height // part, size.width // part))
                for plane, part in zip(_small_planes(picture, coarse), (1, 2, 2), strict=True)
            )
            return jpeg(_picture(planes, picture), 0)
        planes = _small_planes(picture, (size.height, size.width))
        shown = self._view.corners(_WHOLE, placement.similarity)
        hidden = ~fill(shown.real, shown.imag, size)
        for zone in self._zones:
            corners = self._view.corners(zone, placement.similarity)
            hidden |= fill(corners.real, corners.imag, size)
        hidden = _grown(hidden)
        planes[0][hidden] = 0 if int(picture.color_range) == _FULL_RANGE else 16
        quarter = hidden.reshape(size.height // 2, 2, size.width // 2, 2).any(axis=(1, 3))
        for plane in planes[1:]:
            plane[quarter] = 128
        return jpeg(_picture(planes, picture), 0)

    def _say(self, condition: str, percent: int = 0, *, image: bytes = b"", detail: str = "") -> None:
        if self._told != (condition, percent):
            self._told = (condition, percent)
            self._tell(ViewSeen(condition=condition, uncovered_percent=percent, detail=detail, image=image))


def _decode(image: bytes) -> av.VideoFrame:
    """Return a JPEG's picture; raises av.FFmpegError or IndexError."""
    decoder = av.CodecContext.create("mjpeg", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    return [*decoder.decode(av.Packet(image)), *decoder.decode(None)][0]


def _small_planes(picture: av.VideoFrame, shape: tuple[int, int]) -> Planes:
    """Return copies of Y, U and V of a masked picture, scaled to (height, width), even.

    Each for itself, as grey: FFmpeg's scaler refuses colour spaces that cameras claim.
    """
    planes = []
    for plane, part in zip(picture.planes, (1, 2, 2), strict=True):
        values = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        frame = av.VideoFrame.from_numpy_buffer(values, format="gray")
        scaled = frame.reformat(width=shape[1] // part, height=shape[0] // part, interpolation="AREA")
        planes.append(scaled.to_ndarray().astype(np.uint8))
    return tuple(planes)


def _enlarged(plane: npt.NDArray[np.uint8], shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Return a plane with each of its pixels as a block, (height, width) large."""
    rows = np.arange(shape[0]) * plane.shape[0] // shape[0]
    columns = np.arange(shape[1]) * plane.shape[1] // shape[1]
    enlarged: npt.NDArray[np.uint8] = plane[rows][:, columns]
    return enlarged


def _middle(pictures: list[Planes], like: av.VideoFrame) -> av.VideoFrame:
    """Return the picture that has the median of each pixel."""
    planes = tuple(np.median(np.stack(stack), axis=0).astype(np.uint8) for stack in zip(*pictures, strict=True))
    return _picture(planes, like)


def _picture(planes: Planes, like: av.VideoFrame) -> av.VideoFrame:
    height, width = planes[0].shape
    picture = av.VideoFrame(width, height, "yuv420p")
    for source, target in zip(planes, picture.planes, strict=True):
        view = np.frombuffer(target, np.uint8).reshape(target.height, target.line_size)
        view[:, : target.width] = source
    picture.color_range, picture.colorspace = like.color_range, like.colorspace
    return picture


def _grown(inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    for _ in range(SIDE // 120):
        inside[1:] |= inside[:-1]
        inside[:-1] |= inside[1:]
        inside[:, 1:] |= inside[:, :-1]
        inside[:, :-1] |= inside[:, 1:]
    return inside
