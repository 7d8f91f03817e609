"""The segment of the ledger that is written to: each line synced, none lost, half a line taken back."""

import contextlib
import os
import shutil
from io import BufferedRandom
from pathlib import Path

from ...domain.ledger import Entry
from ..paths import FILE_MODE, FOLDER_MODE, PART, fsync_dir
from .segments import last_entry, tail


class OpenSegment:
    """One open file; one thread at a time. All methods raise OSError."""

    def __init__(self, path: Path) -> None:
        """Open or make it."""
        self._path = path
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        self._file = self._opened(os.O_CREAT)
        self._end: int | None = self._file.seek(0, os.SEEK_END)
        """None: another file is there by now, and couldn't be opened yet."""

    @property
    def end(self) -> int:
        """Where the last whole line ends, bytes."""
        assert self._end is not None
        return self._end

    def append(self, line: bytes) -> None:
        """Write a line; on disk when this returns, and nothing of it there when it raises."""
        if self._file.closed and self._end is None:
            self.reopen()
        elif self._file.closed:  # a disk refused, and then to be opened again
            self._file = self._opened()
        end = self.end
        if not os.fstat(self._file.fileno()).st_nlink:
            self._put_back()
        if self._file.seek(0, os.SEEK_END) > end:
            self._file.truncate(end)  # half a line that couldn't be taken back
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
            self._file.truncate(end)
            raise
        self._end = end + len(line)

    def cut_torn(self) -> None:
        """Move a torn last line (a power cut) to `<name>.torn`."""
        torn = tail(self._file, 1).rpartition(b"\n")[2]
        if torn:
            self.move_aside(".torn", self._file.seek(0, os.SEEK_END) - len(torn))

    def move_aside(self, suffix: str, end: int) -> None:
        """Take out what stands behind `end`; it is kept beside."""
        keep_aside(self._path, end, self._path.with_suffix(suffix))
        self._file.truncate(end)
        os.fsync(self._file.fileno())
        fsync_dir(self._path.parent)
        self._end = end

    def last_entry(self) -> Entry | None:
        """Return the last entry, None when it is empty; raises IntegrityError `ledger_unreadable` too."""
        return last_entry(self._file)

    def reopen(self) -> None:
        """Go on with the file that is there now, made if there is none: another one has taken this one's place."""
        self._file.close()
        self._end = None
        self._file = self._opened(os.O_CREAT)
        self._end = self._file.seek(0, os.SEEK_END)
        fsync_dir(self._path.parent)

    def close(self) -> None:
        """Close it."""
        self._file.close()

    def _put_back(self) -> None:
        """Write the file anew where it was: somebody deleted or exchanged it, and what is open is the real one."""
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


def keep_aside(path: Path, start: int, aside: Path) -> None:
    """Append a copy of what a file holds from `start` on to `aside`, synced. Raises OSError."""
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, FILE_MODE)
    with os.fdopen(descriptor, "ab") as kept, os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        file.seek(start)
        shutil.copyfileobj(file, kept)
        kept.write(b"\n")
        kept.flush()
        os.fsync(kept.fileno())
