"""Writes a sealed plain MP4 with the index in front, strictly front to back.

FFmpeg's muxer writes the index last and seeks back to put it in front; a sealed file can't be rewritten. So the packets
are muxed twice: the first pass keeps only the head region, the second emits that head and then streams the samples
behind it. Both see the same packets and so make the same bytes.
"""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import override

from ...domain.errors import IntegrityError
from ...vault.sealed import Recipient, SealedWriter

_INDEX_BYTES_A_PACKET = 40
"""An upper bound: stsz 4, stts 8, stsc 12, co64 8, stss 4."""
_INDEX_BYTES = 16 * 1024
_HEAD_SLACK_BYTES = 4096
"""For ftyp, the free box and mdat's own header around the reserved index."""

type Mux = Callable[[Sink, int], None]
"""Muxes everything into the sink; the second argument is the muxer's option `moov_size`."""


def write_sealed_mp4(part: Path, packets: int, mux: Mux, recipient: Recipient) -> tuple[str, int]:
    """Return (SHA-256 in hex, size in bytes) of the plain MP4 that is now sealed at `part`, synced.

    `packets`: at least as many as there are. Raises IntegrityError `mp4_not_repeatable` when the two passes differ.
    """
    index_bytes = packets * _INDEX_BYTES_A_PACKET + _INDEX_BYTES
    head_bytes = index_bytes + _HEAD_SLACK_BYTES
    first = _HeadSink(head_bytes)
    mux(first, index_bytes)
    digest = hashlib.sha256()
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file, SealedWriter(file, recipient) as sealed:

        def emit(data: bytes) -> None:
            digest.update(data)
            sealed.write(data)

        second = _BodySink(bytes(first.head), head_bytes, emit)
        mux(second, index_bytes)
        if second.size != first.size:
            raise IntegrityError("mp4_not_repeatable")
        sealed.close()
    return digest.hexdigest(), first.size


class Sink:
    """A file-like target for FFmpeg's muxer that counts positions; subclasses keep what they need."""

    def __init__(self, head_bytes: int) -> None:
        self._head_bytes = head_bytes
        self._position = 0
        self.size = 0

    def write(self, data: bytes | memoryview) -> int:
        """Take bytes at the current position."""
        view = bytes(data)
        split = max(self._head_bytes - self._position, 0)
        if view[:split]:
            self._take_head(self._position, view[:split])
        if view[split:]:
            self._take_body(self._position + split if split else self._position, view[split:])
        self._position += len(view)
        self.size = max(self.size, self._position)
        return len(view)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def _take_head(self, position: int, data: bytes) -> None:
        raise NotImplementedError

    def _take_body(self, position: int, data: bytes) -> None:
        raise NotImplementedError


class _HeadSink(Sink):
    """First pass: keeps the head region, drops the samples."""

    def __init__(self, head_bytes: int) -> None:
        super().__init__(head_bytes)
        self.head = bytearray()

    @override
    def _take_head(self, position: int, data: bytes) -> None:
        end = position + len(data)
        if len(self.head) < end:
            self.head.extend(bytes(end - len(self.head)))
        self.head[position:end] = data

    @override
    def _take_body(self, position: int, data: bytes) -> None:
        """The second pass sees them again."""


class _BodySink(Sink):
    """Second pass: emits the finished head first, then the samples, each byte once and in order."""

    def __init__(self, head: bytes, head_bytes: int, emit: Callable[[bytes], None]) -> None:
        super().__init__(head_bytes)
        self._emit = emit
        self._next = head_bytes
        emit(head)

    @override
    def _take_head(self, position: int, data: bytes) -> None:
        """The first pass has it in its final form."""

    @override
    def _take_body(self, position: int, data: bytes) -> None:
        if position != self._next:
            raise IntegrityError("mp4_not_repeatable")
        self._next = position + len(data)
        self._emit(data)
