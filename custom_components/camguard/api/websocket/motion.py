"""Setting the eyes: how they are set, a picture of what they see when they are set otherwise, and saving."""

import base64
from collections.abc import Mapping
from typing import Any

import probatio as vol
from homeassistant.helpers import config_validation as cv

from ...const import (
    CONF_MOTION,
    CONF_MOTION_ENABLED,
    CONF_MOTION_LEAST_HEIGHT,
    CONF_MOTION_LEAVE_OUT,
    CONF_MOTION_SENSITIVITY,
    CONF_MOTION_TRIGGERS,
)
from ...domain.errors import NotFoundError, WorkerError
from ...domain.zones import MAX_POINTS, MAX_ZONES, parse_zones, zones_to_raw
from ...hass.settings import motion_from
from .commands import Asked, Command
from .zones import ZONES, subentry_of

PICTURE_WIDTH_PX = 960
_PERCENT = vol.All(vol.Coerce(float), vol.Range(min=0, max=100))
SETTINGS = {
    vol.Required(CONF_MOTION_SENSITIVITY): vol.All(vol.Coerce(int), vol.Range(min=0, max=100)),
    vol.Required(CONF_MOTION_LEAST_HEIGHT): _PERCENT,
    vol.Required(CONF_MOTION_LEAVE_OUT): ZONES,
}


async def _get(asked: Asked) -> dict[str, Any]:
    """Return how a camera's eyes are set."""
    subentry = subentry_of(asked)
    motion = motion_from(subentry.data.get(CONF_MOTION, {}))
    return {
        "name": subentry.title,
        "mode": str(subentry.data.get("mode", "event")),
        CONF_MOTION_ENABLED: motion.enabled,
        CONF_MOTION_TRIGGERS: motion.triggers,
        CONF_MOTION_SENSITIVITY: motion.sensitivity,
        CONF_MOTION_LEAST_HEIGHT: motion.least_height,
        CONF_MOTION_LEAVE_OUT: zones_to_raw(motion.leave_out),
        "max_points": MAX_POINTS,
        "max_zones": MAX_ZONES,
    }


async def _look(asked: Asked) -> dict[str, Any]:
    """Return the masked picture with what the eyes would see in it; raises WorkerError with the reason for none."""
    subentry = subentry_of(asked)
    recorder = asked.runtime.recorder(subentry.subentry_id)
    if recorder is None:
        raise NotFoundError("camera_not_guarded", entity_id=subentry.title)
    if recorder.camera.closed:
        raise WorkerError(recorder.camera.closed)
    taken = await recorder.worker.take_still(PICTURE_WIDTH_PX, sight=motion_from(_settings(asked.fields)))
    return {
        "image": base64.b64encode(taken.image).decode(),
        "width": taken.width,
        "height": taken.height,
        "things": taken.things,
        "tallest": round(taken.tallest * 100, 1),
    }


async def _save(asked: Asked) -> dict[str, Any]:
    """Write how the eyes are set; only this camera is restarted. Noted in the ledger by whoever reads the settings."""
    subentry = subentry_of(asked)
    chosen = {name: asked.fields[name] for name in (CONF_MOTION_ENABLED, CONF_MOTION_TRIGGERS)}
    data = dict(subentry.data) | {CONF_MOTION: chosen | _settings(asked.fields)}
    asked.hass.config_entries.async_update_subentry(asked.runtime.entry, subentry, data=data)
    return {}


def _settings(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings in a command's fields, as they are stored; raises InvalidError."""
    return {
        CONF_MOTION_SENSITIVITY: fields[CONF_MOTION_SENSITIVITY],
        CONF_MOTION_LEAST_HEIGHT: fields[CONF_MOTION_LEAST_HEIGHT],
        CONF_MOTION_LEAVE_OUT: zones_to_raw(parse_zones(fields[CONF_MOTION_LEAVE_OUT])),
    }


CAMERA = {vol.Required("camera_id"): cv.string}
COMMANDS = (
    Command(name="motion/get", answer=_get, fields=CAMERA),
    Command(name="motion/look", answer=_look, fields=CAMERA | SETTINGS),
    Command(
        name="motion/save",
        answer=_save,
        fields=CAMERA
        | SETTINGS
        | {vol.Required(CONF_MOTION_ENABLED): cv.boolean, vol.Required(CONF_MOTION_TRIGGERS): cv.boolean},
    ),
)
