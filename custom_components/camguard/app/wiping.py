"""Wiping: erasing clips on the operator's order, and an honest certificate of it (guideline 2(5)エ, オ).

Journaled: what is ordered is on disk before anything is destroyed, and a wipe that was cut short at any step is carried
on at the next start. Steps: journal; ledger `wiping`; clips in batches (ledger, key, index, files, ledger); every clip
tried to open; root key renewed; media looked at; ledger `wiped`; certificate; journal removed.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from ..domain.certificate import Certificate, Medium
from ..domain.certificate import Scope as CertificateScope
from ..domain.certificate_page import certificate_page
from ..domain.clip import ClipId, canonical_json, parse_clip_id
from ..domain.errors import CamguardError, ErasedError, InvalidError, NotFoundError, StorageError
from ..domain.hold import parse_reason
from ..domain.ledger import Event, next_number
from ..domain.settings import SiteSettings
from ..vault.certificate_file import write_certificate
from ..vault.media_facts import media_facts, request_discard
from ..vault.paths import write_synced
from ..vault.ssh_signature import fingerprint
from ..vault.vault import Vault
from .grant import SOFTWARE
from .ports import Actor, Clock, RunBlocking

_BATCH = 200

_LOGGER = logging.getLogger(__name__)

Scope = CertificateScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be wiped. `camera_id` for scope CAMERA, `before_us` for BEFORE (clips that began earlier)."""

    scope: Scope
    reason: str
    include_held: bool = False
    clip_ids: tuple[ClipId, ...] = ()
    camera_id: str = ""
    before_us: int = 0
    detail: str = ""
    """The scope in words a person can check: a camera's name, a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiped:
    """What a wipe did."""

    certificate_id: str
    wiped: tuple[ClipId, ...]
    skipped_held: tuple[ClipId, ...]
    failed: tuple[ClipId, ...]


class Wiping:
    """Carries out wipes, one at a time; `lock` is the sweeper's."""

    def __init__(
        self, site: SiteSettings, vault: Vault, clock: Clock, run_blocking: RunBlocking, lock: asyncio.Lock
    ) -> None:
        self._site = site
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._lock = lock

    async def wipe(self, order: Order, by: Actor, running: frozenset[ClipId] = frozenset()) -> Wiped:
        """Wipe; `running` clips are being recorded and show what came after the order: they aren't touched.

        Raises InvalidError, NotFoundError (nothing was destroyed), StorageError (the rest follows later).
        """
        parse_reason(order.reason)

        def carry_out() -> Wiped:
            resume(self._site, self._vault, self._clock)  # one that a disk had stopped
            journal = self._journal(order, by, running)
            _write_journal(self._vault, journal)
            return _carry_out(self._site, self._vault, self._clock, journal)

        async with self._lock:
            return await self._run_blocking(carry_out)

    def _journal(self, order: Order, by: Actor, running: frozenset[ClipId]) -> dict[str, Any]:
        """Return what a start after a crash needs to know; raises InvalidError, NotFoundError."""
        vault, now_us = self._vault, self._clock.now_us()
        match order.scope:
            case Scope.CLIPS:
                for clip_id in order.clip_ids:
                    if vault.index.get(clip_id) is None:
                        raise NotFoundError("clip_not_found")
                wanted: Iterable[ClipId] = dict.fromkeys(order.clip_ids)
            case Scope.CAMERA:
                wanted = [clip.clip_id for clip in vault.index.clips([order.camera_id])]
            case Scope.BEFORE:
                wanted = [clip.clip_id for clip in vault.index.clips(end_us=order.before_us)]
            case Scope.EVERYTHING:
                wanted = sorted(vault.index.clip_ids() | vault.keyring.spool_ids() | vault.keyring.clip_ids())
        clip_ids = [item for item in wanted if item not in running]
        if order.scope is Scope.CLIPS and not clip_ids:
            raise InvalidError("nothing_to_wipe")
        held = [] if order.include_held else [item for item in clip_ids if vault.holds.get(item) is not None]
        return {
            "certificate_id": next_number(vault.ledger.entries(), Event.WIPING, "certificate_id", "CW", now_us),
            "begun_us": now_us,
            "scope": order.scope.value,
            "scope_detail": order.detail,
            "reason": order.reason,
            "include_held": order.include_held,
            "clip_ids": [item for item in clip_ids if item not in set(held)],
            "skipped_held": held,
            "by": by.facts,
        }


def resume(site: SiteSettings, vault: Vault, clock: Clock) -> Wiped | None:
    """Carry on with a wipe that was cut short. Blocking; belongs between `reconcile` and whatever shows clips."""
    try:
        journal = json.loads(vault.paths.wipe_journal.read_bytes())
        [parse_clip_id(item) for item in journal["clip_ids"]]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, CamguardError) as error:
        # It is written in one piece: what can't be read was damaged later. Nothing can be known of its order.
        _LOGGER.error("The journal of a wipe can't be read, order the wipe again: %s", error)  # noqa: TRY400
        vault.ledger.append(Event.ANOMALY, {"problems": ["wipe_journal_unreadable"]}, clock.now_us())
        vault.paths.wipe_journal.rename(vault.paths.wipe_journal.with_suffix(".unreadable"))
        return None
    return _carry_out(site, vault, clock, journal)


