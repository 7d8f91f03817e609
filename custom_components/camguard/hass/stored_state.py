"""What must survive a restart but is no setting, in Home Assistant's own storage (which is backed up)."""

from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..domain.ledger import Anchor, Witness

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
            "witness": None
            if self.witness is None
            else {"seq": self.witness.anchor.seq, "head": self.witness.anchor.head, "time_us": self.witness.time_us},
        }

    def forget(self, camera_id: str) -> None:
        """Forget a camera that is guarded no more."""
        for known in (self.wrapped, self.exposure, self.followed, self.noted, self.shapes, self.unproved):
            known.pop(camera_id, None)
        self.disarmed.discard(camera_id)
        self.private.discard(camera_id)

    async def remove(self) -> None:
        """Remove it for good."""
        await self._store.async_remove()
