"""Verifying the ledger and the clips: on demand, once after each start (the ledger), and weekly (everything)."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ..domain.clip import US_PER_DAY, Clip
from ..domain.errors import ErasedError, IntegrityError, StorageError
from ..domain.ledger import Event
from ..vault.keys import public_key_text
from ..vault.ledger_check import LedgerCheck, Problem, check_ledger
from ..vault.vault import Vault
from .ports import Clock, RunBlocking

SELF_CHECK_US = 7 * US_PER_DAY
LOOK_SECONDS = 3600.0
PROBLEMS_MAX = 1000

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
        on_news: Callable[[], None],
    ) -> None:
        """`ledger_keep_us`: how long the ledger keeps what its entries tell. `on_news`: progress or a result."""
        self.progress: float | None = None
        """Share done, 0 to 1; None while nothing is verified."""
        self.last: Verified | None = None
        """The last result of this run of Home Assistant."""
        self.last_us: int | None = None
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._ledger_keep_us = ledger_keep_us
        self._on_news = on_news
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Check the ledger now, and everything each week."""
        self._task = asyncio.get_running_loop().create_task(self._watch(), name="camguard self-check")

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run(self, scope: Scope, *, gently: bool = False) -> Verified:
        """Verify. `gently`: rest between clips as long as each took. Raises StorageError, OSError."""
        async with self._lock:
            try:
                self._progress(0)
                check = await self._run_blocking(
                    check_ledger, self._vault.ledger, self._vault.anchors, self._vault.keyring.public_key
                )
                problems = list(check.problems) if scope is not Scope.CLIPS else []
                checked = 0
                if scope is not Scope.LEDGER:
                    clips = await self._run_blocking(self._vault.index.clips)
                    for number, clip in enumerate(clips):
                        began = time.monotonic()
                        found = await self._run_blocking(self._check_clip, clip, check)
                        if found is not None:
                            checked += 1
                            problems += found
                        if gently:
                            await asyncio.sleep(time.monotonic() - began)
                        self._progress((number + 1) / len(clips))
            finally:
                self.progress = None
            result = Verified(
                entries=check.entries,
                head=check.head,
                clips_checked=checked,
                problems=tuple(problems[:PROBLEMS_MAX]),
            )
            if result.problems:
                await self._run_blocking(self._note, result, check)
            self.last, self.last_us = result, self._clock.now_us()
            self._on_news()
            return result

    async def _watch(self) -> None:
        checked_us = 0
        while True:
            try:
                if not checked_us:
                    await self.run(Scope.LEDGER)
                    check = await self._run_blocking(
                        check_ledger, self._vault.ledger, self._vault.anchors, self._vault.keyring.public_key
                    )
                    checked_us = check.self_checked_us or check.begun_us
                elif self._clock.now_us() - checked_us >= SELF_CHECK_US:
                    await self.self_check()
                    checked_us = self._clock.now_us()
            except (StorageError, OSError) as error:
                _LOGGER.warning("The self-check could not be done and is tried again: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def self_check(self) -> Verified:
        """Verify everything gently, drop what the ledger kept long enough, renew the root key, and write that down."""
        result = await self.run(Scope.ALL, gently=True)

        def finish() -> None:
            now_us = self._clock.now_us()
            facts = {
                "ok": result.ok,
                "entries": result.entries,
                "clips_checked": result.clips_checked,
                "problems": len(result.problems),
            }
            self._vault.ledger.append(Event.SELF_CHECK, facts, now_us)
            if result.ok:
                # Nothing is taken out of a ledger that doesn't fit: that would blur what happened.
                dropped = self._vault.ledger.drop_bodies(now_us - self._ledger_keep_us)
                if dropped:
                    self._vault.ledger.append(Event.BODIES_DROPPED, {"entries": dropped}, now_us)
            self._vault.rotate_root(now_us)

        await self._run_blocking(finish)
        return result

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
            return [problem("clip_altered", error.key)]
        except StorageError, OSError:
            if not self._vault.keyring.has_clip(clip.clip_id):
                return None
            return [problem("clip_unreadable")]
        found = []
        sha256 = digest.hexdigest()
        if sha256 != signed.manifest.clip.sha256:
            found.append(problem("clip_altered", "sha256"))
        if public_key_text(signed.public_key) not in check.public_keys:
            found.append(problem("clip_key_unknown"))
        recorded = check.recorded.get(clip.clip_id)
        if recorded is not None and recorded != signed.manifest.clip.sha256:
            found.append(problem("clip_not_as_recorded"))
        elif (
            recorded is None
            and self._told_of(clip)
            and not any(item.key.startswith("ledger_") for item in check.problems)
        ):
            found.append(problem("clip_not_in_ledger"))
        if clip.sha256 != signed.manifest.clip.sha256:
            found.append(problem("clip_index_differs"))
        return found

    def _told_of(self, clip: Clip) -> bool:
        """Whether the ledger must still tell that the clip was recorded."""
        return clip.end_us > self._clock.now_us() - self._ledger_keep_us

    def _note(self, result: Verified, check: LedgerCheck) -> None:
        """Write an anomaly down, once; a ledger that was rolled back is then accepted as it is."""
        texts = tuple(problem.text for problem in result.problems)
        now_us = self._clock.now_us()
        if not set(texts) <= set(check.told):
            self._vault.ledger.append(Event.ANOMALY, {"problems": list(texts[:50])}, now_us)
        if any(problem.key == "ledger_rolled_back" for problem in result.problems):
            try:
                self._vault.anchors.begin_anew(self._vault.ledger.entries(), now_us)
            except OSError as error:
                _LOGGER.warning("The ledger's anchors could not be written anew: %s", error)

    def _progress(self, share: float) -> None:
        before = self.progress
        self.progress = share
        if before is None or int(before * 10) != int(share * 10):
            self._on_news()
