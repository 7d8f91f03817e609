"""Anchors: the ledger's heads, noted elsewhere, so that a ledger that was cut short or exchanged shows.

Two places: `head` beside the keys (the latest head), and `ledger.digests` beside the clips (all of them, one line an
entry: `<seq> <bh> <head>`). Neither is synced: after a power cut an anchor may be older than the ledger, never newer.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..domain.ledger import Anchor, Entry
from .paths import FILE_MODE, Paths

_HEAD_BYTES = 512
_LINE = re.compile(rb"([0-9]{1,18}) ([0-9a-f]{64}) ([0-9a-f]{64})\n")


class Anchors:
    """Keeps the anchors of one ledger. A place that is away is caught up with later."""

    def __init__(self, paths: Paths) -> None:
        """Read what is noted; `found` are the anchors as they were before this start."""
        self._paths = paths
        self._head = _read_head(paths.head)
        self._mirrored = _last_mirrored(paths.mirror)
        self.public_key = str(self._head.get("public_key", "")) if self._head else ""
        """The signing key that was in use, base64; empty when that isn't known."""
        self.found: tuple[Anchor, ...] = tuple(
            anchor
            for anchor in (
                Anchor(seq=self._head["seq"], head=str(self._head["head"]), where="key_folder") if self._head else None,
                self._mirrored,
            )
            if anchor is not None
        )
        self.behind = False
        """Whether the mirror lacks entries."""

    def advance(self, entry: Entry) -> None:
        """Note the head after an entry that is on disk."""
        self._write_head(entry)
        self._mirror([entry])

    def catch_up(self, entries: Iterable[Entry]) -> None:
        """Write what the mirror lacks; `entries`: the whole ledger."""
        known = self._mirrored.seq if self._mirrored else 0
        self._mirror([entry for entry in entries if entry.seq > known])

    def begin_anew(self, entries: Iterable[Entry], time_us: int) -> None:
        """Accept the ledger as it is, once what doesn't fit has been told. The old mirror is kept aside."""
        if self._paths.mirror.exists():
            self._paths.mirror.rename(self._paths.mirror.with_name(f"{self._paths.mirror.name}.{time_us}"))
        self._mirrored = None
        everything = list(entries)
        self._mirror(everything)
        if everything:
            self._write_head(everything[-1])
        self.found = ()

    def use_key(self, public_key: str) -> None:
        """Remember which signing key is in use."""
        self.public_key = public_key

    def mirrored(self) -> Iterator[Anchor]:
        """Yield all heads of the mirror; a line that isn't one is left out."""
        yield from _mirror_lines(self._paths.mirror)

    def _write_head(self, entry: Entry) -> None:
        data = json.dumps({"seq": entry.seq, "head": entry.head, "public_key": self.public_key}).encode()
        try:
            # In place, one small write: a rename for each entry would double the work for what is only a witness.
            descriptor = os.open(self._paths.head, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
            try:
                os.pwrite(descriptor, data.ljust(_HEAD_BYTES), 0)
            finally:
                os.close(descriptor)
        except OSError:
            return  # an older anchor is still one

    def _mirror(self, entries: list[Entry]) -> None:
        known = self._mirrored.seq if self._mirrored else 0
        if not entries:
            return
        if entries[0].seq != known + 1 or not self._paths.marker.exists():
            self.behind = True
            return
        try:
            descriptor = os.open(self._paths.mirror, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, FILE_MODE)
            with os.fdopen(descriptor, "ab") as file:
                size = file.tell()
                if size and os.pread(descriptor, 1, size - 1) != b"\n":
                    file.write(b"\n")  # a torn line stays one that isn't any
                file.writelines(f"{entry.seq} {entry.bh} {entry.head}\n".encode() for entry in entries)
        except OSError:
            self.behind = True
            return
        self._mirrored = Anchor(seq=entries[-1].seq, head=entries[-1].head, where="storage")
        self.behind = False


def _read_head(path: Path) -> dict[str, Any] | None:
    try:
        fields = json.loads(path.read_bytes())
    except OSError, ValueError:
        return None
    fits = isinstance(fields, dict) and isinstance(fields.get("seq"), int) and isinstance(fields.get("head"), str)
    return fields if fits else None


def _last_mirrored(path: Path) -> Anchor | None:
    last = None
    for last in _mirror_lines(path):  # noqa: B007 - the last one is wanted
        pass
    return last


def _mirror_lines(path: Path) -> Iterator[Anchor]:
    try:
        with path.open("rb") as file:
            for line in file:
                if match := _LINE.fullmatch(line):
                    yield Anchor(seq=int(match[1]), head=match[3].decode(), where="storage")
    except OSError:
        return
