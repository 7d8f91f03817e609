"""The two slots of a key file: what one looks like, and which root key opens it. Design: docs/design/formats.md."""

import secrets
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

SLOT_BYTES = 4096
_FAMILY = b"CGK"
_MAGIC = _FAMILY + b"1"
_HEAD = struct.Struct(">4sIH")
"""Magic, generation, length of what follows: nonce and ciphertext."""
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A filled slot of a key file; slots are ordered by age."""

    generation: int
    start: int
    """Offset in the file, bytes."""
    wrapped: bytes
    """Nonce and ciphertext."""

    def opened(self, purpose: bytes, root: ChaCha20Poly1305 | None) -> bytes | None:
        """Return the secret; None when this root didn't wrap it for this purpose, or it is damaged."""
        if root is None:
            return None
        try:
            return root.decrypt(self.wrapped[:_NONCE_BYTES], self.wrapped[_NONCE_BYTES:], purpose)
        except InvalidTag, ValueError:
            return None


def make_slot(secret: bytes, purpose: bytes, generation: int, root: ChaCha20Poly1305) -> bytes:
    """Return the SLOT_BYTES of a slot that holds a secret."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    wrapped = nonce + root.encrypt(nonce, secret, purpose)
    slot = _HEAD.pack(_MAGIC, generation, len(wrapped)) + wrapped
    return slot + secrets.token_bytes(SLOT_BYTES - len(slot))


def slots_of(data: bytes) -> list[Slot]:
    """Return the slots of a key file that are filled, the newest last; none: the key was being destroyed."""
    found = []
    for start in (0, SLOT_BYTES):
        slot = data[start : start + SLOT_BYTES]
        if len(slot) == SLOT_BYTES:
            magic, generation, length = _HEAD.unpack_from(slot)
            if magic == _MAGIC:
                found.append(Slot(generation, start, slot[_HEAD.size : _HEAD.size + length]))
    return sorted(found)


def is_overwritten(data: bytes) -> bool:
    """Tell whether a key file holds random bytes alone. A slot of a later version is none."""
    slots = (data[:SLOT_BYTES], data[SLOT_BYTES : 2 * SLOT_BYTES])
    return not any(len(slot) == SLOT_BYTES and slot.startswith(_FAMILY) for slot in slots)
