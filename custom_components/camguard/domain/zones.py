"""Privacy zones: polygons in which nothing is ever recorded (guideline 2(2)).

Owns parsing and checking. Painting them is the worker's (`worker/mask.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import InvalidError

MIN_POINTS = 3
MAX_POINTS = 64
MAX_ZONES = 32
MIN_AREA_RATIO = 0.0005
"""Smaller than this share of the picture is a slip of the mouse, not a zone."""
SHAPE_TOLERANCE_RATIO = 0.01
"""How far width/height may differ before the zones no longer fit: rounding to even sizes stays well below."""
_COVER_GRID = 128
_PERCENT_DIGITS = 4
"""Points are rounded before they are checked: what is written down is what was checked."""

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Size of a picture as it is shown (after rotation), px."""

    width: int
    height: int

    def same_shape(self, other: Geometry) -> bool:
        """Tell whether zones drawn on one picture fit the other: the same aspect ratio."""
        ours, theirs = self.width * other.height, other.width * self.height
        return abs(ours - theirs) <= SHAPE_TOLERANCE_RATIO * max(ours, theirs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One named polygon; `points` are (x, y) in 0..1 of width and height, the last joined to the first."""

    name: str
    points: tuple[Point, ...]

    @property
    def area_ratio(self) -> float:
        """Area as a share of the picture, 0..1."""
        pairs = zip(self.points, self.points[1:] + self.points[:1], strict=True)
        return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2

    @property
    def points_text(self) -> str:
        """The points as the set-up flow writes them: `x,y x,y …` in percent."""
        return " ".join(f"{_percent(x)},{_percent(y)}" for x, y in self.points)

    def contains(self, x: float, y: float) -> bool:
        """Tell whether a point lies inside (even-odd rule)."""
        inside = False
        for (x1, y1), (x2, y2) in zip(self.points, self.points[1:] + self.points[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
        return inside


def parse_zones(raw: object) -> tuple[Zone, ...]:
    """Read `[{"name": …, "points": "x,y x,y …"}]`, points in percent, and check every rule.

    Raises InvalidError, key `zone_*` with the zone's name, or `zones_*` for all of them together.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
        raise InvalidError("zones_malformed")
    if len(raw) > MAX_ZONES:
        raise InvalidError("zones_too_many", limit=str(MAX_ZONES))
    zones = tuple(_parse_zone(item, number) for number, item in enumerate(raw, 1))
    if zones and covered_ratio(zones) == 1:
        raise InvalidError("zones_cover_everything", zone=", ".join(zone.name for zone in zones))
    return zones


def zones_to_raw(zones: Sequence[Zone]) -> list[dict[str, str]]:
    """Return the form that `parse_zones` reads, for storing in a subentry."""
    return [{"name": zone.name, "points": zone.points_text} for zone in zones]


def zones_to_pairs(zones: Sequence[Zone]) -> tuple[tuple[str, str], ...]:
    """Return (name, points) of each zone, as messages to the worker have them."""
    return tuple((zone.name, zone.points_text) for zone in zones)


def _parse_zone(item: object, number: int) -> Zone:
    if not isinstance(item, Mapping):
        raise InvalidError("zones_malformed")
    fields: Mapping[Any, Any] = item
    name = str(fields.get("name") or "").strip() or str(number)
    text = fields.get("points")
    if not isinstance(text, str):
        raise InvalidError("zone_points_malformed", zone=name)
    points = _parse_points(text, name)
    if len(points) < MIN_POINTS:
        raise InvalidError("zone_too_few_points", zone=name)
    if len(points) > MAX_POINTS:
        raise InvalidError("zone_too_many_points", zone=name, limit=str(MAX_POINTS))
    if _crosses_itself(points):
        raise InvalidError("zone_crosses_itself", zone=name)
    zone = Zone(name=name, points=points)
    if zone.area_ratio < MIN_AREA_RATIO:
        raise InvalidError("zone_too_small", zone=name)
    return zone


def _parse_points(text: str, name: str) -> tuple[Point, ...]:
    points: list[Point] = []
    for pair in text.split():
        try:
            x, y = (float(value) for value in pair.split(","))
        except ValueError:
            raise InvalidError("zone_points_malformed", zone=name) from None
        if not (0 <= x <= 100 and 0 <= y <= 100):  # also false for NaN
            raise InvalidError("zone_outside_picture", zone=name)
        points.append((round(x, _PERCENT_DIGITS) / 100, round(y, _PERCENT_DIGITS) / 100))
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return tuple(points)


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.{_PERCENT_DIGITS}f}".rstrip("0").rstrip(".")


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _touch(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Tell whether segments ab and cd share a point."""
    d1, d2, d3, d4 = _side(c, d, a), _side(c, d, b), _side(a, b, c), _side(a, b, d)
    if ((d1 > 0 > d2) or (d1 < 0 < d2)) and ((d3 > 0 > d4) or (d3 < 0 < d4)):
        return True
    return (
        (d1 == 0 and _between(c, d, a))
        or (d2 == 0 and _between(c, d, b))
        or (d3 == 0 and _between(a, b, c))
        or (d4 == 0 and _between(a, b, d))
    )


def _crosses_itself(points: tuple[Point, ...]) -> bool:
    if len(set(points)) != len(points):
        return True
    edges = list(zip(points, points[1:] + points[:1], strict=True))
    last = len(edges) - 1
    return any(
        _touch(*edges[i], *edges[j])
        for i in range(len(edges))
        for j in range(i + 2, len(edges))
        if not (i == 0 and j == last)
    )


def covered_ratio(zones: Sequence[Zone]) -> float:
    """Return the share of the picture that zones cover together, 0..1, by sampling the centres of a fine grid."""
    steps = [(i + 0.5) / _COVER_GRID for i in range(_COVER_GRID)]
    return sum(any(zone.contains(x, y) for zone in zones) for y in steps for x in steps) / _COVER_GRID**2
