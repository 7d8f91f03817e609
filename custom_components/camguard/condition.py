"""What automations can ask of a guarded camera: is it recording, is it armed, is it under full privacy."""

from collections.abc import Callable
from typing import Any

import probatio as vol
from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionConfig,
)
from homeassistant.helpers.target import TargetSelection
from homeassistant.helpers.typing import ConfigType

from .app.recording.recorder import CameraRecorder
from .hass.happenings import cameras_of
from .runtime import loaded_runtime

_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
        vol.Required(CONF_OPTIONS, default={}): {
            vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In([BEHAVIOR_ANY, BEHAVIOR_ALL])
        },
    }
)


class _CameraCondition(Condition):
    """True when `holds` does for any, or all, of the cameras that the target means; for none of them, false."""

    holds: Callable[[CameraRecorder], bool]

    @classmethod
    async def async_validate_config(cls, _hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Check what was chosen."""
        return _SCHEMA(config)  # type: ignore[no-any-return]

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        super().__init__(hass, config)
        self._selection = TargetSelection(config.target or {})
        self._all = (config.options or {}).get(ATTR_BEHAVIOR) == BEHAVIOR_ALL

    def _async_check(self, **_kwargs: Any) -> bool:
        runtime = loaded_runtime(self._hass)
        if runtime is None:
            return False
        recorders = [runtime.recorder(camera_id) for camera_id in cameras_of(self._hass, self._selection)]
        answers = [recorder is not None and type(self).holds(recorder) for recorder in recorders]
        return bool(answers) and (all(answers) if self._all else any(answers))


class IsRecording(_CameraCondition):
    """Pictures go into a clip."""

    holds = staticmethod(lambda recorder: recorder.recording)


class IsArmed(_CameraCondition):
    """It may record."""

    holds = staticmethod(lambda recorder: recorder.armed and not recorder.camera.private)


class IsPrivate(_CameraCondition):
    """Full privacy is on."""

    holds = staticmethod(lambda recorder: recorder.camera.private)


CONDITIONS: dict[str, type[Condition]] = {
    "is_recording": IsRecording,
    "is_armed": IsArmed,
    "is_private": IsPrivate,
}


async def async_get_conditions(_hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return them by name."""
    return CONDITIONS
