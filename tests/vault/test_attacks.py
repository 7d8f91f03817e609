"""What somebody can do who may write to one of the folders: nothing, and it is told (docs/design/attacks.md).

Each attack is made while nothing runs, then comes a start. What isn't signed by one of our keys, or is older than what
the ledger tells, has no effect.
"""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.app.custody.wiping import resume
from custom_components.camguard.app.retention.sweeper import Retention, erase_due_keys
from custom_components.camguard.domain.clip import US_PER_DAY, ClipId
from custom_components.camguard.domain.errors import ErasedError, StorageError
from custom_components.camguard.domain.hold import Hold
from custom_components.camguard.domain.ledger import Entry, Event, make_entry
from custom_components.camguard.vault.keys.keyring import public_key_text
from custom_components.camguard.vault.ledger.check import check_ledger
from custom_components.camguard.vault.ledger.ledger_file import LedgerFile
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..app.bundles import site_of
from ..hands import NOW, NOW_US, Hands
from .clips import put_clip

FACTS = {"user_id": "u", "user_name": "Sato"}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A site whose storage lies elsewhere, as on a NAS."""
    (tmp_path / "nas").mkdir()
    return Paths.of(tmp_path / "config", storage_path=tmp_path / "nas")


def begin(paths: Paths) -> Vault:
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    resume(site_of(paths), vault, Hands())
    return vault


def told(vault: Vault) -> set[str]:
    """Return what verifying says, and what the start has found."""
    check = check_ledger(vault.ledger, vault.anchors, vault.keyring.public_key, every_signature=True)
    return {problem.key for problem in (*check.problems, *vault.findings)}


def held(vault: Vault, clip_id: ClipId) -> None:
    hold = Hold(clip_id=clip_id, camera_id="front", since_us=NOW_US, until_us=NOW_US + US_PER_DAY, reason="police")
    vault.hold(hold, FACTS, NOW_US)


def plays(vault: Vault, clip_id: ClipId) -> bool:
    try:
        with vault.open_clip(clip_id) as reader:
            return reader.size > 0
    except ErasedError:
        return False


def append(paths: Paths, *made: tuple[Event, dict[str, object]], key: Ed25519PrivateKey | None = None) -> None:
    """Append chained entries, unsigned or signed by somebody else's key."""
    last = Entry.from_line(paths.ledger.read_bytes().splitlines()[-1])
    with paths.ledger.open("ab") as file:
        for event, facts in made:
            last = make_entry(last, event, facts, time_us=NOW_US, salt="0" * 32)
            file.write(last.to_line())


# --- the configuration folder: ledger, holds ---


def test_entries_that_nobody_signed_are_out(paths: Paths) -> None:
    vault = begin(paths)
    clip_id, other = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    held(vault, clip_id)
    vault.close()
    append(
        paths,
        (Event.VIEWED, {"clip_id": clip_id, "user_name": "Tanaka"}),
        (Event.DISCLOSED, {"clip_ids": [clip_id]}),
        (Event.RELEASED, {"clip_id": clip_id}),
        (Event.ERASED, {"clip_ids": [clip_id, other]}),
        (Event.KEY_CHANGED, {"public_key": "x", "erasing_key": "y", "reason": "replaced"}),
    )
    vault = begin(paths)
    assert told(vault) == {"ledger_forged"}
    assert vault.holds.get(clip_id)
    assert plays(vault, clip_id)
    assert plays(vault, other)
    assert not [entry for entry in vault.ledger.entries() if entry.event in {Event.VIEWED, Event.DISCLOSED}]
    assert b"Tanaka" in paths.ledger.with_suffix(".unsigned").read_bytes(), "kept, for who has to find out"
    vault.close()


