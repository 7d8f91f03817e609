"""One bound of memory, turns, and what is left out: several cameras with more to do than the machine can."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.app.workers.backlog import (
    BEHIND_US,
    FOR_EVER_US,
    LEAST_OF_ONE_BYTES,
    LOOK_BACK_SECONDS,
    MOST_OF_ONE_BYTES,
    TOLD_SECONDS,
    Backlog,
    Load,
    Overload,
)
from custom_components.camguard.worker.protocol import BEAT_SECONDS, Allow

MB = 1 << 20
BOUND = 512 * MB


class Machine:
    """Cameras that send `rate` bytes a second, and a machine that encodes `capacity` of them at their full rate."""

    def __init__(self, cameras: int, *, capacity: float, bound: int = BOUND, rate: int = 500_000) -> None:
        self.now = 0.0
        self.news = 0
        self.backlog = Backlog(bound, 2, self._on_news, clock=lambda: self.now, machine_load=lambda: 0.0)
        self.capacity = capacity
        self.rate = rate
        self.waiting_s = dict.fromkeys([f"camera {number:02}" for number in range(cameras)], 0.0)
        self.allowed: dict[str, Allow] = {}
        self.recording = True
        self.ended: list[str] = []
        self.largest = 0

    def _on_news(self) -> None:
        self.news += 1

    def run(self, seconds: float, left_s: float | None = None, *, recording: bool = True) -> None:
        """Let so much time pass; `left_s`: how long the recording is expected to last, None: for ever."""
        for _ in range(int(seconds / BEAT_SECONDS)):
            self.now += BEAT_SECONDS
            working = [
                camera_id
                for camera_id, waiting in self.waiting_s.items()
                if (waiting or recording) and (camera_id not in self.allowed or self.allowed[camera_id].go_on)
            ]
            for camera_id in self.waiting_s:
                if recording:
                    self.waiting_s[camera_id] += BEAT_SECONDS
            spent = self.capacity * BEAT_SECONDS * self.backlog.keep_one_of
            for camera_id in sorted(working, key=lambda item: self.waiting_s[item]):
                share = min(self.waiting_s[camera_id], spent / max(len(working), 1), BEAT_SECONDS * 3)
                self.waiting_s[camera_id] -= share
            done = [camera_id for camera_id, waiting in self.waiting_s.items() if waiting < 0.01]
            self.ended += [] if recording else [camera_id for camera_id in done if camera_id not in self.ended]
            for number, (camera_id, waiting) in enumerate(self.waiting_s.items()):
                load = Load(
                    held_bytes=int((5 + waiting) * self.rate),
                    lag_us=int(waiting * 1_000_000),
                    clip_from_us=number if recording or waiting > 0.01 else None,
                    left_us=(FOR_EVER_US if left_s is None else int(left_s * 1_000_000)) if recording else 0,
                )
                self.backlog.report(camera_id, load, partial(self.allowed.__setitem__, camera_id))
            self.largest = max(self.largest, self.backlog.held_bytes)


def test_a_burst_that_fits_into_memory_loses_no_picture() -> None:
    machine = Machine(12, capacity=4)
    machine.run(25, left_s=10)
    machine.run(120, recording=False)
    assert machine.backlog.keep_one_of == 1
    assert machine.backlog.overload is None
    assert not machine.news
    assert machine.largest < BOUND
    assert not any(machine.waiting_s.values())
    # The oldest is finished first, and each that waits has its turn.
    assert len(machine.ended) == 12
    assert machine.ended == sorted(machine.ended)


def test_what_never_fits_is_thinned_out_evenly_and_told() -> None:
    machine = Machine(5, capacity=3)
    machine.run(3600)
    assert machine.backlog.keep_one_of > 1
    assert {order.keep_one_of for order in machine.allowed.values()} == {machine.backlog.keep_one_of}
    assert machine.backlog.overload == Overload(fits=3, cameras=5)
    assert machine.news == 1
    assert machine.largest < BOUND
    machine.run(900, recording=False)
    assert machine.backlog.keep_one_of == 1, "with time enough, nothing is left out"
    assert machine.backlog.overload, "for who looks tomorrow"
    machine.run(TOLD_SECONDS + 60, recording=False)
    assert machine.backlog.overload is None
    assert machine.news == 2


def test_a_long_recording_that_fits_is_left_whole() -> None:
    machine = Machine(4, capacity=4)
    machine.run(1800)
    assert machine.backlog.keep_one_of == 1
    assert not machine.news


def test_one_clip_at_a_time_is_thorough_and_a_burst_is_not() -> None:
    busy = 0.0
    backlog = Backlog(BOUND, 2, lambda: None, clock=lambda: 0.0, machine_load=lambda: busy)
    assert backlog.begin("one", 1)
    assert not backlog.begin("two", 1)
    assert not backlog.begin("three", 2), "before any of them has reported"
    backlog.leave("one")
    backlog.leave("two")
    idle = Load(held_bytes=MB, lag_us=0, clip_from_us=None, left_us=0)
    backlog.report("three", idle, lambda _order: None)
    assert backlog.begin("three", 3)
    backlog.report("three", idle, lambda _order: None)
    busy = 1.5
    assert not backlog.begin("three", 4), "something else needs the machine"


def test_the_worker_is_told_on_change_only_and_anew_after_it_was_lost() -> None:
    told: list[Allow] = []
    backlog = Backlog(BOUND, 2, lambda: None, clock=lambda: 0.0, machine_load=lambda: 0.0)
    load = Load(held_bytes=MB, lag_us=0, clip_from_us=None, left_us=0)
    for _ in range(3):
        backlog.report("one", load, told.append)
    assert told == [Allow(ring_max_bytes=BOUND)]
    backlog.leave("one")
    backlog.report("one", load, told.append)
    assert len(told) == 2


def test_who_waits_goes_on_when_an_older_one_is_done() -> None:
    told: dict[str, list[bool]] = {"a": [], "b": []}
    backlog = Backlog(BOUND, 1, lambda: None, clock=lambda: 0.0, machine_load=lambda: 0.0)

    def report(camera_id: str, from_us: int | None, lag_us: int) -> None:
        load = Load(held_bytes=MB, lag_us=lag_us, clip_from_us=from_us, left_us=0)
        backlog.report(camera_id, load, lambda order: told[camera_id].append(order.go_on))

    report("b", 1, BEHIND_US + 1)
    report("a", 2, BEHIND_US + 1)
    assert (told["a"][-1], told["b"][-1]) == (False, True)
    report("b", 1, BEHIND_US - 1)
    assert not told["a"][-1], "who has the turn keeps it until it has caught up"
    report("b", None, 0)
    assert told["a"][-1]
    assert all(told["b"])


@given(
    held=st.lists(st.integers(0, 2 * MOST_OF_ONE_BYTES), min_size=1, max_size=16),
    bound=st.integers(16 * LEAST_OF_ONE_BYTES, 4 * MOST_OF_ONE_BYTES),
)
def test_every_ring_has_its_least_and_none_too_much(held: list[int], bound: int) -> None:
    backlog = Backlog(bound, 2, lambda: None, clock=lambda: 0.0, machine_load=lambda: 0.0)
    told: dict[int, Allow] = {}
    for _ in range(2):
        for number, size in enumerate(held):
            load = Load(held_bytes=size, lag_us=0, clip_from_us=None, left_us=0)
            backlog.report(str(number), load, partial(told.__setitem__, number))
    for number, size in enumerate(held):
        most = told[number].ring_max_bytes
        assert LEAST_OF_ONE_BYTES <= most <= MOST_OF_ONE_BYTES
        assert most <= max(size + max(bound - sum(held), 0), LEAST_OF_ONE_BYTES)


@pytest.mark.parametrize("left_s", [0.0, LOOK_BACK_SECONDS])
def test_nobody_is_thinned_while_nobody_is_late(left_s: float) -> None:
    machine = Machine(3, capacity=6)
    machine.run(600, left_s=left_s)
    assert machine.backlog.keep_one_of == 1
