"""The worker's process: reads commands, wires source, ring and session together, and exits when told or orphaned.

Standard output belongs to the protocol: descriptor 1 is moved away before any library could print to it.
"""

import contextlib
import logging
import os
import platform
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Never

import av
import numpy as np

from ..domain.errors import CamguardError, IntegrityError, InvalidError, WorkerError
from ..domain.storage_faults import storage_fault
from ..domain.zones import Geometry, parse_zones
from ..vault.sealed import Identity, Recipient
from . import faults, protocol
from .away.capacity import Capacity, Room
from .away.line import Line
from .away.live_relay import LiveRelay
from .away.told_clock import ToldClock
from .clip import mux, proof
from .clip.cut import cut
from .clock import Clock
from .eyes.watch import LATE_US
from .input.ring import Ring
from .input.source import Source
from .limits import confine
from .memory import RING_LEAST_BYTES, most_bytes, private_bytes
from .picture.encode import available_encoders
from .picture.mask import Mask
from .protocol import (
    BEAT_SECONDS,
    EXIT_TOO_LARGE,
    PROTOCOL_VERSION,
    Allow,
    Beat,
    BeatEvery,
    CheckSpool,
    ClipFailed,
    CompareView,
    Configure,
    Connect,
    CutClip,
    ExtendClip,
    FinishSpool,
    GapClosed,
    Hello,
    LiveBytes,
    Message,
    Reconnect,
    SourceNeeded,
    SpoolChecked,
    SpoolRefused,
    SpoolSent,
    StartClip,
    Status,
    Still,
    Stop,
    TakeStill,
    TellTime,
)
from .pulse import Pulse
from .redact import redact
from .session import Session

FINISH_STUCK_SECONDS = 300.0
"""A long clip is synced at once, and a slow network storage takes its time."""

EXIT_FAILED = 3
"""A thread failed for a reason nobody foresaw."""
EXIT_STUCK = 4
"""A thread hangs."""

_LOGGER = logging.getLogger(__name__)

type Job = Callable[[], None]


class Outlet:
    """The one writer of events. When Home Assistant is gone there is nobody to tell; the reader sees that too."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Write one event, from any thread."""
        with self._lock, contextlib.suppress(BrokenPipeError, ValueError):
            protocol.write(self._stream, message)


