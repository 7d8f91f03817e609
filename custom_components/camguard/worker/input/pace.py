"""Holds back what comes faster than it was filmed: files, and HTTP servers that send all at once."""

import threading
import time
from dataclasses import dataclass

HTTP_LEAD_SECONDS = 5.0
"""How far an HTTP source may run ahead of the clock: live ones begin with a burst, a file would all come at once."""
TIMELESS_SPEED = 4.0
"""Of formats without times the demuxer makes some up, at 25 pictures a second: cameras may well send more."""
_JUMP_SECONDS = 10.0
"""A stream whose time is further from where it should be has jumped."""
_BACK_US = 1_000_000
"""Pictures and sound lie less far apart: a stream that steps back further begins anew."""


@dataclass(slots=True)
class Pace:
    """Holds back what comes faster than it was filmed."""

    lead_s: float
    speed: float = 1.0
    """Of the stream's clock to ours."""
    began_at: float | None = None
    first_us: int = 0
    last_us: int = 0

    def wait(self, stream_us: int, stopping: threading.Event) -> None:
        """Return when a packet of this time is due."""
        now = time.monotonic()
        if self.began_at is None:
            self.began_at, self.first_us = now, stream_us
        due = self.began_at + (stream_us - self.first_us) / 1e6 / self.speed - self.lead_s
        back_us, self.last_us = self.last_us - stream_us, stream_us
        if due - now > _JUMP_SECONDS + self.lead_s or due < now - _JUMP_SECONDS or back_us > _BACK_US:
            self.began_at, self.first_us = now, stream_us  # the stream's clock jumped
        elif due > now:
            stopping.wait(due - now)


def pace_of(scheme: str, format_name: str, *, timeless: bool) -> Pace | None:
    """Return what holds back a source of this kind; None: it is live."""
    if scheme == "file" or "hls" in format_name:
        return Pace(0.0)
    if not scheme.startswith("http"):
        return None
    return Pace(HTTP_LEAD_SECONDS, TIMELESS_SPEED if timeless else 1.0)
