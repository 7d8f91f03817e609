"""The machines that the operator has named for workers: how each is, what it has to give, and who goes where.

Each is watched by a worker that guards nothing (its signs of life tell health and capacity). A camera goes to the one
that was chosen for it; while that is away, to another that is well, the one with most idle processors first, or to this
machine. When it is back for a while, the camera goes back.
"""

import asyncio
import math
import secrets
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from ...domain.errors import WorkerError
from ...domain.settings import Host
from ...worker.protocol import Beat, Hello, Message
from ..ports import RunBlocking
from .place import HERE, Place
from .process import Choose, WorkerProcess

BACK_SECONDS = 60.0
"""A machine that has been well for so long is back."""
AVOID_SECONDS = 60.0
"""A camera whose worker has just failed on a machine isn't sent there for so long, though it seems to be well."""
_VERSION_CHARACTERS = 40
_LAST_LINES = 2
"""Of what was said that are shown: some end with where to find help."""
RUN = "{run}"
"""In a command: something that is different at each start."""
_FAULTS = (
    ("unfit: ", "host_unfit"),
    ("Host key verification failed", "host_key"),
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", "host_key"),
    ("Permission denied", "host_login"),
    ("permission denied", "host_login"),
    ("orbidden", "host_login"),
    ("nauthorized", "host_login"),
    ("[Errno 2]", "host_program"),  # ours: there is no such command here
    ("No such image", "host_image"),
    ("image not known", "host_image"),
    ("deployments.apps", "host_image"),
    ("No such file or directory", "host_unfit"),  # theirs: there is no such Python
    ("not found", "host_unfit"),
    ("unreadable message", "host_garbled"),
    ("impossible length", "host_garbled"),
    ("message too large", "host_garbled"),
)
"""What the last lines of a command, or of what it reached, mean; else it can't be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """How it stands with one machine."""

    host_id: str
    title: str
    kind: str
    place: str
    fault: str
    """Translation key of why no worker runs there; empty: it is well, or nobody knows yet."""
    detail: str
    well: bool
    cameras: int
    """That run there now."""
    cores: int
    idle_cores: float
    free_bytes: int
    python: str
    av: str


class Hosts:
    """Of a site. All methods belong to the event loop."""

    def __init__(
        self,
        run_blocking: RunBlocking,
        on_news: Callable[[], None],
        on_back: Callable[[str], None],
        where: Callable[[], Iterable[str]],
    ) -> None:
        """`on_news` hears when a machine comes or goes, `on_back` of each that has been well for a while.

        `where`: the machine that each camera's worker runs on now.
        """
        self._run_blocking = run_blocking
        self._on_news = on_news
        self._on_back = on_back
        self._watched: dict[str, _Watched] = {}
        self._avoided: dict[tuple[str, str], float] = {}
        """Until when (s, monotonic), by camera and machine."""
        self._where = where

    async def use(self, hosts: Collection[Host]) -> frozenset[str]:
        """Watch these machines and no others; returns the ids of those that are no more, or are reached otherwise."""
        wanted = {host.host_id: host for host in hosts}
        gone = frozenset(name for name, watched in self._watched.items() if not watched.is_reached_as(wanted.get(name)))
        await asyncio.gather(*(self._watched.pop(name).stop() for name in gone))
        for name, host in wanted.items():
            if name in self._watched:
                self._watched[name].host = host
            else:
                self._watched[name] = watched = _Watched(host, self._run_blocking, self._on_news, self._on_back)
                watched.start()
        return gone

    def chooser(self, camera_id: str, wanted: str) -> Choose:
        """Return what says where a camera's worker is to run; `wanted`: the machine chosen for it, empty: this one."""

        def choose(failed: Place | None) -> Place:
            if failed is not None:
                self._avoided[camera_id, failed.host_id] = time.monotonic() + AVOID_SECONDS
            return self._place(camera_id, wanted)

        return choose

    def leave(self, camera_id: str) -> None:
        """Forget a camera."""
        for key in [key for key in self._avoided if key[0] == camera_id]:
            del self._avoided[key]

    def is_well(self, host_id: str) -> bool:
        """Whether a worker can be sent to a machine, as far as is known."""
        watched = self._watched.get(host_id)
        return watched is not None and not watched.away

    @property
    def facts(self) -> list[HostFacts]:
        """How it stands with each machine."""
        running = list(self._where())
        return [watched.facts(running.count(name)) for name, watched in self._watched.items()]

    async def close(self) -> None:
        """Watch no more."""
        watched, self._watched = list(self._watched.values()), {}
        await asyncio.gather(*(item.stop() for item in watched))

    def _place(self, camera_id: str, wanted: str) -> Place:
        if wanted not in self._watched:
            return HERE
        others = sorted(self._watched, key=lambda name: (name != wanted, -self._watched[name].idle_cores))
        for name in others:
            if self.is_well(name) and self._avoided.get((camera_id, name), 0.0) <= time.monotonic():
                return self._watched[name].place
        return HERE


