"""Other sites in the panel: a real Home Assistant asked over its websocket, and what answers instead of one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.components import websocket_api
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry

from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.hass import other_sites

from .house import House
from .vault.clips import put_clip

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    # Home Assistant's side of a connection that was refused lives on for its heartbeat.
    pytest.mark.parametrize("expected_lingering_timers", [True]),
]
SUMMARY: dict[str, Any] = {
    "version": 1,
    "cameras": [{"name": "Street", "state": "streaming"}],
    "duties": {"open": 1, "late": 0},
    "gaps": {"count": 0, "latest": []},
    "storage": {"used": 1, "free": None, "total": None, "fault": ""},
    "copies_waiting": 0,
}


async def token_of(house: House, group: str = GROUP_ID_READ_ONLY) -> str:
    user = await house.hass.auth.async_create_user("Overview", group_ids=[group])
    refresh = await house.hass.auth.async_create_refresh_token(
        user, client_name="overview", token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=timedelta(days=3650),
    )  # fmt: skip
    return house.hass.auth.async_create_access_token(refresh)


async def begin(house: House) -> str:
    flows = house.hass.config_entries.subentries
    result = await flows.async_init((house.entry.entry_id, "site"), context={"source": "user"})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "user")
    return str(result["flow_id"])


async def add(house: House, url: str, token: str) -> str:
    """Set up another site; returns its id."""
    before = set(house.entry.subentries)
    fields = {"name": "Shop", "url": url, "verify_ssl": True, "token": token}
    result = await house.hass.config_entries.subentries.async_configure(await begin(house), fields)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await house.hass.async_block_till_done()
    (site_id,) = set(house.entry.subentries) - before
    return site_id


class Panel:
    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.url = f"http://127.0.0.1:{socket.client.server.port}"

    async def ask(self, name: str, **fields: Any) -> Any:
        await self._socket.send_json_auto_id({"type": f"camguard/{name}", **fields})
        answer = await self._socket.receive_json()
        return (
            answer["result"] if answer["success"] else answer["error"].get("translation_key", answer["error"]["code"])
        )


@pytest.fixture
async def panel(house: House, hass_ws_client: Any) -> Panel:
    """The panel's connection to a Home Assistant, which is the other site as well."""
    assert await async_setup_component(house.hass, "diagnostics", {})
    return Panel(await hass_ws_client(house.hass))


async def test_a_site_is_shown(house: House, panel: Panel, hass_client: Any) -> None:
    """By the token of somebody who may do nothing there."""
    site = house.entry.runtime_data.site
    now_us = site.now_us
    for hours in (30, 2):
        gap = {"camera_id": house.camera_id, "from_us": now_us - hours * 3_600_000_000, "cause": "source_stalled"}
        await site.note(Event.GAP, gap | {"to_us": gap["from_us"] + 60_000_000})
    put_clip(site.vault, house.camera_id, dt_util.utcnow(), bytes(100_000))
    token = await token_of(house)
    site_id = await add(house, panel.url + "/", token)
    assert (await panel.ask("sites"))["sites"] == [{"site_id": site_id, "name": "Shop", "url": panel.url}]
    shown = await panel.ask("sites/summary", site_id=site_id)
    own = await panel.ask("summary")
    assert shown["storage"].pop("free") == pytest.approx(own["storage"].pop("free"), rel=0.1)
    assert shown == own
    assert [camera["name"] for camera in shown["cameras"]] == ["Street"]
    assert shown["gaps"]["count"] == 2
    assert shown["gaps"]["latest"][0]["start"] == pytest.approx(now_us / 1e6 - 7200, abs=1), "the newest first"
    assert shown["duties"]["open"] > 0
    assert shown["storage"]["used"] > 100_000
    assert await panel.ask("sites/summary", site_id=house.camera_id) == "site_not_found"
    assert await panel.ask("sites/summary", site_id="x") == "site_not_found"
    told = str(await get_diagnostics_for_config_entry(house.hass, hass_client, house.entry))
    assert token not in told
    assert panel.url not in told


async def test_a_summary_holds_no_footage_and_no_people(house: House, panel: Panel) -> None:
    text = json.dumps(await panel.ask("summary"))
    assert house.clip_id not in text
    for word in ("user", "path", "sha256", "link", "operator"):
        assert word not in text


async def test_who_may_ask_for_what(house: House, hass_ws_client: Any) -> None:
    """The token of a user without rights opens the summary, and nothing else of CamGuard's."""
    panel = Panel(await hass_ws_client(house.hass, await token_of(house)))
    assert (await panel.ask("summary"))["version"] == 1
    for name in ("sites", "overview", "ledger/list", "registers/overview"):
        assert await panel.ask(name) == "administrator_needed"
    assert await panel.ask("clips/list") == "viewer_needed"


