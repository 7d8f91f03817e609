"""How the household stands: looked at when somebody asks, each hour for what is overdue, each month for the ledger."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.util import dt as dt_util

from ..app.events import Change, ChangeKind
from ..app.overview import checklist, overview
from ..app.ports import NOBODY, Actor
from ..domain.clip import US_PER_DAY, US_PER_SECOND
from ..domain.errors import CamguardError
from ..domain.ledger import Event
from ..domain.registers.duties import SELF_CHECK_DAYS
from ..runtime import Runtime
from . import repair_issues as issues
from .sources.exposure import Exposure

FIRST_SECONDS = 180.0
INTERVAL = timedelta(hours=1)

_LOGGER = logging.getLogger(__name__)


async def async_overview(hass: HomeAssistant, runtime: Runtime) -> dict[str, Any]:
    """Return how each duty of the guideline stands, what is stored, and who else can see the cameras."""
    site, names = runtime.site, runtime.names
    exposures = await runtime.exposure.look()
    facts = await _facts(hass, exposures)
    known = await hass.async_add_executor_job(lambda: overview(site, names, day_of=local_day_us, **facts))
    return known | {
        "exposure": [
            asdict(exposure) | {"camera_id": camera_id, "name": names.get(camera_id, "")}
            for camera_id, exposure in exposures.items()
        ]
    }


async def async_checklist(hass: HomeAssistant, runtime: Runtime) -> list[dict[str, Any]]:
    """Return how each duty of the guideline stands."""
    site, names = runtime.site, runtime.names
    facts = await _facts(hass, await runtime.exposure.look())
    return await hass.async_add_executor_job(lambda: checklist(site, names, **facts))


async def async_self_check(hass: HomeAssistant, runtime: Runtime, by: Actor) -> list[dict[str, Any]]:
    """Look at each duty and write down how it stands (guideline 2(4)); raises StorageError."""
    items = await async_checklist(hass, runtime)
    facts: dict[str, object] = {
        "duties": {item["clause"]: item["state"] for item in items},
        "met": sum(item["state"] == "met" for item in items),
        "open": sum(item["state"] == "open" for item in items),
        "facts": {
            item["clause"]: {name: value for name, value in item["facts"].items() if isinstance(value, int | None)}
            for item in items
        },
    }
    await runtime.site.note(Event.DUTIES_CHECKED, by.facts | facts)
    runtime.site.tell(Change(kind=ChangeKind.DUTIES, camera_id=""))
    return items


async def _facts(hass: HomeAssistant, exposures: Mapping[str, Exposure]) -> dict[str, int]:
    administrators = sum(
        user.is_admin and user.is_active and not user.system_generated for user in await hass.auth.async_get_users()
    )
    return {
        "administrators": administrators,
        "exposed": sum(bool(exposure.places) for exposure in exposures.values()),
    }


class Standing:
    """Looks each hour, and when a register has changed; checks itself each month."""

    def __init__(self, hass: HomeAssistant, runtime: Runtime) -> None:
        self._hass = hass
        self._runtime = runtime
        self._ends: list[Callable[[], None]] = []

    @callback
    def start(self) -> None:
        """Begin."""
        self._ends += [
            self._runtime.site.subscribe(self._on_change),
            async_call_later(self._hass, FIRST_SECONDS, self.async_look),
            async_track_time_interval(self._hass, self.async_look, INTERVAL, cancel_on_shutdown=True),
        ]
        self._remind()

    @callback
    def stop(self) -> None:
        """Look no more."""
        while self._ends:
            self._ends.pop()()

    @callback
    def _on_change(self, change: Change) -> None:
        if change.kind is ChangeKind.DUTIES:
            self._remind()

    @callback
    def _remind(self) -> None:
        registers, today = self._runtime.site.registers, self._runtime.site.registers.today
        duties = registers.duties(self._runtime.names)
        issues.set_duties_late(self._hass, sum(duty.due is not None and duty.due < today for duty in duties))

    async def async_look(self, _now: datetime | None = None) -> None:
        """Remind of what is overdue, and check everything when a month is over."""
        self._runtime.site.tell(Change(kind=ChangeKind.DUTIES, camera_id=""))  # a day may have begun
        site = self._runtime.site
        last_us = site.vault.ledger.told.duties_checked_us or site.vault.ledger.told.begun_us
        if 0 <= site.now_us - last_us < SELF_CHECK_DAYS * US_PER_DAY:
            return
        try:
            await async_self_check(self._hass, self._runtime, NOBODY)
        except CamguardError as error:
            _LOGGER.warning("The monthly self-check could not be written down and is tried again: %s", error)


def local_day_us(time_us: int) -> int:
    """Return when the local day of a time began, epoch µs."""
    moment = dt_util.as_local(datetime.fromtimestamp(time_us / US_PER_SECOND, UTC))
    return int(dt_util.start_of_local_day(moment).timestamp() * US_PER_SECOND)
