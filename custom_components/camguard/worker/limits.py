"""What this process may not do to the machine, and what may never be written of it: its memory holds open pictures."""

import contextlib
import ctypes
import os
import resource
from pathlib import Path

NICENESS = 10
OOM_SCORE = 800
MEMORY_LIMIT_BYTES = 2 << 30
"""Of address space: a stream that makes the decoder ask for more kills this process, not the machine."""
_PR_SET_DUMPABLE = 4
"""linux/prctl.h."""


def confine() -> None:
    """Leave no core file, take no more memory than MEMORY_LIMIT_BYTES, run behind everybody else, die first.

    Each by itself: what a host refuses (its own limits may be tighter) takes nothing else with it.
    """
    _limit(resource.RLIMIT_CORE, 0)
    # A core handler behind a pipe is called whatever the limit says (core(5)), unless the process isn't dumpable. Nor
    # may other processes of the same user look into its memory then.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    _limit(resource.RLIMIT_AS, MEMORY_LIMIT_BYTES)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    # Were the machine's memory to run out, the kernel takes this process first, never Home Assistant (proc(5)).
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE), encoding="ascii")


def _limit(kind: int, most: int) -> None:
    """Set a limit, or keep the one there is when it is lower."""
    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
