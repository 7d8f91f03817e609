"""Sealed copies elsewhere: what is finished is copied as it is, what is erased is deleted, and a place that fails is
told."""

import asyncio
import hashlib
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.camguard.app.copies import copier as copying
from custom_components.camguard.app.copies.copier import Copier
from custom_components.camguard.app.copies.folder_store import MARKER, FolderStore, prepare_folder
from custom_components.camguard.app.copies.keeper import CopyKeeper
from custom_components.camguard.app.copies.store import CopyError, Pace
from custom_components.camguard.app.custody.wiping import Order, Scope, Wiping
from custom_components.camguard.app.events import Change, ChangeKind
from custom_components.camguard.domain.certificate import Certificate
from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.settings import Destination
from custom_components.camguard.vault.documents.certificate_file import find_certificate
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW, NOW_US, Hands, in_thread
from ..vault.clips import put_clip
from .bundles import BY, site_of

SECONDS = 20


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    vault = Vault.open(Paths.of(tmp_path / "config"))
    reconcile(vault, NOW_US)
    yield vault
    vault.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    prepare_folder(folder)
    return folder


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "RETRY_SECONDS", 0.05)


def destination(folder: Path, *, rate: int = 0, name: str = "nas") -> Destination:
    return Destination(destination_id=name, title="NAS", kind="folder", place=str(folder), bytes_a_second=rate)


@asynccontextmanager
async def copier(
    vault: Vault, folder: Path, *, rate: int = 0, store: FolderStore | None = None
) -> AsyncIterator[Copier]:
    made = Copier(
        destination(folder, rate=rate),
        store or FolderStore(folder, vault.site_id, in_thread),
        vault, Hands(), in_thread, lambda: None,
    )  # fmt: skip
    made.start()
    try:
        yield made
    finally:
        await made.close()


async def until(fits: Callable[[], object]) -> None:
    async with asyncio.timeout(SECONDS):
        while not fits():
            await asyncio.sleep(0.01)


def whole(vault: Vault, folder: Path, clip_id: ClipId) -> bool:
    """Whether a clip's three files are there, byte for byte."""
    for path in (vault.paths.clip(clip_id), vault.paths.manifest(clip_id), vault.paths.thumbnail(clip_id)):
        copy = folder / vault.site_id / clip_id[:2] / path.name
        if not copy.exists() or copy.read_bytes() != path.read_bytes():
            return False
    return True


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()} - {MARKER}


def told(vault: Vault, event: Event) -> list[dict[str, object]]:
    return [entry.body for entry in vault.ledger.entries() if entry.event == event and entry.body]


# --- what is copied ---


async def test_what_is_there_and_what_comes_is_copied_as_it_is(vault: Vault, folder: Path) -> None:
    old = [put_clip(vault, "front", NOW - timedelta(days=day)) for day in range(3)]
    async with copier(vault, folder) as made:
        await until(lambda: made.facts.copied == 3 and not made.facts.waiting)
        assert all(whole(vault, folder, clip_id) for clip_id in old)
        new = put_clip(vault, "front", NOW)
        made.finished(new)
        await until(lambda: made.facts.copied == 4 and not made.facts.waiting)
        assert whole(vault, folder, new)
        assert made.facts.size_bytes == sum(path.stat().st_size for path in folder.rglob("*.age"))
        assert made.facts.last_us == NOW_US
        assert made.holding([new, ClipId("f" * 32)]) == 1
    for path in folder.rglob("*.age"):
        assert path.stat().st_mode & 0o777 == 0o600
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"AGE-SECRET" not in everything
    assert b"clip clip" not in everything, "sealed"


