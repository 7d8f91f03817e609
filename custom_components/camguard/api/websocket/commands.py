"""What a command is: its name, fields, who may call it, and what answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import probatio as vol
from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv

from ...app.ports import Actor
from ...app.viewing.playback import Viewer
from ...const import DOMAIN
from ...domain.clip import US_PER_SECOND
from ...domain.errors import CamguardError, DeniedError, StorageError
from ...hass.errors import sentence
from ...hass.people.permissions import is_named, viewer_of
from ...hass.people.persons import actor_of
from ...runtime import Runtime, loaded_runtime

VIA = "panel"
"""What the ledger tells of a view that began in the panel."""
SECONDS = vol.All(vol.Coerce(float), vol.Range(min=0, max=253_402_300_799))
"""A moment, UTC epoch seconds, until the end of the year 9999."""
CLIP_IDS = vol.All(cv.ensure_list, [cv.string])


class Role(StrEnum):
    """What a user is to CamGuard."""

    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"
    """Named by the operator (guideline 2(4)): sees cameras and clips."""
    NONE = "none"


_RANK = (Role.NONE, Role.VIEWER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call of a command by somebody who may."""

    hass: HomeAssistant
    runtime: Runtime
    user: User
    fields: Mapping[str, Any]

    @property
    def viewer(self) -> Viewer:
        """The caller as a viewer of footage."""
        return viewer_of(self.runtime, self.user, VIA)

    @property
    def actor(self) -> Actor:
        """The caller, for the ledger."""
        return actor_of(self.user)

    def time_us(self, name: str) -> int | None:
        """Return a field with a moment as UTC epoch µs; None when it isn't there."""
        value = self.fields.get(name)
        return None if value is None else int(value * US_PER_SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the panel: `camguard/<name>`."""

    name: str
    answer: Callable[[Asked], Awaitable[dict[str, Any]]]
    role: Role = Role.ADMINISTRATOR
    fields: Mapping[Any, Any] = field(default_factory=dict)


def role_of(runtime: Runtime, user: User) -> Role:
    """Return what a user is."""
    if not is_named(runtime, user):
        return Role.NONE
    return Role.ADMINISTRATOR if user.is_admin else Role.VIEWER


@callback
def register(hass: HomeAssistant, *commands: Command) -> None:
    """Register commands; what one raises is answered as an error whose sentence the browser translates."""
    for command in commands:
        schema = websocket_api.BASE_COMMAND_MESSAGE_SCHEMA.extend(
            {vol.Required("type"): f"{DOMAIN}/{command.name}", **command.fields}
        )
        websocket_api.async_register_command(
            hass, f"{DOMAIN}/{command.name}", websocket_api.async_response(_handler(command)), schema
        )


def _handler(
    command: Command,
) -> Callable[[HomeAssistant, ActiveConnection, dict[str, Any]], Awaitable[None]]:
    async def handle(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
        try:
            runtime = loaded_runtime(hass)
            if runtime is None:
                raise StorageError("not_loaded")
            if _RANK.index(role_of(runtime, connection.user)) < _RANK.index(command.role):
                raise DeniedError("administrator_needed" if command.role is Role.ADMINISTRATOR else "viewer_needed")
            asked = Asked(hass=hass, runtime=runtime, user=connection.user, fields=message)
            connection.send_result(message["id"], await command.answer(asked))
        except CamguardError as error:
            send_refusal(connection, message["id"], error)

    return handle


def send_refusal(connection: ActiveConnection, message_id: int, error: CamguardError) -> None:
    """Answer with an error of ours: the code is its key, the message its sentence in the system's language."""
    code = websocket_api.ERR_UNAUTHORIZED if isinstance(error, DeniedError) else error.key
    connection.send_error(message_id, code, sentence(error), error.key, DOMAIN, dict(error.placeholders))
