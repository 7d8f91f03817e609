"""Records of registers: what a form may hold, what closes one, what is asked for next, and papers of any text."""

import json
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.documents.household.duty_words import DUTIES, TASKS
from custom_components.camguard.domain.documents.household.letter_page import Household, letter_page, letters_of
from custom_components.camguard.domain.documents.household.sign_page import LANGUAGES, SIZES, VARIANTS, Sign, sign_page
from custom_components.camguard.domain.errors import IntegrityError, InvalidError
from custom_components.camguard.domain.registers.duties import duty_of, household_duties, is_late
from custom_components.camguard.domain.registers.record import Record, parse_fields, read_record, statement
from custom_components.camguard.domain.registers.schema import FIELDS, LINE_MAX, TEXT_MAX, FieldType, Kind

DAY = "2026-11-20"
HTML = '<script>alert("x")</script><b onclick=1>Ō\'Neill & Söhne</b>'
GIVEN: dict[Kind, dict[str, Any]] = {
    Kind.SIGN: {"place": "Gate", "cameras": ["c1"], "hung_on": DAY},
    Kind.PERSON: {"name": "佐藤", "role": "viewer"},
    Kind.REVIEW: {"held_on": DAY, "by": "佐藤"},
    Kind.MEDIUM: {"medium": "microSD"},
    Kind.COMPLAINT: {"nature": "complaint", "received_on": DAY, "about": "The window"},
    Kind.CONTRACTOR: {"name": "電設", "task": "点検"},
    Kind.ACCESS: {"received_on": DAY, "about": "Myself at the gate"},
    Kind.INCIDENT: {"noticed_on": DAY, "about": "A telephone was lost"},
    Kind.DOCUMENT: {"document": "rules", "made_on": DAY, "sha256": "0", "signature": "0", "public_key": "0"},
}
"""The least that each register takes."""


def record_of(kind: Kind, created: str = DAY, stated: str = "", **fields: Any) -> Record:
    created_us = int(datetime.fromisoformat(created).replace(tzinfo=UTC).timestamp() * 1e6)
    return Record(
        record_id=ClipId("a" * 32),
        kind=kind,
        number="RX-2026-0001",
        revision=1,
        created_us=created_us,
        changed_us=created_us,
        fields=parse_fields(kind, GIVEN[kind] | fields),
        stated=stated,
    )


def refused(kind: Kind, **fields: Any) -> tuple[str, str]:
    with pytest.raises(InvalidError) as error:
        parse_fields(kind, GIVEN[kind] | fields)
    return error.value.key, error.value.placeholders.get("field", "")


@pytest.mark.parametrize("kind", Kind)
def test_a_record_comes_back_as_it_was_written(kind: Kind) -> None:
    record = record_of(kind)
    assert set(record.fields) == {field.name for field in FIELDS[kind]}
    read, length = read_record(record.to_json())
    assert (read, length) == (record, 0)


@pytest.mark.parametrize("kind", Kind)
def test_what_must_be_there_must_be_there(kind: Kind) -> None:
    for field in FIELDS[kind]:
        if field.required:
            assert refused(kind, **{field.name: ""}) == ("record_field_missing", field.name)
            assert refused(kind, **{field.name: None}) == ("record_field_missing", field.name)


@pytest.mark.parametrize(
    "text",
    [HTML, "👩‍👩‍👧‍👦🏳️‍🌈", "مرحبا بالعالم", "שלום", "ｶﾅ　全角", "é" * 40, "=1+1", "{name}", "%s", "\\0"],
)
def test_names_of_any_kind_are_kept_as_they_are(text: str) -> None:
    assert parse_fields(Kind.PERSON, {"name": text, "role": "deputy"})["name"] == text.strip()


@pytest.mark.parametrize("text", ["a\u202eb", "\x00", "a\x1bb", "\u2066x", "\ud800"])
def test_letters_that_hide_or_turn_text_are_refused(text: str) -> None:
    assert refused(Kind.PERSON, name=text) == ("record_field_unreadable", "name")
    assert refused(Kind.COMPLAINT, about=text) == ("record_field_unreadable", "about")


def test_ten_thousand_letters_fit_and_no_more() -> None:
    assert len(parse_fields(Kind.COMPLAINT, GIVEN[Kind.COMPLAINT] | {"about": "あ" * TEXT_MAX})["about"]) == TEXT_MAX
    assert refused(Kind.COMPLAINT, about="あ" * (TEXT_MAX + 1)) == ("record_field_too_long", "about")
    assert refused(Kind.COMPLAINT, from_whom="x" * (LINE_MAX + 1)) == ("record_field_too_long", "from_whom")
    entries = [{"date": DAY, "text": "x"}] * 101
    assert refused(Kind.COMPLAINT, answers=entries) == ("record_field_too_long", "answers")


