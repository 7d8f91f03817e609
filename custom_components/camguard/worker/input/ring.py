"""The pre-roll: compressed packets of the last seconds, whole GOPs, in memory only (invariant 1).

Thread safe. Cursors read at their own pace; what an open cursor still needs stays, up to the bound in bytes.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import av

SETTLE_SECONDS = 0.3
"""What a restreamer has in store comes all at once, within this after a connect."""
ENTRY_COST_BYTES = 1024
"""What a packet takes besides its bytes: a bound on bytes alone is none for a stream of tiny ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundInfo:
    """The sound of a stream that is recorded along."""

    decoder: av.AudioCodecContext = field(repr=False)
    """Knows the stream's parameters. Used by one thread, for one clip after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamInfo:
    """What a decoder needs; `epoch` is new at each connect."""

    codec_name: str
    extradata: bytes | None
    sound: SoundInfo | None
    epoch: int
    sound_state: str = "off"
    """What becomes of the camera's sound (protocol/, Status)."""
    sound_codec: str = ""
    rotated_container: bool = False
    """Whether the container, not the pictures, may say how to turn them."""
    display_matrix: bytes | None = None
    """What it said (see mask.py)."""
    aspect: Fraction | None = None
    """Width of a pixel to its height, when the container says so; None: the pictures do."""
    timeless: bool = False
    """The format has no times of its own: what counts is when a picture arrived."""
    settles: bool = False
    """The times of the first pictures may have to be corrected: they aren't read for SETTLE_SECONDS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One compressed access unit."""

    kind: Literal["video", "sound"]
    packet: av.Packet[Any] = field(repr=False)
    time_us: int
    """Of its picture, at arrival, by the worker's clock (clock.py)."""
    keyframe: bool
    """Decoding may begin here."""
    size: int
    """What it takes of memory: that of its bytes, and ENTRY_COST_BYTES."""
    info: StreamInfo
    back_us: int = 0
    """All before it, of the same connection, was dated too late by this: it came in a burst."""
    whole_after: int = 0
    """Of a keyframe: how many pictures later everything is decoded that was missing (H.264 §D.2.8; 0: at once)."""


@dataclass(slots=True, eq=False)
class _Keyframe:
    """A place where decoding may begin."""

    number: int
    pictures_left: int
    """Until the first whole picture, that one included."""
    whole_us: int | None = None
    """Time of the first whole picture; None: it hasn't come yet."""


