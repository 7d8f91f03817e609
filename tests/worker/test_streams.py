"""What real cameras do to their streams, with the right value for each: shape, times, beginnings, bad lines."""

import contextlib
import io
import subprocess
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from custom_components.camguard.vault.sealed import Identity, SealedReader
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.faults import BlockedError
from custom_components.camguard.worker.limits import OOM_SCORE
from custom_components.camguard.worker.picture.steadiness import Steadiness
from custom_components.camguard.worker.protocol import (
    EXIT_TOO_LARGE,
    Beat,
    ClipCut,
    ClipEnded,
    ClipFinished,
    ClipStarted,
    Connect,
    CutClip,
    GapClosed,
    SourceNeeded,
    Status,
    Still,
    StillTaken,
    TakeStill,
)

from ..rtsp import RtspServer
from .driver import ClipOrder, Driver, configuration, film, now_us
from .live import BadLine, Write, at_rate, http
from .test_formats import probe, record
from .test_process import ZONES, assert_masked, streaming

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("socket_enabled")]

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0")
SECOND = 1_000_000


# --- pixels that aren't square ---

ANAMORPHIC: dict[str, tuple[str, tuple[str, ...]]] = {
    "SPS": ("h264", X264),
    "SPS in a transport stream": ("ts", X264),
    "mov": ("mov", X264),
    "matroska": ("mkv", X264),
    "mpeg4": ("avi", ("-c:v", "mpeg4", "-q:v", "4", "-g", "10")),
    "mpeg2": ("ts", ("-c:v", "mpeg2video", "-q:v", "4", "-g", "10")),
    "hevc": ("ts", ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10")),
}


def size_of(jpeg: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(jpeg)) as container:
        return container.streams.video[0].width, container.streams.video[0].height


def assert_anamorphic(mp4: bytes, tmp_path: Path, ratio: str = "40:33") -> None:
    (stream,) = probe(mp4, tmp_path)
    assert (stream["width"], stream["height"]) == (704, 480)
    assert stream["sample_aspect_ratio"] == ratio, "in the SPS and in pasp"
    assert b"pasp" in mp4


@pytest.mark.parametrize("name", ANAMORPHIC)
def test_pixels_that_are_not_square(name: str, tmp_path: Path) -> None:
    ending, arguments = ANAMORPHIC[name]
    source = film(tmp_path / f"film.{ending}", "-vf", "setsar=40/33", *arguments, size="704x480", seconds=20)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        status = streaming(driver)
        assert (status.width, status.height) == (853, 480), "the shape as shown"
        driver.send(TakeStill(request_id=1, max_width=0))
        still = driver.wait(StillTaken)
        assert (still.width, still.height) == (853, 480)
        assert size_of(still.image) == (852, 480)
        record(driver, order)
    assert_anamorphic(order.plain(), tmp_path)
    assert size_of(order.plain(order.thumbnail_path)) == (640, 360)
    if name != "mov":
        return
    extract, recipient = tmp_path / "extract.age", Identity.generate()
    with Driver() as driver:
        driver.send(
            CutClip(
                clip_id=order.clip_id,
                clip_path=str(order.clip_path),
                clip_secret=order.clip.text,
                extract_path=str(extract),
                recipient=recipient.recipient.text,
                from_us=0,
                to_us=SECOND,
            )
        )
        driver.wait(ClipCut)
    with extract.open("rb") as file:
        reader = SealedReader(file, recipient)
        assert_anamorphic(reader.read_at(0, reader.size), tmp_path)


def test_pixels_over_rtsp(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", "-vf", "setsar=40/33", *X264, size="704x480", seconds=8)
    order = ClipOrder(tmp_path / "clips")
    with RtspServer(source) as rtsp, Driver(Connect(kind="stream", url=rtsp.url)) as driver:
        driver.send(configuration(zones=ZONES, reference=(853, 480)))
        streaming(driver)
        record(driver, order)
    assert_anamorphic(order.plain(), tmp_path)


@pytest.mark.parametrize("ratio", ["8/9", "1/1"])
def test_another_pixel_shape_is_another_shape(ratio: str, tmp_path: Path) -> None:
    first = film(tmp_path / "one.ts", "-vf", "setsar=40/33", *X264, size="704x480", seconds=5)
    second = film(tmp_path / "two.ts", "-vf", f"setsar={ratio}", *X264, size="704x480", seconds=20)
    both = tmp_path / "both.ts"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(both))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None))
        driver.wait(ClipStarted)
        assert driver.wait(Status, state="blocked").key == faults.SHAPE_CHANGED
        assert driver.wait(ClipEnded).reason == "geometry"
        driver.wait(ClipFinished)
    assert_anamorphic(order.plain(), tmp_path)


