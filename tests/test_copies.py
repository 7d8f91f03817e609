"""Sealed copies in Home Assistant: set up as a user would, told when a place refuses, ended."""

import asyncio
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.requirements import RequirementsNotFound
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry

from custom_components.camguard import copy_flow
from custom_components.camguard.app.copies import copier
from custom_components.camguard.app.copies.copier import Copier
from custom_components.camguard.app.copies.folder_store import MARKER, FolderStore, prepare_folder
from custom_components.camguard.app.copies.store import CopyError
from custom_components.camguard.app.events import Change, ChangeKind
from custom_components.camguard.app.retention.clock import SystemClock
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.settings import Destination
from custom_components.camguard.hass.copies import connection
from custom_components.camguard.vault.keys.escrow import new_escrow, open_escrow
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from .hands import in_thread
from .house import House
from .servers import PASSWORD, USER, needs_sshd, s3_server, ssh_server, webdav_server
from .test_copies_elsewhere import BUCKET, s3_client, s3_data
from .vault.clips import ledger_full, put_clip

FIELDS = {"name": "NAS"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copier, "RETRY_SECONDS", 0.05)


@pytest.fixture
def other_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every folder lay on a disk of its own: tests have one."""
    monkeypatch.setattr(copy_flow, "same_disk", lambda *_: False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "nas"
    folder.mkdir()
    return folder


async def begin(house: House, kind: str = "folder") -> str:
    flows = house.hass.config_entries.subentries
    result = await flows.async_init((house.entry.entry_id, "copy"), context={"source": "user"})
    assert (result["type"], result["menu_options"]) == (FlowResultType.MENU, ["folder", "s3", "webdav", "sftp"])
    result = await flows.async_configure(result["flow_id"], {"next_step_id": kind})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, kind)
    return str(result["flow_id"])


async def add(house: House, folder: Path, **changes: Any) -> str:
    """Set up a place; returns its id."""
    flow_id = await begin(house)
    before = set(house.entry.subentries)
    flows = house.hass.config_entries.subentries
    hours = changes.pop("hours", 0)
    result = await flows.async_configure(flow_id, FIELDS | {"path": str(folder)} | changes)
    result = (
        await without_escrow(house, result) if not hours else await flows.async_configure(flow_id, {"hours": hours})
    )
    if hours:
        assert result["step_id"] == "code"
        result = await flows.async_configure(flow_id, {"confirm": True})
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await house.hass.async_block_till_done()
    (subentry_id,) = set(house.entry.subentries) - before
    return subentry_id


async def without_escrow(house: House, result: Any) -> Any:
    assert result.get("step_id") == "escrow", result
    return await house.hass.config_entries.subentries.async_configure(result["flow_id"], {"hours": 0})


async def until(fits: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not fits():
            await asyncio.sleep(0.02)


def bodies(house: House, event: Event) -> list[dict[str, Any]]:
    entries = house.entry.runtime_data.site.vault.ledger.entries()
    return [entry.body for entry in entries if entry.event == event and entry.body]


@pytest.mark.usefixtures("other_disk")
async def test_a_clip_is_copied_and_deleted_with_its_own_end(house: House, folder: Path, connect_client: Any) -> None:
    name = await add(house, folder, kb_a_second=50_000)
    site = house.entry.runtime_data.site
    await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
    (begun,) = bodies(house, Event.COPIES_BEGUN)
    assert (begun["destination"], begun["kind"], begun["place"]) == ("NAS", "folder", str(folder))
    copy = folder / site.vault.site_id / house.clip_id[:2] / f"{house.clip_id}.mp4.age"
    assert copy.read_bytes() == site.vault.paths.clip(house.clip_id).read_bytes()
    overview = await connect_client("overview")
    (shown,) = overview["copies"]
    assert (shown["title"], shown["copied"], shown["waiting"], shown["fault"]) == ("NAS", 1, 0, "")
    await house.hass.async_add_executor_job(site.vault.erase, [house.clip_id], "expired", 1)
    await site.sweep()
    await until(lambda: not copy.exists())
    assert house.entry.subentries[name].title == "NAS"


@pytest.mark.usefixtures("other_disk")
async def test_a_place_that_is_away_is_told_and_forgotten_when_it_is_back(house: House, folder: Path) -> None:
    name = await add(house, folder)
    site, hass = house.entry.runtime_data.site, house.hass
    await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
    marker = (folder / MARKER).read_bytes()
    (folder / MARKER).unlink()
    await hass.config_entries.async_reload(house.entry.entry_id)
    await hass.async_block_till_done()
    issues, key = ir.async_get(hass), f"copies_fault_{name}"
    await until(lambda: issues.async_get_issue("camguard", key))
    issue = issues.async_get_issue("camguard", key)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["place"] == "NAS"
    assert str(folder) in issue.translation_placeholders["reason"]
    (folder / MARKER).write_bytes(marker)
    await until(lambda: issues.async_get_issue("camguard", key) is None)


@pytest.mark.usefixtures("other_disk")
async def test_a_computer_that_is_restarted_is_no_fault_yet(house: House, folder: Path) -> None:
    """It can't be reached for a while: told after a quarter of an hour."""
    name = await add(house, folder)
    site, hass = house.entry.runtime_data.site, house.hass
    await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
    issues, key = ir.async_get(hass), f"copies_fault_{name}"
    (made,) = site.copies._copiers.values()
    made._tell(CopyError("copy_unreachable", place=str(folder)))
    await hass.async_block_till_done()
    assert issues.async_get_issue("camguard", key) is None
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=16))
    await until(lambda: issues.async_get_issue("camguard", key))
    made._tell(None)
    assert issues.async_get_issue("camguard", key) is None
    made._tell(CopyError("copy_unreachable", place=str(folder)))
    await hass.config_entries.async_unload(house.entry.entry_id)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=32))
    await hass.async_block_till_done()
    assert issues.async_get_issue("camguard", key) is None


