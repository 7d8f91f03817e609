"""Stills of one worker for many askers: a dashboard on three phones costs one picture."""

import asyncio
import time

from .process import WorkerProcess

SHARED_SECONDS = 1.0


class SharedStills:
    """Belongs to the event loop."""

    def __init__(self, worker: WorkerProcess) -> None:
        self._worker = worker
        self._last: tuple[float, int, bytes] | None = None
        """(when it was taken, monotonic; the width asked for; JPEG)"""
        self._taking = asyncio.Lock()

    async def take(self, max_width: int) -> bytes:
        """Return the current masked picture, JPEG; raises WorkerError. Askers within a second share one."""
        async with self._taking:
            if self._last is not None:
                taken_at, width, image = self._last
                if width == max_width and time.monotonic() - taken_at < SHARED_SECONDS:
                    return image
            taken = await self._worker.take_still(max_width)
            self._last = (time.monotonic(), max_width, taken.image)
            return taken.image
