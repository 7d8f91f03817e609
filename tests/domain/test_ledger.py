"""The ledger's chain: whatever is changed shows."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import canonical_json
from custom_components.camguard.domain.errors import IntegrityError
from custom_components.camguard.domain.ledger import GENESIS, Entry, Event, make_entry

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
facts = st.dictionaries(
    st.sampled_from(["clip_id", "camera_id", "reason", "clip_ids"]), scalars | st.lists(scalars, max_size=3)
)
events = st.tuples(
    st.sampled_from(Event), facts, st.integers(0, 2**53), st.integers(0, 2**128 - 1).map("{:032x}".format)
)


def build(rows: list[tuple[Event, dict[str, Any], int, str]]) -> list[Entry]:
    entries: list[Entry] = []
    for event, body, time_us, salt in rows:
        entries.append(make_entry(entries[-1] if entries else None, event, body, time_us=time_us, salt=salt))
    return entries


def first_break(entries: list[Entry]) -> int | None:
    previous = None
    for number, entry in enumerate(entries):
        if not entry.follows(previous):
            return number
        previous = entry
    return None


ROWS = [(Event.VIEWED, {"clip_id": str(number)}, 1000 + number, f"{number:032x}") for number in range(3)]


@settings(max_examples=60, deadline=None)
@given(st.lists(events, max_size=6), st.sets(st.integers(0, 5)))
def test_chain_holds_also_with_bodies_dropped(rows: list[Any], dropped: set[int]) -> None:
    entries = build(rows)
    assert first_break(entries) is None
    read = [Entry.from_line(entry.to_line()) for entry in entries]
    assert read == entries
    assert [entry.event for entry in read] == [row[0] for row in rows]
    thinned = [replace(entry, body=None) if number in dropped else entry for number, entry in enumerate(entries)]
    assert first_break([Entry.from_line(entry.to_line()) for entry in thinned]) is None


def test_matches_the_written_rule() -> None:
    first, second, _ = build(ROWS)
    body = {"clip_id": "0", "event": "viewed", "salt": "0" * 32, "seq": 1, "time_us": 1000}
    assert first.body == body
    bh = hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    head = hashlib.sha256(f"{GENESIS} {bh}\n".encode()).hexdigest()
    assert (first.seq, first.bh, first.head) == (1, bh, head)
    assert second.head == hashlib.sha256(f"{head} {second.bh}\n".encode()).hexdigest()
    assert first.to_line().endswith(b"}\n")
    assert first.to_line().count(b"\n") == 1


def test_facts_can_not_pose_as_another_entry() -> None:
    entry = make_entry(
        None, Event.VIEWED, {"event": "erased", "seq": 9, "time_us": 9, "salt": "x"}, time_us=5, salt="a"
    )
    assert entry.body == {"event": "viewed", "seq": 1, "time_us": 5, "salt": "a"}


@settings(max_examples=100, deadline=None)
@given(st.lists(events, min_size=1, max_size=5), st.data())
def test_any_altered_field_is_found(rows: list[Any], data: st.DataObject) -> None:
    entries = build(rows)
    number = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[number]
    assert entry.body is not None
    what = data.draw(st.sampled_from(["seq", "time_us", "bh", "head", "body", "body key", "body gone"]))
    match what:
        case "seq" | "time_us":
            value: Any = data.draw(st.integers().filter(lambda value: value != getattr(entry, what)))
            changed = replace(entry, **{what: value})
        case "bh" | "head":
            changed = replace(
                entry,
                **{
                    what: data.draw(
                        st.text("0123456789abcdef", min_size=64, max_size=64).filter(
                            lambda v: v != getattr(entry, what)
                        )
                    )
                },
            )
        case "body":
            key = data.draw(st.sampled_from(sorted(entry.body)))
            changed = replace(
                entry,
                body=entry.body
                | {key: data.draw(scalars.filter(lambda v: canonical_json(v) != canonical_json(entry.body[key])))},
            )
        case "body key":
            changed = replace(entry, body=entry.body | {"other": 1})
        case _:
            key = data.draw(st.sampled_from(sorted(entry.body)))
            changed = replace(entry, body={name: value for name, value in entry.body.items() if name != key})
    assert first_break([*entries[:number], changed, *entries[number + 1 :]]) == number


@settings(max_examples=40, deadline=None)
@given(st.lists(events, min_size=2, max_size=6, unique_by=lambda row: row[3]), st.data())
def test_removed_swapped_and_forged_entries_are_found(rows: list[Any], data: st.DataObject) -> None:
    entries = build(rows)
    number = data.draw(st.integers(0, len(entries) - 2))
    assert first_break(entries[:number] + entries[number + 1 :]) == number
    swapped = [*entries]
    swapped[number], swapped[number + 1] = swapped[number + 1], swapped[number]
    assert first_break(swapped) == number
    # rewritten in place with a right hash of its own: the next one tells
    previous = entries[number - 1] if number else None
    forged = make_entry(previous, Event.GAP, {}, time_us=1, salt="f" * 32)
    assert first_break([*entries[:number], forged, *entries[number + 1 :]]) == number + 1


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\n", b"null", b"[]", b"{}", b'"a"', b"7", b"\xff", b"{", b"[" * 100_000,
        b'{"seq":1,"time_us":1,"bh":"a","head":"b"}',
        b'{"seq":1,"time_us":1,"bh":"a","head":"b","body":[]}',
        b'{"seq":1,"time_us":1,"bh":"a","head":"b","body":"text"}',
        b'{"seq":"x","time_us":1,"bh":"a","head":"b","body":null}',
        b'{"seq":null,"time_us":1,"bh":"a","head":"b","body":null}',
        b'{"seq":Infinity,"time_us":1,"bh":"a","head":"b","body":null}',
        b'{"seq":1,"time_us":NaN,"bh":"a","head":"b","body":null}',
    ],
    ids=lambda line: repr(line[:60]),
)  # fmt: skip
def test_unreadable_lines(line: bytes) -> None:
    with pytest.raises(IntegrityError) as caught:
        Entry.from_line(line)
    assert caught.value.key == "ledger_unreadable"


@pytest.mark.parametrize("value", [b"NaN", b"-Infinity", b'"\\ud800"'])
def test_a_body_that_can_not_be_canonical_does_not_follow(value: bytes) -> None:
    line = b'{"seq":1,"time_us":1,"bh":"a","head":"b","body":{"x":' + value + b"}}"
    entry = Entry.from_line(line)
    assert not entry.follows(None)
    # even when all else is right
    first = build(ROWS)[0]
    assert first.body
    assert entry.body
    assert not replace(first, body=first.body | entry.body).follows(None)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")))
def test_garbage_is_no_entry(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        Entry.from_line(data)
