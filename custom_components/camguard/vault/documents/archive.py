"""ZIP archives, written front to back: plain, or encrypted as WinZip's AE-2 with AES-256. Nothing is compressed.

Sizes and checksums are known beforehand: so is the archive's own length, nothing needs to be held, and no data
descriptor follows a member (not every program reads those behind stored data). Names stay readable in an encrypted ZIP:
they are to tell nothing. Format: PKWARE's APPNOTE 6.3 and WinZip's AES specification (AE-2).
"""

import hmac
import re
import secrets
import struct
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import pbkdf2_hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from ...domain.errors import IntegrityError, InvalidError

LIMIT_BYTES = (4 << 30) - 1
"""A FAT32 medium holds no larger file, and ZIP64 isn't needed."""
LIMIT_MEMBERS = 10_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)
"""AES extra field: AE-2, AES-256, stored."""
_METHOD_STORED, _METHOD_AES = 0, 99
_VERSION_STORED, _VERSION_AES = 20, 51
_FLAG_ENCRYPTED = 1
_SALT_BYTES, _CHECK_BYTES, _MAC_BYTES, _KEY_BYTES = 16, 2, 10, 32
_OVERHEAD_BYTES = _SALT_BYTES + _CHECK_BYTES + _MAC_BYTES
_ROUNDS = 1000
_FILE_ATTRIBUTES = 0o100644 << 16
_BLOCK_BYTES = 16
_COUNTERS = 4096
"""AES blocks whose key stream is made at once: 64 KiB."""
_PIECE_BYTES = _COUNTERS * _BLOCK_BYTES
_ONES = sum(1 << 8 * _BLOCK_BYTES * number for number in range(_COUNTERS))
_STEPS = sum(number << 8 * _BLOCK_BYTES * number for number in range(_COUNTERS))
"""Blocks of 1, and of 0, 1, 2…, as one number, little-endian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive. `chunks` is called when its turn comes and gives what size and checksum say."""

    name: str
    size_bytes: int
    crc32: int
    modified: datetime
    """Its time as the reader's clock shows it: a ZIP knows no time zones."""
    chunks: Callable[[], Iterator[bytes]]


def archive_bytes(members: Sequence[Member], password: str | None) -> int:
    """Return the length of the archive to be, bytes.

    Raises InvalidError `bundle_name_unsafe` (names are ASCII, relative, without `..`, each once), `bundle_too_large`.
    """
    names = [member.name for member in members]
    for name in names:
        if not _NAME.fullmatch(name) or ".." in name or len(name) > 200:
            raise InvalidError("bundle_name_unsafe", name=name[:200])
    if len(set(names)) != len(names):
        raise InvalidError("bundle_name_unsafe", name=next(name for name in names if names.count(name) > 1))
    extra, around = (len(_EXTRA), _OVERHEAD_BYTES) if password is not None else (0, 0)
    total = _END.size + sum(
        _LOCAL.size + _CENTRAL.size + 2 * (len(member.name) + extra) + member.size_bytes + around for member in members
    )
    if total > LIMIT_BYTES or len(members) > LIMIT_MEMBERS:
        raise InvalidError("bundle_too_large", gigabytes="4")
    return total


def archive_chunks(members: Sequence[Member], password: str | None) -> Generator[bytes]:
    """Yield the archive.

    Raises InvalidError as `archive_bytes` does, IntegrityError `bundle_member_changed` where a member isn't what it
    said (its last bytes are held back then), and what its `chunks` raise.
    """
    archive_bytes(members, password)
    central: list[bytes] = []
    offset = 0
    for member in members:
        name = member.name.encode()
        if password is None:
            version, flags, method, crc, extra, around = _VERSION_STORED, 0, _METHOD_STORED, member.crc32, b"", 0
        else:  # AE-2 leaves the checksum out: it would tell of the content
            version, flags, method, crc, extra = _VERSION_AES, _FLAG_ENCRYPTED, _METHOD_AES, 0, _EXTRA
            around = _OVERHEAD_BYTES
        at, day = _dos_time(member.modified)
        stored = member.size_bytes + around
        common = (version, flags, method, at, day, crc, stored, member.size_bytes, len(name), len(extra))
        head = _LOCAL.pack(b"PK\x03\x04", *common) + name + extra
        yield head
        yield from _exactly(member) if password is None else _encrypted(member, password)
        central.append(
            _CENTRAL.pack(b"PK\x01\x02", 3 << 8 | version, *common, 0, 0, 0, _FILE_ATTRIBUTES, offset) + name + extra
        )
        offset += len(head) + stored
    directory = b"".join(central)
    count = len(central)
    yield directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)


def _exactly(member: Member) -> Iterator[bytes]:
    left, crc = member.size_bytes, 0
    for chunk in member.chunks():
        left -= len(chunk)
        crc = zlib.crc32(chunk, crc)
        if left < 0 or (left == 0 and crc != member.crc32):
            raise IntegrityError("bundle_member_changed", name=member.name)
        yield chunk
    if left or crc != member.crc32:
        raise IntegrityError("bundle_member_changed", name=member.name)


def _encrypted(member: Member, password: str) -> Iterator[bytes]:
    """Yield salt, password check, ciphertext, authentication code."""
    salt = secrets.token_bytes(_SALT_BYTES)
    keys = pbkdf2_hmac("sha1", password.encode(), salt, _ROUNDS, 2 * _KEY_BYTES + _CHECK_BYTES)
    stream = _KeyStream(keys[:_KEY_BYTES])
    mac = hmac.new(keys[_KEY_BYTES : 2 * _KEY_BYTES], digestmod="sha1")
    yield salt + keys[2 * _KEY_BYTES :]
    for chunk in _exactly(member):
        for start in range(0, len(chunk), _PIECE_BYTES):
            data = stream.apply(chunk[start : start + _PIECE_BYTES])
            mac.update(data)
            yield data
    yield mac.digest()[:_MAC_BYTES]


class _KeyStream:
    """AES in counter mode with WinZip's counter: little-endian, from 1."""

    def __init__(self, key: bytes) -> None:
        self._encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - of counters, each once: counter mode
        self._next = 1
        self._left = b""

    def apply(self, data: bytes) -> bytes:
        """Return the data, encrypted."""
        while len(self._left) < len(data):
            # All counters as one number: none grows out of its block.
            counters = (_STEPS + self._next * _ONES).to_bytes(_PIECE_BYTES, "little")
            self._next += _COUNTERS
            self._left += self._encryptor.update(counters)
        key, self._left = self._left[: len(data)], self._left[len(data) :]
        return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(len(data), "little")


def _dos_time(moment: datetime) -> tuple[int, int]:
    """Return (time, date) as ZIP has them: two seconds fine, from 1980 to 2107."""
    if not 1980 <= moment.year <= 2107:
        return 0, 1 << 5 | 1
    at = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    return at, (moment.year - 1980) << 9 | moment.month << 5 | moment.day
