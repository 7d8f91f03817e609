"""Watching live in Home Assistant: who is noted, what is refused and why, and what becomes of the address."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from homeassistant.components.camera import async_get_stream_source
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.camguard.domain.errors import StorageError

from .cameras import FileCamera
from .setup import CAMERA, ZONES, add_camera, add_site
from .test_camera_flow import go_on, reconfigure
from .test_entities import GUARDED, turn
from .test_main_job import until
from .worker.watching import Watcher, ask

pytestmark = pytest.mark.timeout(90)


async def watched(hass: HomeAssistant, entry: Any) -> list[dict[str, Any]]:
    ledger = entry.runtime_data.site.vault.ledger
    entries = await hass.async_add_executor_job(lambda: list(ledger.entries()))
    return [entry.body for entry in entries if entry.event == "watched"]


async def asked(hass: HomeAssistant, client: Any, kind: str, **fields: Any) -> dict[str, Any]:
    await client.send_json_auto_id({"type": kind, "entity_id": GUARDED, **fields})
    return await client.receive_json()


@pytest.fixture
async def entry(hass: HomeAssistant, camera: FileCamera) -> Any:
    assert await async_setup_component(hass, "stream", {})
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    return entry


async def test_it_leads_to_loopback_whatever_home_assistant_s_own_address_is(hass: HomeAssistant, entry: Any) -> None:
    """SSL, another port, an outside name: nothing of it is in the address, and nobody needs it."""
    url = await async_get_stream_source(hass, GUARDED)
    hass.config.api = SimpleNamespace(use_ssl=True, port=8443, host="example.org", local_ip="fe80::1")  # type: ignore[assignment]
    hass.config.external_url = "https://example.org"
    assert await async_get_stream_source(hass, GUARDED) == url
    assert url is not None
    assert url.startswith("http://127.0.0.1:")

    def watch() -> int:
        with Watcher(url) as watcher:
            return len(watcher.until(5))

    assert await hass.async_add_executor_job(watch) >= 5


async def test_who_watches_is_noted_once(
    hass: HomeAssistant, entry: Any, hass_ws_client: WebSocketGenerator, hass_admin_user: Any
) -> None:
    assert await watched(hass, entry) == [], "setting up, and asking without a person, is no view"
    await async_get_stream_source(hass, GUARDED)
    assert await watched(hass, entry) == []
    client = await hass_ws_client(hass)
    for _ in range(2):
        answer = await asked(hass, client, "camera/stream")
        assert answer["success"], answer
    (body,) = await watched(hass, entry)
    assert body["user_id"] == hass_admin_user.id
    await hass.data["camera"].get_entity(GUARDED).stream.stop()


async def test_what_cannot_be_written_down_is_not_watched(
    hass: HomeAssistant, entry: Any, hass_ws_client: WebSocketGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("storage_full", path="/x")

    monkeypatch.setattr(entry.runtime_data.site.vault.ledger, "append", full)
    answer = await asked(hass, await hass_ws_client(hass), "camera/stream")
    assert not answer["success"]
    assert "full" in answer["error"]["message"]


async def test_full_privacy_ends_the_stream(
    hass: HomeAssistant, entry: Any, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    assert (await asked(hass, client, "camera/stream"))["success"]
    entity = hass.data["camera"].get_entity(GUARDED)
    url = await async_get_stream_source(hass, GUARDED)
    assert url is not None
    await turn(hass, "switch.street_privacy", on=True)
    await hass.async_block_till_done()
    assert not entity.stream.outputs()
    with pytest.raises(ConnectionRefusedError):
        await hass.async_add_executor_job(ask, url)
    answer = await asked(hass, client, "camera/stream")
    assert "Full privacy is on" in answer["error"]["message"]
    with pytest.raises(HomeAssistantError, match="Full privacy"):
        await async_get_stream_source(hass, GUARDED)
    await turn(hass, "switch.street_privacy", on=False)
    await until(hass, GUARDED, "streaming")
    again = await async_get_stream_source(hass, GUARDED)
    assert again != url, "another door, another token"
    assert (await asked(hass, client, "camera/stream"))["success"]
    assert entity.stream.source == again
    await entity.stream.stop()


async def test_full_privacy_survives_a_restart_and_is_no_gap(hass: HomeAssistant, entry: Any) -> None:
    await turn(hass, "switch.street_privacy", on=True)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get("switch.street_privacy").state == "on"
    assert hass.states.get("sensor.street_worker").state == "blocked"
    assert hass.states.get(GUARDED).state == "idle"
    await turn(hass, "switch.street_privacy", on=True)
    await turn(hass, "switch.street_privacy", on=False)
    await until(hass, GUARDED, "streaming")
    entries = await hass.async_add_executor_job(lambda: list(entry.runtime_data.site.vault.ledger.entries()))
    events = [item.event for item in entries if item.event.startswith(("privacy", "gap"))]
    assert events == ["privacy_on", "privacy_off"]


async def test_other_zones_are_another_stream(
    hass: HomeAssistant, entry: Any, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    assert (await asked(hass, client, "camera/stream"))["success"]
    entity = hass.data["camera"].get_entity(GUARDED)
    before = await async_get_stream_source(hass, GUARDED)
    subentry = next(iter(entry.subentries.values()))
    hass.config_entries.async_update_subentry(entry, subentry, data=dict(subentry.data) | {"zones": ZONES[:1]})
    await hass.async_block_till_done()
    await until(hass, GUARDED, "streaming")
    assert (await asked(hass, client, "camera/stream"))["success"]
    assert entity.stream.source == await async_get_stream_source(hass, GUARDED) != before
    await entity.stream.stop()


async def test_a_blocked_camera_says_why(hass: HomeAssistant, entry: Any, hass_ws_client: WebSocketGenerator) -> None:
    recorder = hass.data["camera"].get_entity(GUARDED).recorder
    recorder.status = type(recorder.status)(state="blocked", key="shape_changed")
    answer = await asked(hass, await hass_ws_client(hass), "camera/stream")
    assert answer["error"]["code"] == "start_stream_failed"
    assert "shape" in answer["error"]["message"]


async def test_a_camera_whose_zones_cannot_be_read_has_no_stream(hass: HomeAssistant, entry: Any) -> None:
    subentry = next(iter(entry.subentries.values()))
    broken = dict(subentry.data) | {"zones": [{"name": "x", "points": "1,1"}]}
    hass.config_entries.async_update_subentry(entry, subentry, data=broken)
    await hass.async_block_till_done()
    with pytest.raises(HomeAssistantError, match="zones can't be read"):
        await async_get_stream_source(hass, GUARDED)


async def test_it_is_played_on_a_cast_device(hass: HomeAssistant, entry: Any) -> None:
    hass.config.internal_url = "http://10.0.0.2:8123"
    hass.states.async_set("media_player.living_room", "idle")
    played = async_mock_service(hass, "media_player", "play_media")
    await hass.services.async_call(
        "camera", "play_stream", {"entity_id": GUARDED, "media_player": "media_player.living_room"}, blocking=True
    )
    (call,) = played
    assert call.data["media_content_id"].startswith("http://10.0.0.2:8123/api/hls/")
    await hass.data["camera"].get_entity(GUARDED).stream.stop()


async def test_under_full_privacy_nobody_opens_the_camera(
    hass: HomeAssistant, entry: Any, camera: FileCamera, hass_ws_client: WebSocketGenerator
) -> None:
    """Neither who draws zones, nor who changes its settings."""
    camera_id = next(iter(entry.subentries))
    await turn(hass, "switch.street_privacy", on=True)
    opened: list[str] = []
    address, camera.url = camera.url, None
    camera.stream_source = lambda: opened.append("x") or address  # type: ignore[method-assign, assignment, return-value]
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "camguard/zones/reveal", "camera_id": camera_id})
    answer = await client.receive_json()
    assert answer["error"]["code"] == "privacy"
    result = await reconfigure(hass, entry, camera_id)
    result = await go_on(hass, result, CAMERA)
    assert result["step_id"] == "zones"
    assert "Full privacy is on" in result["description_placeholders"]["preview"]
    result = await go_on(hass, result, {"zones": ZONES, "view_is_own_premises": False})
    assert result["step_id"] == "unseen"
    result = await go_on(hass, result, {"confirm": True})
    result = await go_on(hass, result, {"record_test_clip": True})
    assert "Full privacy is on" in result["description_placeholders"]["result"]
    assert opened == []
    hass.config_entries.subentries.async_abort(result["flow_id"])


async def test_who_watches_while_players_are_looked_for_is_noted_too(
    hass: HomeAssistant, entry: Any, hass_ws_client: WebSocketGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = hass.data["camera"].get_entity(GUARDED)
    looking, go_on_looking = asyncio.Event(), asyncio.Event()

    async def slow(_hass: HomeAssistant, camera: Any) -> None:
        await camera.stream_source()
        looking.set()
        await go_on_looking.wait()

    monkeypatch.setattr("homeassistant.components.camera.async_get_supported_provider", slow)
    refreshing = hass.async_create_task(entity.async_refresh_providers())
    await looking.wait()
    assert (await asked(hass, await hass_ws_client(hass), "camera/stream"))["success"]
    assert len(await watched(hass, entry)) == 1
    go_on_looking.set()
    await refreshing
    assert len(await watched(hass, entry)) == 1
    await entity.stream.stop()
