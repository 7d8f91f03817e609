"""`camguard/subscribe`: the state of cameras and site, now and whenever it changes."""

import asyncio
from typing import Any

import probatio as vol
from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ...app.events import CameraState, Change, ChangeKind
from ...const import DOMAIN
from ...domain.clip import US_PER_SECOND
from ...domain.software import VERSION
from ...hass.people.permissions import may_read
from ...runtime import Runtime, loaded_runtime
from .commands import Role, role_of

SETTLE_SECONDS = 0.2
"""News that come within this time are told together."""
PROGRESS_SECONDS = 0.5
"""How often the progress of a download is told."""
_CLIPS = frozenset({ChangeKind.RECORDED, ChangeKind.STORED, ChangeKind.FAILED, ChangeKind.GAP})
"""News after which lists of clips look different."""


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the command."""

    @callback
    def subscribe(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
        subscription = _Subscription(hass, connection, message["id"])
        connection.subscriptions[message["id"]] = subscription.end
        connection.send_result(message["id"])
        subscription.begin()

    websocket_api.async_register_command(
        hass,
        f"{DOMAIN}/subscribe",
        subscribe,
        websocket_api.BASE_COMMAND_MESSAGE_SCHEMA.extend({vol.Required("type"): f"{DOMAIN}/subscribe"}),
    )


class _Subscription:
    """One open panel. It lives on while the entry is reloaded: then it tells that nothing runs."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, message_id: int) -> None:
        self._hass = hass
        self._connection = connection
        self._message_id = message_id
        self._runtime: Runtime | None = None
        self._ends: list[Any] = []
        self._timer: asyncio.TimerHandle | None = None
        self._clips = 0
        self._duties = 0
        self._sent: dict[str, Any] = {}

    @callback
    def begin(self) -> None:
        """Tell all there is to know, and follow."""
        self._ends.append(async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._on_entry))
        self._follow()
        self._tell()

    @callback
    def end(self) -> None:
        """Follow no more."""
        for end in self._ends:
            end()
        self._ends.clear()
        if self._timer is not None:
            self._timer.cancel()

    @callback
    def _follow(self) -> None:
        runtime = loaded_runtime(self._hass)
        if runtime is self._runtime:
            return
        self._runtime = runtime
        if runtime is not None:
            self._clips += 1
            self._duties += 1
            self._ends.append(runtime.site.subscribe(self._on_change))

    @callback
    def _on_entry(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN:
            self._soon()

    @callback
    def _on_change(self, change: Change) -> None:
        self._clips += change.kind in _CLIPS
        self._duties += change.kind in {ChangeKind.DUTIES, ChangeKind.COPIES}
        self._soon()

    @callback
    def _soon(self, seconds: float = SETTLE_SECONDS) -> None:
        if self._timer is None:
            self._timer = self._hass.loop.call_later(seconds, self._tell)

    @callback
    def _tell(self) -> None:
        self._timer = None
        self._follow()
        user = self._connection.user
        news: dict[str, Any] = {"version": VERSION, "clips": self._clips, "duties": self._duties} | snapshot(
            self._hass, self._runtime, user
        )
        if news != self._sent:
            self._sent = news
            self._connection.send_message(websocket_api.event_message(self._message_id, news))
        if any(item["sent"] is not None for item in news["downloads"]):
            self._soon(PROGRESS_SECONDS)


def snapshot(hass: HomeAssistant, runtime: Runtime | None, user: User) -> dict[str, Any]:
    """Return what a user may know of how things stand."""
    role = role_of(runtime, user) if runtime is not None else Role.NONE
    nothing: dict[str, Any] = {"running": runtime is not None, "role": role.value, "cameras": [], "downloads": []}
    if runtime is None or role is Role.NONE:
        return nothing | {"site": None}
    site = runtime.site
    cameras = [
        _camera(hass, runtime, camera_id, name, administrator=role is Role.ADMINISTRATOR)
        for camera_id, name in runtime.names.items()
        if may_read(runtime, user, camera_id)
    ]
    known = nothing | {
        "cameras": cameras,
        "site": {"fault": site.storage.fault, "time_zone": site.settings.time_zone, "purpose": site.settings.purpose},
    }
    if role is not Role.ADMINISTRATOR:
        return known
    last = site.verification.last
    progress = site.verification.progress
    known["site"] |= {
        "retention_days": site.settings.retention_days,
        "overdue": site.retention.overdue,
        "altered": len(site.altered),
        "verifying": None if progress is None else round(progress, 2),
        "verified": None if site.verification.last_us is None else site.verification.last_us / US_PER_SECOND,
        "problems": None if last is None else len(last.problems),
        "wiping": site.wiping_progress,
    }
    known["downloads"] = [
        {
            "disclosure_id": offer.disclosure_id,
            "size": offer.size_bytes,
            "sent": max((download.sent_bytes for download in offer.downloads), default=None),
            "fetched": offer.fetched,
            "seconds_left": round(offer.seconds_left, -1),
        }
        for offer in site.disclosure.offers
    ]
    return known


def _camera(hass: HomeAssistant, runtime: Runtime, camera_id: str, name: str, *, administrator: bool) -> dict[str, Any]:
    recorder = runtime.recorder(camera_id)
    registry = er.async_get(hass)
    entity_id = runtime.camera_entity_id(camera_id)
    if recorder is None:
        return {
            "camera_id": camera_id, "name": name, "place": "", "entity_id": entity_id, "reason": "zones_unreadable",
            "state": CameraState.BLOCKED.value, "detail": {"camera": name}, "last_clip": None, "armed": False,
            "switch": None, "private": False, "privacy_switch": None, "zones": 0, "mode": "event", "clips": 0,
            "view": "",
        }  # fmt: skip
    clip = recorder.last_clip
    return {
        "camera_id": camera_id,
        "name": name,
        "place": recorder.camera.place,
        "entity_id": entity_id,
        "state": recorder.state.value,
        "reason": recorder.fault or recorder.reason,
        "detail": {"camera": name, "path": str(runtime.site.storage.path) if administrator else ""},
        "last_clip": None
        if clip is None
        else {
            "clip_id": clip.clip_id,
            "start": clip.start_us / US_PER_SECOND,
            "end": clip.end_us / US_PER_SECOND,
        },
        "armed": recorder.armed,
        "switch": registry.async_get_entity_id("switch", DOMAIN, f"{camera_id}_recording") if administrator else None,
        "private": recorder.camera.private,
        "privacy_switch": registry.async_get_entity_id("switch", DOMAIN, f"{camera_id}_privacy")
        if administrator
        else None,
        "zones": len(recorder.camera.zones),
        "mode": recorder.camera.mode.value,
        "clips": recorder.totals.clips,
        "view": recorder.view.fault,
    }
