"""Spools of a worker on another machine, written here as their bytes come: sealed, in order, synced when due."""

import asyncio
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ...worker.protocol import Message, SpoolPart, SpoolRefused
from ..ports import RunBlocking

WAITING_BYTES = 64 << 20
"""So much may wait for the disk; more means that it hangs: nothing is read from the worker then, which waits itself."""


class ReceivedSpools:
    """Of one worker. All methods belong to the event loop."""

    def __init__(
        self,
        path_of: Callable[[str], Path],
        run_blocking: RunBlocking,
        send: Callable[[Message], bool],
    ) -> None:
        """`path_of`: where a clip's spool lies; `send`: to the worker."""
        self._path_of = path_of
        self._run_blocking = run_blocking
        self._send = send
        self._files: dict[str, BinaryIO] = {}
        self._refused: set[str] = set()
        self._tail: asyncio.Task[None] | None = None
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()

    def take(self, part: SpoolPart) -> None:
        """Write a part after those before it; when the disk says no, the worker is told, and the rest is left."""
        self._waiting += len(part.data)
        if self._waiting > WAITING_BYTES:
            self._room.clear()
        before = self._tail
        self._tail = asyncio.get_running_loop().create_task(self._write(before, part), name="camguard spool")

    async def written(self) -> None:
        """Return once all that was taken is written, or refused."""
        if self._tail is not None:
            await asyncio.wait([self._tail])

    async def room(self) -> None:
        """Return once more may be taken."""
        await self._room.wait()

    async def done(self, clip_id: str) -> None:
        """Return once all of a clip's spool is on the disk; its file is closed then."""
        await self.written()
        await self._close([clip_id])

    async def close(self) -> None:
        """Write what was taken, and close all: the worker is gone."""
        await self.written()
        await self._close(list(self._files))
        self._refused.clear()

    async def _write(self, before: asyncio.Task[None] | None, part: SpoolPart) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            if part.clip_id not in self._refused:
                await self._run_blocking(self._append, part)
        except OSError as error:
            self._refused.add(part.clip_id)
            self._send(SpoolRefused(clip_id=part.clip_id, number=error.errno or 0))
        finally:
            self._waiting -= len(part.data)
            if self._waiting <= WAITING_BYTES:
                self._room.set()

    def _append(self, part: SpoolPart) -> None:
        file = self._files.get(part.clip_id)
        if file is None:
            path = self._path_of(part.clip_id)
            file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb", 0)
            self._files[part.clip_id] = file
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody makes a clip of it before it is whole
        left = memoryview(part.data)
        while left:
            left = left[file.write(left) or 0 :]
        if part.sync:
            os.fsync(file.fileno())

    async def _close(self, clip_ids: list[str]) -> None:
        files = [file for clip_id in clip_ids if (file := self._files.pop(clip_id, None)) is not None]
        for file in files:
            await self._run_blocking(file.close)
