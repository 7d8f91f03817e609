"""A worker on another machine: nothing of ours is there, its disk isn't ours, its clock is another."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_socket

from custom_components.camguard.app.workers import live_relay
from custom_components.camguard.app.workers import process as processes
from custom_components.camguard.app.workers.feeding import is_only_here
from custom_components.camguard.app.workers.live_door import LiveDoor
from custom_components.camguard.app.workers.place import Place
from custom_components.camguard.app.workers.probe import preview
from custom_components.camguard.app.workers.process import WorkerProcess
from custom_components.camguard.app.workers.shipment import COMPONENT, LOADER, shipment
from custom_components.camguard.domain.errors import WorkerError
from custom_components.camguard.domain.storage_faults import FULL
from custom_components.camguard.hass.settings import camera_from
from custom_components.camguard.worker import protocol
from custom_components.camguard.worker.away import line
from custom_components.camguard.worker.away.told_clock import STEP_US, ToldClock
from custom_components.camguard.worker.protocol import (
    PROTOCOL_VERSION,
    BeatEvery,
    ClipEnded,
    ClipFailed,
    ClipFinished,
    ClipStarted,
    Connect,
    Hello,
    LiveBytes,
    Message,
    SpoolPart,
    SpoolSent,
    Status,
)

from ..disks import disk, needs_mounts
from ..rtsp import RtspServer
from ..servers import needs_sshd, ssh_server
from .driver import ClipOrder, Driver, configuration, now_us
from .test_process import ZONES, assert_masked, make_video
from .watching import Watcher, answer, ask

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("socket_enabled")]
AWAY = Place(host_id="nas", command=(sys.executable, "-P", "-c", LOADER))


class Street:
    """A camera (port `Source`)."""

    def __init__(self, url: str) -> None:
        self._connect = Connect(kind="stream", url=url, options=(("rtsp_transport", "tcp"),))

    async def connect(self) -> Connect:
        return self._connect

    async def still(self) -> bytes | None:
        return None


class Told:
    """What a worker says, in order."""

    def __init__(self) -> None:
        self.events: list[Message] = []
        self.losses = 0

    def lost(self) -> None:
        self.losses += 1

    async def wait[M: Message](self, kind: type[M], seconds: float = 40, **fields: object) -> M:
        async with asyncio.timeout(seconds):
            while True:
                for event in self.events:
                    if isinstance(event, kind) and all(getattr(event, name) == value for name, value in fields.items()):
                        self.events.remove(event)
                        return event
                await asyncio.sleep(0.02)


@asynccontextmanager
async def worker(
    source: str | None,
    place: Place | Callable[[Place | None], Place] = AWAY,
    *,
    live: bool = False,
    **changes: object,
) -> AsyncIterator[tuple[WorkerProcess, Told]]:
    told = Told()
    made = WorkerProcess(
        configuration(zones=ZONES, pre_roll_us=1_000_000, **changes) if source else None,
        Street(source) if source else None,
        on_event=told.events.append,
        on_lost=told.lost,
        choose=place if callable(place) else lambda _failed: place,
        live=live,
    )
    made.start()
    try:
        yield made, told
    finally:
        await made.stop()


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A camera that runs on, by an address that isn't seen to be this machine's own."""
    pytest_socket.enable_socket()  # a module's fixture is made before a test's
    path = make_video(tmp_path_factory.mktemp("away") / "street.ts", seconds=20)
    with RtspServer(path) as rtsp:
        yield rtsp.url.replace("127.0.0.1", "127.1")


def finished(order: ClipOrder) -> ClipFinished:
    """Make the clip of a spool that was received, as Home Assistant's own finisher does."""
    with Driver() as driver:
        driver.send(order.finish())
        return driver.wait(ClipFinished)


# --- what is ordinary ---


async def test_a_clip_is_recorded_elsewhere_and_made_here(video: str, tmp_path: Path) -> None:
    """Sealed on its way; masked in each frame; the other machine has no key that opens anything."""
    order, heard = ClipOrder(tmp_path / "clips"), tmp_path / "heard"
    listened = replace(AWAY, command=("sh", "-c", f'tee {heard} | exec "$@"', "sh", *AWAY.command))
    async with worker(video, listened) as (made, told):
        await told.wait(Status, state="streaming")
        made.send(order.start(now_us() - 500_000, now_us() + 3_000_000))
        await told.wait(ClipStarted)
        ended = await told.wait(ClipEnded)
        assert ended.reason == "until"
        await told.wait(SpoolSent)
        assert order.spool_path.stat().st_mode & 0o777 == 0o600
        assert not [event for event in told.events if isinstance(event, ClipFinished)]
        assert (await made.take_still()).image.startswith(b"\xff\xd8")
    clip = finished(order)
    assert assert_masked(order.plain()) == clip.frames > 40
    assert not clip.recovered
    said = heard.read_bytes()
    assert order.spool.recipient.text.encode() in said
    for identity in (order.spool, order.clip):
        assert identity.text.encode() not in said


