"""The escrow of the last hours' keys: the burglar takes the box, a new machine and the paper bring the clips back."""

import asyncio
import base64
import errno
import json
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.app.copies import copier as copying
from custom_components.camguard.app.copies import escrow_writer
from custom_components.camguard.app.copies.folder_store import FolderStore, prepare_folder
from custom_components.camguard.app.copies.keeper import CopyKeeper
from custom_components.camguard.app.copies.store import CopyError
from custom_components.camguard.app.custody.wiping import Order, Scope, Wiping
from custom_components.camguard.domain.certificate import Certificate
from custom_components.camguard.domain.clip import US_PER_SECOND, ClipId
from custom_components.camguard.domain.errors import CamguardError, IntegrityError, InvalidError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.settings import Destination, Escrow
from custom_components.camguard.domain.storage_faults import FULL
from custom_components.camguard.vault.documents.certificate_file import find_certificate
from custom_components.camguard.vault.keys.escrow import escrow_file, escrow_name, new_escrow, open_escrow
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import Identity, SealedReader
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW, NOW_US, Hands, in_thread, nothing
from ..vault.clips import put_clip
from .bundles import BY, site_of

HOURS = 24
CONTENT = b"the burglar " * 9000
ESCROW, CODE = new_escrow(HOURS)


def open_vault(folder: Path) -> Vault:
    vault = Vault.open(Paths.of(folder, folder.parent / f"{folder.name}-storage"))
    reconcile(vault, NOW_US)
    return vault


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Vault]:
    vault = open_vault(tmp_path / "box")
    yield vault
    vault.close()


@pytest.fixture
def new_box(tmp_path: Path) -> Iterator[Vault]:
    vault = open_vault(tmp_path / "new")
    yield vault
    vault.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "nas"
    folder.mkdir()
    prepare_folder(folder)
    return folder


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(escrow_writer, "NEXT_SECONDS", 0)


@asynccontextmanager
async def copies(
    vault: Vault, folder: Path, *, escrow: Escrow | None = ESCROW, clock: Hands | None = None
) -> AsyncIterator[CopyKeeper]:
    keeper = CopyKeeper(vault, clock or Hands(), in_thread, lambda: None, nothing)
    await keeper.use([place(folder, escrow)], lambda _, site_id: FolderStore(folder, site_id, in_thread))
    try:
        yield keeper
    finally:
        await keeper.close()


def place(folder: Path, escrow: Escrow | None) -> Destination:
    return Destination(
        destination_id="nas", title="NAS", kind="folder", place=str(folder), bytes_a_second=0, escrow=escrow
    )


