"""Cameras on other machines: two network namespaces with a real SSH server each, cables that are pulled."""

import asyncio
import dataclasses
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from custom_components.camguard.app.workers import hosts as hosting
from custom_components.camguard.app.workers.hosts import RUN, Hosts
from custom_components.camguard.app.workers.place import HERE, Place
from custom_components.camguard.app.workers.process import WorkerProcess
from custom_components.camguard.app.workers.shipment import LOADER
from custom_components.camguard.domain.settings import Host
from custom_components.camguard.worker import faults, protocol
from custom_components.camguard.worker.away.capacity import Capacity
from custom_components.camguard.worker.protocol import (
    PROTOCOL_VERSION,
    Beat,
    ClipStarted,
    Connect,
    Hello,
    SpoolSent,
    Status,
)

from .. import household
from ..hands import in_thread
from ..networks import Machine, machine, needs_networks
from ..rtsp import RtspServer
from ..servers import needs_sshd, ssh_server
from .driver import ClipOrder, configuration, now_us
from .test_away import Told, finished
from .test_process import ZONES, assert_masked

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("socket_enabled")]
CAMERAS = 1
"""The more, the longer the gap on a small machine: each starts anew at once."""
SELF = (sys.executable, "-P", "-c", LOADER)


def host(name: str, *command: str) -> Host:
    return Host(host_id=name, title=name, kind="ssh", place=name, command=command or SELF)


@asynccontextmanager
async def hosts(
    *machines: Host,
    on_back: Callable[[str], None] = lambda _name: None,
    where: Callable[[], list[str]] = list,
) -> AsyncIterator[Hosts]:
    made = Hosts(in_thread, lambda: None, on_back, where)
    await made.use(machines)
    try:
        yield made
    finally:
        await made.close()


