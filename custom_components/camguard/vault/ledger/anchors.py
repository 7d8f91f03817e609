"""Anchors: the ledger's heads, noted elsewhere, so that a ledger that was cut short or exchanged shows.

Two places: `head` beside the keys (the latest head, signed), and `ledger.digests` beside the clips (the mirror: all of
them, one line an entry: `<seq> <bh> <head>`). Both are synced when they are made, so that one that is missing was taken
away, and not afterwards: after a power cut an anchor may be older than the ledger, never newer.

The head of before isn't written over until the ledger was seen to hold it, at the start or by a check.
"""

import base64
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...domain.clip import canonical_json, from_base64
from ...domain.ledger import GENESIS, Anchor, Entry, chain
from ..paths import FILE_MODE, Paths, fsync_dir
from .ledger_file import LedgerFile
from .segments import Segments

_HEAD_BYTES = 1024
_LINE = re.compile(rb"([0-9]{1,18}) ([0-9a-f]{64}) ([0-9a-f]{64})\n")
_TAIL_BYTES = 4096
KEY_FOLDER, STORAGE = "key_folder", "storage"


class Anchors:
    """Keeps the anchors of one ledger. A place that is away is caught up with later. Safe to use from threads."""

    def __init__(
        self, paths: Paths, sign: Callable[[bytes], bytes], public_key: str, *, key_is_new: bool = False
    ) -> None:
        """Read what is noted; before the very first entry, begin to note. Raises OSError when that can't be done.

        `sign` makes a signature of the signing key in use, `public_key` is its other half, base64: a head that it
        hasn't signed is none. `key_is_new`: that key was made just now.
        """
        self._paths = paths
        self._sign = sign
        self._lock = threading.Lock()
        fields = _read_head(paths.head)
        nothing_yet = Segments(paths.ledger).empty()
        self.signed = fields is not None and _is_signed(fields, public_key)
        """Whether a head was noted by the key in use: it has signed before."""
        if not self.signed:
            fields = None
        self.unannounced = key_is_new or (fields is not None and fields.get("unannounced") is True)
        """Whether the ledger can't name the key yet."""
        self.noted: Anchor | None = None
        """The head that the ledger must hold, as it was noted before this start; None: there was none."""
        self.public_key = ""
        """The signing key that was in use, base64; empty when that isn't known."""
        self.gone: tuple[str, ...] = ()
        """Where an anchor was taken away, as far as that showed at this start."""
        self._kept_in = ""
        """The storage in which there was a mirror."""
        self._confirmed = False
        if fields is not None:
            self.public_key, self._kept_in = str(fields.get("public_key", "")), str(fields.get("mirror", ""))
            if fields["seq"] > 0:
                self.noted = Anchor(seq=fields["seq"], head=fields["head"], where=KEY_FOLDER)
            elif nothing_yet or not self.unannounced:
                self._confirmed = True
        elif nothing_yet:
            self._write_head(0, GENESIS, first=True)
            self._confirmed = True
        if key_is_new and not self._confirmed:
            self._write_head(0, GENESIS, first=True)  # remembers it, should the power go before the ledger names it
        self._mirrored = _last_mirrored(paths.mirror)
        self._behind = False

    def settle(self, last: Entry | None) -> None:
        """Compare the ledger's last entry with what is noted; what doesn't fit is left for the check to tell."""
        noted = self.noted
        if noted is None or last is None:
            return
        same = last.seq == noted.seq and last.head == noted.head
        if same or (last.seq == noted.seq + 1 and last.head == chain(noted.head, last.bh)):
            self.confirm(last)

    def missing(self, *, told: bool) -> None:
        """Look which anchors were taken away. `told`: the ledger tells of earlier starts that kept anchors."""
        gone = [KEY_FOLDER] if told and self.noted is None and not self._confirmed else []
        if self.mirror_gone:
            gone.append(STORAGE)
        self.gone = tuple(gone)

    @property
    def mirror_gone(self) -> bool:
        """Whether the storage is there, and the mirror that was kept in it is not."""
        kept = self._kept_in == str(self._paths.storage)
        return kept and self._paths.marker.exists() and not self._paths.mirror.exists()

    def confirm(self, last: Entry | None) -> None:
        """Let the noted head be followed by newer ones: the ledger was seen to hold it."""
        with self._lock:
            self._confirmed = True
            self.noted = None
            if last is not None:
                self._note(last)

    def advance(self, entry: Entry) -> None:
        """Note the head after an entry that is on disk."""
        with self._lock:
            self._mirror((entry,))
            if self._confirmed:
                self._note(entry)

    @property
    def behind(self) -> bool:
        """Whether the mirror may lack entries."""
        return self._behind

    def catch_up(self, ledger: LedgerFile) -> None:
        """Write what the mirror lacks. A mirror that was taken away stays so until that was told."""
        with self._lock:
            self._mirrored = _last_mirrored(self._paths.mirror)
            if self._mirrored is None or self._mirrored.seq < ledger.seq:
                self._mirror(ledger.entries(after=self._mirrored.seq if self._mirrored else 0))
            else:
                self._behind = False

    def begin_anew(self, ledger: LedgerFile, time_us: int) -> None:
        """Accept the ledger as it is, once what doesn't fit has been told. The old mirror is kept aside.

        Raises OSError.
        """
        with self._lock:
            if self._paths.mirror.exists():
                self._paths.mirror.rename(self._paths.mirror.with_name(f"{self._paths.mirror.name}.{time_us}"))
            self._mirrored, self._kept_in = None, ""
            self._mirror(ledger.entries())
            self._confirmed = True
            self.noted, self.gone = None, ()
            if ledger.last is not None:
                self._note(ledger.last)

    def leave(self, owner: str) -> None:
        """Put aside the mirror of the installation whose storage is taken over. Raises OSError."""
        if self._paths.mirror.exists():
            self._paths.mirror.rename(self._paths.mirror.with_name(f"{self._paths.mirror.name}.{owner}"))
        self._mirrored = None

    def use_key(self, public_key: str) -> None:
        """Remember which signing key is in use; the ledger is about to name it."""
        self.public_key = public_key
        self.unannounced = False

    def mirrored(self) -> Iterator[Anchor]:
        """Yield all heads of the mirror; a line that isn't one is left out."""
        try:
            with self._paths.mirror.open("rb") as file:
                for line in file:
                    if match := _LINE.fullmatch(line):
                        yield _anchor(match)
        except OSError:
            return

    def _note(self, entry: Entry) -> None:
        try:
            self._write_head(entry.seq, entry.head, first=not self._paths.head.exists())
        except OSError:
            return  # an older anchor is still one

    def _write_head(self, seq: int, head: str, *, first: bool) -> None:
        fields: dict[str, Any] = {"seq": seq, "head": head, "public_key": self.public_key, "mirror": self._kept_in}
        if self.unannounced:
            fields["unannounced"] = True
        fields["sig"] = base64.b64encode(self._sign(_signed_text(fields))).decode()
        # In place, one small write: a rename for each entry would double the work for what is only a witness.
        descriptor = os.open(self._paths.head, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
        try:
            os.pwrite(descriptor, json.dumps(fields).encode().ljust(_HEAD_BYTES), 0)
            if first:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if first:
            fsync_dir(self._paths.head.parent)

    def _mirror(self, entries: Iterable[Entry]) -> None:
        """Append to the mirror what follows on its last line; else it is behind, or of another ledger."""
        if not self._paths.marker.exists() or self.mirror_gone:
            self._behind = True
            return
        seq, head = (self._mirrored.seq, self._mirrored.head) if self._mirrored else (0, GENESIS)
        try:
            with self._open_mirror() as file:
                for entry in entries:
                    if entry.seq <= seq:
                        continue
                    if entry.seq != seq + 1 or entry.head != chain(head, entry.bh):
                        self._behind = True
                        return
                    file.write(b"%d %s %s\n" % (entry.seq, entry.bh.encode(), entry.head.encode()))
                    seq, head = entry.seq, entry.head
                    self._mirrored = Anchor(seq=seq, head=head, where=STORAGE)
            self._behind = False
        except OSError:
            # What is there is read again before anything is added.
            self._mirrored = _last_mirrored(self._paths.mirror)
            self._behind = True

    def _open_mirror(self) -> Any:
        path = self._paths.mirror
        if not path.exists():
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            fsync_dir(path.parent)
        self._kept_in = str(self._paths.storage)
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW)
        file = os.fdopen(descriptor, "ab")
        size = file.tell()
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            file.write(b"\n")  # a torn line stays one that isn't any
        return file


