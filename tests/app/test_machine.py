"""The recorder's state machine: every event in every phase, and any order of them."""

import dataclasses
import re
import typing
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from custom_components.camguard.app.recording import machine, states
from custom_components.camguard.app.recording.machine import RETRY_US, holds, request_end_us, step
from custom_components.camguard.app.recording.states import IN_HAND, Moment, Phase, Request, State, Terms
from custom_components.camguard.domain.clip import ClipId, Trigger, TriggerKind

SECOND = 1_000_000
AT = Moment(now_us=1_000 * SECOND, boot_us=500 * SECOND)
TERMS = Terms(pre_roll_us=5 * SECOND, post_roll_us=10 * SECOND, continuous=False)
CLIP, OTHER = ClipId("a" * 32), ClipId("b" * 32)
REQUEST = Request(
    trigger=Trigger(kind=TriggerKind.ENTITY, entity_id="binary_sensor.gate"),
    from_us=AT.now_us - 5 * SECOND,
    until_us=AT.now_us + 10 * SECOND,
)
READY = State(phase=Phase.IDLE, streaming=True, offset_us=AT.offset_us)
STATES = {
    Phase.OFF: replace(READY, phase=Phase.OFF),
    Phase.IDLE: READY,
    Phase.WAITING: replace(READY, phase=Phase.WAITING, request=REQUEST, streaming=False, reason="source_stalled"),
    Phase.PREPARING: replace(READY, phase=Phase.PREPARING, request=REQUEST),
    Phase.STARTING: replace(READY, phase=Phase.STARTING, request=REQUEST, clip_id=CLIP),
    Phase.RECORDING: replace(READY, phase=Phase.RECORDING, request=REQUEST, clip_id=CLIP),
}
EVENTS: dict[str, states.Happening] = {
    "Start": states.Start(),
    "Stop": states.Stop(),
    "Arm": states.Arm(False),
    "TriggerOn": states.TriggerOn("binary_sensor.gate"),
    "TriggerOff": states.TriggerOff("binary_sensor.gate"),
    "TriggerPulse": states.TriggerPulse("event.bell"),
    "Ask": states.Ask(30 * SECOND, None),
    "Seen": states.Seen(streaming=False, reason="source_stalled"),
    "Storage": states.Storage("storage_full"),
    "Prepared": states.Prepared(CLIP),
    "NotPrepared": states.NotPrepared("storage_unavailable"),
    "Refused": states.Refused(CLIP),
    "Started": states.Started(CLIP),
    "Ended": states.Ended(CLIP, "until", AT.now_us),
    "Failed": states.Failed(CLIP, "disk_full"),
    "NotStored": states.NotStored("storage_unavailable"),
    "WorkerLost": states.WorkerLost("worker_lost"),
    "Cut": states.Cut(),
    "Tick": states.Tick(),
}
I, W, P, S, R, O = Phase.IDLE, Phase.WAITING, Phase.PREPARING, Phase.STARTING, Phase.RECORDING, Phase.OFF  # noqa: E741
TABLE = {
    # event:         OFF IDLE WAITING PREPARING STARTING RECORDING
    "Start":        (I, I, I, I, I, I),
    "Stop":         (O, O, O, O, O, O),
    "Arm":          (O, I, I, P, S, R),
    "TriggerOn":    (O, P, W, P, S, R),
    "TriggerOff":   (O, I, W, P, S, R),
    "TriggerPulse": (O, P, W, P, S, R),
    "Ask":          (O, P, W, P, S, R),
    "Seen":         (O, I, W, P, S, R),
    "Storage":      (O, I, W, P, S, R),
    "Prepared":     (O, I, W, S, S, R),
    "NotPrepared":  (O, I, W, W, S, R),
    "Refused":      (O, I, W, P, W, W),
    "Started":      (O, I, W, P, R, R),
    "Ended":        (O, I, W, P, P, P),
    "Failed":       (O, I, W, P, W, W),
    "NotStored":    (O, I, W, P, S, R),
    "WorkerLost":   (O, I, W, P, W, W),
    "Cut":          (O, I, W, P, S, R),
    "Tick":         (O, I, W, P, S, R),
}  # fmt: skip


