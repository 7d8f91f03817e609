"""One guarded camera inside Home Assistant: its recording, the entity it wraps, and the entities that trigger it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_call_later,
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
)
from homeassistant.util import dt as dt_util

from ..app.ports import Actor
from ..app.recording.recorder import CameraRecorder
from ..app.recording.states import TriggerOff, TriggerOn, TriggerPulse
from ..const import DOMAIN, MOTION
from .repair_issues import set_trigger_stuck
from .sources.choice import CameraSource

PULSES = frozenset({"button", "event", "input_button", "scene"})
"""Domains whose state is the time of the last happening."""
FRESH_SECONDS = 30.0
"""What such a state tells of is news for this long: later it is told again, by an integration that has started."""
_ON = frozenset({"on", "triggered", "open", "unlocked"})
_NOTHING = frozenset({STATE_UNAVAILABLE, STATE_UNKNOWN})

_LOGGER = logging.getLogger(__name__)


class Guard:
    """Feeds the triggers of one camera to its recording. `changed` is called when a registry entry of it changes."""

    def __init__(
        self, hass: HomeAssistant, recorder: CameraRecorder, source: CameraSource, changed: Callable[[], None]
    ) -> None:
        self.recorder = recorder
        self.source = source
        self._hass = hass
        self._changed = changed
        self._stop_source: Callable[[], None] | None = None
        self._stop_triggers: list[Callable[[], None]] = []
        self._held: dict[str, Callable[[], None]] = {}
        """Triggers that are on, each with what forgets its time limit."""
        self._stuck: set[str] = set()
        """Triggers that have been on for longer than is recorded: they count again once they were off."""
        self._started_at = time.monotonic()
        self._moments: dict[str, str] = {}
        """Last state seen of each pulsing trigger: a restart brings the same one again."""

    @property
    def missing_triggers(self) -> list[str]:
        """Trigger entities that don't exist any more."""
        registry = er.async_get(self._hass)
        return [
            _name_of_deleted(registry, reference)
            for reference in self.recorder.camera.triggers
            if (entity_id := er.async_resolve_entity_id(registry, reference)) is None
            or (registry.async_get(entity_id) is None and self._hass.states.get(entity_id) is None)
        ]

    @callback
    def start(self) -> None:
        """Hide the wrapped entity and follow it and the triggers."""
        self._started_at = time.monotonic()
        self.source.hide()
        self._stop_source = self.source.track(self._changed, self.recorder.source_changed)
        self._follow_triggers()

    @callback
    def stop(self) -> None:
        """Follow nothing any more."""
        if self._stop_source is not None:
            self._stop_source()
        self._unfollow_triggers()
        self._forget_held()

    @callback
    def arm(self, armed: bool, by: Actor) -> None:
        """Allow recording, or end it. A trigger that is on already counts."""
        self.recorder.arm(armed, by)
        # Nothing of what was on meanwhile was recorded: its time begins now.
        self._forget_held()
        if armed:
            self._read_triggers()
            if self.recorder.movement.on:
                self.take_motion()

    @callback
    def _follow_triggers(self) -> None:
        self._unfollow_triggers()
        registry = er.async_get(self._hass)
        entity_ids = [
            entity_id
            for reference in self.recorder.camera.triggers
            if (entity_id := er.async_resolve_entity_id(registry, reference)) is not None
        ]
        known = {*entity_ids, motion_sensor(self._hass, self.recorder.camera.camera_id) or MOTION}
        for entity_id in [entity_id for entity_id in (*self._held, *self._stuck) if entity_id not in known]:
            self._let_go(entity_id)  # renamed or removed: its end would never be heard of
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
                self._take(state)

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
        new = event.data["new_state"]
        if new is None:
            self._let_go(event.data["entity_id"])
        else:
            self._take(new)

    # --- triggers that hold ---

    @callback
    def take_motion(self, since_us: int | None = None) -> None:
        """Take what moves in the picture as a trigger, if it is to be one."""
        camera = self.recorder.camera
        if not camera.motion.triggers:
            return
        entity_id = motion_sensor(self._hass, camera.camera_id) or MOTION
        if self.recorder.movement.on:
            self._hold(entity_id, since_us)
        else:
            self._let_go(entity_id)

    @callback
    def _hold(self, entity_id: str, since_us: int | None = None) -> None:
        """Take a trigger as on, for as long as the settings allow."""
        if entity_id in self._stuck or not self.recorder.armed:
            return
        if entity_id not in self._held:
            self._held[entity_id] = async_call_later(
                self._hass, self.recorder.camera.trigger_max_s, partial(self._give_up, entity_id)
            )
        self.recorder.trigger(TriggerOn(entity_id, since_us))

    @callback
    def _forget_held(self) -> None:
        for forget in self._held.values():
            forget()
        self._held.clear()
        self._stuck.clear()
        self._tell_stuck()

    @callback
    def _let_go(self, entity_id: str) -> None:
        """Take a trigger as off."""
        if (forget := self._held.pop(entity_id, None)) is not None:
            forget()
        if entity_id in self._stuck:
            self._stuck.discard(entity_id)
            self._tell_stuck()
        self.recorder.trigger(TriggerOff(entity_id))

    @callback
    def _give_up(self, entity_id: str, _now: datetime) -> None:
        """End what a trigger holds that has been on for too long, and tell."""
        _LOGGER.warning("%s has been on for too long and isn't recorded any more until it was off", entity_id)
        self._held.pop(entity_id, None)
        self._stuck.add(entity_id)
        self._tell_stuck()
        self.recorder.trigger(TriggerOff(entity_id))

    @callback
    def _tell_stuck(self) -> None:
        camera = self.recorder.camera
        names = [
            f"{state.name} ({entity_id})" if (state := self._hass.states.get(entity_id)) else entity_id
            for entity_id in sorted(self._stuck)
        ]
        set_trigger_stuck(self._hass, camera.camera_id, camera.name, names, camera.trigger_max_s // 60)

    def _is_fresh(self, moment: str) -> bool:
        """Tell whether something happened just now: not long past, told again by an integration that has started."""
        happened = dt_util.parse_datetime(moment)
        if happened is None:
            return False
        ago_s = (dt_util.utcnow() - dt_util.as_utc(happened)).total_seconds()
        since_start_s = time.monotonic() - self._started_at
        return -FRESH_SECONDS <= ago_s <= min(FRESH_SECONDS, since_start_s)

    @callback
    def _take(self, new: State) -> None:
        entity_id = new.entity_id
        if new.domain in PULSES:
            before = self._moments.get(entity_id)
            if new.state in _NOTHING or new.state == before:
                return
            self._moments[entity_id] = new.state
            if self._is_fresh(new.state):
                self.recorder.trigger(TriggerPulse(entity_id))
        elif new.state in _ON:
            self._hold(entity_id)
        else:
            # Unavailable too: a sensor that died while it was on would record for ever.
            self._let_go(entity_id)


def _name_of_deleted(registry: er.EntityRegistry, reference: str) -> str:
    """Return the entity id that an entity had that was removed; what is known of it when that isn't."""
    found = (entry.entity_id for entry in registry.deleted_entities.values() if entry.id == reference)
    return next(found, reference)


def motion_sensor(hass: HomeAssistant, camera_id: str) -> str | None:
    """Return the entity id of a camera's motion sensor, if it has one."""
    return er.async_get(hass).async_get_entity_id(Platform.BINARY_SENSOR, DOMAIN, f"{camera_id}_{MOTION}")
