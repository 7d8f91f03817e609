"""Whose storage folder this is: each installation has a name, which its ledger and its storage's marker bear.

A folder of another installation is never written to or cleaned up: its clips can't be opened here, and may be
somebody's evidence (docs/adr/0011).
"""

import json
import re
import uuid
from pathlib import Path

from ..domain.errors import StorageError
from .paths import Paths, write_synced

_TEXT = (
    "CamGuard keeps sealed clips in this folder. Without this file the folder counts as unmounted.\n"
    "It belongs to the installation {site_id}.\n"
)
_NAMED = re.compile(r"installation ([0-9a-f]{32})\.", re.ASCII)


def site_id_of(paths: Paths, told: str) -> str:
    """Return the installation's name; a new one when nobody knows any.

    `told`: what the ledger says, empty when it says nothing. Raises OSError.
    """
    if told:
        return told
    try:
        name = str(json.loads(paths.site.read_bytes())["site_id"])
        if re.fullmatch("[0-9a-f]{32}", name, re.ASCII):
            return name
    except OSError, ValueError, KeyError, TypeError, RecursionError:
        pass
    # The configuration folder was lost, and the keys of what lies there are ours: so is the folder.
    ours = owner_of(paths.storage) if any(paths.keys.glob("*.clip.key")) else None
    return ours or uuid.uuid4().hex


def owner_of(storage: Path) -> str | None:
    """Return whose a storage folder is; None when no marker names anybody. Raises OSError (but for a missing one)."""
    try:
        found = _NAMED.search(Paths.marker_in(storage).read_text("utf-8", "replace"))
    except FileNotFoundError:
        return None
    return found[1] if found else None


def claim(paths: Paths, site_id: str, taken_over: str) -> str:
    """Mark the storage as this installation's; returns whose it was, when it is taken over now, else an empty text.

    `taken_over`: whose folder somebody has said is to be taken over. Raises StorageError `storage_foreign`, OSError.
    """
    owner = owner_of(paths.storage)
    if owner not in {None, site_id, taken_over}:
        raise StorageError("storage_foreign", path=str(paths.storage))
    if owner != site_id:
        write_synced(paths.marker, _TEXT.format(site_id=site_id).encode())
    try:
        known = json.loads(paths.site.read_bytes())
    except OSError, ValueError, RecursionError:
        known = None
    if known != {"site_id": site_id}:
        write_synced(paths.site, json.dumps({"site_id": site_id}).encode())
    return owner if owner not in {None, site_id} and owner else ""


def is_foreign(paths: Paths) -> str:
    """Return whose a storage folder is when it isn't this installation's, as far as that is known without the root key.

    Raises OSError.
    """
    owner = owner_of(paths.storage)
    if owner is None:
        return ""
    return "" if owner == site_id_of(paths, "") else owner
