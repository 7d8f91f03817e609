"""What automations wait for and ask, in a real automation; the blueprints; what a device's page offers."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components import automation
from homeassistant.components.device_automation import DeviceAutomationType
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_get_device_automations,
    async_mock_service,
)

from custom_components.camguard.app.events import Change, ChangeKind
from custom_components.camguard.hass.happenings import Happening

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_entities import GUARDED, turn
from .test_main_job import until, until_clips, until_told

BLUEPRINTS = Path(__file__).parent.parent / "blueprints" / "automation" / "camguard"
pytestmark = pytest.mark.timeout(90)


async def automate(hass: HomeAssistant, *triggers: dict[str, Any], **more: Any) -> list[Any]:
    """Run an automation that fires an event with what its trigger gives; returns the events."""
    fired = async_capture_events(hass, "told")
    trigger = "{{ dict(trigger.items() | rejectattr(0, 'in', ['id', 'idx', 'alias'])) }}"
    action = {"event": "told", "event_data": {"trigger": trigger}}
    config = {"alias": "Test", "triggers": list(triggers), "actions": [action], **more}
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: [config]})
    await hass.async_block_till_done()
    assert hass.states.get("automation.test").state == "on"
    return fired


def trigger(name: str, **target: Any) -> dict[str, Any]:
    return {"trigger": f"camguard.{name}"} | ({"target": target} if target else {})


async def test_a_clip_starts_an_automation(hass: HomeAssistant, camera: FileCamera) -> None:
    """By entity, device and area; another camera's automation isn't started."""
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, pre_roll=0)
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier(("camguard", camera_id), entry.entry_id)
    devices.async_update_device(device.id, area_id="yard")
    targets = (
        {"entity_id": GUARDED}, {"device_id": device.id}, {"area_id": "yard"},
        {"entity_id": "camera.street"}, {"area_id": "attic"},
    )  # fmt: skip
    fired = await automate(hass, *(trigger("clip_recorded", **target) for target in targets), mode="parallel")
    await until(hass, GUARDED, "streaming")
    await hass.services.async_call("camguard", "record", {"entity_id": GUARDED, "duration": 1}, blocking=True)
    (clip,) = await until_clips(hass, 1)
    await until_told(fired, 3)
    await hass.async_block_till_done()
    assert len(fired) == 3, "the others' are not started"
    for event in fired:
        told = event.data["trigger"]
        assert told["platform"] == "camguard.clip_recorded"
        assert (told["clip_id"], told["camera"], told["name"]) == (clip["clip_id"], GUARDED, "Street")
        assert told["picture"] == f"/api/camguard/clips/{clip['clip_id']}.jpg"
        assert told["page"] == f"/camguard/clips/{clip['clip_id']}"
        assert told["trigger"] == "action"


async def test_every_other_happening(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    names = [happening.value for happening in Happening if happening is not Happening.CLIP_RECORDED]
    of_site = {"disclosure_made", "retention_overdue"}
    fired = await automate(
        hass, *(trigger(name, **({} if name in of_site else {"entity_id": GUARDED})) for name in names), mode="parallel"
    )
    site, recorder = entry.runtime_data.site, entry.runtime_data.recorder(camera_id)

    async def told() -> list[tuple[str, dict[str, Any]]]:
        await hass.async_block_till_done()
        happened = [(event.data["trigger"]["platform"], event.data["trigger"]) for event in fired]
        fired.clear()
        return happened

    site.tell(Change(kind=ChangeKind.FAILED, camera_id=camera_id, key="no_encoder"))
    ((name, facts),) = await told()
    assert name == "camguard.clip_failed"
    assert facts["reason"] == "no_encoder"
    assert "encoder" in facts["reason_text"].lower()
    site.tell(Change(kind=ChangeKind.GAP, camera_id=camera_id, key="overload", from_us=1_000_000, to_us=None))
    site.tell(Change(kind=ChangeKind.GAP, camera_id=camera_id, key="overload", from_us=1_000_000, to_us=6_000_000))
    ((name, facts),) = await told()
    assert (name, facts["seconds"]) == ("camguard.gap", 5.0)
    site.tell(Change(kind=ChangeKind.DISCLOSED, camera_id="", key="CG-2026-0001"))
    ((name, facts),) = await told()
    assert (name, facts["disclosure_id"]) == ("camguard.disclosure_made", "CG-2026-0001")
    for overdue in (0, 2, 3, 0, 1):
        site.retention.overdue = overdue
        site.tell(Change(kind=ChangeKind.STORED, camera_id=""))
    assert [(name, facts["clips"]) for name, facts in await told()] == [
        ("camguard.retention_overdue", 2),
        ("camguard.retention_overdue", 1),
    ]
    status = recorder.status
    recorder.status = type(status)(state="blocked", key="shape_changed")
    for _ in range(2):
        site.tell(Change(kind=ChangeKind.STATE, camera_id=camera_id))
    ((name, facts),) = await told()
    assert (name, facts["reason"]) == ("camguard.camera_blocked", "shape_changed")
    recorder.status = status
    site.tell(Change(kind=ChangeKind.STATE, camera_id=camera_id))
    assert await told() == []


async def test_full_privacy_is_no_blocked_camera(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    fired = await automate(hass, trigger("camera_blocked", entity_id=GUARDED))
    await turn(hass, "switch.street_privacy", on=True)
    await hass.async_block_till_done()
    assert hass.states.get("sensor.street_worker").attributes["reason"] == "privacy"
    assert fired == []


async def test_it_goes_on_after_a_reload(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    fired = await automate(hass, trigger("clip_failed", entity_id=GUARDED))
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    entry.runtime_data.site.tell(Change(kind=ChangeKind.FAILED, camera_id=camera_id, key="no_encoder"))
    await hass.async_block_till_done()
    assert len(fired) == 1


@pytest.mark.parametrize(
    "config",
    [
        {"trigger": "camguard.clip_recorded"},
        {"trigger": "camguard.nonsense"},
        {"trigger": "camguard.disclosure_made", "target": {"entity_id": GUARDED}},
    ],
)
async def test_nonsense_is_refused(hass: HomeAssistant, camera: FileCamera, config: dict[str, Any]) -> None:
    await add_site(hass)
    action = {"event": "told"}
    config = {"alias": "Test", "triggers": [config], "actions": [action]}
    await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: [config]})
    await hass.async_block_till_done()
    state = hass.states.get("automation.test")
    assert state is None or state.state == "unavailable"


async def test_conditions(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    told = async_capture_events(hass, "told")
    automations = [
        {
            "alias": name,
            "triggers": [{"trigger": "event", "event_type": "ask"}],
            "conditions": [
                {"condition": f"camguard.{name}", "target": {"entity_id": target}, "options": {"behavior": behavior}}
            ],
            "actions": [{"event": "told", "event_data": {"name": f"{name} {behavior}"}}],
        }
        for name in ("is_recording", "is_armed", "is_private")
        for behavior, target in (("any", GUARDED), ("all", [GUARDED]))
    ]
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: automations})
    await hass.async_block_till_done()

    async def answers() -> set[str]:
        hass.bus.async_fire("ask")
        await hass.async_block_till_done()
        names = {event.data["name"] for event in told}
        told.clear()
        return names

    assert await answers() == {"is_armed any", "is_armed all"}
    await hass.services.async_call("camguard", "record", {"entity_id": GUARDED, "duration": 3}, blocking=True)
    assert await answers() == {"is_armed any", "is_armed all", "is_recording any", "is_recording all"}
    await turn(hass, "switch.street_recording", on=False)
    await until(hass, "binary_sensor.street_recording", "off")
    assert await answers() == set()
    await turn(hass, "switch.street_privacy", on=True)
    assert await answers() == {"is_private any", "is_private all"}
    await hass.config_entries.async_unload(entry.entry_id)
    assert await answers() == set()


async def test_a_device_offers_its_triggers(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier(("camguard", camera_id), entry.entry_id)
    site = devices.async_get_device_by_identifier(("camguard", entry.entry_id), entry.entry_id)
    assert await async_setup_component(hass, "device_automation", {})
    offered = await async_get_device_automations(hass, DeviceAutomationType.TRIGGER, device.id)
    ours = [item for item in offered if item["domain"] == "camguard"]
    assert {item["type"] for item in ours} == {"clip_recorded", "clip_failed", "gap", "camera_blocked"}
    assert not [
        item
        for item in await async_get_device_automations(hass, DeviceAutomationType.TRIGGER, site.id)
        if item["domain"] == "camguard"
    ]
    failed = next(item for item in ours if item["type"] == "clip_failed")
    fired = await automate(hass, {key: value for key, value in failed.items() if key != "metadata"})
    entry.runtime_data.site.tell(Change(kind=ChangeKind.FAILED, camera_id=camera_id, key="no_encoder"))
    await hass.async_block_till_done()
    assert fired[0].data["trigger"]["reason"] == "no_encoder"


# --- blueprints ---


async def run_blueprint(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    folder = Path(hass.config.path("blueprints", "automation", "camguard"))
    await hass.async_add_executor_job(lambda: shutil.copytree(BLUEPRINTS, folder, dirs_exist_ok=True))
    config = {"alias": "Test", "use_blueprint": {"path": f"camguard/{name}.yaml", "input": inputs}}
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: [config]})
    await hass.async_block_till_done()
    assert hass.states.get("automation.test").state == "on", "the blueprint is valid"


async def test_blueprint_notify_with_a_button_that_holds(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    app = MockConfigEntry(domain="mobile_app")
    app.add_to_hass(hass)
    phone = dr.async_get(hass).async_get_or_create(
        config_entry_id=app.entry_id, identifiers={("mobile_app", "x")}, name="Hanako's phone"
    )
    sent = async_mock_service(hass, "notify", "mobile_app_hanako_s_phone")
    await run_blueprint(hass, "notify_clip", cameras={"entity_id": [GUARDED]}, devices=[phone.id])
    await hass.services.async_call("camguard", "record", {"entity_id": GUARDED, "duration": 1}, blocking=True)
    (clip,) = await until_clips(hass, 1)
    async with asyncio.timeout(20):
        while not sent:  # the automation goes on: it waits for the button
            await asyncio.sleep(0.05)
    (call,) = sent
    assert call.data["title"] == "Street"
    extra = call.data["data"]
    assert extra["image"] == f"/api/camguard/clips/{clip['clip_id']}.jpg" == extra["attachment"]["url"]
    assert extra["clickAction"] == extra["url"] == f"/camguard/clips/{clip['clip_id']}"
    hold, opening = extra["actions"]
    assert opening == {"action": "URI", "title": "Open", "uri": f"/camguard/clips/{clip['clip_id']}"}
    hass.bus.async_fire("mobile_app_notification_action", {"action": "CAMGUARD_HOLD_another"})
    hass.bus.async_fire("mobile_app_notification_action", {"action": hold["action"]})
    await hass.async_block_till_done()
    answer = await hass.services.async_call(
        "camguard", "list_clips", {"entity_id": GUARDED}, blocking=True, return_response=True
    )
    assert answer["clips"][0]["held"] is True


@pytest.mark.parametrize(
    ("name", "switch", "home", "away"),
    [
        ("arm_when_away", "switch.street_recording", "off", "on"),
        ("privacy_at_home", "switch.street_privacy", "on", "off"),
    ],
)
async def test_blueprints_of_who_is_at_home(
    hass: HomeAssistant, camera: FileCamera, name: str, switch: str, home: str, away: str
) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    for person in ("person.one", "person.two"):
        hass.states.async_set(person, "home")
    await run_blueprint(hass, name, switches=[switch], persons=["person.one", "person.two"], delay={"seconds": 0})

    async def move(person: str, to: str) -> str:
        hass.states.async_set(person, to)
        await hass.async_block_till_done()
        return hass.states.get(switch).state

    await move("person.one", "not_home")
    assert await move("person.one", "Work") == home, "somebody is at home"
    assert await move("person.two", "unknown") != away or home == away, "not known to be away"
    assert await move("person.two", "not_home") == away
    assert await move("person.one", "home") == home


async def test_blueprint_weekly_check(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    told = async_capture_events(hass, "told")
    tell = [{"event": "told", "event_data": {"title": "{{ title }}", "message": "{{ message }}"}}]
    await run_blueprint(hass, "weekly_check", weekday="mon", time="04:30:00", tell=tell)
    # Its time and day aside: a person may run it at once.
    await hass.services.async_call(
        automation.DOMAIN, "trigger", {"entity_id": "automation.test", "skip_condition": True}, blocking=True
    )
    await hass.async_block_till_done()
    (event,) = told
    assert event.data["title"] == "CamGuard: all is well"
    assert "0 problems" in event.data["message"]
    await hass.services.async_call(automation.DOMAIN, "turn_off", {"entity_id": "automation.test"}, blocking=True)
