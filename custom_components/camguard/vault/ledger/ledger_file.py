"""The ledger on disk: one line per entry, appended and synced. Only bodies whose time is over are ever taken out.

It lies in segments: when the open one has grown enough, a signed entry ends it, and nothing is added to it any more.
So neither an append nor a page nor a start has to read all of it (docs/adr/0017).
"""

import base64
import contextlib
import errno
import logging
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from ...domain.clip import PRIVATE
from ...domain.errors import CamguardError, IntegrityError, StorageError
from ...domain.ledger import GENESIS, Entry, Event, make_entry
from ..paths import FILE_MODE, fsync_dir
from .belief import Belief, Lines
from .checkpoint import Checkpoint, Checkpoints
from .open_segment import OpenSegment
from .segments import (
    Segments,
    first_seq,
    last_entry_of,
    lines_of,
    old_files,
    readable,
    remove_old,
    whole_lines,
    without_bodies,
)
from .told import Told

_ALWAYS_KEPT = frozenset(
    {
        Event.KEY_CHANGED,
        Event.SITE_BEGUN,
        Event.BODIES_DROPPED,
        Event.SEGMENT_ENDED,
        Event.COPIES_BEGUN,
        Event.COPIES_ENDED,
        Event.HOST_BEGUN,
        Event.HOST_ENDED,
    }
)
RESERVE_BYTES = 16 << 20
"""Kept beside the ledger and given up on a full disk, so that erasing can still be written down."""
SEGMENT_ENTRIES = 5_000
"""So many are read at a start: about half a second of a small computer's time."""

_RETRY_ENTRIES = 100
"""After a disk has refused to close a segment, so many more are written before that is tried again."""

type Read = Callable[[Lines, Checkpoint | None], Belief]

_LOGGER = logging.getLogger(__name__)


