"""Walks the set-up flows as a user would."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

SITE = {
    "operator_name": "Sato Hanako",
    "contact": "048-000-0000",
    "purpose": "Crime prevention",
    "retention_days": 14,
    "min_free_gb": 0,
}
ZONES = [
    {"name": "neighbour", "points": "0,0 40,0 40,50 0,50"},
    {"name": "street", "points": "60,70 100,70 100,100 60,100"},
]
CAMERA = {"source": "camera.street", "place": "front door"}


async def add_site(hass: HomeAssistant, **changes: Any) -> Any:
    """Set up the site; returns its entry."""
    result = await hass.config_entries.flow.async_init("camguard", context={"source": "user"})
    assert result["type"] is FlowResultType.FORM, result
    result = await hass.config_entries.flow.async_configure(result["flow_id"], SITE | changes)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    flow_type, flow_id = result["next_flow"]
    assert flow_type == "config_subentries_flow"
    hass.config_entries.subentries.async_abort(flow_id)
    return result["result"]


async def past_progress(hass: HomeAssistant, result: Any) -> Any:
    """Wait for what a flow does meanwhile, and return its next step."""
    flows = hass.config_entries.subentries
    while result["type"] in {FlowResultType.SHOW_PROGRESS, FlowResultType.SHOW_PROGRESS_DONE}:
        await asyncio.sleep(0.1)
        result = await flows.async_configure(result["flow_id"])
    return result


async def add_camera(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    zones: Any = ZONES,
    own: bool = False,
    test: bool = False,
    **changes: Any,
) -> str:
    """Guard a camera; returns the subentry's id."""
    flows = hass.config_entries.subentries
    before = set(entry.subentries)
    result = await flows.async_init((entry.entry_id, "camera"), context={"source": "user"})
    for step, fields in (
        ("user", CAMERA | changes),
        ("zones", {"zones": zones, "view_is_own_premises": own}),
        ("preview", {"confirm": True}),
        ("test", {"record_test_clip": test}),
    ):
        seen_or_not = {step, "unseen"} if step == "preview" else {step}
        assert result["type"] is FlowResultType.FORM, result
        assert result["step_id"] in seen_or_not, result
        result = await flows.async_configure(result["flow_id"], fields)
    if test:
        assert (result["type"], result["step_id"]) == (FlowResultType.SHOW_PROGRESS, "testing"), result
        result = await past_progress(hass, result)
        assert result["step_id"] == "tested", result
        result = await flows.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    (subentry_id,) = set(entry.subentries) - before
    return subentry_id