def head_key(paths: Paths) -> str:
    """Return the signing key that the head beside the keys was signed by, base64; empty when there is none.

    While the root key is away it is the best that is known: who may write to the ledger's folder alone can't make it.
    """
    fields = _read_head(paths.head)
    key = str(fields.get("public_key", "")) if fields else ""
    return key if fields and _is_signed(fields, key) else ""


def kept_in(paths: Paths) -> str:
    """Return the storage in which the mirror was kept last; empty when that isn't known."""
    fields = _read_head(paths.head)
    return str(fields.get("mirror", "")) if fields else ""


def _read_head(path: Path) -> dict[str, Any] | None:
    try:
        fields = json.loads(path.read_bytes())
    except OSError, ValueError, RecursionError:
        return None
    fits = isinstance(fields, dict) and type(fields.get("seq")) is int and isinstance(fields.get("head"), str)
    return fields if fits else None


def _signed_text(fields: dict[str, Any]) -> bytes:
    return b"camguard-head/v1|" + canonical_json({key: value for key, value in fields.items() if key != "sig"})


def _is_signed(fields: dict[str, Any], public_key: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(from_base64(public_key))
        key.verify(from_base64(str(fields.get("sig", ""))), _signed_text(fields))
    except ValueError, InvalidSignature:
        return False
    return True


def _last_mirrored(path: Path) -> Anchor | None:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            length = _TAIL_BYTES
            while True:
                start = max(size - length, 0)
                file.seek(start)
                found = [match for line in file.read(size - start).splitlines(True) if (match := _LINE.fullmatch(line))]
                if found or start == 0:
                    return _anchor(found[-1]) if found else None
                length *= 4
    except OSError:
        return None


def _anchor(match: re.Match[bytes]) -> Anchor:
    return Anchor(seq=int(match[1]), head=match[3].decode(), where=STORAGE)
