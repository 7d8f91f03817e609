"""A disclosure's bundle, made while it is sent, and the page that the administrator hands it over with."""

from datetime import timedelta

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.components.http.auth import async_sign_path
from homeassistant.helpers.http import KEY_HASS

from ..app.disclosure.offers import OFFER_SECONDS, Offer
from ..const import DISCLOSURE_URL
from ..domain.bundle import Form
from ..domain.documents.receipt import receipt_page
from ..hass.people.persons import actor_of
from ..runtime import Runtime
from .access import HEADERS, AuthorisedView, page
from .handover_page import handover_page


class BundleView(AuthorisedView):
    """`GET /api/camguard/disclosures/<id>/bundle.zip`: streamed, never stored."""

    url = f"{DISCLOSURE_URL}/{{disclosure_id}}/bundle.zip"
    name = "api:camguard:bundle"
    for_administrators = True
    link_seconds = int(OFFER_SECONDS)

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send the ZIP; its end, or how far it came, is in the ledger."""
        disclosure = runtime.site.disclosure
        offer = disclosure.offer(names["disclosure_id"])
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Disposition": f'attachment; filename="{offer.disclosure_id}.zip"'}
        )
        response.content_type = "application/zip"
        response.content_length = offer.size_bytes
        if request.method == "HEAD":
            await response.prepare(request)
            return response
        begun = False
        chunks = disclosure.fetch(offer, actor_of(user))
        try:
            async for chunk in chunks:
                if not begun:
                    await response.prepare(request)
                    begun = True
                await response.write(chunk)
        except BaseException:
            if begun and request.transport is not None:
                request.transport.abort()  # what was announced isn't coming
            raise
        finally:
            await chunks.aclose()
        await response.write_eof()
        return response


class HandoverView(AuthorisedView):
    """`GET /api/camguard/disclosures/<id>/handover`: shows the password, once."""

    url = f"{DISCLOSURE_URL}/{{disclosure_id}}/handover"
    name = "api:camguard:handover"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send the page."""
        offer = runtime.site.disclosure.offer(names["disclosure_id"])
        if request.method == "HEAD":
            return page("")
        return page(handover_page(_facts(request, offer), offer.take_password()))


class ReceiptView(AuthorisedView):
    """`GET /api/camguard/disclosures/<id>/receipt`: the paper that both sign."""

    url = f"{DISCLOSURE_URL}/{{disclosure_id}}/receipt"
    name = "api:camguard:receipt"
    for_administrators = True
    link_seconds = int(OFFER_SECONDS)

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send the page."""
        return page(receipt_page(runtime.site.disclosure.offer(names["disclosure_id"]).receipt))


def _facts(request: web.Request, offer: Offer) -> dict[str, str]:
    left = max(offer.seconds_left, 1)
    path = f"{DISCLOSURE_URL}/{offer.disclosure_id}"
    recipient = offer.receipt["recipient"]
    return {
        "disclosure_id": offer.disclosure_id,
        "form": Form(offer.form).value,
        "size": f"{offer.size_bytes / 1e6:.1f}",
        "minutes": str(max(int(left // 60), 1)),
        "hours": f"{OFFER_SECONDS / 3600:g}",
        "link": async_sign_path(request.app[KEY_HASS], f"{path}/bundle.zip", timedelta(seconds=left)),
        "receipt": async_sign_path(request.app[KEY_HASS], f"{path}/receipt", timedelta(seconds=left)),
        "recipient": " ".join(filter(None, (recipient["organization"], recipient["name"]))),
        "operator": str(offer.receipt["operator"]["name"]),
    }
