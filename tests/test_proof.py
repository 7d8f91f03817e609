"""A clip whose mask isn't proved, in Home Assistant: kept closed, its camera blocked, until a person has dealt with it."""

import asyncio
import uuid

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import WorkerError
from custom_components.camguard.domain.ledger import Event

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import until
from .worker.test_proof import ClipOrder, luma_open, spool

pytestmark = pytest.mark.timeout(120)
GUARDED = "camera.street_2"


async def leave_spoilt(hass: HomeAssistant, entry: object, camera_id: str) -> ClipId:
    """Leave the spool of a clip that shows something in a zone, as a fault in the mask would."""
    vault = entry.runtime_data.site.vault
    clip_id = ClipId(uuid.uuid4().hex)

    def write() -> None:
        clip, key = vault.prepare(clip_id)
        order = ClipOrder(vault.paths.spools, clip_id)
        order.spool, order.clip = key, clip
        order.spool_path = vault.paths.spool_file(clip_id)
        spool(
            order, luma_open, camera_id=camera_id, camera_name="Street", place="door", purpose="p", operator="o",
            trigger={"kind": "action", "entity_id": None, "reason": None}, retention_days=14, follows=None, software="",
        )  # fmt: skip

    await hass.async_add_executor_job(write)
    entry.runtime_data.site._recovery.add(clip_id)
    return clip_id


async def blocked(hass: HomeAssistant) -> None:
    await until(hass, "sensor.street_worker", "blocked", 30)
    assert hass.states.get("sensor.street_worker").attributes["reason"] == "mask_not_proved"


async def clips(hass: HomeAssistant) -> list[dict[str, object]]:
    answer = await hass.services.async_call("camguard", "list_clips", {}, blocking=True, return_response=True)
    return answer["clips"]


async def test_of_a_removed_camera_it_is_destroyed(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    clip_id = await leave_spoilt(hass, entry, "gone")
    vault = entry.runtime_data.site.vault
    async with asyncio.timeout(40):
        while await hass.async_add_executor_job(vault.paths.spool_file(clip_id).exists):
            await asyncio.sleep(0.1)
    entries = await hass.async_add_executor_job(lambda: list(vault.ledger.entries()))
    assert [item.body["clip_id"] for item in entries if item.event == Event.UNPROVED_ERASED] == [clip_id]


async def test_kept_closed_until_a_person_erases_it(
    hass: HomeAssistant, camera: FileCamera, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    await hass.services.async_call("camguard", "record", {"entity_id": GUARDED, "duration": 1}, blocking=True)
    for _ in range(100):
        if len(await clips(hass)) == 1:
            break
        await asyncio.sleep(0.1)
    (good,) = await clips(hass)
    assert good["mask_checked"] >= 2
    clip_id = await leave_spoilt(hass, entry, camera_id)
    await blocked(hass)
    assert [clip["clip_id"] for clip in await clips(hass)] == [good["clip_id"]]
    with pytest.raises(HomeAssistantError, match="kept closed"):
        await hass.services.async_call("camguard", "record", {"entity_id": GUARDED, "duration": 1}, blocking=True)
    assert await hass.async_add_executor_job(entry.runtime_data.site.vault.paths.spool_file(clip_id).exists)
    recorder = entry.runtime_data.recorder(camera_id)
    with pytest.raises(WorkerError, match="mask_not_proved"):
        await recorder.still()
    assert recorder.worker.live_url is None, "nobody watches it live either"
    issue_id = f"mask_not_proved_{camera_id}"
    assert ir.async_get(hass).async_get_issue("camguard", issue_id).is_fixable

    # A restart changes nothing of it.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await blocked(hass)
    assert ir.async_get(hass).async_get_issue("camguard", issue_id)

    client = await hass_client()
    answer = await client.post("/api/repairs/issues/fix", json={"handler": "camguard", "issue_id": issue_id})
    flow = await answer.json()
    assert (flow["step_id"], flow["description_placeholders"]) == ("confirm", {"camera": "Street"})
    answer = await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    assert (await answer.json())["type"] == "create_entry"
    await until(hass, GUARDED, "streaming", 30)
    assert not ir.async_get(hass).async_get_issue("camguard", issue_id)
    vault = entry.runtime_data.site.vault
    assert not await hass.async_add_executor_job(vault.paths.spool_file(clip_id).exists)
    entries = await hass.async_add_executor_job(lambda: list(vault.ledger.entries()))
    told = [item for item in entries if item.event in {Event.MASK_NOT_PROVED, Event.UNPROVED_ERASED}]
    assert [item.event for item in told] == [Event.MASK_NOT_PROVED, Event.UNPROVED_ERASED]