def _write_journal(vault: Vault, journal: dict[str, Any]) -> None:
    data = canonical_json(journal)
    try:
        write_synced(vault.paths.wipe_journal, data)
    except OSError:
        # A full disk is a reason to wipe, not to refuse it.
        if not vault.ledger.give_up_reserve():
            raise StorageError("wipe_not_begun") from None
        try:
            write_synced(vault.paths.wipe_journal, data)
        except OSError as error:
            raise StorageError("wipe_not_begun") from error


def _carry_out(site: SiteSettings, vault: Vault, clock: Clock, journal: dict[str, Any]) -> Wiped:
    """Do all steps; each may have been done before."""
    clip_ids = [parse_clip_id(item) for item in journal["clip_ids"]]
    certificate_id = str(journal["certificate_id"])
    facts = {key: journal[key] for key in ("certificate_id", "scope", "scope_detail", "reason", "include_held")}
    facts |= journal["by"]
    vault.ledger.append(Event.WIPING, facts | {"clips": len(clip_ids)}, clock.now_us())
    not_overwritten = 0
    for start in range(0, len(clip_ids), _BATCH):
        erased = vault.erase(clip_ids[start : start + _BATCH], "wiped", clock.now_us())
        not_overwritten += erased.not_overwritten
    failed = tuple(item for item in clip_ids if vault.keyring.has_clip(item))
    wiped = tuple(item for item in clip_ids if item not in set(failed))
    remnants = tuple(item for item in wiped if vault.has_files(item))
    refused = sum(_refused(vault, item) for item in wiped)
    rotated = True
    try:
        vault.rotate_root(clock.now_us())
    except StorageError as error:
        _LOGGER.warning("The root key could not be renewed after the wipe: %s", error)
        rotated = False
    media = _media(vault)
    digest = hashlib.sha256("".join(f"{item}\n" for item in sorted(wiped)).encode()).hexdigest()
    entry = vault.ledger.append(
        Event.WIPED,
        facts
        | {
            "wiped": len(wiped),
            "clip_ids_sha256": digest,
            "failed": list(failed),
            "remnants": list(remnants),
            "skipped_held": list(journal["skipped_held"]),
        },
        clock.now_us(),
    )
    kits, disclosures = _known_copies(vault, set(wiped))
    certificate = Certificate(
        certificate_id=certificate_id,
        begun_us=int(journal["begun_us"]),
        done_us=clock.now_us(),
        time_zone=site.time_zone,
        operator=site.operator_name,
        contact=site.contact,
        ordered_by=str(journal["by"].get("user_name") or ""),
        reason=str(journal["reason"]),
        scope=Scope(journal["scope"]),
        scope_detail=str(journal["scope_detail"]),
        wiped=wiped,
        skipped_held=tuple(journal["skipped_held"]),
        failed=failed,
        remnants=remnants,
        clip_ids_sha256=digest,
        keys_not_overwritten=not_overwritten,
        open_attempts_failed=refused,
        root_rotated=rotated,
        protection="same_medium" if vault.keyring.same_medium else "split",
        media=media,
        known_kits=kits,
        known_disclosures=disclosures,
        ledger_seq=entry.seq,
        ledger_head=entry.head,
        software=SOFTWARE,
    )
    text = certificate.to_json()
    signature = vault.keyring.sign(text)
    page = certificate_page(certificate, fingerprint=fingerprint(vault.keyring.public_key), signature=signature.hex())
    write_certificate(vault.paths, certificate_id, text, signature, vault.keyring.public_key, page)
    vault.paths.wipe_journal.unlink(missing_ok=True)
    return Wiped(
        certificate_id=certificate_id,
        wiped=wiped,
        skipped_held=tuple(parse_clip_id(item) for item in journal["skipped_held"]),
        failed=failed,
    )


def _refused(vault: Vault, clip_id: ClipId) -> bool:
    """Try to open a clip that must be gone."""
    try:
        vault.open_clip(clip_id).close()
    except ErasedError:
        return True
    except CamguardError:
        return False
    return False


def _media(vault: Vault) -> tuple[Medium, ...]:
    """Look at what the clips, their keys, the root key and the ledger lie on."""
    media = []
    for role, path in (
        ("clips", vault.paths.storage),
        ("keys", vault.paths.keys),
        ("root_key", vault.paths.key_root),
        ("ledger", vault.paths.ledger.parent),
    ):
        facts = media_facts(path)
        fields = {key: value for key, value in asdict(facts).items() if key in Medium.__dataclass_fields__}
        discard = request_discard(path) if role in {"clips", "keys"} else None
        media.append(Medium(**fields | {"role": role, "path": str(path), "discard_requested": discard}))
    return tuple(media)


def _known_copies(vault: Vault, wiped: set[ClipId]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (recovery kits that hold keys of these clips, disclosures that handed them out), as the ledger tells."""
    kits: list[str] = []
    disclosures: list[str] = []
    for entry in vault.ledger.entries():
        if entry.body is None or wiped.isdisjoint(entry.body.get("clip_ids", ())):
            continue
        if entry.event == Event.KIT_MADE:
            kits.append(str(entry.body["kit_id"]))
        elif entry.event == Event.DISCLOSED:
            disclosures.append(str(entry.body["disclosure_id"]))
    return tuple(kits), tuple(dict.fromkeys(disclosures))
