"""What a camera's worker is told (its configuration, and the grant of each clip), and what becomes of its answer."""

from ...domain.clip import US_PER_SECOND, Clip, ClipId, Manifest, Trigger, TriggerKind
from ...domain.settings import CameraSettings, Mode, SiteSettings
from ...domain.software import SOFTWARE
from ...domain.zones import zones_to_pairs
from ...vault.paths import Paths
from ...vault.sealed import Identity
from ...worker.protocol import PROTOCOL_VERSION, ClipFinished, Configure, StartClip
from .states import Begin

RING_MAX_BYTES = 96 << 20


def configure_of(camera: CameraSettings) -> Configure:
    """Return what the worker of a camera needs to know."""
    return Configure(
        protocol=PROTOCOL_VERSION,
        camera_id=camera.camera_id,
        zones=zones_to_pairs(camera.zones),
        reference=(camera.reference.width, camera.reference.height) if camera.reference else None,
        pre_roll_us=camera.pre_roll_s * US_PER_SECOND,
        max_length_us=camera.max_length_s * US_PER_SECOND,
        record_audio=camera.record_audio,
        ring_max_bytes=RING_MAX_BYTES,
        adaptive=camera.mode is Mode.CONTINUOUS,
        motion=camera.motion.enabled,
        sensitivity=camera.motion.sensitivity / 100,
        least_height=camera.motion.least_height / 100,
        leave_out=zones_to_pairs(camera.motion.leave_out),
    )


def order_of(
    begin: Begin,
    camera: CameraSettings,
    site: SiteSettings,
    paths: Paths,
    *,
    keys: tuple[Identity, Identity],
    thorough: bool,
) -> StartClip:
    """Return what the worker needs to record a clip: of the clip's own key (`keys`: clip, spool) the public half only.

    What belongs into the manifest travels in the spool, so that a clip can be finished after a restart too.
    """
    (clip, spool), clip_id, trigger = keys, begin.clip_id, begin.trigger
    return StartClip(
        clip_id=clip_id,
        spool_path=str(paths.spool_file(clip_id)),
        clip_path=str(paths.clip(clip_id)),
        thumbnail_path=str(paths.thumbnail(clip_id)),
        spool_secret=spool.text,
        recipient=clip.recipient.text,
        from_us=begin.from_us,
        until_us=begin.until_us,
        sparse_from_us=begin.sparse_from_us,
        thorough=thorough,
        meta={
            "camera_id": camera.camera_id,
            "camera_name": camera.name,
            "place": camera.place,
            "purpose": site.purpose,
            "operator": site.operator_name,
            "zones": [[zone.name, zone.points_text] for zone in camera.zones],
            "trigger": {"kind": trigger.kind.value, "entity_id": trigger.entity_id, "reason": trigger.reason},
            "retention_days": camera.retention_days or site.retention_days,
            "follows": begin.follows,
            "software": SOFTWARE,
            "adaptive": camera.mode is Mode.CONTINUOUS,
        },
    )


def manifest_of(finished: ClipFinished, reckoned_us: int) -> Manifest:
    """Return what is known of a finished clip: what the worker measured, and what was known when it began.

    `reckoned_us`: when it ended by the site's reckoning.
    """
    meta = finished.meta
    trigger = meta["trigger"]
    return Manifest(
        clip=Clip(
            clip_id=ClipId(finished.clip_id),
            camera_id=meta["camera_id"],
            start_us=finished.start_us,
            end_us=finished.end_us,
            reckoned_us=reckoned_us,
            size_bytes=finished.size_bytes,
            sha256=finished.sha256,
            trigger=Trigger(
                kind=TriggerKind(trigger["kind"]), entity_id=trigger["entity_id"], reason=trigger["reason"]
            ),
            retention_days=meta["retention_days"],
            width=finished.width,
            height=finished.height,
            frames=finished.frames,
            recovered=finished.recovered,
            has_audio=finished.has_audio,
            mask_checked=finished.mask_checked,
        ),
        camera_name=meta["camera_name"],
        place=meta["place"],
        purpose=meta["purpose"],
        operator=meta["operator"],
        zones=tuple((name, points) for name, points in meta["zones"]),
        source_codec=finished.source_codec,
        encoder=finished.encoder,
        frame_rate_lowered=finished.frame_rate_lowered,
        end_reason=finished.end_reason,
        follows=meta["follows"],
        software=meta["software"],
        sound=finished.sound,
        sound_codec=finished.sound_codec,
        adaptive=bool(meta.get("adaptive", False)),
    )
