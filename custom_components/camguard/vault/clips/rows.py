"""A clip as a row of the index, and back."""

from ...domain.clip import Clip, ClipId, Trigger, TriggerKind

OWN = (
    "clip_id, camera_id, start_us, end_us, reckoned_us, size_bytes, sha256, trigger_kind, trigger_entity,"
    " trigger_reason, retention_days, width, height, frames, recovered, has_audio, mask_checked"
)
"""What `mac` is made of; holds have their own truth, the ledger."""
RECKONED = 4
"""Where `reckoned_us` stands among them."""
COLUMNS = f"{OWN}, held_until_us, hold_reason"


def row_of(clip: Clip) -> tuple[object, ...]:
    """Return what is stored of a clip, as OWN names it."""
    return (
        clip.clip_id, clip.camera_id, clip.start_us, clip.end_us, clip.ages_from_us, clip.size_bytes, clip.sha256,
        clip.trigger.kind.value, clip.trigger.entity_id, clip.trigger.reason, clip.retention_days, clip.width,
        clip.height, clip.frames, int(clip.recovered), int(clip.has_audio), clip.mask_checked,
    )  # fmt: skip


def clip_of(row: tuple[object, ...]) -> Clip:
    """Return the clip that a row of COLUMNS holds."""
    (
        clip_id, camera_id, start_us, end_us, reckoned_us, size_bytes, sha256, kind, entity_id, reason,
        retention_days, width, height, frames, recovered, has_audio, mask_checked, held_until_us, hold_reason,
    ) = row  # fmt: skip
    return Clip(
        clip_id=ClipId(str(clip_id)),
        camera_id=str(camera_id),
        start_us=integer(start_us),
        end_us=integer(end_us),
        reckoned_us=integer(reckoned_us),
        size_bytes=integer(size_bytes),
        sha256=str(sha256),
        trigger=Trigger(
            kind=TriggerKind(str(kind)),
            entity_id=None if entity_id is None else str(entity_id),
            reason=None if reason is None else str(reason),
        ),
        retention_days=integer(retention_days),
        width=integer(width),
        height=integer(height),
        frames=integer(frames),
        recovered=bool(recovered),
        has_audio=bool(has_audio),
        mask_checked=integer(mask_checked),
        held_until_us=None if held_until_us is None else integer(held_until_us),
        hold_reason=None if hold_reason is None else str(hold_reason),
    )


def integer(value: object) -> int:
    """Return a column of the kind INTEGER."""
    assert isinstance(value, int)
    return value
