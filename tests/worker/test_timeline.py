"""Stream clocks to UTC."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.worker.input.timeline import AHEAD_LIMIT_US, DRIFT_LIMIT_US, LATE_LIMIT_US, Timeline

BASE_US = 1_700_000_000_000_000
TIMES = st.one_of(st.none(), st.integers(-(1 << 40), 1 << 40))


@given(
    st.lists(
        st.tuples(st.integers(0, 20_000_000), TIMES, st.integers(-3_000_000, 3_000_000), st.booleans()), max_size=60
    )
)
def test_whatever_comes_times_grow_and_stay_near_the_arrival(steps: list[tuple[int, int | None, int, bool]]) -> None:
    timeline = Timeline()
    arrival_us, last = BASE_US, None
    for wait_us, dts_us, shift_us, has_pts in steps:
        arrival_us += wait_us
        placed = timeline.place(arrival_us, dts_us, dts_us)
        assert last is None or placed > last
        assert placed <= arrival_us + 3 * len(steps)
        assert placed >= arrival_us - LATE_LIMIT_US - 3 * len(steps)
        last = placed
        if dts_us is not None and has_pts:
            shown = timeline.place(arrival_us, dts_us + shift_us, dts_us)
            assert last < shown <= arrival_us + 3 * len(steps) + 2_000_000
            last = timeline.place(arrival_us, None, None)


@settings(max_examples=20)
@given(
    ppm=st.integers(-200, 200),
    fps=st.sampled_from([5, 15]),
    jitter_us=st.integers(0, 80_000),
    origin_us=st.integers(-(1 << 33), 1 << 40),
    seed=st.integers(0, 1000),
)
def test_follows_a_steady_stream_for_an_hour(ppm: int, fps: int, jitter_us: int, origin_us: int, seed: int) -> None:
    """The camera's clock runs `ppm` too fast, packets are late at random."""
    timeline, chance = Timeline(), random.Random(seed)
    last = 0
    for number in range(3600 * fps):
        real_us = number * 1_000_000 // fps
        stream_us = origin_us + real_us * (1_000_000 + ppm) // 1_000_000
        placed = timeline.place(BASE_US + real_us + chance.randint(0, jitter_us), stream_us, stream_us)
        assert placed > last
        assert abs(placed - (BASE_US + real_us)) <= 500_000
        last = placed


def test_a_slow_clock_is_pulled_after_by_windows() -> None:
    timeline = Timeline()
    late = 0
    for second in range(1200):
        arrival = BASE_US + second * 1_000_000
        stream = second * 999_800
        late = arrival - timeline.place(arrival, stream, stream)
        assert late <= 2 * DRIFT_LIMIT_US
    assert late <= 2 * DRIFT_LIMIT_US


def test_a_jump_of_the_stream_anchors_anew() -> None:
    for jump in (-(1 << 33) * 100 // 9, -20_000_000, LATE_LIMIT_US * -1 - 1, -2_000_000, AHEAD_LIMIT_US + 1, 1 << 40):
        timeline = Timeline()
        for number in range(10):
            timeline.place(BASE_US + number * 100_000, number * 100_000, number * 100_000)
        for number in range(10, 20):
            stream_us = number * 100_000 + jump
            assert timeline.place(BASE_US + number * 100_000, stream_us, stream_us) == BASE_US + number * 100_000


def test_an_outage_of_the_network_does_not_shift_what_was_held_up() -> None:
    timeline = Timeline()
    timeline.place(BASE_US, 0, 0)
    for number in range(1, 40):
        placed = timeline.place(BASE_US + 4_000_000 + number, number * 100_000, number * 100_000)
        assert placed == BASE_US + number * 100_000


def test_reordered_pictures_are_placed_when_they_are_shown() -> None:
    timeline = Timeline()
    assert timeline.place(BASE_US, 200_000, 0) == BASE_US + 200_000
    assert timeline.place(BASE_US + 100_000, 100_000, 100_000) == BASE_US + 100_000
    assert timeline.place(BASE_US + 200_000, 9_000_000, 200_000) == BASE_US + 200_000, "an absurd shift is ignored"


def test_streams_without_times_have_those_of_their_arrival() -> None:
    timeline = Timeline()
    assert timeline.place(BASE_US, None, None) == BASE_US
    assert timeline.place(BASE_US, None, None) == BASE_US + 1
    assert timeline.place(BASE_US + 50, 7, None) == BASE_US + 50
