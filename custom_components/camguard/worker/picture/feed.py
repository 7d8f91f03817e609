"""Open pictures for the session: takes packets from the ring at its own pace, and decodes them.

What it gives is still open: only the session takes it, and hands it to the mask (invariant 1).
"""

from collections.abc import Iterator

from ..input.ring import Cursor, Entry, Ring
from .decode import Decoder, Frame
from .mask import Masked


class Feed:
    """A reader of the ring with its decoder. Closed, it costs nothing. Belongs to one thread."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._cursor: Cursor | None = None
        self._decoder: Decoder | None = None
        self._epoch = -1
        self.decoded = 0
        self.losses = 0
        """Of the source's interruptions, how many were taken note of here."""

    @property
    def is_open(self) -> bool:
        """Whether packets are read."""
        return self._cursor is not None

    @property
    def behind_us(self) -> int:
        """How far the last packet read lies behind the newest."""
        return self._cursor.behind_us if self._cursor else 0

    @property
    def backlog(self) -> float:
        """Which part of the ring's bound waits to be read."""
        return self._cursor.backlog if self._cursor else 0.0

    @property
    def waits(self) -> bool:
        """Whether there are packets that can't be read yet."""
        return False

    @property
    def caught_up(self) -> bool:
        """Whether everything was read that there is."""
        return self._cursor is not None and self._cursor.caught_up

    def open(self, from_us: int | None) -> None:
        """Begin where pictures are whole from that time on; None: with the newest."""
        before, self._cursor = self._cursor, self._ring.cursor(from_us)
        if before is not None:
            before.close()  # only now: what both need is never let go of
        self._decoder = None
        self._epoch = -1

    def close(self) -> bool:
        """Need nothing any more; tells whether anything was read."""
        cursor, self._cursor, self._decoder = self._cursor, None, None
        if cursor is not None:
            cursor.close()
        return cursor is not None

    def next(self, timeout_s: float) -> Entry | None:
        """Return the next packet; None when none comes in time."""
        return self._cursor.next(timeout_s) if self._cursor else None

    def take_masked(self) -> Masked | None:
        """Return the picture of the last packet read, if it was masked already: it needs no decoding."""
        return None

    def up_to(self, other: Feed) -> Iterator[Entry]:
        """Give the packets that another one has read already."""
        while self._cursor is not None and other._cursor is not None and self._cursor.number < other._cursor.number:
            if (entry := self._cursor.next(0)) is None:
                return
            yield entry

    def take_lost(self) -> tuple[int, int] | None:
        """Return (from, to) of what was dropped before it was read: decoding begins anew behind it."""
        lost = self._cursor.take_lost() if self._cursor else None
        if lost is not None:
            self._decoder = None
        return lost

    def begins_anew(self, entry: Entry) -> bool:
        """Tell whether this packet is the first of another connection."""
        return entry.info.epoch != self._epoch

    @property
    def is_decoding(self) -> bool:
        """Whether a connection was taken up."""
        return self._epoch != -1

    def begin(self, entry: Entry) -> None:
        """Take up the connection of this packet."""
        self._epoch = entry.info.epoch
        self._decoder = None

    def decode(self, entry: Entry) -> list[Frame]:
        """Return the pictures that a packet completes; none before the first keyframe."""
        if self._decoder is None:
            if not entry.keyframe:
                return []
            self._decoder = Decoder(entry.info)
        frames = self._decoder.decode(entry)
        self.decoded += len(frames)
        return frames

    def flush(self) -> list[Frame]:
        """Return what the decoder still holds back."""
        decoder, self._decoder = self._decoder, None
        return decoder.flush() if decoder is not None else []

    def forget(self) -> None:
        """Begin anew with the next keyframe: what was decoded can't be gone on with."""
        self._decoder = None
