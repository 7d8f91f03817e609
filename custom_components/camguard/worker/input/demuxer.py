"""One connection to a camera's stream: opened with care, and its packets as entries of the ring.

FFmpeg opens only what belongs to the address. Nothing is decoded here, but one picture of a file that may be turned.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any, Self

import av

from .. import faults
from ..clock import Clock
from ..picture.aspect import aspect_of
from ..protocol import Connect
from ..redact import redact
from .pace import pace_of
from .recovery_point import whole_after
from .ring import ENTRY_COST_BYTES, Entry, SoundInfo, StreamInfo
from .timeline import Timeline

OPEN_SECONDS = 10.0
READ_SECONDS = 8.0
PROBE_SECONDS, SOUND_PROBE_SECONDS = 0.5, 2.0
"""How long a stream is listened to before it is known what is in it: sound may begin late."""
MOST_DAMAGED = 50
"""Damaged packets in a row, each of which costs only itself."""

_VIDEO_CODECS = frozenset({"h264", "hevc", "mjpeg", "png", "webp", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "h263"})
_DECODER_OF = {"av1": "libdav1d"}
SOUND_CODECS = (
    "aac", "opus", "libopus", "mp3", "mp3float", "mp2", "mp2float", "g722", "adpcm_g722", "pcm_s16be", "pcm_s16le",
    "pcm_mulaw", "pcm_alaw", "g726", "g726le", "adpcm_g726", "adpcm_g726le", "vorbis", "ac3", "eac3", "flac", "pcm_u8",
    "pcm_s8", "pcm_s24be", "pcm_s24le", "pcm_s32le", "pcm_f32le", "amrnb", "amrwb", "speex", "libspeex",
)  # fmt: skip
"""What is turned into AAC, best first: of several tracks the best is taken."""
_OPTIONS = frozenset({"rtsp_transport", "use_wallclock_as_timestamps", "max_redirects"})
"""FFmpeg options that a source may name."""
_RTSP = frozenset({"rtsp", "rtsps"})
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
_DESCRIBING_CONTAINERS = ("mov", "matroska")
"""Those that say by themselves how pictures are turned and how wide a pixel is."""
_TIMELESS = frozenset({"mpjpeg", "mjpeg", "mjpeg_2000", "h264", "hevc", "m4v", "mpegvideo", "obu", "image2pipe"})
"""Formats without times of their own: the demuxer makes up 25 pictures a second."""
_NO_TIMES_SUFFIX = "_pipe"
_MADE_UP_STEP_US = 40_000


class LostError(Exception):
    """The source doesn't deliver; `key` says why."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.detail = redact(detail)


