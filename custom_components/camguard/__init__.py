"""CamGuard: guards cameras. Privacy zones are burnt in before anything is stored, shown or streamed."""

import logging
import shutil

from homeassistant.core import HassJob, HomeAssistant
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from .api import sidebar
from .api.bundles import BundleView, HandoverView, ReceiptView
from .api.certificates import CertificateView
from .api.clips import ClipView, ThumbnailView
from .api.ledger import LedgerView
from .api.papers import DocumentView, LetterView, RegisterView, SignView
from .api.websocket import async_register_commands
from .app.registers.locked import waiting_records
from .app.retention.clock import SystemClock
from .app.retention.sweeper import erase_due_keys
from .app.site import Site
from .app.workers.probe import clear_areas
from .const import CONF_PURPOSE, CONF_RETENTION_DAYS, CONF_VIEWERS, DOMAIN, PLATFORMS, SUBENTRY_CAMERA
from .domain.clip import ClipId
from .domain.errors import CamguardError, IntegrityError, LockedError, StorageError
from .domain.ledger import Event
from .hass import repair_issues as issues
from .hass.copies.desk import CopyDesk, async_destroy_escrows
from .hass.errors import sentence
from .hass.hosts.desk import HostDesk
from .hass.people.persons import present_actor
from .hass.settings import paths_of, site_settings
from .hass.sources.entity import SourceEntity
from .hass.standing import Standing
from .hass.stored_state import StoredState
from .runtime import CamguardConfigEntry, Runtime
from .services import async_register_services
from .vault.keys.keyring import destroy_all
from .vault.paths import Paths
from .vault.reconciliation import reconcile
from .vault.vault import Vault

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

_LOGGER = logging.getLogger(__name__)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register what is there whether or not the entry is loaded."""
    async_register_services(hass)
    hass.http.register_view(ClipView())
    hass.http.register_view(ThumbnailView())
    hass.http.register_view(BundleView())
    hass.http.register_view(HandoverView())
    hass.http.register_view(ReceiptView())
    hass.http.register_view(CertificateView())
    hass.http.register_view(LedgerView())
    for view in (SignView, LetterView, DocumentView, RegisterView):
        hass.http.register_view(view())
    async_register_commands(hass)
    await sidebar.async_serve(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CamguardConfigEntry) -> bool:
    """Open the vault, erase what is due, and only then guard the cameras."""
    settings = site_settings(hass, entry)
    days = {
        subentry.subentry_id: int(subentry.data[CONF_RETENTION_DAYS])
        if subentry.data.get(CONF_RETENTION_DAYS)
        else None
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_CAMERA
    }
    memory = StoredState(hass)
    await memory.load()
    try:
        site = await Site.open(
            settings, paths_of(hass, entry.data), SystemClock(), hass.async_add_executor_job, days, memory.witness
        )
    except (LockedError, StorageError) as error:
        await _erase_due_keys(hass, entry, days)
        if isinstance(error, LockedError):
            issues.set_root_key_missing(hass, error.placeholders.get("path", ""))
            paths, today = paths_of(hass, entry.data), dt_util.now().date()
            waiting = await hass.async_add_executor_job(waiting_records, paths, today)
            issues.set_duties_locked(hass, waiting.waiting, waiting.late)
        else:
            issues.set_storage(hass, error.key, str(settings.storage_path))
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key=error.key, translation_placeholders=error.placeholders
        ) from error
    except IntegrityError as error:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key=error.key, translation_placeholders=error.placeholders
        ) from error
    await hass.async_add_executor_job(clear_areas, site.vault.paths.spools)
    issues.set_root_key_missing(hass, None)
    issues.set_duties_locked(hass, 0, 0)
    issues.set_sweep_failed(hass, None)
    issues.set_storage(hass, site.storage.fault, str(site.storage.path))
    issues.set_clock(hass, untrusted=not site.retention.trusted)
    issues.set_restorable(hass, len(await hass.async_add_executor_job(site.vault.lost_held)), site.registers.locked)
    runtime = Runtime(hass, entry, site, memory)
    entry.runtime_data = runtime
    standing = Standing(hass, runtime)
    copying, hosting = CopyDesk(hass, entry, site), HostDesk(hass, entry, site)
    try:
        known_views = [view["view_id"] for view in memory.views.values()]
        await hass.async_add_executor_job(site.vault.views.keep_only, known_views)
        await hosting.async_reconcile()  # before the cameras: each starts where it is to run
        await runtime.async_reconcile()
        await runtime.async_review_holds()
        runtime.exposure.start()
        standing.start()
        await copying.async_reconcile()
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
        await sidebar.async_show(hass, viewers=bool(settings.viewers))
    except BaseException:
        standing.stop()
        copying.stop()
        hosting.stop()
        await runtime.async_close()
        raise
    entry.async_on_unload(standing.stop)
    entry.async_on_unload(copying.stop)
    entry.async_on_unload(hosting.stop)
    entry.async_on_unload(entry.add_update_listener(copying.async_updated))
    entry.async_on_unload(entry.add_update_listener(hosting.async_updated))
    entry.async_on_unload(entry.add_update_listener(_async_updated))
    # Entries aren't unloaded when Home Assistant stops: clips in hand are finished here.
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(runtime.async_close)))
    return True


async def _erase_due_keys(hass: HomeAssistant, entry: CamguardConfigEntry, days: dict[str, int | None]) -> None:
    """Keep to the retention period while the vault can't be opened: a clip is erased by its key alone."""
    settings, paths = site_settings(hass, entry), paths_of(hass, entry.data)
    try:
        erased = await hass.async_add_executor_job(
            erase_due_keys, paths, SystemClock(), lambda camera_id: days.get(camera_id) or settings.retention_days
        )
    except CamguardError as error:
        issues.set_sweep_failed(hass, sentence(error))
        return
    issues.set_sweep_failed(hass, None)
    if erased:
        _LOGGER.info("%s clips were erased by their keys, though the vault can't be opened", erased)


