"""The panel's websocket commands (docs/ref/websocket.md). Who may call each is checked here, never in the browser."""

from homeassistant.core import HomeAssistant, callback

from . import cameras, clips, custody, news, records, zones
from .commands import register


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register them all."""
    register(hass, *cameras.COMMANDS, *clips.COMMANDS, *custody.COMMANDS, *records.COMMANDS, *zones.COMMANDS)
    news.async_register(hass)
