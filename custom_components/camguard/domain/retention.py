"""Retention: when a clip's time is over, and what goes when a disk fills up.

Times are reckoned ones (`reckoning.py`), µs. Guideline 2(5): keep footage no longer than needed.
"""

from collections.abc import Iterable, Sequence

from .clip import US_PER_DAY, Clip


def expires_us(clip: Clip, retention_days: int) -> int:
    """Return when a clip must go. A shorter setting holds for all clips, a longer one for new ones only."""
    return clip.ages_from_us + min(clip.retention_days, retention_days) * US_PER_DAY


def to_free(clips: Iterable[Clip], missing_bytes: int) -> Sequence[Clip]:
    """Return the oldest clips without a hold that together make room for `missing_bytes` (fewer: there are none)."""
    chosen: list[Clip] = []
    for clip in sorted(clips, key=lambda clip: clip.ages_from_us):
        if missing_bytes <= 0:
            break
        if not clip.held:
            chosen.append(clip)
            missing_bytes -= clip.size_bytes
    return chosen
