"""Set-up of a place for sealed copies: another disk or a share as a folder, an S3 store, a WebDAV or SFTP server."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import probatio as vol
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.helpers import selector

from .app.copies.folder_store import prepare_folder
from .app.copies.store import CopyError
from .camera_flow import CONF_CONFIRM
from .const import (
    CONF_ACCESS_KEY_ID,
    CONF_BUCKET,
    CONF_CODE,
    CONF_ENDPOINT_URL,
    CONF_ESCROW,
    CONF_HOST,
    CONF_HOST_KEY,
    CONF_HOURS,
    CONF_KB_A_SECOND,
    CONF_KIND,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PATH,
    CONF_PORT,
    CONF_PREFIX,
    CONF_PRIVATE_KEY,
    CONF_REGION,
    CONF_SECRET_ACCESS_KEY,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
    SUBENTRY_COPY,
)
from .domain.errors import CamguardError, InvalidError
from .domain.settings import HOURS_MOST
from .hass.copies.sftp_store import PORT, host_key
from .hass.copies.stores import FOLDER, S3, SFTP, WEBDAV, escrow_of, kind_of, place_of, remote_store_of
from .hass.people.persons import present_actor
from .hass.settings import paths_of
from .runtime import loaded_runtime
from .vault.keys.escrow import new_escrow
from .vault.paths import check_copy_path, same_disk

_RATE = selector.NumberSelector(
    selector.NumberSelectorConfig(
        min=1, max=1_000_000, step=1, unit_of_measurement="kB/s", mode=selector.NumberSelectorMode.BOX
    )
)
_TEXT = selector.TextSelector()
_URL = selector.TextSelector(selector.TextSelectorConfig(type=selector.TextSelectorType.URL))
_SECRET = selector.TextSelector(selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD))
_LINES = selector.TextSelector(selector.TextSelectorConfig(multiline=True))
_PORT = selector.NumberSelector(selector.NumberSelectorConfig(min=1, max=65535, mode=selector.NumberSelectorMode.BOX))
_HOURS = selector.NumberSelector(
    selector.NumberSelectorConfig(
        min=0, max=HOURS_MOST, step=1, unit_of_measurement="h", mode=selector.NumberSelectorMode.BOX
    )
)
_NAME_AND_RATE = {vol.Required(CONF_NAME): _TEXT, vol.Optional(CONF_KB_A_SECOND): _RATE}
_PLACES: dict[str, dict[Any, Any]] = {
    FOLDER: {vol.Required(CONF_PATH): _TEXT},
    S3: {
        vol.Required(CONF_ENDPOINT_URL): _URL,
        vol.Optional(CONF_REGION): _TEXT,
        vol.Required(CONF_BUCKET): _TEXT,
        vol.Optional(CONF_PREFIX): _TEXT,
    },
    WEBDAV: {vol.Required(CONF_URL): _URL, vol.Required(CONF_VERIFY_SSL, default=True): selector.BooleanSelector()},
    SFTP: {
        vol.Required(CONF_HOST): _TEXT,
        vol.Required(CONF_PORT, default=PORT): _PORT,
        vol.Required(CONF_PATH): _TEXT,
        vol.Required(CONF_USERNAME): _TEXT,
    },
}
"""What makes it another place, by its kind: it can't be changed."""
_LOGINS: dict[str, dict[Any, Any]] = {
    FOLDER: {},
    S3: {vol.Required(CONF_ACCESS_KEY_ID): _TEXT, vol.Optional(CONF_SECRET_ACCESS_KEY): _SECRET},
    WEBDAV: {vol.Optional(CONF_USERNAME): _TEXT, vol.Optional(CONF_PASSWORD): _SECRET},
    SFTP: {vol.Optional(CONF_PASSWORD): _SECRET, vol.Optional(CONF_PRIVATE_KEY): _LINES},
}
_SECRETS = {CONF_SECRET_ACCESS_KEY, CONF_PASSWORD, CONF_PRIVATE_KEY}
"""They aren't shown again: empty leaves them."""
_EXAMPLES = {
    S3: {"example": "https://s3.eu-central-1.amazonaws.com", "lan_example": "http://nas.local:9000"},
    WEBDAV: {"example": "https://cloud.example.com/remote.php/dav/files/sato/camguard"},
}
SCHEMAS = {kind: vol.Schema({**place, **_LOGINS[kind], **_NAME_AND_RATE}) for kind, place in _PLACES.items()}
RECONFIGURE_SCHEMAS = {kind: vol.Schema({**login, **_NAME_AND_RATE}) for kind, login in _LOGINS.items()}
ESCROW_SCHEMA = vol.Schema({vol.Required(CONF_HOURS): _HOURS})
CODE_SCHEMA = vol.Schema({vol.Required(CONF_CODE): _TEXT})
CONFIRM_SCHEMA = vol.Schema({vol.Required(CONF_CONFIRM, default=False): selector.BooleanSelector()})


