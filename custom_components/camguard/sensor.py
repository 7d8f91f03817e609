"""What is stored, how far back it goes, and how the workers do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfInformation, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .app.events import CameraState, Change, ChangeKind
from .app.recording.recorder import CameraRecorder
from .app.site import Site
from .app.watching.confirmed_view import CONDITIONS
from .domain.clip import US_PER_DAY, US_PER_SECOND
from .entity import CameraEntityBase, SiteEntityBase
from .runtime import CamguardConfigEntry
from .worker import faults

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CameraSensorDescription(SensorEntityDescription):
    """A camera's sensor: `value` reads it off the recording."""

    value: Callable[[CameraRecorder], str | int | datetime | None]


@dataclass(frozen=True, kw_only=True)
class HealthSensorDescription(SensorEntityDescription):
    """How a camera did in the last day: `value` reads it off the site, by the camera's id."""

    value: Callable[[Site, str], float]


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SensorEntityDescription):
    """The site's sensor: `value` reads it off the site."""

    value: Callable[[Site], str | int | None]
    attributes: Callable[[Site], dict[str, Any]] | None = None


def _oldest(recorder: CameraRecorder) -> datetime | None:
    oldest_us = recorder.totals.oldest_start_us
    return None if oldest_us is None else datetime.fromtimestamp(oldest_us / US_PER_SECOND, UTC)


def _verification(site: Site) -> dict[str, Any]:
    verification, last = site.verification, site.verification.last
    return {
        "head": site.vault.ledger.head,
        "entries": site.vault.ledger.seq,
        "verifying_percent": None if verification.progress is None else int(verification.progress * 10) * 10,
        "verified_at": _moment(verification.last_us),
        "problems": len(last.problems) if last else None,
    }


def _moment(time_us: int | None) -> str | None:
    return None if time_us is None else datetime.fromtimestamp(time_us / US_PER_SECOND, UTC).isoformat()


CAMERA_SENSORS = (
    CameraSensorDescription(
        key="clips", state_class=SensorStateClass.MEASUREMENT, value=lambda recorder: recorder.totals.clips
    ),
    CameraSensorDescription(
        key="stored",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.MEGABYTES,
        suggested_display_precision=1,
        value=lambda recorder: recorder.totals.stored_bytes,
    ),
    CameraSensorDescription(
        key="oldest_clip",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=_oldest,
    ),
    CameraSensorDescription(
        key="worker",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in CameraState],
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda recorder: (CameraState.BLOCKED if recorder.fault else recorder.state).value,
    ),
    CameraSensorDescription(
        key="view",
        device_class=SensorDeviceClass.ENUM,
        options=list(CONDITIONS),
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda recorder: recorder.view.condition or None,
    ),
)

HEALTH_SENSORS = (
    HealthSensorDescription(
        key="gaps",
        value=lambda site, camera_id: site.gaps.seconds(camera_id, US_PER_DAY),
        suggested_display_precision=0,
    ),
    HealthSensorDescription(
        key="lag",
        value=lambda site, camera_id: round(site.backlog.worst_lag_us(camera_id) / US_PER_SECOND, 1),
        suggested_display_precision=1,
    ),
)

SITE_SENSORS = (
    SiteSensorDescription(
        key="stored",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIGABYTES,
        suggested_display_precision=2,
        value=lambda site: site.stored_bytes,
        attributes=lambda site: {"overdue": site.retention.overdue},
    ),
    SiteSensorDescription(
        key="free",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIGABYTES,
        suggested_display_precision=1,
        value=lambda site: site.retention.free_bytes,
    ),
    SiteSensorDescription(
        key="ledger_head",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda site: site.ledger_head_of_day,
        attributes=_verification,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the site's sensors and those of each camera."""
    async_add_entities(SiteSensor(entry, description) for description in SITE_SENSORS)
    entry.runtime_data.for_each_camera(
        lambda camera_id: async_add_entities(
            [
                *(CameraSensor(entry, camera_id, description) for description in CAMERA_SENSORS),
                *(HealthSensor(entry, camera_id, description) for description in HEALTH_SENSORS),
            ],
            config_subentry_id=camera_id,
        )
    )


class CameraSensor(CameraEntityBase, SensorEntity):
    """One number of a camera."""

    _unrecorded_attributes = frozenset({"behind", "keeps_one_of"})
    entity_description: CameraSensorDescription

    def __init__(self, entry: CamguardConfigEntry, camera_id: str, description: CameraSensorDescription) -> None:
        super().__init__(entry, camera_id, description.key)
        self.entity_description = description

    @property
    def native_value(self) -> str | int | datetime | None:
        """The number now."""
        recorder = self.recorder
        if recorder is None:
            if self.entity_description.key != "worker":
                return None
            return (CameraState.BLOCKED if self._camera_id in self._runtime.unreadable else CameraState.OFF).value
        return self.entity_description.value(recorder)

    @property
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Why the worker doesn't deliver."""
        if self.entity_description.key != "worker":
            return None
        if self._camera_id in self._runtime.unreadable:
            return {"reason": faults.ZONES_UNREADABLE}
        recorder = self.recorder
        attributes: dict[str, Any] = {}
        if recorder is not None and (reason := recorder.fault or recorder.reason):
            attributes["reason"] = reason
        if recorder is not None and recorder.recording:
            beat = recorder.worker.beat
            attributes["behind"] = beat.lag_us // US_PER_SECOND if beat else 0
            if (kept := self._runtime.site.backlog.kept(self._camera_id)) > 1:
                attributes["keeps_one_of"] = kept
        if recorder is not None and recorder.camera.record_audio:
            attributes["sound"] = recorder.status.sound
        return attributes or None


class HealthSensor(CameraEntityBase, SensorEntity):
    """What was missed, and how late clips were, in the last day; looked at once a minute, by the sweep's news."""

    _attr_device_class = SensorDeviceClass.DURATION
    _attr_state_class = SensorStateClass.MEASUREMENT
    _attr_native_unit_of_measurement = UnitOfTime.SECONDS
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    entity_description: HealthSensorDescription

    def __init__(self, entry: CamguardConfigEntry, camera_id: str, description: HealthSensorDescription) -> None:
        super().__init__(entry, camera_id, description.key)
        self.entity_description = description

    @property
    def native_value(self) -> float:
        """Seconds."""
        return self.entity_description.value(self._runtime.site, self._camera_id)

    @callback
    def take(self, change: Change) -> None:
        """Look again."""
        if change.kind in {ChangeKind.GAP, ChangeKind.STORED}:
            self.async_write_ha_state()


class SiteSensor(SiteEntityBase, SensorEntity):
    """One number of the site."""

    entity_description: SiteSensorDescription
    _unrecorded_attributes = frozenset({"head", "entries", "verifying_percent", "verified_at", "problems"})

    def __init__(self, entry: CamguardConfigEntry, description: SiteSensorDescription) -> None:
        super().__init__(entry, description.key)
        self.entity_description = description

    @property
    def native_value(self) -> str | int | None:
        """The number now."""
        return self.entity_description.value(self._runtime.site)

    @property
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """What belongs to it."""
        attributes = self.entity_description.attributes
        return attributes(self._runtime.site) if attributes else None
