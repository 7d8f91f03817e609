"""Erasure certificates, and the page that makes a recovery kit and shows its code once."""

from datetime import timedelta

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.components.http.auth import async_sign_path
from homeassistant.helpers.http import KEY_HASS

from ..const import CERTIFICATE_URL, KIT_URL
from ..runtime import Runtime
from ..vault.certificate_file import find_certificate
from ..viewers import actor_of
from .access import HEADERS, PAGE_HEADERS, AuthorisedView, page
from .pages import kit_page

LINK_LIFETIME = timedelta(minutes=10)
_TYPES = {
    "html": "text/html",
    "json": "application/json",
    "sig": "application/octet-stream",
    "pem": "application/x-pem-file",
}


class CertificateView(AuthorisedView):
    """`GET /api/camguard/certificates/<id>.html`, `.json`, `.sig` (Ed25519 of the JSON), `.pem` (the public key)."""

    url = f"{CERTIFICATE_URL}/{{certificate_id}}.{{kind}}"
    name = "api:camguard:certificate"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send one file of a certificate."""
        hass = request.app[KEY_HASS]
        kind = names["kind"]
        path = await hass.async_add_executor_job(
            find_certificate, runtime.system.vault.paths, names["certificate_id"], kind
        )
        data = await hass.async_add_executor_job(path.read_bytes)
        headers = PAGE_HEADERS if kind == "html" else HEADERS
        return web.Response(body=data, content_type=_TYPES[kind], headers=headers)


class KitView(AuthorisedView):
    """`GET /api/camguard/recovery-kit`: says what a kit is; with `?make=1` makes one and shows its code, once."""

    url = KIT_URL
    name = "api:camguard:recovery_kit"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send the page."""
        system = runtime.system
        held = len(system.vault.holds.all())
        if request.method == "HEAD":
            return page("")
        if "make" not in request.query:
            return page(kit_page(held=held, survives=system.holds.survive, link=_link(request)))
        kit, code, count = await system.holds.make_kit(actor_of(user))
        await runtime.async_review_holds()
        return page(kit_page(held=count, survives=system.holds.survive, kit_id=kit.kit_id, code=code))


def _link(request: web.Request) -> str:
    """Return the address that makes a kit, signed for who asks."""
    return async_sign_path(request.app[KEY_HASS], f"{KIT_URL}?make=1", LINK_LIFETIME)
