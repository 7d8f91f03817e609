"""A clip's life and end, cut off between any two steps (docs/design/formats.md), and the order of the end itself."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from custom_components.camguard.domain.clip import ClipId, Manifest
from custom_components.camguard.domain.errors import CamguardError, ErasedError, StorageError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.clips.manifest_file import read_manifest, write_manifest
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import Identity, SealedWriter
from custom_components.camguard.vault.vault import Vault
from custom_components.camguard.worker.clip.spool import Head, Packet, SpoolReader, SpoolWriter

from .clips import manifest_of, put_clip
from .conftest import fill

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
CONTENT = b"clip " * 30_000


def sealed(data: bytes, identity: Identity) -> bytes:
    file = io.BytesIO()
    with SealedWriter(file, identity.recipient) as writer:
        writer.write(data)
    return file.getvalue()


class Life:
    """One clip, from its keys to its stored end, a step at a time."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.paths = vault.paths
        self.manifest: Manifest = manifest_of("camera", NOW, CONTENT)
        self.clip_id: ClipId = self.manifest.clip.clip_id
        self.steps: dict[str, Callable[[], object]] = {
            "nothing": lambda: None,
            "keys": self.keys,
            "spool begun": self.spool_begun,
            "spool ended": self.spool_ended,
            "thumbnail part": lambda: self.part(self.paths.thumbnail(self.clip_id), b"\xff\xd8"),
            "thumbnail": lambda: self.whole(self.paths.thumbnail(self.clip_id), b"\xff\xd8"),
            "mp4 part": lambda: self.part(self.paths.clip(self.clip_id), CONTENT),
            "mp4": lambda: self.whole(self.paths.clip(self.clip_id), CONTENT),
            "manifest part": lambda: self.part(self.paths.manifest(self.clip_id), b"{}"),
            "manifest": self.write_manifest,
            "ledger": self.ledger,
            "index": lambda: self.vault.index.add(self.manifest.clip),
            "spool key gone": lambda: self.vault.keyring.destroy_spool(self.clip_id),
            "spool gone": lambda: self.paths.spool_file(self.clip_id).unlink(),
        }

    def keys(self) -> None:
        self.identity, self.spool_identity = self.vault.prepare(self.clip_id)

    def spool_begun(self) -> None:
        self.spool = SpoolWriter(self.paths.spool_file(self.clip_id), self.spool_identity)
        self.spool.head(
            Head(
                clip_id=self.clip_id, start_us=NOW_US, width=4, height=2, source_codec="h264", encoder="x",
                extradata=b"", has_audio=False, meta={},
            )
        )  # fmt: skip
        self.spool.packet(Packet(pts_us=1, dts_us=1, keyframe=True, data=b"frame"))
        self.spool.sync()

    def spool_ended(self) -> None:
        self.spool.end(end_us=NOW_US + 5, reason="until", frame_rate_lowered=False)

    def part(self, path: Path, data: bytes) -> None:
        path.with_name(path.name + ".part").write_bytes(sealed(data, self.identity)[:-9])

    def whole(self, path: Path, data: bytes) -> None:
        part = path.with_name(path.name + ".part")
        part.write_bytes(sealed(data, self.identity))
        part.rename(path)

    def write_manifest(self) -> None:
        path = self.paths.manifest(self.clip_id)
        write_manifest(self.paths, self.vault.keyring, self.manifest)
        path.with_name(path.name + ".part").unlink(missing_ok=True)

    def ledger(self) -> None:
        facts = {"clip_id": self.clip_id, "camera_id": "camera", "sha256": self.manifest.clip.sha256}
        self.vault.ledger.append(Event.RECORDED, facts, NOW_US)

    def until(self, last: str) -> Life:
        for name, step in self.steps.items():
            step()
            if name == last:
                break
        if last == "spool begun":
            self.spool.abandon()
        return self


NAMES = [
    "nothing", "keys", "spool begun", "spool ended", "thumbnail part", "thumbnail", "mp4 part", "mp4", "manifest part",
    "manifest", "ledger", "index", "spool key gone", "spool gone",
]  # fmt: skip


def reopen(vault: Vault) -> Vault:
    paths = vault.paths
    vault.close()
    return Vault.open(paths)


def files_of(paths: Paths, clip_id: ClipId) -> set[str]:
    return {path.name[33:] for path in paths.cache.rglob(f"{clip_id}*")}


