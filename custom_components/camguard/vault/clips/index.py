"""The index: an SQLite cache over the manifests, for listing. What it says never outranks the keys (invariant 4)."""

import contextlib
import hmac
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from ...domain.clip import Clip, ClipId, canonical_json
from ...domain.errors import IntegrityError, StorageError
from ...domain.hold import Hold
from ...domain.storage_faults import FAILING, FULL, READ_ONLY, UNAVAILABLE
from .rows import COLUMNS, OWN, RECKONED, clip_of, integer, row_of
from .terms import EVERY, Filter, Terms, Totals, due

SCHEMA_VERSION = 6
_SCHEMA = Path(__file__).with_name("schema.sql")
_INDEXES = Path(__file__).with_name("indexes.sql")
_TOTALS = Path(__file__).with_name("totals.sql")
_PAGE = 200
"""Rows that are read at once where it isn't known how many are wanted."""
_FAULTS = {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_IOERR: FAILING}


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
        self._longest_us = 0
        """The length of the longest clip that ever was in: what overlaps a time didn't begin sooner than that."""
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise IntegrityError("index_unreadable") from error
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.execute("PRAGMA recursive_triggers=ON")  # a row that is replaced is deleted first
            self._db.execute("PRAGMA temp_store=MEMORY")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._db.executescript(
                    f"BEGIN;{_SCHEMA.read_text('utf-8')}PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
                )
            elif version != SCHEMA_VERSION:
                raise IntegrityError("index_unreadable")
            self._db.execute(f"SELECT {COLUMNS}, mac FROM clip LIMIT 1").fetchone()  # noqa: S608 - our own names
            if mac is not None:
                self.doubted = self._leave_out_doubted()
            with contextlib.suppress(sqlite3.OperationalError):  # a full disk: without them all is slower, no more
                self._db.executescript(_INDEXES.read_text("utf-8"))
            self._db.executescript(_TOTALS.read_text("utf-8"))
            ((longest_us,),) = self._db.execute("SELECT max(end_us - start_us) FROM clip").fetchall()
            self._longest_us = max(integer(longest_us or 0), 0)
        except (sqlite3.Error, IntegrityError) as error:
            self._db.close()
            raise IntegrityError("index_unreadable") from error

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._db.close()

    def add(self, clip: Clip) -> None:
        """Put a clip in; the same clip again changes nothing. Raises StorageError."""
        row = row_of(clip)
        values = (*row, clip.held_until_us, clip.hold_reason, self._mac_of(row))
        places = ",".join("?" * len(values))
        self._longest_us = max(self._longest_us, clip.end_us - clip.start_us)
        self._write(f"INSERT OR REPLACE INTO clip ({COLUMNS}, mac) VALUES ({places})", values)  # noqa: S608

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
        rows = self._rows(f"SELECT {COLUMNS} FROM clip WHERE clip_id=?", (clip_id,))  # noqa: S608
        return clip_of(rows[0]) if rows else None

    def clip_ids(self) -> set[ClipId]:
        """Return the ids of all clips."""
        return {ClipId(str(row[0])) for row in self._rows("SELECT clip_id FROM clip", ())}

    def oldest_first(self) -> list[ClipId]:
        """Return the ids of all clips, by the time from which their age counts."""
        return [ClipId(str(row[0])) for row in self._rows("SELECT clip_id FROM clip ORDER BY reckoned_us", ())]

    def camera_ids(self) -> set[str]:
        """Return the cameras that there are clips of. Raises StorageError."""
        return {str(row[0]) for row in self._rows("SELECT camera_id FROM total", ())}

    def clips(
        self,
        camera_ids: Collection[str] | None = None,
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
        order = f"ORDER BY start_us {'DESC' if newest_first else 'ASC'}, clip_id"
        values: tuple[object, ...] = ()
        cameras = self._several(camera_ids) if limit >= 0 else None
        if cameras is None:
            where, values = self._where(camera_ids, start_us, end_us, terms, chosen)
            query = f"SELECT {COLUMNS} FROM clip{where}"  # noqa: S608 - our own names
        else:  # of each as many as are wanted: SQLite would sort all of theirs
            parts: list[str] = []
            for camera_id in cameras:
                where, own = self._where([camera_id], start_us, end_us, terms, chosen)
                parts.append(f"SELECT * FROM (SELECT {COLUMNS} FROM clip{where} {order} LIMIT ?)")  # noqa: S608
                values = (*values, *own, limit + offset)
            query = " UNION ALL ".join(parts)
        return [clip_of(row) for row in self._rows(f"{query} {order} LIMIT ? OFFSET ?", (*values, limit, offset))]

    def count(
        self,
        camera_ids: Collection[str] | None = None,
        *,
        start_us: int | None = None,
        end_us: int | None = None,
        terms: Terms | None = None,
        chosen: Filter = EVERY,
    ) -> int:
        """Return how many clips `clips` would give without a limit. Raises StorageError."""
        if chosen == EVERY and start_us is None and end_us is None and (terms is None or not self._any_due(terms)):
            cameras = self.camera_ids() if camera_ids is None else set(camera_ids)
            found = self._rows("SELECT camera_id, clips FROM total", ())
            return sum(integer(clips) for camera_id, clips in found if camera_id in cameras)
        where, values = self._where(camera_ids, start_us, end_us, terms, chosen)
        return integer(self._rows(f"SELECT count(*) FROM clip{where}", values)[0][0])  # noqa: S608

    def began(
        self,
        camera_ids: Collection[str],
        begin_us: int,
        before_us: int | None,
        *,
        start_us: int | None = None,
        terms: Terms | None = None,
        chosen: Filter = EVERY,
    ) -> int:
        """Return how many clips began in [begin_us, before_us), and ended after `start_us`. Raises StorageError."""
        where, values = self._where(camera_ids, start_us, before_us, terms, chosen)
        query = f"SELECT count(*) FROM clip{where}{' AND' if where else ' WHERE'} start_us >= ?"  # noqa: S608
        return integer(self._rows(query, (*values, begin_us))[0][0])

    def stored(self, begin_us: int, before_us: int | None) -> tuple[int, int, int]:
        """Return (clips, bytes, held ones) of what began in [begin_us, before_us). Raises StorageError."""
        query = (
            "SELECT count(*), coalesce(sum(size_bytes), 0), count(held_until_us) FROM clip"
            " WHERE start_us >= ? AND (? IS NULL OR start_us < ?)"
        )
        ((clips, size_bytes, held),) = self._rows(query, (begin_us, before_us, before_us))
        return integer(clips), integer(size_bytes), integer(held)

    def latest_start_us(
        self,
        camera_ids: Collection[str] | None,
        *,
        before_us: int | None = None,
        start_us: int | None = None,
        terms: Terms | None = None,
        chosen: Filter = EVERY,
    ) -> int | None:
        """Return when the newest clip of these cameras began that began before `before_us` and ended after `start_us`.

        Raises StorageError.
        """
        found: list[int] = []
        several = self._several(camera_ids)
        for cameras in [camera_ids] if several is None else [[camera_id] for camera_id in several]:
            where, values = self._where(cameras, start_us, before_us, terms, chosen)
            query = f"SELECT start_us FROM clip{where} ORDER BY start_us DESC LIMIT 1"  # noqa: S608
            found += [integer(began_us) for (began_us,) in self._rows(query, values)]
        return max(found, default=None)

    def expired(self, terms: Terms) -> list[tuple[ClipId, bool]]:
        """Return (clip, whether the index knows it as held) of those whose time is over. Raises StorageError."""
        found: list[tuple[int, ClipId, bool]] = []
        for camera_id, days in self._periods():
            rows = self._rows(
                "SELECT reckoned_us, clip_id, held_until_us IS NOT NULL FROM clip"
                " WHERE camera_id=? AND retention_days=? AND reckoned_us<=?",
                (camera_id, days, terms.due_from_us(camera_id, days)),
            )
            found += [(integer(reckoned_us), ClipId(str(clip_id)), bool(held)) for reckoned_us, clip_id, held in rows]
        return [(clip_id, held) for _, clip_id, held in sorted(found)]

    def oldest(self, size_bytes: int) -> list[Clip]:
        """Return the oldest clips without a hold that are at least so large together, or all. Raises StorageError."""
        found: list[Clip] = []
        query = (
            f"SELECT {COLUMNS} FROM clip WHERE held_until_us IS NULL"  # noqa: S608
            " ORDER BY reckoned_us LIMIT ? OFFSET ?"
        )
        while size_bytes > 0 and (rows := self._rows(query, (_PAGE, len(found)))):
            found += map(clip_of, rows)
            size_bytes -= sum(clip.size_bytes for clip in found[-len(rows) :])
        return found

    def age(self, since_us: int, by_us: int) -> None:
        """Make what was recorded since `since_us` younger by `by_us`: the rest has aged. Raises StorageError."""
        rows = self._rows(f"SELECT {OWN} FROM clip WHERE reckoned_us >= ?", (since_us,))  # noqa: S608
        changes: list[tuple[object, ...]] = []
        for row in rows:
            reckoned_us = integer(row[RECKONED]) + by_us
            aged = (*row[:RECKONED], reckoned_us, *row[RECKONED + 1 :])
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
        return None if newest_us is None else integer(newest_us)

    def latest(self, camera_id: str) -> Clip | None:
        """Return the clip that was recorded last, whatever its clock said. Raises StorageError."""
        newest: Clip | None = None
        for owner, days in self._periods([camera_id]):
            query = (
                f"SELECT {COLUMNS} FROM clip WHERE camera_id=? AND retention_days=?"  # noqa: S608 - our own names
                " ORDER BY reckoned_us DESC LIMIT 1"
            )
            for clip in map(clip_of, self._rows(query, (owner, days))):
                if newest is None or clip.ages_from_us > newest.ages_from_us:
                    newest = clip
        return newest

    def erasable_bytes(self) -> int:
        """Return the size of all clips that no hold keeps. Raises StorageError."""
        return integer(self._rows("SELECT coalesce(sum(bytes - held_bytes), 0) FROM total", ())[0][0])

    def totals(self) -> dict[str, Totals]:
        """Return what is stored, by camera."""
        query = (
            "SELECT camera_id, clips, bytes, (SELECT min(start_us) FROM clip WHERE clip.camera_id = total.camera_id)"
            " FROM total"
        )
        return {
            str(camera_id): Totals(clips=integer(count), stored_bytes=integer(size), oldest_start_us=integer(oldest))
            for camera_id, count, size, oldest in self._rows(query, ())
        }

    def _periods(self, camera_ids: Collection[str] | None = None) -> list[tuple[str, int]]:
        """Return (camera, retention days) of all clips; found by the index, without reading all rows."""
        found: list[tuple[str, int]] = []
        query = "SELECT min(retention_days) FROM clip WHERE camera_id=? AND retention_days>?"
        for camera_id in self.camera_ids() if camera_ids is None else camera_ids:
            ((days,),) = self._rows(query, (camera_id, -1))
            while days is not None:
                found.append((camera_id, integer(days)))
                ((days,),) = self._rows(query, found[-1])
        return found

    def _any_due(self, terms: Terms) -> bool:
        """Whether there is a clip whose time is over: seldom, since such are erased each minute."""
        query = "SELECT 1 FROM clip WHERE camera_id=? AND retention_days=? AND reckoned_us<=? LIMIT 1"
        return any(
            self._rows(query, (camera_id, days, terms.due_from_us(camera_id, days)))
            for camera_id, days in self._periods()
        )

    def _several(self, camera_ids: Collection[str] | None) -> list[str] | None:
        """Return the cameras when they are more than one, but not all that there are clips of; else None."""
        if camera_ids is None:
            return None
        present = self.camera_ids()
        cameras = sorted(present.intersection(camera_ids))
        return cameras if 1 < len(cameras) < len(present) else None

    def _mac_of(self, row: tuple[object, ...]) -> bytes:
        assert self._mac is not None, "rows are written by who has the root key"
        return self._mac(b"camguard-index/v1|" + canonical_json({"row": list(row)}))

    def _leave_out_doubted(self) -> tuple[ClipId, ...]:
        """Take out the rows that this keyring didn't write; returns their ids."""
        doubted = []
        for *row, mac in self._db.execute(f"SELECT {OWN}, mac FROM clip"):  # noqa: S608 - our own names
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
            with self._lock, contextlib.closing(self._db.execute(query, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _refused(self, error: sqlite3.Error) -> StorageError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one (sqlite.org/rescode.html)
        return StorageError(_FAULTS.get(code, UNAVAILABLE), path=str(self._path), detail=str(error))

    def _where(
        self,
        camera_ids: Collection[str] | None,
        start_us: int | None,
        end_us: int | None,
        terms: Terms | None,
        chosen: Filter,
    ) -> tuple[str, tuple[object, ...]]:
        conditions: list[str] = []
        values: list[object] = []
        present = self.camera_ids()
        cameras = (
            None if camera_ids is None or present.issubset(camera_ids) else sorted(present.intersection(camera_ids))
        )
        if cameras is not None:
            conditions.append(f"camera_id IN ({','.join('?' * len(cameras))})")
            values += cameras
        if chosen.kinds is not None:
            conditions.append(f"trigger_kind IN ({','.join('?' * len(chosen.kinds))})")
            values += sorted(chosen.kinds)
        if chosen.held is not None:
            conditions.append(f"held_until_us IS {'NOT ' if chosen.held else ''}NULL")
        if start_us is not None:
            conditions.append("end_us > ? AND start_us >= ?")
            values += (start_us, start_us - self._longest_us)
        if end_us is not None:
            conditions.append("start_us < ?")
            values.append(end_us)
        if terms is not None and self._any_due(terms):
            is_due, given = due(present if cameras is None else cameras, terms)
            conditions.append(f"(held_until_us IS NOT NULL OR NOT {is_due})")
            values += given
        return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), tuple(values)
