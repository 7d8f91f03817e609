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
from dataclasses import dataclass, replace
from functools import partial

import av

from . import faults
from .clip_writer import ClipWriter
from .decode import Decoder, Frame
from .faults import BlockedError
from .mask import Mask
from .memory import give_back
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
    StillFailed,
    StillTaken,
    TakeStill,
)
from .ring import Cursor, Entry, Ring
from .still import jpeg

GLANCE_SECONDS = 60.0
GLANCE_BLOCKED_SECONDS = 5.0
GLANCE_UNDECODABLE_SECONDS = 2.0
UNDECODABLE_GLANCES = 4
"""Keyframes in a row that can't be decoded, before the stream is called garbled."""
STILL_LINGER_SECONDS = 3.0
"""Stills are often asked for in a row: frames go on being decoded for this long after the last one."""
STILL_TIMEOUT_SECONDS = 8.0
PARK_SECONDS = 10.0
"""How long the first frame after a full clip waits for the grant of the next."""
_CAUGHT_UP_US = 700_000
_OVERDUE_US = 3_000_000
_WAIT_SECONDS = 0.25
_IDLE_SECONDS = 1.0

_LOGGER = logging.getLogger(__name__)

type Command = StartClip | ExtendClip | TakeStill


@dataclass(slots=True)
class _Asked:
    request: TakeStill
    deadline: float


