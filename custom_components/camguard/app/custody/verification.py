"""Verifying the ledger and the clips: on demand, once after each start (the ledger), and weekly (everything)."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ...domain.clip import US_PER_DAY, Clip
from ...domain.errors import CamguardError, ErasedError, IntegrityError, StorageError
from ...domain.ledger import Event, Problem, Witness
from ...domain.reckoning import PLAUSIBLE_US
from ...vault.documents.certificate_file import certified_heads
from ...vault.keys.keyring import public_key_text
from ...vault.keys.recovery_kit import kit_entries, remove_kit, spent_kits
from ...vault.ledger.check import LedgerCheck, check_ledger
from ...vault.ledger.told import entries_in_force
from ...vault.vault import Vault
from ..ports import Clock, RunBlocking

SELF_CHECK_US = 7 * US_PER_DAY
LOOK_SECONDS = 3600.0
PROBLEMS_MAX = 1000
_BATCH = 200
"""Problems that an anomaly entry names at most."""
_LEDGER_SHARE = 0.1
"""Of the progress of a verification of everything."""
_ACCEPTED = frozenset({"ledger_rolled_back", "ledger_anchor_missing"})
"""What is accepted once it has been told: the anchors are begun anew."""

_LOGGER = logging.getLogger(__name__)


class Scope(StrEnum):
    """What is verified."""

    LEDGER = "ledger"
    CLIPS = "clips"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification found. `entries`, `head`: the ledger's, as far as its chain is whole."""

    entries: int
    head: str
    clips_checked: int
    masks_proved: int
    """Of these, in how many clips the mask was proved when they were finished."""
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether all is as it was written."""
        return not self.problems


class Verification:
    """One at a time; others wait. Reads only, but for what it writes into the ledger."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        *,
        ledger_keep_us: int,
        clock_believed: Callable[[], bool],
        witness: Witness | None = None,
        on_news: Callable[[], None],
    ) -> None:
        """`ledger_keep_us`: how long the ledger keeps what its entries tell, by a clock that is believed.

        `witness`: a head that was noted elsewhere. `on_news`: progress or a result.
        """
        self.progress: float | None = None
        """Share done, 0 to 1; None while nothing is verified."""
        self.last: Verified | None = None
        """The last result of this run of Home Assistant."""
        self.last_us: int | None = None
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._ledger_keep_us = ledger_keep_us
        self._clock_believed = clock_believed
        self._witnesses = (witness,) if witness else ()
        self._on_news = on_news
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._writing: set[asyncio.Task[Any]] = set()
        self._check: LedgerCheck | None = None
        self._closed = False

    def start(self) -> None:
        """Check the ledger now, and everything each week."""
        self._task = asyncio.get_running_loop().create_task(self._watch(), name="camguard self-check")

    async def close(self) -> None:
        """Stop; what is being written is finished first: nothing may change keys once another System opens them."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._writing:
            await asyncio.wait(self._writing)

    async def run(self, scope: Scope, *, gently: bool = False, every_signature: bool = True) -> Verified:
        """Verify. `gently`: rest between clips as long as each took. Raises StorageError, OSError.

        `every_signature`: of the ledger's entries; else the ones alone that vouch for all before them.
        """
        async with self._lock:
            try:
                return await self._run(scope, gently=gently, every_signature=every_signature)
            finally:
                self.progress = None
                self._on_news()

    async def _run(self, scope: Scope, *, gently: bool, every_signature: bool) -> Verified:
        self._progress(0)
        # The clips first: what is in the index then is in the ledger when that is read.
        clips = await self._run_blocking(self._vault.index.clips) if scope is not Scope.LEDGER else []
        ledger_share = _LEDGER_SHARE if clips else 1.0
        check = await self._check_ledger(
            {clip.clip_id for clip in clips},
            ledger_share,
            every_signature=every_signature and scope is not Scope.CLIPS,
        )
        # What the start has found stays said until the next one, which finds it mended.
        problems = [*self._vault.findings, *check.problems] if scope is not Scope.CLIPS else []
        checked = proved = 0
        for number, clip in enumerate(clips, 1):
            began = time.monotonic()
            found = await self._run_blocking(self._check_clip, clip, check)
            if found is not None:
                checked += 1
                proved += clip.mask_checked > 0
                problems += found
            if gently:
                await asyncio.sleep(time.monotonic() - began)
            self._progress(ledger_share + (1 - ledger_share) * number / len(clips))
        self._progress(1)
        result = Verified(
            entries=check.entries,
            head=check.head,
            clips_checked=checked,
            masks_proved=proved,
            problems=tuple(problems[:PROBLEMS_MAX]),
        )
        await self._write(self._note, result, check)
        self.last, self.last_us = result, self._clock.now_us()
        self._check = check
        return result

    async def _check_ledger(self, clip_ids: Container[str], share: float, *, every_signature: bool) -> LedgerCheck:
        loop = asyncio.get_running_loop()
        entries = max(self._vault.ledger.seq, 1)

        def done(count: int) -> None:
            loop.call_soon_threadsafe(self._go_on, share * min(count / entries, 1))

        return await self._run_blocking(
            lambda: check_ledger(
                self._vault.ledger,
                self._vault.anchors,
                self._vault.keyring.public_key,
                clip_ids=clip_ids,
                every_signature=every_signature,
                witnesses=[*certified_heads(self._vault.paths), *self._witnesses],
                progress=done,
            )
        )

    async def _watch(self) -> None:
        checked_us = 0
        while True:
            try:
                if self._check is None:
                    await self.run(Scope.LEDGER, every_signature=False)
                if self._check is not None and not checked_us:
                    checked_us = self._check.self_checked_us or self._check.begun_us
                if checked_us and not 0 <= self._clock.now_us() - checked_us < SELF_CHECK_US:
                    await self.self_check()
                    checked_us = self._clock.now_us()
                elif self._vault.anchors.behind:
                    await self._write(self._vault.anchors.catch_up, self._vault.ledger)
            except (CamguardError, OSError) as error:
                _LOGGER.warning("The self-check could not be done and is tried again: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def self_check(self) -> Verified:
        """Verify everything gently, drop what the ledger kept long enough, renew the root key, and write that down.

        Raises StorageError, OSError.
        """
        result = await self.run(Scope.ALL, gently=True)
        async with self._lock:
            await self._write(self._finish, result)
        return result

    def _finish(self, result: Verified) -> None:
        vault, now_us = self._vault, self._clock.now_us()
        facts = {
            "ok": result.ok,
            "entries": result.entries,
            "clips_checked": result.clips_checked,
            "problems": len(result.problems),
        }
        vault.ledger.append(Event.SELF_CHECK, facts, now_us)
        try:
            for kit in spent_kits(vault.paths.holds, vault.ledger.entries()):
                remove_kit(kit)
            before_us = now_us - self._ledger_keep_us
            if result.ok and self._clock_believed() and before_us > PLAUSIBLE_US:
                # Nothing is taken out of a ledger that doesn't fit: that would blur what happened. Nor by a clock that
                # may be years ahead; and entries of one that had lost its battery aren't decades old.
                kept = kit_entries(vault.paths.holds, vault.ledger.entries())
                kept |= entries_in_force(vault.ledger.entries())
                ranges = vault.ledger.droppable(before_us, lambda entry: entry.seq in kept)
                if ranges:
                    # Named first: a body that is gone without a signed word of it was taken away by somebody else.
                    count = sum(last - first + 1 for first, last in ranges)
                    vault.ledger.append(Event.BODIES_DROPPED, {"entries": count, "ranges": ranges}, now_us)
                    vault.ledger.drop_bodies(ranges)
            vault.rotate_root(now_us)
        except (CamguardError, OSError) as error:
            # The next week's does it. The root key's medium may be away: it is needed at a start only.
            _LOGGER.warning("The upkeep of ledger and keys is not complete: %s", error)

    async def _write[*Ts, T](self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run what writes in another thread, and through to its end even when nobody waits for it any more.

        Raises StorageError once all is closed.
        """
        if self._closed:
            raise StorageError("ledger_not_written", detail="closed")

        async def run() -> T:
            return await self._run_blocking(function, *args)

        task = asyncio.get_running_loop().create_task(run(), name="camguard upkeep")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)

    def _check_clip(self, clip: Clip, check: LedgerCheck) -> list[Problem] | None:
        """Return what is wrong with a clip; None when it was erased meanwhile."""

        def problem(key: str, detail: str = "") -> Problem:
            return Problem(key=key, clip_id=clip.clip_id, detail=detail)

        try:
            signed = self._vault.manifest(clip.clip_id)
            digest = hashlib.sha256()
            with self._vault.open_clip(clip.clip_id) as reader:
                for chunk in reader.chunks():
                    digest.update(chunk)
        except ErasedError:
            return None
        except IntegrityError as error:
            if not self._vault.keyring.has_clip(clip.clip_id):
                return None  # its file was being overwritten: the key goes first
            return [problem("clip_altered", error.key)]
        except StorageError, OSError:
            if not self._vault.keyring.has_clip(clip.clip_id):
                return None
            return [problem("clip_unreadable")]
        found = []
        sha256 = digest.hexdigest()
        if sha256 != signed.manifest.clip.sha256:
            found.append(problem("clip_altered", "sha256"))
        ledger_fits = not any(item.key.startswith("ledger_") for item in check.problems)
        if public_key_text(signed.public_key) not in check.public_keys and ledger_fits:
            found.append(problem("clip_key_unknown"))
        recorded = check.recorded.get(clip.clip_id)
        if recorded is not None and recorded != signed.manifest.clip.sha256:
            found.append(problem("clip_not_as_recorded"))
        elif recorded is None and ledger_fits and self._told_of(clip, check):
            found.append(problem("clip_not_in_ledger"))
        if clip.sha256 != signed.manifest.clip.sha256:
            found.append(problem("clip_index_differs"))
        return found

    def _told_of(self, clip: Clip, check: LedgerCheck) -> bool:
        """Whether the ledger must still tell that the clip was recorded."""
        return clip.end_us > max(self._clock.now_us() - self._ledger_keep_us, check.accepted_us)

    def _note(self, result: Verified, check: LedgerCheck) -> None:
        """Write problems down, each once; a ledger that was rolled back is then accepted as it is."""
        vault, now_us = self._vault, self._clock.now_us()
        found = {problem.text for problem in vault.findings}  # told at the start
        texts = list(dict.fromkeys(text for item in result.problems if (text := item.text) not in check.told | found))
        for start in range(0, len(texts), _BATCH):
            vault.ledger.append(Event.ANOMALY, {"problems": texts[start : start + _BATCH]}, now_us)
        if any(problem.key in _ACCEPTED for problem in result.problems):
            self._witnesses = ()
            vault.anchors.begin_anew(vault.ledger, now_us)
        elif check.anchored and not any(problem.key in _ACCEPTED for problem in check.problems):
            vault.anchors.confirm(vault.ledger.last)
            vault.anchors.catch_up(vault.ledger)

    def _go_on(self, share: float) -> None:
        if self.progress is not None:  # else nobody waits for this verification any more
            self._progress(share)

    def _progress(self, share: float) -> None:
        before = self.progress
        self.progress = share
        if before is None or int(before * 10) != int(share * 10):
            self._on_news()
