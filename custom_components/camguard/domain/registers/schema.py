"""What each register's records hold: its fields, their kinds and lengths, and what must be there to close one.

The panel draws its forms by this; nothing else says what a field is.
"""

from dataclasses import dataclass
from enum import StrEnum

LINE_MAX = 200
TEXT_MAX = 10_000
ENTRIES_MAX = 100


class Kind(StrEnum):
    """A register."""

    SIGN = "sign"
    """Where a sign hangs (guideline 2(3): 設置の表示)."""
    PERSON = "person"
    """Who answers for the cameras, and who may view, with the date of their pledge (2(4))."""
    REVIEW = "review"
    """The yearly review (2(4))."""
    MEDIUM = "medium"
    """A medium that was, or is to be, destroyed (2(5)オ)."""
    COMPLAINT = "complaint"
    """A complaint or an inquiry (2(7): 苦情等)."""
    CONTRACTOR = "contractor"
    """Who works on the cameras for the operator (2(8): 委託)."""
    ACCESS = "access"
    """A request of a person who was filmed (2(9))."""
    INCIDENT = "incident"
    """A leak, or the fear of one (2(9): 漏えい)."""
    DOCUMENT = "document"
    """The operating rules (運用規程) or a report, as it was made and signed."""


PREFIX = {
    Kind.SIGN: "RS",
    Kind.PERSON: "RP",
    Kind.REVIEW: "RR",
    Kind.MEDIUM: "RM",
    Kind.COMPLAINT: "RC",
    Kind.CONTRACTOR: "RK",
    Kind.ACCESS: "RA",
    Kind.INCIDENT: "RL",
    Kind.DOCUMENT: "RD",
}
"""Of a record's number, such as RC-2026-0001."""


class FieldType(StrEnum):
    """What a field holds, as JSON."""

    LINE = "line"
    """Text of one line."""
    TEXT = "text"
    DATE = "date"
    """`YYYY-MM-DD`, of the household's days; empty: none."""
    CHOICE = "choice"
    """One of `choices`; empty: not decided."""
    FLAG = "flag"
    CAMERAS = "cameras"
    """Ids of cameras, of removed ones too."""
    USER = "user"
    """Id of a Home Assistant user; empty: none."""
    ENTRIES = "entries"
    """A list of {`date`, `text`}: what was answered or done, when."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a register's form."""

    name: str
    type: FieldType
    required: bool = False
    choices: tuple[str, ...] = ()


_L, _T, _D, _F = FieldType.LINE, FieldType.TEXT, FieldType.DATE, FieldType.FLAG
_NOTE = Field("note", _T)
_FROM = (Field("from_whom", _L), Field("contact", _L), Field("cameras", FieldType.CAMERAS))

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.SIGN: (
        Field("place", _L, required=True),
        Field("cameras", FieldType.CAMERAS, required=True),
        Field("hung_on", _D, required=True),
        Field("looked_on", _D),
        Field("states_present", _F),
        Field("taken_down_on", _D),
        _NOTE,
    ),
    Kind.PERSON: (
        Field("name", _L, required=True),
        Field("role", FieldType.CHOICE, required=True, choices=("responsible", "deputy", "viewer")),
        Field("user", FieldType.USER),
        Field("pledged_on", _D),
        Field("ended_on", _D),
        _NOTE,
    ),
    Kind.REVIEW: (
        Field("held_on", _D, required=True),
        Field("by", _L, required=True),
        Field("findings", _T),
        Field("measures", _T),
    ),
    Kind.MEDIUM: (
        Field("medium", _L, required=True),
        Field("certificate", _L),
        Field("destroyed_on", _D),
        Field("how", FieldType.CHOICE, choices=("shredded", "drilled", "crushed", "handed_to_company")),
        Field("by", _L),
        _NOTE,
    ),
    Kind.COMPLAINT: (
        Field("nature", FieldType.CHOICE, required=True, choices=("complaint", "inquiry")),
        Field("received_on", _D, required=True),
        Field("due_on", _D),
        Field("about", _T, required=True),
        *_FROM,
        Field("answers", FieldType.ENTRIES),
        Field("outcome", _T),
        Field("closed_on", _D),
    ),
    Kind.CONTRACTOR: (
        Field("name", _L, required=True),
        Field("contact", _L),
        Field("task", _T, required=True),
        Field("agreed_on", _D),
        Field("pledged_on", _D),
        Field("ends_on", _D),
        Field("user", FieldType.USER),
        Field("access", _T),
        Field("ended_on", _D),
        _NOTE,
    ),
    Kind.ACCESS: (
        Field("received_on", _D, required=True),
        Field("due_on", _D),
        Field("about", _T, required=True),
        *_FROM,
        Field("identity_checked_on", _D),
        Field("identity_how", _L),
        Field("decision", FieldType.CHOICE, choices=("shown", "refused", "nothing_stored")),
        Field("reason", _T),
        Field("answers", FieldType.ENTRIES),
        Field("closed_on", _D),
    ),
    Kind.INCIDENT: (
        Field("noticed_on", _D, required=True),
        Field("about", _T, required=True),
        Field("cameras", FieldType.CAMERAS),
        Field("people", _T),
        Field("business", _F),
        Field("malicious", _F),
        Field("stopped_on", _D),
        Field("told_on", _D),
        Field("reported_on", _D),
        Field("final_reported_on", _D),
        Field("prevented_on", _D),
        Field("answers", FieldType.ENTRIES),
        Field("closed_on", _D),
    ),
    Kind.DOCUMENT: (
        Field("document", FieldType.CHOICE, required=True, choices=("rules", "report")),
        Field("made_on", _D, required=True),
        Field("sha256", _L, required=True),
        Field("signature", _L, required=True),
        Field("public_key", _L, required=True),
    ),
}

CLOSED_BY = {
    Kind.SIGN: "taken_down_on",
    Kind.PERSON: "ended_on",
    Kind.REVIEW: "held_on",
    Kind.MEDIUM: "destroyed_on",
    Kind.COMPLAINT: "closed_on",
    Kind.CONTRACTOR: "ended_on",
    Kind.ACCESS: "closed_on",
    Kind.INCIDENT: "closed_on",
    Kind.DOCUMENT: "made_on",
}
"""The field whose date ends a record: its retention counts from then."""
FORMS = tuple(kind for kind in Kind if kind is not Kind.DOCUMENT)
"""The registers that people write in."""
PICTURED = frozenset({Kind.SIGN, Kind.MEDIUM})
"""Whose records may have a picture."""
TITLE = {
    Kind.SIGN: "place",
    Kind.PERSON: "name",
    Kind.REVIEW: "by",
    Kind.MEDIUM: "medium",
    Kind.COMPLAINT: "about",
    Kind.CONTRACTOR: "name",
    Kind.ACCESS: "about",
    Kind.INCIDENT: "about",
    Kind.DOCUMENT: "document",
}
"""The field that a list shows."""
