"""Wiping: what is wiped and what isn't, and what the certificate says of it."""

import asyncio
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.camguard.app.custody.wiping import Order, Scope, Wiped, Wiping, resume
from custom_components.camguard.app.ports import Actor
from custom_components.camguard.app.retention.sweeper import Retention
from custom_components.camguard.app.viewing.playback import OpenClip, Playback, Viewer
from custom_components.camguard.domain.certificate import Certificate, Claim, Unexamined
from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import ErasedError, InvalidError, NotFoundError, StorageError
from custom_components.camguard.domain.hold import Hold
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.documents.certificate_file import find_certificate
from custom_components.camguard.vault.keys.recovery_kit import KitKeys, write_kit
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW, NOW_US, Hands, in_thread
from ..vault.clips import put_clip
from ..vault.conftest import fill
from .wipe_worker import site_of

CONTENT = b"clip " * 40_000
BY = Actor(user_id="u1", name="花子")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    return folder


@pytest.fixture
def vault(config: Path) -> Iterator[Vault]:
    vault = begin(Paths.of(config))
    yield vault
    vault.close()


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mounts a small file system; skips where that isn't allowed."""
    mounted: list[Path] = []

    def mount(name: str, size_bytes: int) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "camguard-test", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("may not mount a small file system here")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def begin(paths: Paths) -> Vault:
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    return vault


def wiping_of(vault: Vault, lock: asyncio.Lock | None = None) -> Wiping:
    return Wiping(site_of(vault.paths), vault, Hands(), in_thread, lock or asyncio.Lock())


async def wipe(vault: Vault, running: frozenset[ClipId] = frozenset(), **order: Any) -> Wiped:
    return await wiping_of(vault).wipe(Order(**{"reason": "転居のため"} | order), BY, running)


def hold(vault: Vault, clip_id: ClipId, camera_id: str = "front") -> None:
    until_us = NOW_US + 10**12
    vault.hold(
        Hold(clip_id=clip_id, camera_id=camera_id, since_us=NOW_US, until_us=until_us, reason="police"), {}, NOW_US
    )


def plays(vault: Vault, clip_id: ClipId) -> bool:
    with vault.open_clip(clip_id) as reader:
        return reader.read_at(0, reader.size) == CONTENT


def gone(vault: Vault, clip_id: ClipId) -> bool:
    for look in (vault.open_clip, vault.thumbnail, vault.manifest):
        with pytest.raises(ErasedError):
            look(clip_id)
    assert vault.index.get(clip_id) is None
    return not list(vault.paths.cache.parent.parent.rglob(f"{clip_id}*"))


def certificate_of(vault: Vault, certificate_id: str) -> Certificate:
    return Certificate.from_json(find_certificate(vault.paths, certificate_id, "json").read_bytes())


def events(vault: Vault) -> list[str]:
    return [entry.event for entry in vault.ledger.entries()]


# --- what is wiped ---


async def test_named_clips(vault: Vault) -> None:
    one, two, other = (put_clip(vault, "front", NOW) for _ in range(3))
    seq = vault.ledger.seq
    done = await wipe(vault, scope=Scope.CLIPS, clip_ids=(one, two, one))
    assert done == Wiped(certificate_id="CW-2026-0001", wiped=(one, two), skipped_held=(), failed=())
    assert gone(vault, one)
    assert gone(vault, two)
    assert plays(vault, other)
    certificate = certificate_of(vault, done.certificate_id)
    assert certificate.complete
    assert certificate.wiped == (one, two)
    assert certificate.ordered_by == "花子"
    assert Claim.KEYS_DESTROYED in certificate.claims()
    assert [entry.event for entry in vault.ledger.entries() if entry.seq > seq] == [
        "wiping", "erasing", "erased", "root_rotated", "wiped",
    ]  # fmt: skip
    assert (certificate.ledger_seq, certificate.ledger_head) == (vault.ledger.seq, vault.ledger.head)
    assert vault.ledger.verify() == vault.ledger.seq


async def test_one_camera(vault: Vault) -> None:
    wanted = {put_clip(vault, "front", NOW - timedelta(days=days)) for days in range(3)}
    other = put_clip(vault, "garden", NOW)
    done = await wipe(vault, scope=Scope.CAMERA, camera_id="front", detail="玄関")
    assert set(done.wiped) == wanted
    assert plays(vault, other)