def test_a_history_written_anew_without_its_viewings(paths: Paths) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    held(vault, clip_id)
    vault.ledger.append(Event.VIEWED, {"clip_id": clip_id, "user_name": "Sato"}, NOW_US)
    vault.close()
    previous: Entry | None = None
    lines, mirror = [], []
    for line in paths.ledger.read_bytes().splitlines():
        entry = Entry.from_line(line)
        if entry.event == Event.VIEWED:
            continue
        facts = {key: value for key, value in (entry.body or {}).items() if key not in {"salt", "seq", "time_us"}}
        previous = make_entry(previous, Event(facts.pop("event")), facts, time_us=entry.time_us, salt="0" * 32)
        lines.append(previous.to_line())
        mirror.append(f"{previous.seq} {previous.bh} {previous.head}\n")
    assert previous
    paths.ledger.write_bytes(b"".join(lines))
    paths.mirror.write_text("".join(mirror))
    paths.head.write_text(
        json.dumps(json.loads(paths.head.read_bytes()) | {"seq": previous.seq, "head": previous.head})
    )
    vault = begin(paths)
    assert {"ledger_forged", "ledger_gone"} <= told(vault)
    assert vault.holds.get(clip_id), "a ledger that isn't whole lifts no hold"
    assert plays(vault, clip_id)
    vault.close()


def test_texts_of_recent_entries_blanked(paths: Paths) -> None:
    vault = begin(paths)
    for number in range(3):
        vault.ledger.append(Event.VIEWED, {"user_name": f"viewer-{number}"}, NOW_US)
    vault.close()
    lines = [Entry.from_line(line) for line in paths.ledger.read_bytes().splitlines()]
    paths.ledger.write_bytes(
        b"".join((entry.without_body() if entry.event == Event.VIEWED else entry).to_line() for entry in lines)
    )
    vault = begin(paths)
    assert told(vault) == {"ledger_body_missing"}
    vault.close()


def test_the_hold_of_a_clip_blanked(paths: Paths) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    held(vault, clip_id)
    vault.close()
    lines = [Entry.from_line(line) for line in paths.ledger.read_bytes().splitlines()]
    paths.ledger.write_bytes(
        b"".join((entry.without_body() if entry.event == Event.HELD else entry).to_line() for entry in lines)
    )
    vault = begin(paths)
    assert "ledger_body_missing" in told(vault)
    assert vault.holds.get(clip_id)
    vault.close()


def test_a_dropped_text_that_nobody_may_have_dropped_yet(paths: Paths) -> None:
    """Even with a signed word of it: its time wasn't over."""
    vault = begin(paths)
    vault.ledger.append(Event.VIEWED, {"user_name": "Sato"}, NOW_US)
    seq = vault.ledger.seq
    vault.ledger.append(Event.BODIES_DROPPED, {"ranges": [[seq, seq]]}, NOW_US + 30 * US_PER_DAY)
    vault.ledger.drop_bodies([[seq, seq]])
    assert told(vault) == {"ledger_body_missing"}
    vault.close()


@pytest.mark.parametrize("others", [0, 600])
def test_the_file_of_a_hold_deleted(paths: Paths, others: int) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    held(vault, clip_id)
    for number in range(others):
        vault.ledger.append(Event.GAP, {"number": number}, NOW_US)
    vault.close()
    (path,) = paths.holds.glob("*.hold.json")
    path.unlink()
    vault = begin(paths)
    hold = vault.holds.get(clip_id)
    assert hold
    assert (hold.reason, hold.until_us) == ("police", NOW_US + US_PER_DAY)
    assert told(vault) == ({"hold_missing"} if others else set()), "a power cut may have done that a moment before"
    row = vault.index.get(clip_id)
    assert row
    assert row.held
    vault.close()


def test_a_hold_that_nobody_wrote_down_holds_nothing(paths: Paths) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    vault.close()
    fields = {"camera_id": "front", "since_us": NOW_US, "until_us": NOW_US * 2, "reason": "for ever"}
    (paths.holds / f"{clip_id}.hold.json").write_text(json.dumps(fields))
    vault = begin(paths)
    assert vault.holds.all() == ()
    assert Retention(vault, Hands(NOW_US + 15 * US_PER_DAY), min_free_bytes=0, retention_days=lambda _: 14).is_due(
        vault.index.clips()[0]
    )
    vault.close()


def test_the_ledger_taken_away_as_a_whole(paths: Paths) -> None:
    vault = begin(paths)
    put_clip(vault, "front", NOW)
    vault.close()
    for path in (paths.ledger, paths.head, paths.mirror, paths.index):
        path.unlink()
    vault = begin(paths)
    assert "ledger_gone" in told(vault)
    vault.close()


