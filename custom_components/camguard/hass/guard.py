"""One guarded camera inside Home Assistant: its recording, the entity it wraps, and the entities that trigger it."""

import logging
from collections.abc import Callable

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_entity_registry_updated_event, async_track_state_change_event

from ..app.recording.recorder import CameraRecorder
from .source_entity import SourceEntity

PULSES = frozenset({"button", "event", "input_button", "scene"})
"""Domains whose state is the time of the last happening."""
_ON = frozenset({"on", "triggered", "open", "unlocked"})
_NOTHING = frozenset({STATE_UNAVAILABLE, STATE_UNKNOWN})

_LOGGER = logging.getLogger(__name__)


class Guard:
    """Feeds the triggers of one camera to its recording. `changed` is called when a registry entry of it changes."""

    def __init__(
        self, hass: HomeAssistant, recorder: CameraRecorder, source: SourceEntity, changed: Callable[[], None]
    ) -> None:
        self.recorder = recorder
        self.source = source
        self._hass = hass
        self._changed = changed
        self._stop_source: Callable[[], None] | None = None
        self._stop_triggers: list[Callable[[], None]] = []
        self._moments: dict[str, str] = {}
        """Last state seen of each pulsing trigger: a restart brings the same one again."""

    @property
    def missing_triggers(self) -> list[str]:
        """Trigger entities that don't exist any more."""
        registry = er.async_get(self._hass)
        return [
            reference
            for reference in self.recorder.camera.triggers
            if (entity_id := er.async_resolve_entity_id(registry, reference)) is None
            or (registry.async_get(entity_id) is None and self._hass.states.get(entity_id) is None)
        ]

    @callback
    def start(self) -> None:
        """Hide the wrapped entity and follow it and the triggers."""
        self.source.hide()
        self._stop_source = self.source.track(self._changed)
        self._follow_triggers()

    @callback
    def stop(self) -> None:
        """Follow nothing any more."""
        if self._stop_source is not None:
            self._stop_source()
        self._unfollow_triggers()

    @callback
    def arm(self, armed: bool) -> None:
        """Allow recording, or end it. A trigger that is on already counts."""
        self.recorder.arm(armed)
        if armed:
            self._read_triggers()

    @callback
    def _follow_triggers(self) -> None:
        self._unfollow_triggers()
        registry = er.async_get(self._hass)
        entity_ids = [
            entity_id
            for reference in self.recorder.camera.triggers
            if (entity_id := er.async_resolve_entity_id(registry, reference)) is not None
        ]
        if not entity_ids:
            return
        self._stop_triggers = [
            async_track_state_change_event(self._hass, entity_ids, self._on_trigger),
            async_track_entity_registry_updated_event(self._hass, entity_ids, self._on_trigger_entry),
        ]
        self._read_triggers()

    @callback
    def _read_triggers(self) -> None:
        registry = er.async_get(self._hass)
        for reference in self.recorder.camera.triggers:
            entity_id = er.async_resolve_entity_id(registry, reference)
            if entity_id is not None and (state := self._hass.states.get(entity_id)) is not None:
                self._take(state, old=None)

    @callback
    def _unfollow_triggers(self) -> None:
        while self._stop_triggers:
            self._stop_triggers.pop()()

    @callback
    def _on_trigger_entry(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        if event.data["action"] == "remove" or (
            event.data["action"] == "update" and "entity_id" in event.data["changes"]
        ):
            self._follow_triggers()
            self._changed()

    @callback
    def _on_trigger(self, event: Event[EventStateChangedData]) -> None:
        new, old = event.data["new_state"], event.data["old_state"]
        if new is None:
            self.recorder.trigger_off(event.data["entity_id"])
        else:
            self._take(new, old)

    @callback
    def _take(self, new: State, old: State | None) -> None:
        entity_id = new.entity_id
        if new.domain in PULSES:
            before = self._moments.get(entity_id)
            if new.state in _NOTHING or new.state == before:
                return
            self._moments[entity_id] = new.state
            # The first state after a start tells of something long past, unless nothing was there before it at all.
            if before is not None or (old is not None and old.state != STATE_UNAVAILABLE):
                self.recorder.trigger_pulse(entity_id)
        elif new.state in _ON:
            self.recorder.trigger_on(entity_id)
        else:
            # Unavailable too: a sensor that died while it was on would record for ever.
            self.recorder.trigger_off(entity_id)
