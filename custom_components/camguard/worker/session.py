"""Who needs pictures now: takes them from the feed, masks them once, and hands them to whoever needs them.

Consumers are the clip that is recorded and the takers of stills; with none of them nothing is decoded but a glance now
and then. A picture that can't be masked for sure blocks everything until one comes that can (invariant 2). Runs as one
thread; commands reach it through a queue.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial

import av

from . import faults
from .clip.recording import ClipRecording
from .clock import Clock
from .faults import BlockedError
from .health import CameraHealth
from .input.ring import Ring
from .memory import give_back
from .picture.decode import Frame
from .picture.feed import Feed
from .picture.glance import Glance
from .picture.mask import Mask, Masked
from .picture.steadiness import Steadiness
from .picture.still_requests import StillRequests
from .protocol import Allow, Configure, ExtendClip, GapClosed, Message, StartClip, Status, TakeStill
from .pulse import Pulse

_WAIT_SECONDS = 0.25
_IDLE_SECONDS = 1.0
_PARKED_SECONDS = 0.05
_CATCH_UP_SECONDS = 8.0
"""At a stop. What is behind by more is told to be missing: the clip ends earlier."""

_LOGGER = logging.getLogger(__name__)


class Wake:
    """Not to wait any longer: something has happened."""


type Command = StartClip | ExtendClip | Allow | TakeStill | Wake


class Session:
    """One camera's pictures. `send` and `finish` must be thread safe; `finish` gets the order of an ended clip."""

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
        self._mask = mask
        self._ring = ring
        self._clock = clock
        self._send = send
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._lost = threading.Event()
        self._go_on = True
        self.pulse = Pulse()
        self._health = CameraHealth(mask, send)
        self._feed = Feed(ring)
        self._steadiness = Steadiness()
        self._glance = Glance(ring, self._health, self._look_at)
        self._stills = StillRequests(clock, mask, send)
        self._clips = ClipRecording(configure, clock, encoders, send=send, finish=finish, patient=self.pulse.patient)
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    @property
    def decoded(self) -> int:
        """Pictures so far."""
        return self._feed.decoded

    @property
    def encoded(self) -> int:
        """Pictures of clips so far."""
        return self._clips.encoded

    @property
    def pixels(self) -> int:
        """Of the last picture; 0 before the first one."""
        geometry = self._mask.geometry
        return geometry.width * geometry.height if geometry else 0

    @property
    def lag_us(self) -> int:
        """How far the clip is behind the source."""
        if not self._feed.is_open:
            return 0
        return self._feed.behind_us if self._waits else self._clips.lag_us

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
            self._glance.hurry()
        self._health.source(status)

    def source_lost(self, _cause: str) -> None:
        """Note that no more pictures come: the running clip ends once the ring is drained."""
        self._lost.set()
        self._commands.put(Wake())

    # --- the thread ---

    def _run(self) -> None:
        while self._take_commands():
            self.pulse.turn()
            if self._waits:
                # What follows waits in the ring; stills show what was seen last.
                self._stills.answer()
            elif self._clips.wanted or self._stills.wanted:
                self._advance()
            else:
                self._close_feed()
                self._glance.look()
                continue
            self._stills.expire(self._health.current(), busy=self._clips.wanted)
        self._catch_up()
        self._clips.end("stopped")
        self._close_feed()

    @property
    def _waits(self) -> bool:
        """Whether no packet is taken: the next clip's order hasn't come, or other cameras' clips go first."""
        return self._clips.parked or (self._clips.begun and not self._go_on)

    def _catch_up(self) -> None:
        """Put into the clip what has come until now, as far as there is time for that."""
        until = time.monotonic() + _CATCH_UP_SECONDS
        while self._clips.wanted and self._feed.is_open and not self._feed.caught_up and time.monotonic() < until:
            self.pulse.turn()
            self._advance()

    def _take_commands(self) -> bool:
        """Carry out what has been asked; waits a little when there is nothing else to do. False: stop."""
        seconds = self._may_wait_s()
        while True:
            try:
                command = self._commands.get(block=seconds > 0, timeout=seconds)
            except queue.Empty:
                return True
            seconds = 0.0
            match command:
                case None:
                    return False
                case StartClip():
                    if not self._clips.start(command, self._ring.info):
                        self._close_feed()
                case ExtendClip():
                    self._clips.extend(command)
                case Allow():
                    self._go_on = command.go_on
                    self._clips.keep_one_of = command.keep_one_of
                case TakeStill():
                    self._stills.ask(command)
                case Wake():
                    pass

    def _may_wait_s(self) -> float:
        """Return for how long nothing needs to be done, unless a command comes."""
        if self._waits:
            return _PARKED_SECONDS
        if not self._feed.is_open:
            busy = self._glance.due_soon or self._clips.wanted or self._stills.wanted
            return _WAIT_SECONDS if busy else _IDLE_SECONDS
        if self._stills.wanted or self._lost.is_set() or not self._feed.caught_up:
            return 0.0
        seconds = self._clips.may_wait_s()
        if seconds > 0:
            self._clips.rest()
        return seconds

    # --- pictures in ---

    def _advance(self) -> None:
        """Take the next packet through decoder and mask to the consumers."""
        if not self._feed.is_open:
            self._feed.open(self._clips.begins_us)
        lost_already = self._lost.is_set()
        entry = self._feed.next(_WAIT_SECONDS)
        if (dropped := self._feed.take_lost()) is not None:
            utc = self._clock.era.utc
            self._send(GapClosed(from_us=utc(dropped[0]), to_us=utc(dropped[1]), cause=faults.OVERLOAD))
        if entry is None:
            if lost_already:
                self._drain()
            self._clips.end_overdue()
            return
        if self._feed.begins_anew(entry):
            if self._feed.is_decoding and self._clips.begun:
                self._drain()
            self._lost.clear()
            self._feed.begin(entry)
        if entry.kind == "sound":
            self._clips.take_sound(entry)
            return
        try:
            frames = self._feed.decode(entry)
        except av.FFmpegError as error:
            self._cannot(error)
            return
        for frame in frames:
            self._guarded(partial(self._hand_out, frame))

    def _drain(self) -> None:
        """The source is gone: give out what the decoder still holds, end the clip."""
        self._lost.clear()
        for frame in self._feed.flush():
            self._guarded(partial(self._hand_out, frame))
        self._clips.end("source_lost")

    def _close_feed(self) -> None:
        self._stills.forget()
        self._clips.forget_parked()
        if self._feed.close():
            give_back()

    # --- pictures out ---

    def _hand_out(self, frame: Frame) -> None:
        """Mask a picture that somebody needs, and give it to them."""
        if not (self._clips.needs(frame.time_us) or self._clips.parked or self._stills.wanted):
            return
        self._stills.try_out(frame, self._feed.behind_us)
        masked = self._masked(frame)
        self._stills.take(masked)
        self._clips.take(masked, self._feed.backlog)

    def _look_at(self, frame: Frame) -> None:
        self._guarded(lambda: self._masked(frame))

    def _masked(self, frame: Frame) -> Masked:
        """Return the masked picture; raises BlockedError. The one way from open to masked."""
        picture = self._mask.apply(frame.picture, frame.display_matrix, frame.aspect)
        self._steadiness.see((picture.width, picture.height, self._mask.aspect))
        self._health.unblock()
        return Masked(picture=picture, time_us=frame.time_us, aspect=self._mask.aspect, behind_us=self._feed.behind_us)

    def _guarded(self, work: Callable[[], object]) -> None:
        """Do one step; a picture that can't be masked blocks. What FFmpeg can't do ends no clip by itself."""
        try:
            work()
        except BlockedError as error:
            self._block(error)
        except av.FFmpegError as error:
            self._cannot(error)

    def _cannot(self, error: av.FFmpegError) -> None:
        self._feed.forget()
        _LOGGER.warning("A picture could not be processed: %s", error)

    def _block(self, error: BlockedError) -> None:
        self._health.block(error)
        self._clips.end("geometry")
        self._close_feed()
