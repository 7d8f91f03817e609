"""Destroying files, and saying honestly what became of them.

Overwriting in place is all that software can ask of a file system; flash, snapshots and copy-on-write keep what they
keep (docs/design/threat-model.md). What erases a clip is the destruction of its key.
"""

import os
import secrets
from pathlib import Path

from ..paths import fsync_dir

_BLOCK_BYTES = 1 << 20


def overwrite_and_remove(path: Path, *, whole: bool = True) -> bool:
    """Overwrite a file once with random bytes, sync, unlink it, sync its folder. Idempotent.

    Returns False when the overwriting failed (a full copy-on-write disk, a network share): it is unlinked all the same.
    Raises OSError only when the file can't be unlinked. `whole=False` overwrites no more than the first MiB.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    except OSError:
        path.unlink(missing_ok=True)
        fsync_dir(path.parent)
        return False
    overwritten = True
    try:
        left = os.fstat(descriptor).st_size
        left = left if whole else min(left, _BLOCK_BYTES)
        while left > 0:
            left -= os.write(descriptor, secrets.token_bytes(min(left, _BLOCK_BYTES)))
        os.fsync(descriptor)
    except OSError:
        overwritten = False
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    fsync_dir(path.parent)
    return overwritten
