"""What must survive a restart but is no setting, in Home Assistant's own storage (which is backed up)."""

from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN

STORE_VERSION = 1


class StoredState:
    """Which entities are wrapped, which cameras are switched off, and what was seen of them."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._store: Store[dict[str, Any]] = Store(hass, STORE_VERSION, DOMAIN)
        self.wrapped: dict[str, str] = {}
        """Reference of the wrapped entity, by subentry id."""
        self.disarmed: set[str] = set()
        self.exposure: dict[str, dict[str, bool]] = {}
        """What voice assistants were allowed with the wrapped entity, by subentry id."""
        self.followed: dict[str, tuple[str, str | None]] = {}
        """Name and area of the wrapped entity as they were taken over, by subentry id."""
        self.noted: dict[str, str] = {}
        """Digest of the settings that the ledger knows last, by subentry id."""
        self.shapes: dict[str, tuple[str, int, int]] = {}
        """Of cameras that were set up unseen: source, width and height of the first picture, by subentry id."""

    async def load(self) -> None:
        """Read it."""
        data = await self._store.async_load() or {}
        self.wrapped = dict(data.get("wrapped", {}))
        self.disarmed = set(data.get("disarmed", ()))
        self.noted = dict(data.get("noted", {}))
        self.exposure = dict(data.get("exposure", {}))
        self.shapes = {key: (source, width, height) for key, (source, width, height) in data.get("shapes", {}).items()}
        self.followed = {key: (name, area) for key, (name, area) in data.get("followed", {}).items()}

    @callback
    def save(self) -> None:
        """Write it soon."""
        self._store.async_delay_save(self._data, 1)

    async def flush(self) -> None:
        """Write it now."""
        await self._store.async_save(self._data())

    def _data(self) -> dict[str, Any]:
        return {
            "wrapped": self.wrapped,
            "disarmed": sorted(self.disarmed),
            "exposure": self.exposure,
            "followed": self.followed,
            "noted": self.noted,
            "shapes": self.shapes,
        }

    def forget(self, camera_id: str) -> None:
        """Forget a camera that is guarded no more."""
        for known in (self.wrapped, self.exposure, self.followed, self.noted, self.shapes):
            known.pop(camera_id, None)
        self.disarmed.discard(camera_id)

    async def remove(self) -> None:
        """Remove it for good."""
        await self._store.async_remove()