async def until(fits: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not fits():
            await asyncio.sleep(0.01)


def in_escrow(vault: Vault, folder: Path, code: str = CODE) -> set[ClipId]:
    path = folder / vault.site_id / escrow_name(vault.keyring.public_key)
    return set(open_escrow(path.read_bytes(), code).keys) if path.exists() else set()


def told(vault: Vault, event: Event) -> list[dict[str, Any]]:
    return [entry.body for entry in vault.ledger.entries() if entry.event == event and entry.body]


def film(vault: Vault, clip_id: ClipId) -> bytes:
    with vault.paths.clip(clip_id).open("rb") as file, SealedReader(file, vault.keyring.clip(clip_id)) as reader:
        return reader.read_at(0, reader.size)


async def brought(keeper: CopyKeeper, code: str = CODE) -> tuple[int, int]:
    progress = await keeper.bring_back("nas", code, BY)
    await until(lambda: progress.ended)
    assert not progress.fault
    return progress.done, progress.missing


# --- the drill ---


async def test_the_burglar_takes_the_box(box: Vault, new_box: Vault, folder: Path) -> None:
    """Last hours' clips play on the new machine; older and wiped ones don't."""
    night = [put_clip(box, "front", NOW - timedelta(hours=number), CONTENT) for number in (1, 2, 3)]
    old = put_clip(box, "front", NOW - timedelta(hours=HOURS + 1), CONTENT)
    wiped = put_clip(box, "front", NOW - timedelta(hours=4), CONTENT)
    async with copies(box, folder) as keeper:
        await until(lambda: keeper.facts[0].copied == 5 and keeper.facts[0].escrow_clips == 4)
        wiping = Wiping(site_of(box.paths), box, Hands(), in_thread, asyncio.Lock(), copied=keeper.holding)
        await wiping.wipe(Order(scope=Scope.CLIPS, clip_ids=(wiped,), reason="苦情"), BY)
        for copier in keeper._copiers.values():
            copier.erased()
        await until(lambda: told(box, Event.ESCROW_RENEWED))
        assert told(box, Event.ESCROW_RENEWED)[0]["clip_ids"] == [wiped]
        await until(lambda: told(box, Event.COPIES_ERASED))
    assert in_escrow(box, folder) == set(night)

    # The box is gone. Nothing of it is used from here on.
    async with copies(new_box, folder, escrow=None) as keeper:
        assert await brought(keeper, CODE.lower().replace("-", " ")) == (3, 0)
        assert keeper.facts[0].bringing is not None
        for clip_id in night:
            assert film(new_box, clip_id) == CONTENT
            clip = new_box.index.get(clip_id)
            assert clip is not None
            assert clip.held, "nobody sweeps evidence away"
        for clip_id in (old, wiped):
            assert new_box.index.get(clip_id) is None
            assert not new_box.keyring.has_clip(clip_id)
        (restored,) = told(new_box, Event.KIT_RESTORED)
        assert (sorted(restored["clip_ids"]), restored["kit_id"]) == (sorted(night), ESCROW.escrow_id)
        # They are copied anew below the new machine's name, and an escrow that has given everything is gone.
        await until(lambda: keeper.facts[0].copied == 3 and not keeper.facts[0].waiting)
        assert not list((folder / box.site_id).glob("escrow-*"))
        left = {path.name[:32] for path in (folder / box.site_id).rglob("*.age")}
        assert left == {old}, "closed for ever, and nobody's to delete"
        with pytest.raises(InvalidError) as error:
            await keeper.bring_back("nas", CODE, BY)
        assert error.value.key == "no_escrow"


async def test_a_new_machine_from_a_backup(box: Vault, folder: Path, tmp_path: Path) -> None:
    """The same name and the same escrow in its settings, other keys: it never writes over what it can't make again."""
    clip_id = put_clip(box, "front", NOW, CONTENT)
    async with copies(box, folder) as keeper:
        await until(lambda: keeper.facts[0].escrow_clips == 1)
    new = open_vault(tmp_path / "new")
    new.ledger.append(Event.SITE_BEGUN, {"site_id": box.site_id}, NOW_US)
    object.__setattr__(new, "site_id", box.site_id)
    async with copies(new, folder) as keeper:
        await until(lambda: keeper.facts[0].escrow_us is not None)
        assert in_escrow(box, folder) == {clip_id}, "as it was"
        assert in_escrow(new, folder) == set()
        assert await brought(keeper) == (1, 0)
        assert film(new, clip_id) == CONTENT
        await until(lambda: in_escrow(new, folder) == {clip_id})
        assert (folder / box.site_id / clip_id[:2] / f"{clip_id}.mp4.age").exists(), "its own copies stay"
    new.close()


async def test_what_was_wiped_does_not_come_back_by_an_escrow_that_was_kept(box: Vault, folder: Path) -> None:
    """The place has kept an earlier version of everything: where the ledger is known, nothing comes back."""
    wiped, left = (put_clip(box, "front", NOW, CONTENT) for _ in range(2))
    async with copies(box, folder) as keeper:
        await until(lambda: keeper.facts[0].escrow_clips == 2)
        kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        box.erase([wiped], "expired", NOW_US)
        for path, data in kept.items():
            path.write_bytes(data)
        with pytest.raises(InvalidError) as error:
            await keeper.bring_back("nas", CODE, BY)
        assert error.value.key == "escrow_empty"
    assert not box.keyring.has_clip(wiped)
    assert box.keyring.has_clip(left)


# --- how it is kept ---


async def test_it_forgets_what_grows_older(box: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escrow_writer, "RENEW_SECONDS", 0)
    clips = [put_clip(box, "front", NOW - timedelta(hours=number), CONTENT) for number in (1, HOURS - 1)]
    clock = Hands()
    async with copies(box, folder, clock=clock) as keeper:
        await until(lambda: keeper.facts[0].escrow_clips == 2)
        clock.wall_us += 2 * 3600 * US_PER_SECOND
        next(iter(keeper._copiers.values())).erased()  # anything wakes it; by itself it is every hour
        await until(lambda: in_escrow(box, folder) == {clips[0]})
    assert not told(box, Event.ESCROW_RENEWED), "nothing was erased"


async def test_what_is_finished_meanwhile_is_in_it(box: Vault, folder: Path) -> None:
    async with copies(box, folder) as keeper:
        await until(lambda: keeper.facts[0].escrow_us is not None)
        clip_id = put_clip(box, "front", NOW, CONTENT)
        next(iter(keeper._copiers.values())).finished(clip_id)
        await until(lambda: in_escrow(box, folder) == {clip_id})


async def test_a_new_code_makes_the_old_one_useless(box: Vault, folder: Path) -> None:
    clip_id = put_clip(box, "front", NOW, CONTENT)
    async with copies(box, folder) as keeper:
        await until(lambda: in_escrow(box, folder) == {clip_id})
        other, code = new_escrow(HOURS)
        await keeper.use([place(folder, other)], lambda _, site_id: FolderStore(folder, site_id, in_thread))
        path = folder / box.site_id / escrow_name(box.keyring.public_key)
        await until(lambda: json.loads(path.read_bytes())["escrow_id"] == other.escrow_id)
        with pytest.raises(IntegrityError, match="sealed_wrong_key"):
            in_escrow(box, folder)
        assert in_escrow(box, folder, code) == {clip_id}
        await keeper.use([place(folder, None)], lambda _, site_id: FolderStore(folder, site_id, in_thread))
        await until(lambda: not path.exists())


async def test_a_place_that_is_removed_keeps_no_escrow(box: Vault, folder: Path) -> None:
    put_clip(box, "front", NOW, CONTENT)
    async with copies(box, folder) as keeper:
        await until(lambda: in_escrow(box, folder))
        await keeper.use([], lambda _, site_id: FolderStore(folder, site_id, in_thread))
        assert not list(folder.rglob("escrow-*"))
        assert list(folder.rglob("*.mp4.age")), "what is there stays there"


async def test_a_place_that_is_away_when_it_is_removed(
    box: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller is told: the paper still opens what is there."""
    put_clip(box, "front", NOW, CONTENT)
    async with copies(box, folder) as keeper:
        await until(lambda: in_escrow(box, folder))

        async def away(*_: object) -> None:
            raise CopyError("copy_unreachable", place=str(folder))

        monkeypatch.setattr(FolderStore, "delete", away)
        left = await keeper.use([], lambda _, site_id: FolderStore(folder, site_id, in_thread))
    assert [item.title for item in left] == ["NAS"]


async def test_the_certificate_names_it(box: Vault, folder: Path) -> None:
    clip_id = put_clip(box, "front", NOW, CONTENT)
    facts = {"destination_id": "nas", "destination": "NAS", "kind": "folder", "place": str(folder)}
    box.ledger.append(Event.COPIES_BEGUN, facts, NOW_US)
    box.ledger.append(Event.ESCROW_BEGUN, facts | {"escrow_id": ESCROW.escrow_id, "hours": HOURS}, NOW_US)
    former = {"destination_id": "usb", "destination": "USB", "kind": "folder", "place": "/usb"}
    box.ledger.append(Event.COPIES_BEGUN, former, NOW_US)
    box.ledger.append(Event.ESCROW_BEGUN, former | {"escrow_id": "former", "hours": 48}, NOW_US)
    box.ledger.append(Event.ESCROW_ENDED, former, NOW_US)
    box.ledger.append(Event.COPIES_ENDED, former, NOW_US)
    async with copies(box, folder) as keeper:
        await until(lambda: in_escrow(box, folder) == {clip_id})
        wiping = Wiping(site_of(box.paths), box, Hands(), in_thread, asyncio.Lock(), copied=keeper.holding)
        done = await wiping.wipe(Order(scope=Scope.CLIPS, clip_ids=(clip_id,), reason="転居"), BY)
    assert box.ledger.told.escrows["nas"] == [ESCROW.escrow_id, HOURS, True, True], "a new code is due"
    copied, former = Certificate.from_json(find_certificate(box.paths, done.certificate_id, "json").read_bytes()).copies
    assert (former.escrow, former.escrow_in_use) == ("former", False)
    assert (copied.escrow, copied.escrow_hours, copied.escrow_in_use) == (ESCROW.escrow_id, HOURS, True)
    page = find_certificate(box.paths, done.certificate_id, "html").read_text("utf-8")
    assert "That place formerly kept the keys of clips of the last 48 hours in escrow." in page
    assert f"Destroy the paper with the code of escrow {ESCROW.escrow_id}" in page
    assert "紙を処分し、新しいコードを作成してください" in page
    box.ledger.append(Event.ESCROW_ENDED, {"destination_id": "nas"}, NOW_US)
    assert box.ledger.told.escrows["nas"][2] is False
    box.ledger.append(Event.ESCROW_ENDED, {"destination_id": "never"}, NOW_US)


async def test_what_was_erased_while_the_place_was_away_is_told_after_a_restart(box: Vault, folder: Path) -> None:
    """The certificate says that the ledger tells when the escrow was renewed without it."""
    wiped, left = (put_clip(box, "front", NOW, CONTENT) for _ in range(2))
    async with copies(box, folder) as keeper:
        await until(lambda: keeper.facts[0].escrow_clips == 2)
    box.erase([wiped], "expired", NOW_US)
    async with copies(box, folder) as keeper:
        await until(lambda: told(box, Event.ESCROW_RENEWED))
    assert [body["clip_ids"] for body in told(box, Event.ESCROW_RENEWED)] == [[wiped]]
    assert in_escrow(box, folder) == {left}


async def test_nothing_of_it_is_on_a_disk_here(box: Vault, folder: Path) -> None:
    """An earlier escrow in a block of this machine's disk would open what was erased, for who has the paper."""
    put_clip(box, "front", NOW, CONTENT)
    async with copies(box, folder):
        await until(lambda: in_escrow(box, folder))
    recipient = ESCROW.recipient.encode()
    for path in box.paths.cache.rglob("*"):
        assert not path.name.startswith("escrow-")
        assert not path.is_file() or recipient not in path.read_bytes()


# --- attacks, and other bad days ---


async def test_codes_that_open_nothing(box: Vault, new_box: Vault, folder: Path) -> None:
    put_clip(box, "front", NOW, CONTENT)
    async with copies(new_box, folder, escrow=None) as keeper:
        for code in (CODE, "", "x" * 1000):
            with pytest.raises(InvalidError) as error:
                await keeper.bring_back("nas", code, BY)
            assert error.value.key == "no_escrow"
    async with copies(box, folder) as keeper:
        await until(lambda: in_escrow(box, folder))
    async with copies(new_box, folder, escrow=None) as keeper:
        for code in ("", new_escrow(1)[1], CODE[:-1]):
            with pytest.raises(InvalidError) as error:
                await keeper.bring_back("nas", code, BY)
            assert error.value.key == "escrow_code_wrong"


async def test_a_copy_that_was_altered_or_exchanged(box: Vault, new_box: Vault, folder: Path) -> None:
    """Told as lacking; nothing of it is left, and nothing else is hindered. The escrow stays for another try."""
    good, altered, exchanged, gone = (put_clip(box, "front", NOW, CONTENT) for _ in range(4))
    async with copies(box, folder) as keeper:
        await until(lambda: keeper.facts[0].escrow_clips == 4)
    top = folder / box.site_id

    def at(clip_id: ClipId, kind: str = "mp4") -> Path:
        return top / clip_id[:2] / f"{clip_id}.{kind}.age"

    data = bytearray(at(altered).read_bytes())
    data[len(data) // 2] ^= 1
    at(altered).write_bytes(data)
    at(exchanged).write_bytes(at(good).read_bytes())
    at(gone, "json").unlink()
    at(good, "jpg").write_bytes(b"no picture")
    async with copies(new_box, folder, escrow=None) as keeper:
        assert await brought(keeper) == (1, 3)
        assert film(new_box, good) == CONTENT
        assert not new_box.paths.thumbnail(good).exists(), "a picture is no evidence"
        for clip_id in (altered, exchanged, gone):
            assert not new_box.keyring.has_clip(clip_id)
            assert not list(new_box.paths.clip(clip_id).parent.glob(f"{clip_id}*"))
        assert list(top.glob("escrow-*"))


async def test_one_bringing_at_a_time_and_a_place_that_goes_away(
    box: Vault, new_box: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_clip(box, "front", NOW, CONTENT)
    async with copies(box, folder) as keeper:
        await until(lambda: in_escrow(box, folder))
    async with copies(new_box, folder, escrow=None) as keeper:
        gate = asyncio.Event()
        plain = FolderStore.fetch

        async def held(self: FolderStore, name: str, pace: Any) -> AsyncIterator[bytes]:
            if name.endswith(".age"):
                await gate.wait()
                raise CopyError("copy_unreachable", place=str(folder))
            async for block in plain(self, name, pace):
                yield block

        monkeypatch.setattr(FolderStore, "fetch", held)
        progress = await keeper.bring_back("nas", CODE, BY)
        with pytest.raises(InvalidError) as error:
            await keeper.bring_back("nas", CODE, BY)
        assert error.value.key == "bringing_back_runs"
        gate.set()
        await until(lambda: progress.ended)
        assert (progress.fault, progress.done) == ("copy_unreachable", 0)
        monkeypatch.setattr(FolderStore, "fetch", plain)
        assert await brought(keeper) == (1, 0)


async def test_the_disk_here_is_full(box: Vault, new_box: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told with the true cause; nothing half is left."""
    clip_id = put_clip(box, "front", NOW, CONTENT)
    async with copies(box, folder) as keeper:
        await until(lambda: in_escrow(box, folder))
    async with copies(new_box, folder, escrow=None) as keeper:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            progress = await keeper.bring_back("nas", CODE, BY)
            await until(lambda: progress.ended)
        assert (progress.fault, progress.done) == (FULL, 0)
        assert not list(new_box.paths.clip(clip_id).parent.glob(f"{clip_id}*"))
        assert await brought(keeper) == (1, 0)


def full(descriptor: int) -> None:
    """Refuse, as a disk without room does, but for the ledger's own files."""
    if ".age" in Path(f"/proc/self/fd/{descriptor}").readlink().name:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@given(st.binary(max_size=200) | st.text(max_size=50).map(str.encode) | st.just(b"[]") | st.just(b'{"version": 1}'))
def test_what_is_no_escrow_is_refused(data: bytes) -> None:
    with pytest.raises(CamguardError):
        open_escrow(data, CODE)


def test_an_escrow_that_was_put_together_of_two() -> None:
    """Who can write at the place can't make one that the code opens and that gives keys of their choice unnoticed …

    … but of clips whose files they sealed themselves: those aren't named in a manifest that fits (see take_back).
    """
    other, _ = new_escrow(HOURS)
    keys = {ClipId("0" * 32): Identity.generate()}
    mine = json.loads(escrow_file(ESCROW, "a" * 32, NOW_US, keys))
    theirs = json.loads(escrow_file(other, "a" * 32, NOW_US, keys))
    with pytest.raises(IntegrityError, match=r"sealed_wrong_key|escrow_unreadable"):
        open_escrow(json.dumps(mine | {"keys": theirs["keys"]}).encode(), CODE)
    damaged = base64.b64encode(base64.b64decode(mine["keys"])[:-5]).decode()
    with pytest.raises(IntegrityError, match="escrow_unreadable"):
        open_escrow(json.dumps(mine | {"keys": damaged}).encode(), CODE)
    with pytest.raises(IntegrityError, match="escrow_unreadable"):
        open_escrow(json.dumps(mine | {"version": 9}).encode(), CODE)
    assert open_escrow(json.dumps(mine).encode(), CODE).keys == keys


def test_without_camguard(tmp_path: Path) -> None:
    """Both parts are plain age files: the `age` tool opens them (docs/design/formats.md)."""
    keys = {ClipId("0" * 32): Identity.generate()}
    outer = json.loads(escrow_file(ESCROW, "a" * 32, NOW_US, keys))
    (tmp_path / "identity.age").write_bytes(base64.b64decode(outer["identity"]))
    (tmp_path / "keys.age").write_bytes(base64.b64decode(outer["keys"]))
    pyrage = pytest.importorskip("pyrage")  # the tool itself asks for a passphrase at a terminal only
    identity = pyrage.passphrase.decrypt((tmp_path / "identity.age").read_bytes(), CODE)
    (tmp_path / "identity.txt").write_bytes(identity)
    opened = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "identity.txt"), str(tmp_path / "keys.age")], check=True, capture_output=True
    ).stdout
    assert json.loads(opened)["keys"] == {clip_id: key.text for clip_id, key in keys.items()}
