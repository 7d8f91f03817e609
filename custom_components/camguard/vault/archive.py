"""ZIP archives, written front to back: plain, or encrypted as WinZip's AE-2 with AES-256. Nothing is compressed.

Sizes are known beforehand, so that the archive's own length is too and nothing needs to be held. Names stay readable in
an encrypted ZIP: they are to tell nothing. Format: PKWARE's APPNOTE 6.3 and WinZip's AES specification (AE-2).
"""

import hmac
import re
import secrets
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import pbkdf2_hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from ..domain.clip import US_PER_SECOND
from ..domain.errors import IntegrityError, InvalidError

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
_FLAG_ENCRYPTED, _FLAG_DESCRIPTOR = 1, 8
_DESCRIPTOR = struct.Struct("<4sIII")
_SALT_BYTES, _CHECK_BYTES, _MAC_BYTES, _KEY_BYTES = 16, 2, 10, 32
_OVERHEAD_BYTES = _SALT_BYTES + _CHECK_BYTES + _MAC_BYTES
_ROUNDS = 1000
_FILE_ATTRIBUTES = 0o100644 << 16
_BLOCK_BYTES = 16
_COUNTERS = 4096
"""AES blocks whose key stream is made at once: 64 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive. `chunks` is called when its turn comes and gives exactly `size_bytes`."""

    name: str
    size_bytes: int
    modified_us: int
    chunks: Callable[[], Iterator[bytes]]


def archive_bytes(members: Sequence[Member], password: str | None) -> int:
    """Return the length of the archive to be.

    Raises InvalidError `bundle_name_unsafe` (names are ASCII, relative, without `..`, each once), `bundle_too_large`.
    """
    names = [member.name for member in members]
    for name in names:
        if not _NAME.fullmatch(name) or ".." in name or len(name) > 200:
            raise InvalidError("bundle_name_unsafe", name=name[:200])
    if len(set(names)) != len(names):
        raise InvalidError("bundle_name_unsafe", name=next(name for name in names if names.count(name) > 1))
    extra, around = (len(_EXTRA), _OVERHEAD_BYTES) if password is not None else (0, _DESCRIPTOR.size)
    total = _END.size + sum(
        _LOCAL.size + _CENTRAL.size + 2 * (len(member.name) + extra) + member.size_bytes + around for member in members
    )
    if total > LIMIT_BYTES or len(members) > LIMIT_MEMBERS:
        raise InvalidError("bundle_too_large", gigabytes="4")
    return total


def archive_chunks(members: Sequence[Member], password: str | None) -> Iterator[bytes]:
    """Yield the archive. Raises IntegrityError `bundle_member_changed` where a member isn't as long as it said."""
    archive_bytes(members, password)
    central: list[bytes] = []
    offset = 0
    for member in members:
        name = member.name.encode()
        if password is None:
            version, flags, method, extra, around = _VERSION_STORED, _FLAG_DESCRIPTOR, _METHOD_STORED, b"", 0
        else:
            version, flags, method, extra = _VERSION_AES, _FLAG_ENCRYPTED, _METHOD_AES, _EXTRA
            around = _OVERHEAD_BYTES
        at, day = _dos_time(member.modified_us)
        stored = member.size_bytes + around
        # A checksum that follows is announced as zero, with the sizes.
        sizes = (0, stored, member.size_bytes) if password is not None else (0, 0, 0)
        head = _LOCAL.pack(b"PK\x03\x04", version, flags, method, at, day, *sizes, len(name), len(extra)) + name + extra
        yield head
        crc = 0
        written = len(head) + stored
        if password is None:
            for chunk in _exactly(member):
                crc = zlib.crc32(chunk, crc)
                yield chunk
            yield _DESCRIPTOR.pack(b"PK\x07\x08", crc, member.size_bytes, member.size_bytes)
            written += _DESCRIPTOR.size
        else:
            yield from _encrypted(member, password)
        central.append(
            _CENTRAL.pack(
                b"PK\x01\x02", 3 << 8 | version, version, flags, method, at, day, crc, stored, member.size_bytes,
                len(name), len(extra), 0, 0, 0, _FILE_ATTRIBUTES, offset,
            ) + name + extra
        )  # fmt: skip
        offset += written
    directory = b"".join(central)
    count = len(central)
    yield directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)


def _exactly(member: Member) -> Iterator[bytes]:
    left = member.size_bytes
    for chunk in member.chunks():
        left -= len(chunk)
        if left < 0:
            break
        yield chunk
    if left:
        raise IntegrityError("bundle_member_changed", name=member.name)


def _encrypted(member: Member, password: str) -> Iterator[bytes]:
    """Yield salt, password check, ciphertext, authentication code."""
    salt = secrets.token_bytes(_SALT_BYTES)
    keys = pbkdf2_hmac("sha1", password.encode(), salt, _ROUNDS, 2 * _KEY_BYTES + _CHECK_BYTES)
    stream = _KeyStream(keys[:_KEY_BYTES])
    mac = hmac.new(keys[_KEY_BYTES : 2 * _KEY_BYTES], digestmod="sha1")
    yield salt + keys[2 * _KEY_BYTES :]
    for chunk in _exactly(member):
        for start in range(0, len(chunk), _COUNTERS * _BLOCK_BYTES):
            data = stream.apply(chunk[start : start + _COUNTERS * _BLOCK_BYTES])
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
            # Two 64-bit words a counter; the upper one stays zero below 2**64 blocks.
            words = [0] * (2 * _COUNTERS)
            words[::2] = range(self._next, self._next + _COUNTERS)
            self._next += _COUNTERS
            self._left += self._encryptor.update(struct.pack(f"<{2 * _COUNTERS}Q", *words))
        key, self._left = self._left[: len(data)], self._left[len(data) :]
        return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(len(data), "little")


def _dos_time(time_us: int) -> tuple[int, int]:
    """Return (time, date) as ZIP has them: UTC here, two seconds fine, from 1980 on."""
    moment = datetime.fromtimestamp(max(time_us / US_PER_SECOND, 315_619_200), UTC)
    at = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    return at, (moment.year - 1980) << 9 | moment.month << 5 | moment.day
