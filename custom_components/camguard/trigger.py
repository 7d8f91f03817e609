"""What automations can wait for: a clip, a failure, a gap, a blocked camera, a disclosure, overdue clips."""

import probatio as vol
from homeassistant.const import CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.target import TargetSelection
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from .hass.happenings import OF_SITE, Happened, Happening, async_on, cameras_of

_CAMERA_SCHEMA = vol.Schema({vol.Required(CONF_TARGET): cv.TARGET_FIELDS})
_SITE_SCHEMA = vol.Schema({})


class _HappeningTrigger(Trigger):
    """Fires whenever `what` happens, to one of the cameras that the target means."""

    what: Happening

    @classmethod
    async def async_validate_config(cls, _hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Check what was chosen."""
        return (_SITE_SCHEMA if cls.what in OF_SITE else _CAMERA_SCHEMA)(config)  # type: ignore[no-any-return]

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._selection = TargetSelection(config.target) if config.target else None

    async def async_attach_runner(
        self, run_action: TriggerActionRunner, _did_not_trigger: TriggerNotTriggeredReporter | None = None
    ) -> CALLBACK_TYPE:
        """Begin to wait."""
        selection = self._selection

        @callback
        def tell(happened: Happened) -> None:
            run_action(happened.variables, f"{happened.what.value} of {happened.variables.get('name', 'CamGuard')}")

        cameras = None if selection is None else lambda: cameras_of(self._hass, selection)
        return async_on(self._hass, self.what, cameras, tell)


def _trigger(happening: Happening) -> type[Trigger]:
    return type(f"{happening.name.title().replace('_', '')}Trigger", (_HappeningTrigger,), {"what": happening})


TRIGGERS = {happening.value: _trigger(happening) for happening in Happening}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return them by name."""
    return TRIGGERS