@pytest.mark.usefixtures("other_disk")
async def test_changed_and_removed(house: House, folder: Path) -> None:
    name = await add(house, folder)
    site = house.entry.runtime_data.site
    await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
    result = await reconfigure(house, name, "folder", {"name": "Attic", "kb_a_second": 500})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await house.hass.async_block_till_done()
    (facts,) = site.copies.facts
    assert facts.title == "Attic"
    assert [body["destination"] for body in bodies(house, Event.COPIES_BEGUN)] == ["NAS", "Attic"]
    house.hass.config_entries.async_remove_subentry(house.entry, name)
    await house.hass.async_block_till_done()
    await until(lambda: bodies(house, Event.COPIES_ENDED))
    assert site.copies.facts == []
    assert list(folder.rglob("*.mp4.age")), "what is there stays there"


@pytest.mark.usefixtures("other_disk")
async def test_nothing_is_copied_before_it_is_written_down(house: House, folder: Path, tmp_path: Path) -> None:
    """The ledger's disk is full when a place is set up: what was set up before goes on, the new one comes later."""
    (tmp_path / "usb").mkdir()
    await add(house, folder)
    site, hass = house.entry.runtime_data.site, house.hass
    await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
    await hass.async_add_executor_job(site.vault.ledger.give_up_reserve)
    with ledger_full(site.vault):
        await add(house, tmp_path / "usb", name="USB")
        assert [facts.title for facts in site.copies.facts] == ["NAS"]
    site.tell(Change(kind=ChangeKind.STORED, camera_id=""))
    await until(lambda: [facts.title for facts in site.copies.facts] == ["NAS", "USB"])
    assert [body["destination"] for body in bodies(house, Event.COPIES_BEGUN)] == ["NAS", "USB"]
    await until(lambda: list((tmp_path / "usb").rglob("*.mp4.age")))


async def test_where_the_clips_disk_is_away(house: House, folder: Path, tmp_path: Path) -> None:
    """Nobody can tell whether it is the same disk."""
    assert not copy_flow.same_disk(folder, tmp_path / "away")
    assert copy_flow.same_disk(folder, tmp_path)


async def test_a_folder_on_the_same_disk_needs_a_word(house: House, folder: Path) -> None:
    flow_id, flows = await begin(house), house.hass.config_entries.subentries
    result = await flows.async_configure(flow_id, FIELDS | {"path": str(folder)})
    assert (result["step_id"], result["description_placeholders"]) == ("same_disk", {"path": str(folder)})
    result = await flows.async_configure(flow_id, {"confirm": False})
    assert result["step_id"] == "folder"
    shown = {str(key): (key.description or {}).get("suggested_value") for key in result["data_schema"].schema}
    assert shown == {"path": str(folder), "name": "NAS", "kb_a_second": None}
    result = await flows.async_configure(flow_id, FIELDS | {"path": str(folder), "name": " "})
    result = await without_escrow(house, await flows.async_configure(flow_id, {"confirm": True}))
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "CamGuard")
    assert (folder / MARKER).exists()


