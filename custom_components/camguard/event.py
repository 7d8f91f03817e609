"""What happens to a camera's clips, for automations and the log."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .app.events import Change, ChangeKind
from .const import EVENT_CLIP
from .domain.clip import US_PER_SECOND
from .entity import CameraEntityBase
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 0
_TYPES = {
    ChangeKind.RECORDED: "recorded",
    ChangeKind.FAILED: "failed",
    ChangeKind.GAP: "gap",
    ChangeKind.FINISHING: "finishing",
}


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the event of each camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities([ClipEvent(entry, camera_id)], config_subentry_id=camera_id)
    )


class ClipEvent(CameraEntityBase, EventEntity):
    """Fires when a clip is ready to be played, could not be recorded, or the camera wasn't seen for a while."""

    _unrecorded_attributes = frozenset({"clip_id", "reason", "from", "to", "start", "end", "trigger"})

    def __init__(self, entry: CamguardConfigEntry, camera_id: str) -> None:
        super().__init__(entry, camera_id, "clip")
        self._attr_event_types = list(_TYPES.values())

    @callback
    def take(self, change: Change) -> None:
        """Fire for news of clips."""
        kind = _TYPES.get(change.kind)
        if kind is None or change.camera_id != self._camera_id:
            return
        attributes = _attributes(change)
        self._trigger_event(kind, attributes)
        self.async_write_ha_state()
        name = self._runtime.names.get(self._camera_id, "CamGuard")
        told = {key: attributes[key] for key in ("duration", "trigger", "reason") if key in attributes}
        camera = self._runtime.camera_entity_id(self._camera_id)
        self.hass.bus.async_fire(EVENT_CLIP, {"type": kind, "name": name, "entity_id": camera, **told})


def _attributes(change: Change) -> dict[str, Any]:
    if (clip := change.clip) is not None:
        return {
            "clip_id": clip.clip_id,
            "start": _time(clip.start_us),
            "end": _time(clip.end_us),
            "duration": clip.duration_us / US_PER_SECOND,
            "trigger": clip.trigger.entity_id or clip.trigger.kind.value,
            "recovered": clip.recovered,
        }
    attributes: dict[str, Any] = {"reason": change.key} if change.key else {}
    if change.kind is ChangeKind.GAP:
        attributes |= {"from": _time(change.from_us), "to": None if change.to_us is None else _time(change.to_us)}
    return attributes


def _time(time_us: int) -> str:
    return datetime.fromtimestamp(time_us / US_PER_SECOND, UTC).isoformat()
