"""Bringing keys, files, holds, index and ledger together at a start, after whatever happened before it.

Owns the rules of what is finished, kept, completed or removed; see the module's docstring of `vault.py` for the orders
that may have been cut short. Nothing may be recorded or shown meanwhile.
"""

import contextlib
import logging
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..domain.clip import ClipId, parse_clip_id
from ..domain.errors import CamguardError, NotFoundError
from ..domain.hold import Hold
from ..domain.ledger import Event, Problem
from ..domain.storage_faults import storage_error
from .clips.manifest_file import read_manifest
from .ledger.told import Told
from .paths import PART
from .sealed import Identity
from .vault import Vault

_LOGGER = logging.getLogger(__name__)
_KINDS = {"mp4.age": 1, "json.age": 2, "jpg.age": 4}
_MANIFEST = 2
_WHOLE = 3
"""Clip and manifest; a file in the making is none."""
_SHARD = re.compile("[0-9a-f]{2}", re.ASCII)
_EXTRACT = re.compile(r"[0-9a-f]{32}\.mp4\.age(\.part)?", re.ASCII)
_RECENT = 8
"""Entries among which one may be that was written down when the power went, and not carried out."""
_BATCH = 200
"""Clips a ledger entry may name at most."""
AGAIN = "again"
"""Why a clip is erased that was erased before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What a start found."""

    spools_to_finish: tuple[ClipId, ...]
    indexed: int
    orphans_removed: int


def reconcile(vault: Vault, time_us: int) -> Reconciled:
    """Do it; raises StorageError, IntegrityError."""
    vault.announce_key(time_us)
    vault.announce_site(time_us)
    if vault.keyring.finished is not None:
        vault.ledger.append(Event.ROOT_ROTATED, {"keys": vault.keyring.finished, "reason": "finished"}, time_us)
        vault.keyring.finished = None
    told = vault.ledger.told
    vault.keyring.finish_destroying(told.erasing)
    _remove_extracts(vault)
    _erase_again(vault, told, time_us)
    _carry_out_holds(vault, told)
    removed = 0
    missing = 0
    to_finish: list[ClipId] = []
    sealed = _sealed(vault)
    whole = {clip_id for clip_id, kinds in sealed.items() if kinds & _WHOLE == _WHOLE}
    manifests = {clip_id for clip_id, kinds in sealed.items() if kinds & _MANIFEST}
    spools = {clip_id for path in vault.paths.spools.glob("*.spool.age*") if (clip_id := _id_of(path)) is not None}
    vault.check_storage()  # a share that went away while it was listed looks empty
    clip_keys, spool_keys = vault.keyring.clip_ids(), vault.keyring.spool_ids()
    for clip_id in spools:
        if clip_id in clip_keys and clip_id in spool_keys and clip_id not in manifests:
            vault.remove_sealed(clip_id)
            to_finish.append(clip_id)
    unfinished = set(to_finish)
    indexed_before = vault.index.clip_ids()
    foreign: set[ClipId] = set()
    for clip_id in (clip_keys | spool_keys | spools | set(sealed)) - unfinished:
        if clip_id in clip_keys and clip_id in whole:
            continue
        if vault.holds.get(clip_id) is not None:
            # Its key went with a restored backup, and a recovery kit may bring it back; or its file is missing, and
            # may turn up again.
            continue
        if clip_id in clip_keys and clip_id in indexed_before:
            # Whole once: it may turn up again. Its key goes when its time is over, like any other's.
            missing += 1
            continue
        if clip_id not in clip_keys | spool_keys and clip_id not in told.recorded and clip_id not in told.erased:
            foreign.add(clip_id)
            continue
        # Erased before (no key), or never finished (nothing that could be): nobody can play it.
        vault.discard(clip_id)
        removed += 1
    _tell_foreign(vault, foreign)
    if missing:
        _LOGGER.warning("The files of %s clips are missing; their keys are kept until their time is over", missing)
    finished = (clip_keys & manifests) - unfinished
    indexed = _index_missing(vault, finished, time_us)
    for clip_id in vault.index.clip_ids() - finished:
        if not vault.keyring.has_clip(clip_id):
            vault.index.remove(clip_id)
    for clip_id in finished & (spools | spool_keys):
        vault.drop_spool(clip_id)
    for hold in vault.holds.all():
        if hold.clip_id not in clip_keys and hold.clip_id not in sealed:
            # A restored backup brought the hold back, but not the clip.
            vault.release(hold.clip_id, {"reason": "clip_missing", "user_id": None, "user_name": ""}, time_us)
    vault.index.apply_holds(vault.holds.all())
    vault.tell_findings(time_us)
    vault.anchors.catch_up(vault.ledger)
    return Reconciled(spools_to_finish=tuple(to_finish), indexed=indexed, orphans_removed=removed)


def take_back(vault: Vault, keys: Mapping[ClipId, Identity], reason: str, time_us: int) -> None:
    """Put held clips' keys back, and index the clips; one that no hold is known of is held, due for review.

    `reason` is that hold's. Raises StorageError, IntegrityError (the ledger).
    """
    for clip_id, identity in keys.items():
        if vault.holds.get(clip_id) is None:  # held before it can be opened: cut short, it isn't swept as overdue
            hold = Hold(clip_id=clip_id, camera_id="", since_us=time_us, until_us=time_us, reason=reason)
            vault.place_hold(hold, {"user_id": None, "user_name": ""}, time_us)
        try:
            vault.keyring.restore_clip(clip_id, identity)
        except OSError as error:
            raise storage_error(error, vault.paths.keys) from error
    _index_missing(vault, keys, time_us)


