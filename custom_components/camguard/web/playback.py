"""Clips and thumbnails over HTTP: Range requests on sealed files, decrypted as they are sent, kept by nobody."""

import logging
from http import HTTPStatus

from aiohttp import web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_AUTHENTICATED, KEY_HASS, HomeAssistantView

from ..app.playback import OpenClip, Viewer
from ..const import CLIP_URL
from ..domain.clip import parse_clip_id
from ..domain.errors import CamguardError, ErasedError, NotFoundError
from ..runtime import Runtime, loaded_runtime
from ..viewers import viewer_of

_BLOCK_BYTES = 256 * 1024
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_LOGGER = logging.getLogger(__name__)


class _RefusedError(Exception):
    """Answer with this status."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class _View(HomeAssistantView):
    """Authorises by itself: an expired link is no failed login, for which Home Assistant may ban an address."""

    requires_auth = False
    cors_allowed = False

    async def get(self, request: web.Request, clip_id: str) -> web.StreamResponse:
        """Answer GET."""
        return await self._answer(request, clip_id)

    async def head(self, request: web.Request, clip_id: str) -> web.StreamResponse:
        """Answer HEAD."""
        return await self._answer(request, clip_id)

    async def _answer(self, request: web.Request, clip_id: str) -> web.StreamResponse:
        try:
            runtime, viewer = _authorise(request)
            return await self.send(request, runtime, viewer, clip_id)
        except _RefusedError as error:
            status = error.status
        except ErasedError:
            status = HTTPStatus.GONE
        except NotFoundError:
            status = HTTPStatus.NOT_FOUND
        except CamguardError as error:
            _LOGGER.error("Clip %s can't be read: %s", clip_id, error)  # noqa: TRY400 - the error says it all
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        return web.Response(status=status, headers=_HEADERS)

    async def send(self, request: web.Request, runtime: Runtime, viewer: Viewer, clip_id: str) -> web.StreamResponse:
        """Send what was asked for."""
        raise NotImplementedError


class ClipView(_View):
    """`GET /api/camguard/clips/<clip id>.mp4`."""

    url = f"{CLIP_URL}/{{clip_id}}.mp4"
    name = "api:camguard:clip"

    async def send(self, request: web.Request, runtime: Runtime, viewer: Viewer, clip_id: str) -> web.StreamResponse:
        """Send the plain MP4, or the range of it that was asked for."""
        clip = await runtime.system.playback.open(parse_clip_id(clip_id), viewer)
        try:
            return await _send_clip(request, clip)
        finally:
            await clip.close()


class ThumbnailView(_View):
    """`GET /api/camguard/clips/<clip id>.jpg`."""

    url = f"{CLIP_URL}/{{clip_id}}.jpg"
    name = "api:camguard:thumbnail"

    async def send(self, request: web.Request, runtime: Runtime, viewer: Viewer, clip_id: str) -> web.StreamResponse:
        """Send the masked JPEG."""
        image = await runtime.system.playback.thumbnail(parse_clip_id(clip_id), viewer)
        body = None if request.method == "HEAD" else image
        return web.Response(body=body, content_type="image/jpeg", headers=_HEADERS)


def _authorise(request: web.Request) -> tuple[Runtime, Viewer]:
    if not request.get(KEY_AUTHENTICATED) or (user := request.get(KEY_HASS_USER)) is None:
        raise _RefusedError(HTTPStatus.UNAUTHORIZED)
    hass: HomeAssistant = request.app[KEY_HASS]
    runtime = loaded_runtime(hass)
    if runtime is None:
        raise _RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
    return runtime, viewer_of(runtime, user)


async def _send_clip(request: web.Request, clip: OpenClip) -> web.StreamResponse:
    headers = {**_HEADERS, "Accept-Ranges": "bytes", "ETag": f'"{clip.clip.sha256}"'}
    try:
        span = request.http_range
        start, stop, _ = span.indices(clip.size)
    except ValueError:
        start, stop = clip.size, clip.size
        span = slice(clip.size, None)
    ranged = span.start is not None or span.stop is not None
    if ranged and start >= stop:
        headers["Content-Range"] = f"bytes */{clip.size}"
        return web.Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    if ranged:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{clip.size}"
    response = web.StreamResponse(status=HTTPStatus.PARTIAL_CONTENT if ranged else HTTPStatus.OK, headers=headers)
    response.content_type = "video/mp4"
    response.content_length = stop - start
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    while start < stop:
        data = await clip.read(start, min(_BLOCK_BYTES, stop - start))
        if not data:
            break
        await response.write(data)
        start += len(data)
    await response.write_eof()
    return response
