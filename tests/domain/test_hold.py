"""The rules of holds, and the ledger's running numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import US_PER_DAY, ClipId, canonical_json
from custom_components.camguard.domain.errors import InvalidError
from custom_components.camguard.domain.hold import (
    HOLD_MAX_DAYS,
    REASON_MAX,
    Hold,
    check_review_date,
    parse_reason,
    to_review,
)
from custom_components.camguard.domain.ledger import Entry, Event, make_entry


@given(st.text())
def test_a_reason_is_trimmed_or_refused(text: str) -> None:
    kept = text.strip()
    if kept and len(kept) <= REASON_MAX:
        assert parse_reason(text) == kept
    else:
        with pytest.raises(InvalidError) as error:
            parse_reason(text)
        assert error.value.key == ("text_too_long" if kept else "reason_missing")


@given(st.integers(), st.integers(0, 1 << 60))
def test_a_review_date_lies_ahead_but_not_too_far(until_us: int, now_us: int) -> None:
    ahead_us = until_us - now_us
    if 0 < ahead_us <= HOLD_MAX_DAYS * US_PER_DAY:
        check_review_date(until_us, now_us)
    else:
        with pytest.raises(InvalidError) as error:
            check_review_date(until_us, now_us)
        assert error.value.key == ("hold_in_past" if ahead_us <= 0 else "hold_too_long")


def test_review_comes_at_its_date_the_oldest_first() -> None:
    holds = [
        Hold(clip_id=ClipId(f"{until:032x}"), camera_id="c", since_us=0, until_us=until, reason="r")
        for until in (30, 10, 20)
    ]
    assert [hold.until_us for hold in to_review(holds, 9)] == []
    assert [hold.until_us for hold in to_review(holds, 20)] == [10, 20]


def test_the_one_way_to_write_a_line() -> None:
    entry = make_entry(None, Event.GAP, {"text": "佐藤 😀"}, time_us=5, salt="0" * 32)
    line = entry.to_line()
    assert entry.written_as(line)
    assert replace(entry, sig="AA").written_as(replace(entry, sig="AA").to_line())
    early = line.replace(b'"sig":null,', b"")
    assert early != line
    assert Entry.from_line(early) == entry
    assert entry.written_as(early)
    for other in (
        line[:-1], line + b"\n", line.replace(b":", b": ", 1), b" " + line, line.replace("佐".encode(), b"\\u4f50"),
        canonical_json({"x": 1, **{name: getattr(entry, name) for name in ("seq", "time_us", "bh", "head", "body")}}),
    ):  # fmt: skip
        assert not entry.written_as(other)
    assert not replace(entry, body={"x": float("nan")}).written_as(line)


@pytest.mark.parametrize(
    "change", [(b'"seq":1', b'"seq":1.0'), (b'"seq":1', b'"seq":true'), (b'"seq":1', b'"seq":"1"')]
)
def test_numbers_of_another_kind_are_no_entry(change: tuple[bytes, bytes]) -> None:
    from custom_components.camguard.domain.errors import IntegrityError

    line = make_entry(None, Event.GAP, {}, time_us=5, salt="0" * 32).to_line()
    at = line.rindex(change[0])
    with pytest.raises(IntegrityError):
        Entry.from_line(line[:at] + change[1] + line[at + len(change[0]) :])