class Worker:
    """Carries out commands until Stop or end of file."""

    def __init__(self, stdin: BinaryIO, stdout: BinaryIO) -> None:
        self._stdin = stdin
        self._outlet = Outlet(stdout)
        self._send = self._outlet.send
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._finishing = Pulse(FINISH_STUCK_SECONDS)
        self._finisher = threading.Thread(target=self._run_jobs, name="finisher", daemon=True)
        self._stopping = threading.Event()
        self._line = Line(self._stopping)
        self._relay: LiveRelay | None = None
        self._configure: Configure | None = None
        self._clock: Clock | None = None
        self._ring: Ring | None = None
        self._source: Source | None = None
        self._session: Session | None = None
        self._encoders: tuple[str, ...] = ()
        self._told = ToldClock()
        self._beat_s: float = BEAT_SECONDS
        self._beat_now = threading.Event()
        self._orphaned = False
        """Home Assistant is gone: spools are closed, its next start makes clips of them."""

    def run(self) -> None:
        """Work; returns after Stop once everything in hand is finished, or soon after end of file."""
        self._encoders = available_encoders()
        self._send(
            Hello(
                protocol=PROTOCOL_VERSION,
                pid=os.getpid(),
                versions={
                    "python": platform.python_version(),
                    "av": av.__version__,
                    "ffmpeg": av.ffmpeg_version_info,
                    "numpy": np.__version__,
                },
                encoders=self._encoders,
            )
        )
        self._finisher.start()
        threading.Thread(target=self._beat, name="beat", daemon=True).start()
        orderly = False
        while (command := protocol.read(self._stdin)) is not None:
            if isinstance(command, Stop):
                orderly = True
                break
            self._carry_out(command)
        self._orphaned = not orderly
        self._stopping.set()
        if self._source is not None:
            self._source.stop()
        if self._session is not None:
            self._session.stop()
        if orderly:
            self._jobs.put(None)
            self._finisher.join()

    def _carry_out(self, command: Message) -> None:
        match command:
            case Configure():
                self._start(command)
            case Connect() if self._source is not None:
                self._source.supply(command)
            case Allow():
                if self._ring is not None and self._session is not None:  # else nothing is watched, zones can't be read
                    self._ring.bound(command.ring_max_bytes)
                    self._session.command(command)
            case CompareView():
                if self._session is not None:
                    self._session.command(command)
            case TellTime():
                self._told.tell(command.now_us)
                self._line.heard()
            case BeatEvery():
                self._beat_s = max(command.seconds, 0.1)
                self._beat_now.set()
                self._line.watch()
            case LiveBytes():
                if self._relay is not None:
                    self._relay.take(command)
            case SpoolRefused():
                if self._session is not None:
                    self._session.refuse_spool(command.clip_id, command.number)
            case Reconnect() if self._source is not None:
                self._source.reconnect(urgent=command.urgent)
            case Still() if self._source is not None:
                self._source.push(command)
            case StartClip() | ExtendClip() | TakeStill() if self._session is not None:
                self._session.command(command)
            case FinishSpool():
                self._jobs.put(lambda: self._finish(command))
            case CutClip():
                self._jobs.put(lambda: self._cut(command))
            case CheckSpool():
                self._jobs.put(lambda: self._check(command))
            case _:
                raise WorkerError("protocol_error", detail=type(command).__name__)

    def _start(self, configure: Configure) -> None:
        if configure.protocol != PROTOCOL_VERSION or self._configure is not None:
            raise WorkerError("protocol_error", detail="version")
        self._configure = configure
        if configure.remote and configure.live_token:
            self._relay = LiveRelay(self._send)
            configure = replace(configure, live_descriptor=self._relay.detach())
        try:
            zones = parse_zones([{"name": name, "points": points} for name, points in configure.zones])
        except InvalidError as error:
            # Fail closed: without readable zones the source isn't even opened (invariant 2).
            self._send(Status(state="blocked", key=faults.ZONES_UNREADABLE, detail=error.key))
            return
        reference = (
            Geometry(width=configure.reference[0], height=configure.reference[1]) if configure.reference else None
        )
        clock = Clock(self._told.wall_us) if configure.remote else Clock()
        looks_back_us = LATE_US if configure.motion else 0
        ring = Ring(configure.pre_roll_us + looks_back_us, configure.ring_max_bytes)
        session = Session(
            configure,
            Mask(zones, reference),
            ring,
            clock,
            self._encoders,
            self._send,
            self._finish_later,
        )
        source = Source(
            ring,
            on_status=session.source_status,
            on_needed=lambda attempt: self._send(SourceNeeded(attempt=attempt)),
            on_gap=lambda from_us, to_us, cause: self._send(GapClosed(from_us=from_us, to_us=to_us, cause=cause)),
            on_lost=session.source_lost,
            record_audio=configure.record_audio,
            clock=clock,
        )
        self._clock, self._ring, self._session, self._source = clock, ring, session, source
        session.start()
        source.start()

    # --- jobs: one after the other, beside the session ---

    def _run_jobs(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._finishing.turn()
            job()
            self._finishing.rest()

    def _finish_later(self, order: StartClip) -> None:
        if self._configure is not None and self._configure.remote:
            self._send(SpoolSent(clip_id=order.clip_id))
        elif not self._orphaned:
            self._jobs.put(lambda: self._finish(order))

    def _finish(self, order: StartClip | FinishSpool) -> None:
        spool_path = Path(order.spool_path)
        try:
            finished = mux.finish(
                spool_path=spool_path,
                spool=Identity.from_text(order.spool_secret),
                clip_path=Path(order.clip_path),
                thumbnail_path=Path(order.thumbnail_path),
                recipient=Recipient.from_text(order.recipient),
                on_chunk=self._finishing.turn,
            )
        except IntegrityError as error:
            self._send(ClipFailed(clip_id=order.clip_id, key=faults.SPOOL_UNREADABLE, detail=str(error)))
        except WorkerError as error:
            self._send(
                ClipFailed(
                    clip_id=order.clip_id,
                    key=error.key,
                    detail=error.placeholders.get("detail", ""),
                    spool_usable=error.key != faults.NOTHING_RECORDED,
                    camera_id=error.placeholders.get("camera_id", ""),
                )
            )
        except OSError as error:
            # Granted, but never begun: the worker before died first. Were the disk away, the folder would be too.
            never_begun = isinstance(error, FileNotFoundError) and _is_missing(spool_path)
            key = faults.NOTHING_RECORDED if never_begun else storage_fault(error)
            self._send(
                ClipFailed(clip_id=order.clip_id, key=key, detail=redact(str(error)), spool_usable=not never_begun)
            )
        except av.FFmpegError as error:
            # What a muxer refuses today the next one may take: the footage is there.
            facts = {"key": faults.SPOOL_UNREADABLE, "detail": redact(str(error))}
            self._send(ClipFailed(clip_id=order.clip_id, **facts, spool_usable=True))
        else:
            self._send(finished)

    def _cut(self, order: CutClip) -> None:
        self._finishing.rest()  # in a worker of its own, whose owner has a time limit
        try:
            self._send(cut(order))
        except CamguardError as error:
            self._send(ClipFailed(clip_id=order.clip_id, key=error.key))
        except OSError as error:
            gone = isinstance(error, FileNotFoundError) and _is_missing(Path(order.clip_path))
            key = faults.CLIP_FILE_MISSING if gone else storage_fault(error)
            self._send(ClipFailed(clip_id=order.clip_id, key=key, detail=redact(str(error))))
        except av.FFmpegError as error:
            self._send(ClipFailed(clip_id=order.clip_id, key=faults.SPOOL_UNREADABLE, detail=redact(str(error))))

    def _check(self, order: CheckSpool) -> None:
        raw = self._configure.zones if self._configure else ()
        try:
            zones = parse_zones([{"name": name, "points": points} for name, points in raw])
            frames, detail = proof.check(
                Path(order.spool_path), Identity.from_text(order.spool_secret), zones, self._finishing.turn
            )
        except (CamguardError, OSError, av.FFmpegError) as error:
            frames, detail = 0, redact(str(error))
        self._send(SpoolChecked(clip_id=order.clip_id, frames=frames, masked=frames > 0 and not detail, detail=detail))

    # --- sign of life ---

    def _beat(self) -> Never:
        """Give signs of life until the process ends: what is in hand when it is to stop may take a while."""
        large, looked_at, capacity = 0, time.monotonic(), Capacity()
        while True:
            self._beat_now.wait(self._beat_s)
            self._beat_now.clear()
            if not self._stopping.is_set() and time.monotonic() - looked_at > BEAT_SECONDS - self._beat_s / 2:
                looked_at = time.monotonic()
                self._end_if_stuck()
            used = private_bytes()
            most = most_bytes(
                self._session.pixels if self._session else 0, self._ring.max_bytes if self._ring else RING_LEAST_BYTES
            )
            large = large + 1 if used > most else 0
            if large > 1:
                _LOGGER.error("The worker takes %s MB of memory, more than any stream needs", used // 1_000_000)
                sys.stderr.flush()
                os._exit(EXIT_TOO_LARGE)
            clock, ring, session, source = self._clock, self._ring, self._session, self._source
            newest_us = ring.newest_us if ring else None
            room = capacity.look() if self._configure is None else Room()
            self._send(
                Beat(
                    time_us=clock.era.utc(newest_us) if clock and newest_us is not None else 0,
                    ring_us=ring.span_us if ring else 0,
                    ring_bytes=ring.used_bytes if ring else 0,
                    lag_us=session.lag_us if session else 0,
                    packets=source.packets if source else 0,
                    decoded=session.decoded if session else 0,
                    encoded=session.encoded if session else 0,
                    private_bytes=used,
                    cpu_us=time.process_time_ns() // 1000,
                    watchers=session.watchers if session else 0,
                    live_lag_us=session.live_lag_us if session else 0,
                    cores=room.cores,
                    idle_cores=room.idle_cores,
                    free_bytes=room.free_bytes,
                )
            )

    def _end_if_stuck(self) -> None:
        """End the process when one of its threads hangs (in FFmpeg, most likely): Home Assistant starts a new one.

        When even this thread can't run, the silence is noticed by Home Assistant.
        """
        pulses = {"finisher": self._finishing}
        if self._session is not None and self._source is not None:
            pulses |= {"session": self._session.pulse, "source": self._source.pulse}
        stuck = [name for name, pulse in pulses.items() if pulse.stuck()]
        if stuck:
            _LOGGER.error("The %s hangs", " and the ".join(stuck))
            sys.stderr.flush()
            os._exit(EXIT_STUCK)


def _is_missing(path: Path) -> bool:
    """Whether there is no such file in a folder that is there."""
    try:
        path.lstat()
    except FileNotFoundError:
        return path.parent.is_dir()
    except OSError:
        pass
    return False


def _die(failure: threading.ExceptHookArgs) -> None:
    """End the process when a thread fails for a reason nobody foresaw: Home Assistant starts a new one."""
    _LOGGER.error("The thread %s failed", failure.thread and failure.thread.name, exc_info=failure.exc_value)
    sys.stderr.flush()
    os._exit(EXIT_FAILED)


def main() -> None:
    """Run the worker on this process's standard streams."""
    confine()
    stdout = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    av.logging.set_level(None)  # its lines hold URLs; errors come as exceptions, and are redacted
    threading.excepthook = _die
    code = 1
    try:
        Worker(sys.stdin.buffer, stdout).run()
        code = 0
    except CamguardError:
        _LOGGER.exception("The worker was told something it can't understand")
    finally:
        # Threads inside FFmpeg may wait for a dead camera for seconds yet; everything that matters is on disk.
        sys.stderr.flush()
        os._exit(code)
