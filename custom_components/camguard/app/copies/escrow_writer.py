"""Renews the escrow at one place: each hour, after each erasure, and for further clips.

While the place can be reached, what is in it outlives its hours by one at most.
"""

from collections.abc import Callable

from ...domain.clip import US_PER_SECOND, ClipId
from ...domain.errors import ErasedError, IntegrityError
from ...domain.settings import Escrow
from ...vault.keys.escrow import MAX_BYTES, escrow_file, escrow_name, escrowed
from ...vault.sealed import Identity
from ...vault.vault import Vault
from ..ports import Clock, RunBlocking
from .store import Pace, Store

RENEW_SECONDS = 3600
"""It is renewed that often at least: what has grown too old goes."""
NEXT_SECONDS = 60
"""After this at the earliest for further clips; at once, when one was erased."""
_HOUR_US = 3600 * US_PER_SECOND


class EscrowWriter:
    """Of one place. All methods belong to the event loop."""

    def __init__(
        self, escrow: Escrow | None, store: Store, vault: Vault, clock: Clock, run_blocking: RunBlocking
    ) -> None:
        """`escrow` None: there is none, and one that was left is deleted."""
        self.made_us: int | None = None
        """When it was renewed last; None: not in this run of Home Assistant, or there is none."""
        self.count = 0
        """Of clips whose keys are in it."""
        self._escrow = escrow
        self._store = store
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._written: frozenset[ClipId] = frozenset()
        self._looked = self._owed = False
        self._erased_seen = -1

    @property
    def wait_s(self) -> float:
        """After how many seconds it is to be renewed though nothing else happens."""
        if self._escrow is None or self.made_us is None:
            return RENEW_SECONDS
        after_s = NEXT_SECONDS if self._owed else RENEW_SECONDS
        return max(after_s - (self._clock.now_us() - self.made_us) / US_PER_SECOND, 1.0)

    def copied(self) -> None:
        """Take note that a further clip is there."""
        self._owed = True

    async def renew(self, is_whole: Callable[[ClipId], bool]) -> frozenset[ClipId] | None:
        """Write it when that is due; returns what it has forgotten then, None when it isn't due.

        `is_whole`: whether a whole copy of a clip is there. Raises CopyError.
        """
        name = escrow_name(self._vault.keyring.public_key)
        if self._escrow is None:
            if not self._looked:
                if name in await self._store.escrows():
                    await self._store.delete(name)
                self._looked = True
            return None
        if not self._looked:
            self._written, self._looked = await self._known(name), True
        now_us, erased = self._clock.now_us(), self._vault.ledger.told.erased_count
        age_us = -1 if self.made_us is None else now_us - self.made_us
        first = self._owed and not self._written
        if erased == self._erased_seen and 0 <= age_us < NEXT_SECONDS * US_PER_SECOND and not first:
            return None
        keys = await self._run_blocking(self._keys, now_us - self._escrow.hours * _HOUR_US, is_whole)
        clip_ids = frozenset(keys)
        if clip_ids == self._written and 0 <= age_us < RENEW_SECONDS * US_PER_SECOND:
            self._erased_seen, self._owed = erased, False
            return None
        data = escrow_file(self._escrow, self._vault.site_id, now_us, keys)
        await self._store.replace(name, data)
        self._owed = False
        forgotten = self._written - clip_ids
        self.made_us, self._written, self.count, self._erased_seen = now_us, clip_ids, len(keys), erased
        return forgotten

    async def _known(self, name: str) -> frozenset[ClipId]:
        """Return which clips' keys an earlier run of Home Assistant has left there: some may be to be forgotten."""
        try:
            return escrowed(await escrow_content(self._store, name, Pace(0)))
        except FileNotFoundError, IntegrityError:
            return frozenset()

    async def destroy(self) -> None:
        """Delete it, should there be one. Raises CopyError."""
        if self._escrow is not None:
            await self._store.delete(escrow_name(self._vault.keyring.public_key))

    def _keys(self, since_us: int, is_whole: Callable[[ClipId], bool]) -> dict[ClipId, Identity]:
        keys: dict[ClipId, Identity] = {}
        for clip in self._vault.index.clips(start_us=since_us):
            if clip.start_us >= since_us and is_whole(clip.clip_id):
                try:
                    keys[clip.clip_id] = self._vault.keyring.clip(clip.clip_id)
                except ErasedError, IntegrityError:
                    continue
        return keys


async def escrow_content(store: Store, name: str, pace: Pace) -> bytes:
    """Return what is in an escrow's file. Raises CopyError, FileNotFoundError, IntegrityError `escrow_unreadable`."""
    data = bytearray()
    async for block in store.fetch(name, pace):
        data += block
        if len(data) > MAX_BYTES:
            raise IntegrityError("escrow_unreadable")
    return bytes(data)
