"""What of a ledger is believed at a start, before anything is done that it says (docs/adr/0011).

An entry is believed when the chain leads from it, unbroken, to one that the signing key in use has signed: whoever
appended that one had read all before. Directly behind it, clips that were erased while the root key was away are
believed when the erasing key signed that. Everything else has no effect: what stands at the end is set aside, what is
damaged in the middle is told.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...domain.clip import from_base64
from ...domain.errors import IntegrityError
from ...domain.ledger import WITHOUT_ROOT, Dropped, Entry, Event

GAPS_MAX = 20_000
"""Gaps that are kept at hand, of all cameras; older ones are in the ledger."""
_CANDIDATES = 256
"""Entries at the end of a chain among which a signature is looked for; before them, one by one, the file is read."""

type Lines = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which a camera recorded nothing though it should have, and why. Times: UTC epoch µs."""

    camera_id: str
    from_us: int
    to_us: int | None
    """None: it goes on, or its end was never told."""
    cause: str
    """A key of the worker's faults, or of the gap's own (docs/ref/entities.md)."""


def closed(gaps: Iterable[Gap], opened_us: int) -> list[Gap]:
    """Return gaps as they are known now, by when they began: each once, with its end.

    The end of one that went on is told by another entry; where a power cut kept that from being written, it ended
    before the same camera's next one, or before this start (`opened_us`), which tells its own.
    """
    told = {(gap.camera_id, gap.from_us): gap for gap in tuple(gaps)}
    ended: list[Gap] = []
    next_us: dict[str, int] = {}
    for gap in sorted(told.values(), key=lambda gap: -gap.from_us):
        known_us = next_us.get(gap.camera_id, opened_us if gap.from_us < opened_us else None)
        ended.append(replace(gap, to_us=known_us) if gap.to_us is None else gap)
        next_us[gap.camera_id] = gap.from_us
    return ended[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRecord:
    """A register's record as its last change has told it: what holds, whatever its file says."""

    seq: int
    """Number of the entry."""
    kind: str
    number: str
    revision: int
    sha256: str
    """Of the sealed file, hex."""
    due: str
    """The day by which something is to be done, `YYYY-MM-DD`; empty: none."""
    closed: str
    """The day from which its retention counts; empty: it is open."""
    user_id: str
    """The contractor's user, who may view until their agreement ends; empty: none."""
    until: str
    """That end; empty: none is known."""


@dataclass(slots=True, kw_only=True)
class Told:
    """What the believed entries say, as far as something is done by it."""

    holds: dict[str, Entry] = field(default_factory=dict)
    """By clip id: the entry of the hold in force."""
    recorded: set[str] = field(default_factory=set)
    """Ids of all clips that were ever recorded."""
    erased: set[str] = field(default_factory=set)
    """Ids of all clips that were erased."""
    orders: set[str] = field(default_factory=set)
    """Digests of the orders to wipe."""
    disclosures: int = 0
    """How many bundles were made to be handed out."""
    gaps: deque[Gap] = field(default_factory=lambda: deque(maxlen=GAPS_MAX))
    """In the order in which they were told; the end of one that went on is told by another entry."""
    records: dict[str, ToldRecord] = field(default_factory=dict)
    """Records of registers that weren't erased, by id."""
    records_erased: set[str] = field(default_factory=set)
    """Ids of the records that were erased: no kit brings them back."""
    kit_records: dict[str, list[str]] = field(default_factory=dict)
    """Ids of the records whose keys a recovery kit was made with, by kit."""
    seen_us: dict[str, int] = field(default_factory=dict)
    """When each user viewed or watched last, by their id."""
    record_numbers: dict[str, int] = field(default_factory=dict)
    """The highest running number by what stands before it (`RC-2026`)."""
    begun_us: int = 0
    """When the installation was begun."""
    duties_checked_us: int = 0
    """When the household was checked last; 0: never."""
    site_id: str = ""
    """Name of the installation."""
    erasing_key: str = ""
    """Public half of the erasing key in use, base64."""

    def take(self, entry: Entry) -> None:
        """Take in the next entry."""
        body = entry.body
        if body is None:
            return
        clip_id = str(body.get("clip_id", ""))
        match entry.event:
            case Event.HELD:
                self.holds[clip_id] = entry
            case Event.RELEASED:
                self.holds.pop(clip_id, None)
            case Event.RECORDED:
                self.recorded.add(clip_id)
            case Event.ERASED:
                for item in _texts(body.get("clip_ids")):
                    self.erased.add(item)
                    self.holds.pop(item, None)
            case Event.DISCLOSING:
                self.disclosures += 1
            case Event.GAP:
                self._take_gap(body)
            case Event.WIPING:
                self.orders.add(str(body.get("order_sha256", "")))
            case Event.KEY_CHANGED:
                self.erasing_key = str(body.get("erasing_key", "")) or self.erasing_key
            case Event.VIEWED | Event.WATCHED:
                self.seen_us[str(body.get("user_id") or "")] = entry.time_us
            case Event.RECORD_SAVED:
                self._take_record(entry.seq, body)
            case Event.RECORDS_ERASING:
                for item in _texts(body.get("record_ids")):
                    self.records.pop(item, None)
                    self.records_erased.add(item)
            case Event.KIT_MADE:
                self.kit_records[str(body.get("kit_id", ""))] = _texts(body.get("record_ids"))
            case Event.DUTIES_CHECKED:
                self.duties_checked_us = entry.time_us
            case Event.SITE_BEGUN:
                self.site_id = str(body.get("site_id", ""))
                self.begun_us = self.begun_us or entry.time_us

    def _take_record(self, seq: int, body: dict[str, Any]) -> None:
        revision = body.get("revision")
        if type(revision) is int:
            texts = {name: str(body.get(name) or "") for name in ("kind", "number", "sha256", "due", "closed", "until")}
            texts["user_id"] = str(body.get("tied_user_id") or "")
            before, _, number = texts["number"].rpartition("-")
            if number.isdecimal():
                self.record_numbers[before] = max(self.record_numbers.get(before, 0), int(number))
            self.records[str(body.get("record_id", ""))] = ToldRecord(seq=seq, revision=revision, **texts)

    def _take_gap(self, body: dict[str, Any]) -> None:
        from_us, to_us = body.get("from_us"), body.get("to_us")
        if type(from_us) is int and (to_us is None or type(to_us) is int):
            camera_id, cause = str(body.get("camera_id", "")), str(body.get("cause", ""))
            self.gaps.append(Gap(camera_id=camera_id, from_us=from_us, to_us=to_us, cause=cause))


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What is believed of a ledger."""

    told: Told
    end: int
    """Where the last believed entry ends, bytes."""
    unsigned: int
    """Lines behind it: nobody whom we believe has written them."""
    damaged_seq: int
    """Number of the first entry that doesn't fit although believed ones follow; 0: there is none."""
    set_aside: int
    """Lines that were set aside while the root key was away, as the erasing key has signed: nobody was told yet."""
    blanked: bool
    """Whether an entry has lost its body otherwise than by what a signed one says."""

    @property
    def whole(self) -> bool:
        """Whether every line is believed."""
        return not self.unsigned and not self.damaged_seq and not self.blanked


@dataclass(slots=True)
class _Chain:
    """Entries that follow one from the other, unbroken."""

    begin: int
    end: int
    first_seq: int
    candidates: deque[tuple[Entry, int]] = field(default_factory=lambda: deque(maxlen=_CANDIDATES))
    """The last ones, each with where it ends."""
    believed_to: int = 0
    """Where the last believed one ends; 0: none is."""


def believe(lines: Lines, public_key: str, *, on_trust: bool) -> Belief:
    """Read a ledger. `public_key`: the signing key in use, base64. Raises OSError.

    `on_trust`: nothing shows that this key ever signed, as after a restored backup: the key that the ledger names last
    vouches then. Who calls has to tell that.
    """
    chains, named = _chains(lines)
    for key in (public_key, named) if on_trust and named else (public_key,):
        for chain in chains:
            chain.believed_to = _believed_to(chain, key, lines)
        if any(chain.believed_to for chain in chains):
            break
    told, end, behind = Told(), 0, 0
    dropped = Dropped()
    set_aside = 0
    damaged_seq = 0
    remaining = deque(chains)
    seq = 0
    for entry, begin, to in _entries(lines):
        while remaining and remaining[0].end <= begin:
            remaining.popleft()
        here = remaining[0] if remaining and remaining[0].begin <= begin else None
        away = entry is not None and here is not None and begin == max(here.believed_to, here.begin)
        if here is None or entry is None:
            behind += 1
        elif to <= here.believed_to or (away and _by_erasing_key(entry, told.erasing_key)):
            here.believed_to = max(here.believed_to, to)
            if behind and not damaged_seq:
                damaged_seq = seq + 1
            if away and entry.body:
                set_aside += int(entry.body.get("set_aside") or 0)
            told.take(entry)
            dropped.take(entry)
            end, behind, seq = to, 0, entry.seq
        else:
            behind += 1
    return Belief(
        told=told,
        end=end,
        unsigned=behind,
        damaged_seq=damaged_seq,
        set_aside=set_aside,
        blanked=bool(dropped.missing()),
    )


def entries_in_force(entries: Iterable[Entry]) -> frozenset[int]:
    """Return the numbers of the entries of holds in force, and of records as they are: they are never dropped."""
    told = Told()
    for entry in entries:
        told.take(entry)
    held = {entry.seq for entry in told.holds.values()}
    return frozenset(held | {record.seq for record in told.records.values()})


def _entries(lines: Lines) -> Iterator[tuple[Entry | None, int, int]]:
    """Yield (entry, or None for a line that is none; where it begins; where it ends)."""
    at = 0
    for line in lines():
        begin, at = at, at + len(line)
        try:
            entry = Entry.from_line(line)
            yield entry if entry.written_as(line) else None, begin, at
        except IntegrityError:
            yield None, begin, at


def _chains(lines: Lines) -> tuple[list[_Chain], str]:
    """Return the unbroken chains, and the signing key that their entries name last.

    What a chain behind a damaged entry begins with isn't in it: nobody can tell whether its body is its own.
    """
    chains: list[_Chain] = []
    present: _Chain | None = None
    previous: Entry | None = None
    named = ""
    begun = False
    for entry, begin, to in _entries(lines):
        follows = entry is not None and (previous is not None or not begun) and entry.follows(previous)
        begun = True
        previous = entry
        if not follows or entry is None:
            present = None
            continue
        if present is None:
            present = _Chain(begin, to, entry.seq)
            chains.append(present)
        present.end = to
        present.candidates.append((entry, to))
        if entry.event == Event.KEY_CHANGED and entry.body:
            named = str(entry.body.get("public_key", "")) or named
    return chains, named


def _believed_to(chain: _Chain, key: str, lines: Lines) -> int:
    """Return where the last entry of a chain ends that this key has signed, 0: none."""
    for entry, to in reversed(chain.candidates):
        if verifies(entry, key):
            return to
    if len(chain.candidates) < _CANDIDATES:
        return 0
    inside = ((entry, to) for entry, _, to in _entries(lines) if entry is not None and chain.begin < to <= chain.end)
    return max((to for entry, to in inside if verifies(entry, key)), default=0)


def verifies(entry: Entry, public_key: str) -> bool:
    """Tell whether this key (base64) signed an entry."""
    try:
        signature = from_base64(entry.sig or "")
    except ValueError:
        return False
    return signed(entry.signed_text, signature, public_key)


def signed(text: bytes, signature: bytes, public_key: str) -> bool:
    """Tell whether a signature (Ed25519) of a text was made by this key (base64)."""
    try:
        Ed25519PublicKey.from_public_bytes(from_base64(public_key)).verify(signature, text)
    except ValueError, InvalidSignature:
        return False
    return True


def _by_erasing_key(entry: Entry, erasing_key: str) -> bool:
    return entry.event in WITHOUT_ROOT and bool(erasing_key) and verifies(entry, erasing_key)


def _texts(items: Any) -> list[str]:
    return [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
