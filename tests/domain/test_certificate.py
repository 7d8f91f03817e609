"""The erasure certificate: it claims what its facts allow, and nothing more."""

import json
import re
import shutil
import subprocess
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.domain.certificate import Certificate, Claim, Disposal, Medium, Scope, Unexamined
from custom_components.camguard.domain.documents.certificate_page import certificate_page
from custom_components.camguard.domain.errors import IntegrityError
from custom_components.camguard.vault.documents.certificate_file import find_certificate, write_certificate
from custom_components.camguard.vault.paths import Paths

CLIPS = tuple(f"{number:032x}" for number in range(3))
FORBIDDEN = re.compile(
    r"unrecoverable|irrecoverable|purge|complian|certified|guarantee|復元不可能|復元不能|復元できません|準拠|完全に消去|保証",
    re.IGNORECASE,
)


def medium(role: str = "clips", **changes: Any) -> Medium:
    return Medium(
        **{"role": role, "path": f"/data/{role}", "kind": "in_place", "filesystem": "ext4", "device": "sda"} | changes
    )


def certificate(**changes: Any) -> Certificate:
    return Certificate(
        **{
            "certificate_id": "CW-2026-0001",
            "begun_us": 1_795_521_600_000_000,
            "done_us": 1_795_521_601_000_000,
            "time_zone": "Asia/Tokyo",
            "operator": "佐藤花子",
            "contact": "048-000-0000",
            "ordered_by": "花子",
            "reason": "転居のため",
            "scope": Scope.CAMERA,
            "scope_detail": "玄関",
            "include_held": False,
            "wiped": CLIPS,
            "skipped_held": (),
            "skipped_running": (),
            "failed": (),
            "remnants": (),
            "clip_ids_sha256": "0" * 64,
            "keys_not_overwritten": 0,
            "keys_unconfirmed": 0,
            "open_attempts_failed": len(CLIPS),
            "root_rotated": True,
            "protection": "split",
            "media": tuple(medium(role) for role in ("clips", "keys", "root_key", "ledger")),
            "known_kits": (),
            "kits_destroyed": (),
            "known_disclosures": (),
            "ledger_readable": True,
            "ledger_seq": 7,
            "ledger_head": "a" * 64,
            "software": "CamGuard",
        }
        | changes
    )


def page(one: Certificate) -> str:
    return certificate_page(one, fingerprint="SHA256:abc", signature="ab" * 64)


def on(**changes: Any) -> Certificate:
    """All media of one kind, the root key on another one than the rest."""
    media = [medium(role, **changes) for role in SEPARATE]
    return certificate(
        media=tuple(replace(one, device=one.device and one.device + SEPARATE[one.role]) for one in media)
    )


# --- the table of docs/design: what may be claimed for what was detected ---

BASE = {Claim.KEYS_DESTROYED, Claim.ROOT_RENEWED}
SEPARATE = {"clips": "1", "keys": "1", "root_key": "2", "ledger": "1"}
"""The root key lies on a disk of its own."""


@pytest.mark.parametrize(
    ("changes", "claims"),
    [
        ({"is_flash": None}, {Claim.OVERWRITE_REQUESTED, Claim.FLASH_POSSIBLE}),
        ({"is_flash": None, "rotational": True}, {Claim.OVERWRITE_REQUESTED, Claim.FLASH_POSSIBLE}),
        ({"is_flash": True}, {Claim.OVERWRITE_REQUESTED, Claim.FLASH_REMNANTS}),
        ({"kind": "copy_on_write"}, {Claim.OVERWRITE_INEFFECTIVE, Claim.FLASH_POSSIBLE}),
        ({"kind": "copy_on_write", "is_flash": True}, {Claim.OVERWRITE_INEFFECTIVE, Claim.FLASH_REMNANTS}),
        ({"kind": "network", "device": ""}, {Claim.SERVER_UNKNOWN}),
        ({"kind": "unknown", "device": ""}, {Claim.MEDIUM_UNKNOWN, Claim.FLASH_POSSIBLE}),
        ({"kind": "memory", "device": ""}, set()),
        ({"present": False, "kind": "unknown", "device": ""}, {Claim.MEDIUM_AWAY}),
    ],
)
def test_what_each_medium_allows(changes: dict[str, Any], claims: set[Claim]) -> None:
    assert set(on(**changes).claims()) == BASE | claims


def test_two_partitions_of_one_disk_are_one_medium() -> None:
    assert Claim.SAME_MEDIUM not in on().claims()
    one = certificate(media=(medium("keys", device="sda, sdb"), medium("root_key", device="sdb")), protection="split")
    assert Claim.SAME_MEDIUM in one.claims()
    unknown = certificate(media=(medium("keys", device=""), medium("root_key", device="")), protection="split")
    assert Claim.SAME_MEDIUM not in unknown.claims()


