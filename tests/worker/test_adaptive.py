"""Adaptive clips of a real worker: everything that moves, little of what is still, at the right times."""

import io
import itertools
import json
import subprocess
import time
from pathlib import Path

import av
import numpy as np
import pytest

from custom_components.camguard.worker.protocol import (
    ClipEnded,
    ClipFinished,
    Connect,
    ExtendClip,
    MotionSeen,
    Status,
)

from .driver import ClipOrder, Driver, configuration, now_us
from .test_clock import Wall, wall  # noqa: F401 - a fixture

RATE, SIZE = 15, (320, 240)
MOVES = (8.0, 13.0)
SECONDS = 26
CELL, CELLS = 16, 14
STOP_WATCH = (("stop-watch", "0,90 72,90 72,100 0,100"),)
pytestmark = pytest.mark.timeout(120)


def picture(number: int, rng: np.random.Generator, every_s: float = SECONDS) -> av.VideoFrame:
    """A wall with sensor noise, a box that comes and goes, and the picture's number in light and dark cells."""
    width, height = SIZE
    rows, columns = np.mgrid[0:height, 0:width]
    luma = 110 + 40 * np.sin(columns / 9) * np.cos(rows / 7) + rng.normal(0, 2, (height, width))
    at_s = number / RATE % every_s
    if MOVES[0] <= at_s < MOVES[1]:
        x = int(40 + (at_s - MOVES[0]) * 40)
        luma[100:130, x : x + 12] = 220
    for bit in range(CELLS):
        luma[height - CELL :, bit * CELL : (bit + 1) * CELL] = 200 if number >> bit & 1 else 40
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = luma.clip(16, 235)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def number_of(frame: av.VideoFrame) -> int:
    """Read a picture's number."""
    luma = frame.to_ndarray(format="gray")
    return sum(
        int(luma[-CELL // 2 - 3 : -CELL // 2 + 3, bit * CELL + 4 : (bit + 1) * CELL - 4].mean() > 120) << bit
        for bit in range(CELLS)
    )


def write(
    path: Path, *, seconds: int = SECONDS, keyframe_s: float = 1.0, every_s: float = SECONDS,
    options: dict[str, str] | None = None,
) -> Path:  # fmt: skip
    """Write a film; something moves once in `every_s`."""
    rng = np.random.default_rng(1)
    chosen = {"preset": "veryfast", "sc_threshold": "0", "bf": "0", "crf": "20"} | (options or {})
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=chosen)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.gop_size = round(RATE * keyframe_s)
        for number in range(seconds * RATE):
            container.mux(stream.encode(picture(number, rng, every_s)))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("film") / "wall.ts")


def decoded(mp4: bytes) -> list[tuple[int, int]]:
    """Return (time in µs, number) of each picture."""
    with av.open(io.BytesIO(mp4)) as container:
        return [(int(frame.pts * frame.time_base * 1_000_000), number_of(frame)) for frame in container.decode(video=0)]


def test_the_clock_is_set_in_the_middle(film: Path, wall: Wall, tmp_path: Path) -> None:  # noqa: F811
    """The clip ends, the next one goes on, and what moves is in one of both."""
    one, two = ClipOrder(tmp_path, "1" * 32), ClipOrder(tmp_path, "2" * 32)
    with Driver(Connect(kind="stream", url=str(film)), wall.before) as driver:
        driver.send(configuration(adaptive=True, leave_out=STOP_WATCH))
        driver.wait(Status, state="streaming")
        driver.send(one.start(wall.now_us, None, sparse_from_us=0))
        time.sleep((MOVES[0] + MOVES[1]) / 2)
        wall.set(-3600)
        ended = driver.wait(ClipEnded)
        assert ended.reason == "clock"
        driver.send(two.start(ended.next_from_us, None, sparse_from_us=0))
        time.sleep(8)
        driver.send(ExtendClip(clip_id=two.clip_id, until_us=wall.now_us))
        driver.wait(ClipFinished)
        driver.wait(ClipFinished)
    numbers = {number for order in (one, two) for _, number in decoded(order.plain())}
    moving = set(range(int(MOVES[0] * RATE), int(MOVES[1] * RATE)))
    assert len(moving - numbers) <= 1


def test_all_that_moves_and_little_of_what_is_still(film: Path, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(film))) as driver:
        driver.send(configuration(adaptive=True, motion=True, leave_out=STOP_WATCH))
        driver.wait(Status, state="streaming")
        began_us = now_us()
        driver.send(order.start(began_us, None, sparse_from_us=0))
        seen = driver.wait(MotionSeen, moving=True)
        driver.wait(MotionSeen, moving=False)
        time.sleep(3)
        driver.send(ExtendClip(clip_id=order.clip_id, until_us=now_us()))
        assert driver.wait(ClipEnded).reason == "until"
        finished = driver.wait(ClipFinished)
        assert driver.stop() == 0
    shown = decoded(order.plain())
    assert len(shown) == finished.frames
    numbers = [number for _, number in shown]
    assert numbers == sorted(numbers)
    # The stop-watch in the picture and the clip's own clock agree, whatever lies between two pictures.
    offsets = [at_us - number * 1_000_000 / RATE for at_us, number in shown]
    assert max(offsets) - min(offsets) < 80_000
    moving = range(int((MOVES[0] - 2) * RATE), int(MOVES[1] * RATE))
    assert set(moving) <= set(numbers), "what moves is all there, and what was before"
    before = [number for number in numbers if number < (MOVES[0] - 2) * RATE]
    assert 1 <= len(before) <= 3, "about one in four seconds while nothing moves"
    assert max(b - a for a, b in itertools.pairwise(at for at, _ in shown)) < 10_000_000
    assert 0 <= seen.since_us - (finished.start_us - shown[0][1] * 1_000_000 // RATE + MOVES[0] * 1e6) + 2.2e6 < 2.4e6
    facts = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", "-"],
            input=order.plain(), capture_output=True, check=True,
        ).stdout
    )  # fmt: skip
    assert abs(float(facts["format"]["duration"]) - (finished.end_us - finished.start_us) / 1e6) < 0.1
