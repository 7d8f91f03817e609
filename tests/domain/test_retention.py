"""When a clip must go, and which clock is believed."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import US_PER_DAY, US_PER_SECOND
from custom_components.camguard.domain.retention import (
    STEADY_US,
    STEP_LIMIT_US,
    ClockState,
    Reading,
    expires_us,
    read_clock,
    to_free,
)

from ..vault.clips import manifest_of

DAY = US_PER_DAY
NOW = 1_795_000_000 * US_PER_SECOND
START = datetime(2026, 11, 1, tzinfo=UTC)


def look(
    previous: ClockState | None,
    wall_us: int,
    boottime_us: int = 0,
    boot_id: str = "a",
    synchronized: bool | None = False,
) -> Reading:
    return read_clock(previous, wall_us=wall_us, boottime_us=boottime_us, boot_id=boot_id, synchronized=synchronized)


def test_a_shorter_period_holds_for_all_a_longer_one_for_new_clips_only() -> None:
    clip = manifest_of("camera", START, b"", days=14).clip
    assert expires_us(clip, 14) == clip.end_us + 14 * DAY
    assert expires_us(clip, 7) == clip.end_us + 7 * DAY
    assert expires_us(clip, 90) == clip.end_us + 14 * DAY


def test_the_first_look_is_believed() -> None:
    assert look(None, NOW) == Reading(
        now_us=NOW, trusted=True, stepped_us=0, state=ClockState(boot_id="a", boottime_us=0, high_us=NOW)
    )


def test_turning_the_clock_back_keeps_nothing_longer() -> None:
    state = look(None, NOW).state
    back = look(state, NOW - 10 * DAY, 3600 * US_PER_SECOND)
    assert back.now_us == NOW + 3600 * US_PER_SECOND
    assert back.trusted
    assert back.stepped_us < 0
    rebooted = look(back.state, NOW - 10 * DAY, 5, boot_id="b")
    assert rebooted.now_us == back.now_us


def test_a_synchronised_clock_is_believed_whichever_way() -> None:
    state = look(None, NOW).state
    for wall_us in (NOW - 10 * DAY, NOW + 100 * DAY):
        reading = look(state, wall_us, 1, synchronized=True)
        assert (reading.now_us, reading.trusted) == (wall_us, True)


def test_a_leap_forward_is_doubted_until_synchronised_or_steady() -> None:
    state = look(None, NOW).state
    leap = look(state, NOW + 30 * DAY, 60 * US_PER_SECOND)
    assert (leap.now_us, leap.trusted) == (NOW + 30 * DAY, False)
    later = look(leap.state, NOW + 30 * DAY + STEADY_US // 2, 60 * US_PER_SECOND + STEADY_US // 2)
    assert not later.trusted
    assert look(later.state, NOW + 30 * DAY + STEADY_US, 60 * US_PER_SECOND + STEADY_US).trusted
    assert look(later.state, NOW + 30 * DAY, STEADY_US // 2 + 1, synchronized=True).trusted
    corrected = look(later.state, NOW + STEADY_US // 2, 60 * US_PER_SECOND + STEADY_US // 2)
    assert corrected.trusted
    assert corrected.now_us < NOW + DAY


def test_doubt_begins_anew_with_a_reboot() -> None:
    state = look(None, NOW).state
    first = look(state, NOW + 30 * DAY, 10, boot_id="b")
    second = look(first.state, NOW + 31 * DAY, STEADY_US - 1, boot_id="c")
    assert not second.trusted


def test_a_short_absence_is_no_leap() -> None:
    state = look(None, NOW).state
    back = look(state, NOW + STEP_LIMIT_US, 5, boot_id="b")
    assert (back.trusted, back.stepped_us) == (True, 0)


@given(st.lists(st.tuples(st.integers(-40 * DAY, 40 * DAY), st.integers(0, DAY), st.booleans()), max_size=12))
def test_without_a_time_server_time_never_goes_back(steps: list[tuple[int, int, bool]]) -> None:
    state, wall_us, boottime_us, boot = None, NOW, 0, 0
    believed = 0
    for jump, elapsed, reboot in steps:
        wall_us += elapsed + jump
        boottime_us = 0 if reboot else boottime_us + elapsed
        boot += reboot
        reading = look(state, wall_us, boottime_us, str(boot))
        if reading.trusted:
            assert reading.now_us >= believed
            believed = reading.now_us
        state = reading.state


def test_the_oldest_go_first_and_held_ones_stay() -> None:
    from dataclasses import replace

    clips = [manifest_of("camera", START.replace(day=day), b"x" * 100).clip for day in (3, 1, 2)]
    held = replace(manifest_of("camera", START.replace(hour=0), b"x" * 100).clip, held_until_us=NOW)
    assert held.held
    chosen = to_free([*clips, held], 150)
    assert [clip.start_us for clip in chosen] == sorted(clip.start_us for clip in clips)[:2]
    assert to_free(clips, 0) == []
    assert len(to_free(clips, 10_000)) == 3
