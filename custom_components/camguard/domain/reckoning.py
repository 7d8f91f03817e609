"""Reckoning: the time that a clip's age is counted in, whatever happens to the wall clock meanwhile.

It runs on with the machine's time since boot, which nobody sets. Only how long the machine was off is taken from the
wall clock: the shortest absence that explains what it shows. Setting the clock makes no clip older or younger
(custody.md §6, issue 17). All times are µs; reckoned ones are UTC epoch µs of a clock that was right at the first look.
"""

from dataclasses import dataclass, replace

from .clip import US_PER_SECOND, Clip

STEP_US = 3600 * US_PER_SECOND
"""A wall clock that moves by less against the reckoning is being corrected; by more, it was set."""
ABSENCE_LIMIT_US = 48 * 3600 * US_PER_SECOND
"""The longest that a machine is believed to have been off on the word of a clock that isn't synchronised."""
STEADY_US = 24 * 3600 * US_PER_SECOND
"""After running for this long without being set, a clock is believed anyway."""
PLAUSIBLE_US = 1_767_225_600 * US_PER_SECOND
"""2026-01-01: a clock that shows less lost its battery, and is never believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """Since a boot it is open how long the machine was off before."""

    since_us: int
    """Reckoned time at the first look after the boot: what was recorded later doesn't age by the absence."""
    offset_us: int
    """How far the wall clock was ahead of the reckoning before the boot."""
    counted_us: int = 0
    """How much of the absence has been counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """What is remembered between two looks at the clocks, across restarts."""

    boot_id: str
    boottime_us: int
    """Time since boot, sleep included."""
    high_us: int
    """The reckoned time."""
    offset_us: int = 0
    """How far the wall clock was ahead of it."""
    steady_us: int = 0
    """Time since boot since when the wall clock wasn't set."""
    awaited: Awaited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A look at the clocks."""

    now_us: int
    """The reckoned time."""
    since_us: int = 0
    absence_us: int = 0
    """What was recorded before `since_us` ages by this much with this look: the machine was off."""
    doubted_us: int = 0
    """By how much more it would have aged, if the wall clock were right; more than 0: not believed yet."""
    stepped_us: int = 0
    """By how much the wall clock was set since the last look; 0 when it ran evenly."""
    believed: bool
    """Whether the wall clock is synchronised, or has run evenly for STEADY_US."""
    state: ClockState

    @property
    def trusted(self) -> bool:
        """Whether all that looks due is due."""
        return not self.doubted_us

    @property
    def offset_us(self) -> int:
        """How far a right wall clock is ahead of the reckoning, as far as can be known."""
        return self.state.awaited.offset_us if self.state.awaited else self.state.offset_us


def read_clock(
    previous: ClockState | None, *, wall_us: int, boottime_us: int, boot_id: str, synchronized: bool | None
) -> Reading:
    """Reckon what time it is from what is remembered, the time since boot and, after a boot, the wall clock.

    After a boot the absence stays open until the wall clock is synchronised or has run STEADY_US. An absence of up to
    ABSENCE_LIMIT_US is counted at once; what is longer is doubted meanwhile: what looks due by it may be hidden, but
    not destroyed. A clock that is behind counts nothing.
    """
    if previous is None:
        state = ClockState(boot_id=boot_id, boottime_us=boottime_us, high_us=wall_us, steady_us=boottime_us)
        return Reading(now_us=wall_us, believed=bool(synchronized), state=state)
    same_boot = previous.boot_id == boot_id and boottime_us >= previous.boottime_us
    now_us = previous.high_us + (boottime_us - previous.boottime_us if same_boot else boottime_us)
    offset_us = wall_us - now_us
    moved_us = offset_us - previous.offset_us
    was_set = abs(moved_us) >= STEP_US
    steady_us = previous.steady_us if same_boot and not was_set else boottime_us
    awaited = previous.awaited
    if not same_boot:
        before = awaited or Awaited(since_us=now_us, offset_us=previous.offset_us)
        awaited = replace(before, counted_us=0)
    believed = bool(synchronized) or (boottime_us - steady_us >= STEADY_US and wall_us >= PLAUSIBLE_US)
    absence_us = max(_absence_us(offset_us, awaited.offset_us), 0) if awaited else 0
    doubted = awaited is not None and not believed and awaited.counted_us + absence_us > ABSENCE_LIMIT_US
    counted_us = 0 if doubted else absence_us
    if awaited is not None and counted_us:
        # Of two explanations the shorter one was taken: from here on the clock is awaited where it is now.
        awaited = replace(awaited, counted_us=awaited.counted_us + counted_us, offset_us=offset_us - counted_us)
    return Reading(
        now_us=now_us + counted_us,
        since_us=awaited.since_us if awaited else 0,
        absence_us=counted_us,
        doubted_us=absence_us - counted_us,
        stepped_us=moved_us if was_set and (same_boot or moved_us < 0) else 0,
        believed=believed,
        state=ClockState(
            boot_id=boot_id,
            boottime_us=boottime_us,
            high_us=now_us + counted_us,
            offset_us=offset_us - counted_us,
            steady_us=steady_us,
            awaited=None if believed else awaited,
        ),
    )


def _absence_us(offset_us: int, awaited_us: int) -> int:
    """Return the shortest absence that explains the wall clock; less than 0 when none does.

    It may go on as it did before the boot (`awaited_us` ahead of the reckoning), or be right again, as at the start.
    """
    explanations = offset_us - awaited_us, offset_us
    return min((absence_us for absence_us in explanations if absence_us >= 0), default=max(explanations))


def reckoned_us(end_us: int, *, wall_us: int, now_us: int) -> int:
    """Return when a clip that has just been finished ended, by the reckoning (`now_us`); `end_us`: by the wall clock.

    The wall clock may have been set in between: then it is now.
    """
    ended_us = end_us - wall_us + now_us
    return ended_us if now_us - STEP_US <= ended_us <= now_us else now_us


def clock_error_us(clip: Clip, offset_us: int) -> int:
    """Return by how much the wall clock was ahead when a clip was recorded; 0 when that is within an hour.

    `offset_us`: how far a right clock is ahead of the reckoning now (`Reading.offset_us`).
    """
    error_us = clip.end_us - clip.ages_from_us - offset_us
    return error_us if abs(error_us) >= STEP_US else 0
