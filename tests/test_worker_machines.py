"""Machines for workers, set up as a user would: real SSH, a real camera, what comes out is masked."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import av
import pytest
import pytest_socket
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry

from custom_components.camguard.app.workers import hosts as hosting
from custom_components.camguard.app.workers.place import HERE
from custom_components.camguard.app.workers.shipment import LOADER
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.hass.hosts.commands import (
    authorized_line,
    host_of,
    new_key,
    place_of,
    write_login,
    wrong_field,
)

from . import household
from .cameras import FileCamera
from .rtsp import RtspServer
from .servers import SshServer, needs_sshd, ssh_server
from .setup import ZONES, add_camera, add_site, past_progress
from .test_main_job import call, until, until_clips
from .vault.clips import ledger_full
from .worker.test_process import assert_masked
from .worker.watching import Watcher

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("socket_enabled")]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A camera's address that isn't seen to be this machine's own."""
    pytest_socket.enable_socket()  # a module's fixture is made before a test's
    with RtspServer(household.film_in(tmp_path_factory.mktemp("street"))) as rtsp:
        yield rtsp.url.replace("127.0.0.1", "127.1")


@pytest.fixture
def nas(tmp_path: Path) -> Iterator[SshServer]:
    with ssh_server(tmp_path / "nas") as server:
        yield server


def fields_of(server: SshServer, **changes: Any) -> dict[str, Any]:
    return {"name": "NAS", "host": "127.0.0.1", "port": server.port, "username": server.username} | changes


def let_in(server: SshServer, line: str) -> None:
    authorized = server.key_file.with_name("authorized_keys")
    authorized.write_text(f"{authorized.read_text()}{line}\n")


async def begin(hass: HomeAssistant, entry: Any, kind: str, source: dict[str, str] | None = None) -> Any:
    flows = hass.config_entries.subentries
    result = await flows.async_init((entry.entry_id, "host"), context=source or {"source": "user"})
    if source is None:
        assert result["type"] is FlowResultType.MENU
        result = await flows.async_configure(result["flow_id"], {"next_step_id": kind})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, kind)
    return result


async def step(hass: HomeAssistant, result: Any, **fields: Any) -> Any:
    result = await hass.config_entries.subentries.async_configure(result["flow_id"], fields)
    return await past_progress(hass, result)


