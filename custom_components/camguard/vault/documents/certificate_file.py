"""Erasure certificates on disk: the page to print, and the facts with their signature."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...domain.errors import NotFoundError, StorageError
from ...domain.ledger import Anchor, Witness
from ..paths import FOLDER_MODE, Paths, write_synced
from .ssh_signature import public_key_pem

_ID = re.compile(r"CW-[0-9]{4}-[0-9]{4,8}", re.ASCII)
KINDS = {"html": ".html", "json": ".json", "sig": ".json.sig", "pem": ".pem"}


def write_certificate(
    paths: Paths, certificate_id: str, text: bytes, signature: bytes, public_key: Ed25519PublicKey, page: str
) -> None:
    """Write all files of a certificate, durable when this returns. Raises StorageError."""
    try:
        paths.certificates.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for kind, data in (
            ("json", text),
            ("sig", signature),
            ("pem", public_key_pem(public_key)),
            ("html", page.encode()),
        ):
            write_synced(paths.certificates / f"{certificate_id}{KINDS[kind]}", data)
    except OSError as error:
        raise StorageError("certificate_not_written", detail=os.strerror(error.errno or 0)) from error


def certified_heads(paths: Paths) -> Iterator[Witness]:
    """Yield the head of the ledger that each certificate names, with its signature; what can't be read names none."""
    for path in sorted(paths.certificates.glob(f"*{KINDS['json']}")):
        if not _ID.fullmatch(path.name.removesuffix(KINDS["json"])):
            continue
        try:
            text = path.read_bytes()
            fields = json.loads(text)
            anchor = Anchor(seq=int(fields["ledger_seq"]), head=str(fields["ledger_head"]), where="certificate")
            signature = path.with_name(path.name + ".sig").read_bytes()
            yield Witness(anchor=anchor, time_us=int(fields["done_us"]), signed_text=text, signature=signature)
        except OSError, ValueError, KeyError, TypeError, RecursionError:
            continue


def is_written(paths: Paths, certificate_id: str) -> bool:
    """Tell whether a certificate is there as a whole: its page is written last."""
    return (paths.certificates / f"{certificate_id}{KINDS['html']}").exists()


def find_certificate(paths: Paths, certificate_id: str, kind: str) -> Path:
    """Return the path of one file of a certificate; raises NotFoundError."""
    if kind in KINDS and _ID.fullmatch(certificate_id):
        path = paths.certificates / f"{certificate_id}{KINDS[kind]}"
        if path.is_file():
            return path
    raise NotFoundError("certificate_not_found")