class LedgerFile:
    """Appends entries; safe to use from several threads."""

    def __init__(
        self,
        path: Path,
        reserve: Path | None = None,
        *,
        sign: Callable[[bytes], bytes] | None = None,
        on_append: Callable[[Entry], None] = lambda _: None,
        read: Read | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        """Open the ledger. A torn last line (a power cut) is moved to `<name>.torn`; nothing else is changed.

        `path`: of the open segment. `sign` makes the Ed25519 signature of each entry. `on_append` hears of each entry
        once it is on disk. `read` says what is believed: what stands behind that is moved to `<name>.unsigned`.
        `checkpoints`: where it is noted what closed segments tell; without, or when nothing can be noted there, none is
        closed. Raises IntegrityError `ledger_unreadable` when the last whole line isn't an entry.
        """
        self.segments = Segments(path)
        self._reserve = reserve
        self._sign = sign
        self._on_append = on_append
        self._read = read
        self._checkpoints = checkpoints
        self._lock = threading.Lock()
        self._closed = False
        self._reading = threading.Lock()
        self._readers = 0
        self._upkeep = threading.Lock()
        """Held while closed segments are worked on: none is closed meanwhile."""
        self._places = threading.Lock()
        """Held while a segment changes its place or is looked for; not `_lock`: who hears of entries reads others."""
        self._noted = True
        """Whether the checkpoint tells of all closed segments."""
        self._remove_old()  # bodies were being dropped when the power went
        self._open = OpenSegment(path)
        self.belief: Belief | None = None
        """What was believed at the opening, when that was asked for; what it tells goes on with each entry."""
        self._retry_seq = 0
        """From when on closing the segment is tried again."""
        try:
            self._open.cut_torn()
            if read is not None:
                self.belief = self._believe(read)
            self._last, self._before = self._ends()
            if self._may_close and self._ended:
                self._shut()  # cut short when it was ended
        except BaseException:
            self._open.close()
            raise
        self.refill()

    @property
    def last(self) -> Entry | None:
        """The newest entry."""
        return self._last

    @property
    def head(self) -> str:
        """The chain's head, hex; whoever holds it can prove later that nothing before it was changed."""
        return self._last.head if self._last else GENESIS

    @property
    def seq(self) -> int:
        """Number of the last entry, 0 when there is none."""
        return self._last.seq if self._last else 0

    @property
    def _may_close(self) -> bool:
        """Whether there is a place to note what a closed segment tells."""
        return self._checkpoints is not None and self._checkpoints.writable and self.belief is not None

    @property
    def _ended(self) -> bool:
        return self._last is not None and self._last.event == Event.SEGMENT_ENDED and self._last.seq > self._before

    @property
    def told(self) -> Told:
        """What the believed entries say; nothing when `read` wasn't given."""
        return self.belief.told if self.belief else Told()

    def append(self, event: Event, facts: dict[str, Any], time_us: int) -> Entry:
        """Write an entry; on disk when this returns (invariant 5). What is below `private` is given to nobody else.

        Raises StorageError `ledger_not_written`.
        """
        with self._lock:
            if self._closed:
                raise StorageError("ledger_not_written", detail="closed")
            if PRIVATE in facts:
                facts = facts | {PRIVATE: facts[PRIVATE] | {"salt": secrets.token_hex(16)}}
            entry = self._add(event, facts, time_us)
            if self.seq - self._before >= SEGMENT_ENTRIES or not self._noted:
                self._close_segment(time_us)
        return entry

    def _add(self, event: Event, facts: dict[str, Any], time_us: int) -> Entry:
        entry = make_entry(self._last, event, facts, time_us=time_us, salt=secrets.token_hex(16))
        if self._sign is not None:
            entry = replace(entry, sig=base64.b64encode(self._sign(entry.signed_text)).decode())
        try:
            self._write(entry.to_line())
        except OSError as error:
            raise StorageError("ledger_not_written", detail=str(error)) from error
        self._last = entry
        if self.belief is not None:
            self.belief.told.take(entry)
        self._on_append(entry)
        return entry

    def droppable(self, before_us: int, keeps: Callable[[Entry], bool] = lambda _: False) -> list[list[int]]:
        """Return the entries from before whose bodies may be dropped, as ranges [first, last] of their numbers.

        What the rest is verified by is kept, and what `keeps` wants. Raises IntegrityError, OSError.
        """
        ranges: list[list[int]] = []
        for entry in map(Entry.from_line, self.lines()):
            old = entry.time_us < before_us and entry.body is not None
            if not old or entry.event in _ALWAYS_KEPT or keeps(entry):
                continue
            if ranges and ranges[-1][1] == entry.seq - 1:
                ranges[-1][1] = entry.seq
            else:
                ranges.append([entry.seq, entry.seq])
        return ranges

    def drop_bodies(self, ranges: Sequence[Sequence[int]]) -> int:
        """Drop the bodies of these entries; returns how many. The chain and its signatures stay valid.

        A signed entry names them first (Event.BODIES_DROPPED). What was before is overwritten and removed, once nobody
        reads it. Cut short at any step, the ledger is whole. Raises StorageError, IntegrityError.
        """

        def goes(entry: Entry) -> bool:
            return entry.body is not None and any(first <= entry.seq <= last for first, last in ranges)

        with self._upkeep:
            try:
                self._remove_old()
                closed = self.segments.closed()
                wanted = [path for path in closed if any(first_seq(path) <= last for _, last in ranges)]
                if wanted and self._checkpoints is not None:
                    self._checkpoints.remove()
                dropped = sum(without_bodies(path, goes) for path in wanted)
                with self._lock:
                    if in_open := without_bodies(self.segments.open_path, goes):
                        # From here on the new file is the ledger: no entry may go to the old one any more.
                        self._open.reopen()
                fsync_dir(self.segments.open_path.parent)
                self._remove_old()
                if wanted:
                    fsync_dir(self.segments.folder)
                    self._note_anew()
            except OSError as error:
                raise StorageError("ledger_not_written", detail=str(error)) from error
        return dropped + in_open

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Yield all entries, oldest first, for looking something up. Raises OSError.

        Those up to number `after` may be left out. A line that isn't an entry, or isn't the one that follows, is left
        out: `check_ledger` tells of it, and nothing else is to stop for it.
        """
        previous: Entry | None = None
        known = after == 0
        for entry in readable(self.lines(after)):
            if known and entry.follows(previous):
                yield entry
            previous, known = entry, True

    def lines(self, after: int = 0) -> Iterator[bytes]:
        """Yield all whole lines as they are on disk, with their ends, oldest first. Raises OSError.

        Segments that end before entry `after` are left out. A file that was taken away has none.
        """
        with self._reading:
            self._readers += 1
        try:
            with self._places:  # what is open now is read to its end, though it be closed meanwhile
                closed = self.segments.closed()
                last = self.segments.opened()
            with last or contextlib.nullcontext(()) as rest:
                for number, path in enumerate(closed, 1):
                    if number == len(closed) or first_seq(closed[number]) > after:
                        yield from lines_of(path)
                yield from whole_lines(rest)
        finally:
            with self._reading:
                self._readers -= 1

    def verify(self) -> int:
        """Return how many entries the unbroken chain has.

        Raises IntegrityError where it breaks: `ledger_altered`, `ledger_unreadable`.
        """
        previous: Entry | None = None
        for line in self.lines():
            entry = Entry.from_line(line)
            if not entry.follows(previous) or not entry.written_as(line):
                raise IntegrityError("ledger_altered", seq=str((previous.seq if previous else 0) + 1))
            previous = entry
        return previous.seq if previous else 0

    def refill(self) -> None:
        """Make the reserve anew when it is gone and there is room again; remove what dropping bodies left behind."""
        if self._upkeep.acquire(blocking=False):
            try:
                with contextlib.suppress(OSError):
                    self._remove_old()
            finally:
                self._upkeep.release()
        if self._reserve is None or self._reserve.exists():
            return
        try:
            descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
            try:
                os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
            finally:
                os.close(descriptor)
        except OSError:
            self._reserve.unlink(missing_ok=True)

    def give_up_reserve(self) -> bool:
        """Make room on a full disk for what erasing needs besides the ledger; False when there is nothing to give."""
        if self._reserve is None or not self._reserve.exists():
            return False
        self._reserve.unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """Close the file. Nothing can be appended any more."""
        with self._lock:
            self._closed = True
            self._open.close()

    def _write(self, line: bytes) -> None:
        try:
            self._open.append(line)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT} or self._reserve is None or not self._reserve.exists():
                raise
            self._reserve.unlink()
            self._open.append(line)

    # --- segments ---

    def _close_segment(self, time_us: int) -> None:
        """End the open segment, when there is a place to note what it tells; what fails is tried again later."""
        if not self._may_close or self.seq < self._retry_seq or not self._upkeep.acquire(blocking=False):
            return
        try:
            self._add(Event.SEGMENT_ENDED, {"first_seq": self._before + 1}, time_us)
            self._shut()
        except CamguardError as error:
            self._put_off(error)
        finally:
            self._upkeep.release()

    def _put_off(self, error: Exception) -> None:
        self._retry_seq = self.seq + _RETRY_ENTRIES
        _LOGGER.warning("A segment of the ledger could not be closed and grows on: %s", error)

    def _shut(self) -> None:
        """Put the open segment with the closed ones, and begin a new one; it stays open when a disk refuses."""
        try:
            with self._places:
                path = self.segments.close(self._before + 1)
                try:
                    self._open.reopen()
                except OSError:
                    path.rename(self.segments.open_path)
                    raise
        except OSError as error:
            self._put_off(error)
            return
        self._before = self.seq
        self._noted = True  # or tried: what can't be noted is so no sooner than with the next segment
        if self.belief is not None and self._last is not None:
            try:
                self._note(self._last, self.belief)
            except OSError as error:
                _LOGGER.warning("What the ledger tells could not be noted, the next start reads all of it: %s", error)

    def _note(self, last: Entry, belief: Belief) -> None:
        """Note what the closed segments, of which this is the last entry, tell. Raises OSError."""
        assert self._checkpoints is not None
        checkpoint = Checkpoint(
            seq=last.seq,
            head=last.head,
            time_us=last.time_us,
            told=belief.told,
            damaged_seq=belief.damaged_seq,
            blanked=belief.blanked,
        )
        self._checkpoints.save(self.segments, checkpoint)

    def _note_anew(self) -> None:
        """Note it by reading the closed segments: some of it is to be forgotten. Raises OSError, IntegrityError."""
        closed = self.segments.closed()
        last = last_entry_of(closed[-1])
        if self._read is None or self._checkpoints is None or not self._checkpoints.writable or last is None:
            return
        belief = self._read(lambda: chain.from_iterable(map(lines_of, closed)), None)
        if belief.end == sum(path.stat().st_size for path in closed):
            self._note(last, belief)

    def _believe(self, read: Read) -> Belief:
        """Return what is believed, and take out what stands behind it."""
        checkpoint = self._checkpoints.load(self.segments) if self._checkpoints else None
        if checkpoint is not None:
            belief = read(lambda: lines_of(self.segments.open_path), checkpoint)
            self._set_aside([self.segments.open_path], belief.end)
        else:
            belief = read(self.lines, None)
            self._set_aside(self.segments.all(), belief.end)
            self._noted = not self.segments.closed()
        return belief

    def _set_aside(self, paths: list[Path], end: int) -> None:
        """Take out what stands behind the last entry that is believed; it is kept beside. Raises OSError."""
        sizes = [path.stat().st_size for path in paths]
        while len(paths) > 1 and sum(sizes[:-1]) > end:
            # All of the last one, and some of the one before, which becomes the open one: as if never closed.
            if sizes[-1]:
                self._open.move_aside(".unsigned", 0)
            paths, sizes = paths[:-1], sizes[:-1]
            paths[-1].rename(self.segments.open_path)
            self._open.reopen()
            paths[-1] = self.segments.open_path
        if self._open.end > (here := end - sum(sizes[:-1])):
            self._open.move_aside(".unsigned", here)

    def _ends(self) -> tuple[Entry | None, int]:
        """Return the last entry, and the number of the one before the open segment's first."""
        closed, last = self.segments.closed(), self._open.last_entry()
        try:
            before = last_entry_of(closed[-1]) if closed else None
        except IntegrityError:  # damaged: told elsewhere, and no reason to stop while there is a newer one
            if last is None:
                raise
            before = None
        return last or before, before.seq if before else 0

    def _remove_old(self) -> None:
        """Overwrite and remove the files from before bodies were dropped. Raises OSError.

        Not while somebody reads: `refill` or the next start does it then.
        """
        for path in old_files(self.segments):
            with self._reading:
                if not self._readers:
                    remove_old(path)
