"""What is in a bundle: the videos, their records, the piece of the ledger, the signatures. Blocking, all of it.

Who gets it, and when, is disclosure.py's.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from ...domain.bundle import BundledClip, BundleManifest, Terms, ledger_extract, sha256sums, zone_of
from ...domain.clip import US_PER_SECOND, Clip, ClipId, canonical_json, shared
from ...domain.documents.cover_letter import cover_letter
from ...domain.errors import IntegrityError, StorageError
from ...domain.ledger import GENESIS, Event
from ...domain.settings import SiteSettings
from ...domain.software import SOFTWARE
from ...vault.clips.manifest_file import SignedManifest
from ...vault.documents.archive import Member, archive_bytes
from ...vault.documents.ssh_signature import allowed_signers, fingerprint, public_key_pem, ssh_signature
from ...vault.keys.keyring import public_key_text
from ...vault.sealed import Identity, SealedReader
from ...vault.vault import Vault
from ...worker.protocol import ClipCut

LIST = "SHA256SUMS"
"""The signed list of all files."""
TOOLS = Path(__file__).parents[2] / "bundle"
"""What the recipient verifies with: verify.html, verify.py."""

# Upper bounds, for refusing what is too large before it is written down.
_BESIDE_BYTES = 1 << 20
"""Letter, tools, manifest, signatures."""
_LINK_BYTES = 160
"""One line of the ledger's extract."""
_CLIP_BYTES = 8 << 10
"""What is told of one video in letter, manifest and ledger, names aside."""
_CLIP_FILES = 4
_FIXED_FILES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One video of a bundle: a whole clip, or an extract of it in a sealed file whose key only this process has."""

    clip: Clip
    signed: SignedManifest
    start_us: int
    end_us: int
    size_bytes: int
    sha256: str
    crc32: int
    clock_error_us: int
    """By how much the clock was ahead when it was recorded, as far as is known."""
    asked_us: tuple[int, int] | None = None
    """(from, to) that was asked for of this clip; None: all of it."""
    extract: tuple[Path, Identity] | None = None

    def chunks(self, vault: Vault) -> Iterator[bytes]:
        """Yield the plain MP4, the last chunk only when all of it is what was promised.

        Raises ErasedError, StorageError, OSError, IntegrityError `clip_altered`, for an extract
        `bundle_member_changed`.
        """
        digest = hashlib.sha256()
        held = b""
        try:
            with self.open(vault) as reader:
                for chunk in reader.chunks():
                    digest.update(chunk)
                    if held:
                        yield held
                    held = chunk
            if digest.hexdigest() != self.sha256:
                raise IntegrityError("clip_altered")
        except IntegrityError as error:
            if self.extract is not None:
                raise IntegrityError("bundle_member_changed", name=self.extract[0].name) from error
            raise IntegrityError("clip_altered", clip_id=self.clip.clip_id) from error
        yield held

    def open(self, vault: Vault) -> SealedReader:
        """Return a reader of the plain MP4; raises ErasedError, StorageError, OSError, IntegrityError."""
        if self.extract is None:
            return vault.open_clip(self.clip.clip_id)
        path, identity = self.extract
        file = path.open("rb")
        try:
            return SealedReader(file, identity)
        except BaseException:
            file.close()
            raise


def whole_part(vault: Vault, clip: Clip, clock_error_us: int) -> Part:
    """Read a whole clip: what is handed out is what was sealed.

    Raises IntegrityError, ErasedError, StorageError.
    """
    signed = vault.manifest(clip.clip_id)
    told = signed.manifest.clip
    try:
        with vault.open_clip(clip.clip_id) as reader:
            sha256, crc32 = _read_through(reader)
            size_bytes = reader.size
    except OSError as error:
        raise StorageError("clip_unreadable") from error
    if (sha256, size_bytes) != (told.sha256, told.size_bytes):
        raise IntegrityError("clip_altered")
    return Part(
        clip=clip,
        signed=signed,
        start_us=clip.start_us,
        end_us=clip.end_us,
        size_bytes=size_bytes,
        sha256=sha256,
        crc32=crc32,
        clock_error_us=clock_error_us,
    )


def extract_part(vault: Vault, whole: Part, cut: ClipCut, path: Path, identity: Identity) -> Part:
    """Read an extract of a clip back as it came from the worker; raises IntegrityError, StorageError.

    Its times are read off an MP4, whose ticks are 11 µs: rounded, they may lie a few µs outside of the clip.
    """
    start_us = whole.clip.start_us
    part = replace(
        whole,
        start_us=start_us + cut.from_us,
        end_us=min(start_us + cut.to_us, whole.clip.end_us),
        size_bytes=cut.size_bytes,
        sha256=cut.sha256,
        extract=(path, identity),
    )
    try:
        with part.open(vault) as reader:
            sha256, crc32 = _read_through(reader)
    except OSError as error:
        raise StorageError("clip_unreadable") from error
    if sha256 != cut.sha256:
        raise IntegrityError("mp4_not_repeatable")
    return replace(part, crc32=crc32)


def _read_through(reader: SealedReader) -> tuple[str, int]:
    """Return (SHA-256 in hex, CRC-32) of all plain bytes; raises IntegrityError, OSError."""
    digest, crc32 = hashlib.sha256(), 0
    for chunk in reader.chunks():
        digest.update(chunk)
        crc32 = zlib.crc32(chunk, crc32)
    return digest.hexdigest(), crc32


def check_size(parts: Sequence[Part], ledger_seq: int, password: str | None) -> None:
    """Raise InvalidError `bundle_too_large` when it may be, before anything is written down."""
    now = datetime.fromtimestamp(0, zone_of("UTC"))

    def member(number: int, kind: int, size_bytes: int) -> Member:
        name = f"CG-0000-0000/{number:04}-{kind:016}"
        return Member(name=name, size_bytes=size_bytes, crc32=0, modified=now, chunks=_none)

    members = [member(0, 0, _BESIDE_BYTES + _LINK_BYTES * (ledger_seq + 1))]
    members += [member(0, kind, 0) for kind in range(1, _FIXED_FILES)]
    for number, part in enumerate(parts, 1):
        beside = _CLIP_BYTES + 8 * len(part.signed.text)
        members += [member(number, kind, 0) for kind in range(_CLIP_FILES)]
        members.append(member(number, _CLIP_FILES, part.size_bytes + beside))
    archive_bytes(members, password)


def disclosing_facts(terms: Terms, parts: Iterable[Part], disclosure_id: str) -> dict[str, Any]:
    """Return what the ledger tells before anything leaves (提供記録)."""
    return {
        "disclosure_id": disclosure_id,
        "legal_basis": terms.legal_basis.value,
        "recipient_name": terms.recipient.name,
        "recipient_organization": terms.recipient.organization,
        "request_reference": terms.recipient.request_reference,
        "purpose": terms.purpose,
        "form": terms.form.value,
        "clip_ids": [part.clip.clip_id for part in parts],
        "contents": [{"sha256": part.sha256, "start_us": part.start_us, "end_us": part.end_us} for part in parts],
    }


def make_bundle(
    vault: Vault, site: SiteSettings, terms: Terms, parts: Sequence[Part], *, disclosure_id: str, now_us: int
) -> tuple[list[Member], dict[str, Any]]:
    """Return (everything in the bundle, what the receipt tells). The ledger's entry of it must be there already.

    Raises IntegrityError (the ledger can't be read), OSError.
    """
    key, sign = vault.keyring.public_key, vault.keyring.sign
    extract, entries, seq, head = _ledger_files(vault, {part.clip.clip_id for part in parts}, disclosure_id)
    files: dict[str, bytes] = {
        "ledger-extract.txt": extract,
        "ledger-entries.jsonl": entries,
        "public-key.pem": public_key_pem(key),
        "allowed_signers": allowed_signers(key),
        "verify.html": (TOOLS / "verify.html").read_bytes(),
        "verify.py": (TOOLS / "verify.py").read_bytes(),
    }
    bundled: list[BundledClip] = []
    for number, part in enumerate(parts, 1):
        name = f"clip-{number:02}"
        files[f"{name}.json"] = part.signed.text
        files[f"{name}.json.sig"] = part.signed.signature
        if public_key_text(part.signed.public_key) != public_key_text(key):
            files[f"{name}-public-key.pem"] = public_key_pem(part.signed.public_key)
        bundled.append(_bundled(name, part))
    manifest = BundleManifest(
        disclosure_id=disclosure_id,
        created_us=now_us,
        time_zone=site.time_zone,
        operator=site.operator_name,
        contact=site.contact,
        terms=terms,
        clips=tuple(bundled),
        ledger_seq=seq,
        ledger_head=head,
        public_key=public_key_text(key),
        software=SOFTWARE,
    )
    fields = manifest.to_fields()
    files["README.html"] = cover_letter(fields).encode()
    files["manifest.json"] = manifest.to_json()
    sums = sha256sums(({clip.file: clip.sha256 for clip in bundled} | _hashes(files)).items())
    # One signed list: whatever is in the folder is on it, and nothing else belongs to it.
    files |= {LIST: sums, f"{LIST}.sig": ssh_signature(sign, key, sums), f"{LIST}.ed25519": sign(sums)}
    now = datetime.fromtimestamp(now_us / US_PER_SECOND, zone_of(site.time_zone))
    members = [
        Member(
            name=f"{disclosure_id}/{name}",
            size_bytes=len(data),
            crc32=zlib.crc32(data),
            modified=now,
            chunks=partial(iter, (data,)),
        )
        for name, data in sorted(files.items())
    ]
    members += [
        Member(
            name=f"{disclosure_id}/{clip.file}",
            size_bytes=part.size_bytes,
            crc32=part.crc32,
            modified=now,  # names and times can be read without the password
            chunks=partial(part.chunks, vault),
        )
        for clip, part in zip(bundled, parts, strict=True)
    ]
    tools = _hashes({name: files[name] for name in ("verify.html", "verify.py")})
    receipt = fields | {
        "fingerprint": fingerprint(key),
        "list_sha256": hashlib.sha256(sums).hexdigest(),
        "tools": tools,
    }
    return members, receipt


def _bundled(name: str, part: Part) -> BundledClip:
    manifest = part.signed.manifest
    return BundledClip(
        file=f"{name}.mp4",
        manifest_file=f"{name}.json",
        camera=manifest.camera_name,
        place=manifest.place,
        start_us=part.start_us,
        end_us=part.end_us,
        size_bytes=part.size_bytes,
        sha256=part.sha256,
        whole_sha256=manifest.clip.sha256,
        whole_start_us=manifest.clip.start_us,
        whole_end_us=manifest.clip.end_us,
        zones=len(manifest.zones),
        mask_checked=manifest.clip.mask_checked,
        clock_error_us=part.clock_error_us,
        asked_start_us=part.asked_us[0] if part.asked_us else manifest.clip.start_us,
        asked_end_us=part.asked_us[1] if part.asked_us else manifest.clip.end_us,
    )


def _ledger_files(vault: Vault, clip_ids: set[ClipId], disclosure_id: str) -> tuple[bytes, bytes, int, str]:
    """Return (chain from the first of these clips on, the bodies that concern this disclosure, seq, head).

    Of all other entries the recipient gets the digests alone: other disclosures and viewers are none of theirs.
    """
    links: list[tuple[int, str, str]] = []
    bodies: list[bytes] = []
    start_seq, start_head = 0, GENESIS
    for entry in vault.ledger.entries():
        body = entry.body or {}
        recorded = entry.event == Event.RECORDED and body.get("clip_id") in clip_ids
        own = entry.event == Event.DISCLOSING and body.get("disclosure_id") == disclosure_id
        if not links and not recorded and not own:
            start_seq, start_head = entry.seq, entry.head
            continue
        links.append((entry.seq, entry.bh, entry.head))
        if recorded or own:
            bodies.append(canonical_json(shared(body)))
        if own:
            break
    else:
        raise IntegrityError("ledger_unreadable")
    seq, _, head = links[-1]
    return ledger_extract(start_seq, start_head, links), b"".join(body + b"\n" for body in bodies), seq, head


def _hashes(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _none() -> Iterator[bytes]:
    return iter(())
