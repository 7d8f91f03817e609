"""A second writer of age files, for the tests only: puts any stanza, line or chunk where it is told, with a right MAC.

Written from the specification (C2SP age, v1), apart from `vault/sealed.py`.
"""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK = 65536
FILE_KEY = b"YELLOW SUBMARINE"
VERSION = b"age-encryption.org/v1\n"


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def wrap(public: bytes, file_key: bytes = FILE_KEY, *, share_salt: bytes | None = None) -> tuple[bytes, bytes]:
    """Return (share, body) of an X25519 stanza, unencoded."""
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    key = hkdf(shared, (share_salt or share) + public, b"age-encryption.org/v1/X25519")
    return share, ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)


def stanza(arguments: bytes, body: bytes) -> bytes:
    """Return a stanza with its body wrapped as the specification says."""
    text = b64(body)
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    if not lines or len(lines[-1]) == 64:
        lines.append(b"")
    return b"-> " + arguments + b"\n" + b"\n".join(lines) + b"\n"


def x25519(public: bytes, file_key: bytes = FILE_KEY) -> bytes:
    share, body = wrap(public, file_key)
    return stanza(b"X25519 " + b64(share), body)


def header(stanzas: bytes, *, version: bytes = VERSION, end: bytes = b"---", mac: bytes | None = None) -> bytes:
    """Return a header over raw stanza lines; the MAC is right unless given (as text)."""
    head = version + stanzas + end
    mac = mac if mac is not None else b64(hmac.digest(hkdf(FILE_KEY, b"", b"header"), head, hashlib.sha256))
    return head + b" " + mac + b"\n"


def payload(*chunks: tuple[bytes, bool]) -> bytes:
    """Return nonce and chunks: (plain, whether sealed as the last)."""
    nonce = os.urandom(16)
    cipher = ChaCha20Poly1305(hkdf(FILE_KEY, nonce, b"payload"))
    return nonce + b"".join(
        cipher.encrypt(number.to_bytes(11) + bytes([last]), plain, None) for number, (plain, last) in enumerate(chunks)
    )
