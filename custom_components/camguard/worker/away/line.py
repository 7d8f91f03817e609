"""Ends a worker on another machine that hears nothing any more: a line that breaks says nothing of it at either end."""

import logging
import os
import sys
import threading
import time
from typing import Never

SILENT_SECONDS = 30.0
"""Home Assistant tells the time each second, and has started another worker long before."""
STOP_SECONDS = 60.0
"""For what a worker does after it was told to stop; it listens no more then."""
EXIT_LOST = 7

_LOGGER = logging.getLogger(__name__)


class Line:
    """Of one process. Thread safe."""

    def __init__(self, stopping: threading.Event) -> None:
        """`stopping`: set when nothing more is listened to."""
        self._stopping = stopping
        self._heard_at = time.monotonic()
        self._watched = False

    def heard(self) -> None:
        """Take note that something was heard."""
        self._heard_at = time.monotonic()

    def watch(self) -> None:
        """Begin to watch, once. The thread waits for nobody: one that writes into a broken line hangs."""
        if not self._watched:
            self._watched = True
            threading.Thread(target=self._run, name="line", daemon=True).start()

    def _run(self) -> Never:
        while not self._stopping.wait(1.0):
            if time.monotonic() - self._heard_at > SILENT_SECONDS:
                self._end("Nothing is heard from Home Assistant any more")
        time.sleep(STOP_SECONDS)
        self._end("What was in hand could not be sent")

    def _end(self, why: str) -> Never:
        _LOGGER.error(why)
        sys.stderr.flush()
        os._exit(EXIT_LOST)
