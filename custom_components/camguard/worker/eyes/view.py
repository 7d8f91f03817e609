"""Whether a camera still looks where it did when its zones were confirmed (guideline 2(2)).

The present picture is laid over the reference, part by part, by the directions of their edges: these stay what they are
by day and night, in rain and snow, with a car that is parked. From how the parts lie to each other follows how the
camera was turned, shifted or zoomed (a similarity), and from that how much of each zone isn't covered any more.
"""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import numpy.typing as npt

from ...domain.zones import Geometry, Zone
from ..picture.mask import fill, raster
from .small import Area, Grey

UNCOVERED = 0.01
"""Of a zone's area: when more than that isn't covered, the camera has moved."""
NEW = 0.1
"""Of the picture: when more than that wasn't in the confirmed view, it has moved as well."""
REACH = 0.3
"""Of each side: a camera that was turned further shows something else."""
ROWS, COLUMNS = 3, 4
"""So many parts are laid over."""
LEAST_PARTS = 4
TOLERANCE_PX = 1.2
"""Parts that lie as one camera would see them, agree within this."""
_PART_REACH_PX = 16
_PART_QUALITY, _PART_SECOND = 0.12, 1.25
_PART_EDGES = 60.0
LITTLE, ENOUGH = 0.1, 0.4
"""Of what the reference shows: with less than the first nothing can be said, with more than the second what can't be
laid over it is another view."""
FULL_EVERY = 30
"""So often at least all is compared anew, though nothing seems to have changed: a camera may sink slowly."""
STRANGE, FAMILIAR = 0.35, 0.5
"""Of a part's edges: fewer are at their place in another view, more in the same one."""
_ALIKE = 0.06
_STILL_TURN, _STILL_PX = 0.003, 0.7
_LEAST_EDGES = 0.01
_GROW_PX = 3
_ALONG_PX = 3
_FINE = 4
"""Zones are compared at so many times the small picture's size."""
_ZOOM = 1.6

type Field = npt.NDArray[np.complex64]
type Points = npt.NDArray[np.complex128]


class Place(Enum):
    """What a comparison says."""

    SAME = "same"
    MOVED = "moved"
    UNKNOWN = "unknown"
    """There is too little to be seen: darkness, fog, something before the lens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How a picture lies to the reference."""

    place: Place
    similarity: tuple[complex, complex] | None = None
    """(scale and turn, shift in px) about the middle: where a point of the reference lies now. None: not found."""
    uncovered: float = 0.0
    """Of the zone of which most is open, which part."""
    edges: float = 0.0
    """How much there is to see, of the reference's."""


