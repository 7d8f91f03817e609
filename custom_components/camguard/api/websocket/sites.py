"""This site's summary for others, and theirs for the panel."""

from typing import Any

import probatio as vol
from homeassistant.helpers import config_validation as cv

from ...app.summary import summary
from ...const import CONF_URL, SUBENTRY_SITE
from ...domain.errors import NotFoundError
from ...hass.other_sites import async_summary
from ...hass.standing import async_checklist
from .commands import Asked, Command, Role


async def _summary(asked: Asked) -> dict[str, Any]:
    """Return how this household stands, in numbers."""
    duties = await async_checklist(asked.hass, asked.runtime)
    return await asked.hass.async_add_executor_job(summary, asked.runtime.site, asked.runtime.names, duties)


async def _sites(asked: Asked) -> dict[str, Any]:
    """Return which other sites are set up."""
    return {
        "sites": [
            {"site_id": subentry.subentry_id, "name": subentry.title, "url": subentry.data[CONF_URL]}
            for subentry in asked.runtime.entry.subentries.values()
            if subentry.subentry_type == SUBENTRY_SITE
        ]
    }


async def _other(asked: Asked) -> dict[str, Any]:
    """Return what one of them tells of itself now."""
    subentry = asked.runtime.entry.subentries.get(asked.fields["site_id"])
    if subentry is None or subentry.subentry_type != SUBENTRY_SITE:
        raise NotFoundError("site_not_found")
    return await async_summary(asked.hass, subentry.data)


COMMANDS = (
    Command(name="summary", answer=_summary, role=Role.NONE),
    Command(name="sites", answer=_sites),
    Command(name="sites/summary", answer=_other, fields={vol.Required("site_id"): cv.string}),
)
