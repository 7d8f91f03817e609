"""Starts: what is erased before anything is shown, what is recovered, what keeps CamGuard from starting."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.camguard.app.events import Change, ChangeKind
from custom_components.camguard.domain.ledger import Event

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import call, until
from .vault.clips import ledger_full, put_clip


async def restart(hass: HomeAssistant, entry: Any) -> None:
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def test_what_expired_meanwhile_is_erased_first(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    vault = entry.runtime_data.site.vault
    old = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(days=15))
    new = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(days=13))
    await hass.config_entries.async_unload(entry.entry_id)
    await restart(hass, entry)
    assert [clip["clip_id"] for clip in (await call(hass, "list_clips"))["clips"]] == [new]
    assert not vault.paths.clip(old).exists()
    vault.ledger = entry.runtime_data.site.vault.ledger
    assert vault.ledger.verify() == vault.ledger.seq


async def test_a_removed_cameras_clips_expire_by_the_sites_period(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    vault = entry.runtime_data.site.vault
    clip_id = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(days=15))
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    await call(hass, "apply_retention")
    assert not vault.paths.clip(clip_id).exists()
    assert [item.event for item in vault.ledger.entries()].count("camera_removed") == 1


async def test_a_missing_root_key_locks_and_returns(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    entry = await add_site(hass, key_path=str(stick))
    await hass.config_entries.async_unload(entry.entry_id)
    stick.rename(tmp_path / "away")
    await restart(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert ir.async_get(hass).async_get_issue("camguard", "root_key_missing")
    (tmp_path / "away").rename(stick)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert not ir.async_get(hass).async_get_issue("camguard", "root_key_missing")


async def test_a_foreign_root_key_is_refused(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    root = entry.runtime_data.site.vault.paths.root_key
    await hass.config_entries.async_unload(entry.entry_id)
    data = bytearray(root.read_bytes())
    data[-1] ^= 1
    root.write_bytes(data)
    await restart(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR


async def test_a_storage_that_is_away_waits_and_loses_nothing(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    nas = tmp_path / "nas"
    entry = await add_site(hass, storage_path=str(nas))
    camera_id = await add_camera(hass, entry)
    clip_id = put_clip(entry.runtime_data.site.vault, camera_id, dt_util.utcnow() - timedelta(days=1))
    await hass.config_entries.async_unload(entry.entry_id)
    nas.rename(tmp_path / "away")
    await restart(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert ir.async_get(hass).async_get_issue("camguard", "storage_missing")
    shutil.rmtree(nas, ignore_errors=True)
    (tmp_path / "away").rename(nas)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert [clip["clip_id"] for clip in (await call(hass, "list_clips"))["clips"]] == [clip_id]


async def test_a_storage_that_vanishes_stops_recording_until_it_is_back(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    nas = tmp_path / "nas"
    entry = await add_site(hass, storage_path=str(nas))
    await add_camera(hass, entry, mode="continuous")
    await until(hass, "binary_sensor.street_recording", "on")
    nas.rename(tmp_path / "away")
    await call(hass, "apply_retention")
    assert ir.async_get(hass).async_get_issue("camguard", "storage_missing")
    await until(hass, "binary_sensor.street_recording", "off")
    shutil.rmtree(nas, ignore_errors=True)
    (tmp_path / "away").rename(nas)
    await call(hass, "apply_retention")
    assert not ir.async_get(hass).async_get_issue("camguard", "storage_missing")
    await until(hass, "binary_sensor.street_recording", "on", 30)


async def test_too_little_space_stops_recording(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass, min_free_gb=10_000)
    camera_id = await add_camera(hass, entry, mode="continuous")
    clip_id = put_clip(entry.runtime_data.site.vault, camera_id, dt_util.utcnow() - timedelta(days=1))
    await call(hass, "apply_retention")
    assert ir.async_get(hass).async_get_issue("camguard", "storage_full")
    assert hass.states.get("binary_sensor.street_recording").state == "off"
    assert entry.runtime_data.site.vault.keyring.has_clip(clip_id), "erasing all of it would not have helped"


async def test_a_ledger_of_somebody_elses_is_told_and_stops_nothing(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    ledger = entry.runtime_data.site.vault.paths.ledger
    await hass.config_entries.async_unload(entry.entry_id)
    ledger.write_text("not a ledger\n")
    await restart(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert ledger.with_suffix(".unsigned").read_text() == "not a ledger\n\n"
    async with asyncio.timeout(60):
        while not (issue := ir.async_get(hass).async_get_issue("camguard", "ledger_problem")):
            await asyncio.sleep(0.1)
    assert issue.is_persistent
    answer = await call(hass, "verify", scope="ledger")
    assert {problem["problem"] for problem in answer["problems"]} >= {"ledger_forged", "ledger_gone"}
    assert all(problem["message"].endswith(".") for problem in answer["problems"])


async def test_system_health(hass: HomeAssistant, camera: FileCamera) -> None:
    assert await async_setup_component(hass, "system_health", {})
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, "camera.street_2", "streaming")
    info = await get_system_health_info(hass, "camguard")
    assert info["cameras"] == "1/1"
    assert info["encoder"] == "libx264"
    await hass.config_entries.async_unload(entry.entry_id)
    assert await get_system_health_info(hass, "camguard") == {"cameras": "not loaded"}


async def test_home_assistants_stop_finishes_the_clip(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, mode="continuous")
    await until(hass, "binary_sensor.street_recording", "on")
    vault = entry.runtime_data.site.vault
    await entry.runtime_data.async_close()
    assert not list(vault.paths.spools.glob("*.age"))
    assert len(list(vault.paths.storage.glob("??/*.mp4.age"))) == 1


async def test_what_is_due_is_erased_by_its_key_while_the_storage_is_away(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    nas = tmp_path / "nas"
    entry = await add_site(hass, storage_path=str(nas))
    camera_id = await add_camera(hass, entry)
    vault = entry.runtime_data.site.vault
    due = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(days=15))
    kept = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(days=1))
    await hass.config_entries.async_unload(entry.entry_id)
    nas.rename(tmp_path / "away")
    await restart(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert not vault.paths.clip_key(due).exists()
    assert vault.paths.clip_key(kept).exists()
    (tmp_path / "away").rename(nas)
    await hass.config_entries.async_reload(entry.entry_id)
    assert not vault.paths.clip(due).exists()
    assert [clip["clip_id"] for clip in (await call(hass, "list_clips"))["clips"]] == [kept]
    events = [item.event for item in entry.runtime_data.site.vault.ledger.entries()]
    assert events.count("erased") == 1


async def test_removal_erases_the_keys_while_the_storage_is_away(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    nas = tmp_path / "nas"
    entry = await add_site(hass, storage_path=str(nas))
    camera_id = await add_camera(hass, entry)
    paths = entry.runtime_data.site.vault.paths
    put_clip(entry.runtime_data.site.vault, camera_id, dt_util.utcnow() - timedelta(days=1))
    nas.rename(tmp_path / "away")
    await hass.config_entries.async_remove(entry.entry_id)
    assert not list(paths.keys.iterdir())
    assert not paths.root_key.exists()
    await add_site(hass)


async def test_what_is_filmed_and_how_is_noted_when_it_changes(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    subentry = entry.subentries[camera_id]
    hass.config_entries.async_update_subentry(entry, subentry, title="Another name")
    await hass.async_block_till_done()
    changed = {**subentry.data, "zones": [], "view_is_own_premises": True}
    hass.config_entries.async_update_subentry(entry, subentry, data=changed)
    await hass.async_block_till_done()
    notes = [item for item in entry.runtime_data.site.vault.ledger.entries() if item.event.startswith(("cam", "set"))]
    assert [item.event for item in notes] == ["camera_added", "settings_changed"]
    assert [len(item.body["zones"]) for item in notes] == [2, 0]
    hass.config_entries.async_update_entry(entry, data={**entry.data, "retention_days": 3})
    await hass.async_block_till_done()
    last = list(entry.runtime_data.site.vault.ledger.entries())[-1]
    assert (last.event, last.body["retention_days"]) == ("settings_changed", 3)


async def test_a_sweep_that_fails_is_told_until_one_works(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.config.language = "ja"
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    system = entry.runtime_data.site
    put_clip(system.vault, camera_id, dt_util.utcnow() - timedelta(days=15))
    with ledger_full(system.vault), pytest.raises(HomeAssistantError):
        await call(hass, "apply_retention")
    system.tell(Change(kind=ChangeKind.STORED, camera_id=""))
    issue = ir.async_get(hass).async_get_issue("camguard", "sweep_failed")
    assert issue is not None
    assert issue.translation_placeholders == {"reason": "台帳に書き込めないため、処理を中止しました。"}
    assert hass.states.get("sensor.camguard_stored").attributes["overdue"] == 1
    assert (await call(hass, "apply_retention"))["erased"] == 1
    assert not ir.async_get(hass).async_get_issue("camguard", "sweep_failed")
    assert hass.states.get("sensor.camguard_stored").attributes["overdue"] == 0


async def test_a_start_that_can_erase_nothing_is_told(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    nas = tmp_path / "nas"
    entry = await add_site(hass, storage_path=str(nas))
    camera_id = await add_camera(hass, entry)
    vault = entry.runtime_data.site.vault
    due = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(days=15))
    await hass.config_entries.async_unload(entry.entry_id)
    nas.rename(tmp_path / "away")
    with ledger_full(vault):
        await restart(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert vault.paths.clip_key(due).exists()
    issue = ir.async_get(hass).async_get_issue("camguard", "sweep_failed")
    assert issue is not None
    assert issue.translation_placeholders["reason"].startswith("The ")
    await hass.config_entries.async_reload(entry.entry_id)
    assert not vault.paths.clip_key(due).exists()
    assert not ir.async_get(hass).async_get_issue("camguard", "sweep_failed")
    (tmp_path / "away").rename(nas)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_home_assistants_own_storage_is_a_witness(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    """An older copy of all our folders fits together: what Home Assistant remembers doesn't."""
    entry = await add_site(hass)
    await add_camera(hass, entry)
    config = Path(hass.config.config_dir)
    await hass.config_entries.async_unload(entry.entry_id)
    for name in ("camguard", ".cache/camguard"):
        shutil.copytree(config / name, tmp_path / "older" / name)
    await hass.config_entries.async_setup(entry.entry_id)
    for number in range(3):
        await entry.runtime_data.site.note(Event.GAP, {"number": number})
    await hass.config_entries.async_unload(entry.entry_id)
    for name in ("camguard", ".cache/camguard"):
        shutil.rmtree(config / name)
        shutil.copytree(tmp_path / "older" / name, config / name)
    await hass.config_entries.async_setup(entry.entry_id)
    async with asyncio.timeout(20):
        while not ir.async_get(hass).async_get_issue("camguard", "ledger_problem"):
            await asyncio.sleep(0.1)
    ledger = entry.runtime_data.site.vault.ledger
    told = [item.body["problems"] for item in ledger.entries() if item.event == Event.ANOMALY and item.body]
    assert [(text.split()[0], text.split()[-1]) for texts in told for text in texts] == [
        ("ledger_rolled_back", "home_assistant")
    ]
