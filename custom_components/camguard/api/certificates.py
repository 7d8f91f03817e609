"""Erasure certificates over HTTP."""

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.helpers.http import KEY_HASS

from ..const import CERTIFICATE_URL
from ..runtime import Runtime
from ..vault.documents.certificate_file import find_certificate
from .access import HEADERS, PAGE_HEADERS, AuthorisedView

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
            find_certificate, runtime.site.vault.paths, names["certificate_id"], kind
        )
        data = await hass.async_add_executor_job(path.read_bytes)
        headers = PAGE_HEADERS if kind == "html" else HEADERS
        charset = "utf-8" if kind in {"html", "json"} else None
        return web.Response(body=data, content_type=_TYPES[kind], charset=charset, headers=headers)
