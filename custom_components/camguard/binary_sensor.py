"""Whether a clip is being recorded, and whether something moves."""

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .app.events import CameraState, Change, ChangeKind
from .const import MOTION
from .entity import CameraEntityBase
from .hass.guard import motion_sensor
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of each camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities(
            [RecordingSensor(entry, camera_id, "recording")], config_subentry_id=camera_id
        )
    )
    there: set[str] = set()

    @callback
    def follow(_change: Change | None = None) -> None:
        """Add the motion sensor of each camera whose settings want one, and remove it when they don't any more."""
        for camera_id, guard in entry.runtime_data.guards.items():
            wanted = guard.recorder.camera.motion.enabled
            if wanted and camera_id not in there:
                there.add(camera_id)
                async_add_entities([MotionSensor(entry, camera_id, MOTION)], config_subentry_id=camera_id)
            elif not wanted and (entity_id := motion_sensor(hass, camera_id)) is not None:
                there.discard(camera_id)
                er.async_get(hass).async_remove(entity_id)

    follow()
    entry.async_on_unload(entry.runtime_data.site.subscribe(follow))


class RecordingSensor(CameraEntityBase, BinarySensorEntity):
    """On while frames go into a clip."""

    _attr_device_class = BinarySensorDeviceClass.RUNNING

    @property
    def is_on(self) -> bool:
        """Whether a clip is being recorded."""
        return self.recorder is not None and self.recorder.recording


class MotionSensor(CameraEntityBase, BinarySensorEntity):
    """On while something moves in the masked picture."""

    _attr_device_class = BinarySensorDeviceClass.MOTION

    @property
    def available(self) -> bool:
        """Whether anything is looked at."""
        return self.recorder is not None and self.recorder.state in _SEEING

    @property
    def is_on(self) -> bool:
        """Whether something moves."""
        return self.recorder is not None and self.recorder.movement.on

    def take(self, change: Change) -> None:
        """Take in news of what moves, and of the camera's state."""
        if change.kind in {ChangeKind.MOTION, ChangeKind.STATE}:
            self.async_write_ha_state()


_SEEING = frozenset({CameraState.STREAMING, CameraState.RECORDING, CameraState.FINISHING})
