"""Who sees footage, by whichever door (guideline 2(4)): one table of people, one of doors."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.components.http.auth import async_sign_path

from .house import PICTURE, House
from .setup import SITE

PEOPLE = {
    "administrator": (GROUP_ID_ADMIN, False, True),
    "named viewer": (GROUP_ID_USER, True, True),
    "named read-only viewer": (GROUP_ID_READ_ONLY, True, True),
    "another user": (GROUP_ID_USER, False, False),
    "read-only user": (GROUP_ID_READ_ONLY, False, False),
}
"""(group, whether the site names them, whether they may view)."""


async def browse(ws: Any, kind: str, identifier: str) -> Any:
    await ws.send_json_auto_id(
        {"type": f"media_source/{kind}", "media_content_id": f"media-source://camguard{identifier}"}
    )
    return await ws.receive_json()


@pytest.mark.parametrize("who", PEOPLE)
async def test_every_door(
    house: House, hass_client: Any, hass_client_no_auth: Any, hass_ws_client: Any, who: str
) -> None:
    group, named, may = PEOPLE[who]
    user, _, token = await house.person(group, named=named)
    if not may:  # the image entity has shown what it has before
        house.entry.runtime_data.recorder(house.camera_id).last_clip = house.entry.runtime_data.site.vault.index.get(
            house.clip_id
        )
    client = await hass_client(token)
    expected = 200 if may else 404
    for path in (house.clip, house.thumbnail):
        for method in ("get", "head"):
            response = await getattr(client, method)(path)
            assert response.status == expected, (method, path)
            assert response.headers["Cache-Control"] == "no-store"
    assert (await client.get(house.clip)).status == expected
    unknown = await client.get(house.clip.replace(house.clip_id, "0" * 32))
    assert unknown.status == 404
    if not may:
        assert await unknown.read() == await (await client.get(house.clip)).read(), "as if there were no clip"

    ws = await hass_ws_client(house.hass, token)
    site = (await browse(ws, "browse_media", ""))["result"]
    assert bool(site["children"]) is may
    days = (await browse(ws, "browse_media", f"/{house.camera_id}"))["result"]["children"]
    assert bool(days) is may
    resolved = await browse(ws, "resolve_media", f"/{house.camera_id}/x/{house.clip_id}")
    nobody = await hass_client_no_auth()
    assert (await nobody.get(resolved["result"]["url"])).status == expected, "the gate is the view, not the list"

    image = "image.street_last_clip"
    answer = await client.get(f"/api/image_proxy/{image}")
    assert (answer.status, await answer.read() if may else b"") == (expected, PICTURE if may else b"")
    assert {note["user_id"] for note in house.views} == ({user.id} if may else set())
    assert house.views == [] or len(house.views) == 1, "many requests, one person, one view"


async def test_nobody(house: House, hass_client_no_auth: Any) -> None:
    nobody = await hass_client_no_auth()
    for path in (house.clip, house.thumbnail):
        assert (await nobody.get(path)).status == 401
    picture = house.hass.states.get("image.street_last_clip").attributes["entity_picture"]
    answer = await nobody.get(picture)
    assert answer.status == 200
    assert await answer.read() != PICTURE, "the token in the state is everybody's: it shows a lock"
    assert house.views == []


async def test_home_assistants_content_user(house: House, hass_client_no_auth: Any) -> None:
    """Links that Home Assistant signs for nobody in particular open nothing."""
    link = async_sign_path(house.hass, house.clip, timedelta(minutes=5))
    assert (await (await hass_client_no_auth()).get(link)).status == 404
    assert house.views == []


async def test_links_end(house: House, hass_client_no_auth: Any) -> None:
    user, refresh, _ = await house.person(GROUP_ID_USER, named=True)
    nobody = await hass_client_no_auth()

    def link(minutes: float) -> str:
        return async_sign_path(house.hass, house.clip, timedelta(minutes=minutes), refresh_token_id=refresh.id)

    good = link(5)
    assert (await nobody.get(link(-1))).status == 401, "expired"
    assert (await nobody.get(good.replace(house.clip_id, "0" * 32))).status == 401, "another path"
    assert (await nobody.post(good)).status in {401, 405}
    assert (await nobody.get(good)).status == 200
    house.hass.config_entries.async_update_entry(house.entry, data={**SITE, "viewers": []})
    await house.hass.async_block_till_done()
    assert (await nobody.get(good)).status == 404, "not named any more"
    assert [note["user_id"] for note in house.views] == [user.id]
    house.hass.config_entries.async_update_entry(house.entry, data={**SITE, "viewers": [user.id]})
    await house.hass.async_block_till_done()
    await house.hass.auth.async_remove_user(user)
    assert (await nobody.get(good)).status == 401, "a removed user's link"


async def test_home_assistants_own_permissions_count_too(house: House, hass_client: Any) -> None:
    user, _, token = await house.person(GROUP_ID_USER, named=True)
    client = await hass_client(token)
    assert (await client.get(house.clip)).status == 200
    user.groups.clear()
    user.invalidate_cache()
    assert (await client.get(house.clip)).status == 404
