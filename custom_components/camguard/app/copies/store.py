"""What a place for sealed copies has to be able to do, and how fast it may be written to."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ...domain.errors import CamguardError

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
    `copy_read_only`, `copy_failing`, `copy_refused`.
    """

    async def sizes(self) -> Mapping[str, int]:
        """Return the sizes of all files that this installation has there, bytes by name; begun ones end in `.part`."""
        ...

    async def put(self, name: str, path: Path, sha256: str, pace: Pace) -> None:
        """Copy a file; goes on where it was cut short. It has its name only once it was read back and compared.

        Raises CopyError `copy_altered` when what comes back isn't what was sent; nothing of it is left then. Raises
        FileNotFoundError when there is no file to be copied any more.
        """
        ...

    async def delete(self, name: str) -> None:
        """Delete a file, and what was begun of it; nothing happens when there is none."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