@pytest.mark.usefixtures("other_disk")
async def test_folders_that_can_not_be_used(house: House, folder: Path, tmp_path: Path) -> None:
    await add(house, folder)
    flow_id, flows = await begin(house), house.hass.config_entries.subentries
    paths = house.entry.runtime_data.site.vault.paths
    config = Path(house.hass.config.config_dir)
    (tmp_path / "file").write_bytes(b"")
    for path, key in (
        ("nas", "path_not_absolute"),
        (str(paths.storage), "path_is_ours"),
        (str(paths.storage / "below"), "path_is_ours"),
        (str(paths.cache), "path_is_ours"),
        (str(config / "www" / "copies"), "path_in_www"),
        (str(config / "copies"), "path_in_backup"),
        (str(tmp_path / "file"), "path_not_folder"),
        ("/proc/nothing", "path_not_writable"),
        (str(folder), "copy_path_taken"),
    ):
        result = await flows.async_configure(flow_id, FIELDS | {"path": path})
        assert result["errors"] == {"path": key}, path


@pytest.mark.usefixtures("other_disk")
async def test_a_folder_that_goes_away_meanwhile(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def go_away(path: Path) -> None:
        shutil.rmtree(path)
        (path / MARKER).write_bytes(b"")

    monkeypatch.setattr(copy_flow, "prepare_folder", go_away)
    result = await house.hass.config_entries.subentries.async_configure(
        await begin(house), FIELDS | {"path": str(folder)}
    )
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "path_not_writable")


@pytest.mark.usefixtures("other_disk")
async def test_diagnostics_tell_no_places(house: House, folder: Path, hass_client: Any) -> None:
    await add(house, folder)
    assert await async_setup_component(house.hass, "diagnostics", {})
    shown = await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry)
    assert [copies["kind"] for copies in shown["copies"]] == ["folder"]
    assert str(folder) not in str(shown)
    assert "NAS" not in str(shown)


# --- the escrow of the last hours' keys ---


@pytest.mark.usefixtures("other_disk")
async def test_an_escrow_and_its_code(house: House, folder: Path, connect_client: Any) -> None:
    """Set up with the place, shown once, made anew after a wipe, ended; and nothing of the code is kept."""
    flows, site = house.hass.config_entries.subentries, house.entry.runtime_data.site
    flow_id = await begin(house)
    await flows.async_configure(flow_id, FIELDS | {"path": str(folder)})
    result = await flows.async_configure(flow_id, {"hours": 24})
    code = result["description_placeholders"]["code"]
    result = await flows.async_configure(flow_id, {"confirm": False})
    assert (result["step_id"], result["errors"]) == ("code", {"confirm": "code_unconfirmed"})
    assert result["description_placeholders"] == {"code": code, "hours": "24"}
    result = await flows.async_configure(flow_id, {"confirm": True})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await house.hass.async_block_till_done()
    (name,) = (name for name, item in house.entry.subentries.items() if item.subentry_type == "copy")
    assert code not in str(house.entry.subentries[name].data)
    await until(lambda: site.copies.facts[0].escrow_clips == 1)
    (path,) = folder.rglob("escrow-*.json")
    assert list(open_escrow(path.read_bytes(), code).keys) == [house.clip_id]
    (shown,) = (await connect_client("overview"))["copies"]
    assert (shown["escrow_hours"], shown["escrow_clips"], shown["bringing"]) == (24, 1, None)
    (body,) = bodies(house, Event.ESCROW_BEGUN)
    assert (body["destination"], body["hours"]) == ("NAS", 24)

    await reconfigure(house, name, "folder", {"name": "Attic"})
    await house.hass.async_block_till_done()
    assert len(bodies(house, Event.ESCROW_BEGUN)) == 1, "the same one"
    assert site.copies.facts[0].escrow_hours == 24

    issues, key = ir.async_get(house.hass), f"escrow_stale_{name}"
    assert issues.async_get_issue("camguard", key) is None
    await house.hass.async_add_executor_job(
        site.vault.ledger.append, Event.WIPED, {"clip_ids": []}, 1
    )  # as the wipe does
    site.tell(Change(kind=ChangeKind.WIPING, camera_id=""))
    assert issues.async_get_issue("camguard", key) is not None

    result = await reconfigure_menu(house, name, "escrow")
    suggested = {str(key): (key.description or {}).get("suggested_value") for key in result["data_schema"].schema}
    assert suggested == {"hours": 24}
    result = await flows.async_configure(result["flow_id"], {"hours": 12})
    other = result["description_placeholders"]["code"]
    result = await flows.async_configure(result["flow_id"], {"confirm": True})
    assert result["reason"] == "reconfigure_successful"
    await house.hass.async_block_till_done()
    assert issues.async_get_issue("camguard", key) is None
    await until(lambda: path.exists() and json.loads(path.read_bytes())["escrow_id"] != body["escrow_id"])
    assert open_escrow(path.read_bytes(), other).hours == 12
    assert [entry["escrow_id"] for entry in bodies(house, Event.ESCROW_ENDED)] == [body["escrow_id"]]

    result = await reconfigure_menu(house, name, "escrow")
    result = await flows.async_configure(result["flow_id"], {"hours": 0})
    assert result["reason"] == "reconfigure_successful"
    await house.hass.async_block_till_done()
    await until(lambda: not path.exists())
    assert len(bodies(house, Event.ESCROW_ENDED)) == 2


