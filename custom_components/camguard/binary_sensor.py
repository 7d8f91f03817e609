"""Whether a clip is being recorded."""

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import CameraEntityBase
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensor of each camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities(
            [RecordingSensor(entry, camera_id, "recording")], config_subentry_id=camera_id
        )
    )


class RecordingSensor(CameraEntityBase, BinarySensorEntity):
    """On while frames go into a clip."""

    _attr_device_class = BinarySensorDeviceClass.RUNNING

    @property
    def is_on(self) -> bool:
        """Whether a clip is being recorded."""
        return self.recorder is not None and self.recorder.recording
