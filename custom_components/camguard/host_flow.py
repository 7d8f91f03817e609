"""Set-up of a machine that workers may run on: another computer over SSH, a container engine, a Kubernetes cluster."""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import probatio as vol
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.helpers import selector

from .app.copies.store import CopyError
from .app.workers.hosts import HostFacts, try_host
from .camera_flow import CONF_CONFIRM
from .const import (
    CONF_CONNECTION,
    CONF_CONTEXT,
    CONF_DEPLOYMENT,
    CONF_ENGINE,
    CONF_HOST,
    CONF_HOST_KEY,
    CONF_IMAGE,
    CONF_KIND,
    CONF_NAME,
    CONF_NAMESPACE,
    CONF_PORT,
    CONF_PRIVATE_KEY,
    CONF_PYTHON,
    CONF_USERNAME,
    SUBENTRY_HOST,
)
from .hass.copies.sftp_store import host_key
from .hass.hosts.commands import (
    CONTAINER,
    DOCKER,
    KUBERNETES,
    PODMAN,
    PORT,
    PYTHON,
    SSH,
    authorized_line,
    host_of,
    new_key,
    place_of,
    write_login,
    wrong_field,
)
from .hass.repair_issues import MACHINE_GUIDES, guide
from .hass.settings import paths_of

_TEXT = selector.TextSelector()
_PORT = selector.NumberSelector(selector.NumberSelectorConfig(min=1, max=65535, mode=selector.NumberSelectorMode.BOX))
_ENGINE = selector.SelectSelector(
    selector.SelectSelectorConfig(
        options=[
            selector.SelectOptionDict(value=DOCKER, label="Docker"),
            selector.SelectOptionDict(value=PODMAN, label="Podman"),
        ]
    )
)
SCHEMAS = {
    SSH: vol.Schema(
        {
            vol.Required(CONF_NAME): _TEXT,
            vol.Required(CONF_HOST): _TEXT,
            vol.Required(CONF_PORT, default=PORT): _PORT,
            vol.Required(CONF_USERNAME): _TEXT,
            vol.Required(CONF_PYTHON, default=PYTHON): _TEXT,
        }
    ),
    CONTAINER: vol.Schema(
        {
            vol.Required(CONF_NAME): _TEXT,
            vol.Required(CONF_ENGINE, default=DOCKER): _ENGINE,
            vol.Required(CONF_IMAGE): _TEXT,
            vol.Optional(CONF_CONNECTION): _TEXT,
        }
    ),
    KUBERNETES: vol.Schema(
        {
            vol.Required(CONF_NAME): _TEXT,
            vol.Required(CONF_DEPLOYMENT): _TEXT,
            vol.Optional(CONF_NAMESPACE): _TEXT,
            vol.Optional(CONF_CONTEXT): _TEXT,
        }
    ),
}
CONFIRM_SCHEMA = vol.Schema({vol.Required(CONF_CONFIRM, default=False): selector.BooleanSelector()})
KEY_SCHEMA = vol.Schema({})