def test_the_tables_name_everything() -> None:
    kinds = {kind.__name__ for kind in typing.get_args(states.Happening.__value__)}
    assert kinds == set(EVENTS) == set(TABLE)
    assert {kind.__name__ for kind in typing.get_args(states.Command.__value__)} == {
        name for name, value in vars(states).items()
        if dataclasses.is_dataclass(value) and name not in kinds | {"Moment", "Terms", "Request", "State", "Trigger"}
    }  # fmt: skip
    told = set(re.findall(r"\b(?:Trigger\w+|[A-Z]\w+)\b", machine.__doc__ or ""))
    assert {"Ask", "Prepared", "NotPrepared", "Refused", "Started", "Ended", "Failed", "WorkerLost", "Stop"} <= told


@pytest.mark.parametrize(
    ("phase", "event"),
    [(phase, event) for phase in STATES for event in EVENTS if event != "Start" or phase is Phase.OFF],
)
def test_every_event_in_every_phase(phase: Phase, event: str) -> None:
    after, _ = step(TERMS, STATES[phase], EVENTS[event], AT)
    assert after.phase is TABLE[event][list(STATES).index(phase)]


def orders(state: State, event: states.Happening, at: Moment = AT, terms: Terms = TERMS) -> list[Any]:
    return list(step(terms, state, event, at)[1])


def test_a_trigger_begins_before_its_moment_and_what_is_recorded_isn_t_again() -> None:
    state, commands = step(TERMS, READY, states.TriggerOn("binary_sensor.gate"), AT)
    assert commands == (states.Prepare(),)
    assert state.request
    assert state.request.from_us == AT.now_us - 5 * SECOND
    recorded = replace(READY, recorded_until_us=AT.now_us - 2 * SECOND)
    state, _ = step(TERMS, recorded, states.TriggerOn("binary_sensor.gate"), AT)
    assert state.request
    assert state.request.from_us == AT.now_us - 2 * SECOND


def test_a_refused_order_destroys_its_keys() -> None:
    assert states.Discard(CLIP) in orders(STATES[Phase.STARTING], states.Refused(CLIP))


def test_keys_that_come_too_late_are_destroyed() -> None:
    over = replace(STATES[Phase.PREPARING], request=replace(REQUEST, until_us=AT.now_us - 1))
    state, commands = step(TERMS, over, states.Prepared(CLIP), AT)
    assert commands[0] == states.Discard(CLIP)
    assert state.phase is Phase.IDLE
    assert orders(replace(READY, phase=Phase.OFF), states.Prepared(CLIP)) == [states.Discard(CLIP)]


def test_a_stop_leaves_the_clip_in_hand_to_be_finished() -> None:
    assert orders(STATES[Phase.RECORDING], states.Stop()) == [states.Finalize(CLIP)]


def test_a_full_clip_is_followed() -> None:
    held = replace(STATES[Phase.RECORDING], held_by=frozenset({"binary_sensor.gate"}))
    state, commands = step(TERMS, held, states.Ended(CLIP, "max_length", AT.now_us - 7), AT)
    assert commands == (states.Finalize(CLIP), states.Prepare())
    _, commands = step(TERMS, state, states.Prepared(OTHER), AT)
    assert commands == (states.Begin(OTHER, REQUEST.trigger, AT.now_us - 7, None, CLIP),)


