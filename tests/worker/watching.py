"""Watches a worker's masked stream: a plain socket that keeps what comes, and what third parties read out of it."""

import contextlib
import io
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import av

from custom_components.camguard.app.workers.live_door import LiveDoor
from custom_components.camguard.worker.protocol import Connect

from .driver import Driver


@contextlib.contextmanager
def watched_worker(connect: Connect | None) -> Iterator[tuple[Driver, LiveDoor, dict[str, object]]]:
    """A worker that serves its stream: yields driver, door, and what `configuration` needs for it."""
    door = LiveDoor()
    try:
        with Driver(connect, pass_fds=(door.descriptor,)) as driver:
            yield driver, door, {"live_descriptor": door.descriptor, "live_token": door.token}
    finally:
        door.close()


def ask(url: str, request: str | None = None, timeout: float = 10) -> socket.socket:
    """Connect and ask; `request` in place of an ordinary one."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout)
    line = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nRange: bytes=0-\r\n\r\n"
    connection.sendall((line if request is None else request).encode())
    return connection


def answer(url: str, request: str | None = None) -> bytes:
    """Return all that is answered until the connection ends."""
    received = b""
    with ask(url, request) as connection, contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65536):
            received += data
    return received


class Watcher:
    """Reads until closed, or until it is let go of (`ended`)."""

    def __init__(self, url: str) -> None:
        self._connection = ask(url)
        self._received = bytearray()
        self.first_at: float | None = None
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()

    @property
    def head(self) -> bytes:
        """The answer's head."""
        return bytes(self._received).partition(b"\r\n\r\n")[0]

    @property
    def body(self) -> bytes:
        """What came of the stream."""
        return bytes(self._received).partition(b"\r\n\r\n")[2]

    def pictures(self) -> list[av.VideoFrame]:
        """Return what can be seen of it now."""
        return decoded(self.body)

    def until(self, count: int, seconds: float = 30) -> list[av.VideoFrame]:
        """Return the pictures once there are so many."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(frames := self.pictures()) >= count:
                return frames
            time.sleep(0.2)
        raise AssertionError(f"{len(self.pictures())} pictures in {seconds} s, {len(self.body)} bytes: {self.head!r}")

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._connection.recv(65536):
                if self.first_at is None and b"\r\n\r\n" in self._received:
                    self.first_at = time.monotonic()
                self._received += data
        self.ended.set()


def decoded(stream: bytes) -> list[av.VideoFrame]:
    """Return all pictures of a transport stream."""
    whole = stream[: len(stream) // 188 * 188]
    if not whole:
        return []
    frames: list[av.VideoFrame] = []
    with contextlib.suppress(av.FFmpegError, IndexError), av.open(io.BytesIO(whole), format="mpegts") as container:
        frames.extend(container.decode(video=0))
    return frames


def open_files(pid: int) -> int:
    """Return how many files a process has open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
