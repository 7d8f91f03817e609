"""Messages to frames, and back: `>II` (length of the header, length of the body), header, body."""

import dataclasses
import json
import struct
from typing import Any, BinaryIO, Protocol

from ...domain.errors import WorkerError
from . import commands, events
from .message import MAX_BODY_BYTES, Message

MAX_HEADER_BYTES = 256 * 1024
PREFIX = struct.Struct(">II")
MESSAGES: dict[str, type[Message]] = {
    name: cls
    for module in (commands, events)
    for name, cls in vars(module).items()
    if isinstance(cls, type) and issubclass(cls, Message) and cls is not Message
}


class ReadsBytes(Protocol):
    """A blocking byte source."""

    def read(self, size: int, /) -> bytes:
        """Return `size` bytes, or fewer at the end."""


def encode(message: Message) -> bytes:
    """Return the frame of a message."""
    fields = {f.name: getattr(message, f.name) for f in dataclasses.fields(message)}
    body = fields.pop(message.body_field) if message.body_field else b""
    header = json.dumps({"t": type(message).__name__, **fields}, separators=(",", ":")).encode()
    if len(header) > MAX_HEADER_BYTES or len(body) > MAX_BODY_BYTES:
        raise WorkerError("protocol_error", detail="message too large")
    return PREFIX.pack(len(header), len(body)) + header + body


def prefix(data: bytes) -> tuple[int, int]:
    """Return the lengths (header, body) that an 8-byte prefix announces; raises WorkerError when they can't be."""
    header_bytes, body_bytes = PREFIX.unpack(data)
    if not 0 < header_bytes <= MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
        raise WorkerError("protocol_error", detail="impossible length")
    return header_bytes, body_bytes


def decode(header: bytes, body: bytes) -> Message:
    """Return the message of a frame; raises WorkerError for anything that `encode` would not write."""
    try:
        fields: dict[str, Any] = json.loads(header)
        cls = MESSAGES[fields.pop("t")]
        if cls.body_field:
            fields[cls.body_field] = body
        elif body:
            raise WorkerError("protocol_error", detail="unexpected body")
        return cls(**{name: _tuples(value) for name, value in fields.items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WorkerError("protocol_error", detail="unreadable message") from error


def read(stream: ReadsBytes) -> Message | None:
    """Read one message from a blocking stream; None at its end (a torn last frame counts as the end)."""
    head = stream.read(PREFIX.size)
    if len(head) < PREFIX.size:
        return None
    header_bytes, body_bytes = prefix(head)
    data = stream.read(header_bytes + body_bytes)
    if len(data) < header_bytes + body_bytes:
        return None
    return decode(data[:header_bytes], data[header_bytes:])


def write(stream: BinaryIO, message: Message) -> None:
    """Write one message to a blocking stream and flush it. The caller serialises writers."""
    stream.write(encode(message))
    stream.flush()


def _tuples(value: object) -> object:
    """JSON has no tuples: give lists their immutable form back, except inside `dict` fields."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