def test_what_may_be_a_hard_disk_is_never_called_one() -> None:
    text = page(on(rotational=True, device_type=""))
    assert Unexamined.SPARE_BLOCKS in on(rotational=True).not_examined()
    assert "rotational" not in text
    assert "フラッシュメモリー · flash: 不明 · not known" in text


def test_not_complete_comes_first() -> None:
    for changes in (
        {"failed": CLIPS[2:], "wiped": CLIPS[:2], "open_attempts_failed": 2},
        {"remnants": CLIPS[:1]},
        {"open_attempts_failed": 2},
        {"wiped": (), "failed": CLIPS, "open_attempts_failed": 0},
    ):
        one = certificate(**changes)
        assert not one.complete
        assert one.claims()[0] is Claim.NOT_COMPLETE
        text = page(one)
        assert 0 < text.index("消去は完了していません") < text.index("<table")
        assert text.index('class="bad"') < text.index("<table")
    assert "消去は完了していません" not in page(certificate())


def test_every_claim_has_words() -> None:
    """Each claim, disposal and unexamined thing is printed when it is due."""
    seen: set[Any] = set()
    for changes in (
        {}, {"failed": CLIPS[2:], "wiped": CLIPS[:2], "open_attempts_failed": 2}, {"wiped": (), "open_attempts_failed": 0},
        {"keys_not_overwritten": 1, "keys_unconfirmed": 1, "root_rotated": False, "protection": "same_medium"},
        {"protection": "unknown"},
        {"media": (medium(kind="network", device=""), medium("keys", kind="copy_on_write", is_flash=True))},
        {"media": (medium(present=False), medium("keys", kind="unknown", device=""))},
        {"media": tuple(medium(device_type=name, encrypted_below=True) for name in ("SD", "USB", "MMC", "NVMe", "virtual"))},
    ):  # fmt: skip
        one = certificate(**changes)
        page(one)
        seen |= {*one.claims(), *one.disposal(), *one.not_examined()}
    assert seen == {*Claim, *Disposal, *Unexamined}


# --- nothing is claimed that isn't so ---

MEDIA = st.builds(
    Medium,
    role=st.sampled_from(["clips", "keys", "root_key", "ledger"]),
    path=st.just("/data"),
    present=st.booleans(),
    kind=st.sampled_from(["in_place", "copy_on_write", "network", "memory", "unknown"]),
    device=st.sampled_from(["", "sda", "sda, sdb"]),
    device_type=st.sampled_from(["", "SD", "MMC", "NVMe", "USB", "virtual", "NVMe, USB", "strange"]),
    model=st.text(max_size=8),
    is_flash=st.sampled_from([True, None]),
    rotational=st.sampled_from([True, False, None]),
    encrypted_below=st.booleans(),
    discard_requested=st.sampled_from([True, False, None]),
)
WIPED = st.lists(st.sampled_from([f"{number:032x}" for number in range(9)]), unique=True).map(tuple)


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    wiped, left = draw(WIPED), draw(WIPED)
    return certificate(
        wiped=wiped,
        failed=tuple(item for item in left if item not in wiped),
        remnants=draw(WIPED.map(lambda ids: tuple(item for item in ids if item in wiped))),
        open_attempts_failed=draw(st.integers(0, len(wiped))),
        keys_not_overwritten=draw(st.integers(0, len(wiped))),
        keys_unconfirmed=draw(st.integers(0, len(wiped))),
        root_rotated=draw(st.booleans()),
        protection=draw(st.sampled_from(["split", "same_medium", "unknown"])),
        scope=draw(st.sampled_from(Scope)),
        include_held=draw(st.booleans()),
        media=tuple(draw(st.lists(MEDIA, max_size=4))),
        known_kits=draw(st.sampled_from([(), ("kit-1",), ("kit-1", "kit-2")])),
        kits_destroyed=draw(st.sampled_from([(), ("kit-1",)])),
        known_disclosures=draw(st.sampled_from([(), ("CG-2026-0001",)])),
        ledger_readable=draw(st.booleans()),
        reason=draw(st.text(max_size=20)),
    )


