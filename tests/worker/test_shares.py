"""What a worker makes of its share (Allow): it waits for its turn, leaves out what it is told to, encodes smaller."""

import time
from pathlib import Path

import pytest

from custom_components.camguard.worker.protocol import (
    Allow,
    Beat,
    ClipFinished,
    ClipStarted,
    Connect,
    ExtendClip,
    StillTaken,
    TakeStill,
)

from ..rtsp import RtspServer
from .driver import ClipOrder, Driver, configuration, film, now_us
from .test_formats import probe
from .test_process import ZONES, assert_masked, streaming

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("socket_enabled")]

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-bf", "0")
RATE = 15
BOUND = 64 << 20


@pytest.fixture
def url(tmp_path: Path):  # type: ignore[no-untyped-def]
    with RtspServer(film(tmp_path / "film.mp4", *X264, seconds=8, rate=RATE)) as server:
        yield server.url


def test_a_clip_that_waits_for_its_turn_loses_nothing(url: str, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=0))
        streaming(driver)
        driver.send(Allow(ring_max_bytes=BOUND, go_on=False))
        until_us = now_us() + 8_000_000
        driver.send(order.start(now_us(), None))
        driver.wait(ClipStarted)  # a clip that has no picture yet begins, whoever else is late
        driver.send(ExtendClip(clip_id=order.clip_id, until_us=until_us))
        driver.send(TakeStill(request_id=1, max_width=0))
        driver.wait(StillTaken, request_id=1)
        late = driver.wait(Beat)
        while late.time_us < until_us + 1_000_000:
            late = driver.wait(Beat)
        encoded = late.encoded
        assert encoded < 8 * RATE / 2, "it waits"
        assert not [event for event in driver.events if isinstance(event, ClipFinished)]
        driver.send(Allow(ring_max_bytes=BOUND))
        finished = driver.wait(ClipFinished)
        driver.stop()
    length_us = finished.end_us - finished.start_us
    assert abs(finished.frames - length_us / 1e6 * RATE) <= 2
    assert length_us >= 7_000_000
    assert not finished.frame_rate_lowered
    assert_masked(order.plain())


def test_a_clip_that_waits_is_ended_whole_at_a_stop(url: str, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=0))
        streaming(driver)
        driver.send(Allow(ring_max_bytes=BOUND, go_on=False))
        driver.send(order.start(now_us(), None))
        began = driver.wait(ClipStarted)
        while driver.wait(Beat).time_us < began.start_us + 5_000_000:
            pass
        driver.stop()
        finished = driver.wait(ClipFinished)
    assert finished.end_us - finished.start_us > 4_500_000
    assert abs(finished.frames - (finished.end_us - finished.start_us) / 1e6 * RATE) <= 2


def test_what_is_left_out_is_left_out_evenly_and_stated(url: str, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=0))
        streaming(driver)
        driver.send(Allow(ring_max_bytes=BOUND, keep_one_of=3))
        driver.send(order.start(now_us(), now_us() + 6_000_000))
        finished = driver.wait(ClipFinished)
        driver.stop()
    assert finished.frame_rate_lowered
    length_us = finished.end_us - finished.start_us
    assert abs(finished.frames - length_us / 1e6 * RATE / 3) <= 2
    (stream,) = probe(order.plain(), tmp_path)
    assert abs(float(stream["duration"]) - length_us / 1e6) < 0.1


@pytest.mark.parametrize("thorough", [False, True])
def test_a_thorough_clip_says_so_and_is_masked(thorough: bool, url: str, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path / "clips", thorough=thorough)
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=0))
        streaming(driver)
        driver.send(order.start(now_us(), now_us() + 3_000_000))
        finished = driver.wait(ClipFinished)
        driver.stop()
    assert (
        finished.encoder.split()[-2:] == ["crf", "23"] if not thorough else finished.encoder.split()[-1] in {"25", "26"}
    )
    assert_masked(order.plain())


def test_a_ring_is_bounded_anew(url: str) -> None:
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=3_600_000_000))
        streaming(driver)
        while driver.wait(Beat).ring_bytes < 1 << 18:
            pass
        driver.send(Allow(ring_max_bytes=1 << 17))
        deadline = time.monotonic() + 30
        while driver.wait(Beat).ring_bytes > 1 << 17:
            assert time.monotonic() < deadline
        driver.stop()