async def test_before_takes_what_began_earlier_to_its_end(vault: Vault) -> None:
    """Clips last ten seconds: one ended earlier, one spans the moment, one begins just then."""
    earlier, spanning, then = (put_clip(vault, "front", NOW + timedelta(seconds=offset)) for offset in (-10, -1, 0))
    done = await wipe(vault, scope=Scope.BEFORE, before_us=NOW_US)
    assert set(done.wiped) == {earlier, spanning}
    assert plays(vault, then)


async def test_everything_takes_unlisted_keys_and_spools_too(vault: Vault) -> None:
    clip = put_clip(vault, "front", NOW)
    unlisted = put_clip(vault, "front", NOW)
    vault.index.remove(unlisted)
    spool = ClipId("ab" * 16)
    vault.prepare(spool)
    vault.paths.spool_file(spool).write_bytes(b"sealed spool")
    done = await wipe(vault, scope=Scope.EVERYTHING)
    assert set(done.wiped) == {clip, unlisted, spool}
    assert not list(vault.paths.keys.iterdir())
    assert not list(vault.paths.storage.rglob("*.age"))


async def test_nothing_to_wipe(vault: Vault) -> None:
    done = await wipe(vault, scope=Scope.EVERYTHING)
    assert done.wiped == ()
    certificate = certificate_of(vault, done.certificate_id)
    assert certificate.claims() == (Claim.NOTHING_WIPED,)
    assert certificate.complete


async def test_an_unknown_clip_stops_it_all(vault: Vault) -> None:
    clip = put_clip(vault, "front", NOW)
    seq = vault.ledger.seq
    with pytest.raises(NotFoundError):
        await wipe(vault, scope=Scope.CLIPS, clip_ids=(clip, ClipId("0" * 32)))
    assert plays(vault, clip)
    assert vault.ledger.seq == seq
    assert not vault.paths.wipe_journal.exists()


@pytest.mark.parametrize(
    ("reason", "key"),
    [("", "reason_missing"), ("  ", "reason_missing"), ("x" * 501, "text_too_long")],
    ids=["none", "blank", "long"],
)
async def test_a_reason_is_needed(vault: Vault, reason: str, key: str) -> None:
    clip = put_clip(vault, "front", NOW)
    with pytest.raises(InvalidError) as caught:
        await wipe(vault, scope=Scope.EVERYTHING, reason=reason)
    assert caught.value.key == key
    assert plays(vault, clip)


# --- what isn't ---


async def test_held_clips_are_left_unless_included(vault: Vault) -> None:
    held, plain = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    hold(vault, held)
    done = await wipe(vault, scope=Scope.EVERYTHING)
    assert (done.wiped, done.skipped_held) == ((plain,), (held,))
    assert plays(vault, held)
    assert certificate_of(vault, done.certificate_id).skipped_held == (held,)
    again = await wipe(vault, scope=Scope.CLIPS, clip_ids=(held,), include_held=True)
    assert (again.certificate_id, again.wiped, again.skipped_held) == ("CW-2026-0002", (held,), ())
    assert gone(vault, held)
    assert vault.holds.all() == ()
    assert "保全中のクリップを含む" in find_certificate(vault.paths, "CW-2026-0002", "html").read_text("utf-8")


async def test_what_is_being_recorded_is_left_and_told(vault: Vault) -> None:
    running, plain = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    done = await wipe(vault, frozenset({running}), scope=Scope.EVERYTHING)
    assert done.wiped == (plain,)
    assert plays(vault, running)
    assert certificate_of(vault, done.certificate_id).skipped_running == (running,)
    with pytest.raises(InvalidError, match="nothing_to_wipe"):
        await wipe(vault, frozenset({running}), scope=Scope.CLIPS, clip_ids=(running,))


async def test_a_held_clip_that_lost_its_key_counts(vault: Vault) -> None:
    """After a restored backup a kit could bring it back: not after this."""
    clip = put_clip(vault, "front", NOW)
    hold(vault, clip)
    vault.keyring.destroy_clip(clip)
    reconcile(vault, NOW_US)
    assert vault.lost_held() == (clip,)
    assert (await wipe(vault, scope=Scope.EVERYTHING)).skipped_held == (clip,)
    assert vault.paths.clip(clip).exists()
    assert (await wipe(vault, scope=Scope.CAMERA, camera_id="front", include_held=True)).wiped == (clip,)
    assert gone(vault, clip)


# --- copies ---


