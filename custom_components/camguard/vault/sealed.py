"""Sealed files: age v1 with X25519 (C2SP age specification), written front to back, read at random.

Owns the format and nothing else: which key opens what is `keys.py`. One recipient a file is written; files of others
with several are read. No armor, no plugins; passphrases are `recovery_kit.py`'s. Every byte that is returned has been
authenticated.
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..domain.errors import IntegrityError

CHUNK_BYTES = 64 * 1024
"""Plain bytes in all chunks but the last (age specification, "Payload")."""
TAG_BYTES = 16
_SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
_NONCE_BYTES = 16
FILE_KEY_BYTES = 16
_VERSION_LINE = b"age-encryption.org/v1\n"
_X25519_INFO = b"age-encryption.org/v1/X25519"
_MAX_HEADER_BYTES = 64 * 1024
_COLUMNS = 64
_FINAL = b"\x01"
_MORE = b"\x00"
_ARGUMENT = re.compile(rb"[\x21-\x7e]+")

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_HRP_RECIPIENT = "age"
_HRP_IDENTITY = "age-secret-key-"


type Stanza = tuple[list[bytes], bytes]
"""(arguments, body) of a header's stanza."""


class Wraps(Protocol):
    """Seals: a recipient or a passphrase."""

    def wrap(self, file_key: bytes) -> Stanza:
        """Return the stanza that holds the file key."""


class Unwraps(Protocol):
    """Opens: an identity or a passphrase."""

    def unwrap(self, stanza: Stanza, *, alone: bool) -> bytes | None:
        """Return the file key, or None when the stanza isn't for this one. `alone`: it is the header's only one."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The public half of a key pair: who knows it can seal, not open."""

    public: bytes

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `age1…`; raises IntegrityError `sealed_malformed`."""
        return cls(_bech32_decode(text, _HRP_RECIPIENT))

    @property
    def text(self) -> str:
        """`age1…`."""
        return _bech32_encode(_HRP_RECIPIENT, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """Return the stanza that lets the identity's holder open the file."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        wrap = ChaCha20Poly1305(_hkdf(shared, share + self.public, _X25519_INFO))
        return [b"X25519", b64(share)], wrap.encrypt(bytes(12), file_key, None)


@dataclass(frozen=True, slots=True)
class Identity:
    """A key pair, made for one file: who knows it can open."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Make a new one from the system's randomness."""
        return cls(os.urandom(32))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `AGE-SECRET-KEY-1…`; raises IntegrityError `sealed_malformed`."""
        if text != text.upper():
            raise IntegrityError("sealed_malformed")
        return cls(_bech32_decode(text.lower(), _HRP_IDENTITY))

    @property
    def text(self) -> str:
        """`AGE-SECRET-KEY-1…`."""
        return _bech32_encode(_HRP_IDENTITY, self.secret).upper()

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        return Recipient(X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza, *, alone: bool) -> bytes | None:
        """Return the file key when the stanza is for this identity, else None; raises IntegrityError."""
        arguments, body = stanza
        if arguments[0] != b"X25519":
            return None
        if len(arguments) != 2 or len(body) != FILE_KEY_BYTES + TAG_BYTES:
            raise IntegrityError("sealed_malformed")
        share = unb64(arguments[1])
        if len(share) != 32:
            raise IntegrityError("sealed_malformed")
        private = X25519PrivateKey.from_private_bytes(self.secret)
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:  # a low-order point: the shared secret would be all zero
            raise IntegrityError("sealed_malformed") from None
        wrap = ChaCha20Poly1305(_hkdf(shared, share + private.public_key().public_bytes_raw(), _X25519_INFO))
        try:
            return wrap.decrypt(bytes(12), body, None)
        except InvalidTag:
            return None


class SealedWriter:
    """Seals what is written into an age file. Leaving the context after an error leaves the file torn, never valid.

    `file` needs `write`, `flush` and, for syncing, `fileno`. Raises OSError as it does.
    """

    def __init__(self, file: BinaryIO, recipient: Wraps) -> None:
        self._file = file
        self._buffer = bytearray()
        self._counter = 0
        self._closed = False
        file_key = os.urandom(FILE_KEY_BYTES)
        nonce = os.urandom(_NONCE_BYTES)
        file.write(_header(file_key, recipient) + nonce)
        self._cipher = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        if kind is None:
            self.close()

    @property
    def pending(self) -> int:
        """Plain bytes that wait for their chunk to be full: not in the file yet."""
        return len(self._buffer)

    def write(self, data: bytes) -> int:
        """Append plain bytes. A full chunk is sealed once more follows: only then it can't be the last."""
        self._buffer += data
        if len(self._buffer) > CHUNK_BYTES:
            whole = (len(self._buffer) - 1) // CHUNK_BYTES * CHUNK_BYTES
            view = memoryview(bytes(self._buffer[:whole]))
            del self._buffer[:whole]
            for start in range(0, whole, CHUNK_BYTES):
                self._file.write(self._seal(view[start : start + CHUNK_BYTES], _MORE))
        return len(data)

    def sync(self) -> None:
        """Make all sealed chunks durable; `pending` bytes are not among them."""
        _sync(self._file)

    def close(self) -> None:
        """Seal the last chunk and sync. The file itself stays open."""
        if self._closed:
            return
        self._closed = True
        self._file.write(self._seal(bytes(self._buffer), _FINAL))
        self._buffer.clear()
        _sync(self._file)

    def _seal(self, data: bytes | memoryview, last: bytes) -> bytes:
        sealed = self._cipher.encrypt(_chunk_nonce(self._counter, last), data, None)
        self._counter += 1
        return sealed


