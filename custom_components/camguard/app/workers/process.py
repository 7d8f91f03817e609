"""Keeps one camera's worker process running and talks to it over its pipe (worker/protocol/).

Knows how to start, feed, watch, stop and restart a process. What events mean is its owner's business.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...domain.errors import WorkerError
from ...domain.settings import MotionSettings
from ...domain.zones import Zone, zones_to_pairs
from ...worker import faults, protocol
from ...worker.protocol import (
    BEAT_SECONDS,
    EXIT_TOO_LARGE,
    PREFIX,
    PROTOCOL_VERSION,
    Beat,
    BeatEvery,
    ClipFailed,
    Configure,
    Hello,
    LiveBytes,
    Message,
    Reconnect,
    SourceNeeded,
    SpoolPart,
    SpoolSent,
    StartClip,
    StillFailed,
    StillTaken,
    Stop,
    TakeStill,
    TellTime,
)
from ...worker.redact import redact
from ..ports import RunBlocking, Source
from .feeding import STILL_INTERVAL_SECONDS, Feeding
from .live_door import LiveDoor
from .live_relay import LiveRelay
from .place import BEAT_AWAY_SECONDS, HERE, Place, order_for_away
from .received_spools import ReceivedSpools
from .shipment import shipment

HELLO_SECONDS = 30.0
SILENCE_AWAY_SECONDS = 4.0
"""… or its line is broken, on another machine."""
SILENCE_SECONDS = 4.0 * BEAT_SECONDS
"""A worker that hasn't said anything for this long hangs."""
RETRY_MAX_SECONDS = 60.0
STEADY_SECONDS = 60.0
STOP_SECONDS = 20.0
"""A clip in hand is finished within this; what isn't becomes a recovered clip at the next start."""
TERMINATE_SECONDS = 5.0
LAST_WORDS_SECONDS = 0.5  # for what a process that ends still has to say of why
STILL_SECONDS = 12.0
_STDERR_LINES = 30
_LINE_CHARACTERS = 500

_LOGGER = logging.getLogger(__name__)

type Choose = Callable[[Place | None], Place]
"""Says at each start where a process is to run, given the place where it has just failed, if that was its fault."""


