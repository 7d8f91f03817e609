"""Maps a stream's own timestamps to the times of arrival, so that clips say when things happened.

Pure: no clock inside. Times are µs; `place` is called for each video packet in the order of arrival. Times of arrival
are the worker's clock's: that one never steps back, whatever is done to the wall clock.

Arrival leads: what came earliest, for its timestamp, says how the stream's clock is to ours; all others were held up.
Where the stream's clock runs slower than ours, by whatever rate, it is followed.
"""

from collections import deque
from itertools import combinations

LATE_LIMIT_US = 5_000_000
"""Placed earlier than its arrival by more: the clock jumped back, or the network held the stream up for long."""
BACK_LIMIT_US = 1_000_000
"""A stream whose own time steps back by more has begun anew; within, pictures are out of order."""
_BURST_SPEED = 3
"""Pictures that come so many times as fast as they were filmed lay in store (of a restreamer, most likely)."""
STANDING_PICTURES = 3
"""A clock that shows the same for so many pictures stands still: then only arrival counts."""
_SHIFT_LIMIT_US = 2_000_000
"""A picture that is to be shown later than it is decoded by more has no sensible times."""
_BIN_US = 500_000
_BINS = 20
"""Of each half of a second the earliest packet is remembered, for ten seconds."""
_SPAN_US = 1_000_000
"""A rate is reckoned over this at least."""
_LEAST_RATE = 0.002
"""What is less is drift, and followed by itself."""
_FOLLOW = 0.5
"""At most this part of the time that passes is made up for: nothing jumps."""


class Timeline:
    """The relation between one stream's clock and ours."""

    def __init__(self) -> None:
        self._offset_us: float | None = None
        """Arrival time minus stream time of what wasn't held up."""
        self._rate = 0.0
        """By how much of the time that passes the stream's clock falls behind."""
        self._bins: deque[tuple[int, int]] = deque(maxlen=_BINS)
        """(arrival, least arrival time minus stream time)"""
        self._least_us = 0.0
        """Of all bins: the least, were it of time zero."""
        self._bursting = False
        self._arrival_us = self._stream_us = 0
        self._last_us: int | None = None
        self._order_us: int | None = None
        """The stream's own time of the last packet, in the order in which they come."""
        self._latest_us = 0
        """The greatest time that was to be placed."""
        self._reorders = False
        """Whether pictures come in another order than they are shown in."""
        self._standing = 0
        self._back_us = 0

    def place(self, arrival_us: int, pts_us: int | None, dts_us: int | None) -> int:
        """Return the time of a packet's picture, from its arrival and the stream's own times (None: it has none)."""
        sensible = pts_us is not None and (dts_us is None or abs(pts_us - dts_us) <= _SHIFT_LIMIT_US)
        stream_us = pts_us if sensible else dts_us
        if stream_us is None:
            return self._forward(arrival_us)
        order_us = dts_us if dts_us is not None else stream_us
        began_anew = self._order_us is not None and order_us < self._order_us - BACK_LIMIT_US
        self._standing = self._standing + 1 if order_us == self._order_us else 0
        self._order_us = order_us
        if self._standing >= STANDING_PICTURES:
            self._offset_us = None
            return self._forward(arrival_us)
        held_up_us = arrival_us - stream_us
        if self._offset_us is None or began_anew or held_up_us - self._offset_us > LATE_LIMIT_US:
            self._begin(arrival_us, stream_us)
        else:
            self._follow(arrival_us, stream_us)
        assert self._offset_us is not None
        self._arrival_us, self._stream_us = arrival_us, stream_us
        placed_us = min(round(stream_us + self._offset_us), arrival_us)
        self._reorders = self._reorders or pts_us != dts_us
        if stream_us < self._latest_us and self._reorders:
            return placed_us  # shown before what came before it
        self._latest_us = max(stream_us, self._latest_us)
        return self._forward(placed_us)

    def take_back(self) -> int:
        """Return by how much everything since the connection's begin was dated too late, once: it came in a burst."""
        back_us, self._back_us = self._back_us, 0
        return back_us

    def _begin(self, arrival_us: int, stream_us: int) -> None:
        self._offset_us = arrival_us - stream_us
        self._rate = 0.0
        self._latest_us = stream_us
        self._bins.clear()
        self._bins.append((arrival_us, arrival_us - stream_us))
        self._least_us = self._offset_us
        self._bursting = not self._arrival_us  # the first with a time

    def _follow(self, arrival_us: int, stream_us: int) -> None:
        assert self._offset_us is not None
        passed_us, held_up_us = arrival_us - self._arrival_us, arrival_us - stream_us
        self._bursting = self._bursting and passed_us * _BURST_SPEED <= abs(stream_us - self._stream_us)
        began_us, least_us = self._bins[-1]
        if arrival_us - began_us < _BIN_US:
            self._bins[-1] = began_us, min(least_us, held_up_us)
        else:
            self._bins.append((arrival_us, held_up_us))
            self._rate = self._reckon_rate()
            self._least_us = min(least_us - self._rate * began_us for began_us, least_us in self._bins)
        self._least_us = min(self._least_us, held_up_us - self._rate * arrival_us)
        offset_us = self._offset_us + self._rate * passed_us
        behind_us = self._least_us + self._rate * arrival_us - offset_us
        if behind_us > 0:
            offset_us += min(behind_us, _FOLLOW * passed_us)
        if held_up_us < offset_us:
            # Nothing arrives before it happened: all before was held up.
            if self._bursting:
                self._back_us += round(offset_us - held_up_us)
                if self._last_us is not None:
                    self._last_us -= round(offset_us - held_up_us)
            offset_us = held_up_us
        self._offset_us = offset_us

    def _reckon_rate(self) -> float:
        """Return the rate at which the stream's clock falls behind: the median over pairs (Theil and Sen's)."""
        bins = list(self._bins)[:-1]  # the newest isn't complete
        if bins[-1][1] - bins[0][1] < _LEAST_RATE * (bins[-1][0] - bins[0][0]):
            return 0.0
        rates = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(bins, 2) if b[0] - a[0] >= _SPAN_US)
        rate = rates[len(rates) // 2] if rates else 0.0
        return rate if _LEAST_RATE <= rate <= 1 else 0.0

    def _forward(self, time_us: int) -> int:
        """Times never repeat nor step back."""
        self._last_us = time_us if self._last_us is None else max(time_us, self._last_us + 1)
        return self._last_us