def _index_missing(vault: Vault, finished: Iterable[ClipId], time_us: int) -> int:
    """Put finished clips into the index that aren't; into the ledger too if it doesn't tell of them. Returns how many.

    Raises StorageError, IntegrityError (the ledger).
    """
    missing = set(finished) - vault.index.clip_ids()
    if not missing:
        return 0
    told = vault.ledger.told
    count = 0
    for clip_id in missing:
        try:
            clip = read_manifest(vault.paths, vault.keyring, clip_id).manifest.clip
        except (CamguardError, OSError) as error:
            _LOGGER.warning("The manifest of clip %s can't be read and is left alone: %s", clip_id, error)
            continue
        if clip_id in told.recorded or clip.end_us <= told.silent_us:
            vault.index.add(vault.holds.applied(clip))
        else:
            vault.record(clip, time_us)
        count += 1
    return count


def _remove_extracts(vault: Vault) -> None:
    """Remove the extracts that wait for a bundle: nobody has their keys any more. Raises OSError.

    Only files of our own names. A link in place of the folder leads elsewhere, and isn't followed.
    """
    try:
        folder = os.open(vault.paths.extracts, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    except OSError:
        vault.findings.append(Problem(key="folder_not_ours", detail=vault.paths.extracts.name))
        return
    try:
        for name in os.listdir(folder):  # noqa: PTH208 - by its descriptor
            if _EXTRACT.fullmatch(name):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=folder)
    finally:
        os.close(folder)


def _erase_again(vault: Vault, told: Told, time_us: int) -> None:
    """Erase what the ledger says was erased: an older copy of the keys was put back. Raises StorageError."""
    back = sorted(told.erased.among(vault.keyring.clip_ids() | vault.keyring.spool_ids()))
    for clip_id in back:
        vault.holds.lift(clip_id)
    for start in range(0, len(back), _BATCH):
        vault.erase(back[start : start + _BATCH], AGAIN, time_us)
    if back:
        vault.findings.append(Problem(key="clips_came_back", detail=str(len(back))))


def _carry_out_holds(vault: Vault, told: Told) -> None:
    """Place and lift holds as the ledger says; what isn't written down there holds nothing.

    A ledger that isn't whole may have lost the entry of a hold: then a hold's file keeps its clip, and that is told.
    """
    last_seq = vault.ledger.seq
    for name, entry in told.holds.items():
        facts = entry.body or {}
        until_us = facts.get("until_us")
        try:
            clip_id = parse_clip_id(name)
        except NotFoundError:
            continue
        present = vault.holds.get(clip_id)
        if not isinstance(until_us, int) or (present is not None and present.until_us == until_us):
            continue
        if not vault.keyring.has_clip(clip_id) and not vault.paths.clip(clip_id).exists():
            continue
        hold = Hold(
            clip_id=clip_id,
            camera_id=str(facts.get("camera_id", "")),
            since_us=present.since_us if present and present.since_us else entry.time_us,
            until_us=until_us,
            reason=str(facts.get("reason", "")),
        )
        vault.holds.place(hold)
        if last_seq - entry.seq > _RECENT:  # else it may have been cut short by a power cut
            vault.findings.append(Problem(key="hold_missing", clip_id=clip_id))
    belief = vault.ledger.belief
    whole = belief is not None and belief.whole and vault.anchors.noted is None and not vault.anchors.gone
    for hold in vault.holds.all():
        if hold.clip_id in told.holds:
            continue
        if whole:
            vault.holds.lift(hold.clip_id)
        elif hold.clip_id not in told.erased:
            vault.findings.append(Problem(key="hold_unsigned", clip_id=hold.clip_id))


def _tell_foreign(vault: Vault, foreign: set[ClipId]) -> None:
    """Tell of clips in the storage that this ledger doesn't name: they are somebody else's, and stay."""
    if not foreign:
        return
    size = 0
    for clip_id in foreign:
        clip = vault.paths.clip(clip_id)
        for path in (*clip.parent.glob(f"{clip_id}.*"), vault.paths.spool_file(clip_id)):
            with contextlib.suppress(OSError):
                size += path.lstat().st_size
    vault.findings.append(Problem(key="clips_foreign", detail=f"{len(foreign)} {size}"))


def _sealed(vault: Vault) -> dict[ClipId, int]:
    """Return which sealed files there are by clip, as _KINDS; raises StorageError when a folder can't be listed."""
    found: dict[ClipId, int] = {}
    storage = vault.paths.storage
    try:
        # Not by glob: it takes a folder that can't be read for an empty one.
        with os.scandir(storage) as entries:
            # A link would lead out of what is ours; what else is called so is none of ours.
            shards = [
                entry.path for entry in entries if _SHARD.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
            ]
        for shard in shards:
            for name in os.listdir(shard):  # noqa: PTH208 - there may be a million
                head, _, rest = name.partition(".")
                kind = _KINDS.get(rest.removesuffix(PART))
                if kind is not None:
                    with contextlib.suppress(NotFoundError):
                        clip_id = parse_clip_id(head)
                        found[clip_id] = found.get(clip_id, 0) | (kind if not rest.endswith(PART) else 0)
    except OSError as error:
        raise storage_error(error, storage) from error
    return found


def _id_of(path: Path) -> ClipId | None:
    try:
        return parse_clip_id(path.name.partition(".")[0])
    except NotFoundError:
        return None
