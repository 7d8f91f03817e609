"""What a place for sealed copies has to be able to do, and how fast it may be written to."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Protocol

from ...domain.errors import CamguardError
from ..ports import RunBlocking

MARKER = "camguard.copies"
"""The file that a folder for copies is known by."""
MARKER_TEXT = (
    b"CamGuard keeps sealed copies of clips in this folder. Without this file the folder counts as unmounted.\n"
)
SITE = re.compile(r"[0-9a-f]{32}", re.ASCII)
"""Name of an installation: of its folder."""
NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}\.(mp4|json|jpg)\.age(\.part)?", re.ASCII)
"""Of a copy's file; begun ones end in `.part`."""
BLOCK_BYTES = 256 * 1024
"""Read and written at once."""


class CopyError(CamguardError):
    """A place for copies said no; `key` begins with `copy_`."""


class Pace:
    """Lets so many bytes a second through; 0: as many as come."""

    def __init__(self, bytes_a_second: int) -> None:
        """`bytes_a_second`: of all files together that are sent to one place."""
        self._rate = bytes_a_second
        self._free_at = 0.0

    async def take(self, count: int) -> None:
        """Return once `count` more bytes may be sent."""
        if not self._rate:
            return
        now = time.monotonic()
        self._free_at = max(self._free_at, now) + count / self._rate
        await asyncio.sleep(self._free_at - now)


class Store(Protocol):
    """One place. Names are `<two digits>/<clip id>.<kind>.age`; each belongs to one installation.

    All raise CopyError: `copy_unreachable`, `copy_missing` (it isn't the one that was set up: unmounted), `copy_full`,
    `copy_read_only`, `copy_failing`, `copy_refused`; those on other machines also `copy_login`, `copy_host_key`,
    `copy_certificate`, `copy_library`.
    """

    async def sizes(self) -> Mapping[str, int]:
        """Return the sizes of all files that this installation has there, bytes by name; begun ones end in `.part`."""
        ...

    async def put(self, name: str, path: Path, sha256: str, pace: Pace) -> None:
        """Copy a file; goes on where it was cut short. It has its name only once it was read back and compared.

        A place that can't rename (S3) gives the name at the end of the upload, whose hashes it has checked itself; what
        is read back counts there as well.

        Raises CopyError `copy_altered` when what comes back isn't what was sent; nothing of it is left then. Raises
        FileNotFoundError when there is no file to be copied any more.
        """
        ...

    async def replace(self, name: str, data: bytes) -> None:
        """Write a small file whole, in place of what has its name, in all its versions; it was read back and compared.

        Of memory: nothing of it is on a disk here. Raises CopyError as `put` does.
        """
        ...

    async def delete(self, name: str) -> None:
        """Delete a file, and what was begun of it; nothing happens when there is none."""
        ...

    async def sites(self) -> list[str]:
        """Return the names of all installations that have something there."""
        ...

    async def escrows(self) -> list[str]:
        """Return the names of this installation's escrow files there (vault/keys/escrow.py)."""
        ...

    def fetch(self, name: str, pace: Pace) -> AsyncIterator[bytes]:
        """Yield what is in a file there. Raises FileNotFoundError when there is none."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


async def blocks(path: Path, run_blocking: RunBlocking, pace: Pace, offset: int = 0) -> AsyncIterator[bytes]:
    """Yield what a file holds from `offset` on, as fast as it may be sent.

    Raises FileNotFoundError when it goes away, or grows shorter, meanwhile.
    """
    size = await run_blocking(lambda: path.stat().st_size)
    while offset < size:
        count = min(BLOCK_BYTES, size - offset)
        await pace.take(count)
        block = await run_blocking(read_block, path, offset, count)
        if not block:
            raise FileNotFoundError(path)
        yield block
        offset += len(block)


def read_block(path: Path, offset: int, count: int) -> bytes:
    """Return at most so many bytes of a file; no link is followed. Raises OSError."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        file.seek(offset)
        return file.read(count)
