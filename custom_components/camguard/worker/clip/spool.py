"""The spool: a clip while it is being recorded, as a sealed log of records that a crash can only cut short.

Owns the record format (docs/design/formats.md), writing it and reading it back. Makes no MP4 of it (that is `mux.py`).

A record is `>BI` (kind, length of the payload) and the payload. The log is sealed as one age file to the spool's own
key. Every SYNC_SECONDS the open chunk is filled up with padding and synced, so that a power cut loses no more.
"""

import base64
import fcntl
import json
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from ...domain.errors import IntegrityError
from ...vault.sealed import CHUNK_BYTES, Identity, Recipient, SealedWriter, read_prefix
from .sent_spool import SentSpool

SPOOL_VERSION = 2
_READABLE = (1, 2)
"""Version 1 knew square pixels only."""
SYNC_SECONDS = 5.0
SYNC_AWAY_SECONDS = 1.0
"""On another machine: what hasn't been sent is lost with its line. Padding takes 520 kbit/s then."""
REST_SECONDS = 1.5
"""At a rest: what has gathered was written at once."""
LOCK_SECONDS = 20.0
"""How long a reader waits for a writer that is about to exit."""


class _Kind(IntEnum):
    HEAD = 1
    PACKET = 2
    THUMBNAIL = 3
    END = 4
    PADDING = 5


_RECORD = struct.Struct(">BI")
_STAMP = struct.Struct(">qqBB")
"""Of a packet: pts µs, dts µs, 1 for audio, 1 for a keyframe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """First record: all that is known when the first frame is encoded."""

    clip_id: str
    start_us: int
    width: int
    height: int
    source_codec: str
    encoder: str
    extradata: bytes
    """H.264 parameter sets, Annex B; empty when the encoder repeats them in band."""
    has_audio: bool
    meta: dict[str, Any]
    aspect: tuple[int, int] = (1, 1)
    """Width and height of a pixel, as shown."""
    sound: str = ""
    """What becomes of the camera's sound (protocol/, Status)."""
    sound_codec: str = ""
    """What the camera's sound was encoded with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One access unit: H.264 (Annex B) or AAC (ADTS). Times are UTC epoch microseconds."""

    pts_us: int
    dts_us: int
    audio: bool = False
    keyframe: bool = False
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """The masked picture that stands for the clip, JPEG."""

    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Last record of a clip that ended in order; a spool without it was interrupted."""

    end_us: int
    reason: str
    frame_rate_lowered: bool
    packets: int


type Record = Head | Packet | Thumbnail | End


class SpoolWriter:
    """Appends records to a new spool file. Not thread safe. Raises OSError as the disk does.

    `patient` surrounds what the disk may let wait.
    """

    def __init__(
        self,
        path: Path,
        key: Identity | Recipient,
        *,
        file: SentSpool | None = None,
        patient: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`file`: where the bytes go instead, when another machine has the disk."""
        self.path = path
        self._sync_s = SYNC_SECONDS if file is None else SYNC_AWAY_SECONDS
        self._patient = patient
        self._file: BinaryIO = _create(path) if file is None else cast("BinaryIO", file)
        try:
            self._sealed = SealedWriter(self._file, key.recipient if isinstance(key, Identity) else key)
        except BaseException:
            self._file.close()
            raise
        self._synced_at = time.monotonic()
        self._packets = 0

    def head(self, head: Head) -> None:
        """Write the first record and make it durable."""
        fields = asdict(head) | {
            "version": SPOOL_VERSION,
            "extradata": base64.b64encode(head.extradata).decode(),
        }
        self._append(_Kind.HEAD, json.dumps(fields).encode())
        self.sync()

    def packet(self, packet: Packet) -> None:
        """Append one access unit; syncs when it is time to."""
        stamp = _STAMP.pack(packet.pts_us, packet.dts_us, packet.audio, packet.keyframe)
        self._append(_Kind.PACKET, stamp + packet.data)
        self._packets += 1
        if time.monotonic() - self._synced_at >= self._sync_s:
            self.sync()

    def rest(self) -> None:
        """Make durable what was appended since: nothing more comes for a while."""
        if self._packets and time.monotonic() - self._synced_at >= REST_SECONDS:
            self.sync()

    def thumbnail(self, image: bytes) -> None:
        """Append the thumbnail; the last one counts."""
        self._append(_Kind.THUMBNAIL, image)

    def end(self, *, end_us: int, reason: str, frame_rate_lowered: bool) -> None:
        """Write the last record, seal the last chunk, sync and close."""
        end = End(end_us=end_us, reason=reason, frame_rate_lowered=frame_rate_lowered, packets=self._packets)
        self._append(_Kind.END, json.dumps(asdict(end)).encode())
        with self._patient():
            self._sealed.close()
            self._file.close()

    def sync(self) -> None:
        """Make everything appended so far durable: pad the open chunk to its end and one byte more, then fsync."""
        room = CHUNK_BYTES - self._sealed.pending + 1 - _RECORD.size
        self._append(_Kind.PADDING, bytes(room if room >= 0 else room + CHUNK_BYTES))
        with self._patient():
            self._sealed.sync()
        self._synced_at = time.monotonic()

    def abandon(self) -> None:
        """Close the file as it is, torn: for a disk that takes no more. What was synced stays recoverable."""
        try:
            with self._patient():
                self._file.close()
        except OSError:
            # The buffered rest couldn't be written, as it couldn't before; the descriptor is closed all the same.
            return

    def _append(self, kind: int, payload: bytes) -> None:
        with self._patient():
            self._sealed.write(_RECORD.pack(kind, len(payload)) + payload)