async def test_recovery_kits(vault: Vault) -> None:
    clips = [put_clip(vault, "front", NOW) for _ in range(3)]
    for clip in clips:
        hold(vault, clip)
    for number, inside in enumerate((clips[:2], clips[1:])):
        kit_id = f"20261124T12000{number}Z-0000"
        vault.ledger.append(Event.KIT_MADE, {"kit_id": kit_id, "clip_ids": inside}, NOW_US)
        write_kit(vault.paths.holds, kit_id, KitKeys(clips={clip: vault.keyring.clip(clip) for clip in inside}), "code")
    done = await wipe(vault, scope=Scope.CLIPS, clip_ids=tuple(clips[:2]), include_held=True)
    certificate = certificate_of(vault, done.certificate_id)
    assert certificate.known_kits == ("20261124T120000Z-0000", "20261124T120001Z-0000")
    assert certificate.kits_destroyed == ("20261124T120000Z-0000",)
    assert [path.name for path in vault.paths.holds.glob("*.kit.age")] == ["20261124T120001Z-0000.kit.age"]


async def test_disclosures_are_named(vault: Vault) -> None:
    clip, other = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    for number, clip_id in enumerate((clip, other, clip)):
        vault.ledger.append(Event.DISCLOSING, {"disclosure_id": f"CG-2026-000{number}", "clip_ids": [clip_id]}, NOW_US)
    done = await wipe(vault, scope=Scope.CLIPS, clip_ids=(clip,))
    assert certificate_of(vault, done.certificate_id).known_disclosures == ("CG-2026-0000", "CG-2026-0002")


# --- readers ---


async def test_a_reader_gets_nothing_more(vault: Vault) -> None:
    clip = put_clip(vault, "front", NOW)
    retention = Retention(vault, Hands(), min_free_bytes=0, retention_days=lambda _camera: 14)
    playback = Playback(vault, Hands(), in_thread, retention)
    viewer = Viewer(user_id="u1", name="花子", named=True, may_see=lambda _camera: True)
    reader: OpenClip = await playback.open(clip, viewer)
    assert await reader.read(0, 5) == b"clip "
    await wipe(vault, scope=Scope.EVERYTHING)
    with pytest.raises(ErasedError):
        await reader.read(0, 5)
    reader.close()
    for look in (playback.open, playback.thumbnail):
        with pytest.raises(ErasedError):
            await look(clip, viewer)


async def test_two_at_once(vault: Vault) -> None:
    clips = [put_clip(vault, "front", NOW) for _ in range(6)]
    lock = asyncio.Lock()
    keepers = [wiping_of(vault, lock) for _ in range(2)]
    orders = [Order(scope=Scope.CLIPS, clip_ids=tuple(half), reason="x") for half in (clips[:3], clips[3:])]
    done = await asyncio.gather(*(keeper.wipe(order, BY) for keeper, order in zip(keepers, orders, strict=True)))
    assert [item.certificate_id for item in done] == ["CW-2026-0001", "CW-2026-0002"]
    assert [item.wiped for item in done] == [tuple(clips[:3]), tuple(clips[3:])]
    told = [event for event in events(vault) if event in {"wiping", "wiped"}]
    assert told == ["wiping", "wiped"] * 2
    assert vault.ledger.verify() == vault.ledger.seq


async def test_who_asked_goes_away(vault: Vault) -> None:
    """The wipe goes on to its end, and nothing else erases meanwhile."""
    clips = [put_clip(vault, "front", NOW) for _ in range(20)]
    lock = asyncio.Lock()
    task = asyncio.create_task(wiping_of(vault, lock).wipe(Order(scope=Scope.EVERYTHING, reason="x"), BY))
    while not vault.paths.wipe_journal.exists():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert lock.locked()
    async with lock:
        assert all(gone(vault, clip) for clip in clips)
        assert certificate_of(vault, "CW-2026-0001").complete


# --- disks ---


async def test_a_full_disk(tmp_path: Path, mount: Callable[..., Path]) -> None:
    """The reserve is given up; everything goes, and the certificate is written."""
    folder = mount("small", 40 << 20)
    vault = begin(Paths.of(folder))
    clips = [put_clip(vault, "front", NOW) for _ in range(5)]
    assert vault.paths.reserve.exists()
    fill(folder)
    done = await wipe(vault, scope=Scope.EVERYTHING)
    assert set(done.wiped) == set(clips)
    assert certificate_of(vault, done.certificate_id).complete
    assert all(gone(vault, clip) for clip in clips)
    vault.close()


