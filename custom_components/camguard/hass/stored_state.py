"""What must survive a restart but is no setting, in Home Assistant's own storage (which is backed up)."""

import hashlib
from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..domain.clip import canonical_json
from ..domain.ledger import Anchor, Witness
from ..domain.settings import CameraSettings, KnownView
from ..domain.zones import Geometry, zones_to_pairs

STORE_VERSION = 1
NOTE_SECONDS = 300


class StoredState:
    """Which entities are wrapped, which cameras are switched off, and what was seen of them."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._store: Store[dict[str, Any]] = Store(hass, STORE_VERSION, DOMAIN)
        self.wrapped: dict[str, str] = {}
        """Reference of the wrapped entity, by subentry id."""
        self.disarmed: set[str] = set()
        self.private: set[str] = set()
        """Cameras under full privacy."""
        self.unproved: dict[str, list[str]] = {}
        """Clips that are kept closed, by subentry id: nothing more of these cameras is recorded."""
        self.exposure: dict[str, dict[str, bool]] = {}
        """What voice assistants were allowed with the wrapped entity, by subentry id."""
        self.followed: dict[str, tuple[str, str | None]] = {}
        """Name and area of the wrapped entity as they were taken over, by subentry id."""
        self.noted: dict[str, str] = {}
        """Digest of the settings that the ledger knows last, by subentry id."""
        self.shapes: dict[str, tuple[str, int, int]] = {}
        """Of cameras that were set up unseen: source, width and height of the first picture, by subentry id."""
        self.views: dict[str, dict[str, Any]] = {}
        """Of the confirmed views: id of the picture, whether the camera was moved, what they belong to; by subentry
        id."""
        self.witness: Witness | None = None
        """The ledger's head as it was known last: another place than the ledger's own tells what it must hold."""

    async def load(self) -> None:
        """Read it."""
        data = await self._store.async_load() or {}
        self.wrapped = dict(data.get("wrapped", {}))
        self.disarmed = set(data.get("disarmed", ()))
        self.private = set(data.get("private", ()))
        self.unproved = {camera_id: list(clip_ids) for camera_id, clip_ids in data.get("unproved", {}).items()}
        self.noted = dict(data.get("noted", {}))
        if (seen := data.get("witness")) is not None:
            anchor = Anchor(seq=int(seen["seq"]), head=str(seen["head"]), where="home_assistant")
            self.witness = Witness(anchor=anchor, time_us=int(seen["time_us"]))
        self.exposure = dict(data.get("exposure", {}))
        self.shapes = {key: (source, width, height) for key, (source, width, height) in data.get("shapes", {}).items()}
        self.views = {key: dict(view) for key, view in data.get("views", {}).items()}
        self.followed = {key: (name, area) for key, (name, area) in data.get("followed", {}).items()}

    @callback
    def save(self) -> None:
        """Write it soon."""
        self._store.async_delay_save(self._data, 1)

    @callback
    def note(self, witness: Witness) -> None:
        """Remember the ledger's head; written within some minutes: it changes all the time."""
        if self.witness is None or witness.anchor.seq > self.witness.anchor.seq:
            self.witness = witness
            self._store.async_delay_save(self._data, NOTE_SECONDS)

    async def flush(self) -> None:
        """Write it now."""
        await self._store.async_save(self._data())

    def _data(self) -> dict[str, Any]:
        return {
            "wrapped": self.wrapped,
            "disarmed": sorted(self.disarmed),
            "private": sorted(self.private),
            "unproved": self.unproved,
            "exposure": self.exposure,
            "followed": self.followed,
            "noted": self.noted,
            "shapes": self.shapes,
            "views": self.views,
            "witness": None
            if self.witness is None
            else {"seq": self.witness.anchor.seq, "head": self.witness.anchor.head, "time_us": self.witness.time_us},
        }

    def with_shape(self, settings: CameraSettings) -> CameraSettings:
        """Let a camera that was set up unseen keep to the shape of its first picture, over restarts too."""
        source, width, height = self.shapes.get(settings.camera_id, ("", 0, 0))
        if settings.reference is not None or source != settings.source:
            self.shapes.pop(settings.camera_id, None)
            return settings
        return replace(settings, reference=Geometry(width=width, height=height))

    def remember_shape(self, camera: CameraSettings, geometry: Geometry | None) -> None:
        """Take note of the first picture's."""
        if camera.reference is None and geometry is not None and camera.camera_id not in self.shapes:
            self.shapes[camera.camera_id] = (camera.source, geometry.width, geometry.height)
            self.save()

    def with_view(self, settings: CameraSettings) -> tuple[CameraSettings, str]:
        """Let a camera have its confirmed view, and return the id of one that doesn't hold any more, or an empty one.

        It belongs to zones, source, and when a person has looked at both: who confirms anew confirms another view.
        """
        known = self.views.get(settings.camera_id, {})
        if known.get("of") == _belongs_to(settings):
            return replace(settings, view=KnownView(view_id=known["view_id"], moved=known["moved"])), ""
        self.views.pop(settings.camera_id, None)
        return settings, known.get("view_id", "")

    def remember_view(self, camera: CameraSettings, view: KnownView) -> None:
        """Take note of it."""
        self.views[camera.camera_id] = {"view_id": view.view_id, "moved": view.moved, "of": _belongs_to(camera)}
        self.save()

    def forget(self, camera_id: str) -> None:
        """Forget a camera that is guarded no more."""
        for known in (self.wrapped, self.exposure, self.followed, self.noted, self.shapes, self.unproved, self.views):
            known.pop(camera_id, None)
        self.disarmed.discard(camera_id)
        self.private.discard(camera_id)

    async def remove(self) -> None:
        """Remove it for good."""
        await self._store.async_remove()


def _belongs_to(settings: CameraSettings) -> str:
    """Return what a confirmed view holds for, as a digest."""
    facts = {
        "source": settings.source,
        "zones": zones_to_pairs(settings.zones),
        "confirmed_at": settings.confirmed_at,
    }
    return hashlib.sha256(canonical_json(facts)).hexdigest()
