"""Encoded pictures to an MPEG transport stream (ISO/IEC 13818-1) that can be joined at each keyframe."""

from fractions import Fraction
from io import BytesIO

import av

from ..picture.encode import Encoded

_CLOCK = Fraction(1, 90_000)
_US_PER_TICK = Fraction(100, 9)
_BEGIN_TICKS = 90_000
"""Time of the first picture: a stream's clock reference lies before its pictures, and none is negative."""


class _Sink:
    """What the muxer writes, until it is taken."""

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, data: bytes | memoryview) -> int:
        """Take bytes."""
        self._data += data
        return len(data)

    def take(self) -> bytes:
        """Return all that was written since the last call."""
        data, self._data = bytes(self._data), bytearray()
        return data


class TransportStream:
    """One program with one video. Keyframes must hold their parameter sets."""

    def __init__(self, first: Encoded) -> None:
        """`first`: the keyframe that it begins with, which is to be given to `add`, too."""
        self._sink = _Sink()
        # The tables come before each picture: who joins needs them first.
        options = {"mpegts_flags": "pat_pmt_at_frames", "flush_packets": "1"}
        self._container = av.open(self._sink, "w", format="mpegts", options=options)
        with av.open(BytesIO(first.data), "r", format="h264") as template:
            self._stream = self._container.add_stream_from_template(template.streams.video[0])
        self._stream.time_base = _CLOCK
        self._first_us = first.pts_us
        self._last = 0

    def add(self, unit: Encoded) -> bytes:
        """Return the packets of one access unit."""
        packet = av.Packet(unit.data)
        packet.stream = self._stream
        packet.time_base = _CLOCK
        ticks = _BEGIN_TICKS + round((unit.pts_us - self._first_us) / _US_PER_TICK)
        self._last = packet.pts = packet.dts = max(ticks, self._last + 1)
        packet.is_keyframe = unit.keyframe
        self._container.mux_one(packet)
        return self._sink.take()
