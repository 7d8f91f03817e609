"""All places for sealed copies of a site."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from ...domain.clip import ClipId
from ...domain.errors import InvalidError
from ...domain.settings import Destination
from ...vault.vault import Vault
from ..events import Change, ChangeKind
from ..ports import Actor, Clock, RunBlocking
from .bringing_back import Bringer, Found
from .copier import Copier, CopyFacts
from .progress import BringingBack
from .store import CopyError, Pace, Store

type MakeStore = Callable[[Destination, str], Store]
"""Gives the store of an installation, by its name, at a place."""


class CopyKeeper:
    """All methods but `holding` belong to the event loop."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        on_news: Callable[[], None],
        on_brought: Callable[[], Awaitable[None]],
    ) -> None:
        """`on_news` hears of every change of what `facts` tells, `on_brought` when clips have been brought back."""
        self._vault = vault
        self._on_brought = on_brought
        self._clock = clock
        self._run_blocking = run_blocking
        self._on_news = on_news
        self._copiers: dict[str, Copier] = {}
        self._make_store: MakeStore | None = None
        self._bringing: dict[str, BringingBack] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def use(self, destinations: Collection[Destination], make_store: MakeStore) -> list[Destination]:
        """Keep copies at these places and no others; what didn't change goes on.

        Returns the places that were given up while their escrow couldn't be deleted.
        """
        left: list[Destination] = []
        self._make_store = make_store
        wanted = {destination.destination_id: destination for destination in destinations}
        for name, copier in list(self._copiers.items()):
            if wanted.get(name) != copier.destination:
                del self._copiers[name]
                if name in wanted:
                    await copier.close()
                elif not await copier.end():
                    left.append(copier.destination)
        for name, destination in wanted.items():
            if name not in self._copiers:
                store = make_store(destination, self._vault.site_id)
                self._copiers[name] = copier = Copier(
                    destination, store, self._vault, self._clock, self._run_blocking, self._on_news
                )
                copier.start()
        return left

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
        return [replace(copier.facts, bringing=self._bringing.get(name)) for name, copier in self._copiers.items()]

    @property
    def faults(self) -> dict[str, CopyError]:
        """Why a place refuses, by its id; of those alone that do."""
        return {name: copier.fault for name, copier in self._copiers.items() if copier.fault is not None}

    def holding(self, clip_ids: Collection[ClipId]) -> dict[str, int | None]:
        """Return how many of these clips there are copies of at each place, by its id; None: nobody could look.

        From any thread.
        """
        return {name: copier.holding(clip_ids) for name, copier in tuple(self._copiers.items())}

    async def bring_back(self, destination_id: str, code: str, by: Actor) -> BringingBack:
        """Begin to bring back the clips of the escrow at a place that this code opens; returns how far it is.

        Raises CopyError, InvalidError (`no_escrow`, `escrow_code_wrong`, `escrow_empty`, `bringing_back_runs`),
        IntegrityError `escrow_unreadable`.
        """
        running = self._bringing.get(destination_id)
        if running is not None and not running.ended:
            raise InvalidError("bringing_back_runs")
        copier, make_store = self._copiers[destination_id], self._make_store
        assert make_store is not None
        destination = copier.destination
        bringer = Bringer(
            self._vault,
            lambda site_id: make_store(destination, site_id),
            self._clock,
            self._run_blocking,
            self._on_news,
            Pace(destination.bytes_a_second),
        )
        found = await bringer.find(code)
        progress = BringingBack(count=len(bringer.wanted(found)))
        if not progress.count:
            raise InvalidError("escrow_empty")
        self._bringing[destination_id] = progress
        task = asyncio.get_running_loop().create_task(
            self._bring(bringer, found, by, progress, copier), name="camguard bringing back"
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return progress

    async def _bring(self, bringer: Bringer, found: Found, by: Actor, progress: BringingBack, copier: Copier) -> None:
        await bringer.run(found, by, progress)
        copier.look_again()
        await self._on_brought()

    async def close(self) -> None:
        """Stop all."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(copier.close() for copier in self._copiers.values()))
        self._copiers.clear()
