"""Entities, devices and news of a guarded camera."""

import asyncio
import time
from pathlib import Path

import pytest
from homeassistant.components.camera import CameraEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir

from custom_components.camguard.app.events import Change, ChangeKind
from custom_components.camguard.domain.clip import US_PER_DAY
from custom_components.camguard.domain.ledger import Event

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import until, until_clips
from .worker.test_process import make_video

GUARDED = "camera.street_2"


async def turn(hass: HomeAssistant, entity_id: str, *, on: bool) -> None:
    await hass.services.async_call("switch", f"turn_{'on' if on else 'off'}", {"entity_id": entity_id}, blocking=True)


async def test_every_entity_is_there(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    registry = er.async_get(hass)
    ours = {item.entity_id: item for item in er.async_entries_for_config_entry(registry, entry.entry_id)}
    assert set(ours) == {
        GUARDED, "switch.street_recording", "switch.street_privacy", "binary_sensor.street_recording", "event.street_clip",
        "image.street_last_clip", "button.street_record", "sensor.street_clips", "sensor.street_stored",
        "sensor.street_oldest_clip", "sensor.street_worker", "sensor.street_view", "sensor.street_gaps", "sensor.street_lag",
        "sensor.camguard_stored", "sensor.camguard_free", "sensor.camguard_ledger_head", "todo.camguard_duties",
    }  # fmt: skip
    for entity_id, item in ours.items():
        if ".camguard_" in entity_id:
            assert item.config_subentry_id is None
        else:
            assert item.config_subentry_id == camera_id
            assert item.unique_id.startswith(f"{camera_id}_")
    await until(hass, GUARDED, "streaming")
    assert hass.states.get("sensor.street_worker").state == "streaming"
    assert hass.states.get("sensor.street_clips").state == "0"
    assert hass.states.get("sensor.camguard_stored").attributes["overdue"] == 0
    assert float(hass.states.get("sensor.camguard_free").state) > 0


async def test_the_guard_follows_name_and_area(hass: HomeAssistant, camera: FileCamera) -> None:
    area = ar.async_get(hass).async_create("Garden")
    er.async_get(hass).async_update_entity("camera.street", area_id=area.id)
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    device = dr.async_get(hass).async_get_device_by_identifier(("camguard", camera_id), entry.entry_id)
    assert (device.name, device.area_id) == ("Street", area.id)
    er.async_get(hass).async_update_entity("camera.street", new_entity_id="camera.avenue")
    await hass.async_block_till_done()
    assert entry.runtime_data.guards[camera_id].source.entity_id == "camera.avenue"
    assert er.async_get(hass).async_get("camera.avenue").hidden_by is er.RegistryEntryHider.INTEGRATION
    yard = ar.async_get(hass).async_create("Yard")
    er.async_get(hass).async_update_entity("camera.avenue", area_id=yard.id, name="Avenue")
    await hass.async_block_till_done()
    device = dr.async_get(hass).async_get(device.id)
    assert (device.name, device.area_id) == ("Avenue", yard.id)
    assert entry.subentries[camera_id].title == "Avenue"
    dr.async_get(hass).async_update_device(device.id, area_id=area.id)
    er.async_get(hass).async_update_entity("camera.avenue", area_id=None)
    await hass.async_block_till_done()
    assert dr.async_get(hass).async_get(device.id).area_id == area.id, "the user's own choice stays"


async def test_a_clip_updates_everything(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    await hass.services.async_call("button", "press", {"entity_id": "button.street_record"}, blocking=True)
    await until(hass, "binary_sensor.street_recording", "on")
    assert hass.states.get("sensor.street_worker").state == "recording"
    await turn(hass, "switch.street_recording", on=False)
    (clip,) = await until_clips(hass, 1)
    await until(hass, "sensor.street_clips", "1")
    assert hass.states.get("event.street_clip").attributes["event_type"] == "recorded"
    assert hass.states.get("event.street_clip").attributes["clip_id"] == clip["clip_id"]
    assert float(hass.states.get("sensor.street_stored").state) > 0
    image = hass.data["image"].get_entity("image.street_last_clip")
    assert (await image.async_image()).startswith(b"\xff\xd8")
    entry.runtime_data.site.vault.keyring.destroy_clip(clip["clip_id"])
    assert await image.async_image() is None


async def test_a_camera_that_is_off_records_nothing_after_a_restart_too(
    hass: HomeAssistant, camera: FileCamera
) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, mode="continuous")
    await until(hass, "binary_sensor.street_recording", "on")
    await turn(hass, "switch.street_recording", on=False)
    await until(hass, "binary_sensor.street_recording", "off")
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await until(hass, GUARDED, "streaming")
    assert hass.states.get("switch.street_recording").state == "off"
    await asyncio.sleep(1)
    assert hass.states.get("binary_sensor.street_recording").state == "off"
    with pytest.raises(HomeAssistantError, match="switched off"):
        await hass.services.async_call("button", "press", {"entity_id": "button.street_record"}, blocking=True)
    await turn(hass, "switch.street_recording", on=True)
    await until(hass, "binary_sensor.street_recording", "on")


async def test_the_still_is_shared_and_fails_with_a_reason(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    entity = hass.data["camera"].get_entity(GUARDED)
    first, second = await asyncio.gather(entity.async_camera_image(), entity.async_camera_image())
    assert first is second
    assert first.startswith(b"\xff\xd8")
    small = await entity.async_camera_image(width=160)
    assert len(small) < len(first)
    recorder = entity.recorder
    await recorder.stop()
    with pytest.raises(HomeAssistantError):
        await entity.async_camera_image(width=161)


async def test_a_camera_with_unreadable_zones_is_not_opened(
    hass: HomeAssistant, camera: FileCamera, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    subentry = entry.subentries[camera_id]
    before = dict(subentry.data)
    broken = {**before, "zones": [{"name": "x", "points": "1,1"}]}
    hass.config_entries.async_update_subentry(entry, subentry, data=broken)
    await hass.async_block_till_done()
    assert hass.states.get("sensor.street_worker").state == "blocked"
    assert hass.states.get(GUARDED).state == "unavailable"
    assert ir.async_get(hass).async_get_issue("camguard", f"zones_unreadable_{camera_id}")
    entity = hass.data["camera"].get_entity(GUARDED)
    with pytest.raises(HomeAssistantError):
        await entity.async_camera_image()
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call("button", "press", {"entity_id": "button.street_record"}, blocking=True)
    hass.config_entries.async_update_subentry(entry, entry.subentries[camera_id], data=before)
    await until(hass, GUARDED, "streaming")
    assert not ir.async_get(hass).async_get_issue("camguard", f"zones_unreadable_{camera_id}")
    assert "unique" not in caplog.text, "the entities are there already"


async def test_another_shape_blocks_and_is_told(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    subentry = entry.subentries[camera_id]
    before = dict(subentry.data)
    hass.config_entries.async_update_subentry(entry, subentry, data={**before, "reference": [1920, 1080]})
    await until(hass, "sensor.street_worker", "blocked")
    assert hass.states.get("sensor.street_worker").attributes["reason"] == "shape_changed"
    issue = ir.async_get(hass).async_get_issue("camguard", f"shape_changed_{camera_id}")
    assert issue.translation_placeholders == {"camera": "Street"}
    hass.config_entries.async_update_subentry(entry, entry.subentries[camera_id], data=before)
    await until(hass, "sensor.street_worker", "streaming")
    assert not ir.async_get(hass).async_get_issue("camguard", f"shape_changed_{camera_id}")


async def test_the_shape_of_a_camera_that_was_set_up_unseen_is_remembered(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    url, camera.url = camera.url, "rtsp://127.0.0.1:9/nothing"
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    issues = ir.async_get(hass)
    assert not issues.async_get_issue("camguard", f"zones_unconfirmed_{camera_id}")
    camera.url = url
    await until(hass, GUARDED, "streaming", 40)
    async with asyncio.timeout(10):
        while not issues.async_get_issue("camguard", f"zones_unconfirmed_{camera_id}"):
            await asyncio.sleep(0.1)
    camera.url = str(make_video(tmp_path / "wide.ts", seconds=30, size=(640, 240)))
    await hass.config_entries.async_reload(entry.entry_id)
    await until(hass, "sensor.street_worker", "blocked")
    assert hass.states.get("sensor.street_worker").attributes["reason"] == "shape_changed"
    # Somebody looks at the preview: that shape counts from now on.
    subentry = entry.subentries[camera_id]
    hass.config_entries.async_update_subentry(entry, subentry, data={**subentry.data, "reference": [640, 240]})
    await until(hass, "sensor.street_worker", "streaming")
    assert not issues.async_get_issue("camguard", f"zones_unconfirmed_{camera_id}")


async def test_a_silent_camera_is_told(
    hass: HomeAssistant, camera: FileCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.camguard.app.recording.recorder.SILENT_US", 2_000_000)
    monkeypatch.setattr("custom_components.camguard.app.watching.gap_watch.LOOK_SECONDS", 0.2)
    monkeypatch.setattr("custom_components.camguard.app.watching.gaps.OPEN_US", 2_000_000)
    url, camera.url = camera.url, "rtsp://127.0.0.1:9/nothing"
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    issues = ir.async_get(hass)
    async with asyncio.timeout(20):
        while not issues.async_get_issue("camguard", f"source_silent_{camera_id}"):
            await asyncio.sleep(0.1)
    event = hass.states.get("event.street_clip")
    assert (event.attributes["event_type"], event.attributes["to"]) == ("gap", None)
    camera.url = url
    await until(hass, GUARDED, "streaming", 40)
    assert not issues.async_get_issue("camguard", f"source_silent_{camera_id}")
    event = hass.states.get("event.street_clip")
    assert event.attributes["to"]


async def test_removing_the_guard_restores_the_source(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    assert er.async_get(hass).async_get("camera.street").hidden_by is None
    assert entry.runtime_data.guards == {}
    assert hass.states.get(GUARDED) is None


async def test_a_source_that_the_user_hid_stays_hidden(hass: HomeAssistant, camera: FileCamera) -> None:
    registry = er.async_get(hass)
    registry.async_update_entity("camera.street", hidden_by=er.RegistryEntryHider.USER)
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    assert registry.async_get("camera.street").hidden_by is er.RegistryEntryHider.USER


async def test_a_guard_that_was_removed_while_we_were_away_is_undone(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert er.async_get(hass).async_get("camera.street").hidden_by is None


async def test_a_removed_source_is_told(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    er.async_get(hass).async_remove("camera.street")
    await hass.async_block_till_done()
    assert ir.async_get(hass).async_get_issue("camguard", f"source_missing_{camera_id}")
    assert camera_id in entry.subentries
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    assert not ir.async_get(hass).async_get_issue("camguard", f"source_missing_{camera_id}")


async def test_voice_assistants_follow_once(hass: HomeAssistant, camera: FileCamera) -> None:
    from homeassistant.components.homeassistant.exposed_entities import async_expose_entity, async_get_entity_settings

    async_expose_entity(hass, "conversation", "camera.street", True)
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    assert async_get_entity_settings(hass, GUARDED)["conversation"]["should_expose"]
    assert not async_get_entity_settings(hass, "camera.street")["conversation"]["should_expose"]
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert async_get_entity_settings(hass, GUARDED)["conversation"]["should_expose"]
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    assert async_get_entity_settings(hass, "camera.street")["conversation"]["should_expose"]


async def test_a_camera_with_stills_only(hass: HomeAssistant, camera: FileCamera, scene: Path) -> None:
    import av

    from custom_components.camguard.worker.picture.still import jpeg

    with av.open(str(scene)) as container:
        picture = jpeg(next(container.decode(video=0)), 0)
    plain = FileCamera(None, "Door", picture)
    plain._attr_supported_features = CameraEntityFeature(0)
    await hass.data["camera"].async_add_entities([plain])
    entry = await add_site(hass)
    await add_camera(hass, entry, source="camera.door", pre_roll=0)
    await until(hass, "camera.door_2", "streaming")
    await hass.services.async_call(
        "camguard", "record", {"entity_id": "camera.door_2", "duration": 3}, blocking=True, return_response=True
    )
    (clip,) = await until_clips(hass, 1, 40)
    assert clip["duration"] > 1.5
    plain.still = None
    plain.url = None
    await hass.async_block_till_done()


async def test_a_source_that_fails_is_reconnected(hass: HomeAssistant, camera: FileCamera, scene: Path) -> None:
    class Failing(FileCamera):
        async def stream_source(self) -> str | None:
            raise RuntimeError("its integration's own fault")

    await hass.data["camera"].async_add_entities([failing := Failing(str(scene), "Roof")])
    entry = await add_site(hass)
    await add_camera(hass, entry, source="camera.roof")
    await until(hass, "sensor.roof_worker", "reconnecting")
    async with asyncio.timeout(20):
        while hass.states.get("sensor.roof_worker").attributes.get("reason") != "source_unavailable":
            await asyncio.sleep(0.05)
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call("button", "press", {"entity_id": "button.roof_record"}, blocking=True)
    failing.stream_source = camera.stream_source  # type: ignore[method-assign]
    await until(hass, "sensor.roof_worker", "streaming", 30)


async def test_switching_is_noted_but_no_start_is(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await turn(hass, "switch.street_recording", on=False)
    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
    assert hass.states.get("switch.street_recording").state == "off"
    await turn(hass, "switch.street_recording", on=True)
    await hass.async_block_till_done()
    vault = entry.runtime_data.site.vault
    await entry.runtime_data.async_close()
    notes = [item.body["armed"] for item in vault.ledger.entries() if item.body and "armed" in item.body]
    assert notes == [False, True]


async def test_a_switch_shows_at_once_what_it_was_switched_to(hass: HomeAssistant, camera: FileCamera) -> None:
    """Of a camera that waits for an event, nothing else is news then."""
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    for on in (False, True):
        await turn(hass, "switch.street_recording", on=on)
        assert hass.states.get("switch.street_recording").state == ("on" if on else "off")


async def test_health_of_the_last_day(hass: HomeAssistant, camera: FileCamera) -> None:
    """Gaps are counted once, though one that went on was told twice; lags by their worst."""
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    site = entry.runtime_data.site
    assert float(hass.states.get("sensor.street_gaps").state) == 0
    now_us = site._clock.now_us()
    for from_s, to_s in ((-200_000, -100_000), (-90_000, -86_390), (-500, None), (-500, -400), (-450, -380)):
        facts = {
            "camera_id": camera_id,
            "from_us": now_us + from_s * 1_000_000,
            "to_us": None if to_s is None else now_us + to_s * 1_000_000,
            "cause": "overload",
        }
        await site.note(Event.GAP, facts)
    assert site.gaps.seconds(camera_id, US_PER_DAY) == pytest.approx(120 + 10, abs=3)
    assert site.gaps.seconds("another", US_PER_DAY) == 0
    site.tell(Change(kind=ChangeKind.GAP, camera_id=camera_id, key="overload", to_us=now_us))
    assert float(hass.states.get("sensor.street_gaps").state) > 100
    assert site.backlog.worst_lag_us(camera_id) >= 0
    site.backlog._note_lag(camera_id, 9_500_000)
    site.backlog._note_lag(camera_id, 100)
    assert site.backlog.worst_lag_us(camera_id) == 9_500_000
    site.backlog._clock = lambda: time.monotonic() + 25 * 3600
    assert site.backlog.worst_lag_us(camera_id) == 0
