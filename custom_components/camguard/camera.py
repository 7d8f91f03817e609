"""The guarded camera: what it shows is masked, always."""

import logging

from homeassistant.components.camera import Camera
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .app.events import CameraState, Change
from .domain.errors import WorkerError
from .entity import CameraEntityBase
from .hass.errors import translated
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 0

_LOGGER = logging.getLogger(__name__)


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each guarded camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities([GuardedCamera(entry, camera_id)], config_subentry_id=camera_id)
    )


class GuardedCamera(CameraEntityBase, Camera):
    """Masked stills from the worker."""

    _attr_name = None
    _attr_brand = "CamGuard"

    def __init__(self, entry: CamguardConfigEntry, camera_id: str) -> None:
        CameraEntityBase.__init__(self, entry, camera_id, "camera")
        Camera.__init__(self)
        self._lost = False
        self._update()

    async def async_added_to_hass(self) -> None:
        """Take over from the wrapped entity what its users had set for voice assistants."""
        await super().async_added_to_hass()
        self._runtime.take_over(self._camera_id, self.entity_id)

    async def async_will_remove_from_hass(self) -> None:
        """Stop a stream that was made of it."""
        if self.stream is not None:
            await self.stream.stop()
        await super().async_will_remove_from_hass()

    async def async_camera_image(self, width: int | None = None, height: int | None = None) -> bytes | None:
        """Return the current masked picture; raises HomeAssistantError with the reason when there is none."""
        with translated():
            if self.recorder is None:
                raise WorkerError("zones_unreadable")
            return await self.recorder.still(width or 0)

    @callback
    def take(self, change: Change) -> None:
        """Show what the camera does; its loss and its return are logged, once each."""
        self._update()
        reason = self.recorder.reason if self.recorder is not None else ""
        if self._attr_available and self._lost:
            self._lost = False
            _LOGGER.info("%s is available again", self.entity_id)
        elif not self._attr_available and reason and not self._lost:
            self._lost = True
            _LOGGER.info("%s is unavailable: %s", self.entity_id, reason)
        super().take(change)

    def _update(self) -> None:
        state = self.recorder.state if self.recorder is not None else CameraState.OFF
        self._attr_is_recording = state is CameraState.RECORDING
        self._attr_is_streaming = state in {CameraState.RECORDING, CameraState.STREAMING}
        # The other entities stay: they tell of what is stored, and why there is no picture.
        self._attr_available = self._attr_is_streaming
