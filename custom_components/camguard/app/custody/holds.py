"""Holding clips beyond their retention period, and bringing held clips back after a restored backup."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...domain.clip import Clip, ClipId
from ...domain.errors import CamguardError, ErasedError, IntegrityError, InvalidError, NotFoundError, StorageError
from ...domain.hold import Hold, check_review_date, parse_reason, to_review
from ...domain.ledger import Event
from ...vault.keys.code import make_code, normal_code
from ...vault.keys.recovery_kit import Kit, KitKeys, find_kits, new_kit_id, open_kit, remove_kit, write_kit
from ...vault.reconciliation import take_back
from ...vault.sealed import Identity, SealedReader
from ...vault.vault import Vault
from ..ports import Actor, Clock, RunBlocking

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a kit brought back."""

    restored: tuple[ClipId, ...]
    present: tuple[ClipId, ...]
    """Were there anyway."""
    records: tuple[ClipId, ...]
    """Records of the registers that came back."""
    missing: tuple[ClipId, ...]
    """Sealed file gone, or not the one that the key is for, or erased since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKit:
    """A recovery kit that was just made."""

    kit: Kit
    code: str = field(repr=False)
    count: int
    """Of clips."""
    records: int
    """Of the registers."""
    left_out: tuple[Clip, ...]
    """Held clips whose keys can't be read."""


