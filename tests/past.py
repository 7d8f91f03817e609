"""A week that a household has behind it: clips of two cameras, a gap, views, a hold, a disclosure. For demo and panel.

Everything is written by the component's own code, with a clock that stands in the past: what is shown is as real as
what was recorded today, but that one film serves for all clips of a camera.
"""

import asyncio
import hashlib
import io
import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from custom_components.camguard.app.disclosure.offers import Disclosure, Request
from custom_components.camguard.app.ports import Actor
from custom_components.camguard.domain.bundle import Form, LegalBasis, Recipient
from custom_components.camguard.domain.clip import Clip, ClipId, Manifest, Trigger, TriggerKind
from custom_components.camguard.domain.hold import Hold
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.settings import SiteSettings
from custom_components.camguard.vault.paths import Paths, write_synced
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import SealedWriter
from custom_components.camguard.vault.vault import Vault

from .hands import Hands, in_thread
from .year import Year, go_on, live_through_the_year

SECOND, HOUR, DAY = 1_000_000, 3_600_000_000, 86_400_000_000
TIMES = (6.4, 7.2, 7.9, 8.6, 12.3, 15.1, 16.7, 17.5, 18.2, 19.8, 22.6)
"""Hours of a day at which something moved."""
OWNER = Actor(user_id="owner", name="Owner")


@dataclass(frozen=True)
class Film:
    """What a camera of the past has recorded: a clip as it was sealed, and its picture."""

    camera_id: str
    name: str
    place: str
    mp4: bytes
    jpeg: bytes
    zones: tuple[tuple[str, str], ...]


def live_through(config: Path, films: Sequence[Film], now_us: int, *, days: int = 7, per_day: int = 8) -> None:
    """Replace the vault of a stopped Home Assistant by one of a year, with a week of clips. Blocking."""
    for folder in (config / "camguard", config / ".cache" / "camguard"):
        shutil.rmtree(folder, ignore_errors=True)
    store = config / ".storage" / "camguard"
    if store.exists():  # what it remembers of the ledger is that of the other one
        memory = json.loads(store.read_text())
        memory["data"]["witness"] = None
        store.write_text(json.dumps(memory))
    vault = Vault.open(Paths.of(config))
    begin_us = now_us - days * DAY
    try:
        reconcile(vault, now_us - 365 * DAY)
        story = _Story(vault, films)
        year = Year(vault, story.site(config), OWNER, now_us)
        camera_ids = [film.camera_id for film in films]
        asyncio.run(live_through_the_year(year, camera_ids, films[0].jpeg))
        for film in films:
            facts = {"camera_id": film.camera_id, "zones": [list(zone) for zone in film.zones], **OWNER.facts}
            vault.ledger.append(Event.CAMERA_ADDED, facts, begin_us)
        for day in range(days, 0, -1):
            midnight_us = now_us // DAY * DAY - day * DAY
            story.day(midnight_us, per_day)
        story.gap(films[-1].camera_id, now_us - 3 * DAY, 20 * 60 * SECOND, "source_unreachable")
        story.hold(now_us - 2 * DAY)
        asyncio.run(go_on(year, camera_ids))
        asyncio.run(story.disclose(config, now_us - DAY))
    finally:
        vault.close()


