"""One clip while it is being recorded: masked frames in, encoded packets into its spool.

While somebody watches, what is encoded for them goes into the clip as well (live/encoding.py).

Knows when the clip begins and ends by the times of the frames. Decides nothing about why.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av

from ...vault.sealed import Identity, Recipient
from ..input.ring import StreamInfo
from ..live.encoding import LiveEncoding, Ride
from ..picture.aspect import SQUARE
from ..picture.encode import Encoded, Encoder
from ..picture.mask import Masked
from ..picture.still import jpeg
from ..protocol import StartClip
from .sent_spool import SentSpool
from .sound import SoundTrack, Unit
from .spool import Head, Packet, SpoolWriter

THUMBNAIL_WIDTH_PX = 640
_BACKLOG_HALF, _BACKLOG_QUARTER, _BACKLOG_RESTORE = 0.8, 0.9, 0.5
"""Of the memory that is left: so much waits that every second picture is left out, three of four, none any more.

The last resort, should the site's reckoning ahead (app/workers/backlog.py) have come too late."""
_SPARSE_US = 2_000_000
"""Of pictures that come more rarely than this none is left out."""
_SOUND_AHEAD_US = 10_000_000
"""Sound this far ahead of the picture is a clock that jumped."""
_EARLY_PACKETS = 200


_LOGGER = logging.getLogger(__name__)


