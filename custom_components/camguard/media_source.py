"""Clips in the media browser: site → camera → day → clip."""

from datetime import datetime, timedelta

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.media_player import BrowseError, MediaClass
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .app.playback import Viewer
from .const import CLIP_URL, DOMAIN
from .domain.clip import US_PER_SECOND, Clip, parse_clip_id
from .domain.errors import NotFoundError
from .runtime import Runtime, loaded_runtime
from .viewers import viewer_of

LINK_LIFETIME = timedelta(minutes=10)
VIA = "media_browser"
"""What the ledger tells of a view that began here."""
_MIME = "video/mp4"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return CamGuard's media source."""
    return ClipSource(hass)


class ClipSource(MediaSource):
    """Lists what the asking user may view. The gate is the clip view: this only saves people from closed doors."""

    name = "CamGuard"

    def __init__(self, hass: HomeAssistant) -> None:
        super().__init__(DOMAIN)
        self.hass = hass

    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return a link to a clip that is good for ten minutes, for the asking user only."""
        *_, last = (item.identifier or "").split("/")
        try:
            clip_id = parse_clip_id(last)
        except NotFoundError:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="clip_not_found") from None
        return PlayMedia(async_sign_path(self.hass, f"{CLIP_URL}/{clip_id}.mp4?via={VIA}", LINK_LIFETIME), _MIME)

    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return one level."""
        runtime = loaded_runtime(self.hass)
        if runtime is None:
            raise BrowseError(translation_domain=DOMAIN, translation_key="not_loaded")
        viewer = self._viewer(runtime)
        match (item.identifier or "").split("/") if item.identifier else []:
            case []:
                return self._site(runtime, viewer)
            case [camera_id] if camera_id in runtime.guards:
                return await self._camera(runtime, viewer, camera_id)
            case [camera_id, day] if camera_id in runtime.guards:
                return await self._day(runtime, viewer, camera_id, day)
            case _:
                raise BrowseError(translation_domain=DOMAIN, translation_key="clip_not_found")

    def _viewer(self, runtime: Runtime) -> Viewer | None:
        connection = websocket_api.current_connection.get()
        user: User | None = connection.user if connection else None
        return viewer_of(runtime, user) if user else None

    def _site(self, runtime: Runtime, viewer: Viewer | None) -> BrowseMediaSource:
        children = [
            _folder(camera_id, guard.recording.camera.name)
            for camera_id, guard in runtime.guards.items()
            if viewer is None or viewer.may_see(camera_id)
        ]
        return _folder(None, self.name, children)

    async def _camera(self, runtime: Runtime, viewer: Viewer | None, camera_id: str) -> BrowseMediaSource:
        clips, _ = await runtime.system.playback.clips(viewer, [camera_id])
        days = dict.fromkeys(_local(clip).date().isoformat() for clip in clips)
        children = [_folder(f"{camera_id}/{day}", day) for day in days]
        return _folder(camera_id, runtime.guards[camera_id].recording.camera.name, children)

    async def _day(self, runtime: Runtime, viewer: Viewer | None, camera_id: str, day: str) -> BrowseMediaSource:
        try:
            begin = dt_util.start_of_local_day(datetime.fromisoformat(day).date())
        except ValueError:
            raise BrowseError(translation_domain=DOMAIN, translation_key="clip_not_found") from None
        end = dt_util.start_of_local_day((begin + timedelta(hours=36)).date())
        clips, _ = await runtime.system.playback.clips(
            viewer,
            [camera_id],
            start_us=int(begin.timestamp() * US_PER_SECOND),
            end_us=int(end.timestamp() * US_PER_SECOND),
        )
        children = [
            BrowseMediaSource(
                domain=DOMAIN,
                identifier=f"{camera_id}/{day}/{clip.clip_id}",
                title=f"{_local(clip):%H:%M:%S} · {clip.duration_us / US_PER_SECOND:.0f} s",
                media_class=MediaClass.VIDEO,
                media_content_type=_MIME,
                can_play=True,
                can_expand=False,
                thumbnail=async_sign_path(self.hass, f"{CLIP_URL}/{clip.clip_id}.jpg", LINK_LIFETIME),
            )
            for clip in clips
            if _local(clip).date().isoformat() == day
        ]
        return _folder(f"{camera_id}/{day}", day, children)


def _folder(identifier: str | None, title: str, children: list[BrowseMediaSource] | None = None) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        title=title,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        can_play=False,
        can_expand=True,
        children=children,
        children_media_class=MediaClass.DIRECTORY if identifier is None else MediaClass.VIDEO,
    )


def _local(clip: Clip) -> datetime:
    return dt_util.as_local(dt_util.utc_from_timestamp(clip.start_us / US_PER_SECOND))
