"""What helps to find a fault, without anything that identifies a person or opens a door."""

import os
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import (
    CONF_ACCESS_KEY_ID,
    CONF_ADDRESS,
    CONF_BUCKET,
    CONF_CONTACT,
    CONF_ENDPOINT_URL,
    CONF_ESCROW,
    CONF_HOST,
    CONF_HOST_KEY,
    CONF_KEY_PATH,
    CONF_OPERATOR_NAME,
    CONF_PASSWORD,
    CONF_PATH,
    CONF_PLACE,
    CONF_PREFIX,
    CONF_PRIVATE_KEY,
    CONF_PURPOSE,
    CONF_SECRET_ACCESS_KEY,
    CONF_STORAGE_PATH,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VIEWERS,
)
from .domain.clip import US_PER_DAY
from .runtime import CamguardConfigEntry
from .vault.keys.keyring import Keyring

_REDACTED = {
    CONF_OPERATOR_NAME, CONF_CONTACT, CONF_PURPOSE, CONF_VIEWERS, CONF_PLACE, CONF_STORAGE_PATH, CONF_KEY_PATH,
    CONF_ADDRESS, CONF_USERNAME, CONF_PASSWORD, CONF_PATH, CONF_URL, CONF_HOST, CONF_HOST_KEY, CONF_PRIVATE_KEY,
    CONF_ESCROW, CONF_ENDPOINT_URL, CONF_BUCKET, CONF_PREFIX, CONF_ACCESS_KEY_ID, CONF_SECRET_ACCESS_KEY,
    "title", "name", CONF_TOKEN,
}  # fmt: skip


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: CamguardConfigEntry) -> dict[str, Any]:
    """Return the state of everything, redacted; what is known without a running site when it can't be started."""
    settings = {
        "entry": async_redact_data(dict(entry.data), _REDACTED),
        "subentries": [async_redact_data(dict(item.data), _REDACTED) for item in entry.subentries.values()],
    }
    if entry.state is not ConfigEntryState.LOADED:
        return settings | {"state": entry.state.value, "reason": entry.error_reason_translation_key}
    runtime = entry.runtime_data
    site = runtime.site
    cameras = {}
    for camera_id, guard in runtime.guards.items():
        recorder, worker = guard.recorder, guard.recorder.worker
        cameras[camera_id] = {
            "state": recorder.state.value,
            "reason": recorder.reason,
            "armed": recorder.armed,
            "private": recorder.camera.private,
            "by_address": bool(recorder.camera.address),
            "host": worker.place.host_id,
            "gap_seconds_of_day": site.gaps.seconds(camera_id, US_PER_DAY),
            "worst_lag_us_of_day": site.backlog.worst_lag_us(camera_id),
            "status": asdict(recorder.status),
            "totals": asdict(recorder.totals),
            "zones": len(recorder.camera.zones),
            "worker": {
                "restarts": worker.restarts,
                "hello": asdict(worker.hello) if worker.hello else None,
                "beat": asdict(worker.beat) if worker.beat else None,
                "stderr": list(worker.stderr),
            },
        }
    return settings | {
        "state": entry.state.value,
        "protection": await hass.async_add_executor_job(_protection, site.vault.keyring),
        "storage": {"free_bytes": site.retention.free_bytes, "fault": site.storage.fault},
        "retention": {
            "overdue": site.retention.overdue,
            "clock_trusted": site.retention.trusted,
            "fault": site.retention.sweep_fault.key if site.retention.sweep_fault else "",
        },
        "copies": [async_redact_data(asdict(facts), {"title", "place"}) for facts in site.copies.facts],
        "hosts": [async_redact_data(asdict(facts), {"title", "place", "detail"}) for facts in site.hosts.facts],
        "machine": {"cores": os.process_cpu_count(), "load": os.getloadavg()[0], "thinning": site.backlog.keep_one_of},
        "ledger": {"entries": site.vault.ledger.seq, "head": site.vault.ledger.head},
        "cameras": cameras,
    }


def _protection(keyring: Keyring) -> str:
    """Tell whether the root key lies beside what it protects; `unknown` while its medium is away. Blocking."""
    try:
        return "same_medium" if keyring.same_medium else "split"
    except OSError:
        return "unknown"
