"""Where the masked stream of a camera is served: a loopback port, and the token that opens it.

Both are ours, not the worker's: they stay the same when a worker is started anew, and nobody else can listen there
meanwhile. The worker gets the socket when it is started, and the token through its pipe.
"""

import errno
import secrets
import socket

from ...worker.protocol import LIVE_PATH, LIVE_TOKEN

_BACKLOG = 64
_TOKEN_BYTES = 32
_NO_SUCH_NETWORK = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL})


class LiveDoor:
    """Open from the beginning until `close`, after which its token opens nothing any more."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._socket = _listen()
        self._closed = False

    @property
    def descriptor(self) -> int:
        """Of the listening socket."""
        return self._socket.fileno()

    @property
    def url(self) -> str | None:
        """What a player opens; None once it is closed."""
        if self._closed:
            return None
        host, port = self._socket.getsockname()[:2]
        authority = f"[{host}]:{port}" if self._socket.family == socket.AF_INET6 else f"{host}:{port}"
        return f"http://{authority}{LIVE_PATH}?{LIVE_TOKEN}={self.token}"

    def close(self) -> None:
        """Listen no more."""
        self._closed = True
        self._socket.close()


def _listen() -> socket.socket:
    """Return a socket that listens on loopback, of IPv6 where there is no IPv4; raises OSError."""
    try:
        return _bound(socket.AF_INET, "127.0.0.1")
    except OSError as error:
        if error.errno not in _NO_SUCH_NETWORK:
            raise
    return _bound(socket.AF_INET6, "::1")


def _bound(family: socket.AddressFamily, host: str) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.bind((host, 0))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
