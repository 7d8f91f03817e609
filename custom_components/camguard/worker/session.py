"""The heart of the worker: takes packets from the ring, decodes and masks them once, and feeds whoever needs frames.

Consumers are the running clip and the takers of stills; with none of them nothing is decoded, except one keyframe now
and then to know that the mask still fits (a glance). A picture that can't be masked for sure blocks everything until
one comes that can (invariant 2). Runs as one thread; commands reach it through a queue.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import av

from . import faults
from .clip.writer import ClipWriter
from .clock import Clock
from .faults import BlockedError
from .health import CameraHealth
from .input.ring import Cursor, Entry, Ring
from .memory import give_back
from .picture.decode import Decoder, Frame
from .picture.mask import Mask
from .picture.still_requests import StillRequests
from .protocol import (
    ClipEnded,
    ClipFailed,
    ClipStarted,
    Configure,
    ExtendClip,
    GapClosed,
    Message,
    StartClip,
    Status,
    TakeStill,
)
from .pulse import Pulse

GLANCE_SECONDS = 60.0
GLANCE_BLOCKED_SECONDS = 5.0
GLANCE_UNDECODABLE_SECONDS = 2.0
PARK_SECONDS = 10.0
"""How long the first frame after a full clip waits for the grant of the next."""
_CAUGHT_UP_US = 700_000
_OVERDUE_US = 3_000_000
_AHEAD_US = 2_500_000
"""No clip begins later than this from now: pictures to be shown later than decoded lie less far ahead."""
GATHER_SECONDS = 0.5
"""For so long packets of a clip gather before they are worked off: that costs a tenth less than one by one."""
_WAIT_SECONDS = 0.25
_IDLE_SECONDS = 1.0

_LOGGER = logging.getLogger(__name__)

type Command = StartClip | ExtendClip | TakeStill


class Session:
    """Transcodes one camera. `send` and `finish` must be thread safe; `finish` gets the grant of an ended clip."""

    def __init__(
        self,
        configure: Configure,
        mask: Mask,
        ring: Ring,
        clock: Clock,
        encoders: tuple[str, ...],
        send: Callable[[Message], None],
        finish: Callable[[StartClip], None],
    ) -> None:
        self._configure = configure
        self._mask = mask
        self._ring = ring
        self._clock = clock
        self._encoders = encoders
        self._send = send
        self._finish = finish
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._condition = CameraHealth(mask, send)
        self._lost = threading.Event()
        self._cursor: Cursor | None = None
        self._decoder: Decoder | None = None
        self._epoch = -1
        self._clip: ClipWriter | None = None
        self._era = clock.era
        """Of the clip: its times are all UTC by this one. What comes out of the ring is the clock's own time."""
        self._parked: list[Frame] = []
        self._parked_until = 0.0
        self._stills = StillRequests(send)
        self._glance_at = 0.0
        self._latest: tuple[av.VideoFrame, int] | None = None
        self.decoded = 0
        self.encoded = 0
        self.lag_us = 0
        self.pulse = Pulse()
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End the running clip and return when the thread has gone."""
        self._commands.put(None)
        self._thread.join()

    def command(self, command: Command) -> None:
        """Hand over a command, from any thread."""
        self._commands.put(command)

    def source_status(self, status: Status) -> None:
        """Take what the source says of itself, from its thread."""
        if status.state == "streaming":
            self._glance_at = 0.0
        self._condition.source(status)

    def source_lost(self, _cause: str) -> None:
        """Note that no more pictures come: the running clip ends once the ring is drained."""
        self._lost.set()

    # --- the thread ---

    def _run(self) -> None:
        while self._take_commands():
            self.pulse.turn()
            if self._clip is None and not self._stills.wanted:
                self._close_cursor()
                self._glance()
                continue
            if self._parked and self._clip is None and time.monotonic() > self._parked_until:
                self._parked = []
            self._advance()
            self._expire_stills()
        self._end_clip("stopped")
        self._close_cursor()

    def _take_commands(self) -> bool:
        """Carry out what has been asked; waits a little when there is nothing else to do. False: stop."""
        wait = self._cursor is None
        seconds = _IDLE_SECONDS if self._glance_at else _WAIT_SECONDS
        if self._may_gather():
            wait, seconds = True, GATHER_SECONDS
        while True:
            try:
                command = self._commands.get(block=wait, timeout=seconds)
            except queue.Empty:
                return True
            wait = False
            match command:
                case None:
                    return False
                case StartClip():
                    self._start_clip(command)
                case ExtendClip():
                    if self._clip is not None and self._clip.order.clip_id == command.clip_id:
                        until_us = command.until_us
                        self._clip.until_us = (
                            until_us if until_us is None else self._era.utc(self._clock.era.own(until_us))
                        )
                case TakeStill():
                    self._stills.ask(command)

    def _may_gather(self) -> bool:
        """Tell whether packets may gather: a clip alone is in no hurry, and pictures cost less one after the other."""
        clip, cursor = self._clip, self._cursor
        if clip is None or clip.start_us is None or cursor is None or self._stills.wanted or self._parked:
            return False
        return not self._lost.is_set() and cursor.caught_up

    # --- frames in ---

    def _advance(self) -> None:
        """Take the next packet through decoder and mask to the consumers."""
        if self._cursor is None:
            self._open_cursor()
        if self._parked and self._clip is None:
            # What follows waits in the ring for the next clip; stills show what was seen last.
            self._answer_stills()
            time.sleep(_WAIT_SECONDS / 5)
            return
        parked, self._parked = self._parked, []
        for frame in parked:
            self._guarded(partial(self._consume, frame))
        cursor = self._cursor
        if cursor is None:
            time.sleep(_WAIT_SECONDS / 5)
            return
        lost_already = self._lost.is_set()
        entry = cursor.next(_WAIT_SECONDS)
        dropped = cursor.take_lost()
        if dropped is not None:
            utc = self._clock.era.utc
            self._send(GapClosed(from_us=utc(dropped[0]), to_us=utc(dropped[1]), cause=faults.OVERLOAD))
            self._decoder = None
        if entry is None:
            if lost_already:
                self._drain()
            self._end_overdue()
            return
        if entry.info.epoch != self._epoch:
            if self._epoch != -1 and self._clip is not None and self._clip.start_us is not None:
                self._drain()
            self._lost.clear()
            self._epoch = entry.info.epoch
            self._decoder = None
        self._guarded(lambda: self._feed(entry))

    def _end_overdue(self) -> None:
        """End a clip whose time is over though no picture came that says so."""
        clip = self._clip
        if clip is None or clip.until_us is None:
            return
        if self._era.utc(self._clock.now_us()) > clip.until_us + _OVERDUE_US:
            self._end_clip("until")

    def _open_cursor(self) -> None:
        clip = self._clip
        self._cursor = self._ring.latest() if clip is None else self._ring.cursor(self._era.own(clip.order.from_us))
        self._decoder = None
        self._epoch = -1

    def _close_cursor(self) -> None:
        was_busy = self._cursor is not None
        if self._cursor is not None:
            self._cursor.close()
        self._cursor = None
        self._decoder = None
        self._latest = None
        self._parked = []
        self.lag_us = 0
        if was_busy:
            give_back()

    def _feed(self, entry: Entry) -> None:
        if entry.kind == "audio":
            if self._clip is not None:
                try:
                    self._clip.add_audio(bytes(entry.packet), self._era.utc(entry.time_us))
                except OSError as error:
                    self._fail_clip(error)
            return
        if self._decoder is None:
            if not entry.keyframe:
                return
            self._decoder = Decoder(entry.info)
        for frame in self._decoder.decode(entry):
            self.decoded += 1
            self._consume(frame)

    def _drain(self) -> None:
        """The source is gone: give out what the decoder still holds, end the clip."""
        self._lost.clear()
        if self._decoder is not None:
            decoder = self._decoder
            self._decoder = None
            for frame in decoder.flush():
                self._guarded(partial(self._consume, frame))
        self._end_clip("source_lost")

    def _guarded(self, step: Callable[[], object]) -> None:
        """Do one step; a picture that can't be masked blocks. What FFmpeg can't do ends no clip by itself."""
        try:
            step()
        except BlockedError as error:
            self._block(error)
        except av.FFmpegError as error:
            self._decoder = None
            _LOGGER.warning("A picture could not be processed: %s", error)

    # --- frames out ---

    def _consume(self, frame: Frame) -> None:
        clip = self._clip
        if clip is None and self._parked:
            self._parked.append(frame)
            return
        if clip is not None:
            self._follow_clock(clip)
        time_us = self._era.utc(frame.time_us)
        if clip is not None and clip.start_us is None and time_us < clip.order.from_us and not self._stills.waiting:
            return
        picture = self._mask.apply(frame.picture, frame.display_matrix)
        self._condition.unblock()
        behind_us = self._cursor.behind_us if self._cursor else 0
        self._latest = (picture, frame.time_us)
        if clip is not None and time_us >= clip.order.from_us:
            self._record(clip, frame, picture, behind_us)
        if behind_us <= _CAUGHT_UP_US:
            self._answer_stills()

    def _set_since(self, frame: Frame) -> bool:
        """Whether the wall clock was set after the clip had begun, and before this frame."""
        era = self._clock.era
        return era is not self._era and frame.time_us >= era.from_us

    def _follow_clock(self, clip: ClipWriter) -> None:
        """Take a clip that has no frame yet into the present era."""
        if clip.start_us is None and self._era is not self._clock.era:
            before, self._era = self._era, self._clock.era
            clip.move(self._era.shift_us - before.shift_us)

    def _record(self, clip: ClipWriter, frame: Frame, picture: av.VideoFrame, behind_us: int) -> None:
        start_us, time_us = clip.start_us, self._era.utc(frame.time_us)
        if clip.until_us is not None and time_us >= clip.until_us:
            self._end_clip("until", frame)
        elif self._set_since(frame):
            self._end_clip("clock", frame)
        elif start_us is not None and clip.size != (picture.width, picture.height):
            self._end_clip("geometry", frame)
        elif start_us is not None and time_us - start_us >= self._configure.max_length_us:
            self._end_clip("max_length", frame)
        else:
            self.lag_us = behind_us
            before = clip.encoded
            try:
                first = clip.add(picture, time_us, behind_us)
            except (OSError, av.FFmpegError) as error:
                self._fail_clip(error)
                return
            if first:
                width, height = clip.size or (0, 0)
                self._send(ClipStarted(clip_id=clip.order.clip_id, start_us=time_us, width=width, height=height))
            self.encoded += clip.encoded - before

    # --- the clip ---

    def _start_clip(self, order: StartClip) -> None:
        if self._clip is not None:
            self._send(ClipFailed(clip_id=order.clip_id, key=faults.ENCODER_FAILED, detail="a clip is running already"))
            return
        if not self._encoders:
            self._send(ClipFailed(clip_id=order.clip_id, key=faults.NO_ENCODER))
            return
        now_us = self._clock.now_us()
        self._era = self._clock.era
        # Home Assistant reckons by a wall clock that may have been set back since.
        order = replace(order, from_us=min(order.from_us, self._era.utc(now_us + _AHEAD_US)))
        info = self._ring.info
        self._clip = ClipWriter(
            order,
            encoder=self._encoders[0],
            source_codec=info.codec_name if info else "",
            audio=info.audio if info else None,
            thumbnail_us=order.from_us + self._configure.pre_roll_us + 500_000,
            patient=self.pulse.patient,
        )
        continues = bool(self._parked) and self._era.utc(self._parked[0].time_us) == order.from_us
        if not continues:
            self._close_cursor()

    def _end_clip(self, reason: str, first_after: Frame | None = None) -> None:
        clip, self._clip = self._clip, None
        if clip is None:
            return
        next_us = self._next_us(clip, first_after)
        recorded = False
        try:
            recorded = clip.end(reason, self._era.utc(first_after.time_us) if first_after else None)
        except (OSError, av.FFmpegError) as error:
            self._clip = clip
            self._fail_clip(error)
            return
        if first_after is not None and reason != "until":
            self._parked = [first_after]
            self._parked_until = time.monotonic() + PARK_SECONDS
            self._stills.linger(self._parked_until)
        self._send(ClipEnded(clip_id=clip.order.clip_id, reason=reason, next_from_us=next_us))
        if recorded:
            self._finish(clip.order)
        else:
            self._send(ClipFailed(clip_id=clip.order.clip_id, key=faults.NOTHING_RECORDED, detail=reason))

    def _next_us(self, clip: ClipWriter, first_after: Frame | None = None) -> int:
        """Return where the next clip begins: UTC as it is now, whatever it was when the clip began."""
        if first_after is not None:
            return self._clock.era.utc(first_after.time_us)
        last_us = self._era.own((clip.last_us or clip.order.from_us) + 1)
        return self._clock.era.utc(min(last_us, self._clock.now_us()))

    def _fail_clip(self, error: Exception) -> None:
        clip, self._clip = self._clip, None
        if clip is None:
            return
        clip.abandon()
        # Some of FFmpeg's errors are OSErrors too, and yet no disk's refusal.
        disk_error = error if isinstance(error, OSError) and not isinstance(error, av.FFmpegError) else None
        if disk_error is None and len(self._encoders) > 1:
            # Hardware that passed its trial and fails now: the next clip takes the next encoder.
            _LOGGER.warning("The encoder %s failed and isn't used any more: %s", self._encoders[0], error)
            self._encoders = self._encoders[1:]
        key = faults.ENCODER_FAILED if disk_error is None else faults.of_os_error(disk_error)
        self._send(ClipEnded(clip_id=clip.order.clip_id, reason="failed", next_from_us=self._next_us(clip)))
        self._send(
            ClipFailed(clip_id=clip.order.clip_id, key=key, detail=str(error), spool_usable=clip.start_us is not None)
        )

    # --- stills ---

    def _answer_stills(self) -> None:
        if self._latest is None or not self._stills.waiting:
            return
        picture, time_us = self._latest
        self._stills.answer(picture, self._clock.era.utc(time_us), self._mask.geometry)

    def _expire_stills(self) -> None:
        """Give up on stills that no picture came for; a lagging clip answers with what it has."""
        if self._clip is not None and self._stills.impatient:
            self._answer_stills()
        if self._stills.waiting:
            self._stills.expire(self._condition.current())

    # --- knowing that the mask fits ---

    def _glance(self) -> None:
        """Decode one keyframe now and then: tells the geometry at once, and blocks before a clip would."""
        now = time.monotonic()
        if now < self._glance_at or not self._condition.streaming:
            return
        cursor = self._ring.latest()
        try:
            entry = cursor.next(0)
            while entry is not None and entry.kind != "video":
                entry = cursor.next(0)
        finally:
            cursor.close()
        if entry is None or not entry.keyframe:
            return
        pictures = 0

        def look() -> None:
            nonlocal pictures
            decoder = Decoder(entry.info)
            frames = (*decoder.decode(entry), *decoder.flush())
            pictures = len(frames)
            for frame in frames:
                self._mask.apply(frame.picture, frame.display_matrix)
                self._condition.unblock()

        self._guarded(look)
        give_back()
        self._condition.looked(pictures)
        if self._condition.blocked:
            self._glance_at = now + GLANCE_BLOCKED_SECONDS
        else:
            self._glance_at = now + (GLANCE_UNDECODABLE_SECONDS if self._condition.undecodable else GLANCE_SECONDS)

    def _block(self, error: BlockedError) -> None:
        self._latest = None
        self._parked = []
        self._decoder = None
        self._condition.block(error)
        self._end_clip("geometry")
        self._close_cursor()
