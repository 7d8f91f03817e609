"""What runs while the config entry is loaded: the site and its guards, brought in line with the subentries."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from .app.events import Change, ChangeKind
from .app.ports import Actor
from .app.recording.recorder import CameraRecorder
from .app.site import Site
from .app.watching.confirmed_view import COVERED, MOVED
from .const import CONF_CONFIRMED_AT, CONF_REFERENCE, CONF_SLEEPS, DOMAIN, SUBENTRY_CAMERA
from .domain.clip import ClipId, canonical_json
from .domain.errors import InvalidError, StorageError
from .domain.ledger import CUSTODY_PROBLEMS
from .domain.ledger import Event as LedgerEvent
from .domain.settings import CameraSettings
from .hass import repair_issues as issues
from .hass.errors import error_of, sentence
from .hass.guard import Guard
from .hass.happenings import Teller
from .hass.people.persons import present_actor
from .hass.settings import camera_settings, confirmed_at
from .hass.sources.choice import source_of
from .hass.sources.entity import SourceEntity
from .hass.sources.exposure import ExposureWatch
from .hass.sources.reauth import async_follow
from .hass.stored_state import StoredState
from .worker.faults import SOURCE_UNAUTHORIZED, WORKER_TOO_LARGE

_LOGGER = logging.getLogger(__name__)

type CamguardConfigEntry = ConfigEntry[Runtime]


class Runtime:
    """All of CamGuard in Home Assistant. Entities ask it for their camera's recording, which a new setting replaces."""

    def __init__(self, hass: HomeAssistant, entry: CamguardConfigEntry, site: Site, memory: StoredState) -> None:
        self.site = site
        self.guards: dict[str, Guard] = {}
        self.unreadable: set[str] = set()
        """Cameras whose zones can't be read: they aren't opened."""
        self.site_data = dict(entry.data)
        self.entry = entry
        self._hass = hass
        self._memory = memory
        self._known: dict[str, tuple[dict[str, Any], str]] = {}
        """Data and title that each guard was made of."""
        self._adders: list[Callable[[str], None]] = []
        self._added: set[str] = set()
        """Cameras that have their entities; they keep them while the zones can't be read."""
        self._reconciling = asyncio.Lock()
        self._closed = False
        self._raised: set[str] = set()
        """Sentences of the repairs that somebody has to confirm, as far as they were raised in this run."""
        self.exposure = ExposureWatch(
            hass,
            lambda: [(camera_id, guard.recorder.camera.name, guard.source) for camera_id, guard in self.guards.items()],
        )
        self._teller = Teller(hass, site, recorder=self.recorder, entity_id=self.camera_entity_id)
        self._unsubscribe = site.subscribe(self._on_change)

    # --- cameras ---

    def recorder(self, camera_id: str) -> CameraRecorder | None:
        """Return a camera's recording."""
        guard = self.guards.get(camera_id)
        return guard.recorder if guard else None

    @property
    def names(self) -> dict[str, str]:
        """Name of every camera that is set up, also of one whose zones can't be read, by id."""
        return {
            camera_id: self.entry.subentries[camera_id].title
            for camera_id in (*self.guards, *sorted(self.unreadable))
            if camera_id in self.entry.subentries
        }

    @callback
    def for_each_camera(self, add: Callable[[str], None]) -> None:
        """Call `add` with the id of every camera, now and when one is added."""
        self._adders.append(add)
        self._added |= self.guards.keys()
        for camera_id in self._added:
            add(camera_id)

    def camera_entity_id(self, camera_id: str) -> str | None:
        """Return the entity id of the guarded camera."""
        return er.async_get(self._hass).async_get_entity_id("camera", DOMAIN, f"{camera_id}_camera")

    async def async_reconcile(self) -> None:
        """Start, replace and stop guards so that they match the subentries; other cameras go on undisturbed."""
        async with self._reconciling:
            if self._closed:
                return
            wanted = {
                subentry.subentry_id: subentry
                for subentry in self.entry.subentries.values()
                if subentry.subentry_type == SUBENTRY_CAMERA
            }
            for camera_id in dict.fromkeys([*self.guards, *self._memory.wrapped]):
                if camera_id not in wanted:
                    await self._remove(camera_id)
            for camera_id, subentry in wanted.items():
                known = self._known.get(camera_id)
                if known is not None and known == (dict(subentry.data), subentry.title):
                    continue
                await self._replace(subentry)

    async def _replace(self, subentry: ConfigSubentry) -> None:
        camera_id = subentry.subentry_id
        self._known[camera_id] = (dict(subentry.data), subentry.title)
        try:
            settings = self._memory.with_shape(camera_settings(subentry))
            settings = replace(
                settings,
                private=camera_id in self._memory.private,
                unproved=camera_id in self._memory.unproved,
            )
        except InvalidError as error:
            # Fail closed: a camera whose zones can't be read isn't even opened (invariant 2).
            _LOGGER.error("The zones of %s can't be read, it is not guarded: %s", subentry.title, error)  # noqa: TRY400
            await self._stop(camera_id)
            self.unreadable.add(camera_id)
            issues.raise_zones_unreadable(self._hass, camera_id, subentry.title)
            self.site.tell(Change(kind=ChangeKind.STATE, camera_id=camera_id))
            return
        self.unreadable.discard(camera_id)
        await self._stop(camera_id)
        source = source_of(self._hass, settings)
        settings, stale_view = self._memory.with_view(settings)
        if stale_view:
            await self._hass.async_add_executor_job(self.site.vault.views.erase, stale_view)
        before = self._memory.wrapped.get(camera_id)
        await self._note_settings(settings, is_new=before is None)
        if before is not None and before != settings.source:
            SourceEntity(self._hass, before).restore()
        recorder = await self.site.add_camera(settings, source, armed=camera_id not in self._memory.disarmed)
        self._memory.wrapped[camera_id] = settings.source
        self._memory.save()
        guard = Guard(self._hass, recorder, source, lambda: self._on_registry(camera_id))
        self.guards[camera_id] = guard
        guard.start()
        self._on_registry(camera_id)
        if camera_id not in self._added:
            self._added.add(camera_id)
            for add in self._adders:
                add(camera_id)
        self.site.tell(Change(kind=ChangeKind.STATE, camera_id=camera_id))

    async def _note_settings(self, settings: CameraSettings, *, is_new: bool) -> None:
        """Write down what a camera films and how, when that changes: who removes a zone leaves a trace."""
        facts: dict[str, object] = {
            "camera_id": settings.camera_id,
            "zones": [[zone.name, zone.points_text] for zone in settings.zones],
            "view_is_own_premises": settings.view_is_own_premises,
            "mode": settings.mode.value,
            "retention_days": settings.retention_days,
            "record_audio": settings.record_audio,
            "motion": asdict(settings.motion)
            | {"leave_out": [[zone.name, zone.points_text] for zone in settings.motion.leave_out]},
        } | ({"host_id": settings.host} if settings.host else {})
        digest = hashlib.sha256(canonical_json(facts)).hexdigest()
        if self._memory.noted.get(settings.camera_id) == digest:
            return
        try:
            event = LedgerEvent.CAMERA_ADDED if is_new else LedgerEvent.SETTINGS_CHANGED
            await self.site.note(event, facts | present_actor().facts)
        except StorageError as error:
            _LOGGER.warning("A camera's settings could not be noted: %s", error)
            return
        self._memory.noted[settings.camera_id] = digest
        self._memory.save()

    async def _stop(self, camera_id: str) -> None:
        guard = self.guards.get(camera_id)
        if guard is not None:
            guard.stop()
            await self.site.remove_camera(camera_id, forget=False)
            self.guards.pop(camera_id, None)

    async def _remove(self, camera_id: str) -> None:
        """The user removed the guard: the wrapped entity is as it was before."""
        await self._stop(camera_id)
        self.unreadable.discard(camera_id)
        self._added.discard(camera_id)
        self._known.pop(camera_id, None)
        exposure = self._memory.exposure.get(camera_id, {})
        reference = self._memory.wrapped.get(camera_id)
        view_id = self._memory.views.get(camera_id, {}).get("view_id")
        self._memory.forget(camera_id)
        if reference is not None and reference not in self._memory.wrapped.values():
            source = SourceEntity(self._hass, reference)
            source.restore()
            source.restore_exposure(exposure)
        self._memory.save()
        issues.clear_camera(self._hass, camera_id)
        if view_id:
            await self._hass.async_add_executor_job(self.site.vault.views.erase, view_id)
        try:
            await self.site.remove_camera(camera_id, forget=True)
        except StorageError as error:
            _LOGGER.warning("The removal of a camera could not be noted: %s", error)

    @callback
    def take_over(self, camera_id: str, entity_id: str) -> None:
        """Let the new guarded camera have what voice assistants were allowed with the wrapped one; once."""
        guard = self.guards.get(camera_id)
        if guard is not None and camera_id not in self._memory.exposure:
            self._memory.exposure[camera_id] = guard.source.move_exposure(entity_id)
            self._memory.save()
        self._on_registry(camera_id)

    @callback
    def arm(self, camera_id: str, armed: bool, by: Actor) -> None:
        """Switch a camera's recording on or off, also for the next start."""
        (self._memory.disarmed.discard if armed else self._memory.disarmed.add)(camera_id)
        self._memory.save()
        if (guard := self.guards.get(camera_id)) is not None:
            guard.arm(armed, by)

    async def async_set_privacy(self, camera_id: str, private: bool, by: Actor) -> None:
        """Switch full privacy of a camera on or off, also for the next start; raises StorageError.

        It is on before it is written down, and written down before it is off.
        """
        async with self._reconciling:
            subentry = self.entry.subentries.get(camera_id)
            if self._closed or subentry is None or private == (camera_id in self._memory.private):
                return
            facts = by.facts | {"camera_id": camera_id}
            if not private:
                await self.site.note(LedgerEvent.PRIVACY_OFF, facts)
            (self._memory.private.add if private else self._memory.private.discard)(camera_id)
            self._memory.save()
            await self._replace(subentry)
            if private:
                await self.site.note(LedgerEvent.PRIVACY_ON, facts)

    def is_private(self, camera_id: str) -> bool:
        """Tell whether a camera is under full privacy."""
        return camera_id in self._memory.private

    async def _async_close_camera(self, camera_id: str, clip_id: str) -> None:
        """Record nothing more of a camera whose clip shows something in a zone, until a person has looked."""
        async with self._reconciling:
            subentry = self.entry.subentries.get(camera_id)
            kept = self._memory.unproved.get(camera_id, [])
            if self._closed or clip_id in kept:
                return
            if subentry is None:  # of a camera that is gone: nobody would ever deal with it
                await self.site.erase_unproved(ClipId(clip_id), {"camera_id": camera_id})
                return
            self._memory.unproved[camera_id] = [*kept, clip_id]
            self._memory.save()
            await self._replace(subentry)
            await self.site.note(LedgerEvent.MASK_NOT_PROVED, {"camera_id": camera_id, "clip_id": clip_id})

    async def async_reopen_camera(self, camera_id: str, by: Actor) -> None:
        """Destroy the clips that are kept closed, and go on; raises StorageError."""
        async with self._reconciling:
            subentry = self.entry.subentries.get(camera_id)
            for clip_id in self._memory.unproved.get(camera_id, []):
                await self.site.erase_unproved(ClipId(clip_id), by.facts | {"camera_id": camera_id})
            self._memory.unproved.pop(camera_id, None)
            self._memory.save()
            if subentry is not None and not self._closed:
                await self._replace(subentry)

    async def async_approve_view(self, camera_id: str, by: Actor) -> None:
        """Take what a camera shows from now on for its confirmed view; raises StorageError. Written down before."""
        subentry = self.entry.subentries.get(camera_id)
        if subentry is not None:
            await self.site.note(LedgerEvent.VIEW_APPROVED, by.facts | {"camera_id": camera_id})
            data = dict(subentry.data) | {CONF_CONFIRMED_AT: confirmed_at()}
            self._hass.config_entries.async_update_subentry(self.entry, subentry, data=data)

    # --- life ---

    async def async_close(self) -> None:
        """Finish the clips in hand and stop; once."""
        async with self._reconciling:
            if self._closed:
                return
            self._closed = True
            self._unsubscribe()
            self.exposure.stop()
            self._memory.witness = self.site.witness
            for guard in self.guards.values():
                guard.stop()
            await self.site.close()
            await self._memory.flush()
            self.guards.clear()

    # --- custody ---

    async def async_review_holds(self) -> None:
        """Say which holds somebody has to look at, and whether held clips would be lost with a restored backup."""
        holds = self.site.holds
        due = holds.to_review
        issues.set_holds_due(self._hass, len(due))
        lacking = holds.survive and await self._hass.async_add_executor_job(lambda: holds.lacks_kit)
        issues.set_kit_missing(self._hass, missing=lacking)
        restorable = await self._hass.async_add_executor_job(self.site.vault.lost_held)
        issues.set_restorable(self._hass, len(restorable), self.site.registers.locked)

    @callback
    def _on_verified(self) -> None:
        """Say what a verification found. That of a ledger stays until somebody has read it."""
        last, altered = self.site.verification.last, set(self.site.altered)
        if last is not None:
            ledger = [problem for problem in last.problems if problem.key.startswith("ledger_")]
            altered |= {ClipId(problem.clip_id) for problem in last.problems if problem.clip_id}
            if ledger and self._is_news(reason := sentence(error_of(ledger[0]))):
                issues.raise_ledger_problem(self._hass, reason)
            others = {problem.key: problem for problem in last.problems if problem.key in CUSTODY_PROBLEMS}
            reasons = " ".join(sentence(error_of(problem)) for problem in others.values())
            if others and self._is_news(reasons):
                issues.raise_custody_problem(self._hass, reasons)
        issues.set_clips_altered(self._hass, len(altered))

    def _is_news(self, reason: str) -> bool:
        """Whether a problem wasn't raised in this run yet: what somebody has confirmed doesn't come back each hour."""
        new = reason not in self._raised
        self._raised.add(reason)
        return new

    # --- news ---

    @callback
    def _on_registry(self, camera_id: str) -> None:
        """Follow the wrapped entity's name and area, and say so when it or a trigger is gone."""
        guard = self.guards.get(camera_id)
        subentry = self.entry.subentries.get(camera_id)
        if guard is None or subentry is None:
            return
        issues.set_source_missing(self._hass, camera_id, subentry.title, missing=guard.source.is_missing)
        issues.set_trigger_missing(self._hass, camera_id, subentry.title, guard.missing_triggers)
        devices = dr.async_get(self._hass)
        device = devices.async_get_device_by_identifier((DOMAIN, camera_id), self.entry.entry_id)
        if device is None or guard.source.entity_id is None:
            return
        # What the user has changed here stays; what we took over follows.
        name, area_id = self._memory.followed.get(camera_id, (subentry.title, None))
        new_name, new_area_id = guard.source.name or name, guard.source.area_id
        if new_area_id != area_id and device.area_id == area_id:
            devices.async_update_device(device.id, area_id=new_area_id)
        if new_name != name and subentry.title == name:
            devices.async_update_device(device.id, name=new_name)
            self._hass.config_entries.async_update_subentry(self.entry, subentry, title=new_name)
        if (new_name, new_area_id) != (name, area_id) or camera_id not in self._memory.followed:
            self._memory.followed[camera_id] = (new_name, new_area_id)
            self._memory.save()

    @callback
    def _tell_view(self, recorder: CameraRecorder) -> None:
        """Raise or clear the repair for what is wrong with a picture. By night the light may just be out."""
        condition = recorder.view.condition
        if condition == COVERED and self._hass.states.is_state("sun.sun", "below_horizon"):
            condition = ""
        issues.set_view_fault(self._hass, recorder.camera.camera_id, recorder.camera.name, condition)

    @callback
    def _on_view(self, recorder: CameraRecorder) -> None:
        camera, view = recorder.camera, recorder.view
        self._tell_view(recorder)
        if view.condition == MOVED:
            facts: dict[str, object] = {"camera_id": camera.camera_id, "uncovered_percent": view.uncovered_percent}
            self.entry.async_create_background_task(self._hass, self._async_note_moved(facts), "camguard view")

    async def _async_note_moved(self, facts: dict[str, object]) -> None:
        try:
            await self.site.note(LedgerEvent.CAMERA_MOVED, facts)
        except StorageError as error:
            _LOGGER.warning("That a camera was moved could not be noted: %s", error)

    @callback
    def _on_change(self, change: Change) -> None:
        self._memory.note(self.site.witness)
        self._teller.take(change)
        if change.kind is ChangeKind.STATE and (guard := self.guards.get(change.camera_id)) is not None:
            recorder = guard.recorder
            # Home Assistant asks for the login of an address by itself.
            reason = "" if recorder.camera.address and recorder.reason == SOURCE_UNAUTHORIZED else recorder.reason
            issues.set_camera_fault(self._hass, change.camera_id, recorder.camera.name, recorder.state.value, reason)
            async_follow(self._hass, self.entry, recorder)
            if recorder.reason == WORKER_TOO_LARGE:
                issues.set_too_large(self._hass, change.camera_id, recorder.camera.name, raised=True)
            self._memory.remember_shape(recorder.camera, recorder.geometry)
            issues.set_silent(self._hass, change.camera_id, recorder.camera.name, silent=recorder.silent)
            subentry = self.entry.subentries.get(change.camera_id)
            unseen = subentry is not None and bool(recorder.camera.zones) and CONF_REFERENCE not in subentry.data
            issues.set_zones_unconfirmed(
                self._hass, change.camera_id, recorder.camera.name, raised=unseen and recorder.geometry is not None
            )
            hello = recorder.worker.hello
            if hello is not None:
                issues.set_no_encoder(self._hass, missing=not hello.encoders)
        elif change.kind is ChangeKind.MOTION and (guard := self.guards.get(change.camera_id)) is not None:
            guard.take_motion(change.from_us)
        elif change.kind is ChangeKind.VIEW_KNOWN and (guard := self.guards.get(change.camera_id)) is not None:
            self._memory.remember_view(guard.recorder.camera, guard.recorder.view.known)
        elif change.kind is ChangeKind.VIEW and (guard := self.guards.get(change.camera_id)) is not None:
            self._on_view(guard.recorder)
        elif change.kind is ChangeKind.UNPROVED:
            closing = self._async_close_camera(change.camera_id, change.key)
            self.entry.async_create_background_task(self._hass, closing, "camguard unproved")
        elif change.kind is ChangeKind.RECORDED:
            issues.set_too_large(self._hass, change.camera_id, "", raised=False)
        elif change.kind is ChangeKind.SLEEPS:
            subentry = self.entry.subentries.get(change.camera_id)
            if subentry is not None:
                data = dict(subentry.data) | {CONF_SLEEPS: True}
                self._hass.config_entries.async_update_subentry(self.entry, subentry, data=data)
        elif change.kind is ChangeKind.STORED:
            for guard in self.guards.values():
                self._tell_view(guard.recorder)
            retention = self.site.retention
            issues.set_storage(self._hass, self.site.storage.fault, str(self.site.storage.path))
            issues.set_clock(self._hass, untrusted=not retention.trusted)
            fault = retention.sweep_fault
            issues.set_sweep_failed(self._hass, None if fault is None else sentence(fault))
            self.entry.async_create_background_task(self._hass, self.async_review_holds(), "camguard holds")
        elif change.kind is ChangeKind.OVERLOAD:
            overload = self.site.backlog.overload
            fits, cameras = (overload.fits, overload.cameras) if overload else (None, 0)
            issues.set_overload(self._hass, fits, cameras)
            issues.set_budget_exceeded(self._hass, exceeded=self.site.backlog.budget.exceeded)
        elif change.kind is ChangeKind.VERIFIED:
            self._on_verified()


@callback
def loaded_runtime(hass: HomeAssistant) -> Runtime | None:
    """Return what runs, if it does."""
    entries = hass.config_entries.async_loaded_entries(DOMAIN)
    return entries[0].runtime_data if entries else None
