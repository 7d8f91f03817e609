"""Maps a stream's own timestamps to the times of arrival, so that clips say when things happened.

Pure: no clock inside. Times are µs; `place` is called for each video packet in the order of arrival. Times of arrival
are the worker's clock's: that one never steps back, whatever is done to the wall clock.
"""

AHEAD_LIMIT_US = 500_000
"""A picture placed later than its arrival by more means that the stream's clock jumped."""
LATE_LIMIT_US = 5_000_000
"""Placed earlier than its arrival by more: the clock jumped back, or the network held the stream up for long."""
BACK_LIMIT_US = 500_000
"""A stream whose own time steps back by more has begun anew; within, pictures are out of order."""
DRIFT_WINDOW_US = 30_000_000
DRIFT_LIMIT_US = 100_000
"""The least lateness within a window; more than that isn't the network but the camera's clock running slow."""


class Timeline:
    """The anchor between one stream's clock and ours."""

    def __init__(self) -> None:
        self._anchor_us: int | None = None
        """Arrival time minus stream time."""
        self._window_from_us = 0
        self._least_late_us: int | None = None
        self._last_us: int | None = None
        self._stream_us: int | None = None
        """The stream's own time of the last packet."""

    def place(self, arrival_us: int, pts_us: int | None, dts_us: int | None) -> int:
        """Return the time of a packet's picture, from its arrival and the stream's own times (None: it has none).

        In decoding order times follow dts; a picture to be shown later than decoded is placed later by that.
        """
        stream_us = dts_us if dts_us is not None else pts_us
        if stream_us is None:
            return self._forward(arrival_us)
        began_anew = self._stream_us is not None and stream_us < self._stream_us - BACK_LIMIT_US
        self._stream_us = stream_us
        if self._anchor_us is None or began_anew:
            self._anchor(arrival_us, stream_us)
        assert self._anchor_us is not None
        late_us = arrival_us - (stream_us + self._anchor_us)
        if late_us < -AHEAD_LIMIT_US or late_us > LATE_LIMIT_US:
            self._anchor(arrival_us, stream_us)
            late_us = 0
        elif late_us < 0:
            # Nothing arrives before it happened: the anchor was made on a packet that came late.
            self._anchor(arrival_us, stream_us)
            late_us = 0
        self._follow_drift(arrival_us, late_us)
        placed_us = self._forward(stream_us + self._anchor_us)
        shift_us = pts_us - dts_us if pts_us is not None and dts_us is not None else 0
        return placed_us + (shift_us if 0 < shift_us < 2_000_000 else 0)

    def _anchor(self, arrival_us: int, stream_us: int) -> None:
        self._anchor_us = arrival_us - stream_us
        self._least_late_us = None
        self._window_from_us = arrival_us

    def _follow_drift(self, arrival_us: int, late_us: int) -> None:
        self._least_late_us = late_us if self._least_late_us is None else min(self._least_late_us, late_us)
        if arrival_us - self._window_from_us >= DRIFT_WINDOW_US:
            if self._least_late_us > DRIFT_LIMIT_US and self._anchor_us is not None:
                self._anchor_us += self._least_late_us
            self._least_late_us = None
            self._window_from_us = arrival_us

    def _forward(self, time_us: int) -> int:
        """Times never repeat nor step back."""
        self._last_us = time_us if self._last_us is None else max(time_us, self._last_us + 1)
        return self._last_us
