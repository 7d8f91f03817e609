"""The sweeper: erases what is due, makes room, and says when nothing more may be recorded."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from ...domain.clip import US_PER_SECOND, Clip, ClipId
from ...domain.errors import CamguardError, StorageError
from ...domain.ledger import Event, Problem
from ...domain.reckoning import Reading
from ...domain.retention import expires_us, to_free
from ...domain.storage_faults import FULL, storage_error
from ...vault.clips.holds_file import Holds
from ...vault.clips.index import Index
from ...vault.clips.terms import Terms
from ...vault.keys.erasing_key import ErasingKey
from ...vault.ledger.anchors import head_key
from ...vault.ledger.belief import believe
from ...vault.ledger.checkpoint import Checkpoints
from ...vault.ledger.ledger_file import LedgerFile
from ...vault.ledger.segments import Segments
from ...vault.media.destroy import overwrite_and_remove
from ...vault.paths import Paths
from ...vault.vault import Vault
from ..ports import Clock
from .reckoning import Reckoning

SWEEP_SECONDS = 60
_BATCH = 200
"""Clips a ledger entry may name at most."""
_RETRY_MIN_US = 60 * US_PER_SECOND
_RETRY_MAX_US = 3600 * US_PER_SECOND
"""A key that a disk refuses to destroy is tried again ever more rarely: each try is noted in the ledger."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did."""

    erased: int
    kept_held: int


class Retention:
    """Blocking; `sweep` belongs to one thread at a time."""

    def __init__(
        self, vault: Vault, clock: Clock, *, min_free_bytes: int, retention_days: Callable[[str], int]
    ) -> None:
        """`retention_days` gives the present setting for a camera id (the site's for a camera that is gone)."""
        self.overdue = 0
        """Clips that are due but not destroyed: the clock isn't believed yet, or a disk refuses."""
        self.free_bytes = 0
        self.storage_fault = ""
        """Why nothing may be written, as the last sweep saw it; empty when all is well."""
        self.sweep_fault: CamguardError | None = None
        """Why the last sweep could not erase what is due; None when it could."""
        self.trusted = True
        """Whether the clock is believed."""
        self.reckoning = Reckoning(clock, vault.paths.clock, vault.index.newest_us(), vault.keyring.mac)
        if self.reckoning.altered:
            vault.findings.append(Problem(key="clock_altered"))
        self._vault = vault
        self._clock = clock
        self._min_free_bytes = min_free_bytes
        self._retention_days = retention_days
        self._refused: dict[ClipId, tuple[int, int]] = {}
        """Clips that could not be erased: (boottime to try again at, how long that was put off), µs."""
        self._doubt_told = False

    def is_due(self, clip: Clip) -> bool:
        """Tell whether a clip's time is over: then it isn't listed or shown, whether or not it is erased yet."""
        terms = self.terms()
        expires = expires_us(clip, self._retention_days(clip.camera_id))
        return not clip.held and expires <= terms.now_for(clip.ages_from_us)

    def terms(self) -> Terms:
        """Return what `is_due` goes by, for asking the index."""
        return _terms(self.reckoning.reading, self.reckoning.now_us(), self._retention_days)

    def sweep(self) -> Swept:
        """Erase what is due, then the oldest when space is short. Raises StorageError when that can't be noted."""
        try:
            swept = self._sweep()
        except CamguardError as error:
            self.sweep_fault = error
            raise
        self.sweep_fault = None
        return swept

    def _sweep(self) -> Swept:
        reading = self._read_clock()
        expired = self._vault.index.expired(_terms(reading, reading.now_us, self._retention_days))
        going = [clip_id for clip_id, held in expired if not held]
        self.overdue = len(going)  # also while erasing fails
        erased = 0
        if reading.trusted:
            erased = self._erase_due(going)
            self.overdue -= erased
        doubted = not reading.trusted and bool(going)
        if doubted and not self._doubt_told:
            _LOGGER.warning("%s clips look expired, but the clock isn't synchronised: hidden, not erased", len(going))
        self._doubt_told = doubted
        erased += self._make_room()
        self._vault.ledger.refill()
        return Swept(erased=erased, kept_held=len(expired) - len(going))

    def remember(self) -> None:
        """Write down what is known of the clock (at shutdown)."""
        self._read_clock()

    def _make_room(self) -> int:
        erased = 0
        try:
            self._vault.check_storage()
            missing = self._min_free_bytes - self._vault.free_bytes()
            # Erasing all of it for nothing, because something else fills the disk, helps nobody.
            if 0 < missing <= self._vault.index.erasable_bytes():
                clips = to_free(self._vault.index.oldest(missing), missing)
                erased = len(self._erase([clip.clip_id for clip in clips], "space"))
            self.free_bytes = self._vault.free_bytes()
        except StorageError as error:
            self.storage_fault = error.key
            return erased
        self.storage_fault = FULL if self.free_bytes < self._min_free_bytes else ""
        return erased

    def is_short_of_space(self) -> bool:
        """Look whether less is free than is to be left free. Raises StorageError."""
        self.free_bytes = self._vault.free_bytes()
        return self.free_bytes < self._min_free_bytes

    def erase_oldest(self) -> bool:
        """Erase the oldest clip that isn't held; False when there is none that can be. Raises StorageError."""
        oldest = to_free(self._vault.index.oldest(1), 1)
        return bool(self._erase([clip.clip_id for clip in oldest], "space"))

    def _erase_due(self, clip_ids: list[ClipId]) -> int:
        boottime_us = self._clock.boottime_us()
        trying = [clip_id for clip_id in clip_ids if self._refused.get(clip_id, (0, 0))[0] <= boottime_us]
        erased = self._erase(trying, "expired")
        waiting = set(clip_ids).difference(trying)
        refused = {clip_id: at for clip_id, at in self._refused.items() if clip_id in waiting}
        for clip_id in trying:
            if clip_id not in erased:
                put_off_us = min(max(self._refused.get(clip_id, (0, 0))[1] * 2, _RETRY_MIN_US), _RETRY_MAX_US)
                refused[clip_id] = (boottime_us + put_off_us, put_off_us)
        self._refused = refused
        return len(erased)

    def _erase(self, clip_ids: list[ClipId], reason: str) -> set[ClipId]:
        erased: set[ClipId] = set()
        now_us = self._clock.now_us()
        for start in range(0, len(clip_ids), _BATCH):
            erased.update(self._vault.erase(clip_ids[start : start + _BATCH], reason, now_us).clip_ids)
        return erased

    def _read_clock(self) -> Reading:
        reading = self.reckoning.look()
        if reading.stepped_us:
            facts = {"step_us": reading.stepped_us, "trusted": reading.trusted}
            self._vault.ledger.append(Event.CLOCK_STEP, facts, self._clock.now_us())
        if reading.absence_us:
            self._vault.index.age(reading.since_us, reading.absence_us)
        self.trusted = reading.trusted
        self.reckoning.remember()
        return reading