class SpoolReader:
    """Reads a spool, complete or cut short, as often as wanted. Holds its lock: a writer must have gone.

    Raises IntegrityError `spool_unreadable` when not even the head is there, BlockingIOError when the file is still
    being written, OSError as the disk does. `on_chunk` is called while it is read.
    """

    def __init__(self, path: Path, identity: Identity, on_chunk: Callable[[], None] = lambda: None) -> None:
        self._identity = identity
        self._on_chunk = on_chunk
        self._file: BinaryIO = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        try:
            _lock(self._file)
            head = next(self.records(), None)
            if not isinstance(head, Head):
                raise IntegrityError("spool_unreadable")
        except BaseException:
            self._file.close()
            raise
        self.head = head

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._file.close()

    def records(self) -> Iterator[Record]:
        """Yield all whole records from the beginning, padding left out."""
        self._file.seek(0)
        buffer = bytearray()
        for chunk in read_prefix(self._file, self._identity):
            self._on_chunk()
            buffer += chunk
            position = 0
            while len(buffer) - position >= _RECORD.size:
                kind, length = _RECORD.unpack_from(buffer, position)
                start = position + _RECORD.size
                if len(buffer) - start < length:
                    break
                position = start + length
                if kind != _Kind.PADDING:
                    yield _parse(kind, bytes(buffer[start:position]))
            del buffer[:position]

    def packets(self) -> Iterator[Packet]:
        """Yield the packets only."""
        return (record for record in self.records() if isinstance(record, Packet))


def _parse(kind: int, payload: bytes) -> Record:
    try:
        match kind:
            case _Kind.HEAD:
                fields = json.loads(payload)
                if fields.pop("version") in _READABLE:
                    fields["extradata"] = base64.b64decode(fields["extradata"], validate=True)
                    fields["aspect"] = tuple(fields.get("aspect", (1, 1)))
                    return Head(**fields)
            case _Kind.PACKET:
                pts_us, dts_us, audio, keyframe = _STAMP.unpack_from(payload)
                data = payload[_STAMP.size :]
                return Packet(pts_us=pts_us, dts_us=dts_us, audio=bool(audio), keyframe=bool(keyframe), data=data)
            case _Kind.THUMBNAIL:
                return Thumbnail(image=payload)
            case _Kind.END:
                return End(**json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise IntegrityError("spool_unreadable") from error
    raise IntegrityError("spool_unreadable")


def _create(path: Path) -> BinaryIO:
    """Create a spool's file, locked by whoever writes it."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        file.close()
        raise
    return file


def _lock(file: BinaryIO) -> None:
    """Wait until the worker that wrote the file is gone (it may be finishing when Home Assistant is back already).

    Raises BlockingIOError when it doesn't go: nothing is wrong with the file.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
