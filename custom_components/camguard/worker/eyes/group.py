"""Groups of pictures: what the eyes judge at once, and what of it a clip is given."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from ..input.ring import Entry
from ..picture.mask import Masked

GROUP_US = 900_000
"""A keyframe begins a new group no sooner."""
LONG_US = 8_000_000
"""A group without a further keyframe is divided: all of it must be decoded anyway."""


class Part(Enum):
    """What of a group is recorded."""

    ALL = "all"
    FIRST = "first"
    """Its first picture alone."""
    NONE = "none"


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """Some seconds of the stream, of one connection."""

    first: int
    """Number of its first entry in the ring."""
    end: int
    """Number of the first entry behind it."""
    from_us: int
    to_us: int
    """Of its last picture."""
    epoch: int
    key: Entry | None
    """Its first picture, if that can be decoded alone."""
    sizes: list[int] = field(default_factory=list)
    """Of its pictures' packets, the keyframes left out."""
    complete: bool = False
    judged: bool = False
    part: Part | None = None
    """None: that isn't known yet."""
    masked: Masked | None = None
    """Its first picture, if it was looked at and may be recorded alone."""

    @property
    def lasts_us(self) -> int:
        """From its first picture to its last."""
        return self.to_us - self.from_us

    @classmethod
    def beginning(cls, entry: Entry, number: int) -> Self:
        """Return the group that begins with an entry, which isn't added yet."""
        return cls(
            first=number,
            end=number,
            from_us=entry.time_us,
            to_us=entry.time_us,
            epoch=entry.info.epoch,
            key=entry if _is_alone(entry) else None,
        )

    def ends_before(self, entry: Entry) -> bool:
        """Tell whether an entry begins another group."""
        if entry.kind != "video":
            return False
        lasted_us = entry.time_us - self.from_us
        return entry.info.epoch != self.epoch or lasted_us >= LONG_US or (_is_alone(entry) and lasted_us >= GROUP_US)

    def add(self, entry: Entry) -> None:
        """Take the next entry."""
        self.end += 1
        if entry.kind == "video":
            self.to_us = entry.time_us
            if not entry.keyframe:
                self.sizes.append(entry.packet.size)


def _is_alone(entry: Entry) -> bool:
    """Tell whether a picture can be decoded without any other."""
    return entry.kind == "video" and entry.keyframe and not entry.whole_after
