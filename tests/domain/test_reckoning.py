"""The reckoned time over long stories: whatever is done to a machine's clock, a clip lives its days of running time."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import US_PER_SECOND, Clip, ClipId, Trigger, TriggerKind
from custom_components.camguard.domain.reckoning import (
    ABSENCE_LIMIT_US,
    STEADY_US,
    STEP_US,
    ClockState,
    Reading,
    clock_error_us,
    read_clock,
    reckoned_us,
)
from custom_components.camguard.domain.retention import to_free

HOUR = 3600 * US_PER_SECOND
MINUTE = HOUR // 60
DAY = 24 * HOUR
T0 = 1_790_000_000 * US_PER_SECOND
Y1970 = 1_000 * US_PER_SECOND


class Machine:
    """A machine whose clocks go as told, looked at with `read_clock`."""

    def __init__(self, wall_us: int = T0, *, synchronized: bool | None = False) -> None:
        self.wall_us = wall_us
        self.boottime_us = 100 * HOUR
        self.boot = 1
        self.synchronized = synchronized
        self.state: ClockState | None = None
        self.look()

    def run(self, us: int) -> Machine:
        self.wall_us += us
        self.boottime_us += us
        return self

    def reboot(self, off_us: int = 0, wall_us: int | None = None) -> Machine:
        """Look, and be off for `off_us`; `wall_us`: what the clock shows then, when that isn't what it should."""
        self.look()
        self.wall_us = self.wall_us + off_us if wall_us is None else wall_us
        self.boottime_us = 0
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


def test_the_first_look_is_believed() -> None:
    reading = read_clock(None, wall_us=T0, boottime_us=7, boot_id="a", synchronized=False)
    assert reading == Reading(
        now_us=T0,
        believed=False,
        state=ClockState(boot_id="a", boottime_us=7, high_us=T0, steady_us=7),
    )
    assert reading.trusted


@pytest.mark.parametrize("synchronized", [True, False, None])
def test_setting_the_clock_ages_nothing(synchronized: bool | None) -> None:
    machine = Machine(synchronized=synchronized)
    for by in (-3 * HOUR, -60 * DAY, 100 * DAY, -20_000 * DAY, 20_000 * DAY):
        before = machine.look().now_us
        reading = machine.run(MINUTE).set(by).look()
        assert (reading.now_us, reading.trusted, reading.stepped_us) == (before + MINUTE, True, by)
        for _ in range(5):  # told once
            assert machine.run(MINUTE).look().stepped_us == 0


def test_small_corrections_are_no_steps() -> None:
    machine = Machine()
    assert machine.run(HOUR).set(HOUR - 1).look().stepped_us == 0
    machine = Machine()
    assert machine.run(HOUR).set(-HOUR + 1).look().stepped_us == 0
    assert machine.run(HOUR).set(HOUR).look().stepped_us == HOUR
    assert machine.run(HOUR).set(-HOUR).look().stepped_us == -HOUR


@pytest.mark.parametrize("synchronized", [True, False])
def test_the_time_that_a_machine_is_off_counts(synchronized: bool) -> None:
    machine = Machine(synchronized=synchronized)
    reading = machine.run(HOUR).reboot(8 * HOUR).run(MINUTE).look()
    assert (reading.now_us, reading.trusted, reading.stepped_us) == (T0 + 9 * HOUR + MINUTE, True, 0)
    assert (reading.absence_us, reading.since_us) == (8 * HOUR, T0 + HOUR + MINUTE)
    assert machine.run(HOUR).look().absence_us == 0


def test_a_long_absence_is_doubted_until_synchronised_or_steady() -> None:
    machine = Machine()
    assert machine.reboot(ABSENCE_LIMIT_US).look().trusted
    machine = Machine()
    reading = machine.reboot(60 * DAY).run(MINUTE).look()
    assert (reading.now_us, reading.doubted_us, reading.trusted) == (T0 + MINUTE, 60 * DAY, False)
    for _ in range(23):
        assert not machine.run(HOUR).look().trusted
    assert not machine.run(HOUR - MINUTE - 1).look().trusted
    reading = machine.run(1).run(MINUTE).look()
    assert (reading.trusted, reading.absence_us) == (True, 60 * DAY)
    assert reading.now_us == T0 + 61 * DAY + MINUTE
    machine = Machine()
    assert not machine.reboot(60 * DAY).look().trusted
    machine.synchronized = True
    assert machine.look().now_us == T0 + 60 * DAY


def test_a_doubted_clock_that_is_put_right_leaves_no_trace() -> None:
    machine = Machine()
    assert not machine.reboot(HOUR).set(60 * DAY).look().trusted
    reading = machine.run(HOUR).set(-60 * DAY).look()
    assert (reading.now_us, reading.trusted) == (T0 + 2 * HOUR, True)


def test_many_short_absences_of_one_boot_are_no_long_one() -> None:
    machine = Machine()
    assert machine.reboot(47 * HOUR).look().trusted
    assert not machine.set(47 * HOUR).look().trusted
    assert machine.look().now_us == T0 + 47 * HOUR


