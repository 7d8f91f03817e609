"""Work that a recorder lets run beside, and waits for at its stop."""

import asyncio
import logging
from collections.abc import Awaitable

_LOGGER = logging.getLogger(__name__)


class Tasks:
    """Of one camera. Belongs to the event loop. What fails unforeseen is logged."""

    def __init__(self, camera_id: str) -> None:
        self._camera_id = camera_id
        self._running: set[asyncio.Future[None]] = set()

    def start(self, work: Awaitable[None]) -> None:
        """Run it until it is done."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._done)

    async def wait(self, seconds: float) -> None:
        """Return when all is done, or after so many seconds."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    def _done(self, task: asyncio.Future[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.error("Camera %s: an unforeseen error", self._camera_id, exc_info=error)