def test_the_tail_and_the_newest_key_taken_away(paths: Paths) -> None:
    """And the anchors edited to fit: who can't sign can't make a head."""
    vault = begin(paths)
    put_clip(vault, "front", NOW)
    vault.close()
    paths.sign_key.unlink()
    vault = begin(paths)
    vault.ledger.append(Event.VIEWED, {"user_name": "Sato"}, NOW_US)
    vault.anchors.begin_anew(vault.ledger, NOW_US)
    vault.close()
    lines = paths.ledger.read_bytes().splitlines(keepends=True)[:3]
    last = Entry.from_line(lines[-1])
    paths.ledger.write_bytes(b"".join(lines))
    paths.sign_key.unlink()
    paths.mirror.write_bytes(b"".join(paths.mirror.read_bytes().splitlines(keepends=True)[:3]))
    paths.head.write_text(json.dumps(json.loads(paths.head.read_bytes()) | {"seq": last.seq, "head": last.head}))
    vault = begin(paths)
    assert {"ledger_key_replaced", "ledger_anchor_missing"} <= told(vault)
    vault.close()


# --- the cache folder: keys, index, clock, orders ---


def copied(folder: Path, to: Path) -> None:
    shutil.copytree(folder, to, dirs_exist_ok=True, symlinks=True)


@pytest.mark.parametrize("storage_too", [False, True])
def test_an_older_copy_of_the_keys_put_back(paths: Paths, tmp_path: Path, storage_too: bool) -> None:
    """A snapshot of a virtual machine, a backup of files: what the ledger calls erased is erased again, and told."""
    vault = begin(paths)
    erased, wiped, kept = (put_clip(vault, "front", NOW) for _ in range(3))
    held(vault, wiped)
    vault.close()
    copied(paths.cache, tmp_path / "cache")
    copied(paths.storage, tmp_path / "storage")
    copied(paths.holds, tmp_path / "holds")
    vault = begin(paths)
    vault.erase([erased], "expired", NOW_US)
    vault.erase([wiped], "wiped", NOW_US)
    vault.close()
    shutil.rmtree(paths.cache)
    copied(tmp_path / "cache", paths.cache)
    copied(tmp_path / "holds", paths.holds)
    if storage_too:
        shutil.rmtree(paths.storage)
        copied(tmp_path / "storage", paths.storage)
    vault = begin(paths)
    assert "clips_came_back" in told(vault)
    assert vault.index.clip_ids() == {kept}
    assert vault.keyring.clip_ids() == {kept}
    assert not list(paths.storage.rglob(f"{erased}*")) + list(paths.storage.rglob(f"{wiped}*"))
    assert vault.holds.all() == ()
    assert plays(vault, kept)
    vault.close()


def test_a_forged_order_to_wipe(paths: Paths) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    held(vault, clip_id)
    vault.close()
    order = {
        "certificate_id": "CW-2026-0001", "begun_us": NOW_US, "scope": "everything", "scope_detail": "",
        "reason": "x", "include_held": True, "clip_ids": [clip_id], "skipped_held": [], "skipped_running": [],
        "user_id": None, "user_name": "Sato",
    }  # fmt: skip
    paths.wipe_journal.write_text(json.dumps(order))
    vault = begin(paths)
    assert told(vault) == {"wipe_not_ordered"}
    assert plays(vault, clip_id)
    assert not [entry for entry in vault.ledger.entries() if entry.event in {Event.WIPING, Event.WIPED}]
    vault.close()


@pytest.mark.parametrize("change", ["reckoned_us = reckoned_us + 1", "retention_days = 90"])
def test_the_index_moved_on(paths: Paths, change: str) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", datetime(2026, 11, 1, tzinfo=UTC))
    vault.close()
    with closing(sqlite3.connect(paths.index)) as db:
        db.execute(f"UPDATE clip SET {change.replace('+ 1', '+ 315360000000000')}")
        db.commit()
    vault = begin(paths)
    assert told(vault) == {"index_altered"}
    retention = Retention(vault, Hands(NOW_US), min_free_bytes=0, retention_days=lambda _: 30)
    assert retention.sweep().erased == 1, "the signed record counts"
    assert not vault.keyring.has_clip(clip_id)
    vault.close()