async def test_tokens_and_addresses_that_do_not_fit(house: House, panel: Panel) -> None:
    flow_id, flows = await begin(house), house.hass.config_entries.subentries
    fields = {"name": " ", "url": panel.url, "verify_ssl": True, "token": await token_of(house)}
    for url in ("shop.local", "ftp://shop.local", "http://", "http://a:b@shop.local", "http://[", "http://x/?y"):
        result = await flows.async_configure(flow_id, fields | {"url": url})
        assert result["errors"] == {"url": "site_address"}, url
    for changes, key in (
        ({"token": "wrong"}, "site_login"),
        ({"url": panel.url + "/below"}, "site_without_camguard"),
        ({"url": "http://127.0.0.1:1"}, "site_unreachable"),
    ):
        result = await flows.async_configure(flow_id, fields | changes)
        assert result["errors"] == {"base": key}
    result = await flows.async_configure(flow_id, fields)
    assert result["title"] == panel.url
    result = await flows.async_configure(await begin(house), fields)
    assert result["errors"] == {"url": "site_known"}


async def test_changed(house: House, panel: Panel) -> None:
    token = await token_of(house)
    site_id = await add(house, panel.url, token)
    flows = house.hass.config_entries.subentries
    result = await flows.async_init(
        (house.entry.entry_id, "site"), context={"source": "reconfigure", "subentry_id": site_id}
    )
    shown = {str(key): (key.description or {}).get("suggested_value") for key in result["data_schema"].schema}
    assert (shown["url"], shown["token"]) == (panel.url, None)
    fields = {"name": "Car park", "url": panel.url, "verify_ssl": False}
    result = await flows.async_configure(result["flow_id"], fields | {"token": "wrong"})
    assert result["errors"] == {"base": "site_login"}
    result = await flows.async_configure(result["flow_id"], fields)
    assert result["reason"] == "reconfigure_successful"
    subentry = house.entry.subentries[site_id]
    assert (subentry.title, subentry.data["token"], subentry.data["verify_ssl"]) == ("Car park", token, False)


async def test_camguard_is_not_running_there(house: House, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    site_id = await add(house, panel.url, await token_of(house))
    data = house.entry.subentries[site_id].data
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    with pytest.raises(other_sites.OtherSiteError, match="site_not_running"):
        await other_sites.async_summary(house.hass, data)
    house.hass.data[websocket_api.DOMAIN].pop("camguard/summary")
    with pytest.raises(other_sites.OtherSiteError, match="site_without_camguard"):
        await other_sites.async_summary(house.hass, data)


# --- what answers instead: whoever has taken the other machine may send anything ---


@asynccontextmanager
async def answering(*answers: Any) -> AsyncIterator[dict[str, Any]]:
    """Give the settings of a site at which these answers come, one after the other."""

    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for number, answer in enumerate(answers):
            if number:
                message = await socket.receive()
                if message.type is not WSMsgType.TEXT:
                    break
            if answer is None:
                await asyncio.sleep(0.5)
            elif isinstance(answer, bytes):
                await socket.send_bytes(answer)
            else:
                await socket.send_str(answer if isinstance(answer, str) else json.dumps(answer))
        await socket.close()
        return socket

    app = web.Application()
    app.router.add_get("/api/websocket", handle)
    async with TestServer(app) as server:
        yield {"url": f"http://127.0.0.1:{server.port}", "verify_ssl": True, "token": "x"}


ASKED, OK = {"type": "auth_required"}, {"type": "auth_ok"}


def result(value: Any) -> dict[str, Any]:
    return {"id": 1, "type": "result", "success": True, "result": value}


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        (["no json"], "site_garbled"),
        ([b"\0\1"], "site_garbled"),
        (["[]"], "site_garbled"),
        (["[" * 100_000], "site_garbled"),
        ([{"type": "hello"}], "site_garbled"),
        ([ASKED, {"type": "auth_invalid"}], "site_login"),
        ([ASKED, {"type": "perhaps"}], "site_garbled"),
        ([ASKED, OK, result(None)], "site_garbled"),
        ([ASKED, OK, result(SUMMARY | {"version": 2})], "site_garbled"),
        ([ASKED, OK, result(SUMMARY | {"copies_waiting": -1})], "site_garbled"),
        ([ASKED, OK, result(SUMMARY | {"cameras": [{"name": "x" * 300, "state": "off"}]})], "site_garbled"),
        ([ASKED, OK, result(SUMMARY | {"cameras": [{"name": "x", "state": "off"}] * 2000})], "site_garbled"),
        ([ASKED, OK, result(SUMMARY | {"gaps": {"count": 1, "latest": [{"camera": "x", "start": "<b>"}]}})], "site_garbled"),
        ([ASKED, OK, result({"x": "x" * 2_000_000})], "site_garbled"),
        ([ASKED, OK, {"success": False, "error": "x"}], "site_not_running"),
        ([None], "site_unreachable"),
    ],
)  # fmt: skip
async def test_what_is_no_summary(house: House, answers: list[Any], key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_sites, "ANSWER_SECONDS", 0.3 if answers == [None] else 10)
    async with answering(*answers) as data:
        with pytest.raises(other_sites.OtherSiteError) as error:
            await other_sites.async_summary(house.hass, data)
    assert error.value.key == key


async def test_more_than_was_asked_for_is_left_out(house: House) -> None:
    more = SUMMARY | {"picture": "x"} | {"cameras": [{"name": "<b>", "state": "off", "url": "http://evil"}]}
    async with answering(ASKED, OK, result(more)) as data:
        found = await other_sites.async_summary(house.hass, data)
    assert found == SUMMARY | {"cameras": [{"name": "<b>", "state": "off"}]}
