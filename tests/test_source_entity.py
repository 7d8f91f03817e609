"""The wrapped entity: its name and area are followed, and it is asked again for its address."""

import asyncio
import time
from pathlib import Path
from typing import Any

import av
import pytest
from homeassistant.components.camera import CameraEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.camguard.hass.sources.entity import STREAM_AGAIN_SECONDS, SourceEntity
from custom_components.camguard.worker.picture.still import jpeg

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import until

CAMERA = "camera.street"


def give_device(hass: HomeAssistant, name: str = "Doorbell") -> dr.DeviceEntry:
    """Let the source belong to a device, as most cameras do."""
    owner = MockConfigEntry(domain="test")
    owner.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=owner.entry_id, identifiers={("test", "doorbell")}, name=name
    )
    er.async_get(hass).async_update_entity(CAMERA, device_id=device.id)
    return device


def guarded_device(hass: HomeAssistant, entry: Any, camera_id: str) -> dr.DeviceEntry:
    device = dr.async_get(hass).async_get_device_by_identifier(("camguard", camera_id), entry.entry_id)
    assert device is not None
    return device


def picture_of(scene: Path) -> bytes:
    with av.open(str(scene)) as container:
        return jpeg(next(container.decode(video=0)), 0)


async def test_a_start_before_the_source_keeps_the_name(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    hass.states.async_remove(CAMERA)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.subentries[camera_id].title == "Street"
    assert guarded_device(hass, entry, camera_id).name == "Street"
    assert entry.runtime_data.guards[camera_id].recorder.camera.name == "Street"


async def test_what_is_not_known_is_not_followed(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("camera.plain", "idle", {"friendly_name": "Plain camera"})
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, source="camera.plain")
    assert entry.subentries[camera_id].title == "Plain camera"
    await hass.config_entries.async_unload(entry.entry_id)
    hass.states.async_remove("camera.plain")
    assert SourceEntity(hass, "camera.plain").name is None
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.subentries[camera_id].title == "Plain camera"


async def test_the_devices_area_is_followed(hass: HomeAssistant, camera: FileCamera) -> None:
    areas, devices = ar.async_get(hass), dr.async_get(hass)
    device = give_device(hass)
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    garden, yard = areas.async_create("Garden"), areas.async_create("Yard")
    devices.async_update_device(device.id, area_id=garden.id)
    await hass.async_block_till_done()
    assert guarded_device(hass, entry, camera_id).area_id == garden.id
    er.async_get(hass).async_update_entity(CAMERA, area_id=yard.id)
    await hass.async_block_till_done()
    assert guarded_device(hass, entry, camera_id).area_id == yard.id, "the entity's own area comes first"
    er.async_get(hass).async_update_entity(CAMERA, area_id=None, device_id=None)
    await hass.async_block_till_done()
    assert guarded_device(hass, entry, camera_id).area_id is None
    devices.async_update_device(device.id, area_id=yard.id)
    await hass.async_block_till_done()
    assert guarded_device(hass, entry, camera_id).area_id is None, "a device that it left isn't followed"


async def test_a_device_that_comes_later_is_followed(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    device = give_device(hass)
    garden = ar.async_get(hass).async_create("Garden")
    dr.async_get(hass).async_update_device(device.id, area_id=garden.id)
    await hass.async_block_till_done()
    assert guarded_device(hass, entry, camera_id).area_id == garden.id


async def test_no_address_yet_is_not_stills(hass: HomeAssistant, camera: FileCamera, scene: Path) -> None:
    camera.url, url = None, camera.url
    source = SourceEntity(hass, CAMERA)
    assert (await source.connect()).kind == "none"
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, "sensor.street_worker", "reconnecting")
    camera.url = url
    await until(hass, "sensor.street_worker", "streaming", 30)
    (guard,) = entry.runtime_data.guards.values()
    assert guard.recorder.status.codec == "h264", "from the stream, not from stills"


async def test_a_camera_that_speaks_webrtc_only_is_guarded_from_stills(hass: HomeAssistant, camera: FileCamera) -> None:
    class OwnWebRtc(FileCamera):
        async def async_handle_async_webrtc_offer(self, *args: Any) -> None:
            raise NotImplementedError

    await hass.data["camera"].async_add_entities([OwnWebRtc(None, "Nest")])
    assert (await SourceEntity(hass, "camera.nest").connect()).kind == "stills"


async def test_stills_are_for_as_long_as_there_is_no_stream(
    hass: HomeAssistant, camera: FileCamera, scene: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = FileCamera(None, "Door", picture_of(scene))
    plain._attr_supported_features = CameraEntityFeature(0)
    await hass.data["camera"].async_add_entities([plain])
    source = SourceEntity(hass, "camera.door")
    assert (await source.connect()).kind == "stills"
    later = time.monotonic() + STREAM_AGAIN_SECONDS + 1
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: later)
        assert await source.still() == plain.still, "asked again, and there is none"
    plain.url = str(scene)
    assert await source.still() == plain.still, "not asked again so soon"
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: later + STREAM_AGAIN_SECONDS + 1)
        assert await source.still() is None, "the worker is to ask where to connect"
    assert (await source.connect()).kind == "stream"
    assert await source.still() == plain.still


async def test_a_camera_that_fails_when_asked_again_goes_on_with_stills(
    hass: HomeAssistant, camera: FileCamera, scene: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = FileCamera(None, "Door", picture_of(scene))
    plain._attr_supported_features = CameraEntityFeature(0)
    await hass.data["camera"].async_add_entities([plain])
    source = SourceEntity(hass, "camera.door")
    await source.connect()

    async def fails() -> str | None:
        raise RuntimeError("its integration's own fault")

    plain.stream_source = fails  # type: ignore[method-assign]
    later = time.monotonic() + STREAM_AGAIN_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await source.still() == plain.still


async def test_pictures_of_what_is_gone_or_fails(hass: HomeAssistant, camera: FileCamera) -> None:
    assert (await SourceEntity(hass, "camera.none").connect()).kind == "none"
    assert await SourceEntity(hass, "camera.none").still() is None
    source = SourceEntity(hass, CAMERA)
    assert await source.still() is None, "it has no picture"

    async def fails(width: int | None = None, height: int | None = None) -> bytes | None:
        raise RuntimeError("its integration's own fault")

    camera.async_camera_image = fails  # type: ignore[method-assign]
    assert await source.still() is None


async def test_the_guarded_camera_is_unavailable_while_the_source_is_away(
    hass: HomeAssistant, camera: FileCamera, caplog: pytest.LogCaptureFixture
) -> None:
    camera.url, url = "rtsp://127.0.0.1:9/nothing", camera.url
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, "sensor.street_worker", "reconnecting")
    await until(hass, "camera.street_2", "unavailable")
    while hass.states.get("sensor.street_worker").attributes.get("reason") != "source_unreachable":
        await asyncio.sleep(0.05)
    for entity_id in ("switch.street_recording", "sensor.street_clips", "button.street_record", "event.street_clip"):
        assert hass.states.get(entity_id).state != "unavailable"
    camera.url = url
    await until(hass, "camera.street_2", "streaming", 30)
    assert caplog.text.count("camera.street_2 is unavailable: source_unreachable") == 1
    assert caplog.text.count("camera.street_2 is available again") == 1
    await entry.runtime_data.guards[next(iter(entry.subentries))].recorder.stop()
    await until(hass, "camera.street_2", "unavailable")