class SealedReader:
    """Opens a sealed file for reading at any place. Not thread safe.

    Opening authenticates header and length (the last chunk is decrypted first). Raises IntegrityError:
    `sealed_malformed` (not such a file), `sealed_wrong_key`, `sealed_truncated`, `sealed_altered`.
    """

    def __init__(self, file: BinaryIO, identity: Unwraps) -> None:
        self._file = file
        self._cipher, self._start = _open_payload(file, identity)
        length = file.seek(0, os.SEEK_END) - self._start
        if length < TAG_BYTES:
            raise IntegrityError("sealed_truncated")
        self._last, rest = divmod(length - 1, _SEALED_CHUNK_BYTES)
        final = self._decrypt(self._last, rest + 1, _FINAL, "sealed_truncated")
        if not final and self._last:
            raise IntegrityError("sealed_malformed")
        self._cached = (self._last, final)
        self.size = self._last * CHUNK_BYTES + len(final)

    def close(self) -> None:
        """Close the file and forget what was decrypted."""
        self._cached = (-1, b"")
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the plain bytes from `offset`, fewer than `length` at the end."""
        end = min(offset + length, self.size)
        if offset >= end:
            return b""
        first, skip = divmod(offset, CHUNK_BYTES)
        parts = [self._chunk(number) for number in range(first, (end - 1) // CHUNK_BYTES + 1)]
        return b"".join(parts)[skip : skip + end - offset]

    def chunks(self) -> Iterator[bytes]:
        """Yield all plain bytes from front to back."""
        for number in range(self._last + 1):
            yield self._chunk(number)

    def _chunk(self, number: int) -> bytes:
        if self._cached[0] != number:
            last = number == self._last
            length = self.size - number * CHUNK_BYTES + TAG_BYTES if last else _SEALED_CHUNK_BYTES
            self._cached = (number, self._decrypt(number, length, _FINAL if last else _MORE, "sealed_altered"))
        return self._cached[1]

    def _decrypt(self, number: int, length: int, last: bytes, key: str) -> bytes:
        self._file.seek(self._start + number * _SEALED_CHUNK_BYTES)
        data = self._file.read(length)
        if len(data) < max(length, TAG_BYTES):
            raise IntegrityError("sealed_truncated")
        try:
            return self._cipher.decrypt(_chunk_nonce(number, last), data, None)
        except InvalidTag:
            raise IntegrityError(key) from None


def read_prefix(file: BinaryIO, identity: Identity) -> Iterator[bytes]:
    """Yield the chunks that verify and end silently where the file is torn: for recovering a spool only.

    Raises IntegrityError when even the header can't be read.
    """
    cipher, start = _open_payload(file, identity)
    file.seek(start)
    number = 0
    while data := file.read(_SEALED_CHUNK_BYTES):
        for last in (_MORE, _FINAL):
            try:
                plain = cipher.decrypt(_chunk_nonce(number, last), data, None)
            except InvalidTag:
                continue
            yield plain
            if last == _FINAL:
                return
            break
        else:
            return
        number += 1


def _sync(file: BinaryIO) -> None:
    file.flush()
    try:
        descriptor = file.fileno()
    except OSError:
        return  # in memory: nothing to sync
    os.fsync(descriptor)


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def _chunk_nonce(number: int, last: bytes) -> bytes:
    return number.to_bytes(11, "big") + last


def b64(data: bytes) -> bytes:
    """Encode as base64 without padding."""
    return base64.b64encode(data).rstrip(b"=")


def unb64(text: bytes) -> bytes:
    """Decode canonical unpadded base64, as the specification demands; raises IntegrityError."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise IntegrityError("sealed_malformed") from None
    if b64(data) != text:
        raise IntegrityError("sealed_malformed")
    return data


