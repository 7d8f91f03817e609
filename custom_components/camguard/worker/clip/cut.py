"""Cuts a part out of a finished clip at keyframes: the samples are copied, never encoded again (guideline 2(5)イ)."""

import contextlib
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import av

from ...domain.clip import US_PER_SECOND
from ...domain.errors import WorkerError
from ...vault.paths import fsync_dir
from ...vault.sealed import Identity, Recipient, SealedReader
from .. import faults
from ..protocol import ClipCut, CutClip
from .mp4_file import Sink, write_sealed_mp4


def cut(order: CutClip) -> ClipCut:
    """Write the sealed extract, durable at its path, and return the facts.

    Blocking. Raises IntegrityError (the clip was altered), WorkerError `nothing_recorded` (no frame in that time) and
    `spool_unreadable` (it is no video), OSError, av.FFmpegError; then nothing is left at the path.
    """
    path = Path(order.extract_path)
    with Path(order.clip_path).open("rb") as file, SealedReader(file, Identity.from_text(order.clip_secret)) as reader:
        try:
            span = _Span(_Plain(reader), order.from_us, order.to_us)
        except av.FFmpegError as error:  # some are OSError too, and yet no disk's refusal
            raise WorkerError(faults.SPOOL_UNREADABLE) from error
        part = path.with_name(path.name + ".part")
        try:
            sha256, size_bytes = write_sealed_mp4(part, span.packets, span.mux, Recipient.from_text(order.recipient))
            part.rename(path)
            fsync_dir(path.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return ClipCut(
        clip_id=order.clip_id,
        from_us=span.begin_us,
        to_us=span.end_us,
        size_bytes=size_bytes,
        sha256=sha256,
        frames=span.frames,
    )


class _Plain:
    """A sealed clip as the file that FFmpeg wants to read."""

    def __init__(self, reader: SealedReader) -> None:
        self._reader = reader
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._reader.read_at(self._position, self._reader.size if size < 0 else size)
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position; FFmpeg looks for the last byte of empty files too."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._reader.size}[whence]
        self._position = max(base + offset, 0)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position


class _Span:
    """The packets from the keyframe at or before `from_us` up to the first frame at or behind `to_us`."""

    def __init__(self, source: _Plain, from_us: int, to_us: int) -> None:
        self._source = source
        self.begin_us = 0
        self.end_us = 0
        self.frames = 0
        self.packets = 0
        with self._open() as container:
            ends: list[int] = []
            for packet in container.demux(container.streams.video[0]):
                if packet.pts is None or packet.time_base is None:
                    continue
                at_us, until_us = _time_us(packet.pts, packet), _time_us(packet.pts + (packet.duration or 0), packet)
                if packet.is_keyframe and at_us <= from_us:
                    self.begin_us, ends = at_us, []
                if at_us >= to_us:
                    break
                ends.append(until_us)
        if not ends or ends[-1] <= from_us:
            raise WorkerError(faults.NOTHING_RECORDED)
        self.frames, self.end_us = len(ends), ends[-1]
        with self._open() as container:
            self.packets = sum(1 for _ in self._inside(container))

    def mux(self, sink: Sink, index_bytes: int) -> None:
        """Copy the packets into an MP4 that begins at zero."""
        options = {"moov_size": str(index_bytes), "video_track_timescale": "90000"}
        with self._open() as source, av.open(sink, "w", format="mp4", options=options) as container:
            with contextlib.suppress(KeyError, ValueError, OverflowError):
                created = datetime.fromisoformat(source.metadata["creation_time"])
                container.metadata["creation_time"] = (created + timedelta(microseconds=self.begin_us)).isoformat()
            targets = {stream.index: container.add_stream_from_template(stream) for stream in source.streams}
            for packet in self._inside(source):
                assert packet.time_base is not None
                shift = round(self.begin_us / US_PER_SECOND / packet.time_base)
                packet.pts = max((packet.pts or 0) - shift, 0)
                packet.dts = max((packet.dts or 0) - shift, 0)
                packet.stream = targets[packet.stream.index]
                container.mux_one(packet)

    def _open(self) -> Any:
        self._source.seek(0)
        return av.open(self._source, "r", format="mp4")

    def _inside(self, container: Any) -> Any:
        for packet in container.demux():
            if packet.pts is not None and self.begin_us <= _time_us(packet.pts, packet) < self.end_us:
                yield packet


def _time_us(time: int, packet: Any) -> int:
    moment: int = round(time * packet.time_base * US_PER_SECOND)
    return moment
