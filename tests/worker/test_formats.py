"""Whatever a camera sends: the finished clip is plain H.264, complete, and masked in every frame."""

import io
import json
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from custom_components.camguard.worker import faults
from custom_components.camguard.worker.protocol import (
    CheckSpool,
    ClipEnded,
    ClipFailed,
    ClipFinished,
    ClipStarted,
    Connect,
    SpoolChecked,
    Status,
    Still,
    StillFailed,
    StillTaken,
    TakeStill,
)

from .driver import ClipOrder, Driver, configuration, film, now_us
from .test_process import ZONES, assert_masked, frames_of, streaming

pytestmark = pytest.mark.timeout(180)

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10")


def record(
    driver: Driver, order: ClipOrder, seconds: float = 2, *, zones: tuple[tuple[str, str], ...] = ZONES
) -> ClipFinished:
    """Record a clip, prove its mask both ways, and return the facts."""
    driver.send(order.start(now_us(), now_us() + int(seconds * 1e6)))
    driver.wait(ClipStarted, clip_id=order.clip_id)
    finished = driver.wait(ClipFinished, clip_id=order.clip_id, timeout=40)
    driver.send(CheckSpool(clip_id=order.clip_id, spool_path=str(order.spool_path), spool_secret=order.spool.text))
    checked = driver.wait(SpoolChecked, clip_id=order.clip_id, timeout=40)
    assert checked.masked, checked
    assert checked.frames == finished.frames == assert_masked(order.plain(), zones)
    return finished


def probe(mp4: bytes, tmp_path: Path) -> list[dict[str, object]]:
    path = tmp_path / "probe.mp4"
    path.write_bytes(mp4)
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-of", "json", path], check=True, capture_output=True
    )
    assert shown.stderr == b""
    decoded = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"], check=True, capture_output=True)
    assert decoded.stderr == b""
    return json.loads(shown.stdout)["streams"]  # type: ignore[no-any-return]


FORMATS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "h264": ("mp4", "320x240", X264),
    "h264 full range": ("ts", "320x240", (*X264, "-vf", "scale=out_range=full", "-pix_fmt", "yuvj420p")),
    "h264 with B-frames": ("ts", "320x240", ("-c:v", "libx264", "-g", "15", "-bf", "2", "-preset", "fast")),
    "h264 4:4:4 of odd size": ("mkv", "321x243", (*X264, "-vf", "scale=321:243", "-pix_fmt", "yuv444p")),
    "hevc": ("ts", "320x240", ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10")),
    "hevc 10 bit": (
        "mkv", "320x240",
        ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params",
        "log-level=none:keyint=10:bframes=0"),
    ),
    "mjpeg of odd size": ("avi", "321x243", ("-c:v", "mjpeg", "-q:v", "4", "-vf", "scale=321:243", "-pix_fmt",
    "yuvj422p")),
    "mjpeg in multipart": ("mpjpeg", "320x240", ("-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-f", "mpjpeg")),
    "mpeg4": ("avi", "320x240", ("-c:v", "mpeg4", "-q:v", "4", "-g", "10")),
    "mpeg4 with B-frames": ("avi", "320x240", ("-c:v", "mpeg4", "-q:v", "4", "-g", "10", "-bf", "2")),
    "vp9": ("webm", "322x242", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "10")),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_camera(name: str, tmp_path: Path) -> None:
    ending, size, arguments = FORMATS[name]
    source = film(tmp_path / f"film.{ending}", *arguments, size=size)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        status = streaming(driver)
        assert f"{status.width}x{status.height}" == size
        finished = record(driver, order)
        assert driver.stop() == 0
    assert 22 <= finished.frames <= (55 if "multipart" in name else 34), "multipart doesn't tell the rate"
    assert (finished.width, finished.height) == (status.width & ~1, status.height & ~1)
    (stream,) = probe(order.plain(), tmp_path)
    full = "full" in name or "mjpeg" in name
    assert stream["codec_tag_string"] == "avc1"
    assert stream["pix_fmt"] in ({"yuvj420p"} if full else {"yuv420p"})
    assert stream.get("color_range") in ({"pc"} if full else {None, "tv"})
    assert stream["has_b_frames"] == 0
    assert int(str(stream["nb_frames"])) == finished.frames
    times = [float(frame.pts * frame.time_base) for frame in frames_of(order.plain())]
    assert max(b - a for a, b in pairwise(times)) < 0.5
    middle = [plane_mean(frame) for frame in frames_of(order.plain())]
    assert len({round(value, 3) for value in middle}) > len(middle) / 2, "the open part moves"


