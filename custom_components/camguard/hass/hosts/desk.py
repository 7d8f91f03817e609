"""Has workers run on the machines that are set up, writes down which those are, and tells when one is away."""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ...app.events import Change, ChangeKind
from ...app.site import Site
from ...const import CONF_HOST, SUBENTRY_CAMERA, SUBENTRY_HOST
from ...domain.errors import CamguardError, StorageError
from ...domain.ledger import Event
from ...domain.settings import Host
from .. import repair_issues as issues
from ..errors import sentence
from ..places import Patience, async_note_places
from .commands import host_of, write_login

_PASSING = "host_unreachable"

_LOGGER = logging.getLogger(__name__)


class HostDesk:
    """Of one entry. All methods belong to the event loop."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], site: Site) -> None:
        self._hass = hass
        self._entry = entry
        self._site = site
        self._folder = site.vault.paths.hosts
        self._patience = Patience(hass, self._tell)
        self._reconciling = asyncio.Lock()
        self._owed = False
        """Whether something could not be written down yet."""
        self._unsubscribe = site.subscribe(self._on_change)

    async def async_reconcile(self) -> None:
        """Use the machines that are set up; a camera's choice of one that isn't any more is forgotten."""
        subentries = {
            subentry.subentry_id: subentry
            for subentry in self._entry.subentries.values()
            if subentry.subentry_type == SUBENTRY_HOST
        }
        async with self._reconciling:
            told = {name: list(place) for name, place in self._site.vault.ledger.told.hosts.items()}
            hosts = await self._hass.async_add_executor_job(_written, list(subentries.values()), self._folder)
            wanted = {host.host_id: [host.title, host.kind, host.place, True] for host in hosts}
            try:
                await async_note_places(
                    self._site, told, wanted, events=(Event.HOST_BEGUN, Event.HOST_ENDED), names=("host_id", "host")
                )
                self._owed = False
            except StorageError:  # the storage's own fault is told; nobody's pictures go where nothing says so
                self._owed = True
                hosts = [host for host in hosts if told.get(host.host_id) == wanted[host.host_id]]
            await self._site.use_hosts(hosts)
        for name in told.keys() - subentries.keys():
            self._clear(name)
        for subentry in list(self._entry.subentries.values()):
            if subentry.subentry_type == SUBENTRY_CAMERA and subentry.data.get(CONF_HOST, "") not in {"", *subentries}:
                data = {name: value for name, value in subentry.data.items() if name != CONF_HOST}
                self._hass.config_entries.async_update_subentry(self._entry, subentry, data=data)

    async def async_updated(self, _hass: HomeAssistant, _entry: ConfigEntry[Any]) -> None:
        """Take in that the entry has changed."""
        await self.async_reconcile()

    def stop(self) -> None:
        """Hear nothing any more."""
        self._unsubscribe()
        self._patience.stop()

    @callback
    def _on_change(self, change: Change) -> None:
        if change.kind is ChangeKind.STORED and self._owed and not self._site.storage.fault:
            self._owed = False
            self._entry.async_create_background_task(self._hass, self.async_reconcile(), "camguard hosts")
        if change.kind is ChangeKind.STATE and (recorder := self._site.cameras.get(change.camera_id)) is not None:
            raised = recorder.worker.only_here
            issues.set_only_here(self._hass, change.camera_id, recorder.camera.name, raised=raised)
        if change.kind is not ChangeKind.HOSTS:
            return
        for facts in self._site.hosts.facts:
            if not facts.fault:
                self._clear(facts.host_id)
            elif facts.fault == _PASSING:
                self._patience.begin(facts.host_id)
            else:
                self._tell(facts.host_id)

    def _tell(self, name: str) -> None:
        facts = next((facts for facts in self._site.hosts.facts if facts.host_id == name), None)
        if facts is not None and facts.fault:
            reason = sentence(CamguardError(facts.fault, place=facts.place))
            issues.set_host_fault(self._hass, name, facts.title, reason)

    def _clear(self, name: str) -> None:
        self._patience.end(name)
        issues.set_host_fault(self._hass, name, "", None)


def _written(subentries: list[ConfigSubentry], folder: Path) -> list[Host]:
    """Return the machines once what their commands read is there; what others needed is removed. Blocking."""
    wanted = {subentry.subentry_id for subentry in subentries}
    for left in folder.iterdir() if folder.is_dir() else ():
        if left.name not in wanted:
            shutil.rmtree(left, ignore_errors=True)
    hosts = []
    for subentry in subentries:
        own = folder / subentry.subentry_id
        try:
            write_login(subentry.data, own)
        except OSError as error:
            _LOGGER.warning("What %s is reached with can't be written: %s", subentry.title, error)
        hosts.append(host_of(subentry.subentry_id, subentry.title, subentry.data, own))
    return hosts
