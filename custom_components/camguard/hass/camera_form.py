"""What set-up asks of a camera, the same in the flow and in the panel: its fields, their checks, and what is stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import probatio as vol
from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import selector

from ..const import (
    CONF_ADDRESS,
    CONF_HOST,
    CONF_MAX_LENGTH,
    CONF_MODE,
    CONF_MOTION,
    CONF_MOTION_ENABLED,
    CONF_MOTION_LEAST_HEIGHT,
    CONF_MOTION_LEAVE_OUT,
    CONF_MOTION_SENSITIVITY,
    CONF_MOTION_TRIGGERS,
    CONF_PASSWORD,
    CONF_PLACE,
    CONF_POST_ROLL,
    CONF_PRE_ROLL,
    CONF_RECORD_AUDIO,
    CONF_RETENTION_DAYS,
    CONF_SLEEPS,
    CONF_SOURCE,
    CONF_STILL_INTERVAL,
    CONF_TRIGGER_MAX,
    CONF_TRIGGERS,
    CONF_USERNAME,
    DOMAIN,
    SUBENTRY_CAMERA,
    SUBENTRY_HOST,
)
from ..domain.errors import InvalidError
from ..domain.settings import (
    LEAST_HEIGHT_DEFAULT,
    RETENTION_DAYS_MAX,
    SENSITIVITY_DEFAULT,
    STILL_INTERVAL_DEFAULT_S,
    TRIGGER_MAX_MINUTES_DEFAULT,
    Mode,
)
from ..domain.zones import parse_zones, zones_to_raw
from .sources.address import Address, parse_address
from .sources.entity import registry_reference

TRIGGER_DOMAINS = (
    "alarm_control_panel", "binary_sensor", "button", "event", "input_boolean", "input_button", "lock", "cover",
    "scene", "switch",
)  # fmt: skip
_SOURCE_FIELDS = frozenset({CONF_SOURCE, CONF_ADDRESS, CONF_USERNAME, CONF_PASSWORD})
_NUMBERS = (CONF_PRE_ROLL, CONF_POST_ROLL, CONF_MAX_LENGTH, CONF_TRIGGER_MAX, CONF_RETENTION_DAYS, CONF_STILL_INTERVAL)


def settings_schema(hass: HomeAssistant, entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form's fields with their defaults."""
    registry = er.async_get(hass)
    ours = [item.entity_id for item in registry.entities.values() if item.platform == DOMAIN]
    fields: dict[Any, Any] = {
        vol.Optional(CONF_SOURCE): selector.EntitySelector(
            selector.EntitySelectorConfig(
                filter=[selector.EntityWithDeviceFilterSelectorConfig(domain=CAMERA_DOMAIN)], exclude_entities=ours
            )
        ),
        vol.Optional(CONF_ADDRESS): selector.TextSelector(),
        vol.Optional(CONF_USERNAME): selector.TextSelector(selector.TextSelectorConfig(autocomplete="off")),
        vol.Optional(CONF_PASSWORD): selector.TextSelector(
            selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD, autocomplete="new-password")
        ),
        vol.Required(CONF_PLACE): selector.TextSelector(),
        vol.Required(CONF_MODE, default=Mode.EVENT.value): selector.SelectSelector(
            selector.SelectSelectorConfig(
                options=[mode.value for mode in Mode],
                translation_key=CONF_MODE,
                mode=selector.SelectSelectorMode.LIST,
            )
        ),
        vol.Optional(CONF_TRIGGERS, default=[]): selector.EntitySelector(
            selector.EntitySelectorConfig(
                filter=[selector.EntityWithDeviceFilterSelectorConfig(domain=list(TRIGGER_DOMAINS))], multiple=True
            )
        ),
        vol.Required(CONF_PRE_ROLL, default=5): _number(0, 30, "seconds"),
        vol.Required(CONF_POST_ROLL, default=10): _number(0, 120, "seconds"),
        vol.Required(CONF_MAX_LENGTH, default=300): _number(10, 600, "seconds"),
        vol.Required(CONF_TRIGGER_MAX, default=TRIGGER_MAX_MINUTES_DEFAULT): _number(1, 1440, "minutes"),
        vol.Optional(CONF_RETENTION_DAYS): _number(1, RETENTION_DAYS_MAX, "days"),
        vol.Required(CONF_RECORD_AUDIO, default=False): selector.BooleanSelector(),
        vol.Required(CONF_STILL_INTERVAL, default=STILL_INTERVAL_DEFAULT_S): _number(1, 60, "seconds"),
        vol.Required(CONF_SLEEPS, default=False): selector.BooleanSelector(),
        **_host_field(entry),
        # No default: the form of Home Assistant would take that for all there is in it.
        vol.Optional(CONF_MOTION): section(_motion_schema(), {"collapsed": True}),
    }
    return vol.Schema(fields)


def _host_field(entry: ConfigEntry[Any]) -> dict[Any, Any]:
    """Return the field for where the camera is worked for, when there is a choice; empty: on this machine."""
    hosts = [
        selector.SelectOptionDict(value=subentry.subentry_id, label=subentry.title)
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_HOST
    ]
    config = selector.SelectSelectorConfig(options=hosts, mode=selector.SelectSelectorMode.DROPDOWN)
    return {vol.Optional(CONF_HOST): selector.SelectSelector(config)} if hosts else {}


