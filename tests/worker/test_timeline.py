"""Stream clocks to UTC."""

import random
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.worker.input.timeline import LATE_LIMIT_US, STANDING_PICTURES, Timeline

BASE_US = 1_700_000_000_000_000
TIMES = st.one_of(st.none(), st.integers(-(1 << 40), 1 << 40))


@given(
    st.lists(
        st.tuples(st.integers(0, 20_000_000), TIMES, st.integers(-3_000_000, 3_000_000), st.booleans()), max_size=60
    )
)
def test_whatever_comes_times_grow_and_stay_near_the_arrival(steps: list[tuple[int, int | None, int, bool]]) -> None:
    timeline = Timeline()
    arrival_us, last, reordered = BASE_US, None, False
    for wait_us, dts_us, shift_us, has_pts in steps:
        arrival_us += wait_us
        placed = timeline.place(arrival_us, dts_us, dts_us)
        last = None if last is None else last - timeline.take_back()
        assert last is None or placed > last or reordered
        assert placed <= arrival_us + 3 * len(steps)
        assert placed >= arrival_us - LATE_LIMIT_US - 3 * len(steps)
        last = placed
        if dts_us is not None and has_pts:
            shown = timeline.place(arrival_us, dts_us + shift_us, dts_us)
            assert arrival_us - LATE_LIMIT_US - 3 * len(steps) <= shown <= arrival_us + 3 * len(steps)
            timeline.take_back()
            last = timeline.place(arrival_us, None, None)
            reordered = True


@settings(max_examples=20, deadline=None)
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


def arrive(timeline: Timeline, arrivals: Iterable[tuple[int, int]]) -> list[int]:
    """Place (arrival, stream time), µs; returns the times, the first ones dated anew when they came in a burst."""
    times: list[int] = []
    for arrival_us, stream_us in arrivals:
        placed = timeline.place(BASE_US + arrival_us, stream_us, stream_us)
        back_us = timeline.take_back()
        times = [time_us - back_us for time_us in times] + [placed - BASE_US]
    return times


@pytest.mark.parametrize("sent", [17.6, 19, 23.8, 24.9, 25, 25.1, 40])
@pytest.mark.parametrize("jitter_us", [0, 60_000])
def test_a_stream_that_says_25_and_sends_another_rate(sent: float, jitter_us: int) -> None:
    chance = random.Random(1)
    real = [round(number * 1e6 / sent) for number in range(round(60 * sent))]
    held_up = [chance.randint(0, jitter_us) for _ in real]
    times = arrive(
        Timeline(), ((at + wait, number * 40_000) for number, (at, wait) in enumerate(zip(real, held_up, strict=True)))
    )
    wrong = [abs(time_us - at) for time_us, at in zip(times, real, strict=True)]
    settled = round(8 * sent)
    assert max(wrong) < 700_000
    assert max(wrong[settled:]) <= 1_000_000 / sent + jitter_us
    steps = [b - a for a, b in pairwise(times)]
    assert min(steps) > 0
    assert max(steps) <= 200_000


def test_a_clock_that_stands_still() -> None:
    real = [number * 66_667 for number in range(300)]
    assert arrive(Timeline(), ((at, 90_000) for at in real))[STANDING_PICTURES:] == real[STANDING_PICTURES:]


@pytest.mark.parametrize("pictures", [2, 30, 42])
def test_a_burst_at_the_begin_is_dated_back(pictures: int) -> None:
    """A restreamer's cache: its pictures are up to 2.8 s old, and all come at once."""
    real = [number * 66_667 for number in range(300)]
    begin = real[pictures]
    arrivals = ((max(at, begin + number * 500), at) for number, at in enumerate(real))
    times = arrive(Timeline(), arrivals)
    assert max(abs(time_us - at) for time_us, at in zip(times, real, strict=True)) <= 66_667
    assert max(b - a for a, b in pairwise(times)) <= 70_000


def test_a_camera_that_sends_once_a_second() -> None:
    real = [number * 100_000 for number in range(600)]
    arrivals = (((at // 1_000_000 + 1) * 1_000_000, at) for at in real)
    times = arrive(Timeline(), arrivals)
    # The last of each second is no later than it was sent; all keep their distances.
    assert {b - a for a, b in pairwise(times[20:])} == {100_000}
    assert all(0 <= time_us - at <= 100_000 for time_us, at in zip(times[20:], real[20:], strict=True))


def test_a_picture_in_ten_seconds() -> None:
    real = [number * 10_000_000 for number in range(50)]
    assert arrive(Timeline(), ((at, at) for at in real)) == real


def test_pictures_that_are_shown_in_another_order_have_the_times_of_their_own() -> None:
    """A B-pyramid: each is sent when it has been filmed, and those that it needs."""
    timeline, step = Timeline(), 66_667
    order = [0, *(4 * group + number for group in range(40) for number in (4, 2, 1, 3))]
    placed = {}
    for decoded, number in enumerate(order):
        filmed = (number + 3) // 4 * 4  # it, and what it needs
        placed[number] = timeline.place(BASE_US + filmed * step + 20_000, number * step + 7, (decoded - 2) * step)
    late = [placed[number] - (BASE_US + number * step) for number in sorted(placed)][20:]
    assert max(late) <= 30_000
    assert min(late) >= 0


def test_a_jump_of_the_stream_anchors_anew() -> None:
    for jump in (-(1 << 33) * 100 // 9, -20_000_000, LATE_LIMIT_US * -1 - 1, -2_000_000, 600_000, 1 << 40):
        timeline = Timeline()
        for number in range(100):
            timeline.place(BASE_US + number * 100_000, number * 100_000, number * 100_000)
        for number in range(100, 120):
            stream_us = number * 100_000 + jump
            assert timeline.place(BASE_US + number * 100_000, stream_us, stream_us) == BASE_US + number * 100_000


def test_an_outage_of_the_network_does_not_shift_what_was_held_up() -> None:
    timeline = Timeline()
    timeline.place(BASE_US, 0, 0)
    for number in range(1, 40):
        placed = timeline.place(BASE_US + 4_000_000 + number, number * 100_000, number * 100_000)
        assert placed == BASE_US + number * 100_000


def test_absurd_times_of_display_are_ignored() -> None:
    timeline = Timeline()
    assert timeline.place(BASE_US, 0, 0) == BASE_US
    assert timeline.place(BASE_US + 200_000, 9_000_000, 200_000) == BASE_US + 200_000


def test_streams_without_times_have_those_of_their_arrival() -> None:
    timeline = Timeline()
    assert timeline.place(BASE_US, None, None) == BASE_US
    assert timeline.place(BASE_US, None, None) == BASE_US + 1
    assert timeline.place(BASE_US + 50, 7, None) == BASE_US + 50
