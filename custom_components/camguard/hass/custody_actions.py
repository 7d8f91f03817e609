"""The actions on what becomes of clips: hold, release, hand out, wipe, verify."""

from datetime import date, datetime, time, timedelta

import probatio as vol
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..app.custody.verification import Scope as VerifyScope
from ..app.custody.wiping import Order
from ..app.custody.wiping import Scope as WipeScope
from ..app.disclosure.offers import Request
from ..const import CERTIFICATE_URL, DISCLOSURE_URL, DOMAIN
from ..domain.bundle import Form, LegalBasis, parse_recipient, parse_text
from ..domain.clip import US_PER_SECOND, ClipId, parse_clip_id
from ..domain.errors import InvalidError
from .errors import error_of, sentence, translated
from .people.callers import administrator, automation_too, cameras_among, running

LINK_LIFETIME = timedelta(minutes=10)
_CLIP_IDS = vol.All(cv.ensure_list, [cv.string])
_TEXT = vol.Any(cv.string, None)
_HOLD = vol.Schema(
    {vol.Required("clip_ids"): _CLIP_IDS, vol.Optional("reason"): _TEXT, vol.Required("until"): cv.string}
)
_RELEASE = vol.Schema(
    # `until` belongs to `hold`; a caller that fills both alike is not refused.
    {vol.Required("clip_ids"): _CLIP_IDS, vol.Optional("reason"): _TEXT, vol.Optional("until"): cv.string}
)
_EXPORT = vol.Schema(
    {
        vol.Optional("clip_ids"): _CLIP_IDS,
        vol.Optional("entity_id"): cv.entity_id,
        vol.Optional("start"): cv.datetime,
        vol.Optional("end"): cv.datetime,
        vol.Optional("legal_basis"): _TEXT,
        vol.Optional("recipient_name"): _TEXT,
        vol.Optional("recipient_organization"): _TEXT,
        vol.Optional("request_reference"): _TEXT,
        vol.Optional("purpose"): _TEXT,
        vol.Optional("form", default=Form.SEALED_ZIP.value): vol.In([form.value for form in Form]),
    }
)
_WIPE = vol.Schema(
    {
        vol.Required("scope"): vol.In([scope.value for scope in WipeScope]),
        vol.Optional("clip_ids"): _CLIP_IDS,
        vol.Optional("entity_id"): cv.entity_id,
        vol.Optional("before"): cv.datetime,
        vol.Optional("reason"): _TEXT,
        vol.Optional("include_held", default=False): cv.boolean,
        vol.Optional("confirm", default=False): cv.boolean,
    }
)
_VERIFY = vol.Schema({vol.Optional("scope", default=VerifyScope.ALL.value): vol.In([s.value for s in VerifyScope])})


@callback
def async_register_custody_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema in (
        ("hold", _hold, _HOLD),
        ("release", _release, _RELEASE),
        ("export_disclosure", _export, _EXPORT),
        ("wipe_media", _wipe, _WIPE),
        ("verify", _verify, _VERIFY),
    ):
        hass.services.async_register(DOMAIN, name, handler, schema, supports_response=SupportsResponse.OPTIONAL)


async def _hold(call: ServiceCall) -> ServiceResponse:
    """`camguard.hold`: an administrator or an automation."""
    with translated():
        by = await automation_too(call)
        site = running(call.hass).site
        until_us = _review_us(call.data["until"])
        held = await site.holds.hold(_clip_ids(call), call.data.get("reason"), until_us, by)
        await running(call.hass).async_review_holds()
        return {"held": [hold.clip_id for hold in held], "survives_restore": site.holds.survive}


async def _release(call: ServiceCall) -> ServiceResponse:
    """`camguard.release`: an administrator."""
    with translated():
        by = await administrator(call)
        clip_ids = _clip_ids(call)
        await running(call.hass).site.holds.release(clip_ids, call.data.get("reason"), by)
        await running(call.hass).async_review_holds()
        return {"released": list(clip_ids)}


async def _export(call: ServiceCall) -> ServiceResponse:
    """`camguard.export_disclosure`: an administrator."""
    with translated():
        by = await administrator(call)
        data, runtime = call.data, running(call.hass)
        try:
            basis = LegalBasis(str(data.get("legal_basis")))
        except ValueError:
            raise InvalidError("legal_basis_missing") from None
        recipient = parse_recipient(
            data.get("recipient_name"), data.get("recipient_organization"), data.get("request_reference")
        )
        purpose = parse_text("purpose", data.get("purpose"))
        clip_ids = _clip_ids(call) if data.get("clip_ids") else ()
        camera_id, start, end = "", data.get("start"), data.get("end")
        if not clip_ids:
            if not (data.get("entity_id") and start and end):
                raise InvalidError("disclosure_content_missing")
            (camera_id,) = cameras_among(runtime, {data["entity_id"]}).values()
        offer = await runtime.site.disclosure.export(
            Request(
                legal_basis=basis,
                recipient=recipient,
                purpose=purpose,
                form=Form(data["form"]),
                clip_ids=clip_ids,
                camera_id=camera_id,
                start_us=_time_us(start) if camera_id and start else 0,
                end_us=_time_us(end) if camera_id and end else 0,
            ),
            by,
        )
        path = f"{DISCLOSURE_URL}/{offer.disclosure_id}"
        return {
            "disclosure_id": offer.disclosure_id,
            "bundle_path": f"{path}/bundle.zip",
            "handover_path": f"{path}/handover",
            "handover_link": _link(call.hass, f"{path}/handover"),
            "receipt_path": f"{path}/receipt",
        }


