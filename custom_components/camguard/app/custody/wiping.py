"""Wiping: erasing clips on the operator's order, and an honest certificate of it (guideline 2(5)エ, オ).

Journaled: what is ordered is on disk before anything is destroyed, and a wipe that was cut short at any step is carried
on at the next start. Steps: journal; ledger `wiping`; clips in batches (ledger, key, index, files, ledger); recovery
kits that hold nothing else; every clip tried to open; root key renewed; ledger `wiped`; media looked at; certificate;
journal removed. Once `wiped` is written, nothing more is destroyed: what is missing then is the paper.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ...domain.bundle import local_moment
from ...domain.certificate import Scope
from ...domain.clip import ClipId
from ...domain.errors import CamguardError, ErasedError, InvalidError, NotFoundError, StorageError
from ...domain.hold import parse_reason
from ...domain.ledger import Entry, Event, Problem
from ...domain.settings import SiteSettings
from ...vault.clips.wipe_journal import WipeJournal, read_journal, remove_journal, set_aside, write_journal
from ...vault.documents.certificate_file import is_written
from ...vault.keys.recovery_kit import find_kits, remove_kit
from ...vault.vault import Vault
from ..ports import Actor, Clock, RunBlocking
from .certificates import certify, copies_of, readable

__all__ = ["Order", "Scope", "Wiped", "Wiping", "resume"]

_BATCH = 200
"""Clips a ledger entry may name at most."""
_REASON = "wiped"

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be wiped. `camera_id` for scope CAMERA, `before_us` (UTC epoch µs) for BEFORE.

    BEFORE takes each clip that began earlier, to its end: a clip that spans the moment goes as a whole.
    """

    scope: Scope
    reason: str
    include_held: bool = False
    clip_ids: tuple[ClipId, ...] = ()
    camera_id: str = ""
    before_us: int = 0
    detail: str = ""
    """The scope in words a person can check: a camera's name, a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiped:
    """What a wipe did."""

    certificate_id: str
    wiped: tuple[ClipId, ...]
    skipped_held: tuple[ClipId, ...]
    failed: tuple[ClipId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an order would wipe (`clips`, and of those that are stored their size and times), and how many stay held."""

    clips: int
    size_bytes: int
    held: int
    oldest_us: int | None
    newest_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the ledger tells of a wipe: it may have been begun by an earlier start."""

    begun: bool = False
    announced: frozenset[ClipId] = frozenset()
    erased: frozenset[ClipId] = frozenset()
    unconfirmed: frozenset[ClipId] = frozenset()
    """Keys that were gone after a wipe was cut short, but nothing was noted of how they went."""
    not_overwritten: int = 0
    done: Entry | None = None


class Wiping:
    """Carries out wipes, one at a time; `lock` is the sweeper's."""

    def __init__(
        self,
        site: SiteSettings,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        lock: asyncio.Lock,
        on_news: Callable[[], None] = lambda: None,
        copied: Callable[[Collection[ClipId]], Mapping[str, int | None]] = lambda _: {},
    ) -> None:
        """`on_news` hears, in the event loop, of progress.

        `copied` returns how many of some clips have a sealed copy elsewhere, by the place's id; None: nobody could
        look.
        """
        self.progress: float | None = None
        """Share of the clips that are gone, 0 to 1; None while nothing is wiped."""
        self._site = site
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._lock = lock
        self._on_news = on_news
        self._copied = copied

    async def wipe(self, order: Order, by: Actor, running: frozenset[ClipId] = frozenset()) -> Wiped:
        """Wipe; `running` clips are being recorded and show what came after the order: they aren't touched.

        Raises InvalidError, NotFoundError (nothing was destroyed), StorageError (the rest follows later).
        """
        parse_reason(order.reason)
        loop = asyncio.get_running_loop()

        def advance(share: float | None) -> None:
            self.progress = share
            loop.call_soon_threadsafe(self._on_news)

        def carry_out() -> Wiped:
            resume(self._site, self._vault, self._clock)  # one that a disk had stopped
            journal = self._journal(order, by, running)
            copied = self._copied(journal.clip_ids)
            _write_journal(self._vault, journal)
            try:
                return _carry_out(self._site, self._vault, self._clock, journal, advance, copied)
            except StorageError:
                if not _is_ordered(self._vault, journal):  # the ledger refused: nothing was destroyed, nothing will be
                    remove_journal(self._vault.paths.wipe_journal)
                raise

        async def locked() -> Wiped:
            async with self._lock:
                advance(0.0)
                try:
                    return await self._run_blocking(carry_out)
                finally:
                    advance(None)

        # Who asked may go away; the thread goes on, and until its end nothing else may erase.
        return await asyncio.shield(asyncio.ensure_future(locked()))

    async def preview(self, order: Order, running: frozenset[ClipId] = frozenset()) -> Preview:
        """Return what an order would wipe and what would stay. Raises NotFoundError, StorageError."""

        def look() -> Preview:
            vault = self._vault
            wanted = [item for item in dict.fromkeys(self._wanted(order)) if item not in running]
            held = [] if order.include_held else [item for item in wanted if vault.holds.get(item) is not None]
            goes = [clip for item in set(wanted) - set(held) if (clip := vault.index.get(item)) is not None]
            return Preview(
                clips=len(wanted) - len(held),
                size_bytes=sum(clip.size_bytes for clip in goes),
                held=len(held),
                oldest_us=min((clip.start_us for clip in goes), default=None),
                newest_us=max((clip.end_us for clip in goes), default=None),
            )

        return await self._run_blocking(look)

    def _journal(self, order: Order, by: Actor, running: frozenset[ClipId]) -> WipeJournal:
        """Return what a start after a crash needs to know; raises InvalidError, NotFoundError."""
        vault, now_us = self._vault, self._clock.now_us()
        wanted = list(dict.fromkeys(self._wanted(order)))
        clip_ids = [item for item in wanted if item not in running]
        if order.scope is Scope.CLIPS and not clip_ids:
            raise InvalidError("nothing_to_wipe")
        held = [] if order.include_held else [item for item in clip_ids if vault.holds.get(item) is not None]
        moment = local_moment(now_us, self._site.time_zone)
        certificate_id = vault.ledger.told.next_number("CW", moment.year)
        while is_written(vault.paths, certificate_id):  # a ledger that was begun anew: no certificate is replaced
            begin, _, number = certificate_id.rpartition("-")
            certificate_id = f"{begin}-{int(number) + 1:04}"
        return WipeJournal(
            certificate_id=certificate_id,
            begun_us=now_us,
            scope=order.scope.value,
            scope_detail=order.detail,
            reason=parse_reason(order.reason),
            include_held=order.include_held,
            clip_ids=tuple(item for item in clip_ids if item not in set(held)),
            skipped_held=tuple(held),
            skipped_running=tuple(item for item in wanted if item in running),
            user_id=by.user_id,
            user_name=by.name,
        )

    def _wanted(self, order: Order) -> Iterable[ClipId]:
        """Return what the order means. Held clips that lost their key count too: a recovery kit would open them."""
        vault = self._vault
        lost = {clip_id: hold for clip_id in vault.lost_held() if (hold := vault.holds.get(clip_id)) is not None}
        match order.scope:
            case Scope.CLIPS:
                for clip_id in order.clip_ids:
                    known = vault.index.get(clip_id) is not None or vault.keyring.has_clip(clip_id) or clip_id in lost
                    if not known:
                        raise NotFoundError("clip_not_found")
                return order.clip_ids
            case Scope.CAMERA:
                clips = vault.index.clips([order.camera_id])
                found = [clip_id for clip_id, hold in lost.items() if hold.camera_id == order.camera_id]
            case Scope.BEFORE:
                clips = vault.index.clips(end_us=order.before_us)
                found = [clip_id for clip_id, hold in lost.items() if hold.since_us < order.before_us]
            case Scope.EVERYTHING:
                clips = []
                every = vault.index.clip_ids() | vault.keyring.spool_ids() | vault.keyring.clip_ids() | lost.keys()
                found = sorted(every)
        return [*(clip.clip_id for clip in clips), *found]


