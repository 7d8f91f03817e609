"""Brings clips back from a place for sealed copies, on a machine that lost them: by an escrow and its paper code.

They are held, due for review: whoever brings them back has a reason. What the ledger tells was erased doesn't come
back, nor what the escrow has forgotten.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...domain.clip import ClipId
from ...domain.errors import CamguardError, IntegrityError, InvalidError
from ...domain.ledger import Event
from ...domain.storage_faults import storage_fault
from ...vault.keys.escrow import OpenedEscrow, open_escrow
from ...vault.paths import FILE_MODE, PART, fsync_dir
from ...vault.reconciliation import take_back
from ...vault.sealed import Identity, SealedReader
from ...vault.vault import Vault
from ..ports import Actor, Clock, RunBlocking
from .copier import FILES, NEEDED, copy_name
from .escrow_writer import escrow_content
from .progress import BringingBack
from .store import CopyError, Pace, Store

type StoreOf = Callable[[str], Store]
"""Gives an installation's store, by its name."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An escrow that a code has opened."""

    escrow: OpenedEscrow
    site_id: str
    """Below which its copies lie."""
    name: str
    """Of its file."""


class Bringer:
    """Of one place. All methods belong to the event loop."""

    def __init__(
        self,
        vault: Vault,
        store_of: StoreOf,
        clock: Clock,
        run_blocking: RunBlocking,
        on_news: Callable[[], None],
        pace: Pace,
    ) -> None:
        self._vault = vault
        self._store_of = store_of
        self._clock = clock
        self._run_blocking = run_blocking
        self._on_news = on_news
        self._pace = pace

    async def find(self, code: str) -> Found:
        """Return the newest escrow at the place that this code opens, of those that have something to give.

        A machine that was set up from a backup writes one of its own for the same code.

        Raises CopyError, InvalidError (`no_escrow`, `escrow_code_wrong`), IntegrityError `escrow_unreadable`.
        """
        found: list[Found] = []
        damaged: IntegrityError | None = None
        seen = 0
        for site_id in await self._sites():
            store = self._store_of(site_id)
            try:
                for name in await store.escrows():
                    seen += 1
                    try:
                        data = await escrow_content(store, name, self._pace)
                        opened = await self._run_blocking(open_escrow, data, code)
                    except IntegrityError as error:
                        damaged = error if error.key != "sealed_wrong_key" else damaged
                    else:
                        found.append(Found(escrow=opened, site_id=site_id, name=name))
            finally:
                await store.close()
        if found:
            return max(found, key=lambda item: (bool(self.wanted(item)), item.escrow.made_us))
        raise damaged or InvalidError("escrow_code_wrong" if seen else "no_escrow")

    def wanted(self, found: Found) -> dict[ClipId, Identity]:
        """Return the keys of the clips that may come back."""
        erased = self._vault.ledger.told.erased
        return {
            clip_id: identity
            for clip_id, identity in found.escrow.keys.items()
            if clip_id not in erased and not self._vault.keyring.has_clip(clip_id)
        }

    async def run(self, found: Found, by: Actor, progress: BringingBack) -> None:
        """Bring them back; what is wrong stands in `progress`."""
        store = self._store_of(found.site_id)
        try:
            await self._run(store, found, by, progress)
        except CamguardError as error:
            progress.fault = error.key
            _LOGGER.warning("Bringing clips back stopped: %s", error)
        except OSError as error:
            progress.fault = storage_fault(error)
            _LOGGER.warning("Bringing clips back stopped: %s", error)
        finally:
            progress.ended = True
            await store.close()
            self._on_news()

    async def _run(self, store: Store, found: Found, by: Actor, progress: BringingBack) -> None:
        wanted = self.wanted(found)
        facts = by.facts | {"kit_id": found.escrow.escrow_id, "clip_ids": sorted(wanted)}
        await self._run_blocking(self._vault.ledger.append, Event.KIT_RESTORED, facts, self._clock.now_us())
        for clip_id, identity in wanted.items():
            if await self._bring(store, clip_id, identity) and await self._take_in(clip_id, identity, found):
                if found.site_id != self._vault.site_id:  # copied anew below this installation's own name
                    await _delete(store, clip_id)
                progress.done += 1
            else:
                progress.missing += 1
            self._on_news()
        if not progress.missing:
            await store.delete(found.name)  # it has nothing more to give

    async def _bring(self, store: Store, clip_id: ClipId, identity: Identity) -> bool:
        """Fetch a clip's files, and see that they are what the key is for; False when they aren't."""
        paths = self._vault.paths
        await self._run_blocking(paths.prepare, clip_id)
        files = {file: paths.clip(clip_id).with_name(f"{clip_id}.{file}") for file in FILES}
        whole = False
        try:
            for file, path in files.items():
                part = path.with_name(path.name + PART)
                try:
                    await self._fetch(store, copy_name(clip_id, file), part)
                    fits = await self._run_blocking(_opens, part, identity)
                except FileNotFoundError:
                    fits = False
                if fits:
                    await self._run_blocking(part.replace, path)
                elif file in NEEDED:
                    return False
            await self._run_blocking(fsync_dir, paths.clip(clip_id).parent)
            whole = True
        finally:
            left = [path.with_name(path.name + PART) for path in files.values()]
            await self._run_blocking(_remove, left if whole else [*left, *files.values()])
        return True

    async def _take_in(self, clip_id: ClipId, identity: Identity, found: Found) -> bool:
        """Put a clip's key back, and the clip on the list; False when its manifest can't be read."""
        now_us = self._clock.now_us()
        await self._run_blocking(take_back, self._vault, {clip_id: identity}, found.escrow.escrow_id, now_us)
        return await self._run_blocking(self._vault.index.get, clip_id) is not None

    async def _fetch(self, store: Store, name: str, part: Path) -> None:
        def begin() -> None:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE))

        def append(block: bytes) -> None:
            with part.open("ab") as file:
                file.write(block)

        def sync() -> None:
            with part.open("rb") as file:
                os.fsync(file.fileno())

        await self._run_blocking(begin)
        async for block in store.fetch(name, self._pace):
            await self._run_blocking(append, block)
        await self._run_blocking(sync)

    async def _sites(self) -> list[str]:
        store = self._store_of(self._vault.site_id)
        try:
            return await store.sites()
        finally:
            await store.close()


async def _delete(store: Store, clip_id: ClipId) -> None:
    try:
        for file in FILES:
            await store.delete(copy_name(clip_id, file))
    except CopyError as error:
        _LOGGER.warning("A copy that was brought back could not be deleted where it came from: %s", error)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _opens(path: Path, identity: Identity) -> bool:
    """Tell whether every part of a sealed file is whole, and for this key."""
    try:
        with path.open("rb") as file, SealedReader(file, identity) as reader:
            for _ in reader.chunks():
                pass
    except IntegrityError:
        return False
    return True
