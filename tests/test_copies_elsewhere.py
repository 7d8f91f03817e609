"""Sealed copies on other machines: real S3, WebDAV and SFTP servers, filled, emptied, full, slow, away and lying."""

import asyncio
import contextlib
import hashlib
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from homeassistant.core import HomeAssistant

from custom_components.camguard.app.copies import copier as copying
from custom_components.camguard.app.copies.copier import Copier
from custom_components.camguard.app.copies.keeper import CopyKeeper
from custom_components.camguard.app.copies.store import MARKER, CopyError, Pace, Store
from custom_components.camguard.app.ports import NOBODY
from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.settings import Destination, Escrow
from custom_components.camguard.hass.copies import connection
from custom_components.camguard.hass.copies.stores import place_of, remote_store_of
from custom_components.camguard.vault.keys.escrow import new_escrow
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import SealedReader
from custom_components.camguard.vault.vault import Vault

from .disks import disk, needs_mounts
from .hands import NOW, NOW_US, Hands, in_thread, nothing
from .servers import PASSWORD, USER, SshServer, needs_sshd, s3_server, ssh_server, webdav_server
from .vault.clips import put_clip

pytestmark = pytest.mark.usefixtures("socket_enabled")
BUCKET = "camguard-copies"
KINDS = ["s3", "webdav", pytest.param("sftp", marks=needs_sshd)]
FAST = Pace(0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "RETRY_SECONDS", 0.05)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    vault = Vault.open(Paths.of(tmp_path / "config"))
    reconcile(vault, NOW_US)
    yield vault
    vault.close()


class Elsewhere:
    """A server, and what a test does to it behind CamGuard's back."""

    def __init__(self, kind: str, data: dict[str, Any], folder: Path) -> None:
        self.kind = kind
        self.data = data | {"kind": kind}
        self.folder = folder

    @property
    def s3(self) -> Any:
        return s3_client(self.data["endpoint_url"])

    def files(self, site_id: str) -> dict[str, bytes]:
        """Everything that an installation has there, by the server's own means."""
        if self.kind == "s3":
            listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"shop/{site_id}/").get("Contents", ())
            return {
                item["Key"].removeprefix(f"shop/{site_id}/"): self.s3.get_object(Bucket=BUCKET, Key=item["Key"])[
                    "Body"
                ].read()
                for item in listed
            }
        top = self.folder / site_id
        return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}

    def alter(self, site_id: str, name: str) -> None:
        if self.kind == "s3":
            self.s3.put_object(Bucket=BUCKET, Key=f"shop/{site_id}/{name}", Body=b"another")
        else:
            (self.folder / site_id / name).write_bytes(b"another")


def s3_client(address: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=USER, aws_secret_access_key=PASSWORD, region_name="us-east-1",
        config=Config(request_checksum_calculation="when_required"),
    )  # fmt: skip


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Elsewhere]:
    kind = request.param
    with ExitStack() as stack:
        folder = tmp_path / "shared"
        if kind == "s3":
            address = stack.enter_context(s3_server(tmp_path))
            s3_client(address).create_bucket(Bucket=BUCKET)
            data = s3_data(address)
        elif kind == "webdav":
            address = stack.enter_context(webdav_server(tmp_path, folder))
            folder /= "copies"
            data = {"url": f"{address}/copies", "username": USER, "password": PASSWORD, "verify_ssl": True}
        else:
            data = sftp_data(stack.enter_context(ssh_server(tmp_path / "ssh")), folder)
        yield Elsewhere(kind, data, folder)


def s3_data(address: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "s3", "endpoint_url": address, "bucket": BUCKET, "prefix": "shop", "access_key_id": USER,
        "secret_access_key": PASSWORD, "region": "us-east-1",
    } | changes  # fmt: skip


def sftp_data(server: SshServer, folder: Path) -> dict[str, Any]:
    return {
        "kind": "sftp", "host": "127.0.0.1", "port": server.port, "username": server.username, "path": str(folder),
        "host_key": server.host_key, "private_key": server.private_key,
    }  # fmt: skip


