"""The spool: what was appended comes back, and a cut loses the tail only."""

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import IntegrityError
from custom_components.camguard.vault.sealed import Identity
from custom_components.camguard.worker.clip import spool
from custom_components.camguard.worker.clip.spool import End, Head, Packet, SpoolReader, SpoolWriter, Thumbnail

HEAD = Head(
    clip_id="0" * 32,
    start_us=1_790_000_000_000_000,
    width=640,
    height=360,
    source_codec="hevc",
    encoder="libx264 veryfast",
    extradata=b"\x00\x00\x00\x01\x67\x42",
    has_audio=False,
    meta={"camera_id": "01ABC", "trigger": {"kind": "entity"}},
)

packets = st.builds(
    Packet,
    pts_us=st.integers(0, 2**62),
    dts_us=st.integers(-(2**62), 2**62),
    audio=st.booleans(),
    keyframe=st.booleans(),
    data=st.one_of(st.binary(max_size=64), st.integers(60_000, 140_000).map(bytes)),
)


def write(path: Path, identity: Identity, items: list[Packet], *, sync_every: int = 0, end: bool = True) -> None:
    writer = SpoolWriter(path, identity)
    writer.head(HEAD)
    for number, item in enumerate(items, 1):
        writer.packet(item)
        if sync_every and number % sync_every == 0:
            writer.sync()
    if end:
        writer.thumbnail(b"jpeg")
        writer.end(end_us=HEAD.start_us + 5, reason="until", frame_rate_lowered=False)
    else:
        writer.abandon()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(packets, max_size=8), sync_every=st.integers(0, 3))
def test_round_trip(tmp_path: Path, items: list[Packet], sync_every: int) -> None:
    identity = Identity.generate()
    path = tmp_path / "spool"
    path.unlink(missing_ok=True)
    write(path, identity, items, sync_every=sync_every)
    with SpoolReader(path, identity) as reader:
        records = list(reader.records())
        assert list(reader.packets()) == items
    end = End(end_us=HEAD.start_us + 5, reason="until", frame_rate_lowered=False, packets=len(items))
    assert records == [HEAD, *items, Thumbnail(image=b"jpeg"), end]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(packets, min_size=1, max_size=6), cut=st.floats(0, 1), garbage=st.binary(max_size=40))
def test_torn_tail_loses_only_the_tail(tmp_path: Path, items: list[Packet], cut: float, garbage: bytes) -> None:
    identity = Identity.generate()
    path = tmp_path / "spool"
    path.unlink(missing_ok=True)
    write(path, identity, items)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * cut)] + garbage)
    try:
        with SpoolReader(path, identity) as reader:
            assert reader.head == HEAD
            got = [record for record in reader.records() if isinstance(record, Packet)]
    except IntegrityError:
        got = []
    assert got == items[: len(got)]


def test_what_was_synced_survives_any_later_cut(tmp_path: Path) -> None:
    identity = Identity.generate()
    path = tmp_path / "spool"
    writer = SpoolWriter(path, identity)
    writer.head(HEAD)
    first = Packet(pts_us=1, dts_us=1, data=b"a" * 100)
    writer.packet(first)
    writer.sync()
    synced = path.stat().st_size
    writer.packet(Packet(pts_us=2, dts_us=2, data=b"b" * 100_000))
    writer.abandon()
    for size in range(synced, path.stat().st_size, 997):
        with path.open("r+b") as file:
            data = file.read()
        cut = tmp_path / "cut"
        cut.write_bytes(data[:size])
        with SpoolReader(cut, identity) as reader:
            assert next(iter(reader.packets())) == first


def test_syncs_by_itself_when_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "SYNC_SECONDS", 0.0)
    identity = Identity.generate()
    writer = SpoolWriter(tmp_path / "spool", identity)
    writer.head(HEAD)
    before = (tmp_path / "spool").stat().st_size
    writer.packet(Packet(pts_us=1, dts_us=1, data=b"x"))
    assert (tmp_path / "spool").stat().st_size > before
    writer.abandon()
    with SpoolReader(tmp_path / "spool", identity) as reader:
        assert len(list(reader.packets())) == 1


def test_refuses_foreign_key_empty_and_headless_files(tmp_path: Path) -> None:
    identity = Identity.generate()
    path = tmp_path / "spool"
    write(path, identity, [])
    with pytest.raises(IntegrityError):
        SpoolReader(path, Identity.generate())
    (tmp_path / "empty").touch()
    with pytest.raises(IntegrityError):
        SpoolReader(tmp_path / "empty", identity)


def test_existing_file_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b"somebody's")
    with pytest.raises(FileExistsError):
        SpoolWriter(tmp_path / "spool", Identity.generate())
    assert (tmp_path / "spool").read_bytes() == b"somebody's"


def _hold(path: Path, text: str, ready: object, release: object) -> None:
    writer = SpoolWriter(path, Identity.from_text(text))
    writer.head(HEAD)
    ready.set()  # type: ignore[attr-defined]
    release.wait(30)  # type: ignore[attr-defined]
    writer.abandon()


def test_reader_waits_for_the_writer_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = multiprocessing.get_context("spawn")
    ready, release = context.Event(), context.Event()
    identity = Identity.generate()
    path = tmp_path / "spool"
    process = context.Process(target=_hold, args=(path, identity.text, ready, release))
    process.start()
    try:
        assert ready.wait(30)
        monkeypatch.setattr(spool, "LOCK_SECONDS", 0.2)
        with pytest.raises(BlockingIOError):  # nothing is wrong with it: to be tried again
            SpoolReader(path, identity)
        monkeypatch.setattr(spool, "LOCK_SECONDS", 20.0)
        release.set()
        with SpoolReader(path, identity) as reader:
            assert reader.head == HEAD
    finally:
        release.set()
        process.join(30)