class ClipWriter:
    """Encodes the frames of one grant. Raises OSError (disk) and av.FFmpegError (encoder); `abandon` then."""

    def __init__(
        self,
        order: StartClip,
        *,
        encoder: str,
        thorough: bool = False,
        sparse: bool = False,
        info: StreamInfo | None,
        thumbnail_us: int,
        sent: SentSpool | None = None,
        patient: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`info`: the stream's, None: not known. `patient` surrounds what the disk may let wait.

        `sent`: where the spool goes, when another machine has the disk.

        `sparse`: pictures may come seconds apart.
        """
        self.order = order
        self.until_us = order.until_us
        self.sparse_from_us = order.sparse_from_us
        """From then on nobody wants more than what moves; None: always all."""
        self.start_us: int | None = None
        self._kept_us: int | None = None
        self.last_us: int | None = None
        self.frame_rate_lowered = False
        self.encoded = 0
        self.encoder_name = encoder
        self.thorough = thorough
        self._sparse = sparse
        self._info = info
        self._sound = info.sound if info else None
        self._track: SoundTrack | None = None
        self._early: list[tuple[bytes, int]] = []
        """Sound that came before the first picture was decoded."""
        self._aspect = SQUARE
        self._thumbnail_us = thumbnail_us
        self.sent = sent
        self._patient = patient
        self._thumbnail_done = False
        self._latest: av.VideoFrame | None = None
        self._encoder: Encoder | Ride | None = None
        self._extradata = b""
        self._spool: SpoolWriter | None = None
        self._keep_one_of = 1
        """By the backlog."""
        self._seen = 0
        self._step_us = 0

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
        if self.sparse_from_us is not None:
            self.sparse_from_us += by_us

    @property
    def aspect(self) -> Fraction:
        """Width of a pixel of the clip to its height."""
        return self._aspect

    def add(self, masked: Masked, time_us: int, backlog: float = 0.0, keep_one_of: int = 1) -> bool:
        """Encode one picture, at `time_us` by the clip's clock; True when it was the first.

        `backlog`: which part of the memory there is for it waits in the ring. `keep_one_of`: see protocol.Allow.
        """
        first = self.start_us is None
        if first:
            self._open(masked, time_us)
        keep_one_of = self._lower(backlog, keep_one_of)
        if self.last_us is not None:
            self._step_us = max(time_us - self.last_us, 1)
        self.last_us = time_us
        self._latest = masked.picture
        self._seen += 1
        if (self._seen - 1) % keep_one_of and self._kept_us is not None and time_us - self._kept_us < _SPARSE_US:
            return first
        self._kept_us = time_us
        if not self._thumbnail_done and time_us >= self._thumbnail_us:
            self._write_thumbnail()
        if self._encoder is not None:
            self._write(self._encoder.encode(masked.picture, time_us))
        return first

    @property
    def rides(self) -> bool:
        """Whether it is the watchers' encoding that goes into the clip."""
        return isinstance(self._encoder, Ride)

    def ride(self, encoding: LiveEncoding, units: list[Encoded], masked: Masked, shift_us: int) -> bool:
        """Go on with what is encoded for the watchers, from its keyframe on; False when that can't be.

        `units`: what was made since then. `masked`: the newest picture of it. `shift_us`: from its times to the clip's.
        """
        ride = Ride(encoding, shift_us)
        if self._encoder is None:
            self._open(masked, ride.moved(units[0]).pts_us, ride)
        elif self.size != encoding.size or self._aspect != encoding.aspect or self._extradata != encoding.extradata:
            return False
        else:
            self._write(self._encoder.flush())
            self._encoder = ride
        moved = [ride.moved(unit) for unit in units]
        self._write(moved)
        self._latest = masked.picture
        before_us = moved[-2].pts_us if len(moved) > 1 else self.last_us
        self.last_us = moved[-1].pts_us
        if before_us is not None:
            self._step_us = max(self.last_us - before_us, 1)
        return True

    def add_sound(self, data: bytes, time_us: int) -> None:
        """Take one packet of the camera's sound, at `time_us` by the clip's clock."""
        if self._sound is None or (self.until_us is not None and time_us >= self.until_us):
            return
        if self._track is None:
            self._early = [*self._early[-_EARLY_PACKETS:], (data, time_us)]
            return
        if self.last_us is not None and time_us > self.last_us + _SOUND_AHEAD_US:
            return
        self._write_sound(self._track.add(data, time_us))

    def end(self, reason: str, next_us: int | None = None) -> bool:
        """Flush the encoder and close the spool; False when there was no frame at all (nothing on disk then).

        `next_us`: time of the frame that isn't in the clip any more; the last frame is shown until then.
        """
        if self._encoder is None or self.last_us is None:
            return False
        self._write(self._encoder.flush())
        return self.close(reason, next_us)

    def close(self, reason: str, next_us: int | None = None) -> bool:
        """Close the spool with what is in it; False when there was no frame at all. What the encoder holds is lost."""
        if self._spool is None:
            return False
        if not self.encoded:
            self.abandon()
            return False
        if not self._thumbnail_done:
            self._write_thumbnail()
        end_us = self._end_us(reason, next_us)
        if self._track is not None:
            self._write_sound(self._track.finish(end_us))
        self._spool.end(end_us=end_us, reason=reason, frame_rate_lowered=self.frame_rate_lowered)
        self._encoder = None
        return True

    def rest(self) -> None:
        """Make durable what is written so far: nothing more comes for a while."""
        if self._spool is not None:
            self._spool.rest()

    def _end_us(self, reason: str, next_us: int | None) -> int:
        """Return when the last picture goes. An interruption isn't stretched: it is shown as long as the one before."""
        if next_us and reason in {"until", "max_length", "clock"}:
            return next_us
        return (self.last_us or 0) + (self._step_us or 66_667)

    def abandon(self) -> None:
        """Leave the spool as it is, after an error."""
        if self._spool is not None:
            self._spool.abandon()
        self._encoder = None

    def _open(self, masked: Masked, time_us: int, ride: Ride | None = None) -> None:
        picture, self._aspect = masked.picture, masked.aspect
        self._encoder = ride or Encoder(
            self.encoder_name, picture, masked.aspect, thorough=self.thorough, sparse=self._sparse
        )
        self._extradata = self._encoder.extradata or b""
        order = self.order
        key = Recipient.from_text(order.spool_recipient) if self.sent else Identity.from_text(order.spool_secret)
        self._spool = SpoolWriter(Path(order.spool_path), key, file=self.sent, patient=self._patient)
        self._spool.head(
            Head(
                clip_id=self.order.clip_id,
                start_us=time_us,
                width=picture.width,
                height=picture.height,
                source_codec=self._info.codec_name if self._info else "",
                encoder=self._encoder.description,
                extradata=self._extradata,
                has_audio=self._sound is not None,
                meta=self.order.meta,
                aspect=(masked.aspect.numerator, masked.aspect.denominator),
                sound=self._info.sound_state if self._info else "",
                sound_codec=self._info.sound_codec if self._info else "",
            )
        )
        self.start_us = time_us
        if self._sound is not None:
            self._track = SoundTrack(self._sound, time_us)
            for data, at_us in self._early:
                self._write_sound(self._track.add(data, at_us))
            self._early = []

    def _lower(self, backlog: float, keep_one_of: int) -> int:
        """Return of how many pictures one is kept (stated in the manifest): less before anything is dropped.

        What waits is compressed, and nobody waits for it: nothing is left out while it fits into memory.
        """
        if backlog > _BACKLOG_QUARTER:
            self._keep_one_of = 4
        elif backlog > _BACKLOG_HALF:
            self._keep_one_of = max(self._keep_one_of, 2)
        elif backlog < _BACKLOG_RESTORE:
            self._keep_one_of = 1
        keep_one_of = max(keep_one_of, self._keep_one_of)
        self.frame_rate_lowered |= keep_one_of > 1
        return keep_one_of

    def _write(self, packets: list[Encoded]) -> None:
        if self._spool is None:
            return
        for packet in packets:
            self._spool.packet(
                Packet(pts_us=packet.pts_us, dts_us=packet.dts_us, keyframe=packet.keyframe, data=packet.data)
            )
            self.encoded += 1

    def _write_sound(self, units: list[Unit]) -> None:
        if self._spool is None:
            return
        for unit in units:
            self._spool.packet(Packet(pts_us=unit.time_us, dts_us=unit.time_us, audio=True, data=unit.data))

    def _write_thumbnail(self) -> None:
        if self._spool is None or self._latest is None:
            return
        self._thumbnail_done = True
        try:
            image = jpeg(self._latest, THUMBNAIL_WIDTH_PX, aspect=self._aspect)
        except (av.FFmpegError, ValueError) as error:
            _LOGGER.warning("A clip has no thumbnail: %s", error)
            return
        self._spool.thumbnail(image)