async def until(fits: Callable[[], object], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not fits():
            await asyncio.sleep(0.02)


def facts(made: Hosts, name: str) -> hosting.HostFacts:
    return next(item for item in made.facts if item.host_id == name)


# --- two machines ---


@dataclass
class Network:
    one: Machine
    two: Machine
    hosts: tuple[Host, Host]
    streets: dict[str, str]
    """A camera's address, as each machine reaches it: a server of its own, since the tests' hangs with who is cut off."""


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with ExitStack() as stack:
        machines = [stack.enter_context(machine(number)) for number in (1, 2)]
        named, streets = [], {}
        for number, made in enumerate(machines):
            film = household.film_in(tmp_path / f"camera{number}")
            camera = stack.enter_context(RtspServer(film, address=made.gateway))
            streets[("one", "two")[number]] = camera.url
            server = stack.enter_context(
                ssh_server(tmp_path / f"ssh{number}", port=22, address=made.address, inside=made.inside)
            )
            known = tmp_path / f"known{number}"
            known.write_text(f"{made.address} {server.host_key}\n")
            named.append(
                host(
                    ("one", "two")[number],
                    "ssh", "-F", "none", "-T", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o",
                    f"UserKnownHostsFile={known}", "-o", "ConnectTimeout=5", "-i", str(server.key_file),
                    f"{server.username}@{made.address}", f"exec {sys.executable} -P -c '{LOADER}'",
                )
            )  # fmt: skip
        yield Network(machines[0], machines[1], (named[0], named[1]), streets)


class Street:
    """A camera of the network (port `Source`)."""

    def __init__(self, streets: dict[str, str], where: Callable[[], str]) -> None:
        self._streets = streets
        self._where = where

    async def connect(self) -> Connect:
        return Connect(kind="stream", url=self._streets[self._where()], options=(("rtsp_transport", "tcp"),))

    async def still(self) -> bytes | None:
        return None


@dataclass
class Camera:
    worker: WorkerProcess
    told: Told
    orders: list[ClipOrder] = field(default_factory=list)

    def record(self, folder: Path, until_us: int | None = None) -> ClipOrder:
        order = ClipOrder(folder, f"{len(self.orders)}" * 32)
        self.orders.append(order)
        assert self.worker.send(order.start(now_us(), until_us))
        return order


@needs_sshd
@needs_networks
async def test_cameras_move_when_their_machine_loses_its_line(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In mid-clip; what had come is kept, the gap is short, each frame is masked, and they go back afterwards."""
    monkeypatch.setattr(hosting, "BACK_SECONDS", 3.0)
    monkeypatch.setattr(hosting, "AVOID_SECONDS", 1.0)
    cameras: list[Camera] = []
    moving = False

    def home(name: str) -> None:
        """Send cameras back, as the site does."""
        for camera in cameras if moving else ():
            if name == "one" and camera.worker.place.host_id != name:
                camera.worker.move()

    def place_of(number: int) -> str:
        return cameras[number].worker.place.host_id

    def where() -> list[str]:
        return [camera.worker.place.host_id for camera in cameras]

    async with hosts(*network.hosts, on_back=home, where=where) as made:
        await until(lambda: all(item.well and item.cores for item in made.facts))
        assert facts(made, "one").python.startswith("3.14")
        for number in range(CAMERAS):
            told = Told()
            worker = WorkerProcess(
                configuration(camera_id=f"c{number}", zones=ZONES, pre_roll_us=1_000_000),
                Street(network.streets, partial(place_of, number)), on_event=told.events.append, on_lost=told.lost,
                choose=made.chooser(f"c{number}", "one"),
            )  # fmt: skip
            worker.start()
            cameras.append(Camera(worker, told))
        try:
            for camera in cameras:
                await camera.told.wait(Status, state="streaming")
                assert camera.worker.place.host_id == "one"
            assert facts(made, "one").cameras == CAMERAS
            for number, camera in enumerate(cameras):
                camera.record(tmp_path / f"c{number}")
                await camera.told.wait(ClipStarted)
                camera.told.events.clear()
            await asyncio.sleep(8)
            network.one.cut()

            async def goes_on(number: int, camera: Camera) -> None:
                await camera.told.wait(Status, state="streaming")
                assert (camera.worker.place.host_id, camera.worker.loss) == ("two", faults.HOST_LOST)
                camera.record(tmp_path / f"c{number}", now_us() + 2_000_000)
                await camera.told.wait(SpoolSent)

            await asyncio.gather(*(goes_on(number, camera) for number, camera in enumerate(cameras)))
            await until(lambda: not made.is_well("one"))
            assert facts(made, "one").fault == "host_unreachable"
            for camera in cameras:
                before, after = [await asyncio.to_thread(finished, order) for order in camera.orders]
                assert before.recovered
                assert not after.recovered
                for order, clip in zip(camera.orders, (before, after), strict=True):
                    assert await asyncio.to_thread(assert_masked, order.plain()) == clip.frames > 15
                gap_s = (after.start_us - before.end_us) / 1e6
                print(f"gap: {gap_s:.1f} s")
                assert gap_s > 0
            network.one.plug()
            for camera in cameras:
                camera.told.events.clear()
            moving = True
            for camera in cameras:
                await until(lambda camera=camera: camera.worker.running and camera.worker.place.host_id == "one")
                await camera.told.wait(Status, state="streaming")
        finally:
            await asyncio.gather(*(camera.worker.stop() for camera in cameras))


@needs_sshd
@needs_networks
async def test_a_machine_that_is_another_one(network: Network, tmp_path: Path) -> None:
    """Its host key isn't the confirmed one: nothing is sent, and the camera goes on here."""
    one, two = network.hosts
    swapped = host("one", *(part.replace(network.one.address, network.two.address) for part in one.command))
    known = tmp_path / "known0"
    known.write_text(known.read_text().replace(network.one.address, network.two.address))
    async with hosts(swapped) as made:
        await until(lambda: facts(made, "one").fault)
        assert facts(made, "one").fault == "host_key"
        assert made.chooser("c", "one")(None) == HERE
    assert two


# --- what each machine says ---


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        (("sh", "-c", "echo 'unfit: package av' >&2; exit 6"), "host_unfit"),
        (("sh", "-c", "echo 'sato@nas: Permission denied (publickey,password).' >&2; exit 255"), "host_login"),
        (("sh", "-c", "echo 'Host key verification failed.' >&2; exit 255"), "host_key"),
        (("/nowhere/docker", "run"), "host_program"),
        (("sh", "-c", "echo 'sh: 1: exec: /home/sato/py/bin/python: not found' >&2; exit 127"), "host_unfit"),
        (("sh", "-c", "echo 'Error: camguard-worker: image not known' >&2; exit 125"), "host_image"),
        (("sh", "-c", "echo 'Error from server (Forbidden): deployments.apps is forbidden' >&2; exit 1"), "host_login"),
        (("sh", "-c", 'echo "deployments.apps \\"camguard\\" not found" >&2; exit 1'), "host_image"),
        (("sh", "-c", "head -c 4000 /dev/urandom; sleep 9"), "host_garbled"),
        (("sh", "-c", "echo 'ssh: connect to host nas port 22: Connection refused' >&2; exit 255"), "host_unreachable"),
    ],
)
async def test_why_a_machine_does_not_do(command: tuple[str, ...], fault: str) -> None:
    async with hosts(host("nas", *command)) as made:
        await until(lambda: facts(made, "nas").fault)
        assert facts(made, "nas").fault == fault
        assert not facts(made, "nas").well


