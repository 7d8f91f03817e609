"""What one camera's recorder tells: entries in the ledger, each after the one before, and news for whoever shows it."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from ...domain.errors import StorageError
from ...domain.ledger import Event
from ...vault.vault import Vault
from ..events import Change, ChangeKind
from ..ports import NOBODY, Actor, Clock, RunBlocking

TOGGLE_SECONDS = 60.0
REFUSED_SECONDS = 60.0
"""An action that can't be served is told in the ledger no more often than that, for each reason."""

_LOGGER = logging.getLogger(__name__)


class Journal:
    """Of one camera. `start` runs a task that its owner waits for at a stop."""

    def __init__(
        self,
        camera_id: str,
        vault: Vault,
        clock: Clock,
        *,
        run_blocking: RunBlocking,
        notify: Callable[[Change], None],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._camera_id = camera_id
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._notify = notify
        self._start = start
        self._noting = asyncio.Lock()
        self._finishing = False
        self._toggles = _Toggles(
            lambda armed, facts: self._note(Event.SETTINGS_CHANGED, {"camera_id": camera_id, "armed": armed} | facts)
        )
        self._refused: dict[str, float] = {}

    def state(self) -> None:
        """Tell that the camera's state may be another one."""
        self._notify(Change(kind=ChangeKind.STATE, camera_id=self._camera_id))

    def finishing(self, finishing: bool) -> None:
        """Tell that a clip is finished later than its time is over, or that none is any more; on change only."""
        if finishing is not self._finishing:
            self._finishing = finishing
            self.state()
            if finishing:
                self._notify(Change(kind=ChangeKind.FINISHING, camera_id=self._camera_id))

    def armed(self, armed: bool, by: Actor) -> None:
        """Tell that somebody allowed or ended recording; many changes in a row in one entry."""
        self._toggles.take(armed, by)
        self.state()

    def end(self) -> None:
        """Tell what isn't told yet."""
        self._toggles.end()

    def asked(self, by: Actor, duration_s: float, reason: str | None) -> None:
        """Tell that a person has asked for a recording; what automations do is told by the clip."""
        if by.user_id is not None:
            facts = {"camera_id": self._camera_id, "duration_s": duration_s, "reason": reason or ""}
            self._note(Event.RECORDING_ASKED, facts | by.facts)

    def failed(self, key: str, entity_id: str | None = None) -> None:
        """Tell that something isn't recorded that should be; `entity_id`: the trigger."""
        facts: dict[str, object] = {"camera_id": self._camera_id, "key": key}
        if entity_id:
            facts["trigger"] = entity_id
        self._note(Event.CLIP_FAILED, facts)
        self._notify(Change(kind=ChangeKind.FAILED, camera_id=self._camera_id, key=key))

    def refused(self, key: str) -> None:
        """Tell that an action can't be served, unless that was told a moment ago."""
        now = time.monotonic()
        if now - self._refused.get(key, -REFUSED_SECONDS) >= REFUSED_SECONDS:
            self._refused[key] = now
            self.failed(key)

    def gap(self, from_us: int, to_us: int | None, cause: str) -> None:
        """Tell of a gap; `to_us` None: it goes on."""
        self._note(Event.GAP, {"camera_id": self._camera_id, "from_us": from_us, "to_us": to_us, "cause": cause})
        self._notify(Change(kind=ChangeKind.GAP, camera_id=self._camera_id, key=cause, from_us=from_us, to_us=to_us))

    def _note(self, event: Event, facts: dict[str, object]) -> None:
        """Write an entry soon, each after the one before."""
        now_us = self._clock.now_us()

        async def note() -> None:
            try:
                async with self._noting:
                    await self._run_blocking(self._vault.ledger.append, event, facts, now_us)
            except StorageError as error:
                _LOGGER.error("The ledger could not be written: %s", error)  # noqa: TRY400 - a disk's refusal

        self._start(note())


class _Toggles:
    """Recording allowed, forbidden, allowed again: the first is told at once, what follows in a minute in one word."""

    def __init__(self, tell: Callable[[bool, dict[str, object]], None]) -> None:
        """`tell` gets the state, and facts: who brought it about and, of several changes, how many."""
        self._tell = tell
        self._armed, self._last = True, NOBODY
        self._by: Counter[Actor] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def take(self, armed: bool, by: Actor) -> None:
        """Take in a change."""
        if self._timer is None:
            self._tell(armed, by.facts)
            self._wait()
            return
        self._armed, self._last = armed, by
        self._by[by] += 1

    def end(self) -> None:
        """Tell what isn't told yet."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._by:
            return
        by, self._by = self._by, Counter()
        facts = self._last.facts | {"changes": by.total()}
        if len(by) > 1:
            facts["by"] = [actor.facts | {"changes": count} for actor, count in by.items()]
        self._tell(self._armed, facts)

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(TOGGLE_SECONDS, self._due)

    def _due(self) -> None:
        told = not self._by
        self.end()
        if not told:
            self._wait()