async def test_a_full_disk_without_a_reserve(mount: Callable[..., Path]) -> None:
    """Nothing can be written down, so nothing is destroyed; it works once there is room."""
    folder = mount("small", 40 << 20)
    vault = begin(Paths.of(folder))
    clip = put_clip(vault, "front", NOW)
    vault.paths.reserve.unlink()
    filler = fill(folder)
    with pytest.raises(StorageError, match="wipe_not_begun"):
        await wipe(vault, scope=Scope.EVERYTHING)
    assert plays(vault, clip)
    filler.unlink()
    assert (await wipe(vault, scope=Scope.EVERYTHING)).wiped == (clip,)
    assert gone(vault, clip)
    vault.close()


async def test_the_storage_is_away(config: Path, tmp_path: Path, mount: Callable[..., Path]) -> None:
    """Keys go at once, files when the disk is back; the certificate says that it isn't complete."""
    disk = mount("disk", 16 << 20)
    paths = Paths.of(config, storage_path=disk)
    vault = begin(paths)
    clip, other = put_clip(vault, "front", NOW), put_clip(vault, "garden", NOW)
    files = {path.relative_to(disk): path.read_bytes() for path in disk.rglob("*") if path.is_file()}
    cover = mount("disk", 1 << 20)  # an empty folder in its place
    done = await wipe(vault, scope=Scope.CAMERA, camera_id="front")
    assert done.wiped == (clip,)
    certificate = certificate_of(vault, done.certificate_id)
    assert not certificate.complete
    assert certificate.remnants == (clip,)
    assert certificate.claims()[0] is Claim.NOT_COMPLETE
    assert {Claim.KEYS_DESTROYED, Claim.MEDIUM_AWAY} <= set(certificate.claims())
    assert Claim.OVERWRITE_REQUESTED not in certificate.claims()
    (medium,) = (medium for medium in certificate.media if medium.role == "clips")
    assert (medium.present, medium.filesystem, medium.discard_requested) == (False, "", None)
    assert not list(cover.iterdir())
    vault.close()
    subprocess.run(["umount", str(cover)], check=True)
    assert {path.relative_to(disk) for path in disk.rglob("*") if path.is_file()} == set(files)
    vault = begin(paths)
    assert gone(vault, clip)
    assert not list(disk.rglob(f"{clip}*"))
    assert plays(vault, other)
    vault.close()


async def test_the_root_key_is_away(config: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    vault = begin(Paths.of(config, key_path=stick))
    clip, other = put_clip(vault, "front", NOW), put_clip(vault, "garden", NOW)
    stick.rename(tmp_path / "pocket")
    done = await wipe(vault, scope=Scope.CAMERA, camera_id="front")
    certificate = certificate_of(vault, done.certificate_id)
    assert done.wiped == (clip,)
    assert (certificate.root_rotated, certificate.protection) == (False, "unknown")
    assert {Claim.ROOT_NOT_RENEWED, Claim.ROOT_NOT_SEEN, Claim.MEDIUM_AWAY} <= set(certificate.claims())
    assert "root_rotated" not in events(vault)
    assert certificate.complete
    vault.close()
    (tmp_path / "pocket").rename(stick)
    vault = begin(vault.paths)
    assert gone(vault, clip)
    assert plays(vault, other)
    vault.close()


async def test_the_root_keys_medium_is_full(config: Path, mount: Callable[..., Path]) -> None:
    stick = mount("stick", 64 << 10)
    vault = begin(Paths.of(config, key_path=stick))
    clip, other = put_clip(vault, "front", NOW), put_clip(vault, "garden", NOW)
    filler = fill(stick)
    done = await wipe(vault, scope=Scope.CAMERA, camera_id="front")
    certificate = certificate_of(vault, done.certificate_id)
    assert (certificate.root_rotated, certificate.protection) == (False, "split")
    assert Claim.ROOT_NOT_RENEWED in certificate.claims()
    assert Claim.ROOT_RENEWED not in certificate.claims()
    assert gone(vault, clip)
    assert plays(vault, other)
    filler.unlink()
    again = certificate_of(vault, (await wipe(vault, scope=Scope.CAMERA, camera_id="garden")).certificate_id)
    assert again.root_rotated
    vault.close()


async def test_a_key_that_stays(vault: Vault) -> None:
    """What can't be destroyed is named, and no claim is made that covers it."""
    stuck, plain = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    key = vault.paths.clip_key(stuck)
    subprocess.run(["chattr", "+i", str(key)], check=False, capture_output=True)
    if os.access(key, os.W_OK) and _can_write(key):
        pytest.skip("the file system here has no immutable files")
    try:
        done = await wipe(vault, scope=Scope.EVERYTHING)
    finally:
        subprocess.run(["chattr", "-i", str(key)], check=True)
    assert (done.wiped, done.failed) == ((plain,), (stuck,))
    certificate = certificate_of(vault, done.certificate_id)
    assert not certificate.complete
    claims = certificate.claims()
    assert claims[0] is Claim.NOT_COMPLETE
    assert Claim.KEYS_DESTROYED not in claims
    assert Claim.KEYS_DESTROYED_IN_PART in claims
    assert plays(vault, stuck)
    assert stuck in find_certificate(vault.paths, done.certificate_id, "html").read_text("utf-8")
    assert (await wipe(vault, scope=Scope.EVERYTHING)).wiped == (stuck,)
    assert gone(vault, stuck)


def _can_write(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_WRONLY))
    except OSError:
        return False
    return True


