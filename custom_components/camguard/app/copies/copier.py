"""Keeps the sealed copies at one place: what is finished is copied there, what is erased is deleted there.

Nothing is kept here of what is there: the place itself is asked, at the start and once a day. Deleted is only what the
signed ledger tells was erased: a lost index or a clip that isn't known deletes nothing.
"""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ...domain.clip import ClipId
from ...domain.ledger import Event
from ...domain.settings import Destination
from ...vault.paths import PART
from ...vault.vault import Vault
from ..ports import Clock, RunBlocking
from .escrow_writer import EscrowWriter
from .progress import BringingBack
from .store import BLOCK_BYTES, CopyError, Pace, Store

LIST_SECONDS = 86_400.0
"""So often the place is looked through anew."""
RETRY_SECONDS = 30.0
RETRY_MOST_SECONDS = 1800.0
CLOSE_SECONDS = 5.0
"""So long a clip's deletion may take to its end when everything stops."""
FILES = ("json.age", "jpg.age", "mp4.age")
"""Of a clip, in this order."""
NEEDED = {"json.age", "mp4.age"}
"""Without these it is no copy; a picture isn't there of every clip."""
_BATCH = 200
"""Clips that one entry of the ledger names at most."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFacts:
    """How it stands with the copies at one place."""

    destination_id: str
    title: str
    kind: str
    place: str
    fault: str
    """Translation key of why nothing can be copied; empty when all is well."""
    copied: int | None
    """Clips that are there, but for erased ones; None: it wasn't looked yet."""
    waiting: int
    """Clips that are still to be copied."""
    size_bytes: int
    refused: int
    """Erased clips whose copies the place doesn't delete: nobody can open them."""
    last_us: int | None
    """When a clip was copied last, UTC epoch µs; None: not in this run of Home Assistant."""
    escrow_hours: int
    """Of the escrow there; 0: there is none."""
    escrow_us: int | None
    """When that was renewed last, UTC epoch µs; None: not in this run of Home Assistant."""
    escrow_clips: int
    """Clips whose keys are in it."""
    bringing: BringingBack | None = None
    """How far clips have come that somebody brings back from there."""


