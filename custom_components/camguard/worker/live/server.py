"""Serves the masked stream to whoever knows the token: HTTP on loopback, one thread for all watchers.

Bounded in everything: how many there are, how long they may take to ask, how far they may fall behind. Who falls
behind is let go of: players come again by themselves. What is sent is shared: fifty watchers cost little more than one.
"""

import hmac
import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ..protocol import LIVE_PATH, LIVE_TOKEN

MAX_WATCHERS = 64
MAX_ASKING = 16
"""Who has connected and said nothing yet."""
MAX_REQUEST_BYTES = 8192
ASK_SECONDS = 5.0
BEHIND_SECONDS = 10.0
"""Who hasn't taken what was sent that long ago is let go of."""
BEHIND_BYTES = 8 << 20
LINGER_SECONDS = 5.0
"""Pictures go on being encoded after the last one left: players ask twice, or come again."""
_LOOK_SECONDS = 1.0

_OK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nCache-Control: no-store\r\nAccept-Ranges: none\r\n"
    b"Connection: close\r\n\r\n"
)


def _refusal(status: str, text: str = "") -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return (head + "Cache-Control: no-store\r\nConnection: close\r\n\r\n").encode() + body


def _target(text: str) -> tuple[str, bytes]:
    """Return (path, token) of what is asked for. A token needs no escapes: what holds some is another one."""
    path, _, query = text.partition("?")
    tokens = [part.removeprefix(f"{LIVE_TOKEN}=") for part in query.split("&") if part.startswith(f"{LIVE_TOKEN}=")]
    return path, tokens[0].encode() if tokens else b""


@dataclass(eq=False, slots=True)
class _Watcher:
    """One connection."""

    connection: socket.socket
    since: float
    asked: bytes = b""
    admitted: bool = False
    """Its token was right."""
    joined: bool = False
    """It has got a keyframe."""
    closing: bool = False
    """Nothing follows what waits."""
    waiting: deque[tuple[float, bytes]] = field(default_factory=deque)
    """(when it was made, bytes) that aren't sent yet."""
    offset: int = 0
    """How much of the first of them is sent."""
    bytes_waiting: int = 0


