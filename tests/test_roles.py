"""Who may do what: an add-on, a guest, the holder of a link (issue 16 §2; docs/design/attacks.md)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.media_source import MediaSourceItem
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from custom_components.camguard.app.recording import journal
from custom_components.camguard.media_source import ClipSource

from .house import CONTENT, House
from .test_custody_actions import DISCLOSURE, until

SWITCH = "switch.street_recording"


async def addon(hass: HomeAssistant) -> User:
    """A user as core's hassio makes one for add-ons: of the system's own making, among the administrators."""
    return await hass.auth.async_create_system_user("Supervisor", group_ids=[GROUP_ID_ADMIN])


async def token(hass: HomeAssistant, user: User) -> str:
    kind = {} if user.system_generated else {"client_id": "http://test/"}
    return hass.auth.async_create_access_token(await hass.auth.async_create_refresh_token(user, **kind))


def bodies(house: House, event: str) -> list[dict[str, Any]]:
    ledger = house.entry.runtime_data.site.vault.ledger
    return [item.body for item in ledger.entries() if item.event == event and item.body]


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("export_disclosure", DISCLOSURE | {"form": "hand_over"}),
        ("wipe_media", {"scope": "clips", "reason": "x", "confirm": True}),
        ("release", {"reason": "x"}),
    ],
)
async def test_an_addon_is_no_person(house: House, action: str, fields: dict[str, Any]) -> None:
    user = await addon(house.hass)
    await house.hass.services.async_call(
        "camguard", "hold", {"clip_ids": [house.clip_id], "reason": "x", "until": until()}, blocking=True
    )
    with pytest.raises(ServiceValidationError, match="person"):
        await house.hass.services.async_call(
            "camguard", action, fields | {"clip_ids": [house.clip_id]}, blocking=True,
            return_response=True, context=Context(user_id=user.id),
        )  # fmt: skip
    assert not bodies(house, "disclosing") + bodies(house, "wiping") + bodies(house, "released")


async def test_an_addon_opens_no_door(house: House, hass_client: Any, hass_client_no_auth: Any) -> None:
    hass = house.hass
    admin = await hass.auth.async_create_user("Owner", group_ids=[GROUP_ID_ADMIN])
    answer = await hass.services.async_call(
        "camguard", "export_disclosure", DISCLOSURE | {"clip_ids": [house.clip_id], "form": "hand_over"}, blocking=True,
        return_response=True, context=Context(user_id=admin.id),
    )  # fmt: skip
    client = await hass_client_no_auth()
    headers = {"Authorization": f"Bearer {await token(hass, await addon(hass))}"}
    for path in (house.clip, house.thumbnail, answer["bundle_path"], answer["handover_path"],
                 "/api/camguard/certificates/CW-2026-0001.html"):  # fmt: skip
        assert (await client.get(path, headers=headers)).status == 404
    owner = {"Authorization": f"Bearer {await token(hass, admin)}"}
    assert (await client.get(answer["bundle_path"], headers=owner)).status == 200


async def test_an_addon_gets_no_code_of_a_kit(house: House, hass_client_no_auth: Any) -> None:
    hass = house.hass
    for name in ("repairs", "http"):
        assert await async_setup_component(hass, name, {})
    await hass.services.async_call(
        "camguard", "hold", {"clip_ids": [house.clip_id], "reason": "x", "until": until()}, blocking=True
    )
    ir.async_create_issue(
        hass,
        "camguard",
        "kit_missing",
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="kit_missing",
    )
    client = await hass_client_no_auth()
    headers = {"Authorization": f"Bearer {await token(hass, await addon(hass))}"}
    begun = await client.post(
        "/api/repairs/issues/fix", json={"handler": "camguard", "issue_id": "kit_missing"}, headers=headers
    )
    flow = (await begun.json())["flow_id"]
    done = await (await client.post(f"/api/repairs/issues/fix/{flow}", json={}, headers=headers)).json()
    assert (done["type"], done["reason"]) == ("abort", "failed")
    assert not bodies(house, "kit_made")


async def test_a_media_player_lists_nothing_for_nobody(house: House) -> None:
    """`media_player.browse_media` has no connection: no person is known, and nothing is shown."""
    source = ClipSource(house.hass)
    for identifier in ("", house.camera_id):
        item = MediaSourceItem(house.hass, "camguard", identifier, "media_player.tv")
        assert not (await source.async_browse_media(item)).children


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (10, 200), (11, 401), (365 * 24 * 60, 401)])
async def test_a_link_that_was_signed_for_long(
    house: House,
    hass_client_no_auth: Any,
    minutes: int,
    status: int,
) -> None:
    admin = await house.hass.auth.async_create_user("Owner", group_ids=[GROUP_ID_ADMIN])
    refresh = await house.hass.auth.async_create_refresh_token(admin, client_id="http://test/")
    client = await hass_client_no_auth()
    for path in (house.clip, house.thumbnail):
        link = async_sign_path(house.hass, path, timedelta(minutes=minutes), refresh_token_id=refresh.id)
        answer = await client.get(link)
        assert answer.status == status
        if status != 200:
            assert "isn't valid any more" in await answer.text()
    assert len(house.views) == (status == 200)


async def test_a_link_belongs_to_the_first_who_uses_it(
    house: House,
    hass_client_no_auth: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It stands in a media player's state, where every user can read it."""
    admin = await house.hass.auth.async_create_user("Owner", group_ids=[GROUP_ID_ADMIN])
    refresh = await house.hass.auth.async_create_refresh_token(admin, client_id="http://test/")
    link = async_sign_path(house.hass, house.clip, timedelta(minutes=10), refresh_token_id=refresh.id)
    client = await hass_client_no_auth()
    for _ in range(2):
        assert await (await client.get(link)).read() == CONTENT
    from aiohttp.web_request import BaseRequest

    monkeypatch.setattr(BaseRequest, "remote", property(lambda _: "192.0.2.7"))
    assert (await client.get(link)).status == 401


