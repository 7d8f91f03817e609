"""The files of the ledger: closed segments, which nothing is added to any more, and the open one at the end.

Together, in the order of their names, they are one chain of lines: `cat ledger/*.jsonl ledger.jsonl`.
"""

import contextlib
import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from ...domain.errors import IntegrityError
from ...domain.ledger import Entry
from ..media.destroy import overwrite_and_remove
from ..paths import FILE_MODE, FOLDER_MODE, PART, fsync_dir

_NAME = re.compile(r"([0-9]{10,})\.jsonl", re.ASCII)
_TAIL_BYTES = 64 * 1024


class Segments:
    """Where they are. Nothing is kept: each call looks at the disk."""

    def __init__(self, path: Path) -> None:
        """`path`: of the open segment; the closed ones lie in the folder beside that has its name."""
        self.open_path = path
        self.folder = path.with_suffix("")

    def closed(self) -> list[Path]:
        """Return the closed segments, oldest first. Raises OSError."""
        try:
            found = [path for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return []
        return sorted(found, key=first_seq)

    def all(self) -> list[Path]:
        """Return all segments, oldest first; the last one is open, and may not be there. Raises OSError."""
        return [*self.closed(), self.open_path]

    def empty(self) -> bool:
        """Whether there is no entry at all. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            if self.open_path.stat().st_size:
                return False
        return not self.closed()

    def close(self, first: int) -> Path:
        """Make the open segment, of which `first` is the first number, a closed one; returns it.

        Raises OSError; then it is still open. One that has that name already is never replaced.
        """
        self.folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        path = self.folder / f"{first:010}.jsonl"
        if path.exists(follow_symlinks=False):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        self.open_path.rename(path)
        try:
            fsync_dir(self.folder)
            fsync_dir(self.open_path.parent)
        except OSError:
            path.rename(self.open_path)
            raise
        return path

    def opened(self) -> BinaryIO | None:
        """Return the open segment for reading; None when it isn't there. Raises OSError."""
        try:
            return os.fdopen(os.open(self.open_path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
        except FileNotFoundError:
            return None

    def lines(self) -> Iterator[bytes]:
        """Yield the whole lines, oldest first, for who doesn't hold the ledger open. Raises OSError."""
        last = self.opened()
        with last or contextlib.nullcontext(()) as rest:
            for path in self.closed():
                yield from lines_of(path)
            yield from whole_lines(rest)


def first_seq(path: Path) -> int:
    """Return the number of a closed segment's first entry, which is its name."""
    return int(path.stem)


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a file; none when it isn't there. Raises OSError."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            yield from whole_lines(file)
    except FileNotFoundError:
        return


def whole_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines that have an end."""
    return (line for line in lines if line.endswith(b"\n"))


def last_entry(file: BinaryIO) -> Entry | None:
    """Return the last entry of a segment, None when it is empty. Raises OSError, IntegrityError `ledger_unreadable`."""
    whole, end, _ = tail(file, 1).rpartition(b"\n")
    return Entry.from_line(whole.rpartition(b"\n")[2]) if end else None


def last_entry_of(path: Path) -> Entry | None:
    """Return the last entry of a closed segment; raises as `last_entry` does."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return last_entry(file)


def tail(file: BinaryIO, count: int) -> bytes:
    """Return the end of a file: the last `count` whole lines at least, and what may be torn behind. Raises OSError."""
    size = file.seek(0, os.SEEK_END)
    length = _TAIL_BYTES
    while True:
        start = max(size - length, 0)
        file.seek(start)
        data = file.read()
        if start == 0 or data.count(b"\n") > count:
            return data
        length *= 4


def without_bodies(path: Path, goes: Callable[[Entry], bool]) -> int:
    """Write a segment anew, without the bodies of the entries that `goes`; returns how many those are.

    Steps: the new one is written beside and synced; the present one gets a second name; the new one takes its place;
    the old one is left for `remove_old`. Cut short at any step, the segment is whole. Raises OSError, IntegrityError.
    """
    dropped = sum(goes(Entry.from_line(line)) for line in lines_of(path))
    if not dropped:
        return 0
    part = path.with_name(path.name + PART)
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            for entry in map(Entry.from_line, lines_of(path)):
                file.write((entry.without_body() if goes(entry) else entry).to_line())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # a file system without links: the old one can't be overwritten
            _old(path).hardlink_to(path)
        part.rename(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return dropped


def old_files(segments: Segments) -> list[Path]:
    """Return the segments that have what is from before bodies were dropped still beside them. Raises OSError."""
    return [path for path in segments.all() if _old(path).exists(follow_symlinks=False)]


def remove_old(path: Path) -> None:
    """Overwrite and remove what a segment was before bodies were dropped. Raises OSError."""
    old = _old(path)
    if path.exists() and old.samefile(path):
        old.unlink()  # cut short before the new file took its place: it is the segment itself
    else:
        overwrite_and_remove(old)


def _old(path: Path) -> Path:
    return path.with_name(path.name + ".old")


def readable(lines: Iterable[bytes]) -> Iterator[Entry]:
    """Yield the entries among lines."""
    for line in lines:
        try:
            yield Entry.from_line(line)
        except IntegrityError:
            continue
