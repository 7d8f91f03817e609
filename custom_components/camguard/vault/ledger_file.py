"""The ledger on disk: one line per entry, appended and synced, never rewritten."""

import contextlib
import errno
import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..domain.errors import IntegrityError, StorageError
from ..domain.ledger import GENESIS, Entry, Event, make_entry
from .paths import FILE_MODE, FOLDER_MODE, fsync_dir

RESERVE_BYTES = 16 << 20
"""Kept beside the ledger and given up on a full disk, so that erasing can still be written down."""


class LedgerFile:
    """Appends entries; safe to use from several threads."""

    def __init__(self, path: Path, reserve: Path | None = None) -> None:
        """Open the ledger. A torn last line (a power cut) is moved to `<name>.torn`; nothing else is ever changed.

        Raises IntegrityError `ledger_unreadable` when the last whole line isn't an entry.
        """
        self._path = path
        self._reserve = reserve
        self._lock = threading.Lock()
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE), "r+b")
        try:
            self._last = self._recover()
        except BaseException:
            self._file.close()
            raise
        self.refill()

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
            entry = make_entry(self._last, event, facts, time_us=time_us, salt=secrets.token_hex(16))
            try:
                self._write(entry.to_line())
            except OSError as error:
                raise StorageError("ledger_not_written", detail=str(error)) from error
            self._last = entry
        return entry

    def entries(self) -> Iterator[Entry]:
        """Yield all entries, oldest first, unchecked; raises IntegrityError at a line that isn't one."""
        with self._path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield Entry.from_line(line)

    def verify(self) -> int:
        """Return how many entries the unbroken chain has; raises IntegrityError `ledger_altered` where it breaks."""
        previous: Entry | None = None
        for entry in self.entries():
            if not entry.follows(previous):
                raise IntegrityError("ledger_altered", seq=str((previous.seq if previous else 0) + 1))
            previous = entry
        return previous.seq if previous else 0

    def refill(self) -> None:
        """Make the reserve anew when it is gone and there is room again."""
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
        """Close the file."""
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
        start = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            # What the buffer still holds must not turn up after the next line: it goes with the old file object.
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_NOFOLLOW), "r+b")
            self._file.truncate(start)
            raise

    def _recover(self) -> Entry | None:
        data = self._tail()
        whole, end, torn = data.rpartition(b"\n")
        if torn:
            with self._path.with_suffix(".torn").open("ab") as aside:
                aside.write(torn + b"\n")
            self._file.truncate(self._file.seek(0, os.SEEK_END) - len(torn))
            os.fsync(self._file.fileno())
            fsync_dir(self._path.parent)
        return Entry.from_line(whole.rpartition(b"\n")[2]) if end else None

    def _tail(self) -> bytes:
        """Return enough of the end to hold the last whole line and what may be torn behind it."""
        size = self._file.seek(0, os.SEEK_END)
        length = 64 * 1024
        while True:
            start = max(size - length, 0)
            self._file.seek(start)
            data = self._file.read()
            if start == 0 or data.count(b"\n") >= 2:
                return data
            length *= 4
