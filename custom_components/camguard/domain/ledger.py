r"""The ledger's rules: what an entry is, and how entries are chained so that a change shows.

    bh   = SHA-256 of the entry's canonical JSON, which holds a random salt; of what is private in it, the digest
    head = SHA-256 of "<previous head> <bh>\n"

An entry's body may be dropped years later: its `bh` keeps the chain whole, and the salt keeps it from being guessed.
"""

import hashlib
import json
from array import array
from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .clip import US_PER_DAY, canonical_json, shared
from .errors import IntegrityError

GENESIS = "0" * 64
"""The head before the first entry."""


class Event(StrEnum):
    """What an entry tells."""

    RECORDED = "recorded"
    CLIP_FAILED = "clip_failed"
    GAP = "gap"
    VIEWED = "viewed"
    WATCHED = "watched"
    """Somebody who is signed in watched live; on disk before they did."""
    PRIVACY_ON = "privacy_on"
    PRIVACY_OFF = "privacy_off"
    MASK_NOT_PROVED = "mask_not_proved"
    """What was recorded shows something in a zone: the clip is kept closed, the camera records nothing more."""
    UNPROVED_ERASED = "unproved_erased"
    """Such a clip is about to be destroyed, by a person; the camera goes on."""
    CAMERA_MOVED = "camera_moved"
    """Its zones lie over something else: it is blocked."""
    VIEW_APPROVED = "view_approved"
    """A person has said that what the camera shows from now on is its confirmed view."""
    PICTURE_SHOWN = "picture_shown"
    """A camera's picture without its zones was shown to an administrator who draws them; on disk before it was."""
    LEDGER_EXPORTED = "ledger_exported"
    ERASING = "erasing"
    """Clips are about to be erased; on disk before the first key goes."""
    ERASED = "erased"
    CAMERA_ADDED = "camera_added"
    SETTINGS_CHANGED = "settings_changed"
    RECORDING_ASKED = "recording_asked"
    """A person has pressed the button, or called the action."""
    CAMERA_REMOVED = "camera_removed"
    CLOCK_STEP = "clock_step"
    HELD = "held"
    RELEASED = "released"
    KIT_MADE = "kit_made"
    KIT_RESTORED = "kit_restored"
    DISCLOSING = "disclosing"
    """A bundle is about to be handed out; on disk before its first byte leaves (guideline 2(6): 提供記録)."""
    DISCLOSED = "disclosed"
    DISCLOSURE_ABORTED = "disclosure_aborted"
    WIPING = "wiping"
    WIPED = "wiped"
    KEY_CHANGED = "key_changed"
    """The signing key that holds from here on."""
    ROOT_ROTATED = "root_rotated"
    SELF_CHECK = "self_check"
    ANOMALY = "anomaly"
    BODIES_DROPPED = "bodies_dropped"
    """Names the entries whose bodies go, as ranges; on disk before they do."""
    SEGMENT_ENDED = "segment_ended"
    """The last entry of one of the ledger's files: nothing is added to that any more."""
    SITE_BEGUN = "site_begun"
    """Names the installation: its storage folder bears the same name."""
    PURPOSE_CHANGED = "purpose_changed"
    """What the cameras are for (guideline 2(1)): signs that state another purpose are to be made anew."""
    RECORD_SAVED = "record_saved"
    """A record of a register was made or changed; names its file's hash, and nobody."""
    RECORDS_ERASING = "records_erasing"
    """Records of registers are about to be erased; on disk before the first key goes."""
    COPIES_BEGUN = "copies_begun"
    """Sealed copies of finished clips are kept at another place from here on; a person has set that up."""
    COPIES_ENDED = "copies_ended"
    """No more: what is there stays there."""
    COPIES_ERASED = "copies_erased"
    """Copies of erased clips were deleted at another place, or that has refused to."""
    ESCROW_BEGUN = "escrow_begun"
    """The last hours' keys are kept beside the sealed copies at a place from here on, for who has a paper code."""
    ESCROW_ENDED = "escrow_ended"
    """No more, or by another code."""
    ESCROW_RENEWED = "escrow_renewed"
    """An escrow was renewed without the keys of clips that were erased; other renewals aren't told."""
    HOST_BEGUN = "host_begun"
    """Workers may run on another machine from here on, and unmasked pictures go there; a person has set that up."""
    HOST_ENDED = "host_ended"
    REGISTER_EXPORTED = "register_exported"
    DUTIES_CHECKED = "duties_checked"
    """How each duty of the guideline stood (2(4): 自己点検)."""
    STORAGE_TAKEN_OVER = "storage_taken_over"
    """A folder of another installation is used from here on; somebody said so."""


