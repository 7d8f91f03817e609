"""Who else can see a wrapped camera without its zones: Home Assistant asks nobody who opens a camera it knows.

Only a camera that is guarded by its address can be seen by nobody else. For an entity it is told who could, and where.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.auth.models import User
from homeassistant.components import search
from homeassistant.components.homeassistant import exposed_entities
from homeassistant.components.lovelace.const import LOVELACE_DATA, ConfigNotFound
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity import entity_sources
from homeassistant.helpers.event import async_call_later, async_track_time_interval

from ...const import DOMAIN
from ..repair_issues import set_source_exposed
from .choice import CameraSource
from .entity import SourceEntity

FIRST_SECONDS = 120.0
INTERVAL = timedelta(hours=1)
ASSISTANTS = {"conversation": "Assist", "cloud.alexa": "Alexa", "cloud.google_assistant": "Google Assistant"}
"""Proper names: the same in each language."""
_ACTING = (search.ItemType.AUTOMATION, search.ItemType.SCRIPT, search.ItemType.SCENE, search.ItemType.GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """By whom and by what one wrapped entity can be seen; names, sorted."""

    entity_id: str
    people: tuple[str, ...]
    """Users of Home Assistant who are no administrators."""
    dashboards: tuple[str, ...]
    assistants: tuple[str, ...]
    automations: tuple[str, ...]
    """Entity ids of automations, scripts, scenes and groups that name it."""
    integrations: tuple[str, ...]
    """Titles of other integrations whose settings name it: they may record it."""

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is used, which somebody can end."""
        return (*self.dashboards, *self.assistants, *self.automations, *self.integrations)


async def exposure_of(hass: HomeAssistant, source: SourceEntity) -> Exposure | None:
    """Return it; None while the entity is gone."""
    entity_id, entry = source.entity_id, source.entry
    if entity_id is None:
        return None
    names = {entity_id, entry.id} if entry is not None else {entity_id}
    return Exposure(
        entity_id=entity_id,
        people=tuple(sorted(user.name or user.id for user in await hass.auth.async_get_users() if _may_look(user))),
        dashboards=tuple(sorted(await _dashboards(hass, names))),
        assistants=tuple(
            name for key, name in ASSISTANTS.items() if exposed_entities.async_should_expose(hass, key, entity_id)
        ),
        automations=tuple(sorted(_automations(hass, entity_id))),
        integrations=tuple(sorted(_integrations(hass, names, entry.config_entry_id if entry else None))),
    )


def _may_look(user: User) -> bool:
    return user.is_active and not user.system_generated and not user.is_admin


async def _dashboards(hass: HomeAssistant, names: set[str]) -> set[str]:
    """Return the titles of dashboards that a person has made and that show it; hidden entities stand on no other."""
    data = hass.data.get(LOVELACE_DATA)
    found = set()
    for path, dashboard in (data.dashboards if data is not None else {}).items():
        try:
            config = await dashboard.async_load(False)
        except ConfigNotFound, HomeAssistantError, OSError:
            continue
        if _names_any(config, names):
            found.add(str((dashboard.config or {}).get("title") or config.get("title") or path or "Lovelace"))
    return found


def _automations(hass: HomeAssistant, entity_id: str) -> set[str]:
    found = search.Searcher(hass, entity_sources(hass)).async_search(search.ItemType.ENTITY, entity_id)
    return {name for kind in _ACTING for name in found.get(kind, ())}


def _integrations(hass: HomeAssistant, names: set[str], own: str | None) -> set[str]:
    return {
        entry.title or entry.domain
        for entry in hass.config_entries.async_entries(include_ignore=False)
        if entry.domain != DOMAIN
        and entry.entry_id != own
        and _names_any(
            [dict(entry.data), dict(entry.options), [dict(item.data) for item in entry.subentries.values()]], names
        )
    }


def _names_any(config: object, names: set[str]) -> bool:
    """Tell whether one of the names stands somewhere as a word of its own, in templates too."""
    text = json.dumps(config, default=str)
    return any(_stands_in(name, text) for name in names)


def _stands_in(name: str, text: str) -> bool:
    at = text.find(name)
    while at >= 0:
        before, behind = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() or before in {"_", "."}) and not (behind.isalnum() or behind == "_"):
            return True
        at = text.find(name, at + 1)
    return False


class ExposureWatch:
    """Looks now and then, and raises a repair for what somebody can end. `cameras`: (id, name, source) of all."""

    def __init__(self, hass: HomeAssistant, cameras: Callable[[], Iterable[tuple[str, str, CameraSource]]]) -> None:
        self._hass = hass
        self._cameras = cameras
        self._ends: list[Callable[[], None]] = []

    @callback
    def start(self) -> None:
        """Look when everything has started, and every hour."""
        self._ends.append(async_call_later(self._hass, FIRST_SECONDS, self._look_now))
        self._ends.append(async_track_time_interval(self._hass, self._look_now, INTERVAL, cancel_on_shutdown=True))

    @callback
    def stop(self) -> None:
        """Look no more."""
        while self._ends:
            self._ends.pop()()

    async def look(self) -> dict[str, Exposure]:
        """Return how each camera that is guarded by an entity stands, by its id."""
        found = {}
        for camera_id, name, source in self._cameras():
            exposure = await exposure_of(self._hass, source) if isinstance(source, SourceEntity) else None
            set_source_exposed(self._hass, camera_id, name, () if exposure is None else exposure.places)
            if exposure is not None:
                found[camera_id] = exposure
        return found

    async def _look_now(self, _now: datetime) -> None:
        await self.look()
