"""The clip's way to disk: full disks, clocks that stumble, and the proof of the mask."""

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from custom_components.camguard.domain.storage_faults import FULL, storage_fault
from custom_components.camguard.domain.zones import parse_zones
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.clip import mux, proof
from custom_components.camguard.worker.clip.writer import ClipWriter
from custom_components.camguard.worker.clock import Clock
from custom_components.camguard.worker.input.ring import SoundInfo, StreamInfo
from custom_components.camguard.worker.picture.aspect import SQUARE
from custom_components.camguard.worker.picture.mask import Mask, Masked
from custom_components.camguard.worker.picture.still_requests import StillRequests
from custom_components.camguard.worker.protocol import (
    ClipEnded,
    ClipFailed,
    ClipFinished,
    ClipStarted,
    Connect,
    ExtendClip,
    Message,
    StillFailed,
    StillTaken,
    TakeStill,
)

from ..test_translations import EN
from .driver import ClipOrder, Driver, configuration, film, now_us
from .test_process import ZONES, assert_masked, frames_of, streaming

pytestmark = pytest.mark.timeout(120)

BASE_US = 1_700_000_000_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no small disk can be mounted: {made.stderr.decode()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def source(tmp_path: Path) -> Path:
    return film(tmp_path / "film.ts", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", seconds=40, size="640x480")


def test_the_disk_gets_full_while_recording(small_disk: Path, tmp_path: Path) -> None:
    one, two = ClipOrder(small_disk, "1" * 32), ClipOrder(small_disk, "2" * 32)
    with Driver(Connect(kind="stream", url=str(source(tmp_path)))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(one.start(now_us(), None))
        driver.wait(ClipStarted)
        (small_disk / "rest").write_bytes(bytes(700_000))
        assert driver.wait(ClipEnded, timeout=60).reason == "failed"
        failed = driver.wait(ClipFailed)
        assert (failed.key, failed.spool_usable) == (FULL, True)
        driver.send(one.finish())  # no room for the clip either
        failed = driver.wait(ClipFailed)
        assert (failed.key, failed.spool_usable) == (FULL, True)
        assert sorted(path.name for path in small_disk.iterdir()) == ["1" * 32 + ".spool.age", "rest"]
        driver.send(two.start(now_us(), None))
        assert driver.wait(ClipFailed, clip_id=two.clip_id).key == FULL
        (small_disk / "rest").unlink()
        driver.send(one.finish())
        finished = driver.wait(ClipFinished)
        assert finished.recovered
        assert driver.stop() == 0
    assert assert_masked(one.plain()) == finished.frames > 3


def test_the_disk_gets_full_while_finishing(small_disk: Path, tmp_path: Path) -> None:
    order = ClipOrder(small_disk)
    with Driver(Connect(kind="stream", url=str(source(tmp_path)))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None))
        driver.wait(ClipStarted)
        (small_disk / "rest").write_bytes(bytes(300_000))
        asked_at = 0.0
        while order.spool_path.stat().st_size < 390_000:
            if time.monotonic() - asked_at > 1:
                asked_at = time.monotonic()
                driver.send(TakeStill(request_id=1, max_width=0))  # while somebody watches, no packets gather
            os.sched_yield()
            assert driver.process.poll() is None
        driver.send(ExtendClip(clip_id=order.clip_id, until_us=now_us()))
        assert driver.wait(ClipEnded).reason == "until"
        failed = driver.wait(ClipFailed)
        assert (failed.key, failed.spool_usable) == (FULL, True)
        assert sorted(path.name for path in small_disk.iterdir()) == [order.spool_path.name, "rest"]
        (small_disk / "rest").unlink()
        driver.send(order.finish())
        finished = driver.wait(ClipFinished)
        assert (finished.recovered, finished.end_reason) == (False, "until")
    assert assert_masked(order.plain()) == finished.frames


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "storage_full"), (errno.EDQUOT, "storage_full"), (errno.EFBIG, "storage_full"),
        (errno.EROFS, "storage_read_only"), (errno.EIO, "storage_failing"), (errno.ESTALE, "storage_missing"),
        (errno.ENODEV, "storage_missing"), (errno.ENOENT, "storage_missing"), (errno.ETIMEDOUT, "storage_silent"),
        (errno.EACCES, "storage_unavailable"), (None, "storage_unavailable"),
    ],
)  # fmt: skip
def test_what_a_disk_says(number: int | None, key: str) -> None:
    assert storage_fault(OSError(number, "no") if number else OSError("no")) == key
    assert key in EN["issues"]
    assert key in EN["exceptions"]


