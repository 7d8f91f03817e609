"""Burns the privacy zones into a picture (guideline 2(2)): the one place where an open frame becomes a masked one.

What comes out is always a new yuv420p picture, upright, of even size; the decoder's own frame is never written to (it
is a reference of later frames, painting it would smear). What can't be masked for sure is refused (invariant 2).
"""

from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import SideDataContainer

from ...domain.zones import Geometry, Zone
from .. import faults
from ..faults import BlockedError

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

type Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Patch:
    """Where a plane is masked: `rows`, `columns` bound the zones, `keep` is 255 outside and 0 inside of them."""

    rows: slice
    columns: slice
    keep: Plane
    fill: Plane


class Mask:
    """The zones of one camera, ready for pictures of any size but one shape."""

    def __init__(self, zones: tuple[Zone, ...], reference: Geometry | None) -> None:
        self.zones = zones
        self.reference = reference
        """Shape that the zones fit; taken from the first picture that is masked when it isn't known."""
        self.geometry: Geometry | None = None
        """Size of the last picture, as shown, before cropping to even."""
        self._prepared: tuple[Geometry, int] | None = None
        self._patches: tuple[tuple[_Patch, ...], ...] = ((), (), ())

    def apply(self, picture: av.VideoFrame, display_matrix: bytes | None = None) -> av.VideoFrame:
        """Return the masked copy of a picture; raises BlockedError when that can't be done for sure.

        `display_matrix`: how the container wants it turned; what the picture itself says goes first.
        """
        turn = _turn(picture, display_matrix)
        width, height = (picture.height, picture.width) if turn.swaps else (picture.width, picture.height)
        geometry = Geometry(width=width, height=height)
        self._check(geometry)
        if picture.format.name not in _PLANAR_420:
            picture = _to_planar_420(picture)
        full_range = picture.format.name == "yuvj420p" or int(picture.color_range) == _FULL_RANGE
        black = _BLACK_FULL if full_range else _BLACK_LIMITED
        self._prepare(geometry, black)
        masked = av.VideoFrame(width & ~1, height & ~1, "yuv420p")
        for source, target, patches in zip(_planes(picture), _planes(masked), self._patches, strict=True):
            upright = turn.of(source)[: target.shape[0], : target.shape[1]]
            np.copyto(target, upright)
            for patch in patches:
                part = target[patch.rows, patch.columns]
                np.bitwise_and(part, patch.keep, out=part)
                np.bitwise_or(part, patch.fill, out=part)
        masked.color_range = _FULL_RANGE if full_range else 1
        # What was RGB is BT.601 now; its old name would make players show false colours.
        masked.colorspace = _SPACE_BT601 if int(picture.colorspace) == _SPACE_RGB else picture.colorspace
        masked.color_primaries = picture.color_primaries
        masked.color_trc = picture.color_trc
        self.geometry = geometry
        if self.reference is None:
            self.reference = geometry
        return masked

    def _check(self, geometry: Geometry) -> None:
        width, height = geometry.width, geometry.height
        if not (min(width, height) >= MIN_SIDE_PX and max(width, height) <= MAX_SIDE_PX) or width * height > MAX_PIXELS:
            raise BlockedError(faults.SIZE_UNSUPPORTED, detail=f"{width}x{height}")
        if self.reference is not None and self.zones and not self.reference.same_shape(geometry):
            raise BlockedError(
                faults.SHAPE_CHANGED, detail=f"{self.reference.width}x{self.reference.height} -> {width}x{height}"
            )

    def _prepare(self, geometry: Geometry, black: int) -> None:
        """Rasterise the zones once for a size."""
        if self._prepared == (geometry, black):
            return
        width, height = geometry.width & ~1, geometry.height & ~1
        luma: list[_Patch] = []
        chroma: list[_Patch] = []
        for zone in self.zones:
            inside: npt.NDArray[np.bool_] = raster(zone, geometry)[:height, :width]
            coarse = np.logical_or.reduce(inside.reshape(height // 2, 2, width // 2, 2), axis=(1, 3))
            inside = coarse.repeat(2, axis=0).repeat(2, axis=1)
            luma.append(_patch(inside, black))
            chroma.append(_patch(coarse, _NEUTRAL))
        self._patches = (tuple(luma), tuple(chroma), tuple(chroma))
        self._prepared = (geometry, black)


def raster(zone: Zone, geometry: Geometry) -> npt.NDArray[np.bool_]:
    """Return (height, width) bool: True for every pixel that the zone touches or that is within GROW_PX of it."""
    width, height = geometry.width, geometry.height
    xs = np.array([x * width for x, _ in zone.points])
    ys = np.array([y * height for _, y in zone.points])
    inside = np.zeros((height, width), np.bool_)
    centres = np.arange(width) + 0.5
    # Even-odd along the middle of each row; the outline below adds whatever a row's middle misses.
    for row in range(max(int(ys.min()), 0), min(int(np.ceil(ys.max())), height)):
        y = row + 0.5
        crossings = np.sort(_crossings(xs, ys, y))
        inside[row] = np.searchsorted(crossings, centres) & 1
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


def _crossings(xs: npt.NDArray[np.float64], ys: npt.NDArray[np.float64], y: float) -> npt.NDArray[np.float64]:
    x2, y2 = np.roll(xs, -1), np.roll(ys, -1)
    hit = (ys > y) != (y2 > y)
    crossings: npt.NDArray[np.float64] = xs[hit] + (y - ys[hit]) * (x2[hit] - xs[hit]) / (y2[hit] - ys[hit])
    return crossings


def _patch(inside: npt.NDArray[np.bool_], value: int) -> _Patch:
    rows = np.flatnonzero(inside.any(axis=1))
    columns = np.flatnonzero(inside.any(axis=0))
    window = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    part = inside[window]
    return _Patch(
        rows=window[0],
        columns=window[1],
        keep=np.where(part, 0, 255).astype(np.uint8),
        fill=np.where(part, value, 0).astype(np.uint8),
    )


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
