"""What the machine that this process runs on has to give: measured from one look to the next."""

import os
from dataclasses import dataclass
from pathlib import Path

_STAT, _MEMORY = Path("/proc/stat"), Path("/proc/meminfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """At one look."""

    cores: int = 0
    idle_cores: float = 0.0
    """Of those, since the last look; all at the first."""
    free_bytes: int = 0
    """Memory that may be taken without anything else having to go."""


class Capacity:
    """Looks at the machine. A container sees the whole machine's processors, and may use those that it is given."""

    def __init__(self) -> None:
        self._seen: tuple[int, int] | None = None

    def look(self) -> Room:
        """Return what there is; zeros where the machine doesn't tell (proc(5))."""
        cores = os.process_cpu_count() or 0
        try:
            numbers = [int(item) for item in _STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
            available = next(
                int(line.split()[1]) << 10
                for line in _MEMORY.read_text(encoding="ascii").splitlines()
                if line.startswith("MemAvailable:")
            )
        except OSError, ValueError, StopIteration:
            return Room(cores=cores)
        total, idle = sum(numbers), numbers[3] + numbers[4]
        before, self._seen = self._seen, (total, idle)
        passed = total - before[0] if before else 0
        share = (idle - before[1]) / passed if before and passed > 0 else 1.0
        return Room(cores=cores, idle_cores=round(cores * min(max(share, 0.0), 1.0), 2), free_bytes=available)