def _motion_schema() -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_MOTION_ENABLED, default=False): selector.BooleanSelector(),
            vol.Required(CONF_MOTION_TRIGGERS, default=True): selector.BooleanSelector(),
            vol.Required(CONF_MOTION_SENSITIVITY, default=SENSITIVITY_DEFAULT): _percent(0, 100, 5),
            vol.Required(CONF_MOTION_LEAST_HEIGHT, default=LEAST_HEIGHT_DEFAULT): _percent(1, 50, 1),
            vol.Optional(CONF_MOTION_LEAVE_OUT, default=[]): areas_selector(),
        }
    )


def areas_selector() -> selector.ObjectSelector:
    """Return the field for areas of the picture: zones, and what movement doesn't count in."""
    return selector.ObjectSelector(
        selector.ObjectSelectorConfig(
            multiple=True,
            label_field="name",
            description_field="points",
            translation_key="zone",
            fields={
                "name": selector.ObjectSelectorField(required=True, selector={"text": {}}),
                "points": selector.ObjectSelectorField(required=True, selector={"text": {}}),
            },
        )
    )


def raw_areas(value: object) -> list[dict[str, str]]:
    """Return areas as they were typed."""
    items = value if isinstance(value, list) else []
    return [{"name": str(item.get("name", "")), "points": str(item.get("points", ""))} for item in items]


def _percent(least: int, most: int, step: int) -> selector.NumberSelector:
    return selector.NumberSelector(
        selector.NumberSelectorConfig(
            min=least, max=most, step=step, unit_of_measurement="%", mode=selector.NumberSelectorMode.SLIDER
        )
    )


def _number(least: int, most: int, unit: str) -> selector.NumberSelector:
    return selector.NumberSelector(
        selector.NumberSelectorConfig(
            min=least,
            max=most,
            step=1,
            unit_of_measurement=unit,
            translation_key="period",
            mode=selector.NumberSelectorMode.BOX,
        )
    )


def source_error(hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str, mine: str | None = None) -> str | None:
    """Return the key of why a camera entity can't be guarded; `mine`: the subentry that guards it already."""
    known = er.async_get(hass).async_get(entity_id)
    if not entity_id.startswith(f"{CAMERA_DOMAIN}.") or (known is None and hass.states.get(entity_id) is None):
        return "source_not_camera"
    if known is not None and known.platform == DOMAIN:
        return "source_is_ours"
    if known is not None and known.disabled:
        return "source_disabled"
    reference = registry_reference(hass, entity_id)
    return "source_guarded_already" if _is_guarded(entry, reference, mine) else None


def _is_guarded(entry: ConfigEntry[Any], reference: str, mine: str | None) -> bool:
    return any(
        subentry.subentry_type == SUBENTRY_CAMERA
        and subentry.subentry_id != mine
        and subentry.data[CONF_SOURCE] == reference
        for subentry in entry.subentries.values()
    )


def address_of(
    entry: ConfigEntry[Any], user_input: Mapping[str, Any], before: Mapping[str, Any], mine: str | None = None
) -> Address:
    """Return the address that was entered; raises InvalidError with the reason why it can't be guarded.

    `before`: the settings so far. A password that isn't entered again is kept, for the same user of the same server:
    it is never shown, and never sent anywhere else. `mine`: the subentry that guards it already.
    """
    address = parse_address(
        user_input[CONF_ADDRESS], user_input.get(CONF_USERNAME, "").strip(), user_input.get(CONF_PASSWORD, "")
    )
    if not address.password and address.username and address.username == before.get(CONF_USERNAME):
        known = parse_address(before.get(CONF_ADDRESS, ""), before[CONF_USERNAME], before.get(CONF_PASSWORD, ""))
        if known.server == address.server:
            address = replace(address, password=known.password)
    if _is_guarded(entry, address.reference, mine):
        raise InvalidError("source_guarded_already")
    return address


def refuse_source(hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str) -> None:
    """Raise InvalidError with the reason when a camera entity can't be guarded."""
    if (key := source_error(hass, entry, entity_id)) is not None:
        raise InvalidError(key, entity_id=entity_id)


def taken(
    hass: HomeAssistant, data: Mapping[str, Any], user_input: Mapping[str, Any], address: Address | None = None
) -> dict[str, Any]:
    """Return settings as they are stored: what was there, and what was entered. `address`: in place of an entity.

    Raises InvalidError when areas can't be read.
    """
    kept = {name: value for name, value in {**data, **user_input}.items() if name not in _SOURCE_FIELDS}
    if CONF_MOTION in user_input:
        areas = parse_zones(raw_areas(user_input[CONF_MOTION].get(CONF_MOTION_LEAVE_OUT)))
        kept[CONF_MOTION] = {**user_input[CONF_MOTION], CONF_MOTION_LEAVE_OUT: zones_to_raw(areas)}
    for name in (CONF_RETENTION_DAYS, CONF_HOST):
        if name not in user_input:
            kept.pop(name, None)
    if address is None:
        source = {CONF_SOURCE: registry_reference(hass, user_input[CONF_SOURCE])}
    else:
        login = {CONF_USERNAME: address.username, CONF_PASSWORD: address.password} if address.username else {}
        source = {CONF_SOURCE: address.reference, CONF_ADDRESS: address.url, **login}
    stored = kept | source
    stored |= {
        CONF_PLACE: user_input[CONF_PLACE].strip(),
        CONF_TRIGGERS: [registry_reference(hass, item) for item in user_input.get(CONF_TRIGGERS, ())],
    }
    return stored | {name: int(stored[name]) for name in _NUMBERS if name in stored}
