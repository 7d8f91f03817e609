"""The ledger in segments: one chain in several files, of which a start reads the last one, and a search no more than it
must."""

import base64
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.ledger import Entry, Event, make_entry
from custom_components.camguard.vault.ledger import ledger_file, segments
from custom_components.camguard.vault.ledger.anchors import head_key
from custom_components.camguard.vault.ledger.belief import believe
from custom_components.camguard.vault.ledger.check import check_ledger
from custom_components.camguard.vault.ledger.checkpoint import Checkpoint, Checkpoints
from custom_components.camguard.vault.ledger.clip_ids import ClipIds
from custom_components.camguard.vault.ledger.ledger_file import LedgerFile
from custom_components.camguard.vault.ledger.open_segment import OpenSegment
from custom_components.camguard.vault.ledger.search import Query, search
from custom_components.camguard.vault.ledger.segments import Segments
from custom_components.camguard.vault.ledger.told import Told
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from .clips import ledger_full, put_clip
from .killing import DROPPED_BEFORE_US, Run, killer

from ..hands import NOW  # isort: skip

COUNT = 24
SHELL_LOOP = """
head=0000000000000000000000000000000000000000000000000000000000000000
cat ledger/*.jsonl ledger.jsonl | sed -E 's/^\\{"bh":"([0-9a-f]{64})".*"head":"([0-9a-f]{64})","seq":.*/\\1 \\2/' |
while read -r bh next; do
  head=$(printf '%s %s\\n' "$head" "$bh" | sha256sum | cut -c1-64)
  [ "$head" = "$next" ] || { echo "broken at $bh"; exit 1; }
  echo "$head"
done | tail -n 1
"""
"""As docs/design/formats.md gives it."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_file, "SEGMENT_ENTRIES", 5)


def start(paths: Paths) -> Vault:
    vault = Vault.open(paths)
    reconcile(vault, 1)
    return vault


def write(vault: Vault, count: int = COUNT) -> None:
    for number in range(count):
        vault.ledger.append(Event.VIEWED, {"user_name": f"viewer-{number}", "user_id": str(number)}, 1000 + number)


@pytest.fixture
def site(tmp_path: Path) -> Paths:
    """A site whose ledger has several closed segments, and something in the open one."""
    paths = Paths.of(tmp_path / "config", storage_path=tmp_path / "storage")
    vault = start(paths)
    write(vault)
    vault.close()
    assert len(Segments(paths.ledger).closed()) > 3
    assert paths.ledger.stat().st_size
    return paths


def problems(vault: Vault) -> set[str]:
    check = check_ledger(vault.ledger, vault.anchors, vault.keyring.public_key, every_signature=True)
    return {item.key for item in (*check.problems, *vault.findings)}


def fields_of(told: Told) -> dict[str, Any]:
    return told.to_fields() | {"recorded": set(told.recorded), "erased": set(told.erased)}


def entries_on_disk(paths: Paths) -> list[Entry]:
    return [Entry.from_line(line) for line in Segments(paths.ledger).lines()]


# --- one chain ---


def test_segments_are_one_chain_each_ended_by_a_signed_head(site: Paths) -> None:
    closed = Segments(site.ledger).closed()
    vault = start(site)
    key = vault.keyring.public_key
    for path in closed:
        lines = path.read_bytes().splitlines(keepends=True)
        first, last = Entry.from_line(lines[0]), Entry.from_line(lines[-1])
        assert path.name == f"{first.seq:010}.jsonl"
        assert last.event == Event.SEGMENT_ENDED
        assert last.body is not None
        assert last.body["first_seq"] == first.seq
        assert last.sig is not None
        key.verify(base64.b64decode(last.sig), last.signed_text)
        assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.seq for entry in vault.ledger.entries()] == list(range(1, vault.ledger.seq + 1))
    assert vault.ledger.verify() == vault.ledger.seq
    assert problems(vault) == set()
    vault.close()


def test_a_shell_verifies_them(site: Paths) -> None:
    vault = start(site)
    vault.close()
    done = subprocess.run(
        ["bash", "-c", SHELL_LOOP], cwd=site.ledger.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == vault.ledger.head
    documented = Path(__file__).parents[2].joinpath("docs", "design", "formats.md").read_text("utf-8")
    assert SHELL_LOOP.strip() in documented
    path = Segments(site.ledger).closed()[1]
    path.write_bytes(path.read_bytes().replace(b'"bh":"', b'"bh":"0', 1).replace(b'","body', b'x","body', 1))
    done = subprocess.run(
        ["bash", "-c", SHELL_LOOP], cwd=site.ledger.parent, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() != vault.ledger.head


def test_an_early_ledger_becomes_the_first_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a version that knew no segments: one file, however long."""
    paths = Paths.of(tmp_path)
    monkeypatch.setattr(ledger_file, "SEGMENT_ENTRIES", 1000)
    vault = start(paths)
    write(vault, 40)
    vault.close()
    assert not paths.checkpoints.exists()
    monkeypatch.setattr(ledger_file, "SEGMENT_ENTRIES", 5)
    vault = start(paths)
    write(vault, 1)
    (path,) = Segments(paths.ledger).closed()
    assert path.name == "0000000001.jsonl"
    assert problems(vault) == set()
    vault.close()
    vault = start(paths)
    assert problems(vault) == set()
    vault.close()


