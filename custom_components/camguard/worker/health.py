"""What a camera's state is, of two witnesses: the source (do packets come) and the pictures (can they be masked).

Tells Home Assistant on change only. Thread safe.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from . import faults
from .faults import BlockedError
from .picture.mask import Mask
from .protocol import Message, Status

UNDECODABLE_LOOKS = 4
"""Keyframes in a row that can't be decoded, before the stream is called garbled."""


class CameraHealth:
    """The state of one camera."""

    def __init__(self, mask: Mask, send: Callable[[Message], None]) -> None:
        self._mask = mask
        self._send = send
        self._lock = threading.Lock()
        self._source = Status(state="connecting")
        self._sent: Status | None = None
        self._blocked: BlockedError | None = None
        self._undecodable = 0
        """Looks in a row that no picture came of."""

    @property
    def streaming(self) -> bool:
        """Whether packets come."""
        return self._source.state == "streaming"

    @property
    def blocked(self) -> bool:
        """Whether the last picture couldn't be masked for sure."""
        return self._blocked is not None

    @property
    def undecodable(self) -> bool:
        """Whether the last keyframe that was looked at gave no picture."""
        return self._undecodable > 0

    def source(self, status: Status) -> None:
        """Take what the source says of itself."""
        with self._lock:
            self._source = status
        self.report()

    def block(self, error: BlockedError) -> None:
        """Note that a picture can't be masked."""
        self._blocked = error
        self.report()

    def unblock(self) -> None:
        """Note that a picture was masked."""
        if self._blocked is not None or self._sent is None or self._sent.width == 0:
            self._blocked = None
            self.report()

    def looked(self, pictures: int) -> None:
        """Note how many pictures came of a keyframe."""
        self._undecodable = 0 if pictures else self._undecodable + 1
        if self._undecodable in {0, UNDECODABLE_LOOKS}:
            self.report()

    def current(self) -> Status:
        """Return the state. Its size is that of the last picture, as shown; 0 before the first one."""
        with self._lock:
            status = self._source
        geometry = self._mask.geometry
        if status.state != "streaming":
            return status
        if self._blocked is not None:
            key, detail = self._blocked.key, self._blocked.placeholders.get("detail", "")
            return replace(status, state="blocked", key=key, detail=detail)
        if self._undecodable >= UNDECODABLE_LOOKS:
            return replace(status, state="reconnecting", key=faults.SOURCE_GARBLED)
        if geometry is None:
            return replace(status, state="connecting")
        return replace(status, width=geometry.width, height=geometry.height)

    def report(self) -> None:
        """Tell the state, if it is another one."""
        status = self.current()
        with self._lock:
            if status == self._sent:
                return
            self._sent = status
        self._send(status)
