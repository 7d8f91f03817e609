"""Clips and thumbnails over HTTP: Range requests on sealed files, decrypted as they are sent, kept by nobody."""

from http import HTTPStatus

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.components.http.auth import SIGN_QUERY_PARAM

from ..app.viewing.playback import READ_BYTES, OpenClip, Viewer
from ..const import CLIP_URL
from ..domain.clip import parse_clip_id
from ..domain.errors import CamguardError
from ..hass.people.permissions import viewer_of
from ..runtime import Runtime
from .access import HEADERS, AuthorisedView

VIAS = frozenset({"api", "media_browser", "panel"})
"""From where a clip is looked at; any other signed link is a `link`."""


class ClipView(AuthorisedView):
    """`GET /api/camguard/clips/<clip id>.mp4`."""

    url = f"{CLIP_URL}/{{clip_id}}.mp4"
    name = "api:camguard:clip"

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send the plain MP4, or the range of it that was asked for."""
        viewer = _viewer(request, runtime, user)
        try:
            span: slice | None = request.http_range if request.method == "GET" else None
        except ValueError:
            span = None
        clip = await runtime.site.playback.open(parse_clip_id(names["clip_id"]), viewer, span)
        try:
            return await _send_clip(request, clip)
        finally:
            clip.close()


class ThumbnailView(AuthorisedView):
    """`GET /api/camguard/clips/<clip id>.jpg`."""

    url = f"{CLIP_URL}/{{clip_id}}.jpg"
    name = "api:camguard:thumbnail"

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send the masked JPEG."""
        viewer = _viewer(request, runtime, user)
        image = await runtime.site.playback.thumbnail(parse_clip_id(names["clip_id"]), viewer)
        body = None if request.method == "HEAD" else image
        return web.Response(body=body, content_type="image/jpeg", headers=HEADERS)


def _viewer(request: web.Request, runtime: Runtime, user: User) -> Viewer:
    # Only a link that Home Assistant signed can say where it came from, in a word that is known.
    via = request.query.get("via", "") if SIGN_QUERY_PARAM in request.query else "api"
    return viewer_of(runtime, user, via if via in VIAS else "link")


async def _send_clip(request: web.Request, clip: OpenClip) -> web.StreamResponse:
    headers = {**HEADERS, "Accept-Ranges": "bytes", "ETag": f'"{clip.clip.sha256}"'}
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
        try:
            data = await clip.read(start, min(READ_BYTES, stop - start))
        except CamguardError:
            # Erased while it was being watched, or a disk's fault: what was announced isn't coming.
            if request.transport is not None:
                request.transport.abort()
            raise
        if not data:
            break
        await response.write(data)
        start += len(data)
    await response.write_eof()
    return response