class CopyFlow(ConfigSubentryFlow):
    """Steps `user` (a menu), one for each kind, perhaps `same_disk` or `host_key`, then `escrow` and perhaps `code`.

    Or `reconfigure` (a menu): `settings` (`reconfigure_<kind>`), `escrow`, `bring_back`.
    """

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._title = ""
        self._fingerprint = self._code = ""
        self._changing = False

    async def async_step_user(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask where to."""
        return self.async_show_menu(step_id="user", menu_options=[FOLDER, S3, WEBDAV, SFTP])

    async def async_step_folder(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the folder."""
        if user_input is None:
            return self._form(FOLDER, {})
        self._take({}, user_input)
        try:
            path = await self._checked(user_input[CONF_PATH].strip())
        except InvalidError as error:
            return self._form(FOLDER, user_input, {CONF_PATH: error.key}, error.placeholders)
        self._data[CONF_PATH] = str(path)
        paths = paths_of(self.hass, self._get_entry().data)
        if await self.hass.async_add_executor_job(same_disk, path, paths.storage):
            return await self.async_step_same_disk()
        return await self._prepare_folder()

    async def async_step_same_disk(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Say that a copy on the same disk is lost together with it; go on, or go back."""
        if user_input is None:
            return self.async_show_form(
                step_id="same_disk",
                data_schema=CONFIRM_SCHEMA,
                description_placeholders={"path": self._data[CONF_PATH]},
            )
        if not user_input[CONF_CONFIRM]:
            return self._form(FOLDER, self._data | {CONF_NAME: self._title})
        return await self._prepare_folder()

    async def async_step_s3(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a bucket."""
        return await self._remote(S3, user_input)

    async def async_step_webdav(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a folder's address."""
        return await self._remote(WEBDAV, user_input)

    async def async_step_sftp(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a machine and its folder; its host key is then to be confirmed."""
        return await self._remote(SFTP, user_input)

    async def async_step_host_key(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Have the key confirmed that the machine shows."""
        if user_input is None or not user_input[CONF_CONFIRM]:
            return self.async_show_form(
                step_id="host_key",
                data_schema=CONFIRM_SCHEMA,
                errors={} if user_input is None else {CONF_CONFIRM: "host_key_unconfirmed"},
                description_placeholders={"host": self._data[CONF_HOST], "fingerprint": self._fingerprint},
            )
        step = f"reconfigure_{SFTP}" if self._changing else SFTP
        return await self._finish_remote(step, self._data | {CONF_NAME: self._title})

    async def async_step_escrow(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask whether the last hours' keys are to be kept there, for who has a code on paper."""
        if user_input is None:
            known = escrow_of(self._data)
            suggested = {CONF_HOURS: known.hours if known else 0}
            return self.async_show_form(
                step_id="escrow",
                data_schema=self.add_suggested_values_to_schema(ESCROW_SCHEMA, suggested),
                description_placeholders={"place": self._title},
            )
        self._data.pop(CONF_ESCROW, None)
        if not (hours := int(user_input[CONF_HOURS])):
            return self._save()
        escrow, self._code = await self.hass.async_add_executor_job(new_escrow, hours)
        self._data[CONF_ESCROW] = asdict(escrow)
        return await self.async_step_code()

    async def async_step_code(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show the code until somebody says that it is on paper: only then it counts."""
        if user_input is None or not user_input[CONF_CONFIRM]:
            return self.async_show_form(
                step_id="code",
                data_schema=CONFIRM_SCHEMA,
                errors={} if user_input is None else {CONF_CONFIRM: "code_unconfirmed"},
                description_placeholders={"code": self._code, "hours": str(self._data[CONF_ESCROW]["hours"])},
            )
        self._code = ""
        return self._save()

    async def async_step_reconfigure(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what is to be done with a place."""
        subentry = self._get_reconfigure_subentry()
        self._changing, self._data, self._title = True, dict(subentry.data), subentry.title
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["settings", "escrow", "bring_back"],
            description_placeholders={"place": place_of(self._data)},
        )

    async def async_step_settings(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change name, rate and login; another folder, bucket or machine is another place."""
        return self._form(f"reconfigure_{kind_of(self._data)}", {**self._data, CONF_NAME: self._title})

    async def async_step_bring_back(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the paper code of an escrow there, and begin to bring its clips back."""
        errors: dict[str, str] = {}
        placeholders = {"place": place_of(self._data)}
        if user_input is not None:
            runtime = loaded_runtime(self.hass)
            if runtime is None:
                return self.async_abort(reason="not_loaded")
            subentry_id = self._get_reconfigure_subentry().subentry_id
            try:
                progress = await runtime.site.copies.bring_back(subentry_id, user_input[CONF_CODE], present_actor())
            except CamguardError as error:
                errors, placeholders = {"base": error.key}, placeholders | error.placeholders
            else:
                return self.async_abort(reason="bringing_back", description_placeholders={"count": str(progress.count)})
        return self.async_show_form(
            step_id="bring_back", data_schema=CODE_SCHEMA, errors=errors, description_placeholders=placeholders
        )

    async def async_step_reconfigure_folder(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take in a name and a rate."""
        data = self._get_reconfigure_subentry().data
        self._take({name: value for name, value in data.items() if name != CONF_KB_A_SECOND}, user_input)
        return self._save()

    async def async_step_reconfigure_s3(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take in a login."""
        return await self._changed(user_input)

    async def async_step_reconfigure_webdav(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take in a login."""
        return await self._changed(user_input)

    async def async_step_reconfigure_sftp(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take in a login; a host key that is another one is to be confirmed anew."""
        return await self._changed(user_input)

    async def _remote(self, kind: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        if user_input is None:
            return self._form(kind, {})
        self._take({CONF_KIND: kind}, user_input)
        for name in (CONF_URL, CONF_ENDPOINT_URL):
            if name in self._data and not _is_address(self._data[name]):
                return self._form(kind, user_input, {name: "copy_address"})
        if kind == SFTP:
            try:
                return await self._ask_host_key()
            except CopyError as error:
                return self._form(kind, user_input, {"base": error.key}, error.placeholders)
        return await self._finish_remote(kind, user_input)

    async def _ask_host_key(self) -> SubentryFlowResult:
        """Raises CopyError."""
        host, port = self._data[CONF_HOST], int(self._data[CONF_PORT])
        self._data[CONF_HOST_KEY], self._fingerprint = await host_key(self.hass, host, port)
        return await self.async_step_host_key()

    async def _changed(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take in what was changed of a place on another machine."""
        data = self._get_reconfigure_subentry().data
        kind = kind_of(data)
        login = {str(key) for key in _LOGINS[kind]}
        kept = {name: value for name, value in data.items() if name not in login | {CONF_KB_A_SECOND}}
        kept |= {name: data[name] for name in _SECRETS & login if name in data}
        self._take(kept, user_input)
        return await self._finish_remote(f"reconfigure_{kind}", user_input)

    async def _finish_remote(self, step_id: str, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Log in and prepare the place; say why it can't be used."""
        place = place_of(self._data)
        if not self._changing and self._is_taken(place):
            return self._form(step_id, user_input, {"base": "copy_path_taken"}, {"path": place})
        store = remote_store_of(self.hass, self._data, "camguard-setup")
        try:
            await store.prepare()
        except CopyError as error:
            if error.key == "copy_host_key" and not self._fingerprint:
                return await self._ask_host_key()
            return self._form(step_id, user_input, {"base": error.key}, error.placeholders)
        finally:
            await store.close()
        return self._save() if self._changing else await self.async_step_escrow()

    def _form(
        self,
        step_id: str,
        suggested: Mapping[str, Any],
        errors: dict[str, str] | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Show what is asked, with what was entered but for secrets."""
        kind = step_id.removeprefix("reconfigure_")
        schema = RECONFIGURE_SCHEMAS[kind] if self._changing else SCHEMAS[kind]
        place = place_of(self._get_reconfigure_subentry().data) if self._changing else ""
        shown = {name: value for name, value in suggested.items() if name not in _SECRETS or not self._changing}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors or {},
            description_placeholders={
                "path": place,
                "place": place,
                **_EXAMPLES.get(kind, {}),
                **(placeholders or {}),
            },
        )

    def _save(self) -> SubentryFlowResult:
        if not self._changing:
            return self.async_create_entry(title=self._title, data=self._data)
        subentry = self._get_reconfigure_subentry()
        return self.async_update_and_abort(self._get_entry(), subentry, title=self._title, data=self._data)

    def _take(self, kept: Mapping[str, Any], user_input: Mapping[str, Any]) -> None:
        """Take in what was entered, beside what is kept; an empty field is none."""
        entered = {name: value.strip() if isinstance(value, str) else value for name, value in user_input.items()}
        self._title = entered.pop(CONF_NAME) or "CamGuard"
        self._data = {**kept, **{name: value for name, value in entered.items() if value not in ("", None)}}
        if CONF_PRIVATE_KEY in self._data:
            self._data[CONF_PRIVATE_KEY] = self._data[CONF_PRIVATE_KEY].rstrip() + "\n"
        if CONF_PREFIX in self._data:
            self._data[CONF_PREFIX] = self._data[CONF_PREFIX].strip("/")

    async def _checked(self, text: str) -> Path:
        """Return the folder; raises InvalidError."""
        paths = paths_of(self.hass, self._get_entry().data)
        config_dir = Path(self.hass.config.config_dir)
        path = await self.hass.async_add_executor_job(check_copy_path, text, config_dir, paths)
        if self._is_taken(str(path)):
            raise InvalidError("copy_path_taken", path=str(path))
        return path

    def _is_taken(self, place: str) -> bool:
        return any(
            place_of(subentry.data) == place
            for subentry in self._get_entry().subentries.values()
            if subentry.subentry_type == SUBENTRY_COPY
        )

    async def _prepare_folder(self) -> SubentryFlowResult:
        try:
            await self.hass.async_add_executor_job(prepare_folder, Path(self._data[CONF_PATH]))
        except OSError:
            return self.async_abort(
                reason="path_not_writable", description_placeholders={"path": self._data[CONF_PATH]}
            )
        return await self.async_step_escrow()


def _is_address(text: str) -> bool:
    """Tell whether it is a web address without a login in it."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
