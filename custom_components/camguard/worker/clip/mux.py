"""Makes the finished clip of a spool: a sealed plain MP4. The samples are untouched."""

import io
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av

from ...domain.clip import US_PER_SECOND
from ...domain.errors import WorkerError
from ...vault.paths import PART, fsync_dir, write_synced
from ...vault.sealed import Identity, Recipient, SealedWriter
from .. import faults
from ..protocol import ClipFinished
from .mp4_file import Sink, write_sealed_mp4
from .proof import prove
from .spool import End, Packet, SpoolReader, Thumbnail

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
    *,
    spool_path: Path,
    spool: Identity,
    clip_path: Path,
    thumbnail_path: Path,
    recipient: Recipient,
    on_chunk: Callable[[], None] = lambda: None,
) -> ClipFinished:
    """Write the sealed clip and its thumbnail, durable at their paths, and return the facts.

    Blocking; `on_chunk` is called again and again. Raises IntegrityError (the spool can't be read), WorkerError
    `nothing_recorded` or `mask_not_proved` (with `detail` and `camera_id`), OSError as the disk does; then nothing is
    left at the paths, of an attempt before neither.
    """
    part = clip_path.with_name(clip_path.name + PART)
    with ExitStack() as stack:
        stack.callback(_forget, part)
        reader = stack.enter_context(SpoolReader(spool_path, spool, on_chunk))
        inventory = _take_inventory(reader)
        proved = prove(reader)
        if proved.open_at:
            raise WorkerError(faults.MASK_NOT_PROVED, detail=proved.open_at, camera_id=proved.camera_id)
        head = reader.head
        complete = inventory.end is not None and inventory.end.packets == inventory.packets
        end_us = inventory.end.end_us if complete and inventory.end else inventory.last_us
        try:
            sha256, size_bytes = write_sealed_mp4(
                part,
                inventory.packets,
                lambda sink, index_bytes: _mux(sink, reader, inventory, end_us, index_bytes),
                recipient,
            )
            if inventory.thumbnail is not None:
                sealed = io.BytesIO()
                with SealedWriter(sealed, recipient) as writer:
                    writer.write(inventory.thumbnail)
                    writer.close()
                    write_synced(thumbnail_path, sealed.getvalue())
            part.rename(clip_path)
            fsync_dir(clip_path.parent)
        except BaseException:
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
        sound="none" if head.sound == "recorded" and inventory.first_audio is None else head.sound,
        sound_codec=head.sound_codec,
        end_reason=inventory.end.reason if complete and inventory.end else "interrupted",
        recovered=not complete,
        mask_checked=proved.pictures,
        meta=head.meta,
    )


def _forget(part: Path) -> None:
    """Remove what an attempt left, this one or one before that was killed. The disk may be away; the error is known."""
    with suppress(OSError):
        part.unlink(missing_ok=True)


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


def _mux(sink: Sink, reader: SpoolReader, inventory: _Inventory, end_us: int, index_bytes: int) -> None:
    head = reader.head
    options = {"moov_size": str(index_bytes), "video_track_timescale": str(_VIDEO_CLOCK.denominator)}
    with (
        av.open(io.BytesIO(inventory.first_video), "r", format="h264") as video_template,
        av.open(sink, "w", format="mp4", options=options) as container,
    ):
        container.metadata["creation_time"] = datetime.fromtimestamp(head.start_us / US_PER_SECOND, UTC).isoformat()
        video = container.add_stream_from_template(video_template.streams.video[0])
        video.time_base = _VIDEO_CLOCK
        audio, audio_clock = None, _VIDEO_CLOCK
        if inventory.first_audio is not None:
            with av.open(io.BytesIO(inventory.first_audio), "r", format="aac") as audio_template:
                audio = container.add_stream_from_template(audio_template.streams.audio[0])
                audio_clock = Fraction(1, audio_template.streams.audio[0].codec_context.sample_rate)
        last: dict[bool, int] = {}
        for packet, duration_us in _with_durations(reader.packets(), end_us):
            stream = audio if packet.audio else video
            if stream is None:
                continue
            # Not the stream's own clock: the muxer chooses that only when it writes its header.
            clock = audio_clock if packet.audio else _VIDEO_CLOCK
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


def _ticks(time_us: int, clock: Fraction) -> int:
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
