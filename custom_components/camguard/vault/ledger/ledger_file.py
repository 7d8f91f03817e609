"""The ledger on disk: one line per entry, appended and synced. Only bodies whose time is over are ever taken out."""

import base64
import contextlib
import errno
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BufferedRandom
from pathlib import Path
from typing import Any

from ...domain.errors import IntegrityError, StorageError
from ...domain.ledger import GENESIS, Entry, Event, make_entry
from ..media.destroy import overwrite_and_remove
from ..paths import FILE_MODE, FOLDER_MODE, PART, fsync_dir

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
    ) -> None:
        """Open the ledger. A torn last line (a power cut) is moved to `<name>.torn`; nothing else is changed.

        `sign` makes the Ed25519 signature of each entry; without it (the root key is away) entries are chained only.
        `on_append` hears of each entry once it is on disk. Raises IntegrityError `ledger_unreadable` when the last
        whole line isn't an entry.
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
        try:
            self._last = self._recover()
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

    def append(self, event: Event, facts: dict[str, Any], time_us: int) -> Entry:
        """Write an entry; on disk when this returns (invariant 5). Raises StorageError `ledger_not_written`."""
        with self._lock:
            if self._closed:
                raise StorageError("ledger_not_written", detail="closed")
            entry = make_entry(self._last, event, facts, time_us=time_us, salt=secrets.token_hex(16))
            if self._sign is not None:
                entry = replace(entry, sig=base64.b64encode(self._sign(entry.signed_text)).decode())
            try:
                self._write(entry.to_line())
            except OSError as error:
                raise StorageError("ledger_not_written", detail=str(error)) from error
            self._last = entry
            self._on_append(entry)
        return entry

    def drop_bodies(self, before_us: int, keeps: Callable[[Entry], bool] = lambda _: False) -> int:
        """Drop the bodies of entries from before; returns how many. The chain and its signatures stay valid.

        What says which key signed is kept: without it older signatures couldn't be verified any more; so is what
        `keeps` wants. Raises StorageError, IntegrityError.

        Steps: the file is written anew beside and synced; the present one gets a second name; the new one takes its
        place; the old one is overwritten and removed, once nobody reads it. Cut short at any step, the ledger is whole.
        """

        def goes(entry: Entry) -> bool:
            old = entry.time_us < before_us and entry.body is not None
            return old and entry.event != Event.KEY_CHANGED and not keeps(entry)

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
        """Yield all entries, oldest first, unchecked, for looking something up. Raises OSError.

        A line that isn't an entry is left out: `check_ledger` tells of it, and nothing else is to stop for it.
        """
        return _readable(self.lines())

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

    def _recover(self) -> Entry | None:
        data = self._tail(1)
        whole, end, torn = data.rpartition(b"\n")
        if torn:
            with self._path.with_suffix(".torn").open("ab") as aside:
                aside.write(torn + b"\n")
            self._file.truncate(self._file.seek(0, os.SEEK_END) - len(torn))
            os.fsync(self._file.fileno())
            fsync_dir(self._path.parent)
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
