"""Repair issues: what a person has to look at, raised and cleared in one place."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..app.watching.confirmed_view import FAULTS, MOVED
from ..const import DOMAIN
from ..domain.storage_faults import STORAGE_FAULTS
from ..worker import faults

BLOCKED = frozenset(
    {
        faults.SIZE_UNSUPPORTED,
        faults.SHAPE_CHANGED,
        faults.FORMAT_UNSUPPORTED,
        faults.ROTATION_UNSUPPORTED,
        faults.SIZE_UNSTABLE,
        faults.ZONES_UNREADABLE,
        faults.MASK_NOT_PROVED,
        faults.CAMERA_MOVED,
    }
)
"""Nothing is recorded or shown until somebody has looked (invariant 2)."""
UNREACHED = frozenset({faults.SOURCE_UNAUTHORIZED, faults.CODEC_UNSUPPORTED, faults.SOURCE_NOT_VIDEO})
"""The camera won't come back by itself."""
STORAGE = STORAGE_FAULTS
_DOCS = "https://github.com/camguard/camguard/blob/main/docs/guide"
GUIDES = {
    "en": f"{_DOCS}/en.md#repairs-and-what-to-do",
    "ja": f"{_DOCS}/ja.md#修復の項目が表示されたら",
}
"""Where each repair is explained, by language."""
MACHINE_GUIDES = {"en": f"{_DOCS}/en.md#worker-machines", "ja": f"{_DOCS}/ja.md#処理用の装置"}
"""Where it says what a worker machine needs."""
VIEW_FAULTS = tuple(sorted(f"view_{condition}" for condition in FAULTS - {MOVED}))
_PER_CAMERA = (
    *sorted(BLOCKED | UNREACHED), *VIEW_FAULTS, "source_missing", "source_silent", "trigger_missing", "trigger_stuck",
    "zones_unconfirmed", "worker_too_large", "source_exposed", "host_only_here",
)  # fmt: skip


@callback
def set_camera_fault(hass: HomeAssistant, camera_id: str, name: str, state: str, reason: str) -> None:
    """Raise the issue for a camera's present fault and clear its others."""
    for key in BLOCKED | UNREACHED:
        raised = key == reason and state in {"blocked", "reconnecting"}
        fixable = key in {faults.MASK_NOT_PROVED, faults.CAMERA_MOVED}
        _set(hass, f"{key}_{camera_id}", key, {"camera": name}, raised=raised, is_fixable=fixable)


@callback
def set_too_large(hass: HomeAssistant, camera_id: str, name: str, *, raised: bool) -> None:
    """Say that a camera's pictures need too much memory. It stays until a clip was recorded: the worker comes back."""
    _set(hass, f"worker_too_large_{camera_id}", "worker_too_large", {"camera": name}, raised=raised)


@callback
def set_silent(hass: HomeAssistant, camera_id: str, name: str, *, silent: bool) -> None:
    """Say that nothing has been seen of a camera for long."""
    _set(hass, f"source_silent_{camera_id}", "source_silent", {"camera": name}, raised=silent)


@callback
def set_view_fault(hass: HomeAssistant, camera_id: str, name: str, condition: str) -> None:
    """Raise the issue for what is wrong with a camera's picture, and clear the others. That it was moved blocks it."""
    for key in VIEW_FAULTS:
        fixable = key == "view_not_compared"
        _set(
            hass,
            f"{key}_{camera_id}",
            key,
            {"camera": name},
            raised=key == f"view_{condition}",
            severity=ir.IssueSeverity.WARNING,
            is_fixable=fixable,
        )


@callback
def set_zones_unconfirmed(hass: HomeAssistant, camera_id: str, name: str, *, raised: bool) -> None:
    """Say that nobody has seen the zones on a picture yet: the camera was away when it was set up."""
    key = "zones_unconfirmed"
    _set(hass, f"{key}_{camera_id}", key, {"camera": name}, raised=raised, severity=ir.IssueSeverity.WARNING)


@callback
def raise_zones_unreadable(hass: HomeAssistant, camera_id: str, name: str) -> None:
    """Say that a camera isn't guarded because its zones can't be read."""
    _set(hass, f"{faults.ZONES_UNREADABLE}_{camera_id}", faults.ZONES_UNREADABLE, {"camera": name}, raised=True)


