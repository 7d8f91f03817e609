"""Packets to pictures, with the time of their arrival. Garbage never raises: it is counted and left out."""

import heapq
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av

from ..input.ring import Entry, StreamInfo
from .aspect import SQUARE, aspect_of

_MICROSECOND = Fraction(1, 1_000_000)
MAX_PIXELS = 8192 * 8192
"""FFmpeg refuses larger pictures before it allocates them; the mask's own bounds are tighter."""
MAX_HELD_BACK = 64
"""Pictures that a decoder may hold back for reordering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A decoded picture, still open: it stays inside this process (invariant 1)."""

    picture: av.VideoFrame = field(repr=False)
    time_us: int
    """By the worker's clock."""
    display_matrix: bytes | None = None
    """How to turn it, when the container says so and not the picture itself."""
    aspect: Fraction = SQUARE
    """Width of a pixel to its height."""


class Decoder:
    """Decodes one epoch of a stream, beginning at a keyframe."""

    def __init__(self, info: StreamInfo) -> None:
        context = av.CodecContext.create(info.codec_name, "r")
        assert isinstance(context, av.VideoCodecContext)
        if info.extradata:
            context.extradata = info.extradata
        context.thread_count = 1
        context.options = {"max_pixels": str(MAX_PIXELS)}
        self._context = context
        self._display_matrix = info.display_matrix
        self._aspect = info.aspect
        self._arrivals: list[int] | None = [] if info.timeless else None
        """Times of what didn't come out yet, when only arrival counts: in order of display, the earliest goes first."""
        self._skip_to_keyframe = True
        self._last_us = 0
        self.errors = 0

    def decode(self, entry: Entry) -> list[Frame]:
        """Return the pictures that this packet completes, in order of display."""
        if self._skip_to_keyframe and not entry.keyframe:
            return []
        packet: av.Packet[Any] = av.Packet(bytes(entry.packet))
        packet.is_keyframe = entry.keyframe  # else a picture of its own may be taken for a change of the one before
        if self._arrivals is not None:
            heapq.heappush(self._arrivals, entry.time_us)
            del self._arrivals[MAX_HELD_BACK:]
        packet.pts = entry.time_us
        packet.dts = None
        packet.time_base = _MICROSECOND
        return self._pictures(packet)

    def flush(self) -> list[Frame]:
        """Return the pictures that are still held back for reordering."""
        return self._pictures(None)

    def _pictures(self, packet: av.Packet[Any] | None) -> list[Frame]:
        try:
            pictures = self._context.decode(packet)
        except av.FFmpegError, MemoryError:
            self.errors += 1
            self._skip_to_keyframe = True
            if self._arrivals is not None:
                self._arrivals.clear()
            return []
        self._skip_to_keyframe = False
        frames = []
        for picture in pictures:
            time_us = picture.pts if picture.pts is not None else self._last_us + 1
            if self._arrivals:
                time_us = heapq.heappop(self._arrivals)
            if picture.is_corrupt:
                self.errors += 1
                continue
            # Encoders need times that grow; a stream's own may repeat or step back.
            self._last_us = max(time_us, self._last_us + 1)
            frames.append(
                Frame(
                    picture=picture,
                    time_us=self._last_us,
                    display_matrix=self._display_matrix,
                    aspect=self._aspect or aspect_of(self._context),
                )
            )
        return frames