async def test_the_newest_goes_first(vault: Vault, folder: Path) -> None:
    clips = [put_clip(vault, "front", NOW - timedelta(days=day)) for day in (5, 0, 3)]
    order: list[str] = []

    class Watched(FolderStore):
        async def put(self, name: str, path: Path, pace: Pace) -> None:
            order.append(name[3:35])
            await super().put(name, path, pace)

    async with copier(vault, folder, store=Watched(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.facts.copied == 3 and not made.facts.waiting)
    assert list(dict.fromkeys(order)) == [clips[1], clips[2], clips[0]]


async def test_a_slow_place_goes_on_where_it_was_cut_short(vault: Vault, folder: Path) -> None:
    """1 kB a second: the first block takes minutes, and nothing of what is there is sent again."""
    clip_id = put_clip(vault, "front", NOW, os.urandom(600_000))
    store = FolderStore(folder, vault.site_id, in_thread)
    async with copier(vault, folder, rate=1000) as made:
        await until(lambda: made.facts.copied == 0 or made.facts.waiting)
        await asyncio.sleep(0.2)
        assert made.facts.waiting == 1
        assert not list(folder.rglob("*.mp4.age"))
    part = folder / vault.site_id / clip_id[:2] / f"{clip_id}.mp4.age.part"
    source = vault.paths.clip(clip_id).read_bytes()
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(source[:500_000])
    sent = 0

    class Counting(Pace):
        async def take(self, count: int) -> None:
            nonlocal sent
            sent += count

    await store.put(f"{clip_id[:2]}/{clip_id}.mp4.age", vault.paths.clip(clip_id), Counting(0))
    assert sent == len(source) - 500_000
    assert part.with_suffix("").read_bytes() == source


async def test_a_pace_is_kept() -> None:
    loop = asyncio.get_running_loop()
    pace, began = Pace(100_000), loop.time()
    for _ in range(3):
        await pace.take(10_000)
    assert loop.time() - began >= 0.29
    await Pace(0).take(1 << 40)


async def test_a_part_that_is_no_part_of_it(vault: Vault, folder: Path) -> None:
    """Longer than the file, or another content: found when it is read back, and made anew."""
    clip_id = put_clip(vault, "front", NOW)
    for kind, content in (("mp4", b"other"), ("json", bytes(1 << 20))):
        part = folder / vault.site_id / clip_id[:2] / f"{clip_id}.{kind}.age.part"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
    async with copier(vault, folder) as made:
        await until(lambda: whole(vault, folder, clip_id))
        await until(lambda: made.fault is None and not made.facts.waiting)


async def test_a_place_that_gives_back_something_else(vault: Vault, folder: Path) -> None:
    clip_id = put_clip(vault, "front", NOW)
    spoil = True

    class Failing(FolderStore):
        async def put(self, name: str, path: Path, pace: Pace) -> None:
            await super().put(name, path, pace)
            if spoil and name.endswith("mp4.age"):
                copy = folder / vault.site_id / name
                copy.write_bytes(copy.read_bytes()[:-1] + b"x")

    async with copier(vault, folder, store=Failing(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.fault is not None)
        assert made.fault is not None
        assert made.fault.key == "copy_altered"
        assert made.facts.waiting == 1
        spoil = False
        await until(lambda: made.fault is None and whole(vault, folder, clip_id))


# --- what is deleted ---


async def test_what_is_erased_is_deleted_there_and_written_down(vault: Vault, folder: Path) -> None:
    gone, kept = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    async with copier(vault, folder) as made:
        await until(lambda: made.facts.copied == 2 and not made.facts.waiting)
        vault.erase([gone], "expired", NOW_US)
        made.erased()
        await until(lambda: told(vault, Event.COPIES_ERASED))
        assert made.facts.copied == 1
    assert not [name for name in names(folder) if name.startswith(gone)]
    assert whole(vault, folder, kept)
    (body,) = told(vault, Event.COPIES_ERASED)
    assert (body["clip_ids"], body["refused"], body["destination"]) == ([gone], [], "NAS")


async def test_what_was_erased_while_it_was_away_is_deleted_once_it_is_back(vault: Vault, folder: Path) -> None:
    gone = put_clip(vault, "front", NOW)
    async with copier(vault, folder) as made:
        await until(lambda: made.facts.copied == 1 and not made.facts.waiting)
    marker = (folder / MARKER).read_bytes()
    (folder / MARKER).unlink()
    vault.erase([gone], "expired", NOW_US)
    async with copier(vault, folder) as made:
        await until(lambda: made.fault is not None)
        assert made.fault is not None
        assert made.fault.key == "copy_missing"
        assert made.facts.copied is None
        assert made.holding([gone]) is None, "nobody could look"
        (folder / MARKER).write_bytes(marker)
        await until(lambda: told(vault, Event.COPIES_ERASED))
    assert not names(folder)


async def test_a_clip_that_is_erased_while_it_waits_is_not_copied(vault: Vault, folder: Path) -> None:
    clip_id = put_clip(vault, "front", NOW)
    vault.erase([clip_id], "expired", NOW_US)
    async with copier(vault, folder) as made:
        made.finished(clip_id)
        await until(lambda: made.facts.copied == 0)
        made.finished(clip_id)
        await until(lambda: not made.facts.waiting)
    assert not names(folder)


async def test_a_lost_index_deletes_nothing(vault: Vault, folder: Path) -> None:
    """Nor does a file of a clip that nobody knows: the ledger alone says what was erased."""
    clip_id = put_clip(vault, "front", NOW)
    async with copier(vault, folder) as made:
        await until(lambda: made.facts.copied == 1 and not made.facts.waiting)
    vault.index.remove(clip_id)
    stranger = folder / vault.site_id / "ff" / f"{'f' * 32}.mp4.age"
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"unknown")
    async with copier(vault, folder) as made:
        await until(lambda: made.facts.copied == 2)
        made.erased()
        await asyncio.sleep(0.1)
    assert whole(vault, folder, clip_id)
    assert stranger.read_bytes() == b"unknown"


async def test_a_place_that_does_not_delete(vault: Vault, folder: Path) -> None:
    """An object lock, a write-once folder: told once, counted, and no reason to stop copying."""
    gone = put_clip(vault, "front", NOW)

    class Locked(FolderStore):
        async def delete(self, name: str) -> None:
            raise CopyError("copy_refused", place=str(folder), detail=name)

    async with copier(vault, folder, store=Locked(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.facts.copied == 1 and not made.facts.waiting)
        vault.erase([gone], "expired", NOW_US)
        made.erased()
        await until(lambda: made.facts.refused == 1)
        assert made.fault is None
        new = put_clip(vault, "front", NOW)
        made.finished(new)
        await until(lambda: whole(vault, folder, new) and not made.facts.waiting)
        made.erased()
        assert (made.facts.copied, made.facts.refused) == (1, 1)
    (body,) = told(vault, Event.COPIES_ERASED)
    assert (body["clip_ids"], body["refused"]) == ([], [gone])


async def test_two_installations_share_a_folder(vault: Vault, folder: Path, tmp_path: Path) -> None:
    other = Vault.open(Paths.of(tmp_path / "other"))
    reconcile(other, NOW_US)
    ours, theirs = put_clip(vault, "front", NOW), put_clip(other, "front", NOW)
    async with copier(vault, folder) as one, copier(other, folder) as two:
        await until(lambda: one.facts.copied == two.facts.copied == 1)
        await until(lambda: not one.facts.waiting and not two.facts.waiting)
        vault.erase([ours], "expired", NOW_US)
        one.erased()
        await until(lambda: told(vault, Event.COPIES_ERASED))
    assert whole(other, folder, theirs)
    assert {path.name for path in folder.iterdir()} == {MARKER, vault.site_id, other.site_id}
    other.close()


# --- a place that fails ---


async def test_a_full_place_is_told_and_goes_on_when_there_is_room(vault: Vault, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "camguard-test", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount a small file system here")
    try:
        prepare_folder(disk)
        (disk / "filler").write_bytes(bytes(200 << 10))
        clip_id = put_clip(vault, "front", NOW, os.urandom(150_000))
        async with copier(vault, disk) as made:
            await until(lambda: made.fault is not None)
            assert made.fault is not None
            assert made.fault.key == "copy_full"
            (disk / "filler").unlink()
            await until(lambda: made.fault is None and whole(vault, disk, clip_id))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


async def test_an_unmounted_disk_gets_nothing(vault: Vault, tmp_path: Path) -> None:
    """Its empty mount point lies on the system's own disk."""
    empty = tmp_path / "mount point"
    empty.mkdir()
    put_clip(vault, "front", NOW)
    async with copier(vault, empty) as made:
        await until(lambda: made.fault is not None)
        assert made.fault is not None
        assert made.fault.key == "copy_missing"
    assert not list(empty.iterdir())


async def test_links_are_not_followed(vault: Vault, folder: Path, tmp_path: Path) -> None:
    clip_id = put_clip(vault, "front", NOW)
    target = tmp_path / "precious"
    target.write_bytes(b"precious")
    part = folder / vault.site_id / clip_id[:2] / f"{clip_id}.json.age.part"
    part.parent.mkdir(parents=True)
    part.symlink_to(target)
    async with copier(vault, folder) as made:
        await until(lambda: made.fault is not None)
        assert made.fault is not None
        assert made.fault.key == "copy_refused"
    assert target.read_bytes() == b"precious"


@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(5, "I/O"), TimeoutError(110, "slow")])
async def test_whatever_a_disk_says_is_told(vault: Vault, folder: Path, error: OSError) -> None:
    class Failing(FolderStore):
        def _listed(self) -> Iterator[tuple[str, int]]:
            raise error

    async with copier(vault, folder, store=Failing(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.fault is not None)
        assert made.fault is not None
        assert made.fault.key == ("copy_unreachable" if isinstance(error, TimeoutError) else "copy_refused")


# --- all places of a site ---


async def test_places_come_and_go(vault: Vault, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other place"
    other.mkdir()
    prepare_folder(other)
    keeper = CopyKeeper(vault, Hands(), in_thread, lambda: None)

    def make(wanted: Destination) -> FolderStore:
        return FolderStore(Path(wanted.place), vault.site_id, in_thread)

    one, two = destination(folder), destination(other, name="usb")
    await keeper.use([one, two], make)
    clip_id = put_clip(vault, "front", NOW)
    keeper.take(Change(kind=ChangeKind.RECORDED, camera_id="front", clip=vault.index.get(clip_id)))
    await until(lambda: whole(vault, folder, clip_id) and whole(vault, other, clip_id))
    await until(lambda: not any(facts.waiting for facts in keeper.facts))
    await keeper.use([one], make)
    assert [facts.destination_id for facts in keeper.facts] == ["nas"]
    vault.erase([clip_id], "expired", NOW_US)
    keeper.take(Change(kind=ChangeKind.STORED, camera_id=""))
    await until(lambda: not names(folder))
    assert whole_files(other, clip_id) == 3, "what is there stays there"
    assert keeper.faults == {}
    await keeper.close()


def whole_files(folder: Path, clip_id: ClipId) -> int:
    return len([name for name in names(folder) if name.startswith(clip_id)])


async def test_a_certificate_names_the_copies(vault: Vault, folder: Path, tmp_path: Path) -> None:
    keeper = CopyKeeper(vault, Hands(), in_thread, lambda: None)
    used = {"destination": "NAS", "kind": "folder", "place": str(folder), "destination_id": "nas"}
    vault.ledger.append(Event.COPIES_BEGUN, used, 1)
    for name in ("away", "former"):
        place = used | {"destination": name, "destination_id": name}
        vault.ledger.append(Event.COPIES_BEGUN, place, 1)
        if name == "former":
            vault.ledger.append(Event.COPIES_ENDED, place, 2)
    one, _ = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    await keeper.use([destination(folder)], lambda _: FolderStore(folder, vault.site_id, in_thread))
    await until(lambda: keeper.facts[0].copied == 2 and not keeper.facts[0].waiting)
    wiping = Wiping(site_of(vault.paths), vault, Hands(), in_thread, asyncio.Lock(), copied=keeper.holding)
    done = await wiping.wipe(Order(scope=Scope.CLIPS, clip_ids=(one,), reason="転居"), BY)
    data = find_certificate(vault.paths, done.certificate_id, "json").read_bytes()
    certificate = Certificate.from_json(data)
    assert [(copies.title, copies.clips, copies.in_use) for copies in certificate.copies] == [
        ("NAS", 1, True), ("away", None, True), ("former", None, False),
    ]  # fmt: skip
    page = find_certificate(vault.paths, done.certificate_id, "html").read_text("utf-8")
    for sentence in (
        "it had copies of 1 of the erased clips", "Nobody could look there", "Former place for sealed copies", "1 件の写しがありました",
        "a copy that is left opens no more",
    ):  # fmt: skip
        assert sentence in page
    assert "no recovery kit and no disclosure" not in page
    keeper.take(Change(kind=ChangeKind.STORED, camera_id=""))
    await until(lambda: told(vault, Event.COPIES_ERASED))
    await keeper.close()
    assert hashlib.sha256(data).hexdigest()
    assert whole_files(folder, one) == 0
