"""The index: an SQLite cache over the manifests, for listing. What it says never outranks the keys (invariant 4)."""

import hmac
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ...domain.clip import US_PER_DAY, Clip, ClipId, Trigger, TriggerKind, canonical_json
from ...domain.errors import IntegrityError, StorageError
from ...domain.hold import Hold
from ...domain.storage_faults import FAILING, FULL, READ_ONLY, UNAVAILABLE

SCHEMA_VERSION = 6
_SCHEMA = Path(__file__).with_name("schema.sql")
_OWN = (
    "clip_id, camera_id, start_us, end_us, reckoned_us, size_bytes, sha256, trigger_kind, trigger_entity,"
    " trigger_reason, retention_days, width, height, frames, recovered, has_audio, mask_checked"
)
"""What `mac` is made of; holds have their own truth, the ledger."""
_RECKONED = 4
_COLUMNS = f"{_OWN}, held_until_us, hold_reason"

_FAULTS = {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_IOERR: FAILING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What is stored of one camera."""

    clips: int = 0
    stored_bytes: int = 0
    oldest_start_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which clips are wanted, besides by camera and time. None: all."""

    kinds: frozenset[str] | None = None
    """Of what started them (`TriggerKind`)."""
    held: bool | None = None


EVERY = Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What time it is (reckoned, µs), and how many days each camera's clips may be kept now."""

    now_us: int
    retention_days: Callable[[str], int]
    since_us: int = 0
    doubted_us: int = 0
    """What was recorded before `since_us` may be older by this much: an absence that isn't believed yet."""

    def now_for(self, ages_from_us: int) -> int:
        """Return what time it is for a clip whose age counts from `ages_from_us`."""
        return self.now_us + self.doubted_us if ages_from_us < self.since_us else self.now_us


class Index:
    """One connection, guarded by a lock: used from many threads, one at a time."""

    def __init__(self, path: Path, mac: Callable[[bytes], bytes] | None = None) -> None:
        """Open or make the index; raises IntegrityError `index_unreadable` when the file is no index of ours.

        `mac` makes 32 bytes that nobody else can make of a row; a row without them isn't believed, and left out. None:
        the root key is away, rows are taken as they are, and none is written.
        """
        self._path = path
        self._mac = mac
        self.doubted: tuple[ClipId, ...] = ()
        """Clips whose rows somebody else had written; they are out."""
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise IntegrityError("index_unreadable") from error
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA secure_delete=ON")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._db.executescript(
                    f"BEGIN;{_SCHEMA.read_text('utf-8')}PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
                )
            elif version != SCHEMA_VERSION:
                raise IntegrityError("index_unreadable")
            self._db.execute(f"SELECT {_COLUMNS}, mac FROM clip LIMIT 1").fetchone()  # noqa: S608 - our own names
            if mac is not None:
                self.doubted = self._leave_out_doubted()
        except (sqlite3.Error, IntegrityError) as error:
            self._db.close()
            raise IntegrityError("index_unreadable") from error

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._db.close()

    def add(self, clip: Clip) -> None:
        """Put a clip in; the same clip again changes nothing. Raises StorageError."""
        row = (
            clip.clip_id, clip.camera_id, clip.start_us, clip.end_us, clip.ages_from_us, clip.size_bytes, clip.sha256,
            clip.trigger.kind.value, clip.trigger.entity_id, clip.trigger.reason, clip.retention_days, clip.width,
            clip.height, clip.frames, int(clip.recovered), int(clip.has_audio), clip.mask_checked,
        )  # fmt: skip
        values = (*row, clip.held_until_us, clip.hold_reason, self._mac_of(row))
        places = ",".join("?" * len(values))
        self._write(f"INSERT OR REPLACE INTO clip ({_COLUMNS}, mac) VALUES ({places})", values)  # noqa: S608

    def apply_holds(self, holds: Iterable[Hold]) -> None:
        """Take over all holds; a clip without one isn't held. Raises StorageError."""
        self._write("UPDATE clip SET held_until_us=NULL, hold_reason=NULL WHERE held_until_us IS NOT NULL", ())
        for hold in holds:
            self.set_hold(hold.clip_id, hold)

    def set_hold(self, clip_id: ClipId, hold: Hold | None) -> None:
        """Set or lift one clip's hold. Raises StorageError."""
        values = (hold.until_us, hold.reason) if hold else (None, None)
        self._write("UPDATE clip SET held_until_us=?, hold_reason=? WHERE clip_id=?", (*values, clip_id))

    def remove(self, clip_id: ClipId) -> None:
        """Take a clip out. Raises StorageError."""
        self._write("DELETE FROM clip WHERE clip_id=?", (clip_id,))

    def get(self, clip_id: ClipId) -> Clip | None:
        """Return one clip."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM clip WHERE clip_id=?", (clip_id,))  # noqa: S608
        return _clip(rows[0]) if rows else None

    def clip_ids(self) -> set[ClipId]:
        """Return the ids of all clips."""
        return {ClipId(str(row[0])) for row in self._rows("SELECT clip_id FROM clip", ())}

    def camera_ids(self) -> set[str]:
        """Return the cameras that there are clips of. Raises StorageError."""
        return {str(row[0]) for row in self._rows("SELECT DISTINCT camera_id FROM clip", ())}

    def clips(
        self,
        camera_ids: Iterable[str] | None = None,
        *,
        start_us: int | None = None,
        end_us: int | None = None,
        limit: int = -1,
        offset: int = 0,
        newest_first: bool = True,
        terms: Terms | None = None,
        chosen: Filter = EVERY,
    ) -> list[Clip]:
        """Return the clips that overlap [start_us, end_us), of these cameras (None: all). Raises StorageError.

        With `terms` those whose retention period is over are left out, unless they are held.
        """
        where, values = self._where(camera_ids, start_us, end_us, terms, chosen)
        order = "DESC" if newest_first else "ASC"
        query = f"SELECT {_COLUMNS} FROM clip{where} ORDER BY start_us {order}, clip_id LIMIT ? OFFSET ?"  # noqa: S608
        return [_clip(row) for row in self._rows(query, (*values, limit, offset))]

    def count(
        self,
        camera_ids: Iterable[str] | None = None,
        *,
        start_us: int | None = None,
        end_us: int | None = None,
        terms: Terms | None = None,
        chosen: Filter = EVERY,
    ) -> int:
        """Return how many clips `clips` would give without a limit. Raises StorageError."""
        where, values = self._where(camera_ids, start_us, end_us, terms, chosen)
        return _int(self._rows(f"SELECT count(*) FROM clip{where}", values)[0][0])  # noqa: S608

    def latest_start_us(
        self,
        camera_ids: Iterable[str],
        *,
        before_us: int | None = None,
        terms: Terms | None = None,
        chosen: Filter = EVERY,
    ) -> int | None:
        """Return when the newest clip of these cameras that began before `before_us` began. Raises StorageError."""
        where, values = self._where(camera_ids, None, before_us, terms, chosen)
        query = f"SELECT start_us FROM clip{where} ORDER BY start_us DESC LIMIT 1"  # noqa: S608
        rows = self._rows(query, values)
        return _int(rows[0][0]) if rows else None

    def expired(self, terms: Terms) -> list[tuple[ClipId, bool]]:
        """Return (clip, whether the index knows it as held) of those whose time is over. Raises StorageError."""
        due, values = _due(self.camera_ids(), terms)
        query = f"SELECT clip_id, held_until_us IS NOT NULL FROM clip WHERE {due} ORDER BY reckoned_us"  # noqa: S608
        return [(ClipId(str(clip_id)), bool(held)) for clip_id, held in self._rows(query, values)]

    def age(self, since_us: int, by_us: int) -> None:
        """Make what was recorded since `since_us` younger by `by_us`: the rest has aged. Raises StorageError."""
        rows = self._rows(f"SELECT {_OWN} FROM clip WHERE reckoned_us >= ?", (since_us,))  # noqa: S608
        changes: list[tuple[object, ...]] = []
        for row in rows:
            reckoned_us = _int(row[_RECKONED]) + by_us
            aged = (*row[:_RECKONED], reckoned_us, *row[_RECKONED + 1 :])
            changes.append((reckoned_us, self._mac_of(aged), row[0]))
        try:
            with self._lock:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    self._db.executemany("UPDATE clip SET reckoned_us=?, mac=? WHERE clip_id=?", changes)
                    self._db.execute("COMMIT")
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def newest_us(self) -> int | None:
        """Return the latest time that any clip's age counts from. Raises StorageError."""
        ((newest_us,),) = self._rows("SELECT max(reckoned_us) FROM clip", ())
        return None if newest_us is None else _int(newest_us)

    def latest(self, camera_id: str) -> Clip | None:
        """Return the clip that was recorded last, whatever its clock said. Raises StorageError."""
        query = f"SELECT {_COLUMNS} FROM clip WHERE camera_id=? ORDER BY reckoned_us DESC LIMIT 1"  # noqa: S608
        rows = self._rows(query, (camera_id,))
        return _clip(rows[0]) if rows else None

    def erasable_bytes(self) -> int:
        """Return the size of all clips that no hold keeps. Raises StorageError."""
        query = "SELECT coalesce(sum(size_bytes), 0) FROM clip WHERE held_until_us IS NULL"
        return _int(self._rows(query, ())[0][0])

    def totals(self) -> dict[str, Totals]:
        """Return what is stored, by camera."""
        query = "SELECT camera_id, count(*), sum(size_bytes), min(start_us) FROM clip GROUP BY camera_id"
        return {
            str(camera_id): Totals(clips=_int(count), stored_bytes=_int(size), oldest_start_us=_int(oldest))
            for camera_id, count, size, oldest in self._rows(query, ())
        }

    def _mac_of(self, row: tuple[object, ...]) -> bytes:
        assert self._mac is not None, "rows are written by who has the root key"
        return self._mac(b"camguard-index/v1|" + canonical_json({"row": list(row)}))

    def _leave_out_doubted(self) -> tuple[ClipId, ...]:
        """Take out the rows that this keyring didn't write; returns their ids."""
        doubted = []
        for *row, mac in self._db.execute(f"SELECT {_OWN}, mac FROM clip"):  # noqa: S608 - our own names
            try:
                ours = hmac.compare_digest(self._mac_of(tuple(row)), mac)
            except TypeError, ValueError:  # a table of somebody else's making
                ours = False
            if not ours:
                doubted.append(str(row[0]))
        self._db.executemany("DELETE FROM clip WHERE clip_id=?", [(item,) for item in doubted])
        return tuple(ClipId(item) for item in doubted)

    def _write(self, query: str, values: tuple[object, ...]) -> None:
        try:
            with self._lock:
                self._db.execute(query, values)
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _rows(self, query: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        try:
            with self._lock, closing(self._db.execute(query, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _refused(self, error: sqlite3.Error) -> StorageError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one (sqlite.org/rescode.html)
        return StorageError(_FAULTS.get(code, UNAVAILABLE), path=str(self._path), detail=str(error))

    def _where(
        self,
        camera_ids: Iterable[str] | None,
        start_us: int | None,
        end_us: int | None,
        terms: Terms | None,
        chosen: Filter,
    ) -> tuple[str, tuple[object, ...]]:
        conditions: list[str] = []
        values: list[object] = []
        cameras = None if camera_ids is None else list(camera_ids)
        if cameras is not None:
            conditions.append(f"camera_id IN ({','.join('?' * len(cameras))})")
            values += cameras
        if chosen.kinds is not None:
            conditions.append(f"trigger_kind IN ({','.join('?' * len(chosen.kinds))})")
            values += sorted(chosen.kinds)
        if chosen.held is not None:
            conditions.append(f"held_until_us IS {'NOT ' if chosen.held else ''}NULL")
        if start_us is not None:
            conditions.append("end_us > ?")
            values.append(start_us)
        if end_us is not None:
            conditions.append("start_us < ?")
            values.append(end_us)
        if terms is not None:
            due, given = _due(self.camera_ids() if cameras is None else cameras, terms)
            conditions.append(f"(held_until_us IS NOT NULL OR NOT {due})")
            values += given
        return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), tuple(values)


def _due(camera_ids: Iterable[str], terms: Terms) -> tuple[str, tuple[object, ...]]:
    """Return SQL, with its values, for whether a clip must go: `domain.retention.expires_us`, `Terms.now_for`."""
    periods = [value for camera_id in camera_ids for value in (camera_id, terms.retention_days(camera_id))]
    cases = f"min(retention_days, CASE camera_id {'WHEN ? THEN ? ' * (len(periods) // 2)}END)" if periods else "0"
    due = f"(reckoned_us + {cases} * {US_PER_DAY} <= ? + CASE WHEN reckoned_us < ? THEN ? ELSE 0 END)"
    return due, (*periods, terms.now_us, terms.since_us, terms.doubted_us)


def _clip(row: tuple[object, ...]) -> Clip:
    (
        clip_id, camera_id, start_us, end_us, reckoned_us, size_bytes, sha256, kind, entity_id, reason,
        retention_days, width, height, frames, recovered, has_audio, mask_checked, held_until_us, hold_reason,
    ) = row  # fmt: skip
    return Clip(
        clip_id=ClipId(str(clip_id)),
        camera_id=str(camera_id),
        start_us=_int(start_us),
        end_us=_int(end_us),
        reckoned_us=_int(reckoned_us),
        size_bytes=_int(size_bytes),
        sha256=str(sha256),
        trigger=Trigger(
            kind=TriggerKind(str(kind)),
            entity_id=None if entity_id is None else str(entity_id),
            reason=None if reason is None else str(reason),
        ),
        retention_days=_int(retention_days),
        width=_int(width),
        height=_int(height),
        frames=_int(frames),
        recovered=bool(recovered),
        has_audio=bool(has_audio),
        mask_checked=_int(mask_checked),
        held_until_us=None if held_until_us is None else _int(held_until_us),
        hold_reason=None if hold_reason is None else str(hold_reason),
    )


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
