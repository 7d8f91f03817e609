"""Whether a camera was moved: by how much, in which light, and what is no move."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.zones import Zone
from custom_components.camguard.worker.eyes.view import UNCOVERED, Place, View

from .views import DARKNESS, WEATHER, ZONES, grey, picture, seen, small, street


@pytest.fixture(scope="module")
def confirmed() -> View:
    return View(grey(seen()), ZONES)


@pytest.mark.parametrize("name", WEATHER)
def test_light_and_weather_are_no_move(confirmed: View, name: str) -> None:
    light, noise = WEATHER[name]
    placement = confirmed.compare(grey(seen(light=light, noise=noise, seed=1)))
    assert placement.place is Place.SAME
    assert placement.uncovered < UNCOVERED


@pytest.mark.parametrize("name", DARKNESS)
def test_darkness_tells_nothing(confirmed: View, name: str) -> None:
    light, noise = DARKNESS[name]
    assert confirmed.compare(grey(seen(light=light, noise=noise, seed=1))).place is Place.UNKNOWN


@pytest.mark.parametrize("name", ["day", "night, street light", "snow on the ground", "parked car"])
@pytest.mark.parametrize(
    "moved",
    [{"x": 0.006}, {"y": -0.012}, {"x": 0.05, "y": 0.02}, {"x": -0.2}, {"zoom": 1.015}, {"zoom": 1.2}, {"turn": 1.5},
     {"turn": 12.0}],
    ids=str,
)  # fmt: skip
def test_a_move_is_found_in_any_light(confirmed: View, name: str, moved: dict[str, float]) -> None:
    light, noise = WEATHER[name]
    placement = confirmed.compare(grey(seen(**moved, light=light, noise=noise, seed=2)))
    assert placement.place is Place.MOVED
    assert placement.uncovered >= UNCOVERED


@settings(max_examples=25, deadline=None)
@given(x=st.floats(-0.15, 0.15), y=st.floats(-0.15, 0.15), seed=st.integers(0, 9))
def test_by_how_much(x: float, y: float, seed: int) -> None:
    view = View(grey(seen()), ZONES)
    placement = view.compare(grey(seen(x, y, seed=seed)))
    if placement.similarity is None:  # too little of both is the same: found all the same
        assert placement.place is Place.MOVED
        return
    turn, shift = placement.similarity
    assert abs(turn - 1) < 0.01
    assert shift.real == pytest.approx(x * view.size.width, abs=1)
    assert shift.imag == pytest.approx(y * view.size.height, abs=1)


def test_another_place_is_another_view(confirmed: View) -> None:
    assert confirmed.compare(grey(seen(place=street(5)))).place is Place.MOVED


def test_slow_sinking_is_found_though_no_look_differs_from_the_last() -> None:
    view = View(grey(seen()), ZONES)
    places = [view.compare(grey(seen(y=step * 0.00005, seed=step))).place for step in range(0, 300, 3)]
    assert places[0] is Place.SAME
    assert places[-1] is Place.MOVED


def test_what_repeats_itself_is_no_move() -> None:
    columns = np.arange(960)
    fence = np.tile(np.where(columns // 12 % 2, 60, 180).astype(np.float32), (540, 1))
    view = View(grey(fence), ZONES)
    noise = np.random.default_rng(3).normal(0, 3, fence.shape).astype(np.float32)
    assert view.compare(grey((fence + noise).clip(16, 235))).place is not Place.MOVED


def test_without_zones_another_tenth_is_a_move() -> None:
    view = View(small(picture(seen())), ())
    assert view.compare(small(picture(seen(0.04, seed=1)))).place is Place.SAME
    assert view.compare(small(picture(seen(0.14, seed=1)))).place is Place.MOVED


def test_a_zone_over_everything_tells_nothing() -> None:
    all_of_it = (Zone(name="all", points=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))),)
    view = View(grey(seen(), all_of_it), all_of_it)
    assert not view.is_usable
    assert view.compare(grey(seen(0.1), all_of_it)).place is not Place.MOVED
