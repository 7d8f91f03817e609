"""Masked pictures to H.264: yuv420p, no B-frames, a keyframe at least every two seconds.

Owns the choice of encoder and its settings. Every encoder is tried for real before it is offered: a name in the list of
codecs says nothing about the hardware behind it.
"""

import os
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import av
import numpy as np

from .aspect import SQUARE

KEYFRAME_US = 1_950_000
"""A keyframe is forced this long after the last one, or when the next picture would come too late for that."""
_KEYFRAME_MAX_US = 2_000_000
SPARSE_KEYFRAME_US, SPARSE_PICTURES = 15_000_000, 8
"""Where pictures are seconds apart: a keyframe so long after the last one, or after so many pictures."""
_LEAST_STEP_US = 20_000
"""Pictures closer together are told to the encoder as this far apart: its rate control would starve them, and coarse
blocks reach into the zones then."""
_CANDIDATES = ("h264_v4l2m2m", "h264_nvenc", "h264_qsv", "libx264", "libopenh264")
"""Hardware first: it costs the household's processor nothing."""
_MICROSECOND = Fraction(1, 1_000_000)
_NOMINAL_RATE = 15
_ONE_THREAD_PIXELS = 1920 * 1088
"""On a small machine pictures up to this size keep one thread busy for some ms: sharing the work costs more."""
_BITS_A_PIXEL = 3
"""Of a second of video, as its cap: 6 Mbit/s at 1920x1080. Quality decides below that."""
_LEAST_BIT_RATE = 500_000
_SMALL_CORES = 2
_CRF = "23"
_THOROUGH_SMALL, _THOROUGH = ("superfast", "26"), ("veryfast", "25")
"""As like to the source as *ultrafast* at 23, in a third of its bytes, for a third more work (scripts/benchmark)."""
_TRIAL_SIZE = (320, 192)
_TRIAL_FRAMES = 4
_TRIAL_TOLERANCE = 12

type Options = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """One access unit (Annex B). Times are the µs that were given with its picture."""

    data: bytes = field(repr=False)
    pts_us: int
    dts_us: int
    keyframe: bool


class Encoder:
    """Encodes pictures of one size and colour description. Raises av.FFmpegError when the codec refuses."""

    def __init__(
        self,
        name: str,
        picture: av.VideoFrame,
        aspect: Fraction = SQUARE,
        *,
        thorough: bool = False,
        sparse: bool = False,
    ) -> None:
        """`aspect`: width of a pixel to its height (ITU-T H.264 §E.2.1). `thorough`: smaller, for more work.

        `sparse`: pictures may be seconds apart; not each of those is a keyframe then.
        """
        codec = av.Codec(name, "w")
        context = av.CodecContext.create(codec, "w")
        assert isinstance(context, av.VideoCodecContext)
        formats = {item.name for item in codec.video_formats or ()}
        self._format = "yuv420p" if "yuv420p" in formats or not formats else "nv12"
        context.width, context.height = picture.width, picture.height
        context.pix_fmt = self._format
        context.time_base = _MICROSECOND
        context.framerate = Fraction(_NOMINAL_RATE)
        context.gop_size = 20 * _NOMINAL_RATE if name == "libx264" else _NOMINAL_RATE
        context.max_b_frames = 0
        context.sample_aspect_ratio = aspect
        context.color_range = picture.color_range
        context.colorspace = picture.colorspace
        context.color_primaries = picture.color_primaries
        context.color_trc = picture.color_trc
        context.flags |= av.codec.context.Flags.global_header
        options, self.description = _settings(name, picture.width * picture.height, thorough=thorough)
        if name != "libx264":
            context.bit_rate = int(options.pop("maxrate", str(_LEAST_BIT_RATE)))
            options.pop("bufsize", None)
        context.options = options
        context.open()
        self._context = context
        self._first_us: int | None = None
        self._keyframe_us = 0
        self._last_us = 0
        self._clock_us = -_LEAST_STEP_US
        self._keyframe_wanted = False
        self._sparse = sparse
        self._since_keyframe = 0
        """Pictures."""
        self._times: dict[int, int] = {}
        """Encoder's time to the picture's own."""

    @property
    def extradata(self) -> bytes | None:
        """The parameter sets, Annex B; None when the encoder repeats them in band."""
        return self._context.extradata

    def want_keyframe(self) -> None:
        """Make the next picture a keyframe."""
        self._keyframe_wanted = True

    def encode(self, picture: av.VideoFrame, time_us: int) -> list[Encoded]:
        """Take the next picture; returns what is complete. Times must grow."""
        if self._first_us is None:
            self._first_us = time_us
        frame = picture if self._format == "yuv420p" else picture.reformat(format=self._format)
        self._clock_us = max(time_us - self._first_us, self._clock_us + _LEAST_STEP_US)
        self._times[self._clock_us] = time_us
        frame.pts = self._clock_us
        frame.time_base = _MICROSECOND
        if self._is_keyframe_due(time_us) or self._keyframe_wanted:
            frame.pict_type = av.video.frame.PictureType.I
            self._keyframe_us = time_us
            self._since_keyframe = 0
            self._keyframe_wanted = False
        else:
            frame.pict_type = av.video.frame.PictureType.NONE
        self._since_keyframe += 1
        self._last_us = time_us
        return self._collect(frame)

    def _is_keyframe_due(self, time_us: int) -> bool:
        since_us, step_us = time_us - self._keyframe_us, time_us - self._last_us
        if time_us == self._first_us:
            return True
        if self._sparse and self._since_keyframe < SPARSE_PICTURES:
            return since_us >= SPARSE_KEYFRAME_US
        return since_us >= KEYFRAME_US or since_us + step_us > _KEYFRAME_MAX_US

    def flush(self) -> list[Encoded]:
        """Return what the encoder still holds; nothing may follow."""
        return self._collect(None) if self._first_us is not None else []

    def _collect(self, frame: av.VideoFrame | None) -> list[Encoded]:
        units = []
        for packet in self._context.encode(frame):
            time_us = self._times.pop(packet.pts or 0)
            units.append(Encoded(data=bytes(packet), pts_us=time_us, dts_us=time_us, keyframe=packet.is_keyframe))
        return units