def test_a_row_taken_out_of_the_index(paths: Paths) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    vault.close()
    with closing(sqlite3.connect(paths.index)) as db:
        db.execute("DELETE FROM clip")
        db.commit()
    vault = begin(paths)
    assert vault.index.clip_ids() == {clip_id}
    vault.close()


def test_the_clock_moved_back(paths: Paths) -> None:
    vault = begin(paths)
    put_clip(vault, "front", NOW - timedelta(days=13))
    Retention(vault, Hands(NOW_US), min_free_bytes=0, retention_days=lambda _: 14).sweep()
    vault.close()
    fields = json.loads(paths.clock.read_bytes())
    paths.clock.write_text(json.dumps(fields | {"high_us": fields["high_us"] - 300 * US_PER_DAY}))
    vault = begin(paths)
    later = Hands(NOW_US + 2 * US_PER_DAY)
    assert Retention(vault, later, min_free_bytes=0, retention_days=lambda _: 14).sweep().erased == 1
    assert told(vault) == {"clock_altered"}
    vault.tell_findings(NOW_US)
    vault.tell_findings(NOW_US)
    anomalies = [entry.body for entry in vault.ledger.entries() if entry.event == Event.ANOMALY]
    assert [(body or {})["problems"] for body in anomalies] == [["clock_altered"]], "once"
    vault.close()


def test_the_erasing_key_deleted_or_exchanged(paths: Paths) -> None:
    vault = begin(paths)
    vault.close()
    before = paths.erase_key.read_bytes()
    for change in (paths.erase_key.unlink, lambda: paths.erase_key.write_bytes(b"x")):
        change()
        vault = begin(paths)
        assert told(vault) == set()
        assert paths.erase_key.read_bytes() != before
        *_, entry = vault.ledger.entries()
        assert (entry.event, (entry.body or {})["reason"]) == (Event.KEY_CHANGED, "erasing")
        vault.close()


# --- the storage medium ---


def test_a_link_in_place_of_a_folder(paths: Paths, tmp_path: Path) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    vault.close()
    album = tmp_path / "album"
    album.mkdir()
    photo, sealed = album / "photo.jpg", album / f"{'a' * 32}.mp4.age"
    photo.write_bytes(b"photo")
    sealed.write_bytes(b"sealed")
    paths.extracts.symlink_to(album)
    (paths.storage / "ff").symlink_to(album)
    vault = begin(paths)
    assert told(vault) == {"folder_not_ours"}
    assert {path.name for path in album.iterdir()} == {photo.name, sealed.name}
    assert plays(vault, clip_id)
    vault.close()


@pytest.mark.parametrize(
    "name", ["@eaDir", ".AppleDouble", "lost+found", "extracts/@eaDir", "spool/@eaDir", "ab/@eaDir"]
)
def test_somebody_elses_folders_disturb_nobody(paths: Paths, name: str) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    vault.close()
    folder = paths.storage / name
    folder.mkdir(parents=True)
    (folder / "thumb.jpg").write_bytes(b"x")
    folder.chmod(0)
    vault = begin(paths)
    assert told(vault) == set()
    assert plays(vault, clip_id)
    folder.chmod(0o700)
    assert (folder / "thumb.jpg").exists()
    vault.close()


def other_site(tmp_path: Path, paths: Paths) -> Paths:
    return Paths.of(tmp_path / "second", storage_path=paths.storage)


def test_somebody_elses_storage(paths: Paths, tmp_path: Path) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    before = {path: path.read_bytes() for path in paths.storage.rglob("*") if path.is_file()}
    second = other_site(tmp_path, paths)
    for _ in range(2):
        with pytest.raises(StorageError, match="storage_foreign"):
            Vault.open(second)
    assert {path: path.read_bytes() for path in paths.storage.rglob("*") if path.is_file()} == before
    assert plays(vault, clip_id)
    vault.close()


