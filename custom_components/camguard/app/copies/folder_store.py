"""A second folder as the place for copies: another disk, a network share that the system has mounted."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ...domain.storage_faults import FAILING, FULL, MISSING, READ_ONLY, SILENT, storage_fault
from ...vault.keys.escrow import ESCROW_NAME
from ...vault.paths import FILE_MODE, FOLDER_MODE, PART, fsync_dir, write_synced
from ..ports import RunBlocking
from .store import BLOCK_BYTES, MARKER, MARKER_TEXT, NAME, SITE, CopyError, Pace, blocks, read_block

_FAULTS = {
    FULL: "copy_full",
    READ_ONLY: "copy_read_only",
    FAILING: "copy_failing",
    MISSING: "copy_unreachable",
    SILENT: "copy_unreachable",
}
ANSWER_SECONDS = 60.0
"""A share that takes longer for a block hangs: its server is away."""
LIST_SECONDS = 900.0
"""… for the names of all files."""


class FolderStore:
    """Below `<folder>/<name of the installation>`. Nothing else in the folder is touched."""

    def __init__(self, folder: Path, site_id: str, run_blocking: RunBlocking) -> None:
        """`folder`: where `prepare_folder` has been."""
        self._folder = folder
        self._top = folder / site_id
        self._run_blocking = run_blocking
        self._working: asyncio.Future[Any] | None = None

    async def sizes(self) -> Mapping[str, int]:
        """Return the sizes of all files, as `Store` says."""
        return await self._do(lambda: dict(self._listed()), LIST_SECONDS)

    async def put(self, name: str, path: Path, sha256: str, pace: Pace) -> None:
        """Copy a file, as `Store` says."""
        target = self._path(name)
        part = target.with_name(target.name + PART)
        await self._fill(part, path, pace)
        await self._settle(name, part, sha256, pace)

    async def replace(self, name: str, data: bytes) -> None:
        """Write a small file whole, as `Store` says."""
        part = self._path(name).with_name(name + PART)
        await self._do(partial(_write_anew, part, data))
        await self._settle(name, part, hashlib.sha256(data).hexdigest(), Pace(0))

    async def _settle(self, name: str, part: Path, sha256: str, pace: Pace) -> None:
        """Have a file on the disk, compare what comes back from there, and give it its name."""
        await self._do(partial(_sync, part))
        if await self._digest(part, pace) != sha256:
            await self.delete(name)
            raise CopyError("copy_altered", place=str(self._folder))
        await self._do(partial(_rename, part, self._path(name)))

    async def _fill(self, part: Path, path: Path, pace: Pace) -> None:
        """Write what is missing of a file."""
        done = await self._do(partial(_begun, part))
        size = await self._run_blocking(lambda: path.stat().st_size)
        if done > size:
            await self._do(partial(os.truncate, part, 0))
            done = 0
        async for block in blocks(path, self._run_blocking, pace, done):
            await self._do(partial(_write, part, done, block))
            done += len(block)

    async def _digest(self, path: Path, pace: Pace) -> str:
        """Return the SHA-256 of what is there now, hex."""
        digest, done = hashlib.sha256(), 0
        while block := await self._do(partial(read_block, path, done, BLOCK_BYTES)):
            await pace.take(len(block))
            digest.update(block)
            done += len(block)
        return digest.hexdigest()

    async def delete(self, name: str) -> None:
        """Delete a file, as `Store` says."""
        path = self._path(name)

        def delete() -> None:
            for item in (path, path.with_name(path.name + PART)):
                item.unlink(missing_ok=True)
            with contextlib.suppress(FileNotFoundError):
                fsync_dir(path.parent)

        await self._do(delete)

    async def sites(self) -> list[str]:
        """Return the names of all installations, as `Store` says."""
        return await self._do(lambda: [path.name for path in self._folder.iterdir() if SITE.fullmatch(path.name)])

    async def escrows(self) -> list[str]:
        """Return the names of this installation's escrows, as `Store` says."""

        def names() -> list[str]:
            try:
                return [path.name for path in self._top.iterdir() if ESCROW_NAME.fullmatch(path.name)]
            except FileNotFoundError:
                return []

        return await self._do(names)

    async def fetch(self, name: str, pace: Pace) -> AsyncIterator[bytes]:
        """Yield what is in a file, as `Store` says."""
        path = self._path(name)
        if not await self._do(path.exists):
            raise FileNotFoundError(name)
        done = 0
        while block := await self._do(partial(read_block, path, done, BLOCK_BYTES)):
            await pace.take(len(block))
            yield block
            done += len(block)

    async def close(self) -> None:
        """Nothing is held open."""

    def _path(self, name: str) -> Path:
        assert NAME.fullmatch(name) or ESCROW_NAME.fullmatch(name), "names are ours"
        return self._top / name

    def _listed(self) -> Iterator[tuple[str, int]]:
        try:
            shards = [entry for entry in os.scandir(self._top) if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return
        for shard in shards:
            with os.scandir(shard.path) as entries:
                for entry in entries:
                    name = f"{shard.name}/{entry.name}"
                    if NAME.fullmatch(name):
                        yield name, entry.stat(follow_symlinks=False).st_size

    async def _do[T](self, work: Callable[[], T], seconds: float | None = None) -> T:
        """Do something in the folder while it is there. Raises CopyError, also when no answer comes in time.

        One thing at a time: on a share that hangs, each would take a thread with it.
        """
        silent = CopyError("copy_unreachable", place=str(self._folder))
        if self._working is not None and not self._working.done():
            raise silent

        def checked() -> T:
            try:
                if not (self._folder / MARKER).exists():
                    raise CopyError("copy_missing", place=str(self._folder))
                return work()
            except FileNotFoundError as error:  # the folder is there: somebody else took away what we had put there
                raise CopyError("copy_altered", place=str(self._folder)) from error
            except OSError as error:
                raise copy_error(error, str(self._folder)) from error

        working = asyncio.ensure_future(self._run_blocking(checked))
        working.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may wait for it any more
        self._working = working
        done, _ = await asyncio.wait([working], timeout=ANSWER_SECONDS if seconds is None else seconds)
        if not done:
            raise silent
        return working.result()


def prepare_folder(folder: Path) -> None:
    """Mark a folder as a place for copies. Raises OSError."""
    if not (folder / MARKER).exists():
        write_synced(folder / MARKER, MARKER_TEXT)


def copy_error(error: OSError, place: str) -> CopyError:
    """Return what to say of a place that refuses."""
    return CopyError(_FAULTS.get(storage_fault(error), "copy_refused"), place=place, detail=str(error))


def _write(part: Path, offset: int, block: bytes) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        os.lseek(descriptor, offset, os.SEEK_SET)
        left = memoryview(block)
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


def _write_anew(part: Path, data: bytes) -> None:
    part.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    _write(part, 0, data)


def _begun(part: Path) -> int:
    """Return how much of a file is there already; its folder is, then."""
    part.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    try:
        return part.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0


def _sync(part: Path) -> None:
    """Have a file on the disk, and let go of what is remembered of it: it is read back from there."""
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _rename(part: Path, target: Path) -> None:
    part.rename(target)
    fsync_dir(target.parent)
