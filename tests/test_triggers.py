"""What starts a clip, what keeps it going, what ends it."""

import asyncio
from datetime import timedelta

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import until, until_clips

RECORDING = "binary_sensor.street_recording"


async def guard(hass: HomeAssistant, **changes: object) -> object:
    entry = await add_site(hass)
    await add_camera(hass, entry, **{"pre_roll": 1, "post_roll": 1, **changes})
    await until(hass, "camera.street_2", "recording" if changes.get("mode") == "continuous" else "streaming")
    return entry


async def test_a_sensor_records_while_it_is_on(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("binary_sensor.motion", "off")
    hass.states.async_set("binary_sensor.door", "off")
    await guard(hass, triggers=["binary_sensor.motion", "binary_sensor.door"])
    hass.states.async_set("binary_sensor.motion", "on")
    await until(hass, RECORDING, "on")
    hass.states.async_set("binary_sensor.door", "on")
    hass.states.async_set("binary_sensor.motion", "unavailable")
    await asyncio.sleep(2.5)
    assert hass.states.get(RECORDING).state == "on"
    hass.states.async_set("binary_sensor.door", "off")
    (clip,) = await until_clips(hass, 1)
    assert clip["trigger"] == "binary_sensor.motion"
    assert clip["duration"] > 3.5


async def test_an_event_records_around_its_moment(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("event.bell", "2026-01-01T00:00:00+00:00")
    await guard(hass, triggers=["event.bell"], post_roll=2)
    hass.states.async_set("event.bell", "unavailable")
    hass.states.async_set("event.bell", "2026-01-01T00:00:00+00:00")
    await asyncio.sleep(0.7)
    assert hass.states.get(RECORDING).state == "off", "a restored state is no new event"
    hass.states.async_set("event.bell", "2026-01-01T00:10:00+00:00")
    await asyncio.sleep(0.7)
    assert hass.states.get(RECORDING).state == "off", "nor is one that comes with a long delay"
    hass.states.async_set("event.bell", dt_util.utcnow().isoformat())
    (clip,) = await until_clips(hass, 1)
    assert clip["trigger"] == "event.bell"


async def test_a_sensor_that_is_on_already_counts(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("input_boolean.away", "on")
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=1, post_roll=1, triggers=["input_boolean.away"])
    await until(hass, RECORDING, "on")
    hass.states.async_remove("input_boolean.away")
    await until_clips(hass, 1)


async def test_a_renamed_trigger_goes_on(hass: HomeAssistant, camera: FileCamera) -> None:
    registry = er.async_get(hass)
    registry.async_get_or_create("binary_sensor", "test", "m", suggested_object_id="motion")
    hass.states.async_set("binary_sensor.motion", "off")
    await guard(hass, triggers=["binary_sensor.motion"])
    hass.states.async_remove("binary_sensor.motion")
    registry.async_update_entity("binary_sensor.motion", new_entity_id="binary_sensor.gate")
    await hass.async_block_till_done()
    hass.states.async_set("binary_sensor.gate", "on")
    await until(hass, RECORDING, "on")


async def test_a_missing_trigger_is_told(hass: HomeAssistant, camera: FileCamera) -> None:
    registry = er.async_get(hass)
    registry.async_get_or_create("binary_sensor", "test", "m", suggested_object_id="motion")
    entry = await guard(hass, triggers=["binary_sensor.motion"])
    registry.async_remove("binary_sensor.motion")
    await hass.async_block_till_done()
    (camera_id,) = entry.subentries  # type: ignore[attr-defined]
    issue = ir.async_get(hass).async_get_issue("camguard", f"trigger_missing_{camera_id}")
    assert issue
    assert issue.translation_placeholders["triggers"] == "binary_sensor.motion", "by the name that it had"


@pytest.mark.parametrize("how", ["renamed", "removed", "disabled", "reloaded", "renamed while on"])
async def test_a_trigger_that_is_on_and_is_heard_of_no_more_is_let_go(
    how: str, hass: HomeAssistant, camera: FileCamera
) -> None:
    registry = er.async_get(hass)
    registry.async_get_or_create("binary_sensor", "test", "m", suggested_object_id="motion")
    hass.states.async_set("binary_sensor.motion", "off")
    await guard(hass, triggers=["binary_sensor.motion"])
    hass.states.async_set("binary_sensor.motion", "on")
    await until(hass, RECORDING, "on")
    match how:
        case "renamed" | "renamed while on":
            # As Home Assistant does: the entry first, then the entity leaves its old state and makes a new one.
            registry.async_update_entity("binary_sensor.motion", new_entity_id="binary_sensor.gate")
            await hass.async_block_till_done()
            hass.states.async_remove("binary_sensor.motion")
            hass.states.async_set("binary_sensor.gate", "on" if how == "renamed while on" else "off")
        case "removed":
            registry.async_remove("binary_sensor.motion")
            await hass.async_block_till_done()
            hass.states.async_remove("binary_sensor.motion")
        case "disabled":
            registry.async_update_entity("binary_sensor.motion", disabled_by=er.RegistryEntryDisabler.USER)
            await hass.async_block_till_done()
            hass.states.async_remove("binary_sensor.motion")
        case "reloaded":
            hass.states.async_set("binary_sensor.motion", "unavailable", {"restored": True})
    if how == "renamed while on":
        await asyncio.sleep(3)
        assert hass.states.get(RECORDING).state == "on", "the new name's state counts"
        hass.states.async_set("binary_sensor.gate", "off")
    await until_clips(hass, 1)
    await until(hass, RECORDING, "off")


async def test_a_trigger_that_is_stuck_is_told_and_bounded(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("binary_sensor.motion", "off", {"friendly_name": "Gate"})
    entry = await guard(hass, triggers=["binary_sensor.motion"], trigger_max=5)
    hass.states.async_set("binary_sensor.motion", "on", {"friendly_name": "Gate"})
    await until(hass, RECORDING, "on")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=4, seconds=58))
    await asyncio.sleep(2)
    assert hass.states.get(RECORDING).state == "on"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=5, seconds=1))
    await until_clips(hass, 1)
    (camera_id,) = entry.subentries  # type: ignore[attr-defined]
    issue = ir.async_get(hass).async_get_issue("camguard", f"trigger_stuck_{camera_id}")
    assert issue
    assert issue.translation_placeholders == {
        "camera": "Street",
        "triggers": "Gate (binary_sensor.motion)",
        "minutes": "5",
    }
    hass.states.async_set("binary_sensor.motion", "on", {"friendly_name": "Gate", "battery": 3})
    await asyncio.sleep(1)
    assert hass.states.get(RECORDING).state == "off", "it is no new trigger"
    switch = {"entity_id": "switch.street_recording"}
    await hass.services.async_call("switch", "turn_off", switch, blocking=True)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=20))
    await hass.async_block_till_done()
    assert ir.async_get(hass).async_get_issue("camguard", f"trigger_stuck_{camera_id}") is None
    await hass.services.async_call("switch", "turn_on", switch, blocking=True)
    await until(hass, RECORDING, "on")
    hass.states.async_set("binary_sensor.motion", "off", {"friendly_name": "Gate"})
    await until(hass, RECORDING, "off")
    assert ir.async_get(hass).async_get_issue("camguard", f"trigger_stuck_{camera_id}") is None
    hass.states.async_set("binary_sensor.motion", "on", {"friendly_name": "Gate"})
    await until(hass, RECORDING, "on")


