"""Set-up of a place for sealed copies: another disk or a network share, as a folder."""

from pathlib import Path
from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.helpers import selector

from .app.copies.folder_store import prepare_folder
from .camera_flow import CONF_CONFIRM
from .const import CONF_KB_A_SECOND, CONF_NAME, CONF_PATH, SUBENTRY_COPY
from .domain.errors import InvalidError
from .hass.settings import paths_of
from .vault.paths import check_copy_path, same_disk

_RATE = selector.NumberSelector(
    selector.NumberSelectorConfig(
        min=1, max=1_000_000, step=1, unit_of_measurement="kB/s", mode=selector.NumberSelectorMode.BOX
    )
)
_NAME_AND_RATE = {vol.Required(CONF_NAME): selector.TextSelector(), vol.Optional(CONF_KB_A_SECOND): _RATE}
FOLDER_SCHEMA = vol.Schema({vol.Required(CONF_PATH): selector.TextSelector(), **_NAME_AND_RATE})
RECONFIGURE_SCHEMA = vol.Schema(_NAME_AND_RATE)
CONFIRM_SCHEMA = vol.Schema({vol.Required(CONF_CONFIRM, default=False): selector.BooleanSelector()})


class CopyFlow(ConfigSubentryFlow):
    """Steps `user`, perhaps `same_disk`; or `reconfigure`."""

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._title = ""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the folder."""
        errors: dict[str, str] = {}
        placeholders = {"path": ""}
        if user_input is not None:
            self._take(user_input)
            try:
                path = await self._checked(user_input[CONF_PATH].strip())
            except InvalidError as error:
                errors, placeholders = {CONF_PATH: error.key}, placeholders | error.placeholders
            else:
                self._data[CONF_PATH] = str(path)
                paths = paths_of(self.hass, self._get_entry().data)
                if await self.hass.async_add_executor_job(same_disk, path, paths.storage):
                    return await self.async_step_same_disk()
                return await self._finish()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(FOLDER_SCHEMA, user_input or {}),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_same_disk(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Say that a copy on the same disk is lost together with it; go on, or go back."""
        if user_input is None:
            return self.async_show_form(
                step_id="same_disk",
                data_schema=CONFIRM_SCHEMA,
                description_placeholders={"path": self._data[CONF_PATH]},
            )
        if not user_input[CONF_CONFIRM]:
            return self.async_show_form(
                step_id="user",
                data_schema=self.add_suggested_values_to_schema(FOLDER_SCHEMA, self._data | {CONF_NAME: self._title}),
                description_placeholders={"path": ""},
            )
        return await self._finish()

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change name and rate; another folder is another place."""
        subentry = self._get_reconfigure_subentry()
        if user_input is not None:
            self._take(user_input)
            data = {CONF_PATH: subentry.data[CONF_PATH], **self._data}
            return self.async_update_and_abort(self._get_entry(), subentry, title=self._title, data=data)
        suggested = {**subentry.data, CONF_NAME: subentry.title}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(RECONFIGURE_SCHEMA, suggested),
            description_placeholders={"path": subentry.data[CONF_PATH]},
        )

    def _take(self, user_input: dict[str, Any]) -> None:
        rate = user_input.get(CONF_KB_A_SECOND)
        self._title = user_input[CONF_NAME].strip() or "CamGuard"
        self._data = {CONF_KB_A_SECOND: rate} if rate else {}

    async def _checked(self, text: str) -> Path:
        """Return the folder; raises InvalidError."""
        entry = self._get_entry()
        paths = paths_of(self.hass, entry.data)
        config_dir = Path(self.hass.config.config_dir)
        path = await self.hass.async_add_executor_job(check_copy_path, text, config_dir, paths)
        for subentry in entry.subentries.values():
            if subentry.subentry_type == SUBENTRY_COPY and Path(subentry.data[CONF_PATH]) == path:
                raise InvalidError("copy_path_taken", path=str(path))
        return path

    async def _finish(self) -> SubentryFlowResult:
        try:
            await self.hass.async_add_executor_job(prepare_folder, Path(self._data[CONF_PATH]))
        except OSError:
            return self.async_abort(
                reason="path_not_writable", description_placeholders={"path": self._data[CONF_PATH]}
            )
        return self.async_create_entry(title=self._title, data=self._data)
