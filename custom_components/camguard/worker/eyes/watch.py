"""What moves, and when: reads the ring ahead of everybody, and judges one group of pictures after the other.

A group begins with a keyframe. Keyframes some seconds apart are compared, masked: when nothing has changed between them
and the sizes of the packets between say nothing either, all groups between were still. Else each of them is looked at,
and where the sizes are suspicious, pictures within. Where nothing can be said, it counts as moving: more is recorded
rather than less.
"""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import av
import numpy as np

from ...domain.zones import Geometry, Zone
from ..input.ring import Cursor, Entry, Ring
from ..picture.decode import Decoder, Frame
from ..picture.mask import Masked, raster
from .activity import Activity
from .blobs import Trail, blobs
from .group import LONG_US, Group, Part
from .motion import Motion
from .small import Area, Grey, small

LOOK_US = 3_600_000
"""Between two keyframes that are compared, at middle sensitivity. Whatever is there for longer is seen; what is there
for less, where the sizes of the packets tell of it."""
STILL_AFTER_US = 2_500_000
"""All is still again once nothing has moved for so long."""
PICTURE_US = 2_700_000
"""While all is still, one picture is recorded in so much time; of those that were looked at, if there are any."""
LATE_US = LONG_US + 2 * LOOK_US
"""What triggers is told so long after it began, at most, while the worker keeps up."""
_GLIMPSE_US = 200_000
"""Between the pictures of a suspicious group that are looked at."""
_UNSEEN_US = 4_600_000
"""Keyframes further apart have a look taken between them."""
SHOWS = 0.7
"""Of the height of a thing, so much is seen to change at least."""
_KEPT = 4
"""Masked pictures that wait to be recorded: they are large."""
_STEP = 4
"""Packets that are decoded before the session may do something else."""
_TWICE = 2
"""Glimpses in which there is something, for a group to count as moving that the keyframes say nothing of."""
_PERSISTS = 4
"""What triggers is seen in so many of them, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the eyes are set to."""

    sensitivity: float = 0.5
    """0 to 1: half of it more halves the difference that is enough, and the time between two looks."""
    triggers: bool = False
    """Whether what moves is told: a further look is taken for that."""
    least_height: float = 0.0
    """Of the picture's: what is lower doesn't trigger."""
    leave_out: tuple[Zone, ...] = ()
    """Where movement doesn't count (a tree, a flag)."""
    followed: bool = False
    """Whether a clip's feed asks which pictures it is to take."""


type _Work[T] = Generator[None, None, T]


def look_us(sensitivity: float) -> int:
    """Return the time between two looks."""
    return round(LOOK_US * 2 ** (1 - 2 * sensitivity))


