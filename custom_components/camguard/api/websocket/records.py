"""The ledger to read, and how the guideline's duties stand."""

from typing import Any

import probatio as vol
from homeassistant.components.http.auth import async_sign_path
from homeassistant.helpers import config_validation as cv

from ...const import LEDGER_URL
from ...domain.clip import PRIVATE, US_PER_SECOND
from ...domain.ledger import Entry, Event
from ...hass.standing import async_overview
from ...vault.ledger.search import Query, search
from .clips import LINK_LIFETIME
from .commands import SECONDS, Asked, Command

PAGE_MAX = 200


async def _list(asked: Asked) -> dict[str, Any]:
    """Return a page of the ledger, newest first."""
    fields, vault = asked.fields, asked.runtime.site.vault
    events = fields.get("events")
    query = Query(
        before_seq=fields.get("before"),
        events=None if events is None else frozenset(events),
        text=fields.get("text", ""),
        clip_id=fields.get("clip_id", ""),
        user_id=fields.get("user_id", ""),
        start_us=asked.time_us("start"),
        end_us=asked.time_us("end"),
    )
    entries, more = await asked.hass.async_add_executor_job(search, vault.ledger.segments, query, fields["limit"])
    return {
        "entries": [_entry(entry) for entry in entries],
        "more": more,
        "total": vault.ledger.seq,
        "head": vault.ledger.head,
    }


async def _export(asked: Asked) -> dict[str, Any]:
    """Return the link to the ledger as a file, good for ten minutes."""
    return {"link": async_sign_path(asked.hass, LEDGER_URL, LINK_LIFETIME)}


async def _overview(asked: Asked) -> dict[str, Any]:
    """Return how each duty of the guideline stands, and what is stored."""
    return await async_overview(asked.hass, asked.runtime)


def _entry(entry: Entry) -> dict[str, Any]:
    """Return an entry as the panel shows it; `body` null: dropped once its time was over."""
    body = entry.body
    if body is not None:
        private = {name: value for name, value in (body.get(PRIVATE) or {}).items() if name != "salt"}
        hidden = {"salt", "seq", "time_us", "event", PRIVATE}
        body = {name: value for name, value in body.items() if name not in hidden} | private
    return {
        "seq": entry.seq,
        "time": entry.time_us / US_PER_SECOND,
        "event": entry.event,
        "head": entry.head,
        "signed": entry.sig is not None,
        "body": body,
    }


COMMANDS = (
    Command(
        name="ledger/list",
        answer=_list,
        fields={
            vol.Optional("before"): vol.All(int, vol.Range(min=1)),
            vol.Optional("limit", default=100): vol.All(int, vol.Range(min=1, max=PAGE_MAX)),
            vol.Optional("events"): [vol.In([event.value for event in Event])],
            vol.Optional("text"): vol.All(cv.string, vol.Length(max=200)),
            vol.Optional("clip_id"): cv.string,
            vol.Optional("user_id"): cv.string,
            vol.Optional("start"): SECONDS,
            vol.Optional("end"): SECONDS,
        },
    ),
    Command(name="ledger/export", answer=_export),
    Command(name="overview", answer=_overview),
)