class Demuxer:
    """An open connection. Use as a context manager; raises LostError."""

    def __init__(self, connect: Connect, *, sound_wanted: bool, epoch: int, patience_s: float = READ_SECONDS) -> None:
        """`patience_s`: how long is waited for the next picture."""
        scheme = scheme_of(connect.url)
        refused = False
        with failures(faults.SOURCE_UNREACHABLE):
            try:
                self._container = _open(connect, scheme, sound=sound_wanted, patience_s=patience_s)
            except av.HTTPUnauthorizedError, av.HTTPForbiddenError:
                raise
            except av.HTTPError, av.HTTPClientError, av.InvalidDataError:
                if not sound_wanted or scheme not in _RTSP:
                    raise
                # A track of sound that the camera offers and then refuses (a back channel, often): without it, then.
                self._container = _open(connect, scheme, sound=False, patience_s=patience_s)
                refused = True
        try:
            with failures(faults.SOURCE_STALLED):
                self._prepare(scheme, sound_wanted=sound_wanted, refused=refused, epoch=epoch)
        except BaseException:
            self._container.close()
            raise

    def _prepare(self, scheme: str, *, sound_wanted: bool, refused: bool, epoch: int) -> None:
        container = self._container
        if not container.streams.video:
            raise LostError(faults.SOURCE_NOT_VIDEO)
        self._video = container.streams.video[0]
        # FFmpeg knows formats that it can't decode: then there is no context at all.
        codec = getattr(self._video.codec_context, "name", "")
        if codec not in _VIDEO_CODECS and codec not in _DECODER_OF.values():
            raise LostError(faults.CODEC_UNSUPPORTED, codec)
        format_name = container.format.name
        describes = format_name.startswith(_DESCRIBING_CONTAINERS)
        timeless = format_name in _TIMELESS or format_name.endswith(_NO_TIMES_SUFFIX)
        state, sound_codec, self._audio = _sound_of(container) if sound_wanted else ("off", "", None)
        state = "unsupported" if refused else state
        self.info = StreamInfo(
            codec_name=codec,
            extradata=self._video.codec_context.extradata,
            sound=SoundInfo(decoder=self._audio.codec_context) if self._audio else None,
            sound_state=state,
            sound_codec=sound_codec,
            epoch=epoch,
            rotated_container=describes,
            aspect=_told_aspect(self._video) if describes else None,
            timeless=timeless,
            settles=scheme != "file" and not timeless,
        )
        self._ticks = {stream.index: _ticks(stream.time_base) for stream in container.streams}
        self._pace = pace_of(scheme, format_name, timeless=timeless)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._container.close()

    def entries(self, clock: Clock, stopping: threading.Event) -> Iterator[Entry | None]:
        """Yield what comes, with the times of its arrival; None: something came that is of no use.

        Raises LostError when no more comes.
        """
        timeline = Timeline()
        offset_us: int | None = None
        """From the stream's clock to ours, as the last picture had it; sound follows the picture."""
        info = self.info
        matrix_known = not info.rotated_container
        pictures = 0
        with failures(faults.SOURCE_STALLED):
            for packet in self._packets():
                if packet is None or not packet.size:
                    yield None
                    continue
                pts_us, dts_us = self._times_us(packet)
                if packet.stream is not self._video:
                    if pts_us is not None and offset_us is not None:
                        yield Entry(kind="sound", packet=packet, time_us=pts_us + offset_us, keyframe=False,
                                    size=packet.size + ENTRY_COST_BYTES, info=info)  # fmt: skip
                    continue
                pictures += 1
                stream_us = dts_us if dts_us is not None else pts_us
                if info.timeless and stream_us is None:
                    stream_us = pictures * _MADE_UP_STEP_US
                if self._pace is not None and stream_us is not None:
                    self._pace.wait(stream_us, stopping)
                if not matrix_known and packet.is_keyframe:
                    info = _with_matrix(info, self._video, packet)
                    matrix_known = True
                if info.timeless:
                    time_us = timeline.place(clock.now_us(), None, None)
                else:
                    time_us = timeline.place(clock.now_us(), pts_us, dts_us)
                    offset_us = time_us - pts_us if pts_us is not None else offset_us
                back_us = timeline.take_back()
                yield Entry(
                    kind="video",
                    packet=packet,
                    time_us=time_us,
                    keyframe=packet.is_keyframe,
                    size=packet.size + ENTRY_COST_BYTES,
                    info=info,
                    back_us=back_us,
                    whole_after=(
                        whole_after(bytes(packet), info.extradata)
                        if packet.is_keyframe and info.codec_name == "h264"
                        else 0
                    ),
                )
        raise LostError(faults.SOURCE_ENDED)

    def _times_us(self, packet: av.Packet[Any]) -> tuple[int | None, int | None]:
        """Return (pts, dts) in µs. In whole numbers: a fraction for each packet is a third of what waiting costs."""
        times, per = self._ticks[packet.stream.index]
        pts, dts = packet.pts, packet.dts
        return None if pts is None else pts * times // per, None if dts is None else dts * times // per

    def _packets(self) -> Iterator[av.Packet[Any] | None]:
        """Yield packets; a damaged one costs only itself, and is None."""
        streams = [stream for stream in (self._video, self._audio) if stream is not None]
        damaged = 0
        while True:
            try:
                for packet in self._container.demux(streams):
                    damaged = 0
                    yield packet
            except av.InvalidDataError:
                damaged += 1
                if damaged > MOST_DAMAGED:
                    raise
                yield None
            else:
                return


