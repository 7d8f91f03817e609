"""What handing out and wiping would do, told beforehand; the acts themselves are the actions (docs/ref/actions.md)."""

from typing import Any

import probatio as vol
from homeassistant.components.http.auth import async_sign_path
from homeassistant.helpers import config_validation as cv

from ...app.custody.wiping import Order
from ...app.custody.wiping import Scope as WipeScope
from ...app.disclosure.offers import Request
from ...const import DISCLOSURE_URL
from ...domain.bundle import Form, LegalBasis, Recipient
from ...domain.clip import US_PER_SECOND, ClipId, parse_clip_id
from ...domain.errors import InvalidError
from .clips import LINK_LIFETIME
from .commands import CLIP_IDS, SECONDS, Asked, Command


async def _preview_disclosure(asked: Asked) -> dict[str, Any]:
    """Return what a disclosure would hand out: which clips, whole or cut, and how much."""
    clip_ids = _clip_ids(asked)
    request = Request(
        legal_basis=LegalBasis.INVESTIGATION,
        recipient=Recipient(name="", organization="", request_reference=""),
        purpose="",
        form=Form.SEALED_ZIP,
        clip_ids=clip_ids,
        camera_id=asked.fields.get("camera_id", ""),
        start_us=0 if clip_ids else asked.time_us("start") or 0,
        end_us=0 if clip_ids else asked.time_us("end") or 0,
    )
    parts = await asked.runtime.site.disclosure.preview(request)
    return {
        "parts": [
            {
                "clip_id": part.clip.clip_id,
                "camera_id": part.clip.camera_id,
                "clip_start": part.clip.start_us / US_PER_SECOND,
                "clip_end": part.clip.end_us / US_PER_SECOND,
                "start": part.span_us[0] / US_PER_SECOND,
                "end": part.span_us[1] / US_PER_SECOND,
                "whole": part.whole,
                "size": part.clip.size_bytes,
            }
            for part in parts
        ]
    }


async def _fetch(asked: Asked) -> dict[str, Any]:
    """Return what fetching an offer needs: its password (once, then null), and links that are good for ten minutes."""
    offer = asked.runtime.site.disclosure.offer(asked.fields["disclosure_id"])
    path = f"{DISCLOSURE_URL}/{offer.disclosure_id}"
    return {
        "disclosure_id": offer.disclosure_id,
        "form": offer.form.value,
        "password": offer.take_password(),
        "size": offer.size_bytes,
        "seconds_left": offer.seconds_left,
        "bundle": async_sign_path(asked.hass, f"{path}/bundle.zip", LINK_LIFETIME),
        "receipt": async_sign_path(asked.hass, f"{path}/receipt", LINK_LIFETIME),
    }


async def _preview_wipe(asked: Asked) -> dict[str, Any]:
    """Return what a wipe would destroy, and what stays because it is held."""
    order = Order(
        scope=WipeScope(asked.fields["scope"]),
        reason="",
        include_held=asked.fields["include_held"],
        clip_ids=_clip_ids(asked),
        camera_id=asked.fields.get("camera_id", ""),
        before_us=asked.time_us("before") or 0,
        detail="",
    )
    found = await asked.runtime.site.preview_wipe(order)
    return {
        "clips": found.clips,
        "size": found.size_bytes,
        "held": found.held,
        "oldest": None if found.oldest_us is None else found.oldest_us / US_PER_SECOND,
        "newest": None if found.newest_us is None else found.newest_us / US_PER_SECOND,
    }


def _clip_ids(asked: Asked) -> tuple[ClipId, ...]:
    """Return the clips that are named; raises NotFoundError, InvalidError `no_clips_named` for an empty list."""
    if "clip_ids" not in asked.fields:
        return ()
    clip_ids = tuple(parse_clip_id(text) for text in asked.fields["clip_ids"])
    if not clip_ids:
        raise InvalidError("no_clips_named")
    return clip_ids


COMMANDS = (
    Command(
        name="disclosures/preview",
        answer=_preview_disclosure,
        fields={
            vol.Optional("clip_ids"): CLIP_IDS,
            vol.Optional("camera_id"): cv.string,
            vol.Optional("start"): SECONDS,
            vol.Optional("end"): SECONDS,
        },
    ),
    Command(name="disclosures/fetch", answer=_fetch, fields={vol.Required("disclosure_id"): cv.string}),
    Command(
        name="wipe/preview",
        answer=_preview_wipe,
        fields={
            vol.Required("scope"): vol.In([scope.value for scope in WipeScope]),
            vol.Optional("clip_ids"): CLIP_IDS,
            vol.Optional("camera_id"): cv.string,
            vol.Optional("before"): SECONDS,
            vol.Optional("include_held", default=False): cv.boolean,
        },
    ),
)
