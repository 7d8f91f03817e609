"""Retention: when a clip's time is over, which clock to believe, and what goes when a disk fills up.

Times are UTC epoch microseconds. Guideline 2(5): keep footage no longer than needed; custody.md §6 for the clock rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .clip import US_PER_DAY, US_PER_SECOND, Clip

STEP_LIMIT_US = 48 * 3600 * US_PER_SECOND
"""A clock that is ahead of what was expected by more isn't believed unless it is synchronised."""
STEADY_US = 24 * 3600 * US_PER_SECOND
"""After running for this long without being corrected, a clock is believed anyway."""


def expires_us(clip: Clip, retention_days: int) -> int:
    """Return when a clip must go. A shorter setting holds for all clips, a longer one for new ones only."""
    return clip.end_us + min(clip.retention_days, retention_days) * US_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """What is remembered of the clock between two looks at it, across restarts."""

    boot_id: str
    boottime_us: int
    """Time since boot, sleep included."""
    high_us: int
    """The latest time that was believed."""
    doubt_since_us: int | None = None
    """Boottime since when the wall clock isn't believed."""
    offset_us: int = 0
    """How far the wall clock was from `high_us` then: a step is told once, not at every look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A look at the clock: `now_us` for what is due, and whether keys may be destroyed by it."""

    now_us: int
    trusted: bool
    stepped_us: int
    """By how much the wall clock stepped since the last look; 0 when it ran evenly."""
    state: ClockState


def read_clock(
    previous: ClockState | None, *, wall_us: int, boottime_us: int, boot_id: str, synchronized: bool | None
) -> Reading:
    """Judge the wall clock against what is remembered.

    Backwards: time goes on from the latest one believed, so that turning a clock back keeps nothing longer, unless the
    clock is synchronised. Forwards by more than STEP_LIMIT_US without being synchronised: not trusted; what looks
    expired is hidden (quarantine) but destroyed only once the clock is synchronised or has run STEADY_US.
    """
    state = ClockState(boot_id=boot_id, boottime_us=boottime_us, high_us=wall_us)
    if previous is None:
        return Reading(now_us=wall_us, trusted=True, stepped_us=0, state=state)
    same_boot = previous.boot_id == boot_id
    elapsed_us = max(boottime_us - previous.boottime_us, 0) if same_boot else 0
    expected_us = previous.high_us + elapsed_us
    step_us = wall_us - expected_us
    moved_us = step_us - previous.offset_us
    evenly = abs(moved_us) < US_PER_DAY // 24 or (moved_us > 0 and not same_boot)
    stepped_us = 0 if evenly else moved_us
    if synchronized:
        return Reading(now_us=wall_us, trusted=True, stepped_us=stepped_us, state=state)
    if step_us <= STEP_LIMIT_US:
        now_us = max(wall_us, expected_us)
        state = replace(state, high_us=now_us, offset_us=wall_us - now_us)
        return Reading(now_us=now_us, trusted=True, stepped_us=stepped_us, state=state)
    since_us = previous.doubt_since_us if same_boot and previous.doubt_since_us is not None else boottime_us
    if boottime_us - since_us >= STEADY_US:
        return Reading(now_us=wall_us, trusted=True, stepped_us=stepped_us, state=state)
    doubting = replace(state, high_us=expected_us, doubt_since_us=since_us, offset_us=step_us)
    return Reading(now_us=wall_us, trusted=False, stepped_us=stepped_us, state=doubting)


def to_free(clips: Iterable[Clip], missing_bytes: int) -> Sequence[Clip]:
    """Return the oldest clips without a hold that together make room for `missing_bytes` (fewer: there are none)."""
    chosen: list[Clip] = []
    for clip in sorted(clips, key=lambda clip: clip.start_us):
        if missing_bytes <= 0:
            break
        if not clip.held:
            chosen.append(clip)
            missing_bytes -= clip.size_bytes
    return chosen
