"""Frames between Home Assistant and the worker."""

import dataclasses
import io
import json
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import WorkerError
from custom_components.camguard.worker import protocol
from custom_components.camguard.worker.protocol import MAX_BODY_BYTES, MAX_HEADER_BYTES, PREFIX, Message, Stop

TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
INT = st.integers(-(1 << 62), 1 << 62)
META = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | INT | TEXT | st.floats(allow_nan=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)
OF_TYPE: dict[object, st.SearchStrategy[object]] = {
    int: INT,
    float: st.floats(0, 1),
    str: TEXT,
    bool: st.booleans(),
    bytes: st.binary(max_size=200),
    int | None: st.none() | INT,
    tuple[float, float] | None: st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
    tuple[int, int] | None: st.none() | st.tuples(INT, INT),
    tuple[tuple[str, str], ...] | None: st.none() | st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
    tuple[tuple[str, str], ...]: st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
    tuple[str, ...]: st.lists(TEXT, max_size=3).map(tuple),
    dict[str, typing.Any]: META,
    dict[str, str]: st.dictionaries(TEXT, TEXT, max_size=3),
}


def strategy(cls: type[Message]) -> st.SearchStrategy[Message]:
    hints = typing.get_type_hints(cls)
    return st.builds(cls, **{item.name: OF_TYPE[hints[item.name]] for item in dataclasses.fields(cls)})


MESSAGES = st.one_of([strategy(cls) for cls in protocol.MESSAGES.values()])


def test_every_message_is_known_by_its_name() -> None:
    assert set(Message.__subclasses__()) == set(protocol.MESSAGES.values())


@settings(max_examples=400)
@given(message=MESSAGES)
def test_what_is_written_is_read(message: Message) -> None:
    pipe = io.BytesIO()
    protocol.write(pipe, message)
    protocol.write(pipe, Stop())
    pipe.seek(0)
    assert protocol.read(pipe) == message
    assert protocol.read(pipe) == Stop()
    assert protocol.read(pipe) is None


@given(message=MESSAGES, data=st.data())
def test_a_torn_frame_is_the_end(message: Message, data: st.DataObject) -> None:
    frame = protocol.encode(message)
    cut = data.draw(st.integers(0, len(frame) - 1))
    assert protocol.read(io.BytesIO(frame[:cut])) is None


@given(st.binary(max_size=200))
def test_garbage_is_refused_or_the_end(garbage: bytes) -> None:
    try:
        protocol.read(io.BytesIO(garbage))
    except WorkerError:
        return


@given(header=st.binary(max_size=100) | META.map(lambda value: json.dumps(value).encode()), body=st.binary(max_size=9))
def test_garbage_in_a_frame_is_refused(header: bytes, body: bytes) -> None:
    with pytest.raises(WorkerError):
        protocol.decode(header, body)


@given(name=st.sampled_from(sorted(protocol.MESSAGES)), fields=META, body=st.binary(max_size=3), message=MESSAGES)
def test_other_fields_are_refused(name: str, fields: dict[str, object], body: bytes, message: Message) -> None:
    for text in (json.dumps(fields | {"t": name}), json.dumps({"t": name, "x": 1})):
        try:
            decoded = protocol.decode(text.encode(), body)
        except WorkerError:
            continue
        else:
            assert type(decoded).__name__ == name


@pytest.mark.parametrize(
    "header",
    [b"null", b"[]", b"3", b'"Stop"', b'{"t": []}', b'{"t": {}}', b'{"t": null}', b'{"t": "Nobody"}', b"[" * 50_000,
     b'{"t":"Stop","x":' + b"[" * 50_000 + b"]" * 50_000 + b"}", b"9" * 5000, b'{"t":"Stop"}x', b"\xff\xfe"],
)  # fmt: skip
def test_headers_that_are_no_message(header: bytes) -> None:
    with pytest.raises(WorkerError):
        protocol.decode(header, b"")


def test_a_body_that_nobody_asked_for() -> None:
    with pytest.raises(WorkerError):
        protocol.decode(b'{"t":"Stop"}', b"x")


@pytest.mark.parametrize(
    "lengths", [(0, 0), (MAX_HEADER_BYTES + 1, 0), (1, MAX_BODY_BYTES + 1), (0xFFFFFFFF, 0xFFFFFFFF)]
)
def test_impossible_lengths(lengths: tuple[int, int]) -> None:
    with pytest.raises(WorkerError):
        protocol.prefix(PREFIX.pack(*lengths))
    with pytest.raises(WorkerError):
        protocol.read(io.BytesIO(PREFIX.pack(*lengths) + bytes(64)))


def test_messages_too_large_are_not_sent() -> None:
    with pytest.raises(WorkerError):
        protocol.encode(protocol.Status(state="x" * MAX_HEADER_BYTES))
    with pytest.raises(WorkerError):
        protocol.encode(protocol.Still(time_us=0, image=bytes(MAX_BODY_BYTES + 1)))


@given(message=MESSAGES)
def test_secrets_are_not_shown(message: Message) -> None:
    for name in ("url", "spool_secret", "image"):
        if hasattr(message, name):
            assert f"{name}=" not in repr(message)
