"""A folder on another machine, by SFTP, as the place for copies. Its host key was confirmed when it was set up."""

import asyncio
import contextlib
import hashlib
import importlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from homeassistant.core import HomeAssistant

from ...app.copies.store import BLOCK_BYTES, MARKER, MARKER_TEXT, NAME, SITE, CopyError, Pace, blocks
from ...vault.keys.escrow import ESCROW_NAME
from ...vault.paths import PART
from .connection import ANSWER_SECONDS, Connection

if TYPE_CHECKING:
    import asyncssh

INTEGRATION = "sftp_storage"
PORT = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpAddress:
    """Where a folder is, and how to log in there."""

    host: str
    port: int
    username: str
    folder: str
    host_key: str
    """As in a `known_hosts` file, without the name: `ssh-ed25519 AAAA…`."""
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    """OpenSSH or PEM, without a passphrase."""

    @property
    def text(self) -> str:
        """What a person calls it."""
        port = "" if self.port == PORT else f":{self.port}"
        return f"sftp://{self.username}@{self.host}{port}/{self.folder.lstrip('/')}"


class SftpStore:
    """Below `<folder>/<name of the installation>`."""

    def __init__(self, hass: HomeAssistant, address: SftpAddress, site_id: str) -> None:
        """`address.folder`: where `prepare` has been."""
        self._hass = hass
        self._address = address
        self._marker = f"{address.folder.rstrip('/')}/{MARKER}"
        self._top = f"{address.folder.rstrip('/')}/{site_id}"
        self._connection: Connection[asyncssh.SFTPClient] = Connection(
            hass, INTEGRATION, address.text, self._connect, self._fault
        )

    async def prepare(self) -> None:
        """Mark the folder as a place for copies; it is made when it isn't there. Raises CopyError."""
        async with self._connection.work() as sftp:
            await _answer(sftp.makedirs(self._address.folder, exist_ok=True))
            if not await _answer(sftp.exists(self._marker)):
                async with sftp.open(self._marker, "wb") as file:
                    await _answer(file.write(MARKER_TEXT))

    async def sizes(self) -> dict[str, int]:
        """Return the sizes of all files, as `Store` says."""
        sizes: dict[str, int] = {}
        async with self._connection.work() as sftp:
            await self._check(sftp)
            if not await _answer(sftp.isdir(self._top)):
                return sizes
            for shard in await _answer(sftp.listdir(self._top)):
                if len(shard) != 2 or shard == "..":
                    continue
                for entry in await _answer(sftp.readdir(f"{self._top}/{shard}")):
                    name = f"{shard}/{entry.filename!s}"
                    if NAME.fullmatch(name):
                        sizes[name] = entry.attrs.size or 0
        return sizes

    async def put(self, name: str, path: Path, sha256: str, pace: Pace) -> None:
        """Copy a file, as `Store` says."""
        target = f"{self._top}/{name}"
        part = target + PART
        async with self._connection.work() as sftp:
            await self._check(sftp)
            await self._fill(sftp, part, path, pace)
            await self._settle(sftp, target, sha256, pace)

    async def replace(self, name: str, data: bytes) -> None:
        """Write a small file whole, as `Store` says."""
        target = f"{self._top}/{name}"
        async with self._connection.work() as sftp:
            await self._check(sftp)
            await _answer(sftp.makedirs(self._top, exist_ok=True))
            await _remove(sftp, target + PART)
            async with sftp.open(target + PART, "wb") as file:
                await _answer(file.write(data), len(data))
            await self._settle(sftp, target, hashlib.sha256(data).hexdigest(), Pace(0))

    async def _settle(self, sftp: asyncssh.SFTPClient, target: str, sha256: str, pace: Pace) -> None:
        """Compare what comes back with what was sent, and give it its name."""
        part = target + PART
        digest = hashlib.sha256()
        async with sftp.open(part, "rb") as file:
            while block := cast("bytes", await _answer(file.read(BLOCK_BYTES))):
                await pace.take(len(block))
                digest.update(block)
        if digest.hexdigest() != sha256:
            await _remove(sftp, part)
            raise CopyError("copy_altered", place=self._address.text)
        await _rename(sftp, part, target)

    async def delete(self, name: str) -> None:
        """Delete a file, as `Store` says."""
        async with self._connection.work() as sftp:
            await self._check(sftp)
            for path in (f"{self._top}/{name}", f"{self._top}/{name}{PART}"):
                await _remove(sftp, path)

    async def sites(self) -> list[str]:
        """Return the names of all installations, as `Store` says."""
        async with self._connection.work() as sftp:
            await self._check(sftp)
            return [name for name in await _answer(sftp.listdir(self._address.folder)) if SITE.fullmatch(name)]

    async def escrows(self) -> list[str]:
        """Return the names of this installation's escrows, as `Store` says."""
        async with self._connection.work() as sftp:
            await self._check(sftp)
            if not await _answer(sftp.isdir(self._top)):
                return []
            return [name for name in await _answer(sftp.listdir(self._top)) if ESCROW_NAME.fullmatch(name)]

    async def fetch(self, name: str, pace: Pace) -> AsyncIterator[bytes]:
        """Yield what is in a file, as `Store` says."""
        path = f"{self._top}/{name}"
        async with self._connection.work() as sftp:
            await self._check(sftp)
            if not await _answer(sftp.exists(path)):
                raise FileNotFoundError(name)
            async with sftp.open(path, "rb") as file:
                while block := cast("bytes", await _answer(file.read(BLOCK_BYTES))):
                    await pace.take(len(block))
                    yield block

    async def close(self) -> None:
        """Let go of the connection."""
        await self._connection.close()

    async def _check(self, sftp: asyncssh.SFTPClient) -> None:
        if not await _answer(sftp.exists(self._marker)):
            raise CopyError("copy_missing", place=self._address.text)

    async def _fill(self, sftp: asyncssh.SFTPClient, part: str, path: Path, pace: Pace) -> None:
        """Write what is missing of a file."""
        import asyncssh

        await _answer(sftp.makedirs(part.rpartition("/")[0], exist_ok=True))
        size = await self._hass.async_add_executor_job(lambda: path.stat().st_size)
        done = (await _answer(sftp.stat(part))).size or 0 if await _answer(sftp.exists(part)) else 0
        if done > size:
            await _remove(sftp, part)
            done = 0
        try:
            async with sftp.open(part, "ab") as file:
                async for block in blocks(path, self._hass.async_add_executor_job, pace, done):
                    await _answer(file.write(block, done), len(block))
                    done += len(block)
                with contextlib.suppress(asyncssh.SFTPOpUnsupported):
                    await _answer(file.fsync())
        except asyncssh.SFTPFailure as error:
            if await _is_full(sftp, self._top):
                raise CopyError("copy_full", place=self._address.text) from error
            raise

    async def _connect(self, stack: AsyncExitStack) -> asyncssh.SFTPClient:
        await self._hass.async_add_import_executor_job(importlib.import_module, "asyncssh")
        return await stack.enter_async_context(await self._session(stack))

    async def _session(self, stack: AsyncExitStack) -> asyncssh.SFTPClient:
        import asyncssh

        address = self._address
        keys = [asyncssh.import_private_key(address.private_key)] if address.private_key else []
        name = address.host if address.port == PORT else f"[{address.host}]:{address.port}"
        connection = await stack.enter_async_context(
            asyncssh.connect(
                address.host,
                address.port,
                username=address.username,
                password=address.password or None,
                client_keys=keys,
                known_hosts=asyncssh.import_known_hosts(f"{name} {address.host_key}\n"),
                agent_path=None,
                config=None,
                connect_timeout=ANSWER_SECONDS,
                login_timeout=ANSWER_SECONDS,
                keepalive_interval=ANSWER_SECONDS / 4,
            )
        )
        return await connection.start_sftp_client()

    def _fault(self, error: Exception) -> CopyError | None:
        """Return what an exception means."""
        import asyncssh

        def says(key: str) -> CopyError:
            return CopyError(key, place=self._address.text, detail=str(error))

        match error:
            case asyncssh.HostKeyNotVerifiable():
                return says("copy_host_key")
            case asyncssh.PermissionDenied() | asyncssh.KeyImportError():
                return says("copy_login")
            case asyncssh.SFTPNoSpaceOnFilesystem() | asyncssh.SFTPQuotaExceeded():
                return says("copy_full")
            case asyncssh.SFTPWriteProtect():
                return says("copy_read_only")
            case asyncssh.SFTPPermissionDenied() | asyncssh.SFTPCannotDelete():
                return says("copy_refused")
            case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection():
                return says("copy_unreachable")
            case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():  # somebody took away what was there
                return says("copy_altered")
            case asyncssh.SFTPError():
                return says("copy_failing")
            case asyncssh.Error():
                return says("copy_unreachable")
        return None


