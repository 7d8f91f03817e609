"""Setting up a guarded camera from the panel."""

from types import MappingProxyType
from typing import Any

import probatio as vol
from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er

from ...const import (
    CONF_MODE,
    CONF_PLACE,
    CONF_REFERENCE,
    CONF_SOURCE,
    CONF_TRIGGERS,
    CONF_VIEW_IS_OWN_PREMISES,
    CONF_ZONES,
    SUBENTRY_CAMERA,
)
from ...domain.errors import InvalidError
from ...domain.settings import Mode
from ...domain.zones import parse_zones, zones_to_raw
from ...hass.camera_form import TRIGGER_DOMAINS, refuse_source, settings_schema, source_error, taken
from ...hass.sources.entity import SourceEntity, registry_reference
from .commands import Asked, Command
from .zones import ZONES


async def _candidates(asked: Asked) -> dict[str, Any]:
    """Return the camera entities that can be guarded, and the domains of what can trigger a recording."""
    hass, entry = asked.hass, asked.runtime.entry
    known = {item.entity_id for item in er.async_get(hass).entities.values() if item.domain == CAMERA_DOMAIN}
    entity_ids = sorted(known | set(hass.states.async_entity_ids(CAMERA_DOMAIN)))
    free = [entity_id for entity_id in entity_ids if source_error(hass, entry, entity_id) is None]
    return {
        "sources": [
            {"entity_id": item, "name": SourceEntity(hass, registry_reference(hass, item)).name or item}
            for item in free
        ],
        "trigger_domains": list(TRIGGER_DOMAINS),
    }


async def _add(asked: Asked) -> dict[str, Any]:
    """Guard a camera: what the flow does in several steps, in one, for who has drawn and seen its zones."""
    fields, hass, entry = asked.fields, asked.hass, asked.runtime.entry
    refuse_source(hass, entry, fields["source"])
    asked.runtime.site.reveals.check(asked.actor, registry_reference(hass, fields["source"]))
    if not fields["place"].strip():
        raise InvalidError("place_missing")
    zones = parse_zones(fields["zones"])
    if not fields["statement"]:
        raise InvalidError("own_premises_not_confirmed")
    given = {name: fields[name] for name in (CONF_SOURCE, CONF_PLACE, CONF_MODE, CONF_TRIGGERS)}
    data = taken(hass, {}, settings_schema(hass, entry)(given))
    data |= {CONF_ZONES: zones_to_raw(zones), CONF_VIEW_IS_OWN_PREMISES: True, CONF_REFERENCE: fields["reference"]}
    title = SourceEntity(hass, data[CONF_SOURCE]).name or fields["source"]
    subentry = ConfigSubentry(
        data=MappingProxyType(data), subentry_type=SUBENTRY_CAMERA, title=title, unique_id=data[CONF_SOURCE]
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    return {"camera_id": subentry.subentry_id}


COMMANDS = (
    Command(name="cameras/candidates", answer=_candidates),
    Command(
        name="cameras/add",
        answer=_add,
        fields={
            vol.Required("source"): cv.entity_id,
            vol.Required("place"): vol.All(cv.string, vol.Length(max=200)),
            vol.Optional("mode", default=Mode.EVENT.value): vol.In([mode.value for mode in Mode]),
            vol.Optional("triggers", default=[]): vol.All(cv.ensure_list, [cv.entity_id]),
            vol.Required("zones"): ZONES,
            vol.Required("statement"): cv.boolean,
            vol.Required("reference"): vol.All([vol.All(int, vol.Range(min=1))], vol.Length(min=2, max=2)),
        },
    ),
)
