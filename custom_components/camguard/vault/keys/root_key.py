"""The root key's file: what is in it, and its move to another medium."""

import secrets
from pathlib import Path

from ...domain.errors import IntegrityError, LockedError
from ..media.destroy import overwrite_and_remove
from ..paths import write_synced

ROOT_BYTES = 32
_MAGIC = b"camguard root v1\n"


def new_root() -> bytes:
    """Return a new root key."""
    return secrets.token_bytes(ROOT_BYTES)


def root_file(root: bytes) -> bytes:
    """Return the content of a root key's file."""
    return _MAGIC + root


def root_in(data: bytes, path: Path) -> bytes:
    """Return the root key in a file's content; raises IntegrityError `root_key_unreadable` when there is none."""
    root = data.removeprefix(_MAGIC)
    if root == data or len(root) != ROOT_BYTES:
        raise IntegrityError("root_key_unreadable", path=str(path))
    return root


def move_root(source: Path, target: Path) -> None:
    """Take the root key from one folder to another; raises LockedError when it isn't there, OSError as the disks do.

    A root key that lies at the target already is taken for ours when it is the same, refused otherwise. One that was
    about to replace it goes along.
    """
    moving = [name for name in ("root.key.next", "root.key") if (source / name).exists()]
    if source != target and not moving:
        raise LockedError("root_key_missing", path=str(source / "root.key"))
    copied = []
    for name in moving:
        old, new = source / name, target / name
        if old == new:
            continue
        data = old.read_bytes()
        if not new.exists():
            write_synced(new, data)
        elif new.samefile(old):  # one folder by two names (a link, a bind mount): nothing may be removed
            continue
        elif new.read_bytes() != data:
            raise IntegrityError("root_key_foreign", path=str(new))
        copied.append(old)
    for old in copied:
        overwrite_and_remove(old)