def test_reading_goes_on_while_a_segment_is_closed(site: Paths) -> None:
    vault = start(site)
    seq, lines = vault.ledger.seq, vault.ledger.lines()
    read = [next(lines)]
    write(vault)
    read += lines
    assert [Entry.from_line(line).seq for line in read] == list(range(1, len(read) + 1))
    assert seq <= len(read) < vault.ledger.seq, "what was open then is read to its end"
    vault.close()


def test_many_write_and_read_at_once(site: Paths) -> None:
    vault = start(site)
    broken: list[object] = []

    def read() -> None:
        for _ in range(20):
            seen = [Entry.from_line(line).seq for line in vault.ledger.lines()]
            if seen != list(range(1, len(seen) + 1)):
                broken.append(seen)
            found, _ = search(vault.ledger.segments, Query(), 30)
            numbers = [entry.seq for entry in found]
            if numbers != list(range(numbers[0], numbers[0] - 30, -1)):
                broken.append(numbers)

    threads = [
        threading.Thread(target=work) for work in (lambda: write(vault, 60), lambda: write(vault, 60), read, read)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    assert problems(vault) == set()
    vault.close()


def test_who_hears_of_entries_may_read_others(site: Paths) -> None:
    """The mirror is written anew, from what is read, while others append: each waits for the other for ever, once."""
    vault = start(site)
    done = threading.Event()

    def append() -> None:
        write(vault, 150)
        done.set()

    thread = threading.Thread(target=append, daemon=True)
    thread.start()
    while not done.is_set():
        vault.anchors.begin_anew(vault.ledger, 5)
        site.mirror.unlink()
        vault.anchors.catch_up(vault.ledger)
        thread.join(0.001)
        if done.wait(0):
            break
    thread.join(30)
    assert not thread.is_alive()
    vault.anchors.begin_anew(vault.ledger, 6)
    assert vault.ledger.verify() == vault.ledger.seq
    vault.close()


# --- what a start reads ---


def test_a_start_reads_the_open_segment_alone(site: Paths) -> None:
    """What is altered in a closed one, its length kept, is left to the check: it reads everything."""
    path = Segments(site.ledger).closed()[1]
    path.write_bytes(path.read_bytes().replace(b"viewer-", b"Viewer-"))
    vault = start(site)
    assert not vault.findings
    assert vault.ledger.belief is not None
    assert vault.ledger.belief.whole
    assert problems(vault) == {"ledger_altered"}
    vault.close()


EVENTS = st.sampled_from(
    (
        (Event.RECORDED, ("clip_id",)),
        (Event.ERASED, ("clip_ids",)),
        (Event.HELD, ("clip_id", "until_us")),
        (Event.RELEASED, ("clip_id",)),
        (Event.GAP, ("camera_id", "from_us", "to_us", "cause")),
        (Event.DISCLOSING, ("disclosure_id", "clip_ids")),
        (Event.WIPING, ("order_sha256", "certificate_id")),
        (Event.VIEWED, ("clip_id", "user_id")),
        (Event.RECORD_SAVED, ("record_id", "revision", "number", "sha256", "due")),
        (Event.RECORDS_ERASING, ("record_ids",)),
        (Event.KIT_MADE, ("kit_id", "record_ids")),
        (Event.DUTIES_CHECKED, ()),
        (Event.SITE_BEGUN, ("site_id",)),
        (Event.KEY_CHANGED, ("erasing_key",)),
    )
)
IDS = st.sampled_from([f"{number:032x}" for number in range(6)] + ["x", ""])
TEXTS = st.sampled_from(("CG-2026-0004", "CW-2026-0011", "RC-2026-0002", "a", "花子", ""))


@st.composite
def happenings(draw: st.DrawFn) -> list[tuple[Event, dict[str, Any]]]:
    made = []
    for event, names in draw(st.lists(EVENTS, max_size=40)):
        facts: dict[str, Any] = {}
        for name in names:
            if name.endswith("_ids"):
                facts[name] = draw(st.lists(IDS, max_size=3))
            elif name.endswith("_us"):
                facts[name] = draw(st.integers(0, 1 << 50) | st.none())
            elif name == "revision":
                facts[name] = draw(st.integers(1, 5))
            else:
                facts[name] = draw(IDS if name.endswith("_id") else TEXTS)
        made.append((event, facts))
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(made=happenings())
def test_what_a_checkpoint_tells_is_what_the_segments_tell(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[Event, dict[str, Any]]]
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    checkpoints = Checkpoints(folder / "told", public, key.sign)

    def opened() -> LedgerFile:
        return LedgerFile(
            folder / "ledger.jsonl",
            sign=key.sign,
            read=lambda lines, base: believe(lines, public, on_trust=False, base=base),
            checkpoints=checkpoints,
        )

    ledger = opened()
    for number, (event, facts) in enumerate(made):
        ledger.append(event, facts, number)
    kept = fields_of(ledger.told)
    ledger.close()
    again = opened()
    assert fields_of(again.told) == kept
    assert (checkpoints.load(Segments(folder / "ledger.jsonl")) is not None) == bool(again.segments.closed())
    again.close()
    if (folder / "told").exists():
        shutil.rmtree(folder / "told")
    whole = opened()
    assert fields_of(whole.told) == kept
    whole.close()


def edit_state(paths: Paths, edit: Callable[[dict[str, Any]], None]) -> None:
    path = paths.checkpoints / "state.json"
    noted = json.loads(path.read_bytes())
    edit(noted)
    path.write_bytes(json.dumps(noted).encode())


def signed_by_another(noted: dict[str, Any]) -> None:
    key = Ed25519PrivateKey.generate()
    noted["fields"]["told"]["holds"] = []
    noted["sig"] = base64.b64encode(key.sign(b"camguard-checkpoint/v1|" + b"{}")).decode()


SPOILED: dict[str, Callable[[Paths], object]] = {
    "removed": lambda paths: shutil.rmtree(paths.checkpoints),
    "no state": lambda paths: (paths.checkpoints / "state.json").unlink(),
    "no JSON": lambda paths: (paths.checkpoints / "state.json").write_bytes(b"[" * 100_000),
    "a list": lambda paths: (paths.checkpoints / "state.json").write_bytes(b"[]"),
    "another version": lambda paths: edit_state(paths, lambda noted: noted.update(version=99)),
    "altered": lambda paths: edit_state(paths, lambda noted: noted["fields"]["told"].update(disclosures=7)),
    "signed by another": lambda paths: edit_state(paths, signed_by_another),
    "packs gone": lambda paths: [path.unlink() for path in paths.checkpoints.glob("*.ids")],
    "packs altered": lambda paths: [path.write_bytes(bytes(16)) for path in paths.checkpoints.glob("*.ids")],
}


@pytest.mark.parametrize("name", SPOILED)
def test_without_a_checkpoint_all_is_read_and_noted_anew(tmp_path: Path, name: str) -> None:
    paths = Paths.of(tmp_path)
    vault = start(paths)
    erased = put_clip(vault, "camera", NOW)
    kept = put_clip(vault, "camera", NOW)
    vault.erase([erased], "expired", 5)
    write(vault)
    told = fields_of(vault.ledger.told)
    vault.close()
    SPOILED[name](paths)
    vault = start(paths)
    assert fields_of(vault.ledger.told) == told
    assert kept in vault.ledger.told.recorded
    assert erased in vault.ledger.told.erased
    assert problems(vault) == set()
    closed = len(Segments(paths.ledger).closed())
    write(vault, 1)
    assert len(Segments(paths.ledger).closed()) == closed + 1, "so that the next start reads little again"
    told = fields_of(vault.ledger.told)
    vault.close()
    assert Checkpoints(paths.checkpoints, head_key(paths)).load(Segments(paths.ledger)) is not None
    vault = start(paths)
    assert fields_of(vault.ledger.told) == told
    vault.close()


def test_where_nothing_can_be_noted_all_is_read(site: Paths, caplog: pytest.LogCaptureFixture) -> None:
    state = site.checkpoints / "state.json"
    state.unlink()
    state.mkdir()
    vault = start(site)
    closed = len(Segments(site.ledger).closed())
    write(vault, 4)
    assert caplog.text.count("could not be noted") == 1
    assert len(Segments(site.ledger).closed()) == closed + 1, "not one for each entry"
    assert problems(vault) == set()
    told = fields_of(vault.ledger.told)
    vault.close()
    vault = start(site)
    assert fields_of(vault.ledger.told) == told
    vault.close()


def test_an_older_checkpoint_put_back_is_none(site: Paths, tmp_path: Path) -> None:
    shutil.copytree(site.checkpoints, tmp_path / "older")
    vault = start(site)
    clip_id = put_clip(vault, "camera", NOW)
    vault.erase([clip_id], "expired", 5)
    write(vault)
    vault.close()
    shutil.rmtree(site.checkpoints)
    shutil.copytree(tmp_path / "older", site.checkpoints)
    vault = start(site)
    assert clip_id in vault.ledger.told.erased
    assert problems(vault) == set()
    vault.close()


# --- attacks ---


def test_a_segment_taken_away(site: Paths) -> None:
    Segments(site.ledger).closed()[2].unlink()
    vault = start(site)
    assert "ledger_altered" in problems(vault)
    write(vault, 3)
    vault.close()


def test_the_newest_segment_taken_away_with_the_open_one(site: Paths) -> None:
    Segments(site.ledger).closed()[-1].unlink()
    site.ledger.unlink()
    vault = start(site)
    assert "ledger_rolled_back" in problems(vault)
    vault.close()


def test_a_segment_of_somebodys_making_is_set_aside(site: Paths) -> None:
    """Unsigned entries behind the last believed one, though in closed segments: they have no effect, and are kept."""
    vault = start(site)
    last, clip_id = vault.ledger.last, put_clip(vault, "camera", NOW)
    seq = vault.ledger.seq
    last = vault.ledger.last
    vault.close()
    segments = Segments(site.ledger)
    forged = make_entry(last, Event.ERASED, {"clip_ids": [clip_id]}, time_us=5, salt="0" * 32)
    ended = make_entry(forged, Event.SEGMENT_ENDED, {"first_seq": 1}, time_us=5, salt="0" * 32)
    more = make_entry(ended, Event.RELEASED, {"clip_id": clip_id}, time_us=5, salt="0" * 32)
    first = Entry.from_line(site.ledger.read_bytes().splitlines()[0]).seq
    site.ledger.rename(segments.folder / f"{first:010}.jsonl")
    (segments.folder / f"{forged.seq:010}.jsonl").write_bytes(forged.to_line() + ended.to_line())
    site.ledger.write_bytes(more.to_line())
    vault = start(site)
    assert problems(vault) == {"ledger_forged"}
    assert vault.keyring.has_clip(clip_id)
    assert [entry.seq for entry in vault.ledger.entries()][: seq + 1] == list(range(1, seq + 2))
    aside = site.ledger.with_suffix(".unsigned").read_bytes()
    assert all(entry.to_line() in aside for entry in (forged, ended, more))
    assert vault.ledger.verify() == vault.ledger.seq
    vault.close()


@pytest.mark.parametrize("name", ["0000000003.jsonl", "9999999999.jsonl", "99999999999999.jsonl"])
def test_a_file_among_the_segments_that_is_none(site: Paths, name: str) -> None:
    (Segments(site.ledger).folder / name).write_bytes(b"garbage\n")
    vault = start(site)
    assert problems(vault) & {"ledger_altered", "ledger_forged"}
    write(vault, 7)
    vault.close()


def test_links_among_the_segments_are_not_followed(site: Paths, tmp_path: Path) -> None:
    path = Segments(site.ledger).closed()[1]
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        list(Segments(site.ledger).lines())


def test_names_of_others_are_left_alone(site: Paths) -> None:
    for name in ("note.txt", "1.jsonl", "0000000001.jsonl.bak", "000000000x.jsonl"):
        (Segments(site.ledger).folder / name).write_bytes(b"mine\n")
    vault = start(site)
    write(vault)
    assert problems(vault) == set()
    vault.close()
    assert (Segments(site.ledger).folder / "note.txt").read_bytes() == b"mine\n"


# --- cut short ---


def test_killed_at_every_step(tmp_path: Path) -> None:
    template = tmp_path / "template"
    vault = start(Paths.of(template))
    put_clip(vault, "camera", NOW)
    vault.close()
    before = vault.ledger.seq
    steps: list[str] = []
    with killer() as run:
        for kill_at in range(1, 200):
            steps, code = _killed(run, tmp_path / f"{kill_at}", template, kill_at, before)
            if code == 0:
                break
        else:
            pytest.fail("never came to its end")
    assert any(step.startswith("os.rename") and "ledger.jsonl" in step for step in steps), steps
    assert any("state.json" in step for step in steps), steps


def _killed(run: Run, config: Path, template: Path, kill_at: int, before: int) -> tuple[list[str], int]:
    shutil.copytree(template, config)
    paths = Paths.of(config)
    code, steps = run("close_segments", paths, kill_at)
    assert code in {0, -signal.SIGKILL}
    vault = start(paths)
    assert problems(vault) == set(), (kill_at, steps)
    seq = vault.ledger.seq
    assert seq >= before
    assert [entry.seq for entry in vault.ledger.entries()] == list(range(1, seq + 1))
    write(vault, 1)
    told = fields_of(vault.ledger.told)
    vault.close()
    assert [entry.seq for entry in entries_on_disk(paths)] == list(range(1, vault.ledger.seq + 1))
    if paths.checkpoints.exists():
        shutil.rmtree(paths.checkpoints)
    vault = start(paths)
    assert fields_of(vault.ledger.told) == told
    vault.close()
    shutil.rmtree(config)
    return steps, code


def test_a_disk_that_refuses_leaves_the_segment_open(
    site: Paths, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    vault = start(site)
    closed = len(Segments(site.ledger).closed())

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        patch.setattr(Path, "rename", refuse)
        write(vault, 40)
    assert len(Segments(site.ledger).closed()) == closed
    assert caplog.text.count("could not be closed") == 1, "not with each entry"
    write(vault, 130)
    assert len(Segments(site.ledger).closed()) > closed, "tried again"
    assert problems(vault) == set()
    vault.close()


def test_a_closed_segment_is_never_replaced(site: Paths, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever puts a file where the next one will lie, only keeps it from being closed."""
    vault = start(site)
    first = Entry.from_line(site.ledger.read_bytes().splitlines()[0]).seq
    planted = Segments(site.ledger).folder / f"{first:010}.jsonl"
    planted.write_bytes(b"planted\n")
    write(vault, 12)
    assert planted.read_bytes() == b"planted\n"
    assert "could not be closed" in caplog.text
    planted.unlink()
    assert vault.ledger.verify() == vault.ledger.seq
    vault.close()


@pytest.mark.parametrize("refused", ["rename", "reopen", "sync"])
def test_a_disk_that_refuses_at_the_start_stops_nothing(
    site: Paths, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    """The power went after a segment's last entry: it is closed with the start, or later."""
    monkeypatch.setattr(ledger_file, "SEGMENT_ENTRIES", 1000)
    vault = start(site)
    vault.ledger.append(Event.SEGMENT_ENDED, {"first_seq": 1}, 5)
    closed = len(Segments(site.ledger).closed())
    vault.close()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        owner, name = {
            "rename": (Path, "rename"), "reopen": (OpenSegment, "reopen"), "sync": (segments, "fsync_dir"),
        }[refused]  # fmt: skip
        patch.setattr(owner, name, refuse)
        vault = Vault.open(site)
        assert len(Segments(site.ledger).closed()) == closed
        vault.ledger.append(Event.GAP, {}, 6)
    assert vault.ledger.verify() == vault.ledger.seq
    vault.close()
    vault = start(site)
    assert problems(vault) == set()
    vault.close()


def test_a_full_disk_loses_no_entry(site: Paths) -> None:
    vault = start(site)
    seq = vault.ledger.seq
    with ledger_full(vault), pytest.raises(Exception, match="ledger_not_written"):
        write(vault, 20)
    write(vault, 20)
    assert vault.ledger.verify() == vault.ledger.seq > seq + 20
    assert problems(vault) == set()
    vault.close()


# --- what is dropped ---


def test_bodies_are_dropped_in_closed_segments_too(site: Paths) -> None:
    vault = start(site)
    write(vault, 3)
    ranges = vault.ledger.droppable(DROPPED_BEFORE_US)
    vault.ledger.append(Event.BODIES_DROPPED, {"ranges": ranges}, 4_000_000_000_000_000)
    assert vault.ledger.drop_bodies(ranges) == COUNT + 3
    assert problems(vault) == set()
    vault.close()
    everything = b"".join(
        path.read_bytes()
        for folder in (site.ledger.parent, site.checkpoints)
        for path in folder.rglob("*")
        if path.is_file()
    )
    assert b"viewer-" not in everything
    assert b'"seen_us":{}' in (site.checkpoints / "state.json").read_bytes(), "what was dropped isn't told elsewhere"
    checkpoint = Checkpoints(site.checkpoints, head_key(site)).load(Segments(site.ledger))
    assert checkpoint is not None, "the next start reads little"
    vault = start(site)
    assert problems(vault) == set()
    assert not vault.ledger.told.seen_us
    write(vault)
    vault.close()


def test_a_drop_cut_short_goes_on(site: Paths) -> None:
    vault = start(site)
    ranges = vault.ledger.droppable(DROPPED_BEFORE_US)
    vault.ledger.append(Event.BODIES_DROPPED, {"ranges": ranges}, 4_000_000_000_000_000)
    first = Segments(site.ledger).closed()[0]
    os.link(first, first.with_name(first.name + ".old"))  # cut short before the new file took its place
    vault.close()
    vault = start(site)
    assert not list(site.ledger.parent.rglob("*.old"))
    assert vault.ledger.drop_bodies(ranges) == COUNT
    assert problems(vault) == set()
    vault.close()


# --- while the root key is away ---


def test_none_is_closed_without_the_signing_key(site: Paths) -> None:
    before = [path.name for path in Segments(site.ledger).closed()]
    signer = head_key(site)
    other = Ed25519PrivateKey.generate()
    ledger = LedgerFile(
        site.ledger,
        sign=other.sign,
        read=lambda lines, base: believe(lines, signer, on_trust=False, base=base),
        checkpoints=Checkpoints(site.checkpoints, signer),
    )
    for number in range(12):
        ledger.append(Event.ERASING, {"clip_ids": []}, number)
    ledger.close()
    assert [path.name for path in Segments(site.ledger).closed()] == before


# --- looking something up ---


def brute(entries: list[Entry], query: Query, limit: int) -> tuple[list[int], bool]:
    found = [entry.seq for entry in reversed(entries) if query.takes(entry, entry.to_line())]
    if query.start_us is not None:
        found = [seq for seq in found if entries[seq - 1].time_us >= query.start_us]
    return found[:limit], len(found) > limit


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    before=st.none() | st.integers(1, 60),
    start=st.none() | st.integers(0, 2000),
    end=st.none() | st.integers(0, 2000),
    text=st.sampled_from(("", "viewer-1", "segment", "nowhere")),
    limit=st.integers(1, 50),
)
def test_a_search_finds_what_is_there(
    searched: tuple[Segments, list[Entry]],
    before: int | None,
    start: int | None,
    end: int | None,
    text: str,
    limit: int,
) -> None:
    where, entries = searched
    query = Query(before_seq=before, start_us=start, end_us=end, text=text)
    found, more = search(where, query, limit)
    assert ([entry.seq for entry in found], more) == brute(entries, query, limit)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Segments, list[Entry]]]:
    paths = Paths.of(tmp_path_factory.mktemp("searched"))
    before, ledger_file.SEGMENT_ENTRIES = ledger_file.SEGMENT_ENTRIES, 5
    try:
        vault = start(paths)
        write(vault, 40)
        vault.close()
    finally:
        ledger_file.SEGMENT_ENTRIES = before
    return vault.ledger.segments, entries_on_disk(paths)