def alaw() -> av.AudioCodecContext:
    decoder = av.CodecContext.create("pcm_alaw", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout = 8000, "mono"  # type: ignore[assignment]
    return decoder


def still(luma: int, size: tuple[int, int] = (64, 48)) -> av.VideoFrame:
    picture = av.VideoFrame(*size, "yuv420p")
    for plane, value in zip(picture.planes, (luma, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    picture.color_range = 1
    return picture


INFO = StreamInfo(
    codec_name="h264", extradata=None, epoch=1, sound_state="recorded", sound_codec="pcm_alaw",
    sound=SoundInfo(decoder=alaw()),
)  # fmt: skip
SOUND = bytes([0xD5]) * 160


def masked(picture: av.VideoFrame) -> Masked:
    return Masked(picture=picture, time_us=0, aspect=SQUARE)


def write(order: ClipOrder, video: list[int], audio: list[int], *, reason: str = "stopped", luma: int = 16) -> None:
    writer = ClipWriter(
        order.start(BASE_US, None), encoder="libx264", info=INFO, thumbnail_us=BASE_US,
    )  # fmt: skip
    for number, time_us in enumerate(video):
        writer.add(masked(still(luma)), BASE_US + time_us)
        if number < len(audio):
            writer.add_sound(SOUND, BASE_US + audio[number])
    assert writer.end(reason)


def finish(order: ClipOrder) -> ClipFinished:
    return mux.finish(
        spool_path=order.spool_path, spool=order.spool, clip_path=order.clip_path,
        thumbnail_path=order.thumbnail_path, recipient=order.clip.recipient,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("video", "audio"),
    [
        ([0, 66_000, 66_001, 66_002, 132_000], []),
        ([0, 1, 2, 3, 4], []),
        ([0, 66_000, 132_000, 200_000, 260_000], [0, 23_000, 46_000, 20_000, 43_000]),
        ([0, 66_000, 132_000, 200_000, 260_000], [0, 23_000, 46_000, 90_000_000_000, 69_000]),
        ([0, 66_000, 132_000], [0, 1, 2]),
    ],
    ids=["close together", "all at once", "sound steps back", "sound jumps ahead", "sound at once"],
)
def test_a_clip_survives_clocks_that_stumble(video: list[int], audio: list[int], tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    write(order, video, audio)
    finished = finish(order)
    assert finished.frames == len(video) == len(list(frames_of(order.plain())))
    assert finished.has_audio == bool(audio)
    (tmp_path / "clip.mp4").write_bytes(order.plain())
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", tmp_path / "clip.mp4"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert float(shown.stdout) < 1


def test_the_proof_finds_an_open_zone(tmp_path: Path) -> None:
    zones = parse_zones([{"name": "z", "points": "0,0 50,0 50,50 0,50"}])
    for number, (luma, found) in enumerate([(16, ""), (90, "frame 1: Y")]):
        order = ClipOrder(tmp_path, str(number) * 32)
        write(order, [0, 66_000, 132_000], [], luma=luma)
        frames, detail = proof.check(order.spool_path, order.spool, zones)
        assert detail == found
        assert frames == (1 if found else 3)


def refused() -> av.VideoFrame:
    """Return a picture that FFmpeg can encode as H.264 but not as JPEG."""
    picture = still(50)
    picture.color_range = 3
    return picture


def test_a_thumbnail_that_cannot_be_made_costs_no_clip(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    writer = ClipWriter(order.start(BASE_US, None), encoder="libx264", info=None, thumbnail_us=0)
    for number in range(3):
        writer.add(masked(refused()), BASE_US + number * 66_667)
    assert writer.end("stopped")
    assert finish(order).frames == 3
    assert not order.thumbnail_path.exists()


def test_a_still_that_cannot_be_made_is_told() -> None:
    told: list[Message] = []
    mask = Mask((), None)
    stills = StillRequests(Clock(), mask, told.append)
    stills.ask(TakeStill(request_id=1, max_width=0))
    stills.take(masked(refused()))
    stills.ask(TakeStill(request_id=2, max_width=0))
    stills.take(masked(still(50)))
    failed, taken = told
    assert isinstance(failed, StillFailed)
    assert (failed.request_id, failed.key) == (1, faults.ENCODER_FAILED)
    assert isinstance(taken, StillTaken)
    assert (taken.request_id, taken.width, taken.height) == (2, 64, 48)
    assert not stills.waiting


def test_the_frame_rate_is_lowered_before_anything_is_dropped(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    writer = ClipWriter(order.start(BASE_US, None), encoder="libx264", info=None, thumbnail_us=0)
    counts = []
    for phase, backlog in enumerate([0.7, 0.85, 0.95, 0.2]):
        before = writer.encoded
        for number in range(40):
            writer.add(masked(still(50)), BASE_US + (phase * 40 + number) * 66_667, backlog)
        counts.append(writer.encoded - before)
    writer.end("until", BASE_US + 160 * 66_667)
    assert all(abs(ours - due) <= 1 for ours, due in zip(counts, [40, 20, 10, 40], strict=True)), "one may be in hand"
    finished = finish(order)
    assert finished.frame_rate_lowered
    assert finished.end_us == BASE_US + 160 * 66_667


def test_an_empty_clip_leaves_nothing(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    writer = ClipWriter(order.start(0, None), encoder="libx264", info=None, thumbnail_us=0)
    assert not writer.end("stopped")
    writer.abandon()
    assert list(tmp_path.iterdir()) == []
