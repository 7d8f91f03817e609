"""Burns the privacy zones into a picture (guideline 2(2)): the one place where an open frame becomes a masked one.

What comes out is always a new yuv420p picture, upright, of even size; the decoder's own frame is never written to (it
is a reference of later frames, painting it would smear). What can't be masked for sure is refused (invariant 2).
"""

import itertools
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import SideDataContainer

from ...domain.zones import Geometry, Zone
from .. import faults
from ..faults import BlockedError
from .aspect import SQUARE, square

GROW_PX = 2
"""Zones grow outwards by this, and to the chroma grid, so that no edge of what lies inside remains."""
MIN_SIDE_PX = 16
MAX_SIDE_PX = 8192
MAX_PIXELS = 36_000_000
_PLANAR_420 = {"yuv420p", "yuvj420p"}
_FULL_RANGE = 2
"""AVCOL_RANGE_JPEG."""
_BLACK_LIMITED = 16
_BLACK_FULL = 0
_NEUTRAL = 128
_ROTATION_TOLERANCE = 0.01
_SPACE_RGB, _SPACE_BT601 = 0, 6

POOL_PICTURES = 3

type Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows of a plane: with zones in them, `keep` is 255 outside and 0 inside, `fill` what stands inside."""

    rows: slice
    keep: Plane | None = None
    fill: Plane | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A picture that may leave the worker."""

    picture: av.VideoFrame
    """yuv420p, upright, of even size. Belongs to who holds it: it isn't painted on again before they let go."""
    time_us: int
    """By the worker's clock."""
    aspect: Fraction
    """Width of a pixel to its height, as shown."""
    behind_us: int = 0
    """How far the newest packet is ahead of it."""


def _references(pool: list[Any], number: int) -> int:
    return sys.getrefcount(pool[number])


_ONLY_IN_POOL = _references([object()], 0)
"""References to a picture that nobody holds but the pool, as this Python counts them."""


