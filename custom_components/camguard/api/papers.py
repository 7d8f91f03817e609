"""The household's papers over HTTP: the sign, letters and pledges, signed documents; and registers as files."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pyqrcode
from aiohttp import web
from homeassistant.auth.models import User
from homeassistant.helpers.http import KEY_HASS

from ..app.registers.papers import document_file, household, letter
from ..const import PAPER_URL, REGISTER_URL
from ..domain.bundle import local_moment
from ..domain.documents.household import sign_page
from ..domain.errors import InvalidError, NotFoundError
from ..domain.ledger import Event
from ..domain.registers.record import Record
from ..domain.registers.schema import FIELDS, Kind
from ..hass.people.persons import actor_of
from ..runtime import Runtime
from .access import HEADERS, PAGE_HEADERS, AuthorisedView, page

QUIET_MODULES = 2
"""White around the code; the sign's own white does the rest."""
URL_MAX = 300
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell (OWASP, CSV injection)."""
_TYPES = {
    "html": "text/html",
    "json": "application/json",
    "sig": "application/octet-stream",
    "pem": "application/x-pem-file",
}


class SignView(AuthorisedView):
    """`GET /api/camguard/papers/sign?size=…&language=…&variant=…&url=…`: one sheet to print."""

    url = f"{PAPER_URL}/sign"
    name = "api:camguard:sign"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **_names: str) -> web.StreamResponse:
        """Send it; raises InvalidError `sign_url_unusable`, NotFoundError."""
        query = request.query
        known = {"size": sign_page.SIZES, "language": sign_page.LANGUAGES, "variant": sign_page.VARIANTS}
        if any(query.get(name) not in choices for name, choices in known.items()):
            raise NotFoundError("paper_not_found")
        code, size = _code(query.get("url", ""))
        house = household(runtime.site, runtime.names)
        sign = sign_page.Sign(
            size=query["size"],
            language=query["language"],
            variant=query["variant"],
            operator=house.operator,
            purpose=house.purpose,
            contact=house.contact,
            retention_days=house.retention_days,
            url=query.get("url", ""),
            code=code,
            code_size=size,
        )
        response = page(sign_page.sign_page(sign))
        # The panel shows it before it is printed.
        response.headers["Content-Security-Policy"] = PAGE_HEADERS["Content-Security-Policy"].replace(
            "frame-ancestors 'none'", "frame-ancestors 'self'"
        )
        return response


class LetterView(AuthorisedView):
    """`GET /api/camguard/papers/letter?record_id=…&letter=…&language=…`."""

    url = f"{PAPER_URL}/letter"
    name = "api:camguard:letter"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **_names: str) -> web.StreamResponse:
        """Send it; raises NotFoundError."""
        query = request.query
        names = [query.get(name, "") for name in ("record_id", "letter", "language")]
        return page(letter(runtime.site, runtime.names, *names))


class DocumentView(AuthorisedView):
    """`GET /api/camguard/papers/documents/<record id>.html`, `.json`, `.sig` (Ed25519 of the JSON), `.pem`."""

    url = f"{PAPER_URL}/documents/{{record_id}}.{{form}}"
    name = "api:camguard:document"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send one file of a document."""
        data = await document_file(runtime.site, names["record_id"], names["form"])
        form = names["form"]
        if form == "html":
            return page(data.decode())
        number = runtime.site.registers.find(names["record_id"]).number
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{number}.{form}"'}
        return web.Response(body=data, content_type=_TYPES[form], headers=headers)


class RegisterView(AuthorisedView):
    """`GET /api/camguard/registers/<kind, or all>.csv` or `.json`; that it was fetched is in the ledger."""

    url = f"{REGISTER_URL}/{{kind}}.{{form}}"
    name = "api:camguard:register"
    for_administrators = True

    async def send(self, request: web.Request, runtime: Runtime, user: User, **names: str) -> web.StreamResponse:
        """Send it."""
        form, chosen = names["form"], names["kind"]
        if form not in {"csv", "json"} or (chosen != "all" and chosen not in list(Kind)):
            raise NotFoundError("paper_not_found")
        kinds = list(Kind) if chosen == "all" else [Kind(chosen)]
        records = [record for kind in kinds for record in runtime.site.registers.of(kind)]
        facts = actor_of(user).facts | {"kind": chosen, "form": form, "records": len(records)}
        await runtime.site.note(Event.REGISTER_EXPORTED, facts)
        zone = runtime.site.settings.time_zone
        data = await request.app[KEY_HASS].async_add_executor_job(
            _as_csv if form == "csv" else _as_json, records, kinds, zone
        )
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="camguard-{chosen}.{form}"'}
        return web.Response(
            body=data,
            content_type="text/csv" if form == "csv" else "application/json",
            charset="utf-8",
            headers=headers,
        )


def _code(url: str) -> tuple[str, int]:
    """Return the code that leads to an address, as an SVG path and its size in modules; raises InvalidError."""
    if not url:
        return "", 0
    parts = urlsplit(url)
    if len(url) > URL_MAX or parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii():
        raise InvalidError("sign_url_unusable")
    rows = pyqrcode.create(url, error="M", mode="binary").code
    dark = "".join(
        f"M{x + QUIET_MODULES} {y + QUIET_MODULES}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, on in enumerate(row)
        if on
    )
    return dark, len(rows) + 2 * QUIET_MODULES


def _times(record: Record, zone: str) -> dict[str, str]:
    return {
        name: local_moment(time_us, zone).isoformat(timespec="seconds")
        for name, time_us in (("created", record.created_us), ("changed", record.changed_us))
    }


def _as_json(records: Iterable[Record], _kinds: list[Kind], zone: str) -> bytes:
    listed = [
        {"register": record.kind.value, "number": record.number, "revision": record.revision}
        | _times(record, zone)
        | {"fields": dict(record.fields), "attached": record.has_attachment}
        for record in records
    ]
    return json.dumps({"version": 1, "records": listed}, ensure_ascii=False, indent=1).encode()


def _as_csv(records: Iterable[Record], kinds: list[Kind], zone: str) -> bytes:
    """Return a table with a byte order mark, by which Excel knows UTF-8."""
    names = list(dict.fromkeys(field.name for kind in kinds for field in FIELDS[kind]))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["register", "number", "revision", "created", "changed", *names])
    for record in records:
        times = _times(record, zone)
        cells = [record.kind.value, record.number, record.revision, times["created"], times["changed"]]
        writer.writerow([*cells, *(_cell(record.fields.get(name, "")) for name in names)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case list():
            parts = [f"{one['date']} {one['text']}" if isinstance(one, dict) else str(one) for one in value]
            text = "\n".join(parts)
        case _:
            text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