async def test_continuous_mode_rolls_over_without_a_gap(hass: HomeAssistant, camera: FileCamera) -> None:
    await guard(hass, mode="continuous", max_length=10)
    newest, oldest = (await until_clips(hass, 2, 45))[:2]
    assert oldest["end"] == newest["start"]
    assert 9.5 < oldest["duration"] < 10.7
    assert newest["trigger"] == "continuous"


async def test_a_trigger_while_the_camera_is_away_is_served_when_it_is_back(
    hass: HomeAssistant, camera: FileCamera
) -> None:
    url, camera.url = camera.url, "rtsp://127.0.0.1:9/nothing"
    hass.states.async_set("binary_sensor.motion", "off")
    entry = await add_site(hass)
    await add_camera(hass, entry, triggers=["binary_sensor.motion"], pre_roll=0, post_roll=1)
    hass.states.async_set("binary_sensor.motion", "on")
    await asyncio.sleep(1)
    camera.url = url
    await until(hass, RECORDING, "on", 40)
    hass.states.async_set("binary_sensor.motion", "off")
    await until_clips(hass, 1)


async def test_a_trigger_that_could_not_be_served_is_told(hass: HomeAssistant, camera: FileCamera) -> None:
    camera.url = "rtsp://127.0.0.1:9/nothing"
    hass.states.async_set("event.bell", "2026-01-01T00:00:00+00:00")
    entry = await add_site(hass)
    await add_camera(hass, entry, triggers=["event.bell"], post_roll=1)
    hass.states.async_set("event.bell", dt_util.utcnow().isoformat())
    async with asyncio.timeout(20):
        while (event := hass.states.get("event.street_clip")).state == "unknown":
            await asyncio.sleep(0.1)
    assert event.attributes["event_type"] == "failed"
    entries = [item.event for item in entry.runtime_data.site.vault.ledger.entries()]
    assert "clip_failed" in entries


