"""Clip ids and manifests."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import (
    Clip,
    ClipId,
    Manifest,
    Trigger,
    TriggerKind,
    canonical_json,
    parse_clip_id,
)
from custom_components.camguard.domain.errors import CamguardError, IntegrityError, NotFoundError

ID = ClipId("0123456789abcdef0123456789abcdef")
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
times = st.integers(0, 2**53)

clips = st.builds(
    Clip,
    clip_id=st.binary(min_size=16, max_size=16).map(bytes.hex).map(ClipId),
    camera_id=text,
    start_us=times,
    end_us=times,
    size_bytes=times,
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    trigger=st.builds(Trigger, kind=st.sampled_from(TriggerKind), entity_id=st.none() | text, reason=st.none() | text),
    retention_days=st.integers(1, 90),
    width=st.integers(2, 8192),
    height=st.integers(2, 8192),
    frames=st.integers(0, 10**6),
    recovered=st.booleans(),
    has_audio=st.booleans(),
    mask_checked=st.integers(0, 9),
)
manifests = st.builds(
    Manifest,
    clip=clips,
    camera_name=text,
    place=text,
    purpose=text,
    operator=text,
    zones=st.lists(st.tuples(text, text), max_size=3).map(tuple),
    source_codec=text,
    encoder=text,
    frame_rate_lowered=st.booleans(),
    end_reason=text,
    follows=st.none() | st.just(ID),
    software=text,
    sound=text,
    sound_codec=text,
)


@pytest.mark.parametrize("good", [ID, "0" * 32, "f" * 32])
def test_clip_id(good: str) -> None:
    assert parse_clip_id(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "", ID[:31], ID + "0", ID.upper(), "../" + ID[3:], "..", ID[:-1] + "\0", ID + "\n", "\n" + ID, ID[:-1] + "/",
        ID[:-1] + "g", ID[:-1] + "٣", " " + ID[1:], f"{ID}/../{ID}", None, 7, b"0" * 32, [ID], {"a": ID},
    ],
)  # fmt: skip
def test_bad_clip_id_is_nobodys_clip(bad: object) -> None:
    with pytest.raises(NotFoundError) as caught:
        parse_clip_id(bad)
    assert caught.value.key == "clip_not_found"


@settings(max_examples=60, deadline=None)
@given(manifests)
def test_manifest_round_trip(manifest: Manifest) -> None:
    data = manifest.to_json()
    assert Manifest.from_json(data) == manifest
    assert Manifest.from_json(data).to_json() == data
    assert json.dumps(json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == data


@settings(max_examples=5, deadline=None)
@given(manifests)
def test_a_hold_is_no_part_of_the_manifest(manifest: Manifest) -> None:
    held = replace(manifest, clip=replace(manifest.clip, held_until_us=5, hold_reason="police"))
    assert held.clip.held
    assert held.to_json() == manifest.to_json()


def fields(**changes: Any) -> dict[str, Any]:
    clip = Clip(
        clip_id=ID, camera_id="c", start_us=1, end_us=3, size_bytes=4, sha256="00", trigger=Trigger(kind=TriggerKind.TEST),
        retention_days=1, width=2, height=2, frames=1,
    )  # fmt: skip
    assert clip.duration_us == 2
    manifest = Manifest(
        clip=clip, camera_name="", place="", purpose="", operator="", zones=(("a", "b"),), source_codec="", encoder="",
        frame_rate_lowered=False, end_reason="until",
    )  # fmt: skip
    return json.loads(manifest.to_json()) | changes


def clip_fields(**changes: Any) -> dict[str, Any]:
    return fields(clip=fields()["clip"] | changes)


def private(**changes: Any) -> dict[str, Any]:
    return fields(private=fields()["private"] | changes)


def without(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key != name}


@pytest.mark.parametrize(
    "bad",
    [
        fields(version=6),
        fields(version=None),
        fields(extra=1),
        fields(clip=None),
        fields(clip=[]),
        private(zones=None),
        private(zones=[["a"]]),
        private(zones=[["a", "b", "c"]]),
        without(fields(), "private"),
        fields(private=None),
        without(fields(), "version"),
        without(fields(), "place"),
        clip_fields(clip_id="../etc"),
        clip_fields(clip_id=ID.upper()),
        clip_fields(extra=1),
        private(trigger=None),
        private(trigger={"kind": "nobody", "entity_id": None, "reason": None}),
        private(trigger={"entity_id": None, "reason": None}),
        private(trigger={"kind": "test", "who": 1}),
        fields(clip=without(fields()["clip"], "sha256")),
        [], None, "a", 7,
    ],
)  # fmt: skip
def test_unreadable_manifests(bad: object) -> None:
    assert Manifest.from_json(json.dumps(fields()).encode()).clip.clip_id == ID
    with pytest.raises(IntegrityError) as caught:
        Manifest.from_json(json.dumps(bad).encode())
    assert caught.value.key == "manifest_unreadable"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_garbage_is_no_manifest(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        Manifest.from_json(data)


def test_canonical_json() -> None:
    assert canonical_json({"b": [1, None, True], "a": "犬\n"}) == '{"a":"犬\\n","b":[1,null,true]}'.encode()
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(float("nan"))


def test_errors_say_what_they_are() -> None:
    assert str(CamguardError("k")) == "k"
    assert str(CamguardError("k", zone="a")) == "k {'zone': 'a'}"