class Watch:
    """Belongs to the session's thread. Closed, it costs nothing.

    `mask` gives the masked picture, or None (the camera is blocked then). `tell(moving, since_us)`: on change.
    """

    def __init__(
        self,
        ring: Ring,
        sight: Sight,
        *,
        zones: tuple[Zone, ...],
        mask: Callable[[Frame], Masked | None],
        tell: Callable[[bool, int], None],
    ) -> None:
        self._ring = ring
        self._sight = sight
        self._zones = (*zones, *sight.leave_out)
        self._mask = mask
        self._tell = tell
        self._cursor: Cursor | None = None
        self._mark: Cursor | None = None
        """Holds what is to be judged yet."""
        self._groups: deque[Group] = deque()
        """Oldest first; the last one isn't complete."""
        self._look_us = look_us(sight.sensitivity)
        self._everything = False
        self._all_until_us = 0
        self._shown_us: int | None = None
        """Time of the last picture that is recorded, as far as that is decided."""
        self._motion = Motion(sight.sensitivity)
        self._activity = Activity()
        self._seen: Entry | None = None
        """The keyframe that was compared last, and what it looks like."""
        self._grey: Grey | None = None
        self._out: Area | None = None
        self._trail: Trail | None = None
        self._work: _Work[None] | None = None
        self._moving = False
        self._moved_us = 0

    @property
    def is_open(self) -> bool:
        """Whether anything is watched."""
        return self._cursor is not None

    @property
    def busy(self) -> bool:
        """Whether there is something to do at once."""
        return self._work is not None or bool(self._span())

    @property
    def undecided_us(self) -> int:
        """How much has been read and isn't decided: a clip waits for that without being late."""
        first = next((group for group in self._groups if group.part is None), None)
        return self._groups[-1].to_us - first.from_us if first is not None else 0

    def open(self, from_us: int | None) -> None:
        """Begin where pictures are whole from that time on; None: with the newest."""
        if self._cursor is None:
            self._cursor = self._ring.cursor(from_us)

    def close(self) -> None:
        """Watch no more."""
        for cursor in (self._cursor, self._mark):
            if cursor is not None:
                cursor.close()
        self._cursor = self._mark = self._work = None
        self._groups.clear()
        self._forget()
        self._all_until_us, self._shown_us = 0, None
        self._say(moving=False, since_us=0)

    def turn(self, *, everything: bool) -> None:
        """Read what has come, and do a part of what is to be done; `everything`: all is recorded, moving or not."""
        self._everything = everything
        self._read()
        if self._work is None and (span := self._span()):
            self._work = self._judge(span)
        if self._work is not None:
            try:
                next(self._work)
            except StopIteration:
                self._work = None

    def interrupt(self) -> None:
        """Read what there is. Nothing follows that it could be compared with: all that isn't decided is recorded."""
        self._read()
        if self._groups:
            self._groups[-1].complete = True
        for group in self._groups:
            group.judged = True
            if group.part is None:
                group.part, group.masked = Part.ALL, None
        self._work = None
        self._forget()
        self._say(moving=False, since_us=self._groups[-1].to_us if self._groups else 0)

    # --- what a clip's feed asks ---

    def part(self, number: int) -> Part | None:
        """Tell what of an entry's group is recorded; None: that isn't known yet.

        Asked in order: what lies before isn't asked for any more.
        """
        while self._groups and self._groups[0].end <= number and self._groups[0].judged:
            self._groups.popleft()
        for group in self._groups:
            if number < group.first:
                return Part.ALL  # it was there before anything was watched
            if number < group.end:
                return group.part
        return None if self._cursor is not None and number >= self._cursor.number else Part.ALL

    def first(self, number: int) -> Group | None:
        """Return the group that begins with an entry."""
        return next((group for group in self._groups if group.first == number), None)

    # --- groups ---

    def _read(self) -> None:
        cursor = self._cursor
        while cursor is not None and (entry := cursor.next(0)) is not None:
            if cursor.take_lost() is not None:  # dropped before it was read
                self._groups.clear()
                self._work = None
                self._forget()
            self._add(entry, cursor.number - 1)
        if self._everything:
            for group in self._groups:
                if group.part is None:
                    group.part, group.masked = Part.ALL, None

    def _add(self, entry: Entry, number: int) -> None:
        group = self._groups[-1] if self._groups and not self._groups[-1].complete else None
        if group is None or group.ends_before(entry):
            if group is not None:
                group.complete = True
            group = Group.beginning(entry, number)
            self._groups.append(group)
            self._hold()
        group.add(entry)

    def _span(self) -> list[Group]:
        """Return the groups that are to be judged now, all of one connection; none while it is too early for that."""
        span: list[Group] = []
        for group, after in pairwise(self._groups):
            if group.judged:
                continue
            span.append(group)
            last = group.key is None or after.key is None or after.epoch != group.epoch
            enough = after.from_us - span[0].from_us >= self._look_us
            if last or enough or self._activity.suspects(group.sizes):
                return span
        return []

    def _hold(self) -> None:
        """Keep in the ring what is to be judged yet."""
        first = next((group.first for group in self._groups if not group.judged), None)
        if self._mark is not None and self._mark.number == first:
            return
        before, self._mark = self._mark, None if first is None else self._ring.cursor_at(first)
        if before is not None:
            before.close()

    # --- judging ---

    def _judge(self, span: Sequence[Group]) -> _Work[None]:
        moved = yield from self._compare(span)
        if span[0] not in self._groups:
            return  # closed meanwhile
        for group, moves in zip(span, moved, strict=True):
            self._decide(group, moves=moves)
        self._hold()
        while not self._sight.followed and len(self._groups) > 1 and self._groups[0].judged:
            self._groups.popleft()

    def _decide(self, group: Group, *, moves: bool) -> None:
        """Say what of a group is recorded, and of the one before, if that had to wait."""
        before = next((other for other in reversed(self._groups) if other.end <= group.first), None)
        if before is not None and before.part is None:
            before.part = Part.ALL if moves else self._still(before)
            if moves:
                before.masked, self._shown_us = None, before.to_us
        if moves:
            self._all_until_us = group.to_us + STILL_AFTER_US
        if group.part is None and group.from_us < self._all_until_us:
            group.part = Part.ALL
        if group.part is Part.ALL:
            self._shown_us = group.to_us
            group.masked = None
        group.judged = True

    def _still(self, group: Group) -> Part:
        since_us = PICTURE_US if group.masked is not None else 2 * PICTURE_US
        if self._shown_us is not None and group.from_us - self._shown_us < since_us:
            group.masked = None
            return Part.NONE
        self._shown_us = group.from_us
        return Part.FIRST

    def _compare(self, span: Sequence[Group]) -> _Work[list[bool]]:
        """Tell of each group whether something moved in it; what isn't known moved."""
        unknown = [True] * len(span)
        after = next((group for group in self._groups if group.first >= span[-1].end), None)
        keys = [group.key for group in span]
        keys.append(after.key if after is not None and after.epoch == span[-1].epoch else None)
        if None in keys:
            self._forget()
            return unknown
        if self._seen is not keys[0]:
            self._forget()
            if (first := self._look(keys[0])) is None:
                return unknown
            self._see(keys[0], first)
            yield
        before, now = self._grey, self._look(keys[-1])
        yield
        changed = self._see(keys[-1], now) if now is not None else None
        if now is None or changed is None or before is None:
            return unknown
        close = [group.lasts_us > _UNSEEN_US or self._activity.suspects(group.sizes) for group in span]
        if not changed.any() and not any(close):
            for group in span:
                self._still_again(group)
            return [False] * len(span)
        greys = [before]
        for key in keys[1:-1]:
            grey = self._look(key)
            if grey is None or grey.shape != before.shape:
                return unknown
            greys.append(grey)
            yield
        moved = []
        for group, near, ends in zip(span, close, pairwise([*greys, now]), strict=True):
            moved.append((yield from self._look_closer(group, ends, near=near)))
        return moved if any(moved) or not changed.any() else unknown  # what is slow has moved over all of them

    def _look_closer(self, group: Group, ends: tuple[Grey, Grey], *, near: bool) -> _Work[bool]:
        """Tell whether something moved in a group, by its ends, and (`near`) by pictures between; say what triggers."""
        changed = self._motion.compare(*ends)
        moved = bool(changed.any())
        least = self._sight.least_height * SHOWS * changed.shape[0]
        triggers = self._moving and any(thing.height >= least for thing in blobs(changed))
        if (not moved and near) or (moved and self._sight.triggers and not self._moving):
            every_us = _GLIMPSE_US if moved or self._activity.suspects(group.sizes) else self._look_us
            self._trail = self._trail or Trail(least)
            seen = yield from self._glimpse(group, ends, self._trail, every_us)
            moved = moved or seen >= (_TWICE if every_us == _GLIMPSE_US else 1)
            triggers = self._trail.longest >= _PERSISTS
        if moved and triggers and self._sight.triggers:
            self._moved_us = group.to_us
            self._say(moving=True, since_us=group.from_us)
        if not moved:
            self._still_again(group)
        return moved

    def _still_again(self, group: Group) -> None:
        self._activity.was_still(group.sizes)
        self._trail = None
        if group.to_us - self._moved_us >= STILL_AFTER_US:
            self._say(moving=False, since_us=group.to_us)

    def _look(self, key: Entry | None) -> Grey | None:
        """Return a keyframe as the eyes see it; None: it can't be decoded, or masked."""
        if key is None:
            return None
        decoder = Decoder(key.info)
        frames = [*decoder.decode(key), *decoder.flush()]
        if not frames or (masked := self._mask(frames[0])) is None:
            return None
        group = next((group for group in self._groups if group.key is key), None)
        if self._sight.followed and group is not None and group.part is None:
            group.masked = masked
            for other in [other for other in self._groups if other.masked is not None][:-_KEPT]:
                other.masked = None  # a clip that is far behind decodes it anew
        return self._small(masked)

    def _see(self, key: Entry | None, grey: Grey) -> Area | None:
        """Compare with what was seen before; None: with nothing."""
        self._seen, self._grey = key, grey
        return self._motion.see(grey, self._out) if self._out is not None else None

    def _glimpse(self, group: Group, ends: tuple[Grey, Grey], trail: Trail, every_us: int) -> _Work[int]:
        """Look at pictures within a group, so far apart, and follow what is there. Return in how many something is."""
        cursor = self._ring.cursor_at(group.first)
        seen, next_us, decoder = 0, group.from_us + every_us, None
        try:
            for number in range(cursor.number, group.end):
                entry = cursor.next(0)
                if entry is None or next_us > group.to_us:
                    break
                if entry.kind != "video":
                    continue
                decoder = decoder or Decoder(entry.info)
                for frame in decoder.decode(entry):
                    if frame.time_us < next_us or (masked := self._mask(frame)) is None:
                        continue
                    if (grey := self._small(masked)) is None or grey.shape != ends[0].shape:
                        continue
                    next_us = frame.time_us + every_us
                    things = blobs(self._motion.glimpse(grey, *ends))
                    trail.add(things)
                    seen += bool(things)
                if number % _STEP == 0:
                    yield
        finally:
            cursor.close()
        return seen

    def _small(self, masked: Masked) -> Grey | None:
        """Return a picture as the eyes see it; None: it can't be scaled."""
        try:
            grey = small(masked.picture)
        except av.FFmpegError:
            return None
        if self._out is None or self._out.shape != grey.shape:
            height, width = grey.shape
            out = np.zeros(grey.shape, np.bool_)
            for zone in self._zones:
                out |= raster(zone, Geometry(width=width, height=height))
            self._out = out
        return grey

    def _forget(self) -> None:
        """Compare what comes next with nothing before."""
        self._seen = self._grey = self._trail = None
        self._motion.forget()

    def _say(self, *, moving: bool, since_us: int) -> None:
        if moving != self._moving and self._sight.triggers:
            self._moving = moving
            self._tell(moving, since_us)
