"""What the cameras may take of machine and storage: shared fairly, and nothing but pictures is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.app.workers.backlog import FOR_EVER_US, Backlog, Load
from custom_components.camguard.app.workers.budget import BURST_SECONDS, EXCEEDED_SECONDS, MOST_LEFT_OUT, Budget, fair
from custom_components.camguard.worker.protocol import BEAT_SECONDS, Allow

DAY = 86_400
GB = 1_000_000_000


class House:
    """Cameras that need `cores` of CPU and write `rate` bytes a second at their full rate; both fall with theirs."""

    def __init__(self, budget_of: object, cameras: dict[str, tuple[float, float]], *, fixed: float = 0.0) -> None:
        """`fixed`: which part of the CPU time is needed however few pictures are recorded (decoding)."""
        self.now = 0.0
        self.budget: Budget = budget_of(lambda: self.now)  # type: ignore[operator]
        self.cameras = cameras
        self.fixed = fixed
        self.cpu_us = dict.fromkeys(cameras, 0.0)
        self.written = dict.fromkeys(cameras, 0.0)
        self._clip = dict.fromkeys(cameras, 0.0)

    def run(self, seconds: float, *, only: set[str] | None = None) -> float:
        """Let time pass; returns how many cores were busy at the mean."""
        busy = 0.0
        for _ in range(int(seconds / BEAT_SECONDS)):
            self.now += BEAT_SECONDS
            for camera_id, (cores, rate) in self.cameras.items():
                kept = self.budget.keep_one_of(camera_id)
                if only is None or camera_id in only:
                    used = cores * (self.fixed + (1 - self.fixed) / kept)
                    self.cpu_us[camera_id] += used * BEAT_SECONDS * 1e6
                    busy += used * BEAT_SECONDS
                    self._clip[camera_id] += rate * BEAT_SECONDS / kept
                if self.now % 300 == 0 and self._clip[camera_id]:
                    self.budget.wrote(camera_id, round(self._clip[camera_id]))
                    self.written[camera_id] += self._clip[camera_id]
                    self._clip[camera_id] = 0.0
                self.budget.worked(camera_id, round(self.cpu_us[camera_id]))
        return busy / seconds

    @property
    def kept(self) -> list[int]:
        return [self.budget.keep_one_of(camera_id) for camera_id in self.cameras]


def test_without_a_limit_nothing_is_left_out() -> None:
    house = House(lambda clock: Budget(clock=clock), {"a": (2.0, 1e6), "b": (2.0, 1e6)})
    house.run(DAY / 4)
    assert house.kept == [1, 1]
    assert not house.budget.exceeded


def test_the_frame_rate_falls_until_the_machine_is_no_more_than_its_share_busy() -> None:
    house = House(lambda clock: Budget(0.5, clock=clock), {"a": (0.4, 0), "b": (0.4, 0), "c": (0.05, 0)}, fixed=0.25)
    house.run(600)
    assert house.run(600) <= 0.5
    heavy, also, light = house.kept
    assert (light, heavy > 1, also > 1) == (1, True, True), "who takes little gives nothing"
    assert abs(heavy - also) <= 1


def test_it_rises_again_when_there_is_room() -> None:
    house = House(lambda clock: Budget(0.5, clock=clock), {"a": (0.4, 0), "b": (0.4, 0)})
    house.run(600)
    assert max(house.kept) > 1
    house.run(900, only={"a"})
    assert house.budget.keep_one_of("a") == 1


def test_it_settles() -> None:
    """Not now and then: a rate that goes up and down is worse than one that is low."""
    house = House(lambda clock: Budget(0.5, clock=clock), {"a": (0.4, 0), "b": (0.4, 0)}, fixed=0.2)
    house.run(1200)
    seen = set()
    for _ in range(60):
        house.run(30)
        seen.add(tuple(house.kept))
    assert len(seen) <= 2


def test_what_can_not_be_met_is_told_and_nothing_else_is_left_out() -> None:
    house = House(lambda clock: Budget(0.1, clock=clock), {"a": (0.9, 0)}, fixed=0.5)
    house.run(1800)
    assert house.kept == [MOST_LEFT_OUT]
    assert not house.budget.exceeded
    house.run(EXCEEDED_SECONDS)
    assert house.budget.exceeded
    house.run(600, only=set())
    assert not house.budget.exceeded


def test_a_days_storage_is_kept() -> None:
    rate = 3 * GB / DAY
    house = House(lambda clock: Budget(0, 4 * GB, clock=clock), {"a": (0, rate), "b": (0, rate), "c": (0, rate / 100)})
    house.run(DAY)
    first = sum(house.written.values())
    assert first <= 4 * GB * 1.15, "what was saved up comes on top, once"
    house.run(DAY)
    assert sum(house.written.values()) - first <= 4 * GB * 1.02
    assert house.budget.keep_one_of("c") == 1
    assert house.written["a"] == pytest.approx(house.written["b"], rel=0.05)
    assert not house.budget.exceeded


def test_who_needs_little_leaves_it_to_the_others() -> None:
    house = House(lambda clock: Budget(0, 4 * GB, clock=clock), {"a": (0, 3 * GB / DAY), "b": (0, 0.1 * GB / DAY)})
    house.run(2 * DAY)
    assert house.written["a"] > 2 * 2.8 * GB
    assert house.kept == [1, 1]


def test_a_burst_is_recorded_in_full() -> None:
    house = House(lambda clock: Budget(0, 6 * GB, clock=clock), {"a": (0, 1e6)})
    house.run(BURST_SECONDS, only=set())
    house.run(450)  # 0.45 GB of the one that was saved up
    assert house.kept == [1]


def test_storage_that_can_not_be_met_is_told() -> None:
    house = House(lambda clock: Budget(0, GB, clock=clock), {"a": (0, 60 * GB / DAY)})
    house.run(DAY / 2)
    assert house.kept == [MOST_LEFT_OUT]
    assert house.budget.exceeded


def test_a_new_worker_is_no_time_machine() -> None:
    house = House(lambda clock: Budget(0.5, clock=clock), {"a": (0.3, 0)})
    house.run(300)
    house.cpu_us["a"] = 0.0
    house.run(300)
    assert house.kept == [1]


def test_a_removed_camera_leaves_its_share() -> None:
    house = House(lambda clock: Budget(0, 2 * GB, clock=clock), {"a": (0, 1.8 * GB / DAY), "b": (0, 1.8 * GB / DAY)})
    house.run(DAY)
    assert house.budget.keep_one_of("a") > 1
    house.budget.forget("b")
    del house.cameras["b"]
    house.run(DAY)
    assert house.kept == [1]


@given(st.floats(0, 1e6), st.dictionaries(st.text(max_size=3), st.floats(0, 1e6), min_size=1, max_size=12))
def test_fair(whole: float, wanted: dict[str, float]) -> None:
    shares = fair(whole, wanted)
    assert shares.keys() == wanted.keys()
    assert sum(shares.values()) <= whole * (1 + 1e-9)
    for name, share in shares.items():
        assert 0 <= share <= wanted[name]
        if share < wanted[name] * (1 - 1e-9):  # who gets less than wanted gets as much as anybody
            assert all(other <= share * (1 + 1e-9) + 1e-6 for other in shares.values())


def test_the_backlog_tells_the_workers() -> None:
    now = 0.0
    news = 0

    def on_news() -> None:
        nonlocal news
        news += 1

    budget = Budget(0.2, clock=lambda: now)
    backlog = Backlog(64 << 20, 2, on_news, budget=budget, clock=lambda: now, machine_load=lambda: 0.0)
    told: list[Allow] = []
    cpu_us = 0
    for _ in range(int(2 * EXCEEDED_SECONDS / BEAT_SECONDS)):
        now += BEAT_SECONDS
        cpu_us += int(0.5 * BEAT_SECONDS * 1e6)
        load = Load(held_bytes=1 << 20, lag_us=0, clip_from_us=1, left_us=FOR_EVER_US, cpu_us=cpu_us)
        backlog.report("a", load, told.append)
    assert [order.keep_one_of for order in told] == [1, 2, 3, 4, 5, 6]
    assert all(order.go_on for order in told)
    assert news == 1
    assert backlog.kept("a") == MOST_LEFT_OUT
