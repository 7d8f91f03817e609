"""One guarded camera: decides when a clip begins, goes on and ends.

The worker says what it sees; this says what is wanted. A wish to record (`wish.py`) outlives clips, lost sources and
dead workers: as long as it holds, the next clip begins as soon as it can, and what was missed is written down
(`watch.py`, invariant 8). What ended goes to `intake.py`.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ...domain.clip import US_PER_SECOND, Clip, ClipId, Trigger, TriggerKind
from ...domain.errors import CamguardError, StorageError, WorkerError
from ...domain.ledger import Event
from ...domain.settings import CameraSettings, Mode, SiteSettings
from ...domain.zones import Geometry
from ...vault.clips.index import Totals
from ...vault.vault import Vault
from ...worker import faults
from ...worker.protocol import ClipEnded, ClipFailed, ClipFinished, ClipStarted, ExtendClip, GapClosed, Message, Status
from ..events import Change, ChangeKind, State
from ..ports import Clock, RunBlocking, Source
from ..workers.process import WorkerProcess
from .finalizing import Finalizing
from .gaps import GapTracker
from .order import configure_of, order_of
from .request import RecordingRequest

CLOCK_STEP_US = US_PER_SECOND
"""What is less is a clock being slewed."""
RETRY_SECONDS = 10.0
"""After a clip failed, the next one begins no sooner."""
START_SECONDS = 15.0
"""For a clip that was asked for to begin: a camera that was just set up, or is coming back, gets that long."""
SILENT_US = 600 * US_PER_SECOND
GAP_LOOK_SECONDS = 30.0
REFUSED_SECONDS = 60.0
"""An action that can't be served is told in the ledger no more often than that, for each reason."""
SETTLE_SECONDS = 10.0
"""At a stop, for what is being stored or noted. What isn't done by then is, at the next start."""
STILL_CACHE_SECONDS = 1.0

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class _Running:
    """The clip that the worker records (or is about to)."""

    clip_id: ClipId
    trigger: Trigger
    started: asyncio.Future[None]


