"""Answers a worker's question where the pictures come from, and pushes them when they are stills."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from ...worker.protocol import Connect, Message, Still
from ...worker.still_format import still_codec
from ..ports import Source

STILL_INTERVAL_SECONDS = 1.0
STILL_AGAIN_SECONDS = 0.2
STILL_QUICK_TRIES = 5


def is_only_here(url: str) -> bool:
    """Tell whether an address means something on this machine alone: a file, or its own loopback."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
    except ValueError:
        return True
    if not parts.scheme or parts.scheme == "file" or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class Feeding:
    """Of one camera. All methods belong to the event loop."""

    def __init__(self, source: Source, still_s: float, send: Callable[[Message], bool]) -> None:
        """`still_s`: how often a camera without a stream is asked for a picture while none is wanted."""
        self.of_stills = False
        """Whether the source has no stream: its entity is asked for one picture after the other."""
        self._source = source
        self._still_s = still_s
        self._send = send
        self._wanted = False
        self._hurried = asyncio.Event()
        """Set, and replaced by a new one, when it changes how much pictures are wanted."""
        self._task: asyncio.Task[None] | None = None

    def want(self, wanted: bool) -> None:
        """Say whether pictures are to be recorded now, and hurry."""
        self._wanted = wanted
        hurried, self._hurried = self._hurried, asyncio.Event()
        hurried.set()

    def begin(self, on_only_here: Callable[[], None] | None = None) -> None:
        """Answer a worker, and begin to push stills.

        `on_only_here`: called in place of an answer that would mean nothing to a worker on another machine.
        """
        self.stop()
        self._task = asyncio.get_running_loop().create_task(self._supply(on_only_here))

    def stop(self) -> None:
        """Push nothing more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _supply(self, on_only_here: Callable[[], None] | None) -> None:
        me = asyncio.current_task()
        connect = self._awake(await self._source.connect())
        if on_only_here is not None and connect.kind == "stream" and is_only_here(connect.url):
            on_only_here()
            return
        self._send(connect)
        if connect.kind != "stills":
            return
        misses = 0
        while True:
            began_at, hurried = time.monotonic(), self._hurried
            image = await self._source.still()
            if self._task is not me:  # cancelled: Home Assistant's own code may swallow that
                return
            if connect.sleeps and not self._wanted:
                return  # the worker asks again when it misses the pictures, and is told that the camera sleeps
            if image:
                self._send(Still(time_us=time.time_ns() // 1000, image=image))
            # A busy camera answers with an excuse: it is asked again at once, a few times.
            misses = misses + 1 if not image or still_codec(image) is None else 0
            interval = STILL_INTERVAL_SECONDS if self._wanted else self._still_s
            if 0 < misses <= STILL_QUICK_TRIES:
                interval = STILL_AGAIN_SECONDS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(interval - (time.monotonic() - began_at), 0.05)):
                    await hurried.wait()

    def _awake(self, connect: Connect) -> Connect:
        """Return what the worker is told: asking a camera that sleeps for a picture would wake it."""
        self.of_stills = connect.kind == "stills"
        if self.of_stills and connect.sleeps and not self._wanted:
            return replace(connect, kind="asleep")
        return connect
