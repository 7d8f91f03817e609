"""What is asked of the index: which clips, and by which time and settings they are due."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...domain.clip import US_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What is stored of one camera."""

    clips: int = 0
    stored_bytes: int = 0
    oldest_start_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which clips are wanted, besides by camera and time. None: all."""

    kinds: frozenset[str] | None = None
    """Of what started them (`TriggerKind`)."""
    held: bool | None = None


EVERY = Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What time it is (reckoned, µs), and how many days each camera's clips may be kept now."""

    now_us: int
    retention_days: Callable[[str], int]
    since_us: int = 0
    doubted_us: int = 0
    """What was recorded before `since_us` may be older by this much: an absence that isn't believed yet."""

    def due_from_us(self, camera_id: str, days: int) -> int:
        """Return up to which time from which its age counts a clip that may be kept so many days is due by now."""
        kept_us = min(days, self.retention_days(camera_id)) * US_PER_DAY
        return max(self.now_us - kept_us, min(self.since_us - 1, self.now_us + self.doubted_us - kept_us))

    def now_for(self, ages_from_us: int) -> int:
        """Return what time it is for a clip whose age counts from `ages_from_us`."""
        return self.now_us + self.doubted_us if ages_from_us < self.since_us else self.now_us


def due(camera_ids: Iterable[str], terms: Terms) -> tuple[str, tuple[object, ...]]:
    """Return SQL, with its values, for whether a clip must go: `domain.retention.expires_us`, `Terms.now_for`."""
    periods = [value for camera_id in camera_ids for value in (camera_id, terms.retention_days(camera_id))]
    cases = f"min(retention_days, CASE camera_id {'WHEN ? THEN ? ' * (len(periods) // 2)}END)" if periods else "0"
    sql = f"(reckoned_us + {cases} * {US_PER_DAY} <= ? + CASE WHEN reckoned_us < ? THEN ? ELSE 0 END)"
    return sql, (*periods, terms.now_us, terms.since_us, terms.doubted_us)
