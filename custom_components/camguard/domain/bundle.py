"""What a disclosure is, and the manifest of its bundle (guideline 2(6): to whom, what, on which ground).

A bundle is the folder that a recipient gets. Its files are named in docs/design/formats.md.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .clip import US_PER_SECOND, canonical_json
from .errors import InvalidError

MANIFEST_VERSION = 2
TEXT_MAX = {"recipient_name": 200, "recipient_organization": 200, "request_reference": 200, "purpose": 2000}
"""Characters, by field."""
MISLEADING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn text around: a letter would show another than it holds."""


class LegalBasis(StrEnum):
    """Why footage may be given to somebody else at all (guideline 2(6))."""

    LAW = "law"
    """ア: under a law."""
    INVESTIGATION = "investigation"
    """イ: on request of the police or another investigating authority."""
    EMERGENCY = "emergency"
    """ウ: to protect life, body, health or property when there is no other way."""


class Form(StrEnum):
    """How a bundle leaves the house."""

    SEALED_ZIP = "sealed_zip"
    """Encrypted; the password goes another way."""
    HAND_OVER = "hand_over"
    """Plain, straight onto the recipient's medium."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who gets it. `request_reference`: the number of their request, may be empty."""

    name: str
    organization: str
    request_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which ground something is handed out, to whom, what for, and how."""

    legal_basis: LegalBasis
    recipient: Recipient
    purpose: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledClip:
    """One video of a bundle: a clip as it was sealed, or an extract, cut at keyframes without encoding again."""

    file: str
    manifest_file: str
    camera: str
    place: str
    start_us: int
    end_us: int
    size_bytes: int
    sha256: str
    whole_sha256: str
    """Of the untouched clip."""
    whole_start_us: int
    whole_end_us: int
    zones: int
    """How many privacy zones were burnt in."""
    mask_checked: int
    """In how many decoded pictures of the clip all of them were found empty."""
    clock_error_us: int
    """By how much the clock was ahead of what is believed now; less than 0: behind; 0: within an hour."""
    asked_start_us: int
    asked_end_us: int
    """What was asked for of it; of a clip that was named, all of it."""

    @property
    def is_extract(self) -> bool:
        """Whether this is a part of the clip."""
        return self.sha256 != self.whole_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleManifest:
    """What is signed."""

    disclosure_id: str
    created_us: int
    time_zone: str
    operator: str
    contact: str
    terms: Terms
    clips: tuple[BundledClip, ...]
    ledger_seq: int
    ledger_head: str
    public_key: str
    """Ed25519, base64. Its fingerprint stands on the paper receipt alone."""
    software: str

    def to_json(self) -> bytes:
        """Return canonical JSON; the signed list names its hash, as that of every file."""
        return canonical_json(self.to_fields())

    def to_fields(self) -> dict[str, Any]:
        """Return what the manifest tells."""
        recipient = self.terms.recipient
        return {
            "version": MANIFEST_VERSION,
            "kind": "camguard-disclosure",
            "disclosure_id": self.disclosure_id,
            **self._times("created", self.created_us),
            "operator": {"name": self.operator, "contact": self.contact},
            "recipient": {
                "name": recipient.name,
                "organization": recipient.organization,
                "request_reference": recipient.request_reference,
            },
            "legal_basis": self.terms.legal_basis.value,
            "purpose": self.terms.purpose,
            "form": self.terms.form.value,
            "clips": [self._clip(clip) for clip in self.clips],
            "ledger": {
                "file": "ledger-extract.txt",
                "entries_file": "ledger-entries.jsonl",
                "seq": self.ledger_seq,
                "head": self.ledger_head,
            },
            "public_key": self.public_key,
            "software": self.software,
        }

    def _clip(self, clip: BundledClip) -> dict[str, Any]:
        return {
            "file": clip.file,
            "manifest": clip.manifest_file,
            "camera": clip.camera,
            "place": clip.place,
            **self._times("start", clip.start_us),
            **self._times("end", clip.end_us),
            "size_bytes": clip.size_bytes,
            "sha256": clip.sha256,
            "kind": "extract" if clip.is_extract else "whole",
            "zones": clip.zones,
            "mask_checked": clip.mask_checked,
            "clock_error_us": clip.clock_error_us,
            "asked": self._times("start", clip.asked_start_us) | self._times("end", clip.asked_end_us),
            "whole": {"sha256": clip.whole_sha256, "start_us": clip.whole_start_us, "end_us": clip.whole_end_us},
        }

    def _times(self, name: str, time_us: int) -> dict[str, Any]:
        moment = datetime.fromtimestamp(time_us / US_PER_SECOND, UTC)
        return {
            f"{name}_us": time_us,
            name: moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            f"{name}_local": moment.astimezone(zone_of(self.time_zone)).isoformat(timespec="milliseconds"),
        }


def local_moment(time_us: int, time_zone: str) -> datetime:
    """Return UTC epoch µs as the household's own time."""
    return datetime.fromtimestamp(time_us / US_PER_SECOND, zone_of(time_zone))


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone; UTC when the name is of none that is known here."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError, ValueError, OSError:
        return ZoneInfo("UTC")


def parse_text(name: str, text: object, *, required: bool = True) -> str:
    """Return a text of a disclosure, tidied; `name`: its field.

    Raises InvalidError `disclosure_field_missing`, `disclosure_field_too_long`, `disclosure_field_unreadable`.
    """
    value = unicodedata.normalize("NFC", text).strip() if isinstance(text, str) else ""
    if not value and required:
        raise InvalidError("disclosure_field_missing", field=name)
    if len(value) > TEXT_MAX[name]:
        raise InvalidError("disclosure_field_too_long", field=name, limit=str(TEXT_MAX[name]))
    if any(
        character in MISLEADING or (unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t")
        for character in value
    ):
        raise InvalidError("disclosure_field_unreadable", field=name)
    return value


def parse_recipient(name: object, organization: object, request_reference: object) -> Recipient:
    """Return who gets it; raises as `parse_text`."""
    return Recipient(
        name=parse_text("recipient_name", name),
        organization=parse_text("recipient_organization", organization, required=False),
        request_reference=parse_text("request_reference", request_reference, required=False),
    )


def ledger_extract(start_seq: int, start_head: str, links: Iterable[tuple[int, str, str]]) -> bytes:
    """Return a piece of the ledger's chain: `<seq> - <head>` where it begins, then `<seq> <bh> <head>` per entry."""
    lines = [f"{start_seq} - {start_head}", *(f"{seq} {bh} {head}" for seq, bh, head in links)]
    return "".join(f"{line}\n" for line in lines).encode()


def sha256sums(files: Iterable[tuple[str, str]]) -> bytes:
    """Return what `sha256sum -c` reads."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files)).encode()
