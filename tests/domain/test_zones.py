"""Privacy zones: what is accepted is what is stored, and nothing but InvalidError comes out of bad input."""

import json
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import InvalidError
from custom_components.camguard.domain.zones import MAX_POINTS, MAX_ZONES, Geometry, Zone, parse_zones, zones_to_raw

SQUARE = "10,10 60,10 60,60 10,60"


def raw(points: object, name: object = "a") -> list[object]:
    return [{"name": name, "points": points}]


@st.composite
def stars(draw: st.DrawFn) -> str:
    """Star-shaped around the middle: never crosses itself, never covers everything."""
    radii = draw(st.lists(st.floats(5, 45), min_size=3, max_size=MAX_POINTS))
    step = 2 * math.pi / len(radii)
    return " ".join(
        f"{50 + radius * math.cos(step * k)!r},{50 + radius * math.sin(step * k)!r}" for k, radius in enumerate(radii)
    )


def ring(count: int) -> str:
    return " ".join(
        f"{50 + 40 * math.cos(2 * math.pi * k / count):.4f},{50 + 40 * math.sin(2 * math.pi * k / count):.4f}"
        for k in range(count)
    )


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (None, "zones_malformed"),
        ("10,10 60,10 60,60", "zones_malformed"),
        (b"[]", "zones_malformed"),
        ({}, "zones_malformed"),
        (7, "zones_malformed"),
        ([None], "zones_malformed"),
        ([["a", SQUARE]], "zones_malformed"),
        ([SQUARE], "zones_malformed"),
        ([{"name": "a", "points": SQUARE}] * (MAX_ZONES + 1), "zones_too_many"),
        (raw(None), "zone_points_malformed"),
        (raw([[10, 10], [60, 10], [60, 60]]), "zone_points_malformed"),
        ([{"name": "a"}], "zone_points_malformed"),
        (raw("10,10 60,10 60"), "zone_points_malformed"),
        (raw("10,10 60,10 60,60,60"), "zone_points_malformed"),
        (raw("10,10 60,x 60,60"), "zone_points_malformed"),
        (raw("10,10 60, 60,60"), "zone_points_malformed"),
        (raw("10,10 60,10 nan,60"), "zone_outside_picture"),
        (raw("10,10 60,10 60,nan"), "zone_outside_picture"),
        (raw("10,10 60,10 inf,60"), "zone_outside_picture"),
        (raw("10,10 60,10 60,-inf"), "zone_outside_picture"),
        (raw("10,10 60,10 60,1e308"), "zone_outside_picture"),
        (raw("10,10 60,10 60,1e999"), "zone_outside_picture"),
        (raw("10,10 60,10 60,100.001"), "zone_outside_picture"),
        (raw("10,10 60,10 -0.001,60"), "zone_outside_picture"),
        (raw(""), "zone_too_few_points"),
        (raw("10,10 60,10"), "zone_too_few_points"),
        (raw("10,10 60,10 10,10"), "zone_too_few_points"),
        (raw(ring(MAX_POINTS + 1)), "zone_too_many_points"),
        (raw("10,10 60,60 60,10 10,60"), "zone_crosses_itself"),
        (raw("10,10 60,10 60,60 60,10"), "zone_crosses_itself"),
        (raw("0,0 50,0 25,0 25,50"), "zone_crosses_itself"),
        (raw("0,0 60,0 60,60 30,0 0,60"), "zone_crosses_itself"),
        (raw("10,10 20,20 30,30"), "zone_too_small"),
        (raw("10,10 12,10 12,12 10,12"), "zone_too_small"),
        (raw("0,0 100,0 100,100 0,100"), "zones_cover_everything"),
    ],
)
def test_rejected(value: object, key: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_zones(value)
    assert caught.value.key == key


def test_errors_name_the_zone_or_its_number() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_zones([*raw(SQUARE), *raw("1,1", "  pond ")])
    assert caught.value.placeholders == {"zone": "pond"}
    with pytest.raises(InvalidError) as caught:
        parse_zones([*raw(SQUARE), *raw("1,1", "  ")])
    assert caught.value.placeholders == {"zone": "2"}


def test_zones_that_cover_everything_only_together() -> None:
    left, right = "0,0 50,0 50,100 0,100", "50,0 100,0 100,100 50,100"
    assert len(parse_zones(raw(left) + raw("50,0 98,0 98,100 50,100"))) == 2
    with pytest.raises(InvalidError, match="zones_cover_everything"):
        parse_zones(raw(left, "l") + raw(right, "r"))


def test_accepts_the_limits() -> None:
    assert parse_zones([]) == ()
    assert parse_zones(()) == ()
    assert len(parse_zones(raw(SQUARE) * MAX_ZONES)) == MAX_ZONES
    assert len(parse_zones(raw(ring(MAX_POINTS)))[0].points) == MAX_POINTS
    assert parse_zones(raw("0,0 100,0 100,99 0,99"))[0].area_ratio == pytest.approx(0.99)
    # closed by hand, odd spaces, exponent: all fine
    (zone,) = parse_zones(raw(f" {SQUARE}\n1e1,10 "))
    assert zone.points == ((0.1, 0.1), (0.6, 0.1), (0.6, 0.6), (0.1, 0.6))
    assert zone.area_ratio == pytest.approx(0.25)
    assert parse_zones(raw(SQUARE, None))[0].name == "1"


@settings(max_examples=80, deadline=None)
@given(stars())
def test_round_trip_is_exact(points: str) -> None:
    zones = parse_zones(raw(points))
    assert parse_zones(zones_to_raw(zones)) == zones
    assert parse_zones(json.loads(json.dumps(zones_to_raw(zones)))) == zones


def test_what_is_stored_passes_the_same_checks() -> None:
    """Points that fall together when they are written down are one point, so a stored zone never turns invalid."""
    with pytest.raises(InvalidError, match="zone_crosses_itself"):
        parse_zones(raw("0,0 50,0 50,0.00001 0,50"))
    (zone,) = parse_zones(raw("0,0 50,0 0,50 0,0.00001"))
    assert len(zone.points) == 3


nested = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(["name", "points"]), st.text(max_size=3)), inner, max_size=4),
    ),
    max_leaves=12,
)
number = st.one_of(
    st.floats().map(repr), st.integers().map(str), st.sampled_from(["", "1_0", "٣", "0x10", "1e400", "-0"])
)
pointlike = st.lists(st.lists(number, max_size=3).map(",".join), max_size=6).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        nested,
        st.lists(
            st.fixed_dictionaries({"name": nested, "points": st.one_of(nested, pointlike, st.text())}), max_size=3
        ),
    )
)
def test_never_raises_anything_else(value: object) -> None:
    try:
        zones = parse_zones(value)
    except InvalidError:
        return
    assert parse_zones(zones_to_raw(zones)) == zones


