"""A clip's sound: whatever the camera sends becomes AAC-LC, in step with the picture.

Cameras' sound begins late, pauses, and runs by a clock of its own. FFmpeg's resampler follows the times of arrival:
it fills with silence, cuts off, and stretches by what nobody hears.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import av
from av.filter import Graph

from ..input.ring import SoundInfo
from .adts import to_adts

FRAME_SAMPLES = 1024
"""Of one AAC-LC access unit."""
_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""Samples a second that every player takes (ISO/IEC 14496-3 §1.6.3.4)."""
_MOST_BIT_RATE = 64_000
"""Of a channel."""
_STRETCH = 1000
"""Samples a second that a camera's clock may be off."""
_HARD_STEP_S = 0.05
"""What is further from its time than that is filled or cut, not stretched."""
_MICROSECOND = Fraction(1, 1_000_000)

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One AAC access unit, ADTS; `time_us` as the clip's pictures have it."""

    time_us: int
    data: bytes = field(repr=False)


class SoundTrack:
    """The sound of one clip that begins at `start_us`. Nothing raises: sound that can't be decoded is silence."""

    def __init__(self, info: SoundInfo, start_us: int) -> None:
        self._decoder = info.decoder
        self._decoder.flush_buffers()
        self._start_us = start_us
        self._next_us = start_us
        """Where the next decoded sound continues when it names no time."""
        self._graph: Graph | None = None
        self._form: tuple[str, str, int] = ("", "", 0)
        self._encoder: av.AudioCodecContext | None = None
        self._samples = 0
        """Given to the encoder so far."""
        self.failed = False

    def add(self, data: bytes, time_us: int) -> list[Unit]:
        """Take one packet of the camera's; return what is complete."""
        packet = av.Packet(data)
        packet.pts = time_us
        packet.time_base = _MICROSECOND
        units: list[Unit] = []
        try:
            for frame in self._decoder.decode(packet):
                assert isinstance(frame, av.AudioFrame)
                at_us = time_us if frame.pts is None else frame.pts
                units += self._take(frame, max(at_us, self._start_us - 1_000_000))
        except (av.FFmpegError, ValueError) as error:
            if not self.failed:
                _LOGGER.warning("Sound could not be processed: %s", error)
            self.failed = True
        return units

    def finish(self, end_us: int) -> list[Unit]:
        """Return the rest, filled up to the clip's end. Nothing may follow."""
        if self._graph is None or self._encoder is None:
            return []
        layout, format_name, rate = self._form
        try:
            last = av.AudioFrame(format=format_name, layout=layout, samples=1)
            last.sample_rate = rate
            for plane in last.planes:
                plane.update(bytes(plane.buffer_size))
            units = self._take(last, end_us)
            self._graph.push(None)
            units += self._encode(self._pull())
            units += self._units(self._encoder.encode(None))
        except (av.FFmpegError, ValueError) as error:
            _LOGGER.warning("The end of a clip's sound could not be processed: %s", error)
            return []
        half_us = FRAME_SAMPLES * 500_000 // self._encoder.sample_rate
        return [unit for unit in units if unit.time_us + half_us <= end_us]

    def _take(self, frame: av.AudioFrame, at_us: int) -> list[Unit]:
        form = frame.layout.name, frame.format.name, frame.sample_rate
        units: list[Unit] = []
        if form != self._form:
            if self._graph is not None:
                self._graph.push(None)
                units += self._encode(self._pull())
            self._open(form)
        assert self._graph is not None
        frame.pts = round((at_us - self._start_us) * frame.sample_rate / 1_000_000)
        frame.time_base = Fraction(1, frame.sample_rate)
        self._graph.push(frame)
        return units + self._encode(self._pull())

    def _open(self, form: tuple[str, str, int]) -> None:
        """Make what turns sound of this form into the encoder's: mono or stereo as it came, at a rate of AAC's."""
        self._form = form
        layout, format_name, rate = form
        if self._encoder is None:
            self._encoder = _encoder("mono" if av.AudioLayout(layout).nb_channels == 1 else "stereo", rate)
        encoder = self._encoder
        graph = Graph()
        source = graph.add_abuffer(sample_rate=rate, format=format_name, layout=layout, time_base=Fraction(1, rate))
        resampler = graph.add(
            "aresample",
            f"osr={encoder.sample_rate}:osf=fltp:ochl={encoder.layout.name}:async={_STRETCH}"
            f":min_hard_comp={_HARD_STEP_S}:first_pts={self._samples}",
        )
        frames, sink = graph.add("asetnsamples", f"n={FRAME_SAMPLES}:p=0"), graph.add("abuffersink")
        source.link_to(resampler)
        resampler.link_to(frames)
        frames.link_to(sink)
        graph.configure()
        self._graph = graph

    def _pull(self) -> Iterator[av.AudioFrame]:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.pull()
            except av.BlockingIOError, av.EOFError:
                return
            assert isinstance(frame, av.AudioFrame)
            yield frame

    def _encode(self, frames: Iterator[av.AudioFrame]) -> list[Unit]:
        assert self._encoder is not None
        units: list[Unit] = []
        for frame in frames:
            frame.pts = self._samples
            frame.time_base = Fraction(1, self._encoder.sample_rate)
            self._samples += frame.samples
            units += self._units(self._encoder.encode(frame))
        return units

    def _units(self, packets: list[av.Packet[av.AudioStream]]) -> list[Unit]:
        """Frame what the encoder gives. Its first unit only primes a decoder: without it times need no correction."""
        assert self._encoder is not None
        units = []
        for packet in packets:
            if packet.pts is None or packet.pts < 0:
                continue
            data = to_adts(bytes(packet), self._encoder.extradata)
            if data is not None:
                time_us = self._start_us + round(packet.pts * 1_000_000 / self._encoder.sample_rate)
                units.append(Unit(time_us=time_us, data=data))
        return units


def _encoder(layout: str, rate: int) -> av.AudioCodecContext:
    encoder = av.CodecContext.create("aac", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate = min((known for known in _RATES if known >= rate), default=_RATES[-1])
    encoder.layout = layout
    encoder.format = "fltp"
    encoder.bit_rate = min(_MOST_BIT_RATE, 4 * encoder.sample_rate) * encoder.layout.nb_channels
    encoder.time_base = Fraction(1, encoder.sample_rate)
    encoder.flags |= av.codec.context.Flags.global_header
    encoder.open()
    return encoder
