"""The vault of a site: keys, sealed files, index and ledger together, in the orders that the invariants ask for.

Blocking; safe to use from several threads as long as no two work on the same clip.

A clip's life, step by step (docs/design/formats.md; tests kill between any two of them): keys created, spool written,
sealed MP4 written, `store`: manifest, ledger, index, spool key destroyed, spool removed. Its end: ledger, key, index,
ciphertext, ledger.
"""

import contextlib
import errno
import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.clip import PRIVATE, Clip, ClipId, Manifest
from ..domain.errors import CamguardError, ErasedError, IntegrityError, StorageError
from ..domain.hold import Hold
from ..domain.ledger import Event, Problem
from ..domain.storage_faults import storage_error
from .clips.holds_file import Holds
from .clips.index import Index
from .clips.manifest_file import SignedManifest, read_manifest, write_manifest
from .identity import claim, site_id_of
from .keys.keyring import Keyring, public_key_text
from .ledger.anchors import Anchors, kept_in
from .ledger.belief import believe
from .ledger.checkpoint import Checkpoints
from .ledger.ledger_file import LedgerFile
from .media.destroy import overwrite_and_remove
from .paths import PART, Paths
from .register_store import RegisterStore
from .sealed import Identity, SealedReader
from .view_store import ViewStore

_LOGGER = logging.getLogger(__name__)
_INDEX_ROOM_BYTES = 1 << 20
_FINDINGS = 200
"""That one entry names at most."""
ORDERED = "wiped"
"""The reason for which held clips are erased too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What became of the clips that were to be erased."""

    clip_ids: tuple[ClipId, ...]
    """Key destroyed."""
    remnants: tuple[ClipId, ...]
    """Of these, ciphertext is left that couldn't be removed yet (its disk is away)."""
    not_overwritten: int
    """Keys that could only be unlinked."""


