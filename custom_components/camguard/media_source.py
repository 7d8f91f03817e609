"""Clips in the media browser: site → camera → day → clip. What removed cameras have left is in a folder of its own."""

from datetime import date, datetime, timedelta

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

from .api.websocket.clips import LINK_LIFETIME
from .app.viewing.playback import NO_VIEWER, Viewer
from .const import CLIP_URL, DOMAIN
from .domain.clip import US_PER_SECOND, Clip, ClipId, parse_clip_id
from .domain.errors import CamguardError, NotFoundError
from .hass.errors import sentence
from .hass.people.permissions import viewer_of
from .hass.people.persons import present_user
from .hass.standing import local_day_us
from .runtime import Runtime, loaded_runtime

VIA = "media_browser"
"""What the ledger tells of a view that began here."""
REMOVED = "removed"
"""Stands for a camera's id in the folder of removed cameras; they are administrators' only."""
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
        path = item.identifier.split("/") if item.identifier else []
        try:
            removed = await runtime.site.playback.cameras() - runtime.names.keys()
            if not path:
                return self._site(runtime, viewer, removed)
            folder, *rest = path
            cameras = sorted(removed) if folder == REMOVED else [folder]
            if folder != REMOVED and folder not in runtime.names:
                raise NotFoundError("clip_not_found")
            title = _removed_title() if folder == REMOVED else runtime.names[folder]
            match rest:
                case []:
                    return await self._days(runtime, viewer, cameras, _folder(folder, title))
                case [day]:
                    return await self._day(runtime, viewer, cameras, _folder(f"{folder}/{day}", day))
                case _:
                    raise NotFoundError("clip_not_found")
        except CamguardError as error:
            raise BrowseError(
                translation_domain=DOMAIN, translation_key=error.key, translation_placeholders=error.placeholders
            ) from error

    def _viewer(self, runtime: Runtime) -> Viewer:
        """Return who browses; where no person is known (a media player's action, an automation) nothing is shown."""
        user = present_user()
        return viewer_of(runtime, user) if user else NO_VIEWER

    def _site(self, runtime: Runtime, viewer: Viewer, removed: set[str]) -> BrowseMediaSource:
        children = [
            self._camera(runtime, viewer, camera_id, name)
            for camera_id, name in runtime.names.items()
            if viewer.may_see(camera_id)
        ]
        if any(viewer.may_see(camera_id) for camera_id in removed):
            children.append(_folder(REMOVED, _removed_title()))
        return _folder(None, self.name, children)

    def _camera(self, runtime: Runtime, viewer: Viewer, camera_id: str, name: str) -> BrowseMediaSource:
        """Return a camera's tile: its last clip's picture, for those who may see it."""
        tile = _folder(camera_id, name)
        recorder = runtime.recorder(camera_id)
        clip = recorder.last_clip if recorder is not None else None
        if clip is not None and viewer is not None and viewer.may_see(camera_id):
            tile.thumbnail = self._thumbnail(clip.clip_id)
        return tile

    def _thumbnail(self, clip_id: ClipId) -> str:
        return async_sign_path(self.hass, f"{CLIP_URL}/{clip_id}.jpg", LINK_LIFETIME)

    async def _days(
        self, runtime: Runtime, viewer: Viewer, cameras: list[str], folder: BrowseMediaSource
    ) -> BrowseMediaSource:
        begins = await runtime.site.playback.days(viewer, cameras, local_day_us)
        days = [_local(begin_us).date().isoformat() for begin_us in begins]
        folder.children = [_folder(f"{folder.identifier}/{day}", day) for day in days]
        return folder

    async def _day(
        self, runtime: Runtime, viewer: Viewer, cameras: list[str], folder: BrowseMediaSource
    ) -> BrowseMediaSource:
        try:
            begin = dt_util.start_of_local_day(date.fromisoformat(folder.title))
        except ValueError:
            raise NotFoundError("clip_not_found") from None
        end = dt_util.start_of_local_day((begin + timedelta(hours=36)).date())
        clips, _ = await runtime.site.playback.clips(
            viewer,
            cameras,
            start_us=int(begin.timestamp() * US_PER_SECOND),
            end_us=int(end.timestamp() * US_PER_SECOND),
        )
        reckoning = runtime.site.retention.reckoning
        folder.children = [
            BrowseMediaSource(
                domain=DOMAIN,
                identifier=f"{folder.identifier}/{clip.clip_id}",
                title=_title(clip, clock_was_off=bool(reckoning.clock_error_us(clip))),
                media_class=MediaClass.VIDEO,
                media_content_type=_MIME,
                can_play=True,
                can_expand=False,
                thumbnail=self._thumbnail(clip.clip_id),
            )
            for clip in clips
            if local_day_us(clip.start_us) == int(begin.timestamp() * US_PER_SECOND)
        ]
        return folder


def _title(clip: Clip, *, clock_was_off: bool) -> str:
    title = f"{_local(clip.start_us):%H:%M:%S} · {clip.duration_us / US_PER_SECOND:.0f} s"
    return f"{title} · {sentence(CamguardError('clock_was_off'))}" if clock_was_off else title


def _removed_title() -> str:
    return sentence(CamguardError("removed_cameras"))


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


def _local(time_us: int) -> datetime:
    return dt_util.as_local(dt_util.utc_from_timestamp(time_us / US_PER_SECOND))
