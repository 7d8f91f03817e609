"""Recovery kits: the keys of held clips, sealed to a code on paper, in the part of the config folder that is backed up.

Restoring a backup empties `.cache` and with it all keys. Whoever has the paper code brings held clips back from a kit;
destroying the paper ends that for ever. A kit is an age file with a scrypt stanza (C2SP age specification).
"""

import io
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ...domain.clip import ClipId, parse_clip_id
from ...domain.errors import CamguardError, IntegrityError, StorageError
from ...domain.ledger import Entry, Event
from ..media.destroy import overwrite_and_remove
from ..paths import FOLDER_MODE, write_synced
from ..sealed import FILE_KEY_BYTES, TAG_BYTES, Identity, SealedReader, SealedWriter, Stanza, b64, unb64

_LOG_N = 15
"""scrypt's cost: 94 ms and 32 MB; the code alone has 100 bits."""
_LOG_N_MAX = 20
_SALT_BYTES = 16
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_SUFFIX = ".kit.age"
_VERSION = 1
_ERASURES = frozenset({Event.ERASED, Event.RECORDS_ERASING})
_MADE = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Seals to, and opens with, a passphrase."""

    text: str = field(repr=False)

    def wrap(self, file_key: bytes) -> Stanza:
        """Return the scrypt stanza."""
        salt = os.urandom(_SALT_BYTES)
        body = ChaCha20Poly1305(self._key(salt, _LOG_N)).encrypt(bytes(12), file_key, None)
        return [b"scrypt", b64(salt), str(_LOG_N).encode()], body

    def unwrap(self, stanza: Stanza, *, alone: bool) -> bytes | None:
        """Return the file key, None when the passphrase is another; raises IntegrityError `sealed_malformed`."""
        arguments, body = stanza
        if arguments[0] != b"scrypt":
            return None
        if not alone or len(arguments) != 3 or len(body) != FILE_KEY_BYTES + TAG_BYTES:
            raise IntegrityError("sealed_malformed")
        salt, cost = unb64(arguments[1]), arguments[2]
        if len(salt) != _SALT_BYTES or not cost.isdigit() or cost.startswith(b"0") or int(cost) > _LOG_N_MAX:
            raise IntegrityError("sealed_malformed")
        try:
            return ChaCha20Poly1305(self._key(salt, int(cost))).decrypt(bytes(12), body, None)
        except InvalidTag:
            return None

    def _key(self, salt: bytes, log_n: int) -> bytes:
        return Scrypt(salt=_SALT_LABEL + salt, length=32, n=1 << log_n, r=8, p=1).derive(self.text.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A kit on disk, unopened."""

    kit_id: str
    path: Path

    @property
    def made_us(self) -> int:
        """When it was made, UTC epoch µs; 0 when its name tells none."""
        try:
            moment = datetime.strptime(self.kit_id.partition("-")[0], _MADE).replace(tzinfo=UTC)
        except ValueError:
            return 0
        return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KitKeys:
    """What is in a kit."""

    clips: Mapping[ClipId, Identity]
    records: Mapping[ClipId, Identity] = field(default_factory=dict)
    """Of the registers."""


def write_kit(folder: Path, kit_id: str, keys: KitKeys, code: str) -> Kit:
    """Write a kit, durable when this returns. Raises StorageError."""
    content = json.dumps(
        {
            "version": _VERSION,
            "keys": {clip_id: key.text for clip_id, key in keys.clips.items()},
            "records": {record_id: key.text for record_id, key in keys.records.items()},
        }
    )
    sealed = io.BytesIO()
    with SealedWriter(sealed, Passphrase(code)) as writer:
        writer.write(content.encode())
        writer.close()
        data = sealed.getvalue()
    path = folder / f"{kit_id}{_SUFFIX}"
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        write_synced(path, data)
    except OSError as error:
        raise StorageError("kit_not_written", detail=os.strerror(error.errno or 0)) from error
    return Kit(kit_id=kit_id, path=path)


def new_kit_id(time_us: int) -> str:
    """Return a kit's name: when it was made, and four digits that nobody else has."""
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=time_us)
    return f"{moment:{_MADE}}-{secrets.token_hex(2)}"


def find_kits(folder: Path) -> tuple[Kit, ...]:
    """Return all kits, the newest first (by name: kit ids grow)."""
    paths = sorted(folder.glob(f"*{_SUFFIX}"), reverse=True)
    return tuple(Kit(kit_id=path.name.removesuffix(_SUFFIX), path=path) for path in paths)


def spent_kits(folder: Path, entries: Iterable[Entry]) -> tuple[Kit, ...]:
    """Return the kits of which all clips and records were erased since, by the ledger: they have nothing to give."""
    kits = {kit.kit_id: kit for kit in find_kits(folder)}
    clips: dict[str, set[str]] = {}
    for entry in entries if kits else ():
        body = entry.body or {}
        if entry.event == Event.KIT_MADE and body.get("kit_id") in kits:
            clips[str(body["kit_id"])] = _ids_in(body)
        elif entry.event in _ERASURES:
            for left in clips.values():
                left.difference_update(_ids_in(body))
    return tuple(kits[kit_id] for kit_id, left in clips.items() if not left)


def kit_entries(folder: Path, entries: Iterable[Entry]) -> frozenset[int]:
    """Return the numbers of the entries that tell what became of the clips in the kits that are there.

    They are to be kept as long as the kits: a kit brings no clip back that the ledger tells was erased.
    """
    kits = {kit.kit_id for kit in find_kits(folder)}
    clips: set[str] = set()
    found: set[int] = set()
    for entry in entries if kits else ():
        body = entry.body or {}
        if entry.event == Event.KIT_MADE and body.get("kit_id") in kits:
            clips |= _ids_in(body)
            found.add(entry.seq)
        elif entry.event in _ERASURES and not clips.isdisjoint(_ids_in(body)):
            found.add(entry.seq)
    return frozenset(found)


def _ids_in(body: dict[str, Any]) -> set[str]:
    """Return the ids of the clips and records that an entry names."""
    lists = (body.get("clip_ids"), body.get("record_ids"))
    return {str(item) for ids in lists if isinstance(ids, list) for item in ids}


def open_kit(kit: Kit, code: str) -> KitKeys:
    """Return the keys in a kit; raises IntegrityError (`sealed_wrong_key`: another code; else damaged), OSError."""
    with kit.path.open("rb") as file, SealedReader(file, Passphrase(code)) as reader:
        content = reader.read_at(0, reader.size)
    try:
        fields = json.loads(content)
        if fields["version"] != _VERSION:
            raise IntegrityError("kit_unreadable")
        clips, records = (
            {parse_clip_id(item): Identity.from_text(text) for item, text in given.items()}
            for given in (fields["keys"], fields.get("records", {}))  # early kits knew no records
        )
        return KitKeys(clips=clips, records=records)
    except (ValueError, KeyError, TypeError, AttributeError, CamguardError) as error:
        raise IntegrityError("kit_unreadable") from error


def remove_kit(kit: Kit) -> None:
    """Destroy a kit. Idempotent; raises OSError."""
    overwrite_and_remove(kit.path)