def _terms(reading: Reading, now_us: int, retention_days: Callable[[str], int]) -> Terms:
    return Terms(now_us=now_us, retention_days=retention_days, since_us=reading.since_us, doubted_us=reading.doubted_us)


def erase_due_keys(paths: Paths, clock: Clock, retention_days: Callable[[str], int]) -> int:
    """Destroy the keys of clips that are due, by what the index remembers, while root key or storage are away.

    The files follow at the next complete start. What is written down is signed by the erasing key: without that key
    nothing is erased. Raises StorageError, IntegrityError; returns how many were erased.
    """
    if not paths.index.exists() or Segments(paths.ledger).empty():
        return 0
    index = Index(paths.index)
    try:
        reading = Reckoning(clock, paths.clock, index.newest_us(), None).reading
        if not reading.trusted:
            return 0
        # How long the machine was off isn't in the index yet: it concerns what was recorded before.
        terms = Terms(
            now_us=reading.now_us - reading.absence_us,
            retention_days=retention_days,
            since_us=reading.since_us,
            doubted_us=reading.absence_us,
        )
        held = Holds.open(paths.holds)  # the index may not know of a hold
        expired = index.expired(terms)
        due = [clip_id for clip_id, _ in expired if held.get(clip_id) is None]
        if not due:
            return 0
        key = ErasingKey.find(paths.erase_key)
        if key is None:
            raise StorageError("erasing_key_missing", path=str(paths.erase_key))
        signer = head_key(paths)
        ledger = LedgerFile(
            paths.ledger,
            paths.reserve,
            sign=key.sign,
            read=lambda lines, base: believe(lines, signer, on_trust=not signer, base=base),
            checkpoints=Checkpoints(paths.checkpoints, signer),
        )
        set_aside = ledger.belief.unsigned if ledger.belief else 0
        try:
            for start in range(0, len(due), _BATCH):
                batch = due[start : start + _BATCH]
                begun = {"clip_ids": batch, "reason": "expired", "set_aside": set_aside}
                ledger.append(Event.ERASING, begun, clock.now_us())
                set_aside = 0
                for clip_id in batch:
                    overwrite_and_remove(paths.clip_key(clip_id))
                    overwrite_and_remove(paths.spool_key(clip_id))
                    index.remove(clip_id)
                facts = {"clip_ids": batch, "reason": "expired", "remnants": batch}
                ledger.append(Event.ERASED, facts, clock.now_us())
        except OSError as error:
            raise storage_error(error, paths.cache) from error
        finally:
            ledger.close()
    finally:
        index.close()
    return len(due)
