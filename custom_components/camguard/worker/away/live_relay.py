"""Carries the masked stream through the pipe: on another machine nobody can reach the server, and none may.

The server (live/server.py) listens on a socket that has no port and no file, and answers as it does anywhere; what a
watcher at Home Assistant's door says and gets goes through the pipe (app/workers/live_relay.py).
"""

import contextlib
import socket
import threading
from collections.abc import Callable

from ..protocol import LiveBytes, Message

MAX_LINKS = 80
"""As many as the server takes, and some that it refuses."""
_PART_BYTES = 64 << 10
_ASK_SECONDS = 5.0


class LiveRelay:
    """Of one worker. `take` belongs to the thread that reads commands."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        """Raises OSError."""
        self._send = send
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind("")  # an abstract name of the kernel's choice (unix(7)); the token guards it all the same
        self._listener.listen(MAX_LINKS)
        self._address = self._listener.getsockname()
        self._links: dict[int, socket.socket] = {}
        self._lock = threading.Lock()

    def detach(self) -> int:
        """Return the listening socket's descriptor, for the server, which closes it."""
        return self._listener.detach()

    def take(self, part: LiveBytes) -> None:
        """Pass on what a watcher says; the first bytes of one connect it, none mean that it has gone."""
        with self._lock:
            link = self._links.get(part.watcher)
        if link is None and part.data:
            link = self._connect(part.watcher)
        if link is None:
            return
        with contextlib.suppress(OSError):  # let go of already: its thread says so
            if part.data:
                link.sendall(part.data)
            else:
                link.shutdown(socket.SHUT_RDWR)

    def _connect(self, watcher: int) -> socket.socket | None:
        with self._lock:
            full = len(self._links) >= MAX_LINKS
        if full:
            self._send(LiveBytes(watcher=watcher, data=b""))
            return None
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(_ASK_SECONDS)
        try:
            link.connect(self._address)
        except OSError:
            link.close()
            self._send(LiveBytes(watcher=watcher, data=b""))
            return None
        with self._lock:
            self._links[watcher] = link
        threading.Thread(target=self._pump, args=(watcher, link), name="live relay", daemon=True).start()
        return link

    def _pump(self, watcher: int, link: socket.socket) -> None:
        """Send what the server has for a watcher. Who falls behind is let go of by the server, as anywhere."""
        while True:
            try:
                data = link.recv(_PART_BYTES)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                break
            self._send(LiveBytes(watcher=watcher, data=data))
        with self._lock:
            self._links.pop(watcher, None)
        link.close()
        self._send(LiveBytes(watcher=watcher, data=b""))
