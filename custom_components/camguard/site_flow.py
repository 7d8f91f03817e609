"""Set-up of another Home Assistant whose summary the panel shows."""

from typing import Any
from urllib.parse import urlsplit

import probatio as vol
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.helpers import selector

from .const import CONF_NAME, CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL, SUBENTRY_SITE
from .hass.other_sites import OtherSiteError, async_summary

_TEXT = selector.TextSelector()
_URL = selector.TextSelector(selector.TextSelectorConfig(type=selector.TextSelectorType.URL))
_SECRET = selector.TextSelector(selector.TextSelectorConfig(type=selector.TextSelectorType.PASSWORD))
_PLACE = {
    vol.Required(CONF_NAME): _TEXT,
    vol.Required(CONF_URL): _URL,
    vol.Required(CONF_VERIFY_SSL, default=True): selector.BooleanSelector(),
}
SCHEMA = vol.Schema({**_PLACE, vol.Required(CONF_TOKEN): _SECRET})
RECONFIGURE_SCHEMA = vol.Schema({**_PLACE, vol.Optional(CONF_TOKEN): _SECRET})
_EXAMPLES = {"example": "https://shop.example.com:8123"}


class SiteFlow(ConfigSubentryFlow):
    """Steps `user` or `reconfigure`."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask where it is, and for a token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            title, data = _taken(user_input)
            if not (errors := await self._errors(data)):
                return self.async_create_entry(title=title, data=data)
        return self._form("user", SCHEMA, user_input or {}, errors)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change name, address or token; an empty token stays as it is."""
        subentry = self._get_reconfigure_subentry()
        errors: dict[str, str] = {}
        if user_input is not None:
            title, data = _taken({CONF_TOKEN: subentry.data[CONF_TOKEN], **user_input})
            if not (errors := await self._errors(data, subentry.subentry_id)):
                return self.async_update_and_abort(self._get_entry(), subentry, title=title, data=data)
        shown = {**subentry.data, CONF_NAME: subentry.title, **(user_input or {})}
        shown.pop(CONF_TOKEN, None)
        return self._form("reconfigure", RECONFIGURE_SCHEMA, shown, errors)

    def _form(
        self, step_id: str, schema: vol.Schema, shown: dict[str, Any], errors: dict[str, str]
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
            description_placeholders=_EXAMPLES,
        )

    async def _errors(self, data: dict[str, Any], own_id: str = "") -> dict[str, str]:
        """Return why it can't be that, empty when it can."""
        if not _is_address(data[CONF_URL]):
            return {CONF_URL: "site_address"}
        for subentry in self._get_entry().subentries.values():
            other = subentry.subentry_type == SUBENTRY_SITE and subentry.subentry_id != own_id
            if other and subentry.data[CONF_URL] == data[CONF_URL]:
                return {CONF_URL: "site_known"}
        try:
            await async_summary(self.hass, data)
        except OtherSiteError as error:
            return {"base": error.key}
        return {}


def _taken(user_input: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the name and what is kept of what was entered."""
    url = user_input[CONF_URL].strip().rstrip("/")
    title = user_input[CONF_NAME].strip() or url
    token = user_input[CONF_TOKEN].strip()
    return title, {CONF_URL: url, CONF_VERIFY_SSL: user_input[CONF_VERIFY_SSL], CONF_TOKEN: token}


def _is_address(text: str) -> bool:
    """Tell whether it is the address of a Home Assistant: nothing but scheme, host and port (a path of a proxy's)."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not (parts.username or parts.query or parts.fragment)
        )
    except ValueError:
        return False
