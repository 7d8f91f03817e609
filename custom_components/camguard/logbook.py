"""Activity: one sentence for each clip, failure and gap, in Home Assistant's language."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN, EVENT_CLIP
from .domain.errors import CamguardError
from .hass.errors import sentence_in

_ICONS = {
    "recorded": "mdi:filmstrip",
    "failed": "mdi:alert-circle-outline",
    "gap": "mdi:eye-off-outline",
    "finishing": "mdi:timer-sand",
    "blocked": "mdi:shield-alert-outline",
    "disclosed": "mdi:hand-extended-outline",
}


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Callable[[Event], dict[str, Any]]], None]
) -> None:
    """Say how what happens to clips is told."""

    # The recorder calls it in a thread of its own.
    def describe(event: Event) -> dict[str, Any]:
        data = event.data
        return {
            LOGBOOK_ENTRY_NAME: data["name"],
            LOGBOOK_ENTRY_MESSAGE: _message(hass, data),
            LOGBOOK_ENTRY_ICON: _ICONS.get(data["type"], "mdi:cctv"),
            LOGBOOK_ENTRY_ENTITY_ID: data.get("entity_id"),
        }

    async_describe_event(DOMAIN, EVENT_CLIP, describe)


def _message(hass: HomeAssistant, data: Any) -> str:
    if data["type"] == "recorded":
        trigger = data.get("trigger") or ""
        state = hass.states.get(trigger)
        if state is not None:
            who = state.name
        elif trigger in {"action", "continuous"}:
            who = sentence_in(hass, CamguardError(f"started_by_{trigger}"))
        else:
            who = trigger
        return sentence_in(hass, CamguardError("activity_recorded", seconds=f"{data['duration']:.0f}", trigger=who))
    if data["type"] == "disclosed":
        return sentence_in(hass, CamguardError("activity_disclosed", disclosure_id=data["disclosure_id"]))
    if data["type"] == "finishing":
        return sentence_in(hass, CamguardError("activity_finishing"))
    reason = sentence_in(hass, CamguardError(data.get("reason") or "source_unavailable"))
    return sentence_in(hass, CamguardError(f"activity_{data['type']}", reason=reason))