def test_pages_read_no_segment_that_is_too_new(site: Paths) -> None:
    """Segments behind the page, and far before it, aren't read: here they can't be."""
    closed = Segments(site.ledger).closed()
    wanted = int(closed[2].stem)
    for path in (closed[0], closed[3], site.ledger):
        path.write_bytes(b"not read\n" * 1000)
    found, more = search(Segments(site.ledger), Query(before_seq=wanted + 2), 3)
    assert [entry.seq for entry in found] == [wanted + 1, wanted, wanted - 1]
    assert more


# --- ids ---


@given(
    st.lists(st.lists(st.integers(0, 300), max_size=80), max_size=8),
    st.lists(st.integers(0, 400), max_size=200),
    st.lists(st.text(max_size=33), max_size=5),
)
def test_ids_are_a_set(rounds: list[list[int]], asked: list[int], odd: list[str]) -> None:
    ids, expected = ClipIds(), set()
    for numbers in rounds:
        for number in numbers:
            ids.add(f"{number:032x}")
            expected.add(f"{number:032x}")
        packs = ids.pack()
        sizes = [len(pack) for pack in packs]
        assert all(before > 2 * after for before, after in zip(sizes, sizes[1:], strict=False)), "few"
    for text in odd:
        ids.add(text)
    names = [f"{number:032x}" for number in asked]
    assert set(ids) == expected
    assert {name for name in names if name in ids} == expected & set(names)
    assert ids.among(names) == expected & set(names)
    assert ids.among(set(names[:10])) == expected & set(names[:10])
    again = ClipIds()
    for pack in packs if rounds else ():
        again.add_pack(pack)
    assert set(again) == expected
    assert None not in ids
    assert "x" not in ids
    assert "A" * 32 not in ids


