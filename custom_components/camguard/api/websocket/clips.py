"""Looking for clips: lists, days, what happened when, and one clip with everything that is known of it."""

import asyncio
from datetime import timedelta
from typing import Any

import probatio as vol
from homeassistant.components.http.auth import async_sign_path
from homeassistant.helpers import config_validation as cv

from ...const import CLIP_URL
from ...domain.clip import US_PER_SECOND, Clip, TriggerKind, parse_clip_id
from ...domain.retention import expires_us
from ...hass.standing import local_day_us
from ...vault.clips.terms import Filter
from .commands import SECONDS, VIA, Asked, Command, Role

LINK_LIFETIME = timedelta(minutes=10)
PAGE_MAX = 200
SPANS_MAX = 5000
"""Clips that one timeline shows at most."""
_FILTER = {
    vol.Optional("camera_ids"): vol.All(cv.ensure_list, [cv.string]),
    vol.Optional("start"): SECONDS,
    vol.Optional("end"): SECONDS,
    vol.Optional("kinds"): vol.All(cv.ensure_list, [vol.In([kind.value for kind in TriggerKind])]),
    vol.Optional("held"): cv.boolean,
}


async def _list(asked: Asked) -> dict[str, Any]:
    """Return a page of clips, newest first, and how many there are in all."""
    clips, total = await asked.runtime.site.playback.clips(
        asked.viewer,
        asked.fields.get("camera_ids"),
        **_times(asked),
        chosen=_filter(asked),
        limit=asked.fields["limit"],
        offset=asked.fields["offset"],
    )
    return {"clips": [clip_facts(asked, clip) for clip in clips], "total": total}


async def _days(asked: Asked) -> dict[str, Any]:
    """Return the days with clips, newest first: when each begins, and how many clips began on it."""
    playback, chosen = asked.runtime.site.playback, _filter(asked)
    days = await playback.counted_days(
        asked.viewer, asked.fields.get("camera_ids"), local_day_us, chosen=chosen, **_times(asked)
    )
    return {"days": [{"start": begin_us / US_PER_SECOND, "clips": count} for begin_us, count in days]}


async def _timeline(asked: Asked) -> dict[str, Any]:
    """Return what each camera recorded in a time, what it missed and why."""
    site, viewer = asked.runtime.site, asked.viewer
    start_us, end_us = asked.time_us("start") or 0, asked.time_us("end") or 0
    clips, total = await site.playback.clips(viewer, None, start_us=start_us, end_us=end_us, limit=SPANS_MAX)
    gaps = [gap for gap in site.gaps.between(start_us, end_us) if viewer.may_see(gap.camera_id)]
    return {
        "clips": [
            {
                "clip_id": clip.clip_id,
                "camera_id": clip.camera_id,
                "start": clip.start_us / US_PER_SECOND,
                "end": clip.end_us / US_PER_SECOND,
                "held": clip.held,
                "expires": _expires(asked, clip),
            }
            for clip in clips
        ],
        "gaps": [
            {
                "camera_id": gap.camera_id,
                "start": gap.from_us / US_PER_SECOND,
                "end": None if gap.to_us is None else gap.to_us / US_PER_SECOND,
                "cause": gap.cause,
            }
            for gap in gaps
        ],
        "shown": len(clips),
        "total": total,
    }


async def _get(asked: Asked) -> dict[str, Any]:
    """Return one clip: what its signed record says, when it goes, a link that plays it, and its neighbours."""
    site, clip_id = asked.runtime.site, parse_clip_id(asked.fields["clip_id"])
    clip = await site.playback.find(clip_id, asked.viewer)
    signed = await asked.hass.async_add_executor_job(site.vault.manifest, clip_id)
    told = signed.manifest
    around = await asyncio.gather(
        *(site.playback.neighbour(asked.viewer, clip, later=later) for later in (False, True))
    )
    facts = clip_facts(asked, clip) | {
        "link": async_sign_path(asked.hass, f"{CLIP_URL}/{clip_id}.mp4?via={VIA}", LINK_LIFETIME),
        "sha256": clip.sha256,
        "width": clip.width,
        "height": clip.height,
        "frames": clip.frames,
        "camera_name": told.camera_name,
        "place": told.place,
        "purpose": told.purpose,
        "operator": told.operator,
        "zones": [{"name": name, "points": points} for name, points in told.zones],
        "frame_rate_lowered": told.frame_rate_lowered,
        "adaptive": told.adaptive,
        "encoder": told.encoder,
        "sound": told.sound,
        "end_reason": told.end_reason,
        "older": around[0],
        "newer": around[1],
    }
    return {"clip": facts}


def clip_facts(asked: Asked, clip: Clip) -> dict[str, Any]:
    """Return what a list shows of a clip. Its picture's link is good for ten minutes, for this session only."""
    reckoning = asked.runtime.site.retention.reckoning
    return {
        "clip_id": clip.clip_id,
        "camera_id": clip.camera_id,
        "start": clip.start_us / US_PER_SECOND,
        "end": clip.end_us / US_PER_SECOND,
        "size": clip.size_bytes,
        "trigger": {
            "kind": clip.trigger.kind.value,
            "entity_id": clip.trigger.entity_id,
            "reason": clip.trigger.reason,
        },
        "hold": {"until": clip.held_until_us / US_PER_SECOND, "reason": clip.hold_reason}
        if clip.held_until_us is not None
        else None,
        "expires": _expires(asked, clip),
        "recovered": clip.recovered,
        "has_audio": clip.has_audio,
        "mask_checked": clip.mask_checked,
        "clock_error": round(reckoning.clock_error_us(clip) / US_PER_SECOND),
        "thumbnail": async_sign_path(asked.hass, f"{CLIP_URL}/{clip.clip_id}.jpg", LINK_LIFETIME),
    }


def _expires(asked: Asked, clip: Clip) -> float | None:
    """Return when a clip will be erased, epoch seconds; None for a held one."""
    if clip.held:
        return None
    return expires_us(clip, asked.runtime.site.days_of(clip.camera_id)) / US_PER_SECOND


def _filter(asked: Asked) -> Filter:
    kinds = asked.fields.get("kinds")
    return Filter(kinds=None if kinds is None else frozenset(kinds), held=asked.fields.get("held"))


def _times(asked: Asked) -> dict[str, int | None]:
    return {"start_us": asked.time_us("start"), "end_us": asked.time_us("end")}


COMMANDS = (
    Command(
        name="clips/list",
        answer=_list,
        role=Role.VIEWER,
        fields=_FILTER
        | {
            vol.Optional("limit", default=60): vol.All(int, vol.Range(min=1, max=PAGE_MAX)),
            vol.Optional("offset", default=0): vol.All(int, vol.Range(min=0)),
        },
    ),
    Command(name="clips/days", answer=_days, role=Role.VIEWER, fields=_FILTER),
    Command(name="clips/get", answer=_get, role=Role.VIEWER, fields={vol.Required("clip_id"): cv.string}),
    Command(
        name="timeline",
        answer=_timeline,
        role=Role.VIEWER,
        fields={vol.Required("start"): SECONDS, vol.Required("end"): SECONDS},
    ),
)
