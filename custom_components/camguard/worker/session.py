"""Who needs pictures now: takes them from the feeds, masks them once, and hands them to whoever needs them.

Consumers are the clip that is recorded, the takers of stills, and those who watch live; with none of them nothing is
decoded but a glance now and then. A picture that can't be masked for sure blocks everything until one comes that can
(invariant 2). Runs as one thread; commands reach it through a queue.

There are two feeds. The clip's begins in the past, with the pre-roll, and may be behind; `now` is what watchers see.
Once the clip's is level with `now`, the clip rides along there: one decoder and one encoder serve both.
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
from .eyes.lookout import Lookout
from .faults import BlockedError
from .health import CameraHealth
from .input.ring import Ring
from .live.server import LiveServer
from .live.view import LiveView
from .masking import Masking
from .memory import give_back
from .picture.decode import Frame
from .picture.encoders import Encoders
from .picture.feed import Feed
from .picture.glance import Glance
from .picture.mask import Mask, Masked
from .picture.sparse_feed import SparseFeed
from .picture.still_requests import StillRequests
from .protocol import Allow, CompareView, Configure, ExtendClip, GapClosed, Message, StartClip, Status, TakeStill
from .pulse import Pulse

_WAIT_SECONDS = 0.25
_IDLE_SECONDS = 1.0
_PARKED_SECONDS = 0.05
_CATCH_UP_SECONDS = 8.0
"""At a stop. What is behind by more is told to be missing: the clip ends earlier."""

_LOGGER = logging.getLogger(__name__)


class Wake:
    """Not to wait any longer: something has happened."""


type Command = StartClip | ExtendClip | Allow | TakeStill | CompareView | Wake


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
        self._ring = ring
        self._clock = clock
        self._send = send
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._losses = 0
        """How often the source was lost."""
        self._go_on = True
        self.pulse = Pulse()
        self._health = CameraHealth(mask, send)
        self._masking = Masking(mask, self._health, send)
        self._eyes = Lookout(configure, ring, clock, zones=mask.zones, mask=self._mask_for_eyes, send=send)
        self._adaptive = configure.adaptive
        self._past = SparseFeed(ring, self._eyes.watch) if configure.adaptive else Feed(ring)
        self._now = Feed(ring)
        self._newest: Masked | None = None
        """Of `now`."""
        self._glance = Glance(ring, self._health, self._look_at, soon_s=lambda: self._masking.viewpoint.soon_s)
        self._stills = StillRequests(clock, mask, send)
        usable = Encoders(encoders)
        self._clips = ClipRecording(configure, clock, usable, send=send, finish=finish, patient=self.pulse.patient)
        self._live = LiveView(usable, configure.pre_roll_us)
        if configure.live_descriptor >= 0:
            self._live.server = LiveServer(
                configure.live_descriptor,
                configure.live_token,
                refusal=lambda: self._why_not_live(usable),
                on_watcher=self._somebody_came,
            )
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    @property
    def decoded(self) -> int:
        """Pictures so far."""
        return self._past.decoded + self._now.decoded

    @property
    def encoded(self) -> int:
        """Pictures of clips so far."""
        return self._clips.encoded

    @property
    def pixels(self) -> int:
        """Of the last picture; 0 before the first one."""
        return self._masking.pixels

    @property
    def lag_us(self) -> int:
        """How far the clip is behind the source."""
        feed = self._clip_feed
        if not feed.is_open:
            return 0
        return feed.behind_us if self._waits else self._clips.lag_us

    @property
    def watchers(self) -> int:
        """Who gets the masked stream."""
        return self._live.watchers

    @property
    def live_lag_us(self) -> int:
        """How far what they get is behind the source."""
        return self._now.behind_us if self._live.watchers else 0

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()
        if self._live.server is not None:
            self._live.server.start()

    def stop(self) -> None:
        """End the running clip and return when the thread has gone."""
        self._commands.put(None)
        self._thread.join()
        if self._live.server is not None:
            self._live.server.stop()

    def command(self, command: Command) -> None:
        """Hand over a command, from any thread."""
        self._commands.put(command)

    def refuse_spool(self, clip_id: str, number: int) -> None:
        """Take note that another machine's disk takes no more, from any thread."""
        self._clips.refuse(clip_id, number)

    def source_status(self, status: Status) -> None:
        """Take what the source says of itself, from its thread."""
        if status.state == "streaming":
            self._glance.hurry()
        self._health.source(status)

    def source_lost(self, _cause: str) -> None:
        """Note that no more pictures come: the running clip ends once the ring is drained."""
        self._losses += 1
        self._commands.put(Wake())

    # --- from the server's thread ---

    def _why_not_live(self, encoders: Encoders) -> str:
        """Return a key of faults when there is nothing to be watched."""
        if not encoders.names:
            return faults.NO_ENCODER
        status = self._health.current()
        return status.key or status.state if status.state == "blocked" else ""

    def _somebody_came(self) -> None:
        self._live.join()
        self._commands.put(Wake())

    # --- the thread ---

    def _run(self) -> None:
        while self._take_commands():
            self.pulse.turn()
            self._close_what_nobody_needs()
            self._eyes.turn(self._clips, blocked=self._health.blocked, losses=self._losses)
            self._turn()
            self._stills.expire(self._health.current(), busy=self._clips.wanted)
        self._catch_up()
        self._clips.end("stopped")
        self._close()

    def _turn(self) -> None:
        """Take a packet from each feed that somebody needs; with none, look whether pictures can be masked."""
        needs_now = self._needs_now
        needs_past = self._needs_past
        if needs_now and not (self._waits and self._clips.rides):
            if not self._now.is_open:
                self._now.open(None)
                self._now.losses = self._losses
            hurry = needs_past and not self._waits and not (self._past.is_open and self._past.caught_up)
            self._advance(self._now, 0 if hurry else _WAIT_SECONDS)
        if self._waits:
            # What follows waits in the ring; stills show what was seen last.
            self._stills.answer()
        elif needs_past:
            if not self._past.is_open:
                self._past.open(self._clips.begins_us)
                self._past.losses = self._losses
            self._advance(self._past, 0 if needs_now else _WAIT_SECONDS)
        elif not needs_now:
            self._glance.look()

    @property
    def _needs_now(self) -> bool:
        """Whether somebody watches, or the clip goes on with what watchers got."""
        wanted = self._live.wanted or (
            self._adaptive and self._stills.wanted
        )  # an adaptive clip's are of some time ago
        return (wanted and not self._health.blocked) or self._clips.rides

    @property
    def _needs_past(self) -> bool:
        """Whether the clip, or who wants a still, has pictures of its own."""
        if self._clips.wanted:
            return not self._clips.rides
        return self._stills.wanted and not self._needs_now

    @property
    def _waits(self) -> bool:
        """Whether the clip gets no packet: the next one's order hasn't come, or other cameras' clips go first."""
        return self._clips.parked or (self._clips.begun and not self._go_on)

    @property
    def _clip_feed(self) -> Feed:
        return self._now if self._clips.rides else self._past

    def _close_what_nobody_needs(self) -> None:
        if self._past.is_open and not (self._needs_past or self._clips.parked):
            self._close_past()
        if self._now.is_open and not self._needs_now:
            self._close_now()

    def _catch_up(self) -> None:
        """Put into the clip what has come until now, as far as there is time for that."""
        self._eyes.watch.interrupt()
        until = time.monotonic() + _CATCH_UP_SECONDS
        while self._clips.wanted and time.monotonic() < until:
            feed = self._clip_feed
            if not feed.is_open or feed.caught_up:
                return
            self.pulse.turn()
            self._advance(feed, _WAIT_SECONDS)

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
                    self._start_clip(command)
                case ExtendClip():
                    self._clips.extend(command)
                case Allow():
                    self._go_on = command.go_on
                    self._clips.keep_one_of = command.keep_one_of
                case TakeStill():
                    self._stills.ask(command)
                case CompareView():
                    self._masking.viewpoint.refer(command.image, moved=command.moved)
                    self._glance.hurry()
                case Wake():
                    pass

    def _start_clip(self, order: StartClip) -> None:
        encoding = self._live.encoding
        if self._clips.start(order, self._ring.info, thorough=encoding.thorough if encoding else None):
            return
        # Before what was held is let go of: the ring keeps what both need.
        self._past.open(self._clips.begins_us)
        self._past.losses = self._losses

    def _may_wait_s(self) -> float:
        """Return for how long nothing needs to be done, unless a command comes."""
        if (self._live.wanted and self._needs_now) or self._eyes.busy:
            return 0.0
        if self._waits:
            return _PARKED_SECONDS
        feeds = [feed for feed in (self._past, self._now) if feed.is_open]
        if not feeds:
            busy = self._glance.due_soon or self._clips.wanted or self._stills.wanted
            return _WAIT_SECONDS if busy else _IDLE_SECONDS
        if self._stills.wanted or any(feed.losses != self._losses or not feed.caught_up for feed in feeds):
            return 0.0
        seconds = self._clips.may_wait_s()
        if seconds > 0:
            self._clips.rest()
        return seconds

    # --- pictures in ---

    def _advance(self, feed: Feed, timeout_s: float) -> None:
        """Take the next packet of a feed through decoder and mask to the consumers."""
        lost_already = feed.losses != self._losses
        entry = feed.next(timeout_s)
        if (dropped := feed.take_lost()) is not None and feed is self._clip_feed:
            utc = self._clock.era.utc
            self._send(GapClosed(from_us=utc(dropped[0]), to_us=utc(dropped[1]), cause=faults.OVERLOAD))
        if entry is None:
            if lost_already and not feed.waits:
                self._drain(feed)
            if feed is self._clip_feed:
                self._clips.end_overdue()
            return
        if feed.begins_anew(entry):
            if feed.is_decoding and (self._clips.begun or feed is self._now):
                self._drain(feed)
            feed.losses = self._losses
            feed.begin(entry)
        if entry.kind == "sound":
            if feed is self._clip_feed:
                self._clips.take_sound(entry)
            return
        if (masked := feed.take_masked()) is not None:
            feed.forget()
            if self._clips.needs(masked.time_us):
                self._clips.take(masked, feed.backlog)
            return
        try:
            frames = feed.decode(entry)
        except av.FFmpegError as error:
            self._cannot(feed, error)
            return
        for frame in frames:
            self._guarded(feed, partial(self._hand_out, feed, frame))

    def _drain(self, feed: Feed) -> None:
        """The source is gone: give out what the decoder still holds, end the clip."""
        feed.losses = self._losses
        for frame in feed.flush():
            self._guarded(feed, partial(self._hand_out, feed, frame))
        if feed is self._clip_feed:
            self._clips.end("source_lost")

    def _close_past(self) -> None:
        if not self._now.is_open:
            self._stills.forget()
        self._clips.forget_parked()
        if self._past.close():
            give_back()

    def _close_now(self) -> None:
        self._live.end()
        self._newest = None
        self._stills.forget()
        if self._now.close():
            give_back()

    def _close(self) -> None:
        self._eyes.watch.close()
        self._close_now()
        self._close_past()

    # --- pictures out ---

    def _hand_out(self, feed: Feed, frame: Frame) -> None:
        """Mask a picture that somebody needs, and give it to them."""
        if feed is self._now:
            self._hand_out_now(frame)
            return
        stills = self._stills.wanted and not self._now.is_open
        if not (self._clips.needs(frame.time_us) or self._clips.parked or stills):
            return
        if stills:
            self._stills.try_out(frame, feed.behind_us)
        masked = self._masking.apply(frame, feed.behind_us)
        if not self._now.is_open:
            self._stills.take(masked)
        if not self._board(masked):
            self._clips.take(masked, feed.backlog)

    def _hand_out_now(self, frame: Frame) -> None:
        feed, rides = self._now, self._clips.rides
        watched = self._live.needs(feed.behind_us)
        if not (rides or watched or self._stills.wanted):
            return
        self._stills.try_out(frame, feed.behind_us)
        masked = self._newest = self._masking.apply(frame, feed.behind_us)
        self._stills.take(masked)
        if not (rides or watched) or self._live.prepare(masked, thorough=self._clips.thorough) is None:
            return
        if rides:
            self._clips.take(masked, feed.backlog)
        if self._clips.rides:
            self._live.show()
        else:
            self._live.take(masked)
        if rides and self._clips.left_us is not None:
            self._past.open(self._clips.left_us)  # held until the next clip's order comes

    def _board(self, masked: Masked) -> bool:
        """Let the clip go on with what was encoded for the watchers, if it is level with that: this feed is done."""
        encoding = self._live.encoding
        if encoding is None or self._newest is None or not self._clips.wanted or self._adaptive:
            return False
        units = encoding.since(masked.time_us)
        if not units or not self._clips.ride(encoding, units, self._newest):
            return False
        for entry in self._past.up_to(self._now):
            if entry.kind == "sound":
                self._clips.take_sound(entry)
        self._past.close()
        return True

    def _mask_for_eyes(self, frame: Frame) -> Masked | None:
        try:
            return self._masking.apply(frame, self._past.behind_us)
        except BlockedError as error:
            self._block(error)
        except av.FFmpegError as error:
            _LOGGER.warning("A picture could not be looked at: %s", error)
        return None

    def _look_at(self, frame: Frame) -> None:
        self._guarded(self._past, lambda: self._masking.apply(frame, self._past.behind_us))

    def _guarded(self, feed: Feed, work: Callable[[], object]) -> None:
        """Do one step; a picture that can't be masked blocks. What FFmpeg can't do ends no clip by itself."""
        try:
            work()
        except BlockedError as error:
            self._block(error)
        except av.FFmpegError as error:
            self._cannot(feed, error)

    def _cannot(self, feed: Feed, error: av.FFmpegError) -> None:
        feed.forget()
        _LOGGER.warning("A picture could not be processed: %s", error)

    def _block(self, error: BlockedError) -> None:
        self._health.block(error)
        self._clips.end("geometry")
        self._close()