class WorkerProcess:
    """One worker, restarted for ever until `stop`. All methods belong to the event loop."""

    def __init__(
        self,
        configure: Configure | None,
        source: Source | None,
        *,
        on_event: Callable[[Message], None],
        on_lost: Callable[[], None],
        still_s: float = STILL_INTERVAL_SECONDS,
        live: bool = False,
        choose: Choose | None = None,
        run_blocking: RunBlocking = asyncio.to_thread,
    ) -> None:
        """`configure` and `source` are None for a worker that only finishes spools.

        `still_s`: how often a camera without a stream is asked for a picture while nothing is recorded.
        `live`: whether the masked stream is served, from now on until `stop`; raises OSError when that can't be.
        `choose`: where it runs; None: on this machine.
        """
        self.hello: Hello | None = None
        self.beat: Beat | None = None
        self.restarts = 0
        self.loss = faults.WORKER_LOST
        """Why the last one ended, a key of faults."""
        self.stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        """Its last lines, credentials removed."""
        self._configure = configure
        self._name = configure.camera_id if configure else "(finisher)"
        self._on_event = on_event
        self._on_lost = on_lost
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._feeding = Feeding(source, still_s, self.send) if source is not None else None
        self._door = LiveDoor() if live else None
        self._relay: LiveRelay | None = None
        """What brings the masked stream here from another machine."""
        self._wanted = self._urgent = False
        self._stopping = asyncio.Event()
        self._heard = False
        self._choose = choose
        self.only_here = False
        """Whether its stream can't be had on the machine that was chosen for it."""
        self._place = HERE
        self._failed: Place | None = None
        self._moving = False
        self._run_blocking: RunBlocking = run_blocking
        self._spool_paths: dict[str, Path] = {}
        self._spools = ReceivedSpools(self._spool_paths.__getitem__, run_blocking, self.send)
        self._aside: set[asyncio.Task[None]] = set()
        self._stills: dict[int, asyncio.Future[StillTaken]] = {}
        self._next_request = 0

    @property
    def running(self) -> bool:
        """Whether a process is there and has said hello."""
        return self._process is not None and self._process.returncode is None and self.hello is not None

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return self._process.pid if self._process else None

    @property
    def live_url(self) -> str | None:
        """Where the masked stream is to be had; None where there is none."""
        return self._door.url if self._door is not None else None

    @property
    def of_stills(self) -> bool:
        """Whether the source has no stream: its entity is asked for one picture after the other."""
        return self._feeding is not None and self._feeding.of_stills

    def start(self) -> None:
        """Start the process and keep it running."""
        self._task = asyncio.get_running_loop().create_task(self._supervise(), name=f"camguard {self._name}")

    async def stop(self) -> None:
        """Let the worker finish what it has in hand, then end it, by force if need be."""
        self._stopping.set()
        if self._door is not None:
            self._door.close()
        process = self._process
        if process is not None and process.returncode is None:
            self.send(Stop())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
        if self._task is not None:
            if process is None or process.returncode is None:
                self._task.cancel()
            # The reader sees the end of the pipe only after the last event has been taken in. `wait` leaves the task's
            # own end to itself: to suppress CancelledError would take in that whoever called this was cancelled, too.
            await asyncio.wait([self._task], timeout=TERMINATE_SECONDS * 3)
            self._task.cancel()

    @property
    def place(self) -> Place:
        """Where it runs, or ran last."""
        return self._place

    def move(self) -> None:
        """Finish what is in hand, and go on where it is chosen to run now."""
        if self.running and not self._moving:
            self._moving = True
            self.send(Stop())

    def send(self, message: Message) -> bool:
        """Send a command; False when there is no worker to take it."""
        process = self._process
        if process is None or process.returncode is not None or process.stdin is None or process.stdin.is_closing():
            return False
        if isinstance(message, StartClip) and self._place.is_away:
            self._spool_paths[message.clip_id] = Path(message.spool_path)
            message = order_for_away(message)
        process.stdin.write(protocol.encode(message))
        return True

    def want(self, wanted: bool, *, urgent: bool) -> None:
        """Say whether pictures are to be recorded now; `urgent`: and the source is to be tried every second."""
        changed = (wanted, urgent) != (self._wanted, self._urgent)
        self._wanted = wanted
        if urgent != self._urgent:
            self._urgent = urgent
            self.send(Reconnect(urgent=urgent))
        if changed and self._feeding is not None:
            self._feeding.want(wanted)

    def reconnect(self) -> None:
        """Try the source at once, if there is no connection: it has changed."""
        self.send(Reconnect(urgent=self._urgent))

    async def take_still(
        self,
        max_width: int = 0,
        *,
        grid: bool = False,
        trial_zones: tuple[Zone, ...] | None = None,
        sight: MotionSettings | None = None,
    ) -> StillTaken:
        """Return the current picture, masked with the camera's zones or those that somebody tries out.

        `sight`: with what the eyes would see, set like that. Raises WorkerError with the reason when there is none.
        """
        self._next_request += 1
        request_id = self._next_request
        future: asyncio.Future[StillTaken] = asyncio.get_running_loop().create_future()
        self._stills[request_id] = future
        try:
            request = TakeStill(
                request_id=request_id,
                max_width=max_width,
                grid=grid,
                trial_zones=None if trial_zones is None else zones_to_pairs(trial_zones),
                sight=None if sight is None else (sight.sensitivity / 100, sight.least_height / 100),
                leave_out=() if sight is None else zones_to_pairs(sight.leave_out),
            )
            if not self.running or not self.send(request):
                raise WorkerError(faults.WORKER_LOST)
            async with asyncio.timeout(STILL_SECONDS):
                return await future
        except TimeoutError:
            raise WorkerError(faults.SOURCE_STALLED) from None
        finally:
            self._stills.pop(request_id, None)

    # --- supervision ---

    async def _supervise(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            began_at = time.monotonic()
            try:
                await self._run()
            except (OSError, WorkerError) as error:
                self.stderr.append(redact(str(error)))
            except Exception:  # a fault of ours in taking in what it says: the next worker may fare better
                _LOGGER.exception("The worker of camera %s is started anew", self._name)
            finally:
                await self._clean_up()
            if self._stopping.is_set():
                return
            if self._moving:
                self._moving, self.loss = False, faults.WORKER_MOVED
                self._on_lost()
                continue
            self.restarts += 1
            attempt = 1 if time.monotonic() - began_at > STEADY_SECONDS else attempt + 1
            if attempt in {1, 5}:
                _LOGGER.warning(
                    "The worker of camera %s ended and is started again%s",
                    self._name,
                    f": {self.stderr[-1]}" if self.stderr else "",
                )
            self._on_lost()
            delay = min(2.0 ** (attempt - 1), RETRY_MAX_SECONDS)
            if self._place.is_away and attempt == 1:
                continue  # it goes on elsewhere, or there again: each second is a gap
            await asyncio.sleep(delay * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries

    async def _run(self) -> None:
        """Start the process and take in its events until it ends."""
        place = HERE if self._choose is None or self.only_here else self._choose(self._failed)
        door = None if place.is_away else self._door
        program = await self._run_blocking(shipment) if place.is_away else b""
        process = await asyncio.create_subprocess_exec(
            *place.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=place.environment,
            start_new_session=True,
            pass_fds=(door.descriptor,) if door is not None else (),
        )
        self._process, self._place = process, place
        assert process.stdout is not None
        assert process.stderr is not None
        self._heard = True
        if place.is_away:
            assert process.stdin is not None
            process.stdin.write(program)
            self.send(BeatEvery(seconds=BEAT_AWAY_SECONDS))
        else:
            await self._begin()
        loop = asyncio.get_running_loop()
        beside = [loop.create_task(self._keep_stderr(process.stderr)), loop.create_task(self._watch(process))]
        try:
            await self._read(process.stdout)
            await asyncio.wait(beside[:1], timeout=LAST_WORDS_SECONDS)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _begin(self) -> None:
        """Tell a worker that listens what to guard; to one on another machine, what time it is first."""
        away, door = self._place.is_away, self._door
        if away:
            self.send(TellTime(now_us=time.time_ns() // 1000))
        if self._configure is not None:
            live = (-1 if away else door.descriptor, door.token) if door is not None else (-1, "")
            self.send(replace(self._configure, remote=away, live_descriptor=live[0], live_token=live[1]))
            if away and door is not None:
                self._relay = LiveRelay(door, self.send)
                await self._relay.start()
            if self._urgent:
                self.send(Reconnect(urgent=True))

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                header_bytes, body_bytes = protocol.prefix(await stream.readexactly(PREFIX.size))
                data = await stream.readexactly(header_bytes + body_bytes)
            except asyncio.IncompleteReadError:
                return
            await self._spools.room()
            event = protocol.decode(data[:header_bytes], data[header_bytes:])
            if (
                isinstance(event, Hello)
                and event.protocol == PROTOCOL_VERSION
                and self._place.is_away
                and not self.hello
            ):
                await self._begin()
            self._take(event)

    def _take(self, event: Message) -> None:
        match event:
            case Hello():
                if event.protocol != PROTOCOL_VERSION:
                    raise WorkerError("protocol_error", detail="version")
                self.hello = event
                self._heard = True
            case LiveBytes():
                if self._relay is not None:
                    self._relay.take(event)
                return
            case Beat():
                # Other events aren't: they come from threads that may go on while another hangs.
                self.beat = event
                self._heard = True
                if self._place.is_away:
                    self.send(TellTime(now_us=time.time_ns() // 1000))
            case SpoolPart() | SpoolSent() if event.clip_id not in self._spool_paths:
                raise WorkerError("protocol_error", detail="another clip")
            case SpoolPart():
                self._spools.take(event)
                return
            case SpoolSent() | ClipFailed() if self._place.is_away:
                self._start_aside(self._pass_on(event))
                return
            case SourceNeeded() if self._feeding is not None:
                self._feeding.begin(self._stay_here if self._place.is_away else None)
            case StillTaken() if (future := self._stills.get(event.request_id)) is not None and not future.done():
                future.set_result(event)
            case StillFailed() if (future := self._stills.get(event.request_id)) is not None and not future.done():
                future.set_exception(WorkerError(event.key, detail=event.detail))
            case _:
                pass
        self._on_event(event)

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Kill a worker that says nothing any more; looks are counted, in which our own loop runs."""
        away, missed = self._place.is_away, 0
        beat_s, silence_s = (BEAT_AWAY_SECONDS, SILENCE_AWAY_SECONDS) if away else (BEAT_SECONDS, SILENCE_SECONDS)
        while True:
            await asyncio.sleep(beat_s)
            missed, self._heard = 0 if self._heard else missed + 1, False
            if missed * beat_s >= (silence_s if self.hello else HELLO_SECONDS):
                self.stderr.append("silent for too long: killed")
                with contextlib.suppress(ProcessLookupError):
                    process.kill()

    async def _keep_stderr(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # longer than the reader's limit
                continue
            if not line:
                return
            text = redact(line.decode(errors="replace").rstrip())[:_LINE_CHARACTERS]
            self.stderr.append("".join(sign if sign.isprintable() else "�" for sign in text))

    async def _clean_up(self) -> None:
        process, self._process = self._process, None
        self._failed = self._place if self._place.is_away and not self._moving else None
        self.hello = None
        self.beat = None
        if self._feeding is not None:
            self._feeding.stop()
        if self._relay is not None:
            self._relay.stop()
            self._relay = None
        for future in self._stills.values():
            if not future.done():
                future.set_exception(WorkerError(faults.WORKER_LOST))
        await self._spools.close()
        self._spool_paths.clear()
        if process is None:
            return
        for end, seconds in ((None, 1.0), (process.terminate, TERMINATE_SECONDS), (process.kill, TERMINATE_SECONDS)):
            if end is not None:
                with contextlib.suppress(ProcessLookupError):
                    end()
            with contextlib.suppress(TimeoutError):
                code = await asyncio.wait_for(process.wait(), seconds)
                lost = faults.HOST_LOST if self._place.is_away else faults.WORKER_LOST
                self.loss = faults.WORKER_TOO_LARGE if code == EXIT_TOO_LARGE else lost
                return

    def _stay_here(self) -> None:
        self.only_here = True
        self.move()

    async def _pass_on(self, event: SpoolSent | ClipFailed) -> None:
        """Tell of a clip's end once all that was sent of its spool is written."""
        await self._spools.done(event.clip_id)
        self._spool_paths.pop(event.clip_id, None)
        self._on_event(event)

    def _start_aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"camguard {self._name}")
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)
