"""A camera that was moved, by a real worker: it is blocked until it is back, or somebody says otherwise."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest

from custom_components.camguard.domain.zones import parse_zones
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.eyes import viewpoint
from custom_components.camguard.worker.eyes.viewpoint import AGREE, TAKE_LOOKS, Viewpoint
from custom_components.camguard.worker.faults import BlockedError
from custom_components.camguard.worker.picture.mask import Mask
from custom_components.camguard.worker.protocol import (
    ClipEnded,
    ClipFinished,
    CompareView,
    Connect,
    Message,
    Status,
    StillFailed,
    StillTaken,
    TakeStill,
    ViewSeen,
    ViewTaken,
)

from ..eyes.views import DARKNESS, WEATHER, ZONES, Floats, picture, seen, street
from .driver import ClipOrder, Driver, configuration, now_us

pytestmark = pytest.mark.timeout(120)
PAIRS = tuple((zone.name, zone.points_text) for zone in ZONES)


class Looks:
    """A viewpoint whose time goes on with each look."""

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.now = 0.0
        self.viewpoint = Viewpoint(ZONES, self.told.append, lambda: self.now)
        self._mask = Mask(ZONES, None)
        self._number = 0

    def see(self, *luma: Floats) -> list[bool]:
        """Look at what the camera shows, each when the look is due; returns whether each was refused."""
        return [self._is_refused(shown) for shown in luma]

    def _is_refused(self, luma: Floats) -> bool:
        self.now += max(self.viewpoint.wait_s, 0.01)
        try:
            self.viewpoint.see(self._mask.apply(picture(luma)))
        except BlockedError as error:
            return error.key == faults.CAMERA_MOVED
        return False

    def at(self, times: int = 1, *, change: Callable[[Floats], Floats] | None = None, **how: object) -> list[Floats]:
        """Return that many pictures from somewhere, each with other noise."""
        pictures = []
        for _ in range(times):
            self._number += 1
            shown = seen(seed=self._number, **how)  # type: ignore[arg-type]
            pictures.append(shown if change is None else change(shown))
        return pictures

    @property
    def conditions(self) -> list[str]:
        return [event.condition for event in self.told if isinstance(event, ViewSeen)]

    @property
    def taken(self) -> list[bytes]:
        return [event.image for event in self.told if isinstance(event, ViewTaken)]


@pytest.fixture
def looks() -> Looks:
    """A camera whose view was confirmed."""
    looks = Looks()
    looks.viewpoint.refer(b"")
    looks.see(*looks.at(TAKE_LOOKS))
    assert len(looks.taken) == 1
    return looks


def decoded(image: bytes) -> np.ndarray:
    with av.open(io.BytesIO(image), format="mjpeg") as container:
        return next(container.decode(video=0)).to_ndarray(format="gray")


def test_the_reference_shows_nobody_who_passes_by() -> None:
    looks = Looks()
    looks.viewpoint.refer(b"")

    def passes(number: int) -> Callable[[Floats], Floats]:
        def change(luma: Floats) -> Floats:
            luma = luma.copy()
            luma[300:460, 100 + 150 * number : 160 + 150 * number] = 235
            return luma

        return change

    for number in range(TAKE_LOOKS):
        looks.see(*looks.at(change=passes(number)))
    (image,) = looks.taken
    shown = decoded(image)
    without = decoded_of(seen(noise=0))
    assert np.abs(shown.astype(int) - without).max() < 40
    for zone, (x, y) in ((ZONES[0], (0.2, 0.3)), (ZONES[1], (0.88, 0.2))):
        assert shown[int(y * shown.shape[0]), int(x * shown.shape[1])] < 8, zone.name


def decoded_of(luma: Floats) -> np.ndarray:
    from custom_components.camguard.worker.picture.still import jpeg

    return decoded(jpeg(Mask(ZONES, None).apply(picture(luma)), 480)).astype(int)


def test_no_reference_is_taken_in_the_dark() -> None:
    looks = Looks()
    looks.viewpoint.refer(b"")
    light, noise = DARKNESS["no light, noise"]
    looks.see(*looks.at(10, light=light, noise=noise))
    assert (looks.taken, looks.conditions) == ([], ["unclear"])
    looks.see(*looks.at(TAKE_LOOKS))
    assert looks.conditions == ["unclear", "learning", "confirmed"]


def test_nor_while_it_is_being_turned() -> None:
    looks = Looks()
    looks.viewpoint.refer(b"")
    looks.see(*(looks.at(x=number * 0.03)[0] for number in range(2 * TAKE_LOOKS)))
    assert looks.taken == []
    looks.see(*looks.at(TAKE_LOOKS + 1))
    assert len(looks.taken) == 1


@pytest.mark.parametrize("how", [{"x": 0.02}, {"zoom": 1.04}, {"turn": 2.0}, {"x": 0.25, "y": 0.2}], ids=str)
def test_moved_is_refused_within_two_minutes_and_back_again(looks: Looks, how: dict[str, float]) -> None:
    began = looks.now
    while not any(looks.see(*looks.at(**how))):
        assert looks.now - began < 120
    assert looks.now - began < 120
    assert looks.see(*looks.at(5, **how)) == [True] * 5
    event = looks.told[-1]
    assert isinstance(event, ViewSeen)
    assert (event.condition, event.uncovered_percent > 0) == ("moved", True)
    assert looks.see(*looks.at(AGREE + 1))[-1] is False
    assert looks.conditions[-2:] == ["moved", "confirmed"]


def test_one_look_is_no_evidence(looks: Looks) -> None:
    for _ in range(5):
        assert looks.see(*looks.at(x=0.1), *looks.at(2)) == [False] * 3
    assert looks.conditions[-1] == "confirmed"


def test_a_lorry_that_stops_for_half_a_minute_is_no_move(looks: Looks) -> None:
    lorry = np.random.default_rng(9).uniform(60, 180, (54, 96)).astype(np.float32).repeat(10, 0).repeat(10, 1)
    began = looks.now
    while looks.now - began < 40:
        assert looks.see(lorry) == [False]
    assert looks.see(*looks.at(3)) == [False] * 3


def test_what_is_shown_of_a_moved_camera_hides_what_the_zones_hid(looks: Looks) -> None:
    """Paint what lies behind the zones: it may be nowhere in the picture that a person gets to decide."""
    secret = 231.0

    def behind(luma: Floats, x: float) -> Floats:
        luma = luma.copy()
        for zone in ZONES:
            (left, top), _, (right, low), _ = zone.points
            height, width = luma.shape
            luma[int(top * height) : int(low * height), int((left + x) * width) : int((right + x) * width)] = secret
        return luma

    for x in (0.02, 0.08, -0.05):
        looks.see(*looks.at(4, x=x, change=lambda luma, x=x: behind(luma.clip(16, 200), x)))
        event = looks.told[-1]
        assert isinstance(event, ViewSeen)
        assert event.condition == "moved"
        assert decoded(event.image).max() < 240, x
        looks.see(*looks.at(4))
        assert looks.conditions[-1] == "confirmed"


def test_what_the_confirmed_view_did_not_show_is_hidden_too(looks: Looks) -> None:
    """Turned by a fifth to the right: the strip that came in may be the rest of what a zone hid."""
    looks.see(*looks.at(4, x=-0.2))
    event = looks.told[-1]
    assert isinstance(event, ViewSeen)
    assert event.condition == "moved"
    assert decoded(event.image)[:, 400:].max() < 24


def test_a_colour_space_that_the_scaler_refuses(looks: Looks) -> None:
    for colorspace in (3, 8, 10, 15):
        shown = Mask(ZONES, None).apply(picture(seen()))
        shown.colorspace = colorspace
        viewpoint_of = Viewpoint(ZONES, looks.told.append, lambda: looks.now)
        viewpoint_of.refer(b"")
        before = len(looks.taken)
        for _ in range(TAKE_LOOKS):
            looks.now += 10
            viewpoint_of.see(shown)
        assert len(looks.taken) == before + 1, colorspace


def test_of_a_view_that_nobody_knows_a_mosaic_is_shown(looks: Looks) -> None:
    while not any(looks.see(*looks.at(place=street(5)))):
        assert looks.now < 200
    event = looks.told[-1]
    assert isinstance(event, ViewSeen)
    assert (event.condition, event.uncovered_percent) == ("moved", 100)
    shown = decoded(event.image)
    assert shown.shape == (270, 480)
    steps = np.abs(np.diff(shown.astype(int), axis=1)) > 4
    assert steps.mean() < 0.1, "fine detail"
    assert len(np.unique(np.flatnonzero(steps.any(axis=0)) // 20)) <= 25


def test_blocked_from_the_start_when_it_was_moved_before(looks: Looks) -> None:
    (image,) = looks.taken
    later = Looks()
    later.viewpoint.refer(image, moved=True)
    assert later.see(*later.at(3, x=0.05)) == [True] * 3
    assert later.conditions == ["moved"]
    assert later.told[-1].image, "who has to decide has something to look at"
    assert later.see(*later.at(AGREE + 1))[-1] is False


@pytest.mark.parametrize("image", [b"x", b"\xff\xd8\xff\xe0 no picture \xff\xd9", bytes(5000)], ids=len)
def test_a_spoilt_reference_is_told(image: bytes) -> None:
    looks = Looks()
    looks.viewpoint.refer(image)
    assert looks.see(*looks.at(3, x=0.1)) == [False] * 3
    assert looks.conditions == ["not_compared"]


def _smear(luma: Floats) -> Floats:
    for axis in (0, 1):
        luma = sum(np.roll(luma, by, axis) for by in range(-8, 9)) / 17  # type: ignore[assignment]
    return luma


@pytest.mark.parametrize(
    ("condition", "change"),
    [
        ("covered", lambda luma: luma * 0 + 30 + np.random.default_rng().normal(0, 3, luma.shape)),
        ("blinded", lambda luma: np.where(np.arange(luma.shape[1]) > luma.shape[1] * 0.25, 240, luma)),
        ("out_of_focus", _smear),
    ],
)
def test_what_is_wrong_with_the_lens_is_told(looks: Looks, condition: str, change: Callable[[Floats], Floats]) -> None:
    looks.see(*looks.at())
    began = looks.now
    while looks.conditions[-1] != condition:
        assert looks.see(*looks.at(change=change)) == [False]
        assert looks.now - began < 800, looks.conditions
    looks.see(*looks.at(3))
    assert looks.conditions[-1] == "confirmed"


def test_dusk_is_no_cover(looks: Looks) -> None:
    for step in range(60):
        looks.see(*looks.at(light=lambda luma, step=step: 16 + (luma - 16) * max(1 - step / 50, 0), noise=4))
    assert set(looks.conditions) <= {"learning", "confirmed", "unclear"}


def test_frozen(looks: Looks) -> None:
    (same,) = looks.at()
    began = looks.now
    while looks.conditions[-1] != "frozen":
        looks.see(same)
        assert looks.now - began < 400
    assert looks.now - began >= 280
    looks.see(*looks.at(2))
    assert looks.conditions[-1] == "confirmed"


# --- a real worker ---


class Films(NamedTuple):
    """What a camera sends that stands, one that is turned after five seconds, and one that was turned."""

    stands: Path
    turns: Path
    turned: Path


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    folder = tmp_path_factory.mktemp("film")
    rng = np.random.default_rng(1)
    views = seen(noise=0), seen(0.06, noise=0)

    def write(name: str, seconds: int, turned_after_s: int) -> Path:
        path = folder / f"{name}.ts"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=5, options={"preset": "ultrafast", "bf": "0", "crf": "18"})
            stream.width, stream.height, stream.pix_fmt, stream.gop_size = 960, 540, "yuv420p", 5
            for number in range(seconds * 5):
                luma = views[number >= turned_after_s * 5]
                noisy = (luma + rng.normal(0, 2, luma.shape)).clip(16, 235).astype(np.float32)
                container.mux(stream.encode(picture(noisy)))
            container.mux(stream.encode(None))
        return path

    return Films(write("stands", 12, 12), write("turns", 40, 5), write("turned", 12, 0))


@pytest.fixture
def worker(films: Films) -> Iterator[Driver]:
    with Driver(Connect(kind="stream", url=str(films.stands))) as driver:
        driver.send(configuration(zones=PAIRS))
        yield driver


def test_a_worker_blocks_when_its_camera_is_turned(worker: Driver, films: Films, tmp_path: Path) -> None:
    """The film that stands is sent again and again, until its view is known."""
    worker.send(CompareView(image=b""))
    image = worker.wait(ViewTaken, 60).image
    assert decoded(image).shape == (270, 480)
    worker.wait(ViewSeen, condition="confirmed")
    worker.connect = Connect(kind="stream", url=str(films.turns))
    worker.forget()
    worker.wait(Status, state="reconnecting")
    worker.wait(Status, state="streaming", width=960)
    worker.send(ClipOrder(tmp_path).start(now_us(), None))
    assert worker.wait(ViewSeen, 60, condition="moved").uncovered_percent > 5
    worker.wait(Status, state="blocked", key="camera_moved")
    assert worker.wait(ClipEnded).reason == "geometry"
    worker.wait(ClipFinished)
    worker.send(TakeStill(request_id=1, max_width=0))
    assert worker.wait(StillFailed).key == "camera_moved"
    worker.send(TakeStill(request_id=2, max_width=0, trial_zones=PAIRS))
    assert worker.wait(StillTaken).request_id == 2, "who draws zones has to see it"


def test_a_new_worker_of_a_moved_camera_shows_nothing(worker: Driver) -> None:
    from custom_components.camguard.worker.picture.still import jpeg

    mask = Mask(parse_zones([{"name": name, "points": points} for name, points in PAIRS]), None)
    worker.send(CompareView(image=jpeg(mask.apply(picture(seen(0.3))), 480), moved=True))
    worker.wait(Status, state="blocked", key="camera_moved")
    assert not any(isinstance(event, Status) and event.state == "streaming" and event.width for event in worker.events)


def test_looks_are_rare() -> None:
    assert viewpoint.LOOK_SECONDS >= 20


def test_weather_is_no_fault_of_the_lens(looks: Looks) -> None:
    for name in ("night, street light", "snow on the ground", "infra-red"):
        light, noise = WEATHER[name]
        looks.see(*looks.at(34, light=light, noise=noise))
        assert looks.conditions[-1] in {"confirmed", "unclear"}
