"""One guarded camera, running: hands what happens to the state machine (machine.py), and carries out what it orders.

The worker says what it sees, Home Assistant says what is wanted. What was missed is written down (gaps.py, invariant
8); what ended goes to finalizing.py. Decides nothing about when a clip begins or ends.
"""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import asdict

from ...domain.clip import US_PER_SECOND, Clip, ClipId
from ...domain.errors import CamguardError, StorageError, WorkerError
from ...domain.settings import CameraSettings, SiteSettings
from ...domain.zones import Geometry
from ...vault.clips.terms import Totals
from ...vault.sealed import Identity
from ...vault.vault import Vault
from ...worker import faults
from ...worker.protocol import (
    Beat,
    ClipEnded,
    ClipFailed,
    ClipFinished,
    ClipStarted,
    ExtendClip,
    GapClosed,
    Hello,
    Message,
    MotionSeen,
    SpoolSent,
    Status,
    ViewSeen,
    ViewTaken,
)
from ..events import CameraState, Change, ChangeKind
from ..ports import NOBODY, Actor, Clock, RunBlocking, Source
from ..retention.reckoning import Reckoning
from ..retention.storage import StorageWatch
from ..tasks import Tasks
from ..watching.confirmed_view import ConfirmedView
from ..watching.gap_watch import SILENT_US, GapWatch
from ..watching.movement import Movement
from ..watching.naps import Naps, is_asleep
from ..workers.backlog import Backlog
from ..workers.process import Choose, WorkerProcess
from ..workers.shared_stills import SharedStills
from . import states
from .finalizing import Finalizing
from .journal import Journal
from .machine import step
from .order import configure_of, order_of
from .outlook import is_finishing, load_of, state_of, terms_of
from .states import Command, Happening, Moment, Phase, State

START_SECONDS = 15.0
"""For a clip that was asked for to begin: a camera that was just set up, or is coming back, gets that long."""
SETTLE_SECONDS = 10.0
"""At a stop, for what is being stored or noted. What isn't done by then is, at the next start."""