def resume(site: SiteSettings, vault: Vault, clock: Clock) -> Wiped | None:
    """Carry on with a wipe that was cut short. Blocking; belongs between `reconcile` and whatever shows clips.

    Raises StorageError: the rest follows later.
    """
    path = vault.paths.wipe_journal
    try:
        journal = read_journal(path)
    except ValueError as error:
        # It is written in one piece: what can't be read was damaged later. Nothing can be known of its order.
        _LOGGER.error("The journal of a wipe can't be read, order the wipe again: %s", error)  # noqa: TRY400
        _refuse(vault, clock, "wipe_journal_unreadable", ".unreadable")
        return None
    if journal is None:
        return None
    if not _is_ordered(vault, journal):
        # Somebody else wrote it, or the power went before the order was signed: then its person was told so.
        _LOGGER.error("An order to wipe that nobody signed isn't carried out")
        _refuse(vault, clock, "wipe_not_ordered", ".unsigned")
        return None
    return _carry_out(site, vault, clock, journal)


def _is_ordered(vault: Vault, journal: WipeJournal) -> bool:
    """Tell whether the ledger says that this very order was given."""
    return journal.digest in vault.ledger.told.orders


def _refuse(vault: Vault, clock: Clock, key: str, suffix: str) -> None:
    vault.findings.append(Problem(key=key))
    vault.tell_findings(clock.now_us())
    set_aside(vault.paths.wipe_journal, suffix)