def preset_for_host() -> str:
    """Return the x264 preset that leaves a machine of this size room for Home Assistant."""
    cores = os.process_cpu_count() or 1
    if cores <= _SMALL_CORES:
        return "ultrafast"
    return "superfast" if cores <= 4 else "veryfast"


def _settings(name: str, pixels: int, *, thorough: bool) -> tuple[Options, str]:
    """Return (options, description for the manifest) of an encoder."""
    bit_rate = max(pixels * _BITS_A_PIXEL, _LEAST_BIT_RATE)
    capped = {"maxrate": str(bit_rate), "bufsize": str(2 * bit_rate)}
    if name != "libx264":
        return capped | ({"forced_idr": "1"} if name == "h264_qsv" else {}), name
    cores = os.process_cpu_count() or 1
    preset, crf = preset_for_host(), _CRF
    if thorough:
        preset, crf = _THOROUGH_SMALL if cores <= _SMALL_CORES else _THOROUGH
    return (
        capped
        | {
            "preset": preset,
            "crf": crf,
            "forced-idr": "1",
            "threads": "1" if pixels <= _ONE_THREAD_PIXELS and cores <= _SMALL_CORES else "2",
            # Nothing is held back or looked ahead at: memory, and stills that are current.
            "x264-params": "bframes=0:rc-lookahead=0:sync-lookahead=0:mbtree=0:scenecut=0",
        },
        f"libx264 {preset} crf {crf}",
    )


@cache
def available_encoders() -> tuple[str, ...]:
    """Return the H.264 encoders that encode a short trial which decodes to what went in, best first."""
    return tuple(name for name in _CANDIDATES if name in av.codecs_available and _passes_trial(name))


def _passes_trial(name: str) -> bool:
    width, height = _TRIAL_SIZE
    rows, columns = np.mgrid[0:height, 0:width]
    luma = (64 + (rows + columns) // 4).astype(np.uint8)
    planes = np.concatenate([luma.ravel(), np.full(width * height // 2, 128, np.uint8)]).reshape(-1, width)
    try:
        picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        encoder = Encoder(name, picture)
        units = [unit for number in range(_TRIAL_FRAMES) for unit in encoder.encode(picture, number * 66_667)]
        units += encoder.flush()
        decoder = av.CodecContext.create("h264", "r")
        assert isinstance(decoder, av.VideoCodecContext)
        if encoder.extradata:
            decoder.extradata = encoder.extradata
        decoded = [frame for unit in units for frame in decoder.decode(av.Packet(unit.data))] + decoder.decode(None)
    except av.FFmpegError, ValueError, TypeError, RuntimeError:
        return False
    if len(decoded) != _TRIAL_FRAMES or not units[0].keyframe:
        return False
    plane = decoded[-1].planes[0]
    shown = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width].astype(int)
    return bool(np.abs(shown - luma).mean() < _TRIAL_TOLERANCE)
