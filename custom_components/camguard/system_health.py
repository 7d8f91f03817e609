"""CamGuard's part of the system's health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .app.events import CameraState
from .domain.clip import US_PER_DAY
from .hass.settings import BYTES_PER_GB
from .runtime import loaded_runtime


@callback
def async_register(_hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the page's part."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    runtime = loaded_runtime(hass)
    if runtime is None:
        return {"cameras": "not loaded"}
    site = runtime.site
    well = sum(camera.state in {CameraState.STREAMING, CameraState.RECORDING} for camera in site.cameras.values())
    encoders = {
        name for camera in site.cameras.values() if camera.worker.hello for name in camera.worker.hello.encoders[:1]
    }
    return {
        "cameras": f"{well}/{len(site.cameras)}",
        "encoder": ", ".join(sorted(encoders)) or "–",
        "free_space": f"{site.retention.free_bytes / BYTES_PER_GB:.1f} GB",
        "overdue": site.retention.overdue,
        "watching": sum(camera.worker.beat.watchers for camera in site.cameras.values() if camera.worker.beat),
        "gaps": f"{sum(site.gaps.seconds(camera_id, US_PER_DAY) for camera_id in site.cameras):.0f} s",
        "lag": f"{max((site.backlog.worst_lag_us(camera_id) for camera_id in site.cameras), default=0) / 1e6:.1f} s",
        "problems": len(site.verification.last.problems) if site.verification.last else "–",
    }