class HoldKeeper:
    """Places and lifts holds; `lock` is the sweeper's: a clip isn't held while it is being erased."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        lock: asyncio.Lock,
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_news` hears, in the event loop, of each hold that was placed, changed or lifted."""
        self._on_news = on_news
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._lock = lock

    @property
    def to_review(self) -> tuple[Hold, ...]:
        """The holds whose review date has passed."""
        return to_review(self._vault.holds.all(), self._clock.now_us())

    @property
    def survive(self) -> bool:
        """Whether sealed files outlive a restored backup: the cache folder, the default storage, is emptied by it."""
        return not self._vault.paths.storage.is_relative_to(self._vault.paths.cache)

    @property
    def lacks_kit(self) -> bool:
        """Whether a held clip is in no recovery kit that was made since. Blocking."""
        newest = max((hold.since_us for hold in self._vault.holds.all()), default=None)
        kits = find_kits(self._vault.paths.holds)
        return newest is not None and (not kits or kits[0].made_us < newest)

    async def hold(self, clip_ids: Sequence[ClipId], reason: object, until_us: int, by: Actor) -> tuple[Hold, ...]:
        """Hold clips, or change their holds; all or none.

        `until_us`: the review date, UTC epoch µs. Raises InvalidError, NotFoundError, ErasedError, StorageError.
        """
        text = parse_reason(reason)
        now_us = self._clock.now_us()
        check_review_date(until_us, now_us)

        def place() -> tuple[Hold, ...]:
            vault = self._vault
            clips = [self._clip(clip_id) for clip_id in dict.fromkeys(clip_ids)]
            before = {clip.clip_id: vault.holds.get(clip.clip_id) for clip in clips}
            holds: list[Hold] = []
            try:
                for clip in clips:
                    held = before[clip.clip_id]
                    hold = Hold(
                        clip_id=clip.clip_id,
                        camera_id=clip.camera_id,
                        since_us=held.since_us if held else now_us,
                        until_us=until_us,
                        reason=text,
                    )
                    holds.append(hold)
                    vault.hold(hold, by.facts, now_us)
            except StorageError:
                for hold in holds:
                    self._take_back(hold, before[hold.clip_id])
                raise
            return tuple(holds)

        async with self._lock:
            holds = await self._run_blocking(place)
        self._on_news()
        return holds

    async def release(self, clip_ids: Sequence[ClipId], reason: object, by: Actor) -> None:
        """End holds; all or none. Raises InvalidError, NotFoundError, StorageError."""
        text = parse_reason(reason)

        def lift() -> None:
            for clip_id in clip_ids:
                if self._vault.holds.get(clip_id) is None:
                    self._clip(clip_id)
                    raise InvalidError("clip_not_held", clip_id=clip_id)
            for clip_id in dict.fromkeys(clip_ids):
                self._vault.release(clip_id, by.facts | {"reason": text}, self._clock.now_us())

        async with self._lock:
            await self._run_blocking(lift)
        self._on_news()

    async def make_kit(self, by: Actor) -> MadeKit:
        """Seal the keys of all held clips, and of the registers' records, to a new code. Older kits stay.

        The code is in nobody's hands but the caller's: shown once, never stored. Raises InvalidError `nothing_held`,
        `kit_keys_damaged`; StorageError.
        """

        def make() -> MadeKit:
            keys: dict[ClipId, Identity] = {}
            damaged: list[ClipId] = []
            for hold in self._vault.holds.all():
                try:
                    keys[hold.clip_id] = self._vault.keyring.clip(hold.clip_id)
                except ErasedError:
                    continue
                except IntegrityError, OSError:
                    damaged.append(hold.clip_id)
            records = self._vault.registers.keys(map(ClipId, self._vault.ledger.told.records))
            if not keys and not records:
                raise InvalidError("kit_keys_damaged" if damaged else "nothing_held")
            now_us = self._clock.now_us()
            kit_id = new_kit_id(now_us)
            told = {"kit_id": kit_id, "clip_ids": sorted(keys), "record_ids": sorted(records)}
            self._vault.ledger.append(Event.KIT_MADE, by.facts | told, now_us)
            code = make_code()
            kit = write_kit(self._vault.paths.holds, kit_id, KitKeys(clips=keys, records=records), code)
            left_out = tuple(clip for clip_id in damaged if (clip := self._vault.index.get(clip_id)) is not None)
            return MadeKit(kit=kit, code=code, count=len(keys), records=len(records), left_out=left_out)

        async with self._lock:
            return await self._run_blocking(make)

    async def restore(self, code: str, by: Actor) -> Restored:
        """Bring held clips back from the kit that this code opens; it is destroyed once it has nothing more to give.

        Raises InvalidError `no_kit`, `kit_code_wrong`; IntegrityError; StorageError.
        """

        def restore() -> Restored:
            kits = find_kits(self._vault.paths.holds)
            if not kits:
                raise InvalidError("no_kit")
            damaged: Exception | None = None
            for kit in kits:
                try:
                    keys = open_kit(kit, normal_code(code))
                except IntegrityError as error:
                    if error.key != "sealed_wrong_key":
                        damaged = error  # another one may still be the one that the code is for
                except OSError as error:
                    damaged = StorageError("kit_not_read", detail=os.strerror(error.errno or 0))
                else:
                    return self._restore_from(kit, keys, by)
            raise damaged or InvalidError("kit_code_wrong")

        async with self._lock:
            return await self._run_blocking(restore)

    def _restore_from(self, kit: Kit, found: KitKeys, by: Actor) -> Restored:
        vault, now_us = self._vault, self._clock.now_us()
        keys = found.clips
        present = tuple(clip_id for clip_id in keys if vault.keyring.has_clip(clip_id))
        erased = vault.ledger.told.erased  # a kit brings none of them back
        fit = {
            clip_id: identity
            for clip_id, identity in keys.items()
            if clip_id not in present and clip_id not in erased and self._opens(clip_id, identity)
        }
        vault.ledger.append(Event.KIT_RESTORED, by.facts | {"kit_id": kit.kit_id, "clip_ids": list(fit)}, now_us)
        take_back(vault, fit, kit.kit_id, now_us)
        records = vault.registers.take_back(found.records)
        missing = tuple(clip_id for clip_id in keys if clip_id not in present and clip_id not in fit)
        told = vault.ledger.told
        if erased.among(missing) == set(missing) and not (found.records.keys() - told.records_erased):
            with contextlib.suppress(OSError):  # the self-check removes it, once all its clips are erased
                remove_kit(kit)
        return Restored(restored=tuple(fit), records=tuple(records), present=present, missing=missing)

    def _take_back(self, hold: Hold, before: Hold | None) -> None:
        """Undo a hold, since another one of the same order couldn't be written; as far as the disk lets us."""
        facts: dict[str, object] = {"user_id": None, "user_name": ""}
        now_us = self._clock.now_us()
        try:
            if before is not None:
                self._vault.hold(before, facts, now_us)
            elif self._vault.holds.get(hold.clip_id) is not None:
                self._vault.release(hold.clip_id, facts | {"reason": "hold_not_written"}, now_us)
        except CamguardError as error:
            _LOGGER.warning("A hold that was placed with another one, which failed, stays: %s", error)

    def _opens(self, clip_id: ClipId, identity: Identity) -> bool:
        try:
            with self._vault.paths.clip(clip_id).open("rb") as file, SealedReader(file, identity):
                return True
        except OSError, IntegrityError:
            return False

    def _clip(self, clip_id: ClipId) -> Clip:
        clip = self._vault.index.get(clip_id)
        if clip is None:
            raise NotFoundError("clip_not_found")
        if not self._vault.keyring.has_clip(clip_id):
            raise ErasedError("clip_erased")
        return clip
