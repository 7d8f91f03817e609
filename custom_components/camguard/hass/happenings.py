"""What automations wait for, made of news: once each, with all that a notification needs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import target as targets
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.util.signal_type import SignalType

from ..app.events import CameraState, Change, ChangeKind
from ..app.recording.recorder import CameraRecorder
from ..app.site import Site
from ..const import CLIP_URL, DOMAIN, EVENT_CLIP, PANEL_PATH
from ..domain.clip import US_PER_SECOND
from ..domain.errors import CamguardError
from ..worker.faults import PRIVACY
from .errors import sentence


class Happening(StrEnum):
    """What can be waited for; of a camera, but for the last two."""

    CLIP_RECORDED = "clip_recorded"
    CLIP_FAILED = "clip_failed"
    GAP = "gap"
    CAMERA_BLOCKED = "camera_blocked"
    DISCLOSURE_MADE = "disclosure_made"
    RETENTION_OVERDUE = "retention_overdue"


OF_SITE = frozenset({Happening.DISCLOSURE_MADE, Happening.RETENTION_OVERDUE})
_OF_NEWS = {
    ChangeKind.RECORDED: Happening.CLIP_RECORDED,
    ChangeKind.FAILED: Happening.CLIP_FAILED,
    ChangeKind.GAP: Happening.GAP,
    ChangeKind.DISCLOSED: Happening.DISCLOSURE_MADE,
}
_TOLD_IN_ACTIVITY = {Happening.CAMERA_BLOCKED: "blocked", Happening.DISCLOSURE_MADE: "disclosed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One of them. `variables`: what a trigger gives to its automation (docs/ref/automations.md)."""

    what: Happening
    camera_id: str
    variables: dict[str, Any]


SIGNAL = SignalType[Happened](f"{DOMAIN}_happened")
"""Sent for each, over reloads of the entry too."""


@callback
def async_on(
    hass: HomeAssistant, what: Happening, camera_ids: Callable[[], set[str]] | None, tell: Callable[[Happened], None]
) -> Callable[[], None]:
    """Call `tell` whenever it happens, to one of those cameras; None: to any. Returns what ends that."""

    @callback
    def listen(happened: Happened) -> None:
        if happened.what is what and (camera_ids is None or happened.camera_id in camera_ids()):
            tell(happened)

    return async_dispatcher_connect(hass, SIGNAL, listen)


def cameras_of(hass: HomeAssistant, selection: targets.TargetSelection) -> set[str]:
    """Return the ids of the guarded cameras that a target means: by entity, device, area, floor or label."""
    chosen = targets.async_extract_referenced_entity_ids(hass, selection)
    registry = er.async_get(hass)
    entries = (registry.async_get(entity_id) for entity_id in chosen.referenced | chosen.indirectly_referenced)
    return {
        entry.config_subentry_id for entry in entries if entry and entry.platform == DOMAIN and entry.config_subentry_id
    }


class Teller:
    """Turns a site's news into happenings. `recorder` and `entity_id` tell of a camera by its id."""

    def __init__(
        self,
        hass: HomeAssistant,
        site: Site,
        *,
        recorder: Callable[[str], CameraRecorder | None],
        entity_id: Callable[[str], str | None],
    ) -> None:
        self._hass = hass
        self._site = site
        self._recorder = recorder
        self._entity_id = entity_id
        self._blocked: set[str] = set()
        self._overdue = 0

    @callback
    def take(self, change: Change) -> None:
        """Take in news."""
        if (what := _OF_NEWS.get(change.kind)) is not None:
            if what is not Happening.GAP or change.to_us is not None:  # a gap is told when it is over
                self._tell(what, change)
        elif change.kind is ChangeKind.STATE and change.camera_id:
            self._take_state(change)
        elif change.kind is ChangeKind.STORED:
            overdue, self._overdue = self._overdue, self._site.retention.overdue
            if self._overdue and not overdue:
                self._tell(Happening.RETENTION_OVERDUE, change)

    def _take_state(self, change: Change) -> None:
        recorder = self._recorder(change.camera_id)
        is_blocked = recorder is not None and recorder.state is CameraState.BLOCKED and recorder.reason != PRIVACY
        was_blocked = change.camera_id in self._blocked
        (self._blocked.add if is_blocked else self._blocked.discard)(change.camera_id)
        if is_blocked and not was_blocked and recorder is not None:
            self._tell(
                Happening.CAMERA_BLOCKED,
                Change(kind=change.kind, camera_id=change.camera_id, key=recorder.reason),
            )

    def _tell(self, what: Happening, change: Change) -> None:
        recorder = self._recorder(change.camera_id)
        name = recorder.camera.name if recorder is not None else ""
        variables: dict[str, Any] = {}
        if what not in OF_SITE:
            variables |= {"camera": self._entity_id(change.camera_id), "name": name}
        if what is Happening.DISCLOSURE_MADE:
            variables["disclosure_id"] = change.key
        elif what is Happening.RETENTION_OVERDUE:
            variables["clips"] = self._overdue
        elif change.key:
            reason = sentence(CamguardError(change.key, camera=name, path=str(self._site.storage.path)))
            variables |= {"reason": change.key, "reason_text": reason}
        if change.clip is not None:
            clip_id = change.clip.clip_id
            variables |= {
                "clip_id": clip_id,
                "start": change.clip.start_us / US_PER_SECOND,
                "duration": change.clip.duration_us / US_PER_SECOND,
                "trigger": change.clip.trigger.entity_id or change.clip.trigger.kind.value,
                "picture": f"{CLIP_URL}/{clip_id}.jpg",
                "video": f"{CLIP_URL}/{clip_id}.mp4",
                "page": f"/{PANEL_PATH}/clips/{clip_id}",
            }
        if what is Happening.GAP and change.to_us is not None:
            variables["seconds"] = round((change.to_us - change.from_us) / US_PER_SECOND, 1)
        async_dispatcher_send(self._hass, SIGNAL, Happened(what=what, camera_id=change.camera_id, variables=variables))
        if (kind := _TOLD_IN_ACTIVITY.get(what)) is not None:
            told = {key: variables[key] for key in ("reason", "disclosure_id") if key in variables}
            entity_id = variables.get("camera")
            self._hass.bus.async_fire(
                EVENT_CLIP, {"type": kind, "name": name or "CamGuard", "entity_id": entity_id, **told}
            )