async def try_host(host: Host, run_blocking: RunBlocking) -> HostFacts:
    """Start a worker on a machine that isn't used yet; returns how it stands with it once that is known."""
    known = asyncio.Event()
    watched = _Watched(host, run_blocking, known.set, lambda _host_id: None)
    watched.start()
    try:
        await known.wait()
        return watched.facts(0)
    finally:
        await watched.stop()


def _is_sound(beat: Beat) -> bool:
    """Tell whether what a machine says of itself are numbers: others are chosen, and pages drawn, by them."""
    numbers = (beat.cores, beat.idle_cores, beat.free_bytes)
    return all(type(number) in {int, float} and math.isfinite(number) and number >= 0 for number in numbers)


class _Watched:
    """One machine."""

    def __init__(
        self, host: Host, run_blocking: RunBlocking, on_news: Callable[[], None], on_back: Callable[[str], None]
    ) -> None:
        self.host = host
        self.away = False
        """Whether it is known to be."""
        self._on_news = on_news
        self._on_back = on_back
        self._beat: Beat | None = None
        self._hello: Hello | None = None
        self._told = ""
        """Why it is away, as it was told last."""
        self._timer: asyncio.TimerHandle | None = None
        self._worker = WorkerProcess(
            None,
            None,
            on_event=self._take,
            on_lost=self._lost,
            choose=lambda _failed: self.place,
            run_blocking=run_blocking,
        )

    @property
    def place(self) -> Place:
        """Where a worker runs there; its command is another one each time, where that is needed."""
        run = secrets.token_hex(6)
        return Place(host_id=self.host.host_id, command=tuple(part.replace(RUN, run) for part in self.host.command))

    def is_reached_as(self, host: Host | None) -> bool:
        """Tell whether a machine is this one but for its name."""
        return host is not None and replace(host, title=self.host.title) == self.host

    @property
    def idle_cores(self) -> float:
        """How many of its processors have nothing to do."""
        return self._beat.idle_cores if self._beat else 0.0

    def start(self) -> None:
        self._worker.start()

    async def stop(self) -> None:
        await self._worker.stop()
        self._cancel()

    def facts(self, cameras: int) -> HostFacts:
        said = [line for line in self._worker.stderr if line.strip()] if self.away else []
        detail = " ".join(said[-_LAST_LINES:])
        versions = self._hello.versions if self._hello else {}
        beat = self._beat
        return HostFacts(
            host_id=self.host.host_id,
            title=self.host.title,
            kind=self.host.kind,
            place=self.host.place,
            fault=self._fault() if self.away else "",
            detail=detail,
            well=self._worker.running,
            cameras=cameras,
            cores=beat.cores if beat else 0,
            idle_cores=beat.idle_cores if beat else 0.0,
            free_bytes=beat.free_bytes if beat else 0,
            python=str(versions.get("python", ""))[:_VERSION_CHARACTERS],
            av=str(versions.get("av", ""))[:_VERSION_CHARACTERS],
        )

    def _fault(self) -> str:
        said = "\n".join(self._worker.stderr)
        return next((key for words, key in _FAULTS if words in said), "host_unreachable")

    def _take(self, event: Message) -> None:
        match event:
            case Beat() if not _is_sound(event):
                raise WorkerError("protocol_error", detail="unreadable message")
            case Hello():
                self._hello, self.away = event, False
                self._worker.stderr.clear()  # what was said while it was away is over
                self._cancel()
                self._timer = asyncio.get_running_loop().call_later(BACK_SECONDS, self._back)
                self._on_news()
            case Beat():
                self._beat = event
            case _:
                pass

    def _lost(self) -> None:
        self._cancel()
        self._beat = None
        if (fault := self._fault()) != self._told or not self.away:
            self.away, self._told = True, fault
            self._on_news()

    def _back(self) -> None:
        """Say that it is well, again and again: a camera that is recording doesn't go back at once."""
        self._timer = asyncio.get_running_loop().call_later(BACK_SECONDS, self._back)
        self._on_back(self.host.host_id)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