class View:
    """The confirmed view of a camera. Belongs to one thread."""

    def __init__(self, reference: Grey, zones: tuple[Zone, ...]) -> None:
        """`reference`: masked and small (small.py), of the size of the pictures that are compared."""
        height, width = reference.shape
        self.size = Geometry(width=width, height=height)
        self.out = np.zeros(reference.shape, np.bool_)
        """Where zones are: nothing is seen there."""
        self._zones = zones
        for zone in zones:
            self.out |= raster(zone, self.size)
        self._reference = edges(reference, self.out)
        self._structure = structure(self._reference)
        self._strength = self._parts(np.abs(self._reference) ** 2)
        self._telling = self._strength >= _PART_EDGES
        """(ROWS, COLUMNS): the parts in which there is something to see."""
        self._settled: tuple[Placement, npt.NDArray[np.float32]] | None = None
        """The last one that was SAME, and how alike each part was there."""
        self._since_full = 0

    @property
    def is_usable(self) -> bool:
        """Whether there is enough in it that a picture can be compared with."""
        return self._structure > _LEAST_EDGES * float((~self.out).sum())

    def compare(self, grey: Grey) -> Placement:
        """Return how a picture of the same size lies to the reference."""
        now = edges(grey, self.out)
        share = structure(now) / max(self._structure, 1.0)
        if share < LITTLE:
            return Placement(place=Place.UNKNOWN, edges=share)
        alike = self._alike(now)
        if self._settled is not None and self._since_full < FULL_EVERY:
            settled, before = self._settled
            if float(np.abs(alike - before).max()) < _ALIKE:
                self._since_full += 1
                return replace(settled, edges=share)
        placement = self._placement(now, share, float(np.median(alike[self._telling])) if self._telling.any() else 1.0)
        self._since_full = 0
        self._settled = (placement, alike) if placement.place is Place.SAME else None
        return placement

    def _placement(self, now: Field, share: float, alike: float) -> Placement:
        similarity = self._similarity(now)
        if similarity is None:
            # What repeats itself (a fence) lies on itself in many ways: then where it always was is good enough.
            place = Place.MOVED if share >= ENOUGH and alike < STRANGE else Place.UNKNOWN
            if alike >= FAMILIAR:
                place = Place.SAME
            return Placement(place=place, uncovered=1.0 if place is Place.MOVED and self._zones else 0.0, edges=share)
        uncovered = max((self._uncovered(zone, similarity) for zone in self._zones), default=0.0)
        moved = uncovered >= UNCOVERED or self._new(similarity) >= NEW
        place = Place.MOVED if moved else Place.SAME
        if alike < STRANGE and abs(similarity[0] - 1) < _STILL_TURN and abs(similarity[1]) < _STILL_PX:
            place = Place.UNKNOWN  # what was laid over is dirt on the lens, or the sensor's own pattern
        return Placement(place=place, similarity=similarity, uncovered=uncovered, edges=share)

    def _alike(self, now: Field) -> npt.NDArray[np.float32]:
        """Return (ROWS, COLUMNS): which part of each part's edges is where it was."""
        there = self._reference.real * now.real + self._reference.imag * now.imag
        alike: npt.NDArray[np.float32] = self._parts(there) / np.maximum(self._strength, _PART_EDGES)
        return alike

    @staticmethod
    def _parts(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return (ROWS, COLUMNS): the sums of the parts."""
        height, width = values.shape[0] // ROWS, values.shape[1] // COLUMNS
        shape = (ROWS, height, COLUMNS, width)
        parts: npt.NDArray[np.float32] = values[: ROWS * height, : COLUMNS * width].reshape(shape).sum(axis=(1, 3))
        return parts

    def corners(self, zone: Zone, similarity: tuple[complex, complex], scale: int = 1) -> Points:
        """Return where what a zone hid lies now, in px of the small picture times `scale`."""
        width, height = self.size.width, self.size.height
        turn, shift = similarity
        middle = complex(width / 2, height / 2)
        points = np.array([complex(x * width, y * height) for x, y in zone.points])
        moved: Points = (turn * (points - middle) + shift + middle) * scale
        return moved

    def _uncovered(self, zone: Zone, similarity: tuple[complex, complex]) -> float:
        """Return which part of what a zone should hide lies outside of it now. Not grown: what the person drew."""
        fine = Geometry(width=self.size.width * _FINE, height=self.size.height * _FINE)
        corners = self.corners(zone, similarity, _FINE)
        xs, ys = (np.array(values) for values in zip(*zone.points, strict=True))
        area = int(fill(xs * fine.width, ys * fine.height, fine).sum())
        open_now = fill(corners.real, corners.imag, fine) & ~raster(zone, fine)
        return int(open_now.sum()) / area if area else 0.0

    def _new(self, similarity: tuple[complex, complex]) -> float:
        """Return which part of the picture the reference didn't show."""
        whole = Zone(name="", points=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
        corners = self.corners(whole, similarity)
        return 1.0 - float(fill(corners.real, corners.imag, self.size).mean())

    def _similarity(self, now: Field) -> tuple[complex, complex] | None:
        height, width = self._reference.shape
        # By halves: the whole is known roughly, then each part to a fraction of a pixel.
        whole = _correlate(_half(self._reference), _half(now))
        x, y, _ = _peak(whole, round(height * REACH / 2), round(width * REACH / 2))
        shift = round(2 * x), round(2 * y)
        before, after = [], []
        for top in range(0, height - height // ROWS + 1, height // ROWS):
            for left in range(0, width - width // COLUMNS + 1, width // COLUMNS):
                if (moved := self._part(now, top, left, shift)) is not None:
                    middle = complex(left + width / COLUMNS / 2 - width / 2, top + height / ROWS / 2 - height / 2)
                    before.append(middle)
                    after.append(middle + moved)
        return _fit(np.array(before), np.array(after), width * 0.2)

    def _part(self, now: Field, top: int, left: int, shift: tuple[int, int]) -> complex | None:
        height, width = self._reference.shape
        part = self._reference[top : top + height // ROWS, left : left + width // COLUMNS]
        strength = _energy(part)
        if strength < _PART_EDGES:
            return None
        moved = np.zeros_like(part)
        y0, x0 = top + shift[1], left + shift[0]
        y1, x1 = min(max(y0, 0), height), min(max(x0, 0), width)
        y2, x2 = min(max(y0 + part.shape[0], y1), height), min(max(x0 + part.shape[1], x1), width)
        seen = now[y1:y2, x1:x2]
        if seen.size < part.size // 2:
            return None
        moved[y1 - y0 : y1 - y0 + seen.shape[0], x1 - x0 : x1 - x0 + seen.shape[1]] = seen
        x, y, (value, second) = _peak(_correlate(part, moved), _PART_REACH_PX, _PART_REACH_PX)
        quality = value / np.sqrt(strength * (_energy(moved) + 1e-6))
        if quality < _PART_QUALITY or value < _PART_SECOND * second:
            return None
        return complex(shift[0] + x, shift[1] + y)


def structure(field: Field) -> float:
    """Return how much there is to see: edges that go on for some pixels; the directions of noise cancel out."""
    mean = field
    for axis in (0, 1):
        mean = sum((np.roll(mean, by, axis) for by in range(-_ALONG_PX, _ALONG_PX + 1)), np.zeros_like(mean))
    return _energy(mean) / (2 * _ALONG_PX + 1) ** 4


def _energy(field: Field) -> float:
    return float((field.real**2 + field.imag**2).sum())


def edges(grey: Grey, out: Area) -> Field:
    """Return the directions of a picture's edges, doubled: bright to dark is as dark to bright. 0 in `out`."""
    smooth = grey.copy()
    for axis in (0, 1):
        smooth[:] = (np.roll(smooth, 1, axis) + 2 * smooth + np.roll(smooth, -1, axis)) / 4
    field = np.zeros(grey.shape, np.complex64)
    field[:, 1:-1] = smooth[:, 2:] - smooth[:, :-2]
    field[1:-1] += 1j * (smooth[2:] - smooth[:-2])
    length = np.abs(field)
    usual = max(float(np.median(length[~out])) * 1.5, 2.0) if not out.all() else 2.0
    field *= field / (length**2 + usual**2)
    near = out.copy()
    for _ in range(_GROW_PX):
        near[1:] |= near[:-1]
        near[:-1] |= near[1:]
        near[:, 1:] |= near[:, :-1]
        near[:, :-1] |= near[:, 1:]
    near[:2] = near[-2:] = near[:, :2] = near[:, -2:] = True
    field[near] = 0
    return field


def _half(field: Field) -> Field:
    height, width = (length & ~1 for length in field.shape)
    halved: Field = field[:height, :width].reshape(height // 2, 2, width // 2, 2).sum(axis=(1, 3))
    return halved


def _correlate(before: Field, now: Field) -> npt.NDArray[np.float32]:
    height, width = (2 * length for length in before.shape)
    product = np.fft.fft2(now, (height, width)) * np.conj(np.fft.fft2(before, (height, width)))
    return np.fft.ifft2(product).real.astype(np.float32)


def _peak(correlation: npt.NDArray[np.float32], reach_y: int, reach_x: int) -> tuple[float, float, tuple[float, float]]:
    """Return (x, y) of the highest peak within reach, to a part of a pixel, and (its height, the next one's)."""
    near = np.roll(correlation, (reach_y, reach_x), (0, 1))[: 2 * reach_y + 1, : 2 * reach_x + 1]
    y, x = (int(at) for at in np.unravel_index(int(np.argmax(near)), near.shape))
    height = float(near[y, x])

    def between(before: float, after: float) -> float:
        curve = before - 2 * height + after
        return 0.0 if curve == 0 else max(min(0.5 * (before - after) / curve, 0.5), -0.5)

    dy = between(float(near[y - 1, x]), float(near[y + 1, x])) if 0 < y < 2 * reach_y else 0.0
    dx = between(float(near[y, x - 1]), float(near[y, x + 1])) if 0 < x < 2 * reach_x else 0.0
    rest = near.copy()
    rest[max(y - 4, 0) : y + 5, max(x - 4, 0) : x + 5] = -np.inf
    return x - reach_x + dx, y - reach_y + dy, (height, float(rest.max()))


def _fit(before: Points, after: Points, apart_px: float) -> tuple[complex, complex] | None:
    """Return the similarity that most parts agree on; None when fewer than LEAST_PARTS, or than half of them, do."""
    best: npt.NDArray[np.bool_] | None = None
    for first in range(len(before)):
        for second in range(first + 1, len(before)):
            if abs(before[first] - before[second]) < apart_px:
                continue
            turn = (after[first] - after[second]) / (before[first] - before[second])
            if not 1 / _ZOOM < abs(turn) < _ZOOM:
                continue
            agree = np.abs(after - (turn * (before - before[first]) + after[first])) < TOLERANCE_PX
            if best is None or agree.sum() > best.sum():
                best = agree
    if best is None or best.sum() < max(LEAST_PARTS, len(before) / 2):
        return None
    # Least squares by hand: the library for that takes megabytes for good.
    from_, to = before[best], after[best]
    away = from_ - from_.mean()
    turn = complex((away.conj() * to).sum() / (away.conj() * away).sum())
    return turn, complex(to.mean()) - turn * complex(from_.mean())
