"""Handing clips out: on a legal basis only, written down before the first byte leaves (guideline 2(6)).

`export` verifies the clips, writes the ledger entry and makes an offer: what the bundle will hold, and its password.
The bundle itself is made while it is downloaded, from the sealed files: nothing of it is ever stored. An offer lives in
memory for OFFER_SECONDS; until then a broken download can be repeated, and each one is written down.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..domain.bundle import (
    BundledClip,
    BundleManifest,
    Form,
    LegalBasis,
    Recipient,
    ledger_extract,
    sha256sums,
)
from ..domain.clip import US_PER_SECOND, Clip, ClipId, canonical_json
from ..domain.cover_letter import cover_letter
from ..domain.errors import CamguardError, ErasedError, IntegrityError, InvalidError, NotFoundError
from ..domain.ledger import GENESIS, Event, next_number
from ..domain.settings import SiteSettings
from ..vault.archive import Member, archive_bytes, archive_chunks
from ..vault.code import make_code
from ..vault.destroy import overwrite_and_remove
from ..vault.keys import public_key_text
from ..vault.manifest_file import SignedManifest
from ..vault.sealed import Identity, SealedReader
from ..vault.ssh_signature import allowed_signers, fingerprint, public_key_pem, ssh_signature
from ..vault.vault import Vault
from .cutting import Cutter
from .grant import SOFTWARE
from .ports import Actor, Clock, RunBlocking

OFFER_SECONDS = 3600.0
CUT_SLACK_US = US_PER_SECOND
"""A clip that reaches beyond the asked-for time by less is given whole."""
TOOLS = Path(__file__).parents[1] / "bundle"
"""What the recipient verifies with: verify.html, verify.py."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be handed out, to whom and why. Clips by id, or one camera's of a time."""

    legal_basis: LegalBasis
    recipient: Recipient
    purpose: str
    form: Form
    clip_ids: tuple[ClipId, ...] = ()
    camera_id: str = ""
    start_us: int = 0
    end_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One clip of a bundle: the whole, or an extract of it in a sealed file whose key only this process has."""

    clip: Clip
    signed: SignedManifest
    start_us: int
    end_us: int
    size_bytes: int
    sha256: str
    extract: tuple[Path, Identity] | None = None


class Offer:
    """A bundle that waits to be fetched."""

    def __init__(
        self, disclosure_id: str, form: Form, parts: Sequence[_Part], members: Sequence[Member], manifest: bytes
    ) -> None:
        self.disclosure_id = disclosure_id
        self.form = form
        self.parts = tuple(parts)
        self.members = tuple(members)
        self.manifest_sha256 = hashlib.sha256(manifest).hexdigest()
        self.password = make_code() if form is Form.SEALED_ZIP else None
        self.size_bytes = archive_bytes(self.members, self.password)
        self.expires_at = time.monotonic() + OFFER_SECONDS
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
        """Remove the extracts; their keys go with this object."""
        for part in self.parts:
            if part.extract is not None:
                with contextlib.suppress(OSError):
                    overwrite_and_remove(part.extract[0], whole=False)


class Disclosure:
    """Makes offers and serves their bundles."""

    def __init__(
        self,
        site: SiteSettings,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        *,
        is_due: Callable[[Clip], bool],
        on_altered: Callable[[ClipId], None],
    ) -> None:
        """`is_due`: whether a clip's time is over; `on_altered` hears of a clip that isn't what was sealed."""
        self._site = site
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._is_due = is_due
        self._on_altered = on_altered
        self._cutter = Cutter(vault, run_blocking)
        self._offers: dict[str, Offer] = {}
        self._numbering = asyncio.Lock()

    async def close(self) -> None:
        """Withdraw all offers."""
        for offer in self._offers.values():
            await self._run_blocking(offer.destroy_extracts)
        self._offers.clear()

    def offer(self, disclosure_id: str) -> Offer:
        """Return an offer; raises NotFoundError `disclosure_not_found`, ErasedError `disclosure_expired`."""
        offer = self._offers.get(disclosure_id)
        if offer is None:
            raise NotFoundError("disclosure_not_found")
        if offer.expired:
            raise ErasedError("disclosure_expired")
        return offer

    async def sweep(self) -> None:
        """Withdraw offers whose time is over."""
        for disclosure_id, offer in list(self._offers.items()):
            if offer.expired:
                del self._offers[disclosure_id]
                await self._run_blocking(offer.destroy_extracts)

    async def export(self, request: Request, by: Actor) -> Offer:
        """Verify, write down, and offer the bundle.

        Raises InvalidError, NotFoundError, ErasedError, IntegrityError `clip_altered` (then an anomaly is written
        down), StorageError, WorkerError.
        """
        clips = await self._run_blocking(self._choose, request)
        parts: list[_Part] = []
        try:
            for clip in clips:
                parts.append(await self._part(clip, request))  # noqa: PERF401 - what was cut is removed on failure
            async with self._numbering:
                offer = await self._run_blocking(self._make_offer, request, parts, by)
        except BaseException:
            for part in parts:
                if part.extract is not None:
                    await self._run_blocking(overwrite_and_remove, part.extract[0])
            raise
        self._offers[offer.disclosure_id] = offer
        return offer

    async def fetch(self, offer: Offer, by: Actor) -> AsyncGenerator[bytes]:
        """Yield the bundle. Its end, or how far it came, is written down.

        Raises ErasedError before the first byte when a clip was erased meanwhile; later IntegrityError, StorageError.
        """
        sent = 0
        outcome, reason = Event.DISCLOSURE_ABORTED, "connection"
        chunks = archive_chunks(offer.members, offer.password)
        try:
            for part in offer.parts:
                if not await self._run_blocking(self._vault.keyring.has_clip, part.clip.clip_id):
                    raise ErasedError("clip_erased")
            while (chunk := await self._run_blocking(next, chunks, None)) is not None:
                for part in offer.parts:
                    if not self._vault.keyring.has_clip(part.clip.clip_id):
                        raise ErasedError("clip_erased")
                yield chunk
                sent += len(chunk)
            outcome, reason = Event.DISCLOSED, ""
        except CamguardError as error:
            reason = error.key
            raise
        finally:
            facts = {
                "disclosure_id": offer.disclosure_id,
                "manifest_sha256": offer.manifest_sha256,
                "clip_ids": [part.clip.clip_id for part in offer.parts],
                "bytes": sent,
                "reason": reason,
            }
            await asyncio.shield(
                asyncio.ensure_future(
                    self._run_blocking(self._vault.ledger.append, outcome, by.facts | facts, self._clock.now_us())
                )
            )

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

    async def _part(self, clip: Clip, request: Request) -> _Part:
        """Verify a clip and cut what isn't asked for."""
        signed = await self._run_blocking(self._verified, clip)
        whole = _Part(
            clip=clip,
            signed=signed,
            start_us=clip.start_us,
            end_us=clip.end_us,
            size_bytes=signed.manifest.clip.size_bytes,
            sha256=signed.manifest.clip.sha256,
        )
        begin, end = max(request.start_us, clip.start_us), min(request.end_us or clip.end_us, clip.end_us)
        if request.clip_ids or (begin - clip.start_us <= CUT_SLACK_US and clip.end_us - end <= CUT_SLACK_US):
            return whole
        cut, path, identity = await self._cutter.cut(clip, begin - clip.start_us, end - clip.start_us)
        return replace(
            whole,
            start_us=clip.start_us + cut.from_us,
            end_us=clip.start_us + cut.to_us,
            size_bytes=cut.size_bytes,
            sha256=cut.sha256,
            extract=(path, identity),
        )

    def _verified(self, clip: Clip) -> SignedManifest:
        """Read the whole clip: what is handed out is what was sealed. Raises IntegrityError `clip_altered`."""
        try:
            signed = self._vault.manifest(clip.clip_id)
            digest = hashlib.sha256()
            with self._vault.open_clip(clip.clip_id) as reader:
                for chunk in reader.chunks():
                    digest.update(chunk)
            if digest.hexdigest() != signed.manifest.clip.sha256:
                raise IntegrityError("clip_altered")
        except IntegrityError as error:
            facts = {"problems": [f"clip_altered {clip.clip_id} {error.key}"]}
            self._vault.ledger.append(Event.ANOMALY, facts, self._clock.now_us())
            self._on_altered(clip.clip_id)
            raise IntegrityError("clip_altered") from error
        return signed

    def _make_offer(self, request: Request, parts: list[_Part], by: Actor) -> Offer:
        vault, now_us = self._vault, self._clock.now_us()
        disclosure_id = next_number(vault.ledger.entries(), Event.DISCLOSING, "disclosure_id", "CG", now_us)
        # The size is known before anything is written down: what can't be handed out isn't disclosed.
        archive_bytes([_member(f"{disclosure_id}/{number}", part, vault) for number, part in enumerate(parts)], None)
        facts = {
            "disclosure_id": disclosure_id,
            "legal_basis": request.legal_basis.value,
            "recipient_name": request.recipient.name,
            "recipient_organization": request.recipient.organization,
            "request_reference": request.recipient.request_reference,
            "purpose": request.purpose,
            "form": request.form.value,
            "clip_ids": [part.clip.clip_id for part in parts],
            "contents": [{"sha256": part.sha256, "start_us": part.start_us, "end_us": part.end_us} for part in parts],
        }
        vault.ledger.append(Event.DISCLOSING, by.facts | facts, now_us)
        members, manifest = self._members(request, parts, disclosure_id, now_us)
        return Offer(disclosure_id, request.form, parts, members, manifest)

    def _members(
        self, request: Request, parts: list[_Part], disclosure_id: str, now_us: int
    ) -> tuple[list[Member], bytes]:
        """Return (everything in the bundle, the manifest's bytes)."""
        key = self._vault.keyring.public_key
        sign = self._vault.keyring.sign
        extract, entries, seq, head = self._ledger_files({part.clip.clip_id for part in parts}, disclosure_id)
        files: dict[str, bytes] = {
            "ledger-extract.txt": extract,
            "ledger-entries.jsonl": entries,
            "public-key.pem": public_key_pem(key),
            "allowed_signers": allowed_signers(key),
            "verify.html": (TOOLS / "verify.html").read_bytes(),
            "verify.py": (TOOLS / "verify.py").read_bytes(),
        }
        bundled = []
        for number, part in enumerate(parts, 1):
            name = f"clip-{number:02}"
            files[f"{name}.json"] = part.signed.text
            files[f"{name}.json.sig"] = part.signed.signature
            if public_key_text(part.signed.public_key) != public_key_text(key):
                files[f"{name}-public-key.pem"] = public_key_pem(part.signed.public_key)
            whole = part.signed.manifest.clip
            bundled.append(
                BundledClip(
                    file=f"{name}.mp4",
                    manifest_file=f"{name}.json",
                    camera=part.signed.manifest.camera_name,
                    place=part.signed.manifest.place,
                    start_us=part.start_us,
                    end_us=part.end_us,
                    size_bytes=part.size_bytes,
                    sha256=part.sha256,
                    whole_sha256=whole.sha256,
                    whole_start_us=whole.start_us,
                    whole_end_us=whole.end_us,
                )
            )
        manifest = BundleManifest(
            disclosure_id=disclosure_id,
            created_us=now_us,
            time_zone=self._site.time_zone,
            operator=self._site.operator_name,
            contact=self._site.contact,
            recipient=request.recipient,
            legal_basis=request.legal_basis,
            purpose=request.purpose,
            form=request.form,
            clips=tuple(bundled),
            ledger_seq=seq,
            ledger_head=head,
            files=(),
            public_key=public_key_text(key),
            fingerprint=fingerprint(key),
            software=SOFTWARE,
        )
        files["README.html"] = cover_letter(json.loads(manifest.to_json())).encode()
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        hashes |= {clip.file: clip.sha256 for clip in bundled}
        text = replace(manifest, files=tuple(sorted(hashes.items()))).to_json()
        files |= {
            "manifest.json": text,
            "manifest.json.sig": ssh_signature(sign, key, text),
            "manifest.sig": sign(text),
        }
        hashes |= {name: hashlib.sha256(files[name]).hexdigest() for name in files}
        files["SHA256SUMS"] = sha256sums(tuple(hashes.items()))
        members = [
            Member(
                name=f"{disclosure_id}/{name}",
                size_bytes=len(data),
                modified_us=now_us,
                chunks=partial(iter, (data,)),
            )
            for name, data in sorted(files.items())
        ]
        members += [
            _member(f"{disclosure_id}/{clip.file}", part, self._vault)
            for clip, part in zip(bundled, parts, strict=True)
        ]
        return members, text

    def _ledger_files(self, clip_ids: set[ClipId], disclosure_id: str) -> tuple[bytes, bytes, int, str]:
        """Return (chain from the first of these clips on, the bodies that concern this disclosure, seq, head).

        Of all other entries the recipient gets the digests alone: other disclosures and viewers are none of theirs.
        """
        links: list[tuple[int, str, str]] = []
        bodies: list[bytes] = []
        start_seq, start_head = 0, GENESIS
        for entry in self._vault.ledger.entries():
            body = entry.body or {}
            recorded = entry.event == Event.RECORDED and body.get("clip_id") in clip_ids
            own = entry.event == Event.DISCLOSING and body.get("disclosure_id") == disclosure_id
            if not links and not recorded and not own:
                start_seq, start_head = entry.seq, entry.head
                continue
            links.append((entry.seq, entry.bh, entry.head))
            if recorded or own:
                bodies.append(canonical_json(body))
            if own:
                break
        seq, _, head = links[-1]
        return ledger_extract(start_seq, start_head, links), b"".join(body + b"\n" for body in bodies), seq, head


def _member(name: str, part: _Part, vault: Vault) -> Member:
    def chunks() -> Iterator[bytes]:
        if part.extract is not None:
            path, identity = part.extract
            with path.open("rb") as file, SealedReader(file, identity) as reader:
                yield from reader.chunks()
        else:
            with vault.open_clip(part.clip.clip_id) as reader:
                yield from reader.chunks()

    return Member(name=name, size_bytes=part.size_bytes, modified_us=part.end_us, chunks=chunks)
