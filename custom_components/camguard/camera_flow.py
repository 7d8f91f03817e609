"""Set-up of one guarded camera: the entity, its zones, a look at the mask, and a test clip."""

import asyncio
import base64
import os
from collections.abc import Mapping
from typing import Any

import probatio as vol
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import selector
from homeassistant.helpers.translation import async_get_translations

from .app.workers import probe as probing
from .app.workers.process import Choose, WorkerProcess
from .const import (
    CONF_ADDRESS,
    CONF_CONFIRMED_AT,
    CONF_HOST,
    CONF_MOTION,
    CONF_MOTION_LEAVE_OUT,
    CONF_PASSWORD,
    CONF_PLACE,
    CONF_REFERENCE,
    CONF_RETENTION_DAYS,
    CONF_SOURCE,
    CONF_TRIGGERS,
    CONF_VIEW_IS_OWN_PREMISES,
    CONF_ZONES,
    DOMAIN,
    PANEL_PATH,
)
from .domain.errors import CamguardError, InvalidError, StorageError, WorkerError
from .domain.settings import (
    RETENTION_DAYS_LONG,
    CameraSettings,
)
from .domain.storage_faults import storage_error
from .domain.zones import parse_zones
from .hass.camera_form import address_of, areas_selector, raw_areas, settings_schema, source_error, taken
from .hass.errors import filled
from .hass.languages import language_of_user
from .hass.people.persons import present_actor
from .hass.settings import camera_from, confirmed_at, paths_of
from .hass.sources.address import Address, is_address
from .hass.sources.choice import CameraSource, source_of
from .hass.sources.entity import SourceEntity, registry_reference

CONF_CONFIRM = "confirm"
CONF_RECORD_TEST_CLIP = "record_test_clip"
PREVIEW_WIDTH_PX = 960
ZONE_EXAMPLE = "0,0 40,0 40,55 0,55"
LONG_RETENTION_SCHEMA = vol.Schema({vol.Required(CONF_CONFIRM, default=True): selector.BooleanSelector()})


def is_long_retention(days: int | None, before: int | None) -> bool:
    """Tell whether a retention period needs a word of warning: it is long, and it wasn't so before."""
    return days is not None and days > RETENTION_DAYS_LONG and days != before


