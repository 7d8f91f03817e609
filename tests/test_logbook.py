"""What Home Assistant's activity says of clips."""

from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from custom_components.camguard.const import EVENT_CLIP
from custom_components.camguard.logbook import async_describe_events

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import call, until, until_told


async def describer(hass: HomeAssistant, language: str = "en") -> Callable[[Event], dict[str, Any]]:
    hass.config.language = language
    await async_get_translations(hass, language, "exceptions", ["camguard"])
    from homeassistant.helpers.translation import async_load_integrations

    await async_load_integrations(hass, {"camguard"})
    found: list[Callable[[Event], dict[str, Any]]] = []
    async_describe_events(hass, lambda _domain, _event, describe: found.append(describe))
    return found[0]


async def test_a_clip_is_one_sentence(hass: HomeAssistant, camera: FileCamera) -> None:
    told: list[Event] = []
    hass.bus.async_listen(EVENT_CLIP, told.append)
    hass.states.async_set("binary_sensor.motion", "off", {"friendly_name": "Gate"})
    entry = await add_site(hass)
    await add_camera(hass, entry, triggers=["binary_sensor.motion"], pre_roll=0, post_roll=2)
    await until(hass, "camera.street_2", "streaming")
    describe = await describer(hass)
    hass.states.async_set("binary_sensor.motion", "on", {"friendly_name": "Gate"})
    await until(hass, "binary_sensor.street_recording", "on")
    hass.states.async_set("binary_sensor.motion", "off", {"friendly_name": "Gate"})
    await until_told(told, 1)
    (event,) = told
    said = await hass.async_add_executor_job(describe, event)
    assert said["name"] == "Street"
    assert said["message"].startswith("Clip of ")
    assert said["message"].endswith(" s, started by Gate")
    assert said["entity_id"] == "camera.street_2"
    await call(hass, "record", entity_id="camera.street_2", duration=1)
    await until_told(told, 2)
    said = await hass.async_add_executor_job(describe, told[-1])
    assert said["message"].endswith("started by hand or an automation")


@pytest.mark.parametrize(
    ("data", "language", "message"),
    [
        ({"type": "gap", "reason": "restart"}, "en", "The camera wasn't seen for a while: Home Assistant was restarted."),
        ({"type": "finishing"}, "en", "A clip is still being finished, since this machine is busy. Nothing of it is lost."),
        ({"type": "recorded", "duration": 25.2, "trigger": "continuous"}, "ja",
         "クリップを録画しました（25秒、きっかけ：常時録画）"),
        ({"type": "recorded", "duration": 25.2, "trigger": "binary_sensor.gone"}, "en",
         "Clip of 25 s, started by binary_sensor.gone"),
        ({"type": "disclosed", "disclosure_id": "CG-2026-0001"}, "ja", "映像提供 CG-2026-0001 を用意しました"),
        ({"type": "blocked", "reason": "zones_unreadable"}, "en",
         "The camera was blocked: The privacy zones can't be read. Nothing is recorded until they are set again."),
    ],
)  # fmt: skip
async def test_each_kind_is_a_sentence(hass: HomeAssistant, data: dict[str, Any], language: str, message: str) -> None:
    describe = await describer(hass, language)
    event = Event(EVENT_CLIP, {"name": "Street", **data})
    assert (await hass.async_add_executor_job(describe, event))["message"] == message, (
        "as the recorder asks: in a thread"
    )
