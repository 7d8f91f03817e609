"""The reckoned time of a site: looked at each minute, remembered across restarts (rules: domain/reckoning.py)."""

import logging
from pathlib import Path

from ...domain.clip import Clip
from ...domain.reckoning import ClockState, Reading, clock_error_us, read_clock, reckoned_us
from ...vault.media.clock_file import Mac, read_clock_state, write_clock_state
from ..ports import Clock

_LOGGER = logging.getLogger(__name__)


class Reckoning:
    """`look` belongs to one thread at a time, the rest may be asked in any."""

    def __init__(self, clock: Clock, path: Path, newest_us: int | None, mac: Mac | None) -> None:
        """Look for the first time, writing nothing. `mac`: see clock_file.py; without it nothing is ever written.

        `newest_us`: the latest time that any clip's age counts from; where what is remembered is lost, time goes on
        from there.
        """
        self._clock = clock
        self._path = path
        self._mac = mac
        state = read_clock_state(path, mac)
        self.altered = state is None and path.exists()
        """Whether what was remembered isn't ours, or can't be read: it doesn't count."""
        self.last_seen_us = state.high_us + state.offset_us if state else None
        """When CamGuard ran last before this start, by the wall clock."""
        self.earlier_us = state.high_us if state else None
        """The same, reckoned."""
        if state is None and newest_us is not None:
            # As after a boot: how long ago that was is open.
            state = ClockState(boot_id="unknown", boottime_us=0, high_us=newest_us + 1 - clock.boottime_us())
        self._state = state
        self._unwritten = False
        self._reading = self._read()

    @property
    def reading(self) -> Reading:
        """The last look."""
        return self._reading

    def look(self) -> Reading:
        """Look at the clocks; `remember` keeps it."""
        self._reading = self._read()
        self._state = self._reading.state
        return self._reading

    def remember(self) -> None:
        """Write down what was seen."""
        if self._state is None or self._mac is None:
            return
        try:
            write_clock_state(self._path, self._state, self._mac)
        except OSError as error:
            if not self._unwritten:
                _LOGGER.warning("The clock's state could not be written: %s", error)
            self._unwritten = True
        else:
            self._unwritten = False

    def now_us(self) -> int:
        """Return the reckoned time."""
        state = self._reading.state
        return state.high_us + max(self._clock.boottime_us() - state.boottime_us, 0)

    def of_finished(self, end_us: int) -> int:
        """Return when a clip that has just been finished ended; `end_us`: by the wall clock."""
        return reckoned_us(end_us, wall_us=self._clock.now_us(), now_us=self.now_us())

    def of_left_behind(self) -> int:
        """Return when a clip ended that an earlier run left unfinished: at its last look, within a minute."""
        return self.now_us() if self.earlier_us is None else self.earlier_us

    @property
    def wall_believed(self) -> bool:
        """Whether the wall clock is synchronised, or wasn't set for a day."""
        return self._reading.believed

    def clock_error_us(self, clip: Clip) -> int:
        """Return by how much the wall clock was ahead when a clip was recorded; 0 when that is within an hour."""
        return clock_error_us(clip, self._reading.offset_us)

    def _read(self) -> Reading:
        return read_clock(
            self._state,
            wall_us=self._clock.now_us(),
            boottime_us=self._clock.boottime_us(),
            boot_id=self._clock.boot_id(),
            synchronized=self._clock.synchronized(),
        )