class CameraFlow(ConfigSubentryFlow):
    """Steps `user` (or `reconfigure`), perhaps `long_retention`, `zones`, `preview` (or `unseen`), the test's."""

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._title = ""
        self._preview: dict[str, str] = {}
        self._tested: dict[str, str] = {}
        self._testing: asyncio.Task[None] | None = None
        self._noted = False
        self._address: Address | None = None

    # --- which camera, and when it records ---

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the camera and when it records."""
        return await self._settings("user", user_input, {})

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a guarded camera."""
        subentry = self._get_reconfigure_subentry()
        if not self._data:
            self._data = dict(subentry.data)
            self._title = subentry.title
        return await self._settings("reconfigure", user_input, self._by_entity_id(subentry.data))

    async def _settings(
        self, step_id: str, user_input: dict[str, Any] | None, shown: Mapping[str, Any]
    ) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        if user_input is not None:
            errors, placeholders = self._check_settings(user_input)
            if not errors:
                self._take_settings(user_input)
                if is_long_retention(self._data.get(CONF_RETENTION_DAYS), self._days_before()):
                    return await self.async_step_long_retention()
                return await self.async_step_zones()
        suggested = {name: value for name, value in (user_input or shown).items() if value is not None}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(settings_schema(self.hass, self._get_entry()), suggested),
            errors=errors,
            description_placeholders={"schemes": ""} | placeholders,
        )

    async def async_step_long_retention(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Say that a retention period is long; go on, or go back to the settings."""
        if user_input is None:
            return self.async_show_form(
                step_id="long_retention",
                data_schema=LONG_RETENTION_SCHEMA,
                description_placeholders={"days": str(self._data[CONF_RETENTION_DAYS])},
            )
        if user_input[CONF_CONFIRM]:
            return await self.async_step_zones()
        step_id = "reconfigure" if self.source == SOURCE_RECONFIGURE else "user"
        return await self._settings(step_id, None, self._by_entity_id(self._data))

    def _days_before(self) -> int | None:
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_subentry().data.get(CONF_RETENTION_DAYS)

    def _by_entity_id(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return settings as a form shows them: entities by their present ids."""
        registry = er.async_get(self.hass)
        known = {name: value for name, value in data.items() if name not in {CONF_SOURCE, CONF_PASSWORD}}
        if not is_address(data[CONF_SOURCE]):
            known[CONF_SOURCE] = SourceEntity(self.hass, data[CONF_SOURCE]).entity_id
        return known | {
            CONF_TRIGGERS: [
                entity_id
                for reference in data.get(CONF_TRIGGERS, ())
                if (entity_id := er.async_resolve_entity_id(registry, reference)) is not None
            ],
        }

    def _check_settings(self, user_input: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        """Return (errors by field, placeholders)."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        mine = self._get_reconfigure_subentry().subentry_id if self.source == SOURCE_RECONFIGURE else None
        entity_id, address = user_input.get(CONF_SOURCE), user_input.get(CONF_ADDRESS, "").strip()
        self._address = None
        if bool(entity_id) == bool(address):
            errors["base"] = "source_or_address"
        elif address:
            try:
                self._address = address_of(self._get_entry(), user_input, self._data, mine)
            except InvalidError as error:
                errors[CONF_ADDRESS] = error.key
                placeholders |= error.placeholders
        elif (key := source_error(self.hass, self._get_entry(), str(entity_id), mine)) is not None:
            errors[CONF_SOURCE] = key
        if not user_input[CONF_PLACE].strip():
            errors[CONF_PLACE] = "required"
        try:
            parse_zones(raw_areas(user_input.get(CONF_MOTION, {}).get(CONF_MOTION_LEAVE_OUT)))
        except InvalidError as error:
            errors["base"] = error.key
            placeholders |= error.placeholders
        return errors, placeholders

    def _take_settings(self, user_input: dict[str, Any]) -> None:
        address = self._address
        reference = registry_reference(self.hass, user_input[CONF_SOURCE]) if address is None else address.reference
        if reference != self._data.get(CONF_SOURCE):
            self._data.pop(CONF_REFERENCE, None)
            self._preview = {}
            if self.source != SOURCE_RECONFIGURE or not self._title:
                name = SourceEntity(self.hass, reference).name or reference
                self._title = user_input[CONF_PLACE].strip() if address else name
        self._data = taken(self.hass, self._data, user_input, address)

    # --- zones ---

    async def async_step_zones(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the zones, over a picture with a percent grid."""
        errors: dict[str, str] = {}
        placeholders = {"zone": "", "limit": ""}
        if user_input is not None:
            try:
                zones = parse_zones(raw_areas(user_input.get(CONF_ZONES)))
                if not zones and not user_input.get(CONF_VIEW_IS_OWN_PREMISES):
                    raise InvalidError("own_premises_not_confirmed")
            except InvalidError as error:
                on = CONF_VIEW_IS_OWN_PREMISES if error.key == "own_premises_not_confirmed" else CONF_ZONES
                errors[on] = error.key
                placeholders |= error.placeholders
            else:
                self._data[CONF_ZONES] = [{"name": zone.name, "points": zone.points_text} for zone in zones]
                self._data[CONF_VIEW_IS_OWN_PREMISES] = bool(user_input.get(CONF_VIEW_IS_OWN_PREMISES))
                seen = await self._look()
                return await (self.async_step_preview() if seen else self.async_step_unseen())
        elif not self._preview:
            await self._look()
        shown = user_input if user_input is not None else self._data
        return self.async_show_form(
            step_id="zones",
            data_schema=self.add_suggested_values_to_schema(_zones_schema(), shown),
            errors=errors,
            description_placeholders=placeholders | self._preview | {"example": ZONE_EXAMPLE, "editor": self._editor()},
        )

    # --- a look at the mask ---

    async def async_step_preview(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show the current picture with the mask burnt in; confirm or go back."""
        return await self._confirm("preview", user_input)

    async def async_step_unseen(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Say that there is no picture to check the zones on; go on without, or go back and look again."""
        return await self._confirm("unseen", user_input)

    async def _confirm(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        if user_input is None:
            # Off: it is a person who says it (guideline 2(2)).
            return self.async_show_form(
                step_id=step_id,
                data_schema=vol.Schema({vol.Required(CONF_CONFIRM, default=False): selector.BooleanSelector()}),
                description_placeholders=self._preview,
            )
        if user_input[CONF_CONFIRM]:
            if step_id == "preview":
                self._data[CONF_CONFIRMED_AT] = confirmed_at()
            return await self.async_step_test()
        if step_id == "unseen":
            self._preview = {}
        return await self.async_step_zones()

    async def _look(self) -> bool:
        """Take a masked picture for the next forms; tell why not, when there is none."""
        try:
            self._check_privacy()
            await self._note_look()
            taken = await probing.preview(
                self._camera(), self._source(), PREVIEW_WIDTH_PX, self._running(), choose=self._chooser()
            )
        except (WorkerError, StorageError) as error:
            reason = await self._sentence(error)
            self._preview = {"preview": await self._text("nothing_seen", reason=reason)}
            return False
        image = base64.b64encode(taken.image).decode()
        lines = [f"![preview](data:image/jpeg;base64,{image})"]
        if zones := self._camera().zones:
            named = " · ".join(f"{number} {zone.name}" for number, zone in enumerate(zones, 1))
            lines.append(await self._text("present_zones", zones=named))
        self._preview = {"preview": "\n\n".join(lines)}
        self._data[CONF_REFERENCE] = [taken.width, taken.height]
        return True

    async def _note_look(self) -> None:
        """Write down, once in a flow, that the picture is shown without the camera's zones (invariant 1).

        Raises StorageError: then it mustn't be shown.
        """
        entry = self._get_entry()
        if self._noted or entry.state is not ConfigEntryState.LOADED:
            return
        camera_id = self._get_reconfigure_subentry().subentry_id if self.source == SOURCE_RECONFIGURE else ""
        await entry.runtime_data.site.reveals.note(present_actor(), camera_id, self._data[CONF_SOURCE], "flow")
        self._noted = True

    def _check_privacy(self) -> None:
        """Raise WorkerError `privacy` while the camera isn't to be seen by anybody."""
        entry = self._get_entry()
        if self.source != SOURCE_RECONFIGURE or entry.state is not ConfigEntryState.LOADED:
            return
        if entry.runtime_data.is_private(self._get_reconfigure_subentry().subentry_id):
            raise WorkerError("privacy")

    def _editor(self) -> str:
        """Return the panel's address for those who'd rather draw."""
        if self.source != SOURCE_RECONFIGURE:
            return f"/{PANEL_PATH}/cameras/add"
        return f"/{PANEL_PATH}/cameras/{self._get_reconfigure_subentry().subentry_id}/zones"

    def _running(self) -> WorkerProcess | None:
        """Return the worker that watches this camera already."""
        entry = self._get_entry()
        if self.source != SOURCE_RECONFIGURE or entry.state is not ConfigEntryState.LOADED:
            return None
        subentry = self._get_reconfigure_subentry()
        recorder = entry.runtime_data.recorder(subentry.subentry_id)
        return recorder.worker if recorder and subentry.data[CONF_SOURCE] == self._data[CONF_SOURCE] else None

    def _chooser(self) -> Choose | None:
        """Return what says where the camera is to be worked for: the picture comes from there, which is tried so."""
        entry, host = self._get_entry(), self._data.get(CONF_HOST)
        if not host or entry.state is not ConfigEntryState.LOADED:
            return None
        chooser: Choose = entry.runtime_data.site.hosts.chooser("setup", host)
        return chooser

    def _camera(self) -> CameraSettings:
        # The zones in hand, on whatever shape the camera has now: that is what is being confirmed.
        data = {CONF_ZONES: [], **self._data}
        data.pop(CONF_REFERENCE, None)
        return camera_from(data, "setup", self._title)

    def _source(self) -> CameraSource:
        return source_of(self.hass, self._camera())

    # --- a test clip ---

    async def async_step_test(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Offer a short test clip."""
        if user_input is not None:
            if not user_input[CONF_RECORD_TEST_CLIP]:
                return self._finish()
            return await self.async_step_testing()
        return self.async_show_form(
            step_id="test",
            data_schema=vol.Schema({vol.Required(CONF_RECORD_TEST_CLIP, default=True): selector.BooleanSelector()}),
        )

    async def async_step_testing(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Record the test clip, and say what is being done meanwhile."""
        begun = self._testing is None
        if self._testing is None:
            self._testing = self.hass.async_create_task(self._record_test_clip(), "camguard test clip")
        # A test that failed at once is shown as one in progress, too: else Home Assistant would hand the fields of
        # the step before to the one that tells the result, and nobody would see it.
        if begun or not self._testing.done():
            return self.async_show_progress(step_id="testing", progress_action="test_clip", progress_task=self._testing)
        testing, self._testing = self._testing, None
        testing.result()
        return self.async_show_progress_done(next_step_id="tested")

    async def async_step_tested(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Say whether the test clip was recorded and masked."""
        if user_input is not None:
            return self._finish()
        return self.async_show_form(
            step_id="tested", data_schema=vol.Schema({}), description_placeholders=self._tested, last_step=True
        )

    async def _record_test_clip(self) -> None:
        folder = paths_of(self.hass, self._get_entry().data).spools
        try:
            self._check_privacy()
            result = await probing.test_clip(self._camera(), self._source(), folder, self.hass.async_add_executor_job)
        except CamguardError as error:
            self._tested = {"result": await self._text("test_failed", reason=await self._sentence(error))}
        except OSError as error:
            reason = await self._sentence(storage_error(error, folder))
            self._tested = {"result": await self._text("test_failed", reason=reason)}
        else:
            key = "test_passed" if result.masked else "test_open"
            facts = {
                "seconds": f"{result.seconds:.1f}",
                "frames": str(result.frames),
                "size": f"{result.size_bytes / 1_000_000:.1f}",
            }
            lines = [await self._text(key, **facts)]
            fits = result.fits(os.process_cpu_count() or 1)
            if fits is not None:
                cameras = len(self._get_entry().subentries) + (self.source != SOURCE_RECONFIGURE)
                key = "capacity" if fits >= cameras else "capacity_low"
                lines.append(await self._text(key, count=str(fits), cameras=str(cameras)))
            if result.sound != "off":
                lines.append(await self._text(f"sound_{result.sound}", codec=result.sound_codec))
            self._tested = {"result": "\n\n".join(lines)}

    def _finish(self) -> SubentryFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                data=self._data,
                title=self._title,
                unique_id=self._data[CONF_SOURCE],
            )
        return self.async_create_entry(title=self._title, data=self._data, unique_id=self._data[CONF_SOURCE])

    # --- sentences ---

    async def _sentence(self, error: CamguardError) -> str:
        """Return an error's sentence in the user's language."""
        language = await language_of_user(self.hass)
        return filled(await async_get_translations(self.hass, language, "exceptions", integrations=[DOMAIN]), error)

    async def _text(self, key: str, **placeholders: str) -> str:
        """Return a sentence of this flow's own, which stands inside another."""
        return await self._sentence(CamguardError(f"flow_{key}", **placeholders))


def _zones_schema() -> vol.Schema:
    return vol.Schema(
        {
            vol.Optional(CONF_ZONES, default=[]): areas_selector(),
            vol.Required(CONF_VIEW_IS_OWN_PREMISES, default=False): selector.BooleanSelector(),
        }
    )
