"""The keys at rest: one small file per clip and per spool, wrapped by the root key. A clip without its key is erased.

Key files have two slots of 4 KiB; a re-wrap goes into the older one, so that a torn write leaves the other. Keys are
created exclusively and synced before the first byte that is sealed to them, and destroyed by overwriting, never through
a rename (which would leave the old block behind). Design: docs/design/formats.md.
"""

import base64
import contextlib
import hmac
import os
import secrets
import threading
from collections.abc import Collection
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ...domain.clip import ClipId, parse_clip_id
from ...domain.errors import ErasedError, IntegrityError, LockedError, NotFoundError
from ..media.destroy import overwrite_and_remove
from ..paths import FILE_MODE, FOLDER_MODE, Paths, fsync_dir, write_synced
from ..sealed import Identity
from .erasing_key import ErasingKey
from .root_key import new_root, root_file, root_in
from .slots import SLOT_BYTES, Slot, is_overwritten, make_slot, slots_of

_MAC_INFO = b"camguard/v1|mac"
_CLIP, _SPOOL, _SIGN = "clip", "spool", "sign"
VIEW, RECORD = "view", "record"
"""Kinds of what is sealed one by one, each to a key of its own: a camera's confirmed view, a register's record."""


class Keyring:
    """All keys of a site. Blocking; safe to use from several threads, one file is never written by two."""

    def __init__(self, paths: Paths, root: bytes, previous: bytes | None = None) -> None:
        """`previous`: the root before, when its replacement was cut short: what it wrapped still opens."""
        self._paths = paths
        self._wrapping = ChaCha20Poly1305(root)
        self._previous = ChaCha20Poly1305(previous) if previous is not None else None
        self._writing = threading.Lock()
        """Held while a key file is written or unwrapped: a key isn't re-wrapped, destroyed or read at once."""
        self._rotating = threading.Lock()
        self.sign_is_new = False
        """Whether the signing key was made just now: there was none."""
        self.finished: int | None = None
        """How many keys the opening wrapped anew to finish a renewal that was cut short; None: there was none."""
        self._sign = self._open_sign_key()
        self._mac_key = HKDF(hashes.SHA256(), 32, None, _MAC_INFO).derive(self._sign.private_bytes_raw())
        self.erasing = ErasingKey.open(paths)

    @classmethod
    def open(cls, paths: Paths) -> Keyring:
        """Load the root key, or make it at the very first start.

        A renewal that was cut short is finished. Raises LockedError `root_key_missing` when keys are there that another
        medium's root wrapped, IntegrityError `root_key_foreign` when the root at hand isn't theirs,
        `root_key_unreadable` when it isn't a root key.
        """
        try:
            new = root_in(paths.next_root_key.read_bytes(), paths.next_root_key)
        except FileNotFoundError:
            new = None
        except OSError as error:
            raise LockedError("root_key_missing", path=str(paths.root_key)) from error
        try:
            data = paths.root_key.read_bytes()
        except OSError as error:
            if new is not None and isinstance(error, FileNotFoundError):
                # The replacement was cut short after the old root was destroyed.
                paths.next_root_key.rename(paths.root_key)
                fsync_dir(paths.key_root)
                return cls(paths, new)
            wrapped = paths.sign_key.exists() or any(paths.keys.glob("*.key"))
            if wrapped or not isinstance(error, FileNotFoundError):
                raise LockedError("root_key_missing", path=str(paths.root_key)) from error
            data = root_file(new_root())
            paths.key_root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            write_synced(paths.root_key, data)
        if new is None:
            return cls(paths, root_in(data, paths.root_key))
        try:
            root = root_in(data, paths.root_key)
        except IntegrityError:
            root = None  # cut short while the old root was being overwritten: by then it had wrapped nothing any more
        keyring = cls(paths, new, root)
        keyring.finished = keyring._finish_rotation()
        return keyring

    def rotate_root(self) -> int:
        """Replace the root key: wrap all keys anew, then destroy the old one. Returns how many keys were wrapped.

        Steps: the new root is written beside the old one; each key is wrapped into its other slot, then the slot of
        before is overwritten; the old root is overwritten and removed; the new one takes its name. Old copies of key
        files (flash keeps such) open nothing afterwards. Cut short at any step, the next start goes on; so does the
        next call after an OSError. Raises OSError.
        """
        with self._rotating:
            if self._previous is not None:
                # A disk stopped the last renewal: what its root has wrapped must not be lost to yet another one.
                return self._finish_rotation()
            root = new_root()
            write_synced(self._paths.next_root_key, root_file(root))
            with self._writing:
                self._previous, self._wrapping = self._wrapping, ChaCha20Poly1305(root)
            return self._finish_rotation()

    def _finish_rotation(self) -> int:
        count = 0
        for path in (self._paths.sign_key, *self._paths.keys.glob("*.key")):
            count += self._rewrap(path)
        with contextlib.suppress(FileNotFoundError):  # removed already, by a call that a disk stopped
            overwrite_and_remove(self._paths.root_key)
        self._paths.next_root_key.rename(self._paths.root_key)
        fsync_dir(self._paths.key_root)
        with self._writing:
            self._previous = None
        return count

    def _rewrap(self, path: Path) -> bool:
        """Wrap one key by the present root into the other slot; False when it is gone, done already or unreadable."""
        purpose = _purpose_of(path)
        if purpose is None:
            return False
        with self._writing:
            try:
                descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
            except FileNotFoundError:
                return False
            try:
                slots = slots_of(os.pread(descriptor, 2 * SLOT_BYTES, 0))
                done = [slot for slot in slots if slot.opened(purpose, self._wrapping) is not None]
                if done:
                    self._clear(descriptor, slots, done[-1])
                    return False
                for old in reversed(slots):
                    secret = old.opened(purpose, self._previous)
                    if secret is not None:
                        break
                else:
                    return False  # damaged: neither root opens it, and nothing is made worse
                generation = slots[-1].generation + 1
                new = Slot(generation, SLOT_BYTES - old.start, b"")
                os.pwrite(descriptor, make_slot(secret, purpose, generation, self._wrapping), new.start)
                os.fsync(descriptor)
                self._clear(descriptor, slots, new)
            finally:
                os.close(descriptor)
        return True

    @staticmethod
    def _clear(descriptor: int, slots: list[Slot], kept: Slot) -> None:
        """Overwrite what was wrapped before, in the slot that isn't `kept`."""
        for slot in slots:
            if slot.start != kept.start:
                os.pwrite(descriptor, secrets.token_bytes(SLOT_BYTES), slot.start)
                os.fsync(descriptor)

    @property
    def same_medium(self) -> bool:
        """Whether the root lies on the same file system as the keys: then it protects from no thief of that medium."""
        try:
            root = self._paths.root_key.stat()
        except FileNotFoundError:  # being renewed
            root = self._paths.key_root.stat()
        return root.st_dev == self._paths.keys.stat().st_dev

    def make_pair(self, clip_id: ClipId) -> tuple[Identity, Identity]:
        """Create the keys of a clip to be and of its spool, durable when this returns: (clip, spool)."""
        clip, spool = Identity.generate(), Identity.generate()
        with self._writing:
            for path, kind, identity in (
                (self._paths.clip_key(clip_id), _CLIP, clip),
                (self._paths.spool_key(clip_id), _SPOOL, spool),
            ):
                _create(path, self._slots(identity.text.encode(), _purpose(kind, clip_id)))
        return clip, spool

    def make(self, kind: str, item_id: ClipId, identity: Identity | None = None) -> Identity:
        """Create the key of a view or record, durable when this returns. Raises OSError.

        `identity`: one that a recovery kit has given back, instead of a new one.
        """
        identity = identity or Identity.generate()
        with self._writing:
            _create(self._paths.key(item_id, kind), self._slots(identity.text.encode(), _purpose(kind, item_id)))
        return identity

    def restore_clip(self, clip_id: ClipId, identity: Identity) -> None:
        """Put a clip's key back, from a recovery kit; durable when this returns. Raises OSError."""
        with self._writing:
            _create(self._paths.clip_key(clip_id), self._slots(identity.text.encode(), _purpose(_CLIP, clip_id)))

    def clip(self, clip_id: ClipId) -> Identity:
        """Return a clip's key; raises ErasedError when it is destroyed (invariant 4)."""
        return self._identity(self._paths.clip_key(clip_id), _CLIP, clip_id)

    def spool(self, clip_id: ClipId) -> Identity:
        """Return a spool's key; raises ErasedError when it is destroyed."""
        return self._identity(self._paths.spool_key(clip_id), _SPOOL, clip_id)

    def identity(self, kind: str, item_id: ClipId) -> Identity:
        """Return a view's or record's key; raises ErasedError when it is destroyed."""
        return self._identity(self._paths.key(item_id, kind), kind, item_id)

    def has_clip(self, clip_id: ClipId) -> bool:
        """Tell whether the clip isn't erased."""
        return self._paths.clip_key(clip_id).exists()

    def destroy_clip(self, clip_id: ClipId) -> bool:
        """Destroy the clip's key for ever; True when nothing of it is left that we can see. Idempotent."""
        with self._writing:
            return overwrite_and_remove(self._paths.clip_key(clip_id))

    def destroy_spool(self, clip_id: ClipId) -> bool:
        """Destroy the spool's key for ever; True when nothing of it is left that we can see. Idempotent."""
        with self._writing:
            return overwrite_and_remove(self._paths.spool_key(clip_id))

    def destroy(self, kind: str, item_id: ClipId) -> bool:
        """Destroy a view's or record's key for ever; True when nothing of it is left that we can see. Idempotent."""
        with self._writing:
            return overwrite_and_remove(self._paths.key(item_id, kind))

    def clip_ids(self) -> set[ClipId]:
        """Return the ids of all clips that have a key."""
        return self.ids(_CLIP)

    def spool_ids(self) -> set[ClipId]:
        """Return the ids of all spools that have a key."""
        return self.ids(_SPOOL)

    def ids(self, kind: str) -> set[ClipId]:
        """Return the ids of all that have a key of a kind."""
        found = set()
        suffix = f".{kind}.key"
        for name in os.listdir(self._paths.keys):  # noqa: PTH208 - half as fast by paths, where there are many
            if name.endswith(suffix):
                with contextlib.suppress(NotFoundError):
                    found.add(parse_clip_id(name.removesuffix(suffix)))
        return found

    def finish_destroying(self, clip_ids: Collection[str]) -> None:
        """Remove key files that were overwritten when the power went, but not yet unlinked. Raises OSError.

        `clip_ids`: those of whose clips' keys that may be so: reading all takes minutes where there are many.
        """
        for name in os.listdir(self._paths.keys):  # noqa: PTH208 - as above
            clip_id, _, kind = name.partition(".")
            if kind == f"{_CLIP}.key" and clip_id not in clip_ids:
                continue
            path = self._paths.keys / name
            if _purpose_of(path) is not None and is_overwritten(path.read_bytes()):
                overwrite_and_remove(path)

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of `data`."""
        return self._sign.sign(data)

    def mac(self, data: bytes) -> bytes:
        """Return what only this keyring can make of `data`, 32 bytes: for files of ours that nobody else has to check.

        HMAC-SHA-256 (RFC 2104) by a key derived from the signing key (HKDF, RFC 5869).
        """
        return hmac.digest(self._mac_key, data, "sha256")

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The key that verifies what `sign` made."""
        return self._sign.public_key()

    def _identity(self, path: Path, kind: str, clip_id: ClipId) -> Identity:
        try:
            with self._writing:
                data = path.read_bytes()
                if not slots_of(data):
                    raise ErasedError("clip_erased")
                return Identity.from_text(self._unwrap(data, _purpose(kind, clip_id)).decode())
        except FileNotFoundError:
            raise ErasedError("clip_erased") from None

    def _open_sign_key(self) -> Ed25519PrivateKey:
        path = self._paths.sign_key
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            self._check_root()
            key = Ed25519PrivateKey.generate()
            write_synced(path, self._slots(key.private_bytes_raw(), _purpose(_SIGN, "")))
            self.sign_is_new = True
            return key
        try:
            return Ed25519PrivateKey.from_private_bytes(self._unwrap(data, _purpose(_SIGN, "")))
        except IntegrityError:
            raise IntegrityError("root_key_foreign", path=str(self._paths.root_key)) from None

    def _check_root(self) -> None:
        """Raise IntegrityError `root_key_foreign` when clip keys are there that this root didn't wrap."""
        for clip_id in self.clip_ids():
            try:
                self.clip(clip_id)
            except ErasedError:
                continue
            except IntegrityError:
                raise IntegrityError("root_key_foreign", path=str(self._paths.root_key)) from None
            return

    def _slots(self, secret: bytes, purpose: bytes) -> bytes:
        """Return the content of a new key file: the first slot filled, the second random."""
        return make_slot(secret, purpose, 1, self._wrapping) + secrets.token_bytes(SLOT_BYTES)

    def _unwrap(self, data: bytes, purpose: bytes) -> bytes:
        """Return the secret of the newest slot that opens; raises IntegrityError `key_unreadable`."""
        for slot in reversed(slots_of(data)):
            for wrapping in (self._wrapping, self._previous):
                secret = slot.opened(purpose, wrapping)
                if secret is not None:
                    return secret
        raise IntegrityError("key_unreadable")


def destroy_all(paths: Paths) -> int:
    """Destroy every key of a site, the root's too, without opening any; returns how many clips that erased."""
    clips = 0
    for path in paths.keys.glob("*.key"):
        overwrite_and_remove(path)
        clips += path.name.endswith(f".{_CLIP}.key")
    for path in (paths.sign_key, paths.erase_key, paths.root_key, paths.next_root_key):
        overwrite_and_remove(path)
    return clips


def public_key_text(key: Ed25519PublicKey) -> str:
    """Return a public key as base64 of its 32 bytes."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def _purpose_of(path: Path) -> bytes | None:
    """Return what a key file is for, by its name; None when it is none of ours."""
    if path.name == "sign.key":
        return _purpose(_SIGN, "")
    clip_id, kind, *_ = (*path.name.split("."), "")
    try:
        return _purpose(kind, parse_clip_id(clip_id)) if kind in {_CLIP, _SPOOL, VIEW, RECORD} else None
    except NotFoundError:
        return None


def _purpose(kind: str, clip_id: str) -> bytes:
    """Bind a wrapped key to what it is for: it opens nowhere else."""
    return f"camguard/v1|{kind}|{clip_id}".encode()


def _create(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)
