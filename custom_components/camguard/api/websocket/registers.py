"""The registers, and the papers that are made of them: for administrators only."""

import base64
import binascii
import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import probatio as vol
from homeassistant.components.http.auth import async_sign_path
from homeassistant.helpers import config_validation as cv

from ...app.overview import duty_facts
from ...app.registers.papers import make_document
from ...const import PAPER_URL, REGISTER_URL
from ...domain.clip import US_PER_SECOND
from ...domain.documents.household import sign_page
from ...domain.documents.household.letter_page import letters_of
from ...domain.errors import InvalidError
from ...domain.registers.duties import Duty, duty_of, is_late, is_near
from ...domain.registers.record import Record
from ...domain.registers.schema import FIELDS, FORMS, LINE_MAX, PICTURED, TEXT_MAX, Kind
from ...hass.standing import async_checklist, async_self_check
from ...vault.register_store import ATTACHMENT_MAX_BYTES
from .clips import LINK_LIFETIME
from .commands import Asked, Command

PAGE_MAX = 200
PICTURE_TEXT_MAX = ATTACHMENT_MAX_BYTES * 4 // 3 + 100
_KIND = vol.In([kind.value for kind in Kind])
_FORM = vol.In([kind.value for kind in FORMS])


async def _overview(asked: Asked) -> dict[str, Any]:
    """Return the registers with their counts and forms, what is to be done, and whom forms may name."""
    registers = asked.runtime.site.registers
    duties = registers.duties(asked.runtime.names)
    by_record = {duty.record_id: duty for duty in duties if duty.record_id}
    today = registers.today
    told = asked.runtime.site.vault.ledger.told
    return {
        "today": today.isoformat(),
        "kinds": [_kind(registers.of(kind), kind, by_record, today) for kind in Kind],
        "duties": [duty_facts(duty, today) for duty in duties if is_near(duty, today)],
        "users": [
            {"user_id": user.id, "name": user.name or "", "administrator": user.is_admin}
            for user in await asked.hass.auth.async_get_users()
            if user.is_active and not user.system_generated
        ],
        "unreadable": [
            {"record_id": record_id, "kind": told.records[record_id].kind, "number": told.records[record_id].number}
            | {"reason": reason}
            for record_id, reason in registers.unreadable.items()
        ],
        "not_in_kit": await asked.hass.async_add_executor_job(registers.not_in_kit),
        "checked": told.duties_checked_us / US_PER_SECOND if told.duties_checked_us else None,
        "line_max": LINE_MAX,
        "text_max": TEXT_MAX,
    }


def _kind(records: list[Record], kind: Kind, duties: dict[str, Duty], today: date) -> dict[str, Any]:
    late = [record for record in records if (duty := duties.get(record.record_id)) and is_late(duty, today)]
    return {
        "kind": kind.value,
        "total": len(records),
        "open": sum(record.closed_on is None for record in records),
        "late": len(late),
        "pictured": kind in PICTURED,
        "fields": [
            {
                "name": field.name,
                "type": field.type.value,
                "required": field.required,
                "choices": list(field.choices),
            }
            for field in FIELDS[kind]
        ],
    }


async def _list(asked: Asked) -> dict[str, Any]:
    """Return a page of a register, the newest first."""
    fields, registers = asked.fields, asked.runtime.site.registers
    text = fields["text"].casefold()
    records = registers.of(Kind(fields["kind"]))

    def find() -> list[Record]:
        return [
            record
            for record in records
            if (fields["closed"] or record.closed_on is None) and (not text or text in _searched(record))
        ]

    found = await asked.hass.async_add_executor_job(find)
    page = found[fields["offset"] : fields["offset"] + fields["limit"]]
    return {"records": [_row(asked, record) for record in page], "total": len(found)}


def _searched(record: Record) -> str:
    return f"{record.number}\n{json.dumps(list(record.fields.values()), ensure_ascii=False)}".casefold()


def _row(asked: Asked, record: Record) -> dict[str, Any]:
    registers = asked.runtime.site.registers
    duty = duty_of(record, stated=registers.stated)
    return {
        "record_id": record.record_id,
        "kind": record.kind.value,
        "number": record.number,
        "revision": record.revision,
        "title": record.title[:LINE_MAX],
        "created": record.created_us / US_PER_SECOND,
        "changed": record.changed_us / US_PER_SECOND,
        "closed_on": record.closed_on.isoformat() if record.closed_on else None,
        "attached": record.has_attachment,
        "duty": duty_facts(duty, registers.today) if duty else None,
    }


async def _get(asked: Asked) -> dict[str, Any]:
    """Return a record with everything that is in it."""
    registers = asked.runtime.site.registers
    record = registers.find(asked.fields["record_id"])
    return await _whole(asked, record)


async def _whole(asked: Asked, record: Record) -> dict[str, Any]:
    registers = asked.runtime.site.registers
    fields = dict(record.fields)
    if record.kind is Kind.SIGN:
        fields["states_present"] = record.stated == registers.stated
    picture = ""
    if record.kind in PICTURED and record.has_attachment:
        data = await registers.attachment(record.record_id)
        picture = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    return _row(asked, record) | {"fields": fields, "picture": picture, "letters": list(letters_of(record.kind))}


