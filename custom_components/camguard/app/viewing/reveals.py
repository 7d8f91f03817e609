"""The one exception to invariant 1: the picture without zones that drawing them needs, and the note that it was shown.

Bounds: an administrator asks for it; it is written down before the picture is taken; whoever has had it may try zones
out on that camera for a while, since what a trial shows besides its zones is as unmasked.
"""

import time

from ...domain.errors import DeniedError
from ...domain.ledger import Event
from ...vault.vault import Vault
from ..ports import Actor, Clock, RunBlocking

OPEN_SECONDS = 1800.0
"""After this it is asked for, and written down, again."""


class Reveals:
    """Who has been shown which camera's picture without its zones, and when."""

    def __init__(self, vault: Vault, clock: Clock, run_blocking: RunBlocking) -> None:
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._since: dict[tuple[str | None, str], float] = {}

    async def note(self, by: Actor, camera_id: str, source: str, via: str) -> None:
        """Write down that the picture of a camera is shown: of a guarded one, or (id empty) one that is being set up.

        Raises StorageError: then it mustn't be shown.
        """
        facts = by.facts | {"camera_id": camera_id, "source": source, "via": via}
        await self._run_blocking(self._vault.ledger.append, Event.PICTURE_SHOWN, facts, self._clock.now_us())
        self._since[by.user_id, source] = time.monotonic()

    def check(self, by: Actor, source: str) -> None:
        """Raise DeniedError `picture_not_shown` unless they have had this camera's picture lately."""
        since = self._since.get((by.user_id, source))
        if since is None or time.monotonic() - since > OPEN_SECONDS:
            raise DeniedError("picture_not_shown")
