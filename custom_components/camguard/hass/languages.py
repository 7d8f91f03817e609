"""The language of the person whom a flow talks to.

Home Assistant translates what stands in a form itself, in the front end. A sentence that is put into another one has to
be chosen here: what the user has chosen in the profile comes first, then the system's language.
"""

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.components.http import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import current_request


async def language_of_user(hass: HomeAssistant) -> str:
    """Return the language of who made the current request; Home Assistant's own when that isn't known."""
    request = current_request.get()
    user = request.get(KEY_HASS_USER) if request is not None else None
    if user is not None:
        chosen = (await async_user_store(hass, user.id)).data.get("language")
        if isinstance(chosen, dict) and isinstance(language := chosen.get("language"), str):
            return language
    return hass.config.language
