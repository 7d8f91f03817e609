"""Records a clip by hand."""

from homeassistant.components.button import ButtonEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .domain.errors import WorkerError
from .entity import CameraEntityBase
from .hass.errors import translated
from .hass.people.persons import actor_of_call
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 1
RECORD_SECONDS = 30


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the button of each camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities([RecordButton(entry, camera_id, "record")], config_subentry_id=camera_id)
    )


class RecordButton(CameraEntityBase, ButtonEntity):
    """Records RECORD_SECONDS from now, and the pre-roll before."""

    async def async_press(self) -> None:
        """Record; raises HomeAssistantError with the reason when that can't be done."""
        with translated():
            if self.recorder is None:
                raise WorkerError("zones_unreadable")
            await self.recorder.record(RECORD_SECONDS, None, await actor_of_call(self.hass, self._context))