WITHOUT_ROOT = frozenset({Event.ERASING, Event.ERASED})
"""What may be written while the root key is away: clips whose time is over are erased all the same. Signed by the
erasing key (docs/adr/0011)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger. `body` is None once it was dropped, `sig` when it was written without the signing key."""

    seq: int
    time_us: int
    bh: str
    head: str
    body: dict[str, Any] | None
    sig: str | None = None
    """Ed25519 over `signed_text`, base64."""

    @property
    def event(self) -> str:
        """What the entry tells; empty when its body was dropped."""
        return str(self.body.get("event", "")) if self.body else ""

    def to_line(self) -> bytes:
        """Return the line, with its end."""
        return canonical_json(self._fields | {"sig": self.sig}) + b"\n"

    def written_as(self, line: bytes) -> bool:
        """Tell whether a line is the very one that this entry is written as (early ones had no `sig`)."""
        try:
            return line == self.to_line() or (self.sig is None and line == canonical_json(self._fields) + b"\n")
        except ValueError:
            return False

    @property
    def _fields(self) -> dict[str, Any]:
        return {"seq": self.seq, "time_us": self.time_us, "bh": self.bh, "head": self.head, "body": self.body}

    @classmethod
    def from_line(cls, line: bytes) -> Entry:
        """Read a line; raises IntegrityError `ledger_unreadable`. Says nothing of the chain."""
        try:
            fields = json.loads(line)
            entry = cls(
                seq=fields["seq"],
                time_us=fields["time_us"],
                bh=fields["bh"],
                head=fields["head"],
                body=fields["body"],
                sig=fields.get("sig"),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IntegrityError("ledger_unreadable") from error
        # A bool is an int to `isinstance`, and 5.0 the same as 5: neither is what was written.
        numbers = type(entry.seq) is int and type(entry.time_us) is int
        texts = isinstance(entry.bh, str) and isinstance(entry.head, str) and isinstance(entry.sig, str | None)
        if not numbers or not texts or not isinstance(entry.body, dict | None):
            raise IntegrityError("ledger_unreadable")
        return entry

    @property
    def signed_text(self) -> bytes:
        """What `sig` signs: this head, and with it everything before."""
        return f"camguard-ledger/v1|{self.seq}|{self.head}|{self.time_us}".encode()

    def without_body(self) -> Entry:
        """Return the entry as it stays when its body is dropped: the chain and its signature hold on."""
        return replace(self, body=None)

    @property
    def is_whole(self) -> bool:
        """Whether the body, if it is there, is the one that `bh` was made of."""
        if self.body is None:
            return True
        if self.body.get("seq") != self.seq or self.body.get("time_us") != self.time_us:
            return False
        try:
            return body_hash(self.body) == self.bh
        except ValueError:  # what JSON readers take and canonical JSON doesn't: NaN, half a surrogate pair
            return False

    def follows(self, previous: Entry | None) -> bool:
        """Tell whether this is the unchanged next entry after `previous` (None: the first of all)."""
        seq, head = (previous.seq, previous.head) if previous else (0, GENESIS)
        return self.seq == seq + 1 and self.head == chain(head, self.bh) and self.is_whole


def make_entry(previous: Entry | None, event: Event, facts: dict[str, Any], *, time_us: int, salt: str) -> Entry:
    """Return the entry that follows `previous`. `salt`: 32 random hex digits."""
    seq, head = (previous.seq, previous.head) if previous else (0, GENESIS)
    body = facts | {"event": str(event), "salt": salt, "seq": seq + 1, "time_us": time_us}
    bh = body_hash(body)
    return Entry(seq=seq + 1, time_us=time_us, bh=bh, head=chain(head, bh), body=body)


def body_hash(body: dict[str, Any]) -> str:
    """Return `bh` of a body, hex: of the body as others may have it."""
    return hashlib.sha256(canonical_json(shared(body))).hexdigest()


def chain(head: str, bh: str) -> str:
    """Return the head after an entry, hex."""
    return hashlib.sha256(f"{head} {bh}\n".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head that was noted elsewhere: the ledger must still hold it (custody: roll-back and truncation)."""

    seq: int
    head: str
    where: str
    """`key_folder` or `storage`; `memory`: while it was open; `certificate`, `home_assistant`: other witnesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A head that was noted outside of the ledger's own folders."""

    anchor: Anchor
    time_us: int
    signed_text: bytes | None = None
    """What `signature` (Ed25519, 64 bytes) was made of; None: it comes from where only Home Assistant writes."""
    signature: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that isn't as it was written: `key` names a sentence (translations, `exceptions`)."""

    key: str
    seq: int = 0
    clip_id: str = ""
    detail: str = ""

    @property
    def text(self) -> str:
        """The problem in one word or two, for the ledger."""
        return " ".join(filter(None, (self.key, self.clip_id or (str(self.seq) if self.seq else ""), self.detail)))


LEAST_KEPT_US = 365 * US_PER_DAY
"""No body is dropped sooner, whatever is set (domain/settings.py: a year at least)."""


class Dropped:
    """Which bodies are absent, and which of them a signed entry says were dropped once their time was over."""

    def __init__(self) -> None:
        self._absent = array("q")
        """Number and time of each entry without a body, one after the other."""
        self._ranges: list[tuple[int, int, int]] = []
        """(first, last, when they were dropped)."""

    def take(self, entry: Entry) -> None:
        """Take in the next entry."""
        if entry.body is None:
            self._absent.extend((entry.seq, entry.time_us))
        elif entry.event == Event.BODIES_DROPPED:
            for item in entry.body.get("ranges") or ():
                if isinstance(item, list) and [type(number) for number in item] == [int, int]:
                    self._ranges.append((item[0], item[1], entry.time_us))

    def missing(self) -> list[int]:
        """Return the numbers of the entries whose body was taken away otherwise."""
        ranges = sorted(self._ranges)
        return [
            seq
            for seq, time_us in zip(self._absent[::2], self._absent[1::2], strict=True)
            if not any(
                first <= seq <= last and time_us <= dropped_us - LEAST_KEPT_US
                # Ranges overlap only where a power cut had a body named twice.
                for first, last, dropped_us in ranges[max(bisect_right(ranges, (seq + 1,)) - 3, 0) :][:3]
            )
        ]


CUSTODY_PROBLEMS = frozenset(
    {
        "clips_came_back",
        "clips_foreign",
        "clock_altered",
        "folder_not_ours",
        "hold_missing",
        "hold_unsigned",
        "index_altered",
        "record_altered",
        "record_missing",
        "record_newer",
        "record_unreadable",
        "wipe_journal_unreadable",
        "wipe_not_ordered",
    }
)
"""What a start may find besides the ledger's own problems, each a sentence (docs/adr/0011)."""
