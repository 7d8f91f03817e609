"""Which kind of source a guarded camera has."""

from homeassistant.core import HomeAssistant

from ...domain.settings import CameraSettings
from .address import SourceAddress, is_address
from .entity import SourceEntity

type CameraSource = SourceEntity | SourceAddress


def source_of(hass: HomeAssistant, settings: CameraSettings) -> CameraSource:
    """Return where the pictures of a camera come from."""
    if is_address(settings.source):
        return SourceAddress(settings)
    return SourceEntity(hass, settings.source, sleeps=settings.sleeps)