def reference_contains(zone: Zone, x: float, y: float) -> bool | None:
    """Count crossings of a ray straight down, exactly; None on the border."""
    px, py = Fraction(x), Fraction(y)
    points = [(Fraction(a), Fraction(b)) for a, b in zone.points]
    crossings = 0
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        side = (x2 - x1) * (py - y1) - (y2 - y1) * (px - x1)
        if side == 0 and min(x1, x2) <= px <= max(x1, x2) and min(y1, y2) <= py <= max(y1, y2):
            return None
        if (x1 <= px) != (x2 <= px):
            crossings += y1 + (y2 - y1) * (px - x1) / (x2 - x1) > py
    return crossings % 2 == 1


@settings(max_examples=100, deadline=None)
@given(stars(), st.lists(st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2)), min_size=1, max_size=20))
def test_contains_agrees_with_exact_arithmetic(points: str, places: list[tuple[float, float]]) -> None:
    (zone,) = parse_zones(raw(points))
    for x, y in places:
        expected = reference_contains(zone, x, y)
        near = min(abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) for (x1, y1), (x2, y2) in _edges(zone))
        if expected is not None and near > 1e-12:
            assert zone.contains(x, y) == expected


def _edges(zone: Zone) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return list(zip(zone.points, zone.points[1:] + zone.points[:1], strict=True))


def test_contains_in_a_notch() -> None:
    (zone,) = parse_zones(raw("10,10 90,10 90,90 50,30 10,90"))
    assert zone.contains(0.2, 0.2)
    assert not zone.contains(0.5, 0.6)
    assert zone.contains(0.15, 0.7)
    assert not zone.contains(0.95, 0.5)


def test_same_shape() -> None:
    full_hd = Geometry(width=1920, height=1080)
    assert full_hd.same_shape(Geometry(width=640, height=360))
    assert full_hd.same_shape(Geometry(width=1920, height=1088))
    assert not full_hd.same_shape(Geometry(width=640, height=480))
    assert not full_hd.same_shape(Geometry(width=1080, height=1920))