@given(certificates())
def test_nothing_is_claimed_that_is_not_so(one: Certificate) -> None:
    claims = set(one.claims())
    used = [each for each in one.media if each.role != "ledger"]
    all_refused = one.open_attempts_failed == len(one.wiped)
    assert len(claims) == len(one.claims())
    assert (Claim.NOT_COMPLETE in claims) == (bool(one.failed or one.remnants) or not all_refused)
    assert (Claim.KEYS_DESTROYED in claims) == (bool(one.wiped) and not one.failed and all_refused)
    assert (Claim.NOTHING_WIPED in claims) == (not one.wiped)
    if Claim.KEYS_DESTROYED_IN_PART in claims:
        assert one.failed
        assert all_refused
        assert one.claims()[0] is Claim.NOT_COMPLETE
    if Claim.OVERWRITE_REQUESTED in claims:
        assert used
        assert all(each.present and each.kind == "in_place" for each in used)
        assert not one.keys_not_overwritten
        assert not one.keys_unconfirmed
    if one.wiped:
        assert (Claim.ROOT_RENEWED in claims) == one.root_rotated == (Claim.ROOT_NOT_RENEWED not in claims)
        if one.protection == "same_medium":
            assert Claim.SAME_MEDIUM in claims
        assert (Claim.ROOT_NOT_SEEN in claims) == (one.protection == "unknown")
        assert (Claim.KEYS_ONLY_UNLINKED in claims) == bool(one.keys_not_overwritten)
        assert (Claim.KEYS_UNCONFIRMED in claims) == bool(one.keys_unconfirmed)
        if any(each.present and each.kind in {"in_place", "copy_on_write", "unknown"} for each in used):
            assert claims & {Claim.FLASH_REMNANTS, Claim.FLASH_POSSIBLE}  # no medium is ever cleared of being flash
        assert (Claim.MEDIUM_AWAY in claims) == any(not each.present for each in used)
    assert {Unexamined.MEMORY, Unexamined.VIRTUAL_MACHINE, Unexamined.COPIES, Unexamined.BACKUPS} <= set(
        one.not_examined()
    )
    lasting = [each for each in one.media if each.kind != "memory" or not each.present]
    assert bool(one.disposal()) == bool(lasting)


@given(certificates())
def test_words_that_are_never_said(one: Certificate) -> None:
    text = page(replace(one, reason="x", media=tuple(replace(each, model="m") for each in one.media)))
    assert not FORBIDDEN.search(text)
    assert "NIST" not in text or "適合を主張するものではありません" in text


@given(certificates())
def test_there_and_back(one: Certificate) -> None:
    assert Certificate.from_json(one.to_json()) == one


# --- what is read back is what was written ---