async def async_unload_entry(hass: HomeAssistant, entry: CamguardConfigEntry) -> bool:
    """Finish the clips in hand and stop."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        sidebar.hide(hass)
        await entry.runtime_data.async_close()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: CamguardConfigEntry) -> None:
    """Show the wrapped cameras again and erase all clips: nobody would keep to their retention from now on."""
    memory = StoredState(hass)
    await memory.load()
    for camera_id, reference in memory.wrapped.items():
        source = SourceEntity(hass, reference)
        source.restore()
        source.restore_exposure(memory.exposure.get(camera_id, {}))
    await memory.remove()
    await async_destroy_escrows(hass, entry, paths_of(hass, entry.data))
    count = await hass.async_add_executor_job(_erase_everything, paths_of(hass, entry.data))
    _LOGGER.info("CamGuard was removed and %s clips were erased", count)


def _erase_everything(paths: Paths) -> int:
    """Erase all clips, as far as it goes in order; then destroy all keys, which needs neither root key nor storage."""
    erased = 0
    shutil.rmtree(paths.hosts, ignore_errors=True)  # the keys of worker machines
    try:
        vault = Vault.open(paths)
        try:
            now_us = SystemClock().now_us()
            unfinished = reconcile(vault, now_us).spools_to_finish
            clip_ids = [*vault.index.clip_ids(), *unfinished]
            vault.views.keep_only(())
            vault.registers.erase([ClipId(item) for item in vault.ledger.told.records], "removed", {}, now_us)
            erased = len(vault.erase(clip_ids, "removed", now_us).clip_ids)
        finally:
            vault.close()
    except CamguardError as error:
        _LOGGER.warning("CamGuard was removed while its vault could not be opened, only the keys are erased: %s", error)
    return erased + destroy_all(paths)


async def _async_updated(hass: HomeAssistant, entry: CamguardConfigEntry) -> None:
    """Take in changed settings: the site's by a reload, a camera's by restarting that camera only."""
    if dict(entry.data) != entry.runtime_data.site_data:
        facts = {name: entry.data.get(name) for name in (CONF_PURPOSE, CONF_RETENTION_DAYS, CONF_VIEWERS)}
        try:
            await entry.runtime_data.site.note(Event.SETTINGS_CHANGED, facts | present_actor().facts)
            before, after = entry.runtime_data.site_data[CONF_PURPOSE], entry.data[CONF_PURPOSE]
            if before != after:
                purposes = {"before": before, "after": after}
                await entry.runtime_data.site.note(Event.PURPOSE_CHANGED, purposes | present_actor().facts)
        except StorageError as error:
            _LOGGER.warning("The site's settings could not be noted: %s", error)
        hass.config_entries.async_schedule_reload(entry.entry_id)
        return
    await entry.runtime_data.async_reconcile()