def _write_journal(vault: Vault, journal: WipeJournal) -> None:
    try:
        write_journal(vault.paths.wipe_journal, journal)
    except OSError:
        # A full disk is a reason to wipe, not to refuse it.
        if not vault.ledger.give_up_reserve():
            raise StorageError("wipe_not_begun") from None
        try:
            write_journal(vault.paths.wipe_journal, journal)
        except OSError as error:
            raise StorageError("wipe_not_begun") from error


def _carry_out(
    site: SiteSettings,
    vault: Vault,
    clock: Clock,
    journal: WipeJournal,
    advance: Callable[[float], None] = lambda _: None,
    copied: Mapping[str, int | None] = MappingProxyType({}),
) -> Wiped:
    """Do all steps that aren't done yet; `advance` is told the share of clips that are gone. Raises StorageError.

    `copied`: how many of the clips had a sealed copy elsewhere, by the place's id, as far as somebody could look.
    """
    told = _told(vault, journal.certificate_id)
    done = told.done or _destroy(vault, clock, journal, told, advance)
    body = done.body or {}
    failed = tuple(item for item in journal.clip_ids if item in set(body["failed"]))
    wiped = tuple(item for item in journal.clip_ids if item not in set(failed))
    if not is_written(vault.paths, journal.certificate_id):
        certify(site, vault, journal, done, wiped, copied)
    try:
        remove_journal(vault.paths.wipe_journal)
    except OSError as error:  # found done, and removed, at the next start
        _LOGGER.warning("The journal of a finished wipe could not be removed yet: %s", error)
    return Wiped(certificate_id=journal.certificate_id, wiped=wiped, skipped_held=journal.skipped_held, failed=failed)


def _told(vault: Vault, certificate_id: str) -> _Told:
    begun = False
    announced: set[ClipId] = set()
    erased: set[ClipId] = set()
    unconfirmed: set[ClipId] = set()
    not_overwritten = 0
    for entry in readable(vault):
        body = entry.body or {}
        if entry.event == Event.WIPING and body.get("certificate_id") == certificate_id:
            begun = True
            unconfirmed.update(body.get("unconfirmed", ()))
        elif entry.event == Event.WIPED and body.get("certificate_id") == certificate_id:
            return _Told(begun=True, done=entry)
        elif begun and body.get("reason") == _REASON:  # wipes are carried out one after the other: it is this one's
            if entry.event == Event.ERASING:
                announced.update(body["clip_ids"])
            elif entry.event == Event.ERASED:
                erased.update(body["clip_ids"])
                not_overwritten += int(body["not_overwritten"])
    return _Told(
        begun=begun,
        announced=frozenset(announced),
        erased=frozenset(erased),
        unconfirmed=frozenset(unconfirmed),
        not_overwritten=not_overwritten,
    )


