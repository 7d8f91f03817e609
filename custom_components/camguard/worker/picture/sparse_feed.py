"""Open pictures for a clip of a camera that records all the time: all where something moves, else one now and then."""

import time

from ..eyes.group import Part
from ..eyes.watch import Watch
from ..input.ring import Entry, Ring
from .decode import Frame
from .feed import Feed
from .mask import Masked


class SparseFeed(Feed):
    """A feed that passes over what the eyes found still, and waits where they haven't judged yet."""

    def __init__(self, ring: Ring, watch: Watch) -> None:
        super().__init__(ring)
        self._watch = watch
        self._alone = False
        """Whether the last packet read is the only one of its group."""
        self._masked: Masked | None = None

    @property
    def behind_us(self) -> int:
        """How far the last packet read lies behind the newest that could have been."""
        return max(super().behind_us - self._watch.undecided_us, 0)

    @property
    def waits(self) -> bool:
        """Whether the next packet isn't judged yet."""
        cursor = self._cursor
        return cursor is not None and not cursor.caught_up and self._watch.part(cursor.number) is None

    @property
    def caught_up(self) -> bool:
        """Whether everything was read that is judged."""
        return super().caught_up or self.waits

    def next(self, timeout_s: float) -> Entry | None:
        """Return the next packet that is to be recorded; None when none is known, after that time."""
        cursor = self._cursor
        while cursor is not None:
            number = cursor.number
            part = self._watch.part(number)
            if part is None or (entry := cursor.next(0)) is None:
                time.sleep(timeout_s)  # who judges is the same thread: nothing is known sooner
                return None
            self._alone = part is Part.FIRST
            group = self._watch.first(number) if self._alone else None
            self._masked = group.masked if group is not None else None
            if part is Part.ALL or entry.kind == "sound" or group is not None:
                return entry
        return None

    def take_masked(self) -> Masked | None:
        """Return the picture of the last packet read, if the eyes have looked at it."""
        masked, self._masked = self._masked, None
        return masked

    def decode(self, entry: Entry) -> list[Frame]:
        """Return the pictures that a packet completes."""
        frames = super().decode(entry)
        return [*frames, *self.flush()] if self._alone else frames
