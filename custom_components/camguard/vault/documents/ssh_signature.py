"""Ed25519 signatures and keys in the forms that other people's tools read: OpenSSH's SSHSIG, and PEM.

Formats: OpenSSH PROTOCOL.sshsig; RFC 8709 for keys; RFC 8410 for PEM.
"""

import base64
import hashlib
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ...domain.clip import from_base64

NAMESPACE = "camguard-export"
"""What the signature is for: ssh-keygen refuses it for anything else."""
PRINCIPAL = "camguard"
_KEY_TYPE = b"ssh-ed25519"
_HASH = b"sha512"
_COLUMNS = 70


def ssh_signature(sign: Callable[[bytes], bytes], public_key: Ed25519PublicKey, data: bytes) -> bytes:
    """Return the armored signature of `data`, for `ssh-keygen -Y verify -n camguard-export`."""
    message = b"SSHSIG" + _strings(NAMESPACE.encode(), b"", _HASH, hashlib.sha512(data).digest())
    signature = _strings(_KEY_TYPE, sign(message))
    blob = b"SSHSIG" + struct.pack(">I", 1) + _strings(_key_blob(public_key), NAMESPACE.encode(), b"", _HASH, signature)
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS)]
    return "\n".join(("-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", "")).encode()


def allowed_signers(public_key: Ed25519PublicKey) -> bytes:
    """Return the line for `ssh-keygen -f`."""
    key = base64.b64encode(_key_blob(public_key)).decode()
    return f'{PRINCIPAL} namespaces="{NAMESPACE}" {_KEY_TYPE.decode()} {key}\n'.encode()


def fingerprint(public_key: Ed25519PublicKey) -> str:
    """Return `SHA256:…`, as ssh-keygen prints it."""
    digest = hashlib.sha256(_key_blob(public_key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def public_key_of(text: str) -> Ed25519PublicKey:
    """Return a key of its 32 bytes as base64; raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(from_base64(text))


def public_key_pem(public_key: Ed25519PublicKey) -> bytes:
    """Return the key for openssl."""
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _key_blob(public_key: Ed25519PublicKey) -> bytes:
    return _strings(_KEY_TYPE, public_key.public_bytes_raw())


def _strings(*items: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(item)) + item for item in items)
