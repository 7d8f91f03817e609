"""Finished clips made by hand, as a worker would leave them."""

import contextlib
import hashlib
import io
import resource
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from custom_components.camguard.domain.clip import Clip, ClipId, Manifest, Trigger, TriggerKind
from custom_components.camguard.vault.paths import write_synced
from custom_components.camguard.vault.sealed import SealedWriter
from custom_components.camguard.vault.vault import Vault


def manifest_of(camera_id: str, start: datetime, content: bytes, *, seconds: float = 10, days: int = 14) -> Manifest:
    """Return the manifest of a clip with this content."""
    start_us = int(start.timestamp() * 1_000_000)
    clip = Clip(
        clip_id=ClipId(uuid.uuid4().hex),
        camera_id=camera_id,
        start_us=start_us,
        end_us=start_us + int(seconds * 1_000_000),
        reckoned_us=start_us + int(seconds * 1_000_000),
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        trigger=Trigger(kind=TriggerKind.ACTION, reason="by hand"),
        retention_days=days,
        width=320,
        height=240,
        frames=150,
        mask_checked=5,
    )
    return Manifest(
        clip=clip,
        camera_name="Street",
        place="front door",
        purpose="Crime prevention",
        operator="Sato Hanako",
        zones=(("neighbour", "0,0 40,0 40,50 0,50"),),
        source_codec="h264",
        encoder="libx264 ultrafast",
        frame_rate_lowered=False,
        end_reason="until",
    )


def put_clip(
    vault: Vault,
    camera_id: str,
    start: datetime,
    content: bytes = b"clip " * 40_000,
    *,
    reckoned_us: int | None = None,
) -> ClipId:
    """Store a finished clip; returns its id. `reckoned_us`: None: its clock was right."""
    manifest = manifest_of(camera_id, start, content)
    if reckoned_us is not None:
        manifest = replace(manifest, clip=replace(manifest.clip, reckoned_us=reckoned_us))
    clip_id = manifest.clip.clip_id
    identity, _ = vault.prepare(clip_id)
    for path, data in ((vault.paths.clip(clip_id), content), (vault.paths.thumbnail(clip_id), b"\xff\xd8thumbnail")):
        file = io.BytesIO()
        with SealedWriter(file, identity.recipient) as sealed:
            sealed.write(data)
            sealed.close()
            write_synced(path, file.getvalue())
    vault.store(manifest, manifest.clip.end_us)
    return clip_id


@contextlib.contextmanager
def ledger_full(vault: Vault) -> Iterator[None]:
    """Let no file grow beyond the ledger's present size: the next entry can't be written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (vault.paths.ledger.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
