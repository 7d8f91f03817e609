"""Clips: what one is, what started it, what its manifest says.

A clip is one sealed recording of one camera. Its id is 32 lower-case hex digits and tells nothing.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NewType

from .errors import IntegrityError, NotFoundError

ClipId = NewType("ClipId", str)
"""32 lower-case hex digits."""

MANIFEST_VERSION = 5
_READABLE = (1, 2, 3, 4, 5)
"""Version 1 said nothing of the camera's sound but whether the clip has any; 2 nothing of the reckoned time; 3 kept
nothing private; 4 knew no adaptive
clips, and had no mask checked."""
PRIVATE = "private"
"""What is told to nobody else, in manifests and entries of the ledger: what is hashed and signed holds its digest."""
_PRIVATE_OF_CLIP = ("camera_id", "trigger", "retention_days")
_PRIVATE_OF_MANIFEST = ("zones", "follows")
US_PER_SECOND = 1_000_000
US_PER_DAY = 86_400 * US_PER_SECOND

_CLIP_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def parse_clip_id(text: object) -> ClipId:
    """Return `text` as a clip id, or raise NotFoundError: a malformed id is nobody's clip."""
    if isinstance(text, str) and _CLIP_ID.fullmatch(text):
        return ClipId(text)
    raise NotFoundError("clip_not_found")


class TriggerKind(StrEnum):
    """What started a clip."""

    ENTITY = "entity"
    """One of the camera's trigger entities turned on or fired."""
    ACTION = "action"
    """The action `camguard.record` or the record button."""
    CONTINUOUS = "continuous"
    """The camera's mode is continuous."""
    TEST = "test"
    """The set-up flow's test clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Why a clip was recorded: its kind, the entity (or None) and the reason given (or None)."""

    kind: TriggerKind
    entity_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A finished clip as the index knows it. Times are UTC epoch microseconds."""

    clip_id: ClipId
    camera_id: str
    start_us: int
    """Arrival of the first frame."""
    end_us: int
    reckoned_us: int | None = None
    """When it ended by CamGuard's own reckoning (`reckoning.py`); None: not known, the wall clock was believed."""
    size_bytes: int
    """Of the plain MP4."""
    sha256: str
    """Of the plain MP4, hex."""
    trigger: Trigger
    retention_days: int
    """As set when the clip was recorded."""
    width: int
    height: int
    frames: int
    recovered: bool = False
    has_audio: bool = False
    mask_checked: int = 0
    """Decoded pictures in which every zone was found empty when the clip was finished; 0: nobody looked."""
    held_until_us: int | None = None
    hold_reason: str | None = None

    @property
    def duration_us(self) -> int:
        """Length of the clip, µs."""
        return self.end_us - self.start_us

    @property
    def ages_from_us(self) -> int:
        """From when its age counts, reckoned time, µs."""
        return self.end_us if self.reckoned_us is None else self.reckoned_us

    @property
    def held(self) -> bool:
        """Whether a hold keeps the clip from being erased."""
        return self.held_until_us is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is known of a clip when it is finished; sealed beside it, signed, never changed (invariant 3)."""

    clip: Clip
    camera_name: str
    place: str
    purpose: str
    operator: str
    zones: tuple[tuple[str, str], ...]
    """(name, points in percent) of every zone burnt in; empty: only own premises are in view."""
    source_codec: str
    encoder: str
    frame_rate_lowered: bool
    end_reason: str
    follows: ClipId | None = None
    """The clip that this one continues without a gap."""
    software: str = ""
    sound: str = ""
    """What became of the camera's sound: `off`, `recorded`, `none` (it sent none), `unsupported`; empty: not known."""
    sound_codec: str = ""
    """What the camera's sound was encoded with."""
    adaptive: bool = False
    """While nothing moved, one picture every few seconds was recorded."""

    def to_json(self, salt: str = "") -> bytes:
        """Return canonical JSON (sorted keys, no spaces, UTF-8). What is signed is `shared` of it.

        `salt`: 32 random hex digits, without which what is private could be guessed from its digest.
        """
        fields = asdict(self) | {"version": MANIFEST_VERSION}
        clip = fields["clip"]
        del clip["held_until_us"], clip["hold_reason"]
        fields["has_audio"] = clip.pop("has_audio")
        private = {name: clip.pop(name) for name in _PRIVATE_OF_CLIP}
        private |= {name: fields.pop(name) for name in _PRIVATE_OF_MANIFEST}
        return canonical_json(fields | {PRIVATE: private | {"salt": salt}})

    @classmethod
    def from_json(cls, data: bytes) -> Manifest:
        """Read what `to_json` wrote; raises IntegrityError when it isn't that."""
        try:
            fields: dict[str, Any] = json.loads(data)
            if fields.pop("version") not in _READABLE:
                raise IntegrityError("manifest_unreadable")
            clip = fields.pop("clip")
            if PRIVATE in fields:
                private = fields.pop(PRIVATE)
                clip |= {name: private[name] for name in _PRIVATE_OF_CLIP}
                fields |= {name: private[name] for name in _PRIVATE_OF_MANIFEST}
            trigger = clip.pop("trigger")
            return cls(
                clip=Clip(
                    **clip | {"clip_id": parse_clip_id(clip["clip_id"]), "has_audio": fields.pop("has_audio")},
                    trigger=Trigger(**trigger | {"kind": TriggerKind(trigger["kind"])}),
                ),
                **fields | {"zones": tuple((name, points) for name, points in fields["zones"])},
            )
        except (ValueError, KeyError, TypeError, AttributeError, NotFoundError) as error:
            raise IntegrityError("manifest_unreadable") from error


def shared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as others may have them: what is private is replaced by its digest, `private_sha256`.

    Whoever is given the private part later, as canonical JSON, can check it by that (issue 16 §3).
    """
    if PRIVATE not in fields:
        return dict(fields)
    digest = hashlib.sha256(canonical_json(fields[PRIVATE])).hexdigest()
    return {name: value for name, value in fields.items() if name != PRIVATE} | {f"{PRIVATE}_sha256": digest}


def from_base64(text: str) -> bytes:
    """Return what base64 stands for; raises ValueError for any but the one way to write it (RFC 4648 §3.5)."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical")
    return data


def canonical_json(value: object) -> bytes:
    """Return the one way to write `value` as JSON: sorted keys, no spaces, UTF-8, no NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
