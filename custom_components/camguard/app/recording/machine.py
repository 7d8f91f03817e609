"""When a camera's clips begin, go on and end: the state machine of a recorder, without I/O.

`step` takes what happened and gives the next state and what is to be done. Read across: what an event does in a phase.

| event          | IDLE           | WAITING          | PREPARING        | STARTING, RECORDING                    |
|----------------|----------------|------------------|------------------|----------------------------------------|
| trigger, Ask   | request, *try* | request lasts longer                | the same, and the clip's end moves     |
| TriggerOff     |                | the post-roll runs                  | the same, and the clip's end moves     |
| Arm off        |                | request ends now | request ends now | request and clip end now               |
| Seen, Storage, |                |                  |                  | without storage the clip ends now;     |
| Tick           | *try*          | *try*            |                  | the request stays                      |
| Prepared       | discarded      | discarded        | → STARTING, or discarded when nothing is wanted now       |
| NotPrepared    |                |                  | → WAITING, told; again after RETRY_US                     |
| Refused        |                |                  |                  | → WAITING, its keys are destroyed      |
| Started        |                |                  |                  | → RECORDING                            |
| Ended          |                |                  |                  | → IDLE, or *try* for the next clip     |
| Failed         | told           | told             | told             | → WAITING, told; again after RETRY_US  |
| WorkerLost     |                |                  |                  | → WAITING; what it had is recovered    |
| Stop           | → OFF          | → OFF            | → OFF            | → OFF                                  |

*Try*: → PREPARING when pictures come, the storage is well and no retry is pending; else → WAITING, and WAKE_US later or
at the request's end again. A request whose time is over goes, and is reported if nothing of it was recorded. In OFF
only Start, Arm, Seen and Storage count. A camera in continuous mode requests by itself whenever pictures come; of an
adaptive one's clip a trigger or Ask moves the time from which only what moves is wanted at the full rate.
"""

from dataclasses import replace

from ...domain.clip import US_PER_SECOND, ClipId, Trigger, TriggerKind
from ...worker import faults
from .states import (
    IN_HAND,
    Arm,
    Ask,
    Begin,
    Command,
    Cut,
    Discard,
    Ended,
    Extend,
    Failed,
    Finalize,
    Happening,
    Miss,
    Moment,
    NotPrepared,
    NotStored,
    Phase,
    Prepare,
    Prepared,
    Refused,
    Report,
    Request,
    Seen,
    Served,
    Start,
    Started,
    State,
    Stop,
    Storage,
    Terms,
    TriggerOff,
    TriggerOn,
    TriggerPulse,
    Wake,
    WorkerLost,
)

CLOCK_STEP_US = US_PER_SECOND
"""What is less is a clock being slewed."""
RETRY_US = 10 * US_PER_SECOND
"""After a clip failed, the next one begins no sooner."""
WAKE_US = US_PER_SECOND
LOOK_BACK_US = 15 * US_PER_SECOND
"""What moves is told some seconds later; no trigger reaches further back."""
_LEAST_POST_ROLL_US = US_PER_SECOND
"""Of a trigger that only fires: its clip would end before it began."""
_SOURCE_LOST = "source_lost"
_GOES_ON = frozenset({"max_length", "clock", "encoder"})
"""Why a clip ended that another goes on with."""
_ASKED_FOR = frozenset({"stopped", "until"})
"""Why a clip without a picture ended, when that is no failure."""


def step(terms: Terms, state: State, event: Happening, at: Moment) -> tuple[State, tuple[Command, ...]]:
    """Return the state after an event, and what is to be done, in order."""
    transition = _Transition(terms, state, at)
    transition.take(event)
    return transition.state, tuple(transition.commands)


def holds(terms: Terms, state: State, now_us: int) -> bool:
    """Tell whether what is requested isn't over."""
    end_us = request_end_us(terms, state)
    return state.request is not None and (end_us is None or end_us > now_us)


def request_end_us(terms: Terms, state: State) -> int | None:
    """Return when what is requested ends; None: that isn't known yet."""
    if state.request is None or state.held_by or (state.armed and terms.continuous):
        return None
    return state.request.until_us


def sparse_from_us(terms: Terms, state: State) -> int | None:
    """Return from when on only what moves is wanted at the full rate; None: all is, for as long as that is known."""
    if not terms.adaptive or state.request is None or request_end_us(terms, state) is not None or state.held_by:
        return None
    return state.request.until_us


