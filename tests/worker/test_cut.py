"""Extracts: a part of a real clip, cut by a real worker process, its samples untouched."""

import hashlib
import io
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import av
import pytest

from custom_components.camguard.vault.sealed import Identity, SealedWriter
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.protocol import ClipCut, ClipFailed, ClipFinished, Connect, CutClip

from .driver import ClipOrder, Driver, configuration, film, now_us
from .test_formats import X264, probe
from .test_process import boxes, streaming

pytestmark = pytest.mark.timeout(180)
SECOND = 1_000_000


@dataclass
class Filmed:
    """A clip of 10 seconds with sound."""

    order: ClipOrder
    finished: ClipFinished
    plain: bytes


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Filmed:
    folder = tmp_path_factory.mktemp("film")
    source = film(folder / "film.ts", *X264, "-c:a", "aac", "-ar", "48000", seconds=20, sound=True)
    order = ClipOrder(folder / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(record_audio=True))
        streaming(driver)
        time.sleep(1)
        driver.send(order.start(now_us() - SECOND, now_us() + 9 * SECOND))
        finished = driver.wait(ClipFinished, timeout=40)
    return Filmed(order, finished, order.plain())


class Scissors:
    """A worker that only cuts, and what it made."""

    def __init__(self, driver: Driver, filmed: Filmed, folder: Path) -> None:
        self.driver = driver
        self.filmed = filmed
        self.path = folder / "extract.mp4.age"
        self.identity = Identity.generate()

    def order(self, from_us: int, to_us: int) -> CutClip:
        return CutClip(
            clip_id=self.filmed.order.clip_id,
            clip_path=str(self.filmed.order.clip_path),
            clip_secret=self.filmed.order.clip.text,
            extract_path=str(self.path),
            recipient=self.identity.recipient.text,
            from_us=from_us,
            to_us=to_us,
        )

    def cut(self, from_us: int, to_us: int) -> tuple[ClipCut, bytes]:
        self.driver.send(self.order(from_us, to_us))
        facts = self.driver.wait(ClipCut)
        order = ClipOrder(self.path.parent / "grant")
        order.clip = self.identity
        return facts, order.plain(self.path)

    def refused(self, order: CutClip) -> str:
        self.driver.send(order)
        failed = self.driver.wait(ClipFailed, clip_id=order.clip_id)
        assert not self.path.exists()
        assert not self.path.with_name(self.path.name + ".part").exists()
        return failed.key


@pytest.fixture
def scissors(filmed: Filmed, tmp_path: Path) -> Iterator[Scissors]:
    with Driver() as driver:
        yield Scissors(driver, filmed, tmp_path)
        assert driver.process.poll() is None, "the worker lives on"


type Sample = tuple[int, bool, bytes]


def samples(mp4: bytes, kind: str = "video") -> list[Sample]:
    """Return (time in µs, whether a keyframe, bytes) of every packet."""
    with av.open(io.BytesIO(mp4)) as container:
        stream = next(item for item in container.streams if item.type == kind)
        return [
            (round(packet.pts * packet.time_base * SECOND), packet.is_keyframe, bytes(packet))
            for packet in container.demux(stream)
            if packet.pts is not None
        ]


@pytest.mark.parametrize(("begin", "end"), [(0, 3), (3, 5), (2.5, 2.6), (4, 99), (0, 99), (7.25, 9.99)])
def test_an_extract_is_a_piece_of_the_clip(scissors: Scissors, begin: float, end: float, tmp_path: Path) -> None:
    sealed = scissors.filmed.order.clip_path.read_bytes()
    whole = samples(scissors.filmed.plain)
    from_us, to_us = int(begin * SECOND), int(end * SECOND)
    facts, extract = scissors.cut(from_us, to_us)
    assert scissors.filmed.order.clip_path.read_bytes() == sealed, "the clip itself stays as it is"
    assert (facts.sha256, facts.size_bytes) == (hashlib.sha256(extract).hexdigest(), len(extract))
    piece = samples(extract)
    assert len(piece) == facts.frames
    first = next(number for number, sample in enumerate(whole) if abs(sample[0] - facts.from_us) < 20)
    assert [data for *_, data in piece] == [data for *_, data in whole[first : first + len(piece)]], "bit for bit"
    assert piece[0][:2] == (0, True)
    assert all(abs(a[0] + facts.from_us - b[0]) < 30 for a, b in zip(piece, whole[first:], strict=False))
    # What was asked for is in it, and no more than the way from a keyframe and to a frame's end.
    keyframes = [at for at, keyframe, _ in whole if keyframe]
    assert facts.from_us == max(at for at in keyframes if at <= from_us)
    assert min(to_us, scissors.filmed.finished.end_us - scissors.filmed.finished.start_us) - 30 <= facts.to_us
    assert whole[first + len(piece) - 1][0] < to_us
    # Plain MP4, index in front, readable everywhere.
    assert boxes(extract)[:2] == ["ftyp", "moov"]
    assert boxes(extract)[-1] == "mdat"
    assert b"moof" not in extract
    video, audio = probe(extract, tmp_path)
    assert (video["codec_name"], video["codec_tag_string"], audio["codec_name"]) == ("h264", "avc1", "aac")
    assert (video["width"], video["height"], video["nb_frames"]) == (320, 240, str(facts.frames))