@needs_sshd
async def test_by_ssh(video: str, tmp_path: Path) -> None:
    """Through a real SSH server: nothing is installed there but Python and its packages."""
    order = ClipOrder(tmp_path / "clips")
    with ssh_server(tmp_path / "ssh") as server:
        known = tmp_path / "known_hosts"
        known.write_text(f"[127.0.0.1]:{server.port} {server.host_key}\n")
        ssh = (
            "ssh", "-F", "none", "-T", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o",
            f"UserKnownHostsFile={known}", "-i", str(server.key_file), "-p", str(server.port),
            f"{server.username}@127.0.0.1", f"exec {sys.executable} -P -c '{LOADER}'",
        )  # fmt: skip
        async with worker(video, replace(AWAY, command=ssh)) as (made, told):
            hello = await told.wait(Hello)
            assert hello.encoders
            await told.wait(Status, state="streaming")
            made.send(order.start(now_us(), now_us() + 2_000_000))
            await told.wait(SpoolSent)
    assert assert_masked(order.plain() if finished(order) else b"") > 20


async def test_what_is_shipped_is_what_runs() -> None:
    """The program comes through the pipe: it can't be older than ours."""
    assert len(shipment()) < 1_000_000
    async with worker(None) as (made, told):
        await told.wait(Hello)
        (other,) = await asyncio.to_thread(children, made.pid)
        maps = (
            Path(f"/proc/{other}/maps").read_text() if other != made.pid else Path(f"/proc/{made.pid}/maps").read_text()
        )
        assert str(COMPONENT) not in maps


def children(pid: int | None) -> list[int | None]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [int(item) for item in found] or [pid]


@pytest.mark.parametrize("event", [SpoolPart(clip_id="b" * 32, sync=True, data=b"x"), SpoolSent(clip_id="b" * 32)])
@pytest.mark.parametrize("place", [AWAY, Place()])
async def test_a_worker_that_speaks_of_another_clip(event: Message, place: Place, tmp_path: Path) -> None:
    """Whoever has taken a worker over can't write, or have finished, what isn't its own."""
    program = tmp_path / "takes_over.py"
    frame = protocol.encode(Hello(protocol=PROTOCOL_VERSION, pid=1, versions={}, encoders=())) + protocol.encode(event)
    program.write_text(f"import sys, time\nsys.stdout.buffer.write({frame!r})\nsys.stdout.flush()\ntime.sleep(30)\n")
    async with worker(None, replace(place, command=(sys.executable, str(program)))) as (made, told):
        async with asyncio.timeout(30):
            while not told.losses:
                await asyncio.sleep(0.02)
        assert "protocol_error" in "\n".join(made.stderr)
        assert not [item for item in told.events if isinstance(item, SpoolSent)]


# --- bad days ---


async def test_it_dies_in_mid_clip(video: str, tmp_path: Path) -> None:
    """What had come is kept, and can be made a clip of at once."""
    order = ClipOrder(tmp_path / "clips")
    async with worker(video) as (made, told):
        await told.wait(Status, state="streaming")
        made.send(order.start(now_us(), None))
        await told.wait(ClipStarted)
        await asyncio.sleep(7)  # past a sync: what the encoder and the last chunk hold is lost
        assert made.pid is not None
        os.kill(made.pid, signal.SIGKILL)
        async with asyncio.timeout(20):
            while not told.losses:
                await asyncio.sleep(0.02)
        clip = finished(order)
        assert clip.recovered
        assert assert_masked(order.plain()) == clip.frames > 10


async def test_a_line_that_breaks_unseen(video: str, tmp_path: Path) -> None:
    """The other machine is switched off, say: nobody says so, and it is noticed within some seconds."""
    order = ClipOrder(tmp_path / "clips")
    async with worker(video) as (made, told):
        await told.wait(Status, state="streaming")
        made.send(order.start(now_us(), None))
        await told.wait(ClipStarted)
        assert made.pid is not None
        os.kill(made.pid, signal.SIGSTOP)
        began = asyncio.get_running_loop().time()
        async with asyncio.timeout(30):
            while not told.losses:
                await asyncio.sleep(0.02)
        assert asyncio.get_running_loop().time() - began < processes.SILENCE_SECONDS, "sooner than on this machine"


