"""Who sees footage, by whichever door (guideline 2(4)): one table of people, one of doors."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .cameras import FileCamera
from .setup import SITE, add_camera, add_site
from .vault.clips import put_clip

CONTENT = bytes(range(256)) * 1000
PICTURE = b"\xff\xd8thumbnail"
PEOPLE = {
    "administrator": (GROUP_ID_ADMIN, False, True),
    "named viewer": (GROUP_ID_USER, True, True),
    "named read-only viewer": (GROUP_ID_READ_ONLY, True, True),
    "another user": (GROUP_ID_USER, False, False),
    "read-only user": (GROUP_ID_READ_ONLY, False, False),
}
"""(group, whether the site names them, whether they may view)."""


class House:
    """A site with one clip, and people."""

    def __init__(self, hass: HomeAssistant, entry: Any, camera_id: str, clip_id: str) -> None:
        self.hass = hass
        self.entry = entry
        self.camera_id = camera_id
        self.clip_id = clip_id
        self.clip = f"/api/camguard/clips/{clip_id}.mp4"
        self.thumbnail = f"/api/camguard/clips/{clip_id}.jpg"

    async def person(self, group: str, *, named: bool) -> tuple[User, Any, str]:
        """Return (user, their refresh token, an access token)."""
        user = await self.hass.auth.async_create_user("Somebody", group_ids=[group])
        refresh = await self.hass.auth.async_create_refresh_token(user, client_id="http://test/")
        if named:
            self.hass.config_entries.async_update_entry(self.entry, data={**SITE, "viewers": [user.id]})
            await self.hass.async_block_till_done()
        return user, refresh, self.hass.auth.async_create_access_token(refresh)

    @property
    def views(self) -> list[dict[str, Any]]:
        ledger = self.entry.runtime_data.site.vault.ledger
        return [entry.body for entry in ledger.entries() if entry.event == "viewed"]


@pytest.fixture
async def house(hass: HomeAssistant, camera: FileCamera, hass_admin_user: User) -> House:
    for name in ("media_source", "websocket_api"):
        assert await async_setup_component(hass, name, {})
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    start = dt_util.utcnow() - timedelta(hours=1)
    clip_id = put_clip(entry.runtime_data.site.vault, camera_id, start, CONTENT)
    await entry.runtime_data.site._refresh_totals()
    recorder = entry.runtime_data.recorder(camera_id)
    recorder.last_clip = entry.runtime_data.site.vault.index.get(clip_id)
    return House(hass, entry, camera_id, clip_id)


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
