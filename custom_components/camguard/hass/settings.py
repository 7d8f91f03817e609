"""Settings as Home Assistant stores them (config entry and subentries) to the values that we work with, and back."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant

from ..const import (
    CONF_ADDRESS,
    CONF_BACKLOG_MB,
    CONF_CONFIRMED_AT,
    CONF_CONTACT,
    CONF_CPU_PERCENT,
    CONF_GB_A_DAY,
    CONF_HOST,
    CONF_KEY_PATH,
    CONF_LEDGER_YEARS,
    CONF_MAX_LENGTH,
    CONF_MIN_FREE_GB,
    CONF_MODE,
    CONF_MOTION,
    CONF_MOTION_ENABLED,
    CONF_MOTION_LEAST_HEIGHT,
    CONF_MOTION_LEAVE_OUT,
    CONF_MOTION_SENSITIVITY,
    CONF_MOTION_TRIGGERS,
    CONF_OPERATOR_NAME,
    CONF_PASSWORD,
    CONF_PLACE,
    CONF_POST_ROLL,
    CONF_PRE_ROLL,
    CONF_PURPOSE,
    CONF_RECORD_AUDIO,
    CONF_REFERENCE,
    CONF_REGISTER_YEARS,
    CONF_RETENTION_DAYS,
    CONF_SLEEPS,
    CONF_SOURCE,
    CONF_STILL_INTERVAL,
    CONF_STORAGE_PATH,
    CONF_TAKEN_OVER,
    CONF_TRIGGER_MAX,
    CONF_TRIGGERS,
    CONF_USERNAME,
    CONF_VIEW_IS_OWN_PREMISES,
    CONF_VIEWERS,
    CONF_ZONES,
)
from ..domain.settings import (
    BACKLOG_MB_LEAST,
    LEAST_HEIGHT_DEFAULT,
    LEDGER_YEARS_DEFAULT,
    REGISTER_YEARS_DEFAULT,
    RETENTION_DAYS_DEFAULT,
    SENSITIVITY_DEFAULT,
    STILL_INTERVAL_DEFAULT_S,
    TRIGGER_MAX_MINUTES_DEFAULT,
    CameraSettings,
    Mode,
    MotionSettings,
    SiteSettings,
)
from ..domain.zones import Geometry, parse_zones
from ..vault.paths import Paths

BYTES_PER_GB = 1_000_000_000
BYTES_PER_MB = 1_000_000
MIN_FREE_GB_DEFAULT = 2
_MEMORY_SHARE = 8
"""What waits to be recorded may take one of so many parts of the machine's memory."""


def backlog_mb_default() -> int:
    """Return an eighth of the machine's memory, MB, in steps of 16 (issue 18 §7)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(memory // _MEMORY_SHARE // BYTES_PER_MB // 16 * 16, BACKLOG_MB_LEAST)


def paths_of(hass: HomeAssistant, data: Mapping[str, Any]) -> Paths:
    """Return where everything lies, by the site's settings."""
    storage, key = data.get(CONF_STORAGE_PATH), data.get(CONF_KEY_PATH)
    return Paths.of(Path(hass.config.config_dir), Path(storage) if storage else None, Path(key) if key else None)


def site_settings(hass: HomeAssistant, entry: ConfigEntry[Any]) -> SiteSettings:
    """Return the site's settings."""
    data, paths = entry.data, paths_of(hass, entry.data)
    return SiteSettings(
        operator_name=data[CONF_OPERATOR_NAME],
        contact=data[CONF_CONTACT],
        purpose=data[CONF_PURPOSE],
        retention_days=int(data.get(CONF_RETENTION_DAYS, RETENTION_DAYS_DEFAULT)),
        storage_path=paths.storage,
        key_path=paths.key_root,
        min_free_bytes=int(data.get(CONF_MIN_FREE_GB, MIN_FREE_GB_DEFAULT) * BYTES_PER_GB),
        viewers=frozenset(data.get(CONF_VIEWERS, ())),
        ledger_years=int(data.get(CONF_LEDGER_YEARS, LEDGER_YEARS_DEFAULT)),
        register_years=int(data.get(CONF_REGISTER_YEARS, REGISTER_YEARS_DEFAULT)),
        time_zone=hass.config.time_zone,
        taken_over=data.get(CONF_TAKEN_OVER, ""),
        cpu_share=float(data.get(CONF_CPU_PERCENT) or 0) / 100,
        bytes_a_day=int((data.get(CONF_GB_A_DAY) or 0) * BYTES_PER_GB),
        backlog_bytes=int(data.get(CONF_BACKLOG_MB, backlog_mb_default()) * BYTES_PER_MB),
    )


def camera_settings(subentry: ConfigSubentry) -> CameraSettings:
    """Return a camera's settings; raises InvalidError when its zones can't be read."""
    return camera_from(subentry.data, subentry.subentry_id, subentry.title)


def camera_from(data: Mapping[str, Any], camera_id: str, name: str) -> CameraSettings:
    """Return the settings that a flow has gathered; raises InvalidError when the zones can't be used."""
    reference = data.get(CONF_REFERENCE)
    days = data.get(CONF_RETENTION_DAYS)
    return CameraSettings(
        camera_id=camera_id,
        name=name,
        source=data[CONF_SOURCE],
        address=data.get(CONF_ADDRESS, ""),
        login=(data[CONF_USERNAME], data.get(CONF_PASSWORD, "")) if data.get(CONF_USERNAME) else None,
        place=data[CONF_PLACE],
        mode=Mode(data.get(CONF_MODE, Mode.EVENT)),
        triggers=tuple(data.get(CONF_TRIGGERS, ())),
        pre_roll_s=int(data.get(CONF_PRE_ROLL, 5)),
        post_roll_s=int(data.get(CONF_POST_ROLL, 10)),
        max_length_s=int(data.get(CONF_MAX_LENGTH, 300)),
        trigger_max_s=int(data.get(CONF_TRIGGER_MAX, TRIGGER_MAX_MINUTES_DEFAULT)) * 60,
        still_interval_s=int(data.get(CONF_STILL_INTERVAL, STILL_INTERVAL_DEFAULT_S)),
        motion=motion_from(data.get(CONF_MOTION, {})),
        sleeps=bool(data.get(CONF_SLEEPS, False)),
        host=data.get(CONF_HOST, ""),
        retention_days=int(days) if days else None,
        record_audio=bool(data.get(CONF_RECORD_AUDIO, False)),
        zones=parse_zones(data.get(CONF_ZONES, [])),
        view_is_own_premises=bool(data.get(CONF_VIEW_IS_OWN_PREMISES, False)),
        reference=Geometry(width=int(reference[0]), height=int(reference[1])) if reference else None,
        confirmed_at=data.get(CONF_CONFIRMED_AT, ""),
    )


def confirmed_at() -> str:
    """Return the mark of somebody's saying now that the zones fit what a camera shows."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def motion_from(data: Mapping[str, Any]) -> MotionSettings:
    """Return what is made of movement; raises InvalidError when the areas can't be read."""
    return MotionSettings(
        enabled=bool(data.get(CONF_MOTION_ENABLED, False)),
        triggers=bool(data.get(CONF_MOTION_TRIGGERS, True)),
        sensitivity=int(data.get(CONF_MOTION_SENSITIVITY, SENSITIVITY_DEFAULT)),
        least_height=float(data.get(CONF_MOTION_LEAST_HEIGHT, LEAST_HEIGHT_DEFAULT)),
        leave_out=parse_zones(data.get(CONF_MOTION_LEAVE_OUT, [])),
    )