async def test_it_moves_to_another_machine(video: str, tmp_path: Path) -> None:
    """Where it runs is asked anew at each start."""
    places = iter([AWAY])
    async with worker(video, lambda _failed: next(places, Place())) as (made, told):
        await told.wait(Status, state="streaming")
        assert made.pid is not None
        os.kill(made.pid, signal.SIGKILL)
        await told.wait(Hello)
        await told.wait(Hello)
        await told.wait(Status, state="streaming")
        order = ClipOrder(tmp_path / "clips")
        made.send(order.start(now_us(), now_us() + 1_500_000))
        clip = await told.wait(ClipFinished)
        assert assert_masked(order.plain()) == clip.frames > 10


@needs_mounts
async def test_the_disk_here_is_full(video: str, tmp_path: Path) -> None:
    """The clip ends with the true cause, and the worker goes on."""
    with disk(tmp_path) as made_disk:
        made_disk.fill()
        order = ClipOrder(made_disk.folder / "clips")
        async with worker(video) as (made, told):
            await told.wait(Status, state="streaming")
            made.send(order.start(now_us(), None))
            failed = await told.wait(ClipFailed)
            assert failed.key == FULL
            assert made.running


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("sh", "-c", "echo garbage; sleep 5"), ""),
        (("sh", "-c", "exit 3"), ""),
        (("/nowhere/ssh",), "No such file"),
        ((shutil.which("python3", path="/usr/bin") or "python3", "-c", LOADER), "unfit: "),
    ],
)
async def test_machines_that_can_not(command: tuple[str, ...], word: str, tmp_path: Path) -> None:
    async with worker(None, replace(AWAY, command=command)) as (made, told):
        async with asyncio.timeout(60):
            while not told.losses:
                await asyncio.sleep(0.02)
        assert word in "\n".join(made.stderr)
        assert not made.running


async def test_its_clock_is_hours_off(video: str, tmp_path: Path) -> None:
    """All times are Home Assistant's: the other machine's clock is nobody's business."""
    faketime = tmp_path / "sitecustomize.py"
    faketime.write_text(
        "import time\nreal = time.time_ns\ntime.time_ns = lambda: real() + 7200 * 10**9\n"
        "wall = time.time\ntime.time = lambda: wall() + 7200\n"
    )
    wrong = replace(AWAY, command=("env", f"PYTHONPATH={tmp_path}", *AWAY.command))
    order = ClipOrder(tmp_path / "clips")
    async with worker(video, wrong) as (made, told):
        await told.wait(Status, state="streaming")
        from_us = now_us()
        made.send(order.start(from_us, from_us + 2_000_000))
        started = await told.wait(ClipStarted)
        assert abs(started.start_us - from_us) < 3_000_000
        await told.wait(SpoolSent)
    clip = finished(order)
    assert abs(clip.end_us - from_us - 2_000_000) < 3_000_000


