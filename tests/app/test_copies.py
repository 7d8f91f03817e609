"""Sealed copies elsewhere: what is finished is copied as it is, what is erased is deleted, and a place that fails is
told."""

import asyncio
import contextlib
import errno
import hashlib
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.camguard.app.copies import copier as copying
from custom_components.camguard.app.copies import folder_store
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

from ..disks import disk, needs_mounts, share
from ..hands import NOW, NOW_US, Hands, in_thread, nothing
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


def told(vault: Vault, event: Event) -> list[dict[str, Any]]:
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
        vault.erase([new], "expired", NOW_US)
        made.erased()
        await until(lambda: made.facts.copied == 3)
        assert made.facts.size_bytes == sum(path.stat().st_size for path in folder.rglob("*.age"))
        assert made.holding([old[0], new, ClipId("f" * 32)]) == 1
    for path in folder.rglob("*.age"):
        assert path.stat().st_mode & 0o777 == 0o600
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"AGE-SECRET" not in everything
    assert b"clip clip" not in everything, "sealed"


async def test_the_newest_goes_first(vault: Vault, folder: Path) -> None:
    clips = [put_clip(vault, "front", NOW - timedelta(days=day)) for day in (5, 0, 3)]
    order: list[str] = []

    class Watched(FolderStore):
        async def put(self, name: str, path: Path, sha256: str, pace: Pace) -> None:
            order.append(name[3:35])
            await super().put(name, path, sha256, pace)

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

    name, sha256 = f"{clip_id[:2]}/{clip_id}.mp4.age", hashlib.sha256(source).hexdigest()
    await store.put(name, vault.paths.clip(clip_id), sha256, Counting(0))
    assert sent == len(source) - 500_000 + len(source), "what was missing was sent, all was read back"
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
        async def _fill(self, part: Path, path: Path, pace: Pace) -> None:
            await super()._fill(part, path, pace)
            if spoil and part.name.endswith("mp4.age.part"):
                part.write_bytes(part.read_bytes()[:-1] + b"x")

    async with copier(vault, folder, store=Failing(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.fault is not None)
        assert made.fault is not None
        assert made.fault.key == "copy_altered"
        assert (made.facts.copied, made.facts.waiting) == (0, 1)
        assert not list(folder.rglob("*.mp4.age")), "it never had its name"
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


async def test_copies_that_somebody_took_away_are_made_anew(vault: Vault, folder: Path) -> None:
    """Missed at the daily look."""
    clip_id = put_clip(vault, "front", NOW)
    async with copier(vault, folder) as made:
        await until(lambda: made.facts.copied == 1 and not made.facts.waiting)
        for path in folder.rglob("*.mp4.age"):
            path.unlink()
        made._listed_at -= copying.LIST_SECONDS
        made.erased()  # anything that wakes it
        await until(lambda: whole(vault, folder, clip_id))


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
        await until(lambda: made.facts.copied == 1)
        made.erased()
        await asyncio.sleep(0.1)
    assert whole(vault, folder, clip_id)
    assert stranger.read_bytes() == b"unknown"


async def test_a_place_that_does_not_delete(vault: Vault, folder: Path) -> None:
    """An object lock, a write-once folder: told once, counted, and no reason to stop copying."""
    gone = put_clip(vault, "front", NOW)

    locked = True

    class Locked(FolderStore):
        async def delete(self, name: str) -> None:
            if locked:
                raise CopyError("copy_refused", place=str(folder), detail=name)
            await super().delete(name)

    async with copier(vault, folder, store=Locked(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.facts.copied == 1 and not made.facts.waiting)
        vault.erase([gone], "expired", NOW_US)
        made.erased()
        await until(lambda: made.facts.refused == 1)
        assert made.fault is None
        new = put_clip(vault, "front", NOW)
        made.finished(new)
        await until(lambda: whole(vault, folder, new) and not made.facts.waiting)
        assert (made.facts.copied, made.facts.refused) == (1, 1)
        await made._look()  # a day later
        await made._delete_erased()
        assert (made.facts.copied, made.facts.refused) == (1, 1)
        (body,) = told(vault, Event.COPIES_ERASED)
        assert (body["clip_ids"], body["refused"]) == ([], [gone]), "told once"
        locked = False
        await made._look()
        await made._delete_erased()
        assert (made.facts.copied, made.facts.refused) == (1, 0)
    assert told(vault, Event.COPIES_ERASED)[-1]["clip_ids"] == [gone]


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


async def test_what_was_deleted_before_it_went_away_is_written_down(vault: Vault, folder: Path) -> None:
    clips = sorted(put_clip(vault, "front", NOW) for _ in range(3))
    left = 4

    class Leaving(FolderStore):
        async def delete(self, name: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise CopyError("copy_unreachable", place=str(folder))
            await super().delete(name)

    async with copier(vault, folder, store=Leaving(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.facts.copied == 3 and not made.facts.waiting)
        vault.erase(clips, "expired", NOW_US)
        made.erased()
        await until(lambda: told(vault, Event.COPIES_ERASED))
        assert [body["clip_ids"] for body in told(vault, Event.COPIES_ERASED)] == [clips[:1]]
        left = 99
        await until(lambda: not names(folder))  # and it stops at once: what was deleted is written down all the same
    assert [clip_id for body in told(vault, Event.COPIES_ERASED) for clip_id in body["clip_ids"]] == clips, "each once"


async def test_what_was_begun_of_an_erased_clip_is_deleted(vault: Vault, folder: Path) -> None:
    clip_id = put_clip(vault, "front", NOW)
    part = folder / vault.site_id / clip_id[:2] / f"{clip_id}.mp4.age.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"begun")
    vault.erase([clip_id], "expired", NOW_US)
    async with copier(vault, folder) as made:
        await until(lambda: told(vault, Event.COPIES_ERASED))
        assert (made.facts.copied, made.facts.size_bytes) == (0, 0)
    assert not names(folder)


async def test_a_clip_erased_while_it_is_copied_leaves_nothing(vault: Vault, folder: Path) -> None:
    clip_id = put_clip(vault, "front", NOW, os.urandom(600_000))

    class Slow(FolderStore):
        async def _fill(self, part: Path, path: Path, pace: Pace) -> None:
            if part.name.endswith("mp4.age.part"):
                part.write_bytes(b"half")
                vault.erase([clip_id], "expired", NOW_US)
            await super()._fill(part, path, pace)

    async with copier(vault, folder, store=Slow(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.facts.copied == 0 and not made.facts.waiting)
        await until(lambda: not names(folder))


async def test_a_clip_that_is_finished_during_the_first_look(vault: Vault, folder: Path) -> None:
    looking, finished = asyncio.Event(), asyncio.Event()

    class Slow(FolderStore):
        async def sizes(self) -> Mapping[str, int]:
            looking.set()
            await finished.wait()
            return await super().sizes()

    async with copier(vault, folder, store=Slow(folder, vault.site_id, in_thread)) as made:
        await looking.wait()
        clip_id = put_clip(vault, "front", NOW)
        made.finished(clip_id)
        made.finished(clip_id)
        finished.set()
        await until(lambda: whole(vault, folder, clip_id) and not made.facts.waiting)
        assert made.facts.copied == 1


@pytest.mark.parametrize("at", range(1, 16))
async def test_cut_short_at_every_step(vault: Vault, folder: Path, at: int) -> None:
    """The n-th thing that is done there is the last one of this process; the next one goes on."""
    clip_id = put_clip(vault, "front", NOW, os.urandom(300_000))
    count = 0

    class Cut(FolderStore):
        async def _do(self, work: Any, *seconds: float) -> Any:
            nonlocal count
            count += 1
            if count >= at:
                await asyncio.Event().wait()
            return await super()._do(work, *seconds)

    async with copier(vault, folder, store=Cut(folder, vault.site_id, in_thread)):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                while count < at and not whole(vault, folder, clip_id):
                    await asyncio.sleep(0.01)
    for path in folder.rglob("*.mp4.age"):
        assert path.read_bytes() == vault.paths.clip(clip_id).read_bytes(), "whole, or not under its name"
    async with copier(vault, folder) as made:
        await until(lambda: whole(vault, folder, clip_id) and not made.facts.waiting)
    assert len(names(folder)) == 3


# --- a place that fails ---


@needs_mounts
async def test_a_share_that_hangs_is_told_and_takes_one_thread(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_store, "ANSWER_SECONDS", 0.5)
    with share(tmp_path) as nas:
        prepare_folder(nas.folder)
        clip_id = put_clip(vault, "front", NOW)
        store = FolderStore(nas.folder, vault.site_id, in_thread)
        async with copier(vault, nas.folder, store=store) as made:
            await until(lambda: made.facts.copied == 1 and not made.facts.waiting)
            nas.hang()
            before = threading.active_count()
            new = put_clip(vault, "front", NOW)
            made.finished(new)
            await until(lambda: made.fault is not None)
            assert made.fault is not None
            assert made.fault.key == "copy_unreachable"
            await asyncio.sleep(1)
            assert threading.active_count() <= before + 2, "not another one with each try"
            nas.go_on()
            await until(lambda: made.fault is None and whole(vault, nas.folder, new))
        assert whole(vault, nas.folder, clip_id)


async def test_whatever_happens_it_goes_on(vault: Vault, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    clip_id = put_clip(vault, "front", NOW)
    fails = 3

    class Broken(FolderStore):
        async def sizes(self) -> Mapping[str, int]:
            nonlocal fails
            fails -= 1
            if fails >= 0:
                raise RuntimeError("a bug")
            return await super().sizes()

    async with copier(vault, folder, store=Broken(folder, vault.site_id, in_thread)):
        await until(lambda: whole(vault, folder, clip_id))
    assert caplog.text.count("could not be made, and is tried again") == 1, "when it begins, not each time"


@needs_mounts
async def test_a_real_disk_that_is_full_locked_or_pulled(vault: Vault, tmp_path: Path) -> None:
    """Each is told by its name, and copying goes on once it is mended."""
    with disk(tmp_path) as made:
        prepare_folder(made.folder)
        clips = [put_clip(vault, "front", NOW, os.urandom(150_000))]
        async with copier(vault, made.folder) as copies:
            await until(lambda: whole(vault, made.folder, clips[0]) and not copies.facts.waiting)
            for spoil, mend, key in (
                (made.fill, made.clear, "copy_full"),
                (made.lock, made.unlock, "copy_read_only"),
                (made.pull, made.mount, "copy_missing"),
            ):
                spoil()
                clips.append(put_clip(vault, "front", NOW, os.urandom(150_000)))
                copies.finished(clips[-1])
                await until(lambda: copies.fault is not None)
                assert copies.fault is not None
                assert copies.fault.key == key
                mend()
                await until(lambda: copies.fault is None and whole(vault, made.folder, clips[-1]))
            made.pull()
            assert not list(made.folder.iterdir()), "nothing was written to its empty mount point"
            made.mount()


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


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (PermissionError(errno.EACCES, ""), "copy_refused"),
        (OSError(errno.EROFS, ""), "copy_read_only"),
        (OSError(errno.EIO, ""), "copy_failing"),
        (TimeoutError(errno.ETIMEDOUT, ""), "copy_unreachable"),
        (OSError(errno.ESTALE, ""), "copy_unreachable"),
        (OSError(errno.EDQUOT, ""), "copy_full"),
        (FileNotFoundError(errno.ENOENT, ""), "copy_altered"),
    ],
)
async def test_what_a_disk_says_is_told(vault: Vault, folder: Path, error: OSError, key: str) -> None:
    class Failing(FolderStore):
        def _listed(self) -> Iterator[tuple[str, int]]:
            raise error

    async with copier(vault, folder, store=Failing(folder, vault.site_id, in_thread)) as made:
        await until(lambda: made.fault is not None)
        assert made.fault is not None
        assert made.fault.key == key


# --- all places of a site ---


async def test_places_come_and_go(vault: Vault, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other place"
    other.mkdir()
    prepare_folder(other)
    keeper = CopyKeeper(vault, Hands(), in_thread, lambda: None, nothing)

    def make(wanted: Destination, _site_id: str) -> FolderStore:
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
    keeper = CopyKeeper(vault, Hands(), in_thread, lambda: None, nothing)
    used = {"destination": "NAS", "kind": "folder", "place": str(folder), "destination_id": "nas"}
    vault.ledger.append(Event.COPIES_BEGUN, used, 1)
    for name in ("away", "former"):
        place = used | {"destination": name, "destination_id": name}
        vault.ledger.append(Event.COPIES_BEGUN, place, 1)
        if name == "former":
            vault.ledger.append(Event.COPIES_ENDED, place, 2)
    one, _ = put_clip(vault, "front", NOW), put_clip(vault, "front", NOW)
    await keeper.use([destination(folder)], lambda _, site_id: FolderStore(folder, site_id, in_thread))
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
