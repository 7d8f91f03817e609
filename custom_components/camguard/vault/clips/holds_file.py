"""Holds on disk: one small file a clip, in the part of the config folder that Home Assistant backs up.

The name alone tells which clip is held: a file that can't be read holds all the same. What is in it is no secret of
the footage; the keys of held clips lie in recovery kits (`recovery_kit.py`).
"""

import json
import os
import threading
from dataclasses import asdict, replace
from pathlib import Path

from ...domain.clip import Clip, ClipId, parse_clip_id
from ...domain.errors import NotFoundError, StorageError
from ...domain.hold import Hold
from ..media.destroy import overwrite_and_remove
from ..paths import FOLDER_MODE, write_synced

_SUFFIX = ".hold.json"
_UNREADABLE = "?"
_LATEST_US = 1 << 62
"""What the index can hold."""


class Holds:
    """All holds of a site, in memory and on disk. Safe to use from several threads."""

    def __init__(self, folder: Path, holds: dict[ClipId, Hold]) -> None:
        self._folder = folder
        self._holds = holds
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path) -> Holds:
        """Read all holds; raises OSError when the folder can't be."""
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        holds: dict[ClipId, Hold] = {}
        for path in folder.glob(f"*{_SUFFIX}"):
            try:
                clip_id = parse_clip_id(path.name.removesuffix(_SUFFIX))
            except NotFoundError:
                continue
            holds[clip_id] = _read(path, clip_id)
        return cls(folder, holds)

    def get(self, clip_id: ClipId) -> Hold | None:
        """Return a clip's hold."""
        return self._holds.get(clip_id)

    def all(self) -> tuple[Hold, ...]:
        """Return all holds."""
        return tuple(self._holds.values())

    def applied(self, clip: Clip) -> Clip:
        """Return the clip with its hold, if it has one."""
        hold = self._holds.get(clip.clip_id)
        if hold is None:
            return replace(clip, held_until_us=None, hold_reason=None)
        return replace(clip, held_until_us=hold.until_us, hold_reason=hold.reason)

    def place(self, hold: Hold) -> None:
        """Hold a clip, or change its hold; durable when this returns. Raises StorageError."""
        with self._lock:
            try:
                write_synced(self._path(hold.clip_id), json.dumps(asdict(hold), ensure_ascii=False).encode())
            except OSError as error:
                raise StorageError("hold_not_written", detail=os.strerror(error.errno or 0)) from error
            self._holds[hold.clip_id] = hold

    def lift(self, clip_id: ClipId) -> None:
        """End a clip's hold. Idempotent. Raises StorageError."""
        with self._lock:
            try:
                overwrite_and_remove(self._path(clip_id))
            except OSError as error:
                raise StorageError("hold_not_written", detail=os.strerror(error.errno or 0)) from error
            self._holds.pop(clip_id, None)

    def _path(self, clip_id: ClipId) -> Path:
        return self._folder / f"{clip_id}{_SUFFIX}"


def _read(path: Path, clip_id: ClipId) -> Hold:
    try:
        fields = json.loads(path.read_bytes())
        since_us, until_us = int(fields["since_us"]), int(fields["until_us"])
        if max(abs(since_us), abs(until_us)) > _LATEST_US:
            raise ValueError
        return Hold(
            clip_id=clip_id,
            camera_id=str(fields["camera_id"]),
            since_us=since_us,
            until_us=until_us,
            reason=str(fields["reason"]),
        )
    except OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError:
        # Due for review at once: somebody has to look at it.
        return Hold(clip_id=clip_id, camera_id="", since_us=0, until_us=0, reason=_UNREADABLE)
