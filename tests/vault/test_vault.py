"""The vault as a whole: what `store`, `erase` and `reconcile` leave behind, after kills too."""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import ErasedError, IntegrityError, LockedError, StorageError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.clips.manifest_file import read_manifest
from custom_components.camguard.vault.keys.keyring import Keyring
from custom_components.camguard.vault.keys.root_key import move_root
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from .clips import ledger_full, manifest_of, put_clip

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of(tmp_path / "config")


@pytest.fixture
def vault(paths: Paths) -> Iterator[Vault]:
    vault = Vault.open(paths)
    yield vault
    vault.close()


def files(paths: Paths) -> set[str]:
    return {path.name for path in paths.storage.rglob("*") if path.is_file()} - {paths.marker.name, paths.mirror.name}


def sealed_by(vault: Vault, clip_id: ClipId) -> set[str]:
    return {name for name in files(vault.paths) if name.startswith(clip_id)}


def consistent(vault: Vault) -> None:
    """Assert that keys, files, index and ledger tell the same."""
    keys = vault.keyring.clip_ids()
    assert vault.index.clip_ids() == keys
    for clip_id in keys:
        with vault.open_clip(clip_id) as reader:
            assert reader.read_at(0, 5) == b"clip "
        assert read_manifest(vault.paths, vault.keyring, clip_id).manifest.clip.clip_id == clip_id
    assert {name.partition(".")[0] for name in files(vault.paths)} <= keys
    assert vault.ledger.verify() == vault.ledger.seq
    assert not vault.keyring.spool_ids()