@pytest.mark.parametrize("name", [field.name for field in fields(Certificate)])
def test_a_field_that_is_missing(name: str) -> None:
    data = json.loads(certificate().to_json())
    del data[name]
    with pytest.raises(IntegrityError):
        Certificate.from_json(json.dumps(data).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"complete": False}, {"claims": []}, {"claims": ["keys_destroyed"]}, {"not_examined": []}, {"disposal": []},
        {"version": 3}, {"version": 1}, {"kind": "other"}, {"extra": 1}, {"scope": "all"}, {"wiped": None}, {"media": [{}]},
        {"media": [{"role": "clips", "path": "/", "kind": []}]}, {"open_attempts_failed": 2}, {"remnants": list(CLIPS)},
        {"failed": list(CLIPS)}, {"wiped": 3}, {"keys_not_overwritten": 4},
    ],
    ids=str,
)  # fmt: skip
def test_tampered_facts_are_refused(change: dict[str, Any]) -> None:
    data = json.loads(certificate().to_json()) | change
    with pytest.raises(IntegrityError) as caught:
        Certificate.from_json(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    assert caught.value.key == "certificate_unreadable"


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"\xff", b"{}", b"NaN", b"[" * 100_000, b'{"version": 1}'], ids=len
)
def test_what_is_no_certificate(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        Certificate.from_json(data)


def test_other_ways_to_write_the_same_are_refused() -> None:
    text = certificate().to_json()
    for other in (text + b"\n", text.replace(b":", b": ", 1), json.dumps(json.loads(text)).encode()):
        with pytest.raises(IntegrityError):
            Certificate.from_json(other)


# --- what anybody can check ---


def test_openssl_verifies_the_signature(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    paths, key = Paths.of(tmp_path), Ed25519PrivateKey.generate()
    text = certificate().to_json()
    write_certificate(paths, "CW-2026-0001", text, key.sign(text), key.public_key(), page(certificate()))
    shown = re.search(r"openssl pkeyutl [^<]+", find_certificate(paths, "CW-2026-0001", "html").read_text("utf-8"))
    assert shown
    command = shown[0].split()
    assert command == [
        "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "CW-2026-0001.pem", "-rawin", "-in", "CW-2026-0001.json",
        "-sigfile", "CW-2026-0001.json.sig",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=paths.certificates, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully"), done.stderr
    path = paths.certificates / "CW-2026-0001.json"
    path.write_bytes(text.replace("転居".encode(), "退去".encode()))
    assert subprocess.run(command, cwd=paths.certificates, capture_output=True, check=False).returncode != 0


# --- the page ---


def test_values_are_escaped() -> None:
    evil = "<script>alert(1)</script>\"&'<img src=x onerror=alert(1)>"
    one = certificate(
        operator=evil, contact=evil, ordered_by=evil, reason=evil, scope_detail=evil, software=evil, wiped=(evil,),
        skipped_held=(evil,), failed=(evil,), remnants=(evil,), known_kits=(evil,), known_disclosures=(evil,),
        certificate_id=evil, clip_ids_sha256=evil, ledger_head=evil,
        media=tuple(
            medium(role, path=evil, mount_point=evil, filesystem=evil, device=evil, device_type=evil, vendor=evil,
                   model=evil, serial=evil, kind=evil)
            for role in ("clips", evil)
        ),
    )  # fmt: skip
    text = certificate_page(one, fingerprint=evil, signature=evil)
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 18


def test_what_the_page_states() -> None:
    one = certificate(
        skipped_held=CLIPS[:1], skipped_running=CLIPS[:2], known_kits=("kit-1", "kit-2"), kits_destroyed=("kit-1",),
        known_disclosures=("CG-2026-0001",), include_held=True,
        media=(
            medium("clips", device="mmcblk0", device_type="SD", model="SC32G", serial="0x1", size_bytes=32 * 10**9,
                   is_flash=True, discard_requested=False),
            medium("keys", device="mmcblk0", device_type="SD", model="SC32G", serial="0x1", size_bytes=32 * 10**9,
                   is_flash=True, discard_requested=True),
            medium("root_key", device="sda", device_type="USB", rotational=True),
            medium("ledger", present=False),
        ),
    )  # fmt: skip
    text = page(one)
    for words in (
        "CW-2026-0001", "佐藤花子", "048-000-0000", "花子", "転居のため", "玄関", "2026-11-24", "JST", "3 件中 3 件",
        "クリップ、鍵", "mmcblk0 / SD / SC32G / S/N 0x1 / 32.0 GB", "受け付けられた", "接続されていません", "ext4",
        "kit-1", "kit-2", "CG-2026-0001", "ガイドライン 2(5)オ", "SD カード:", "USB メモリー:", "根拠にしていません",
        "氏名", "所属・役職", "確認した日", "署名又は記名押印", "廃棄の方法", "a" * 64, "SHA256:abc", "ab" * 64,
    ):  # fmt: skip
        assert words in text, words
    assert "ハードディスク:" not in text  # neither medium can be one that isn't in a USB case
    assert "NAS などのサーバー:" not in text
    assert json.loads(one.to_json())["media"][2]["rotational"] is True


def test_no_copies_are_known_is_said_only_when_it_is_known() -> None:
    assert "提供の記録はありません" in page(certificate())
    text = page(certificate(ledger_readable=False))
    assert "提供の記録はありません" not in text
    assert "読み取れない記録がある" in text


@pytest.mark.parametrize(
    ("changes", "disposal"),
    [
        ({"device": "mmcblk0", "device_type": "SD", "is_flash": True}, {Disposal.SD_CARD}),
        ({"device": "mmcblk1", "device_type": "MMC", "is_flash": True}, {Disposal.EMMC}),
        ({"device": "nvme0n1", "device_type": "NVMe", "is_flash": True}, {Disposal.SSD}),
        ({"device": "sdb", "device_type": "USB"}, {Disposal.USB}),
        ({"device": "sda", "is_flash": True}, {Disposal.SSD}),
        ({"device": "sda", "rotational": True}, {Disposal.SSD, Disposal.DISK}),
        ({"device": "vda", "device_type": "virtual"}, {Disposal.VIRTUAL}),
        ({"device": "nvme0n1, sdb", "device_type": "NVMe, USB", "is_flash": True}, {Disposal.SSD, Disposal.USB}),
        ({"device": "", "kind": "network"}, {Disposal.NETWORK}),
        ({"device": "", "kind": "copy_on_write"}, {Disposal.UNKNOWN}),
        ({"device": "", "kind": "memory"}, set()),
        ({"present": False, "device": "", "kind": "unknown"}, {Disposal.UNKNOWN}),
        ({"device": "sda", "is_flash": True, "encrypted_below": True}, {Disposal.SSD, Disposal.ENCRYPTED}),
    ],
)
def test_what_is_still_needed_by_medium(changes: dict[str, Any], disposal: set[Disposal]) -> None:
    assert set(medium(**changes).disposal()) == disposal


def test_the_facts_of_a_medium_are_those_of_the_vault() -> None:
    from custom_components.camguard.vault.media.facts import MediaFacts

    assert set(asdict(medium())) - set(asdict(MediaFacts())) == {"role", "path", "present", "discard_requested"}


def test_an_early_certificate_is_read() -> None:
    """Version 1 knew of no copies elsewhere."""
    early = replace(certificate(), version=1)
    assert b'"copies":' not in early.to_json()
    assert Certificate.from_json(early.to_json()) == early