def test_doubt_goes_on_over_another_boot() -> None:
    machine = Machine()
    machine.reboot(30 * DAY).look()
    reading = machine.run(23 * HOUR).reboot(HOUR).run(2 * HOUR).look()
    assert (reading.trusted, reading.doubted_us) == (False, 30 * DAY + HOUR)


def test_a_clock_without_a_battery() -> None:
    machine = Machine()
    reading = machine.reboot(wall_us=Y1970).run(MINUTE).look()
    assert (reading.now_us, reading.trusted) == (T0 + MINUTE, True)
    assert reading.stepped_us == Y1970 - T0
    assert reading.offset_us == 0, "the clock before is the one that is believed"
    for _ in range(48):  # for how long ever
        reading = machine.run(HOUR).look()
    assert (reading.now_us, reading.believed) == (T0 + 48 * HOUR + MINUTE, False)
    # right after 48 hours: the machine was off for 5 hours
    reading = machine.set(T0 - Y1970 + 5 * HOUR).look()
    assert (reading.now_us, reading.absence_us) == (T0 + 53 * HOUR + MINUTE, 5 * HOUR)
    # what was recorded since the boot isn't older for that
    assert reading.since_us == T0 + MINUTE


def test_a_clock_that_is_kept_on_disk_and_put_right_by_a_time_server() -> None:
    machine = Machine()
    reading = machine.run(HOUR).reboot(0).run(MINUTE).look()  # shows when it was switched off
    assert reading.now_us == T0 + HOUR + MINUTE
    machine.synchronized = True
    reading = machine.set(20 * DAY).look()
    assert (reading.now_us, reading.absence_us) == (T0 + HOUR + MINUTE + 20 * DAY, 20 * DAY)
    assert reading.since_us == T0 + HOUR + MINUTE
    assert reading.offset_us == 0


def test_a_clock_that_was_ahead_and_is_right_after_a_boot() -> None:
    machine = Machine(T0 + 30 * DAY)
    reading = machine.run(HOUR).reboot(HOUR).set(-30 * DAY).look()
    assert (reading.now_us, reading.trusted) == (T0 + 30 * DAY + HOUR, True)
    machine.synchronized = True
    reading = machine.run(HOUR).look()
    assert (reading.now_us, reading.offset_us) == (T0 + 30 * DAY + 2 * HOUR, -30 * DAY + HOUR)
    # from here on, absences count
    assert machine.reboot(5 * HOUR).look().now_us == T0 + 30 * DAY + 7 * HOUR


@pytest.mark.parametrize("boot", [True, False])
@pytest.mark.parametrize("synchronized", [True, False])
def test_sixty_days_back_and_right_again_over_boots(synchronized: bool, boot: bool) -> None:
    machine = Machine(synchronized=synchronized)
    (machine.reboot(0) if boot else machine).set(-60 * DAY).look()
    for _ in range(30):
        machine.run(HOUR).look()
    reading = (machine.reboot(HOUR) if boot else machine).set(60 * DAY).look()
    assert (reading.now_us, reading.trusted) == (T0 + 30 * HOUR + HOUR * boot, True)


def test_a_boottime_that_runs_back_is_a_boot() -> None:
    state = ClockState(boot_id="", boottime_us=50 * HOUR, high_us=T0)
    reading = read_clock(state, wall_us=T0 - HOUR, boottime_us=HOUR, boot_id="", synchronized=False)
    assert reading.now_us == T0 + HOUR


# --- what becomes of clips ---

DAYS = 14


