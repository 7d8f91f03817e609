"""The guarded camera: what it shows is masked, always."""

import logging
from contextvars import ContextVar
from pathlib import Path

from aiohttp import web
from homeassistant.components.camera import Camera, CameraEntityFeature
from homeassistant.components.stream import Stream
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .app.events import CameraState, Change
from .domain.errors import DeniedError, WorkerError
from .entity import CameraEntityBase
from .hass.errors import translated
from .hass.people.persons import present_actor, present_user
from .runtime import CamguardConfigEntry
from .worker.faults import PRIVACY

PARALLEL_UPDATES = 0

PRIVATE = Path(__file__).parent / "brand" / "private.jpg"
"""What is shown under full privacy: a picture without words, for every language."""

_REFRESHING: ContextVar[bool] = ContextVar("camguard_refreshing", default=False)
"""Of one task: who asks for the stream in another meanwhile is noted all the same."""

_LOGGER = logging.getLogger(__name__)


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each guarded camera."""
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities([GuardedCamera(entry, camera_id)], config_subentry_id=camera_id)
    )


class GuardedCamera(CameraEntityBase, Camera):
    """What its worker masks: a stream and stills. Under full privacy a pictogram, and no stream."""

    _attr_name = None
    _attr_brand = "CamGuard"
    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(self, entry: CamguardConfigEntry, camera_id: str) -> None:
        CameraEntityBase.__init__(self, entry, camera_id, "camera")
        Camera.__init__(self)
        self._lost = False
        self._pictogram = b""
        self._live_url: str | None = None
        """As players know it."""
        self._update()

    async def async_added_to_hass(self) -> None:
        """Take over from the wrapped entity what its users had set for voice assistants."""
        await super().async_added_to_hass()
        self._pictogram = await self.hass.async_add_executor_job(PRIVATE.read_bytes)
        self._runtime.take_over(self._camera_id, self.entity_id)

    async def async_will_remove_from_hass(self) -> None:
        """Stop a stream that was made of it."""
        if self.stream is not None:
            await self.stream.stop()
        await super().async_will_remove_from_hass()

    # --- live ---

    async def stream_source(self) -> str | None:
        """Return where the masked stream is, for Home Assistant's players; None: there is none, full privacy is on.

        Who is signed in and asks is noted. Raises HomeAssistantError with the reason why nothing can be seen.
        """
        if not _REFRESHING.get():
            await self._admit()
        return self.recorder.worker.live_url if self.recorder is not None else None

    async def async_create_stream(self) -> Stream | None:
        """Return the stream that makes HLS of it; raises as `stream_source` does."""
        await self._admit()
        url = self.recorder.worker.live_url if self.recorder is not None else None
        if self.stream is not None and url is not None and self.stream.source != url:
            # The worker is another one: its settings were changed. A stream that doesn't run is only told: Home
            # Assistant would have it begin anew when it is stopped next, for ever.
            if self.stream.outputs():
                self.stream.update_source(url)
            else:
                self.stream.source = url
        return await super().async_create_stream()

    async def async_refresh_providers(self, *, write_state: bool = True) -> None:
        """Look again who could make WebRTC of it: nobody watches yet."""
        refreshing = _REFRESHING.set(True)
        try:
            await super().async_refresh_providers(write_state=write_state)
        finally:
            _REFRESHING.reset(refreshing)

    async def handle_async_mjpeg_stream(self, request: web.Request) -> web.StreamResponse | None:
        """Send the newest masked picture again and again."""
        await self._admit()
        return await super().handle_async_mjpeg_stream(request)

    async def async_camera_image(self, width: int | None = None, height: int | None = None) -> bytes | None:
        """Return the current masked picture; raises HomeAssistantError with the reason when there is none."""
        if self._runtime.is_private(self._camera_id):
            return self._pictogram
        with translated():
            if self.recorder is None:
                raise WorkerError("zones_unreadable")
            return await self.recorder.still(width or 0)

    async def _admit(self) -> None:
        """Note who is about to watch; raises HomeAssistantError when there is nothing to be seen, and says why."""
        with translated():
            if self.recorder is None:
                raise WorkerError("zones_unreadable")
            if self.recorder.state is CameraState.BLOCKED:
                raise WorkerError(self.recorder.reason)
            user = present_user()
            if user is not None and not user.is_admin and not self._runtime.site.registers.may_view(user.id):
                raise DeniedError("agreement_ended")
            await self._runtime.site.live_views.note(present_actor(), self._camera_id)
            self.recorder.source_changed()  # a camera that sleeps, or was lost, is tried at once

    # --- state ---

    @callback
    def take(self, change: Change) -> None:
        """Show what the camera does; its loss and its return are logged, once each."""
        self._update()
        reason = self.recorder.reason if self.recorder is not None else ""
        if self._attr_available and self._lost:
            self._lost = False
            _LOGGER.info("%s is available again", self.entity_id)
        elif not self._attr_available and reason not in {"", PRIVACY} and not self._lost:
            self._lost = True
            _LOGGER.info("%s is unavailable: %s", self.entity_id, reason)
        self._follow_address()
        super().take(change)

    @callback
    def _follow_address(self) -> None:
        """Let go of who watches when the stream has ended for good, and say so to those who make WebRTC of it."""
        url = self.recorder.worker.live_url if self.recorder is not None else None
        if url == self._live_url:
            return
        self._live_url = url
        if self.stream is not None and url is None:
            self._runtime.entry.async_create_task(self.hass, self.stream.stop())
        self._runtime.entry.async_create_task(self.hass, self.async_refresh_providers())

    def _update(self) -> None:
        state = self.recorder.state if self.recorder is not None else CameraState.OFF
        self._attr_is_recording = state is CameraState.RECORDING
        self._attr_is_streaming = state in {CameraState.RECORDING, CameraState.STREAMING}
        # The other entities stay: they tell of what is stored, and why there is no picture.
        self._attr_available = self._attr_is_streaming or self._runtime.is_private(self._camera_id)