def recorded(vault: Vault) -> list[Any]:
    return [entry.body["clip_id"] for entry in vault.ledger.entries() if entry.body and entry.event == Event.RECORDED]


def whole(vault: Vault, clip_id: ClipId, content: bytes = CONTENT) -> bool:
    with vault.open_clip(clip_id) as reader:
        return (
            reader.read_at(0, reader.size) == content and read_manifest(vault.paths, vault.keyring, clip_id) is not None
        )


@pytest.mark.parametrize("last", NAMES)
def test_life_cut_off_after(vault: Vault, last: str) -> None:
    other = put_clip(vault, "camera", NOW)
    assert list(Life(vault).steps) == NAMES
    life = Life(vault).until(last)
    clip_id, at = life.clip_id, NAMES.index(last)
    for again in (False, True):
        vault = reopen(vault)
        found = reconcile(vault, NOW_US)
        assert whole(vault, other, b"clip " * 40_000)
        assert vault.ledger.verify() == vault.ledger.seq
        if at < NAMES.index("spool begun"):
            assert files_of(vault.paths, clip_id) == set()
            assert found.spools_to_finish == ()
            assert vault.index.clip_ids() == {other}
        elif at < NAMES.index("manifest"):
            assert files_of(vault.paths, clip_id) == {"clip.key", "spool.key", "spool.age"}
            assert found.spools_to_finish == (clip_id,)
            assert vault.index.clip_ids() == {other}
            assert recorded(vault) == [other]
            with SpoolReader(vault.paths.spool_file(clip_id), vault.keyring.spool(clip_id)) as reader:
                assert [packet.data for packet in reader.packets()] == [b"frame"]
        else:
            assert files_of(vault.paths, clip_id) == {"clip.key", "mp4.age", "json.age", "jpg.age"}
            assert found.spools_to_finish == ()
            assert vault.index.get(clip_id) == life.manifest.clip
            assert recorded(vault) == [other, clip_id]  # once
            assert whole(vault, clip_id)
            assert found.indexed == (not again and at < NAMES.index("index"))
        assert not again or found.orphans_removed == 0
    vault.close()


@pytest.mark.parametrize("gone", ["clip", "spool"])
def test_a_spool_that_lost_a_key_is_removed(vault: Vault, gone: str) -> None:
    life = Life(vault).until("spool ended")
    getattr(vault.keyring, f"destroy_{gone}")(life.clip_id)
    assert reconcile(vault, NOW_US).spools_to_finish == ()
    assert files_of(vault.paths, life.clip_id) == set()


ENDS: list[Callable[[Vault, ClipId], object]] = [
    lambda vault, clip_id: vault.ledger.append(Event.ERASING, {"clip_ids": [clip_id], "reason": "expired"}, 1),
    lambda vault, clip_id: vault.paths.clip_key(clip_id).write_bytes(bytes(8192)),
    lambda vault, clip_id: vault.keyring.destroy_clip(clip_id),
    lambda vault, clip_id: vault.index.remove(clip_id),
    lambda vault, clip_id: vault.paths.clip(clip_id).unlink(),
    lambda vault, clip_id: vault.paths.manifest(clip_id).unlink(),
    lambda vault, clip_id: vault.paths.thumbnail(clip_id).unlink(),
]


@pytest.mark.parametrize("steps", range(1, len(ENDS) + 1))
def test_end_cut_off_after(vault: Vault, steps: int) -> None:
    clip_id, other = put_clip(vault, "camera", NOW), put_clip(vault, "camera", NOW)
    for step in ENDS[:steps]:
        step(vault, clip_id)
    vault = reopen(vault)
    found = reconcile(vault, NOW_US)
    if steps == 1:  # announced only: it is still there, whole
        assert whole(vault, clip_id, b"clip " * 40_000)
        assert found.orphans_removed == 0
    else:
        assert files_of(vault.paths, clip_id) == set()
        assert vault.index.clip_ids() == {other}
        with pytest.raises(ErasedError):
            vault.open_clip(clip_id)
    # erasing goes through, again or for the first time
    assert vault.erase([clip_id], "expired", NOW_US).clip_ids == (clip_id,)
    assert files_of(vault.paths, clip_id) == set()
    assert whole(vault, other, b"clip " * 40_000)
    assert vault.ledger.verify() == vault.ledger.seq
    vault.close()