class Ring:
    """Bounded by `keep_us` (behind the newest picture) and `max_bytes`."""

    def __init__(self, keep_us: int, max_bytes: int) -> None:
        self._keep_us = keep_us
        self._max_bytes = max_bytes
        self._entries: deque[Entry] = deque()
        self._base = 0
        """Number of the first entry; entries are numbered for ever."""
        self._bytes = 0
        self._appended_bytes = 0
        """Ever."""
        self._cursors: list[Cursor] = []
        self._keyframes: deque[_Keyframe] = deque()
        """Of each keyframe held."""
        self._unfinished: list[_Keyframe] = []
        """Those that no whole picture has come of yet."""
        self._waiting_for_keyframe = True
        self._settling: tuple[int, float] | None = None
        """Number of the first entry whose time may still be corrected, and until when (monotonic)."""
        self._closed = False
        self._changed = threading.Condition()

    @property
    def newest_us(self) -> int | None:
        """Time of the newest entry."""
        with self._changed:
            return self._entries[-1].time_us if self._entries else None

    @property
    def span_us(self) -> int:
        """How far back the ring reaches."""
        with self._changed:
            return self._entries[-1].time_us - self._entries[0].time_us if self._entries else 0

    @property
    def used_bytes(self) -> int:
        """Size of all packets held."""
        with self._changed:
            return self._bytes

    @property
    def info(self) -> StreamInfo | None:
        """The stream of the newest entry."""
        with self._changed:
            return self._entries[-1].info if self._entries else None

    def bound(self, max_bytes: int) -> None:
        """Hold no more than that from now on."""
        with self._changed:
            self._max_bytes = max_bytes

    @property
    def max_bytes(self) -> int:
        """How much it may hold."""
        return self._max_bytes

    def append(self, entry: Entry) -> None:
        """Add the newest entry; what precedes a keyframe at the beginning is of no use and not kept."""
        with self._changed:
            if self._waiting_for_keyframe and not (entry.kind == "video" and entry.keyframe):
                return
            self._waiting_for_keyframe = False
            if entry.back_us:
                self._date_back(entry)
            elif entry.info.settles and (not self._entries or self._entries[-1].info.epoch != entry.info.epoch):
                self._settling = self._end, time.monotonic() + SETTLE_SECONDS
            if entry.kind == "video":
                self._note_keyframes(entry)
            self._entries.append(entry)
            self._bytes += entry.size
            self._appended_bytes += entry.size
            self._trim(entry.time_us)
            if self._cursors:
                self._changed.notify_all()

    def _date_back(self, newer: Entry) -> None:
        """Correct the times of a connection's first entries; those of an earlier one stay before them."""
        first = len(self._entries)
        while first and self._entries[first - 1].info.epoch == newer.info.epoch:
            first -= 1
        earliest_us = self._entries[first - 1].time_us + 1 if first else 0
        for at in range(first, len(self._entries)):
            entry = self._entries[at]
            earliest_us = max(entry.time_us - newer.back_us, earliest_us)
            self._entries[at] = replace(entry, time_us=earliest_us)
        for keyframe in self._keyframes:
            if keyframe.number >= self._base + first and keyframe.whole_us is not None:
                keyframe.whole_us = self._entries[keyframe.number - self._base].time_us

    def _readable(self) -> tuple[int, float | None]:
        """Return (number up to which may be read, after how many seconds more may be)."""
        if self._settling is not None:
            number, until = self._settling
            left = until - time.monotonic()
            if left > 0 and not self._closed:
                return number, left
            self._settling = None
        return self._end, None

    def _note_keyframes(self, entry: Entry) -> None:
        """Count down until decoding that began at a keyframe gives whole pictures."""
        if entry.keyframe:
            keyframe = _Keyframe(self._end, entry.whole_after + 1)
            self._keyframes.append(keyframe)
            self._unfinished.append(keyframe)
        for keyframe in tuple(self._unfinished):
            keyframe.pictures_left -= 1
            if not keyframe.pictures_left:
                keyframe.whole_us = entry.time_us
                self._unfinished.remove(keyframe)

    def interrupt(self) -> None:
        """Begin anew with the next keyframe: the source was lost. What is held stays until it is too old."""
        with self._changed:
            self._waiting_for_keyframe = True
            for keyframe in self._unfinished:  # nothing whole would ever come of these
                if keyframe in self._keyframes:
                    self._keyframes.remove(keyframe)
            self._unfinished.clear()

    def close(self) -> None:
        """Wake all readers for good."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def cursor(self, from_us: int | None = None) -> Cursor:
        """Return a reader that begins where decoding gives whole pictures from `from_us` on, or at the oldest keyframe.

        None: where it gives the newest whole picture.
        """
        with self._changed:
            number = self._keyframes[0].number if self._keyframes else self._end
            for keyframe in self._keyframes:
                if keyframe.whole_us is None or (from_us is not None and keyframe.whole_us > from_us):
                    break
                number = keyframe.number
            return self._open(number)

    def cursor_at(self, number: int) -> Cursor:
        """Return a reader that begins with this entry, or the oldest one behind it that is held."""
        with self._changed:
            return self._open(max(number, self._base))

    @property
    def _end(self) -> int:
        return self._base + len(self._entries)

    def _open(self, number: int) -> Cursor:
        cursor = Cursor(self, number)
        self._cursors.append(cursor)
        return cursor

    def _trim(self, newest_us: int) -> None:
        """Drop whole GOPs: too old and needed by nobody, or beyond the bound whoever needs them."""
        needed = min((cursor.number for cursor in self._cursors), default=self._end)
        while len(self._keyframes) > 1:
            second = self._keyframes[1]
            old = second.whole_us is not None and newest_us - second.whole_us >= self._keep_us
            if not (old and second.number <= needed) and self._bytes <= self._max_bytes:
                return
            self._drop(second.number)
        if self._bytes > self._max_bytes:
            # A single GOP that doesn't fit: nothing of it can be decoded once its beginning is gone.
            self._drop(self._end)
            self._waiting_for_keyframe = True

    def _drop(self, until: int) -> None:
        first_us = self._entries[0].time_us
        last_us = first_us
        while self._base < until:
            entry = self._entries.popleft()
            self._base += 1
            self._bytes -= entry.size
            last_us = entry.time_us
        while self._keyframes and self._keyframes[0].number < until:
            self._keyframes.popleft()
        for cursor in self._cursors:
            if cursor.number < until:
                cursor.skip(until, first_us, last_us, self._appended_bytes - self._bytes)


class Cursor:
    """A reader of the ring. Used by one thread; `wake` by any."""

    def __init__(self, ring: Ring, number: int) -> None:
        self._ring = ring
        self.number = number
        """Of the next entry."""
        self._lost: tuple[int, int] | None = None
        self._position_us: int | None = None
        held = ring._entries  # noqa: SLF001 - a cursor is the ring's own
        unread_bytes = sum(held[at].size for at in range(number - ring._base, len(held)))  # noqa: SLF001
        self._read_to_bytes = ring._appended_bytes - unread_bytes  # noqa: SLF001
        """Of all that was ever appended."""

    @property
    def behind_us(self) -> int:
        """How far the last entry read lies behind the newest one."""
        newest_us = self._ring.newest_us
        return 0 if newest_us is None or self._position_us is None else max(newest_us - self._position_us, 0)

    @property
    def backlog(self) -> float:
        """Which part of the ring's bound waits to be read."""
        ring = self._ring
        return (ring._appended_bytes - self._read_to_bytes) / max(ring._max_bytes, 1)  # noqa: SLF001

    @property
    def caught_up(self) -> bool:
        """Whether everything was read."""
        with self._ring._changed:  # noqa: SLF001
            return self.number >= self._ring._end  # noqa: SLF001

    def next(self, timeout_s: float) -> Entry | None:
        """Return the next entry, or None when none comes in time or the ring is closed."""
        ring = self._ring
        deadline = time.monotonic() + timeout_s
        with ring._changed:  # noqa: SLF001
            while True:
                readable, more_in = ring._readable()  # noqa: SLF001
                if self.number < readable:
                    break
                left = deadline - time.monotonic()
                if ring._closed or left <= 0:  # noqa: SLF001
                    return None
                ring._changed.wait(left if more_in is None else min(left, more_in))  # noqa: SLF001
            entry = ring._entries[self.number - ring._base]  # noqa: SLF001
            self.number += 1
            self._read_to_bytes += entry.size
        self._position_us = entry.time_us
        return entry

    def skip(self, number: int, from_us: int, to_us: int, read_to_bytes: int) -> None:
        """Note that entries were dropped before they were read (called by the ring)."""
        self.number = number
        self._read_to_bytes = read_to_bytes
        self._lost = (self._lost[0] if self._lost else from_us, to_us)

    def take_lost(self) -> tuple[int, int] | None:
        """Return the (from, to) that was dropped unread since the last call."""
        lost, self._lost = self._lost, None
        return lost

    def close(self) -> None:
        """Need nothing any more."""
        with self._ring._changed:  # noqa: SLF001
            if self in self._ring._cursors:  # noqa: SLF001
                self._ring._cursors.remove(self)  # noqa: SLF001