@pytest.mark.usefixtures("other_disk", "socket_enabled")
async def test_clips_of_a_stolen_machine_come_back_and_play(
    house: House, folder: Path, tmp_path: Path, hass_client: Any, connect_client: Any
) -> None:
    """The burglar drill in Home Assistant: a new machine, the place, the paper; then somebody looks at the clip."""
    stolen = Vault.open(Paths.of(tmp_path / "stolen", tmp_path / "stolen-storage"))
    reconcile(stolen, 1)
    clip_id = put_clip(stolen, "gone", dt_util.utcnow() - timedelta(hours=2), b"\0\0\0\x18ftypmp42" + bytes(9000))
    escrow, code = new_escrow(24)
    prepare_folder(folder)
    there = Copier(
        Destination(
            destination_id="x", title="NAS", kind="folder", place=str(folder), bytes_a_second=0, escrow=escrow
        ),
        FolderStore(folder, stolen.site_id, in_thread), stolen, SystemClock(), in_thread, lambda: None,
    )  # fmt: skip
    there.start()
    await until(lambda: there.facts.escrow_clips == 1)
    await there.close()
    stolen.close()
    shutil.rmtree(tmp_path / "stolen")
    shutil.rmtree(tmp_path / "stolen-storage")

    name = await add(house, folder)
    flows = house.hass.config_entries.subentries
    result = await reconfigure_menu(house, name, "bring_back")
    result = await flows.async_configure(result["flow_id"], {"code": "wrong"})
    assert result["errors"] == {"base": "escrow_code_wrong"}
    result = await flows.async_configure(result["flow_id"], {"code": code})
    assert (result["reason"], result["description_placeholders"]) == ("bringing_back", {"count": "1"})
    site = house.entry.runtime_data.site
    await until(lambda: site.copies.facts[0].bringing.ended)
    (shown,) = (await connect_client("overview"))["copies"]
    assert shown["bringing"] == {"count": 1, "done": 1, "missing": 0, "fault": "", "ended": True}
    client = await hass_client()
    answer = await client.get(f"/api/camguard/clips/{clip_id}.mp4")
    assert (answer.status, await answer.read()) == (200, b"\0\0\0\x18ftypmp42" + bytes(9000))


@pytest.mark.usefixtures("other_disk")
async def test_bringing_back_where_camguard_does_not_run(house: House, folder: Path) -> None:
    name = await add(house, folder)
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    result = await reconfigure_menu(house, name, "bring_back")
    result = await house.hass.config_entries.subentries.async_configure(result["flow_id"], {"code": "x"})
    assert result["reason"] == "not_loaded"


@pytest.mark.usefixtures("other_disk")
async def test_camguard_is_removed_and_its_escrow_with_it(
    house: House, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "usb").mkdir()
    (tmp_path / "none").mkdir()
    await add(house, folder, hours=24)
    await add(house, tmp_path / "usb", hours=24, name="USB")
    await add(house, tmp_path / "none", name="None")
    site = house.entry.runtime_data.site
    await until(lambda: [facts.escrow_clips for facts in site.copies.facts] == [1, 1, 0])
    (tmp_path / "usb" / MARKER).unlink()
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert not list(folder.rglob("escrow-*"))
    assert list((tmp_path / "usb").rglob("escrow-*"))
    assert "The escrow at USB could not be deleted" in caplog.text
    (told,) = house.hass.data["persistent_notification"].values()
    assert "Destroy the paper" in told["message"]
    assert "USB" in told["message"]


