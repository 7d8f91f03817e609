"""Manifests at rest: signed, sealed to the clip's key, bound to the clip."""

import base64
import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.domain.clip import ClipId, Manifest, canonical_json
from custom_components.camguard.domain.errors import ErasedError, IntegrityError
from custom_components.camguard.vault.clips.manifest_file import read_manifest, write_manifest
from custom_components.camguard.vault.keys.keyring import Keyring, public_key_text
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.sealed import SealedReader, SealedWriter

from .clips import manifest_of

A, B = ClipId("a" * 32), ClipId("b" * 32)


def manifest(clip_id: ClipId) -> Manifest:
    made = manifest_of("camera", datetime(2026, 11, 24, tzinfo=UTC), b"content")
    return replace(made, clip=replace(made.clip, clip_id=clip_id), place="玄関", follows=B)


@pytest.fixture
def keyring(paths: Paths) -> Keyring:
    paths.create()
    keyring = Keyring.open(paths)
    for clip_id in (A, B):
        paths.prepare(clip_id)
        keyring.make_pair(clip_id)
        write_manifest(paths, keyring, manifest(clip_id))
    return keyring


def content(paths: Paths, keyring: Keyring, clip_id: ClipId) -> dict[str, Any]:
    with paths.manifest(clip_id).open("rb") as file, SealedReader(file, keyring.clip(clip_id)) as reader:
        return json.loads(reader.read_at(0, reader.size))


def put(paths: Paths, keyring: Keyring, clip_id: ClipId, data: bytes) -> None:
    file = io.BytesIO()
    with SealedWriter(file, keyring.clip(clip_id).recipient) as writer:
        writer.write(data)
    paths.manifest(clip_id).write_bytes(file.getvalue())


def test_round_trip(paths: Paths, keyring: Keyring) -> None:
    assert read_manifest(paths, keyring, A).manifest == manifest(A)
    assert read_manifest(paths, Keyring.open(paths), B).manifest == manifest(B)
    data = paths.manifest(A).read_bytes()
    for told in (b"Sato", b"camera", "玄関".encode(), b"signature"):
        assert told not in data
    fields = content(paths, keyring, A)
    signed = read_manifest(paths, keyring, A)
    keyring.public_key.verify(base64.b64decode(fields["signature"]), signed.text)
    assert signed.signature == base64.b64decode(fields["signature"])
    whole, told = json.loads(fields["manifest"]), json.loads(signed.text)
    private = whole.pop("private")
    assert told.pop("private_sha256") == hashlib.sha256(canonical_json(private)).hexdigest()
    assert told == whole
    assert len(private["salt"]) == 32
    assert content(paths, keyring, B)["manifest"].count(private["salt"]) == 0


def test_one_of_an_earlier_version(paths: Paths, keyring: Keyring) -> None:
    """Nothing in it was private."""
    whole = json.loads(content(paths, keyring, A)["manifest"])
    private = whole.pop("private")
    whole["clip"] |= {name: private[name] for name in ("camera_id", "trigger", "retention_days")}
    whole |= {"version": 3, "zones": private["zones"], "follows": private["follows"]}
    text = canonical_json(whole)
    fields = {"manifest": text.decode(), "signature": base64.b64encode(keyring.sign(text)).decode()}
    put(paths, keyring, A, json.dumps(fields | {"public_key": public_key_text(keyring.public_key)}).encode())
    signed = read_manifest(paths, keyring, A)
    assert (signed.manifest, signed.text) == (manifest(A), text)


def test_the_keys_of_what_is_told(paths: Paths, keyring: Keyring) -> None:
    signed = read_manifest(paths, keyring, A)
    assert public_key_text(signed.public_key) == public_key_text(keyring.public_key)


def test_it_dies_with_the_key(paths: Paths, keyring: Keyring) -> None:
    keyring.destroy_clip(A)
    with pytest.raises(ErasedError):
        read_manifest(paths, keyring, A)
    with pytest.raises(ErasedError):
        write_manifest(paths, keyring, manifest(A))
    assert read_manifest(paths, keyring, B)


def test_altered_or_anothers(paths: Paths, keyring: Keyring) -> None:
    good = paths.manifest(A).read_bytes()
    for place in range(0, len(good), 37):
        paths.manifest(A).write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(IntegrityError):
            read_manifest(paths, keyring, A)
    paths.manifest(A).write_bytes(paths.manifest(B).read_bytes())
    with pytest.raises(IntegrityError, match="sealed_wrong_key"):
        read_manifest(paths, keyring, A)
    # the other clip's manifest, truly signed, sealed to this one's key
    put(paths, keyring, A, json.dumps(content(paths, keyring, B)).encode())
    with pytest.raises(IntegrityError, match="manifest_unreadable"):
        read_manifest(paths, keyring, A)
    with pytest.raises(FileNotFoundError):
        paths.manifest(A).unlink()
        read_manifest(paths, keyring, A)


def test_wrong_signatures_and_forms(paths: Paths, keyring: Keyring) -> None:
    fields = content(paths, keyring, A)
    other = Ed25519PrivateKey.generate()
    for bad in (
        fields | {"manifest": fields["manifest"].replace("Crime", "crime")},
        fields | {"manifest": fields["manifest"].replace("by hand", "by itself")},
        fields | {"manifest": fields["manifest"] + " "},
        fields | {"signature": base64.b64encode(bytes(64)).decode()},
        fields | {"signature": fields["signature"][:-4]},
        fields | {"signature": "é"},
        fields | {"signature": None},
        fields | {"public_key": public_key_text(other.public_key())},
        fields | {"public_key": "AAAA"},
        fields | {"public_key": fields["public_key"] + "*"},
        fields | {"manifest": None},
        {"manifest": fields["manifest"]},
        [],
        None,
        "text",
    ):
        put(paths, keyring, A, json.dumps(bad).encode())
        with pytest.raises(IntegrityError, match="manifest_unreadable"):
            read_manifest(paths, keyring, A)
    for data in (b"", b"\xff", b"{"):
        put(paths, keyring, A, data)
        with pytest.raises(IntegrityError, match="manifest_unreadable"):
            read_manifest(paths, keyring, A)
    put(paths, keyring, A, json.dumps(fields).encode())
    assert read_manifest(paths, keyring, A).manifest == manifest(A)


def test_a_signing_key_that_was_lost_leaves_old_manifests_readable(paths: Paths, keyring: Keyring) -> None:
    paths.sign_key.unlink()
    fresh = Keyring.open(paths)
    assert public_key_text(fresh.public_key) != public_key_text(keyring.public_key)
    signed = read_manifest(paths, fresh, A)
    assert signed.manifest == manifest(A)
    assert public_key_text(signed.public_key) == public_key_text(keyring.public_key)
