"""Who does something: a user of Home Assistant, a program, or nobody (an automation)."""

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.http import current_request

from ...app.ports import NOBODY, Actor


def actor_of(user: User) -> Actor:
    """Return a user as one who does something that the ledger tells."""
    return Actor(user_id=user.id, name=user.name or "")


async def actor_of_call(hass: HomeAssistant, context: Context | None) -> Actor:
    """Return the user of a context; nobody for an automation."""
    user = await hass.auth.async_get_user(context.user_id) if context and context.user_id else None
    return NOBODY if user is None else actor_of(user)


@callback
def present_user() -> User | None:
    """Return who asks, over websocket or HTTP; None where nobody does (an automation, a task of its own)."""
    if (connection := websocket_api.current_connection.get()) is not None:
        return connection.user
    request = current_request.get()
    return None if request is None else request.get(KEY_HASS_USER)


@callback
def present_actor() -> Actor:
    """Return who asks, for the ledger."""
    user = present_user()
    return NOBODY if user is None else actor_of(user)
