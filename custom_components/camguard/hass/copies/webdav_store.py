"""A folder on a WebDAV server as the place for copies.

WebDAV (RFC 4918) can't go on within a file: one that was cut short is sent anew.
"""

import contextlib
import hashlib
import importlib
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_create_clientsession

from ...app.copies.store import MARKER, MARKER_TEXT, NAME, SITE, CopyError, Pace, blocks
from ...vault.keys.escrow import ESCROW_NAME
from ...vault.paths import PART
from .connection import ANSWER_SECONDS, Connection

if TYPE_CHECKING:
    from aiowebdav2 import Client

INTEGRATION = "webdav"
REFUSAL_BYTES = 1 << 20
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=ANSWER_SECONDS, sock_read=ANSWER_SECONDS)
"""A clip may take as long as it takes on a slow line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebdavAddress:
    """Where a folder is, and how to log in there."""

    url: str
    """Of the folder; it is there already, or the one above it."""
    username: str
    password: str = field(default="", repr=False)
    verify_ssl: bool = True

    @property
    def text(self) -> str:
        """What a person calls it."""
        return self.url


class WebdavStore:
    """Below `<url>/<name of the installation>`."""

    def __init__(self, hass: HomeAssistant, address: WebdavAddress, site_id: str) -> None:
        """`address.url`: where `prepare` has been."""
        self._hass = hass
        self._address = address
        self._top = site_id
        self._made: set[str] = set()
        """Folders that are there."""
        self._connection: Connection[Client] = Connection(hass, INTEGRATION, address.text, self._connect, self._fault)

    async def prepare(self) -> None:
        """Mark the folder as a place for copies; it is made when the one above it is there. Raises CopyError."""
        async with self._connection.work() as client:
            if not await _exists(client, ""):
                await _ask(client, "mkdir", "/")
            if not await _exists(client, MARKER):
                await _ask(client, "upload", MARKER, data=MARKER_TEXT)

    async def sizes(self) -> dict[str, int]:
        """Return the sizes of all files, as `Store` says."""
        sizes: dict[str, int] = {}
        async with self._connection.work() as client:
            await self._check(client)
            self._made.clear()
            if not await _exists(client, self._top):
                return sizes
            for shard in await client.list_with_infos(self._top):
                folder = _last(shard)
                if len(folder) != 2:
                    continue
                for item in await client.list_with_infos(f"{self._top}/{folder}"):
                    name = f"{folder}/{_last(item)}"
                    if NAME.fullmatch(name):
                        sizes[name] = int(item.get("size") or 0)
        return sizes

    async def put(self, name: str, path: Path, sha256: str, pace: Pace) -> None:
        """Copy a file, as `Store` says; always anew."""
        target = f"{self._top}/{name}"
        part = target + PART
        async with self._connection.work() as client:
            await self._check(client)
            for folder in (self._top, target.rpartition("/")[0]):
                await self._make(client, folder)
            size = await self._hass.async_add_executor_job(lambda: path.stat().st_size)
            gone: list[FileNotFoundError] = []
            sending = _noting(blocks(path, self._hass.async_add_executor_job, pace), gone)
            try:
                length = {"Content-Length": str(size)}
                await _ask(client, "upload", part, data=sending if size else b"", headers_ext=length)
            except Exception:
                if gone:  # the connection broke because there was nothing more to send
                    raise gone[0] from None
                raise
            await self._settle(client, target, sha256, pace)

    async def replace(self, name: str, data: bytes) -> None:
        """Write a small file whole, as `Store` says."""
        target = f"{self._top}/{name}"
        async with self._connection.work() as client:
            await self._check(client)
            await self._make(client, self._top)
            await _ask(client, "upload", target + PART, data=data)
            await self._settle(client, target, hashlib.sha256(data).hexdigest(), Pace(0))

    async def _settle(self, client: Client, target: str, sha256: str, pace: Pace) -> None:
        """Compare what comes back with what was sent, and give it its name."""
        part = target + PART
        digest = hashlib.sha256()
        async for block in await client.download_iter(part, timeout=_TIMEOUT):
            await pace.take(len(block))
            digest.update(block)
        if digest.hexdigest() != sha256:
            await _clean(client, part)
            raise CopyError("copy_altered", place=self._address.text)
        headers = {"Destination": client.get_url(target), "Overwrite": "T"}
        await _ask(client, "move", part, headers_ext=headers)

    async def delete(self, name: str) -> None:
        """Delete a file, as `Store` says."""
        async with self._connection.work() as client:
            await self._check(client)
            for path in (f"{self._top}/{name}", f"{self._top}/{name}{PART}"):
                await _clean(client, path)
                if await _exists(client, path):
                    raise CopyError("copy_refused", place=self._address.text)

    async def sites(self) -> list[str]:
        """Return the names of all installations, as `Store` says."""
        async with self._connection.work() as client:
            await self._check(client)
            return [name for item in await client.list_with_infos("") if SITE.fullmatch(name := _last(item))]

    async def escrows(self) -> list[str]:
        """Return the names of this installation's escrows, as `Store` says."""
        async with self._connection.work() as client:
            await self._check(client)
            if not await _exists(client, self._top):
                return []
            return [
                name for item in await client.list_with_infos(self._top) if ESCROW_NAME.fullmatch(name := _last(item))
            ]

    async def fetch(self, name: str, pace: Pace) -> AsyncIterator[bytes]:
        """Yield what is in a file, as `Store` says."""
        path = f"{self._top}/{name}"
        async with self._connection.work() as client:
            await self._check(client)
            if not await _exists(client, path):
                raise FileNotFoundError(name)
            async for block in await client.download_iter(path, timeout=_TIMEOUT):
                await pace.take(len(block))
                yield block

    async def close(self) -> None:
        """Let go of the connection."""
        await self._connection.close()

    async def _check(self, client: Client) -> None:
        if not await _exists(client, MARKER):
            raise CopyError("copy_missing", place=self._address.text)

    async def _make(self, client: Client, folder: str) -> None:
        if folder not in self._made:
            if not await _exists(client, folder):
                await _ask(client, "mkdir", f"{folder}/")
            self._made.add(folder)

    async def _connect(self, stack: AsyncExitStack) -> Client:
        library = await self._hass.async_add_import_executor_job(importlib.import_module, "aiowebdav2")
        session = async_create_clientsession(
            self._hass, self._address.verify_ssl, auto_cleanup=False, middlewares=(_read_refusals,)
        )
        stack.callback(session.detach)
        options = library.ClientOptions(session=session, timeout=_TIMEOUT, verify_ssl=self._address.verify_ssl)
        client: Client = library.Client(
            self._address.url, self._address.username, self._address.password, options=options
        )
        stack.push_async_callback(client.close)
        return client

    def _fault(self, error: Exception) -> CopyError | None:
        """Return what an exception means."""
        from aiowebdav2 import exceptions

        if isinstance(error.__cause__, aiohttp.ClientConnectorCertificateError | ssl.SSLError):
            return CopyError("copy_certificate", place=self._address.text, detail=str(error.__cause__))
        keys: dict[type[Exception], str] = {
            exceptions.UnauthorizedError: "copy_login",
            exceptions.AccessDeniedError: "copy_refused",
            exceptions.ResourceLockedError: "copy_refused",
            exceptions.MethodNotSupportedError: "copy_refused",
            exceptions.NotEnoughSpaceError: "copy_full",
            exceptions.RemoteResourceNotFoundError: "copy_altered",
            exceptions.RemoteParentNotFoundError: "copy_missing",
            exceptions.ConflictError: "copy_missing",
            exceptions.ResponseErrorCodeError: "copy_failing",
            exceptions.WebDavError: "copy_unreachable",
            aiohttp.ClientError: "copy_unreachable",
        }
        self._made.clear()  # somebody may have taken folders away
        key = next((key for kind, key in keys.items() if isinstance(error, kind)), None)
        return None if key is None else CopyError(key, place=self._address.text, detail=str(error))