@pytest.mark.usefixtures("other_disk")
async def test_a_place_is_given_up_while_it_is_away(house: House, folder: Path) -> None:
    name = await add(house, folder, hours=24)
    site, issues = house.entry.runtime_data.site, ir.async_get(house.hass)
    await until(lambda: site.copies.facts[0].escrow_clips == 1)
    (folder / MARKER).unlink()
    house.hass.config_entries.async_remove_subentry(house.entry, name)
    await house.hass.async_block_till_done()
    await until(lambda: issues.async_get_issue("camguard", f"escrow_left_{name}"))
    assert list(folder.rglob("escrow-*"))


# --- places on other machines: real servers; what they do on bad days is in test_copies_elsewhere ---


@pytest.mark.usefixtures("socket_enabled")
async def test_a_bucket(house: House, tmp_path: Path, hass_client: Any) -> None:
    with s3_server(tmp_path) as address:
        s3_client(address).create_bucket(Bucket=BUCKET)
        fields = s3_data(address, prefix="/shop/", name="Cloud", kb_a_second=9000)
        del fields["kind"]
        flow_id, flows = await begin(house, "s3"), house.hass.config_entries.subentries
        for wrong in ("nas.local:9000", "http://sato:horse@nas.local", "http://[", "ftp://nas.local"):
            result = await flows.async_configure(flow_id, fields | {"endpoint_url": wrong})
            assert result["errors"] == {"endpoint_url": "copy_address"}
        result = await flows.async_configure(flow_id, fields | {"bucket": "another-one"})
        assert result["errors"] == {"base": "copy_missing"}
        assert result["description_placeholders"]["place"] == f"{address}/another-one/shop"
        before = set(house.entry.subentries)
        result = await without_escrow(house, await flows.async_configure(flow_id, fields))
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        await house.hass.async_block_till_done()
        site = house.entry.runtime_data.site
        await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
        (body,) = bodies(house, Event.COPIES_BEGUN)
        assert (body["kind"], body["place"]) == ("s3", f"{address}/{BUCKET}/shop")
        (listed,) = s3_client(address).list_objects_v2(Bucket=BUCKET, Prefix=f"shop/{site.vault.site_id}/", MaxKeys=1)[
            "Contents"
        ]
        assert listed["Key"].endswith(".age")

        result = await flows.async_configure(await begin(house, "s3"), fields)
        assert result["errors"] == {"base": "copy_path_taken"}
        assert await async_setup_component(house.hass, "diagnostics", {})
        shown = str(await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry))
        assert not [text for text in (address, BUCKET, PASSWORD, USER) if text in shown]

        (name,) = set(house.entry.subentries) - before
        result = await reconfigure(house, name, "s3", {"access_key_id": "another", "name": "Cloud"})
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
        data = house.entry.subentries[name].data
        assert (data["access_key_id"], data["secret_access_key"]) == ("another", PASSWORD), "an empty secret stays"
        assert "kb_a_second" not in data
        await house.hass.async_block_till_done()
        await until(lambda: site.copies.facts[0].copied == 1)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_webdav_server_whose_password_is_changed(house: House, tmp_path: Path) -> None:
    with webdav_server(tmp_path, tmp_path / "shared") as address:
        fields = {
            "url": f"{address}/camguard",
            "verify_ssl": True,
            "username": USER,
            "password": PASSWORD,
            "name": "Web",
        }
        flow_id, flows = await begin(house, "webdav"), house.hass.config_entries.subentries
        result = await flows.async_configure(flow_id, fields | {"password": "wrong"})
        assert result["errors"] == {"base": "copy_login"}
        result = await without_escrow(house, await flows.async_configure(flow_id, fields))
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        await house.hass.async_block_till_done()
        site = house.entry.runtime_data.site
        await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
        (name,) = (name for name, item in house.entry.subentries.items() if item.subentry_type == "copy")
        result = await reconfigure(house, name, "webdav", {"username": USER, "password": "wrong", "name": "Web"})
        assert (result["step_id"], result["errors"]) == ("reconfigure_webdav", {"base": "copy_login"})
        assert PASSWORD not in str(result["data_schema"].schema)
        result = await flows.async_configure(result["flow_id"], {"username": USER, "password": PASSWORD, "name": "Net"})
        assert result["reason"] == "reconfigure_successful"


