"""The papers that are made of the registers: letters, and the signed documents (operating rules, report).

A document is stated as JSON, which is signed, named in the ledger by its hash, and kept as a record's attachment; its
page is drawn from that whenever somebody asks.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from ...domain.clip import canonical_json
from ...domain.documents.household.letter_page import LANGUAGES, Household, letter_page, letters_of
from ...domain.documents.household.signed_page import signed_page
from ...domain.errors import IntegrityError, InvalidError, NotFoundError
from ...domain.registers.record import Record
from ...domain.registers.schema import Kind
from ...domain.software import SOFTWARE
from ...vault.documents.ssh_signature import fingerprint, public_key_of, public_key_pem
from ...vault.keys.keyring import public_key_text
from ...vault.ledger.signatures import signed
from ..overview import longest_days
from ..ports import Actor
from ..site import Site

VERSION = 1


async def make_document(
    site: Site, document: str, names: Mapping[str, str], checklist: Sequence[Mapping[str, Any]], by: Actor
) -> Record:
    """Make, sign and keep a document. `names`: of all cameras, by id; `checklist`: as `overview.checklist`.

    Raises InvalidError `document_unknown`, StorageError.
    """
    if document not in {"rules", "report"}:
        raise InvalidError("document_unknown")
    vault = site.vault

    def make(number: str) -> tuple[dict[str, str], bytes]:
        data = canonical_json(_stated(site, document, number, names, checklist))
        fields = {
            "document": document,
            "made_on": site.registers.today.isoformat(),
            "sha256": sha256(data).hexdigest(),
            "signature": vault.keyring.sign(data).hex(),
            "public_key": public_key_text(vault.keyring.public_key),
        }
        return fields, data

    return await site.registers.save_document(make, by)


async def document_file(site: Site, record_id: str, form: str) -> bytes:
    """Return a document: its page (`html`), what it states (`json`), the signature (`sig`) or the key (`pem`).

    Raises NotFoundError, IntegrityError, StorageError.
    """
    record = site.registers.find(record_id)
    if record.kind is not Kind.DOCUMENT:
        raise NotFoundError("record_not_found")
    data = await site.registers.attachment(record_id)
    fields = record.fields
    key = public_key_of(fields["public_key"])
    signature = bytes.fromhex(fields["signature"])
    if sha256(data).hexdigest() != fields["sha256"] or not signed(data, signature, fields["public_key"]):
        raise IntegrityError("record_altered", detail=record.number)
    match form:
        case "html":
            page = signed_page(
                json.loads(data), fingerprint=fingerprint(key), signature=signature.hex(), sha256=fields["sha256"]
            )
            return page.encode()
        case "json":
            return data
        case "sig":
            return signature
        case "pem":
            return public_key_pem(key)
    raise NotFoundError("record_not_found")


def letter(site: Site, names: Mapping[str, str], record_id: str, name: str, language: str) -> str:
    """Return a letter or pledge made from a record; raises NotFoundError."""
    record = site.registers.find(record_id)
    if name not in letters_of(record.kind) or language not in LANGUAGES:
        raise NotFoundError("record_not_found")
    return letter_page(name, language, record, household(site, names))


def household(site: Site, names: Mapping[str, str]) -> Household:
    """Return what letters say of the household."""
    settings = site.settings
    return Household(
        operator=settings.operator_name,
        contact=settings.contact,
        purpose=settings.purpose,
        retention_days=longest_days(site, names),
        time_zone=settings.time_zone,
        now_us=site.now_us,
        cameras=names,
    )


def _stated(
    site: Site, document: str, number: str, names: Mapping[str, str], checklist: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    settings, ledger = site.settings, site.vault.ledger
    people = [record for record in site.registers.of(Kind.PERSON) if record.closed_on is None]
    contractors = [record for record in site.registers.of(Kind.CONTRACTOR) if record.closed_on is None]
    order = ("responsible", "deputy", "viewer")
    return {
        "version": VERSION,
        "document": document,
        "number": number,
        "created_us": site.now_us,
        "time_zone": settings.time_zone,
        "operator": settings.operator_name,
        "contact": settings.contact,
        "purpose": settings.purpose,
        "retention_days": longest_days(site, names),
        "cameras": [
            {
                "name": name,
                "place": camera.camera.place if (camera := site.cameras.get(camera_id)) is not None else "",
                "mode": camera.camera.mode.value if camera is not None else "",
                "zones": len(camera.camera.zones) if camera is not None else 0,
                "days": site.days_of(camera_id),
            }
            for camera_id, name in names.items()
        ],
        "people": [
            {name: record.fields[name] for name in ("role", "name", "pledged_on")}
            for record in sorted(people, key=lambda record: (order.index(record.fields["role"]), record.number))
        ],
        "contractors": [{name: record.fields[name] for name in ("name", "task", "ends_on")} for record in contractors],
        "duties": [
            {
                "clause": item["clause"],
                "state": item["state"],
                "facts": {
                    name: value for name, value in item["facts"].items() if isinstance(value, int) or value is None
                },
                "duties": [{name: duty[name] for name in ("what", "due", "number")} for duty in item["duties"]],
            }
            for item in checklist
        ],
        "ledger_seq": ledger.seq,
        "ledger_head": ledger.head,
        "software": SOFTWARE,
    }