async def test_where_a_view_began_is_said_in_fixed_words(house: House, hass_client_no_auth: Any) -> None:
    admin = await house.hass.auth.async_create_user("Owner", group_ids=[GROUP_ID_ADMIN])
    refresh = await house.hass.auth.async_create_refresh_token(admin, client_id="http://test/")
    client = await hass_client_no_auth()
    said = async_sign_path(
        house.hass, f"{house.clip}?via=the+police", timedelta(minutes=5), refresh_token_id=refresh.id
    )
    assert (await client.get(said)).status == 200
    assert [view["via"] for view in house.views] == ["link"]


async def test_who_switched_it_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hass = house.hass
    guest = await hass.auth.async_create_user("Guest", group_ids=[GROUP_ID_USER])

    async def switch(context: Context | None, times: int = 1) -> None:
        for number in range(times):
            turn = "turn_off" if number % 2 == 0 else "turn_on"
            await hass.services.async_call("switch", turn, {"entity_id": SWITCH}, blocking=True, context=context)

    def told() -> list[dict[str, Any]]:
        return [body for body in bodies(house, "settings_changed") if "armed" in body]

    await switch(Context(user_id=guest.id))
    async with asyncio.timeout(10):
        while not told():
            await asyncio.sleep(0.05)
    assert [(body["armed"], body["user_name"]) for body in told()] == [(False, "Guest")]
    # four hundred changes in a moment are one entry more
    await switch(Context(user_id=guest.id), 399)
    await hass.services.async_call("switch", "turn_on", {"entity_id": SWITCH}, blocking=True)
    assert len(told()) == 1
    await hass.config_entries.async_unload(house.entry.entry_id)
    await hass.config_entries.async_setup(house.entry.entry_id)
    _, last = told()
    assert last["armed"] is True
    assert {(item["user_name"], item["changes"]) for item in last["by"]} == {("Guest", 398), ("", 1)}
    assert last["changes"] == 399
    assert last["user_id"] is None, "the last word was an automation's"
    assert journal.TOGGLE_SECONDS == 60


async def test_who_asked_for_a_recording(house: House) -> None:
    hass = house.hass
    guest = await hass.auth.async_create_user("Guest", group_ids=[GROUP_ID_USER])
    async with asyncio.timeout(20):
        while hass.states.get("camera.street_2").state != "streaming":
            await asyncio.sleep(0.05)
    await hass.services.async_call(
        "camguard", "record", {"entity_id": "camera.street_2", "duration": 1, "reason": "noise"}, blocking=True,
        context=Context(user_id=guest.id),
    )  # fmt: skip
    await hass.services.async_call("button", "press", {"entity_id": "button.street_record"}, blocking=True)
    await hass.config_entries.async_unload(house.entry.entry_id)
    await hass.config_entries.async_setup(house.entry.entry_id)
    asked = bodies(house, "recording_asked")
    assert [(body["user_name"], body["reason"], body["duration_s"]) for body in asked] == [("Guest", "noise", 1.0)]


async def test_who_changed_the_settings(house: House, hass_client_no_auth: Any) -> None:
    hass = house.hass
    assert await async_setup_component(hass, "config", {})
    admin = await hass.auth.async_create_user("Owner", group_ids=[GROUP_ID_ADMIN])
    client = await hass_client_no_auth()
    headers = {"Authorization": f"Bearer {await token(hass, admin)}"}
    begun = await client.post(
        "/api/config/config_entries/flow",
        json={"handler": "camguard", "entry_id": house.entry.entry_id},
        headers=headers,
    )
    flow = await begun.json()
    fields = {
        "operator_name": "Sato Hanako", "contact": "048", "purpose": "Another purpose", "retention_days": 7,
        "min_free_gb": 0, "backlog_mb": 64, "viewers": [], "ledger_years": 5,
    }  # fmt: skip
    done = await client.post(f"/api/config/config_entries/flow/{flow['flow_id']}", json=fields, headers=headers)
    assert (await done.json())["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    changed = [body for body in bodies(house, "settings_changed") if body.get("purpose") == "Another purpose"]
    assert [body["user_name"] for body in changed] == ["Owner"]