async def _read_refusals(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Take in what a server says when it refuses: the library leaves that unread, which would hold the connection."""
    response = await handler(request)
    if response.status >= 400:
        if (response.content_length or 0) > REFUSAL_BYTES:
            response.close()
            raise aiohttp.ClientPayloadError("too long an error page")
        await response.read()
    return response


def _last(info: Mapping[str, str]) -> str:
    """Return the last part of where an item of a list is."""
    return info["path"].rstrip("/").rpartition("/")[2]


async def _noting(items: AsyncIterator[bytes], gone: list[FileNotFoundError]) -> AsyncIterator[bytes]:
    """Pass on what a file holds; note when it goes away: the library has no word for that."""
    try:
        async for item in items:
            yield item
    except FileNotFoundError as error:
        gone.append(error)
        raise


async def _ask(client: Client, action: str, path: str, **more: Any) -> None:
    """Have something done. The library leaves the answer unread, which would hold the connection."""
    (await client.execute_request(action, path, **more)).release()


async def _exists(client: Client, path: str) -> bool:
    from aiowebdav2.exceptions import RemoteResourceNotFoundError

    try:
        await _ask(client, "check", path)
    except RemoteResourceNotFoundError:
        return False
    return True


async def _clean(client: Client, path: str) -> None:
    from aiowebdav2.exceptions import RemoteResourceNotFoundError

    with contextlib.suppress(RemoteResourceNotFoundError):
        await _ask(client, "clean", path)