async def host_key(hass: HomeAssistant, host: str, port: int) -> tuple[str, str]:
    """Return a machine's host key as in a `known_hosts` file, and its fingerprint. Raises CopyError.

    Nobody has confirmed it yet: to be shown to who sets it up.
    """
    place = f"sftp://{host}:{port}"

    async def connect(_stack: AsyncExitStack) -> tuple[str, str]:
        await hass.async_add_import_executor_job(importlib.import_module, "asyncssh")
        import asyncssh

        key = await _answer(asyncssh.get_server_host_key(host, port, config=None))
        if key is None:
            raise CopyError("copy_unreachable", place=place)
        algorithm, data, *_ = key.export_public_key().decode().split()
        return f"{algorithm} {data}", key.get_fingerprint()

    def fault(error: Exception) -> CopyError | None:
        import asyncssh

        return CopyError("copy_unreachable", place=place) if isinstance(error, asyncssh.Error) else None

    async with Connection(hass, INTEGRATION, place, connect, fault).work() as found:
        return found


async def _answer[T](waiting: Awaitable[T], count: int = 0) -> T:
    """Wait for an answer to so many bytes, at 1 kB/s at worst."""
    async with asyncio.timeout(ANSWER_SECONDS + count / 1000):
        return await waiting


async def _remove(sftp: asyncssh.SFTPClient, path: str) -> None:
    import asyncssh

    with contextlib.suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        await _answer(sftp.remove(path))


async def _rename(sftp: asyncssh.SFTPClient, part: str, target: str) -> None:
    """Give a file its name; one that had it goes."""
    import asyncssh

    try:
        await _answer(sftp.posix_rename(part, target))
    except asyncssh.SFTPOpUnsupported:
        await _remove(sftp, target)
        await _answer(sftp.rename(part, target))


async def _is_full(sftp: asyncssh.SFTPClient, path: str) -> bool:
    """Ask a server, whose error tells no cause, whether it has room."""
    import asyncssh

    try:
        found = await _answer(sftp.statvfs(path))
    except asyncssh.SFTPError:
        return False
    return found.bavail * found.frsize < 4 * BLOCK_BYTES
