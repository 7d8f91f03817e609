"""The ledger as a file, for administrators; that it was exported is in it."""

from itertools import islice

from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.helpers.http import KEY_HASS

from ..const import LEDGER_URL
from ..domain.ledger import Event
from ..hass.people.persons import actor_of
from ..runtime import Runtime
from .access import HEADERS, AuthorisedView

_LINES = 2000
"""Read at once."""


class LedgerView(AuthorisedView):
    """`ledger.jsonl`, one entry a line, as it lies on disk (docs/design/formats.md)."""

    url = LEDGER_URL
    name = "api:camguard:ledger"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **_names: str) -> web.StreamResponse:
        """Send it, up to and with the entry that tells of that."""
        ledger = runtime.site.vault.ledger
        await runtime.site.note(Event.LEDGER_EXPORTED, {**actor_of(user).facts})
        headers = HEADERS | {"Content-Disposition": 'attachment; filename="camguard-ledger.jsonl"'}
        response = web.StreamResponse(headers=headers)
        response.content_type = "application/jsonl"
        await response.prepare(request)
        lines = ledger.lines()
        hass = request.app[KEY_HASS]
        while piece := await hass.async_add_executor_job(lambda: b"".join(islice(lines, _LINES))):
            await response.write(piece)
        await response.write_eof()
        return response
