"""What all entities of ours share: their device, and being told of news."""

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity

from .app.events import Change
from .app.recording.recorder import CameraRecorder
from .const import DOMAIN
from .domain.software import VERSION
from .runtime import CamguardConfigEntry, Runtime


class CameraEntityBase(Entity):
    """An entity of one guarded camera. Its recording may be replaced at any time by one with new settings."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CamguardConfigEntry, camera_id: str, key: str) -> None:
        self._runtime: Runtime = entry.runtime_data
        self._camera_id = camera_id
        self._attr_unique_id = f"{camera_id}_{key}"
        self._attr_translation_key = key
        guard = self._runtime.guards[camera_id]
        info = DeviceInfo(
            identifiers={(DOMAIN, camera_id)},
            name=guard.recorder.camera.name,
            manufacturer="CamGuard",
            model="Guarded camera",
            sw_version=VERSION,
            entry_type=DeviceEntryType.SERVICE,
        )
        if guard.source.device_id is not None:
            info["via_device_id"] = guard.source.device_id
        self._attr_device_info = info

    @property
    def suggested_object_id(self) -> str | None:
        """The key: automations hold on to the entity's id, which is the same in each language and with each name."""
        return None if self.name is None else str(self.translation_key).replace("_", " ")

    @property
    def recorder(self) -> CameraRecorder | None:
        """The camera's present recording; None while it can't be guarded."""
        return self._runtime.recorder(self._camera_id)

    async def async_added_to_hass(self) -> None:
        """Follow the news of this camera and of the site."""
        await super().async_added_to_hass()
        self.async_on_remove(self._runtime.site.subscribe(self._on_news))

    @callback
    def _on_news(self, change: Change) -> None:
        if change.camera_id in {self._camera_id, ""}:
            self.take(change)

    @callback
    def take(self, _change: Change) -> None:
        """Take in news: by default, the state is written anew."""
        self.async_write_ha_state()


class SiteEntityBase(Entity):
    """An entity of the whole site."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CamguardConfigEntry, key: str) -> None:
        self._runtime: Runtime = entry.runtime_data
        self._attr_unique_id = f"{entry.entry_id}_{key}"
        self._attr_translation_key = f"site_{key}"
        # The device's name is translated, and long; what automations hold on to is neither.
        self.entity_id = f"sensor.camguard_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            translation_key="site",
            manufacturer="CamGuard",
            model="Site",
            sw_version=VERSION,
            entry_type=DeviceEntryType.SERVICE,
        )

    async def async_added_to_hass(self) -> None:
        """Follow all news."""
        await super().async_added_to_hass()
        self.async_on_remove(self._runtime.site.subscribe(self._on_news))

    @callback
    def _on_news(self, change: Change) -> None:
        if self.concerned(change):
            self.async_write_ha_state()

    def concerned(self, _change: Change) -> bool:
        """Tell whether news may change what this entity shows."""
        return True
