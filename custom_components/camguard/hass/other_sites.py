"""Other Home Assistants with CamGuard, whose summary the panel shows: asked over their websocket, when somebody looks.

The token is of a user there, who needs no rights: whoever is signed in may ask for a summary (app/summary.py). What
comes back is somebody else's: it is taken for what the schema says, and for nothing more.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import probatio as vol
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from yarl import URL

from ..app.summary import GAPS_MOST, SUMMARY_VERSION
from ..const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL, DOMAIN
from ..domain.errors import CamguardError

ANSWER_SECONDS = 15.0
MAX_BYTES = 1 << 20
_TEXT = vol.All(str, vol.Length(max=200))
_COUNT = vol.All(int, vol.Range(min=0))
_MOMENT = vol.All(vol.Any(int, float), vol.Range(min=0, max=253_402_300_799))
_SUMMARY = vol.Schema(
    {
        vol.Required("version"): SUMMARY_VERSION,
        vol.Required("cameras"): vol.All(
            [vol.Schema({vol.Required("name"): _TEXT, vol.Required("state"): _TEXT}, extra=vol.REMOVE_EXTRA)],
            vol.Length(max=1000),
        ),
        vol.Required("duties"): vol.Schema(
            {vol.Required("open"): _COUNT, vol.Required("late"): _COUNT}, extra=vol.REMOVE_EXTRA
        ),
        vol.Required("gaps"): vol.Schema(
            {
                vol.Required("count"): _COUNT,
                vol.Required("latest"): vol.All(
                    [
                        vol.Schema(
                            {
                                vol.Required("camera"): _TEXT,
                                vol.Required("start"): _MOMENT,
                                vol.Required("end"): vol.Maybe(_MOMENT),
                            },
                            extra=vol.REMOVE_EXTRA,
                        )
                    ],
                    vol.Length(max=GAPS_MOST),
                ),
            },
            extra=vol.REMOVE_EXTRA,
        ),
        vol.Required("storage"): vol.Schema(
            {
                vol.Required("used"): _COUNT,
                vol.Required("free"): vol.Maybe(_COUNT),
                vol.Required("total"): vol.Maybe(_COUNT),
                vol.Required("fault"): _TEXT,
            },
            extra=vol.REMOVE_EXTRA,
        ),
        vol.Required("copies_waiting"): _COUNT,
    },
    extra=vol.REMOVE_EXTRA,
)


class OtherSiteError(CamguardError):
    """Another Home Assistant can't be asked; `key` begins with `site_`."""


async def async_summary(hass: HomeAssistant, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what another site tells of itself, as `app/summary.py` makes it.

    Raises OtherSiteError: `site_unreachable`, `site_certificate`, `site_login`, `site_without_camguard`,
    `site_not_running`, `site_garbled`.
    """
    session = async_get_clientsession(hass, data[CONF_VERIFY_SSL])
    try:
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            session.ws_connect(URL(data[CONF_URL]) / "api/websocket", max_msg_size=MAX_BYTES) as socket,
        ):
            await _log_in(socket, data[CONF_TOKEN])
            await socket.send_json({"id": 1, "type": f"{DOMAIN}/summary"})
            answer = await _receive(socket)
    except aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError:
        raise OtherSiteError("site_certificate") from None
    except aiohttp.WSServerHandshakeError:
        raise OtherSiteError("site_without_camguard") from None
    except OSError, TimeoutError, aiohttp.ClientError:
        raise OtherSiteError("site_unreachable") from None
    if answer.get("success") is not True:
        error = answer.get("error")
        code = error.get("code") if isinstance(error, dict) else ""
        raise OtherSiteError({"unknown_command": "site_without_camguard"}.get(str(code), "site_not_running"))
    try:
        found: dict[str, Any] = _SUMMARY(answer.get("result"))
    except vol.Invalid:
        raise OtherSiteError("site_garbled") from None
    return found


async def _log_in(socket: aiohttp.ClientWebSocketResponse, token: str) -> None:
    if (await _receive(socket)).get("type") != "auth_required":
        raise OtherSiteError("site_garbled")
    await socket.send_json({"type": "auth", "access_token": token})
    match (await _receive(socket)).get("type"):
        case "auth_ok":
            return
        case "auth_invalid":
            raise OtherSiteError("site_login")
    raise OtherSiteError("site_garbled")


async def _receive(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    message = await socket.receive()
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise OtherSiteError("site_garbled")
    try:
        answer = message.json()
    except ValueError, RecursionError:
        raise OtherSiteError("site_garbled") from None
    if not isinstance(answer, dict):
        raise OtherSiteError("site_garbled")
    return answer
