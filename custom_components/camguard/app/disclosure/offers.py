"""Handing clips out: on a legal basis only, written down before the first byte leaves (guideline 2(6)).

`export` verifies the clips, writes the ledger entry and makes an offer: what the bundle will hold, and its password.
The bundle itself is made while it is downloaded, from the sealed files: nothing of it is ever stored. An offer lives in
memory for OFFER_SECONDS; until then a broken download can be repeated, and each one is written down. That an offer was
never fetched is, too.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...domain.bundle import Form, Terms, local_moment
from ...domain.clip import PRIVATE, US_PER_SECOND, Clip, ClipId
from ...domain.errors import (
    CamguardError,
    ErasedError,
    IntegrityError,
    InvalidError,
    NotFoundError,
    StorageError,
    WorkerError,
)
from ...domain.ledger import Event
from ...domain.settings import SiteSettings
from ...vault.documents.archive import Member, archive_bytes, archive_chunks
from ...vault.keys.code import make_code
from ...vault.vault import Vault
from ...worker import faults
from ..ports import NOBODY, Actor, Clock, RunBlocking
from .bundles import Part, check_size, disclosing_facts, extract_part, make_bundle, whole_part
from .extracts import Cutter, remove_extract

OFFER_SECONDS = 3600.0
CUT_SLACK_US = US_PER_SECOND
"""A clip that reaches beyond the asked-for time by less is given whole."""
PIECE_BYTES = 256 * 1024
"""Made at once, in another thread, between two looks at whether the clips are still there."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Terms):
    """What is to be handed out, to whom and why. Clips by id, or one camera's of a time (UTC epoch µs)."""

    clip_ids: tuple[ClipId, ...] = ()
    camera_id: str = ""
    start_us: int = 0
    end_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a request would hand out of one clip."""

    clip: Clip
    span_us: tuple[int, int]
    """What was asked for of it, UTC epoch µs; a cut begins up to two seconds before, at a keyframe."""
    whole: bool


@dataclass(eq=False, slots=True, kw_only=True)
class _Download:
    """One attempt to fetch an offer."""

    by: Actor
    sent_bytes: int = 0
    told: bool = False
    """Its end is in the ledger, or is being written there."""


class Offer:
    """A bundle that waits to be fetched."""

    def __init__(
        self,
        disclosure_id: str,
        form: Form,
        parts: Sequence[Part],
        members: Sequence[Member],
        receipt: Mapping[str, Any],
        password: str | None,
    ) -> None:
        """`receipt`: what the paper tells that both sign."""
        self.disclosure_id = disclosure_id
        self.form = form
        self.parts = tuple(parts)
        self.members = tuple(members)
        self.receipt = receipt
        self.list_sha256 = str(receipt["list_sha256"])
        self.password = password
        self.size_bytes = archive_bytes(self.members, password)
        self.expires_at = time.monotonic() + OFFER_SECONDS
        self.withdrawn = False
        self.fetched = False
        """Whether a download was ever begun."""
        self.downloads: set[_Download] = set()
        """Those that go on."""
        self._shown = False

    @property
    def seconds_left(self) -> float:
        """How long it can still be fetched."""
        return max(self.expires_at - time.monotonic(), 0)

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.seconds_left == 0

    def take_password(self) -> str | None:
        """Return the password, once; None when it was shown already or there is none."""
        if self._shown:
            return None
        self._shown = True
        return self.password

    def destroy_extracts(self) -> None:
        """Remove the extracts; their keys go with this object. Blocking."""
        _destroy_extracts(self.parts)


class Disclosure:
    """Makes offers and serves their bundles. All methods belong to the event loop."""

    def __init__(
        self,
        site: SiteSettings,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        *,
        is_due: Callable[[Clip], bool],
        clock_error_us: Callable[[Clip], int],
        on_altered: Callable[[ClipId], None],
        on_made: Callable[[str], None] = lambda _: None,
        on_fetch: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin without offers. `on_made` hears the id of each; `on_fetch`, that a download begins or has ended.

        `is_due` tells, in any thread, whether a clip's time is over; `clock_error_us`, by how much the clock was ahead
        when it was recorded, as far as is known. `on_altered` hears, in the event loop, of a clip that isn't what was
        sealed.
        """
        self._site = site
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._is_due = is_due
        self._clock_error_us = clock_error_us
        self._on_altered = on_altered
        self._on_made = on_made
        self._on_fetch = on_fetch
        self._cutter = Cutter(vault, run_blocking)
        self._offers: dict[str, Offer] = {}
        self._over: set[str] = set()
        self._numbering = asyncio.Lock()

    async def close(self) -> None:
        """Withdraw all offers; downloads that go on are ended, and that is written down if it can be."""
        for offer in tuple(self._offers.values()):
            try:
                await self._withdraw(offer, "stopped")
            except StorageError as error:  # everything else has to be closed all the same
                _LOGGER.warning(
                    "The end of the disclosure %s could not be written down: %s", offer.disclosure_id, error
                )

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What can be fetched now, oldest first."""
        return tuple(offer for offer in self._offers.values() if not offer.expired)

    async def preview(self, request: Request) -> tuple[Planned, ...]:
        """Return what a request would hand out, without opening a clip; raises as `export` does, as far as it sees."""
        clips = await self._run_blocking(self._choose, request)
        return tuple(Planned(clip=clip, span_us=_span(clip, request), whole=_is_whole(clip, request)) for clip in clips)

    def offer(self, disclosure_id: str) -> Offer:
        """Return an offer; raises NotFoundError `disclosure_not_found`, ErasedError `disclosure_expired`."""
        offer = self._offers.get(disclosure_id)
        if disclosure_id in self._over or (offer is not None and offer.expired):
            raise ErasedError("disclosure_expired")
        if offer is None:
            raise NotFoundError("disclosure_not_found")
        return offer

    async def sweep(self) -> None:
        """Withdraw offers whose time is over (a download that goes on may end) or whose clips were erased.

        Raises StorageError when that can't be written down.
        """
        for offer in tuple(self._offers.values()):
            if await self._run_blocking(self._any_erased, offer):
                await self._withdraw(offer, "clip_erased")
            elif offer.expired and not offer.downloads:
                await self._withdraw(offer, "disclosure_expired")

    async def export(self, request: Request, by: Actor) -> Offer:
        """Verify, write down, and offer the bundle.

        Raises InvalidError (`range_empty`, `bundle_too_large`), NotFoundError, ErasedError, IntegrityError
        `clip_altered` (then an anomaly is written down), StorageError, WorkerError. Nothing is offered then.
        """
        clips = await self._run_blocking(self._choose, request)
        parts: list[Part] = []
        try:
            for clip in clips:
                part = await self._part(clip, request)
                if part is not None:
                    parts.append(part)
            if not parts:
                raise InvalidError("range_empty")
            async with self._numbering:
                making = asyncio.ensure_future(self._run_blocking(self._make_offer, request, parts, by))
                try:
                    offer = await asyncio.shield(making)
                except asyncio.CancelledError:  # it may be written down already: then its end has to be, too
                    await self._withdraw(await making, "connection")
                    raise
        except BaseException:
            await self._run_blocking(_destroy_extracts, parts)
            raise
        self._offers[offer.disclosure_id] = offer
        self._on_made(offer.disclosure_id)
        return offer

    async def fetch(self, offer: Offer, by: Actor) -> AsyncGenerator[bytes]:
        """Yield the bundle. Its end, or how far it came, is written down.

        Raises ErasedError when a clip is or becomes erased, or the offer is withdrawn: no byte leaves after that.
        Further StorageError, IntegrityError `clip_altered` (then an anomaly is written down too) and
        `bundle_member_changed`.
        """
        download = _Download(by=by)
        offer.fetched = True
        offer.downloads.add(download)
        self._on_fetch()
        reason = "connection"
        chunks = archive_chunks(offer.members, offer.password)
        try:
            await self._run_blocking(self._check_listed, offer)
            while piece := await self._run_blocking(self._next_piece, offer, chunks):
                download.sent_bytes += len(piece)
                yield piece
            reason = ""
        except CamguardError as error:
            reason = error.key
            if error.key == "clip_altered":
                await self._altered(ClipId(error.placeholders["clip_id"]), error.key)
            raise
        finally:
            offer.downloads.discard(download)
            self._on_fetch()
            await asyncio.shield(asyncio.ensure_future(self._conclude(offer, download, chunks, reason)))

    # --- parts ---

    def _choose(self, request: Request) -> list[Clip]:
        """Return the clips that were asked for, oldest first."""
        if request.clip_ids:
            found = [self._vault.index.get(clip_id) for clip_id in dict.fromkeys(request.clip_ids)]
            if None in found:
                raise NotFoundError("clip_not_found")
            clips = [clip for clip in found if clip is not None]
        else:
            if request.end_us <= request.start_us:
                raise InvalidError("range_empty")
            clips = self._vault.index.clips([request.camera_id], start_us=request.start_us, end_us=request.end_us)
            clips = [clip for clip in clips if not self._is_due(clip)]
            if not clips:
                raise InvalidError("range_empty")
        for clip in clips:
            if self._is_due(clip) or not self._vault.keyring.has_clip(clip.clip_id):
                raise ErasedError("clip_erased")
        return sorted(clips, key=lambda clip: (clip.start_us, clip.clip_id))

    async def _part(self, clip: Clip, request: Request) -> Part | None:
        """Verify a clip and cut what isn't asked for; None when none of its frames lies in the time."""
        try:
            whole = await self._run_blocking(whole_part, self._vault, clip, self._clock_error_us(clip))
        except IntegrityError as error:
            await self._altered(clip.clip_id, error.key)
            raise IntegrityError("clip_altered") from error
        begin, end = _span(clip, request)
        if not request.clip_ids:
            whole = replace(whole, asked_us=(begin, end))
        if _is_whole(clip, request):
            return whole
        try:
            cut, path, identity = await self._cutter.cut(clip, begin - clip.start_us, end - clip.start_us)
        except WorkerError as error:
            if error.key == faults.NOTHING_RECORDED:
                return None
            raise
        try:
            return await self._run_blocking(extract_part, self._vault, whole, cut, path, identity)
        except BaseException:
            await self._run_blocking(remove_extract, path)
            raise

    async def _altered(self, clip_id: ClipId, key: str) -> None:
        self._on_altered(clip_id)
        facts = {"problems": [f"clip_altered {clip_id} {key}"]}
        await self._run_blocking(self._vault.ledger.append, Event.ANOMALY, facts, self._clock.now_us())

    # --- the offer ---

    def _make_offer(self, request: Request, parts: list[Part], by: Actor) -> Offer:
        vault, now_us = self._vault, self._clock.now_us()
        password = make_code() if request.form is Form.SEALED_ZIP else None
        # The size is known before anything is written down: what can't be handed out isn't disclosed.
        check_size(parts, vault.ledger.seq, password)
        moment = local_moment(now_us, self._site.time_zone)
        disclosure_id = vault.ledger.told.next_number("CG", moment.year)
        facts = disclosing_facts(request, parts, disclosure_id)
        vault.ledger.append(Event.DISCLOSING, facts | {PRIVATE: by.facts}, now_us)
        try:
            members, receipt = make_bundle(
                vault, self._site, request, parts, disclosure_id=disclosure_id, now_us=now_us
            )
            return Offer(disclosure_id, request.form, parts, members, receipt, password)
        except BaseException as error:
            reason = error.key if isinstance(error, CamguardError) else type(error).__name__
            facts = {"disclosure_id": disclosure_id, "clip_ids": facts["clip_ids"], "bytes": 0, "reason": reason}
            vault.ledger.append(Event.DISCLOSURE_ABORTED, by.facts | facts, now_us)
            raise

    async def _withdraw(self, offer: Offer, reason: str) -> None:
        """End an offer and the downloads that go on; raises StorageError when that can't be written down."""
        offer.withdrawn = True
        self._offers.pop(offer.disclosure_id, None)
        self._over.add(offer.disclosure_id)
        going_on = [download for download in offer.downloads if not download.told]
        if not offer.fetched:  # nobody has it
            going_on = [_Download(by=NOBODY)]
        for download in going_on:
            download.told = True
        try:
            for download in going_on:
                await self._run_blocking(self._tell, offer, download, reason)
        finally:
            await self._run_blocking(offer.destroy_extracts)

    # --- a download, in other threads ---

    def _check_listed(self, offer: Offer) -> None:
        """Raise ErasedError when a clip's time is over, even if it isn't erased yet."""
        for part in offer.parts:
            clip = self._vault.index.get(part.clip.clip_id)
            if clip is None or self._is_due(clip):
                raise ErasedError("clip_erased")

    def _any_erased(self, offer: Offer) -> bool:
        return not all(self._vault.keyring.has_clip(part.clip.clip_id) for part in offer.parts)

    def _next_piece(self, offer: Offer, chunks: Generator[bytes]) -> bytes:
        """Return the next bytes of the archive, b"" at its end."""
        piece = bytearray()
        try:
            for chunk in chunks:
                piece += chunk
                if len(piece) >= PIECE_BYTES:
                    break
        except (CamguardError, OSError) as error:
            if self._any_erased(offer):
                raise ErasedError("clip_erased") from error
            if offer.withdrawn:
                raise ErasedError("disclosure_expired") from error
            if isinstance(error, OSError):
                raise StorageError("clip_unreadable") from error
            raise
        if self._any_erased(offer):
            raise ErasedError("clip_erased")
        if offer.withdrawn:
            raise ErasedError("disclosure_expired")
        return bytes(piece)

    async def _conclude(self, offer: Offer, download: _Download, chunks: Generator[bytes], reason: str) -> None:
        """Write down how a download ended, unless that is written already."""
        told, download.told = download.told, True
        await self._run_blocking(_close, chunks)
        if not told:
            await self._run_blocking(self._tell, offer, download, reason)

    def _tell(self, offer: Offer, download: _Download, reason: str) -> None:
        facts = {
            "disclosure_id": offer.disclosure_id,
            "list_sha256": offer.list_sha256,
            "clip_ids": [part.clip.clip_id for part in offer.parts],
            "bytes": download.sent_bytes,
            "reason": reason,
        }
        outcome = Event.DISCLOSURE_ABORTED if reason else Event.DISCLOSED
        self._vault.ledger.append(outcome, download.by.facts | facts, self._clock.now_us())


def _close(chunks: Generator[bytes]) -> None:
    """Close the archive's generator, and with it the clip that it reads."""
    with contextlib.suppress(ValueError):  # cancelled: it is at work in another thread yet, and ends with that
        chunks.close()


def _span(clip: Clip, request: Request) -> tuple[int, int]:
    """Return what is asked for of a clip, UTC epoch µs."""
    return max(request.start_us, clip.start_us), min(request.end_us or clip.end_us, clip.end_us)


def _is_whole(clip: Clip, request: Request) -> bool:
    """Tell whether all of a clip goes out: it is named, or so little would be cut off that it isn't worth it."""
    begin, end = _span(clip, request)
    return bool(request.clip_ids) or (begin - clip.start_us <= CUT_SLACK_US and clip.end_us - end <= CUT_SLACK_US)


def _destroy_extracts(parts: Sequence[Part]) -> None:
    for part in parts:
        if part.extract is not None:
            remove_extract(part.extract[0])
