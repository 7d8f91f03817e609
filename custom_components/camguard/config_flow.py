"""Set-up of the site: who operates the cameras, why, how long clips are kept, where they lie."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import probatio as vol
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
)
from homeassistant.core import callback
from homeassistant.helpers import selector

from .app.workers import probe as probing
from .camera_flow import CONF_CONFIRM, LONG_RETENTION_SCHEMA, CameraFlow, is_long_retention
from .const import (
    CONF_ADDRESS,
    CONF_BACKLOG_MB,
    CONF_CONTACT,
    CONF_CPU_PERCENT,
    CONF_GB_A_DAY,
    CONF_KEY_PATH,
    CONF_LEDGER_YEARS,
    CONF_MIN_FREE_GB,
    CONF_OPERATOR_NAME,
    CONF_PASSWORD,
    CONF_PURPOSE,
    CONF_REGISTER_YEARS,
    CONF_RETENTION_DAYS,
    CONF_STORAGE_PATH,
    CONF_TAKEN_OVER,
    CONF_USERNAME,
    CONF_VIEWERS,
    DOMAIN,
    SUBENTRY_CAMERA,
    SUBENTRY_COPY,
    SUBENTRY_HOST,
    SUBENTRY_SITE,
)
from .copy_flow import CopyFlow
from .domain.errors import CamguardError, InvalidError, WorkerError
from .domain.settings import (
    BACKLOG_MB_LEAST,
    BACKLOG_MB_MOST,
    LEDGER_YEARS_DEFAULT,
    LEDGER_YEARS_MAX,
    REGISTER_YEARS_DEFAULT,
    REGISTER_YEARS_MAX,
    RETENTION_DAYS_DEFAULT,
    RETENTION_DAYS_MAX,
)
from .hass.languages import language_of_user
from .hass.settings import MIN_FREE_GB_DEFAULT, backlog_mb_default, camera_from, paths_of
from .hass.sources.address import parse_address
from .hass.sources.choice import source_of
from .hass.sources.reauth import CONTEXT_CAMERA
from .host_flow import HostFlow
from .site_flow import SiteFlow
from .vault.identity import is_foreign
from .vault.keys.root_key import move_root
from .vault.media.facts import MediumKind, media_facts
from .vault.paths import Paths, check_apart, check_key_path, check_storage_path
from .worker.faults import SOURCE_UNAUTHORIZED

LOGIN_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_USERNAME): selector.TextSelector(selector.TextSelectorConfig(autocomplete="off")),
        vol.Required(CONF_PASSWORD): selector.TextSelector(
            selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD, autocomplete="new-password")
        ),
    }
)
TAKE_OVER_SCHEMA = vol.Schema({vol.Required(CONF_CONFIRM, default=False): selector.BooleanSelector()})
PURPOSES = {"ja": "防犯のため"}
PURPOSE_DEFAULT = "Crime prevention"


class CamguardFlow(ConfigFlow, domain=DOMAIN):
    """One site for each Home Assistant."""

    VERSION = 1
    MINOR_VERSION = 1

    @classmethod
    @callback
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the kinds of things that can be added to a site."""
        return {SUBENTRY_CAMERA: CameraFlow, SUBENTRY_COPY: CopyFlow, SUBENTRY_SITE: SiteFlow, SUBENTRY_HOST: HostFlow}

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._long = False
        self._owner = ""
        """Whose the storage folder is, when it is another installation's."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the site's settings."""
        purpose = PURPOSES.get(await language_of_user(self.hass), PURPOSE_DEFAULT)
        return await self._settings("user", user_input, {CONF_PURPOSE: purpose}, None)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change the site's settings."""
        data = self._get_reconfigure_entry().data
        return await self._settings("reconfigure", user_input, data, data.get(CONF_RETENTION_DAYS))

    # --- a camera at an address refuses its login ---

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for the login of the camera that the context names."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take it, unless the camera refuses this one as well."""
        entry = self._get_reauth_entry()
        subentry = entry.subentries.get(str(self.context.get(CONTEXT_CAMERA)))
        if subentry is None:
            return self.async_abort(reason="camera_removed")
        errors: dict[str, str] = {}
        if user_input is not None:
            login = {CONF_USERNAME: user_input[CONF_USERNAME].strip(), CONF_PASSWORD: user_input[CONF_PASSWORD]}
            data = {**subentry.data, **login}
            try:
                parse_address(data[CONF_ADDRESS], login[CONF_USERNAME], login[CONF_PASSWORD])
                await self._try_login(data, subentry.title)
            except InvalidError as error:
                errors[CONF_USERNAME] = error.key
            except WorkerError:
                errors["base"] = SOURCE_UNAUTHORIZED
            else:
                self.hass.config_entries.async_update_subentry(entry, subentry, data=data)
                return self.async_abort(reason="reauth_successful")
        suggested = {CONF_USERNAME: (user_input or subentry.data).get(CONF_USERNAME, "")}
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=self.add_suggested_values_to_schema(LOGIN_SCHEMA, suggested),
            errors=errors,
            description_placeholders={
                "camera": subentry.title,
                "server": str(urlsplit(subentry.data[CONF_ADDRESS]).hostname),
            },
        )

    async def _try_login(self, data: Mapping[str, Any], title: str) -> None:
        """Raise WorkerError when the camera refuses it. Whether it delivers is another matter."""
        entry, camera_id = self._get_reauth_entry(), str(self.context.get(CONTEXT_CAMERA))
        if entry.state is ConfigEntryState.LOADED and entry.runtime_data.is_private(camera_id):
            return  # its stream isn't opened
        camera = camera_from(data, "setup", title)
        try:
            await probing.preview(camera, source_of(self.hass, camera), 0, grid=False)
        except WorkerError as error:
            if error.key == SOURCE_UNAUTHORIZED:
                raise

    async def async_step_long_retention(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that a retention period is long; go on, or go back to the settings."""
        if user_input is None:
            return self.async_show_form(
                step_id="long_retention",
                data_schema=LONG_RETENTION_SCHEMA,
                description_placeholders={"days": str(self._data[CONF_RETENTION_DAYS])},
            )
        if not user_input[CONF_CONFIRM]:
            return await self._form("reconfigure" if self.source == SOURCE_RECONFIGURE else "user", self._data, {}, {})
        return await self._finish()

    async def _settings(
        self, step_id: str, user_input: dict[str, Any] | None, shown: Mapping[str, Any], days_before: int | None
    ) -> ConfigFlowResult:
        if user_input is None:
            return await self._form(step_id, shown, {}, {})
        self._data, errors, placeholders = await self._checked(user_input)
        if errors:
            return await self._form(step_id, user_input, errors, placeholders)
        self._long = is_long_retention(self._data[CONF_RETENTION_DAYS], days_before)
        paths = paths_of(self.hass, self._data)
        try:
            self._owner = await self.hass.async_add_executor_job(is_foreign, paths)
        except OSError:
            errors, placeholders = {CONF_STORAGE_PATH: "path_not_writable"}, {"path": str(paths.storage)}
            return await self._form(step_id, user_input, errors, placeholders)
        if self._owner and self._owner != self._data.get(CONF_TAKEN_OVER):
            return await self.async_step_take_over()
        return await self._ask_retention()

    async def _ask_retention(self) -> ConfigFlowResult:
        return await self.async_step_long_retention() if self._long else await self._finish()

    async def async_step_take_over(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that a folder is another installation's; take it over, or go back to the settings."""
        if user_input is None:
            return self.async_show_form(
                step_id="take_over",
                data_schema=TAKE_OVER_SCHEMA,
                description_placeholders={"path": str(paths_of(self.hass, self._data).storage)},
            )
        if not user_input[CONF_CONFIRM]:
            return await self._form("reconfigure" if self.source == SOURCE_RECONFIGURE else "user", self._data, {}, {})
        self._data[CONF_TAKEN_OVER] = self._owner
        return await self._ask_retention()

    async def _finish(self) -> ConfigFlowResult:
        if self.source != SOURCE_RECONFIGURE:
            return self.async_create_entry(title="CamGuard", data=self._data)
        entry = self._get_reconfigure_entry()
        errors, placeholders = await self._moved(entry.data, self._data)
        if errors:
            return await self._form("reconfigure", self._data, errors, placeholders)
        return self.async_update_and_abort(entry, data=self._data)

    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Lead into the first camera's flow."""
        flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_CAMERA), context={"source": SOURCE_USER}
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
        return result

    async def _form(
        self, step_id: str, suggested: Mapping[str, Any], errors: dict[str, str], placeholders: dict[str, str]
    ) -> ConfigFlowResult:
        users = [
            selector.SelectOptionDict(value=user.id, label=user.name or user.id)
            for user in await self.hass.auth.async_get_users()
            if user.is_active and not user.system_generated and not user.is_admin
        ]
        known = {user["value"] for user in users}
        # A viewer who became an administrator or was removed would not be a valid choice any more.
        viewers = [user for user in suggested.get(CONF_VIEWERS, ()) if user in known]
        suggested = dict(suggested) | {CONF_VIEWERS: viewers}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_schema(users), suggested),
            errors=errors,
            description_placeholders={"path": "", "detail": ""} | placeholders,
        )

    async def _checked(self, user_input: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
        """Return (data, errors by field, placeholders) of what the user gave."""
        data = {name: value.strip() if isinstance(value, str) else value for name, value in user_input.items()}
        errors = {name: "required" for name in (CONF_OPERATOR_NAME, CONF_CONTACT, CONF_PURPOSE) if not data.get(name)}
        placeholders: dict[str, str] = {}
        config_dir = Path(self.hass.config.config_dir)
        for name, check in ((CONF_STORAGE_PATH, check_storage_path), (CONF_KEY_PATH, check_key_path)):
            if not data.get(name):
                data.pop(name, None)
                continue
            try:
                data[name] = str(await self.hass.async_add_executor_job(check, data[name], config_dir))
            except InvalidError as error:
                errors[name] = error.key
                placeholders |= error.placeholders
        if CONF_KEY_PATH in data and CONF_KEY_PATH not in errors:
            try:
                await self.hass.async_add_executor_job(_check_key_medium, paths_of(self.hass, data))
            except InvalidError as error:
                errors[CONF_KEY_PATH] = error.key
                placeholders |= error.placeholders
        data[CONF_LEDGER_YEARS] = int(data.get(CONF_LEDGER_YEARS, LEDGER_YEARS_DEFAULT))
        data[CONF_REGISTER_YEARS] = int(data.get(CONF_REGISTER_YEARS, REGISTER_YEARS_DEFAULT))
        data[CONF_RETENTION_DAYS] = int(data.get(CONF_RETENTION_DAYS, RETENTION_DAYS_DEFAULT))
        return data, errors, placeholders

    async def _moved(self, before: Mapping[str, Any], after: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        """Move the root key when its place changed; refuse another storage while clips lie in the old one."""
        old, new = paths_of(self.hass, before), paths_of(self.hass, after)
        if old.storage != new.storage and await self.hass.async_add_executor_job(
            lambda: any(old.keys.glob("*.clip.key"))
        ):
            return {CONF_STORAGE_PATH: "storage_in_use"}, {}
        if old.key_root != new.key_root:
            try:
                await self.hass.async_add_executor_job(move_root, old.key_root, new.key_root)
            except CamguardError as error:
                return {CONF_KEY_PATH: error.key}, dict(error.placeholders)
            except OSError:
                return {CONF_KEY_PATH: "path_not_writable"}, {"path": str(new.key_root)}
        return {}, {}


def _check_key_medium(paths: Paths) -> None:
    """Raise InvalidError when the root key would lie where it is lost at the next start, or with the clips."""
    check_apart(paths.key_root, paths.storage)
    if media_facts(paths.key_root).kind is MediumKind.MEMORY:
        raise InvalidError("path_in_memory", path=str(paths.key_root))


def _schema(users: list[selector.SelectOptionDict]) -> vol.Schema:
    text = selector.TextSelector()
    fields: dict[Any, Any] = {
        vol.Required(CONF_OPERATOR_NAME): text,
        vol.Required(CONF_CONTACT): text,
        vol.Required(CONF_PURPOSE): selector.TextSelector(selector.TextSelectorConfig(multiline=True)),
        vol.Required(CONF_RETENTION_DAYS, default=RETENTION_DAYS_DEFAULT): selector.NumberSelector(
            selector.NumberSelectorConfig(
                min=1,
                max=RETENTION_DAYS_MAX,
                step=1,
                unit_of_measurement="days",
                translation_key="period",
                mode=selector.NumberSelectorMode.BOX,
            )
        ),
        vol.Optional(CONF_STORAGE_PATH): text,
        vol.Optional(CONF_KEY_PATH): text,
        vol.Required(CONF_MIN_FREE_GB, default=MIN_FREE_GB_DEFAULT): selector.NumberSelector(
            selector.NumberSelectorConfig(
                min=0, max=10_000, step="any", unit_of_measurement="GB", mode=selector.NumberSelectorMode.BOX
            )
        ),
        vol.Required(CONF_BACKLOG_MB, default=backlog_mb_default()): selector.NumberSelector(
            selector.NumberSelectorConfig(
                min=BACKLOG_MB_LEAST,
                max=BACKLOG_MB_MOST,
                step=1,
                unit_of_measurement="MB",
                mode=selector.NumberSelectorMode.BOX,
            )
        ),
        vol.Optional(CONF_CPU_PERCENT): selector.NumberSelector(
            selector.NumberSelectorConfig(
                min=5, max=100, step=1, unit_of_measurement="%", mode=selector.NumberSelectorMode.BOX
            )
        ),
        vol.Optional(CONF_GB_A_DAY): selector.NumberSelector(
            selector.NumberSelectorConfig(
                min=0.1, max=10_000, step="any", unit_of_measurement="GB", mode=selector.NumberSelectorMode.BOX
            )
        ),
        vol.Optional(CONF_VIEWERS, default=[]): selector.SelectSelector(
            selector.SelectSelectorConfig(options=users, multiple=True, mode=selector.SelectSelectorMode.DROPDOWN)
        ),
        vol.Required(CONF_LEDGER_YEARS, default=LEDGER_YEARS_DEFAULT): _years(LEDGER_YEARS_MAX),
        vol.Required(CONF_REGISTER_YEARS, default=REGISTER_YEARS_DEFAULT): _years(REGISTER_YEARS_MAX),
    }
    return vol.Schema(fields)


def _years(most: int) -> selector.NumberSelector:
    return selector.NumberSelector(
        selector.NumberSelectorConfig(
            min=1,
            max=most,
            step=1,
            unit_of_measurement="years",
            translation_key="period",
            mode=selector.NumberSelectorMode.BOX,
        )
    )
