"""Makes the finished clip of a spool: a sealed plain MP4 with the index in front, written strictly front to back.

The samples are untouched. FFmpeg's muxer writes the index last and seeks back to put it in front; a sealed file can't
be rewritten. So the packets are muxed twice: the first pass keeps only the head region, the second emits that head and
then streams the samples behind it. Both see the same packets and so make the same bytes.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, override

import av

from ..domain.clip import US_PER_SECOND
from ..domain.errors import IntegrityError, WorkerError
from ..vault.paths import fsync_dir, write_synced
from ..vault.sealed import Identity, Recipient, SealedWriter
from . import faults
from .protocol import ClipFinished
from .spool import End, Packet, SpoolReader, Thumbnail

if TYPE_CHECKING:
    from av.rational import AVRational

_INDEX_BYTES_A_PACKET = 40
"""An upper bound: stsz 4, stts 8, stsc 12, co64 8, stss 4."""
_INDEX_BYTES = 16 * 1024
_HEAD_SLACK_BYTES = 4096
"""For ftyp, the free box and mdat's own header around the reserved index."""
_VIDEO_CLOCK = Fraction(1, 90_000)
_LAST_FRAME_US = 66_667
"""How long the last frame is shown when there is nothing to measure it by (one frame at 15 fps)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inventory:
    """What one reading of a spool tells about all of it."""

    first_video: bytes
    first_audio: bytes | None
    frames: int
    packets: int
    last_us: int
    end: End | None
    thumbnail: bytes | None


def finish(
    *, spool_path: Path, spool: Identity, clip_path: Path, thumbnail_path: Path, recipient: Recipient
) -> ClipFinished:
    """Write the sealed clip and its thumbnail, durable at their paths, and return the facts.

    Blocking. Raises IntegrityError (the spool can't be read), WorkerError `nothing_recorded`, OSError as the disk does;
    then nothing is left at the paths.
    """
    with SpoolReader(spool_path, spool) as reader:
        inventory = _take_inventory(reader)
        head = reader.head
        complete = inventory.end is not None and inventory.end.packets == inventory.packets
        end_us = inventory.end.end_us if complete and inventory.end else inventory.last_us
        part = clip_path.with_name(clip_path.name + ".part")
        try:
            sha256, size_bytes = _write_clip(part, reader, inventory, end_us, recipient)
            if inventory.thumbnail is not None:
                sealed = io.BytesIO()
                with SealedWriter(sealed, recipient) as writer:
                    writer.write(inventory.thumbnail)
                    writer.close()
                    write_synced(thumbnail_path, sealed.getvalue())
            part.rename(clip_path)
            fsync_dir(clip_path.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            thumbnail_path.unlink(missing_ok=True)
            raise
    return ClipFinished(
        clip_id=head.clip_id,
        start_us=head.start_us,
        end_us=end_us,
        size_bytes=size_bytes,
        sha256=sha256,
        frames=inventory.frames,
        width=head.width,
        height=head.height,
        source_codec=head.source_codec,
        encoder=head.encoder,
        frame_rate_lowered=bool(inventory.end and inventory.end.frame_rate_lowered),
        has_audio=inventory.first_audio is not None,
        end_reason=inventory.end.reason if complete and inventory.end else "interrupted",
        recovered=not complete,
        meta=head.meta,
    )


def _take_inventory(reader: SpoolReader) -> _Inventory:
    first_video = first_audio = thumbnail = end = None
    frames = packets = 0
    times: list[int] = []
    for record in reader.records():
        match record:
            case Packet(audio=True):
                packets += 1
                first_audio = first_audio or record.data
            case Packet():
                packets += 1
                frames += 1
                first_video = first_video or record.data
                times = [*times[-1:], record.pts_us]
            case Thumbnail():
                thumbnail = record.image
            case End():
                end = record
            case _:
                pass
    if first_video is None:
        raise WorkerError(faults.NOTHING_RECORDED)
    shown_us = times[-1] - times[0] if len(times) > 1 else _LAST_FRAME_US
    return _Inventory(
        first_video=reader.head.extradata + first_video,
        first_audio=first_audio,
        frames=frames,
        packets=packets,
        last_us=times[-1] + min(max(shown_us, 1), US_PER_SECOND),
        end=end,
        thumbnail=thumbnail,
    )


def _write_clip(
    part: Path, reader: SpoolReader, inventory: _Inventory, end_us: int, recipient: Recipient
) -> tuple[str, int]:
    """Return (SHA-256 in hex, size in bytes) of the plain MP4 that is now sealed at `part`, synced."""
    index_bytes = inventory.packets * _INDEX_BYTES_A_PACKET + _INDEX_BYTES
    head_bytes = index_bytes + _HEAD_SLACK_BYTES
    first = _HeadSink(head_bytes)
    _mux(first, reader, inventory, end_us, index_bytes)
    digest = hashlib.sha256()
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file, SealedWriter(file, recipient) as sealed:

        def emit(data: bytes) -> None:
            digest.update(data)
            sealed.write(data)

        second = _BodySink(bytes(first.head), head_bytes, emit)
        _mux(second, reader, inventory, end_us, index_bytes)
        if second.size != first.size:
            raise IntegrityError("spool_unreadable")
        sealed.close()
    return digest.hexdigest(), first.size


def _mux(sink: _Sink, reader: SpoolReader, inventory: _Inventory, end_us: int, index_bytes: int) -> None:
    head = reader.head
    options = {"moov_size": str(index_bytes), "video_track_timescale": str(_VIDEO_CLOCK.denominator)}
    with (
        av.open(io.BytesIO(inventory.first_video), "r", format="h264") as video_template,
        av.open(sink, "w", format="mp4", options=options) as container,
    ):
        container.metadata["creation_time"] = datetime.fromtimestamp(head.start_us / US_PER_SECOND, UTC).isoformat()
        video = container.add_stream_from_template(video_template.streams.video[0])
        video.time_base = _VIDEO_CLOCK
        audio = None
        if inventory.first_audio is not None:
            with av.open(io.BytesIO(inventory.first_audio), "r", format="aac") as audio_template:
                audio = container.add_stream_from_template(audio_template.streams.audio[0])
        last: dict[bool, int] = {}
        for packet, duration_us in _with_durations(reader.packets(), end_us):
            stream = audio if packet.audio else video
            if stream is None:
                continue
            clock = stream.time_base or _VIDEO_CLOCK
            unit = av.Packet(packet.data)
            unit.stream = stream
            unit.time_base = clock
            # The muxer refuses times that repeat or step back; closer than a tick they would.
            dts = _ticks(packet.dts_us - head.start_us, clock)
            last[packet.audio] = unit.dts = max(dts, last.get(packet.audio, dts - 1) + 1)
            unit.pts = max(_ticks(packet.pts_us - head.start_us, clock), unit.dts)
            unit.duration = _ticks(duration_us, clock) if packet.audio else max(_ticks(duration_us, clock), 1)
            unit.is_keyframe = packet.keyframe or packet.audio
            container.mux_one(unit)


def _ticks(time_us: int, clock: AVRational | Fraction) -> int:
    return round(Fraction(time_us * clock.denominator, US_PER_SECOND * clock.numerator))


def _with_durations(packets: Iterable[Packet], end_us: int) -> Iterable[tuple[Packet, int]]:
    """Pair each packet with its duration, µs: up to the next video frame, the last one up to the clip's end.

    MP4 derives durations from the next frame's time; the muxer needs to be told the last one only.
    """
    held: Packet | None = None
    for packet in packets:
        if packet.audio:
            yield packet, 0
            continue
        if held is not None:
            yield held, packet.dts_us - held.dts_us
        held = packet
    if held is not None:
        yield held, max(end_us - held.dts_us, 1)


class _Sink:
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


class _HeadSink(_Sink):
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


class _BodySink(_Sink):
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
            raise IntegrityError("spool_unreadable")
        self._next = position + len(data)
        self._emit(data)
