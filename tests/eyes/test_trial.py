"""What is shown to who sets the eyes: what they would see, and where."""

import numpy as np
import pytest

from custom_components.camguard.domain.zones import Zone
from custom_components.camguard.worker.eyes.trial import FORGET_SECONDS, Trial, Tried
from custom_components.camguard.worker.picture.mask import Mask

from .views import ZONES, Floats, picture, seen

ORANGE = 190


class Looks:
    def __init__(self, zones: tuple[Zone, ...] = ()) -> None:
        self.now = 0.0
        self._number = 0
        self._mask = Mask(zones, None)
        self._trial = Trial(zones, lambda: self.now)

    def at(self, box: tuple[int, int, int] | None = None, *, after: float = 1.0, sensitivity: float = 0.5,
           least: float = 0.05, leave_out: tuple[Zone, ...] = (), by: float = 70) -> Tried:  # fmt: skip
        """Look again; `box`: (x, y, height) of somebody who stands there."""
        self.now += after
        self._number += 1
        luma: Floats = seen(seed=self._number)
        if box is not None:
            x, y, height = box
            luma[y : y + height, x : x + height // 2] += by
        return self._trial.look(
            self._mask.apply(picture(luma.clip(16, 235))), sensitivity=sensitivity, least_height=least,
            leave_out=leave_out,
        )  # fmt: skip


def tinted(tried: Tried) -> np.ndarray:
    plane = tried.picture.planes[2]
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width] > ORANGE


def test_the_first_look_shows_nothing_and_still_things_neither() -> None:
    looks = Looks()
    for _ in range(6):
        tried = looks.at()
        assert (tried.things, tried.tallest, tinted(tried).any()) == (0, 0.0, False)


def test_who_walks_is_tinted_where_they_are() -> None:
    looks = Looks()
    for _ in range(4):
        looks.at()
    tried = looks.at((600, 300, 90))
    assert tried.things == 1
    assert tried.tallest == pytest.approx(90 / 540, abs=0.1)
    shown = tinted(tried)
    assert shown[150:195, 300:322].mean() > 0.6
    shown[130:215, 280:342] = False
    assert not shown.any()


def test_who_is_too_small_is_shown_and_does_not_count() -> None:
    looks = Looks()
    for _ in range(4):
        looks.at()
    tried = looks.at((600, 300, 60), least=0.3)
    assert (tried.things, tried.tallest > 0.05) == (0, True)
    assert tinted(tried).any()


def test_sensitivity_is_what_it_is_about() -> None:
    found = []
    for sensitivity in (0.0, 0.5, 1.0):
        looks = Looks()
        for _ in range(6):
            looks.at(sensitivity=sensitivity)
        found.append(int(tinted(looks.at((600, 300, 90), by=9, sensitivity=sensitivity)).sum()))
    assert found[0] == 0
    assert found[0] <= found[1] < found[2]


def test_in_zones_and_areas_nothing_is_seen() -> None:
    area = (Zone(name="tree", points=((0.5, 0.4), (0.8, 0.4), (0.8, 0.9), (0.5, 0.9))),)
    looks = Looks(ZONES)
    for _ in range(4):
        looks.at(leave_out=area)
    assert looks.at((600, 300, 90), leave_out=area).things == 0
    assert looks.at((100, 120, 90), leave_out=area).things == 0, "a zone"
    assert looks.at((450, 300, 90), leave_out=area).things == 1


def test_a_look_after_long_begins_anew() -> None:
    looks = Looks()
    for _ in range(4):
        looks.at()
    assert looks.at((600, 300, 90), after=FORGET_SECONDS + 1).things == 0


def test_the_picture_itself_is_left_as_it_is() -> None:
    trial = Trial(())
    shown = picture(seen())
    before = shown.to_ndarray().copy()
    for luma in (shown, picture(seen(0.1)), shown):
        trial.look(luma, sensitivity=1.0, least_height=0.0, leave_out=())
    assert (shown.to_ndarray() == before).all()