def test_a_line_has_one_line() -> None:
    assert parse_fields(Kind.PERSON, {"name": "a\r\nb", "role": "deputy"})["name"] == "a b"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "28.11.2026", "2026-11-28T00:00", 20261128, "0001-01-01", "９９９９-01-01"]
)
def test_what_is_no_day_is_refused(day: Any) -> None:
    assert refused(Kind.COMPLAINT, received_on=day) == ("record_field_unreadable", "received_on")


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(Kind), st.data())
def test_whatever_comes_is_taken_or_refused_in_a_sentence(kind: Kind, data: st.DataObject) -> None:
    names = st.sampled_from([field.name for field in FIELDS[kind]]) | st.text(max_size=8)
    given_fields = GIVEN[kind] | data.draw(st.dictionaries(names, _ANY, max_size=4))
    try:
        fields = parse_fields(kind, given_fields)
    except InvalidError:
        return
    again = parse_fields(kind, fields)
    assert again == fields
    json.dumps(fields, allow_nan=False).encode()


@given(st.binary(max_size=60) | _ANY.map(lambda value: json.dumps(value).encode()))
def test_whatever_lies_in_a_file_is_read_or_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        read_record(data)


def test_an_older_file_is_brought_up_step_by_step_and_a_newer_one_is_told() -> None:
    content = json.loads(record_of(Kind.PERSON).to_json())
    content["fields"]["call_name"] = content["fields"].pop("name")

    def renamed(old: dict[str, Any]) -> dict[str, Any]:
        fields = dict(old["fields"])
        fields["name"] = fields.pop("call_name")
        return old | {"fields": fields, "version": 2}

    read, _ = read_record(json.dumps(content).encode(), steps=(renamed,))
    assert read.fields["name"] == "佐藤"
    newer = json.dumps(content | {"version": 2}).encode()
    with pytest.raises(IntegrityError, match="record_newer"):
        read_record(newer)


def test_what_closes_a_record() -> None:
    assert refused(Kind.COMPLAINT, closed_on=DAY)[0] == "record_outcome_missing"
    assert refused(Kind.COMPLAINT, closed_on="2026-11-19", outcome="x")[0] == "record_ends_before"
    assert record_of(Kind.COMPLAINT, closed_on=DAY, outcome="x").closed_on == date(2026, 11, 20)
    assert refused(Kind.ACCESS, decision="shown")[0] == "record_identity_missing"
    assert refused(Kind.ACCESS, decision="refused")[0] == "record_reason_missing"
    assert refused(Kind.ACCESS, closed_on=DAY)[0] == "record_decision_missing"
    assert refused(Kind.MEDIUM, destroyed_on=DAY)[0] == "record_how_missing"
    assert refused(Kind.INCIDENT, closed_on=DAY)[0] == "record_steps_missing"


def test_an_answer_is_due_after_a_week_or_when_somebody_says() -> None:
    assert record_of(Kind.COMPLAINT).fields["due_on"] == "2026-11-27"
    assert record_of(Kind.ACCESS).fields["due_on"] == "2026-12-04"
    past = record_of(Kind.COMPLAINT, due_on="2020-01-01")  # a due date in the past: told as overdue, not refused
    duty = duty_of(past, stated="")
    assert duty is not None
    assert (duty.what, duty.due) == ("answer", date(2020, 1, 1))
    assert is_late(duty, date(2026, 11, 20))
    assert not is_late(duty, date(2020, 1, 1))


STATED = statement("佐藤", "048", "防犯")


@pytest.mark.parametrize(
    ("record", "what", "due"),
    [
        (record_of(Kind.SIGN, stated=STATED), "look_at_sign", "2027-11-20"),
        (record_of(Kind.SIGN, stated=STATED, looked_on="2027-01-01"), "look_at_sign", "2028-01-01"),
        (record_of(Kind.SIGN), "renew_sign", None),
        (record_of(Kind.SIGN, taken_down_on="2026-12-01"), None, None),
        (record_of(Kind.PERSON), "pledge", "2026-12-04"),
        (record_of(Kind.PERSON, pledged_on=DAY), None, None),
        (record_of(Kind.PERSON, role="responsible"), None, None),
        (record_of(Kind.MEDIUM), "destroy_medium", "2026-12-04"),
        (record_of(Kind.CONTRACTOR), "agree", "2026-12-04"),
        (
            record_of(Kind.CONTRACTOR, agreed_on=DAY, pledged_on=DAY, ends_on="2027-01-31"),
            "end_agreement",
            "2027-01-31",
        ),
        (record_of(Kind.CONTRACTOR, agreed_on=DAY, pledged_on=DAY), None, None),
        (record_of(Kind.ACCESS), "check_identity", "2026-12-04"),
        (record_of(Kind.ACCESS, identity_checked_on=DAY, identity_how="x"), "answer_request", "2026-12-04"),
        (record_of(Kind.INCIDENT), "stop_leak", DAY),
        (record_of(Kind.INCIDENT, stopped_on=DAY), "tell_persons", "2026-11-23"),
        (record_of(Kind.INCIDENT, stopped_on=DAY, business=True), "report_leak", "2026-11-23"),
        (record_of(Kind.INCIDENT, stopped_on=DAY, told_on=DAY), "prevent_leak", "2026-12-20"),
        (
            record_of(Kind.INCIDENT, stopped_on=DAY, told_on=DAY, business=True, reported_on=DAY, malicious=True),
            "report_leak_finally",
            "2027-01-19",
        ),
    ],
)
def test_what_a_record_asks_for_next(record: Record, what: str | None, due: str | None) -> None:
    duty = duty_of(record, stated=STATED)
    assert (duty and duty.what, duty and duty.due and duty.due.isoformat()) == (what, due)


