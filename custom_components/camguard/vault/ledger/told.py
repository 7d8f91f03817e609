"""What the ledger's entries say, as far as something is done by it: taken in entry by entry, kept at hand."""

from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import Any

from ...domain.ledger import Entry, Event
from .clip_ids import ClipIds

GAPS_MAX = 20_000
"""Gaps that are kept at hand, of all cameras; older ones are in the ledger."""


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
    recorded: ClipIds = field(default_factory=ClipIds)
    """Ids of all clips that were ever recorded."""
    erased: ClipIds = field(default_factory=ClipIds)
    """Ids of all clips that were erased."""
    erasing: set[str] = field(default_factory=set)
    """Ids of the clips of which erasing was begun, and not said to be done."""
    erased_count: int = 0
    """How many those are."""
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
    numbers: dict[str, int] = field(default_factory=dict)
    """The highest running number of records, disclosures and wipes, by what stands before it (`RC-2026`)."""
    copy_places: dict[str, list[Any]] = field(default_factory=dict)
    """Places at which sealed copies were ever kept, by id: title, kind, place, whether they still are."""
    hosts: dict[str, list[Any]] = field(default_factory=dict)
    """Machines on which workers ever could run, by id: title, kind, place, whether they still can."""
    escrows: dict[str, list[Any]] = field(default_factory=dict)
    """Escrows that were ever kept, by the id of their place: id, hours, whether it still is, whether somebody has wiped
    since its code was made."""
    begun_us: int = 0
    """When the installation was begun."""
    duties_checked_us: int = 0
    """When the household was checked last; 0: never."""
    site_id: str = ""
    """Name of the installation."""
    signing_key: str = ""
    """Public half of the signing key that was named last, base64."""
    erasing_key: str = ""
    """Public half of the erasing key in use, base64."""
    silent_us: int = 0
    """Time of the latest entry whose body was dropped: of what was before, not everything is known."""

    def take(self, entry: Entry) -> None:
        """Take in the next entry."""
        body = entry.body
        if body is None:
            self.silent_us = max(self.silent_us, entry.time_us)
            return
        clip_id = str(body.get("clip_id", ""))
        match entry.event:
            case Event.HELD:
                self.holds[clip_id] = entry
            case Event.RELEASED:
                self.holds.pop(clip_id, None)
            case Event.RECORDED:
                self.recorded.add(clip_id)
            case Event.ERASING:
                self.erasing.update(_texts(body.get("clip_ids")))
            case Event.ERASED:
                self.erasing.difference_update(_texts(body.get("clip_ids")))
                for item in _texts(body.get("clip_ids")):
                    self.erased_count += item not in self.erased
                    self.erased.add(item)
                    self.holds.pop(item, None)
            case Event.DISCLOSING:
                self.disclosures += 1
                self._take_number(str(body.get("disclosure_id", "")))
            case Event.GAP:
                self._take_gap(body)
            case Event.WIPING:
                self.orders.add(str(body.get("order_sha256", "")))
                self._take_number(str(body.get("certificate_id", "")))
            case Event.KEY_CHANGED:
                self.signing_key = str(body.get("public_key", "")) or self.signing_key
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
            case Event.COPIES_BEGUN:
                self.copy_places[str(body.get("destination_id", ""))] = _place(body, "destination")
            case Event.COPIES_ENDED:
                if (place := self.copy_places.get(str(body.get("destination_id", "")))) is not None:
                    place[3] = False
            case Event.HOST_BEGUN:
                self.hosts[str(body.get("host_id", ""))] = _place(body, "host")
            case Event.HOST_ENDED:
                if (place := self.hosts.get(str(body.get("host_id", "")))) is not None:
                    place[3] = False
            case Event.ESCROW_BEGUN:
                found = [str(body.get("escrow_id", "")), body.get("hours"), True, False]
                self.escrows[str(body.get("destination_id", ""))] = found
            case Event.ESCROW_ENDED:
                if (escrow := self.escrows.get(str(body.get("destination_id", "")))) is not None:
                    escrow[2] = False
            case Event.WIPED:
                for escrow in self.escrows.values():
                    escrow[3] = True
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
            self._take_number(texts["number"])
            self.records[str(body.get("record_id", ""))] = ToldRecord(seq=seq, revision=revision, **texts)

    def next_number(self, prefix: str, year: int) -> str:
        """Return the next running number of a year, such as CW-2026-0001."""
        before = f"{prefix}-{year}"
        return f"{before}-{self.numbers.get(before, 0) + 1:04}"

    def _take_number(self, text: str) -> None:
        before, _, number = text.rpartition("-")
        if number.isascii() and number.isdecimal():
            self.numbers[before] = max(self.numbers.get(before, 0), int(number))

    def _take_gap(self, body: dict[str, Any]) -> None:
        from_us, to_us = body.get("from_us"), body.get("to_us")
        if type(from_us) is int and (to_us is None or type(to_us) is int):
            camera_id, cause = str(body.get("camera_id", "")), str(body.get("cause", ""))
            self.gaps.append(Gap(camera_id=camera_id, from_us=from_us, to_us=to_us, cause=cause))

    def to_fields(self) -> dict[str, Any]:
        """Return it for a checkpoint, as JSON holds it; but for the ids of clips, which are packed."""
        fields = {name: getattr(self, name) for name in (*_PLAIN, *_BY_NAME)}
        return fields | {
            "holds": [entry.to_line().decode() for entry in self.holds.values()],
            "orders": sorted(self.orders),
            "erasing": sorted(self.erasing),
            "gaps": [astuple(gap) for gap in self.gaps],
            "records": {name: asdict(record) for name, record in self.records.items()},
            "records_erased": sorted(self.records_erased),
        }

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Told:
        """Return what `to_fields` has made; raises KeyError, TypeError, ValueError, IntegrityError."""
        told = cls(**{name: fields[name] for name in (*_PLAIN, *_BY_NAME)})
        told.orders, told.records_erased = set(fields["orders"]), set(fields["records_erased"])
        told.erasing = set(fields["erasing"])
        told.records = {name: ToldRecord(**record) for name, record in fields["records"].items()}
        for camera_id, from_us, to_us, cause in fields["gaps"]:
            told.gaps.append(Gap(camera_id=camera_id, from_us=from_us, to_us=to_us, cause=cause))
        for line in fields["holds"]:
            told.take(Entry.from_line(line.encode()))
        return told


_PLAIN = (
    "erased_count", "disclosures", "begun_us", "duties_checked_us", "site_id", "signing_key", "erasing_key",
    "silent_us",
)  # fmt: skip


_BY_NAME = ("kit_records", "seen_us", "numbers", "copy_places", "hosts", "escrows")


def entries_in_force(entries: Iterable[Entry]) -> frozenset[int]:
    """Return the numbers of the entries of holds in force, and of records as they are: they are never dropped."""
    told = Told()
    for entry in entries:
        told.take(entry)
    held = {entry.seq for entry in told.holds.values()}
    return frozenset(held | {record.seq for record in told.records.values()})


def _place(body: dict[str, Any], title: str) -> list[Any]:
    """Return (title, kind, place, whether it is in use) of a place that begins to be used."""
    return [*(str(body.get(name, "")) for name in (title, "kind", "place")), True]


def _texts(items: Any) -> list[str]:
    return [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
