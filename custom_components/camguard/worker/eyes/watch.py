"""What moves, and when: reads the ring ahead of everybody, and judges one group of pictures after the other.

A group begins with a keyframe, and is some seconds long. Whether anything moved in it is known once the next one has
begun: the two keyframes are compared, masked; and where the sizes of the packets between them are suspicious, some of
the pictures between as well. Where nothing can be said, it counts as moving: more is recorded rather than less.
"""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import av
import numpy as np

from ...domain.zones import Geometry, Zone
from ..input.ring import Cursor, Entry, Ring
from ..picture.decode import Decoder, Frame
from ..picture.mask import Masked, raster
from .activity import Activity
from .blobs import Trail, blobs
from .motion import Motion
from .small import Area, Grey, small

GROUP_US = 1_800_000
"""A keyframe begins a new group no sooner: of a still one, that picture alone is recorded."""
LONG_US = 8_000_000
"""A group without a further keyframe is divided: all of it must be decoded anyway."""
STILL_AFTER_US = 3_000_000
"""All is still again once nothing has moved for so long."""
LATE_US = LONG_US + GROUP_US
"""A trigger is told so long after what it is about, at most, while the worker keeps up."""
_LOOK_US = 200_000
"""Between the pictures of a group that are looked at."""
_UNSEEN_US = 2_600_000
"""Whatever is there for longer is seen: keyframes further apart have a look taken between them."""
_STEP = 4
"""Packets that are decoded before the session may do something else."""
_TWICE = 2
"""Looks in which there is something, for a group to count as moving that the keyframes say nothing of."""
_PERSISTS = 5
"""What triggers is seen in so many of those pictures, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the eyes are set to."""

    sensitivity: float = 0.5
    """0 to 1."""
    triggers: bool = False
    """Whether what moves is told: a further look is taken for that."""
    least_height: float = 0.0
    """Of the picture's: what is lower doesn't trigger."""
    leave_out: tuple[Zone, ...] = ()
    """Where movement doesn't count (a tree, a flag)."""
    followed: bool = False
    """Whether a clip's feed asks which pictures it is to take."""


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
    whole: bool | None = None
    """Whether all of it is recorded, or its first picture alone; None: that isn't known yet."""


@dataclass(slots=True)
class _Verdict:
    moved: bool
    triggers: bool = False


