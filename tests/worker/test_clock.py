"""The wall clock is set while the worker runs: what is recorded goes on, and its times are right from then on."""

import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.worker import faults
from custom_components.camguard.worker.clip.recording import GATHER_SECONDS
from custom_components.camguard.worker.clock import STEP_US, Clock
from custom_components.camguard.worker.protocol import (
    ClipEnded,
    ClipFinished,
    ClipStarted,
    Connect,
    ExtendClip,
    GapClosed,
    SourceNeeded,
    Status,
    Still,
    StillTaken,
    TakeStill,
)

from .driver import ClipOrder, Driver, configuration, film, now_us
from .test_process import ZONES, assert_masked, frames_of, streaming

pytestmark = pytest.mark.timeout(120)

HOUR_S = 3600.0
BASE_US = 1_700_000_000_000_000
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "15")
CLOCKED = str(Path(__file__).parent / "clocked.py")


class Wall:
    """The wall clock of a worker."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "offset"
        self.offset_s = 0.0
        self.set(0)
        self.before = (sys.executable, "-P", CLOCKED, str(self._file))

    def set(self, offset_s: float) -> None:
        part = self._file.with_name("part")
        part.write_text(str(offset_s))
        part.rename(self._file)
        self.offset_s = offset_s

    @property
    def now_us(self) -> int:
        return now_us() + int(self.offset_s * 1e6)


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    return Wall(tmp_path)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Connect:
    return Connect(kind="stream", url=str(film(tmp_path_factory.mktemp("film") / "film.ts", *X264, seconds=40)))


def times_of(mp4: bytes) -> list[float]:
    return [float(frame.pts * frame.time_base) for frame in frames_of(mp4)]


@pytest.mark.parametrize("step_s", [-HOUR_S, -9 * HOUR_S, -1.5, HOUR_S], ids=["-1 h", "-9 h", "-1.5 s", "+1 h"])
def test_a_clip_ends_when_the_clock_is_set_and_the_next_goes_on(
    step_s: float, wall: Wall, source: Connect, tmp_path: Path
) -> None:
    one, two = ClipOrder(tmp_path, "1" * 32), ClipOrder(tmp_path, "2" * 32)
    with Driver(source, wall.before) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(one.start(wall.now_us, None))
        driver.wait(ClipStarted)
        time.sleep(2)
        wall.set(step_s)
        ended = driver.wait(ClipEnded)
        assert ended.reason == "clock"
        # What is told of was seen some time before: a clip's packets gather.
        assert -(GATHER_SECONDS + 1) * 1e6 < ended.next_from_us - wall.now_us <= 0
        driver.send(two.start(ended.next_from_us, wall.now_us + 3_000_000))
        started = driver.wait(ClipStarted)
        assert started.start_us == ended.next_from_us
        driver.send(TakeStill(request_id=1, max_width=0))
        assert abs(driver.wait(StillTaken).time_us - wall.now_us) < 1_500_000
        first, second = driver.wait(ClipFinished), driver.wait(ClipFinished)
        assert driver.stop() == 0
        assert not [event for event in driver.events if isinstance(event, GapClosed)]
    assert first.end_reason == "clock"
    assert second.end_reason == "until"
    assert abs(second.start_us - first.end_us - step_s * 1e6) < 200_000
    for finished, order in ((first, one), (second, two)):
        seconds = (finished.end_us - finished.start_us) / 1e6
        assert 1.5 <= seconds < 4 + GATHER_SECONDS
        assert abs(finished.frames - seconds * 15) <= 3, "no frame is lost"
        assert assert_masked(order.plain()) == finished.frames
        assert all(0.01 < b - a < 0.3 for a, b in pairwise(times_of(order.plain())))


@pytest.mark.parametrize("step_s", [-0.8, 0.8])
def test_a_small_step_disturbs_nothing(step_s: float, wall: Wall, source: Connect, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(source, wall.before) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(wall.now_us, None))
        driver.wait(ClipStarted)
        time.sleep(1)
        wall.set(step_s)
        time.sleep(2)
        driver.send(ExtendClip(clip_id=order.clip_id, until_us=wall.now_us))
        assert driver.wait(ClipEnded).reason == "until"
        finished = driver.wait(ClipFinished)
    assert finished.frames > 30
    assert all(0.01 < b - a < 0.3 for a, b in pairwise(times_of(order.plain())))


def test_the_pre_roll_reaches_back_beyond_the_step(wall: Wall, source: Connect, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(source, wall.before) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        time.sleep(2.5)
        wall.set(-HOUR_S)
        time.sleep(0.2)
        asked_us = wall.now_us
        driver.send(order.start(asked_us - 1_500_000, asked_us + 1_000_000))
        assert abs(driver.wait(ClipStarted).start_us - (asked_us - 1_500_000)) < 500_000
        finished = driver.wait(ClipFinished)
    assert finished.end_reason == "until"
    assert 30 <= finished.frames <= 45


def test_a_begin_that_was_reckoned_before_the_clock_was_set_back(wall: Wall, source: Connect, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(source, wall.before) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        before_us = wall.now_us
        wall.set(-HOUR_S)
        driver.send(order.start(before_us, wall.now_us + 6_000_000))
        started = driver.wait(ClipStarted)
        assert abs(started.start_us - wall.now_us) < 4_000_000
        assert driver.wait(ClipFinished).end_us - started.start_us < 7_000_000


def test_a_clip_that_waits_for_its_first_frame_while_the_clock_is_set(wall: Wall, tmp_path: Path) -> None:
    image = film(tmp_path / "still.jpg", "-frames:v", "1", "-q:v", "3").read_bytes()
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stills"), wall.before) as driver:
        driver.send(configuration(zones=ZONES))
        driver.wait(SourceNeeded)
        driver.send(order.start(wall.now_us, wall.now_us + 4_000_000))
        time.sleep(0.5)
        wall.set(-HOUR_S)
        for _ in range(20):
            driver.send(Still(time_us=wall.now_us, image=image))
            time.sleep(0.25)
        assert abs(driver.wait(ClipStarted).start_us - (wall.now_us - 5_000_000)) < 1_000_000
        finished = driver.wait(ClipFinished)
    assert finished.end_reason == "until"
    assert 2_500_000 < finished.end_us - finished.start_us < 4_000_000


def test_a_gap_is_as_long_as_it_was(wall: Wall, tmp_path: Path) -> None:
    source = Connect(kind="stream", url=str(film(tmp_path / "film.ts", *X264, seconds=3)))
    with Driver(source, wall.before) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.connect = Connect(kind="none")
        driver.wait(Status, state="reconnecting", key=faults.SOURCE_ENDED)
        wall.set(-HOUR_S)
        time.sleep(2.5)
        driver.connect = source
        gap = driver.wait(GapClosed)
        assert 2_000_000 < gap.to_us - gap.from_us < 12_000_000
        assert abs(gap.to_us - wall.now_us) < 1_000_000


class Times:
    def __init__(self) -> None:
        self.wall_us, self.real_us = BASE_US, 0
        self.clock = Clock(lambda: self.wall_us, lambda: self.real_us)

    def pass_by(self, real_us: int, step_us: int = 0) -> int:
        self.real_us += real_us
        self.wall_us += real_us + step_us
        return self.clock.now_us()


@given(st.lists(st.tuples(st.integers(0, 5_000_000), st.integers(-(10**11), 10**11)), max_size=30))
def test_whatever_is_done_to_the_wall_clock_ours_runs_on(steps: list[tuple[int, int]]) -> None:
    times = Times()
    last_us = times.clock.now_us()
    for real_us, step_us in steps:
        now_us = times.pass_by(real_us, step_us)
        assert 0.9 * real_us - 1 <= now_us - last_us <= 1.1 * real_us + 1
        assert abs(times.clock.utc_us() - times.wall_us) <= STEP_US
        last_us = now_us


def test_a_slew_is_followed_and_a_step_begins_an_era() -> None:
    times = Times()
    first = times.clock.era
    assert (first.from_us, first.shift_us) == (BASE_US, 0)
    for _ in range(10_000):
        times.pass_by(100_000, 50)  # 500 ppm, as an NTP client slews
        assert times.clock.era is first
        assert abs(times.clock.utc_us() - times.wall_us) <= 1
    times.pass_by(100_000, -900_000)
    for _ in range(100):
        times.pass_by(100_000)
    assert times.clock.era is first
    assert abs(times.clock.utc_us() - times.wall_us) <= 1
    before_us = times.clock.now_us()
    now_us = times.pass_by(100_000, -3_600_000_000)
    assert now_us == before_us + 100_000
    assert times.clock.era.from_us == before_us
    assert times.clock.era.utc(now_us) == times.wall_us
    assert times.clock.era.own(times.wall_us) == now_us


def test_a_sleeping_machine_is_no_step() -> None:
    """The time without a clock's ticks counts in both: the pictures have a gap, the clock wasn't set."""
    times = Times()
    first = times.clock.era
    times.pass_by(8 * 3_600_000_000)
    assert times.clock.era is first


def test_clocks_that_could_not_be_read_together_are_not_compared() -> None:
    reads = iter([0, 0, 60_000_000, 60_000_000, 60_000_000])
    wall_us = BASE_US
    clock = Clock(lambda: wall_us, lambda: next(reads))
    first = clock.era
    assert clock.now_us() == BASE_US + 60_000_000, "stopped between the readings"
    assert clock.era is first
    wall_us += 60_000_000
    assert clock.now_us() == BASE_US + 60_000_000
    assert clock.era is first