def _destroy(vault: Vault, clock: Clock, journal: WipeJournal, told: _Told, advance: Callable[[float], None]) -> Entry:
    """Erase what isn't erased yet; returns the ledger's entry `wiped`, which holds what the certificate tells of it."""
    facts: dict[str, object] = {
        "certificate_id": journal.certificate_id,
        "order_sha256": journal.digest,
        "scope": journal.scope,
        "scope_detail": journal.scope_detail,
        "reason": journal.reason,
        "include_held": journal.include_held,
        "user_id": journal.user_id,
        "user_name": journal.user_name,
    }
    begin: dict[str, object] = {"clips": len(journal.clip_ids)}
    if told.begun:
        unnoted = [
            item
            for item in journal.clip_ids
            if item in told.announced and item not in told.erased and not vault.keyring.has_clip(item)
        ]
        begin |= {"resumed": True, "unconfirmed": unnoted}
    vault.ledger.append(Event.WIPING, facts | begin, clock.now_us())
    left = [item for item in journal.clip_ids if item not in told.erased or _has_key(vault, item)]
    for start in range(0, len(left), _BATCH):
        vault.erase(left[start : start + _BATCH], _REASON, clock.now_us())
        advance(min((start + _BATCH) / len(left), 1.0))
    failed = [item for item in journal.clip_ids if _has_key(vault, item)]
    wiped = [item for item in journal.clip_ids if item not in set(failed)]
    _destroy_kits(vault, set(wiped))
    refused = sum(_refused(vault, item) for item in wiped)
    rotated = True
    try:
        vault.rotate_root(clock.now_us())
    except CamguardError as error:  # a disk's refusal, or a key file that was damaged
        _LOGGER.warning("The root key could not be renewed after the wipe: %s", error)
        rotated = False
    told = _told(vault, journal.certificate_id)
    outcome = {
        "wiped": len(wiped),
        "clip_ids_sha256": hashlib.sha256("".join(f"{item}\n" for item in sorted(wiped)).encode()).hexdigest(),
        "failed": failed,
        "remnants": [item for item in wiped if vault.has_files(item)],
        "skipped_held": list(journal.skipped_held),
        "skipped_running": list(journal.skipped_running),
        "not_overwritten": told.not_overwritten,
        "unconfirmed": len(told.unconfirmed),
        "open_attempts_failed": refused,
        "root_rotated": rotated,
    }
    return vault.ledger.append(Event.WIPED, facts | outcome, clock.now_us())


def _has_key(vault: Vault, clip_id: ClipId) -> bool:
    return vault.keyring.has_clip(clip_id) or vault.paths.spool_key(clip_id).exists()


def _refused(vault: Vault, clip_id: ClipId) -> bool:
    """Try to open a clip that must be gone, and the spool that it was made from."""
    try:
        vault.open_clip(clip_id).close()
    except ErasedError:
        pass
    except CamguardError:
        return False
    else:
        return False
    try:
        vault.keyring.spool(clip_id)
    except ErasedError:
        return True
    except CamguardError:
        return False
    return False


def _destroy_kits(vault: Vault, wiped: set[ClipId]) -> None:
    """Destroy the kits that hold nothing any more but keys of clips that are gone."""
    concerned = copies_of(vault, wiped).kits
    for kit in find_kits(vault.paths.holds):
        clips = concerned.get(kit.kit_id)
        if clips and not any(vault.keyring.has_clip(item) or vault.holds.get(item) for item in clips):
            try:
                remove_kit(kit)
            except OSError as error:
                _LOGGER.warning("A recovery kit of wiped clips could not be removed: %s", error)