class Mask:
    """The zones of one camera, ready for pictures of any size but one shape."""

    def __init__(self, zones: tuple[Zone, ...], reference: Geometry | None) -> None:
        self.zones = zones
        self.reference = reference
        """Shape that the zones fit; taken from the first picture that is masked when it isn't known."""
        self.geometry: Geometry | None = None
        """Size of the last picture, as shown: upright, with square pixels, before cropping to even."""
        self.aspect = SQUARE
        """Width of a pixel of the last picture to its height, upright."""
        self._prepared: tuple[Geometry, int] | None = None
        self._bands: tuple[tuple[_Band, ...], ...] = ((), (), ())
        self._pool: list[av.VideoFrame] = []

    def apply(
        self, picture: av.VideoFrame, display_matrix: bytes | None = None, aspect: Fraction = SQUARE
    ) -> av.VideoFrame:
        """Return the masked copy of a picture; raises BlockedError when that can't be done for sure.

        `display_matrix`: how the container wants it turned; what the picture itself says goes first. `aspect`: width of
        a pixel to its height, before turning.
        """
        turn = _turn(picture, display_matrix)
        width, height = (picture.height, picture.width) if turn.swaps else (picture.width, picture.height)
        stored = Geometry(width=width, height=height)
        aspect = 1 / aspect if turn.swaps else aspect
        shown = square(stored, aspect)
        self._check(stored, shown)
        if picture.format.name not in _PLANAR_420:
            picture = _to_planar_420(picture)
        full_range = picture.format.name == "yuvj420p" or int(picture.color_range) == _FULL_RANGE
        self._prepare(stored, _BLACK_FULL if full_range else _BLACK_LIMITED)
        masked = self._fresh(width & ~1, height & ~1)
        for source, target, bands in zip(_planes(picture), _planes(masked), self._bands, strict=True):
            upright = turn.of(source)[: target.shape[0], : target.shape[1]]
            for band in bands:
                # In one pass: no pixel of a zone ever stands in the new picture, whatever fails in between.
                if band.keep is None or band.fill is None:
                    np.copyto(target[band.rows], upright[band.rows])
                    continue
                part = target[band.rows]
                np.bitwise_and(upright[band.rows], band.keep, out=part)
                np.bitwise_or(part, band.fill, out=part)
        masked.color_range = _FULL_RANGE if full_range else 1
        # What was RGB is BT.601 now; its old name would make players show false colours.
        masked.colorspace = _SPACE_BT601 if int(picture.colorspace) == _SPACE_RGB else picture.colorspace
        masked.color_primaries = picture.color_primaries
        masked.color_trc = picture.color_trc
        self.geometry, self.aspect = shown, aspect
        if self.reference is None:
            self.reference = shown
        return masked

    def _check(self, stored: Geometry, shown: Geometry) -> None:
        width, height = stored.width, stored.height
        if not (min(width, height) >= MIN_SIDE_PX and max(width, height) <= MAX_SIDE_PX) or width * height > MAX_PIXELS:
            raise BlockedError(faults.SIZE_UNSUPPORTED, detail=f"{width}x{height}")
        if self.reference is not None and self.zones and not self.reference.same_shape(shown):
            raise BlockedError(
                faults.SHAPE_CHANGED,
                detail=f"{self.reference.width}x{self.reference.height} -> {shown.width}x{shown.height}",
            )

    def _fresh(self, width: int, height: int) -> av.VideoFrame:
        """Return a picture that nobody else holds, if there is one an old one: masked, whatever else it shows."""
        if self._pool and (self._pool[0].width, self._pool[0].height) != (width, height):
            self._pool.clear()
        for number in range(len(self._pool)):
            if _references(self._pool, number) == _ONLY_IN_POOL:
                picture = self._pool[number]
                picture.make_writable()  # were an encoder still at it, this would be another one
                return picture
        picture = av.VideoFrame(width, height, "yuv420p")
        if len(self._pool) < POOL_PICTURES:
            self._pool.append(picture)
        return picture

    def _prepare(self, geometry: Geometry, black: int) -> None:
        """Rasterise the zones once for a size."""
        if self._prepared == (geometry, black):
            return
        width, height = geometry.width & ~1, geometry.height & ~1
        coarse: npt.NDArray[np.bool_] = np.zeros((height // 2, width // 2), np.bool_)
        for zone in self.zones:
            inside = raster(zone, geometry)[:height, :width]
            coarse |= np.logical_or.reduce(inside.reshape(height // 2, 2, width // 2, 2), axis=(1, 3))
        luma, chroma = _bands(coarse.repeat(2, axis=0).repeat(2, axis=1), black), _bands(coarse, _NEUTRAL)
        self._bands = (luma, chroma, chroma)
        self._prepared = (geometry, black)


def raster(zone: Zone, geometry: Geometry) -> npt.NDArray[np.bool_]:
    """Return (height, width) bool: True for every pixel that the zone touches or that is within GROW_PX of it."""
    width, height = geometry.width, geometry.height
    xs = np.array([x * width for x, _ in zone.points])
    ys = np.array([y * height for _, y in zone.points])
    inside = fill(xs, ys, geometry)
    for x1, y1, x2, y2 in zip(xs, ys, np.roll(xs, -1), np.roll(ys, -1), strict=True):
        # Samples half a pixel apart touch every pixel that the edge crosses, or a direct neighbour: growing covers it.
        steps = int(2 * max(abs(x2 - x1), abs(y2 - y1))) + 2
        columns = np.clip(np.linspace(x1, x2, steps).astype(int), 0, width - 1)
        rows = np.clip(np.linspace(y1, y2, steps).astype(int), 0, height - 1)
        inside[rows, columns] = True
    for _ in range(GROW_PX):
        inside[1:] |= inside[:-1]
        inside[:-1] |= inside[1:]
        inside[:, 1:] |= inside[:, :-1]
        inside[:, :-1] |= inside[:, 1:]
    return inside


def fill(xs: npt.NDArray[np.float64], ys: npt.NDArray[np.float64], geometry: Geometry) -> npt.NDArray[np.bool_]:
    """Return (height, width) bool: True for every pixel whose middle lies in a polygon (even-odd).

    `xs`, `ys`: its corners in px; they may lie outside.
    """
    inside = np.zeros((geometry.height, geometry.width), np.bool_)
    centres = np.arange(geometry.width) + 0.5
    for row in range(max(int(ys.min()), 0), min(int(np.ceil(ys.max())), geometry.height)):
        crossings = np.sort(_crossings(xs, ys, row + 0.5))
        inside[row] = np.searchsorted(crossings, centres) & 1
    return inside


def _crossings(xs: npt.NDArray[np.float64], ys: npt.NDArray[np.float64], y: float) -> npt.NDArray[np.float64]:
    x2, y2 = np.roll(xs, -1), np.roll(ys, -1)
    hit = (ys > y) != (y2 > y)
    crossings: npt.NDArray[np.float64] = xs[hit] + (y - ys[hit]) * (x2[hit] - xs[hit]) / (y2[hit] - ys[hit])
    return crossings


def _bands(inside: npt.NDArray[np.bool_], value: int) -> tuple[_Band, ...]:
    """Divide a plane's rows into those with zones and those without."""
    touched = np.concatenate(([False], inside.any(axis=1), [False]))
    edges = [0, *(int(edge) for edge in np.flatnonzero(touched[1:] != touched[:-1])), inside.shape[0]]
    bands = []
    for first, end in itertools.pairwise(edges):
        if first == end:
            continue
        part = inside[first:end]
        if part.any():
            keep, fill = np.where(part, 0, 255).astype(np.uint8), np.where(part, value, 0).astype(np.uint8)
            bands.append(_Band(slice(first, end), keep, fill))
        else:
            bands.append(_Band(slice(first, end)))
    return tuple(bands)


def _planes(picture: av.VideoFrame) -> tuple[Plane, Plane, Plane]:
    """Return views of Y, U and V, each (height, width) uint8, without the padding of their lines."""
    y, u, v = (
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in picture.planes
    )
    return y, u, v


def _to_planar_420(picture: av.VideoFrame) -> av.VideoFrame:
    """Convert any other pixel format; the colour range stays what it is."""
    full = (
        picture.format.name.startswith(("yuvj", "gray", "rgb", "bgr", "gbr")) or int(picture.color_range) == _FULL_RANGE
    )
    try:
        converted = picture.reformat(format="yuvj420p" if full else "yuv420p")
    except (av.FFmpegError, ValueError) as error:
        raise BlockedError(faults.FORMAT_UNSUPPORTED, detail=picture.format.name) from error
    if converted.format.name not in _PLANAR_420:
        raise BlockedError(faults.FORMAT_UNSUPPORTED, detail=picture.format.name)
    return converted


@dataclass(frozen=True, slots=True)
class _Turn:
    """How a stored picture becomes upright: transpose first, then mirror."""

    swaps: bool = False
    flip_rows: bool = False
    flip_columns: bool = False

    def of(self, plane: Plane) -> Plane:
        """Return a view of the plane, upright."""
        if self.swaps:
            plane = plane.T
        return plane[:: -1 if self.flip_rows else 1, :: -1 if self.flip_columns else 1]


def _turn(picture: av.VideoFrame, display_matrix: bytes | None) -> _Turn:
    """Read the display matrix (ISO/IEC 14496-12 §8.2.2, EXIF orientation alike): quarter turns and mirrors only."""
    # Not `picture.side_data`: the picture would keep what refers to it, and megabytes would wait for the collector.
    own = SideDataContainer(picture).get("DISPLAYMATRIX")  # type: ignore[call-arg]
    data = display_matrix if own is None else bytes(own)
    if data is None:
        return _Turn()
    a, b, _, c, d = np.frombuffer(data, "<i4")[:5].astype(float) / 65536
    matrix = np.array([[a, b], [c, d]])
    nearest = np.rint(matrix)
    if np.abs(matrix - nearest).max() > _ROTATION_TOLERANCE or not (np.abs(nearest).sum(axis=0) == 1).all():
        raise BlockedError(faults.ROTATION_UNSUPPORTED, detail=str(matrix.tolist()))
    # (x, y) of storage goes to (a·x + c·y, b·x + d·y) of the display.
    if nearest[0, 0]:
        return _Turn(flip_columns=nearest[0, 0] < 0, flip_rows=nearest[1, 1] < 0)
    return _Turn(swaps=True, flip_columns=nearest[1, 0] < 0, flip_rows=nearest[0, 1] < 0)