def test_a_stored_clip_is_there_and_private(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    consistent(vault)
    assert vault.thumbnail(clip_id) == b"\xff\xd8thumbnail"
    for path in (vault.paths.clip(clip_id), vault.paths.manifest(clip_id), vault.paths.clip_key(clip_id)):
        assert path.stat().st_mode & 0o777 == 0o600
    for folder in (vault.paths.cache, vault.paths.keys, vault.paths.storage):
        assert folder.stat().st_mode & 0o777 == 0o700
    secret = vault.keyring.clip(clip_id).text.encode()
    for path in vault.paths.cache.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes()


def test_erasing_is_written_down_before_and_after(vault: Vault) -> None:
    clip_id, kept = put_clip(vault, "camera", NOW), put_clip(vault, "camera", NOW)
    erased = vault.erase([clip_id], "expired", NOW_US)
    assert erased.clip_ids == (clip_id,)
    assert erased.remnants == ()
    assert sealed_by(vault, clip_id) == set()
    with pytest.raises(ErasedError):
        vault.open_clip(clip_id)
    events = [entry.event for entry in vault.ledger.entries()]
    assert events[-2:] == ["erasing", "erased"]
    assert vault.erase([clip_id], "again", NOW_US).clip_ids == (clip_id,)
    assert vault.erase([], "nothing", NOW_US).clip_ids == ()
    assert vault.index.clip_ids() == {kept}
    consistent(vault)


def test_nothing_is_destroyed_that_cannot_be_written_down(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    with ledger_full(vault), pytest.raises(StorageError, match="ledger_not_written"):
        vault.erase([clip_id], "expired", NOW_US)
    consistent(vault)


def test_ciphertext_whose_disk_is_away_goes_later(vault: Vault, tmp_path: Path) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    away = tmp_path / "away"
    vault.paths.storage.rename(away)
    erased = vault.erase([clip_id], "expired", NOW_US)
    assert erased.remnants == (clip_id,)
    away.rename(vault.paths.storage)
    assert sealed_by(vault, clip_id)
    assert reconcile(vault, NOW_US).orphans_removed == 1
    assert sealed_by(vault, clip_id) == set()
    consistent(vault)


def test_an_index_that_is_lost_or_foreign_is_made_anew(vault: Vault) -> None:
    reconcile(vault, NOW_US)
    ids = {put_clip(vault, "camera", NOW + timedelta(minutes=minute)) for minute in range(3)}
    entries = vault.ledger.seq
    vault.close()
    for content in (None, b"no database at all" * 1000):
        for suffix in ("", "-wal", "-shm"):
            vault.paths.index.with_name(f"index.db{suffix}").unlink(missing_ok=True)
        if content:
            vault.paths.index.write_bytes(content)
        vault = Vault.open(vault.paths)
        assert reconcile(vault, NOW_US).indexed == 3
        assert vault.index.clip_ids() == ids
        assert vault.ledger.seq == entries, "what is in the ledger already isn't written twice"
        vault.close()


def test_a_newer_index_is_made_anew(vault: Vault) -> None:
    put_clip(vault, "camera", NOW)
    vault.index._db.execute("PRAGMA user_version=99")
    vault.close()
    vault = Vault.open(vault.paths)
    assert reconcile(vault, NOW_US).indexed == 1


def unfinished(vault: Vault) -> ClipId:
    """A clip whose spool is written, and nothing else."""
    clip_id = ClipId(f"{random.getrandbits(128):032x}")
    vault.prepare(clip_id)
    vault.paths.spool_file(clip_id).write_bytes(b"spool")
    return clip_id


def test_a_spool_is_to_be_finished(vault: Vault) -> None:
    clip_id = unfinished(vault)
    vault.paths.clip(clip_id).write_bytes(b"half a clip, renamed already")
    vault.paths.clip(clip_id).with_name(f"{clip_id}.mp4.age.part").write_bytes(b"half")
    found = reconcile(vault, NOW_US)
    assert found.spools_to_finish == (clip_id,)
    assert sealed_by(vault, clip_id) == {f"{clip_id}.spool.age"}


@pytest.mark.parametrize("lost", ["clip_key", "spool_key"])
def test_a_spool_without_a_key_is_nothing(vault: Vault, lost: str) -> None:
    clip_id = unfinished(vault)
    getattr(vault.paths, lost)(clip_id).unlink()
    assert reconcile(vault, NOW_US).spools_to_finish == ()
    consistent(vault)


def test_keys_without_anything_are_destroyed(vault: Vault) -> None:
    vault.prepare(ClipId("a" * 32))
    assert reconcile(vault, NOW_US).orphans_removed == 1
    consistent(vault)


def test_a_clip_stored_but_not_written_down_is_completed(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    vault.index.remove(clip_id)
    ledger = vault.paths.ledger
    vault.close()
    ledger.unlink()
    vault = Vault.open(vault.paths)
    assert reconcile(vault, NOW_US).indexed == 1
    events = [entry.event for entry in vault.ledger.entries()]
    assert events == ["key_changed", "site_begun", "recorded"]
    consistent(vault)


def test_a_spool_left_beside_its_finished_clip_goes(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    vault.paths.spool_file(clip_id).write_bytes(b"spool")
    vault.paths.spool_key(clip_id).write_bytes(b"key")
    reconcile(vault, NOW_US)
    consistent(vault)


def test_a_clip_whose_file_is_missing_may_turn_up_again(vault: Vault, tmp_path: Path) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    shard = vault.paths.clip(clip_id).parent
    shard.rename(tmp_path / "away")
    assert reconcile(vault, NOW_US).orphans_removed == 0
    with pytest.raises(StorageError, match="clip_file_missing"):
        vault.open_clip(clip_id)
    (tmp_path / "away").rename(shard)
    reconcile(vault, NOW_US)
    consistent(vault)
    vault.paths.clip(clip_id).unlink()
    reconcile(vault, NOW_US)
    assert vault.erase([clip_id], "expired", NOW_US).clip_ids == (clip_id,)
    consistent(vault)


def test_a_storage_that_goes_away_while_it_is_looked_through_costs_nothing(vault: Vault, tmp_path: Path) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    vault.paths.storage.rename(tmp_path / "away")
    with pytest.raises(StorageError, match="storage_missing"):
        reconcile(vault, NOW_US)
    vault.paths.storage.mkdir()  # the mount point without the mount
    with pytest.raises(StorageError, match="storage_missing"):
        reconcile(vault, NOW_US)
    assert vault.keyring.has_clip(clip_id)
    vault.paths.storage.rmdir()
    (tmp_path / "away").rename(vault.paths.storage)
    reconcile(vault, NOW_US)
    consistent(vault)


def test_an_empty_mount_point_is_not_taken_for_the_storage(tmp_path: Path) -> None:
    storage = tmp_path / "nas"
    vault = Vault.open(Paths.of(tmp_path / "config", storage_path=storage))
    reconcile(vault, NOW_US)
    vault.close()
    storage.rename(tmp_path / "away")
    storage.mkdir()
    with pytest.raises(StorageError, match="storage_missing"):  # though there isn't a single clip
        Vault.open(vault.paths)
    assert list(storage.iterdir()) == []
    Vault.open(Paths.of(tmp_path / "config", storage_path=tmp_path / "another")).close()


def test_an_altered_manifest_is_left_alone(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    path = vault.paths.manifest(clip_id)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    vault.index.remove(clip_id)
    assert reconcile(vault, NOW_US).indexed == 0
    assert path.exists()
    with pytest.raises(IntegrityError):
        read_manifest(vault.paths, vault.keyring, clip_id)


def test_another_clips_manifest_is_refused(vault: Vault) -> None:
    one, other = put_clip(vault, "camera", NOW), put_clip(vault, "camera", NOW)
    vault.paths.manifest(one).write_bytes(vault.paths.manifest(other).read_bytes())
    with pytest.raises(IntegrityError):
        read_manifest(vault.paths, vault.keyring, one)
    identity = vault.keyring.clip(one)
    assert identity.text != vault.keyring.clip(other).text


def test_a_folder_without_its_marker_is_not_ours(vault: Vault) -> None:
    put_clip(vault, "camera", NOW)
    vault.close()
    vault.paths.marker.unlink()
    with pytest.raises(StorageError, match="storage_missing"):
        Vault.open(vault.paths)


# --- keys ------------------------------------------------------------------------------------------------------------


def test_kinds_of_keys_are_not_interchangeable(vault: Vault) -> None:
    clip_id = ClipId("c" * 32)
    vault.prepare(clip_id)
    vault.paths.spool_key(clip_id).write_bytes(vault.paths.clip_key(clip_id).read_bytes())
    with pytest.raises(IntegrityError, match="key_unreadable"):
        vault.keyring.spool(clip_id)
    other = ClipId("d" * 32)
    vault.paths.clip_key(other).write_bytes(vault.paths.clip_key(clip_id).read_bytes())
    with pytest.raises(IntegrityError, match="key_unreadable"):
        vault.keyring.clip(other)


def test_a_damaged_slot_is_no_key(vault: Vault) -> None:
    clip_id = ClipId("c" * 32)
    identity, _ = vault.prepare(clip_id)
    path = vault.paths.clip_key(clip_id)
    data = path.read_bytes()
    path.write_bytes(os.urandom(4096) + data[:4096])
    assert vault.keyring.clip(clip_id).text == identity.text, "the other slot holds it"
    path.write_bytes(data[:60] + bytes([data[60] ^ 1]) + data[61:])
    with pytest.raises(IntegrityError, match="key_unreadable"):
        vault.keyring.clip(clip_id)


def test_a_key_whose_destruction_was_cut_off_is_no_key(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    vault.ledger.append(Event.ERASING, {"clip_ids": [clip_id], "reason": "expired"}, NOW_US)
    vault.paths.clip_key(clip_id).write_bytes(os.urandom(8192))
    with pytest.raises(ErasedError):
        vault.open_clip(clip_id)
    reconcile(vault, NOW_US)
    assert sealed_by(vault, clip_id) == set()
    consistent(vault)


def test_a_root_key_that_is_away_foreign_or_no_key(vault: Vault, tmp_path: Path) -> None:
    root = vault.paths.root_key
    content = root.read_bytes()
    assert vault.keyring.same_medium
    root.unlink()
    with pytest.raises(LockedError):
        Keyring.open(vault.paths)
    root.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(IntegrityError, match="root_key_foreign"):
        Keyring.open(vault.paths)
    root.write_bytes(b"something else")
    with pytest.raises(IntegrityError, match="root_key_unreadable"):
        Keyring.open(vault.paths)
    root.write_bytes(content)
    move_root(root.parent, root.parent)
    usb = tmp_path / "usb"
    usb.mkdir()
    (usb / "root.key").write_bytes(content)
    move_root(root.parent, usb)
    assert not root.exists()
    (vault.paths.keys / "not an id.clip.key").write_bytes(b"")
    assert vault.keyring.clip_ids() == set()


def test_the_signature_counts(vault: Vault) -> None:
    manifest = manifest_of("camera", NOW, b"x")
    signature = vault.keyring.sign(manifest.to_json())
    vault.keyring.public_key.verify(signature, manifest.to_json())
