"""The ledger on disk: one line per entry, appended and synced. Only bodies whose time is over are ever taken out."""

import base64
import contextlib
import errno
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..domain.errors import IntegrityError, StorageError
from ..domain.ledger import GENESIS, Entry, Event, make_entry
from .destroy import overwrite_and_remove
from .paths import FILE_MODE, FOLDER_MODE, PART, fsync_dir

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
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        if self._old.exists():  # bodies were being dropped when the power went
            overwrite_and_remove(self._old)
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE), "r+b")
        try:
            self._last = self._recover()
        except BaseException:
            self._file.close()
            raise
        self.refill()

    @property
    def last(self) -> Entry | None:
        """The newest entry."""
        return self._last

    @property
    def _old(self) -> Path:
        return self._path.with_name(self._path.name + ".old")

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
            if self._sign is not None:
                entry = replace(entry, sig=base64.b64encode(self._sign(entry.signed_text)).decode())
            try:
                self._write(entry.to_line())
            except OSError as error:
                raise StorageError("ledger_not_written", detail=str(error)) from error
            self._last = entry
            self._on_append(entry)
        return entry

    def drop_bodies(self, before_us: int) -> int:
        """Drop the bodies of entries from before; returns how many. The chain and its signatures stay valid.

        What says which key signed is kept: without it older signatures couldn't be verified any more. The file is
        written anew beside and put in its place; the old one is overwritten. Raises StorageError.
        """

        def goes(entry: Entry) -> bool:
            return entry.time_us < before_us and entry.body is not None and entry.event != Event.KEY_CHANGED

        with self._lock:
            dropped = sum(goes(entry) for entry in self.entries())
            if not dropped:
                return 0
            try:
                part = self._path.with_name(self._path.name + PART)
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
                with os.fdopen(descriptor, "wb") as file:
                    for entry in self.entries():
                        file.write((entry.without_body() if goes(entry) else entry).to_line())
                    file.flush()
                    os.fsync(file.fileno())
                self._old.hardlink_to(self._path)
                part.rename(self._path)
                fsync_dir(self._path.parent)
                self._file.close()
                self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_NOFOLLOW), "r+b")
                overwrite_and_remove(self._old)
            except OSError as error:
                raise StorageError("ledger_not_written", detail=str(error)) from error
        return dropped

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
