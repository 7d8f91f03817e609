"""The whole worker as a process: real video in, sealed clips out, the mask in every decoded frame."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from custom_components.camguard.worker import faults
from custom_components.camguard.worker.clip import proof
from custom_components.camguard.worker.protocol import (
    CheckSpool,
    ClipEnded,
    ClipFailed,
    ClipFinished,
    ClipStarted,
    Connect,
    ExtendClip,
    Hello,
    SpoolChecked,
    Status,
    Still,
    StillFailed,
    StillTaken,
    Stop,
    TakeStill,
)

from .driver import ENTRY, ClipOrder, Driver, configuration, now_us

pytestmark = pytest.mark.timeout(120)

ZONES = (("neighbour", "0,0 40,0 40,50 0,50"), ("street", "60,70 100,70 100,100 60,100"))


def make_video(
    path: Path, *, seconds: float = 20, size: tuple[int, int] = (320, 240), fps: int = 15, **options: str
) -> Path:
    """Write a moving scene as H.264 in MPEG-TS, keyframes each second."""
    width, height = size
    with av.open(str(path), "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "g": str(fps), **options})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        rows, columns = np.mgrid[0:height, 0:width]
        for number in range(int(seconds * fps)):
            picture = np.empty((height, width, 3), np.uint8)
            picture[..., 0] = 60 + (rows + number * 2) % 160
            picture[..., 1] = 60 + (columns + number) % 160
            picture[..., 2] = 60 + (rows + columns) % 160
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "scene.ts")


def streaming(driver: Driver) -> Status:
    return driver.wait(Status, state="streaming")


def frames_of(mp4: bytes) -> Iterator[av.VideoFrame]:
    with av.open(io.BytesIO(mp4)) as container:
        yield from container.decode(video=0)


def assert_masked(mp4: bytes, zones: tuple[tuple[str, str], ...] = ZONES) -> int:
    count = 0
    for picture in frames_of(mp4):
        count += 1
        for name, plane in zip("YUV", proof._planes(picture), strict=True):
            height, width = plane.shape
            for _zone, points in zones:
                corners = [tuple(float(v) for v in pair.split(",")) for pair in points.split()]
                x1, x2 = (int(f(c[0] for c in corners) / 100 * width) for f in (min, max))
                y1, y2 = (int(f(c[1] for c in corners) / 100 * height) for f in (min, max))
                values = plane[y1:y2, x1:x2].astype(int)
                assert abs(values - (16 if name == "Y" else 128)).max() <= 24, (count, name)
    return count


def boxes(mp4: bytes) -> list[str]:
    found, position = [], 0
    while position < len(mp4):
        size = int.from_bytes(mp4[position : position + 4])
        found.append(mp4[position + 4 : position + 8].decode())
        assert size >= 8
        position += size
    return found


def test_records_a_masked_sealed_clip(video: Path, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        assert driver.wait(Hello).encoders[0] == "libx264"
        driver.send(configuration(zones=ZONES, reference=(320, 240)))
        status = streaming(driver)
        assert (status.width, status.height, status.codec) == (320, 240, "h264")
        time.sleep(2.5)
        asked_us = now_us()
        driver.send(order.start(asked_us - 2_000_000, asked_us + 3_000_000, camera_id="camera"))
        started = driver.wait(ClipStarted)
        assert abs(started.start_us - (asked_us - 2_000_000)) < 500_000
        assert driver.wait(ClipEnded).reason == "until"
        finished = driver.wait(ClipFinished)
        driver.send(CheckSpool(clip_id=order.clip_id, spool_path=str(order.spool_path), spool_secret=order.spool.text))
        checked = driver.wait(SpoolChecked)
        assert driver.stop() == 0
    assert checked.masked
    assert checked.frames == finished.frames
    assert finished.meta == {"camera_id": "camera"}
    assert not finished.recovered
    assert abs(finished.end_us - finished.start_us - 5_000_000) < 200_000
    mp4 = order.plain()
    assert len(mp4) == finished.size_bytes
    kinds = boxes(mp4)
    assert kinds.index("moov") < kinds.index("mdat")
    assert b"moof" not in mp4
    assert assert_masked(mp4) == finished.frames
    assert abs(finished.frames - 75) <= 3
    assert order.plain(order.thumbnail_path).startswith(b"\xff\xd8")
    for path in (order.spool_path, order.clip_path, order.thumbnail_path):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_bytes().startswith(b"age-encryption.org/v1\n")


def test_the_clip_is_what_third_party_tools_expect(video: Path, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), now_us() + 2_000_000))
        finished = driver.wait(ClipFinished)
    (tmp_path / "key").write_text(order.clip.text + "\n")
    plain = tmp_path / "clip.mp4"
    subprocess.run(["age", "-d", "-i", tmp_path / "key", "-o", plain, order.clip_path], check=True)
    assert plain.read_bytes() == order.plain()
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", plain],
        check=True,
        capture_output=True,
    )
    facts = json.loads(shown.stdout)
    (stream,) = facts["streams"]
    assert (stream["codec_name"], stream["codec_tag_string"], stream["pix_fmt"]) == ("h264", "avc1", "yuv420p")
    assert stream["has_b_frames"] == 0
    assert int(stream["nb_frames"]) == finished.frames
    assert abs(float(facts["format"]["duration"]) - (finished.end_us - finished.start_us) / 1e6) < 0.1
    decoded = subprocess.run(["ffmpeg", "-v", "error", "-i", plain, "-f", "null", "-"], capture_output=True, check=True)
    assert decoded.stderr == b""


def test_extends_and_rolls_over_without_a_gap(video: Path, tmp_path: Path) -> None:
    first, second = ClipOrder(tmp_path, "1" * 32), ClipOrder(tmp_path, "2" * 32)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES, max_length_us=2_000_000))
        streaming(driver)
        driver.send(first.start(now_us(), now_us() + 500_000))
        driver.send(ExtendClip(clip_id=first.clip_id, until_us=None))
        ended = driver.wait(ClipEnded)
        assert ended.reason == "max_length"
        driver.send(second.start(ended.next_from_us, None))
        one = driver.wait(ClipFinished, clip_id=first.clip_id)
        time.sleep(1)
        driver.send(ExtendClip(clip_id="9" * 32, until_us=0))  # nobody's: ignored
        driver.send(ExtendClip(clip_id=second.clip_id, until_us=now_us()))
        two = driver.wait(ClipFinished, clip_id=second.clip_id)
    assert one.end_us == ended.next_from_us == two.start_us
    assert 28 <= one.frames <= 32


def test_orphaned_in_mid_clip_leaves_a_complete_spool(video: Path, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None, why="orphan"))
        driver.wait(ClipStarted)
        time.sleep(1)
        assert driver.process.stdin
        driver.process.stdin.close()
        driver.process.wait(10)
    assert not order.clip_path.exists()
    with Driver() as driver:
        driver.send(order.finish())
        finished = driver.wait(ClipFinished)
    assert finished.meta == {"why": "orphan"}
    assert finished.end_reason == "stopped"
    assert assert_masked(order.plain()) == finished.frames > 5


def test_killed_in_mid_clip_is_recovered(video: Path, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None, why="killed"))
        driver.wait(ClipStarted)
        time.sleep(7)
        os.kill(driver.process.pid, signal.SIGKILL)
        driver.process.wait(10)
    with Driver() as driver:
        driver.send(order.finish())
        finished = driver.wait(ClipFinished)
    assert finished.recovered
    assert finished.end_reason == "interrupted"
    assert finished.end_us - finished.start_us > 4_000_000
    assert assert_masked(order.plain()) == finished.frames


def test_stop_finishes_the_clip_in_hand(video: Path, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None))
        driver.wait(ClipStarted)
        time.sleep(0.5)
        driver.send(Stop())
        assert driver.wait(ClipFinished).end_reason == "stopped"
        assert driver.process.wait(10) == 0


def test_stills_are_masked_scaled_and_gridded(video: Path) -> None:
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        for number, (width, grid) in enumerate([(0, False), (160, False), (0, True)]):
            driver.send(TakeStill(request_id=number, max_width=width, grid=grid))
            taken = driver.wait(StillTaken, request_id=number)
            assert abs(taken.time_us - now_us()) < 1_500_000
            assert (taken.width, taken.height) == (320, 240)
            with av.open(io.BytesIO(taken.image)) as container:
                picture = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
            assert picture.shape[1] == (width or 320)
            if not grid:
                height, columns = picture.shape[:2]
                assert picture[: int(height * 0.48), : int(columns * 0.38)].max() < 30
                assert picture[int(height * 0.55) :, : int(columns * 0.5)].mean() > 60


def test_a_camera_without_a_stream_is_guarded_from_stills(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 322, 242, "yuvj420p"  # type: ignore[attr-defined]
    encoder.time_base = Fraction(1)
    noise = np.random.default_rng(1).integers(60, 220, (242, 322, 3), dtype=np.uint8)
    picture = av.VideoFrame.from_ndarray(noise, "rgb24").reformat(format="yuvj420p")
    jpeg = bytes(encoder.encode(picture)[0])  # type: ignore[attr-defined]
    with Driver(Connect(kind="stills")) as driver:
        driver.send(configuration(zones=ZONES))
        driver.wait(Status, state="connecting")
        begin = now_us()
        driver.send(Still(time_us=begin, image=jpeg))
        streaming(driver)
        driver.send(order.start(begin, None))
        for _ in range(4):
            time.sleep(0.5)
            driver.send(Still(time_us=now_us(), image=jpeg))
        driver.wait(ClipStarted)
        driver.send(Still(time_us=now_us(), image=b"garbage"))
        driver.send(TakeStill(request_id=7, max_width=0))
        driver.wait(StillTaken)
        driver.send(ExtendClip(clip_id=order.clip_id, until_us=now_us()))
        driver.send(Still(time_us=now_us() + 1000, image=jpeg))
        finished = driver.wait(ClipFinished)
    assert finished.frames >= 4
    assert assert_masked(order.plain()) == finished.frames


def test_another_shape_blocks(video: Path, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES, reference=(1920, 1080)))
        assert driver.wait(Status, state="blocked").key == faults.SHAPE_CHANGED
        driver.send(order.start(now_us(), None))
        driver.send(TakeStill(request_id=1, max_width=0))
        assert driver.wait(StillFailed).key == faults.SHAPE_CHANGED
        assert driver.wait(ClipFailed).clip_id == order.clip_id
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("reference", [(320, 240), (1920, 1080)], ids=["running", "blocked"])
def test_zones_are_tried_out_on_a_camera_that_is_watched_already(reference: tuple[int, int], video: Path) -> None:
    elsewhere = (("right", "60,0 100,0 100,50 60,50"),)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES, reference=reference))
        driver.wait(Status, state="streaming" if reference == (320, 240) else "blocked")
        driver.send(TakeStill(request_id=1, max_width=0, trial_zones=elsewhere))
        with av.open(io.BytesIO(driver.wait(StillTaken, request_id=1).image)) as container:
            picture = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
        assert picture[:115, 200:].max() < 30
        assert picture[:115, :120].mean() > 60, "the camera's own zones don't count"
        driver.send(TakeStill(request_id=2, max_width=0, trial_zones=(("broken", "1,1 2,2"),)))
        assert driver.wait(StillFailed, request_id=2).key == faults.ZONES_UNREADABLE
        if reference == (320, 240):
            driver.send(TakeStill(request_id=3, max_width=0))
            with av.open(io.BytesIO(driver.wait(StillTaken, request_id=3).image)) as container:
                picture = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
            assert picture[:115, :120].max() < 30, "others see the camera's own zones, and those only"


def test_unreadable_zones_block_before_the_source_is_opened(video: Path) -> None:
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=(("broken", "1,1 2,2"),)))
        assert driver.wait(Status).key == faults.ZONES_UNREADABLE
        time.sleep(0.5)
        assert "SourceNeeded" not in [type(event).__name__ for event in driver.events]


def test_the_source_that_ends_ends_the_clip(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    short = make_video(tmp_path / "short.ts", seconds=3)
    with Driver(Connect(kind="stream", url=str(short))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None))
        assert driver.wait(ClipEnded).reason == "source_lost"
        finished = driver.wait(ClipFinished)
        driver.wait(Status, state="reconnecting")
        streaming(driver)
    assert finished.end_reason == "source_lost"
    assert finished.end_us - finished.start_us > 1_000_000


def test_a_disk_that_says_no_fails_the_clip_not_the_worker(video: Path, tmp_path: Path) -> None:
    lost, order = ClipOrder(tmp_path / "gone", "1" * 32), ClipOrder(tmp_path / "there", "2" * 32)
    (tmp_path / "gone").rmdir()
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(lost.start(now_us(), None))
        assert driver.wait(ClipFailed).key == "storage_missing"
        driver.send(order.start(now_us(), now_us() + 1_000_000))
        driver.wait(ClipFinished)


def test_an_unusable_spool_is_told(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    order.spool_path.write_bytes(b"age-encryption.org/v1\n")
    with Driver() as driver:
        driver.send(order.finish())
        failed = driver.wait(ClipFailed)
    assert failed.key == faults.SPOOL_UNREADABLE
    assert not failed.spool_usable
    assert not order.clip_path.exists()


def test_a_spool_that_was_never_begun_is_told(tmp_path: Path) -> None:
    """Granted, but the worker died first. With its folder the disk is away: then it may well be there."""
    never, away = ClipOrder(tmp_path / "here", "1" * 32), ClipOrder(tmp_path / "away", "2" * 32)
    (tmp_path / "away").rmdir()
    with Driver() as driver:
        driver.send(never.finish())
        failed = driver.wait(ClipFailed, clip_id=never.clip_id)
        assert (failed.key, failed.spool_usable) == (faults.NOTHING_RECORDED, False)
        driver.send(away.finish())
        failed = driver.wait(ClipFailed, clip_id=away.clip_id)
        assert (failed.key, failed.spool_usable) == ("storage_missing", True)


def test_what_a_killed_finisher_left_is_gone_after_the_next_attempt(video: Path, tmp_path: Path) -> None:
    whole, torn = ClipOrder(tmp_path, "1" * 32), ClipOrder(tmp_path, "2" * 32)
    with Driver(Connect(kind="stream", url=str(video))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(whole.start(now_us(), now_us() + 1_000_000))
        driver.wait(ClipFinished)
        whole.clip_path.unlink()
        torn.spool_path.write_bytes(whole.spool_path.read_bytes()[:150])
        for order in (whole, torn):
            order.clip_path.with_name(order.clip_path.name + ".part").write_bytes(b"half a clip")
            driver.send(order.finish())
        driver.wait(ClipFinished)
        assert not driver.wait(ClipFailed).spool_usable
    assert {path.name for path in tmp_path.iterdir()} == {
        path.name for path in (whole.spool_path, whole.clip_path, whole.thumbnail_path, torn.spool_path)
    }


def test_never_imports_home_assistant() -> None:
    code = (
        "import sys, runpy; sys.argv=['x'];"
        f"runpy.run_path({str(ENTRY)!r}, run_name='entry');"
        "bad=[m for m in sys.modules if m.partition('.')[0] in "
        "{'homeassistant','aiohttp','asyncio','voluptuous','probatio'}];"
        "sys.exit(f'imported: {bad}' if bad else 0)"
    )
    subprocess.run([sys.executable, "-P", "-c", code], check=True)


def test_garbage_on_the_pipe_ends_the_worker() -> None:
    with Driver() as driver:
        driver.wait(Hello)
        assert driver.process.stdin
        driver.process.stdin.write(b"\xff" * 64)
        driver.process.stdin.flush()
        assert driver.process.wait(10) != 0
