"""Whether a key has signed something (Ed25519, RFC 8032)."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...domain.clip import from_base64
from ...domain.ledger import Entry


def verifies(entry: Entry, public_key: str) -> bool:
    """Tell whether this key (base64) signed an entry."""
    try:
        signature = from_base64(entry.sig or "")
    except ValueError:
        return False
    return signed(entry.signed_text, signature, public_key)


def signed(text: bytes, signature: bytes, public_key: str) -> bool:
    """Tell whether a signature (Ed25519) of a text was made by this key (base64)."""
    try:
        Ed25519PublicKey.from_public_bytes(from_base64(public_key)).verify(signature, text)
    except ValueError, InvalidSignature:
        return False
    return True
