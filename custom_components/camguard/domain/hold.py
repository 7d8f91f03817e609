"""Holds: what keeps a clip beyond its retention period, why, and until when that is to be looked at again.

A hold never ends by itself: when its review date passes, somebody is asked. Guideline 2(5)ア: keep none that is
unneeded; 2(6): footage that an authority has asked for must not vanish meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .clip import US_PER_DAY, ClipId
from .errors import InvalidError

REASON_MAX = 500
"""Characters."""
HOLD_MAX_DAYS = 366
"""A review date further away is no review date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One clip's hold."""

    clip_id: ClipId
    camera_id: str
    since_us: int
    until_us: int
    """The review date."""
    reason: str


def parse_reason(text: object) -> str:
    """Return a reason that can be written down; raises InvalidError `reason_missing`, `text_too_long`."""
    reason = text.strip() if isinstance(text, str) else ""
    if not reason:
        raise InvalidError("reason_missing")
    if len(reason) > REASON_MAX:
        raise InvalidError("text_too_long", limit=str(REASON_MAX))
    return reason


def check_review_date(until_us: int, now_us: int) -> None:
    """Raise InvalidError when a review date isn't in the future (`hold_in_past`), or is too far (`hold_too_long`)."""
    if until_us <= now_us:
        raise InvalidError("hold_in_past")
    if until_us > now_us + HOLD_MAX_DAYS * US_PER_DAY:
        raise InvalidError("hold_too_long", days=str(HOLD_MAX_DAYS))


def to_review(holds: Iterable[Hold], now_us: int) -> tuple[Hold, ...]:
    """Return the holds whose review date has passed, the oldest first."""
    return tuple(sorted((hold for hold in holds if hold.until_us <= now_us), key=lambda hold: hold.until_us))