class CameraRecorder:
    """The recorder of one camera. All methods belong to the event loop."""

    def __init__(
        self,
        camera: CameraSettings,
        site: SiteSettings,
        source: Source,
        *,
        vault: Vault,
        clock: Clock,
        reckoning: Reckoning,
        run_blocking: RunBlocking,
        notify: Callable[[Change], None],
        storage: StorageWatch,
        backlog: Backlog,
        finish_later: Callable[[ClipId], None],
        unseen_since_us: int | None,
        armed: bool = True,
        choose: Choose | None = None,
    ) -> None:
        """Make a camera that isn't started yet.

        `storage` knows why nothing may be written; `backlog` shares the memory; `finish_later` takes spools that
        are left; `unseen_since_us`: when it was watched last, None for a new camera; `choose`: as `WorkerProcess` says.
        """
        self.camera = camera
        self.site = site
        self.status = Status(state="connecting")
        self.totals = Totals()
        self.last_clip: Clip | None = None
        self.movement = Movement(camera.camera_id, notify)
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._notify = notify
        self._storage = storage
        self._backlog = backlog
        self._clip_from_us: int | None = None  # of the last clip that was ordered
        self.worker = WorkerProcess(
            configure_of(camera),
            source,
            on_event=self._on_event,
            on_lost=self._on_lost,
            still_s=camera.still_interval_s,
            live=not camera.closed,
            choose=choose,
            run_blocking=run_blocking,
        )
        self._naps = None if camera.sleeps else Naps()
        self._terms = terms_of(camera)
        self._state = State(armed=armed, offset_us=self._moment().offset_us)
        self._changed = asyncio.Event()
        """Set, and replaced by a new one, at each step of the machine."""
        self._preparing: ClipId | None = None
        self._keys: dict[ClipId, tuple[Identity, Identity]] = {}
        """(clip, spool) of a clip that isn't ordered yet."""
        self._finalizing = Finalizing(vault, clock, reckoning, run_blocking, finish_later)
        self._tasks = Tasks(camera.camera_id)
        self._journal = Journal(
            camera.camera_id, vault, clock, run_blocking=run_blocking, notify=notify, start=self._tasks.start
        )
        self.view = ConfirmedView(camera, vault.views, self.worker.send, run_blocking, notify, start=self._tasks.start)
        self._gaps = GapWatch(
            self._journal.gap,
            None if camera.sleeps else unseen_since_us,
            clock=clock,
            camera_name=camera.name,
            on_looked=self._journal.state,
        )
        self._timer: asyncio.TimerHandle | None = None
        self._stills = SharedStills(self.worker)

    # --- life ---

    def start(self) -> None:
        """Start the worker, unless its stream isn't to be opened."""
        if self.camera.closed:
            return
        self.worker.start()
        self._happen(states.Storage(self._storage.fault))
        self._happen(states.Start())

    async def stop(self) -> None:
        """End the clip in hand and the worker. What could not be finished is, at the next start."""
        self._happen(states.Stop())
        self._gaps.end()
        self.movement.end(self._clock.now_us())
        self._journal.end()
        if self._timer is not None:
            self._timer.cancel()
        await self.worker.stop()
        self._backlog.leave(self.camera.camera_id)
        self._gaps.stop(self._clock.now_us())
        await self._tasks.wait(SETTLE_SECONDS)
        self.status = Status(state="connecting")
        self._journal.state()

    # --- what others see ---

    @property
    def phase(self) -> Phase:
        """Where the machine stands."""
        return self._state.phase

    @property
    def armed(self) -> bool:
        """Whether the camera may record."""
        return self._state.armed

    @property
    def state(self) -> CameraState:
        """What the status sensor shows."""
        if self._stopped:
            return CameraState.BLOCKED if self.camera.closed else CameraState.OFF
        return state_of(self.status, finishing=self.finishing, recording=self.recording, asleep=self._asleep)

    @property
    def fault(self) -> str:
        """Why nothing can be recorded whatever the camera sends: the storage's fault; empty when it can."""
        return "" if self._stopped else self._storage.fault

    @property
    def reason(self) -> str:
        """Translation key of why the camera is blocked or reconnecting; empty otherwise."""
        if self.camera.closed:
            return self.camera.closed
        if not self._stopped and not self.worker.running and self.worker.restarts:
            return self.worker.loss
        return self.status.key

    @property
    def _asleep(self) -> bool:
        """Whether nothing is to be seen: a camera on a battery sleeps."""
        return self.camera.sleeps and self.worker.running and is_asleep(self.status)

    @property
    def recording(self) -> bool:
        """Whether pictures go into a clip now."""
        return self._state.phase is Phase.RECORDING

    @property
    def finishing(self) -> bool:
        """Whether the clip's time is over, and what the camera sent is still being encoded."""
        return is_finishing(self._terms, self._state, self._clock.now_us())

    @property
    def silent(self) -> bool:
        """Whether nothing has been seen for so long that somebody should look."""
        return not self._stopped and self._gaps.away_us(self._clock.now_us()) >= SILENT_US

    @property
    def geometry(self) -> Geometry | None:
        """Size of the picture as shown, once it is known."""
        return Geometry(width=self.status.width, height=self.status.height) if self.status.width else None

    @property
    def may_pause(self) -> bool:
        """Whether nothing is being recorded but what always is."""
        return not self.recording or (self._terms.continuous and not self._state.held_by)

    async def still(self, max_width: int = 0) -> bytes:
        """Return the current masked picture, JPEG; raises WorkerError. Askers within a second share one."""
        if self.camera.closed:
            raise WorkerError(self.camera.closed)
        return await self._stills.take(max_width)

    # --- what is wanted ---

    def arm(self, armed: bool, by: Actor) -> None:
        """Allow recording, or end it; written down when that changes."""
        changed = armed != self._state.armed
        self._happen(states.Arm(armed))
        if changed:
            self._journal.armed(armed, by)

    def trigger(self, event: states.TriggerOn | states.TriggerOff | states.TriggerPulse) -> None:
        """Take in what a trigger does: while one holds, or around its moment, is recorded (pre-roll and post-roll)."""
        self._happen(event)

    async def record(self, duration_s: float, reason: str | None, by: Actor = NOBODY) -> ClipId:
        """Record for `duration_s` from now (the pre-roll comes on top) and return the clip's id once it has begun.

        A clip that runs already is made to last as long. Raises WorkerError or StorageError with the reason when
        nothing can be recorded now; should the camera come back within the duration, the rest is recorded all the same.
        """
        if not self._state.armed:
            raise WorkerError("recording_off")
        self._journal.asked(by, duration_s, reason)
        if fault := self._storage.fault:
            self._journal.refused(fault)
            raise StorageError(fault, path=str(self._storage.path))
        if self.worker.hello is not None and not self.worker.hello.encoders:
            self._journal.refused(faults.NO_ENCODER)
            raise WorkerError(faults.NO_ENCODER)
        if self._stopped:
            raise WorkerError(self.reason or faults.WORKER_LOST)
        self._happen(states.Ask(int(duration_s * US_PER_SECOND), reason))
        away_us = self._gaps.away_us(self._clock.now_us())
        if self.state is CameraState.BLOCKED or away_us > START_SECONDS * US_PER_SECOND:
            raise WorkerError(self.reason or faults.SOURCE_UNAVAILABLE)
        try:
            async with asyncio.timeout(START_SECONDS):
                while self._state.phase is not Phase.RECORDING:
                    request = self._state.request
                    if request is None or (request.reported and self._state.phase is Phase.WAITING):
                        break
                    await self._changed.wait()
        except TimeoutError:
            pass
        if self._state.phase is Phase.RECORDING and self._state.clip_id is not None:
            return self._state.clip_id
        if fault := self._storage.fault:
            raise StorageError(fault, path=str(self._storage.path))
        raise WorkerError(self.reason or faults.NOTHING_RECORDED)

    @property
    def in_hand(self) -> frozenset[ClipId]:
        """The clips that are being recorded or finished."""
        begun = (self._preparing, self._state.clip_id)
        return frozenset(self._finalizing.clip_ids | {clip_id for clip_id in begun if clip_id is not None})

    async def settle(self) -> None:
        """End the clip in hand, and wait for it to be stored; a request that holds begins the next one at once."""
        waiting = self.in_hand
        self._happen(states.Cut())
        for _ in range(int(SETTLE_SECONDS / 0.05)):
            if not waiting & self.in_hand:
                return
            await asyncio.sleep(0.05)

    def source_changed(self) -> None:
        """Try the source at once: it may be there again, or have another address."""
        if self.status.state != "streaming":
            self.worker.reconnect()

    def storage_changed(self) -> None:
        """Look again at whether anything can be written."""
        self._happen(states.Storage(self._storage.fault))
        self._journal.state()

    # --- the machine's orders ---

    @property
    def _stopped(self) -> bool:
        return self._state.phase is Phase.OFF

    def _moment(self) -> Moment:
        return Moment(now_us=self._clock.now_us(), boot_us=self._clock.boottime_us())

    def _happen(self, event: Happening) -> None:
        """Let the machine take a step, and carry out what it orders."""
        phase = self._state.phase
        self._state, commands = step(self._terms, self._state, event, self._moment())
        for command in commands:
            self._carry_out(command)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        wanted = self._state.request is not None
        self.worker.want(wanted, urgent=wanted and not (self._state.armed and self._terms.continuous))
        if self._state.phase is not phase:
            self._journal.state()

    def _carry_out(self, command: Command) -> None:
        match command:
            case states.Prepare():
                self._tasks.start(self._prepare())
            case states.Begin():
                self._begin(command)
            case states.Extend():
                self.worker.send(ExtendClip(**asdict(command)))
            case states.Discard():
                self._keys.pop(command.clip_id, None)
                self._tasks.start(self._run_blocking(self._vault.discard, command.clip_id))
            case states.Finalize():
                self._finalizing.expect(command.clip_id)
            case states.Report():
                self._journal.failed(command.key, command.entity_id)
            case states.Miss():
                self._gaps.missed(command.cause, self._clock.now_us())
                if not self._gaps.is_waiting:
                    self._gaps.look_again()
            case states.Served():
                self._gaps.served(self._clock.now_us())
            case states.Wake():
                if self._timer is not None:
                    self._timer.cancel()
                self._timer = asyncio.get_running_loop().call_later(
                    command.after_us / US_PER_SECOND + 0.05, self._happen, states.Tick()
                )

    async def _prepare(self) -> None:
        clip_id = self._preparing = ClipId(uuid.uuid4().hex)
        try:
            self._keys[clip_id] = await self._run_blocking(self._vault.prepare, clip_id)
        except CamguardError as error:
            self._preparing = None
            self._happen(states.NotPrepared(error.key))
            self._storage.report(error.key)
        else:
            # First known as prepared, then by the machine: a wipe in between must find it in one of both.
            self._happen(states.Prepared(clip_id))
            self._preparing = None

    def _begin(self, begin: states.Begin) -> None:
        order = order_of(
            begin,
            self.camera,
            self.site,
            self._vault.paths,
            keys=self._keys.pop(begin.clip_id),
            thorough=self._backlog.begin(self.camera.camera_id, begin.from_us),
        )
        self._clip_from_us = begin.from_us
        if not self.worker.send(order):
            asyncio.get_running_loop().call_soon(self._happen, states.Refused(begin.clip_id))

    # --- what the worker says ---

    def _on_event(self, event: Message) -> None:
        match event:
            case Status():
                self._on_status(event)
            case ClipStarted():
                self._happen(states.Started(ClipId(event.clip_id)))
            case ClipEnded():
                self._happen(states.Ended(ClipId(event.clip_id), event.reason, event.next_from_us))
            case ClipFinished():
                self._tasks.start(self._store(event))
            case ClipFailed():
                self._tasks.start(self._drop(event))
            case SpoolSent():
                self._finalizing.received(ClipId(event.clip_id))
            case Beat():
                self._on_beat(event)
            case Hello() | ViewSeen() | ViewTaken():
                self.view.take(event, of_stills=self.worker.of_stills)
            case MotionSeen():
                self.movement.take(event)
            case GapClosed() if not self.camera.sleeps:
                self._gaps.told_by_worker(event.from_us, event.to_us, event.cause)
            case _:
                pass

    def _on_beat(self, beat: Beat) -> None:
        load = load_of(self._terms, self._state, beat, self._clip_from_us, self._clock.now_us())
        self._backlog.report(self.camera.camera_id, load, self.worker.send)
        self._journal.finishing(self.finishing)

    def _on_status(self, status: Status) -> None:
        self.status = status
        if self._naps is not None and self._naps.status(status, self._clock.boottime_us()):
            self._notify(Change(kind=ChangeKind.SLEEPS, camera_id=self.camera.camera_id))
        if self._asleep:
            self._gaps.asleep()
        else:
            self._gaps.status(status.state, status.key, self._clock.now_us())
        self._happen(states.Seen(streaming=status.state == "streaming", reason=status.key))
        self._gaps.look_again()

    def _on_lost(self) -> None:
        """The worker is gone: what it had in hand is finished by the next one."""
        loss = self.worker.loss
        self.status = Status(state="reconnecting", key=loss)
        self.movement.end(self._clock.now_us())
        self._happen(states.WorkerLost(loss))
        self._finalizing.worker_lost()
        self._gaps.worker_lost(loss, self._clock.now_us())
        self._backlog.leave(self.camera.camera_id)
        self._gaps.look_again()

    async def _store(self, finished: ClipFinished) -> None:
        try:
            clip = await self._finalizing.store(finished)
        except CamguardError as error:
            self._happen(states.NotStored(error.key))
            self._storage.report(error.key)
            return
        if clip is not None:
            self.last_clip = clip
            self._notify(Change(kind=ChangeKind.RECORDED, camera_id=self.camera.camera_id, clip=clip))

    async def _drop(self, failed: ClipFailed) -> None:
        clip_id = ClipId(failed.clip_id)
        self._finalizing.expect(clip_id)
        self._happen(states.Failed(clip_id, failed.key, failed.detail))
        self._storage.report(failed.key)
        await self._finalizing.drop(failed)
