"""Holds at rest: kept through every crash and whatever becomes of their files."""

import json
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import ErasedError, StorageError
from custom_components.camguard.domain.hold import Hold, to_review
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.clips.holds_file import Holds
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile, take_back
from custom_components.camguard.vault.vault import ORDERED, Vault

from .clips import ledger_full, put_clip
from .killing import FAR_US, Run, killer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
FACTS: dict[str, Any] = {"user_id": "u", "user_name": "花子"}


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with killer() as run:
        yield run


def hold_of(clip_id: ClipId, until_us: int = FAR_US, reason: str = "警察の照会") -> Hold:
    return Hold(clip_id=clip_id, camera_id="camera", since_us=NOW_US, until_us=until_us, reason=reason)


def last_words(vault: Vault, clip_id: ClipId) -> list[str]:
    return [
        entry.event
        for entry in vault.ledger.entries()
        if entry.event in {Event.HELD, Event.RELEASED} and entry.body and entry.body["clip_id"] == clip_id
    ]


def agree(vault: Vault, clip_id: ClipId) -> bool:
    """Assert that ledger, file, memory and index tell the same; return whether the clip is held."""
    words = last_words(vault, clip_id)
    told = bool(words) and words[-1] == Event.HELD
    clip = vault.index.get(clip_id)
    assert clip is not None
    assert (vault.holds.get(clip_id) is not None) == told
    assert (Holds.open(vault.paths.holds).get(clip_id) is not None) == told
    assert clip.held == told
    if told:
        assert clip.held_until_us == vault.holds.all()[0].until_us
    return told