@callback
def set_source_missing(hass: HomeAssistant, camera_id: str, name: str, *, missing: bool) -> None:
    """Say that the wrapped entity was removed."""
    _set(hass, f"source_missing_{camera_id}", "source_missing", {"camera": name}, raised=missing)


@callback
def set_source_exposed(hass: HomeAssistant, camera_id: str, name: str, places: tuple[str, ...]) -> None:
    """Say where the wrapped entity is used, without its zones."""
    key, placeholders = "source_exposed", {"camera": name, "places": ", ".join(places)}
    _set(hass, f"{key}_{camera_id}", key, placeholders, raised=bool(places), severity=ir.IssueSeverity.WARNING)


@callback
def set_trigger_missing(hass: HomeAssistant, camera_id: str, name: str, triggers: list[str]) -> None:
    """Say that entities that should start a clip don't exist."""
    placeholders = {"camera": name, "triggers": ", ".join(triggers)}
    _set(hass, f"trigger_missing_{camera_id}", "trigger_missing", placeholders, raised=bool(triggers))


@callback
def set_trigger_stuck(hass: HomeAssistant, camera_id: str, name: str, triggers: list[str], minutes: int) -> None:
    """Say that triggers stay on, and aren't recorded any more until they were off."""
    placeholders = {"camera": name, "triggers": ", ".join(triggers), "minutes": str(minutes)}
    _set(
        hass,
        f"trigger_stuck_{camera_id}",
        "trigger_stuck",
        placeholders,
        raised=bool(triggers),
        severity=ir.IssueSeverity.WARNING,
    )


@callback
def set_storage(hass: HomeAssistant, fault: str, path: str) -> None:
    """Say that nothing can be recorded for want of room, or of the storage."""
    for key in STORAGE:
        _set(hass, key, key, {"path": path}, raised=key == fault)


@callback
def set_sweep_failed(hass: HomeAssistant, reason: str | None) -> None:
    """Say that what is due can't be erased; None: it can."""
    _set(hass, "sweep_failed", "sweep_failed", {"reason": reason or ""}, raised=reason is not None)


@callback
def set_root_key_missing(hass: HomeAssistant, path: str | None) -> None:
    """Say that the medium with the root key is away."""
    _set(hass, "root_key_missing", "root_key_missing", {"path": path or ""}, raised=path is not None)


@callback
def set_clock(hass: HomeAssistant, *, untrusted: bool) -> None:
    """Say that expired clips are hidden but not erased, because the clock isn't believed."""
    _set(hass, "clock_untrusted", "clock_untrusted", {}, raised=untrusted)


@callback
def set_no_encoder(hass: HomeAssistant, *, missing: bool) -> None:
    """Say that this host has no working H.264 encoder."""
    _set(hass, faults.NO_ENCODER, faults.NO_ENCODER, {}, raised=missing)


@callback
def set_overload(hass: HomeAssistant, fits: int | None, cameras: int) -> None:
    """Say how many cameras this machine can record at once; None: it could all, for a day."""
    _set(
        hass,
        "overload",
        "overload",
        {"fits": str(fits or 0), "cameras": str(cameras)},
        raised=fits is not None,
        severity=ir.IssueSeverity.WARNING,
    )


@callback
def set_budget_exceeded(hass: HomeAssistant, *, exceeded: bool) -> None:
    """Say that what the cameras may take of machine or storage isn't enough for them."""
    key = "budget_exceeded"
    _set(hass, key, key, {}, raised=exceeded, severity=ir.IssueSeverity.WARNING)


@callback
def set_holds_due(hass: HomeAssistant, count: int) -> None:
    """Say that holds wait for their review."""
    _set(hass, "holds_due", "holds_due", {"count": str(count)}, raised=count > 0, severity=ir.IssueSeverity.WARNING)


@callback
def set_kit_missing(hass: HomeAssistant, *, missing: bool) -> None:
    """Say that held clips would be lost with a restored backup."""
    _set(hass, "kit_missing", "kit_missing", {}, raised=missing, severity=ir.IssueSeverity.WARNING, is_fixable=True)


@callback
def set_restorable(hass: HomeAssistant, clips: int, records: int) -> None:
    """Say that a recovery kit may bring held clips, or records of the registers, back."""
    key, placeholders = "held_restorable", {"count": str(clips), "records": str(records)}
    _set(hass, key, key, placeholders, raised=clips + records > 0, is_fixable=True)


@callback
def set_clips_altered(hass: HomeAssistant, count: int) -> None:
    """Say that clips aren't what was sealed."""
    _set(hass, "clips_altered", "clips_altered", {"count": str(count)}, raised=count > 0)


