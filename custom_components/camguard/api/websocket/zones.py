"""Drawing zones: those in force, the picture to draw on, what a mask would leave, and saving."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import config_validation as cv

from ...app.recording.recorder import CameraRecorder
from ...app.workers import probe as probing
from ...const import CONF_CONFIRMED_AT, CONF_REFERENCE, CONF_SOURCE, CONF_VIEW_IS_OWN_PREMISES, CONF_ZONES
from ...domain.clip import canonical_json
from ...domain.errors import InvalidError, NotFoundError, WorkerError
from ...domain.zones import MAX_POINTS, MAX_ZONES, Zone, covered_ratio, parse_zones, zones_to_raw
from ...hass.camera_form import refuse_source
from ...hass.settings import camera_from, confirmed_at
from ...hass.sources.choice import source_of
from ...hass.sources.entity import registry_reference
from .commands import VIA, Asked, Command

PICTURE_WIDTH_PX = 1920
PREVIEW_WIDTH_PX = 960
ZONES = vol.All(
    cv.ensure_list,
    vol.Length(max=MAX_ZONES * 4),  # too many are told in words, not as a schema's error
    [{vol.Required("name"): cv.string, vol.Required("points"): vol.All(cv.string, vol.Length(max=MAX_POINTS * 200))}],
)
"""`points`: `x,y x,y …` in percent, as everywhere (docs/ref/settings.md)."""
TARGET = {vol.Exclusive("camera_id", "target"): cv.string, vol.Exclusive("source", "target"): cv.entity_id}
"""A guarded camera, or the entity of one that is being set up."""


async def _get(asked: Asked) -> dict[str, Any]:
    """Return a guarded camera's zones, and the mark by which a change that came between is noticed."""
    subentry = subentry_of(asked)
    recorder = asked.runtime.recorder(subentry.subentry_id)
    geometry = recorder.geometry if recorder is not None else None
    return {
        "name": subentry.title,
        "zones": list(subentry.data.get(CONF_ZONES, ())),
        "revision": revision_of(subentry),
        "reference": subentry.data.get(CONF_REFERENCE),
        "size": [geometry.width, geometry.height] if geometry else None,
        "max_points": MAX_POINTS,
        "max_zones": MAX_ZONES,
    }


async def _reveal(asked: Asked) -> dict[str, Any]:
    """Return the picture without zones, written down before it is taken (docs/design/invariants.md, 1)."""
    target = _Target(asked)
    await asked.runtime.site.reveals.note(asked.actor, target.camera_id, target.reference, VIA)
    return await target.look((), PICTURE_WIDTH_PX)


async def _preview(asked: Asked) -> dict[str, Any]:
    """Return the picture as it would be masked, made by the worker as it masks clips."""
    target = _Target(asked)
    asked.runtime.site.reveals.check(asked.actor, target.reference)
    zones = parse_zones(asked.fields["zones"])
    return await target.look(zones, PREVIEW_WIDTH_PX) | {"covered": covered_ratio(zones)}


async def _save(asked: Asked) -> dict[str, Any]:
    """Write the zones; only this camera's masking is restarted. Noted in the ledger by whoever reads the settings."""
    subentry = subentry_of(asked)
    # The statement is about what stays visible: who makes it has seen that.
    asked.runtime.site.reveals.check(asked.actor, str(subentry.data[CONF_SOURCE]))
    zones = parse_zones(asked.fields["zones"])
    if not asked.fields["statement"]:
        raise InvalidError("own_premises_not_confirmed")
    if asked.fields["revision"] != revision_of(subentry):
        raise InvalidError("zones_changed_meanwhile")
    data = dict(subentry.data) | {CONF_ZONES: zones_to_raw(zones), CONF_VIEW_IS_OWN_PREMISES: True}
    data[CONF_CONFIRMED_AT] = confirmed_at()
    if "reference" in asked.fields:
        data[CONF_REFERENCE] = list(asked.fields["reference"])
    asked.hass.config_entries.async_update_subentry(asked.runtime.entry, subentry, data=data)
    return {"revision": revision_of(asked.runtime.entry.subentries[subentry.subentry_id])}


def revision_of(subentry: ConfigSubentry) -> str:
    """Return a mark of a camera's zones: another one once somebody has changed them."""
    return hashlib.sha256(canonical_json(list(subentry.data.get(CONF_ZONES, ())))).hexdigest()[:16]


class _Target:
    """What is looked at."""

    def __init__(self, asked: Asked) -> None:
        """Raises NotFoundError, InvalidError; WorkerError under full privacy."""
        self._asked = asked
        self.camera_id = ""
        self._data: Mapping[str, Any] = {}
        self._recorder: CameraRecorder | None = None
        if "camera_id" in asked.fields:
            subentry = subentry_of(asked)
            self.camera_id = subentry.subentry_id
            self._data = subentry.data
            self.reference = str(subentry.data[CONF_SOURCE])
            self._recorder = asked.runtime.recorder(self.camera_id)
            if asked.runtime.is_private(self.camera_id):
                raise WorkerError("privacy")  # its stream isn't opened, for nobody
        elif "source" in asked.fields:
            refuse_source(asked.hass, asked.runtime.entry, asked.fields["source"])
            self.reference = registry_reference(asked.hass, asked.fields["source"])
        else:
            raise NotFoundError("camera_not_guarded", entity_id="")

    async def look(self, zones: Sequence[Zone], max_width: int) -> dict[str, Any]:
        """Return the current picture with these zones; raises WorkerError with the reason when there is none."""
        data = {CONF_SOURCE: self.reference, "place": "", **self._data, CONF_ZONES: zones_to_raw(zones)}
        camera = camera_from({name: value for name, value in data.items() if name != CONF_REFERENCE}, "setup", "")
        running = self._recorder.worker if self._recorder is not None else None
        taken = await probing.preview(camera, source_of(self._asked.hass, camera), max_width, running, grid=False)
        return {"image": base64.b64encode(taken.image).decode(), "width": taken.width, "height": taken.height}


def subentry_of(asked: Asked) -> ConfigSubentry:
    """Return the guarded camera that is asked for; raises NotFoundError."""
    subentry = asked.runtime.entry.subentries.get(asked.fields["camera_id"])
    if subentry is None or subentry.subentry_type != "camera":
        raise NotFoundError("camera_not_guarded", entity_id=asked.fields["camera_id"])
    return subentry


COMMANDS = (
    Command(name="zones/get", answer=_get, fields={vol.Required("camera_id"): cv.string}),
    Command(name="zones/reveal", answer=_reveal, fields=TARGET),
    Command(name="zones/preview", answer=_preview, fields=TARGET | {vol.Required("zones"): ZONES}),
    Command(
        name="zones/save",
        answer=_save,
        fields={
            vol.Required("camera_id"): cv.string,
            vol.Required("zones"): ZONES,
            vol.Required("revision"): cv.string,
            vol.Required("statement"): cv.boolean,
            vol.Optional("reference"): vol.All([vol.All(int, vol.Range(min=1))], vol.Length(min=2, max=2)),
        },
    ),
)