def test_a_failure_is_told_once_and_tried_again_later() -> None:
    state, commands = step(TERMS, STATES[Phase.STARTING], states.Failed(CLIP, "disk_full"), AT)
    assert states.Report("disk_full", "binary_sensor.gate") in commands
    assert states.Miss("disk_full") in commands
    later = Moment(now_us=AT.now_us + SECOND, boot_us=AT.boot_us + SECOND)
    state, commands = step(TERMS, state, states.Tick(), later)
    assert [type(command) for command in commands] == [states.Wake]
    later = Moment(now_us=AT.now_us + RETRY_US, boot_us=AT.boot_us + RETRY_US)
    held = replace(state, held_by=frozenset({"binary_sensor.gate"}))
    assert orders(held, states.Tick(), later) == [states.Prepare()]


def test_a_request_that_was_never_served_is_told_at_its_end() -> None:
    later = Moment(now_us=REQUEST.until_us, boot_us=AT.boot_us + 10 * SECOND)
    state, commands = step(TERMS, STATES[Phase.WAITING], states.Tick(), later)
    assert state.phase is Phase.IDLE
    assert states.Report("source_stalled", "binary_sensor.gate") in commands


def test_a_clock_that_is_set_makes_nothing_longer() -> None:
    for hours in (-1000, -1, 1, 1000):
        moved = Moment(now_us=AT.now_us + hours * 3600 * SECOND, boot_us=AT.boot_us)
        state, _ = step(TERMS, STATES[Phase.RECORDING], states.Tick(), moved)
        assert request_end_us(TERMS, state) == moved.now_us + 10 * SECOND


