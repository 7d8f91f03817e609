"""CamGuard's place in the sidebar, and the files of its panel."""

import hashlib
from pathlib import Path

from homeassistant.components import frontend, panel_custom
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, PANEL_PATH
from ..domain.software import VERSION

BUNDLE = Path(__file__).parent.parent / "panel" / "camguard-panel.js"
ELEMENT = "camguard-panel"
_URL: HassKey[str] = HassKey(f"{DOMAIN}_panel_url")


async def async_serve(hass: HomeAssistant) -> None:
    """Serve the panel's program, under an address that changes with it: browsers keep it for a month."""
    if frontend.DOMAIN not in hass.config.components:
        return
    digest = await hass.async_add_executor_job(lambda: hashlib.sha256(BUNDLE.read_bytes()).hexdigest()[:12])
    url = f"/camguard_static/{digest}/{BUNDLE.name}"
    await hass.http.async_register_static_paths([StaticPathConfig(url, str(BUNDLE), cache_headers=True)])
    hass.data[_URL] = url


async def async_show(hass: HomeAssistant, *, viewers: bool) -> None:
    """Put the panel into the sidebar: of administrators, and, where the site names viewers, of everybody.

    Home Assistant knows no other choice. Whoever may see nothing is told so; the server answers them nothing.
    """
    url = hass.data.get(_URL)
    if url is None:
        return
    hide(hass)
    await panel_custom.async_register_panel(
        hass,
        PANEL_PATH,
        ELEMENT,
        sidebar_title="CamGuard",
        sidebar_icon="mdi:cctv",
        module_url=url,
        config={"version": VERSION},
        require_admin=not viewers,
        handle_safe_area=True,
    )


@callback
def hide(hass: HomeAssistant) -> None:
    """Take the panel out of the sidebar."""
    if frontend.async_panel_exists(hass, PANEL_PATH):
        frontend.async_remove_panel(hass, PANEL_PATH)