def _header(file_key: bytes, recipient: Wraps) -> bytes:
    arguments, body = recipient.wrap(file_key)
    head = _VERSION_LINE + b"-> " + b" ".join(arguments) + b"\n" + b64(body) + b"\n---"
    return head + b" " + b64(_mac(file_key, head)) + b"\n"


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_hkdf(file_key, b"", b"header"), head, hashlib.sha256)


def _open_payload(file: BinaryIO, identity: Unwraps) -> tuple[ChaCha20Poly1305, int]:
    """Return (payload cipher, offset of the first chunk) after authenticating the header."""
    file.seek(0)
    stanzas, head, mac = _read_header(file)
    alone = len(stanzas) == 1
    unwrapped = (identity.unwrap(stanza, alone=alone) for stanza in stanzas)
    file_key = next((key for key in unwrapped if key is not None), None)
    if file_key is None:
        raise IntegrityError("sealed_wrong_key")
    if not hmac.compare_digest(_mac(file_key, head), mac):
        raise IntegrityError("sealed_altered")
    nonce = file.read(_NONCE_BYTES)
    if len(nonce) < _NONCE_BYTES:
        raise IntegrityError("sealed_truncated")
    return ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload")), file.tell()


def _read_header(file: BinaryIO) -> tuple[list[Stanza], bytes, bytes]:
    """Return (stanzas, the bytes that the MAC covers, the MAC); leaves the file behind the header."""
    head = bytearray()

    def line() -> bytes:
        text = file.readline(_MAX_HEADER_BYTES)
        if not text.endswith(b"\n"):
            raise IntegrityError("sealed_truncated" if len(text) < _MAX_HEADER_BYTES else "sealed_malformed")
        if len(head) + len(text) > _MAX_HEADER_BYTES:
            raise IntegrityError("sealed_malformed")
        head.extend(text)
        return text[:-1]

    if line() + b"\n" != _VERSION_LINE:
        raise IntegrityError("sealed_malformed")
    stanzas: list[Stanza] = []
    while True:
        text = line()
        if text.startswith(b"--- "):
            if not stanzas:
                raise IntegrityError("sealed_malformed")
            covered = bytes(head[: len(head) - len(text) - 1 + 3])
            mac = unb64(text[4:])
            if len(mac) != 32:
                raise IntegrityError("sealed_malformed")
            return stanzas, covered, mac
        if not text.startswith(b"-> "):
            raise IntegrityError("sealed_malformed")
        arguments = text[3:].split(b" ")
        if not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
            raise IntegrityError("sealed_malformed")
        body = bytearray()
        while True:
            part = line()
            if len(part) > _COLUMNS:
                raise IntegrityError("sealed_malformed")
            body += part
            if len(part) < _COLUMNS:
                break
        stanzas.append((arguments, unb64(bytes(body))))


# --- Bech32 (BIP 173, without its length limit, as the age specification says) ---


def _checksum(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def _expand(hrp: str) -> list[int]:
    return [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]


def _bech32_encode(hrp: str, data: bytes) -> str:
    bits = int.from_bytes(data) << (-len(data) * 8) % 5
    count = -(-len(data) * 8 // 5)
    values = [bits >> 5 * (count - 1 - i) & 31 for i in range(count)]
    check = _checksum(_expand(hrp) + values + [0] * 6) ^ 1
    values += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return hrp + "1" + "".join(_BECH32[value] for value in values)


def _bech32_decode(text: str, hrp: str) -> bytes:
    """Return the 32 bytes of a key; raises IntegrityError for anything else."""
    prefix, _, rest = text.rpartition("1")
    if prefix != hrp or any(c not in _BECH32 for c in rest):
        raise IntegrityError("sealed_malformed")
    values = [_BECH32.index(c) for c in rest]
    if len(values) != 52 + 6 or _checksum(_expand(hrp) + values) != 1:
        raise IntegrityError("sealed_malformed")
    bits = 0
    for value in values[:-6]:
        bits = bits << 5 | value
    if bits & 15:  # 260 bits hold 256
        raise IntegrityError("sealed_malformed")
    return (bits >> 4).to_bytes(32, "big")
