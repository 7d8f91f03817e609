"""Manifests at rest: signed, and sealed to the clip's own key, so that what is known of a clip dies with it."""

import base64
import io
import json
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...domain.clip import PRIVATE, ClipId, Manifest, canonical_json, from_base64, shared
from ...domain.errors import IntegrityError
from ..keys.keyring import Keyring, public_key_text
from ..paths import Paths, write_synced
from ..sealed import SealedReader, SealedWriter


def write_manifest(paths: Paths, keyring: Keyring, manifest: Manifest) -> None:
    """Sign, seal and write a clip's manifest, durable when this returns. Raises OSError, ErasedError."""
    text = manifest.to_json(secrets.token_hex(16))
    content = canonical_json(
        {
            "manifest": text.decode(),
            "public_key": public_key_text(keyring.public_key),
            "signature": base64.b64encode(keyring.sign(_signed_text(text))).decode(),
        }
    )
    sealed = io.BytesIO()
    with SealedWriter(sealed, keyring.clip(manifest.clip.clip_id).recipient) as writer:
        writer.write(content)
        writer.close()
        write_synced(paths.manifest(manifest.clip.clip_id), sealed.getvalue())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedManifest:
    """A manifest as it was signed."""

    manifest: Manifest
    text: bytes
    """The canonical JSON that `signature` signs: as others may have it."""
    signature: bytes
    """Ed25519, 64 bytes."""
    public_key: Ed25519PublicKey


def read_manifest(paths: Paths, keyring: Keyring, clip_id: ClipId) -> SignedManifest:
    """Open and verify a manifest; raises ErasedError, IntegrityError `manifest_unreadable`, `sealed_*`, OSError.

    The signature is verified by the key that is named with it: a signing key that was lost leaves old clips readable.
    Whose key that was is for `camguard.verify` and the ledger to say.
    """
    with paths.manifest(clip_id).open("rb") as file, SealedReader(file, keyring.clip(clip_id)) as reader:
        content = reader.read_at(0, reader.size)
    try:
        fields = json.loads(content)
        text = str(fields["manifest"]).encode()
        public_key = Ed25519PublicKey.from_public_bytes(from_base64(fields["public_key"]))
        signature = from_base64(fields["signature"])
        signed = _signed_text(text)
        public_key.verify(signature, signed)
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise IntegrityError("manifest_unreadable") from error
    manifest = Manifest.from_json(text)
    if manifest.clip.clip_id != clip_id:
        raise IntegrityError("manifest_unreadable")
    return SignedManifest(manifest=manifest, text=signed, signature=signature, public_key=public_key)


def _signed_text(text: bytes) -> bytes:
    """Return what is signed of a manifest: itself, when nothing in it is private (before version 4).

    Raises ValueError, TypeError.
    """
    fields = json.loads(text)
    if PRIVATE not in fields:
        return text
    if canonical_json(fields) != text:
        raise ValueError("another way to write it")
    return canonical_json(shared(fields))