def test_place_change_release(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    vault.hold(hold_of(clip_id), FACTS, NOW_US)
    assert agree(vault, clip_id)
    vault.hold(hold_of(clip_id, FAR_US + 1, "another reason"), FACTS, NOW_US)
    assert agree(vault, clip_id)
    clip = vault.index.get(clip_id)
    assert clip
    assert (clip.held_until_us, clip.hold_reason) == (FAR_US + 1, "another reason")
    *_, entry = vault.ledger.entries()
    assert entry.body
    assert {key: entry.body[key] for key in ("clip_id", "camera_id", "until_us", "reason", "user_name")} == {
        "clip_id": clip_id, "camera_id": "camera", "until_us": FAR_US + 1, "reason": "another reason",
        "user_name": "花子",
    }  # fmt: skip
    (path,) = vault.paths.holds.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    vault.release(clip_id, FACTS | {"reason": "over"}, NOW_US)
    assert not agree(vault, clip_id)
    assert list(vault.paths.holds.iterdir()) == []


def test_retention_and_space_leave_held_clips_an_order_does_not(vault: Vault) -> None:
    held, other = put_clip(vault, "camera", NOW), put_clip(vault, "camera", NOW)
    vault.hold(hold_of(held), FACTS, NOW_US)
    vault.index.set_hold(held, None)  # the index knows nothing of it
    for reason in ("expired", "space", "removed"):
        assert held not in vault.erase([held, other], reason, NOW_US).clip_ids
        assert vault.keyring.has_clip(held)
    assert not vault.keyring.has_clip(other)
    assert vault.erase([held], ORDERED, NOW_US).clip_ids == (held,)
    assert vault.holds.all() == ()
    assert list(vault.paths.holds.iterdir()) == []


def test_an_erased_clip_can_not_be_held(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    vault.keyring.destroy_clip(clip_id)
    with pytest.raises(ErasedError):
        vault.hold(hold_of(clip_id), FACTS, NOW_US)
    assert last_words(vault, clip_id) == []


def test_what_can_not_be_written_down_is_not_held(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    with ledger_full(vault), pytest.raises(StorageError, match="ledger_not_written"):
        vault.hold(hold_of(clip_id), FACTS, NOW_US)
    assert not agree(vault, clip_id)


def test_a_hold_that_no_disk_takes_is_placed_at_the_next_start(vault: Vault) -> None:
    """Written down is held: evidence isn't lost for a full disk."""
    clip_id = put_clip(vault, "camera", NOW)
    folder = vault.paths.holds
    folder.rmdir()
    folder.write_bytes(b"")
    with pytest.raises(StorageError, match="hold_not_written"):
        vault.hold(hold_of(clip_id), FACTS, NOW_US)
    folder.unlink()
    vault.close()
    vault = Vault.open(vault.paths)
    reconcile(vault, NOW_US)
    assert agree(vault, clip_id)
    vault.close()


@pytest.mark.parametrize(
    "facts",
    [{}, {"clip_id": 5}, {"clip_id": "../../../escaped"}, {"clip_id": None, "until_us": "x"}],
    ids=str,
)
def test_an_odd_entry_holds_nothing(vault: Vault, facts: dict[str, Any], tmp_path: Path) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    vault.ledger.append(Event.HELD, facts, 1)
    vault.ledger.append(Event.RELEASED, facts, 1)
    vault.ledger.append(Event.HELD, {"clip_id": clip_id, "until_us": "soon"}, 1)
    vault.close()
    vault = Vault.open(vault.paths)
    reconcile(vault, NOW_US)
    assert vault.holds.all() == ()
    assert not list(tmp_path.rglob("*escaped*"))
    vault.close()


@pytest.mark.parametrize("task", ["hold", "release"])
def test_killed_at_every_step(tmp_path: Path, run: Run, task: str) -> None:
    template = tmp_path / "template"
    vault = Vault.open(Paths.of(template))
    reconcile(vault, 1)
    clip_id = put_clip(vault, "camera", NOW)
    if task == "release":
        vault.hold(hold_of(clip_id), FACTS, NOW_US)
    vault.close()
    for kill_at in range(1, 100):
        shutil.copytree(template, tmp_path / "now")
        paths = Paths.of(tmp_path / "now")
        code, steps = run(task, paths, kill_at)
        assert code in {0, -signal.SIGKILL}, steps
        vault = Vault.open(paths)
        reconcile(vault, 9)
        # the entry is in the file by the first touch: what it tells is carried out
        assert agree(vault, clip_id) == (task == "hold"), steps
        assert not list(paths.holds.glob("*.hold.json")) or vault.holds.all()
        vault.close()
        shutil.rmtree(tmp_path / "now")
        if code == 0:
            break
    else:
        pytest.fail("never came to its end")


# --- files ---


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff", b"{}", b'{"camera_id":"c","since_us":"x","until_us":1,"reason":"r"}',
        b'{"camera_id":"c","since_us":1,"until_us":null,"reason":"r"}',
        b'{"camera_id":"c","since_us":1e999,"until_us":1,"reason":"r"}', b"[" * 100_000,
        b'{"camera_id":"c","since_us":1,"until_us":99999999999999999999,"reason":"r"}',
    ],
    ids=lambda content: repr(content[:40]),
)  # fmt: skip
def test_an_unreadable_hold_holds_and_is_made_anew_by_the_ledger(vault: Vault, content: bytes) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    placed = hold_of(clip_id)
    vault.hold(placed, FACTS, NOW_US)
    (path,) = vault.paths.holds.iterdir()
    path.write_bytes(content)
    vault.close()
    vault = Vault.open(vault.paths)
    (hold,) = vault.holds.all()
    assert hold.clip_id == clip_id
    assert to_review(vault.holds.all(), NOW_US) == (hold,), "even if nobody knew of it"
    reconcile(vault, NOW_US)
    (hold,) = vault.holds.all()
    assert (hold.until_us, hold.reason) == (placed.until_us, placed.reason)
    clip = vault.index.get(clip_id)
    assert clip
    assert clip.held
    assert vault.erase([clip_id], "expired", NOW_US).clip_ids == ()
    vault.close()


def test_strange_files_are_no_holds(paths: Paths) -> None:
    paths.holds.mkdir(parents=True)
    for name in ("x.hold.json", f"{'A' * 32}.hold.json", f"{'a' * 32}.json", f"{'a' * 32}.hold.json.part", "k.kit.age"):
        (paths.holds / name).write_bytes(b"{}")
    assert Holds.open(paths.holds).all() == ()


def test_a_hold_comes_back_as_it_was(paths: Paths) -> None:
    clip_id = ClipId("a" * 32)
    hold = hold_of(clip_id, reason='理由\n"quoted" 😀')
    Holds.open(paths.holds).place(hold)
    assert Holds.open(paths.holds).get(clip_id) == hold
    (path,) = paths.holds.iterdir()
    assert json.loads(path.read_bytes())["reason"] == hold.reason


# --- what a start finds ---


def test_a_held_clip_whose_file_is_missing_is_kept(vault: Vault, tmp_path: Path) -> None:
    """A share that comes back piecemeal: destroying the key would make that the end of the evidence."""
    held = put_clip(vault, "camera", NOW)
    vault.hold(hold_of(held), FACTS, NOW_US)
    vault.paths.clip(held).rename(tmp_path / held)
    vault.close()
    vault = Vault.open(vault.paths)
    reconcile(vault, NOW_US)
    assert vault.keyring.clip_ids() == {held}
    assert vault.index.clip_ids() == {held}
    (tmp_path / held).rename(vault.paths.clip(held))
    with vault.open_clip(held) as reader:
        assert reader.size
    vault.close()


def test_a_hold_whose_clip_is_gone_is_released_and_that_is_written_down(vault: Vault) -> None:
    clip_id = ClipId("b" * 32)
    reconcile(vault, NOW_US)
    vault.place_hold(hold_of(clip_id), FACTS, NOW_US)
    vault.close()
    vault = Vault.open(vault.paths)
    reconcile(vault, NOW_US)
    assert vault.holds.all() == ()
    assert last_words(vault, clip_id) == [Event.HELD, Event.RELEASED]
    *_, entry = (entry for entry in vault.ledger.entries() if entry.event == Event.RELEASED)
    assert entry.body
    assert entry.body["reason"] == "clip_missing"
    vault.close()


def test_a_restored_backup_waits_for_the_disk_of_its_held_clips(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path / "config", storage_path=tmp_path / "nas")
    vault = Vault.open(paths)
    reconcile(vault, 1)
    held = put_clip(vault, "camera", NOW)
    vault.hold(hold_of(held), FACTS, NOW_US)
    vault.close()
    shutil.rmtree(paths.cache)
    paths.storage.rename(tmp_path / "away")
    paths.storage.mkdir()  # the empty mount point
    for _ in range(2):
        with pytest.raises(StorageError, match="storage_missing"):
            Vault.open(paths)
    paths.storage.rmdir()
    (tmp_path / "away").rename(paths.storage)
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    assert vault.lost_held() == (held,)
    assert vault.holds.get(held)
    assert vault.paths.clip(held).exists()
    vault.close()


def test_taking_back_is_killed_at_every_step(tmp_path: Path, run: Run) -> None:
    template = tmp_path / "template"
    paths = Paths.of(template / "config", storage_path=template / "nas")
    vault = Vault.open(paths)
    reconcile(vault, 1)
    ids = [put_clip(vault, "camera", NOW) for _ in range(2)]
    for clip_id in ids:
        vault.hold(hold_of(clip_id), FACTS, NOW_US)
    keys = {clip_id: vault.keyring.clip(clip_id) for clip_id in ids}
    (paths.ledger.parent / "keys.json").write_text(json.dumps({clip_id: key.text for clip_id, key in keys.items()}))
    vault.close()
    shutil.rmtree(paths.cache)
    outcomes = set()
    for kill_at in range(1, 100):
        shutil.copytree(template, tmp_path / "now")
        paths = Paths.of(tmp_path / "now" / "config", storage_path=tmp_path / "now" / "nas")
        code, steps = run("take_back", paths, kill_at)
        assert code in {0, -signal.SIGKILL}, steps
        vault = Vault.open(paths)
        reconcile(vault, 9)
        there = vault.keyring.clip_ids()
        outcomes.add(len(there))
        assert vault.index.clip_ids() == there
        assert set(vault.lost_held()) == set(ids) - there
        take_back(vault, {clip_id: keys[clip_id] for clip_id in vault.lost_held()}, "kit", 10)
        for clip_id in ids:
            with vault.open_clip(clip_id) as reader:
                assert b"".join(reader.chunks()) == b"clip " * 40_000
            assert agree(vault, clip_id)
        vault.close()
        shutil.rmtree(tmp_path / "now")
        if code == 0:
            break
    else:
        pytest.fail("never came to its end")
    assert outcomes == {0, 1, 2}