def test_a_checkpoint_without_segments_is_none(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    checkpoints, segments = Checkpoints(tmp_path / "told", public, key.sign), Segments(tmp_path / "ledger.jsonl")
    assert checkpoints.load(segments) is None
    told = Told()
    told.recorded.add("a" * 32)
    checkpoint = Checkpoint(seq=4, head="0" * 64, time_us=1, told=told, damaged_seq=0, blanked=False)
    checkpoints.save(segments, checkpoint)
    found = checkpoints.load(segments)
    assert found is not None
    assert replace(found, told=told) == checkpoint
    segments.open_path.write_bytes(make_entry(None, Event.GAP, {}, time_us=1, salt="0").to_line())
    assert checkpoints.load(segments) is None, "the open segment's first entry doesn't follow"
    checkpoints.remove()
    assert not list((tmp_path / "told").iterdir())


# --- running numbers ---


def test_running_numbers() -> None:
    def number(*ids: object, year: int = 2026, event: Event = Event.WIPING, dropped: bool = False) -> str:
        told = Told()
        for seq, name in enumerate(ids, 1):
            body = {"event": str(event), "certificate_id": name}
            told.take(Entry(seq=seq, time_us=seq, bh="", head="", body=None if dropped else body))
        return told.next_number("CW", year)

    assert number() == "CW-2026-0001"
    assert number("CW-2026-0001", "CW-2026-0009") == "CW-2026-0010"
    assert number("CW-2026-9999") == "CW-2026-10000"
    assert (
        number("CW-2025-0007", "CW-20260-0007", "x", None, "CW-2026-x", "CW-2026-", "CW-2026-\u0661") == "CW-2026-0001"
    )
    assert number("CW-2026-0003", year=2025) == "CW-2025-0001"
    assert number("CW-2026-0005", dropped=True) == "CW-2026-0001"
    assert number("CW-2026-0005", event=Event.VIEWED) == "CW-2026-0001"


DAY_US = 86_400_000_000


def test_a_search_by_time_reads_no_segment_that_is_too_old_or_too_new(tmp_path: Path) -> None:
    """By more than a day: clocks step. Here such segments can't be read."""
    paths = Paths.of(tmp_path)
    vault = start(paths)
    for day in range(40):
        vault.ledger.append(Event.VIEWED, {"user_name": f"Viewer {day}"}, day * DAY_US)
    vault.close()
    closed = Segments(paths.ledger).closed()
    wanted = Query(start_us=18 * DAY_US, end_us=21 * DAY_US, text="viewer")
    before = search(Segments(paths.ledger), wanted, 50)
    assert [entry.body["user_name"] for entry in before[0] if entry.body] == ["Viewer 20", "Viewer 19", "Viewer 18"]
    for path in (closed[0], closed[1]):
        path.write_bytes(b"not read viewer\n" * 1000)
    newest = closed[-1].read_bytes().splitlines(keepends=True)
    closed[-1].write_bytes(newest[0] + b"viewer not read\n" * 1000)
    assert search(Segments(paths.ledger), wanted, 50) == before
