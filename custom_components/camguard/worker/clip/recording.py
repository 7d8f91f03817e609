"""The consumer of pictures that makes clips: takes the order of a clip, and decides when it is full.

Times that come in are the worker's own; those of a clip are UTC by one era of the clock (docs/design/worker.md).
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction

import av

from ...domain.storage_faults import storage_fault
from .. import faults
from ..clock import Clock, Era
from ..input.ring import Entry, StreamInfo
from ..live.encoding import LiveEncoding
from ..picture.aspect import SQUARE
from ..picture.encode import Encoded
from ..picture.encoders import Encoders
from ..picture.mask import Masked
from ..protocol import ClipEnded, ClipFailed, ClipStarted, Configure, ExtendClip, Message, StartClip
from .sent_spool import SentSpool
from .writer import ClipWriter

PARK_SECONDS = 10.0
"""How long the first picture after a full clip waits for the order of the next."""
GATHER_SECONDS = 2.5
"""For so long packets of a clip gather before they are worked off: that costs less than one by one."""
_OVERDUE_US = 3_000_000
_AHEAD_US = 2_500_000
"""No clip begins later than this from now: pictures to be shown later than decoded lie less far ahead."""
_THUMBNAIL_US = 500_000
"""After the trigger: what is to be seen is in the picture by then."""


class ClipRecording:
    """At most one clip at a time. `finish` gets the order of one that ended."""

    def __init__(
        self,
        configure: Configure,
        clock: Clock,
        encoders: Encoders,
        *,
        send: Callable[[Message], None],
        finish: Callable[[StartClip], None],
        patient: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._configure = configure
        self._clock = clock
        self._encoders = encoders
        self._send = send
        self._finish = finish
        self._patient = patient
        self._writer: ClipWriter | None = None
        self._info: StreamInfo | None = None
        self._era = clock.era
        """Of the clip: its times are all UTC by this one."""
        self._parked: list[Masked] = []
        self._parked_until = 0.0
        self._left_us: int | None = None
        """Time of the first picture after a clip that rode along: it is in the ring yet."""
        self.encoded = 0
        self.lag_us = 0
        self.keep_one_of = 1
        """Of the pictures that come (protocol.Allow)."""

    # --- what the session asks ---

    def refuse(self, clip_id: str, number: int) -> None:
        """Take note that another machine's disk takes no more of a clip's spool."""
        writer = self._writer
        if writer is not None and writer.order.clip_id == clip_id and writer.sent is not None:
            writer.sent.refuse(number)

    @property
    def wanted(self) -> bool:
        """Whether pictures are needed."""
        return self._writer is not None

    @property
    def begun(self) -> bool:
        """Whether a picture is in the clip."""
        return self._writer is not None and self._writer.start_us is not None

    @property
    def parked(self) -> bool:
        """Whether a picture waits for the order of its clip: what follows stays in the ring."""
        if (self._parked or self._left_us is not None) and time.monotonic() > self._parked_until:
            self.forget_parked()
        return (bool(self._parked) or self._left_us is not None) and self._writer is None

    @property
    def left_us(self) -> int | None:
        """Where the next clip begins, when what follows the last one is still to be read from the ring."""
        return self._left_us

    @property
    def rides(self) -> bool:
        """Whether it is the watchers' encoding that goes into the clip."""
        return self._writer is not None and self._writer.rides

    @property
    def thorough(self) -> bool:
        """Whether the clip is encoded smaller, for more work."""
        return self._writer is not None and self._writer.thorough

    @property
    def begins_us(self) -> int | None:
        """Where the clip begins, by the worker's clock; None without one."""
        return self._era.own(self._writer.order.from_us) if self._writer is not None else None

    @property
    def everything(self) -> bool:
        """Whether every picture goes into the clip, moving or not: it was asked for, or the clip ends."""
        writer = self._writer
        if writer is None or writer.sparse_from_us is None or writer.until_us is not None:
            return True
        return self._era.utc(self._clock.now_us()) < writer.sparse_from_us

    def needs(self, time_us: int) -> bool:
        """Tell whether a picture of this time is needed."""
        if self._writer is None:
            return False
        self._follow_clock(self._writer)
        return self._writer.start_us is not None or self._era.utc(time_us) >= self._writer.order.from_us

    def may_wait_s(self) -> float:
        """Return for how long packets may gather: a clip alone is in no hurry, until its end is due."""
        writer = self._writer
        if writer is None or writer.start_us is None:
            return 0.0
        if writer.until_us is None:
            return GATHER_SECONDS
        left_us = writer.until_us - self._era.utc(self._clock.now_us())
        return min(max(left_us / 1_000_000 + 0.1, 0.0), GATHER_SECONDS)

    def rest(self) -> None:
        """Make durable what is in the clip: nothing is done for a while."""
        if self._writer is None:
            return
        try:
            self._writer.rest()
        except OSError as error:
            self._fail(error)

    # --- orders ---

    def start(self, order: StartClip, info: StreamInfo | None, *, thorough: bool | None = None) -> bool:
        """Take the order of a clip; True when it goes on with a picture that is parked. `info`: the stream's.

        `thorough`: as the watchers' encoding is, if there is one; None: as the order says.
        """
        if self._writer is not None:
            detail = "a clip is running already"
            self._send(ClipFailed(clip_id=order.clip_id, key=faults.ENCODER_FAILED, detail=detail))
            return True
        if not self._encoders.names:
            self._send(ClipFailed(clip_id=order.clip_id, key=faults.NO_ENCODER))
            return True
        now_us = self._clock.now_us()
        self._era = self._clock.era  # as of now
        # Home Assistant reckons by a wall clock that may have been set back since.
        order = replace(order, from_us=min(order.from_us, self._era.utc(now_us + _AHEAD_US)))
        self._info = info
        parked, self._parked, self._left_us = self._parked, [], None
        thorough = order.thorough if thorough is None else thorough
        self._writer = self._writer_of(order, parked[0].aspect if parked else SQUARE, thorough=thorough)
        if not parked or self._era.utc(parked[0].time_us) != order.from_us:
            return False
        for masked in parked:
            self.take(masked)
        return True

    def extend(self, command: ExtendClip) -> None:
        """Move the end of the clip, if it is this one."""
        writer = self._writer
        if writer is not None and writer.order.clip_id == command.clip_id:
            writer.until_us = self._by_era(command.until_us)
            writer.sparse_from_us = self._by_era(command.sparse_from_us)

    def _by_era(self, utc_us: int | None) -> int | None:
        """Return a time by the wall clock as it is now, as the clip's clock has it."""
        return None if utc_us is None else self._era.utc(self._clock.era.own(utc_us))

    def ride(self, encoding: LiveEncoding, units: list[Encoded], masked: Masked) -> bool:
        """Go on with what is encoded for the watchers; False when the clip can't, or not yet.

        `units`: of the pictures from the one that is due on, which is a keyframe. `masked`: the newest of them.
        """
        writer = self._writer
        if writer is None or self._clock.era is not self._era:
            return False
        first_us, last_us = self._era.utc(units[0].pts_us), self._era.utc(units[-1].pts_us)
        begun_us = first_us if writer.start_us is None else writer.start_us
        if first_us < writer.order.from_us or last_us - begun_us >= self._configure.max_length_us:
            return False
        if writer.until_us is not None and last_us >= writer.until_us:
            return False
        first, before = writer.start_us is None, writer.encoded
        try:
            if not writer.ride(encoding, units, masked, self._era.shift_us):
                return False
        except (OSError, av.FFmpegError) as error:
            self._fail(error)
            return True
        if first:
            self._tell_start(writer, first_us)
        self.encoded += writer.encoded - before
        return True

    def end(self, reason: str) -> None:
        """End the clip, if there is one."""
        self._end(reason)

    def end_overdue(self) -> None:
        """End a clip whose time is over though no picture came that says so."""
        writer = self._writer
        if writer is None or writer.until_us is None:
            return
        if self._era.utc(self._clock.now_us()) > writer.until_us + _OVERDUE_US:
            self._end("until")

    def forget_parked(self) -> None:
        """Let go of what is parked: it isn't gone on with."""
        self._parked, self._left_us = [], None

    # --- pictures and sound ---

    def take(self, masked: Masked, backlog: float = 0.0) -> None:
        """Take the next picture; the first one that isn't the clip's any more is parked.

        `backlog`: which part of the memory there is for it waits.
        """
        writer = self._writer
        if writer is None:
            if self._parked:
                self._parked.append(masked)
            return
        self._follow_clock(writer)
        start_us, time_us = writer.start_us, self._era.utc(masked.time_us)
        if start_us is None and time_us < writer.order.from_us:
            return
        if writer.until_us is not None and time_us >= writer.until_us:
            self._end("until", masked)
        elif self._set_since(masked):
            self._end("clock", masked)
        elif start_us is not None and not _alike(writer, masked):
            self._end("geometry", masked)
        elif start_us is not None and time_us - start_us >= self._configure.max_length_us:
            self._end("max_length", masked)
        else:
            self._add(writer, masked, time_us, backlog)

    def take_sound(self, entry: Entry) -> None:
        """Take a packet of the camera's sound."""
        if self._writer is None:
            return
        try:
            self._writer.add_sound(bytes(entry.packet), self._era.utc(entry.time_us))
        except OSError as error:
            self._fail(error)

    def _add(self, writer: ClipWriter, masked: Masked, time_us: int, backlog: float) -> None:
        self.lag_us = masked.behind_us
        before = writer.encoded
        if writer.start_us is None and writer.encoder_name != self._encoders.best(masked.aspect):
            before_it, writer = writer, self._writer_of(writer.order, masked.aspect, thorough=writer.thorough)
            writer.until_us, writer.sparse_from_us = before_it.until_us, before_it.sparse_from_us
            self._writer = writer
        try:
            first = writer.add(masked, time_us, backlog, self.keep_one_of)
        except (OSError, av.FFmpegError) as error:
            self._fail(error)
            return
        if first:
            self._tell_start(writer, time_us)
        self.encoded += writer.encoded - before

    def _tell_start(self, writer: ClipWriter, time_us: int) -> None:
        width, height = writer.size or (0, 0)
        self._send(ClipStarted(clip_id=writer.order.clip_id, start_us=time_us, width=width, height=height))

    def _writer_of(self, order: StartClip, aspect: Fraction, *, thorough: bool) -> ClipWriter:
        return ClipWriter(
            order,
            encoder=self._encoders.best(aspect) or "",
            thorough=thorough,
            sparse=self._configure.adaptive,
            info=self._info,
            thumbnail_us=order.from_us + self._configure.pre_roll_us + _THUMBNAIL_US,
            sent=SentSpool(order.clip_id, self._send) if self._configure.remote else None,
            patient=self._patient,
        )

    # --- the clock ---

    def _set_since(self, masked: Masked) -> bool:
        """Whether the wall clock was set after the clip had begun, and before this picture."""
        era: Era = self._clock.era
        return era is not self._era and masked.time_us >= era.from_us

    def _follow_clock(self, writer: ClipWriter) -> None:
        """Take a clip that has no picture yet into the present era."""
        if writer.start_us is None and self._era is not self._clock.era:
            before, self._era = self._era, self._clock.era
            writer.move(self._era.shift_us - before.shift_us)

    # --- the end ---

    def _end(self, reason: str, first_after: Masked | None = None) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        next_us, rode = self._next_us(writer, first_after), writer.rides
        try:
            recorded = writer.end(reason, self._era.utc(first_after.time_us) if first_after else None)
        except (OSError, av.FFmpegError) as error:
            self._writer = writer
            self._fail(error)
            return
        if first_after is not None and reason != "until":
            # What the watchers see isn't waited with: the next clip reads on in the ring.
            self._parked, self._left_us = ([], first_after.time_us) if rode else ([first_after], None)
            self._parked_until = time.monotonic() + PARK_SECONDS
        self._send(ClipEnded(clip_id=writer.order.clip_id, reason=reason, next_from_us=next_us))
        if recorded:
            self._finish(writer.order)
        else:
            self._send(ClipFailed(clip_id=writer.order.clip_id, key=faults.NOTHING_RECORDED, detail=reason))

    def _next_us(self, writer: ClipWriter, first_after: Masked | None = None) -> int:
        """Return where the next clip begins: UTC as it is now, whatever it was when the clip began."""
        if first_after is not None:
            return self._clock.era.utc(first_after.time_us)
        last_us = self._era.own((writer.last_us or writer.order.from_us) + 1)
        return self._clock.era.utc(min(last_us, self._clock.now_us()))

    def _fail(self, error: Exception) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        # Some of FFmpeg's errors are OSErrors too, and yet no disk's refusal.
        disk_error = error if isinstance(error, OSError) and not isinstance(error, av.FFmpegError) else None
        next_us = self._next_us(writer)
        if disk_error is None and self._encoders.fails(writer.encoder_name, error) and self._closes(writer):
            # The next clip goes on where this one broke off: until its order comes, that stays in the ring.
            self._left_us = self._clock.era.own(next_us)
            self._parked_until = time.monotonic() + PARK_SECONDS
            self._send(ClipEnded(clip_id=writer.order.clip_id, reason="encoder", next_from_us=next_us))
            self._finish(writer.order)
            return
        writer.abandon()
        key = faults.ENCODER_FAILED if disk_error is None else storage_fault(disk_error)
        clip_id, usable = writer.order.clip_id, writer.start_us is not None
        self._send(ClipEnded(clip_id=clip_id, reason="failed", next_from_us=next_us))
        self._send(ClipFailed(clip_id=clip_id, key=key, detail=str(error), spool_usable=usable))

    def _closes(self, writer: ClipWriter) -> bool:
        """End a clip whose encoder is gone, without what that had in hand; tells whether there is anything of it."""
        try:
            return writer.close("encoder")
        except OSError:
            return False


def _alike(writer: ClipWriter, masked: Masked) -> bool:
    return (writer.size, writer.aspect) == ((masked.picture.width, masked.picture.height), masked.aspect)
