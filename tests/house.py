"""A site with one clip, and people: for tests of who may see and do what."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .cameras import FileCamera
from .setup import SITE, add_camera, add_site
from .vault.clips import put_clip

CONTENT = bytes(range(256)) * 1000
PICTURE = b"\xff\xd8thumbnail"


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
