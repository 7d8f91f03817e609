"""Ordinary camera entities for tests, as any integration might make them."""

from homeassistant.components.camera import Camera, CameraEntityFeature


class FileCamera(Camera):
    """Streams what lies at an address, or gives stills only when it has none."""

    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(self, url: str | None, name: str, still: bytes | None = None) -> None:
        super().__init__()
        self.url = url
        self.still = still
        self._attr_name = name
        self._attr_unique_id = f"test_{name}"

    async def stream_source(self) -> str | None:
        return self.url

    async def async_camera_image(self, width: int | None = None, height: int | None = None) -> bytes | None:
        return self.still
