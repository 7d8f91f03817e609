"""A second folder as the place for copies: another disk, a network share that the system has mounted."""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from ...domain.storage_faults import FULL, MISSING, SILENT, storage_fault
from ...vault.paths import FILE_MODE, FOLDER_MODE, PART, fsync_dir, write_synced
from ..ports import RunBlocking
from .store import BLOCK_BYTES, CopyError, Pace

MARKER = "camguard.copies"
_TEXT = "CamGuard keeps sealed copies of clips in this folder. Without this file the folder counts as unmounted.\n"
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}\.(mp4|json|jpg)\.age", re.ASCII)


class FolderStore:
    """Below `<folder>/<name of the installation>`. Nothing else in the folder is touched."""

    def __init__(self, folder: Path, site_id: str, run_blocking: RunBlocking) -> None:
        """`folder`: where `prepare_folder` has been."""
        self._folder = folder
        self._top = folder / site_id
        self._run_blocking = run_blocking

    async def sizes(self) -> Mapping[str, int]:
        """Return the sizes of all whole files, as `Store` says."""
        return await self._do(lambda: dict(self._listed()))

    async def put(self, name: str, path: Path, pace: Pace) -> None:
        """Copy a file, as `Store` says."""
        target = self._path(name)
        part = target.with_name(target.name + PART)
        done = await self._do(lambda: self._begin(part))
        size = await self._run_blocking(lambda: path.stat().st_size)
        if done > size:
            await self._do(lambda: os.truncate(part, 0))
            done = 0
        while done < size:
            count = min(BLOCK_BYTES, size - done)
            await pace.take(count)
            block = await self._run_blocking(_read, path, done, count)
            if not block:
                raise FileNotFoundError(path)
            await self._do(partial(_write, part, done, block))
            done += len(block)
        await self._do(lambda: _finish(part, target))

    async def digest(self, name: str, pace: Pace) -> str:
        """Return the SHA-256 of what is there now."""
        digest, done, path = hashlib.sha256(), 0, self._path(name)
        while block := await self._do(partial(_read, path, done, BLOCK_BYTES)):
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

    async def close(self) -> None:
        """Nothing is held open."""

    def _path(self, name: str) -> Path:
        assert _NAME.fullmatch(name), "names are ours"
        return self._top / name

    def _begin(self, part: Path) -> int:
        """Return how much of a file is there already."""
        part.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        try:
            return part.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            return 0

    def _listed(self) -> Iterator[tuple[str, int]]:
        try:
            shards = [entry for entry in os.scandir(self._top) if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return
        for shard in shards:
            with os.scandir(shard.path) as entries:
                for entry in entries:
                    name = f"{shard.name}/{entry.name}"
                    if _NAME.fullmatch(name):
                        yield name, entry.stat(follow_symlinks=False).st_size

    async def _do[T](self, work: Callable[[], T]) -> T:
        """Do something in the folder while it is there. Raises CopyError."""

        def checked() -> T:
            try:
                if not (self._folder / MARKER).exists():
                    raise CopyError("copy_missing", place=str(self._folder))
                return work()
            except OSError as error:
                raise copy_error(error, str(self._folder)) from error

        return await self._run_blocking(checked)


def prepare_folder(folder: Path) -> None:
    """Mark a folder as a place for copies. Raises OSError."""
    if not (folder / MARKER).exists():
        write_synced(folder / MARKER, _TEXT.encode())


def copy_error(error: OSError, place: str) -> CopyError:
    """Return what to say of a place that refuses."""
    fault = storage_fault(error)
    if fault == FULL:
        return CopyError("copy_full", place=place)
    if fault in {MISSING, SILENT}:
        return CopyError("copy_unreachable", place=place, detail=str(error))
    return CopyError("copy_refused", place=place, detail=str(error))


def _read(path: Path, offset: int, count: int) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        file.seek(offset)
        return file.read(count)


def _write(part: Path, offset: int, block: bytes) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        os.lseek(descriptor, offset, os.SEEK_SET)
        left = memoryview(block)
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


def _finish(part: Path, target: Path) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.rename(target)
    fsync_dir(target.parent)
