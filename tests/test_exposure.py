"""Who else can see a wrapped camera: people, dashboards, assistants, automations, other integrations; and how it ends."""

from typing import Any

import pytest
from homeassistant.components import automation
from homeassistant.components.homeassistant import exposed_entities
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.camguard.hass.sources.exposure import Exposure, _stands_in

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import until

SOURCE = "camera.street"
GUARDED = "camera.street_2"


@pytest.fixture
async def entry(hass: HomeAssistant, camera: FileCamera) -> Any:
    assert await async_setup_component(hass, "lovelace", {})
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    return entry


async def look(hass: HomeAssistant, entry: Any) -> Exposure:
    (found,) = (await entry.runtime_data.exposure.look()).values()
    return found


def issues(hass: HomeAssistant) -> list[str]:
    return [
        str((issue.translation_placeholders or {})["places"])
        for (domain, key), issue in ir.async_get(hass).issues.items()
        if domain == "camguard" and key.startswith("source_exposed") and issue.active
    ]


async def test_a_hidden_camera_that_nobody_uses(hass: HomeAssistant, entry: Any) -> None:
    found = await look(hass, entry)
    assert found.entity_id == SOURCE
    assert found.places == ()
    assert issues(hass) == []


async def test_people_who_are_no_administrators_could_open_it(hass: HomeAssistant, entry: Any) -> None:
    for name, fields in (
        ("Guest", {}),
        ("Owner", {"is_owner": True}),
        ("Gone", {"is_active": False}),
        ("Add-on", {"system_generated": True}),
    ):
        MockUser(name=name, id=name, **fields).add_to_hass(hass)
    found = await look(hass, entry)
    assert found.people == ("Guest",)
    assert issues(hass) == [], "that they could is told in the overview; there is nothing to take away"


async def test_wherever_it_is_used(hass: HomeAssistant, entry: Any) -> None:
    exposed_entities.async_expose_entity(hass, "conversation", SOURCE, True)
    MockConfigEntry(domain="recorder_of_all", title="Recorder of all", options={"cameras": [SOURCE]}).add_to_hass(hass)
    MockConfigEntry(domain="other", title="Other", data={"camera": f"{SOURCE}_3"}).add_to_hass(hass)
    action = {"action": "camera.snapshot", "target": {"entity_id": SOURCE}, "data": {"filename": "x.jpg"}}
    config = {"alias": "Snap", "triggers": [{"trigger": "event", "event_type": "x"}], "actions": [action]}
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: [config]})
    await hass.async_block_till_done()
    board = next(iter(hass.data[LOVELACE_DATA].dashboards.values()))
    await board.async_save({"title": "House", "views": [{"cards": [{"type": "picture-entity", "entity": SOURCE}]}]})
    found = await look(hass, entry)
    assert found.assistants == ("Assist",)
    assert found.automations == ("automation.snap",)
    assert found.integrations == ("Recorder of all",)
    assert found.dashboards == ("House",)
    (places,) = issues(hass)
    for place in found.places:
        assert place in places
    # What is taken away is told no more.
    exposed_entities.async_expose_entity(hass, "conversation", SOURCE, False)
    await board.async_save({"views": [{"cards": [{"type": "picture-entity", "entity": GUARDED}]}]})
    found = await look(hass, entry)
    assert (found.assistants, found.dashboards) == ((), ())
    assert len(issues(hass)) == 1
    await hass.services.async_call(automation.DOMAIN, "turn_off", {"entity_id": "automation.snap"}, blocking=True)


async def test_a_camera_that_is_gone_is_exposed_to_nobody(hass: HomeAssistant, entry: Any) -> None:
    er.async_get(hass).async_remove(SOURCE)
    await hass.async_block_till_done()
    assert await entry.runtime_data.exposure.look() == {}


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ('["camera.street"]', True),
        ("states('camera.street')", True),
        ("camera.street.attributes", True),
        ("camera.street_2", False),
        ("my_camera.street", False),
        ("x.camera.street", False),
        ("camera.street2 and camera.street", True),
        ("", False),
    ],
)
def test_names_are_words(text: str, there: bool) -> None:
    assert _stands_in("camera.street", text) is there
