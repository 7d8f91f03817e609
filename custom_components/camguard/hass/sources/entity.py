"""The wrapped camera entity: where its pictures come from, and its place in the registries.

It is hidden, never disabled: a disabled camera delivers nothing. Whoever knows it can still open it; the set-up flow
says so.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from homeassistant.components import camera
from homeassistant.components.camera import Camera, CameraEntityFeature
from homeassistant.components.camera.const import DATA_COMPONENT
from homeassistant.components.homeassistant import exposed_entities
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_device_registry_updated_event,
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
)

from ...app.ports import NO_ADDRESS
from ...worker.protocol import Connect

STILL_TIMEOUT_SECONDS = 10
STREAM_AGAIN_SECONDS = 180.0
"""A camera that gives stills only is asked this often whether it has a stream by now."""
_OPTIONS = ("rtsp_transport", "use_wallclock_as_timestamps")
_RENEWED = ("access_token", "entity_picture")

_LOGGER = logging.getLogger(__name__)


class SourceEntity:
    """One wrapped entity, by its registry id (survives renames) or, without one, its entity id (port `Source`)."""

    def __init__(self, hass: HomeAssistant, reference: str, *, sleeps: bool = False) -> None:
        """`sleeps`: it has an address, or pictures, only while it is awake."""
        self._hass = hass
        self._sleeps = sleeps
        self._reference = reference
        self._stills_since: float | None = None
        """When it was last asked for a stream and had none (monotonic)."""

    @property
    def entity_id(self) -> str | None:
        """Its present entity id; None when it is gone."""
        entity_id = er.async_resolve_entity_id(er.async_get(self._hass), self._reference)
        if entity_id is None or (self.entry is None and self._hass.states.get(entity_id) is None):
            return None
        return entity_id

    @property
    def is_missing(self) -> bool:
        """Whether it is gone."""
        return self.entity_id is None

    @property
    def entry(self) -> er.RegistryEntry | None:
        """Its entry in the registry, if it has one."""
        registry = er.async_get(self._hass)
        entity_id = er.async_resolve_entity_id(registry, self._reference)
        return registry.async_get(entity_id) if entity_id else None

    @property
    def name(self) -> str | None:
        """What the user calls it, as the registry knows it before its integration has started; None: not known."""
        entry = self.entry
        if entry is not None and (name := er.async_get_full_entity_name(self._hass, entry)):
            return name
        entity_id = self.entity_id
        state = self._hass.states.get(entity_id) if entity_id else None
        return state.name if state is not None else None

    @property
    def device_id(self) -> str | None:
        """The device that it belongs to."""
        return self.entry.device_id if self.entry else None

    @property
    def area_id(self) -> str | None:
        """Its area, or its device's."""
        entry = self.entry
        if entry is None:
            return None
        device = dr.async_get(self._hass).async_get(entry.device_id) if entry.device_id else None
        return entry.area_id or (dr.async_get_effective_area_id(self._hass, device) if device else None)

    # --- pictures (port Source) ---

    async def connect(self) -> Connect:
        """Ask the entity for its address; `stills` when it has none, `none` or `asleep` when it can't be had now."""
        connect = await self._connect()
        kind = "asleep" if self._sleeps and connect.kind == "none" else connect.kind
        return replace(connect, kind=kind, sleeps=self._sleeps)

    async def _connect(self) -> Connect:
        self._stills_since = None
        entity_id = self.entity_id
        if entity_id is None:
            return Connect(kind="none", detail="the camera entity is gone")
        try:
            url = await camera.async_get_stream_source(self._hass, entity_id)
        except HomeAssistantError as error:
            return Connect(kind="none", detail=str(error))
        except Exception:  # any integration's code may run here
            _LOGGER.debug("%s gave no stream source", entity_id, exc_info=True)
            return Connect(kind="none", detail="the camera entity failed to give its address")
        entity = self._hass.data[DATA_COMPONENT].get_entity(entity_id)
        if url:
            options = entity.stream_options if entity is not None else {}
            return Connect(
                kind="stream",
                url=url,
                options=tuple((name, str(options[name])) for name in _OPTIONS if options.get(name)),
            )
        if entity is not None and _will_stream(entity):
            return Connect(kind="none", detail=NO_ADDRESS)
        self._stills_since = time.monotonic()
        return Connect(kind="stills")

    async def still(self) -> bytes | None:
        """Return the entity's current picture; None when there is none.

        None too once the camera has a stream: the worker, for want of pictures, then asks where to connect.
        """
        entity_id = self.entity_id
        if entity_id is None or await self._streams_by_now(entity_id):
            return None
        try:
            return (await camera.async_get_image(self._hass, entity_id, STILL_TIMEOUT_SECONDS)).content
        except HomeAssistantError:
            return None
        except Exception:  # any integration's code may run here
            _LOGGER.debug("%s gave no picture", entity_id, exc_info=True)
            return None

    async def _streams_by_now(self, entity_id: str) -> bool:
        if self._stills_since is None or time.monotonic() - self._stills_since < STREAM_AGAIN_SECONDS:
            return False
        try:
            streams = bool(await camera.async_get_stream_source(self._hass, entity_id))
        except Exception:  # any integration's code may run here
            _LOGGER.debug("%s gave no stream source", entity_id, exc_info=True)
            streams = False
        if not streams:
            self._stills_since = time.monotonic()
        return streams

    # --- registries ---

    @callback
    def hide(self) -> None:
        """Hide it, unless the user or somebody else did."""
        entry = self.entry
        if entry is not None and entry.hidden_by is None:
            er.async_get(self._hass).async_update_entity(entry.entity_id, hidden_by=er.RegistryEntryHider.INTEGRATION)

    @callback
    def restore(self) -> None:
        """Show it again, if it was us who hid it."""
        entry = self.entry
        if entry is not None and entry.hidden_by is er.RegistryEntryHider.INTEGRATION:
            er.async_get(self._hass).async_update_entity(entry.entity_id, hidden_by=None)

    @callback
    def move_exposure(self, guarded_entity_id: str) -> dict[str, bool]:
        """Hand the voice assistants' permission over to the guarded camera; returns what it was, by assistant."""
        entity_id = self.entity_id
        if entity_id is None:
            return {}
        moved: dict[str, bool] = {}
        for assistant, values in exposed_entities.async_get_entity_settings(self._hass, entity_id).items():
            if (exposed := values.get("should_expose")) is not None:
                moved[assistant] = bool(exposed)
                exposed_entities.async_expose_entity(self._hass, assistant, guarded_entity_id, bool(exposed))
                exposed_entities.async_expose_entity(self._hass, assistant, entity_id, False)
        return moved

    @callback
    def restore_exposure(self, moved: dict[str, bool]) -> None:
        """Give back what `move_exposure` took."""
        entity_id = self.entity_id
        if entity_id is None:
            return
        for assistant, exposed in moved.items():
            exposed_entities.async_expose_entity(self._hass, assistant, entity_id, exposed)

    @callback
    def track(self, changed: Callable[[], None], stirred: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` whenever the entity or its device is renamed, moved or removed; returns what ends that.

        `stirred`: whenever its state is another one. It may have an address now.
        """
        unsubscribe: list[Callable[[], None]] = []

        @callback
        def follow() -> None:
            while unsubscribe:
                unsubscribe.pop()()
            entity_id = er.async_resolve_entity_id(er.async_get(self._hass), self._reference)
            if entity_id is not None:
                unsubscribe.append(async_track_entity_registry_updated_event(self._hass, entity_id, updated))
                unsubscribe.append(async_track_state_change_event(self._hass, entity_id, state_changed))
            if (device_id := self.device_id) is not None:
                unsubscribe.append(async_track_device_registry_updated_event(self._hass, device_id, device_updated))

        @callback
        def updated(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
            if event.data["action"] == "update" and {"entity_id", "device_id"} & set(event.data["changes"]):
                follow()
            changed()

        @callback
        def state_changed(event: Event[EventStateChangedData]) -> None:
            if _says(event.data["new_state"]) != _says(event.data["old_state"]):
                stirred()

        @callback
        def device_updated(_event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
            changed()

        @callback
        def stop() -> None:
            while unsubscribe:
                unsubscribe.pop()()

        follow()
        return stop


def _says(state: State | None) -> tuple[str, dict[str, object]] | None:
    """Return what an entity tells, without the token that Home Assistant renews every few minutes."""
    if state is None:
        return None
    return state.state, {name: value for name, value in state.attributes.items() if name not in _RENEWED}


def _will_stream(entity: Camera) -> bool:
    """Tell whether a camera without an address will have one once it has started.

    Not those that speak WebRTC themselves: they stream, but to browsers only.
    """
    own_webrtc = type(entity).async_handle_async_webrtc_offer is not Camera.async_handle_async_webrtc_offer
    return CameraEntityFeature.STREAM in entity.supported_features and not own_webrtc


def registry_reference(hass: HomeAssistant, entity_id: str) -> str:
    """Return what to remember an entity by: its registry id, or its entity id when it isn't registered."""
    entry = er.async_get(hass).async_get(entity_id)
    return entry.id if entry else entity_id