async def add_ssh(hass: HomeAssistant, entry: Any, server: SshServer) -> str:
    """Set up a machine by SSH; returns its id."""
    before = set(entry.subentries)
    result = await step(hass, await begin(hass, entry, "ssh"), **fields_of(server, python=sys.executable))
    assert result["step_id"] == "host_key", result
    result = await step(hass, result, confirm=True)
    let_in(server, result["description_placeholders"]["line"])
    result = await step(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    (host_id,) = set(entry.subentries) - before
    return host_id


def put_host(hass: HomeAssistant, entry: Any, title: str = "Shed", **data: Any) -> str:
    """Add a machine without trying it, as an upgrade or a backup brings it."""
    data = {"kind": "container", "engine": "docker", "image": "camguard-worker"} | data
    subentry = ConfigSubentry(data=MappingProxyType(data), subentry_type="host", title=title, unique_id=None)
    hass.config_entries.async_add_subentry(entry, subentry)
    return subentry.subentry_id


def bodies(entry: Any, *events: Event) -> list[dict[str, Any]]:
    ledger = entry.runtime_data.site.vault.ledger
    return [item.body for item in ledger.entries() if item.event in events]


async def eventually(fits: Any, seconds: float = 40) -> None:
    async with asyncio.timeout(seconds):
        while not fits():
            await asyncio.sleep(0.05)


def issue(hass: HomeAssistant, key: str) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue("camguard", key)


# --- what is ordinary ---


@needs_sshd
async def test_a_camera_is_worked_for_elsewhere(
    hass: HomeAssistant, nas: SshServer, street: str, hass_client: Any, hass_ws_client: Any, tmp_path: Path
) -> None:
    """Set up, chosen, recorded, watched; named in the ledger; and given up again."""
    for name in ("homeassistant", "camera", "diagnostics"):
        assert await async_setup_component(hass, name, {})
    await hass.data["camera"].async_add_entities([FileCamera(street, "Street")])
    await hass.async_block_till_done()
    entry = await add_site(hass)

    # The machine isn't there, then doesn't know the key, then has no such Python.
    result = await begin(hass, entry, "ssh")
    result = await step(hass, result, **fields_of(nas, port=9, python=sys.executable))
    assert result["errors"] == {"base": "copy_unreachable"}
    result = await step(hass, result, **fields_of(nas, python="/nowhere/python"))
    assert (result["step_id"], result["description_placeholders"]["fingerprint"]) == ("host_key", nas.fingerprint)
    result = await step(hass, result, confirm=False)
    assert result["errors"] == {"confirm": "host_key_unconfirmed"}
    result = await step(hass, result, confirm=True)
    line = result["description_placeholders"]["line"]
    assert line.startswith("restrict ssh-ed25519 ")
    result = await step(hass, result)
    assert (result["step_id"], result["errors"]) == ("key", {"base": "host_login"})
    assert "Permission denied" in result["description_placeholders"]["said"]
    let_in(nas, line)
    result = await step(hass, result)
    assert (result["step_id"], result["errors"]) == ("ssh", {"base": "host_unfit"}), "no such Python there"
    folder = entry.runtime_data.site.vault.paths.hosts
    assert not list(folder.iterdir()), "nothing of a trial stays"
    result = await step(hass, result, **fields_of(nas, python=sys.executable))
    assert (result["step_id"], result["description_placeholders"]["line"]) == ("key", line), "what was done is done"
    result = await step(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    (host_id,) = (item.subentry_id for item in entry.subentries.values() if item.subentry_type == "host")
    key = folder / host_id / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    (begun,) = bodies(entry, Event.HOST_BEGUN)
    assert (begun["host_id"], begun["host"], begun["kind"]) == (host_id, "NAS", "ssh")
    assert begun["place"] == f"{nas.username}@127.0.0.1:{nas.port}"
    site = entry.runtime_data.site
    await eventually(lambda: site.hosts.facts[0].well and site.hosts.facts[0].cores)

    camera_id = await add_camera(hass, entry, host=host_id, zones=ZONES)
    assert entry.subentries[camera_id].data["host"] == host_id
    assert bodies(entry, Event.CAMERA_ADDED)[0]["host_id"] == host_id
    await until(hass, "camera.street_2", "streaming", 40)
    recorder = entry.runtime_data.recorder(camera_id)
    assert recorder.worker.place.host_id == host_id
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "camguard/overview"})
    (shown,) = (await client.receive_json())["result"]["hosts"]
    assert (shown["title"], shown["cameras"], shown["fault"], shown["well"]) == ("NAS", 1, "", True)
    with Watcher(recorder.worker.live_url) as watcher:
        await asyncio.to_thread(watcher.until, 10)
    await call(hass, "record", entity_id="camera.street_2", duration=2)
    (clip,) = await until_clips(hass, 1, 60)
    answer = await (await hass_client()).get(f"/api/camguard/clips/{clip['clip_id']}.mp4")
    film = tmp_path / "clip.mp4"
    film.write_bytes(await answer.read())
    with av.open(film) as container:
        assert container.streams.video[0].frames > 10
    assert await asyncio.to_thread(assert_masked, film.read_bytes()) > 10
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["cameras"][camera_id]["host"] == host_id
    assert nas.username not in str(told["subentries"])
    assert "PRIVATE KEY" not in str(told)

    hass.config_entries.async_remove_subentry(entry, host_id)
    await hass.async_block_till_done()
    await eventually(lambda: (now := entry.runtime_data.recorder(camera_id)) and now.worker.running)
    assert entry.runtime_data.recorder(camera_id).worker.place == HERE
    assert "host" not in entry.subentries[camera_id].data
    assert not (folder / host_id).exists()
    assert [body["host"] for body in bodies(entry, Event.HOST_ENDED)] == ["NAS"]
    assert "host_id" not in bodies(entry, Event.SETTINGS_CHANGED)[-1]