class Recorder(RuleBasedStateMachine):
    """The machine between a household and a worker that behave as they like."""

    @initialize(continuous=st.booleans(), pre_roll=st.integers(0, 30), post_roll=st.integers(0, 120))
    def begin(self, continuous: bool, pre_roll: int, post_roll: int) -> None:
        self.terms = Terms(pre_roll_us=pre_roll * SECOND, post_roll_us=post_roll * SECOND, continuous=continuous)
        self.now_us, self.boot_us = AT.now_us, AT.boot_us
        self.state = State(offset_us=AT.offset_us)
        self.preparing = 0
        self.clips = 0
        self.ordered: ClipId | None = None
        """The clip that the worker has."""
        self.end_us: int | None = None
        self.begun = False
        self.wake_us: int | None = None
        self.happen(states.Start())

    def happen(self, event: states.Happening) -> None:
        before = self.state
        self.state, commands = step(self.terms, self.state, event, Moment(now_us=self.now_us, boot_us=self.boot_us))
        for command in commands:
            match command:
                case states.Prepare():
                    assert not self.preparing, "one clip at a time"
                    assert not self.state.storage_fault
                    self.preparing += 1
                case states.Begin():
                    assert self.ordered is None, "the worker has a clip already"
                    assert not command.until_us or command.until_us > self.now_us - SECOND
                    self.ordered, self.end_us, self.begun = command.clip_id, command.until_us, False
                case states.Extend():
                    assert command.clip_id == self.ordered
                    self.end_us = command.until_us
                case states.Wake():
                    self.wake_us = self.boot_us + command.after_us
                case states.Report():
                    assert command.key
                case _:
                    pass
        if self.state.phase is Phase.WAITING and before.phase is Phase.WAITING:
            assert any(isinstance(command, states.Wake) for command in commands), "nothing would ever look again"

    @rule(entity=st.sampled_from(["a", "b"]))
    def trigger_on(self, entity: str) -> None:
        self.happen(states.TriggerOn(entity))

    @rule(entity=st.sampled_from(["a", "b"]))
    def trigger_off(self, entity: str) -> None:
        self.happen(states.TriggerOff(entity))

    @rule()
    def pulse(self) -> None:
        self.happen(states.TriggerPulse("event.bell"))

    @rule(seconds=st.integers(1, 3600))
    def ask(self, seconds: int) -> None:
        self.happen(states.Ask(seconds * SECOND, None))

    @rule(armed=st.booleans())
    def arm(self, armed: bool) -> None:
        self.happen(states.Arm(armed))

    @rule(streaming=st.booleans())
    def seen(self, streaming: bool) -> None:
        self.happen(states.Seen(streaming, "" if streaming else "source_stalled"))

    @rule(fault=st.sampled_from(["", "storage_full"]))
    def storage(self, fault: str) -> None:
        self.happen(states.Storage(fault))

    @rule()
    def cut(self) -> None:
        self.happen(states.Cut())

    @precondition(lambda self: self.preparing)
    @rule(well=st.booleans(), told=st.booleans())
    def prepared(self, well: bool, told: bool) -> None:
        self.preparing -= 1
        if not well:
            self.happen(states.NotPrepared("storage_unavailable"))
            return
        self.clips += 1
        clip_id = ClipId(f"{self.clips:032x}")
        self.happen(states.Prepared(clip_id))
        if self.ordered == clip_id and not told:
            self.ordered = None
            self.happen(states.Refused(clip_id))

    @precondition(lambda self: self.ordered and not self.begun)
    @rule()
    def started(self) -> None:
        assert self.ordered
        self.begun = True
        self.happen(states.Started(self.ordered))

    @precondition(lambda self: self.ordered)
    @rule(reason=st.sampled_from(["until", "max_length", "clock", "geometry", "source_lost", "failed"]))
    def ended(self, reason: str) -> None:
        clip_id, self.ordered = self.ordered, None
        assert clip_id
        self.happen(states.Ended(clip_id, reason, self.now_us))

    @precondition(lambda self: self.ordered and not self.begun)
    @rule()
    def failed(self) -> None:
        clip_id, self.ordered = self.ordered, None
        assert clip_id
        self.happen(states.Failed(clip_id, "encoder_failed"))

    @rule()
    def an_old_clip_fails(self) -> None:
        self.happen(states.Failed(OTHER, "disk_full"))

    @rule()
    def worker_lost(self) -> None:
        self.ordered = None
        self.happen(states.WorkerLost("worker_lost"))

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        self.now_us += seconds * SECOND
        self.boot_us += seconds * SECOND
        self.happen(states.Tick())

    @rule(seconds=st.integers(-100_000, 100_000))
    def clock_is_set(self, seconds: int) -> None:
        self.now_us = max(self.now_us + seconds * SECOND, SECOND)

    @rule()
    def all_is_well(self) -> None:
        """Whatever happened: what is wanted is recorded once nothing is in the way."""
        if self.preparing:
            self.prepared(well=True, told=True)
        self.seen(True)
        self.storage("")
        self.now_us += RETRY_US
        self.boot_us += RETRY_US
        self.happen(states.Tick())
        wanted = holds(self.terms, self.state, self.now_us) or (self.state.armed and self.terms.continuous)
        if wanted:
            assert self.state.phase in {Phase.PREPARING, *IN_HAND}
        else:
            # Keys that are being made for what isn't wanted any more are thrown away once they are there.
            assert self.state.phase in {Phase.IDLE, *IN_HAND, *((Phase.PREPARING,) if self.preparing else ())}

    @rule()
    def nobody_wants_anything(self) -> None:
        self.arm(False)
        if self.ordered:
            assert self.end_us is not None
            assert self.end_us <= self.now_us, "a camera that is switched off ends its clip"
        self.arm(True)

    @invariant()
    def what_the_worker_has_is_known(self) -> None:
        if not hasattr(self, "state"):
            return
        state = self.state
        assert (state.clip_id is not None) is (state.phase in IN_HAND)
        assert state.clip_id == self.ordered
        assert (state.request is None) is (state.phase is Phase.IDLE)
        assert (state.phase is Phase.PREPARING) is bool(self.preparing)
        assert (state.phase is Phase.RECORDING) is (self.ordered is not None and self.begun)
        assert state.armed or not state.held_by


TestRecorder = Recorder.TestCase
TestRecorder.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
