"""Asks for the login of a camera at an address when it is refused; no longer once it is taken after all."""

from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ...app.recording.recorder import CameraRecorder
from ...worker.faults import SOURCE_UNAUTHORIZED

CONTEXT_CAMERA = "camera_id"


@callback
def async_follow(hass: HomeAssistant, entry: ConfigEntry[Any], recorder: CameraRecorder) -> None:
    """Do that, by how the camera does now."""
    camera = recorder.camera
    if not camera.address:
        return
    if recorder.reason == SOURCE_UNAUTHORIZED:
        placeholders = {"name": camera.name}
        context: Any = {CONTEXT_CAMERA: camera.camera_id, "title_placeholders": placeholders}
        entry.async_start_reauth(hass, context=context)
    elif recorder.status.state == "streaming":
        for flow in tuple(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
            if dict(flow["context"]).get(CONTEXT_CAMERA) == camera.camera_id:
                hass.config_entries.flow.async_abort(flow["flow_id"])
