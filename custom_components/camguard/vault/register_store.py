"""The records of the registers: each a sealed file with a key of its own, vouched for by the ledger.

They lie with the ledger, in Home Assistant's backups; their keys don't. A change writes a new file, then the ledger's
entry that names its hash, then removes the old file: what the ledger doesn't name isn't believed, whoever wrote it.
"""

import contextlib
import hashlib
import io
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..domain.clip import ClipId
from ..domain.errors import CamguardError, ErasedError, IntegrityError, NotFoundError, StorageError
from ..domain.ledger import Event, Problem
from ..domain.registers.record import Record, read_record
from .keys.keyring import RECORD, Keyring
from .ledger.ledger_file import LedgerFile
from .ledger.told import ToldRecord
from .media.destroy import overwrite_and_remove
from .paths import FOLDER_MODE, Paths, write_synced
from .sealed import Identity, SealedReader, SealedWriter

ATTACHMENT_MAX_BYTES = 2 << 20
_FILE = re.compile(r"([0-9a-f]{32})\.([1-9][0-9]{0,8})\.age(\.part)?", re.ASCII)
_ERASED_AT_ONCE = 200
"""Records that one entry names at most."""


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What a start found."""

    records: dict[ClipId, Record] = field(default_factory=dict)
    unreadable: dict[ClipId, str] = field(default_factory=dict)
    """Why a record that the ledger tells of can't be read, a key of the exceptions. `record_locked`: its file is as it
    was written, but its key is gone (a restored backup), and a recovery kit may bring it back."""
    problems: list[Problem] = field(default_factory=list)
    """Of these, what somebody has done to a file."""


class RegisterStore:
    """Blocking; one record is never written by two."""

    def __init__(self, paths: Paths, keyring: Keyring, ledger: LedgerFile) -> None:
        self._paths = paths
        self._keyring = keyring
        self._ledger = ledger

    def load(self, *, tidy: bool) -> Loaded:
        """Read all records, finish what a power cut has left, and say what isn't as it was written.

        `tidy`: the ledger is whole; what it doesn't know of may be removed. Raises StorageError.
        """
        told, loaded = self._ledger.told, Loaded()
        try:
            for record_id in told.records_erased & self._keyring.ids(RECORD):
                self._destroy(ClipId(record_id))
            for record_id, known in told.records.items():
                self._load(ClipId(record_id), known, loaded)
            if tidy:
                self._tidy(told.records)
        except OSError as error:
            raise StorageError("registers_not_read", detail=os.strerror(error.errno or 0)) from error
        return loaded

    def _load(self, record_id: ClipId, known: ToldRecord, loaded: Loaded) -> None:
        def problem(key: str) -> None:
            loaded.unreadable[record_id] = key
            loaded.problems.append(Problem(key=key, detail=known.number))

        try:
            data = self._paths.record(record_id, known.revision).read_bytes()
        except FileNotFoundError:
            problem("record_missing")
            return
        if hashlib.sha256(data).hexdigest() != known.sha256:
            problem("record_altered")
            return
        try:
            loaded.records[record_id] = self._opened(record_id, known, data).bare()
        except ErasedError:
            loaded.unreadable[record_id] = "record_locked"
        except IntegrityError as error:
            problem(error.key if error.key.startswith("record_") else "record_unreadable")

    def _opened(self, record_id: ClipId, known: ToldRecord, data: bytes) -> Record:
        """Return a record with its attachment; raises ErasedError, IntegrityError."""
        with SealedReader(io.BytesIO(data), self._keyring.identity(RECORD, record_id)) as reader:
            plain = reader.read_at(0, reader.size)
        text, _, attachment = plain.partition(b"\n")
        record, length = read_record(text)
        if (record.record_id, record.revision, len(attachment)) != (record_id, known.revision, length):
            raise IntegrityError("record_unreadable")
        return replace(record, attachment=attachment)

    def _tidy(self, told: Mapping[str, ToldRecord]) -> None:
        """Remove what a power cut has left of a change that was never told: nobody was answered that it is saved."""
        known = {(record_id, record.revision) for record_id, record in told.items()}
        for path in list(self._paths.registers.glob("*.age*")):
            found = _FILE.fullmatch(path.name)
            if found is None:
                continue
            if (found[1], int(found[2])) not in known:
                path.unlink(missing_ok=True)
        for record_id in self._keyring.ids(RECORD) - {ClipId(item) for item in told}:
            self._keyring.destroy(RECORD, record_id)

    def read(self, record_id: ClipId) -> Record:
        """Return a record with its attachment; raises NotFoundError, ErasedError, IntegrityError, StorageError."""
        known = self._ledger.told.records.get(record_id)
        if known is None:
            raise NotFoundError("record_not_found")
        try:
            data = self._paths.record(record_id, known.revision).read_bytes()
        except OSError as error:
            raise StorageError("registers_not_read", detail=os.strerror(error.errno or 0)) from error
        if hashlib.sha256(data).hexdigest() != known.sha256:
            raise IntegrityError("record_altered", detail=known.number)
        try:
            return self._opened(record_id, known, data)
        except ErasedError:
            raise NotFoundError("record_locked", detail=known.number) from None

    def save(self, record: Record, due: str, facts: Mapping[str, Any], time_us: int) -> None:
        """Write a record's next revision; it is saved when this returns. `due`: the day of what it asks for next.

        Raises StorageError: then it stands as it stood before.
        """
        new = record.revision == 1
        path = self._paths.record(record.record_id, record.revision)
        try:
            self._paths.registers.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            identity = (
                self._keyring.make(RECORD, record.record_id)
                if new
                else self._keyring.identity(RECORD, record.record_id)
            )
            data = _sealed(record, identity)
            write_synced(path, data)
        except OSError as error:
            self._undo(record, new=new)
            raise StorageError("record_not_saved", detail=os.strerror(error.errno or 0)) from error
        until = record.allowed_until
        told: dict[str, Any] = {
            "record_id": record.record_id,
            "kind": record.kind.value,
            "number": record.number,
            "revision": record.revision,
            "sha256": hashlib.sha256(data).hexdigest(),
            "due": due or None,
            "closed": record.closed_on.isoformat() if record.closed_on else None,
            "tied_user_id": record.user_id or None if record.kind.value == "contractor" else None,
            "until": until.isoformat() if until else None,
            "attachment_sha256": hashlib.sha256(record.attachment).hexdigest() if record.attachment else None,
        }
        try:
            self._ledger.append(Event.RECORD_SAVED, dict(facts) | told, time_us)
        except StorageError:
            self._undo(record, new=new)
            raise
        if not new:
            with contextlib.suppress(OSError):  # the next start does it
                self._paths.record(record.record_id, record.revision - 1).unlink(missing_ok=True)

    def erase(
        self, record_ids: Collection[ClipId], reason: str, facts: Mapping[str, Any], time_us: int
    ) -> list[ClipId]:
        """Erase records: written down first, then keys, then files; returns those whose key a disk kept.

        The next start goes on with those. Raises StorageError when it can't be written down: nothing is erased then.
        """
        ordered, kept = sorted(record_ids), []
        for start in range(0, len(ordered), _ERASED_AT_ONCE):
            batch = ordered[start : start + _ERASED_AT_ONCE]
            numbers = [known.number for item in batch if (known := self._ledger.told.records.get(item))]
            told = {"record_ids": batch, "numbers": numbers, "reason": reason}
            self._ledger.append(Event.RECORDS_ERASING, dict(facts) | told, time_us)
            for record_id in batch:
                try:
                    self._destroy(record_id)
                except OSError:
                    kept.append(record_id)
        return kept

    def keys(self, record_ids: Iterable[ClipId]) -> dict[ClipId, Identity]:
        """Return the keys of these records, for a recovery kit; those that can't be read are left out."""
        keys = {}
        for record_id in record_ids:
            with contextlib.suppress(CamguardError, OSError):
                keys[record_id] = self._keyring.identity(RECORD, record_id)
        return keys

    def take_back(self, keys: Mapping[ClipId, Identity]) -> list[ClipId]:
        """Put keys of a recovery kit back, each where the ledger tells of its record and it opens its file.

        Raises StorageError.
        """
        taken: list[ClipId] = []
        told = self._ledger.told.records
        here = self._keyring.ids(RECORD)
        for record_id, identity in keys.items():
            known = told.get(record_id)
            if known is None or record_id in here:
                continue
            try:
                with self._paths.record(record_id, known.revision).open("rb") as file, SealedReader(file, identity):
                    pass
                self._keyring.make(RECORD, record_id, identity)
            except FileNotFoundError, IntegrityError:
                continue
            except OSError as error:
                raise StorageError("registers_not_read", detail=os.strerror(error.errno or 0)) from error
            taken.append(record_id)
        return taken

    def _undo(self, record: Record, *, new: bool) -> None:
        with contextlib.suppress(OSError):
            self._paths.record(record.record_id, record.revision).unlink(missing_ok=True)
            if new:
                self._keyring.destroy(RECORD, record.record_id)

    def _destroy(self, record_id: ClipId) -> None:
        self._keyring.destroy(RECORD, record_id)
        for path in self._paths.registers.glob(f"{record_id}.*.age"):
            overwrite_and_remove(path)


def _sealed(record: Record, identity: Identity) -> bytes:
    """Return the file: a line of JSON, then the attachment, sealed."""
    sealed = io.BytesIO()
    writer = SealedWriter(sealed, identity.recipient)
    writer.write(record.to_json() + b"\n" + record.attachment)
    writer.close()
    return sealed.getvalue()