def test_what_a_household_is_asked_for() -> None:
    begun = date(2026, 1, 1)

    def asked(*records: Record, cameras: tuple[str, ...] = ("c1",), viewers: tuple[str, ...] = ()) -> list[str]:
        return [duty.what for duty in household_duties(records, cameras=cameras, viewers=viewers, begun=begun)]

    assert asked() == ["put_up_sign", "name_responsible", "review", "make_report"]
    sign, owner = record_of(Kind.SIGN), record_of(Kind.PERSON, role="responsible")
    assert asked(sign, owner) == ["review", "make_report"]
    assert asked(sign, owner, cameras=("c1", "c2")) == ["put_up_sign", "review", "make_report"]
    assert asked(record_of(Kind.SIGN, taken_down_on="2026-12-01"), owner) == ["put_up_sign", "review", "make_report"]
    assert asked(sign, owner, viewers=("u1",)) == ["enter_viewer", "review", "make_report"]
    assert asked(sign, owner, record_of(Kind.PERSON, user="u1"), viewers=("u1",)) == ["review", "make_report"]
    due = household_duties([record_of(Kind.REVIEW)], cameras=(), viewers=(), begun=begun)[-2].due
    assert due == date(2026, 11, 20) + timedelta(days=365)
    report = record_of(Kind.DOCUMENT, document="report")
    for document, made in ((report, date(2026, 11, 20)), (record_of(Kind.DOCUMENT), begun)):
        due = household_duties([document], cameras=(), viewers=(), begun=begun)[-1].due
        assert due == made + timedelta(days=365)


def test_a_contractor_may_view_until_the_earlier_end() -> None:
    assert record_of(Kind.CONTRACTOR).allowed_until is None
    ends = record_of(Kind.CONTRACTOR, ends_on="2027-01-31", ended_on="2026-12-24")
    assert ends.allowed_until == date(2026, 12, 24)
    assert record_of(Kind.PERSON, ended_on=DAY).allowed_until is None


# --- papers ------------------------------------------------------------------------------------------------------------


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    assert not reader.tags & {"script", "b", "iframe", "link", "img"}
    return reader


HOUSE = Household(
    operator=HTML,
    contact="048",
    purpose=HTML,
    retention_days=14,
    time_zone="Asia/Tokyo",
    now_us=1_795_000_000_000_000,
    cameras={"c1": HTML},
)
TEXTS = {FieldType.LINE: HTML, FieldType.TEXT: HTML}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", [kind for kind in Kind if letters_of(kind)])
def test_letters_hold_any_text_as_text(kind: Kind, language: str) -> None:
    fields: dict[str, Any] = {field.name: TEXTS[field.type] for field in FIELDS[kind] if field.type in TEXTS}
    fields |= {"cameras": ["c1", "gone"]} if "cameras" in {field.name for field in FIELDS[kind]} else {}
    for letter in letters_of(kind):
        text = read_page(letter_page(letter, language, record_of(kind, **fields), HOUSE)).text
        assert HTML in text
        assert "RX-2026-0001" in text
        assert "compliant" not in text.lower()


@pytest.mark.parametrize("decision", ["", "shown", "refused", "nothing_stored"])
def test_each_decision_has_its_letter(decision: str) -> None:
    record = record_of(Kind.ACCESS, decision=decision, reason="理由", identity_checked_on=DAY, identity_how="x")
    pages = {language: letter_page("access_answer", language, record, HOUSE) for language in ("ja", "en")}
    assert "理由" in pages["ja"]
    assert "理由" in pages["en"]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_sign_states_who_why_and_where_to_ask(size: str, language: str, variant: str) -> None:
    sign = Sign(
        size=size, language=language, variant=variant, operator=HTML, purpose="防犯", contact="048-000-0000",
        retention_days=14, url="https://example.org", code="M0 0h1v1h-1z", code_size=25,
    )  # fmt: skip
    text = read_page(sign_page(sign)).text
    for part in (HTML, "防犯", "048-000-0000", "14"):
        assert part in text
    assert ("防犯カメラ作動中" in text) == (language != "en")
    assert ("Security camera in operation" in text) == (language != "ja")


def test_every_duty_has_its_words() -> None:
    whats = {"put_up_sign", "name_responsible", "enter_viewer", "review", "make_report"}
    whats |= {"renew_sign", "look_at_sign", "pledge", "destroy_medium", "answer", "agree", "end_agreement"}
    whats |= {"check_identity", "answer_request", "stop_leak", "report_leak", "tell_persons"}
    whats |= {"report_leak_finally", "prevent_leak"}
    assert set(TASKS) == whats
    assert len(DUTIES) == 13
