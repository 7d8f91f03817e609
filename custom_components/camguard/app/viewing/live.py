"""Who watches live: noted in the ledger before the first picture goes out (invariant 5)."""

import asyncio
import time

from ...domain.ledger import Event
from ...vault.vault import Vault
from ..ports import Actor, Clock, RunBlocking

NOTE_SECONDS = 600.0
"""Who goes on watching, or comes again, is noted once in this time."""


class LiveViews:
    """Notes signed-in people. Who shows a camera's address to a player without saying who they are isn't known."""

    def __init__(self, vault: Vault, clock: Clock, run_blocking: RunBlocking) -> None:
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._noted: dict[tuple[str | None, str], float] = {}
        self._noting = asyncio.Lock()

    async def note(self, by: Actor, camera_id: str) -> None:
        """Write down that somebody watches a camera. Raises StorageError: then they mustn't."""
        if by.user_id is None:
            return
        async with self._noting:  # a player asks several times at once
            now = time.monotonic()
            self._noted = {key: at for key, at in self._noted.items() if now - at < NOTE_SECONDS}
            key = by.user_id, camera_id
            if key in self._noted:
                return
            facts = by.facts | {"camera_id": camera_id}
            await self._run_blocking(self._vault.ledger.append, Event.WATCHED, facts, self._clock.now_us())
            self._noted[key] = now