@callback
def raise_ledger_problem(hass: HomeAssistant, reason: str) -> None:
    """Say that the ledger isn't what it was; stays, also over restarts, until somebody has confirmed it."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        "ledger_problem",
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.ERROR,
        learn_more_url=guide(hass),
        translation_key="ledger_problem",
        translation_placeholders={"reason": reason},
    )


@callback
def raise_custody_problem(hass: HomeAssistant, reasons: str) -> None:
    """Say what a start has found that isn't as it was written; stays until somebody has confirmed it."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        "custody_problem",
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.ERROR,
        learn_more_url=guide(hass),
        translation_key="custody_problem",
        translation_placeholders={"reasons": reasons},
    )


@callback
def set_duties_late(hass: HomeAssistant, count: int) -> None:
    """Say that something is overdue that the guideline asks for."""
    key, placeholders = "duties_late", {"count": str(count)}
    _set(hass, key, key, placeholders, raised=count > 0, severity=ir.IssueSeverity.WARNING)


@callback
def set_duties_locked(hass: HomeAssistant, waiting: int, late: int) -> None:
    """Say, while the root key is away and the registers can't be read, what waits in them."""
    key, placeholders = "duties_locked", {"waiting": str(waiting), "late": str(late)}
    _set(hass, key, key, placeholders, raised=waiting > 0, severity=ir.IssueSeverity.WARNING)


@callback
def set_copies_fault(hass: HomeAssistant, destination_id: str, title: str, reason: str | None) -> None:
    """Say that sealed copies can't be kept at a place, and why."""
    placeholders = {"place": title, "reason": reason or ""}
    issue_id = f"copies_fault_{destination_id}"
    _set(hass, issue_id, "copies_fault", placeholders, raised=reason is not None, severity=ir.IssueSeverity.WARNING)


@callback
def set_escrow_stale(hass: HomeAssistant, destination_id: str, title: str, *, raised: bool) -> None:
    """Say that an escrow needs a new code: somebody has wiped since the present one was made."""
    issue_id = f"escrow_stale_{destination_id}"
    _set(hass, issue_id, "escrow_stale", {"place": title}, raised=raised, severity=ir.IssueSeverity.WARNING)


@callback
def raise_escrow_left(hass: HomeAssistant, destination_id: str, title: str) -> None:
    """Say that an escrow could not be deleted when its place was given up: its paper still opens copies there."""
    issue_id = f"escrow_left_{destination_id}"
    _set(hass, issue_id, "escrow_left", {"place": title}, raised=True, is_fixable=True)


@callback
def set_host_fault(hass: HomeAssistant, host_id: str, title: str, reason: str | None) -> None:
    """Say that no worker runs on a machine that was set up for that, and why."""
    placeholders = {"host": title, "reason": reason or ""}
    issue_id = f"host_fault_{host_id}"
    _set(hass, issue_id, "host_fault", placeholders, raised=reason is not None, severity=ir.IssueSeverity.WARNING)


@callback
def set_only_here(hass: HomeAssistant, camera_id: str, name: str, *, raised: bool) -> None:
    """Say that a camera's stream can't be had on the machine that was chosen for it."""
    issue_id = f"host_only_here_{camera_id}"
    placeholders = {"camera": name}
    _set(hass, issue_id, "host_only_here", placeholders, raised=raised, severity=ir.IssueSeverity.WARNING)


@callback
def clear_camera(hass: HomeAssistant, camera_id: str) -> None:
    """Clear all issues of a camera."""
    for key in _PER_CAMERA:
        ir.async_delete_issue(hass, DOMAIN, f"{key}_{camera_id}")


def guide(hass: HomeAssistant, places: Mapping[str, str] = GUIDES) -> str:
    """Return where the guide says what to do, in Home Assistant's language if it is one of the guide's."""
    return places.get(hass.config.language, places["en"])


@callback
def _set(
    hass: HomeAssistant,
    issue_id: str,
    key: str,
    placeholders: dict[str, str],
    *,
    raised: bool,
    severity: ir.IssueSeverity = ir.IssueSeverity.ERROR,
    is_fixable: bool = False,
) -> None:
    if raised:
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=is_fixable,
            severity=severity,
            learn_more_url=guide(hass),
            translation_key=key,
            translation_placeholders=placeholders,
        )
    else:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
