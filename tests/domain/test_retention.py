"""When a clip must go, and which clock is believed."""

from dataclasses import replace
from datetime import UTC, datetime

from custom_components.camguard.domain.clip import US_PER_DAY, US_PER_SECOND
from custom_components.camguard.domain.retention import expires_us, to_free

from ..vault.clips import manifest_of

DAY = US_PER_DAY
NOW = 1_795_000_000 * US_PER_SECOND
START = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_shorter_period_holds_for_all_a_longer_one_for_new_clips_only() -> None:
    clip = manifest_of("camera", START, b"", days=14).clip
    assert expires_us(clip, 14) == clip.end_us + 14 * DAY
    assert expires_us(clip, 7) == clip.end_us + 7 * DAY
    assert expires_us(clip, 90) == clip.end_us + 14 * DAY


def test_age_counts_from_the_reckoned_end() -> None:
    clip = replace(manifest_of("camera", START, b"", days=14).clip, reckoned_us=NOW)
    assert expires_us(clip, 14) == NOW + 14 * DAY


def test_the_oldest_go_first_and_held_ones_stay() -> None:
    clips = [manifest_of("camera", START.replace(day=day), b"x" * 100).clip for day in (3, 1, 2)]
    held = replace(manifest_of("camera", START.replace(hour=0), b"x" * 100).clip, held_until_us=NOW)
    assert held.held
    chosen = to_free([*clips, held], 150)
    assert [clip.start_us for clip in chosen] == sorted(clip.start_us for clip in clips)[:2]
    assert to_free(clips, 0) == []
    assert len(to_free(clips, 10_000)) == 3
