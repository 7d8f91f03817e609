"""The escrow: keys of the last hours' clips, beside their sealed copies, for whom holds the paper code.

A thief of this machine takes its keys along. The escrow's own key pair is made with the code: its private half is kept
sealed to the code (scrypt), so that what is here can renew the escrow each hour, and open it never. An escrow that is
renewed forgets the keys of clips that have grown older or were erased. Both parts are age files (C2SP age).
"""

import base64
import hashlib
import io
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...domain.clip import ClipId, parse_clip_id
from ...domain.errors import CamguardError, IntegrityError
from ...domain.settings import Escrow
from ..sealed import Identity, Recipient, SealedReader, SealedWriter, Unwraps, Wraps
from .code import make_code, normal_code
from .recovery_kit import Passphrase

ESCROW_NAME = re.compile(r"escrow-[0-9a-f]{16}\.json", re.ASCII)
_VERSION = 1
MAX_BYTES = 64 << 20
"""Of an escrow's file: half a million keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEscrow:
    """What the code has opened."""

    escrow_id: str
    site_id: str
    made_us: int
    """When it was renewed last, UTC epoch µs."""
    hours: int
    keys: Mapping[ClipId, Identity] = field(repr=False)


def new_escrow(hours: int) -> tuple[Escrow, str]:
    """Return a new escrow and its code, which is in nobody's hands but the caller's."""
    identity, code = Identity.generate(), make_code()
    sealed = _sealed(identity.text.encode(), Passphrase(code))
    escrow = Escrow(
        escrow_id=uuid.uuid4().hex[:12], hours=hours, recipient=identity.recipient.text, identity=_text(sealed)
    )
    return escrow, code


def escrow_name(key: Ed25519PublicKey) -> str:
    """Return the name of the file that who has this signing key writes.

    A machine that was set up from a backup has another one: it never writes over what it can't make again.
    """
    return f"escrow-{hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]}.json"


def escrow_file(escrow: Escrow, site_id: str, made_us: int, keys: Mapping[ClipId, Identity]) -> bytes:
    """Return the content of an escrow's file."""
    inner = {
        "site_id": site_id,
        "made_us": made_us,
        "hours": escrow.hours,
        "keys": {clip_id: identity.text for clip_id, identity in keys.items()},
    }
    outer = {
        "version": _VERSION,
        "escrow_id": escrow.escrow_id,
        "identity": escrow.identity,
        "clip_ids": sorted(keys),
        "keys": _text(_sealed(json.dumps(inner).encode(), Recipient.from_text(escrow.recipient))),
    }
    return json.dumps(outer, indent=2).encode() + b"\n"


def escrowed(data: bytes) -> frozenset[ClipId]:
    """Return the clips that an escrow says it has keys of, unopened: nobody vouches for that, and none when damaged."""
    try:
        return frozenset(parse_clip_id(item) for item in json.loads(data)["clip_ids"])
    except ValueError, KeyError, TypeError, RecursionError, CamguardError:
        return frozenset()


def open_escrow(data: bytes, code: str) -> OpenedEscrow:
    """Return what is in an escrow; raises IntegrityError (`sealed_wrong_key`: another code; else damaged)."""
    try:
        outer = json.loads(data)
        if outer["version"] != _VERSION:
            raise IntegrityError("escrow_unreadable")
        identity = Identity.from_text(_opened(outer["identity"], Passphrase(normal_code(code))).decode())
        inner = json.loads(_opened(outer["keys"], identity))
        return OpenedEscrow(
            escrow_id=str(outer["escrow_id"]),
            site_id=str(inner["site_id"]),
            made_us=int(inner["made_us"]),
            hours=int(inner["hours"]),
            keys={parse_clip_id(item): Identity.from_text(text) for item, text in inner["keys"].items()},
        )
    except IntegrityError as error:
        if error.key == "sealed_wrong_key":
            raise
        raise IntegrityError("escrow_unreadable") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, CamguardError) as error:
        raise IntegrityError("escrow_unreadable") from error


def _sealed(content: bytes, recipient: Wraps) -> bytes:
    file = io.BytesIO()
    with SealedWriter(file, recipient) as writer:
        writer.write(content)
        writer.close()
        return file.getvalue()


def _opened(text: str, identity: Unwraps) -> bytes:
    with SealedReader(io.BytesIO(base64.b64decode(text, validate=True)), identity) as reader:
        return reader.read_at(0, reader.size)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
