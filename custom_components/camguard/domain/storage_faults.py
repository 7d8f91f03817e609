"""What a disk's refusal means: translation keys below `exceptions`, each with what a person can do about it."""

import errno
from pathlib import Path

from .errors import StorageError

FULL = "storage_full"
READ_ONLY = "storage_read_only"
MISSING = "storage_missing"
FAILING = "storage_failing"
SILENT = "storage_silent"
UNAVAILABLE = "storage_unavailable"
FOREIGN = "storage_foreign"

STORAGE_FAULTS = frozenset({FULL, READ_ONLY, MISSING, FAILING, SILENT, UNAVAILABLE, FOREIGN})

_MEANING = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.ENOENT: MISSING,
    errno.ENODEV: MISSING,
    errno.ENXIO: MISSING,
    errno.ESTALE: MISSING,
    errno.ENOTCONN: MISSING,
    errno.EIO: FAILING,
    errno.EUCLEAN: FAILING,
    errno.EBADMSG: FAILING,
    errno.ETIMEDOUT: SILENT,
    errno.EHOSTDOWN: SILENT,
    errno.EHOSTUNREACH: SILENT,
    errno.EAGAIN: SILENT,
}


def storage_fault(error: OSError) -> str:
    """Return the key that fits a disk's refusal; `storage_unavailable` for one that isn't known (permissions, say)."""
    return _MEANING.get(error.errno or 0, SILENT if isinstance(error, TimeoutError) else UNAVAILABLE)


def storage_error(error: OSError, path: Path) -> StorageError:
    """Return the error that a user can be told: `path` is where something was to be read or written."""
    return StorageError(storage_fault(error), path=str(path), detail=str(error))
