"""The clock's rules over long stories: whatever is done to a machine's clock, what must hold holds."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import US_PER_SECOND, Clip, ClipId, Trigger, TriggerKind
from custom_components.camguard.domain.retention import (
    STEADY_US,
    STEP_LIMIT_US,
    ClockState,
    Reading,
    read_clock,
    to_free,
)

HOUR = 3600 * US_PER_SECOND
DAY = 24 * HOUR
T0 = 1_790_000_000 * US_PER_SECOND


class Machine:
    """A machine whose clocks go as told, looked at with `read_clock`."""

    def __init__(self) -> None:
        self.wall_us = T0
        self.boottime_us = 100 * HOUR
        self.boot = 1
        self.synchronized: bool | None = False
        self.state: ClockState | None = None
        self.look()

    def run(self, us: int) -> Machine:
        self.wall_us += us
        self.boottime_us += us
        return self

    def reboot(self, off_us: int = 0) -> Machine:
        self.wall_us += off_us
        self.boottime_us = 10 * US_PER_SECOND
        self.boot += 1
        return self

    def set(self, by_us: int) -> Machine:
        self.wall_us += by_us
        return self

    def look(self) -> Reading:
        reading = read_clock(
            self.state,
            wall_us=self.wall_us,
            boottime_us=self.boottime_us,
            boot_id=str(self.boot),
            synchronized=self.synchronized,
        )
        self.state = reading.state
        return reading


def test_a_step_is_told_once() -> None:
    machine = Machine()
    for by in (-3 * HOUR, -30 * DAY, 100 * DAY):
        assert machine.run(60 * US_PER_SECOND).set(by).look().stepped_us == by
        for _ in range(5):
            assert machine.run(60 * US_PER_SECOND).look().stepped_us == 0


def test_small_corrections_are_no_steps() -> None:
    machine = Machine()
    assert machine.run(HOUR).set(HOUR - 1).look().stepped_us == 0
    assert machine.run(HOUR).set(-HOUR + 1).look().stepped_us == 0
    assert machine.run(HOUR).set(HOUR).look().stepped_us == HOUR
    assert machine.run(HOUR).set(-HOUR).look().stepped_us == -HOUR


def test_the_limit_of_a_leap() -> None:
    assert Machine().set(STEP_LIMIT_US).look().trusted
    machine = Machine()
    assert not machine.set(STEP_LIMIT_US + 1).look().trusted
    machine.synchronized = True
    assert machine.look().trusted
    machine.synchronized = None
    assert machine.run(HOUR).look().trusted
    assert not machine.set(60 * DAY).look().trusted


def test_a_steady_day_is_a_whole_day() -> None:
    machine = Machine()
    assert not machine.set(60 * DAY).look().trusted
    for _ in range(23):
        assert not machine.run(HOUR).look().trusted
    assert not machine.run(HOUR - 1).look().trusted
    assert machine.run(1).look().trusted
    # a leap that is taken back leaves no trace; a second one is doubted for a whole day again
    machine = Machine()
    assert not machine.set(60 * DAY).look().trusted
    reading = machine.run(HOUR).set(-60 * DAY).look()
    assert (reading.now_us, reading.trusted, reading.state.doubt_since_us) == (T0 + HOUR, True, None)
    assert not machine.run(23 * HOUR).set(60 * DAY).look().trusted
    assert not machine.run(23 * HOUR).look().trusted


def test_a_clock_without_a_battery() -> None:
    machine = Machine()
    reading = machine.reboot(off_us=-300 * DAY).look()
    assert (reading.now_us, reading.trusted, reading.stepped_us) == (T0, True, -300 * DAY)
    assert machine.run(HOUR).look().now_us == T0 + HOUR
    machine.synchronized = True
    assert machine.set(300 * DAY).look().now_us == T0 + HOUR


def test_a_boottime_that_runs_back_is_no_gain() -> None:
    state = ClockState(boot_id="", boottime_us=50 * HOUR, high_us=T0)
    reading = read_clock(state, wall_us=T0 - HOUR, boottime_us=HOUR, boot_id="", synchronized=False)
    assert reading.now_us == T0


moves = st.tuples(
    st.sampled_from(["run", "set", "reboot"]),
    st.integers(-400 * DAY, 400 * DAY) | st.integers(-2 * HOUR, 2 * HOUR),
    st.sampled_from([False, False, None, True]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(moves, max_size=12))
def test_invariants(steps: list[tuple[str, int, bool | None]]) -> None:
    machine = Machine()
    believed_us, doubted_us = T0, 0
    for kind, us, synchronized in steps:
        before = machine.state
        assert before is not None
        elapsed = 0
        match kind:
            case "run":
                machine.run(elapsed := abs(us) // 20)
            case "set":
                machine.set(us)
            case _:
                machine.reboot(us)
        machine.synchronized = synchronized
        reading = machine.look()
        doubted_us = doubted_us + elapsed if before.doubt_since_us is not None and kind != "reboot" else 0
        assert reading.now_us >= machine.wall_us  # nothing that looks expired is shown
        assert reading.trusted == (reading.state.doubt_since_us is None)
        if kind == "run":
            assert reading.stepped_us == 0
        if synchronized:
            assert (reading.now_us, reading.trusted) == (machine.wall_us, True)
        else:
            # never back behind what was believed, however the clock is turned
            assert reading.state.high_us >= before.high_us + elapsed
            if reading.trusted:
                assert reading.now_us >= believed_us
                leap = reading.now_us - (before.high_us + elapsed)
                assert leap <= STEP_LIMIT_US or doubted_us >= STEADY_US
        if reading.trusted:
            assert reading.state.high_us == reading.now_us
            believed_us = reading.now_us


def clip(start_us: int, size: int, held: bool) -> Clip:
    return Clip(
        clip_id=ClipId(f"{start_us:032x}"), camera_id="c", start_us=start_us, end_us=start_us + 10, size_bytes=size,
        sha256="", trigger=Trigger(kind=TriggerKind.TEST), retention_days=1, width=2, height=2, frames=1,
        held_until_us=1 if held else None,
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 1000), st.booleans()), max_size=12),
    st.integers(-10, 5000),
    st.randoms(use_true_random=False),
)
def test_the_oldest_go_and_no_more_than_needed(rows: list[tuple[int, bool]], missing: int, random: Any) -> None:
    clips = [clip(T0 + number, size, held) for number, (size, held) in enumerate(rows)]
    free = [item for item in clips if not item.held]
    shuffled = [*clips]
    random.shuffle(shuffled)
    chosen = list(to_free(shuffled, missing))
    assert chosen == free[: len(chosen)]
    total = sum(item.size_bytes for item in chosen)
    assert total >= missing or chosen == free
    if chosen:
        assert total - chosen[-1].size_bytes < missing