@needs_sshd
@pytest.mark.usefixtures("socket_enabled")
async def test_another_machine_by_sftp(house: House, tmp_path: Path) -> None:
    flows = house.hass.config_entries.subentries
    with ssh_server(tmp_path / "ssh") as server:
        flow_id = await begin(house, "sftp")
        fields = {
            "host": "127.0.0.1", "port": server.port, "path": str(tmp_path / "shared"), "username": server.username,
            "private_key": server.private_key, "name": "Shop",
        }  # fmt: skip
        result = await flows.async_configure(flow_id, fields | {"port": 1})
        assert result["errors"] == {"base": "copy_unreachable"}
        result = await flows.async_configure(flow_id, fields | {"private_key": "no key"})
        assert result["step_id"] == "host_key"
        assert result["description_placeholders"] == {"host": "127.0.0.1", "fingerprint": server.fingerprint}
        result = await flows.async_configure(flow_id, {"confirm": False})
        assert result["errors"] == {"confirm": "host_key_unconfirmed"}
        assert not (tmp_path / "shared").exists()
        result = await flows.async_configure(flow_id, {"confirm": True})
        assert (result["step_id"], result["errors"]) == ("sftp", {"base": "copy_login"})
        await flows.async_configure(flow_id, fields)
        result = await without_escrow(house, await flows.async_configure(flow_id, {"confirm": True}))
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        await house.hass.async_block_till_done()
        site = house.entry.runtime_data.site
        await until(lambda: site.copies.facts[0].copied == 1 and not site.copies.facts[0].waiting)
        assert list((tmp_path / "shared" / site.vault.site_id).rglob("*.mp4.age"))
    (name,) = (name for name, item in house.entry.subentries.items() if item.subentry_type == "copy")
    with ssh_server(tmp_path / "other", port=server.port) as other:  # set up anew: another host key
        await house.hass.config_entries.async_reload(house.entry.entry_id)
        await house.hass.async_block_till_done()
        issues = ir.async_get(house.hass)
        await until(lambda: issues.async_get_issue("camguard", f"copies_fault_{name}"))
        issue = issues.async_get_issue("camguard", f"copies_fault_{name}")
        assert issue is not None
        assert "host key" in (issue.translation_placeholders or {})["reason"]
        result = await reconfigure(house, name, "sftp", {"private_key": other.private_key, "name": "Shop"})
        assert (result["step_id"], result["description_placeholders"]["fingerprint"]) == ("host_key", other.fingerprint)
        result = await flows.async_configure(result["flow_id"], {"confirm": True})
        assert result["reason"] == "reconfigure_successful"
        await until(lambda: issues.async_get_issue("camguard", f"copies_fault_{name}") is None)


async def test_a_library_that_can_not_be_installed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the internet, say."""

    async def refuse(_hass: Any, name: str, requirements: list[str]) -> None:
        raise RequirementsNotFound(name, requirements)

    monkeypatch.setattr(connection, "async_process_requirements", refuse)
    flows = house.hass.config_entries.subentries
    fields = {"host": "127.0.0.1", "port": 22, "path": "/x", "username": "x", "password": "x", "name": "Shop"}
    result = await flows.async_configure(await begin(house, "sftp"), fields)
    assert result["errors"] == {"base": "copy_library"}


async def reconfigure_menu(house: House, name: str, chosen: str) -> Any:
    flows = house.hass.config_entries.subentries
    result = await flows.async_init(
        (house.entry.entry_id, "copy"), context={"source": "reconfigure", "subentry_id": name}
    )
    assert (result["type"], result["menu_options"]) == (FlowResultType.MENU, ["settings", "escrow", "bring_back"])
    return await flows.async_configure(result["flow_id"], {"next_step_id": chosen})


async def reconfigure(house: House, name: str, kind: str, fields: dict[str, Any]) -> Any:
    flows = house.hass.config_entries.subentries
    result = await reconfigure_menu(house, name, "settings")
    assert result["step_id"] == f"reconfigure_{kind}"
    return await flows.async_configure(result["flow_id"], fields)


@pytest.fixture
async def connect_client(house: House, hass_ws_client: Any) -> Any:
    client = await hass_ws_client(house.hass)

    async def ask(name: str) -> Any:
        await client.send_json_auto_id({"type": f"camguard/{name}"})
        answer = await client.receive_json()
        assert answer["success"], answer
        return answer["result"]

    return ask