class _Transition:
    """One step: the state as far as it has got, and the commands so far."""

    def __init__(self, terms: Terms, state: State, at: Moment) -> None:
        self.state = state
        self.commands: list[Command] = []
        self._terms = terms
        self._at = at
        self._reckon()

    def take(self, event: Happening) -> None:
        """Do what the event asks for."""
        if self.state.phase is Phase.OFF and not isinstance(event, Start | Arm | Seen | Storage):
            if isinstance(event, Prepared):
                self._do(Discard(event.clip_id))
            return
        match event:
            case Start():
                self._set(phase=Phase.IDLE)
            case Stop():
                if self.state.clip_id is not None:
                    self._do(Finalize(self.state.clip_id))
                self._set(phase=Phase.OFF, clip_id=None, request=None, held_by=frozenset())
                return
            case Arm():
                self._arm(event.armed)
            case TriggerOn():
                self._request_by(event.entity_id, self._at.now_us, holds_on=True, since_us=event.since_us)
            case TriggerPulse():
                post_roll_us = max(self._terms.post_roll_us, _LEAST_POST_ROLL_US)
                self._request_by(event.entity_id, self._at.now_us + post_roll_us)
            case TriggerOff():
                self._let_go(event.entity_id)
            case Ask():
                if self.state.armed:
                    self._set(retry_boot_us=0)
                    trigger = Trigger(kind=TriggerKind.ACTION, reason=event.reason)
                    self._request(trigger, self._at.now_us + event.duration_us)
            case Seen():
                self._set(streaming=event.streaming, reason=event.reason)
            case Storage():
                mended = self.state.storage_fault and not event.fault
                self._set(storage_fault=event.fault, **({"retry_boot_us": 0} if mended else {}))
                if event.fault:
                    self._cut()
            case Cut():
                self._cut()
            case Prepared():
                self._prepared(event.clip_id)
            case NotPrepared():
                if self.state.phase is Phase.PREPARING:
                    self._set(phase=Phase.WAITING)
                self._failed(event.key, expected=True)
            case NotStored():
                self._failed(event.key, expected=False)
            case Refused() if self._is_in_hand(event.clip_id):
                self._set(phase=Phase.WAITING, clip_id=None, streaming=False)
                self._do(Discard(event.clip_id))
            case Started() if self._is_in_hand(event.clip_id):
                self._started()
            case Ended() if self._is_in_hand(event.clip_id):
                self._ended(event)
            case Failed():
                self._failed_clip(event)
            case WorkerLost():
                self._lost(event.reason)
            case _:
                pass  # a Tick, or word of a clip that isn't in hand any more
        self._try()

    # --- what is requested ---

    def _request_by(
        self, entity_id: str, until_us: int, *, holds_on: bool = False, since_us: int | None = None
    ) -> None:
        if self.state.armed:
            trigger = Trigger(kind=TriggerKind.ENTITY, entity_id=entity_id)
            self._request(trigger, until_us, held_by=entity_id if holds_on else None, since_us=since_us)

    def _request(
        self, trigger: Trigger, until_us: int, *, held_by: str | None = None, since_us: int | None = None
    ) -> None:
        """Request a recording until then at least, from the pre-roll before `since_us` (None: now) on.

        `held_by`: and for as long as this trigger holds.
        """
        now_us, request = self._at.now_us, self.state.request
        if request is None or not self._holds():
            begin_us = min(now_us if since_us is None else max(since_us, now_us - LOOK_BACK_US), now_us)
            from_us = max(begin_us - self._terms.pre_roll_us, min(self.state.recorded_until_us, now_us))
            request = Request(trigger=trigger, from_us=from_us, until_us=until_us)
        else:
            request = replace(request, until_us=max(request.until_us, until_us))
        held = self.state.held_by | ({held_by} if held_by is not None else set())
        self._set(request=request, held_by=held)
        if self.state.phase is Phase.IDLE:
            self._set(phase=Phase.WAITING)
        self._extend()

    def _let_go(self, entity_id: str) -> None:
        if entity_id not in self.state.held_by:
            return
        self._set(held_by=self.state.held_by - {entity_id})
        request = self.state.request
        if not self.state.held_by and request is not None:
            until_us = max(request.until_us, self._at.now_us + self._terms.post_roll_us)
            self._set(request=replace(request, until_us=until_us))
            self._extend()

    def _arm(self, armed: bool) -> None:
        self._set(armed=armed)
        if armed:
            return
        self._set(held_by=frozenset())
        if self.state.request is not None:
            self._set(request=replace(self.state.request, until_us=self._at.now_us))
            self._extend()

    def _reckon(self) -> None:
        """Go by the wall clock as it is now: what is requested lasts no longer when a clock is set."""
        step_us = self._at.offset_us - self.state.offset_us
        if abs(step_us) <= CLOCK_STEP_US:
            return
        request = self.state.request
        if request is not None:
            request = replace(request, from_us=request.from_us + step_us, until_us=request.until_us + step_us)
        self._set(
            request=request,
            recorded_until_us=self.state.recorded_until_us + step_us,
            offset_us=self._at.offset_us,
        )

    # --- from request to clip ---

    def _try(self) -> None:
        """Begin what is wanted and possible; come back when that may change by time alone."""
        state = self.state
        if state.phase is Phase.IDLE and state.armed and self._terms.continuous and state.streaming:
            now_us = self._at.now_us
            self._set(
                phase=Phase.WAITING,
                request=Request(trigger=Trigger(kind=TriggerKind.CONTINUOUS), from_us=now_us, until_us=now_us),
            )
        if self.state.phase is not Phase.WAITING:
            return
        request = self.state.request
        if request is None or not self._holds():
            self._give_up(request)
            return
        if self.state.storage_fault:
            self._do(Miss(self.state.storage_fault))
            self._report(self.state.storage_fault)
        elif self.state.streaming and self._at.boot_us >= self.state.retry_boot_us:
            self._set(phase=Phase.PREPARING)
            self._do(Prepare())
            return
        waits = [max(self.state.retry_boot_us - self._at.boot_us, WAKE_US)]
        if (end_us := request_end_us(self._terms, self.state)) is not None:
            waits.append(end_us - self._at.now_us)
        self._do(Wake(max(min(waits), 0)))

    def _give_up(self, request: Request | None) -> None:
        """Let a request go whose time is over."""
        if request is not None:
            self._do(Served())
            if not request.served:
                self._report(self.state.storage_fault or self.state.reason or faults.NOTHING_RECORDED)
        self._set(phase=Phase.IDLE, request=None)
        if self.state.armed and self._terms.continuous and self.state.streaming:
            self._try()

    def _prepared(self, clip_id: ClipId) -> None:
        request = self.state.request
        if self.state.phase is not Phase.PREPARING or request is None or not self._holds():
            if self.state.phase is Phase.PREPARING:
                self._set(phase=Phase.WAITING)
            self._do(Discard(clip_id))
            return
        self._set(phase=Phase.STARTING, clip_id=clip_id)
        until_us = request_end_us(self._terms, self.state)
        sparse_us = sparse_from_us(self._terms, self.state)
        self._do(Begin(clip_id, request.trigger, request.from_us, until_us, request.follows, sparse_us))

    def _extend(self) -> None:
        if self.state.clip_id is not None:
            until_us, sparse_us = request_end_us(self._terms, self.state), sparse_from_us(self._terms, self.state)
            self._do(Extend(self.state.clip_id, until_us, sparse_us))

    def _cut(self) -> None:
        if self.state.clip_id is not None:
            self._do(Extend(self.state.clip_id, 0))

    # --- what becomes of the clip in hand ---

    def _started(self) -> None:
        self._set(phase=Phase.RECORDING)
        if self.state.request is not None:
            self._set(request=replace(self.state.request, reported=False))
        self._do(Served())
        self._extend()  # the end may have moved while it was ordered

    def _ended(self, event: Ended) -> None:
        recorded = self.state.phase is Phase.RECORDING
        still_holds = self._holds()
        request = self.state.request
        if request is not None:
            request = replace(
                request,
                from_us=event.next_from_us,
                served=request.served or recorded,
                follows=event.clip_id if event.reason in _GOES_ON else None,
            )
        if event.reason == "failed":
            self._set(retry_boot_us=self._at.boot_us + RETRY_US)
        self._set(
            phase=Phase.WAITING if still_holds else Phase.IDLE,
            clip_id=None,
            request=request if still_holds else None,
            recorded_until_us=event.next_from_us,
        )
        self._do(Finalize(event.clip_id))

    def _failed_clip(self, event: Failed) -> None:
        refused = self._is_in_hand(event.clip_id)  # before it began: there is no Ended
        if refused:
            self._set(phase=Phase.WAITING, clip_id=None, retry_boot_us=self._at.boot_us + RETRY_US)
        nothing = event.key == faults.NOTHING_RECORDED
        # The source went again before the first picture: the request goes on waiting, and is told if it ends in vain.
        waits_on = event.detail == _SOURCE_LOST and self.state.request is not None
        if not (nothing and (event.detail in _ASKED_FOR or waits_on)):
            self._failed(event.key, expected=True)

    def _lost(self, reason: str) -> None:
        clip_id = self.state.clip_id
        self._set(streaming=False, reason=reason)
        if clip_id is None:
            return
        request = self.state.request
        if request is not None:
            recorded = self.state.phase is Phase.RECORDING
            request = replace(request, from_us=self._at.now_us, served=request.served or recorded)
        self._set(phase=Phase.WAITING, clip_id=None, request=request)
        self._do(Finalize(clip_id))

    def _failed(self, key: str, *, expected: bool) -> None:
        """Tell of a failure, and wait a while. `expected`: it concerns what is requested now."""
        self._set(retry_boot_us=self._at.boot_us + RETRY_US)
        if not expected or self.state.request is None:
            self._do(Report(key))
            return
        if self.state.streaming:
            self._do(Miss(key))
        self._report(key)

    def _report(self, key: str) -> None:
        """Tell once that what is requested isn't recorded."""
        request = self.state.request
        if request is not None and not request.reported:
            self._set(request=replace(request, reported=True))
            self._do(Report(key, request.trigger.entity_id))

    # --- parts ---

    def _holds(self) -> bool:
        return holds(self._terms, self.state, self._at.now_us)

    def _is_in_hand(self, clip_id: ClipId) -> bool:
        return self.state.phase in IN_HAND and self.state.clip_id == clip_id

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def _do(self, command: Command) -> None:
        self.commands.append(command)
