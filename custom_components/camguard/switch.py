"""Switches of a camera: whether it may record, and whether it may be seen at all."""

from typing import Any

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityCategory
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import CameraEntityBase
from .hass.errors import translated
from .hass.people.persons import actor_of_call
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 1


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switches of each camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities(
            [RecordingSwitch(entry, camera_id, "recording"), PrivacySwitch(entry, camera_id, "privacy")],
            config_subentry_id=camera_id,
        )
    )


class RecordingSwitch(CameraEntityBase, SwitchEntity):
    """On: armed. Survives restarts."""

    _attr_entity_category = EntityCategory.CONFIG

    @property
    def is_on(self) -> bool:
        """Whether the camera may record."""
        return self.recorder is not None and self.recorder.armed

    async def async_turn_on(self, **_kwargs: Any) -> None:
        """Allow recording."""
        self._runtime.arm(self._camera_id, armed=True, by=await actor_of_call(self.hass, self._context))

    async def async_turn_off(self, **_kwargs: Any) -> None:
        """End the clip in hand and record no more."""
        self._runtime.arm(self._camera_id, armed=False, by=await actor_of_call(self.hass, self._context))


class PrivacySwitch(CameraEntityBase, SwitchEntity):
    """On: nothing is recorded, shown or streamed, and the camera's stream isn't even opened. Survives restarts."""

    @property
    def is_on(self) -> bool:
        """Whether full privacy is wanted."""
        return self._runtime.is_private(self._camera_id)

    async def async_turn_on(self, **_kwargs: Any) -> None:
        """Shut the camera's eye; the clip in hand ends."""
        await self._set(private=True)

    async def async_turn_off(self, **_kwargs: Any) -> None:
        """Let it see again, with its zones."""
        await self._set(private=False)

    async def _set(self, *, private: bool) -> None:
        by = await actor_of_call(self.hass, self._context)
        with translated():
            await self._runtime.async_set_privacy(self._camera_id, private, by)