async def test_a_spool_key_that_stays_fails_too(vault: Vault) -> None:
    """The spool holds all of the clip's pictures."""
    clip = ClipId("ab" * 16)
    vault.prepare(clip)
    vault.paths.spool_file(clip).write_bytes(b"sealed spool")
    key = vault.paths.spool_key(clip)
    key.unlink()
    (key / "not empty").mkdir(parents=True)  # can't be unlinked
    done = await wipe(vault, scope=Scope.EVERYTHING)
    assert done.failed == (clip,)
    assert not certificate_of(vault, done.certificate_id).complete
    shutil.rmtree(key)


async def test_keys_that_could_only_be_unlinked_are_counted_once(vault: Vault) -> None:
    """A link in a key's place isn't written through; what it points to is left alone."""
    clip, target = put_clip(vault, "front", NOW), vault.paths.cache / "elsewhere"
    vault.paths.clip_key(clip).rename(target)
    vault.paths.clip_key(clip).symlink_to(target)
    done = await wipe(vault, scope=Scope.EVERYTHING)
    certificate = certificate_of(vault, done.certificate_id)
    assert certificate.keys_not_overwritten == 1
    assert Claim.KEYS_ONLY_UNLINKED in certificate.claims()
    assert Claim.OVERWRITE_REQUESTED not in certificate.claims()


# --- starts ---


async def test_the_certificate_can_not_be_written(vault: Vault) -> None:
    """Nothing more is destroyed later, and one certificate tells of what was, as soon as it can be written."""
    clip = put_clip(vault, "front", NOW)
    vault.paths.certificates.write_bytes(b"in the way")
    with pytest.raises(StorageError, match="certificate_not_written"):
        await wipe(vault, scope=Scope.CLIPS, clip_ids=(clip,))
    assert gone(vault, clip)
    assert vault.paths.wipe_journal.exists()
    with pytest.raises(StorageError, match="certificate_not_written"):
        resume(site_of(vault.paths), vault, Hands())
    vault.paths.certificates.unlink()
    seq = vault.ledger.seq
    done = resume(site_of(vault.paths), vault, Hands(NOW_US + 10**9))
    assert done
    assert (done.wiped, vault.ledger.seq) == ((clip,), seq)
    certificate = certificate_of(vault, "CW-2026-0001")
    assert certificate.complete
    assert certificate.done_us == NOW_US
    assert events(vault).count("wiped") == 1
    assert resume(site_of(vault.paths), vault, Hands()) is None


async def test_a_journal_that_came_back(vault: Vault) -> None:
    """Its removal got lost with the power. The wipe is done, so nothing happens; clips of later are not touched."""
    clip = put_clip(vault, "front", NOW)
    journal: list[bytes] = []
    vault.paths.certificates.write_bytes(b"in the way")
    with pytest.raises(StorageError):
        await wipe(vault, scope=Scope.CLIPS, clip_ids=(clip,))
    journal.append(vault.paths.wipe_journal.read_bytes())
    vault.paths.certificates.unlink()
    resume(site_of(vault.paths), vault, Hands())
    text = find_certificate(vault.paths, "CW-2026-0001", "json").read_bytes()
    later = put_clip(vault, "front", NOW)
    vault.paths.wipe_journal.write_bytes(journal[0])
    seq = vault.ledger.seq
    resume(site_of(vault.paths), vault, Hands())
    assert not vault.paths.wipe_journal.exists()
    assert vault.ledger.seq == seq
    assert find_certificate(vault.paths, "CW-2026-0001", "json").read_bytes() == text
    assert plays(vault, later)


