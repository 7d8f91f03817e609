"""Keeps one camera's packets coming into the ring, for ever: connect, read, fall back, try again.

Nothing is decoded here. Where the pictures come from is asked of Home Assistant at every connect (addresses expire).
Every interruption of two seconds or more is reported with its cause (invariant 8).
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import av

from .. import faults
from ..clock import Clock
from ..protocol import Connect, Status, Still
from ..pulse import Pulse
from ..redact import redact
from .ring import AudioInfo, Entry, Ring, StreamInfo
from .timeline import Timeline

OPEN_SECONDS = 10.0
READ_SECONDS = 8.0
ANSWER_SECONDS = 30.0
STILL_SECONDS = 30.0
"""A camera guarded from stills is lost when no picture came for this long."""
RETRY_MAX_SECONDS = 60.0
STUCK_SECONDS = 180.0
"""Every wait here has an end, but for names that are asked of a dead server: that takes longest."""
STEADY_SECONDS = 10.0
"""A connection that held for this long makes the next loss a first one again."""
GAP_US = 2_000_000
GAP_STEPS = 4
"""A slow camera's ordinary pause isn't a gap: it is one when it is this many times the usual."""
HTTP_LEAD_SECONDS = 5.0
"""How far an HTTP source may run ahead of the clock: live ones begin with a burst, a file would all come at once."""
_PACE_BACK_US = 1_000_000
"""Pictures and sound lie less far apart: a stream that steps back further begins anew."""
MAX_STILLS_GARBLED = 3

_VIDEO_CODECS = frozenset({"h264", "hevc", "mjpeg", "png", "webp", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "h263"})
_DECODER_OF = {"av1": "libdav1d"}
_STILL_MAGIC = ((b"\xff\xd8\xff", "mjpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"RIFF", "webp"))
_OPTIONS = frozenset({"rtsp_transport", "use_wallclock_as_timestamps"})
"""FFmpeg options that a camera entity may name."""
_WHITELISTS = {
    "rtsp": "rtsp,rtp,tcp,udp,http",
    "rtsps": "rtsp,rtsps,rtp,srtp,tcp,tls,udp,crypto",
    "rtmp": "rtmp,tcp",
    "rtmps": "rtmps,rtmp,tls,tcp",
    "http": "http,tcp,crypto",
    "https": "https,http,tls,tcp,crypto",
    "file": "file",
}
"""What FFmpeg may open by way of an address: never a file because a server said so."""
_ROTATED_CONTAINERS = ("mov", "matroska")

_LOGGER = logging.getLogger(__name__)


class _LostError(Exception):
    """The source doesn't deliver; `key` says why."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.detail = redact(detail)


@dataclass(slots=True)
class _Pace:
    """Holds back what comes faster than it was filmed."""

    lead_s: float
    began_at: float | None = None
    first_us: int = 0
    last_us: int = 0

    def wait(self, stream_us: int, stopping: threading.Event) -> None:
        """Return when a packet of this time is due."""
        now = time.monotonic()
        if self.began_at is None:
            self.began_at, self.first_us = now, stream_us
        due = self.began_at + (stream_us - self.first_us) / 1e6 - self.lead_s
        back_us, self.last_us = self.last_us - stream_us, stream_us
        if due - now > OPEN_SECONDS + self.lead_s or due < now - OPEN_SECONDS or back_us > _PACE_BACK_US:
            self.began_at, self.first_us = now, stream_us  # the stream's clock jumped
        elif due > now:
            stopping.wait(due - now)


