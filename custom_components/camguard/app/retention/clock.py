"""The machine's clocks (port `Clock`), Linux."""

import ctypes
import time
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_STA_UNSYNC = 0x0040
_STATUS_OFFSET = 5 * ctypes.sizeof(ctypes.c_long)
"""Of `status` in `struct timex` (adjtimex(2)): after modes (padded), offset, freq, maxerror and esterror."""


class SystemClock:
    """Wall clock, time since boot, and the kernel's word on whether a time server keeps the former."""

    def now_us(self) -> int:
        """Return the wall clock, UTC epoch µs."""
        return time.time_ns() // 1000

    def boottime_us(self) -> int:
        """Return the time since boot, sleep included, µs."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000

    def boot_id(self) -> str:
        """Return what is different after each boot."""
        try:
            return _BOOT_ID.read_text("ascii").strip()
        except OSError:
            return ""

    def synchronized(self) -> bool | None:
        """Tell whether the kernel holds the clock for synchronised; None where it can't be asked."""
        buffer = ctypes.create_string_buffer(512)
        try:
            answer = ctypes.CDLL(None, use_errno=True).adjtimex(buffer)
        except OSError, AttributeError:
            return None
        if answer < 0:
            return None
        status = int.from_bytes(buffer.raw[_STATUS_OFFSET : _STATUS_OFFSET + 4], "little")
        return not status & _STA_UNSYNC
