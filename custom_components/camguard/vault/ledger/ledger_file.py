"""The ledger on disk: one line per entry, appended and synced. Only bodies whose time is over are ever taken out."""

import base64
import contextlib
import errno
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BufferedRandom
from pathlib import Path
from typing import Any

from ...domain.clip import PRIVATE
from ...domain.errors import IntegrityError, StorageError
from ...domain.ledger import GENESIS, Entry, Event, make_entry
from ..media.destroy import overwrite_and_remove
from ..paths import FILE_MODE, FOLDER_MODE, PART, fsync_dir
from .belief import Belief, Lines, Told

_ALWAYS_KEPT = frozenset({Event.KEY_CHANGED, Event.SITE_BEGUN, Event.BODIES_DROPPED})
RESERVE_BYTES = 16 << 20
"""Kept beside the ledger and given up on a full disk, so that erasing can still be written down."""


class LedgerFile:
    """Appends entries; safe to use from several threads."""

    def __init__(
        self,
        path: Path,
        reserve: Path | None = None,
        *,
        sign: Callable[[bytes], bytes] | None = None,
        on_append: Callable[[Entry], None] = lambda _: None,
        read: Callable[[Lines], Belief] | None = None,
    ) -> None:
        """Open the ledger. A torn last line (a power cut) is moved to `<name>.torn`; nothing else is changed.

        `sign` makes the Ed25519 signature of each entry. `on_append` hears of each entry once it is on disk. `read`
        says what is believed: what stands behind that is moved to `<name>.unsigned`. Raises IntegrityError
        `ledger_unreadable` when the last whole line isn't an entry.
        """
        self._path = path
        self._reserve = reserve
        self._sign = sign
        self._on_append = on_append
        self._lock = threading.Lock()
        self._closed = False
        self._reading = threading.Lock()
        self._readers = 0
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        self._remove_old()  # bodies were being dropped when the power went
        self._file = self._opened(os.O_CREAT)
        self.belief: Belief | None = None
        """What was believed at the opening, when that was asked for; what it tells goes on with each entry."""
        try:
            self._cut_torn()
            if read is not None:
                self.belief = read(self.lines)
                self._set_aside(self.belief.end)
            self._last = self._read_last()
            self._end = self._file.seek(0, os.SEEK_END)
        except BaseException:
            self._file.close()
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

        A signed entry names them first (Event.BODIES_DROPPED). Raises StorageError, IntegrityError.

        Steps: the file is written anew beside and synced; the present one gets a second name; the new one takes its
        place; the old one is overwritten and removed, once nobody reads it. Cut short at any step, the ledger is whole.
        """

        def goes(entry: Entry) -> bool:
            return entry.body is not None and any(first <= entry.seq <= last for first, last in ranges)

        with self._lock:
            dropped = sum(goes(Entry.from_line(line)) for line in self.lines())
            if not dropped:
                return 0
            part = self._path.with_name(self._path.name + PART)
            try:
                self._remove_old()
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
                with os.fdopen(descriptor, "wb") as file:
                    for entry in map(Entry.from_line, self.lines()):
                        file.write((entry.without_body() if goes(entry) else entry).to_line())
                    file.flush()
                    os.fsync(file.fileno())
                with contextlib.suppress(OSError):  # a file system without links: the old one can't be overwritten
                    self._old.hardlink_to(self._path)
                part.rename(self._path)
            except OSError as error:
                part.unlink(missing_ok=True)
                raise StorageError("ledger_not_written", detail=str(error)) from error
            try:
                # From here on the new file is the ledger: no entry may go to the old one any more.
                self._file.close()
                self._file = self._opened()
                self._end = self._file.seek(0, os.SEEK_END)
                fsync_dir(self._path.parent)
                self._remove_old()
            except OSError as error:
                raise StorageError("ledger_not_written", detail=str(error)) from error
        return dropped

    def entries(self) -> Iterator[Entry]:
        """Yield all entries, oldest first, for looking something up. Raises OSError.

        A line that isn't an entry, or isn't the one that follows, is left out: `check_ledger` tells of it, and nothing
        else is to stop for it.
        """
        previous: Entry | None = None
        for entry in _readable(self.lines()):
            if entry.follows(previous):
                yield entry
            previous = entry

    def lines(self) -> Iterator[bytes]:
        """Yield all whole lines as they are on disk, with their ends, oldest first. Raises OSError.

        A file that was taken away has none.
        """
        with self._reading:
            self._readers += 1
        try:
            with self._path.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        yield line
        except FileNotFoundError:
            return
        finally:
            with self._reading:
                self._readers -= 1

    def recent(self, count: int) -> list[Entry]:
        """Return the last `count` entries, oldest first, as `entries` does."""
        with self._lock:
            lines = self._tail(count).splitlines()
        return list(_readable(lines[-count:]))

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
        with self._lock, contextlib.suppress(OSError):
            self._remove_old()
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
            self._file.close()

    def _write(self, line: bytes) -> None:
        try:
            self._append(line)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT} or self._reserve is None or not self._reserve.exists():
                raise
            self._reserve.unlink()
            self._append(line)

    def _append(self, line: bytes) -> None:
        if self._file.closed:  # a disk refused, and then to be opened again
            self._file = self._opened()
        if not os.fstat(self._file.fileno()).st_nlink:
            self._put_back()
        if self._file.seek(0, os.SEEK_END) > self._end:
            self._file.truncate(self._end)  # half a line that couldn't be taken back
            self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            # What the buffer still holds must not turn up after the next line: it goes with the old file object.
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = self._opened()
            self._file.truncate(self._end)
            raise
        self._end += len(line)

    def _put_back(self) -> None:
        """Write the ledger anew where it was: somebody deleted or exchanged it, and what is open is the real one."""
        part = self._path.with_name(self._path.name + PART)
        self._file.seek(0)
        try:
            with os.fdopen(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE), "wb"
            ) as copy:
                shutil.copyfileobj(self._file, copy)
                copy.flush()
                os.fsync(copy.fileno())
            part.rename(self._path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        fsync_dir(self._path.parent)
        self._file.close()
        self._file = self._opened()

    def _opened(self, flags: int = 0) -> BufferedRandom:
        return os.fdopen(os.open(self._path, os.O_RDWR | os.O_NOFOLLOW | flags, FILE_MODE), "r+b")

    @property
    def _old(self) -> Path:
        return self._path.with_name(self._path.name + ".old")

    def _remove_old(self) -> None:
        """Overwrite and remove the file from before bodies were dropped. Raises OSError.

        Not while somebody reads it: `refill` or the next start does it then.
        """
        if not self._old.exists(follow_symlinks=False):
            return
        if self._path.exists() and self._old.samefile(self._path):
            self._old.unlink()  # cut short before the new file took its place: it is the ledger itself
            return
        with self._reading:
            if not self._readers:
                overwrite_and_remove(self._old)

    def _cut_torn(self) -> None:
        torn = self._tail(1).rpartition(b"\n")[2]
        if torn:
            self._move_aside(".torn", self._file.seek(0, os.SEEK_END) - len(torn))

    def _set_aside(self, end: int) -> None:
        """Take out what stands behind the last entry that is believed; it is kept beside."""
        if self._file.seek(0, os.SEEK_END) > end:
            self._move_aside(".unsigned", end)

    def _move_aside(self, suffix: str, end: int) -> None:
        descriptor = os.open(
            self._path.with_suffix(suffix), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, FILE_MODE
        )
        with os.fdopen(descriptor, "ab") as aside:
            self._file.seek(end)
            shutil.copyfileobj(self._file, aside)
            aside.write(b"\n")
            aside.flush()
            os.fsync(aside.fileno())
        self._file.truncate(end)
        os.fsync(self._file.fileno())
        fsync_dir(self._path.parent)

    def _read_last(self) -> Entry | None:
        whole, end, _ = self._tail(1).rpartition(b"\n")
        return Entry.from_line(whole.rpartition(b"\n")[2]) if end else None

    def _tail(self, count: int) -> bytes:
        """Return enough of the end to hold the last `count` whole lines and what may be torn behind them."""
        size = self._file.seek(0, os.SEEK_END)
        length = 64 * 1024
        while True:
            start = max(size - length, 0)
            self._file.seek(start)
            data = self._file.read()
            if start == 0 or data.count(b"\n") > count:
                return data
            length *= 4


def _readable(lines: Iterable[bytes]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield Entry.from_line(line)
        except IntegrityError:
            continue
