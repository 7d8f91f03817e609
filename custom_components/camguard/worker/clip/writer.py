"""One clip while it is being recorded: masked frames in, encoded packets into its spool.

Knows when the clip begins and ends by the times of the frames. Decides nothing about why.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import av

from ...vault.sealed import Identity
from ..input.ring import AudioInfo
from ..picture.encode import Encoded, Encoder
from ..picture.still import jpeg
from ..protocol import StartClip
from .adts import to_adts
from .spool import Head, Packet, SpoolWriter

THUMBNAIL_WIDTH_PX = 640
_LAG_LOWER_US = 5_000_000
"""Fallen behind the source by more: every second frame is left out, by three times as much: three of four."""
_LAG_RESTORE_US = 1_000_000
_AUDIO_AHEAD_US = 10_000_000
"""Sound this far ahead of the picture is a clock that jumped."""


_LOGGER = logging.getLogger(__name__)


class ClipWriter:
    """Encodes the frames of one grant. Raises OSError (disk) and av.FFmpegError (encoder); `abandon` then."""

    def __init__(
        self,
        order: StartClip,
        *,
        encoder: str,
        source_codec: str,
        audio: AudioInfo | None,
        thumbnail_us: int,
        patient: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`patient` surrounds what the disk may let wait."""
        self.order = order
        self.until_us = order.until_us
        self.start_us: int | None = None
        self.last_us: int | None = None
        self.frame_rate_lowered = False
        self.encoded = 0
        self._encoder_name = encoder
        self._source_codec = source_codec
        self._audio = audio
        self._thumbnail_us = thumbnail_us
        self._patient = patient
        self._thumbnail_done = False
        self._latest: av.VideoFrame | None = None
        self._encoder: Encoder | None = None
        self._spool: SpoolWriter | None = None
        self._keep_one_of = 1
        self._seen = 0
        self._step_us = 0
        self._least_lag_us: int | None = None
        self._audio_us: int | None = None

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the clip, px, once the first frame is in."""
        return (self._latest.width, self._latest.height) if self._latest else None

    def move(self, by_us: int) -> None:
        """Move begin and end of a clip that has no frame yet: the wall clock was set by that much."""
        self.order = replace(self.order, from_us=self.order.from_us + by_us)
        self._thumbnail_us += by_us
        if self.until_us is not None:
            self.until_us += by_us

    def add(self, picture: av.VideoFrame, time_us: int, lag_us: int) -> bool:
        """Encode one masked frame; True when it was the first."""
        first = self.start_us is None
        if first:
            self._open(picture, time_us)
        self._lower(lag_us)
        if self.last_us is not None:
            self._step_us = max(time_us - self.last_us, 1)
        self._seen += 1
        self.last_us = time_us
        self._latest = picture
        if self._seen % self._keep_one_of:
            return first
        if not self._thumbnail_done and time_us >= self._thumbnail_us:
            self._write_thumbnail()
        if self._encoder is not None:
            self._write(self._encoder.encode(picture, time_us))
        return first

    def add_audio(self, data: bytes, time_us: int) -> None:
        """Append one AAC access unit that falls into the clip."""
        if self._spool is None or self._audio is None or self.start_us is None or time_us < self.start_us:
            return
        if self.until_us is not None and time_us >= self.until_us:
            return
        # Its times follow the picture's and may step with them: what would overlap is left out.
        if self._audio_us is not None and time_us <= self._audio_us:
            return
        if self.last_us is not None and time_us > self.last_us + _AUDIO_AHEAD_US:
            return
        self._audio_us = time_us
        unit = to_adts(data, self._audio)
        if unit is not None:
            self._spool.packet(Packet(pts_us=time_us, dts_us=time_us, audio=True, data=unit))

    def end(self, reason: str, next_us: int | None = None) -> bool:
        """Flush the encoder and close the spool; False when there was no frame at all (nothing on disk then).

        `next_us`: time of the frame that isn't in the clip any more; the last frame is shown until then.
        """
        if self._spool is None or self._encoder is None or self.last_us is None:
            return False
        if not self._thumbnail_done:
            self._write_thumbnail()
        self._write(self._encoder.flush())
        # An interruption isn't stretched: the last frame is shown as long as the one before.
        end_us = (
            next_us
            if reason in {"until", "max_length", "clock"} and next_us
            else self.last_us + (self._step_us or 66_667)
        )
        self._spool.end(end_us=end_us, reason=reason, frame_rate_lowered=self.frame_rate_lowered)
        self._encoder = None
        return True

    def abandon(self) -> None:
        """Leave the spool as it is, after an error."""
        if self._spool is not None:
            self._spool.abandon()
        self._encoder = None

    def _open(self, picture: av.VideoFrame, time_us: int) -> None:
        self._encoder = Encoder(self._encoder_name, picture)
        self._spool = SpoolWriter(
            Path(self.order.spool_path), Identity.from_text(self.order.spool_secret), patient=self._patient
        )
        self._spool.head(
            Head(
                clip_id=self.order.clip_id,
                start_us=time_us,
                width=picture.width,
                height=picture.height,
                source_codec=self._source_codec,
                encoder=self._encoder.description,
                extradata=self._encoder.extradata or b"",
                has_audio=self._audio is not None,
                meta=self.order.meta,
            )
        )
        self.start_us = time_us

    def _lower(self, lag_us: int) -> None:
        """Choose the frame rate that keeps up with the source (stated in the manifest), before anything is dropped."""
        # A clip begins behind the source, by its pre-roll; what counts is falling further behind.
        self._least_lag_us = min(lag_us, lag_us if self._least_lag_us is None else self._least_lag_us)
        fallen_us = lag_us - self._least_lag_us
        if fallen_us > 3 * _LAG_LOWER_US:
            self._keep_one_of = 4
        elif fallen_us > _LAG_LOWER_US:
            self._keep_one_of = max(self._keep_one_of, 2)
        elif fallen_us < _LAG_RESTORE_US:
            self._keep_one_of = 1
        self.frame_rate_lowered |= self._keep_one_of > 1

    def _write(self, packets: list[Encoded]) -> None:
        if self._spool is None:
            return
        for packet in packets:
            self._spool.packet(
                Packet(pts_us=packet.pts_us, dts_us=packet.dts_us, keyframe=packet.keyframe, data=packet.data)
            )
            self.encoded += 1

    def _write_thumbnail(self) -> None:
        if self._spool is None or self._latest is None:
            return
        self._thumbnail_done = True
        try:
            image = jpeg(self._latest, THUMBNAIL_WIDTH_PX)
        except (av.FFmpegError, ValueError) as error:
            _LOGGER.warning("A clip has no thumbnail: %s", error)
            return
        self._spool.thumbnail(image)
