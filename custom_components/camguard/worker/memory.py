"""The worker's memory: how much of it is its own, and giving back what pictures leave behind."""

import contextlib
import ctypes
import mmap
from pathlib import Path

_PAGE_BYTES = mmap.PAGESIZE
RING_LEAST_BYTES = 96 << 20
"""What a ring may hold before anything else is said."""
RING_MOST_BYTES = 512 << 20
"""No ring is believed to need more: with it, a worker stays far below its limit (limits.py)."""


def private_bytes() -> int:
    """Return the memory that is this process's alone, bytes: resident without what is shared (0: it isn't told).

    From statm (proc_pid_statm(5)): the exact sums of smaps_rollup take a hundred times as long to make.
    """
    try:
        fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * _PAGE_BYTES


def most_bytes(pixels: int, ring_bytes: int) -> int:
    """Return how much private memory is believed for pictures of so many pixels; more is a fault, of ours or FFmpeg's.

    `ring_bytes`: what the ring may hold (RING_MOST_BYTES at most). The rest, 200 MB at 1080p and 700 MB at 8K, are
    pictures in decoder, pool and encoder (issue 17 §3).
    """
    return 168_000_000 + 16 * pixels + min(ring_bytes, RING_MOST_BYTES)


def give_back() -> None:
    """Let the system have freed memory again. glibc keeps it otherwise; other C libraries do this by themselves."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