class Session:
    """Transcodes one camera. `send` and `finish` must be thread safe; `finish` gets the grant of an ended clip."""

    def __init__(
        self,
        configure: Configure,
        mask: Mask,
        ring: Ring,
        encoders: tuple[str, ...],
        send: Callable[[Message], None],
        finish: Callable[[StartClip], None],
    ) -> None:
        self._configure = configure
        self._mask = mask
        self._ring = ring
        self._encoders = encoders
        self._send = send
        self._finish = finish
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._source = Status(state="connecting")
        self._sent: Status | None = None
        self._blocked: BlockedError | None = None
        self._status_lock = threading.Lock()
        self._lost = threading.Event()
        self._cursor: Cursor | None = None
        self._decoder: Decoder | None = None
        self._epoch = -1
        self._clip: ClipWriter | None = None
        self._parked: list[Frame] = []
        self._parked_until = 0.0
        self._asked: list[_Asked] = []
        self._linger_until = 0.0
        self._glance_at = 0.0
        self._undecodable = 0
        """Glances in a row that no picture came of."""
        self._latest: tuple[av.VideoFrame, int] | None = None
        self.decoded = 0
        self.encoded = 0
        self.lag_us = 0
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
        with self._status_lock:
            self._source = status
        if status.state == "streaming":
            self._glance_at = 0.0
        self._report()

    def source_lost(self, _cause: str) -> None:
        """Note that no more pictures come: the running clip ends once the ring is drained."""
        self._lost.set()

    # --- the thread ---

    def _run(self) -> None:
        while self._take_commands():
            if self._clip is None and not self._wants_stills():
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
        while True:
            try:
                command = self._commands.get(block=wait, timeout=_IDLE_SECONDS if self._glance_at else _WAIT_SECONDS)
            except queue.Empty:
                return True
            wait = False
            match command:
                case None:
                    return False
                case StartClip():
                    self._start_clip(command)
                case ExtendClip():
                    if self._clip is not None and self._clip.grant.clip_id == command.clip_id:
                        self._clip.until_us = command.until_us
                case TakeStill():
                    self._asked.append(_Asked(command, time.monotonic() + STILL_TIMEOUT_SECONDS))

    def _wants_stills(self) -> bool:
        return bool(self._asked) or time.monotonic() < self._linger_until

    # --- frames in ---

    def _advance(self) -> None:
        """Take the next packet through decoder and mask to the consumers."""
        if self._cursor is None:
            self._open_cursor()
        if self._parked and self._clip is None:
            # What follows waits in the ring for the next clip; stills show what was seen last.
            if self._asked:
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
            self._send(GapClosed(from_us=dropped[0], to_us=dropped[1], cause=faults.OVERLOAD))
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
        if clip is not None and clip.until_us is not None and time.time_ns() // 1000 > clip.until_us + _OVERDUE_US:
            self._end_clip("until")

    def _open_cursor(self) -> None:
        clip = self._clip
        self._cursor = self._ring.latest() if clip is None else self._ring.cursor(clip.grant.from_us)
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
                self._clip.add_audio(bytes(entry.packet), entry.time_us)
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
        """Do one step; a picture that can't be masked blocks, a clip that can't be written fails."""
        try:
            step()
        except BlockedError as error:
            self._block(error)
        except (OSError, av.FFmpegError) as error:
            self._fail_clip(error)

    # --- frames out ---

    def _consume(self, frame: Frame) -> None:
        clip = self._clip
        if clip is None and self._parked:
            self._parked.append(frame)
            return
        if clip is not None and clip.start_us is None and frame.time_us < clip.grant.from_us and not self._asked:
            return
        picture = self._mask.apply(frame.picture, frame.display_matrix)
        self._unblock()
        behind_us = self._cursor.behind_us if self._cursor else 0
        self._latest = (picture, frame.time_us)
        if clip is not None and frame.time_us >= clip.grant.from_us:
            self._record(clip, frame, picture, behind_us)
        if self._asked and behind_us <= _CAUGHT_UP_US:
            self._answer_stills()

    def _record(self, clip: ClipWriter, frame: Frame, picture: av.VideoFrame, behind_us: int) -> None:
        start_us = clip.start_us
        if clip.until_us is not None and frame.time_us >= clip.until_us:
            self._end_clip("until", frame)
        elif start_us is not None and clip.size != (picture.width, picture.height):
            self._end_clip("geometry", frame)
        elif start_us is not None and frame.time_us - start_us >= self._configure.max_length_us:
            self._end_clip("max_length", frame)
        else:
            self.lag_us = behind_us
            before = clip.encoded
            if clip.add(picture, frame.time_us, behind_us):
                size = clip.size or (0, 0)
                self._send(
                    ClipStarted(clip_id=clip.grant.clip_id, start_us=frame.time_us, width=size[0], height=size[1])
                )
            self.encoded += clip.encoded - before

    # --- the clip ---

    def _start_clip(self, grant: StartClip) -> None:
        if self._clip is not None:
            self._send(ClipFailed(clip_id=grant.clip_id, key=faults.ENCODER_FAILED, detail="a clip is running already"))
            return
        if not self._encoders:
            self._send(ClipFailed(clip_id=grant.clip_id, key=faults.NO_ENCODER))
            return
        info = self._ring.info
        self._clip = ClipWriter(
            grant,
            encoder=self._encoders[0],
            source_codec=info.codec_name if info else "",
            audio=info.audio if info else None,
            thumbnail_us=grant.from_us + self._configure.pre_roll_us + 500_000,
        )
        continues = bool(self._parked) and self._parked[0].time_us == grant.from_us
        if not continues:
            self._close_cursor()

    def _end_clip(self, reason: str, first_after: Frame | None = None) -> None:
        clip, self._clip = self._clip, None
        if clip is None:
            return
        next_us = first_after.time_us if first_after else (clip.last_us or clip.grant.from_us) + 1
        recorded = False
        try:
            recorded = clip.end(reason, first_after.time_us if first_after else None)
        except (OSError, av.FFmpegError) as error:
            self._clip = clip
            self._fail_clip(error)
            return
        if first_after is not None and reason != "until":
            self._parked = [first_after]
            self._parked_until = time.monotonic() + PARK_SECONDS
            self._linger_until = max(self._linger_until, self._parked_until)
        self._send(ClipEnded(clip_id=clip.grant.clip_id, reason=reason, next_from_us=next_us))
        if recorded:
            self._finish(clip.grant)
        else:
            self._send(ClipFailed(clip_id=clip.grant.clip_id, key=faults.NOTHING_RECORDED, detail=reason))

    def _fail_clip(self, error: Exception) -> None:
        clip, self._clip = self._clip, None
        if clip is None:
            _LOGGER.warning("A picture could not be processed: %s", error)
            return
        clip.abandon()
        if not isinstance(error, OSError) and len(self._encoders) > 1:
            # Hardware that passed its trial and fails now: the next clip takes the next encoder.
            _LOGGER.warning("The encoder %s failed and isn't used any more: %s", self._encoders[0], error)
            self._encoders = self._encoders[1:]
        key = faults.of_os_error(error) if isinstance(error, OSError) else faults.ENCODER_FAILED
        next_us = (clip.last_us or clip.grant.from_us) + 1
        self._send(ClipEnded(clip_id=clip.grant.clip_id, reason="failed", next_from_us=next_us))
        self._send(
            ClipFailed(clip_id=clip.grant.clip_id, key=key, detail=str(error), spool_usable=clip.start_us is not None)
        )

    # --- stills ---

    def _answer_stills(self) -> None:
        if self._latest is None:
            return
        picture, time_us = self._latest
        asked, self._asked = self._asked, []
        geometry = self._mask.geometry
        for item in asked:
            image = jpeg(picture, item.request.max_width, grid=item.request.grid)
            self._send(
                StillTaken(
                    request_id=item.request.request_id,
                    time_us=time_us,
                    width=geometry.width if geometry else picture.width,
                    height=geometry.height if geometry else picture.height,
                    image=image,
                )
            )
        self._linger_until = max(self._linger_until, time.monotonic() + STILL_LINGER_SECONDS)

    def _expire_stills(self) -> None:
        """Give up on stills that no picture came for; a lagging clip answers with what it has."""
        if not self._asked:
            return
        now = time.monotonic()
        if (
            self._latest is not None
            and self._clip is not None
            and any(now > item.deadline - STILL_TIMEOUT_SECONDS + 2 for item in self._asked)
        ):
            self._answer_stills()
            return
        due = [item for item in self._asked if self._blocked is not None or now > item.deadline]
        if not due:
            return
        self._asked = [item for item in self._asked if item not in due]
        status = self._current()
        for item in due:
            key = status.key or faults.SOURCE_STALLED
            self._send(StillFailed(request_id=item.request.request_id, key=key, detail=status.detail))

    # --- knowing that the mask fits ---

    def _glance(self) -> None:
        """Decode one keyframe now and then: tells the geometry at once, and blocks before a clip would."""
        now = time.monotonic()
        if now < self._glance_at or self._source.state != "streaming":
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
        self._glance_at = now + (GLANCE_BLOCKED_SECONDS if self._blocked else GLANCE_SECONDS)

        def look() -> None:
            decoder = Decoder(entry.info)
            frames = (*decoder.decode(entry), *decoder.flush())
            self._undecodable = 0 if frames else self._undecodable + 1
            for frame in frames:
                self._mask.apply(frame.picture, frame.display_matrix)
                self._unblock()

        self._guarded(look)
        give_back()
        if self._blocked is not None or self._undecodable:
            self._glance_at = now + (GLANCE_BLOCKED_SECONDS if self._blocked else GLANCE_UNDECODABLE_SECONDS)
        if self._undecodable in {0, UNDECODABLE_GLANCES}:
            self._report()

    def _block(self, error: BlockedError) -> None:
        self._latest = None
        self._parked = []
        self._decoder = None
        self._blocked = error
        self._end_clip("geometry")
        self._close_cursor()
        self._report()

    def _unblock(self) -> None:
        if self._blocked is not None or self._sent is None or self._sent.width == 0:
            self._blocked = None
            self._report()

    def _current(self) -> Status:
        with self._status_lock:
            status = self._source
        geometry = self._mask.geometry
        if status.state == "streaming":
            if self._blocked is not None:
                key, detail = self._blocked.key, self._blocked.placeholders.get("detail", "")
                return replace(status, state="blocked", key=key, detail=detail)
            if self._undecodable >= UNDECODABLE_GLANCES:
                return replace(status, state="reconnecting", key=faults.SOURCE_GARBLED)
            if geometry is None:
                return replace(status, state="connecting")
            return replace(status, width=geometry.width, height=geometry.height)
        return status

    def _report(self) -> None:
        status = self._current()
        with self._status_lock:
            if status == self._sent:
                return
            self._sent = status
        self._send(status)
