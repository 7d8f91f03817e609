"""A record of a register: how it is read from a form or a file, and when it is closed."""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from ..bundle import MISLEADING
from ..clip import ClipId, canonical_json, parse_clip_id
from ..errors import CamguardError, IntegrityError, InvalidError
from .schema import CLOSED_BY, ENTRIES_MAX, FIELDS, LINE_MAX, TEXT_MAX, TITLE, Field, FieldType, Kind

VERSION = 1
"""Of a record's file. A newer one isn't read; an older one is brought up by `STEPS`."""
type Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: tuple[Step, ...] = ()
"""Step n makes content of version n + 1 into n + 2."""
ANSWER_DAYS = 7
"""For a complaint or an inquiry, unless something else is set (guideline 2(7): 迅速に)."""
ACCESS_DAYS = 14
"""For a request of a person filmed: by then footage that nobody holds is erased (docs/guide)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as it stands. Times: UTC epoch µs."""

    record_id: ClipId
    """32 hex digits, as a clip's."""
    kind: Kind
    number: str
    """What people call it: RC-2026-0001."""
    revision: int
    """1 when it is new; each change counts one up."""
    created_us: int
    changed_us: int
    fields: Mapping[str, Any]
    """By name, as the schema says."""
    stated: str = ""
    """A sign: operator, contact and purpose that it states (`statement`)."""
    attachment: bytes = field(default=b"", repr=False)
    """A picture (JPEG), or what a document states (JSON); empty: none, or left in the file."""
    has_attachment: bool = False

    @property
    def title(self) -> str:
        """What a list shows of it."""
        return str(self.fields[TITLE[self.kind]])

    @property
    def closed_on(self) -> date | None:
        """The day from which its retention counts; None while it is open."""
        return day_of(self.fields[CLOSED_BY[self.kind]])

    @property
    def user_id(self) -> str:
        """The Home Assistant user whom it is about; empty: none."""
        return str(self.fields.get("user", ""))

    @property
    def allowed_until(self) -> date | None:
        """A contractor: the last day on which their user may view; None: no end is known."""
        if self.kind is not Kind.CONTRACTOR:
            return None
        ends = [day for name in ("ends_on", "ended_on") if (day := day_of(self.fields[name])) is not None]
        return min(ends, default=None)

    def to_json(self) -> bytes:
        """Return what is sealed: canonical JSON; the store adds the attachment."""
        return canonical_json(
            {
                "version": VERSION,
                "record_id": self.record_id,
                "kind": self.kind.value,
                "number": self.number,
                "revision": self.revision,
                "created_us": self.created_us,
                "changed_us": self.changed_us,
                "fields": dict(self.fields),
                "stated": self.stated,
                "attachment_bytes": len(self.attachment),
            }
        )

    def bare(self) -> Record:
        """Return it without its attachment, which stays in the file."""
        return replace(self, attachment=b"")


def read_record(data: bytes, steps: Sequence[Step] = STEPS) -> tuple[Record, int]:
    """Return a record as it was written, and the length of its attachment, bytes.

    Raises IntegrityError `record_unreadable`, `record_newer` (another version of CamGuard has written it).
    """
    try:
        content = json.loads(data)
        version = content["version"]
        if version > len(steps) + 1:
            raise IntegrityError("record_newer")
        for step in steps[version - 1 :]:
            content = step(content)
        kind = Kind(content["kind"])
        length = int(content["attachment_bytes"])
        record = Record(
            record_id=parse_clip_id(content["record_id"]),
            kind=kind,
            number=str(content["number"]),
            revision=int(content["revision"]),
            created_us=int(content["created_us"]),
            changed_us=int(content["changed_us"]),
            fields={item.name: content["fields"].get(item.name, _empty(item)) for item in FIELDS[kind]},
            stated=str(content["stated"]),
            has_attachment=length > 0,
        )
    except IntegrityError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CamguardError) as error:
        raise IntegrityError("record_unreadable") from error
    return record, length


