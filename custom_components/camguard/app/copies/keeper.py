"""All places for sealed copies of a site."""

import asyncio
from collections.abc import Callable, Collection

from ...domain.clip import ClipId
from ...domain.settings import Destination
from ...vault.vault import Vault
from ..events import Change, ChangeKind
from ..ports import Clock, RunBlocking
from .copier import Copier, CopyFacts
from .store import CopyError, Store

type MakeStore = Callable[[Destination], Store]


class CopyKeeper:
    """All methods but `holding` belong to the event loop."""

    def __init__(self, vault: Vault, clock: Clock, run_blocking: RunBlocking, on_news: Callable[[], None]) -> None:
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._on_news = on_news
        self._copiers: dict[str, Copier] = {}

    async def use(self, destinations: Collection[Destination], make_store: MakeStore) -> None:
        """Keep copies at these places and no others; what didn't change goes on."""
        wanted = {destination.destination_id: destination for destination in destinations}
        for name, copier in list(self._copiers.items()):
            if wanted.get(name) != copier.destination:
                await self._copiers.pop(name).close()
        for name, destination in wanted.items():
            if name not in self._copiers:
                self._copiers[name] = copier = Copier(
                    destination, make_store(destination), self._vault, self._clock, self._run_blocking, self._on_news
                )
                copier.start()

    def take(self, change: Change) -> None:
        """Hear what became of clips."""
        for copier in self._copiers.values():
            if change.kind is ChangeKind.RECORDED and change.clip is not None:
                copier.finished(change.clip.clip_id)
            elif change.kind is ChangeKind.STORED:
                copier.erased()

    @property
    def facts(self) -> list[CopyFacts]:
        """How it stands at each place."""
        return [copier.facts for copier in self._copiers.values()]

    @property
    def faults(self) -> dict[str, CopyError]:
        """Why a place refuses, by its id; of those alone that do."""
        return {name: copier.fault for name, copier in self._copiers.items() if copier.fault is not None}

    def holding(self, clip_ids: Collection[ClipId]) -> dict[str, int | None]:
        """Return how many of these clips there are copies of at each place, by its id; None: nobody could look.

        From any thread.
        """
        return {name: copier.holding(clip_ids) for name, copier in tuple(self._copiers.items())}

    async def close(self) -> None:
        """Stop all."""
        await asyncio.gather(*(copier.close() for copier in self._copiers.values()))
        self._copiers.clear()