@needs_sshd
async def test_it_is_changed(hass: HomeAssistant, nas: SshServer, tmp_path: Path) -> None:
    """Its name and its Python by the same steps; its key stays, and the host key is asked for when it is another one."""
    entry = await add_site(hass)
    host_id = await add_ssh(hass, entry, nas)
    again = {"source": "reconfigure", "subentry_id": host_id}
    result = await begin(hass, entry, "ssh", again)
    result = await step(hass, result, **fields_of(nas, name="Attic", python=sys.executable))
    assert result["step_id"] == "key", "the host key is the confirmed one"
    result = await step(hass, result)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert entry.subentries[host_id].title == "Attic"
    assert [body["host"] for body in bodies(entry, Event.HOST_BEGUN)] == ["NAS", "Attic"]
    with ssh_server(tmp_path / "new") as other:
        result = await begin(hass, entry, "ssh", again)
        result = await step(hass, result, **fields_of(other, name="Attic", python=sys.executable))
        assert (result["step_id"], result["description_placeholders"]["fingerprint"]) == ("host_key", other.fingerprint)
        hass.config_entries.subentries.async_abort(result["flow_id"])
    result = await begin(hass, entry, "ssh")
    result = await step(hass, result, **fields_of(nas, name="Twice", python=sys.executable))
    assert result["errors"] == {"base": "host_known"}
    hass.config_entries.subentries.async_abort(result["flow_id"])


@needs_sshd
async def test_another_host_key_is_told(hass: HomeAssistant, nas: SshServer, tmp_path: Path, street: str) -> None:
    """Nothing is sent there, its camera goes on here, and a repair says why."""
    for name in ("homeassistant", "camera"):
        assert await async_setup_component(hass, name, {})
    await hass.data["camera"].async_add_entities([FileCamera(street, "Street")])
    await hass.async_block_till_done()
    entry = await add_site(hass)
    host_id = await add_ssh(hass, entry, nas)
    data = dict(entry.subentries[host_id].data)
    camera_id = await add_camera(hass, entry, host=host_id)
    await until(hass, "camera.street_2", "streaming", 40)
    with ssh_server(tmp_path / "impostor") as other:
        wrong = data | {"host_key": other.host_key}
        hass.config_entries.async_update_subentry(entry, entry.subentries[host_id], data=wrong)
        await hass.async_block_till_done()
        await eventually(lambda: issue(hass, f"host_fault_{host_id}"))
    found = issue(hass, f"host_fault_{host_id}")
    assert found is not None
    assert "another host key" in found.translation_placeholders["reason"]
    recorder = entry.runtime_data.recorder(camera_id)
    await eventually(lambda: recorder.worker.running and recorder.worker.place == HERE)
    await until(hass, "camera.street_2", "streaming", 40)
    hass.config_entries.async_update_subentry(entry, entry.subentries[host_id], data=data)
    await hass.async_block_till_done()
    await eventually(lambda: issue(hass, f"host_fault_{host_id}") is None)


