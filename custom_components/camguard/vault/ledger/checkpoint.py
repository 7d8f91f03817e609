"""What the closed segments of the ledger tell, noted beside the keys and signed: a start reads the open segment alone.

A cache: without it, or when anything in it doesn't fit, all segments are read, and what they tell is noted anew.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...domain.clip import canonical_json, from_base64
from ...domain.errors import IntegrityError
from ...domain.ledger import Entry
from ..media.destroy import overwrite_and_remove
from ..paths import FOLDER_MODE, fsync_dir, write_synced
from .clip_ids import ID_BYTES, ClipIds
from .segments import Segments, lines_of, readable
from .signatures import signed
from .told import Told

VERSION = 1
_CONTEXT = b"camguard-checkpoint/v1|"
_PACKED = ("recorded", "erased")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The ledger as it was when its last closed segment ended."""

    seq: int
    head: str
    time_us: int
    told: Told
    damaged_seq: int
    """Number of the first entry that doesn't fit; 0: there is none."""
    blanked: bool
    """Whether an entry has lost its body otherwise than by what a signed one says."""

    @property
    def last(self) -> Entry:
        """The entry that the open segment's first one follows, as far as that needs it."""
        return Entry(seq=self.seq, time_us=self.time_us, bh="", head=self.head, body=None)


class Checkpoints:
    """The files of it: `state.json`, and one file for each pack of clip ids, named by its hash."""

    def __init__(self, folder: Path, public_key: str, sign: Callable[[bytes], bytes] | None = None) -> None:
        """`public_key`: of the signing key in use, base64: what another one has signed is none.

        `sign`: None: the root key is away, and nothing can be noted.
        """
        self._folder = folder
        self._state = folder / "state.json"
        self._public_key = public_key
        self._sign = sign

    @property
    def writable(self) -> bool:
        """Whether a checkpoint can be noted."""
        return self._sign is not None

    def load(self, segments: Segments) -> Checkpoint | None:
        """Return what was noted; None when there is nothing, or the segments aren't those of which it tells."""
        try:
            noted = json.loads(self._state.read_bytes())
            fields = noted["fields"]
            if noted["version"] != VERSION or not signed(
                _CONTEXT + canonical_json(fields), from_base64(noted["sig"]), self._public_key
            ):
                return None
            if fields["segments"] != _sizes(segments):
                return None
            first = next(readable(lines_of(segments.open_path)), None)
            told = Told.from_fields(fields["told"])
            for name in _PACKED:
                ids: ClipIds = getattr(told, name)
                for digest in fields[name]:
                    ids.add_pack(self._pack(digest))
            checkpoint = Checkpoint(
                seq=int(fields["seq"]),
                head=str(fields["head"]),
                time_us=int(fields["time_us"]),
                told=told,
                damaged_seq=int(fields["damaged_seq"]),
                blanked=bool(fields["blanked"]),
            )
            return checkpoint if first is None or first.follows(checkpoint.last) else None
        except OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IntegrityError:
            return None

    def save(self, segments: Segments, checkpoint: Checkpoint) -> None:
        """Note what the closed segments tell. Cut short at any step, the former one holds, or none. Raises OSError."""
        assert self._sign is not None, "noted by who has the signing key"
        self._folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        packs = {name: getattr(checkpoint.told, name).pack() for name in _PACKED}
        fields: dict[str, Any] = {
            "seq": checkpoint.seq,
            "head": checkpoint.head,
            "time_us": checkpoint.time_us,
            "segments": _sizes(segments),
            "told": checkpoint.told.to_fields(),
            "damaged_seq": checkpoint.damaged_seq,
            "blanked": checkpoint.blanked,
        }
        kept = {self._state.name}
        for name, contents in packs.items():
            fields[name] = [hashlib.sha256(content).hexdigest() for content in contents]
            for digest, content in zip(fields[name], contents, strict=True):
                path = self._path(digest)
                kept.add(path.name)
                if not _holds(path, content):
                    write_synced(path, content)
        signature = self._sign(_CONTEXT + canonical_json(fields))
        noted = {"version": VERSION, "fields": fields, "sig": base64.b64encode(signature).decode()}
        # What it told of entries whose bodies are gone by now must not lie about: no rename would see to that.
        overwrite_and_remove(self._state)
        write_synced(self._state, canonical_json(noted))
        for path in self._folder.iterdir():
            if path.name not in kept:
                overwrite_and_remove(path)

    def remove(self) -> None:
        """Forget it. Raises OSError."""
        if self._folder.exists():
            for path in self._folder.iterdir():
                overwrite_and_remove(path)
            fsync_dir(self._folder)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.ids"

    def _pack(self, digest: str) -> bytes:
        content = self._path(digest).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest or len(content) % ID_BYTES:
            raise ValueError("another pack")
        return content


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _sizes(segments: Segments) -> list[list[Any]]:
    return [[path.name, path.lstat().st_size] for path in segments.closed()]