_watchers: list[Callable[[str], None]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "os.remove" and _watchers:
        _watchers[-1](Path(str(arguments[0])).name)


sys.addaudithook(_hook)


@contextmanager
def watching_removals(watch: Callable[[str], None]) -> Iterator[None]:
    _watchers.append(watch)
    try:
        yield
    finally:
        _watchers.pop()


def test_the_order_of_erasing(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    seen: list[tuple[str, str, bool, bool, set[str]]] = []

    def watch(name: str) -> None:
        if name.startswith(clip_id):
            *_, last = vault.ledger.entries()
            state = (last.event, vault.keyring.has_clip(clip_id), vault.index.get(clip_id) is not None)
            seen.append((name[33:], *state, files_of(vault.paths, clip_id)))

    files = {"mp4.age", "json.age", "jpg.age"}
    with watching_removals(watch):
        vault.erase([clip_id], "expired", NOW_US)
    assert seen[0] == ("clip.key", "erasing", True, True, files | {"clip.key"})
    assert [item[0] for item in seen[1:]] == ["mp4.age", "json.age", "jpg.age"]
    assert all(item[1:4] == ("erasing", False, False) for item in seen[1:])
    *_, announced, done = vault.ledger.entries()
    assert announced.body
    assert done.body
    assert (announced.event, announced.body["clip_ids"], announced.body["reason"]) == ("erasing", [clip_id], "expired")
    assert done.event == "erased"
    assert {key: done.body[key] for key in ("clip_ids", "remnants", "failed", "not_overwritten")} == {
        "clip_ids": [clip_id], "remnants": [], "failed": [], "not_overwritten": 0,
    }  # fmt: skip


def test_a_key_that_can_not_be_destroyed_fails_alone(vault: Vault) -> None:
    stuck, other = put_clip(vault, "camera", NOW), put_clip(vault, "camera", NOW)
    path = vault.paths.clip_key(stuck)
    data = path.read_bytes()
    path.unlink()
    path.mkdir()  # stands for a file system that refuses
    erased = vault.erase([stuck, other], "expired", NOW_US)
    assert erased.clip_ids == (other,)
    *_, last = vault.ledger.entries()
    assert last.body
    assert last.body["failed"] == [stuck]
    assert vault.index.clip_ids() == {stuck}
    path.rmdir()
    path.write_bytes(data)
    assert whole(vault, stuck, b"clip " * 40_000)


def test_files_that_can_not_be_removed_are_remnants(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    path = vault.paths.clip(clip_id)
    path.unlink()
    path.mkdir()
    erased = vault.erase([clip_id], "expired", NOW_US)
    assert (erased.clip_ids, erased.remnants) == ((clip_id,), (clip_id,))
    assert not vault.keyring.has_clip(clip_id)
    path.rmdir()
    reconcile(vault, NOW_US)
    assert files_of(vault.paths, clip_id) == set()


def test_a_key_that_could_only_be_unlinked_is_counted(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    path = vault.paths.clip_key(clip_id)
    path.unlink()
    path.symlink_to("elsewhere")
    erased = vault.erase([clip_id], "expired", NOW_US)
    assert (erased.clip_ids, erased.not_overwritten) == ((clip_id,), 1)


def test_discard_leaves_nothing_and_needs_nothing(vault: Vault) -> None:
    for last in NAMES[:9]:
        life = Life(vault).until(last)
        vault.discard(life.clip_id)
        vault.discard(life.clip_id)
        assert files_of(vault.paths, life.clip_id) == set()


def test_store_again_is_fine(vault: Vault) -> None:
    life = Life(vault).until("mp4")
    vault.store(life.manifest, NOW_US)
    vault.store(life.manifest, NOW_US)
    assert whole(vault, life.clip_id)
    assert files_of(vault.paths, life.clip_id) == {"clip.key", "mp4.age", "json.age", "jpg.age"}


def test_store_after_erasing_is_refused(vault: Vault) -> None:
    life = Life(vault).until("mp4")
    vault.erase([life.clip_id], "removed", NOW_US)
    with pytest.raises(ErasedError):
        vault.store(life.manifest, NOW_US)
    assert vault.index.clip_ids() == set()
    assert recorded(vault) == []


def test_storage_that_is_away(vault: Vault, tmp_path: Path) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    life = Life(vault).until("mp4")
    vault.paths.storage.rename(tmp_path / "away")
    for act in (
        vault.check_storage,
        vault.free_bytes,
        lambda: vault.prepare(ClipId("e" * 32)),
        lambda: Vault.open(vault.paths),
    ):
        with pytest.raises(StorageError, match="storage_missing"):
            act()
    with pytest.raises(StorageError, match="storage_missing"):
        vault.store(life.manifest, NOW_US)
    with pytest.raises(StorageError, match="storage_missing"):
        vault.open_clip(clip_id)
    with pytest.raises(StorageError, match="storage_missing"):
        vault.thumbnail(clip_id)
    assert not vault.paths.clip_key(ClipId("e" * 32)).exists()
    vault.keyring.destroy_clip(clip_id)
    with pytest.raises(ErasedError):
        vault.open_clip(clip_id)


def test_a_clip_that_can_not_be_prepared_leaves_no_key(vault: Vault) -> None:
    clip_id = ClipId("ee" + "0" * 30)
    (vault.paths.storage / "ee").write_bytes(b"in the way")
    with pytest.raises(StorageError, match="storage_unavailable"):
        vault.prepare(clip_id)
    assert files_of(vault.paths, clip_id) == set()


def test_a_place_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="storage_unavailable"):
        Vault.open(Paths.of(tmp_path / "config", storage_path=tmp_path / "file" / "below"))


def test_an_altered_clip_is_refused_and_stays(vault: Vault) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    path = vault.paths.clip(clip_id)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CamguardError, match="sealed_truncated"):
        vault.open_clip(clip_id)
    reconcile(vault, NOW_US)
    assert path.exists()


def test_a_full_disk_can_still_be_opened_and_erased(small_disk: Callable[[str, int], Path]) -> None:
    disk = small_disk("disk", 24 << 20)
    vault = Vault.open(Paths.of(disk))
    ids = [put_clip(vault, "camera", NOW) for _ in range(3)]
    vault.close()
    fill(disk)
    vault = Vault.open(vault.paths)
    reconcile(vault, NOW_US)
    assert vault.index.clip_ids() == set(ids)
    assert vault.erase(ids[:2], "space", NOW_US).clip_ids == tuple(ids[:2])
    assert vault.index.clip_ids() == {ids[2]}
    assert whole(vault, ids[2], b"clip " * 40_000)
    assert vault.ledger.verify() == vault.ledger.seq
    for clip_id in ids[:2]:
        assert files_of(vault.paths, clip_id) == set()
    vault.close()


@pytest.mark.parametrize("leave", [0, 600, 3000])
def test_a_disk_that_fills_up_while_running(small_disk: Callable[[str, int], Path], leave: int) -> None:
    disk = small_disk("disk", 24 << 20)
    vault = Vault.open(Paths.of(disk))
    ids = [put_clip(vault, "camera", NOW) for _ in range(4)]
    with vault.paths.ledger.open("rb") as file:
        assert file.read()
    fill(disk, leave=leave)
    assert vault.erase(ids[:3], "space", NOW_US).clip_ids == tuple(ids[:3])
    assert vault.index.clip_ids() == vault.keyring.clip_ids() == {ids[3]}
    assert vault.ledger.verify() == vault.ledger.seq
    vault.ledger.refill()
    vault.close()


def test_an_index_on_a_full_disk_without_reserve_is_not_lost(small_disk: Callable[[str, int], Path]) -> None:
    disk = small_disk("disk", 24 << 20)
    vault = Vault.open(Paths.of(disk))
    put_clip(vault, "camera", NOW)
    vault.close()
    vault.paths.reserve.unlink()
    fill(disk)
    before = vault.paths.index.read_bytes()
    with pytest.raises(StorageError, match="storage_full"):
        Vault.open(vault.paths)
    assert vault.paths.index.read_bytes() == before


def test_a_full_disk_refuses_new_clips_and_leaves_no_halves(small_disk: Callable[[str, int], Path]) -> None:
    disk = small_disk("disk", 20 << 20)
    vault = Vault.open(Paths.of(disk))
    vault.paths.reserve.unlink()
    life = Life(vault).until("mp4")
    fill(disk)
    with pytest.raises(StorageError):
        for number in range(200):
            vault.prepare(ClipId(f"{number:032x}"))
    with pytest.raises(StorageError):
        vault.store(life.manifest, NOW_US)
    (disk / "filler").unlink()
    vault = reopen(vault)
    found = reconcile(vault, NOW_US)
    assert life.clip_id in found.spools_to_finish or vault.index.get(life.clip_id)
    assert vault.keyring.clip_ids() == {life.clip_id}
    vault.close()
