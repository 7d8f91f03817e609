"""Cameras come, go and are changed while clips are recorded: none is lost, and none disturbs another."""

import asyncio
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant

from .cameras import FileCamera
from .setup import SITE, add_camera, add_site
from .test_main_job import call, until, until_clips
from .worker.test_process import ZONES, assert_masked


async def test_a_reload_in_mid_clip_loses_nothing(hass: HomeAssistant, camera: FileCamera, hass_client: Any) -> None:
    hass.states.async_set("binary_sensor.motion", "off")
    entry = await add_site(hass)
    await add_camera(hass, entry, triggers=["binary_sensor.motion"], pre_roll=0, post_roll=1)
    await until(hass, "camera.street_2", "streaming")
    hass.states.async_set("binary_sensor.motion", "on")
    await until(hass, "binary_sensor.street_recording", "on")
    await asyncio.sleep(3)
    hass.config_entries.async_update_entry(entry, data={**SITE, "retention_days": 7})
    await hass.async_block_till_done()
    (first,) = await until_clips(hass, 1)
    assert first["duration"] > 2.5
    assert not first["recovered"]
    await until(hass, "binary_sensor.street_recording", "on", 30)
    hass.states.async_set("binary_sensor.motion", "off")
    clips = await until_clips(hass, 2)
    assert [clip["recovered"] for clip in clips] == [False, False]
    answer = await (await hass_client()).get(f"/api/camguard/clips/{first['clip_id']}.mp4")
    assert assert_masked(await answer.read(), ZONES) > 30


async def test_a_camera_that_is_removed_in_mid_clip_leaves_the_clip(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any
) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, mode="continuous", retention_days=3)
    await until(hass, "binary_sensor.street_recording", "on")
    await asyncio.sleep(3)
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    (clip,) = await until_clips(hass, 1)
    assert (clip["camera"], clip["recovered"], clip["trigger"]) == (None, False, "continuous")
    assert clip["duration"] > 2
    vault = entry.runtime_data.site.vault
    assert vault.index.get(clip["clip_id"]).retention_days == 3, "as long as was promised when it was filmed"
    assert not list(vault.paths.spools.iterdir())
    answer = await (await hass_client()).get(f"/api/camguard/clips/{clip['clip_id']}.mp4")
    assert assert_masked(await answer.read(), ZONES) > 20
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert [item["clip_id"] for item in (await call(hass, "list_clips"))["clips"]] == [clip["clip_id"]]


async def test_several_cameras_go_their_own_ways(hass: HomeAssistant, camera: FileCamera, scene: Path) -> None:
    away = FileCamera("rtsp://127.0.0.1:9/nothing", "Garage")
    await hass.data["camera"].async_add_entities([FileCamera(str(scene), "Yard"), away])
    hass.states.async_set("binary_sensor.motion", "off")
    entry = await add_site(hass)
    street = await add_camera(hass, entry, triggers=["binary_sensor.motion"], pre_roll=0, post_roll=0)
    yard = await add_camera(
        hass, entry, source="camera.yard", triggers=["binary_sensor.motion"], pre_roll=0, post_roll=0
    )
    garage = await add_camera(hass, entry, source="camera.garage")
    await until(hass, "camera.street_2", "streaming", 30)
    await until(hass, "camera.yard_2", "streaming", 30)
    await until(hass, "camera.garage_2", "unavailable")
    hass.states.async_set("binary_sensor.motion", "on")
    await until(hass, "binary_sensor.street_recording", "on")
    await until(hass, "binary_sensor.yard_recording", "on")
    worker = entry.runtime_data.guards[street].recorder.worker.pid
    hass.config_entries.async_remove_subentry(entry, yard)
    subentry = entry.subentries[garage]
    hass.config_entries.async_update_subentry(entry, subentry, data={**subentry.data, "place": "in the garage"})
    await hass.async_block_till_done()
    assert entry.runtime_data.guards[street].recorder.worker.pid == worker, "the others go on undisturbed"
    assert hass.states.get("binary_sensor.street_recording").state == "on"
    await asyncio.sleep(1)
    hass.states.async_set("binary_sensor.motion", "off")
    clips = await until_clips(hass, 2)
    assert {clip["camera"] for clip in clips} == {"camera.street_2", None}
    (own,) = await until_clips(hass, 1, entity_id="camera.street_2")
    assert own["camera"] == "camera.street_2"
    away.url = str(scene)
    await until(hass, "camera.garage_2", "streaming", 40)