class CameraRecorder:
    """The state machine of one camera. All methods belong to the event loop."""

    def __init__(
        self,
        camera: CameraSettings,
        site: SiteSettings,
        source: Source,
        *,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        notify: Callable[[Change], None],
        storage_fault: Callable[[], str],
        finish_later: Callable[[ClipId], None],
        unseen_since_us: int | None,
        armed: bool = True,
    ) -> None:
        """Make a camera that isn't started yet.

        `storage_fault` returns why nothing may be written now, or ""; `finish_later` takes spools that this camera's
        worker left behind; `unseen_since_us`: when it was watched last, None for a new camera.
        """
        self.camera = camera
        self.site = site
        self.status = Status(state="connecting")
        self.totals = Totals()
        self.last_clip: Clip | None = None
        self.armed = armed
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._notify = notify
        self._storage_fault = storage_fault
        self._worker = WorkerProcess(configure_of(camera), source, on_event=self._on_event, on_lost=self._on_lost)
        self._wish: RecordingRequest | None = None
        self._held_by: set[str] = set()
        self._running: _Running | None = None
        self._preparing = False
        self._starting: ClipId | None = None
        """The clip whose keys are being made."""
        self._intake = Finalizing(vault, clock, run_blocking, finish_later)
        self._recorded_until_us = 0
        self._watch = GapTracker(self._gap, unseen_since_us)
        self._gap_timer: asyncio.TimerHandle | None = None
        self._refused: dict[str, float] = {}
        self._retry_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._still: tuple[float, int, bytes] | None = None
        self._still_lock = asyncio.Lock()
        self._noting = asyncio.Lock()
        self._stopped = True

    # --- life ---

    def start(self) -> None:
        """Start the worker."""
        self._stopped = False
        self._worker.start()
        self._evaluate()

    async def stop(self) -> None:
        """End the clip in hand and the worker. What could not be finished is, at the next start."""
        self._stopped = True
        self._wish = None
        self._held_by.clear()
        for timer in (self._timer, self._gap_timer):
            if timer is not None:
                timer.cancel()
        await self._worker.stop()
        self._watch.stop(self._clock.now_us())
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SETTLE_SECONDS)
        self.status = Status(state="connecting")
        self._tell_state()

    # --- what others see ---

    @property
    def state(self) -> State:
        """What the worker sensor shows."""
        if self._stopped:
            return State.OFF
        if self.status.state == "blocked":
            return State.BLOCKED
        if self.recording:
            return State.RECORDING
        return State.STREAMING if self.status.state == "streaming" else State.RECONNECTING

    @property
    def reason(self) -> str:
        """Translation key of why the camera is blocked or reconnecting; empty otherwise."""
        if not self._stopped and not self._worker.running and self._worker.restarts:
            return faults.WORKER_LOST
        return self.status.key

    @property
    def recording(self) -> bool:
        """Whether frames go into a clip now."""
        running = self._running
        return running is not None and running.started.done() and not running.started.cancelled()

    @property
    def silent(self) -> bool:
        """Whether nothing has been seen for so long that somebody should look."""
        return not self._stopped and self._watch.away_us(self._clock.now_us()) >= SILENT_US

    @property
    def geometry(self) -> Geometry | None:
        """Size of the picture as shown, once it is known."""
        return Geometry(width=self.status.width, height=self.status.height) if self.status.width else None

    @property
    def worker(self) -> WorkerProcess:
        """The worker, for diagnostics."""
        return self._worker

    async def still(self, max_width: int = 0) -> bytes:
        """Return the current masked picture, JPEG; raises WorkerError. Askers within a second share one."""
        async with self._still_lock:
            if self._still is not None:
                taken_at, width, image = self._still
                if width == max_width and time.monotonic() - taken_at < STILL_CACHE_SECONDS:
                    return image
            taken = await self._worker.take_still(max_width)
            self._still = (time.monotonic(), max_width, taken.image)
            return taken.image

    # --- what is wanted ---

    def arm(self, armed: bool) -> None:
        """Allow recording, or end it; written down when that changes."""
        if armed != self.armed:
            self._note(Event.SETTINGS_CHANGED, {"camera_id": self.camera.camera_id, "armed": armed})
        self.armed = armed
        if not armed:
            self._held_by.clear()
            if self._wish is not None:
                self._wish.until_us = self._clock.now_us()
                self._extend()
        self._evaluate()
        self._tell_state()

    def trigger_on(self, entity_id: str) -> None:
        """Record from now (and the pre-roll before) for as long as this trigger holds, and the post-roll after."""
        if self.armed:
            self._want(Trigger(kind=TriggerKind.ENTITY, entity_id=entity_id), self._clock.now_us(), held_by=entity_id)

    def trigger_off(self, entity_id: str) -> None:
        """Let go of a trigger; the last one leaves the post-roll."""
        if entity_id not in self._held_by:
            return
        self._held_by.discard(entity_id)
        if not self._held_by and self._wish is not None:
            post_roll_us = self.camera.post_roll_s * US_PER_SECOND
            self._wish.until_us = max(self._wish.until_us, self._clock.now_us() + post_roll_us)
            self._extend()

    def trigger_pulse(self, entity_id: str) -> None:
        """Record around this moment: pre-roll before, post-roll after."""
        if self.armed:
            until_us = self._clock.now_us() + max(self.camera.post_roll_s, 1) * US_PER_SECOND
            self._want(Trigger(kind=TriggerKind.ENTITY, entity_id=entity_id), until_us)

    async def record(self, duration_s: float, reason: str | None) -> ClipId:
        """Record for `duration_s` from now (the pre-roll comes on top) and return the clip's id once it has begun.

        A clip that runs already is made to last as long. Raises WorkerError or StorageError with the reason when
        nothing can be recorded now; should the camera come back within the duration, the rest is recorded all the same.
        """
        if not self.armed:
            raise WorkerError("recording_off")
        if fault := self._storage_fault():
            self._refuse(fault)
            raise StorageError(fault, path=str(self.site.storage_path))
        if self._worker.hello is not None and not self._worker.hello.encoders:
            self._refuse(faults.NO_ENCODER)
            raise WorkerError(faults.NO_ENCODER)
        if self.state is State.OFF:
            raise WorkerError(faults.WORKER_LOST)
        self._retry_at = 0.0
        until_us = self._clock.now_us() + int(duration_s * US_PER_SECOND)
        self._want(Trigger(kind=TriggerKind.ACTION, reason=reason), until_us)
        if self.state is State.BLOCKED or self._watch.away_us(self._clock.now_us()) > START_SECONDS * US_PER_SECOND:
            raise WorkerError(self.reason or faults.SOURCE_UNAVAILABLE)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            running = self._running
            if running is None:
                if self._wish is None or (self._wish.reported and not self._preparing):
                    break
                await asyncio.sleep(0.02)
                continue
            await asyncio.wait([running.started], timeout=max(deadline - time.monotonic(), 0))
            if running.started.done() and not running.started.cancelled():
                return running.clip_id
            break
        raise WorkerError(self.reason or faults.NOTHING_RECORDED)

    @property
    def in_hand(self) -> frozenset[ClipId]:
        """The clips that are being recorded or finished."""
        begun = (self._starting, self._running.clip_id if self._running else None)
        return frozenset(self._intake.clip_ids | {clip_id for clip_id in begun if clip_id is not None})

    async def settle(self) -> None:
        """End the clip in hand, and wait for it to be stored; a wish that holds begins the next one at once."""
        waiting = self.in_hand
        if self._running is not None:
            self._worker.send(ExtendClip(clip_id=self._running.clip_id, until_us=0))
        for _ in range(int(SETTLE_SECONDS / 0.05)):
            if not waiting & self.in_hand:
                return
            await asyncio.sleep(0.05)

    def storage_changed(self) -> None:
        """Look again at whether there is room (called by the sweeper)."""
        if self._storage_fault() and self._running is not None:
            self._worker.send(ExtendClip(clip_id=self._running.clip_id, until_us=0))
        self._evaluate()

    def _want(self, trigger: Trigger, until_us: int, *, held_by: str | None = None) -> None:
        """Wish for a recording until then at least; `held_by`: and for as long as this trigger holds."""
        now_us = self._clock.now_us()
        wish = self._wish
        if wish is None or not self._holds(wish, now_us):
            # What the clip before holds isn't recorded twice.
            from_us = max(now_us - self.camera.pre_roll_s * US_PER_SECOND, min(self._recorded_until_us, now_us))
            self._wish = RecordingRequest(trigger, from_us, until_us, offset_us=self._offset_us())
        else:
            wish.until_us = max(wish.until_us, until_us)
        if held_by is not None:
            self._held_by.add(held_by)
        self._extend()
        self._evaluate()

    def _end_us(self, wish: RecordingRequest) -> int | None:
        """Return when a wish ends; None: it isn't known yet."""
        always = self.armed and self.camera.mode is Mode.CONTINUOUS
        return None if always or self._held_by else wish.until_us

    def _offset_us(self) -> int:
        return self._clock.now_us() - self._clock.boottime_us()

    def _holds(self, wish: RecordingRequest, now_us: int) -> bool:
        if abs(self._offset_us() - wish.offset_us) > CLOCK_STEP_US:
            wish.reckon(self._offset_us())
        end_us = self._end_us(wish)
        return end_us is None or end_us > now_us

    def _extend(self) -> None:
        if self._running is not None and self._wish is not None:
            self._worker.send(ExtendClip(clip_id=self._running.clip_id, until_us=self._end_us(self._wish)))

    # --- from wish to clip ---

    def _evaluate(self) -> None:
        """Begin what is wanted and possible; look again when that may change by time alone."""
        if self._stopped:
            return
        now_us = self._clock.now_us()
        if (
            self.armed
            and self.camera.mode is Mode.CONTINUOUS
            and self._wish is None
            and self.status.state == "streaming"
        ):
            self._wish = RecordingRequest(
                Trigger(kind=TriggerKind.CONTINUOUS), now_us, now_us, offset_us=self._offset_us()
            )
        wish = self._wish
        if wish is None or self._running is not None or self._preparing:
            return
        if not self._holds(wish, now_us):
            self._wish = None
            self._watch.served(now_us)
            if not wish.reported and not wish.served:
                self._fail(self._storage_fault() or self.reason or faults.NOTHING_RECORDED, wish)
            self._evaluate()
            return
        fault = self._storage_fault()
        if fault or self.status.state != "streaming" or not self._worker.running or time.monotonic() < self._retry_at:
            if fault:
                self._miss(fault)
                if not wish.reported:
                    wish.reported = True
                    self._fail(fault, wish)
            self._look_again(wish, now_us)
            return
        self._preparing = True
        self._task(self._start(wish))

    def _look_again(self, wish: RecordingRequest, now_us: int) -> None:
        delays = [max(self._retry_at - time.monotonic(), 1.0)]
        if (end_us := self._end_us(wish)) is not None:
            delays.append((end_us - now_us) / US_PER_SECOND + 0.05)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(min(delays), self._evaluate)

    async def _start(self, wish: RecordingRequest) -> None:
        clip_id = self._starting = ClipId(uuid.uuid4().hex)
        try:
            clip, spool = await self._run_blocking(self._vault.prepare, clip_id)
        except CamguardError as error:
            self._preparing = False
            self._starting = None
            self._failed(error.key, wish)
            return
        self._preparing = False
        order = order_of(
            clip_id,
            self.camera,
            self.site,
            self._vault.paths,
            keys=(clip, spool),
            trigger=wish.trigger,
            span_us=(wish.from_us, self._end_us(wish)),
            follows=wish.follows,
        )
        if self._stopped or not self._worker.send(order):
            await self._run_blocking(self._vault.discard, clip_id)
            self._starting = None
            self._evaluate()
            return
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running = _Running(clip_id, wish.trigger, started)
        self._starting = None

    # --- what the worker says ---

    def _on_event(self, event: Message) -> None:
        match event:
            case Status():
                self._on_status(event)
            case ClipStarted():
                if (running := self._running) is not None and running.clip_id == event.clip_id:
                    if not running.started.done():
                        running.started.set_result(None)
                    if self._wish is not None:
                        self._wish.reported = False
                    self._watch.served(self._clock.now_us())
                    self._extend()
                    self._tell_state()
            case ClipEnded():
                self._on_ended(event)
            case ClipFinished():
                self._task(self._store(event))
            case ClipFailed():
                self._task(self._drop(event))
            case GapClosed():
                self._watch.told_by_worker(event.from_us, event.to_us, event.cause)
            case _:
                pass

    def _on_status(self, status: Status) -> None:
        self.status = status
        self._watch.status(status.state, status.key, self._clock.now_us())
        self._evaluate()
        self._look_at_gaps()
        self._tell_state()

    def _on_ended(self, event: ClipEnded) -> None:
        running = self._running
        if running is None or running.clip_id != event.clip_id:
            return
        self._running = None
        recorded = running.started.done()
        if not recorded:
            running.started.cancel()
        self._intake.expect(running.clip_id)
        self._recorded_until_us = event.next_from_us
        wish = self._wish
        if wish is not None:
            holds = self._holds(wish, self._clock.now_us())
            wish.from_us = event.next_from_us
            wish.served = wish.served or recorded
            wish.follows = running.clip_id if event.reason in {"max_length", "clock"} else None
            if event.reason == "failed":
                self._retry_at = time.monotonic() + RETRY_SECONDS
            if not holds:
                self._wish = None
        self._evaluate()
        self._tell_state()

    def _on_lost(self) -> None:
        """The worker is gone: what it had in hand is finished by the next one."""
        now_us = self._clock.now_us()
        running, self._running = self._running, None
        if running is not None:
            if not running.started.done():
                running.started.cancel()
            self._intake.expect(running.clip_id)
            if self._wish is not None:
                self._wish.from_us = now_us
        self._intake.worker_lost()
        self._watch.worker_lost(faults.WORKER_LOST, now_us)
        self.status = Status(state="reconnecting", key=faults.WORKER_LOST)
        self._evaluate()
        self._look_at_gaps()
        self._tell_state()

    async def _store(self, finished: ClipFinished) -> None:
        try:
            clip = await self._intake.store(finished)
        except CamguardError as error:
            self._failed(error.key, None)
            return
        if clip is not None:
            self.last_clip = clip
            self._notify(Change(kind=ChangeKind.RECORDED, camera_id=self.camera.camera_id, clip=clip))

    async def _drop(self, failed: ClipFailed) -> None:
        clip_id = ClipId(failed.clip_id)
        if self._running is not None and self._running.clip_id == clip_id:
            # It was refused before it began: there is no ClipEnded.
            if not self._running.started.done():
                self._running.started.cancel()
            self._running = None
            self._retry_at = time.monotonic() + RETRY_SECONDS
        await self._intake.drop(failed)
        if failed.key != faults.NOTHING_RECORDED or failed.detail not in {"stopped", "until"}:
            self._failed(failed.key, self._wish)
        self._evaluate()
        self._tell_state()

    # --- telling ---

    def _failed(self, key: str, wish: RecordingRequest | None) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        if wish is not None and self.status.state == "streaming":
            self._miss(key)
        if wish is None:
            self._fail(key, None)
        elif not wish.reported:
            wish.reported = True
            self._fail(key, wish)
        self._evaluate()

    def _fail(self, key: str, wish: RecordingRequest | None) -> None:
        facts: dict[str, object] = {"camera_id": self.camera.camera_id, "key": key}
        if wish is not None and wish.trigger.entity_id:
            facts["trigger"] = wish.trigger.entity_id
        self._note(Event.CLIP_FAILED, facts)
        self._notify(Change(kind=ChangeKind.FAILED, camera_id=self.camera.camera_id, key=key))

    def _refuse(self, key: str) -> None:
        """Tell that an action can't be served, unless that was told a moment ago."""
        now = time.monotonic()
        if now - self._refused.get(key, -REFUSED_SECONDS) >= REFUSED_SECONDS:
            self._refused[key] = now
            self._fail(key, None)

    def _miss(self, cause: str) -> None:
        self._watch.missed(cause, self._clock.now_us())
        if self._gap_timer is None:
            self._look_at_gaps()

    def _look_at_gaps(self) -> None:
        """Tell of gaps that go on for long, and look again when the next one may have."""
        if self._gap_timer is not None:
            self._gap_timer.cancel()
            self._gap_timer = None
        if self._stopped:
            return
        now_us = self._clock.now_us()
        if cause := self._watch.look(now_us):
            _LOGGER.warning("Nothing is seen or recorded of camera %s: %s", self.camera.name, cause)
        self._tell_state()
        if self._watch.away_us(now_us) or self._watch.misses:
            self._gap_timer = asyncio.get_running_loop().call_later(GAP_LOOK_SECONDS, self._look_at_gaps)

    def _gap(self, from_us: int, to_us: int | None, cause: str) -> None:
        facts = {"camera_id": self.camera.camera_id, "from_us": from_us, "to_us": to_us, "cause": cause}
        self._note(Event.GAP, facts)
        self._notify(
            Change(kind=ChangeKind.GAP, camera_id=self.camera.camera_id, key=cause, from_us=from_us, to_us=to_us)
        )

    def _note(self, event: Event, facts: dict[str, object]) -> None:
        """Write an entry soon, each after the one before."""
        now_us = self._clock.now_us()

        async def note() -> None:
            try:
                async with self._noting:
                    await self._run_blocking(self._vault.ledger.append, event, facts, now_us)
            except StorageError as error:
                _LOGGER.error("The ledger could not be written: %s", error)  # noqa: TRY400 - a disk's refusal

        self._task(note())

    def _tell_state(self) -> None:
        self._notify(Change(kind=ChangeKind.STATE, camera_id=self.camera.camera_id))

    def _task(self, work: Coroutine[Any, Any, None]) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.error("Camera %s: an unforeseen error", self.camera.camera_id, exc_info=error)