async def _save(asked: Asked) -> dict[str, Any]:
    """Make or change a record."""
    fields = asked.fields
    saved = await asked.runtime.site.registers.save(
        Kind(fields["kind"]),
        fields["fields"],
        asked.actor,
        record_id=fields.get("record_id", ""),
        revision=fields.get("revision", 0),
        attachment=_picture(fields.get("picture")),
    )
    return await _whole(asked, saved)


def _picture(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error, ValueError:
        raise InvalidError("record_picture_unreadable") from None


async def _erase(asked: Asked) -> dict[str, Any]:
    """Erase a record for good."""
    await asked.runtime.site.registers.erase(asked.fields["record_id"], "ordered", asked.actor)
    await asked.runtime.async_review_holds()
    return {}


async def _export(asked: Asked) -> dict[str, Any]:
    """Return the link to a register as a file, good for ten minutes."""
    path = f"{REGISTER_URL}/{asked.fields['kind']}.{asked.fields['form']}"
    return {"link": async_sign_path(asked.hass, path, LINK_LIFETIME)}


async def _kit(asked: Asked) -> dict[str, Any]:
    """Make a recovery kit; its code is in this answer, and nowhere else."""
    made = await asked.runtime.site.holds.make_kit(asked.actor)
    await asked.runtime.async_review_holds()
    return {"code": made.code, "clips": made.count, "records": made.records, "left_out": len(made.left_out)}


async def _check(asked: Asked) -> dict[str, Any]:
    """Look at each duty and write down how it stands."""
    items = await async_self_check(asked.hass, asked.runtime, asked.actor)
    return {"met": sum(item["state"] == "met" for item in items), "total": len(items)}


async def _sign(asked: Asked) -> dict[str, Any]:
    """Return the link to the sign, good for ten minutes."""
    chosen = {name: asked.fields[name] for name in ("size", "language", "variant", "url") if asked.fields.get(name)}
    return {"link": async_sign_path(asked.hass, f"{PAPER_URL}/sign?{urlencode(chosen)}", LINK_LIFETIME)}


async def _letter(asked: Asked) -> dict[str, Any]:
    """Return the link to a letter or pledge, good for ten minutes."""
    chosen = {name: asked.fields[name] for name in ("record_id", "letter", "language")}
    return {"link": async_sign_path(asked.hass, f"{PAPER_URL}/letter?{urlencode(chosen)}", LINK_LIFETIME)}


async def _make(asked: Asked) -> dict[str, Any]:
    """Make the operating rules or a report."""
    items = await async_checklist(asked.hass, asked.runtime)
    site = asked.runtime.site
    record = await make_document(site, asked.fields["document"], asked.runtime.names, items, asked.actor)
    return _links(asked, record.record_id) | {"number": record.number}


async def _document(asked: Asked) -> dict[str, Any]:
    """Return the links to a document's page and to what proves it, good for ten minutes."""
    return _links(asked, asked.runtime.site.registers.find(asked.fields["record_id"]).record_id)


def _links(asked: Asked, record_id: str) -> dict[str, Any]:
    return {
        form: async_sign_path(asked.hass, f"{PAPER_URL}/documents/{record_id}.{form}", LINK_LIFETIME)
        for form in ("html", "json", "sig", "pem")
    }


COMMANDS = (
    Command(name="registers/overview", answer=_overview),
    Command(
        name="registers/list",
        answer=_list,
        fields={
            vol.Required("kind"): _KIND,
            vol.Optional("text", default=""): vol.All(cv.string, vol.Length(max=200)),
            vol.Optional("closed", default=False): cv.boolean,
            vol.Optional("offset", default=0): vol.All(int, vol.Range(min=0)),
            vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=PAGE_MAX)),
        },
    ),
    Command(name="registers/get", answer=_get, fields={vol.Required("record_id"): cv.string}),
    Command(
        name="registers/save",
        answer=_save,
        fields={
            vol.Required("kind"): _FORM,
            vol.Optional("record_id"): cv.string,
            vol.Optional("revision"): vol.All(int, vol.Range(min=1)),
            vol.Required("fields"): dict,
            vol.Optional("picture"): vol.Any(None, vol.All(cv.string, vol.Length(max=PICTURE_TEXT_MAX))),
        },
    ),
    Command(name="registers/erase", answer=_erase, fields={vol.Required("record_id"): cv.string}),
    Command(
        name="registers/export",
        answer=_export,
        fields={
            vol.Required("kind"): vol.In([*(kind.value for kind in Kind), "all"]),
            vol.Required("form"): vol.In(["csv", "json"]),
        },
    ),
    Command(name="registers/kit", answer=_kit),
    Command(name="duties/check", answer=_check),
    Command(
        name="papers/sign",
        answer=_sign,
        fields={
            vol.Required("size"): vol.In(sign_page.SIZES),
            vol.Required("language"): vol.In(sign_page.LANGUAGES),
            vol.Required("variant"): vol.In(sign_page.VARIANTS),
            vol.Optional("url"): vol.All(cv.string, vol.Length(max=500)),
        },
    ),
    Command(
        name="papers/letter",
        answer=_letter,
        fields={
            vol.Required("record_id"): cv.string,
            vol.Required("letter"): cv.string,
            vol.Required("language"): vol.In(["ja", "en"]),
        },
    ),
    Command(name="papers/make", answer=_make, fields={vol.Required("document"): vol.In(["rules", "report"])}),
    Command(name="papers/document", answer=_document, fields={vol.Required("record_id"): cv.string}),
)
