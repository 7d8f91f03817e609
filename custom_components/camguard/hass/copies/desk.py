"""The places for sealed copies: subentries of the entry to what keeps them, and what is told when one refuses."""

import asyncio
import logging
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ...app.copies.store import CopyError, Store
from ...app.events import Change, ChangeKind
from ...app.site import Site
from ...const import CONF_KB_A_SECOND, SUBENTRY_COPY
from ...domain.errors import CamguardError, StorageError
from ...domain.ledger import Event
from ...domain.settings import Destination
from ...vault.identity import site_id_of
from ...vault.paths import Paths
from .. import repair_issues as issues
from ..errors import sentence
from ..people.persons import present_actor
from ..places import Patience, async_note_places
from .stores import escrow_of, kind_of, place_of, store_of

END_SECONDS = 10.0
"""So long a place may take to answer when CamGuard is removed."""
_PASSING = "copy_unreachable"

_LOGGER = logging.getLogger(__name__)


class CopyDesk:
    """Of one entry. All methods belong to the event loop."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], site: Site) -> None:
        self._hass = hass
        self._entry = entry
        self._site = site
        self._patience = Patience(hass, self._tell)
        self._reconciling = asyncio.Lock()
        self._owed = False
        """Whether something could not be written down yet."""
        self._unsubscribe = site.subscribe(self._on_change)

    async def async_reconcile(self) -> None:
        """Keep copies at the places that are set up, and write down which those are."""
        wanted = [
            destination_of(subentry)
            for subentry in self._entry.subentries.values()
            if subentry.subentry_type == SUBENTRY_COPY
        ]
        async with self._reconciling:
            told = self._site.vault.ledger.told.copy_places
            try:
                await self._note(wanted)
                self._owed = False
            except StorageError:  # the storage's own fault is told; what isn't written down waits until it can be
                self._owed = True
                wanted = [item for item in wanted if told.get(item.destination_id) == _place_of(item)]
            for left in await self._site.copies.use(wanted, self._store):
                issues.raise_escrow_left(self._hass, left.destination_id, left.title)
        for destination_id in told.keys() - {destination.destination_id for destination in wanted}:
            self._clear(destination_id)
        self._tell_stale()

    async def async_updated(self, _hass: HomeAssistant, _entry: ConfigEntry[Any]) -> None:
        """Take in that the entry has changed."""
        await self.async_reconcile()

    def stop(self) -> None:
        """Hear nothing any more."""
        self._unsubscribe()
        self._patience.stop()

    async def _note(self, wanted: list[Destination]) -> None:
        """Write down what began and what ended; raises StorageError."""
        await async_note_places(
            self._site,
            self._site.vault.ledger.told.copy_places,
            {destination.destination_id: _place_of(destination) for destination in wanted},
            events=(Event.COPIES_BEGUN, Event.COPIES_ENDED),
            names=("destination_id", "destination"),
        )
        await self._note_escrows(wanted)

    async def _note_escrows(self, wanted: list[Destination]) -> None:
        escrows = {name: list(escrow) for name, escrow in self._site.vault.ledger.told.escrows.items()}
        now = {item.destination_id: item.escrow for item in wanted}
        for name, (escrow_id, _, kept, _) in escrows.items():
            if kept and ((escrow := now.get(name)) is None or escrow.escrow_id != escrow_id):
                await self._site.note(Event.ESCROW_ENDED, self._escrow_facts(name, escrow_id))
        for name, escrow in now.items():
            if escrow is not None and escrows.get(name, ["", 0, False])[:3] != [escrow.escrow_id, escrow.hours, True]:
                facts = self._escrow_facts(name, escrow.escrow_id) | {"hours": escrow.hours}
                await self._site.note(Event.ESCROW_BEGUN, facts)

    def _escrow_facts(self, name: str, escrow_id: str) -> dict[str, object]:
        title = self._site.vault.ledger.told.copy_places[name][0]
        return present_actor().facts | {"destination_id": name, "destination": title, "escrow_id": escrow_id}

    def _store(self, destination: Destination, site_id: str) -> Store:
        return store_of(self._hass, destination.access, site_id)

    @callback
    def _on_change(self, change: Change) -> None:
        if change.kind is ChangeKind.STORED and self._owed and not self._site.storage.fault:
            self._owed = False
            self._entry.async_create_background_task(self._hass, self.async_reconcile(), "camguard copies")
        if change.kind is ChangeKind.WIPING:
            self._tell_stale()
        if change.kind is not ChangeKind.COPIES:
            return
        faults = self._site.copies.faults
        for name in [*self._patience.names, *self._site.vault.ledger.told.copy_places]:
            if name not in faults:
                self._clear(name)
        for name, error in faults.items():
            if error.key != _PASSING:
                self._tell(name)
            else:
                self._patience.begin(name)

    def _tell_stale(self) -> None:
        """Say where a new code is to be made: somebody has wiped since it was."""
        told = self._site.vault.ledger.told
        for name, (_, _, kept, stale) in told.escrows.items():
            issues.set_escrow_stale(self._hass, name, told.copy_places[name][0], raised=kept and stale)

    def _tell(self, name: str) -> None:
        error = self._site.copies.faults.get(name)
        title = next((facts.title for facts in self._site.copies.facts if facts.destination_id == name), "")
        issues.set_copies_fault(self._hass, name, title, None if error is None else sentence(error))

    def _clear(self, name: str) -> None:
        self._patience.end(name)
        issues.set_copies_fault(self._hass, name, "", None)


async def async_destroy_escrows(hass: HomeAssistant, entry: ConfigEntry[Any], paths: Paths) -> None:
    """Delete what could still open sealed copies once all keys here are destroyed; say what can't be."""
    site_id = await hass.async_add_executor_job(site_id_of, paths, "")
    for subentry in entry.subentries.values():
        if subentry.subentry_type != SUBENTRY_COPY or escrow_of(subentry.data) is None:
            continue
        store = store_of(hass, subentry.data, site_id)
        try:
            async with asyncio.timeout(END_SECONDS):
                for name in await store.escrows():
                    await store.delete(name)
        except (CopyError, TimeoutError) as error:
            _LOGGER.warning("The escrow at %s could not be deleted: %s", subentry.title, error)
            text = sentence(CamguardError("escrow_left", place=subentry.title))  # repairs go with the integration
            persistent_notification.async_create(hass, text, "CamGuard", f"camguard_escrow_{subentry.subentry_id}")
        finally:
            await store.close()


def destination_of(subentry: ConfigSubentry) -> Destination:
    """Return the place that a subentry names."""
    return Destination(
        destination_id=subentry.subentry_id,
        title=subentry.title,
        kind=kind_of(subentry.data),
        place=place_of(subentry.data),
        bytes_a_second=int((subentry.data.get(CONF_KB_A_SECOND) or 0) * 1000),
        escrow=escrow_of(subentry.data),
        access=dict(subentry.data),
    )


def _place_of(destination: Destination) -> list[Any]:
    """Return a place in use as the ledger tells it."""
    return [destination.title, destination.kind, destination.place, True]
