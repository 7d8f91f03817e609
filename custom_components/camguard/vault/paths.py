"""Where everything lies at rest, with which modes, and where clips and keys may not lie.

Owns names and folders. What is in the files is the other vault modules'.
"""

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..domain.clip import ClipId
from ..domain.errors import InvalidError

CACHE_FOLDER = Path(".cache") / "camguard"
"""Below the config folder; Home Assistant's backups leave `.cache` out, and nothing else of use."""
CLIPS_FOLDER = "clips"
LEDGER_FILE = Path("camguard") / "ledger.jsonl"
FOLDER_MODE = 0o700
FILE_MODE = 0o600
PART = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """All paths of a site. Nothing here touches the disk except `create` and `prepare`."""

    cache: Path
    storage: Path
    key_root: Path
    ledger: Path

    @classmethod
    def of(cls, config_dir: Path, storage_path: Path | None = None, key_path: Path | None = None) -> Paths:
        """Return the paths for a config folder, with the defaults of docs/ref/settings.md."""
        cache = config_dir / CACHE_FOLDER
        return cls(
            cache=cache,
            storage=storage_path or cache / CLIPS_FOLDER,
            key_root=key_path or cache,
            ledger=config_dir / LEDGER_FILE,
        )

    @property
    def keys(self) -> Path:
        """Folder of the wrapped clip keys."""
        return self.cache / "keys"

    @property
    def index(self) -> Path:
        """The SQLite index."""
        return self.cache / "index.db"

    @property
    def clock(self) -> Path:
        """State of the retention clock."""
        return self.cache / "clock.json"

    @property
    def sign_key(self) -> Path:
        """The wrapped signing key."""
        return self.cache / "sign.key"

    @property
    def erase_key(self) -> Path:
        """The key that signs what is erased while the root key is away; it opens nothing."""
        return self.cache / "erase.key"

    @property
    def site(self) -> Path:
        """Names the installation; Home Assistant backs it up with the ledger."""
        return self.ledger.parent / "site.json"

    @property
    def root_key(self) -> Path:
        """The root key, better on another medium."""
        return self.key_root / "root.key"

    @property
    def next_root_key(self) -> Path:
        """The root key that is about to replace the present one."""
        return self.key_root / "root.key.next"

    @property
    def checkpoints(self) -> Path:
        """Folder of what the ledger's closed segments tell."""
        return self.cache / "told"

    @property
    def head(self) -> Path:
        """The ledger's latest head, beside the keys."""
        return self.cache / "head"

    @property
    def mirror(self) -> Path:
        """The ledger's digests, beside the clips."""
        return self.storage / "ledger.digests"

    @property
    def holds(self) -> Path:
        """Folder of the holds and their recovery kits: Home Assistant backs it up."""
        return self.ledger.parent / "holds"

    @property
    def certificates(self) -> Path:
        """Folder of the erasure certificates."""
        return self.ledger.parent / "certificates"

    @property
    def wipe_journal(self) -> Path:
        """What a wipe that was begun still has to do."""
        return self.cache / "wipe.journal"

    @property
    def extracts(self) -> Path:
        """Folder of the sealed extracts that wait for their bundle; their keys are in memory only."""
        return self.storage / "extracts"

    @property
    def reserve(self) -> Path:
        """Space that is given up on a full disk, so that erasing can still be written down."""
        return self.cache / "reserve"

    @property
    def marker(self) -> Path:
        """Tells our storage from the empty folder that an unmounted disk leaves behind."""
        return self.marker_in(self.storage)

    @staticmethod
    def marker_in(storage: Path) -> Path:
        """Return the path of a storage folder's marker."""
        return storage / "camguard.storage"

    @property
    def hosts(self) -> Path:
        """What machines for workers are reached with: their host keys, and the keys to log in there."""
        return self.cache / "hosts"

    @property
    def views(self) -> Path:
        """Folder of the confirmed views of the cameras; beside the keys, so in no backup."""
        return self.cache / "views"

    @property
    def registers(self) -> Path:
        """Folder of the sealed records: Home Assistant backs it up, without the keys."""
        return self.ledger.parent / "registers"

    def record(self, record_id: ClipId, revision: int) -> Path:
        """Return the path of a sealed record, as it was after so many changes."""
        return self.registers / f"{record_id}.{revision}.age"

    @property
    def spools(self) -> Path:
        """Folder of the clips that are being recorded."""
        return self.storage / "spool"

    def clip(self, clip_id: ClipId) -> Path:
        """Return the path of the sealed MP4."""
        return self._shard(clip_id) / f"{clip_id}.mp4.age"

    def manifest(self, clip_id: ClipId) -> Path:
        """Return the path of the sealed manifest."""
        return self._shard(clip_id) / f"{clip_id}.json.age"

    def thumbnail(self, clip_id: ClipId) -> Path:
        """Return the path of the sealed thumbnail."""
        return self._shard(clip_id) / f"{clip_id}.jpg.age"

    def spool_file(self, clip_id: ClipId) -> Path:
        """Return the path of the sealed spool."""
        return self.spools / f"{clip_id}.spool.age"

    def clip_key(self, clip_id: ClipId) -> Path:
        """Return the path of the clip's wrapped key."""
        return self.keys / f"{clip_id}.clip.key"

    def spool_key(self, clip_id: ClipId) -> Path:
        """Return the path of the spool's wrapped key."""
        return self.keys / f"{clip_id}.spool.key"

    def key(self, item_id: ClipId, kind: str) -> Path:
        """Return the path of the wrapped key of what is sealed one by one: a view, a record."""
        return self.keys / f"{item_id}.{kind}.key"

    def view(self, view_id: ClipId) -> Path:
        """Return the path of a sealed confirmed view."""
        return self.views / f"{view_id}.jpg.age"

    def create(self) -> None:
        """Make the folders; our own lose what others may do in them. A storage of the user's keeps its mode."""
        for folder in (self.cache, self.keys, self.storage, self.spools, self.ledger.parent):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        ours = [self.storage] if self.storage.is_relative_to(self.cache) else []
        for folder in (self.cache, self.keys, self.spools, *ours):
            with contextlib.suppress(PermissionError):  # a network share with modes of its own
                folder.chmod(FOLDER_MODE)

    def prepare(self, clip_id: ClipId) -> None:
        """Make the folder that the clip's files go to."""
        self._shard(clip_id).mkdir(mode=FOLDER_MODE, exist_ok=True)

    def _shard(self, clip_id: ClipId) -> Path:
        return self.storage / clip_id[:2]


