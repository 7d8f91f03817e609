"""A spool whose disk is on another machine: its bytes, which are sealed already, go through the pipe as they come."""

import errno
import os
from collections.abc import Callable

from ..protocol import Message, SpoolPart

PART_BYTES = 64 << 10
"""So much is sent at once: a sign of life waits no longer than one of them takes."""


class SentSpool:
    """What a SpoolWriter needs of a file. Written by one thread; `refuse` may come from another.

    Raises OSError with the number that the other machine's disk has said no with.
    """

    def __init__(self, clip_id: str, send: Callable[[Message], None]) -> None:
        self._clip_id = clip_id
        self._send = send
        self._buffer = bytearray()
        self._errno = 0
        self.closed = False

    def refuse(self, number: int) -> None:
        """Take note that nothing more can be written there."""
        self._errno = number or errno.EIO

    def write(self, data: bytes) -> int:
        """Append bytes."""
        self._check()
        self._buffer += data
        while len(self._buffer) >= PART_BYTES:
            self._emit(PART_BYTES, sync=False)
        return len(data)

    def flush(self) -> None:
        """Send what is left, and have it synced there."""
        self._check()
        self._emit(len(self._buffer), sync=True)

    def fileno(self) -> int:
        """Raise OSError: there is none."""
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    def close(self) -> None:
        """Send what is left."""
        if not self.closed:
            self.closed = True
            if not self._errno:
                self._emit(len(self._buffer), sync=True)

    def _emit(self, count: int, *, sync: bool) -> None:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._send(SpoolPart(clip_id=self._clip_id, sync=sync, data=data))

    def _check(self) -> None:
        if self._errno:
            raise OSError(self._errno, os.strerror(self._errno))