def test_a_storage_that_is_taken_over(paths: Paths, tmp_path: Path) -> None:
    """By an explicit step, which is in the ledger. Nothing in it is deleted, and what is there is told."""
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    owner = vault.site_id
    vault.close()
    second = other_site(tmp_path, paths)
    vault = Vault.open(second, taken_over=owner)
    reconcile(vault, NOW_US)
    assert told(vault) == {"clips_foreign"}
    assert re.fullmatch(r"1 \d{5,}", next(item.detail for item in vault.findings))
    taken = [entry.body for entry in vault.ledger.entries() if entry.event == Event.STORAGE_TAKEN_OVER and entry.body]
    assert [body["site_id"] for body in taken] == [owner]
    assert vault.paths.clip(clip_id).exists()
    vault.close()
    vault = Vault.open(second)
    reconcile(vault, NOW_US)
    assert vault.paths.clip(clip_id).exists()
    vault.close()
    with pytest.raises(StorageError, match="storage_foreign"):
        Vault.open(paths)


def test_a_reinstallation_without_its_backup(paths: Paths, tmp_path: Path) -> None:
    """The clips of before can be opened by nobody but a recovery kit: they stay."""
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    owner = vault.site_id
    vault.close()
    shutil.rmtree(tmp_path / "config")
    with pytest.raises(StorageError, match="storage_foreign"):
        Vault.open(paths)
    vault = Vault.open(paths, taken_over=owner)
    reconcile(vault, NOW_US)
    assert paths.clip(clip_id).exists()
    vault.close()


@pytest.mark.parametrize("act", [lambda paths: paths.marker.write_bytes(b"installation " + b"0" * 32 + b".\n")])
def test_a_marker_of_somebody_elses(paths: Paths, act: Callable[[Paths], object]) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    vault.close()
    act(paths)
    with pytest.raises(StorageError, match="storage_foreign"):
        Vault.open(paths)
    assert paths.clip(clip_id).exists()


def test_a_mirror_of_somebody_elses_making_is_told_and_changes_nothing(paths: Paths) -> None:
    vault = begin(paths)
    clip_id = put_clip(vault, "front", NOW)
    held(vault, clip_id)
    vault.close()
    paths.mirror.write_text(f"1 {'0' * 64} {'1' * 64}\n99 {'0' * 64} {'1' * 64}\n")
    vault = begin(paths)
    assert told(vault) == {"ledger_rolled_back"}
    assert vault.holds.get(clip_id)
    assert plays(vault, clip_id)
    vault.close()


# --- the medium of the root key ---


def test_a_root_key_of_somebody_elses(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path / "config", key_path=tmp_path / "stick")
    begin(paths).close()
    data = paths.root_key.read_bytes()
    paths.root_key.write_bytes(data[:-32] + bytes(32))
    with pytest.raises(Exception, match="root_key_foreign"):
        Vault.open(paths)
    paths.root_key.write_bytes(data)
    vault = begin(paths)
    assert told(vault) == set()
    vault.close()


def test_forged_entries_while_the_root_key_is_away(tmp_path: Path) -> None:
    """Even under a key that they name themselves: what is due is erased behind what is ours, and it is told."""
    paths = Paths.of(tmp_path / "config", key_path=tmp_path / "stick")
    vault = begin(paths)
    due = put_clip(vault, "front", NOW - timedelta(days=20))
    kept = put_clip(vault, "front", NOW - timedelta(days=21))
    held(vault, kept)
    Retention(vault, Hands(NOW_US), min_free_bytes=0, retention_days=lambda _: 90).remember()
    vault.close()
    root = paths.root_key.read_bytes()
    paths.root_key.unlink()
    key = Ed25519PrivateKey.generate()
    ledger = LedgerFile(paths.ledger, sign=key.sign)
    ledger.append(Event.KEY_CHANGED, {"public_key": public_key_text(key.public_key()), "reason": "replaced"}, NOW_US)
    ledger.append(Event.RELEASED, {"clip_id": kept}, NOW_US)
    ledger.close()
    assert erase_due_keys(paths, Hands(NOW_US), lambda _: 14) == 1
    paths.root_key.write_bytes(root)
    vault = begin(paths)
    assert told(vault) == {"ledger_forged"}
    assert vault.holds.get(kept)
    assert not plays(vault, due)
    assert due in vault.ledger.told.erased, "that it was erased is written down"
    vault.close()
    vault = begin(paths)
    assert told(vault) == set()
    vault.close()