def plane_mean(frame: av.VideoFrame) -> float:
    luma = np.frombuffer(frame.planes[0], np.uint8).reshape(frame.planes[0].height, -1)
    return float(luma[: luma.shape[0] // 2, luma.shape[1] // 2 :].mean())


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_film_is_masked_as_it_is_shown(degrees: int, tmp_path: Path) -> None:
    plain = film(tmp_path / "plain.mp4", *X264)
    source = tmp_path / "turned.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", plain, "-c", "copy", "-metadata:s:v:0", f"rotate={degrees}", source], check=True
    )
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        status = streaming(driver)
        assert (status.width, status.height) == ((320, 240) if degrees == 180 else (240, 320))
        record(driver, order)
    upright = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", source, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    films = np.frombuffer(upright, np.uint8).reshape(-1, 320 * 240 * 3 // 2)[:, : 320 * 240]
    shown = next(frames_of(order.plain())).to_ndarray(format="yuv420p")[: status.height].astype(float)
    part = (slice(0, status.height // 2), slice(status.width // 2, status.width))
    alike = [
        np.corrcoef(luma.reshape(status.height, status.width)[part].ravel().astype(float), shown[part].ravel())[0, 1]
        for luma in films
    ]
    assert max(alike) > 0.97, "FFmpeg's own turning shows the same picture"


def joined(tmp_path: Path, first: str, second: str, *more: str) -> Path:
    path = tmp_path / "joined.ts"
    sizes = enumerate((first, second))
    path.write_bytes(
        b"".join(
            film(tmp_path / f"{n}.ts", *X264, *more, size=size, seconds=5 + n * 10).read_bytes() for n, size in sizes
        )
    )
    return path


def test_another_size_of_the_same_shape_ends_the_clip_and_the_next_one_goes_on(tmp_path: Path) -> None:
    one, two = ClipOrder(tmp_path / "clips", "1" * 32), ClipOrder(tmp_path / "clips", "2" * 32)
    with Driver(Connect(kind="stream", url=str(joined(tmp_path, "320x240", "480x360")))) as driver:
        driver.send(configuration(zones=ZONES))
        assert streaming(driver).width == 320
        driver.send(one.start(now_us(), None))
        ended = driver.wait(ClipEnded, clip_id=one.clip_id)
        assert ended.reason == "geometry"
        time.sleep(1.5)  # Home Assistant takes its time: nothing may be lost
        driver.send(TakeStill(request_id=1, max_width=0))
        assert driver.wait(StillTaken).width == 480
        driver.send(two.start(ended.next_from_us, ended.next_from_us + 3_000_000))
        first = driver.wait(ClipFinished, clip_id=one.clip_id)
        second = driver.wait(ClipFinished, clip_id=two.clip_id)
    assert (first.width, first.height, second.width, second.height) == (320, 240, 480, 360)
    assert second.start_us == ended.next_from_us
    assert assert_masked(one.plain()) == first.frames > 20
    assert assert_masked(two.plain()) == second.frames > 40
    times = [float(frame.pts * frame.time_base) for frame in frames_of(two.plain())]
    assert max(b - a for a, b in pairwise(times)) < 0.3


@pytest.mark.parametrize("reference", [(320, 240), None])
def test_another_shape_in_mid_stream_blocks_and_nothing_of_it_is_recorded(
    reference: tuple[int, int] | None, tmp_path: Path
) -> None:
    one, two = ClipOrder(tmp_path / "clips", "1" * 32), ClipOrder(tmp_path / "clips", "2" * 32)
    with Driver(Connect(kind="stream", url=str(joined(tmp_path, "320x240", "400x400")))) as driver:
        driver.send(configuration(zones=ZONES, reference=reference))
        status = streaming(driver)
        assert (status.width, status.height) == (320, 240)
        driver.send(one.start(now_us(), None))
        assert driver.wait(ClipEnded).reason == "geometry"
        assert driver.wait(Status, state="blocked").key == faults.SHAPE_CHANGED
        driver.send(two.start(now_us(), None))
        assert driver.wait(ClipFailed, clip_id=two.clip_id).key == faults.NOTHING_RECORDED
        finished = driver.wait(ClipFinished, clip_id=one.clip_id)
    assert (finished.width, finished.height) == (320, 240)
    assert assert_masked(one.plain()) == finished.frames
    assert not two.spool_path.exists()
    assert not two.clip_path.exists()


def test_the_first_shape_counts_when_none_was_confirmed_after_a_reconnect_too(tmp_path: Path) -> None:
    first, second = (
        Connect(kind="stream", url=str(film(tmp_path / f"{size}.ts", *X264, size=size, seconds=seconds)))
        for size, seconds in (("320x240", 2), ("400x400", 20))
    )
    order = ClipOrder(tmp_path / "clips")
    with Driver(first) as driver:
        driver.send(configuration(zones=ZONES))
        status = streaming(driver)
        assert (status.width, status.height) == (320, 240)
        driver.connect = second
        assert driver.wait(Status, state="blocked").key == faults.SHAPE_CHANGED
        driver.send(order.start(now_us(), now_us() + 500_000))
        driver.send(TakeStill(request_id=1, max_width=0))
        assert driver.wait(StillFailed).key == faults.SHAPE_CHANGED
        driver.wait(ClipFailed)
    assert list((tmp_path / "clips").iterdir()) == []


@pytest.mark.parametrize("space", ["YCgCo", "bt2020c", "ictcp"])
def test_colours_that_the_scaler_does_not_know(space: str, tmp_path: Path) -> None:
    """The clip is recorded, with its thumbnail, and stills can be taken meanwhile."""
    source = film(tmp_path / "film.ts", *X264, "-x264-params", f"colormatrix={space}", seconds=20)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(TakeStill(request_id=1, max_width=160))
        assert driver.wait(StillTaken).image.startswith(b"\xff\xd8")
        assert record(driver, order).end_reason == "until"
    assert order.plain(order.thumbnail_path).startswith(b"\xff\xd8")


@pytest.mark.parametrize("wanted", [True, False])
def test_sound_is_recorded_only_when_wanted(wanted: bool, tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", *X264, "-c:a", "aac", "-ar", "48000", sound=True)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES, record_audio=wanted))
        streaming(driver)
        finished = record(driver, order, 3)
    assert finished.has_audio == wanted
    kinds = [stream["codec_name"] for stream in probe(order.plain(), tmp_path)]
    assert kinds == (["h264", "aac"] if wanted else ["h264"])
    if wanted:
        with av.open(io.BytesIO(order.plain())) as container:
            waves = [frame.to_ndarray() for frame in container.decode(audio=0)]
        assert sum(wave.shape[1] for wave in waves) / 48000 == pytest.approx(3, abs=0.5)
        assert max(np.abs(wave).max() for wave in waves) > 0.05, "the tone is heard"


def test_sound_in_a_container_that_keeps_its_description_apart(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", *X264, "-c:a", "aac", sound=True)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES, record_audio=True))
        streaming(driver)
        assert record(driver, order).has_audio


STILLS = {
    "png": [], "alpha.png": ["-pix_fmt", "rgba"], "palette.png": ["-pix_fmt", "pal8"], "grey.png": ["-pix_fmt", "gray"],
    "deep.png": ["-pix_fmt", "rgb48be"], "bits.png": ["-pix_fmt", "monob"], "moving.png": ["-f", "apng"], "webp": [],
    "bmp": [], "gif": [], "avif": ["-pix_fmt", "yuv420p"],
}  # fmt: skip


@pytest.mark.parametrize("ending", STILLS)
def test_stills_of_other_kinds(ending: str, tmp_path: Path) -> None:
    frames = "3" if ending == "moving.png" else "1"
    image = film(
        tmp_path / f"still.{ending}", "-frames:v", frames, *STILLS[ending], size="322x242"
    ).read_bytes()  # fmt: skip
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stills")) as driver:
        driver.send(configuration(zones=ZONES))
        begin = now_us()
        driver.send(Still(time_us=begin, image=image))
        streaming(driver)
        driver.send(order.start(begin, begin + 900_000))
        for number in range(1, 12):
            driver.send(Still(time_us=begin + number * 100_000, image=image))
            time.sleep(0.1)
        finished = driver.wait(ClipFinished)
    assert finished.frames >= 8
    assert assert_masked(order.plain()) == finished.frames
    # Each of them is the picture, not what a decoder makes of it and the one before.
    shown = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", tmp_path / f"still.{ending}", "-frames:v", "1", "-f", "rawvideo",
         "-pix_fmt", "gray", "-"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    wanted = np.frombuffer(shown, np.uint8).reshape(242, 322)[:110, 170:300].astype(int)
    for frame in frames_of(order.plain()):
        grey = frame.to_ndarray(format="gray")[:110, 170:300].astype(int)
        assert np.abs(grey - wanted).mean() < 12
    (stream,) = probe(order.plain(), tmp_path)
    assert stream.get("color_space") != "gbr"