async def _wipe(call: ServiceCall) -> ServiceResponse:
    """`camguard.wipe_media`: an administrator."""
    with translated():
        by = await administrator(call)
        data, runtime = call.data, running(call.hass)
        if not data["confirm"]:
            raise InvalidError("wipe_not_confirmed")
        scope = WipeScope(data["scope"])
        clip_ids: tuple[ClipId, ...] = ()
        camera_id, before_us, detail = "", 0, ""
        if scope is WipeScope.CLIPS:
            clip_ids = _clip_ids(call)
        elif scope is WipeScope.CAMERA:
            if "entity_id" not in data:
                raise InvalidError("no_camera_targeted")
            (camera_id,) = cameras_among(runtime, {data["entity_id"]}).values()
            detail = data["entity_id"]
        elif scope is WipeScope.BEFORE:
            if "before" not in data:
                raise InvalidError("wipe_date_missing")
            before_us = _time_us(data["before"])
            detail = dt_util.as_local(dt_util.as_utc(data["before"])).isoformat()
        wiped = await runtime.site.wipe(
            Order(
                scope=scope,
                reason=str(data.get("reason") or ""),
                include_held=data["include_held"],
                clip_ids=clip_ids,
                camera_id=camera_id,
                before_us=before_us,
                detail=detail,
            ),
            by,
        )
        await runtime.async_review_holds()
        path = f"{CERTIFICATE_URL}/{wiped.certificate_id}.html"
        return {
            "certificate_id": wiped.certificate_id,
            "certificate_path": path,
            "certificate_link": _link(call.hass, path),
            "wiped": len(wiped.wiped),
            "skipped_held": len(wiped.skipped_held),
            "failed": len(wiped.failed),
        }


async def _verify(call: ServiceCall) -> ServiceResponse:
    """`camguard.verify`: an administrator or an automation."""
    with translated():
        await automation_too(call)
        found = await running(call.hass).site.verification.run(VerifyScope(call.data["scope"]))
        problems: list[JsonValueType] = [
            {
                "problem": problem.key,
                "message": sentence(error_of(problem)),
                "seq": problem.seq,
                "clip_id": problem.clip_id,
                "detail": problem.detail,
            }
            for problem in found.problems
        ]
        return {
            "ok": found.ok,
            "entries": found.entries,
            "head": found.head,
            "clips_checked": found.clips_checked,
            "masks_proved": found.masks_proved,
            "problems": problems,
        }


def _clip_ids(call: ServiceCall) -> tuple[ClipId, ...]:
    """Return the clips that are named, each once; raises NotFoundError, InvalidError `no_clips_named`."""
    clip_ids = tuple(dict.fromkeys(parse_clip_id(text) for text in call.data.get("clip_ids", ())))
    if not clip_ids:
        raise InvalidError("no_clips_named")
    return clip_ids


@callback
def _link(hass: HomeAssistant, path: str) -> str:
    """Return a page's address, good for ten minutes in any browser, for who asks in this session and nobody else."""
    return async_sign_path(hass, path, LINK_LIFETIME)


def _review_us(text: str) -> int:
    """Return a review date, µs: a moment, or a day until its end. Raises InvalidError `date_malformed`."""
    try:
        moment = dt_util.parse_datetime(text)
    except ValueError as error:  # the form is right, and there is no such day
        raise InvalidError("date_malformed") from error
    if moment is None or len(text.strip()) == len("2026-01-01"):
        day: date | None = dt_util.parse_date(text.strip())
        if day is None:
            raise InvalidError("date_malformed")
        moment = datetime.combine(day, time(23, 59, 59))
    return _time_us(moment)


def _time_us(moment: datetime) -> int:
    """Return µs; a time without a zone is in Home Assistant's own.

    Raises InvalidError `date_malformed`, `time_occurs_twice` (the night in which the clock is set back).
    """
    if moment.tzinfo is None:
        local = moment.replace(tzinfo=dt_util.get_default_time_zone())
        earlier, later = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
        if earlier is not None and later is not None and earlier > later:
            raise InvalidError("time_occurs_twice", time=moment.isoformat(sep=" "))
    try:
        return int(dt_util.as_utc(moment).timestamp() * US_PER_SECOND)
    except (ValueError, OverflowError) as error:  # at the ends of the calendar there is no other time zone
        raise InvalidError("date_malformed") from error