def test_another_pixel_shape_in_a_container_is_another_shape(tmp_path: Path) -> None:
    first = film(tmp_path / "one.ts", "-vf", "setsar=40/33", *X264, size="704x480", seconds=5)
    second = film(tmp_path / "two.ts", "-vf", "setsar=8/9", *X264, size="704x480", seconds=20)
    both = tmp_path / "both.mkv"
    (tmp_path / "both.ts").write_bytes(first.read_bytes() + second.read_bytes())
    repack(tmp_path / "both.ts", both)
    with Driver(Connect(kind="stream", url=str(both))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(ClipOrder(tmp_path / "clips").start(now_us(), None))
        assert driver.wait(Status, state="blocked").key == faults.SHAPE_CHANGED


@pytest.mark.parametrize(("inside", "outside"), [("1/1", "5:4"), ("40/33", "5:4"), ("40/33", "40:33")])
def test_the_container_has_the_last_word_on_pixels(inside: str, outside: str, tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", "-vf", f"setsar={inside}", *X264, size="704x480", seconds=20)
    told = tmp_path / "told.mkv"
    width = 704 * Fraction(outside.replace(":", "/"))
    repack(source, told, "-aspect", f"{round(width)}:480")
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(told))) as driver:
        driver.send(configuration(zones=ZONES))
        status = streaming(driver)
        assert (status.width, status.height) == (round(width), 480)
        record(driver, order)
    assert_anamorphic(order.plain(), tmp_path, outside)


