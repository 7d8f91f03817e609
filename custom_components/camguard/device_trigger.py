"""What a camera's device page offers to wait for."""

import probatio as vol
from homeassistant.components.device_automation import DEVICE_TRIGGER_BASE_SCHEMA
from homeassistant.const import CONF_DEVICE_ID, CONF_DOMAIN, CONF_PLATFORM, CONF_TYPE
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.trigger import TriggerActionType, TriggerInfo
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .hass.happenings import OF_SITE, Happened, Happening, async_on

TYPES = tuple(happening.value for happening in Happening if happening not in OF_SITE)
TRIGGER_SCHEMA = DEVICE_TRIGGER_BASE_SCHEMA.extend({vol.Required(CONF_TYPE): vol.In(TYPES)})


async def async_get_triggers(hass: HomeAssistant, device_id: str) -> list[dict[str, str]]:
    """Return what can be waited for of a guarded camera; nothing of the site's own device."""
    if _camera_id(hass, device_id) is None:
        return []
    base = {CONF_PLATFORM: "device", CONF_DOMAIN: DOMAIN, CONF_DEVICE_ID: device_id}
    return [base | {CONF_TYPE: kind} for kind in TYPES]


async def async_attach_trigger(
    hass: HomeAssistant, config: ConfigType, action: TriggerActionType, trigger_info: TriggerInfo
) -> CALLBACK_TYPE:
    """Begin to wait."""
    device_id: str = config[CONF_DEVICE_ID]
    data, job = trigger_info["trigger_data"], HassJob(action)

    def camera_ids() -> set[str]:
        return {camera_id} if (camera_id := _camera_id(hass, device_id)) is not None else set()

    @callback
    def tell(happened: Happened) -> None:
        variables = happened.variables | {"description": happened.what.value}
        hass.async_run_hass_job(job, {"trigger": {**data, CONF_PLATFORM: "device", **variables}})

    return async_on(hass, Happening(config[CONF_TYPE]), camera_ids, tell)


def _camera_id(hass: HomeAssistant, device_id: str) -> str | None:
    """Return the id of the guarded camera that a device is."""
    device = dr.async_get(hass).async_get(device_id)
    entries = hass.config_entries.async_entries(DOMAIN)
    if device is None or not entries:
        return None
    return next((key for domain, key in device.identifiers if domain == DOMAIN and key in entries[0].subentries), None)