def forged(**fields: object) -> str:
    """Return a program that is a worker but for what it says of its machine."""
    hello = protocol.encode(Hello(protocol=PROTOCOL_VERSION, pid=1, versions={"python": "3" * 999}, encoders=()))
    room = {"cores": 1, "idle_cores": 1.0, "free_bytes": 1} | fields
    zeros = dict.fromkeys([item.name for item in dataclasses.fields(Beat)], 0)
    beat = protocol.encode(Beat(**zeros | room))
    return f"import sys,time;sys.stdout.buffer.write({hello + beat!r});sys.stdout.flush();time.sleep(60)"


@pytest.mark.parametrize(
    "fields",
    [{"cores": "many"}, {"idle_cores": None}, {"idle_cores": float("nan")}, {"free_bytes": [1]}, {"idle_cores": -1.0}],
)
async def test_a_machine_that_makes_things_up(fields: dict[str, object]) -> None:
    """Cameras go elsewhere, and who chooses by its numbers isn't disturbed."""
    async with hosts(host("liar", sys.executable, "-c", forged(**fields)), host("two")) as made:
        await until(lambda: facts(made, "liar").fault and facts(made, "two").well)
        assert facts(made, "liar").fault == "host_garbled"
        assert made.chooser("c", "liar")(None).host_id == "two"
        assert len(facts(made, "liar").python) <= 40


async def test_who_goes_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the machine that was chosen; while that is away to the idlest other, or here; a bad one is left alone a while."""
    async with hosts(host("one"), host("two"), host("three")) as made:
        await until(lambda: all(item.well for item in made.facts))
        choose = made.chooser("c", "one")
        place = choose(None)
        assert place.host_id == "one"
        idle = {"one": 8.0, "two": 0.5, "three": 3.0}
        monkeypatch.setattr(hosting._Watched, "idle_cores", property(lambda self: idle[self.host.host_id]))
        assert choose(place).host_id == "three"
        made._watched["three"].away = True
        assert choose(None).host_id == "two"
        assert choose(Place(host_id="two")) == HERE
        assert made.chooser("d", "one")(None).host_id == "one", "another camera may try it"
        assert made.chooser("e", "")(None) == HERE
        assert made.chooser("f", "gone")(None) == HERE, "it was removed"
        made.leave("c")
        assert choose(None).host_id == "one"
        assert await made.use([host("two"), host("three", "another")]) == {"one", "three"}
        assert await made.use([host("two")]) == {"three"}
        assert [item.host_id for item in made.facts] == ["two"]


async def test_each_start_has_a_name_of_its_own() -> None:
    async with hosts(host("pods", "sh", "-c", f"echo {RUN} >&2; exit 1")) as made:
        first, second = (made.chooser("c", "pods")(None).command for _ in range(2))
        assert first != second
        assert RUN not in " ".join(first)


def test_capacity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    capacity = Capacity()
    room = capacity.look()
    assert room.cores == os.process_cpu_count()
    assert room.free_bytes > 0
    assert 0 <= capacity.look().idle_cores <= room.cores
    monkeypatch.setattr("custom_components.camguard.worker.away.capacity._STAT", tmp_path / "none")
    assert Capacity().look().free_bytes == 0