async def test_an_order_that_nobody_signed_is_not_carried_out(vault: Vault, config: Path, tmp_path: Path) -> None:
    """A forged order, or one of another time: everything plays on, and it is told."""
    clip, other = put_clip(vault, "front", NOW), put_clip(vault, "garden", NOW)
    vault.paths.certificates.write_bytes(b"in the way")
    with pytest.raises(StorageError):
        await wipe(vault, scope=Scope.CLIPS, clip_ids=(clip,))
    fields = json.loads(vault.paths.wipe_journal.read_bytes())
    vault.paths.certificates.unlink()
    resume(site_of(vault.paths), vault, Hands())
    hold(vault, other, "garden")
    # one that was signed, with other clips; held ones too
    for forged in (fields | {"clip_ids": [other]}, fields | {"clip_ids": [other], "include_held": True}):
        vault.paths.wipe_journal.write_bytes(json.dumps(forged).encode())
        assert resume(site_of(vault.paths), vault, Hands()) is None
        assert plays(vault, other)
        assert not vault.paths.wipe_journal.exists()
        *_, entry = vault.ledger.entries()
        assert (entry.event, (entry.body or {})["problems"]) == (Event.ANOMALY, ["wipe_not_ordered"])
    assert {problem.key for problem in vault.findings} == {"wipe_not_ordered"}


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", b'{"clip_ids": ["x"]}', b"[" * 100_000], ids=len)
async def test_a_damaged_journal_is_told_and_set_aside(vault: Vault, data: bytes) -> None:
    clip = put_clip(vault, "front", NOW)
    vault.paths.wipe_journal.write_bytes(data)
    assert resume(site_of(vault.paths), vault, Hands()) is None
    assert events(vault)[-1] == "anomaly"
    assert not vault.paths.wipe_journal.exists()
    assert plays(vault, clip)
    assert (await wipe(vault, scope=Scope.EVERYTHING)).wiped == (clip,)


async def test_a_damaged_ledger_keeps_nobody_from_wiping(vault: Vault) -> None:
    clip = put_clip(vault, "front", NOW)
    done = await wipe(vault, scope=Scope.CLIPS, clip_ids=(clip,))
    assert certificate_of(vault, done.certificate_id).ledger_readable
    other = put_clip(vault, "front", NOW)
    lines = vault.paths.ledger.read_bytes().splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if b'"wiping"' in line)
    lines[number] = b"#" * (len(lines[number]) - 1) + b"\n"
    with vault.paths.ledger.open("r+b") as file:
        file.write(b"".join(lines))
    again = await wipe(vault, scope=Scope.EVERYTHING)
    assert (again.certificate_id, again.wiped) == ("CW-2026-0002", (other,))  # the number of before is taken
    assert gone(vault, other)
    certificate = certificate_of(vault, again.certificate_id)
    assert certificate.complete
    assert not certificate.ledger_readable


async def test_no_certificate_is_ever_replaced(vault: Vault) -> None:
    """Not even when the ledger, which numbers them, was begun anew."""
    vault.paths.certificates.mkdir()
    (vault.paths.certificates / "CW-2026-0001.html").write_text("older", "utf-8")
    assert (await wipe(vault, scope=Scope.EVERYTHING)).certificate_id == "CW-2026-0002"
    assert (vault.paths.certificates / "CW-2026-0001.html").read_text("utf-8") == "older"


async def test_what_the_certificate_always_says_was_not_examined(vault: Vault) -> None:
    put_clip(vault, "front", NOW)
    done = await wipe(vault, scope=Scope.EVERYTHING)
    assert {Unexamined.MEMORY, Unexamined.VIRTUAL_MACHINE, Unexamined.COPIES, Unexamined.BACKUPS} <= set(
        certificate_of(vault, done.certificate_id).not_examined()
    )


async def test_many(vault: Vault) -> None:
    clips = [put_clip(vault, "front", NOW, b"clip") for _ in range(210)]  # more than a batch
    began = time.monotonic()
    done = await wipe(vault, scope=Scope.EVERYTHING)
    assert time.monotonic() - began < 60
    assert set(done.wiped) == set(clips)
    assert events(vault).count("erased") == 2