def test_the_clock_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the last tellings the one that came fastest counts; a clock that was set is followed at once."""
    running = 1_000_000
    monkeypatch.setattr("custom_components.camguard.worker.away.told_clock._running_us", lambda: running)
    clock = ToldClock()
    assert abs(clock.wall_us() - now_us()) < 1_000_000, "nobody has told it anything"
    clock.tell(50_000_000)
    assert clock.wall_us() == 50_000_000
    running += 5_000_000
    clock.tell(52_000_000)  # three seconds late on its way
    assert clock.wall_us() == 55_000_000
    running += 5_000_000
    clock.tell(60_200_000)  # it had been late by 0.2 s before
    assert clock.wall_us() == 60_200_000
    clock.tell(60_200_000 + STEP_US * 2)
    assert clock.wall_us() == 60_200_000 + STEP_US * 2


# --- who watches ---


async def test_who_watches_gets_masked_pictures(video: str) -> None:
    """At the same address as when the worker runs here; nothing listens on the other machine that has a port."""
    async with worker(video, live=True) as (made, told):
        await told.wait(Status, state="streaming")
        assert made.live_url is not None
        with Watcher(made.live_url) as first, Watcher(made.live_url) as second:
            await asyncio.to_thread(first.until, 30)
            await asyncio.to_thread(second.until, 10)
            assert first.head.startswith(b"HTTP/1.1 200 ")
            async with asyncio.timeout(20):
                while made.beat is None or made.beat.watchers != 2:
                    await asyncio.sleep(0.05)
            body = first.body
        assert await asyncio.to_thread(assert_masked, body[: len(body) // 188 * 188]) >= 25
        async with asyncio.timeout(30):
            while made.beat is None or made.beat.watchers:
                await asyncio.sleep(0.05)
        said = await asyncio.to_thread(answer, made.live_url.replace("auth=", "auth=x"))
        assert b" 403 " in said.splitlines()[0]
        with Watcher(made.live_url) as watcher:
            await asyncio.to_thread(watcher.until, 3)
            assert made.pid is not None
            os.kill(made.pid, signal.SIGKILL)
            assert await asyncio.to_thread(watcher.ended.wait, 10), "whoever watched is let go of"
        with Watcher(made.live_url) as watcher:
            await asyncio.to_thread(watcher.until, 3)


async def test_no_more_watchers_than_are_taken_in(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_relay, "MAX_WATCHERS", 1)
    async with worker(video, live=True) as (made, told):
        await told.wait(Status, state="streaming")
        assert made.live_url is not None
        with Watcher(made.live_url) as first:
            await asyncio.to_thread(first.until, 1)
            with Watcher(made.live_url) as second:
                assert await asyncio.to_thread(second.ended.wait, 10)
            assert not first.ended.is_set()


async def test_who_never_reads_is_let_go_of() -> None:
    """The relay alone: what is sent is the test's."""
    door, said = LiveDoor(), list[LiveBytes]()
    relay = live_relay.LiveRelay(door, lambda part: not said.append(part))
    await relay.start()
    assert door.url is not None
    try:
        with await asyncio.to_thread(ask, door.url):
            async with asyncio.timeout(10):
                while not said:
                    await asyncio.sleep(0.02)
            number = said[0].watcher
            assert b"GET /live.ts" in said[0].data
            sent = 0
            while said[-1] != LiveBytes(watcher=number, data=b""):
                relay.take(LiveBytes(watcher=number, data=bytes(1 << 20)))
                sent += 1 << 20
                assert sent < live_relay.BEHIND_BYTES + (40 << 20), "what the kernel holds, and our bound"
                await asyncio.sleep(0.01)
        relay.take(LiveBytes(watcher=number, data=b"late"))
        relay.take(LiveBytes(watcher=99, data=b"nobody's"))
    finally:
        relay.stop()
        door.close()


# --- what isn't heard or reached there ---


async def test_a_worker_that_nobody_hears_ends() -> None:
    """Home Assistant's machine is switched off, say: its line stays open, and no worker stays behind for ever."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-c", LOADER,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(shipment() + protocol.encode(BeatEvery(seconds=1.0)))
    assert await asyncio.wait_for(process.wait(), line.SILENT_SECONDS + 30) == line.EXIT_LOST


async def test_a_stream_that_is_to_be_had_here_only(video: str) -> None:
    """The worker comes back to this machine, and stays."""
    async with worker(video.replace("127.1", "127.0.0.1")) as (made, told):
        await told.wait(Status, state="streaming")
        assert made.only_here
        assert made.place == Place()
        assert told.losses == 1


@pytest.mark.parametrize(
    ("url", "only_here"),
    [
        ("rtsp://192.168.1.20:554/stream", False),
        ("rtsp://door.local/stream", False),
        ("http://[fd00::20]/stream", False),
        ("rtsp://localhost:8554/door", True),
        ("rtsp://127.0.0.1:8554/door", True),
        ("rtsp://127.3.4.5:8554/door", True),
        ("rtsp://[::1]:8554/door", True),
        ("rtsp://0.0.0.0:8554/door", True),
        ("rtsp://go2rtc.localhost/door", True),
        ("file:///media/door.mp4", True),
        ("/media/door.mp4", True),
        ("rtsp://[broken", True),
    ],
)
def test_what_means_something_here_only(url: str, only_here: bool) -> None:
    assert is_only_here(url) is only_here


# --- set-up ---


@pytest.mark.parametrize("reached", [True, False])
async def test_the_picture_of_a_set_up_comes_from_there(video: str, reached: bool) -> None:
    """Which shows that the camera is to be had there; what is to be had here only comes from here."""
    places: list[Place] = []

    def choose(_failed: Place | None) -> Place:
        places.append(AWAY)
        return AWAY

    url = video if reached else video.replace("127.1", "127.0.0.1")
    zones = [{"name": name, "points": points} for name, points in ZONES]
    camera = camera_from({"source": "camera.street", "place": "door", "zones": zones}, "setup", "Street")
    taken = await preview(camera, Street(url), 320, choose=choose)
    assert places == [AWAY]
    assert taken.width == 320
    with pytest.raises(WorkerError) as refused:
        await preview(camera, Street("rtsp://192.0.2.1:9/none"), 320, choose=choose)
    assert refused.value.key in {"source_unreachable", "source_stalled"}