def parse_fields(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's fields, tidied, with what is empty by default.

    Raises InvalidError: `record_field_missing`, `record_field_too_long`, `record_field_unreadable`,
    `record_field_unknown`, and what keeps a record from being closed as it is (`record_outcome_missing`,
    `record_identity_missing`, `record_reason_missing`, `record_decision_missing`, `record_ends_before`).
    """
    known = {item.name for item in FIELDS[kind]}
    for name in given:
        if name not in known:
            raise InvalidError("record_field_unknown", field=str(name)[:LINE_MAX])
    fields = {item.name: _parse(item, given.get(item.name)) for item in FIELDS[kind]}
    begun = day_of(fields.get("received_on") or "")
    if begun is not None and not fields["due_on"]:
        days = ANSWER_DAYS if kind is Kind.COMPLAINT else ACCESS_DAYS
        fields["due_on"] = (begun + timedelta(days=days)).isoformat()
    _check(kind, fields)
    return fields


def _check(kind: Kind, fields: Mapping[str, Any]) -> None:
    """Raise InvalidError where a record can't be as it is."""
    begin = next((fields[name] for name in ("hung_on", "received_on", "noticed_on") if fields.get(name)), "")
    end = fields[CLOSED_BY[kind]]
    if begin and end and end < begin:
        raise InvalidError("record_ends_before")
    match kind:
        case Kind.COMPLAINT if end and not fields["outcome"] and not fields["answers"]:
            raise InvalidError("record_outcome_missing")
        case Kind.ACCESS:
            decision = fields["decision"]
            if decision == "shown" and not (fields["identity_checked_on"] and fields["identity_how"]):
                raise InvalidError("record_identity_missing")
            if decision == "refused" and not fields["reason"]:
                raise InvalidError("record_reason_missing")
            if end and not decision:
                raise InvalidError("record_decision_missing")
        case Kind.MEDIUM if end and not (fields["how"] and fields["by"]):
            raise InvalidError("record_how_missing")
        case Kind.INCIDENT if end and not (fields["stopped_on"] and fields["told_on"]):
            raise InvalidError("record_steps_missing")


def _parse(item: Field, value: Any) -> Any:
    if not value and value is not False:
        if item.required:
            raise InvalidError("record_field_missing", field=item.name)
        return _empty(item)
    match item.type:
        case FieldType.LINE | FieldType.USER:
            return parse_words(item.name, value, LINE_MAX, required=item.required).replace("\n", " ")
        case FieldType.TEXT:
            return parse_words(item.name, value, TEXT_MAX, required=item.required)
        case FieldType.DATE:
            return _date(item.name, value)
        case FieldType.CHOICE if value in item.choices:
            return value
        case FieldType.FLAG if isinstance(value, bool):
            return value
        case FieldType.CAMERAS if isinstance(value, list) and len(value) <= ENTRIES_MAX:
            return [parse_words(item.name, one, LINE_MAX) for one in dict.fromkeys(map(str, value))]
        case FieldType.ENTRIES if isinstance(value, list):
            if len(value) > ENTRIES_MAX:
                raise InvalidError("record_field_too_long", field=item.name, limit=str(ENTRIES_MAX))
            return [_entry(item.name, one) for one in value]
    raise InvalidError("record_field_unreadable", field=item.name)


def _entry(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise InvalidError("record_field_unreadable", field=name)
    text = parse_words(name, value.get("text"), TEXT_MAX)
    return {"date": _date(name, value.get("date")), "text": text}


def _date(name: str, value: Any) -> str:
    day = day_of(value)
    if day is None or not 1970 <= day.year <= 9998:
        raise InvalidError("record_field_unreadable", field=name)
    return day.isoformat()


def _empty(item: Field) -> Any:
    return {FieldType.FLAG: False, FieldType.CAMERAS: [], FieldType.ENTRIES: []}.get(item.type, "")


def parse_words(name: str, value: Any, limit: int, *, required: bool = True) -> str:
    """Return a text, tidied; raises InvalidError as `parse_fields`."""
    if not isinstance(value, str):
        raise InvalidError("record_field_unreadable", field=name)
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    if not text and required:
        raise InvalidError("record_field_missing", field=name)
    if len(text) > limit:
        raise InvalidError("record_field_too_long", field=name, limit=str(limit))
    if any(
        letter in MISLEADING or (unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t")
        for letter in text
    ):
        raise InvalidError("record_field_unreadable", field=name)
    return text


def day_of(text: Any) -> date | None:
    """Return a date of `YYYY-MM-DD`; None for what is none."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None


def statement(operator: str, contact: str, purpose: str) -> str:
    """Return what a sign has to state, in one text: two signs state the same when this is the same."""
    return f"{operator}\n{contact}\n{purpose}"