class HostFlow(ConfigSubentryFlow):
    """Steps `user` (a menu) or `reconfigure`, one by its kind, for SSH `host_key` and `key`, then `trying`, `tried`."""

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._title = ""
        self._fingerprint = ""
        self._trying: asyncio.Task[HostFacts | None] | None = None
        self._found: HostFacts | None = None

    async def async_step_user(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask how the machine is reached."""
        return self.async_show_menu(step_id="user", menu_options=[SSH, CONTAINER, KUBERNETES])

    async def async_step_reconfigure(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change how a machine is reached."""
        subentry = self._get_reconfigure_subentry()
        self._data, self._title = dict(subentry.data), subentry.title
        return self._form(self._data[CONF_KIND], self._data | {CONF_NAME: self._title})

    async def async_step_ssh(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a machine, and what its host key is."""
        if user_input is None:
            return self._form(SSH, {})
        if (refused := self._take(SSH, user_input)) is not None:
            return refused
        confirmed = self._data.get(CONF_HOST_KEY)
        try:
            found, self._fingerprint = await host_key(self.hass, self._data[CONF_HOST], int(self._data[CONF_PORT]))
        except CopyError as error:
            return self._form(SSH, user_input, {"base": error.key}, error.placeholders)
        self._data[CONF_HOST_KEY] = found
        if CONF_PRIVATE_KEY not in self._data:
            self._data[CONF_PRIVATE_KEY] = await self.hass.async_add_executor_job(new_key)
        return await (self.async_step_key() if found == confirmed else self.async_step_host_key())

    async def async_step_host_key(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Have the key confirmed that the machine shows."""
        if user_input is not None and user_input[CONF_CONFIRM]:
            return await self.async_step_key()
        return self.async_show_form(
            step_id="host_key",
            data_schema=CONFIRM_SCHEMA,
            errors={} if user_input is None else {CONF_CONFIRM: "host_key_unconfirmed"},
            description_placeholders={"host": self._data[CONF_HOST], "fingerprint": self._fingerprint},
        )

    async def async_step_key(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Say which line lets CamGuard in there."""
        if user_input is not None:
            return await self.async_step_trying()
        return self._key_form()

    async def async_step_container(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for an engine and an image."""
        return await self._boxed(CONTAINER, user_input)

    async def async_step_kubernetes(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a deployment."""
        return await self._boxed(KUBERNETES, user_input)

    async def async_step_trying(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Start a worker there, and say so meanwhile."""
        begun = self._trying is None
        if self._trying is None:
            self._trying = self.hass.async_create_task(self._try(), "camguard trial of a machine")
        if begun or not self._trying.done():
            return self.async_show_progress(step_id="trying", progress_action="try_host", progress_task=self._trying)
        trying, self._trying = self._trying, None
        self._found = trying.result()
        return self.async_show_progress_done(next_step_id="tried")

    async def async_step_tried(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Take the machine, or say why no worker runs there."""
        found = self._found
        if found is None:
            return self.async_abort(reason="path_not_writable", description_placeholders={"path": str(self._folder)})
        if found.well:
            return self._save()
        errors, placeholders = {"base": found.fault}, {"place": found.place, "said": found.detail or "–"}
        if found.fault == "host_login" and self._data[CONF_KIND] == SSH:
            return self._key_form(errors, placeholders)
        return self._form(self._data[CONF_KIND], self._data | {CONF_NAME: self._title}, errors, placeholders)

    async def _boxed(self, kind: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        if user_input is None:
            return self._form(kind, {})
        return self._take(kind, user_input) or await self.async_step_trying()

    @property
    def _folder(self) -> Path:
        """Where a trial's login lies meanwhile."""
        return paths_of(self.hass, self._get_entry().data).hosts / f"trial-{self.flow_id}"

    async def _try(self) -> HostFacts | None:
        """Return how it stands with the machine; None when this one's disk doesn't take what is needed for that."""
        try:
            await self.hass.async_add_executor_job(write_login, self._data, self._folder)
            host = host_of("trial", self._title, self._data, self._folder)
            return await try_host(host, self.hass.async_add_executor_job)
        except OSError:
            return None
        finally:
            await self.hass.async_add_executor_job(_remove, self._folder)

    def _take(self, kind: str, user_input: Mapping[str, Any]) -> SubentryFlowResult | None:
        """Take in what was entered, beside what is kept; returns the form when it can't be that."""
        entered = {name: value.strip() if isinstance(value, str) else value for name, value in user_input.items()}
        title = entered.pop(CONF_NAME)
        data = {CONF_KIND: kind, **{name: value for name, value in entered.items() if value not in ("", None)}}
        for name in (CONF_HOST_KEY, CONF_PRIVATE_KEY):
            if name in self._data:
                data[name] = self._data[name]
        missing = (str(key) for key in SCHEMAS[kind].schema if isinstance(key, vol.Required) and key != CONF_NAME)
        if wrong := next((name for name in missing if name not in data), wrong_field(data)):
            return self._form(kind, user_input, {wrong: "host_field"})
        place = place_of(data)
        own = self._get_reconfigure_subentry().subentry_id if self.source == SOURCE_RECONFIGURE else ""
        for subentry in self._get_entry().subentries.values():
            other = subentry.subentry_type == SUBENTRY_HOST and subentry.subentry_id != own
            if other and place_of(subentry.data) == place:
                return self._form(kind, user_input, {"base": "host_known"}, {"place": place})
        self._data, self._title = data, title or place
        return None

    def _form(
        self,
        kind: str,
        suggested: Mapping[str, Any],
        errors: dict[str, str] | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=kind,
            data_schema=self.add_suggested_values_to_schema(SCHEMAS[kind], suggested),
            errors=errors or {},
            description_placeholders={
                "place": "",
                "said": "",
                "guide": guide(self.hass, MACHINE_GUIDES),
                **(placeholders or {}),
            },
        )

    def _key_form(
        self, errors: dict[str, str] | None = None, placeholders: Mapping[str, str] | None = None
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id="key",
            data_schema=KEY_SCHEMA,
            errors=errors or {},
            description_placeholders={
                "line": authorized_line(self._data[CONF_PRIVATE_KEY]),
                "user": self._data[CONF_USERNAME],
                "host": self._data[CONF_HOST],
                "place": place_of(self._data),
                "said": "",
                **(placeholders or {}),
            },
        )

    def _save(self) -> SubentryFlowResult:
        if self.source != SOURCE_RECONFIGURE:
            return self.async_create_entry(title=self._title, data=self._data)
        subentry = self._get_reconfigure_subentry()
        return self.async_update_and_abort(self._get_entry(), subentry, title=self._title, data=self._data)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