class LiveServer:
    """The thread. `send`, `drop_all` and the properties may be used from any other."""

    def __init__(
        self, descriptor: int, token: str, *, refusal: Callable[[], str], on_watcher: Callable[[], None]
    ) -> None:
        """`descriptor`: of a listening socket. `refusal`: why there is nothing to be seen now, or nothing.

        `on_watcher` is called when somebody has come: a keyframe is wanted.
        """
        self._listener = socket.socket(fileno=descriptor)
        self._listener.setblocking(False)
        self._token = token.encode()
        self._refusal = refusal
        self._on_watcher = on_watcher
        self._selector = selectors.DefaultSelector()
        self._watchers: set[_Watcher] = set()
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._left_at = float("-inf")
        self._drop = self._stopping = False
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._thread.start()

    def stop(self) -> None:
        """Let go of everybody, and listen no more."""
        self._stopping = True
        self._wake()
        self._thread.join()

    @property
    def watchers(self) -> int:
        """How many are watching."""
        with self._lock:
            return sum(watcher.admitted for watcher in self._watchers)

    @property
    def wanted(self) -> bool:
        """Whether pictures are: somebody watches, or did just now."""
        return self.watchers > 0 or time.monotonic() - self._left_at < LINGER_SECONDS

    def send(self, data: bytes, *, keyframe: bool) -> None:
        """Send the packets of one picture to all; who has come since the last keyframe begins with one."""
        now = time.monotonic()
        with self._lock:
            for watcher in self._watchers:
                if not watcher.admitted or watcher.closing or not (watcher.joined or keyframe):
                    continue
                watcher.joined = True
                watcher.waiting.append((now, data))
                watcher.bytes_waiting += len(data)
        self._wake()

    def drop_all(self) -> None:
        """Let go of all watchers at once: what they wait for isn't sent any more."""
        with self._lock:
            self._drop = True
        self._wake()

    # --- the thread ---

    def _run(self) -> None:
        while not self._stopping:
            for key, events in self._selector.select(_LOOK_SECONDS):
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj == self._wake_read:
                    with suppress(BlockingIOError):
                        os.read(self._wake_read, 4096)
                elif events & selectors.EVENT_READ:
                    self._read(key.data)
            self._tidy()
            for watcher in tuple(self._watchers):
                self._write(watcher)
        for watcher in tuple(self._watchers):
            self._close(watcher)
        self._selector.close()
        self._listener.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _wake(self) -> None:
        with suppress(OSError):  # it is full: they wake up anyway
            os.write(self._wake_write, b"\0")

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        asking = sum(not watcher.admitted for watcher in self._watchers)
        if asking >= MAX_ASKING:
            connection.close()
            return
        connection.setblocking(False)
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        watcher = _Watcher(connection, time.monotonic())
        with self._lock:
            self._watchers.add(watcher)
        self._selector.register(connection, selectors.EVENT_READ, watcher)

    def _read(self, watcher: _Watcher) -> None:
        try:
            data = watcher.connection.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(watcher)
        elif not (watcher.admitted or watcher.closing):
            watcher.asked += data
            if b"\r\n\r\n" in watcher.asked:
                self._answer(watcher)
            elif len(watcher.asked) > MAX_REQUEST_BYTES:
                self._refuse(watcher, _refusal("431 Request Header Fields Too Large"))

    def _answer(self, watcher: _Watcher) -> None:
        method, _, rest = watcher.asked.partition(b" ")
        path, token = _target(rest.partition(b" ")[0].decode("ascii", "replace"))
        watcher.asked = b""
        # Whatever else is wrong: who doesn't know the token learns nothing but that.
        if not hmac.compare_digest(token, self._token) or path != LIVE_PATH:
            self._refuse(watcher, _refusal("403 Forbidden"))
        elif method != b"GET":
            self._refuse(watcher, _refusal("405 Method Not Allowed"))
        elif reason := self._refusal():
            self._refuse(watcher, _refusal("503 Service Unavailable", reason))
        elif self.watchers >= MAX_WATCHERS:
            self._refuse(watcher, _refusal("503 Service Unavailable", "too many watchers"))
        else:
            with self._lock:
                watcher.admitted = True
                watcher.waiting.append((time.monotonic(), _OK))
                watcher.bytes_waiting += len(_OK)
            self._on_watcher()

    def _refuse(self, watcher: _Watcher, answer: bytes) -> None:
        with self._lock:
            watcher.waiting.append((time.monotonic(), answer))
            watcher.bytes_waiting += len(answer)
            watcher.closing = True

    def _write(self, watcher: _Watcher) -> None:
        """Send what waits, as far as the other side takes it."""
        while True:
            with self._lock:
                if not watcher.waiting:
                    break
                _, data = watcher.waiting[0]
            try:
                sent = watcher.connection.send(memoryview(data)[watcher.offset :])
            except BlockingIOError:
                break
            except OSError:
                self._close(watcher)
                return
            watcher.offset += sent
            if watcher.offset == len(data):
                with self._lock:
                    watcher.waiting.popleft()
                    watcher.bytes_waiting -= len(data)
                watcher.offset = 0
        if watcher not in self._watchers:
            return
        if watcher.closing and not watcher.waiting:
            # Closed once the other side is: what it still sends would have the answer thrown away.
            with suppress(OSError):
                watcher.connection.shutdown(socket.SHUT_WR)
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if watcher.waiting else 0)
        if self._selector.get_key(watcher.connection).events != wanted:
            self._selector.modify(watcher.connection, wanted, watcher)

    def _tidy(self) -> None:
        """Let go of who is too slow: to ask, or to take what was sent; of all, when that was asked for."""
        now = time.monotonic()
        with self._lock:
            drop, self._drop = self._drop, False
        for watcher in tuple(self._watchers):
            late = (
                (not watcher.admitted and now - watcher.since > ASK_SECONDS)
                or (watcher.waiting and now - watcher.waiting[0][0] > BEHIND_SECONDS)
                or watcher.bytes_waiting > BEHIND_BYTES
            )
            if late or (drop and watcher.admitted):
                self._close(watcher)

    def _close(self, watcher: _Watcher) -> None:
        if watcher not in self._watchers:
            return
        self._selector.unregister(watcher.connection)
        with self._lock:
            self._watchers.discard(watcher)
            if watcher.admitted:
                self._left_at = time.monotonic()
        watcher.connection.close()
