"""Looking something up in the ledger, newest first: pages of entries, read from the file's end."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...domain.errors import IntegrityError
from ...domain.ledger import Entry

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


def search(path: Path, query: Query, limit: int) -> tuple[list[Entry], bool]:
    """Return (entries, newest first; whether there are more). A line that is no entry is left out. Raises OSError."""
    found: list[Entry] = []
    for line in _backwards(path):
        # What surely doesn't fit isn't parsed: a search over years reads every line.
        if query.clip_id and query.clip_id.encode() not in line:
            continue
        try:
            entry = Entry.from_line(line)
        except IntegrityError:
            continue
        if query.start_us is not None and entry.time_us < query.start_us:
            if entry.time_us < query.start_us - _CLOCK_SLACK_US:
                break
            continue
        if query.takes(entry, line):
            if len(found) == limit:
                return found, True
            found.append(entry)
    return found, False


def _backwards(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a file from its last to its first, without their ends."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
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