@asynccontextmanager
async def prepared(hass: HomeAssistant, data: dict[str, Any], site_id: str = "site") -> AsyncIterator[Any]:
    store = remote_store_of(hass, data, site_id)
    await store.prepare()
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def copier(
    vault: Vault, data: dict[str, Any], store: Store, *, escrow: Escrow | None = None
) -> AsyncIterator[Copier]:
    destination = Destination(
        destination_id="there", title="There", kind=data["kind"], place=place_of(data), bytes_a_second=0, access=data,
        escrow=escrow,
    )  # fmt: skip
    made = Copier(destination, store, vault, Hands(), in_thread, lambda: None)
    made.start()
    try:
        yield made
    finally:
        await made.close()


async def until(fits: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not fits():
            await asyncio.sleep(0.02)


def file(tmp_path: Path, size: int, seed: int = 1) -> tuple[Path, str]:
    path = tmp_path / f"clip-{size}-{seed}"
    path.write_bytes(hashlib.shake_128(bytes([seed])).digest(size))
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def name(number: int = 1, kind: str = "mp4") -> str:
    clip = f"{number:032x}"
    return f"{clip[:2]}/{clip}.{kind}.age"


def told(vault: Vault, event: Event) -> list[dict[str, Any]]:
    return [entry.body for entry in vault.ledger.entries() if entry.event == event and entry.body]


# --- what is ordinary, at each kind ---


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_filled_emptied_and_compared_file_by_file(
    hass: HomeAssistant, vault: Vault, elsewhere: Elsewhere
) -> None:
    clips = [put_clip(vault, "front", NOW) for _ in range(6)]
    async with prepared(hass, elsewhere.data, vault.site_id) as store, copier(vault, elsewhere.data, store) as made:
        await until(lambda: made.facts.copied == 6 and not made.facts.waiting)
        expected = {}
        for clip_id in clips:
            for path in (vault.paths.clip(clip_id), vault.paths.manifest(clip_id), vault.paths.thumbnail(clip_id)):
                expected[f"{clip_id[:2]}/{path.name}"] = path.read_bytes()
        assert elsewhere.files(vault.site_id) == expected
        assert made.facts.size_bytes == sum(map(len, expected.values()))
        assert await store.sizes() == {name: len(data) for name, data in expected.items()}
        vault.erase(clips[:4], "expired", NOW_US)
        made.erased()
        await until(lambda: told(vault, Event.COPIES_ERASED))
        left = {name for name in expected if ClipId(name[3:35]) in clips[4:]}
        assert elsewhere.files(vault.site_id).keys() == left
        assert made.facts.copied == 2
    (body,) = told(vault, Event.COPIES_ERASED)
    assert (sorted(body["clip_ids"]), body["refused"]) == (sorted(clips[:4]), [])
    assert PASSWORD not in str([entry.body for entry in vault.ledger.entries()])


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_two_installations_at_one_place(hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path) -> None:
    path, sha256 = file(tmp_path, 1000)
    async with prepared(hass, elsewhere.data, "one") as one, prepared(hass, elsewhere.data, "other") as other:
        await one.put(name(), path, sha256, FAST)
        assert await other.sizes() == {}
        await other.put(name(), path, sha256, FAST)
        await one.delete(name())
        assert await one.sizes() == {}
        assert await other.sizes() == {name(): 1000}


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_a_large_file_and_an_empty_one(hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path) -> None:
    async with prepared(hass, elsewhere.data) as store:
        for number, size in enumerate((0, 20 * 1024 * 1024 + 7)):
            path, sha256 = file(tmp_path, size)
            await store.put(name(number), path, sha256, FAST)
            assert elsewhere.files("site")[name(number)] == path.read_bytes()
        assert await store.sizes() == {name(0): 0, name(1): 20 * 1024 * 1024 + 7}
        await store.delete(name(1))
        await store.delete(name(1))
        assert list(elsewhere.files("site")) == [name(0)]


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_an_escrow_is_written_over_and_given_back(
    hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    site_id, escrow = "ab" * 16, "escrow-0123456789abcdef.json"
    async with prepared(hass, elsewhere.data, site_id) as store:
        assert await store.sites() == []
        assert await store.escrows() == []
        for seed in (1, 2):
            data = bytes([seed]) * 3000
            await store.replace(escrow, data)
        assert await store.escrows() == [escrow]
        assert await store.sites() == [site_id]
        assert b"".join([block async for block in store.fetch(escrow, FAST)]) == data
        assert await store.sizes() == {}, "no clip"
        with pytest.raises(FileNotFoundError):
            _ = [block async for block in store.fetch(name(), FAST)]
        await store.delete(escrow)
        assert await store.escrows() == []


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_the_burglar_drill(hass: HomeAssistant, vault: Vault, elsewhere: Elsewhere, tmp_path: Path) -> None:
    """The box is gone; a new one brings the clips back from another machine."""
    escrow, code = new_escrow(24)
    clip_id = put_clip(vault, "front", NOW, b"film " * 1000)
    async with (
        prepared(hass, elsewhere.data, vault.site_id) as store,
        copier(vault, elsewhere.data, store, escrow=escrow) as made,
    ):
        await until(lambda: made.facts.escrow_clips == 1)
    new = Vault.open(Paths.of(tmp_path / "new", tmp_path / "new-storage"))
    reconcile(new, NOW_US)
    keeper = CopyKeeper(new, Hands(), in_thread, lambda: None, nothing)
    destination = Destination(
        destination_id="there", title="There", kind=elsewhere.kind, place="", bytes_a_second=0, access=elsewhere.data
    )
    await keeper.use([destination], lambda _, site_id: remote_store_of(hass, elsewhere.data, site_id))
    progress = await keeper.bring_back("there", code, NOBODY)
    await until(lambda: progress.ended)
    assert (progress.done, progress.missing, progress.fault) == (1, 0, "")
    with new.paths.clip(clip_id).open("rb") as sealed, SealedReader(sealed, new.keyring.clip(clip_id)) as reader:
        assert reader.read_at(0, reader.size) == b"film " * 1000
    await until(lambda: keeper.facts[0].copied == 1 and not keeper.facts[0].waiting)
    assert elsewhere.files(vault.site_id) == {}, "it lies below the new one's name"
    await keeper.close()
    new.close()


# --- bad days ---


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_another_object_comes_back(hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path) -> None:
    path, sha256 = file(tmp_path, 3000)
    async with prepared(hass, elsewhere.data) as store:
        wrong = sha256.replace(sha256[0], "f" if sha256[0] != "f" else "0")
        with pytest.raises(CopyError) as error:
            await store.put(name(), path, wrong, FAST)
        assert error.value.key == "copy_altered"
        assert elsewhere.files("site") == {}
        assert await store.sizes() == {}


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_a_file_that_goes_away_while_it_is_sent(
    hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    path, sha256 = file(tmp_path, 9 * 1024 * 1024)
    slow = Pace(20_000_000)
    async with prepared(hass, elsewhere.data) as store:
        sending = asyncio.ensure_future(store.put(name(), path, sha256, slow))
        await asyncio.sleep(0.1)
        path.unlink()
        with pytest.raises(FileNotFoundError):
            await sending
        await store.delete(name())
        assert elsewhere.files("site") == {}
        assert await store.sizes() == {}


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_one_that_was_cut_short_goes_on(hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path) -> None:
    path, sha256 = file(tmp_path, 24 * 1024 * 1024)
    async with prepared(hass, elsewhere.data) as store:
        line = Cut(20_000_000)
        sending = asyncio.ensure_future(store.put(name(), path, sha256, line))
        await line.cut.wait()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    async with prepared(hass, elsewhere.data) as store:
        assert set(await store.sizes()) <= {name() + ".part"}
        sent = Counting()
        await store.put(name(), path, sha256, sent)
        assert elsewhere.files("site") == {name(): path.read_bytes()}
        if elsewhere.kind != "webdav":  # which knows no way to go on within a file
            assert sent.count < 2 * path.stat().st_size, "sent once in all, read back once"


class Cut(Pace):
    """A line that carries so many bytes, and no more."""

    def __init__(self, count: int) -> None:
        super().__init__(0)
        self.cut = asyncio.Event()
        self._left = count

    async def take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            self.cut.set()
            await asyncio.Event().wait()


class Counting(Pace):
    """As fast as it goes, and counted."""

    def __init__(self) -> None:
        super().__init__(0)
        self.count = 0

    async def take(self, count: int) -> None:
        self.count += count


@pytest.mark.parametrize("elsewhere", KINDS[1:], indirect=True)  # this S3 server lets any key in; see what a store says
async def test_a_wrong_login_is_told(hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path) -> None:
    other = tmp_path / "other_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
    wrong = {"password": "wrong", "private_key": other.read_text()}
    data = elsewhere.data | {key: value for key, value in wrong.items() if key in elsewhere.data}
    with pytest.raises(CopyError) as error:
        async with prepared(hass, data):
            pass
    assert error.value.key == "copy_login"


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_a_place_that_is_not_the_one_that_was_set_up(
    hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    path, sha256 = file(tmp_path, 3000)
    async with prepared(hass, elsewhere.data) as store:
        if elsewhere.kind == "s3":
            elsewhere.s3.delete_bucket(Bucket=BUCKET)
        else:
            (elsewhere.folder / MARKER).unlink()
        for asked in (store.sizes(), store.put(name(), path, sha256, FAST), store.delete(name())):
            with pytest.raises(CopyError) as error:
                await asked
            assert error.value.key == "copy_missing"
    assert not (elsewhere.folder / "site").exists()


@pytest.mark.parametrize("elsewhere", KINDS, indirect=True)
async def test_somebody_takes_everything_away(hass: HomeAssistant, elsewhere: Elsewhere, tmp_path: Path) -> None:
    """But for the folder itself: it is made anew, at the second try at the latest."""
    path, sha256 = file(tmp_path, 3000)
    async with prepared(hass, elsewhere.data) as store:
        await store.put(name(1), path, sha256, FAST)
        if elsewhere.kind == "s3":
            elsewhere.s3.delete_object(Bucket=BUCKET, Key=f"shop/site/{name(1)}")
        else:
            shutil.rmtree(elsewhere.folder / "site")
        with contextlib.suppress(CopyError):
            await store.put(name(2), path, sha256, FAST)
        await store.put(name(2), path, sha256, FAST)
        assert elsewhere.files("site") == {name(2): path.read_bytes()}


async def test_nothing_listens(hass: HomeAssistant, tmp_path: Path) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIIf7QfxgmgGcWIuAWJ2ggXgvnWGVmbEbnuw+Bv8HW3L"
    for data in (
        s3_data(f"http://127.0.0.1:{port}"),
        {"kind": "webdav", "url": f"http://127.0.0.1:{port}/x", "verify_ssl": True},
        {"kind": "sftp", "host": "127.0.0.1", "port": port, "username": "x", "path": "/x", "host_key": key, "password": "x"},
    ):  # fmt: skip
        store = remote_store_of(hass, data, "site")
        with pytest.raises(CopyError) as error:
            await store.sizes()
        assert (error.value.key, error.value.placeholders["place"]) == ("copy_unreachable", place_of(data))
        await store.close()


@pytest.mark.parametrize("kind", ["s3", "webdav", "sftp"])
async def test_one_that_answers_garbage_or_nothing(
    hass: HomeAssistant, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 1)
    for module in ("s3_store", "sftp_store", "webdav_store"):
        monkeypatch.setattr(f"custom_components.camguard.hass.copies.{module}.ANSWER_SECONDS", 1)
    import aiohttp

    monkeypatch.setattr(
        "custom_components.camguard.hass.copies.webdav_store._TIMEOUT", aiohttp.ClientTimeout(sock_read=1)
    )
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIIf7QfxgmgGcWIuAWJ2ggXgvnWGVmbEbnuw+Bv8HW3L"
    for answer in (b"\0\x01garbage\r\n\r\n" * 100, b""):
        asked = asyncio.Event()

        async def answers(
            reader: asyncio.StreamReader,
            writer: asyncio.StreamWriter,
            answer: bytes = answer,
            asked: asyncio.Event = asked,
        ) -> None:
            await reader.read(1)
            if answer:
                writer.write(answer)
            else:
                await asked.wait()
            writer.close()

        server = await asyncio.start_server(answers, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        data = {
            "s3": s3_data(f"http://127.0.0.1:{port}"),
            "webdav": {"kind": "webdav", "url": f"http://127.0.0.1:{port}/x", "verify_ssl": True},
            "sftp": {
                "kind": "sftp", "host": "127.0.0.1", "port": port, "username": "x", "path": "/x", "host_key": key,
                "password": "x",
            },
        }[kind]  # fmt: skip
        store = remote_store_of(hass, data, "site")
        with pytest.raises(CopyError) as error:
            await store.sizes()
        assert error.value.key == "copy_unreachable"
        await store.close()
        asked.set()
        await asyncio.sleep(0)
        server.close()
        await server.wait_closed()


# --- S3 alone ---


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[Elsewhere]:
    with s3_server(tmp_path) as address:
        yield Elsewhere("s3", s3_data(address), tmp_path)


async def test_a_bucket_that_keeps_versions(hass: HomeAssistant, s3: Elsewhere, tmp_path: Path) -> None:
    """Deleted is deleted: no version stays behind a marker."""
    s3.s3.create_bucket(Bucket=BUCKET)
    s3.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    path, sha256 = file(tmp_path, 3000)
    async with prepared(hass, s3.data) as store:
        for _ in range(3):
            await store.put(name(), path, sha256, FAST)
        assert await store.sizes() == {name(): 3000}
        s3.s3.delete_object(Bucket=BUCKET, Key=f"shop/site/{name()}")
        assert await store.sizes() == {name() + ".part": 3000}, "hidden by somebody, not gone"
        await store.delete(name())
        listed = s3.s3.list_object_versions(Bucket=BUCKET)
        assert not listed.get("Versions")
        assert not listed.get("DeleteMarkers")


async def test_an_escrow_leaves_no_earlier_version(hass: HomeAssistant, s3: Elsewhere) -> None:
    s3.s3.create_bucket(Bucket=BUCKET)
    s3.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    async with prepared(hass, s3.data, "ab" * 16) as store:
        for seed in (1, 2, 3):
            await store.replace("escrow-0123456789abcdef.json", bytes([seed]) * 3000)
        listed = s3.s3.list_object_versions(Bucket=BUCKET)
        assert len(listed["Versions"]) == 1
        assert not listed.get("DeleteMarkers")


async def test_a_locked_object_is_told_and_stays(hass: HomeAssistant, s3: Elsewhere, vault: Vault) -> None:
    """Object Lock: nobody can delete it; it is named once, and it opens no more without its key."""
    s3.s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    locked = {"Mode": "COMPLIANCE", "Days": 1}
    s3.s3.put_object_lock_configuration(
        Bucket=BUCKET, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": locked}}
    )
    clip_id = put_clip(vault, "front", NOW)
    store = remote_store_of(hass, s3.data, vault.site_id)
    async with copier(vault, s3.data, store) as made:
        await until(lambda: made.facts.copied == 1 and not made.facts.waiting)
        vault.erase([clip_id], "expired", NOW_US)
        made.erased()
        await until(lambda: told(vault, Event.COPIES_ERASED))
        assert made.facts.refused == 1
        assert made.facts.copied == 0
        assert not made.fault
    (body,) = told(vault, Event.COPIES_ERASED)
    assert (body["clip_ids"], body["refused"]) == ([], [clip_id])
    assert s3.s3.list_object_versions(Bucket=BUCKET)["Versions"]


async def test_set_up_at_a_locked_bucket_says_so(hass: HomeAssistant, s3: Elsewhere) -> None:
    s3.s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    s3.s3.put_object_lock_configuration(
        Bucket=BUCKET,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}},
        },
    )  # fmt: skip
    with pytest.raises(CopyError) as error:
        async with prepared(hass, s3.data):
            pass
    assert error.value.key == "copy_refused"


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (403, "SignatureDoesNotMatch", "copy_login"),
        (403, "AccessDenied", "copy_refused"),
        (507, "XMinioStorageFull", "copy_full"),
        (507, "Whatever", "copy_full"),
        (503, "SlowDown", "copy_unreachable"),
        (418, "Teapot", "copy_failing"),
        (404, "NoSuchBucket", "copy_missing"),
        (400, "BadDigest", "copy_altered"),
    ],
)
async def test_what_a_store_says(
    hass: HomeAssistant, status: int, code: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        writer.write(b"HTTP/1.1 %d No\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body)) + body)
        writer.close()

    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    path, sha256 = file(tmp_path, 10)
    store = remote_store_of(hass, s3_data(f"http://127.0.0.1:{port}"), "site")
    with pytest.raises(CopyError) as error:
        await store.put(name(), path, sha256, FAST)
    assert error.value.key == key
    await store.close()
    server.close()


# --- SFTP and WebDAV alone ---


@needs_sshd
async def test_another_machine_answers(hass: HomeAssistant, tmp_path: Path) -> None:
    with ssh_server(tmp_path / "ssh") as server, ssh_server(tmp_path / "other", port=0) as other:
        data = sftp_data(server, tmp_path / "shared") | {"port": other.port}
        with pytest.raises(CopyError) as error:
            async with prepared(hass, data):
                pass
    assert error.value.key == "copy_host_key"
    assert not (tmp_path / "shared").exists()


@needs_sshd
@needs_mounts
async def test_a_full_disk_on_the_other_machine(hass: HomeAssistant, tmp_path: Path) -> None:
    path, sha256 = file(tmp_path, 40 * 1024 * 1024)
    with disk(tmp_path) as there, ssh_server(tmp_path / "ssh") as server:
        async with prepared(hass, sftp_data(server, there.folder / "copies")) as store:
            with pytest.raises(CopyError) as error:
                await store.put(name(), path, sha256, FAST)
    assert error.value.key == "copy_full"


async def test_a_certificate_that_nobody_signed(hass: HomeAssistant, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    with webdav_server(tmp_path, tmp_path / "shared", tls=(certificate, key)) as address:
        data = {"kind": "webdav", "url": address, "username": USER, "password": PASSWORD, "verify_ssl": True}
        with pytest.raises(CopyError) as error:
            async with prepared(hass, data):
                pass
        assert error.value.key == "copy_certificate"
        async with prepared(hass, data | {"verify_ssl": False}) as store:
            assert await store.sizes() == {}


async def test_a_line_of_some_kilobytes_a_second_is_no_fault(hass: HomeAssistant, tmp_path: Path) -> None:
    """What takes longer than a machine's silence may last arrives all the same."""
    path, sha256 = file(tmp_path, 30_000)
    with webdav_server(tmp_path, tmp_path / "shared") as address:
        data = {"kind": "webdav", "url": address, "username": USER, "password": PASSWORD, "verify_ssl": True}
        async with prepared(hass, data) as store:
            await store.put(name(), path, sha256, Pace(20_000))
            assert await store.sizes() == {name(): 30_000}
