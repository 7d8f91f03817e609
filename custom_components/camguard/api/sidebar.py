"""CamGuard's place in the sidebar, and the files of its panel and of its card for dashboards."""

import hashlib
from pathlib import Path

from homeassistant.components import frontend, panel_custom
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, PANEL_PATH
from ..domain.software import VERSION

_FOLDER = Path(__file__).parent.parent / "panel"
BUNDLE, CARD = _FOLDER / "camguard-panel.js", _FOLDER / "camguard-card.js"
ELEMENT = "camguard-panel"
_URLS: HassKey[dict[Path, str]] = HassKey(f"{DOMAIN}_urls")


async def async_serve(hass: HomeAssistant) -> None:
    """Serve the programs, each under an address that changes with it: browsers keep it for a month."""
    if frontend.DOMAIN not in hass.config.components:
        return
    hass.data[_URLS] = urls = await hass.async_add_executor_job(lambda: {path: _url(path) for path in (BUNDLE, CARD)})
    await hass.http.async_register_static_paths(
        [StaticPathConfig(url, str(path), cache_headers=True) for path, url in urls.items()]
    )


def _url(path: Path) -> str:
    return f"/camguard_static/{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}/{path.name}"


async def async_show(hass: HomeAssistant, *, viewers: bool) -> None:
    """Let dashboards have the card, and put the panel into the sidebar.

    Of administrators, and, where the site names viewers, of everybody.
    Home Assistant knows no other choice. Whoever may see nothing is told so; the server answers them nothing.
    """
    urls = hass.data.get(_URLS)
    if urls is None:
        return
    hide(hass)
    frontend.add_extra_js_url(hass, urls[CARD])
    await panel_custom.async_register_panel(
        hass,
        PANEL_PATH,
        ELEMENT,
        sidebar_title="CamGuard",
        sidebar_icon="mdi:cctv",
        module_url=urls[BUNDLE],
        config={"version": VERSION},
        require_admin=not viewers,
        handle_safe_area=True,
    )


@callback
def hide(hass: HomeAssistant) -> None:
    """Take the panel out of the sidebar, and the card from the dashboards."""
    if (urls := hass.data.get(_URLS)) is not None:
        frontend.remove_extra_js_url(hass, urls[CARD])
    if frontend.async_panel_exists(hass, PANEL_PATH):
        frontend.async_remove_panel(hass, PANEL_PATH)
