"""What the app layer needs from outside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from ..worker.protocol import Connect


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: a user, or nobody (an automation, CamGuard itself)."""

    user_id: str | None
    name: str

    @property
    def facts(self) -> dict[str, object]:
        """What the ledger tells of them."""
        return {"user_id": self.user_id, "user_name": self.name}


NO_ADDRESS = "the camera entity has no address now"
"""Detail of a Connect `none` of a camera that streams at other times."""
NOBODY = Actor(user_id=None, name="")


class Clock(Protocol):
    """The machine's clocks."""

    def now_us(self) -> int:
        """Return the wall clock, UTC epoch µs."""

    def boottime_us(self) -> int:
        """Return the time since boot, sleep included, µs."""

    def boot_id(self) -> str:
        """Return what is different after each boot."""

    def synchronized(self) -> bool | None:
        """Tell whether the wall clock is kept by a time server; None when that can't be known."""


class Source(Protocol):
    """Where one camera's pictures come from; asked anew at every connect."""

    async def connect(self) -> Connect:
        """Return the address, or kind `none` with the reason. Never raises."""
        ...

    async def still(self) -> bytes | None:
        """Return the current picture of a camera without a stream, JPEG or PNG; None when there is none."""
        ...


class RunBlocking(Protocol):
    """Runs blocking code in another thread."""

    def __call__[*Ts, T](self, function: Callable[[*Ts], T], /, *args: *Ts) -> Awaitable[T]:
        """Return the awaitable result of `function(*args)`."""
        ...
