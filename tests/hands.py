"""What the app layer gets from outside, for tests: a clock that is set by hand, and threads."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)


@dataclass
class Hands:
    """A clock set by hand (port `Clock`): time that passes, passes on the wall and since boot."""

    wall_us: int = NOW_US

    def now_us(self) -> int:
        return self.wall_us

    def boottime_us(self) -> int:
        return 1_000_000_000 + self.wall_us - NOW_US

    def boot_id(self) -> str:
        return "one"

    def synchronized(self) -> bool | None:
        return True


async def in_thread[*Ts, T](function: Callable[[*Ts], T], /, *args: *Ts) -> T:
    """Run blocking code in a thread (port `RunBlocking`)."""
    return await asyncio.to_thread(function, *args)


async def nothing() -> None:
    """Do nothing, for whoever wants to be told."""