class Household(Machine):
    """Records a clip now and then, and looks each hour what is due: as the sweeper and the index do."""

    def __init__(self, wall_us: int = T0, *, synchronized: bool | None = False) -> None:
        self.ages_from: dict[str, int] = {}
        self.lived: dict[str, int] = {}
        self.true_us = 0
        self.recorded_at: dict[str, int] = {}
        self.clips: dict[str, Clip] = {}
        self.reading: Reading | None = None
        super().__init__(wall_us, synchronized=synchronized)

    def look(self) -> Reading:
        self.reading = reading = super().look()
        if reading.absence_us:
            for name, at in self.ages_from.items():
                if at >= reading.since_us:
                    self.ages_from[name] = at + reading.absence_us
                    self.clips[name] = replace(self.clips[name], reckoned_us=at + reading.absence_us)
        for name, at in [*self.ages_from.items()]:
            if reading.trusted and at + DAYS * DAY <= reading.now_us:
                del self.ages_from[name]
                self.lived[name] = self.true_us - self.recorded_at[name]
        return reading

    def record(self, name: str) -> None:
        assert self.reading is not None
        at = reckoned_us(self.wall_us - MINUTE, wall_us=self.wall_us, now_us=self.reading.now_us)
        self.ages_from[name] = at
        self.recorded_at[name] = self.true_us
        self.clips[name] = replace(clip(0, 1, False), end_us=self.wall_us - MINUTE, reckoned_us=at)

    def run(self, us: int) -> Household:
        for _ in range(us // HOUR):
            super().run(HOUR)
            self.true_us += HOUR
            self.look()
        super().run(us % HOUR)
        self.true_us += us % HOUR
        return self

    def error(self, name: str) -> int:
        assert self.reading is not None
        return clock_error_us(self.clips[name], self.reading.offset_us)


@pytest.mark.parametrize("synchronized", [True, False])
@pytest.mark.parametrize("boots", [True, False])
def test_ahead_at_set_up_then_right(synchronized: bool, boots: bool) -> None:
    home = Household(T0 + 30 * DAY, synchronized=synchronized)
    home.record("ahead")
    home.run(3 * DAY)
    home.record("ahead, later")
    assert home.error("ahead") == 0, "nobody can know"
    if boots:
        home.reboot(HOUR)
        home.true_us += HOUR
    home.set(-30 * DAY).look()
    home.record("right")
    home.run(2 * DAY)
    assert home.error("ahead") == home.error("ahead, later") == 30 * DAY - HOUR * boots
    assert home.error("right") == 0
    home.run(40 * DAY)
    assert home.lived.keys() == home.clips.keys()
    for lived in home.lived.values():
        assert DAYS * DAY - HOUR <= lived <= DAYS * DAY + 2 * HOUR


@pytest.mark.parametrize("synchronized", [True, False])
@pytest.mark.parametrize("boots", [True, False])
def test_sixty_days_back_and_right_again(synchronized: bool, boots: bool) -> None:
    home = Household(synchronized=synchronized)
    home.record("right")
    home.run(DAY)
    (home.reboot() if boots else home).set(-60 * DAY).look()
    home.record("back")
    assert (home.error("back"), home.error("right")) in {(-60 * DAY, 0), (0, 60 * DAY)}
    home.run(2 * DAY)
    home.record("back, later")
    (home.reboot() if boots else home).set(60 * DAY).look()
    home.record("right again")
    home.run(2 * DAY)
    assert home.error("back") == home.error("back, later") == -60 * DAY
    assert home.error("right") == home.error("right again") == 0
    home.run(40 * DAY)
    assert home.lived.keys() == home.clips.keys()
    for lived in home.lived.values():
        assert DAYS * DAY - HOUR <= lived <= DAYS * DAY + 2 * HOUR


@pytest.mark.parametrize("synchronized", [True, False])
@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("off", [0, 5 * HOUR, 20 * DAY])
def test_1970_at_start_and_right_after_ten_minutes(synchronized: bool, existing: bool, off: int) -> None:
    if existing:
        home = Household()
        home.record("before")
        home.run(DAY)
        home.reboot(wall_us=Y1970)
        home.true_us += off
        home.look()
    else:
        home = Household(Y1970)
    home.run(5 * MINUTE).look()
    home.record("1970")
    home.run(5 * MINUTE)
    home.synchronized = synchronized
    home.wall_us = T0 + home.true_us
    home.look()
    home.record("right")
    home.run(2 * DAY)
    assert abs(home.error("1970") - (Y1970 - T0)) < 60 * DAY
    assert home.error("right") == 0
    home.run(40 * DAY)
    assert home.lived.keys() == home.clips.keys()
    for name in ("1970", "right"):
        assert DAYS * DAY - HOUR <= home.lived[name] <= DAYS * DAY + 2 * HOUR
    if existing:
        # the time that the machine was off counts
        doubted = not synchronized and off > ABSENCE_LIMIT_US
        expected = DAYS * DAY if off < 10 * DAY else DAY + off + STEADY_US * doubted
        assert expected - HOUR <= home.lived["before"] <= expected + 2 * HOUR


moves = st.tuples(
    st.sampled_from(["run", "set", "reboot"]),
    st.integers(-400 * DAY, 400 * DAY) | st.integers(-2 * HOUR, 2 * HOUR),
    st.sampled_from([False, False, None, True]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(moves, max_size=12))
def test_invariants(steps: list[tuple[str, int, bool | None]]) -> None:
    machine = Machine()
    assert machine.state is not None
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
        # time never goes back, and goes on by no less than the machine ran and by no more than it may have been off
        assert reading.now_us == before.high_us + elapsed + reading.absence_us
        assert reading.absence_us >= 0
        assert reading.state.high_us == reading.now_us
        if kind != "reboot" and before.awaited is None:
            assert (reading.absence_us, reading.trusted, reading.state.awaited) == (0, True, None)
        if not reading.believed:
            assert reading.absence_us <= ABSENCE_LIMIT_US
        else:
            assert reading.trusted
            assert reading.state.awaited is None
        if not reading.trusted:
            assert reading.doubted_us > 0
            assert reading.state.awaited is not None
        if kind == "run":
            assert reading.stepped_us == 0
        # the absence brings the clock to where one that is right is awaited, and is told once
        again = machine.look()
        assert (again.now_us, again.absence_us, again.stepped_us) == (reading.now_us, 0, 0)


@given(st.integers(-400 * DAY, 400 * DAY), st.integers(0, 400 * DAY))
def test_a_clip_that_was_just_recorded_is_young(set_by: int, ago: int) -> None:
    at = reckoned_us(T0 - ago, wall_us=T0 + set_by, now_us=T0)
    assert T0 - STEP_US <= at <= T0


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
