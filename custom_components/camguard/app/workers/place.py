"""Where a worker runs: on this machine, or wherever a command starts it."""

import os
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...vault.sealed import Identity
from ...worker.protocol import StartClip

ENTRY = Path(__file__).parents[2] / "worker" / "__main__.py"
MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(1 << 20)}
"""To glibc, mallopt(3): pictures go back to the system when they are let go of, and leave no holes behind."""
BEAT_AWAY_SECONDS = 1.0
"""How often a worker on another machine gives a sign of life: a line that breaks says nothing of it."""

_KEPT = re.compile(
    r"(LD_LIBRARY_PATH|LIBVA_\w+|ONEVPL_\w+|CUDA_VISIBLE_DEVICES|NVIDIA_\w+"  # hardware encoders
    r"|https?_proxy|no_proxy|SSL_CERT_(FILE|DIR)"  # cameras behind a proxy
    r"|COV\w*)$",  # what the tests measure with
    re.IGNORECASE,
)
_KEPT_AWAY = ("PATH", "HOME")
"""What a program that reaches another machine needs to know of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a worker runs."""

    host_id: str = ""
    """Empty: this machine."""
    command: tuple[str, ...] = field(default=(sys.executable, "-P", str(ENTRY)), repr=False)

    @property
    def is_away(self) -> bool:
        """Whether it is another machine: nothing of ours is there, and it has another clock."""
        return bool(self.host_id)

    @property
    def environment(self) -> dict[str, str]:
        """What the process may know of ours: hostile bytes meet C code there, so no tokens and no secrets."""
        if self.is_away:
            return {name: os.environ[name] for name in _KEPT_AWAY if name in os.environ}
        kept = {name: value for name, value in os.environ.items() if _KEPT.match(name)}
        return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **MALLOC}


HERE = Place()


def order_for_away(order: StartClip) -> StartClip:
    """Return an order for another machine: it seals the spool, and can't open it."""
    recipient = Identity.from_text(order.spool_secret).recipient
    return replace(order, spool_secret="", spool_recipient=recipient.text)
