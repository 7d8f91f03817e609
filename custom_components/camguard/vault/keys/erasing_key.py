"""The erasing key: signs, while the root key is away, that clips whose time was over were erased (docs/adr/0011).

It lies open beside the clips' wrapped keys: who can read it can destroy those as well, and it is believed for nothing
else. Its public half is named in the ledger by the signing key.
"""

import base64
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..paths import Paths, write_synced

_MAGIC = b"camguard erasing v1\n"
_KEY_BYTES = 32


class ErasingKey:
    """Signs entries of the ledger."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def open(cls, paths: Paths) -> Self:
        """Load the key, or make it. Raises OSError."""
        found = cls.find(paths.erase_key)
        if found is not None:
            return found
        key = Ed25519PrivateKey.generate()
        write_synced(paths.erase_key, _MAGIC + key.private_bytes_raw())
        return cls(key)

    @classmethod
    def find(cls, path: Path) -> Self | None:
        """Load the key; None when there is none that can be read."""
        try:
            data = path.read_bytes()
        except OSError:
            return None
        secret = data.removeprefix(_MAGIC)
        if secret == data or len(secret) != _KEY_BYTES:
            return None
        return cls(Ed25519PrivateKey.from_private_bytes(secret))

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of `data`."""
        return self._key.sign(data)

    @property
    def public_text(self) -> str:
        """The public half as base64 of its 32 bytes."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()
