"""Live sources that behave as cameras do, each on a port of its own: bytes over HTTP in real time, and a bad line."""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

type Write = Callable[[bytes], None]


@contextlib.contextmanager
def http(content_type: str, deliver: Callable[[Write], None]) -> Iterator[str]:
    """Serve what `deliver` writes to each who asks, until closed; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.end_headers()

            def write(data: bytes) -> None:
                self.wfile.write(data)
                self.wfile.flush()

            with contextlib.suppress(OSError):
                deliver(write)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # who still delivers is waited for
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/live"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def at_rate(items: list[bytes], rate: float, seconds: float = 60) -> Iterator[bytes]:
    """Yield items over and over, `rate` a second by the clock."""
    began = time.monotonic()
    for number in range(int(seconds * rate)):
        time.sleep(max(began + number / rate - time.monotonic(), 0))
        yield items[number % len(items)]


class BadLine:
    """A TCP line to a port: cuts each connection after `cut_s`, and flips a byte in every `flip_every` ones."""

    def __init__(self, port: int, *, cut_s: float = 0, flip_every: int = 0) -> None:
        self._target = port
        self._cut_s = cut_s
        self._flip_every = flip_every
        self._chance = random.Random(1)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self.flipped = 0
        self._closed = False
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Cut everything."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self._target))
            until = time.monotonic() + self._cut_s if self._cut_s else float("inf")
            for source, target, damage in ((near, far, False), (far, near, True)):
                self._threads.append(
                    threading.Thread(target=self._pump, args=(source, target, until, damage), daemon=True)
                )
                self._threads[-1].start()

    def _pump(self, source: socket.socket, target: socket.socket, until: float, damage: bool) -> None:
        source.settimeout(0.2)
        passed = 0
        with contextlib.suppress(OSError):
            while time.monotonic() < until and not self._closed:
                try:
                    data = bytearray(source.recv(8192))
                except TimeoutError:
                    continue
                if not data:
                    break
                passed += len(data)
                # Not the greeting: what is said in words is repeated by nobody.
                if damage and self._flip_every and passed > 20_000:
                    for _ in range(
                        len(data) // self._flip_every
                        + (self._chance.random() < (len(data) % self._flip_every) / self._flip_every)
                    ):
                        data[self._chance.randrange(len(data))] ^= 1 << self._chance.randrange(8)
                        self.flipped += 1
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
