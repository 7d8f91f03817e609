"""What a wipe was ordered to destroy, on disk before anything is destroyed: a wipe that was cut short is carried on."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ...domain.clip import ClipId, canonical_json, parse_clip_id
from ...domain.errors import NotFoundError
from ...domain.storage_faults import storage_error
from ..paths import fsync_dir, write_synced


@dataclass(frozen=True, slots=True, kw_only=True)
class WipeJournal:
    """An order, its clips chosen. Times are UTC epoch µs."""

    certificate_id: str
    begun_us: int
    scope: str
    scope_detail: str
    reason: str
    include_held: bool
    clip_ids: tuple[ClipId, ...]
    skipped_held: tuple[ClipId, ...]
    skipped_running: tuple[ClipId, ...]
    user_id: str | None
    user_name: str

    @classmethod
    def from_json(cls, data: bytes) -> WipeJournal:
        """Read a journal; raises ValueError when it isn't one."""
        try:
            fields = json.loads(data)
            user_id = fields["user_id"]
            return cls(
                certificate_id=str(fields["certificate_id"]),
                begun_us=int(fields["begun_us"]),
                scope=str(fields["scope"]),
                scope_detail=str(fields["scope_detail"]),
                reason=str(fields["reason"]),
                include_held=bool(fields["include_held"]),
                clip_ids=tuple(parse_clip_id(item) for item in fields["clip_ids"]),
                skipped_held=tuple(parse_clip_id(item) for item in fields["skipped_held"]),
                skipped_running=tuple(parse_clip_id(item) for item in fields["skipped_running"]),
                user_id=None if user_id is None else str(user_id),
                user_name=str(fields["user_name"]),
            )
        except (KeyError, TypeError, RecursionError, NotFoundError) as error:
            raise ValueError("no journal of a wipe") from error

    @property
    def digest(self) -> str:
        """SHA-256 of the order, hex: an order counts only with a signed entry that names it."""
        return hashlib.sha256(canonical_json(asdict(self))).hexdigest()


def read_journal(path: Path) -> WipeJournal | None:
    """Return the order that isn't carried out yet; raises ValueError when it can't be understood, StorageError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise storage_error(error, path) from error
    return WipeJournal.from_json(data)


def write_journal(path: Path, journal: WipeJournal) -> None:
    """Write down an order, durable when this returns. Raises OSError."""
    write_synced(path, canonical_json(asdict(journal)))


def remove_journal(path: Path) -> None:
    """Note that an order is carried out; durable when this returns. Idempotent; raises OSError."""
    path.unlink(missing_ok=True)
    fsync_dir(path.parent)


def set_aside(path: Path, suffix: str) -> None:
    """Take a journal that isn't carried out out of the way. Raises StorageError."""
    try:
        path.rename(path.with_name(path.name + suffix))
        fsync_dir(path.parent)
    except OSError as error:
        raise storage_error(error, path) from error
