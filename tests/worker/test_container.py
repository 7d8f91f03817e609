"""A worker in a container, by the command that a user's settings make: a real engine, real video."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from custom_components.camguard.app.workers.hosts import Hosts, try_host
from custom_components.camguard.app.workers.process import WorkerProcess
from custom_components.camguard.hass.hosts.commands import host_of
from custom_components.camguard.worker.protocol import ClipStarted, SpoolSent, Status

from .. import household
from ..containers import IMAGE, TOOLS, names, remove_all, why_not
from ..hands import in_thread
from ..rtsp import RtspServer
from .driver import ClipOrder, configuration, now_us
from .test_away import Street, Told, finished
from .test_process import ZONES, assert_masked

pytestmark = [pytest.mark.timeout(240), pytest.mark.usefixtures("socket_enabled")]
DATA = {"kind": "container", "engine": "podman", "image": IMAGE}


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that has the image."""
    if reason := why_not():
        pytest.skip(f"no container is tried: {reason}")
    monkeypatch.setenv("PATH", f"{TOOLS}/tools:{os.environ['PATH']}")


@pytest.mark.usefixtures("box")
async def test_a_clip_comes_out_of_a_container(tmp_path: Path) -> None:
    """And nothing of it stays there: no container, no log of what was said."""
    hosts = Hosts(in_thread, lambda: None, lambda _name: None, list)
    await hosts.use([host_of("box", "Box", DATA, tmp_path)])
    told = Told()
    with RtspServer(household.film_in(tmp_path / "camera")) as rtsp:
        worker = WorkerProcess(
            configuration(zones=ZONES, pre_roll_us=1_000_000),
            Street(rtsp.url.replace("127.0.0.1", "127.1")),
            on_event=told.events.append, on_lost=told.lost, choose=hosts.chooser("camera", "box"),
        )  # fmt: skip
        worker.start()
        try:
            await told.wait(Status, state="streaming")
            assert worker.place.host_id == "box"
            running = await asyncio.to_thread(names)
            assert [name.startswith("camguard-") for name in running] == [True, True], "the watcher's and the camera's"
            order = ClipOrder(tmp_path / "clips")
            worker.send(order.start(now_us(), now_us() + 3_000_000))
            await told.wait(ClipStarted)
            await told.wait(SpoolSent)
            clip = await asyncio.to_thread(finished, order)
            assert not clip.recovered
            assert await asyncio.to_thread(assert_masked, order.plain()) == clip.frames > 15
            logs = subprocess.run(
                [shutil.which("podman") or "", "inspect", "--format", "{{.HostConfig.LogConfig.Type}}", *running],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            assert set(logs.stdout.split()) == {"none"}
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
            await told.wait(Status, state="streaming")
            async with asyncio.timeout(60):
                while len(await asyncio.to_thread(names)) > 2:
                    await asyncio.sleep(0.2)
            await worker.stop()
            await hosts.close()
            async with asyncio.timeout(60):
                while await asyncio.to_thread(names):
                    await asyncio.sleep(0.2)
        finally:
            await worker.stop()
            await hosts.close()
            await asyncio.to_thread(remove_all)


@pytest.mark.usefixtures("box")
async def test_an_image_that_is_not_there(tmp_path: Path) -> None:
    found = await try_host(host_of("box", "Box", DATA | {"image": "localhost/none:1"}, tmp_path), in_thread)
    assert (found.fault, found.well) == ("host_image", False)


async def test_an_engine_that_does_not_run(tmp_path: Path) -> None:
    if shutil.which("docker") is None:
        pytest.skip("no docker command on this machine")
    if subprocess.run(["docker", "info"], check=False, capture_output=True).returncode == 0:
        pytest.skip("a Docker engine runs here")
    data = {"kind": "container", "engine": "docker", "image": "camguard-worker"}
    found = await try_host(host_of("box", "Box", data, tmp_path), in_thread)
    assert found.fault == "host_unreachable"
    assert "Cannot connect" in found.detail


async def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("no kubectl command on this machine")
    data = {"kind": "kubernetes", "deployment": "camguard-worker"}
    found = await try_host(host_of("pods", "Pods", data, tmp_path), in_thread)
    assert found.fault == "host_unreachable"


def test_the_recipe_and_the_manifest() -> None:
    """The image has what a worker looks for; the deployment's pods wait, and what is said in them goes nowhere."""
    folder = Path(__file__).parents[2] / "container"
    recipe = (folder / "Containerfile").read_text("utf-8")
    for name in ("python:3.14", "av", "numpy", "cryptography", "USER"):
        assert name in recipe
    deployment = yaml.safe_load((folder / "deployment.yaml").read_text("utf-8"))
    (pod,) = deployment["spec"]["template"]["spec"]["containers"]
    assert pod["command"] == ["sleep", "infinity"]
    assert deployment["metadata"]["name"] == "camguard-worker"


async def test_this_python_is_one_that_does(tmp_path: Path) -> None:
    """The trial that a user's settings are put to, on a machine that is well."""
    (tmp_path / "podman").write_text(f'#!/bin/sh\nshift $(($# - 4))\nshift\nexec {sys.executable} "$@"\n')
    (tmp_path / "podman").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        found = await try_host(host_of("box", "Box", DATA, tmp_path), in_thread)
    assert (found.well, found.fault) == (True, "")
    assert found.python.startswith("3.14")
