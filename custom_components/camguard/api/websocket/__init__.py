"""The panel's websocket commands (docs/ref/websocket.md). Who may call each is checked here, never in the browser."""

from homeassistant.core import HomeAssistant, callback

from . import cameras, clips, custody, motion, news, records, registers, sites, zones
from .commands import register


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register them all."""
    for module in (cameras, clips, custody, motion, records, registers, sites, zones):
        register(hass, *module.COMMANDS)
    news.async_register(hass)
