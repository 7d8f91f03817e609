"""Gaps: each is told, none twice, none that is none."""

from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.app.watching.gaps import GAP_LEAST_US, OPEN_US, RESTART, GapTracker

S = 1_000_000


class Told(list[tuple[int, int | None, str]]):
    def __call__(self, from_us: int, to_us: int | None, cause: str) -> None:
        self.append((from_us, to_us, cause))


def watch(since_us: int | None = None) -> tuple[GapTracker, Told]:
    told = Told()
    return GapTracker(told, since_us), told


def test_a_new_camera_has_no_gap_before_its_first_picture() -> None:
    one, told = watch()
    one.status("connecting", "", 0)
    one.status("reconnecting", "source_unreachable", 5 * S)
    one.status("streaming", "", 20 * S)
    assert told == []


def test_a_new_camera_that_never_comes_is_told() -> None:
    one, told = watch()
    one.status("connecting", "", 0)
    one.status("reconnecting", "source_unreachable", 5 * S)
    assert one.look(30 * S) == ""
    assert one.look(OPEN_US) == "source_unreachable"
    assert one.look(2 * OPEN_US) == "", "once"
    one.status("streaming", "", 3 * OPEN_US)
    assert told == [(0, None, "source_unreachable"), (0, 3 * OPEN_US, "source_unreachable")]


def test_a_restart_is_a_gap_since_the_camera_was_watched_last() -> None:
    one, told = watch(100 * S)
    one.status("connecting", "", 110 * S)
    one.status("reconnecting", "source_unreachable", 115 * S)
    one.status("streaming", "", 130 * S)
    assert told == [(100 * S, 130 * S, RESTART)]


def test_what_the_worker_tells_is_told_once() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.status("reconnecting", "source_ended", 10 * S)
    one.told_by_worker(9 * S, 25 * S, "source_ended")
    one.status("streaming", "", 25 * S)
    one.told_by_worker(40 * S, 44 * S, "source_stalled")
    assert told == [(9 * S, 25 * S, "source_ended"), (40 * S, 44 * S, "source_stalled")]
    one.told_by_worker(50 * S, 51 * S, "source_stalled")
    assert len(told) == 2, "too short to be one"


def test_a_worker_that_dies_while_the_camera_is_away_takes_its_knowledge_along() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.status("reconnecting", "source_ended", 10 * S)
    one.worker_lost("worker_lost", 20 * S)
    one.status("connecting", "", 21 * S)
    one.status("reconnecting", "source_unreachable", 22 * S)
    one.status("streaming", "", 30 * S)
    assert [(item[0], item[1]) for item in told] == [(10 * S, 30 * S)]


def test_a_worker_that_dies_while_streaming() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.worker_lost("worker_lost", 20 * S)
    one.status("connecting", "", 21 * S)
    one.status("streaming", "", 24 * S)
    assert told == [(20 * S, 24 * S, "worker_lost")]


def test_a_picture_that_cannot_be_masked_is_a_gap() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.status("blocked", "shape_changed", 20 * S)
    one.status("streaming", "", 90 * S)
    assert told == [(20 * S, 90 * S, "shape_changed")]


def test_pictures_that_cannot_be_decoded_are_a_gap_that_no_worker_tells() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.status("reconnecting", "source_garbled", 10 * S)
    one.status("streaming", "", 30 * S)
    assert told == [(10 * S, 30 * S, "source_garbled")]


def test_a_source_that_is_lost_while_it_is_blocked() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.status("blocked", "shape_changed", 10 * S)
    one.status("reconnecting", "source_ended", 30 * S)
    one.told_by_worker(29 * S, 40 * S, "source_ended")
    one.status("blocked", "shape_changed", 40 * S)
    one.status("streaming", "", 50 * S)
    assert told == [
        (10 * S, 30 * S, "shape_changed"),
        (29 * S, 40 * S, "source_ended"),
        (40 * S, 50 * S, "shape_changed"),
    ]


def test_what_should_be_recorded_and_is_not() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.missed("storage_full", 5 * S)
    one.missed("storage_full", 8 * S)
    assert one.misses
    assert one.look(5 * S + OPEN_US) == "storage_full"
    one.served(100 * S)
    one.served(110 * S)
    assert told == [(5 * S, None, "storage_full"), (5 * S, 100 * S, "storage_full")]


def test_at_a_stop_everything_open_is_told() -> None:
    one, told = watch()
    one.status("streaming", "", 0)
    one.status("reconnecting", "source_ended", 10 * S)
    one.missed("storage_full", 4 * S)
    one.stop(20 * S)
    assert sorted(told) == [(4 * S, 20 * S, "storage_full"), (10 * S, 20 * S, "source_ended")]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["streaming", "reconnecting", "blocked", "lost", "look"]),
            st.integers(0, 200 * S),
        ),
        max_size=30,
    )
)
def test_gaps_are_whole_and_never_overlap(steps: list[tuple[str, int]]) -> None:
    """Of a worker that tells of nothing itself: every time of 2 s and more without pictures is told, each once."""
    one, told = watch()
    one.status("streaming", "", 0)
    now, away_since, blocked = 0, None, False
    expected: list[tuple[int, int]] = []

    def over() -> None:
        if away_since is not None and now - away_since >= GAP_LEAST_US:
            expected.append((away_since, now))

    for step, wait in steps:
        now += wait
        if step == "look":
            one.look(now)
        elif step == "lost":
            one.worker_lost("worker_lost", now)
            away_since, blocked = (now, False) if away_since is None else (away_since, blocked)
        elif step == "streaming":
            over()
            away_since = None
            one.status(step, "", now)
        else:
            if away_since is None or blocked is not (step == "blocked"):
                over()
                away_since, blocked = now, step == "blocked"
            one.status(step, "a_reason", now)
    assert [(item[0], item[1]) for item in told if item[1] is not None] == expected
    opened = [item[0] for item in told if item[1] is None]
    assert len(opened) == len(set(opened))