async def test_a_worker_that_dies_is_replaced_and_its_clip_kept(hass: HomeAssistant, camera: FileCamera) -> None:
    import os
    import signal

    hass.states.async_set("binary_sensor.motion", "off")
    entry = await guard(hass, triggers=["binary_sensor.motion"])
    hass.states.async_set("binary_sensor.motion", "on")
    await until(hass, RECORDING, "on")
    await asyncio.sleep(6)
    (recorder,) = (item.recorder for item in entry.runtime_data.guards.values())  # type: ignore[attr-defined]
    os.kill(recorder.worker.pid, signal.SIGKILL)
    await until(hass, RECORDING, "off")
    await until(hass, RECORDING, "on", 30)
    hass.states.async_set("binary_sensor.motion", "off")
    clips = await until_clips(hass, 2, 40)
    assert [clip["recovered"] for clip in clips] == [False, True]
    assert recorder.worker.restarts == 1


@pytest.mark.parametrize("when", ["at once", "in mid clip"])
async def test_unloading_finishes_the_clip_in_hand(hass: HomeAssistant, camera: FileCamera, when: str) -> None:
    entry = await guard(hass, mode="continuous")
    await until(hass, RECORDING, "on")
    if when == "in mid clip":
        await asyncio.sleep(2)
    await hass.config_entries.async_unload(entry.entry_id)  # type: ignore[attr-defined]
    await hass.config_entries.async_setup(entry.entry_id)  # type: ignore[attr-defined]
    clips = await until_clips(hass, 1)
    assert not clips[-1]["recovered"]


async def test_arming_while_a_trigger_is_on_records(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("binary_sensor.motion", "off")
    hass.states.async_set("event.bell", "2026-01-01T00:00:00+00:00")
    entry = await guard(hass, triggers=["binary_sensor.motion", "event.bell"])
    hass.states.async_set("binary_sensor.motion", "on")
    await until(hass, RECORDING, "on")
    switch = {"entity_id": "switch.street_recording"}
    await hass.services.async_call("switch", "turn_off", switch, blocking=True)
    await until(hass, RECORDING, "off")
    hass.states.async_set("event.bell", "2026-01-01T00:10:00+00:00")
    await asyncio.sleep(0.5)
    assert hass.states.get(RECORDING).state == "off"
    await hass.services.async_call("switch", "turn_on", switch, blocking=True)
    await until(hass, RECORDING, "on")
    (recorder,) = (item.recorder for item in entry.runtime_data.guards.values())  # type: ignore[attr-defined]
    assert recorder._state.held_by == {"binary_sensor.motion"}, "what happened meanwhile is over"
    hass.states.async_set("binary_sensor.motion", "off")
    await until_clips(hass, 2)