type _Work[T] = Generator[None, None, T]


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
        self._everything = False
        self._whole_until_us = 0
        self._motion = Motion(sight.sensitivity)
        self._activity = Activity()
        self._seen: Entry | None = None
        """The keyframe that was looked at last."""
        self._out: Area | None = None
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
        return self._work is not None or self._next_to_judge() is not None

    @property
    def undecided_us(self) -> int:
        """How much has been read and isn't decided: a clip waits for that without being late."""
        first = next((group for group in self._groups if group.whole is None), None)
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
        self._cursor = self._mark = self._work = self._seen = None
        self._groups.clear()
        self._motion.forget()
        self._whole_until_us = 0
        self._say(moving=False, since_us=0)

    def turn(self, *, everything: bool) -> None:
        """Read what has come, and do a part of what is to be done; `everything`: all is recorded, moving or not."""
        self._everything = everything
        self._read()
        if self._work is None and (group := self._next_to_judge()) is not None:
            self._work = self._judge(group)
        if self._work is not None:
            try:
                next(self._work)
            except StopIteration:
                self._work = None

    def interrupt(self) -> None:
        """Read what there is. Nothing follows that it could be compared with: all that isn't decided is recorded."""
        self._read()
        self._complete()
        for group in self._groups:
            group.judged = True
            if group.whole is None:
                group.whole = True
        self._work = self._seen = None
        self._motion.forget()

    # --- what a clip's feed asks ---

    def whole(self, number: int) -> bool | None:
        """Tell whether an entry's whole group is recorded, or its first picture alone; None: that isn't known yet.

        Asked in order: what lies before isn't asked for any more.
        """
        while self._groups and self._groups[0].end <= number and self._groups[0].judged:
            self._groups.popleft()
        for group in self._groups:
            if number < group.first:
                return True  # it was there before anything was watched
            if number < group.end:
                return group.whole
        return None if self._cursor is not None and number >= self._cursor.number else True

    def begins(self, number: int) -> bool:
        """Tell whether an entry is the first of its group."""
        return any(group.first == number for group in self._groups)

    # --- groups ---

    def _read(self) -> None:
        cursor = self._cursor
        while cursor is not None and (entry := cursor.next(0)) is not None:
            if cursor.take_lost() is not None:
                self.interrupt_at(cursor.number - 1)
            self._add(entry, cursor.number - 1)
        if self._everything:
            for group in self._groups:
                if group.whole is None:
                    group.whole = True

    def interrupt_at(self, number: int) -> None:
        """Take note that what comes before this entry was dropped before it was read."""
        self._complete()
        for group in self._groups:
            group.judged = True
        self._groups.clear()
        self._work = self._seen = None
        self._motion.forget()

    def _add(self, entry: Entry, number: int) -> None:
        group = self._groups[-1] if self._groups and not self._groups[-1].complete else None
        if group is None or (entry.kind == "video" and self._begins(entry, group)):
            if group is not None:
                group.complete = True
            alone = entry.kind == "video" and entry.keyframe and not entry.whole_after
            group = Group(
                first=number,
                end=number,
                from_us=entry.time_us,
                to_us=entry.time_us,
                epoch=entry.info.epoch,
                key=entry if alone else None,
            )
            self._groups.append(group)
            self._hold()
        group.end = number + 1
        if entry.kind == "video":
            group.to_us = entry.time_us
            if not entry.keyframe:
                group.sizes.append(entry.packet.size)

    @staticmethod
    def _begins(entry: Entry, group: Group) -> bool:
        lasted_us = entry.time_us - group.from_us
        alone = entry.keyframe and not entry.whole_after
        return entry.info.epoch != group.epoch or lasted_us >= LONG_US or (alone and lasted_us >= GROUP_US)

    def _complete(self) -> None:
        if self._groups:
            self._groups[-1].complete = True

    def _next_to_judge(self) -> Group | None:
        return next((group for group in self._groups if group.complete and not group.judged), None)

    def _hold(self) -> None:
        """Keep in the ring what is to be judged yet."""
        first = next((group.first for group in self._groups if not group.judged), None)
        if self._mark is not None and self._mark.number == first:
            return
        before, self._mark = self._mark, None if first is None else self._ring.cursor_at(first)
        if before is not None:
            before.close()

    # --- judging ---

    def _judge(self, group: Group) -> _Work[None]:
        at = self._groups.index(group)
        verdict = yield from self._compare(group, self._groups[at + 1] if at + 1 < len(self._groups) else None)
        if group not in self._groups:
            return  # closed meanwhile
        before = next((other for other in reversed(self._groups) if other.end <= group.first), None)
        if verdict.moved:
            self._whole_until_us = group.to_us + STILL_AFTER_US
            group.whole = True
        elif group.whole is None and group.from_us < self._whole_until_us:
            group.whole = True
        if before is not None and before.whole is None:
            before.whole = verdict.moved
        group.judged = True
        if verdict.triggers:
            self._moved_us = group.to_us
            self._say(moving=True, since_us=group.from_us)
        elif group.to_us - self._moved_us >= STILL_AFTER_US:
            self._say(moving=False, since_us=group.to_us)
        self._hold()
        while not self._sight.followed and len(self._groups) > 2 and self._groups[0].judged:
            self._groups.popleft()

    def _compare(self, group: Group, after: Group | None) -> _Work[_Verdict]:
        """Return whether something moved between the beginnings of two groups; what isn't known moved."""
        if group.key is None or after is None or after.key is None or after.epoch != group.epoch:
            self._motion.forget()
            self._seen = None
            return _Verdict(moved=True)
        if self._seen is not group.key:
            self._motion.forget()
            self._see(group.key)
            yield
        changed = self._see(after.key)
        yield
        if changed is None:
            return _Verdict(moved=True)
        verdict = _Verdict(moved=bool(changed.any()))
        if self._activity.suspects(group.sizes) or (verdict.moved and self._sight.triggers):
            looks, longest = yield from self._look_through(group, _LOOK_US)
            verdict = _Verdict(moved=verdict.moved or looks >= _TWICE, triggers=longest >= _PERSISTS)
        elif not verdict.moved and group.to_us - group.from_us > _UNSEEN_US:
            looks, _ = yield from self._look_through(group, GROUP_US)
            verdict = _Verdict(moved=looks > 0)
        if not verdict.moved:
            self._activity.was_still(group.sizes)
        return verdict

    def _see(self, key: Entry) -> Area | None:
        """Return what has changed since the keyframe before; None: that isn't known."""
        self._seen = None
        decoder = Decoder(key.info)
        for frame in (*decoder.decode(key), *decoder.flush()):
            grey = self._small(frame)
            if grey is None or self._out is None:
                break
            self._seen = key
            return self._motion.see(grey, self._out)
        self._motion.forget()
        return None

    def _look_through(self, group: Group, every_us: int) -> _Work[tuple[int, int]]:
        """Look at pictures within a group, so far apart.

        Return in how many there is something, and in how many it was the same, one after the other.
        """
        cursor = self._ring.cursor_at(group.first)
        trail, looks, next_us, decoder = None, 0, group.from_us + every_us, None
        try:
            for number in range(cursor.number, group.end):
                entry = cursor.next(0)
                if entry is None or next_us > group.to_us:
                    break
                if entry.kind != "video":
                    continue
                decoder = decoder or Decoder(entry.info)
                for frame in decoder.decode(entry):
                    if frame.time_us < next_us:
                        continue
                    next_us = frame.time_us + every_us
                    grey = self._small(frame)
                    changed = self._motion.glimpse(grey) if grey is not None else None
                    if changed is None:
                        continue
                    trail = trail or Trail(self._sight.least_height * changed.shape[0])
                    things = blobs(changed)
                    trail.add(things)
                    looks += bool(things)
                if number % _STEP == 0:
                    yield
        finally:
            cursor.close()
        return looks, trail.longest if trail is not None else 0

    def _small(self, frame: Frame) -> Grey | None:
        """Return a picture as the eyes see it; None: it can't be masked, or scaled."""
        masked = self._mask(frame)
        if masked is None:
            return None
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

    def _say(self, *, moving: bool, since_us: int) -> None:
        if moving != self._moving and self._sight.triggers:
            self._moving = moving
            self._tell(moving, since_us)