def _open(connect: Connect, scheme: str, *, sound: bool, patience_s: float) -> av.container.InputContainer:
    return av.open(
        connect.url,
        options=_options(connect, scheme, sound=sound, patience_s=patience_s),
        timeout=(max(OPEN_SECONDS, patience_s), patience_s),
    )


def scheme_of(url: str) -> str:
    """Return an address's scheme; `file` when it has none."""
    scheme, separator, _ = url.partition("://")
    return scheme.lower() if separator else "file"


def _options(connect: Connect, scheme: str, *, sound: bool, patience_s: float) -> dict[str, str]:
    if scheme not in _WHITELISTS:
        raise LostError(faults.SOURCE_NOT_VIDEO, scheme)
    options = {"protocol_whitelist": _WHITELISTS[scheme]}
    if scheme != "file":
        # How many pictures come a second is of no interest, and costs some of them at each connect.
        options |= {
            "fpsprobesize": "0",
            "analyzeduration": str(int((SOUND_PROBE_SECONDS if sound else PROBE_SECONDS) * 1_000_000)),
        }
    if scheme in _RTSP:
        options |= {
            "rtsp_transport": "tcp",
            "allowed_media_types": "video+audio" if sound else "video",
            "timeout": str(int(patience_s * 1_000_000)),
        }
    if scheme == "rtsps":
        # Cameras sign their own certificates; FFmpeg has nothing to check them against.
        options["tls_verify"] = "0"
    return options | {name: value for name, value in connect.options if name in _OPTIONS}


def _sound_of(container: av.container.InputContainer) -> tuple[str, str, av.AudioStream | None]:
    """Return (what becomes of the sound, its codec, the track to take): of several tracks the one that serves best."""
    tracks = [(getattr(stream.codec_context, "name", "") or "unknown", stream) for stream in container.streams.audio]
    if not tracks:
        return "none", "", None
    fit = [(name, stream) for name, stream in tracks if name in SOUND_CODECS and stream.codec_context.sample_rate]
    if not fit:
        return "unsupported", tracks[0][0], None
    name, stream = min(fit, key=lambda track: SOUND_CODECS.index(track[0]))
    return "recorded", name, stream


def _told_aspect(video: av.VideoStream) -> Fraction | None:
    """Return how wide a pixel is by the container's word; None when it has none, or says what the pictures say.

    Then the pictures lead: theirs may change in mid-stream. Containers round the ratio, hence the hundredth.
    """
    told, own = aspect_of(video), aspect_of(video.codec_context)
    return told if abs(told - own) * 100 > own else None


def _ticks(time_base: Any) -> tuple[int, int]:
    """Return what to multiply a stream's times with, and then to divide them by, for µs."""
    base = time_base or Fraction(1, 1_000_000)
    return base.numerator * 1_000_000, base.denominator


def _with_matrix(info: StreamInfo, video: av.VideoStream, packet: av.Packet[Any]) -> StreamInfo:
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
def failures(timeout_key: str) -> Iterator[None]:
    """Turn FFmpeg's errors into the reason that a person can act on."""
    try:
        yield
    except (av.HTTPUnauthorizedError, av.HTTPForbiddenError) as error:
        raise LostError(faults.SOURCE_UNAUTHORIZED, str(error)) from error
    except (av.HTTPError, av.HTTPClientError) as error:
        raise LostError(faults.SOURCE_UNAVAILABLE, str(error)) from error
    except av.EOFError as error:
        raise LostError(faults.SOURCE_ENDED, str(error)) from error
    except (av.InvalidDataError, av.DemuxerNotFoundError, av.ProtocolNotFoundError, av.DecoderNotFoundError) as error:
        raise LostError(
            faults.SOURCE_NOT_VIDEO if timeout_key == faults.SOURCE_UNREACHABLE else faults.SOURCE_GARBLED, str(error)
        ) from error
    except (av.FFmpegError, OSError) as error:
        raise LostError(timeout_key, str(error)) from error
    except (ValueError, MemoryError) as error:
        raise LostError(faults.SOURCE_GARBLED, str(error)) from error
