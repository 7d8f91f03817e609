"""What is to be done, and by when: of each record, and of the household as a whole. Without a name of anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ..clip import US_PER_SECOND
from .record import Record, day_of
from .schema import Kind

SIGN_DAYS = 365
"""After which a sign is looked at again."""
REVIEW_DAYS = 365
REPORT_DAYS = 365
SELF_CHECK_DAYS = 30
NEAR_DAYS = 30
PATIENCE_DAYS = 14
"""For what has no date of its own: a pledge, an agreement, a medium that waits to be destroyed."""
PRELIMINARY_DAYS = 3
"""APPI's preliminary report: 3 to 5 days after a business has noticed (PPC, guidelines on the Act, general rules,
3-5-3-3: 概ね3～5日以内; Enforcement Rules, Article 8(1): 速やかに)."""
FINAL_DAYS, FINAL_DAYS_MALICIOUS = 30, 60
"""The final report (Enforcement Rules, Article 8(2)); 60 where somebody may have meant harm (Article 7, item 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that somebody has to do."""

    what: str
    """A key of translations: `duties.<what>`."""
    clause: str
    """Of the guideline."""
    due: date | None
    """None: as soon as may be."""
    record_id: str = ""
    """Empty: of the household."""
    number: str = ""
    subject: str = ""
    """A camera's or a user's id; never a name."""


def duty_of(record: Record, *, stated: str) -> Duty | None:
    """Return what a record asks for next; None: nothing. `stated`: what a sign has to state now."""
    if record.closed_on is not None:
        return None
    fields = record.fields

    def duty(what: str, clause: str, due: date | None) -> Duty:
        return Duty(what=what, clause=clause, due=due, record_id=record.record_id, number=record.number)

    def day(name: str) -> date:
        return day_of(fields[name]) or date.max

    made = datetime.fromtimestamp(record.created_us / US_PER_SECOND, UTC).date()
    match record.kind:
        case Kind.SIGN if record.stated != stated:
            return duty("renew_sign", "2(3)", None)
        case Kind.SIGN:
            seen = max(day("hung_on"), day_of(fields["looked_on"]) or date.min)
            return duty("look_at_sign", "2(3)", _later(seen, SIGN_DAYS))
        case Kind.PERSON if fields["role"] == "viewer" and not fields["pledged_on"]:
            return duty("pledge", "2(4)", _later(made, PATIENCE_DAYS))
        case Kind.MEDIUM:
            return duty("destroy_medium", "2(5)オ", _later(made, PATIENCE_DAYS))
        case Kind.COMPLAINT:
            return duty("answer", "2(7)", day("due_on"))
        case Kind.CONTRACTOR if not (fields["agreed_on"] and fields["pledged_on"]):
            return duty("agree", "2(8)", _later(made, PATIENCE_DAYS))
        case Kind.CONTRACTOR if fields["ends_on"]:
            return duty("end_agreement", "2(8)", day("ends_on"))
        case Kind.ACCESS if not fields["identity_checked_on"] and fields["decision"] != "nothing_stored":
            return duty("check_identity", "2(9)", day("due_on"))
        case Kind.ACCESS:
            return duty("answer_request", "2(9)", day("due_on"))
        case Kind.INCIDENT:
            return duty(*_of_incident(record))
    return None


def _of_incident(record: Record) -> tuple[str, str, date]:
    fields = record.fields
    noticed = day_of(fields["noticed_on"]) or date.max
    if not fields["stopped_on"]:
        return "stop_leak", "2(9)", noticed
    if fields["business"] and not fields["reported_on"]:
        return "report_leak", "2(9)", _later(noticed, PRELIMINARY_DAYS)
    if not fields["told_on"]:
        return "tell_persons", "2(9)", _later(noticed, PRELIMINARY_DAYS)
    final = FINAL_DAYS_MALICIOUS if fields["malicious"] else FINAL_DAYS
    if fields["business"] and not fields["final_reported_on"]:
        return "report_leak_finally", "2(9)", _later(noticed, final)
    return "prevent_leak", "2(9)", _later(noticed, final)


def household_duties(
    records: Iterable[Record], *, cameras: Iterable[str], viewers: Iterable[str], begun: date
) -> list[Duty]:
    """Return what no record asks for, since there is none yet.

    `viewers`: ids of the users whom the operator has named; `begun`: when CamGuard was set up.
    """
    lasting = {Kind.REVIEW, Kind.DOCUMENT}
    standing = [record for record in records if record.closed_on is None or record.kind in lasting]
    roles = {record.fields["role"] for record in standing if record.kind is Kind.PERSON}
    signed = {camera for record in standing if record.kind is Kind.SIGN for camera in record.fields["cameras"]}
    known = {record.user_id for record in standing if record.user_id}
    reviewed = max(
        (day for record in standing if record.kind is Kind.REVIEW and (day := day_of(record.fields["held_on"]))),
        default=begun,
    )
    duties = [
        Duty(what="put_up_sign", clause="2(3)", due=None, subject=camera) for camera in cameras if camera not in signed
    ]
    if "responsible" not in roles:
        duties.append(Duty(what="name_responsible", clause="2(4)", due=None))
    duties += [
        Duty(what="enter_viewer", clause="2(4)", due=None, subject=viewer) for viewer in viewers if viewer not in known
    ]
    reported = max(
        (
            day
            for record in standing
            if record.kind is Kind.DOCUMENT
            and record.fields["document"] == "report"
            and (day := day_of(record.fields["made_on"]))
        ),
        default=begun,
    )
    duties.append(Duty(what="review", clause="2(4)", due=_later(reviewed, REVIEW_DAYS)))
    duties.append(Duty(what="make_report", clause="2(4)", due=_later(reported, REPORT_DAYS)))
    return duties


def is_late(duty: Duty, today: date) -> bool:
    """Tell whether something is overdue, or has no date and is still to be done."""
    return duty.due is None or duty.due < today


def is_near(duty: Duty, today: date) -> bool:
    """Tell whether something is to be done within a month: what is further away is on no list of things to do."""
    return duty.due is None or duty.due <= today + timedelta(days=NEAR_DAYS)


def _later(day: date, days: int) -> date:
    return date.max if day == date.max else day + timedelta(days=days)