class Vault:
    """Everything at rest. `open` first; `reconcile` (reconciliation.py) before anything is shown."""

    def __init__(
        self,
        paths: Paths,
        keyring: Keyring,
        index: Index,
        ledger: LedgerFile,
        anchors: Anchors,
        holds: Holds,
        findings: Iterable[Problem] = (),
    ) -> None:
        self.findings = list(findings)
        """What this start has found that isn't as it was written (docs/adr/0011)."""
        self._told_findings = 0
        """How many of them are in the ledger."""
        self.site_id = ""
        """Name of the installation."""
        self.taken_over = ""
        """Whose the storage folder was that is taken over with this start."""
        self.paths = paths
        self.keyring = keyring
        self.index = index
        self.ledger = ledger
        self.anchors = anchors
        self.holds = holds
        self.views = ViewStore(paths, keyring)
        self.registers = RegisterStore(paths, keyring, ledger)

    @classmethod
    def open(cls, paths: Paths, *, taken_over: str = "") -> Vault:
        """Open or make the vault. `taken_over`: whose storage folder somebody has said is to be used from now on.

        Raises LockedError (no root key), StorageError `storage_missing` (the folder is not the one that the keys are
        for: an unmounted disk), `storage_foreign` and `storage_unavailable`, IntegrityError (root key, ledger).
        """
        try:
            # A restored backup leaves holds without keys: their clips are on the disk that isn't there yet.
            outside = not paths.storage.is_relative_to(paths.cache)
            known = outside and (any(paths.holds.glob("*.hold.json")) or kept_in(paths) == str(paths.storage))
            wanted = known or any(paths.keys.glob("*.clip.key"))
            if not paths.marker.exists() and wanted:
                raise StorageError("storage_missing", path=str(paths.storage))
            paths.create()
            keyring = Keyring.open(paths)
            public_key = public_key_text(keyring.public_key)
            anchors = Anchors(paths, keyring.sign, public_key, key_is_new=keyring.sign_is_new)
            ledger = LedgerFile(
                paths.ledger,
                paths.reserve,
                sign=keyring.sign,
                on_append=anchors.advance,
                read=lambda lines, base: believe(lines, public_key, on_trust=anchors.unannounced, base=base),
                checkpoints=Checkpoints(paths.checkpoints, public_key, keyring.sign),
            )
            anchors.settle(ledger.last)
            try:
                site_id = site_id_of(paths, ledger.told.site_id)
                owner = claim(paths, site_id, taken_over)
                if owner:
                    anchors.leave(owner)
                index = _open_index(paths.index, ledger, keyring)
            except BaseException:
                ledger.close()
                raise
            findings = _found(ledger, anchors, keyring, index)
            vault = cls(paths, keyring, index, ledger, anchors, Holds.open(paths.holds), findings)
            vault.site_id, vault.taken_over = site_id, owner
        except OSError as error:
            raise storage_error(error, paths.storage) from error
        return vault

    @property
    def ledger_fits(self) -> bool:
        """Whether this start has found nothing that speaks against the ledger: what it doesn't know of, isn't."""
        return self.anchors.noted is None and not any(problem.key.startswith("ledger_") for problem in self.findings)

    def announce_key(self, time_us: int) -> None:
        """Write down which keys sign from here on, when the ledger doesn't say so yet. Raises StorageError."""
        key, erasing_key = public_key_text(self.keyring.public_key), self.keyring.erasing.public_text
        known, named = self.ledger.told.signing_key, self.ledger.told.erasing_key
        self.anchors.missing(told=bool(known))
        self.anchors.use_key(key)
        if (known, named) == (key, erasing_key):
            return
        reason = "first" if not known else "erasing" if known == key else "replaced"
        facts = {"public_key": key, "erasing_key": erasing_key, "reason": reason}
        self.ledger.append(Event.KEY_CHANGED, facts, time_us)
        if reason == "replaced":
            self.findings.append(Problem(key="ledger_key_replaced", seq=self.ledger.seq))

    def announce_site(self, time_us: int) -> None:
        """Write down the installation's name, and whose storage it has taken over. Raises StorageError."""
        told = self.ledger.told.site_id
        if told != self.site_id:
            self.ledger.append(Event.SITE_BEGUN, {"site_id": self.site_id}, time_us)
        if self.taken_over:
            facts = {"site_id": self.taken_over, "path": str(self.paths.storage)}
            self.ledger.append(Event.STORAGE_TAKEN_OVER, facts, time_us)
            self.taken_over = ""

    def tell_findings(self, time_us: int) -> None:
        """Write down what this start has found and isn't written down yet. Raises StorageError."""
        texts = [problem.text for problem in self.findings[self._told_findings :]]
        self._told_findings = len(self.findings)
        for start in range(0, len(texts), _FINDINGS):
            self.ledger.append(Event.ANOMALY, {"problems": texts[start : start + _FINDINGS]}, time_us)

    def rotate_root(self, time_us: int) -> int:
        """Replace the root key, and write that down; returns how many keys were wrapped anew. Raises StorageError."""
        try:
            count = self.keyring.rotate_root()
        except OSError as error:
            raise StorageError("root_key_not_renewed", detail=os.strerror(error.errno or 0)) from error
        self.ledger.append(Event.ROOT_ROTATED, {"keys": count}, time_us)
        return count

    def close(self) -> None:
        """Close the files."""
        self.index.close()
        self.ledger.close()

    # --- a clip begins and is finished ---

    def prepare(self, clip_id: ClipId) -> tuple[Identity, Identity]:
        """Make the keys (clip, spool) and the folder of a clip to be; raises StorageError."""
        self.check_storage()
        try:
            self.paths.prepare(clip_id)
            return self.keyring.make_pair(clip_id)
        except OSError as error:
            self.discard(clip_id)
            raise storage_error(error, self.paths.storage) from error

    def check_storage(self) -> None:
        """Raise StorageError `storage_missing` when the storage isn't ours any more (unmounted)."""
        try:
            self.paths.marker.stat()
        except OSError as error:
            raise storage_error(error, self.paths.storage) from error

    def store(self, manifest: Manifest, time_us: int) -> None:
        """Take in a finished clip, whose sealed MP4 is in place. Safe to do again. Raises StorageError, ErasedError."""
        clip = manifest.clip
        try:
            write_manifest(self.paths, self.keyring, manifest)
        except OSError as error:
            raise storage_error(error, self.paths.storage) from error
        self.record(clip, time_us)
        self.drop_spool(clip.clip_id)

    def discard(self, clip_id: ClipId) -> None:
        """Remove all traces of a clip that never came about.

        Its keys go last: by them the next start knows, should this be cut short, that the files are ours.
        """
        for destroy in (self.remove_sealed, self._remove_spool, self.keyring.destroy_spool, self.keyring.destroy_clip):
            with contextlib.suppress(OSError):
                destroy(clip_id)

    def discard_spool(self, clip_id: ClipId) -> None:
        """Remove a clip that never came about since its spool holds nothing; raises StorageError `storage_missing`.

        Where the storage is away, a spool looks as if it had never begun.
        """
        self.check_storage()
        self.discard(clip_id)

    # --- a clip is read ---

    def open_clip(self, clip_id: ClipId) -> SealedReader:
        """Return a reader of the plain MP4; raises ErasedError, StorageError `clip_file_missing`, IntegrityError."""
        return self._open(self.paths.clip(clip_id), clip_id)

    def manifest(self, clip_id: ClipId) -> SignedManifest:
        """Return a clip's manifest with its signature; raises as `open_clip` does."""
        try:
            return read_manifest(self.paths, self.keyring, clip_id)
        except OSError as error:
            raise self._unreadable(error, clip_id) from error

    def thumbnail(self, clip_id: ClipId) -> bytes:
        """Return the masked JPEG that stands for the clip; raises as `open_clip` does."""
        with self._open(self.paths.thumbnail(clip_id), clip_id) as reader:
            try:
                return reader.read_at(0, reader.size)
            except OSError as error:
                raise self._unreadable(error, clip_id) from error

    # --- a clip is held ---

    def hold(self, hold: Hold, facts: dict[str, Any], time_us: int) -> None:
        """Hold a clip: written down, then held, then indexed. Raises StorageError, ErasedError."""
        if not self.keyring.has_clip(hold.clip_id):
            raise ErasedError("clip_erased")
        self.place_hold(hold, facts, time_us)

    def place_hold(self, hold: Hold, facts: dict[str, Any], time_us: int) -> None:
        """Hold a clip whether or not its key is there; raises StorageError."""
        own = {"clip_id": hold.clip_id, "camera_id": hold.camera_id, "until_us": hold.until_us, "reason": hold.reason}
        self.ledger.append(Event.HELD, facts | own, time_us)
        self.holds.place(hold)
        self.index.set_hold(hold.clip_id, hold)

    def release(self, clip_id: ClipId, facts: dict[str, Any], time_us: int) -> None:
        """End a clip's hold: its retention period holds again. Raises StorageError."""
        self.ledger.append(Event.RELEASED, facts | {"clip_id": clip_id}, time_us)
        self.holds.lift(clip_id)
        self.index.set_hold(clip_id, None)

    def lost_held(self) -> tuple[ClipId, ...]:
        """Return the held clips whose sealed file is there but whose key is not: a kit may bring them back."""
        return tuple(
            hold.clip_id
            for hold in self.holds.all()
            if not self.keyring.has_clip(hold.clip_id) and self.paths.clip(hold.clip_id).exists()
        )

    # --- a clip ends ---

    def erase(self, clip_ids: Sequence[ClipId], reason: str, time_us: int) -> Erased:
        """Erase clips: written down first (invariant 5), then keys, then index, then what lies on disk.

        A held clip stays unless the reason is that somebody ordered it (`ORDERED`). Safe to do again after a crash.
        Raises StorageError when it can't be written down; then nothing was destroyed.
        """
        if reason != ORDERED:
            # The index, which names what is due, may not know of a hold.
            clip_ids = [clip_id for clip_id in clip_ids if self.holds.get(clip_id) is None]
        if not clip_ids:
            return Erased(clip_ids=(), remnants=(), not_overwritten=0)
        self.ledger.append(Event.ERASING, {"clip_ids": list(clip_ids), "reason": reason}, time_us)
        destroyed: list[ClipId] = []
        not_overwritten = 0
        for clip_id in clip_ids:
            try:
                overwritten = self.keyring.destroy_clip(clip_id) & self.keyring.destroy_spool(clip_id)
            except OSError as error:
                _LOGGER.error("A key could not be destroyed: %s", error)  # noqa: TRY400 - a disk's refusal
                continue
            not_overwritten += not overwritten
            destroyed.append(clip_id)
            if self.holds.get(clip_id) is not None:  # wiped on order: retention never comes here with a held clip
                self.holds.lift(clip_id)
            try:
                self.index.remove(clip_id)
            except StorageError:
                if not self.ledger.give_up_reserve():
                    raise
                self.index.remove(clip_id)
        remnants = tuple(clip_id for clip_id in destroyed if not self._remove_files(clip_id))
        facts = {
            "clip_ids": destroyed,
            "reason": reason,
            "remnants": list(remnants),
            "failed": [clip_id for clip_id in clip_ids if clip_id not in set(destroyed)],
            "not_overwritten": not_overwritten,
        }
        self.ledger.append(Event.ERASED, facts, time_us)
        return Erased(clip_ids=tuple(destroyed), remnants=remnants, not_overwritten=not_overwritten)

    def free_bytes(self) -> int:
        """Return the free space of the storage; raises StorageError."""
        try:
            return shutil.disk_usage(self.paths.storage).free
        except OSError as error:
            raise storage_error(error, self.paths.storage) from error

    # --- parts ---

    def _open(self, path: Path, clip_id: ClipId) -> SealedReader:
        identity = self.keyring.clip(clip_id)
        try:
            file = path.open("rb")
        except OSError as error:
            raise self._unreadable(error, clip_id) from error
        try:
            return SealedReader(file, identity)
        except OSError as error:
            file.close()
            raise self._unreadable(error, clip_id) from error
        except BaseException:
            file.close()
            raise

    def _unreadable(self, error: OSError, clip_id: ClipId) -> CamguardError:
        """Return what to say of a clip's file that can't be read: erased, missing, or its disk is away or failing."""
        if not self.keyring.has_clip(clip_id):
            return ErasedError("clip_erased")
        if isinstance(error, FileNotFoundError):
            try:
                self.check_storage()
            except StorageError as fault:
                return fault
            return StorageError("clip_file_missing", clip_id=clip_id)
        return storage_error(error, self.paths.storage)

    def record(self, clip: Clip, time_us: int) -> None:
        """Write down that a clip was recorded, and index it. Raises StorageError."""
        facts = {
            "clip_id": clip.clip_id,
            "start_us": clip.start_us,
            "end_us": clip.end_us,
            "sha256": clip.sha256,
            "recovered": clip.recovered,
            PRIVATE: {"camera_id": clip.camera_id},
        }
        self.ledger.append(Event.RECORDED, facts, time_us)
        self.index.add(self.holds.applied(clip))

    def remove_sealed(self, clip_id: ClipId) -> None:
        """Remove a clip's sealed files. Idempotent; raises OSError."""
        for path in (self.paths.clip(clip_id), self.paths.manifest(clip_id), self.paths.thumbnail(clip_id)):
            for candidate in (path, path.with_name(path.name + PART)):
                # The key is what erases; overwriting the head alone makes the file useless with any key.
                overwrite_and_remove(candidate, whole=False)

    def _remove_spool(self, clip_id: ClipId) -> None:
        overwrite_and_remove(self.paths.spool_file(clip_id), whole=False)

    def has_files(self, clip_id: ClipId) -> bool:
        """Tell whether anything sealed is left of a clip, or can't be seen because its disk is away."""
        files = (
            self.paths.clip(clip_id),
            self.paths.manifest(clip_id),
            self.paths.thumbnail(clip_id),
            self.paths.spool_file(clip_id),
        )
        return not self.paths.marker.exists() or any(path.exists() for path in files)

    def _remove_files(self, clip_id: ClipId) -> bool:
        try:
            if not self.paths.marker.exists():
                return False
            self.remove_sealed(clip_id)
            overwrite_and_remove(self.paths.spool_file(clip_id), whole=False)
        except OSError as error:
            _LOGGER.warning("The sealed file of an erased clip could not be removed yet: %s", error)
            return False
        return True

    def drop_spool(self, clip_id: ClipId) -> None:
        """Destroy the spool of a finished clip; the next start does it when a disk refuses."""
        try:
            self.keyring.destroy_spool(clip_id)
            overwrite_and_remove(self.paths.spool_file(clip_id), whole=False)
        except OSError as error:
            _LOGGER.warning("A spool could not be removed yet: %s", error)


def _found(ledger: LedgerFile, anchors: Anchors, keyring: Keyring, index: Index) -> Iterator[Problem]:
    """Yield what opening has found."""
    belief = ledger.belief
    if belief is not None and (forged := belief.unsigned + belief.set_aside):
        yield Problem(key="ledger_forged", seq=ledger.seq + 1, detail=str(forged))
    if not ledger.seq and not anchors.unannounced and (anchors.noted is not None or not anchors.signed):
        yield Problem(key="ledger_gone")
    for clip_id in index.doubted:
        yield Problem(key="index_altered", clip_id=clip_id)


def _open_index(path: Path, ledger: LedgerFile, keyring: Keyring) -> Index:
    """Open the index, or begin a new one when it can't be read: `reconcile` fills it. Raises OSError on a full disk."""
    try:
        return Index(path, keyring.mac)
    except IntegrityError:
        # SQLite can't read without writing. A full disk, where erasing is most needed, is no reason to lose the index.
        if shutil.disk_usage(path.parent).free < _INDEX_ROOM_BYTES:
            if not ledger.give_up_reserve():
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from None
            return _open_index(path, ledger, keyring)
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return Index(path, keyring.mac)
