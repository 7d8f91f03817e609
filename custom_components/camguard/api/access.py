"""What all our views share: who asks, what they may, and which status an error is."""

import logging
import time
from http import HTTPStatus
from typing import Any

from aiohttp import hdrs, web
from homeassistant.auth import jwt_wrapper
from homeassistant.auth.models import User
from homeassistant.components.http.auth import SIGN_QUERY_PARAM
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_AUTHENTICATED, KEY_HASS, HomeAssistantView
from homeassistant.util.hass_dict import HassKey

from ..domain.documents.page import CSP
from ..domain.errors import CamguardError, DeniedError, ErasedError, InvalidError, NotFoundError, StorageError
from ..hass.errors import sentence
from ..runtime import Runtime, loaded_runtime

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
PAGE_HEADERS = HEADERS | {
    "Content-Security-Policy": f"{CSP}; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
"""Of pages that hold a secret or somebody's name."""

_USED_LINKS: HassKey[dict[str, tuple[str, float]]] = HassKey("camguard_links")
"""Signature of each link that was used: (from where, when first)."""
_LINKS_SECONDS = 2 * 3600.0

_LOGGER = logging.getLogger(__name__)


class AuthorisedView(HomeAssistantView):
    """Authorises by itself: an expired link is no failed login, for which Home Assistant may ban an address."""

    requires_auth = False
    cors_allowed = False
    for_administrators = False
    """Others get the same answer as when there is nothing; so do programs, add-ons among them."""
    link_seconds = 600
    """A link that was signed for longer isn't taken."""

    async def get(self, request: web.Request, **names: str) -> web.StreamResponse:
        """Answer GET."""
        return await self._answer(request, names)

    async def head(self, request: web.Request, **names: str) -> web.StreamResponse:
        """Answer HEAD."""
        return await self._answer(request, names)

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send what was asked for."""
        raise NotImplementedError

    def _takes_link(self, request: web.Request) -> bool:
        """Tell whether a signed link is short-lived, and still used by the one who used it first.

        Home Assistant has verified the signature. A link that a player was told to play stands in its state, where
        others could read it: it is bound to the address from which it was used first.
        """
        if SIGN_QUERY_PARAM not in request.query or hdrs.AUTHORIZATION in request.headers:
            return True
        signature = request.query[SIGN_QUERY_PARAM]
        claims = jwt_wrapper.unverified_hs256_token_decode(signature)
        if int(claims["exp"]) - int(claims["iat"]) > self.link_seconds:
            return False
        used: dict[str, tuple[str, float]] = request.app[KEY_HASS].data.setdefault(_USED_LINKS, {})
        now = time.monotonic()
        for old in [key for key, (_, at) in used.items() if now - at > _LINKS_SECONDS]:
            del used[old]
        first, _ = used.setdefault(signature, (request.remote or "", now))
        return first == (request.remote or "")

    async def _answer(self, request: web.Request, names: dict[str, str]) -> web.StreamResponse:
        user: User | None = request.get(KEY_HASS_USER) if request.get(KEY_AUTHENTICATED) else None
        if user is None:
            return _refusal(HTTPStatus.UNAUTHORIZED)
        hass: HomeAssistant = request.app[KEY_HASS]
        runtime = loaded_runtime(hass)
        if runtime is None:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        if not self._takes_link(request):
            return _refusal(HTTPStatus.UNAUTHORIZED, DeniedError("link_not_taken"))
        if user.system_generated or (self.for_administrators and not user.is_admin):
            return _refusal(HTTPStatus.NOT_FOUND)
        try:
            return await self.send(request, runtime, user, **names)
        except ErasedError as error:
            return _refusal(HTTPStatus.GONE, error)
        except NotFoundError as error:
            return _refusal(HTTPStatus.NOT_FOUND, error)
        except InvalidError as error:
            return _refusal(HTTPStatus.CONFLICT, error)
        except StorageError as error:
            # A disk that is away or refuses: no fault of this request; a repair tells of it once that is sure.
            runtime.site.storage.doubt()
            return _refusal(
                HTTPStatus.NOT_FOUND if error.key == "clip_file_missing" else HTTPStatus.SERVICE_UNAVAILABLE, error
            )
        except CamguardError as error:
            _LOGGER.error("%s can't be sent: %s", request.path, error)  # noqa: TRY400 - the error says it all
            return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR, error)


def page(html: str) -> web.Response:
    """Return a page that nobody keeps and that loads nothing."""
    return web.Response(text=html, content_type="text/html", charset="utf-8", headers=PAGE_HEADERS)


def _refusal(status: HTTPStatus, error: CamguardError | None = None) -> web.Response:
    fields: dict[str, Any] = {"text": sentence(error)} if error else {}
    return web.Response(status=status, headers=HEADERS, **fields)
