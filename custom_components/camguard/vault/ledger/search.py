"""Looking something up in the ledger, newest first: pages of entries, read from the file's end."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ...domain.errors import IntegrityError
from ...domain.ledger import Entry
from .segments import Segments, first_seq, lines_of, readable

_BLOCK_BYTES = 256 * 1024
_CLOCK_SLACK_US = 86_400_000_000
"""Clocks step, but seldom by more than a day: older entries end a search by time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; every condition holds. Times: UTC epoch µs."""

    before_seq: int | None = None
    events: frozenset[str] | None = None
    text: str = ""
    """In any case, anywhere in the entry."""
    clip_id: str = ""
    user_id: str = ""
    start_us: int | None = None
    end_us: int | None = None

    def takes(self, entry: Entry, line: bytes) -> bool:
        """Tell whether an entry is wanted. `line`: as it is written."""
        body = entry.body or {}
        return (
            (self.before_seq is None or entry.seq < self.before_seq)
            and (self.events is None or entry.event in self.events)
            and (self.end_us is None or entry.time_us < self.end_us)
            and (
                not self.clip_id or self.clip_id == body.get("clip_id") or self.clip_id in (body.get("clip_ids") or ())
            )
            and (not self.user_id or self.user_id == body.get("user_id"))
            and (not self.text or self.text.casefold() in line.decode("utf-8", "replace").casefold())
        )


def search(segments: Segments, query: Query, limit: int) -> tuple[list[Entry], bool]:
    """Return (entries, newest first; whether there are more). A line that is no entry is left out. Raises OSError."""
    found: list[Entry] = []
    text = query.text.casefold()
    for line in _lines(segments, query):
        # What surely doesn't fit isn't parsed: a search over years reads every line.
        if query.clip_id and query.clip_id.encode() not in line:
            continue
        if text and text not in line.decode("utf-8", "replace").casefold():
            continue
        try:
            entry = Entry.from_line(line)
        except IntegrityError:
            continue
        if query.start_us is not None and entry.time_us < query.start_us:
            if entry.time_us < query.start_us - _CLOCK_SLACK_US:
                break
            continue
        if found and entry.seq >= found[-1].seq:
            continue
        if query.takes(entry, line):
            if len(found) == limit:
                return found, True
            found.append(entry)
    return found, False


def _lines(segments: Segments, query: Query) -> Iterator[bytes]:
    """Yield the lines from the last to the first, some twice; none of segments that are too new or too old."""
    last = segments.opened()  # before looking what is closed: if it becomes so now, it is read twice rather than never
    with last or contextlib.nullcontext() as file:
        closed = segments.closed()
        wanted = [path for path in closed if query.before_seq is None or first_seq(path) < query.before_seq]
        if file is not None and len(wanted) == len(closed):
            yield from _backwards(file)
            if _begins_before(segments.open_path, query):
                return
    for path in reversed(wanted):
        if not _begins_after(path, query):
            with path.open("rb") as older_file:
                yield from _backwards(older_file)
        if _begins_before(path, query):
            return


def _begins_after(path: Path, query: Query) -> bool:
    """Whether all of a segment is younger than what is looked for."""
    if query.end_us is None:
        return False
    first = next(readable(lines_of(path)), None)
    return first is not None and first.time_us > query.end_us + _CLOCK_SLACK_US


def _begins_before(path: Path, query: Query) -> bool:
    """Whether all that is older than a segment is older than what is looked for."""
    if query.start_us is None:
        return False
    first = next(readable(lines_of(path)), None)
    return first is not None and first.time_us < query.start_us - _CLOCK_SLACK_US


def _backwards(file: BinaryIO) -> Iterator[bytes]:
    """Yield the whole lines of a file from its last to its first, without their ends."""
    position = file.seek(0, os.SEEK_END)
    rest, last = b"", True
    while position:
        size = min(_BLOCK_BYTES, position)
        position -= size
        file.seek(position)
        first, *lines = (file.read(size) + rest).split(b"\n")
        if last and lines:
            lines.pop()  # behind the last line's end there is nothing, or a line that is being written
            last = False
        yield from reversed(lines)
        rest = first
    if not last:
        yield rest