async def test_it_comes_back(
    hass: HomeAssistant, camera: FileCamera, street: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that can't be reached is told after a while; once it is well, its cameras go there, unless they record."""
    camera.url = street
    monkeypatch.setattr(hosting, "BACK_SECONDS", 0.5)
    monkeypatch.setattr("custom_components.camguard.hass.places.PATIENCE", timedelta(seconds=0.2))
    tools = tmp_path / "tools"
    tools.mkdir()
    engine = tools / "docker"
    engine.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    entry = await add_site(hass)
    host_id = put_host(hass, entry)
    await hass.async_block_till_done()
    site = entry.runtime_data.site
    await eventually(lambda: site.hosts.facts[0].fault)
    assert site.hosts.facts[0].fault == "host_unreachable"
    await eventually(lambda: issue(hass, f"host_fault_{host_id}"))
    camera_id = await add_camera(hass, entry, host=host_id)
    await until(hass, "camera.street_2", "streaming", 40)
    recorder = entry.runtime_data.recorder(camera_id)
    assert recorder.worker.place == HERE
    await call(hass, "record", entity_id="camera.street_2", duration=30)
    engine.write_text(f"#!/bin/sh\nexec {sys.executable} -P -c '{LOADER}'\n")
    await eventually(lambda: site.hosts.is_well(host_id) and site.hosts.facts[0].well)
    assert issue(hass, f"host_fault_{host_id}") is None
    site._on_host_back(host_id)
    assert recorder.recording
    assert recorder.worker.place == HERE, "a clip isn't cut for it"
    await eventually(lambda: recorder.worker.running and recorder.worker.place.host_id == host_id, 60)
    await until_clips(hass, 1, 60)
    await until(hass, "camera.street_2", "streaming", 40)


async def test_a_stream_of_this_machine_only(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    """It is worked for here, and a repair says so; with another address it goes where it was to."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "podman").write_text(f"#!/bin/sh\nexec {sys.executable} -P -c '{LOADER}'\n")
    (tools / "podman").chmod(0o755)
    entry = await add_site(hass)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
        host_id = put_host(hass, entry, engine="podman")
        await hass.async_block_till_done()
        camera_id = await add_camera(hass, entry, host=host_id)
        await until(hass, "camera.street_2", "streaming", 40)
        recorder = entry.runtime_data.recorder(camera_id)
        assert recorder.worker.only_here
        assert recorder.worker.place == HERE
        assert issue(hass, f"host_only_here_{camera_id}") is not None
        site = entry.runtime_data.site
        await eventually(lambda: site.hosts.facts[0].well)
        site._on_host_back(host_id)
        assert recorder.worker.place == HERE
        hass.config_entries.async_remove_subentry(entry, camera_id)
        await hass.async_block_till_done()
        assert issue(hass, f"host_only_here_{camera_id}") is None


# --- what can't be ---


@pytest.mark.parametrize(
    ("kind", "fields", "fault"),
    [
        ("container", {"engine": "docker", "image": "camguard-worker", "connection": "nas"}, "host_program"),
        ("container", {"engine": "podman", "image": "camguard-worker"}, "host_program"),
        ("kubernetes", {"deployment": "worker", "namespace": "cams", "context": "home"}, "host_program"),
    ],
)
async def test_a_command_that_is_not_here(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, fields: dict[str, str], fault: str
) -> None:
    entry = await add_site(hass)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = await step(hass, await begin(hass, entry, kind), name="Shed", **fields)
    assert (result["step_id"], result["errors"]) == (kind, {"base": fault})
    hass.config_entries.subentries.async_abort(result["flow_id"])


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("ssh", "host", "-oProxyCommand=reboot"),
        ("ssh", "host", "nas; reboot"),
        ("ssh", "host", " "),
        ("ssh", "username", "-l"),
        ("ssh", "username", "sato\nroot"),
        ("ssh", "python", "python3 -c 'evil'"),
        ("ssh", "python", "$(reboot)"),
        ("ssh", "python", "-c"),
        ("container", "image", "--privileged"),
        ("container", "image", "worker --privileged"),
        ("container", "connection", "--host=tcp://evil"),
        ("kubernetes", "deployment", "worker/../x y"),
        ("kubernetes", "namespace", "--as=admin"),
        ("kubernetes", "context", "-x"),
    ],
)
async def test_names_that_can_not_be(hass: HomeAssistant, kind: str, field: str, value: str) -> None:
    """None of them becomes an option, or anything that a shell over there would read."""
    ordinary = {
        "ssh": {"host": "nas", "port": 22, "username": "sato", "python": "~/python/bin/python"},
        "container": {"engine": "docker", "image": "registry.home:5000/worker@sha256:abc", "connection": "nas"},
        "kubernetes": {"deployment": "worker", "namespace": "cams", "context": "admin@home"},
    }[kind]
    assert wrong_field({"kind": kind} | ordinary) is None
    entry = await add_site(hass)
    result = await step(hass, await begin(hass, entry, kind), name="Shed", **ordinary | {field: value})
    assert (result["step_id"], result["errors"]) == (kind, {field: "host_field"})
    hass.config_entries.subentries.async_abort(result["flow_id"])


async def test_a_full_disk_sends_no_camera_anywhere(hass: HomeAssistant) -> None:
    """What can't be written down isn't done; once it can, it is."""
    entry = await add_site(hass)
    site = entry.runtime_data.site
    with ledger_full(site.vault):
        host_id = put_host(hass, entry)
        await hass.async_block_till_done()
        assert site.hosts.facts == []
        assert site.hosts.chooser("c", host_id)(None) == HERE
    await hass.services.async_call("camguard", "apply_retention", {}, blocking=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    await eventually(lambda: [item.host_id for item in site.hosts.facts] == [host_id])
    assert len(bodies(entry, Event.HOST_BEGUN)) == 1


@needs_sshd
async def test_a_trial_that_this_disk_does_not_take(hass: HomeAssistant, nas: SshServer) -> None:
    entry = await add_site(hass)
    entry.runtime_data.site.vault.paths.hosts.write_text("in the way")
    result = await step(hass, await begin(hass, entry, "ssh"), **fields_of(nas, python=sys.executable))
    result = await step(hass, await step(hass, result, confirm=True))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "path_not_writable")


async def test_keys_go_with_camguard(hass: HomeAssistant) -> None:
    entry = await add_site(hass)
    folder = entry.runtime_data.site.vault.paths.hosts
    put_host(
        hass, entry, kind="ssh", host="127.0.0.1", port=9, username="sato", python="python3", host_key="ssh-ed25519 A",
        private_key="none",
    )  # fmt: skip
    await hass.async_block_till_done()
    assert len(list(folder.glob("*/key"))) == 1
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not folder.exists()


async def test_a_key_that_can_not_be_written(
    hass: HomeAssistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The machine is told to refuse, and CamGuard goes on."""
    entry = await add_site(hass)
    folder = entry.runtime_data.site.vault.paths.hosts
    folder.write_text("in the way")
    put_host(
        hass, entry, kind="ssh", host="127.0.0.1", port=9, username="sato", python="python3", host_key="ssh-ed25519 A",
        private_key="none",
    )  # fmt: skip
    await hass.async_block_till_done()
    assert "can't be written" in caplog.text
    assert len(entry.runtime_data.site.hosts.facts) == 1


# --- commands ---


def test_commands(tmp_path: Path) -> None:
    ssh = {"kind": "ssh", "host": "fd00::20", "port": 2222.0, "username": "sato", "python": "~/py/bin/python"}
    command = host_of("x", "NAS", ssh, tmp_path).command
    assert command[-2:] == ("fd00::20", f"exec ~/py/bin/python -P -c '{LOADER}'")
    assert command[-3] == "--"
    assert "StrictHostKeyChecking=yes" in command
    assert "BatchMode=yes" in command
    assert place_of(ssh) == "sato@fd00::20:2222"
    docker = {"kind": "container", "engine": "docker", "image": "worker", "connection": "nas"}
    command = host_of("x", "Box", docker, tmp_path).command
    assert command[:4] == ("docker", "--context", "nas", "run")
    assert "--log-driver=none" in command, "what a worker says lies on no disk"
    assert place_of(docker) == "docker:nas:worker"
    podman = {"kind": "container", "engine": "podman", "image": "worker", "connection": "nas"}
    assert host_of("x", "Box", podman, tmp_path).command[:3] == ("podman", "--connection", "nas")
    pods = {"kind": "kubernetes", "deployment": "worker", "namespace": "cams", "context": "home"}
    command = host_of("x", "Pods", pods, tmp_path).command
    assert command[:7] == ("kubectl", "--context", "home", "--namespace", "cams", "exec", "--stdin")
    assert place_of(pods) == "home/cams/worker"
    write_login(docker, tmp_path / "none")
    assert not (tmp_path / "none").exists()


@needs_sshd
def test_the_line_is_one_that_openssh_reads(tmp_path: Path) -> None:
    key = new_key()
    line = authorized_line(key)
    (tmp_path / "authorized").write_text(line + "\n")
    shown = subprocess.run(
        ["ssh-keygen", "-lf", str(tmp_path / "authorized")], check=True, capture_output=True, text=True
    )
    private = tmp_path / "key"
    private.write_text(key)
    private.chmod(0o600)
    own = subprocess.run(["ssh-keygen", "-lf", str(private)], check=True, capture_output=True, text=True)
    assert shown.stdout.split()[1] == own.stdout.split()[1]