def check_storage_path(path: str, config_dir: Path) -> Path:
    """Return the folder for sealed clips; raises InvalidError (`path_*`, placeholder `path`) when it can't be that."""
    return _check(path, config_dir)


def check_key_path(path: str, config_dir: Path) -> Path:
    """Return the folder for the root key; raises InvalidError (`path_*`, placeholder `path`) when it can't be that."""
    resolved = _check(path, config_dir)
    cache = (config_dir / CACHE_FOLDER).resolve()
    if resolved.is_relative_to(cache) or cache.is_relative_to(resolved):
        raise InvalidError("path_beside_keys", path=path)
    return resolved


def check_apart(key_path: Path, storage: Path) -> None:
    """Raise InvalidError `path_in_storage` when the root key would lie with the clips that it opens."""
    key, clips = key_path.resolve(), storage.resolve()
    if key.is_relative_to(clips) or clips.is_relative_to(key):
        raise InvalidError("path_in_storage", path=str(key_path))


def check_copy_path(text: str, config_dir: Path, paths: Paths) -> Path:
    """Return the folder for sealed copies; raises InvalidError (`path_*`, placeholder `path`) when it can't be that."""
    resolved = _check(text, config_dir)
    for own in (paths.storage.resolve(), paths.cache.resolve(), paths.key_root.resolve()):
        if resolved.is_relative_to(own) or own.is_relative_to(resolved):
            raise InvalidError("path_is_ours", path=text)
    return resolved


def same_disk(one: Path, other: Path) -> bool:
    """Tell whether two folders lie on one file system; False as well when one of them is away."""
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def _check(text: str, config_dir: Path) -> Path:
    path = Path(text)
    if "\0" in text or not path.is_absolute():
        raise InvalidError("path_not_absolute", path=text)
    resolved, config = path.resolve(), config_dir.resolve()
    if resolved.is_relative_to((config / "www").resolve()):
        raise InvalidError("path_in_www", path=text)
    # A folder above the config folder would not be backed up, one inside is, but for `.cache`.
    if resolved == config or (resolved.is_relative_to(config) and not resolved.is_relative_to(config / ".cache")):
        raise InvalidError("path_in_backup", path=text)
    if resolved.exists() and not resolved.is_dir():
        raise InvalidError("path_not_folder", path=text)
    try:
        resolved.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=resolved) as file:
            file.write(b"camguard")
            file.flush()
    except OSError:
        raise InvalidError("path_not_writable", path=text) from None
    return resolved


def write_synced(path: Path, data: bytes) -> None:
    """Put a whole file in place or none: write beside it, sync, rename, sync the folder. Raises OSError."""
    part = path.with_name(path.name + PART)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)


def fsync_dir(folder: Path) -> None:
    """Make names in a folder durable. A file system that can't sync folders (some network shares) is left alone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