def repack(source: Path, target: Path, *arguments: str) -> None:
    """Put the same packets into another container."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, "-c", "copy", *arguments, target], check=True)


def test_nonsense_about_pixels_counts_as_square(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", "-vf", "setsar=1/200", *X264)
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        status = streaming(driver)
    assert (status.width, status.height) == (320, 240)


# --- times that a demuxer made up ---


def stills_of(path: Path) -> list[bytes]:
    film(path / "%03d.jpg", "-q:v", "4", "-frames:v", "30")
    return [item.read_bytes() for item in sorted(path.glob("*.jpg"))]


def units_of(path: Path, codec: str) -> list[bytes]:
    """Return access units of a raw stream, with a keyframe every ten."""
    if codec == "h264":
        film(path / "film.h264", *X264, "-x264-params", "repeat-headers=1:aud=1", seconds=10)
    else:
        params = "log-level=none:keyint=10:bframes=0:repeat-headers=1:aud=1"
        film(path / "film.hevc", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", params, seconds=10)
    with av.open(str(path / f"film.{codec}")) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def assert_in_real_time(url: str, rate: float, order: ClipOrder) -> None:
    """Record eight seconds around a moment: nothing is longer, shorter or later than it was."""
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=4 * SECOND))
        streaming(driver)
        time.sleep(6)
        from_us = now_us() - 4 * SECOND
        driver.send(order.start(from_us, from_us + 8 * SECOND))
        finished = driver.wait(ClipFinished, timeout=40)
    picture_us = SECOND / rate
    assert -100_000 <= finished.start_us - from_us <= picture_us + 100_000, "the pre-roll"
    assert abs(finished.end_us - finished.start_us - 8 * SECOND) <= 0.02 * 8 * SECOND + picture_us
    assert abs(finished.frames - 8 * rate) <= max(0.02 * 8 * rate, 2)
    assert assert_masked(order.plain()) == finished.frames


@pytest.mark.parametrize("rate", [2, 10, 40])
def test_multipart_pictures_are_as_fast_as_they_come(rate: int, tmp_path: Path) -> None:
    pictures = stills_of(tmp_path)

    def deliver(write: object) -> None:
        for picture in at_rate(pictures, rate):
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n".encode()
            write(head + picture + b"\r\n")  # type: ignore[operator]

    with http("multipart/x-mixed-replace; boundary=frame", deliver) as url:
        assert_in_real_time(url, rate, ClipOrder(tmp_path / "clips"))


@pytest.mark.parametrize(("codec", "rate"), [("h264", 10), ("hevc", 40), ("h264", 2)])
def test_raw_streams_are_as_fast_as_they_come(codec: str, rate: int, tmp_path: Path) -> None:
    units = units_of(tmp_path, codec)

    def deliver(write: object) -> None:
        for unit in at_rate(units, rate):
            write(unit)  # type: ignore[operator]

    with http("video/h264", deliver) as url:
        # A raw stream's unit is known to be whole when the next begins, and its pre-roll goes back to a keyframe.
        assert_in_real_time(url, rate, ClipOrder(tmp_path / "clips"))


# --- a camera that has no keyframes ---


def test_a_picture_that_is_refreshed_bit_by_bit(tmp_path: Path) -> None:
    source = film(
        tmp_path / "film.ts", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0",
        "-x264-params", "intra-refresh=1:keyint=30", seconds=80,
    )  # fmt: skip
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=4 * SECOND))
        streaming(driver)
        time.sleep(9)
        from_us = now_us() - 4 * SECOND
        driver.send(order.start(from_us, from_us + 6 * SECOND))
        started = driver.wait(ClipStarted)
        assert 0 <= started.start_us - from_us < 100_000
        finished = driver.wait(ClipFinished, timeout=30)
        driver.send(TakeStill(request_id=1, max_width=0))
        driver.wait(StillTaken)
    assert abs(finished.frames - 90) <= 2
    with av.open(io.BytesIO(order.plain())) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    with av.open(str(source)) as container:
        whole = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    # A picture that isn't whole differs from every one of the film by more than coding does.
    first = pictures[0][:160, 140:].astype(int)
    assert min(np.abs(first - item[:160, 140:]).mean() for item in whole) < 4


# --- a busy snapshot address ---


def test_a_busy_snapshot_address(tmp_path: Path) -> None:
    image = film(tmp_path / "still.jpg", "-frames:v", "1", "-q:v", "3").read_bytes()
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stills")) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=4 * SECOND))
        driver.wait(SourceNeeded)
        answers = (image, b"<html>busy</html>", b"", b"503", image) * 12
        began = now_us()
        for number, answer in enumerate(answers):
            driver.send(Still(time_us=now_us(), image=answer))
            time.sleep(0.2)
            if number == 30:
                from_us = now_us() - 4 * SECOND
                driver.send(order.start(from_us, from_us + 8 * SECOND))
        finished = driver.wait(ClipFinished, timeout=30)
        assert now_us() - began > 10 * SECOND
        assert not [event for event in driver.events if isinstance(event, Status) and event.state == "reconnecting"]
        assert not [event for event in driver.events if isinstance(event, GapClosed)], "no real pause"
    assert finished.start_us - from_us < SECOND, "what was seen before stays"
    assert finished.frames >= 14
    assert assert_masked(order.plain()) == finished.frames


# --- a bad line ---


def test_a_line_that_is_cut_again_and_again(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", *X264, seconds=10)
    recorded_us = 0
    with RtspServer(source) as rtsp, contextlib.ExitStack() as stack:
        line = stack.enter_context(contextlib.closing(BadLine(rtsp.port, cut_s=8)))
        url = rtsp.url.replace(str(rtsp.port), str(line.port))
        with Driver(Connect(kind="stream", url=url)) as driver:
            driver.send(configuration(zones=ZONES))
            streaming(driver)
            began, from_us, number = time.monotonic(), now_us(), 0
            while time.monotonic() - began < 45:
                order = ClipOrder(tmp_path / "clips", f"{number:032x}")
                number += 1
                driver.send(order.start(from_us, None))
                from_us = driver.wait(ClipEnded, timeout=30).next_from_us
                finished = driver.wait(ClipFinished, timeout=30)
                # As Home Assistant does: the next clip is ordered once pictures come again.
                driver.wait(Status, state="reconnecting", timeout=30)
                driver.wait(Status, state="streaming", timeout=30)
                recorded_us += finished.end_us - finished.start_us
                assert assert_masked(order.plain()) == finished.frames
            passed_us = (time.monotonic() - began) * 1e6
            told_us = sum(event.to_us - event.from_us for event in driver.events if isinstance(event, GapClosed))
    assert line.connections >= 5
    assert recorded_us > 0.8 * passed_us, (recorded_us, passed_us, told_us)


def test_a_line_that_flips_bits(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", *X264, seconds=10)
    order = ClipOrder(tmp_path / "clips")
    with RtspServer(source) as rtsp, contextlib.ExitStack() as stack:
        line = stack.enter_context(contextlib.closing(BadLine(rtsp.port, flip_every=40_000)))
        url = rtsp.url.replace(str(rtsp.port), str(line.port))
        with Driver(Connect(kind="stream", url=url)) as driver:
            driver.send(configuration(zones=ZONES, reference=(320, 240)))
            streaming(driver)
            driver.send(order.start(now_us(), now_us() + 20 * SECOND))
            finished = driver.wait(ClipFinished, timeout=60)
    assert line.flipped > 10
    assert assert_masked(order.plain()) == finished.frames > 50


def test_ffprobe_and_ours_agree_on_length(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", *X264)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        finished = record(driver, order, 3)
    (tmp_path / "clip.mp4").write_bytes(order.plain())
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=duration", "-of", "csv=p=0", tmp_path / "clip.mp4"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert float(shown.stdout) == pytest.approx((finished.end_us - finished.start_us) / 1e6, abs=0.02)


# --- streams that mean harm ---


def test_tiny_packets_without_end_take_no_more_than_their_bound(tmp_path: Path) -> None:
    source = film(tmp_path / "film.h264", *X264, seconds=1)
    keyframe = source.read_bytes()
    # Access units of one empty slice each: five bytes, for ever.
    tiny = b"\0\0\0\1\x09\x10\0\0\1\x41\x9a" * 2000

    def deliver(write: Write) -> None:
        write(keyframe)
        for _ in range(400):
            write(tiny)

    with http("video/h264", deliver) as url, Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, ring_max_bytes=8 << 20))
        streaming(driver)
        largest = 0
        for _ in range(3):
            beat = driver.wait(Beat)
            largest = max(largest, beat.private_bytes)
            assert beat.ring_bytes <= 8 << 20
    assert largest < 150_000_000


def test_a_worker_that_takes_too_much_memory_ends_and_says_why(tmp_path: Path) -> None:
    source = film(tmp_path / "film.h264", *X264, seconds=1)
    # Keyframes, each with three megabytes of what may be anything: the ring is told to keep more than a worker may have.
    padded = source.read_bytes() + b"\0\0\1\x0c" + b"\xff" * 3_000_000 + b"\x80"

    def deliver(write: Write) -> None:
        while True:
            write(padded)
            time.sleep(0.01)

    with http("video/h264", deliver) as url, Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, ring_max_bytes=1 << 30, pre_roll_us=600_000_000))
        assert driver.process.wait(90) == EXIT_TOO_LARGE
        assert b"more than any stream needs" in driver.stderr


def test_a_size_that_changes_again_and_again_blocks(tmp_path: Path) -> None:
    one = film(tmp_path / "one.ts", *X264, size="320x240", seconds=1)
    two = film(tmp_path / "two.ts", *X264, size="640x480", seconds=1)
    flicker = tmp_path / "flicker.ts"
    flicker.write_bytes((one.read_bytes() + two.read_bytes()) * 20)
    folder = tmp_path / "clips"
    with Driver(Connect(kind="stream", url=str(flicker))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        for number in range(20):
            order = ClipOrder(folder, f"{number:032x}")
            driver.send(order.start(now_us(), None))
            driver.wait(ClipEnded, clip_id=order.clip_id, timeout=30)
            if any(event.state == "blocked" for event in driver.events if isinstance(event, Status)):
                break
        assert driver.wait(Status, state="blocked").key == faults.SIZE_UNSTABLE
    assert number <= 7, "a clip for each change, and no more than a few"


def test_steady_again_after_a_minute() -> None:
    now = [0.0]
    steadiness = Steadiness(lambda: now[0])
    for number in range(6):
        steadiness.see(number % 2)
    with pytest.raises(BlockedError):
        steadiness.see(0)
    now[0] = 59
    with pytest.raises(BlockedError):
        steadiness.see(0)
    now[0] = 121
    steadiness.see(0)
    for day in range(1, 100):
        now[0] = day * 86_400
        steadiness.see(day)


def test_the_kernel_takes_the_worker_first(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", *X264)
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        assert int(Path(f"/proc/{driver.process.pid}/oom_score_adj").read_text()) == OOM_SCORE