def test_its_sound_fits_its_picture(scissors: Scissors) -> None:
    facts, extract = scissors.cut(4 * SECOND, 6 * SECOND)
    whole, piece = samples(scissors.filmed.plain, "audio"), samples(extract, "audio")
    inside = [(at, data) for at, _, data in whole if facts.from_us <= at < facts.to_us]
    assert [data for *_, data in piece] == [data for _, data in inside]
    assert all(abs(a[0] + facts.from_us - b[0]) < 100 for a, b in zip(piece, inside, strict=True))


def test_it_tells_when_it_begins(scissors: Scissors, tmp_path: Path) -> None:
    facts, extract = scissors.cut(5 * SECOND, 6 * SECOND)
    for data, begin_us in ((scissors.filmed.plain, 0), (extract, facts.from_us)):
        path = tmp_path / "told.mp4"
        path.write_bytes(data)
        command = ["ffprobe", "-v", "error", "-show_entries", "format_tags=creation_time", "-of", "json", path]
        tags = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["format"]["tags"]
        told = datetime.fromisoformat(tags["creation_time"])
        assert abs(told.timestamp() * SECOND - (scissors.filmed.finished.start_us + begin_us)) <= SECOND


def test_the_same_order_makes_the_same_file(scissors: Scissors) -> None:
    one, first = scissors.cut(2 * SECOND, 6 * SECOND)
    two, second = scissors.cut(2 * SECOND, 6 * SECOND)
    assert (one, first) == (two, second)


@pytest.mark.parametrize(
    ("from_us", "to_us"),
    [(5 * SECOND, 5 * SECOND), (5 * SECOND, 4 * SECOND), (60 * SECOND, 70 * SECOND), (-9 * SECOND, -SECOND), (0, 0)],
    ids=["empty", "backwards", "behind the end", "before the begin", "nothing"],
)
def test_a_range_without_a_frame(scissors: Scissors, from_us: int, to_us: int) -> None:
    assert scissors.refused(scissors.order(from_us, to_us)) == faults.NOTHING_RECORDED


def test_a_range_that_begins_before_the_clip(scissors: Scissors) -> None:
    assert scissors.cut(-SECOND, SECOND)[0].from_us == 0


@pytest.mark.parametrize("place", [0, 150, 40_000, -1], ids=["format", "header", "content", "end"])
def test_a_damaged_clip(scissors: Scissors, place: int, tmp_path: Path) -> None:
    damaged = bytearray(scissors.filmed.order.clip_path.read_bytes())
    damaged[place] ^= 1
    path = tmp_path / "damaged.mp4.age"
    path.write_bytes(damaged)
    order = replace(scissors.order(0, 99 * SECOND), clip_path=str(path))
    assert scissors.refused(order).startswith("sealed_")
    path.write_bytes(damaged[: len(damaged) // 2])
    assert scissors.refused(order).startswith("sealed_")


def test_another_key_opens_nothing(scissors: Scissors) -> None:
    order = replace(scissors.order(0, SECOND), clip_secret=Identity.generate().text)
    assert scissors.refused(order) == "sealed_wrong_key"


def test_a_clip_that_isnt_there_and_a_folder_that_isnt(scissors: Scissors, tmp_path: Path) -> None:
    order = scissors.order(0, SECOND)
    assert scissors.refused(replace(order, clip_path=str(tmp_path / "none"))) == faults.CLIP_FILE_MISSING
    assert scissors.refused(replace(order, extract_path=str(tmp_path / "none" / "x.age"))) == "storage_missing"
    (tmp_path / "link.age.part").symlink_to(tmp_path / "elsewhere")
    assert scissors.refused(replace(order, extract_path=str(tmp_path / "link.age"))) == "storage_unavailable"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("content", [b"", b"no video at all" * 1000], ids=["empty", "text"])
def test_what_isnt_a_video(scissors: Scissors, content: bytes, tmp_path: Path) -> None:
    path, identity = tmp_path / "other.mp4.age", Identity.generate()
    with path.open("wb") as file, SealedWriter(file, identity.recipient) as writer:
        writer.write(content)
    order = replace(scissors.order(0, SECOND), clip_path=str(path), clip_secret=identity.text)
    assert scissors.refused(order) == faults.SPOOL_UNREADABLE
