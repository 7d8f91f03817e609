"""Clips over HTTP and in the media browser: who gets what."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from homeassistant.auth.models import User
from homeassistant.components import media_source, websocket_api
from homeassistant.components.media_player import BrowseError
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .cameras import FileCamera
from .setup import SITE, add_camera, add_site
from .vault.clips import ledger_full, put_clip

CONTENT = bytes(range(256)) * 3000


async def with_clip(hass: HomeAssistant, **changes: Any) -> tuple[Any, str, str]:
    """Return (entry, camera id, clip id) of a site with one clip."""
    entry = await add_site(hass, **changes)
    camera_id = await add_camera(hass, entry)
    clip_id = put_clip(entry.runtime_data.site.vault, camera_id, dt_util.utcnow() - timedelta(hours=1), CONTENT)
    return entry, camera_id, clip_id


def url(clip_id: str, kind: str = "mp4") -> str:
    return f"/api/camguard/clips/{clip_id}.{kind}"


def viewed(entry: Any) -> list[dict[str, Any]]:
    return [item.body for item in entry.runtime_data.site.vault.ledger.entries() if item.event == "viewed"]


@pytest.mark.parametrize(
    ("header", "status", "expected"),
    [
        ("bytes=0-9", 206, CONTENT[:10]),
        ("bytes=-10", 206, CONTENT[-10:]),
        (f"bytes={len(CONTENT) - 5}-", 206, CONTENT[-5:]),
        (f"bytes=65530-{65530 + 200_000}", 206, CONTENT[65530 : 65530 + 200_001]),
        (f"bytes=5-{len(CONTENT) * 2}", 206, CONTENT[5:]),
        (f"bytes={len(CONTENT)}-", 416, b""),
        ("bytes=9-1", 416, b""),
        ("bytes=abc", 416, b""),
    ],
    ids=["first", "last", "tail", "across blocks", "past the end", "beyond", "backwards", "garbage"],
)
async def test_ranges(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any, header: str, status: int, expected: bytes
) -> None:
    _, _, clip_id = await with_clip(hass)
    client = await hass_client()
    response = await client.get(url(clip_id), headers={"Range": header})
    assert response.status == status
    assert await response.read() == expected
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_view_is_noted_once(hass: HomeAssistant, camera: FileCamera, hass_client: Any) -> None:
    entry, camera_id, clip_id = await with_clip(hass)
    client = await hass_client()
    for _ in range(3):
        assert (await client.get(url(clip_id), headers={"Range": "bytes=0-1"})).status == 206
    assert (await client.head(url(clip_id))).status == 200
    assert (await client.head(url(clip_id, "jpg"))).status == 200
    (note,) = viewed(entry)
    assert note["clip_id"] == clip_id
    assert note["camera_id"] == camera_id
    assert note["user_id"]


async def test_strangers(
    hass: HomeAssistant,
    camera: FileCamera,
    hass_client: Any,
    hass_client_no_auth: Any,
    hass_read_only_access_token: str,
    hass_read_only_user: User,
) -> None:
    entry, _, clip_id = await with_clip(hass)
    nobody = await hass_client_no_auth()
    assert (await nobody.get(url(clip_id))).status == 401
    guest = await hass_client(hass_read_only_access_token)
    for kind in ("mp4", "jpg"):
        assert (await guest.get(url(clip_id, kind))).status == 404
    for wrong in ("0" * 32, "x", "..secrets", clip_id.upper() + "a"):
        assert (await guest.get(url(wrong))).status == 404
    assert viewed(entry) == []
    hass.config_entries.async_update_entry(entry, data={**SITE, "viewers": [hass_read_only_user.id]})
    await hass.async_block_till_done()
    assert (await guest.get(url(clip_id))).status == 200
    assert viewed(entry)[0]["user_id"] == hass_read_only_user.id


async def test_erased_is_gone(hass: HomeAssistant, camera: FileCamera, hass_client: Any) -> None:
    entry, _, clip_id = await with_clip(hass)
    client = await hass_client()
    vault = entry.runtime_data.site.vault
    await hass.async_add_executor_job(vault.erase, [clip_id], "test", 1)
    assert (await client.get(url(clip_id))).status == 410
    assert (await client.get(url(clip_id, "jpg"))).status == 410


async def test_a_destroyed_key_is_gone_whatever_the_index_says(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any
) -> None:
    entry, _, clip_id = await with_clip(hass)
    entry.runtime_data.site.vault.keyring.destroy_clip(clip_id)
    assert (await (await hass_client()).get(url(clip_id))).status == 410


async def test_an_altered_clip_is_not_shown(hass: HomeAssistant, camera: FileCamera, hass_client: Any) -> None:
    entry, _, clip_id = await with_clip(hass)
    path = entry.runtime_data.site.vault.paths.clip(clip_id)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    client = await hass_client()
    assert (await client.get(url(clip_id))).status == 500
    path.unlink()
    assert (await client.get(url(clip_id))).status == 404


async def test_nothing_is_shown_that_cannot_be_noted(hass: HomeAssistant, camera: FileCamera, hass_client: Any) -> None:
    entry, _, clip_id = await with_clip(hass)
    client = await hass_client()
    with ledger_full(entry.runtime_data.site.vault):
        response = await client.get(url(clip_id))
    assert response.status == 503
    assert "can't be written" in await response.text()


async def test_unloaded(hass: HomeAssistant, camera: FileCamera, hass_client: Any) -> None:
    entry, _, clip_id = await with_clip(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await (await hass_client()).get(url(clip_id))).status == 503


async def test_media_browser(
    hass: HomeAssistant, camera: FileCamera, hass_ws_client: Any, hass_client_no_auth: Any
) -> None:
    assert await async_setup_component(hass, "media_source", {})
    entry, camera_id, clip_id = await with_clip(hass)
    ws = await hass_ws_client(hass)

    async def ask(kind: str, identifier: str) -> Any:
        await ws.send_json_auto_id(
            {"type": f"media_source/{kind}", "media_content_id": f"media-source://camguard{identifier}"}
        )
        return await ws.receive_json()

    site = (await ask("browse_media", ""))["result"]
    assert [child["title"] for child in site["children"]] == ["Street"]
    (day,) = (await ask("browse_media", f"/{camera_id}"))["result"]["children"]
    (item,) = (await ask("browse_media", f"/{camera_id}/{day['title']}"))["result"]["children"]
    assert item["media_content_id"] == f"media-source://camguard/{camera_id}/{day['title']}/{clip_id}"
    assert item["can_play"]
    assert item["title"].endswith(" s")
    vault = entry.runtime_data.site.vault
    first = vault.index.get(clip_id)
    assert first is not None
    begin = dt_util.utc_from_timestamp(first.start_us / 1_000_000)
    put_clip(vault, camera_id, begin, reckoned_us=first.end_us - 2 * 86_400_000_000)
    told = (await ask("browse_media", f"/{camera_id}/{day['title']}"))["result"]["children"]
    assert sorted(child["title"].rpartition(" · ")[2] for child in told) == ["10 s", "clock was wrong"]
    nobody = await hass_client_no_auth()
    assert (await nobody.get(item["thumbnail"])).status == 200
    resolved = (await ask("resolve_media", f"/{camera_id}/{day['title']}/{clip_id}"))["result"]
    assert resolved["mime_type"] == "video/mp4"
    assert await (await nobody.get(resolved["url"])).read() == CONTENT
    assert not (await ask("resolve_media", "/x/y/z"))["success"]
    for wrong in ("/x", f"/{camera_id}/never", f"/{camera_id}/2026-01-01/x/y"):
        assert not (await ask("browse_media", wrong))["success"]
    await hass.config_entries.async_unload(entry.entry_id)
    assert not (await ask("browse_media", ""))["success"]


def by(user: User) -> None:
    """Let somebody be who asks over the present connection."""
    websocket_api.current_connection.set(SimpleNamespace(user=user, refresh_token_id=None))  # type: ignore[arg-type]


async def test_without_a_user_links_open_nothing(
    hass: HomeAssistant, camera: FileCamera, hass_client_no_auth: Any
) -> None:
    assert await async_setup_component(hass, "media_source", {})
    _, camera_id, clip_id = await with_clip(hass)
    item = await media_source.async_resolve_media(hass, f"media-source://camguard/{camera_id}/x/{clip_id}", None)
    nobody = await hass_client_no_auth()
    assert (await nobody.get(item.url)).status == 404
    browsed = await media_source.async_browse_media(hass, "media-source://camguard")
    assert browsed.children == []
    with pytest.raises(BrowseError):
        await media_source.async_browse_media(hass, "media-source://camguard/none")


async def test_removed_cameras_clips_are_the_administrators(
    hass: HomeAssistant, camera: FileCamera, hass_ws_client: Any, hass_read_only_access_token: str,
    hass_read_only_user: User,
) -> None:  # fmt: skip
    assert await async_setup_component(hass, "media_source", {})
    hass.config.language = "ja"
    entry, camera_id, clip_id = await with_clip(hass, viewers=[hass_read_only_user.id])
    again = put_clip(entry.runtime_data.site.vault, "another", dt_util.utcnow() - timedelta(days=3), CONTENT)
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    answer = await hass.services.async_call("camguard", "list_clips", {}, blocking=True, return_response=True)
    assert [(clip["clip_id"], clip["camera"]) for clip in answer["clips"]] == [(clip_id, None), (again, None)]
    ws, guest = await hass_ws_client(hass), await hass_ws_client(hass, hass_read_only_access_token)

    async def browse(identifier: str, ws: Any = ws) -> Any:
        address = f"media-source://camguard{identifier}"
        await ws.send_json_auto_id({"type": "media_source/browse_media", "media_content_id": address})
        return (await ws.receive_json())["result"]["children"]

    (folder,) = await browse("")
    assert (folder["title"], folder["media_content_id"]) == ("削除したカメラ", "media-source://camguard/removed")
    days = await browse("/removed")
    assert len(days) == 2
    assert days[0]["title"] > days[1]["title"], "the newest day first"
    (item,) = await browse(f"/removed/{days[0]['title']}")
    assert item["media_content_id"].endswith(f"/removed/{days[0]['title']}/{clip_id}")
    assert await browse("", guest) == []
    assert await browse("/removed", guest) == []


async def test_clips_of_a_camera_whose_zones_cannot_be_read_stay_listed(
    hass: HomeAssistant, camera: FileCamera, hass_admin_user: User
) -> None:
    by(hass_admin_user)
    assert await async_setup_component(hass, "media_source", {})
    entry, camera_id, clip_id = await with_clip(hass)
    subentry = entry.subentries[camera_id]
    broken = {**subentry.data, "zones": [{"name": "x", "points": "1,1"}]}
    hass.config_entries.async_update_subentry(entry, subentry, data=broken)
    await hass.async_block_till_done()
    assert camera_id in entry.runtime_data.unreadable
    for fields in ({}, {"entity_id": "camera.street_2"}):
        answer = await hass.services.async_call("camguard", "list_clips", fields, blocking=True, return_response=True)
        assert [(clip["clip_id"], clip["camera"]) for clip in answer["clips"]] == [(clip_id, "camera.street_2")]
    site = await media_source.async_browse_media(hass, "media-source://camguard")
    assert [child.title for child in site.children] == ["Street"]
    assert len((await media_source.async_browse_media(hass, f"media-source://camguard/{camera_id}")).children) == 1
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    site = await media_source.async_browse_media(hass, "media-source://camguard")
    assert [child.title for child in site.children] == ["Removed cameras"]


async def test_an_index_that_fails_is_told_to_the_browser(hass: HomeAssistant, camera: FileCamera) -> None:
    assert await async_setup_component(hass, "media_source", {})
    entry, camera_id, _ = await with_clip(hass)
    entry.runtime_data.site.vault.index._db.execute("DROP TABLE clip")
    with pytest.raises(BrowseError):
        await media_source.async_browse_media(hass, f"media-source://camguard/{camera_id}")


async def test_days_are_local_ones(hass: HomeAssistant, camera: FileCamera, hass_admin_user: User) -> None:
    by(hass_admin_user)
    assert await async_setup_component(hass, "media_source", {})
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    midnight = dt_util.start_of_local_day() - timedelta(days=2)
    vault = entry.runtime_data.site.vault
    before, at, late = (
        put_clip(vault, camera_id, midnight + timedelta(seconds=seconds)) for seconds in (-5, 0, 23 * 3600 + 3500)
    )
    put_clip(vault, camera_id, midnight - timedelta(days=14))
    site = f"media-source://camguard/{camera_id}"
    days = [child.title for child in (await media_source.async_browse_media(hass, site)).children]
    assert days == [midnight.date().isoformat(), (midnight - timedelta(days=1)).date().isoformat()]
    shown = [
        [child.media_content_id.rpartition("/")[2] for child in folder.children]
        for folder in [await media_source.async_browse_media(hass, f"{site}/{day}") for day in days]
    ]
    assert shown == [[late, at], [before]]
