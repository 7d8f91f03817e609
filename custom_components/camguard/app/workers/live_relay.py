"""Lets people watch what a worker on another machine masks: takes them in at the door, and carries bytes to and fro.

Knows nothing of what they say: the worker's own server answers, as it does on this machine (worker/away/live_relay.py).
"""

import asyncio
import itertools
import os
import socket
from collections.abc import Callable

from ...worker.protocol import LiveBytes, Message
from .live_door import LiveDoor

MAX_WATCHERS = 80
BEHIND_BYTES = 8 << 20
"""Who hasn't taken so much is let go of."""
_ASK_BYTES = 4096


class LiveRelay:
    """Of one worker that runs elsewhere. All methods belong to the event loop."""

    def __init__(self, door: LiveDoor, send: Callable[[Message], bool]) -> None:
        """`send`: to the worker."""
        self._door = door
        self._send = send
        self._numbers = itertools.count(1)
        self._watchers: dict[int, asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Take in who comes to the door."""
        listener = socket.socket(fileno=os.dup(self._door.descriptor))
        listener.setblocking(False)
        self._server = await asyncio.start_server(self._serve, sock=listener)

    def take(self, part: LiveBytes) -> None:
        """Pass on what the worker has for a watcher; nothing means that it has let go of them."""
        writer = self._watchers.get(part.watcher)
        if writer is None:
            return
        if part.data:
            writer.write(part.data)
        if not part.data:
            writer.close()
        elif writer.transport.get_write_buffer_size() > BEHIND_BYTES:
            writer.transport.abort()

    def stop(self) -> None:
        """Let go of all: the worker is gone. Who comes meanwhile waits at the door."""
        if self._server is not None:
            self._server.close()
            self._server.abort_clients()
            self._server = None
        self._watchers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._watchers) >= MAX_WATCHERS:
            writer.transport.abort()
            return
        number = next(self._numbers)
        self._watchers[number] = writer
        try:
            while data := await reader.read(_ASK_BYTES):
                self._send(LiveBytes(watcher=number, data=data))
        except OSError:
            pass
        finally:
            if self._watchers.pop(number, None) is not None:
                self._send(LiveBytes(watcher=number, data=b""))
            writer.close()
