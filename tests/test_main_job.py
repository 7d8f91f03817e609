"""The main job inside Home Assistant: guard, record, list, play."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant

from .cameras import FileCamera
from .setup import add_camera, add_site
from .worker.test_process import ZONES, assert_masked


async def until(hass: HomeAssistant, entity_id: str, state: str, seconds: float = 20) -> None:
    """Wait until an entity has a state."""
    async with asyncio.timeout(seconds):
        while (now := hass.states.get(entity_id)) is None or now.state != state:
            await asyncio.sleep(0.05)


async def call(hass: HomeAssistant, action: str, **fields: Any) -> Any:
    """Call an action as an automation does; returns its answer."""
    return await hass.services.async_call("camguard", action, fields, blocking=True, return_response=True)


async def until_clips(hass: HomeAssistant, count: int, seconds: float = 20, **fields: Any) -> list[dict[str, Any]]:
    """Wait until that many clips are listed, newest first."""
    async with asyncio.timeout(seconds):
        while True:
            answer = await call(hass, "list_clips", **fields)
            if len(answer["clips"]) >= count:
                return answer["clips"]
            await asyncio.sleep(0.1)


async def until_told(events: list[Any], count: int, seconds: float = 20) -> None:
    """Wait until that many events came: a clip is listed a moment before it is told."""
    async with asyncio.timeout(seconds):
        while len(events) < count:
            await asyncio.sleep(0.05)


async def test_records_lists_and_plays(hass: HomeAssistant, camera: FileCamera, hass_client: Any) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, test=True)
    guarded = "camera.street_2"
    await until(hass, guarded, "streaming")
    await asyncio.sleep(2)
    answer = await call(hass, "record", entity_id=guarded, duration=2)
    await until(hass, guarded, "recording")
    (clip,) = await until_clips(hass, 1)
    assert clip["clip_id"] == answer["clip_id"]
    assert clip["camera"] == guarded
    client = await hass_client()
    path = f"/api/camguard/clips/{clip['clip_id']}.mp4"
    response = await client.get(path)
    assert response.status == 200
    mp4 = await response.read()
    assert len(mp4) == clip["size"]
    assert assert_masked(mp4, ZONES) > 20
    part = await client.get(path, headers={"Range": "bytes=100-299"})
    assert part.status == 206
    assert await part.read() == mp4[100:300]
    assert (await client.get(path, headers={"Range": f"bytes={len(mp4)}-"})).status == 416
    assert (await client.head(path)).headers["Content-Length"] == str(len(mp4))
    thumbnail = await client.get(path.replace(".mp4", ".jpg"))
    assert (await thumbnail.read()).startswith(b"\xff\xd8")
    assert camera_id in entry.runtime_data.guards
    await hass.config_entries.async_unload(entry.entry_id)
