"""The thumbnail of a camera's last clip."""

from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.image import ImageEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.http import KEY_AUTHENTICATED, current_request

from .app.events import Change
from .domain.clip import US_PER_SECOND, Clip
from .domain.errors import CamguardError
from .entity import CameraEntityBase
from .hass.people.permissions import viewer_of
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 0
LOCKED = Path(__file__).parent / "brand" / "locked.jpg"
"""Shown to whom nobody knows: a lock."""


async def async_setup_entry(
    hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the image of each camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities([LastClipImage(hass, entry, camera_id)], config_subentry_id=camera_id)
    )


class LastClipImage(CameraEntityBase, ImageEntity):
    """Masked, and gone with its clip."""

    _attr_content_type = "image/jpeg"

    def __init__(self, hass: HomeAssistant, entry: CamguardConfigEntry, camera_id: str) -> None:
        CameraEntityBase.__init__(self, entry, camera_id, "last_clip")
        ImageEntity.__init__(self, hass)
        self._update()

    async def async_image(self) -> bytes | None:
        """Return the thumbnail; None when there is no clip (any more)."""
        clip = self._clip()
        if clip is None:
            return None
        match self._asker():
            case False:
                raise web.HTTPNotFound
            case None:
                return await self.hass.async_add_executor_job(LOCKED.read_bytes)
        try:
            return await self.hass.async_add_executor_job(self._runtime.site.vault.thumbnail, clip.clip_id)
        except CamguardError:
            return None

    def _asker(self) -> bool | None:
        """Tell whether who asks may view clips (guideline 2(4)); None when nobody knows who asks.

        The token in an image entity's state is every user's, so it shows nothing but a lock. Home Assistant's apps,
        signed links and access tokens tell who asks. Without a request it is Home Assistant itself: an automation.
        """
        request = current_request.get()
        if request is None:
            return True
        if not request.get(KEY_AUTHENTICATED) or (user := request.get(KEY_HASS_USER)) is None:
            return None
        return viewer_of(self._runtime, user).may_see(self._camera_id)

    @callback
    def take(self, change: Change) -> None:
        """Show the newest clip's."""
        before = self._attr_image_last_updated
        self._update()
        if before != self._attr_image_last_updated:
            super().take(change)

    def _clip(self) -> Clip | None:
        clip = self.recorder.last_clip if self.recorder is not None else None
        return None if clip is None or self._runtime.site.retention.is_due(clip) else clip

    def _update(self) -> None:
        clip = self._clip()
        self._attr_image_last_updated = datetime.fromtimestamp(clip.end_us / US_PER_SECOND, UTC) if clip else None
