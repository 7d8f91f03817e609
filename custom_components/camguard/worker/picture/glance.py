"""A look at one whole picture now and then, while nobody needs any: to know that it can be masked (ADR 0004)."""

import time
from collections.abc import Callable

from ..health import CameraHealth
from ..input.ring import Ring
from ..memory import give_back
from .decode import Decoder, Frame

SECONDS = 60.0
BLOCKED_SECONDS = 5.0
UNDECODABLE_SECONDS = 2.0


class Glance:
    """Belongs to the session's thread. `take` masks a picture, or blocks the camera; it doesn't raise."""

    def __init__(
        self, ring: Ring, health: CameraHealth, take: Callable[[Frame], None], soon_s: Callable[[], float]
    ) -> None:
        """`soon_s`: how soon the next look is wanted at the latest."""
        self._ring = ring
        self._health = health
        self._take = take
        self._soon_s = soon_s
        self._due_at = 0.0

    @property
    def due_soon(self) -> bool:
        """Whether a look is wanted as soon as there is anything to see."""
        return not self._due_at

    def hurry(self) -> None:
        """Look as soon as possible."""
        self._due_at = 0.0

    def look(self) -> None:
        """Do it, when it is time to and pictures come."""
        now = time.monotonic()
        if now < self._due_at or not self._health.streaming:
            return
        frames = self._decode()
        if frames is None:
            return
        for frame in frames:
            self._take(frame)
        give_back()
        self._health.looked(len(frames))
        if self._health.blocked:
            self._due_at = now + BLOCKED_SECONDS
        else:
            seconds = UNDECODABLE_SECONDS if self._health.undecodable else SECONDS
            self._due_at = now + min(seconds, self._soon_s())

    def _decode(self) -> list[Frame] | None:
        """Return the newest whole picture, or the first of several; None while there is no keyframe."""
        cursor = self._ring.cursor()
        try:
            decoder: Decoder | None = None
            left = 1
            while left and (entry := cursor.next(0)) is not None:
                if entry.kind != "video":
                    continue
                if decoder is None:
                    if not entry.keyframe:
                        return None
                    decoder, left = Decoder(entry.info), entry.whole_after + 1
                left -= 1
                if frames := decoder.decode(entry):
                    return frames
            return decoder.flush() if decoder is not None else None
        finally:
            cursor.close()
