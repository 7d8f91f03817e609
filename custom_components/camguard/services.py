"""The actions. Each parses, authorises, calls the app layer and answers."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import probatio as vol
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.util import dt as dt_util

from .app.ports import NOBODY
from .app.recording.recorder import CameraRecorder
from .const import DOMAIN
from .domain.clip import US_PER_SECOND, Clip
from .domain.errors import InvalidError
from .hass.custody_actions import async_register_custody_services
from .hass.errors import translated
from .hass.people.callers import automation_too, cameras_among, running, user_of
from .hass.people.permissions import reader_of
from .hass.people.persons import actor_of
from .runtime import Runtime

ATTR_DURATION = "duration"
ATTR_REASON = "reason"
ATTR_START = "start"
ATTR_END = "end"
ATTR_LIMIT = "limit"
ATTR_OFFSET = "offset"
DURATION_DEFAULT = 30
DURATION_MAX = 3600
LIMIT_DEFAULT = 100
LIMIT_MAX = 1000

_RECORD = vol.Schema(
    {
        vol.Optional(ATTR_DURATION, default=DURATION_DEFAULT): vol.All(
            vol.Coerce(float), vol.Range(min=1, max=DURATION_MAX)
        ),
        vol.Optional(ATTR_REASON): vol.All(cv.string, vol.Length(max=500)),
        **cv.ENTITY_SERVICE_FIELDS,
    }
)
_LIST = vol.Schema(
    {
        vol.Optional(ATTR_ENTITY_ID): cv.entity_ids,
        vol.Optional(ATTR_START): cv.datetime,
        vol.Optional(ATTR_END): cv.datetime,
        vol.Optional(ATTR_LIMIT, default=LIMIT_DEFAULT): vol.All(vol.Coerce(int), vol.Range(min=1, max=LIMIT_MAX)),
        vol.Optional(ATTR_OFFSET, default=0): vol.All(vol.Coerce(int), vol.Range(min=0)),
    }
)
_NOTHING = vol.Schema({})


@callback
def async_register_services(hass: HomeAssistant) -> None:
    """Register all actions."""
    for name, handler, schema, response in (
        ("record", _record, _RECORD, SupportsResponse.OPTIONAL),
        ("list_clips", _list_clips, _LIST, SupportsResponse.ONLY),
        ("apply_retention", _apply_retention, _NOTHING, SupportsResponse.OPTIONAL),
    ):
        hass.services.async_register(DOMAIN, name, handler, schema, supports_response=response)
    async_register_custody_services(hass)


async def _record(call: ServiceCall) -> ServiceResponse:
    """`camguard.record`: any user who may control the camera, or an automation.

    No platform entity service: core passes over entities that aren't available in silence, while a recording of a
    camera that is away must be told to have failed, and begins once it is back; and the answer holds the `clip_id`.
    """
    with translated():
        runtime = running(call.hass)
        user = await user_of(call)
        selected = async_extract_referenced_entity_ids(call.hass, TargetSelection(call.data))
        cameras = cameras_among(runtime, selected.referenced | selected.indirectly_referenced, selected.referenced)
        if not cameras:
            raise InvalidError("no_camera_targeted")
        for entity_id in cameras:
            if user is not None and not user.permissions.check_entity(entity_id, POLICY_CONTROL):
                raise Unauthorized(context=call.context, entity_id=entity_id, permission=POLICY_CONTROL)
        recorders: dict[str, CameraRecorder] = {}
        for entity_id, camera_id in cameras.items():
            recorder = runtime.recorder(camera_id)
            if recorder is None:
                raise InvalidError("camera_not_guarded", entity_id=entity_id)
            recorders[entity_id] = recorder
        by = NOBODY if user is None else actor_of(user)
        # All at once: a camera that is away keeps no other from recording. Its error is told once the others record.
        answers = await asyncio.gather(
            *(item.record(call.data[ATTR_DURATION], call.data.get(ATTR_REASON), by) for item in recorders.values()),
            return_exceptions=True,
        )
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        clips: dict[str, Any] = {
            entity_id: {"clip_id": answer} for entity_id, answer in zip(recorders, answers, strict=True)
        }
        # For one camera, as almost always, the answer is its clip's id.
        return {"clip_id": answers[0], **clips}


async def _list_clips(call: ServiceCall) -> ServiceResponse:
    """`camguard.list_clips`: any user who may read the camera, or an automation."""
    with translated():
        runtime = running(call.hass)
        user = await user_of(call)
        camera_ids: list[str] | None = None  # all, those of removed cameras too
        if (entity_ids := call.data.get(ATTR_ENTITY_ID)) is not None:
            cameras = cameras_among(runtime, set(entity_ids))
            if user is not None:
                for entity_id in cameras:
                    if not user.permissions.check_entity(entity_id, POLICY_READ):
                        raise Unauthorized(context=call.context, entity_id=entity_id, permission=POLICY_READ)
            camera_ids = list(cameras.values())
        clips, total = await runtime.site.playback.clips(
            reader_of(runtime, user) if user else None,
            camera_ids,
            start_us=_time_us(call.data.get(ATTR_START)),
            end_us=_time_us(call.data.get(ATTR_END)),
            limit=call.data[ATTR_LIMIT],
            offset=call.data[ATTR_OFFSET],
        )
        return {"clips": [_clip(runtime, clip) for clip in clips], "total": total}


async def _apply_retention(call: ServiceCall) -> ServiceResponse:
    """`camguard.apply_retention`: an administrator or an automation."""
    with translated():
        await automation_too(call)
        swept = await running(call.hass).site.sweep()
        return {"erased": swept.erased, "kept_held": swept.kept_held}


def _clip(runtime: Runtime, clip: Clip) -> dict[str, Any]:
    return {
        "clip_id": clip.clip_id,
        "camera": runtime.camera_entity_id(clip.camera_id),
        "start": _iso(clip.start_us),
        "end": _iso(clip.end_us),
        "duration": clip.duration_us / US_PER_SECOND,
        "size": clip.size_bytes,
        "sha256": clip.sha256,
        "trigger": clip.trigger.entity_id or clip.trigger.kind.value,
        "held": clip.held,
        "recovered": clip.recovered,
        "has_audio": clip.has_audio,
        "mask_checked": clip.mask_checked,
        "clock_error": round(runtime.site.retention.reckoning.clock_error_us(clip) / US_PER_SECOND),
    }


def _iso(time_us: int) -> str:
    return datetime.fromtimestamp(time_us / US_PER_SECOND, UTC).isoformat()


def _time_us(moment: datetime | None) -> int | None:
    """Return µs; a time without a zone is in Home Assistant's own."""
    return None if moment is None else int(dt_util.as_utc(moment).timestamp() * US_PER_SECOND)