class Copier:
    """Of one place. All methods belong to the event loop."""

    def __init__(
        self,
        destination: Destination,
        store: Store,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        on_news: Callable[[], None],
    ) -> None:
        """Make a copier that isn't started. `on_news` hears of every change of what `facts` tells."""
        self.destination = destination
        self.fault: CopyError | None = None
        """Why nothing can be copied now."""
        self.last_us: int | None = None
        """When a clip was copied last, in this run of Home Assistant."""
        self._store = store
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._on_news = on_news
        self._escrow = EscrowWriter(destination.escrow, store, vault, clock, run_blocking)
        self._pace = Pace(destination.bytes_a_second)
        self._there: dict[ClipId, dict[str, int]] | None = None
        """Sizes of the files that are there, and of those that were begun; None: it wasn't looked yet."""
        self._whole = self._size = 0
        self._waiting: list[ClipId] = []
        """Clips to be copied, the newest last."""
        self._arrived: list[ClipId] = []
        """Those that were finished since the last look began."""
        self._refused: set[ClipId] = set()
        """Erased, but the place doesn't delete them: it keeps what it has, or a lock is on them."""
        self._ask_again = False
        """Whether it is asked once more to delete those."""
        self._listed_at = -LIST_SECONDS
        self._erased_seen = -1
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._deleting = self._closing = False

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.get_running_loop().create_task(self._go(), name="camguard copies")

    async def close(self) -> None:
        """Stop; what is half copied goes on with the next start, what was deleted is written down first."""
        self._closing = True
        if self._task is not None:
            if self._deleting:
                await asyncio.wait([self._task], timeout=CLOSE_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._store.close()

    async def end(self) -> bool:
        """Stop for ever: copies stay there, the escrow is deleted; False when it can't be."""
        self._closing = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._escrow.destroy()
        except CopyError, TimeoutError:
            return False
        finally:
            await self._store.close()
        return True

    def look_again(self) -> None:
        """Look soon what is there."""
        self._listed_at = -LIST_SECONDS
        self._wake.set()

    def finished(self, clip_id: ClipId) -> None:
        """Copy this clip next."""
        self._arrived.append(clip_id)
        self._waiting.append(clip_id)
        self._wake.set()

    def erased(self) -> None:
        """Look soon what was erased."""
        self._wake.set()

    @property
    def facts(self) -> CopyFacts:
        """How it stands."""
        return CopyFacts(
            destination_id=self.destination.destination_id,
            title=self.destination.title,
            kind=self.destination.kind,
            place=self.destination.place,
            fault=self.fault.key if self.fault else "",
            copied=None if self._there is None else self._whole - len(self._refused),
            waiting=len(self._waiting),
            size_bytes=self._size,
            refused=len(self._refused),
            last_us=self.last_us,
            escrow_hours=self.destination.escrow.hours if self.destination.escrow else 0,
            escrow_us=self._escrow.made_us,
            escrow_clips=self._escrow.count,
        )

    def holding(self, clip_ids: Iterable[ClipId]) -> int | None:
        """Return of how many of these clips something is there, as it was seen last; None: nobody could look."""
        there = self._there
        return None if there is None else sum(clip_id in there for clip_id in clip_ids)

    async def _go(self) -> None:
        retry_s, failed = RETRY_SECONDS, ""
        while not self._closing:
            try:
                await self._step()
                retry_s, failed = RETRY_SECONDS, ""
                continue
            except CopyError as error:
                self._tell(error)
            except Exception as error:  # of the vault's own disk, say, which others tell: it goes on, whatever happened
                if repr(error) != failed:
                    failed = repr(error)
                    _LOGGER.exception("A sealed copy could not be made, and is tried again in a while")
            await asyncio.sleep(retry_s)
            retry_s = min(retry_s * 2, RETRY_MOST_SECONDS)

    async def _step(self) -> None:
        """Do one thing that is to be done, or wait for one."""
        loop = asyncio.get_running_loop()
        self._wake.clear()
        if self._there is None or loop.time() - self._listed_at >= LIST_SECONDS:
            await self._look()
            self._listed_at = loop.time()
            self._on_news()
        self._deleting = True
        try:
            await self._renew_escrow()
            await self._delete_erased()
        finally:
            self._deleting = False
        if self._closing:
            return
        if self._waiting:
            await self._copy(self._waiting[-1])
            self._tell(None)
            self._on_news()
            return
        self._tell(None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(LIST_SECONDS - (loop.time() - self._listed_at), self._escrow.wait_s)):
                await self._wake.wait()

    async def _look(self) -> None:
        """See what is there, and what is missing."""
        self._arrived = []
        sizes = await self._store.sizes()
        there: dict[ClipId, dict[str, int]] = {}
        for name, size in sizes.items():
            clip_id, _, file = name.partition("/")[2].partition(".")
            there.setdefault(ClipId(clip_id), {})[file] = size
        clip_ids = dict.fromkeys([*await self._run_blocking(self._vault.index.oldest_first), *self._arrived])
        self._size = sum(sizes.values())
        self._whole = sum(files.keys() >= NEEDED for files in there.values())
        self._waiting = [clip_id for clip_id in clip_ids if not there.get(clip_id, {}).keys() >= NEEDED]
        self._there, self._ask_again, self._erased_seen = there, True, -1

    async def _copy(self, clip_id: ClipId) -> None:
        """Copy a clip, unless it was erased meanwhile."""
        assert self._there is not None
        for file in FILES:
            if file in self._there.get(clip_id, ()) or not self._vault.keyring.has_clip(clip_id):
                continue
            path = self._vault.paths.clip(clip_id).with_name(f"{clip_id}.{file}")
            try:
                size, sha256 = await self._run_blocking(_digest, path)
                await self._store.put(copy_name(clip_id, file), path, sha256, self._pace)
            except FileNotFoundError:  # erased meanwhile, or it never had one
                await self._store.delete(copy_name(clip_id, file))
            else:
                files = self._there.get(clip_id, {}) | {file: size}
                files.pop(f"{file}{PART}", None)
                self._change(clip_id, files)
        self._waiting = [item for item in self._waiting if item != clip_id]
        self.last_us = self._clock.now_us()
        self._escrow.copied()

    async def _renew_escrow(self) -> None:
        """Renew the escrow when that is due; write down when it has forgotten what was erased."""
        there = self._there
        assert there is not None
        forgotten = await self._escrow.renew(lambda clip_id: there.get(clip_id, {}).keys() >= NEEDED)
        if forgotten is None:
            return
        if erased := sorted(self._vault.ledger.told.erased.among(forgotten)):
            await self._note(Event.ESCROW_RENEWED, {"clip_ids": erased})
        self._on_news()

    async def _delete_erased(self) -> None:
        """Delete what the ledger tells was erased, and write that down: what is refused, once."""
        told, there = self._vault.ledger.told, self._there
        assert there is not None
        if told.erased_count == self._erased_seen:
            return
        seen = told.erased_count
        gone = await self._run_blocking(lambda: told.erased.among(there.keys()))
        asked = sorted(gone if self._ask_again else gone - self._refused)
        for start in range(0, len(asked), _BATCH):
            deleted: list[ClipId] = []
            refused: list[ClipId] = []
            try:
                for clip_id in asked[start : start + _BATCH]:
                    if self._closing:
                        return
                    (deleted if await self._deleted(clip_id) else refused).append(clip_id)
            finally:  # the place may go away meanwhile
                news = [clip_id for clip_id in refused if clip_id not in self._refused]
                self._refused = (self._refused | set(news)) - set(deleted)
                if deleted or news:
                    await self._note(Event.COPIES_ERASED, {"clip_ids": deleted, "refused": news})
        self._waiting = [clip_id for clip_id in self._waiting if clip_id not in told.erased]
        self._erased_seen, self._ask_again = seen, False

    async def _note(self, event: Event, more: dict[str, object]) -> None:
        facts = {"destination": self.destination.title, "place": self.destination.place, **more}
        await self._run_blocking(self._vault.ledger.append, event, facts, self._clock.now_us())
        self._on_news()

    async def _deleted(self, clip_id: ClipId) -> bool:
        """Delete a clip's copy; False when the place doesn't want to. Raises CopyError when it can't now."""
        try:
            for file in FILES:
                await self._store.delete(copy_name(clip_id, file))
        except CopyError as error:
            if error.key != "copy_refused":
                raise
            return False
        self._change(clip_id, {})
        return True

    def _change(self, clip_id: ClipId, files: dict[str, int]) -> None:
        """Take note of which files of a clip are there now."""
        assert self._there is not None
        before = self._there.pop(clip_id, {})
        if files:
            self._there[clip_id] = files
        self._size += sum(files.values()) - sum(before.values())
        self._whole += (files.keys() >= NEEDED) - (before.keys() >= NEEDED)

    def _tell(self, fault: CopyError | None) -> None:
        before, self.fault = self.fault, fault
        if (before.key if before else "") != (fault.key if fault else ""):
            if fault is not None:
                _LOGGER.warning("Sealed copies can't be kept at %s: %s", self.destination.title, fault)
            self._on_news()


def copy_name(clip_id: ClipId, file: str) -> str:
    """Return the name of a clip's file at a place."""
    return f"{clip_id[:2]}/{clip_id}.{file}"


def _digest(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()