class _Story:
    def __init__(self, vault: Vault, films: Sequence[Film]) -> None:
        self._vault = vault
        self._films = films
        self.clips: list[Clip] = []

    def day(self, midnight_us: int, per_day: int) -> None:
        for index, hour in enumerate(TIMES[:per_day]):
            for number, film in enumerate(self._films):
                if (index + number) % (1 + number):
                    continue
                start_us = midnight_us + int(hour * HOUR) + number * 90 * SECOND
                trigger = Trigger(kind=TriggerKind.ENTITY, entity_id="input_boolean.motion")
                if index == 4:
                    trigger = Trigger(kind=TriggerKind.ACTION, reason="Somebody rang")
                self.clips.append(self._clip(film, start_us, trigger))

    def gap(self, camera_id: str, from_us: int, length_us: int, cause: str) -> None:
        facts = {"camera_id": camera_id, "from_us": from_us, "to_us": from_us + length_us, "cause": cause}
        self._vault.ledger.append(Event.GAP, facts, from_us + length_us)

    def hold(self, time_us: int) -> None:
        clip = self.clips[len(self.clips) // 2]
        hold = Hold(
            clip_id=clip.clip_id,
            camera_id=clip.camera_id,
            since_us=time_us,
            until_us=time_us + 60 * DAY,
            reason="Bicycle theft, reported to the police",
        )
        facts = {"clip_id": clip.clip_id, "camera_id": clip.camera_id, "via": "panel", **OWNER.facts}
        self._vault.ledger.append(Event.VIEWED, facts, time_us - HOUR)
        self._vault.hold(hold, OWNER.facts, time_us)

    @staticmethod
    def site(config: Path) -> SiteSettings:
        paths = Paths.of(config)
        return SiteSettings(
            operator_name="Sato Hanako", contact="048-000-0000", purpose="Crime prevention", retention_days=14,
            storage_path=paths.storage, key_path=paths.key_root, min_free_bytes=0, viewers=frozenset(), ledger_years=5,
            time_zone="Asia/Tokyo", backlog_bytes=64 << 20,
        )  # fmt: skip

    async def disclose(self, config: Path, time_us: int) -> None:
        clip = self.clips[len(self.clips) // 2]
        clock = Hands()
        clock.wall_us = time_us
        disclosure = Disclosure(
            self.site(config), self._vault, clock, in_thread,
            is_due=lambda _: False, clock_error_us=lambda _: 0, on_altered=lambda _: None,
        )  # fmt: skip
        request = Request(
            legal_basis=LegalBasis.INVESTIGATION,
            recipient=Recipient(name="鈴木 一郎", organization="熊谷警察署", request_reference="第118号"),
            purpose="自転車盗難の捜査",
            form=Form.SEALED_ZIP,
            clip_ids=(clip.clip_id,),
        )
        offer = await disclosure.export(request, OWNER)
        async for _ in disclosure.fetch(offer, OWNER):
            pass
        await disclosure.close()

    def _clip(self, film: Film, start_us: int, trigger: Trigger) -> Clip:
        facts = _facts(film.mp4)
        end_us = start_us + facts["length_us"]
        clip = Clip(
            clip_id=ClipId(uuid.uuid4().hex),
            camera_id=film.camera_id,
            start_us=start_us,
            end_us=end_us,
            reckoned_us=end_us,
            size_bytes=len(film.mp4),
            sha256=hashlib.sha256(film.mp4).hexdigest(),
            trigger=trigger,
            retention_days=14,
            width=facts["width"],
            height=facts["height"],
            frames=facts["frames"],
        )
        manifest = Manifest(
            clip=clip,
            camera_name=film.name,
            place=film.place,
            purpose="Crime prevention",
            operator="Sato Hanako",
            zones=film.zones,
            source_codec="h264",
            encoder="libx264",
            frame_rate_lowered=False,
            end_reason="until",
            software="CamGuard",
            sound="off",
        )
        identity, _ = self._vault.prepare(clip.clip_id)
        paths = self._vault.paths
        for path, data in ((paths.clip(clip.clip_id), film.mp4), (paths.thumbnail(clip.clip_id), film.jpeg)):
            file = io.BytesIO()
            with SealedWriter(file, identity.recipient) as sealed:
                sealed.write(data)
                sealed.close()
                write_synced(path, file.getvalue())
        self._vault.store(manifest, end_us)
        return clip


_known: dict[int, dict[str, Any]] = {}


def _facts(mp4: bytes) -> dict[str, Any]:
    if id(mp4) not in _known:
        with av.open(io.BytesIO(mp4)) as container:
            video = container.streams.video[0]
            length_us = int(video.duration * video.time_base * 1_000_000)
            frames = sum(1 for packet in container.demux(video) if packet.size)
            _known[id(mp4)] = {"width": video.width, "height": video.height, "frames": frames, "length_us": length_us}
    return _known[id(mp4)]