class Source:
    """One camera as a thread. The callbacks are called from it, or from the thread that calls `push`."""

    def __init__(
        self,
        ring: Ring,
        *,
        on_status: Callable[[Status], None],
        on_needed: Callable[[int], None],
        on_gap: Callable[[int, int, str], None],
        on_lost: Callable[[str], None],
        record_audio: bool,
        clock: Clock,
    ) -> None:
        self._ring = ring
        self._on_status = on_status
        self._on_needed = on_needed
        self._on_gap = on_gap
        self._on_lost = on_lost
        self._record_audio = record_audio
        self._clock = clock
        self._answers: queue.SimpleQueue[Connect | None] = queue.SimpleQueue()
        self._stills: queue.Queue[Still] = queue.Queue(4)
        self._stopping = threading.Event()
        self._epoch = 0
        self._streaming = False
        self._last_us: int | None = None
        """Time of the last picture, over all connections, by the worker's clock."""
        self._step_us = 0
        self._loss = faults.SOURCE_UNAVAILABLE
        self.packets = 0
        self.pulse = Pulse(STUCK_SECONDS)
        self._thread = threading.Thread(target=self._run, name="source", daemon=True)

    def start(self) -> None:
        """Begin to ask and connect."""
        self._thread.start()

    def supply(self, connect: Connect) -> None:
        """Give the answer to `on_needed`."""
        self._answers.put(connect)

    def push(self, still: Still) -> None:
        """Give a picture of a camera without a stream; the oldest is dropped when they come too fast."""
        while True:
            try:
                self._stills.put_nowait(still)
            except queue.Full:
                try:
                    self._stills.get_nowait()
                except queue.Empty:
                    continue
            else:
                return

    def stop(self) -> None:
        """Begin nothing new. A read that waits for a dead camera ends with the process."""
        self._stopping.set()
        self._answers.put(None)

    # --- the thread ---

    def _run(self) -> None:
        attempt = 0
        self._on_status(Status(state="connecting"))
        while not self._stopping.is_set():
            self.pulse.turn()
            self._on_needed(attempt)
            try:
                connect = self._answers.get(timeout=ANSWER_SECONDS)
            except queue.Empty:
                continue
            if connect is None:
                return
            began_at = time.monotonic()
            self.pulse.turn()
            try:
                self._deliver(connect)
            except _LostError as loss:
                self._lost(loss)
            if self._stopping.is_set():
                return
            self.pulse.turn()
            attempt = 1 if time.monotonic() - began_at > STEADY_SECONDS else attempt + 1
            delay = min(2.0 ** (attempt - 1), RETRY_MAX_SECONDS)
            self._stopping.wait(delay * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries

    def _deliver(self, connect: Connect) -> None:
        match connect.kind:
            case "stream":
                self._read_stream(connect)
            case "stills":
                self._read_stills()
            case _:
                raise _LostError(faults.SOURCE_UNAVAILABLE, connect.detail)

    def _lost(self, loss: _LostError) -> None:
        self._loss = loss.key
        self._streaming = False
        self._ring.interrupt()
        self._on_lost(loss.key)
        self._on_status(Status(state="reconnecting", key=loss.key, detail=loss.detail))

    # --- streams ---

    def _read_stream(self, connect: Connect) -> None:
        with _failures(faults.SOURCE_UNREACHABLE):
            container = av.open(
                connect.url,
                options=_options(connect, audio=self._record_audio),
                timeout=(OPEN_SECONDS, READ_SECONDS),
            )
        with container, _failures(faults.SOURCE_STALLED):
            if not container.streams.video:
                raise _LostError(faults.SOURCE_NOT_VIDEO)
            video = container.streams.video[0]
            # FFmpeg knows formats that it can't decode: then there is no context at all.
            codec = getattr(video.codec_context, "name", "")
            if codec not in _VIDEO_CODECS and codec not in _DECODER_OF.values():
                raise _LostError(faults.CODEC_UNSUPPORTED, codec)
            streams: list[av.VideoStream | av.AudioStream] = [video]
            audio = self._audio_of(container)
            if audio is not None:
                streams.append(container.streams.audio[0])
            self._epoch += 1
            info = StreamInfo(
                codec_name=codec,
                extradata=video.codec_context.extradata,
                audio=audio,
                epoch=self._epoch,
                rotated_container=container.format.name.startswith(_ROTATED_CONTAINERS),
            )
            self._pump(container, streams, info, _pace_of(connect.url, container.format.name))
        raise _LostError(faults.SOURCE_ENDED)

    def _audio_of(self, container: av.container.InputContainer) -> AudioInfo | None:
        if not self._record_audio or not container.streams.audio:
            return None
        context = container.streams.audio[0].codec_context
        return AudioInfo(extradata=context.extradata) if getattr(context, "name", "") == "aac" else None

    def _pump(
        self,
        container: av.container.InputContainer,
        streams: list[av.VideoStream | av.AudioStream],
        info: StreamInfo,
        pace: _Pace | None,
    ) -> None:
        timeline = Timeline()
        offset_us = 0
        """From the stream's clock to ours, as the last picture had it; sound follows the picture."""
        video = streams[0]
        matrix_known = not info.rotated_container
        for packet in container.demux(streams):
            if self._stopping.is_set():
                return
            self.pulse.turn()
            if not packet.size:
                continue
            clock = packet.time_base
            pts_us = None if packet.pts is None or clock is None else int(packet.pts * clock * 1_000_000)
            dts_us = None if packet.dts is None or clock is None else int(packet.dts * clock * 1_000_000)
            stream_us = dts_us if dts_us is not None else pts_us
            if pace is not None and stream_us is not None and packet.stream is video:
                pace.wait(stream_us, self._stopping)
            if packet.stream is not video:
                if pts_us is not None and offset_us:
                    self._put(Entry(kind="audio", packet=packet, time_us=pts_us + offset_us, keyframe=False,
                                    size=packet.size, info=info))  # fmt: skip
                continue
            if not matrix_known and packet.is_keyframe:
                info = _with_matrix(info, video, packet)
                matrix_known = True
            time_us = timeline.place(self._clock.now_us(), pts_us, dts_us)
            if pts_us is not None:
                offset_us = time_us - pts_us
            self._put(
                Entry(
                    kind="video",
                    packet=packet,
                    time_us=time_us,
                    keyframe=packet.is_keyframe,
                    size=packet.size,
                    info=info,
                )
            )

    # --- stills ---

    def _read_stills(self) -> None:
        garbled = 0
        info: StreamInfo | None = None
        timeline = Timeline()
        while not self._stopping.is_set():
            self.pulse.turn()
            try:
                still = self._stills.get(timeout=STILL_SECONDS)
            except queue.Empty:
                raise _LostError(faults.SOURCE_STALLED) from None
            codec = next((name for magic, name in _STILL_MAGIC if still.image.startswith(magic)), None)
            if codec is None:
                garbled += 1
                if garbled >= MAX_STILLS_GARBLED:
                    raise _LostError(faults.SOURCE_NOT_VIDEO)
                continue
            garbled = 0
            if info is None or info.codec_name != codec:
                self._epoch += 1
                info = StreamInfo(codec_name=codec, extradata=None, audio=None, epoch=self._epoch)
            now_us = self._clock.now_us()
            # It was taken before it came here, whatever was done to the wall clock in between.
            time_us = timeline.place(min(self._clock.era.own(still.time_us), now_us), None, None)
            packet = av.Packet(still.image)
            self._put(
                Entry(kind="video", packet=packet, time_us=time_us, keyframe=True, size=len(still.image), info=info)
            )

    # --- into the ring ---

    def _put(self, entry: Entry) -> None:
        if entry.kind == "audio":
            if self._streaming:
                self._ring.append(entry)
            return
        self.packets += 1
        if not self._streaming and not entry.keyframe:
            return
        last_us, self._last_us = self._last_us, entry.time_us
        if last_us is not None:
            step_us = entry.time_us - last_us
            if step_us >= GAP_US and step_us > GAP_STEPS * self._step_us:
                # By the wall clock of now: were it set in between, the length would be wrong.
                utc = self._clock.era.utc
                cause = faults.SOURCE_STALLED if self._streaming else self._loss
                self._on_gap(utc(last_us), utc(entry.time_us), cause)
            elif self._streaming:
                self._step_us = step_us if not self._step_us else (7 * self._step_us + step_us) // 8
        self._ring.append(entry)
        if not self._streaming:
            self._streaming = True
            self._on_status(Status(state="streaming", codec=entry.info.codec_name))


def _options(connect: Connect, *, audio: bool) -> dict[str, str]:
    scheme = _scheme(connect.url)
    if scheme not in _WHITELISTS:
        raise _LostError(faults.SOURCE_NOT_VIDEO, scheme)
    options = {"protocol_whitelist": _WHITELISTS[scheme]}
    if scheme in {"rtsp", "rtsps"}:
        options |= {
            "rtsp_transport": "tcp",
            "allowed_media_types": "video+audio" if audio else "video",
            "timeout": str(int(READ_SECONDS * 1_000_000)),
        }
    if scheme == "rtsps":
        # Cameras sign their own certificates; FFmpeg has nothing to check them against.
        options["tls_verify"] = "0"
    return options | {name: value for name, value in connect.options if name in _OPTIONS}


def _scheme(url: str) -> str:
    scheme, separator, _ = url.partition("://")
    return scheme.lower() if separator else "file"


def _pace_of(url: str, format_name: str) -> _Pace | None:
    scheme = _scheme(url)
    if scheme == "file" or "hls" in format_name:
        return _Pace(0.0)
    return _Pace(HTTP_LEAD_SECONDS) if scheme.startswith("http") else None


def _with_matrix(info: StreamInfo, video: av.VideoStream | av.AudioStream, packet: av.Packet[Any]) -> StreamInfo:
    """Read how a file wants to be turned: FFmpeg tells it only to the stream's own decoder, on a picture."""
    try:
        pictures = [*video.codec_context.decode(packet), *video.codec_context.decode(None)]
        video.codec_context.flush_buffers()
    except av.FFmpegError:
        pictures = []
    for picture in pictures:
        matrix = picture.side_data.get("DISPLAYMATRIX")
        if matrix is not None:
            return replace(info, display_matrix=bytes(matrix))
    return info


@contextmanager
def _failures(timeout_key: str) -> Iterator[None]:
    """Turn FFmpeg's errors into the reason that a person can act on."""
    try:
        yield
    except (av.HTTPUnauthorizedError, av.HTTPForbiddenError) as error:
        raise _LostError(faults.SOURCE_UNAUTHORIZED, str(error)) from error
    except (av.HTTPError, av.HTTPClientError) as error:
        raise _LostError(faults.SOURCE_UNAVAILABLE, str(error)) from error
    except av.EOFError as error:
        raise _LostError(faults.SOURCE_ENDED, str(error)) from error
    except (av.InvalidDataError, av.DemuxerNotFoundError, av.ProtocolNotFoundError, av.DecoderNotFoundError) as error:
        raise _LostError(
            faults.SOURCE_NOT_VIDEO if timeout_key == faults.SOURCE_UNREACHABLE else faults.SOURCE_GARBLED, str(error)
        ) from error
    except (av.FFmpegError, OSError) as error:
        raise _LostError(timeout_key, str(error)) from error
    except (ValueError, MemoryError) as error:
        raise _LostError(faults.SOURCE_GARBLED, str(error)) from error
