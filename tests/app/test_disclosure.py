"""Handing out: what is written down, what leaves, what doesn't, and whether others can verify it."""

import asyncio
import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.app.disclosure.bundles import check_size, extract_part, whole_part
from custom_components.camguard.app.ports import Actor
from custom_components.camguard.app.recording.order import manifest_of
from custom_components.camguard.domain.bundle import TEXT_MAX, Form, LegalBasis, Recipient, parse_recipient, parse_text
from custom_components.camguard.domain.clip import ClipId, canonical_json
from custom_components.camguard.domain.documents.receipt import receipt_page
from custom_components.camguard.domain.errors import (
    ErasedError,
    IntegrityError,
    InvalidError,
    NotFoundError,
    StorageError,
    WorkerError,
)
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.documents.archive import LIMIT_BYTES
from custom_components.camguard.vault.documents.ssh_signature import public_key_pem
from custom_components.camguard.vault.keys.keyring import public_key_text
from custom_components.camguard.vault.sealed import Identity, SealedWriter
from custom_components.camguard.vault.vault import Vault
from custom_components.camguard.worker.protocol import ClipCut, ClipFinished, ClipStarted, Connect

from ..vault.clips import ledger_full, put_clip
from ..vault.clips import manifest_of as manifest_by_hand
from ..worker.driver import ClipOrder, Driver, configuration, film, now_us
from ..worker.test_formats import X264, probe
from ..worker.test_process import streaming
from .bundles import BY, NOW, NOW_US, Bundle, Desk, pythons, unpack

SECOND = 1_000_000
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk.begin(tmp_path / "config")
    yield desk
    desk.vault.close()


@pytest.fixture
async def bundle(desk: Desk, tmp_path: Path) -> Bundle:
    return await desk.bundle(tmp_path / "recipient", desk.put(), desk.put(b"other " * 20_000))


# --- what a recipient gets


async def test_other_programs_find_everything_right(bundle: Bundle) -> None:
    assert bundle.verdicts() == {"sha256sum": True, "openssl": True, "ssh-keygen": True, "verify.py": True}
    for number in ("01", "02"):
        assert bundle.openssl(f"clip-{number}.json", f"clip-{number}.json.sig"), "the record, as it was signed then"
    assert bundle.folder.name == "CG-2026-0001"
    assert bundle.names() == {
        "README.html", "SHA256SUMS", "SHA256SUMS.ed25519", "SHA256SUMS.sig", "allowed_signers", "clip-01.json",
        "clip-01.json.sig", "clip-01.mp4", "clip-02.json", "clip-02.json.sig", "clip-02.mp4", "ledger-entries.jsonl",
        "ledger-extract.txt", "manifest.json", "public-key.pem", "verify.html", "verify.py",
    }  # fmt: skip


async def test_the_readmes_commands_are_the_right_ones(bundle: Bundle) -> None:
    text = Text.of(bundle)
    blocks = re.findall(r"<pre>(.*?)</pre>", text.html, re.DOTALL)
    commands = "\n".join(blocks).replace("&lt;", "<").splitlines()
    told = {}
    for command in commands:
        program = command.split()[0]
        if program in {"certutil", "shasum"}:  # of other systems
            continue
        done = subprocess.run(["bash", "-c", command], cwd=bundle.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, command + done.stdout + done.stderr
        told[command] = done.stdout
    programs = [command.split()[0] for command in told]
    assert programs == ["ssh-keygen", "openssl", "sha256sum", "sha256sum", "ls", "openssl", "python3"]
    assert bundle.fingerprint() in told[commands[0]], "the first command shows what is to be compared"
    (rest,) = (shown for command, shown in told.items() if command.startswith("ls"))
    assert set(rest.split()) == {"SHA256SUMS", "SHA256SUMS.ed25519", "SHA256SUMS.sig"}
    (bundle.folder / "clip-03.mp4").write_bytes(b"made up")
    (command,) = (command for command in told if command.startswith("ls"))
    shown = subprocess.run(["bash", "-c", command], cwd=bundle.folder, capture_output=True, text=True, check=True)
    assert "clip-03.mp4" in shown.stdout


async def test_only_the_paper_bears_the_fingerprint(desk: Desk, tmp_path: Path) -> None:
    offer = await desk.export(desk.put())
    bundle = unpack(await desk.fetch(offer), tmp_path / "recipient", offer)
    for path in bundle.folder.iterdir():
        assert bundle.fingerprint().encode() not in path.read_bytes(), path.name
    receipt = Text(receipt_page(offer.receipt))
    for name in ("SHA256SUMS", "verify.html", "verify.py"):
        assert hashlib.sha256((bundle.folder / name).read_bytes()).hexdigest() in receipt.words, name
    for word in (
        bundle.fingerprint(), "CG-2026-0001", "提供日時", "2026-11-24 21:00:00.000 +09:00", "熊谷警察署 刑事課", "鈴木一郎",
        "星川町内会", "設置者(署名又は記名押印)", "受領者(署名又は記名押印)", "Operator: signature or seal", "clip-01.mp4",
    ):  # fmt: skip
        assert word in receipt.words, word


@pytest.mark.parametrize("interpreter", pythons(), ids=lambda path: Path(path).name)
async def test_any_python_verifies(bundle: Bundle, interpreter: str) -> None:
    done = bundle.python(interpreter)
    assert (done.returncode, done.stderr) == (0, "")
    assert "すべて一致しました" in done.stdout
    assert "Everything fits." in done.stdout
    assert bundle.fingerprint() in done.stdout
    for told in ("CG-2026-0001", "鈴木一郎", "clip-01.mp4", "front door"):
        assert told in done.stdout
    bundle.flip("clip-02.mp4")
    done = bundle.python(interpreter)
    assert (done.returncode, done.stderr) == (1, "")
    assert "NG" in done.stdout
    assert "clip-02.mp4" in done.stdout
    assert "SHA256:" not in done.stdout


FLIPPED = {
    "clip-01.mp4": {"sha256sum", "verify.py"},
    "clip-02.mp4": {"sha256sum", "verify.py"},
    "clip-01.json": {"sha256sum", "verify.py"},
    "clip-01.json.sig": {"sha256sum", "verify.py"},
    "manifest.json": {"sha256sum", "verify.py"},
    "ledger-extract.txt": {"sha256sum", "verify.py"},
    "ledger-entries.jsonl": {"sha256sum", "verify.py"},
    "README.html": {"sha256sum", "verify.py"},
    "SHA256SUMS": {"sha256sum", "openssl", "ssh-keygen", "verify.py"},
    "SHA256SUMS.ed25519": {"openssl", "verify.py"},
    "SHA256SUMS.sig": {"ssh-keygen", "verify.py"},
    "public-key.pem": {"sha256sum", "openssl", "verify.py"},
    "allowed_signers": {"sha256sum", "ssh-keygen", "verify.py"},
    "verify.html": {"sha256sum", "verify.py"},
}


async def test_one_flipped_byte_anywhere_is_noticed(bundle: Bundle, tmp_path: Path) -> None:
    for name, failing in FLIPPED.items():
        flipped = bundle.copy(tmp_path / name)
        flipped.flip(name, min(60, (flipped.folder / name).stat().st_size - 1))
        assert {program for program, right in flipped.verdicts().items() if not right} == failing, name


async def test_changes_that_were_hidden_from_the_list_of_hashes(bundle: Bundle, tmp_path: Path) -> None:
    """Somebody who can write the folder can write SHA256SUMS anew: then both of its signatures tell."""
    for name in FLIPPED.keys() - {
        "SHA256SUMS",
        "SHA256SUMS.ed25519",
        "SHA256SUMS.sig",
        "public-key.pem",
        "allowed_signers",
    }:
        flipped = bundle.copy(tmp_path / name)
        flipped.flip(name, min(60, (flipped.folder / name).stat().st_size - 1))
        flipped.relist()
        assert flipped.verdicts() == {"sha256sum": True, "openssl": False, "ssh-keygen": False, "verify.py": False}, (
            name
        )


def _swap(bundle: Bundle) -> None:
    one, two = bundle.folder / "clip-01.mp4", bundle.folder / "clip-02.mp4"
    one.rename(bundle.folder / "x")
    two.rename(one)
    (bundle.folder / "x").rename(two)


def _retell(bundle: Bundle, **changes: Any) -> None:
    path = bundle.folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest["clips"][0] |= changes
    path.write_bytes(canonical_json(manifest))


TAMPERED: dict[str, Callable[[Bundle], object]] = {
    "another video": lambda bundle: (bundle.folder / "clip-01.mp4").write_bytes(b"another"),
    "videos swapped": _swap,
    "a video removed": lambda bundle: (bundle.folder / "clip-02.mp4").unlink(),
    "a video added": lambda bundle: (bundle.folder / "clip-03.mp4").write_bytes(b"made up"),
    "dates in the letter": lambda bundle: (bundle.folder / "README.html").write_text(
        (bundle.folder / "README.html").read_text("utf-8").replace("2026-11-24", "2026-11-20"), "utf-8"
    ),
    "local times": lambda bundle: _retell(bundle, start_local="2026-11-24T20:00:00.000+09:00"),
    "times": lambda bundle: _retell(bundle, start_us=NOW_US - SECOND),
    "another camera": lambda bundle: _retell(bundle, camera="Another"),
}
"""What was done to a folder, before its list was made anew."""


@pytest.mark.parametrize("how", TAMPERED)
async def test_tampering_by_tool(bundle: Bundle, how: str) -> None:
    """docs/design/attacks.md has the table."""
    TAMPERED[how](bundle)
    assert bundle.python().returncode == 1
    bundle.relist()
    verdicts = bundle.verdicts()
    assert verdicts == {"sha256sum": True, "openssl": False, "ssh-keygen": False, "verify.py": False}
    # signed by another key, which comes along: only the paper tells
    before = bundle.fingerprint()
    bundle.resign(Ed25519PrivateKey.generate(), replace=True)
    assert bundle.verdicts() | {"verify.py": False} == {
        "sha256sum": True, "openssl": True, "ssh-keygen": True, "verify.py": False,
    }  # fmt: skip
    assert bundle.fingerprint() != before


async def test_a_foreign_key_beside_the_genuine_one(bundle: Bundle) -> None:
    bundle.resign(Ed25519PrivateKey.generate())
    assert bundle.verdicts() == {"sha256sum": True, "openssl": False, "ssh-keygen": False, "verify.py": False}
    key = Ed25519PrivateKey.generate()
    (bundle.folder / "public-key.pem").write_bytes(public_key_pem(key.public_key()))
    bundle.resign(key)
    assert bundle.verdicts() == {"sha256sum": True, "openssl": True, "ssh-keygen": False, "verify.py": False}


async def test_times_that_do_not_fit_each_other(desk: Desk, bundle: Bundle, tmp_path: Path) -> None:
    """Signed by the right key: an operator's own mistake, or worse."""
    key = Ed25519PrivateKey.from_private_bytes(desk.vault.keyring._sign.private_bytes_raw())
    for number, changes in enumerate(
        (
            {"start_local": "2026-11-24T20:00:00.000+09:00"},
            {"start": "2026-11-24T12:00:00.001Z"},
            {"start_us": NOW_US - SECOND, "start": "2026-11-24T11:59:59.000Z"},
            {"kind": "extract"},
            {"end_us": NOW_US},
        )
    ):
        changed = bundle.copy(tmp_path / str(number))
        _retell(changed, **changes)
        changed.resign(key)
        assert changed.openssl()
        done = changed.python()
        assert done.returncode == 1, changes
        assert [line[:2] for line in done.stdout.splitlines()].count("NG") in {1, 2}


async def test_missing_and_added_files_are_noticed(bundle: Bundle, tmp_path: Path) -> None:
    for name in bundle.names() - {"verify.py"}:
        changed = bundle.copy(tmp_path / f"without-{name}")
        (changed.folder / name).unlink()
        assert changed.python().returncode == 1, name
        assert name.startswith("SHA256SUMS.") or not changed.sha256sum(), name
    added = bundle.copy(tmp_path / "added")
    (added.folder / "clip-03.mp4").write_bytes(b"made up")
    assert "clip-03.mp4" in added.python().stdout
    assert added.python().returncode == 1
    (added.folder / "clip-03.mp4").rename(added.folder / "\x1b[2J")
    assert "\x1b" not in added.python().stdout, "no name may write over what the terminal shows"
    assert added.python().returncode == 1


async def test_what_systems_leave_in_folders_is_no_alarm(bundle: Bundle) -> None:
    (bundle.folder / "._x").mkdir()
    for name in (".DS_Store", "._clip-01.mp4", "Thumbs.db", "desktop.ini", "._x/y"):
        (bundle.folder / name).write_bytes(b"\0")
    done = bundle.python()
    assert done.returncode == 0
    assert ".DS_Store, ._clip-01.mp4, ._x/y, Thumbs.db, desktop.ini" in done.stdout, "ignored, and told"
    (bundle.folder / "deeper").mkdir()
    (bundle.folder / "deeper" / "clip-01.mp4").write_bytes(b"made up")
    assert "deeper/clip-01.mp4" in bundle.python().stdout


async def test_another_line_ending_is_another_list(bundle: Bundle) -> None:
    path = bundle.folder / "SHA256SUMS"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    verdicts = bundle.verdicts()
    assert not verdicts["openssl"]
    assert not verdicts["ssh-keygen"]
    assert not verdicts["verify.py"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"clips":1}',
        "[" * 100_000,
        '{"clips":[{}],"files":{},"ledger":{}}',
        '{"clips":"x"}',
        "\0",
    ],
)
async def test_verify_py_takes_any_manifest_for_what_it_is(bundle: Bundle, text: str) -> None:
    (bundle.folder / "manifest.json").write_text(text)
    done = bundle.python()
    assert (done.returncode, done.stderr) == (1, "")
    assert "NG" in done.stdout


async def test_a_ledger_entry_of_other_clips_is_noticed(desk: Desk, bundle: Bundle, tmp_path: Path) -> None:
    """Signed by the right key all of it, as the operator could: the videos have to be those that the ledger tells of."""
    other = await desk.bundle(tmp_path / "other", desk.put(b"other clip " * 9_000))
    for name in ("ledger-extract.txt", "ledger-entries.jsonl"):
        shutil.copy(other.folder / name, bundle.folder / name)
    manifest = json.loads((bundle.folder / "manifest.json").read_bytes())
    manifest["ledger"] = json.loads((other.folder / "manifest.json").read_bytes())["ledger"]
    (bundle.folder / "manifest.json").write_bytes(canonical_json(manifest))
    bundle.resign(Ed25519PrivateKey.from_private_bytes(desk.vault.keyring._sign.private_bytes_raw()))
    assert (bundle.sha256sum(), bundle.openssl(), bundle.ssh()) == (True, True, True)
    done = bundle.python()
    assert [line[:2] for line in done.stdout.splitlines() if line[:2] in {"OK", "NG"}] == ["OK", "OK", "OK", "OK", "NG"]


async def test_names_and_times_tell_nothing_but_what_they_must(desk: Desk, tmp_path: Path) -> None:
    offer = await desk.export(desk.put(), form=Form.HAND_OVER)
    archive = await desk.fetch(offer)
    unpack(archive, tmp_path / "recipient", offer)
    path = tmp_path / "recipient" / "CG-2026-0001.zip"
    program = shutil.which("7zz") or "7z"
    listed = subprocess.run([program, "l", "-slt", path], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^Path = (CG.*)$", listed, re.MULTILINE)
    assert len(names) == 14
    assert all(re.fullmatch(r"CG-2026-0001/[A-Za-z0-9._-]+", name) for name in names)
    assert set(re.findall(r"^Modified = (.*)$", listed, re.MULTILINE)) == {"2026-11-24 21:00:00"}, (
        "when it was exported"
    )
    assert offer.password is None


# --- what is written down


async def test_it_is_written_down_before_anything_leaves(desk: Desk) -> None:
    one, two = desk.put(), desk.put(b"other " * 9_000)
    offer = await desk.export(two, one, two)
    assert desk.vault.paths.ledger.read_bytes().count(b'"event":"disclosing"') == 1
    (told,) = desk.entries("disclosing")
    salt, *_ = told.pop("salt"), told.pop("seq")
    assert len(salt) == 32
    assert told.pop("contents") == [
        {key: getattr(desk.vault.index.get(clip_id), key) for key in ("sha256", "start_us", "end_us")}
        for clip_id in sorted((one, two))
    ]
    assert told == {
        "event": "disclosing", "time_us": NOW_US, "disclosure_id": "CG-2026-0001", "legal_basis": "investigation",
        "recipient_name": "鈴木一郎", "recipient_organization": "熊谷警察署 刑事課", "request_reference": "熊刑発第118号",
        "purpose": "自転車盗難事件の捜査", "form": "sealed_zip", "clip_ids": sorted((one, two)),
        "private": told["private"],
    }  # fmt: skip
    assert offer.password
    assert offer.password.encode() not in desk.vault.paths.ledger.read_bytes()
    assert desk.entries("disclosed") == desk.entries("disclosure_aborted") == []
    archive = await desk.fetch(offer, Actor(user_id="u2", name="次郎"))
    (done,) = desk.entries("disclosed")
    assert (done["bytes"], done["reason"], done["user_id"]) == (len(archive), "", "u2")
    assert done["list_sha256"] == offer.list_sha256
    assert offer.take_password() == offer.password
    assert offer.take_password() is None


async def test_nothing_leaves_that_cannot_be_written_down(desk: Desk) -> None:
    clip_id = desk.put()
    with ledger_full(desk.vault), pytest.raises(StorageError, match="ledger_not_written"):
        await desk.export(clip_id)
    with pytest.raises(NotFoundError):
        desk.disclosure.offer("CG-2026-0001")


async def test_a_broken_download_can_be_repeated(desk: Desk, tmp_path: Path) -> None:
    offer = await desk.export(desk.put(bytes(2_000_000)))
    download = desk.disclosure.fetch(offer, BY)
    first = await anext(download)
    await download.aclose()
    archive = await desk.fetch(offer)
    assert unpack(archive, tmp_path / "recipient", offer).python().returncode == 0
    (broken,), (whole,) = desk.entries("disclosure_aborted"), desk.entries("disclosed")
    assert (broken["bytes"], broken["reason"]) == (len(first), "connection")
    assert whole["bytes"] == offer.size_bytes
    assert broken["seq"] < whole["seq"]
    assert not offer.downloads


async def test_a_cancelled_download_is_written_down(desk: Desk) -> None:
    offer = await desk.export(desk.put(bytes(3_000_000)))

    async def slowly() -> None:
        async for _ in desk.disclosure.fetch(offer, BY):
            await asyncio.sleep(0.01)

    for _ in range(3):
        task = asyncio.create_task(slowly())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    for _ in range(100):
        if len(desk.entries("disclosure_aborted")) == 3:
            break
        await asyncio.sleep(0.02)
    assert [entry["reason"] for entry in desk.entries("disclosure_aborted")] == ["connection"] * 3
    assert await desk.fetch(offer)


async def test_an_offer_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clip_id = desk.put()
    never, once = await desk.export(clip_id), await desk.export(clip_id)
    assert 3590 < never.seconds_left <= 3600
    await desk.fetch(once)
    assert desk.disclosure.offer("CG-2026-0001") is never
    await desk.disclosure.sweep()
    assert desk.disclosure.offer("CG-2026-0002") is once
    never.expires_at = once.expires_at = time.monotonic()
    for _ in range(2):
        for number in ("CG-2026-0001", "CG-2026-0002"):
            with pytest.raises(ErasedError, match="disclosure_expired"):
                desk.disclosure.offer(number)
        await desk.disclosure.sweep()
    with pytest.raises(NotFoundError, match="disclosure_not_found"):
        desk.disclosure.offer("CG-2026-0003")
    with pytest.raises(ErasedError, match="disclosure_expired"):
        await desk.fetch(never)
    told = [(entry["disclosure_id"], entry["bytes"], entry["reason"]) for entry in desk.entries("disclosure_aborted")]
    assert told == [
        ("CG-2026-0001", 0, "disclosure_expired"),  # nobody fetched it
        ("CG-2026-0001", 0, "disclosure_expired"),  # somebody tried too late
    ]


async def test_a_download_that_began_in_time_may_end(desk: Desk) -> None:
    offer = await desk.export(desk.put(bytes(1_000_000)))
    download = desk.disclosure.fetch(offer, BY)
    sent = len(await anext(download))
    offer.expires_at = time.monotonic()
    await desk.disclosure.sweep()
    sent += sum([len(piece) async for piece in download])
    assert sent == offer.size_bytes
    assert len(desk.entries("disclosed")) == 1
    await desk.disclosure.sweep()
    assert desk.entries("disclosure_aborted") == []


async def test_the_end_of_camguard_ends_downloads_and_says_so(desk: Desk) -> None:
    clip_id = desk.put(bytes(1_000_000))
    offer, other = await desk.export(clip_id), await desk.export(clip_id)
    download = desk.disclosure.fetch(offer, BY)
    await anext(download)
    await desk.disclosure.close()
    told = {entry["disclosure_id"]: entry for entry in desk.entries("disclosure_aborted")}
    assert told[offer.disclosure_id]["reason"] == told[other.disclosure_id]["reason"] == "stopped"
    assert told[offer.disclosure_id]["bytes"] > 0
    assert told[other.disclosure_id]["bytes"] == 0
    desk.vault.ledger.close()  # as it is soon after
    with pytest.raises(ErasedError):
        await anext(download)
    assert len(desk.entries("disclosure_aborted")) == 2, "told once"


async def test_a_full_ledger_keeps_nothing_from_ending(desk: Desk) -> None:
    clip_id = desk.put()
    offers = [await desk.export(clip_id) for _ in range(2)]
    altered = desk.put()
    seal_anew(desk, altered, b"made up")
    with ledger_full(desk.vault):
        with pytest.raises(StorageError, match="ledger_not_written"):
            await desk.export(altered)
        assert desk.altered == [altered], "heard of all the same"
        await desk.disclosure.close()
    for offer in offers:
        with pytest.raises(ErasedError):
            desk.disclosure.offer(offer.disclosure_id)


async def test_numbers_run_on(desk: Desk, tmp_path: Path) -> None:
    clip_id = desk.put()
    offers = await asyncio.gather(*(desk.export(clip_id) for _ in range(4)))
    assert {offer.disclosure_id for offer in offers} == {f"CG-2026-000{number}" for number in range(1, 5)}
    desk.vault.close()
    again = Desk.begin(tmp_path / "config")
    assert (await again.export(clip_id)).disclosure_id == "CG-2026-0005", "after a restart too"
    again.clock.wall_us += 60 * 86_400 * SECOND
    assert (await again.export(clip_id)).disclosure_id == "CG-2027-0001"
    again.vault.close()


async def test_others_disclosures_stay_secret(desk: Desk, tmp_path: Path) -> None:
    one, two = desk.put(), desk.put(b"other " * 9_000)
    journalist = Recipient(name="Katagiri Secret", organization="Insurance Secret", request_reference="S-1")
    viewer = Actor(user_id="secret-user", name="Secret Viewer")
    await desk.fetch(await desk.export(one, recipient=journalist, purpose="Secret purpose", by=viewer), viewer)
    desk.vault.ledger.append(Event.VIEWED, viewer.facts | {"clip_id": one, "note": "Secret"}, NOW_US)
    await desk.fetch(await desk.export(two, recipient=journalist, by=viewer), viewer)
    bundle = await desk.bundle(tmp_path / "recipient", one)
    assert bundle.python().returncode == 0
    for path in bundle.folder.iterdir():
        content = path.read_bytes()
        assert b"ecret" not in content.replace(b"SecretKey", b""), path.name
        assert two.encode() not in content, path.name
    lines = (bundle.folder / "ledger-extract.txt").read_text().splitlines()
    assert len(lines) == desk.vault.ledger.seq - 2, "the whole chain from the clip on, in digests"
    entries = [json.loads(line) for line in (bundle.folder / "ledger-entries.jsonl").read_text().splitlines()]
    assert [entry["event"] for entry in entries] == ["recorded", "disclosing"]
    # What a shell can say of the chain, with nothing but sha256sum.
    script = 'while read -r seq bh told; do head=$(printf "%s %s\\n" "$head" "$bh" | sha256sum | cut -d" " -f1); [ "$head" = "$told" ] || exit 1; done'
    done = subprocess.run(
        ["bash", "-c", f"read -r _ _ head; {script}"], input="\n".join(lines) + "\n", text=True, check=False
    )
    assert done.returncode == 0


async def test_no_more_goes_out_than_the_purpose_needs(desk: Desk, tmp_path: Path) -> None:
    """Not what triggered it, nor the neighbour's name in a reason, nor zones, nor who exported (guideline 2(6))."""
    clip_id = desk.put(camera_id="camera-of-the-gate")
    full = desk.vault.manifest(clip_id).manifest
    bundle = await desk.bundle(tmp_path / "recipient", clip_id)
    said = [
        full.clip.trigger.reason or "", full.clip.camera_id, *(text for zone in full.zones for text in zone),
        BY.name, str(BY.user_id), "retention_days", "trigger", "user_id",
    ]  # fmt: skip
    assert "by hand" in said
    for path in bundle.folder.glob("*.json*"):
        content = path.read_text("utf-8", "replace")
        for text in said:
            assert f'"{text}"' not in content, (path.name, text)
    record = json.loads((bundle.folder / "clip-01.json").read_bytes())
    assert len(record["private_sha256"]) == 64
    # what is opened on request fits
    private = next(entry["private"] for entry in desk.entries("disclosing"))
    entry = json.loads((bundle.folder / "ledger-entries.jsonl").read_text().splitlines()[-1])
    assert entry["private_sha256"] == hashlib.sha256(canonical_json(private)).hexdigest()
    assert private["user_name"] == BY.name


# --- what is refused


def seal_anew(desk: Desk, clip_id: ClipId, content: bytes) -> None:
    """Put other content into a clip, as somebody could who has its key."""
    recipient = desk.vault.keyring.clip(clip_id).recipient
    with desk.vault.paths.clip(clip_id).open("wb") as file, SealedWriter(file, recipient) as writer:
        writer.write(content)


async def test_a_clip_that_was_altered_stays_here(desk: Desk) -> None:
    fine, clip_id = desk.put(), desk.put(bytes(300_000))
    path = desk.vault.paths.clip(clip_id)
    data = bytearray(path.read_bytes())
    data[150_000] ^= 1
    path.write_bytes(data)
    with pytest.raises(IntegrityError, match="clip_altered"):
        await desk.export(fine, clip_id)
    assert desk.entries("disclosing") == []
    (anomaly,) = desk.entries("anomaly")
    assert anomaly["problems"] == [f"clip_altered {clip_id} sealed_altered"]
    assert desk.altered == [clip_id]


async def test_a_clip_that_isnt_the_one_its_record_tells_of(desk: Desk) -> None:
    """Sealed anew with the right key, as somebody could who has it: its hash tells."""
    clip_id = desk.put()
    seal_anew(desk, clip_id, b"made up")
    with pytest.raises(IntegrityError, match="clip_altered"):
        await desk.export(clip_id)
    assert desk.altered == [clip_id]


async def test_a_clip_that_is_altered_after_the_offer(desk: Desk) -> None:
    content = bytes(1_000_000)
    clip_id = desk.put(content)
    offer = await desk.export(clip_id)
    seal_anew(desk, clip_id, content[:-1] + b"\1")
    sent = 0
    with pytest.raises(IntegrityError, match="clip_altered"):
        async for piece in desk.disclosure.fetch(offer, BY):
            sent += len(piece)
    assert sent < offer.size_bytes - 60_000, "its end is held back"
    (aborted,) = desk.entries("disclosure_aborted")
    assert aborted["reason"] == "clip_altered"
    assert len(desk.entries("anomaly")) == 1
    assert desk.altered == [clip_id]


async def test_a_clip_whose_file_is_gone(desk: Desk) -> None:
    clip_id = desk.put()
    offer = await desk.export(clip_id)
    desk.vault.paths.clip(clip_id).unlink()
    with pytest.raises(StorageError, match="clip_file_missing"):
        await desk.export(clip_id)
    with pytest.raises(StorageError, match="clip_file_missing"):
        await desk.fetch(offer)
    assert desk.altered == []


async def test_an_erased_clip(desk: Desk) -> None:
    clip_id, other = desk.put(), desk.put()
    offer = await desk.export(other, clip_id)
    desk.vault.erase([clip_id], "expired", NOW_US)
    with pytest.raises(NotFoundError):
        await desk.export(clip_id)
    pieces = []
    with pytest.raises(ErasedError, match="clip_erased"):
        pieces = [piece async for piece in desk.disclosure.fetch(offer, BY)]
    assert pieces == []
    (aborted,) = desk.entries("disclosure_aborted")
    assert (aborted["bytes"], aborted["reason"]) == (0, "clip_erased")
    await desk.disclosure.sweep()
    with pytest.raises(ErasedError):
        desk.disclosure.offer(offer.disclosure_id)


async def test_a_clip_whose_time_is_over(desk: Desk) -> None:
    clip_id = desk.put()
    offer = await desk.export(clip_id)
    desk.due.add(clip_id)
    with pytest.raises(ErasedError, match="clip_erased"):
        await desk.export(clip_id)
    with pytest.raises(ErasedError, match="clip_erased"):
        await desk.fetch(offer)
    with pytest.raises(InvalidError, match="range_empty"):
        await desk.export(camera_id="camera", start_us=NOW_US, end_us=NOW_US + SECOND)
    desk.due.clear()
    assert await desk.fetch(offer), "held in the meantime"


async def test_erasing_ends_a_download(desk: Desk) -> None:
    clip_id = desk.put(bytes(5_000_000))
    offer = await desk.export(clip_id)
    download = desk.disclosure.fetch(offer, BY)
    sent = len(await anext(download)) + len(await anext(download))
    await asyncio.to_thread(desk.vault.erase, [clip_id], "expired", NOW_US)
    with pytest.raises(ErasedError, match="clip_erased"):
        await anext(download)
    (aborted,) = desk.entries("disclosure_aborted")
    assert (aborted["bytes"], aborted["reason"]) == (sent, "clip_erased")
    assert sent < 600_000


async def test_clips_that_arent_there(desk: Desk) -> None:
    desk.put()
    with pytest.raises(NotFoundError, match="clip_not_found"):
        await desk.export(ClipId("0" * 32))
    for camera, start_us, end_us in (
        ("camera", 0, 1),
        ("camera", NOW_US + 10 * SECOND, NOW_US + 20 * SECOND),
        ("camera", NOW_US + 5 * SECOND, NOW_US + 5 * SECOND),
        ("camera", NOW_US + 5 * SECOND, NOW_US),
        ("another", NOW_US, NOW_US + 5 * SECOND),
    ):
        with pytest.raises(InvalidError, match="range_empty"):
            await desk.export(camera_id=camera, start_us=start_us, end_us=end_us)
    assert desk.entries("disclosing") == []


async def test_too_much_is_refused_before_it_is_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = desk.vault.index.get(desk.put())
    assert clip
    part = whole_part(desk.vault, clip, 0)
    huge = replace(part, size_bytes=(2 << 30) - 100_000)
    check_size([part] * 1000, 400_000, None)
    for parts in ([huge, huge], [replace(part, size_bytes=LIMIT_BYTES)], [part] * 2001):
        for password in (None, "x" * 23):
            with pytest.raises(InvalidError, match="bundle_too_large"):
                check_size(parts, 10, password)
    # And where it is asked: in the way of a disclosure.
    monkeypatch.setattr("custom_components.camguard.vault.documents.archive.LIMIT_BYTES", 1 << 20)
    with pytest.raises(InvalidError, match="bundle_too_large"):
        await desk.export(clip.clip_id)
    assert desk.entries("disclosing") == []


async def test_what_fails_after_it_was_written_down_is_written_down_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("custom_components.camguard.app.disclosure.bundles.TOOLS", tmp_path / "gone")
    with pytest.raises(OSError, match="verify"):
        await desk.export(desk.put())
    (aborted,) = desk.entries("disclosure_aborted")
    assert (aborted["disclosure_id"], aborted["bytes"], aborted["reason"]) == ("CG-2026-0001", 0, "FileNotFoundError")


# --- what people write


class Text(HTMLParser):
    """A page's words and tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.words = ""
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    @classmethod
    def of(cls, bundle: Bundle) -> Text:
        return cls((bundle.folder / "README.html").read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("form", Form)
async def test_markup_stays_text(tmp_path: Path, form: Form) -> None:
    desk = Desk.begin(tmp_path / "config")
    clip_id = put_clip(desk.vault, "camera", NOW)
    recipient = parse_recipient(SCRIPT, SCRIPT, SCRIPT)
    bundle = await desk.bundle(tmp_path / "out", clip_id, form=form, recipient=recipient, purpose=f"{SCRIPT}\n二行目")
    desk.vault.close()
    text = Text.of(bundle)
    assert not text.tags & {"script", "img", "iframe", "object", "link", "form", "a"}
    assert not {name for name in text.attributes if name.startswith("on")} | text.attributes & {"src", "href"}
    assert text.words.count(SCRIPT) >= 4
    assert bundle.verdicts() == dict.fromkeys(("sha256sum", "openssl", "ssh-keygen", "verify.py"), True)
    assert json.loads((bundle.folder / "manifest.json").read_bytes())["recipient"]["name"] == SCRIPT
    assert ("AES-256" in text.words) == (form is Form.SEALED_ZIP)


@pytest.mark.parametrize("basis", LegalBasis)
async def test_the_letter_says_what_it_must(desk: Desk, tmp_path: Path, basis: LegalBasis) -> None:
    text = Text.of(await desk.bundle(tmp_path / "recipient", desk.put(), legal_basis=basis))
    for word in (
        "CG-2026-0001", "星川町内会", "048-000-0000", "熊谷警察署 刑事課", "鈴木一郎", "熊刑発第118号", "自転車盗難事件の捜査",
        "受領書", "receipt", "2026-11-24 21:00:00.000 +09:00", "front door", "clip-01.mp4", "OpenSSH 8.1",
        f"ガイドライン 2(6){ {'law': 'ア', 'investigation': 'イ', 'emergency': 'ウ'}[basis]}",
    ):  # fmt: skip
        assert word in text.words, word
    assert "抜粋" not in text.words
    assert "時計のずれ" not in text.words


async def test_a_clock_that_was_wrong_is_told_to_the_recipient(desk: Desk, tmp_path: Path) -> None:
    ahead, behind, right = desk.put(), desk.put(), desk.put()
    desk.clock_errors_us = {ahead: 30 * 86_400 * SECOND + 3_600 * SECOND, behind: -5 * 3_600 * SECOND}
    bundle = await desk.bundle(tmp_path / "recipient", ahead, behind, right)
    told = json.loads((bundle.folder / "manifest.json").read_bytes())["clips"]
    assert sorted(clip["clock_error_us"] // (3_600 * SECOND) for clip in told) == [-5, 0, 30 * 24 + 1]
    words = Text.of(bundle).words
    for word in (
        "時計のずれ: 30日1時間の進み", "Clock error: 30 d 1 h ahead",
        "時計のずれ: 0日5時間の遅れ", "Clock error: 0 d 5 h behind", "録画した時に機器の時計が示していた",
    ):  # fmt: skip
        assert word in words, word
    assert words.count("時計のずれ: ") == 2


REFUSED: list[tuple[str, Any, str]] = [
    ("recipient_name", None, "missing"),
    ("recipient_name", "", "missing"),
    ("recipient_name", " \n\u3000", "missing"),
    ("recipient_name", 5, "missing"),
    ("recipient_name", "あ" * 10_000, "too_long"),
    ("recipient_name", "あ" * 201, "too_long"),
    ("recipient_name", "a\0b", "unreadable"),
    ("recipient_name", "a\x1bb", "unreadable"),
    ("recipient_name", "a\x85b", "unreadable"),
    ("recipient_name", "\ud800", "unreadable"),
    ("recipient_name", "Suzuki \u202eichirO", "unreadable"),
    ("recipient_name", "a\u2067b", "unreadable"),
    ("purpose", "x" * 2001, "too_long"),
]


@pytest.mark.parametrize(("field", "value", "why"), REFUSED)
def test_texts_that_are_refused(field: str, value: Any, why: str) -> None:
    with pytest.raises(InvalidError, match=f"disclosure_field_{why}"):
        parse_text(field, value)


def test_texts_are_tidied() -> None:
    assert parse_recipient(" か\u3099 ", None, "") == Recipient(name="が", organization="", request_reference="")
    assert parse_text("purpose", "a\nb\tc ") == "a\nb\tc"
    for field, limit in TEXT_MAX.items():
        assert parse_text(field, "字" * limit) == "字" * limit


def test_a_disclosure_needs_a_legal_basis() -> None:
    for wrong in ("", "curiosity", "LAW", None):
        with pytest.raises(ValueError, match="is not a valid LegalBasis"):
            LegalBasis(wrong)


# --- keys that were replaced


async def test_a_clip_of_an_earlier_signing_key(desk: Desk, tmp_path: Path) -> None:
    old = public_key_text(desk.vault.keyring.public_key)
    clip_id = desk.put()
    desk.vault.close()
    desk.vault.paths.sign_key.unlink()
    again = Desk.begin(tmp_path / "config")
    assert public_key_text(again.vault.keyring.public_key) != old
    bundle = await again.bundle(tmp_path / "recipient", clip_id, again.put())
    again.vault.close()
    (name,) = {name for name in bundle.names() if name.endswith("-public-key.pem")}
    record = json.loads((bundle.folder / f"{name.removesuffix('-public-key.pem')}.json").read_bytes())
    assert record["clip"]["clip_id"] == clip_id
    assert bundle.verdicts() == dict.fromkeys(("sha256sum", "openssl", "ssh-keygen", "verify.py"), True)


# --- extracts


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ClipId, int]:
    """A vault with a clip of 8 seconds that a real worker made: (config folder, clip, its start in µs)."""
    folder = tmp_path_factory.mktemp("recorded")
    desk = Desk.begin(folder / "config")
    clip_id = ClipId("c" * 32)
    identity, spool = desk.vault.prepare(clip_id)
    source = film(folder / "film.ts", *X264, seconds=20)
    order = ClipOrder(folder / "unused", clip_id)
    order.clip, order.spool = identity, spool
    paths = desk.vault.paths
    order.spool_path, order.clip_path = paths.spool_file(clip_id), paths.clip(clip_id)
    order.thumbnail_path = paths.thumbnail(clip_id)
    meta = {
        "camera_id": "camera", "camera_name": "玄関", "place": "玄関前", "purpose": "防犯", "operator": "星川町内会",
        "zones": [], "trigger": {"kind": "action", "entity_id": None, "reason": None}, "retention_days": 14,
        "follows": None, "software": "CamGuard",
    }  # fmt: skip
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration())
        streaming(driver)
        driver.send(order.start(now_us(), now_us() + 8 * SECOND, **meta))
        driver.wait(ClipStarted)
        finished = driver.wait(ClipFinished, timeout=40)
    manifest = manifest_of(finished, 5)
    desk.vault.store(manifest, manifest.clip.end_us)
    desk.vault.close()
    return folder / "config", clip_id, manifest.clip.start_us


@pytest.fixture
def filmed(recorded: tuple[Path, ClipId, int], tmp_path: Path) -> Iterator[tuple[Desk, ClipId, int]]:
    """A copy of that vault."""
    config, clip_id, start_us = recorded
    shutil.copytree(config, tmp_path / "config")
    desk = Desk.begin(tmp_path / "config")
    yield desk, clip_id, start_us
    desk.vault.close()


async def test_a_time_gives_an_extract_beside_the_wholes_hash(filmed: tuple[Desk, ClipId, int], tmp_path: Path) -> None:
    desk, clip_id, start_us = filmed
    sealed = desk.vault.paths.clip(clip_id).read_bytes()
    offer = await desk.export(camera_id="camera", start_us=start_us + 3 * SECOND, end_us=start_us + 5 * SECOND)
    (extract,) = desk.vault.paths.extracts.iterdir()
    assert b"moov" not in extract.read_bytes(), "sealed while it waits"
    bundle = unpack(await desk.fetch(offer), tmp_path / "recipient", offer)
    assert bundle.verdicts() == dict.fromkeys(("sha256sum", "openssl", "ssh-keygen", "verify.py"), True)
    (clip,) = json.loads((bundle.folder / "manifest.json").read_bytes())["clips"]
    record = json.loads((bundle.folder / "clip-01.json").read_bytes())
    whole = desk.vault.index.get(clip_id)
    assert whole
    assert clip["kind"] == "extract"
    assert clip["sha256"] != clip["whole"]["sha256"] == record["clip"]["sha256"] == whole.sha256
    assert start_us <= clip["start_us"] <= start_us + 3 * SECOND
    assert start_us + 5 * SECOND - 1000 <= clip["end_us"] <= start_us + 5.5 * SECOND
    (video,) = probe((bundle.folder / "clip-01.mp4").read_bytes(), tmp_path)
    assert float(str(video["duration"])) == pytest.approx((clip["end_us"] - clip["start_us"]) / SECOND, abs=0.02)
    assert desk.vault.paths.clip(clip_id).read_bytes() == sealed
    text = Text.of(bundle)
    assert "抜粋" in text.words
    assert whole.sha256 in text.words
    assert "塗りつぶされています" not in text.words, "this camera has no zones"
    # What was cut goes with the offer.
    offer.expires_at = time.monotonic()
    await desk.disclosure.sweep()
    assert list(desk.vault.paths.extracts.iterdir()) == []


async def test_nearly_all_of_a_clip_is_given_whole(filmed: tuple[Desk, ClipId, int]) -> None:
    desk, clip_id, start_us = filmed
    clip = desk.vault.index.get(clip_id)
    assert clip
    offer = await desk.export(camera_id="camera", start_us=start_us + SECOND // 2, end_us=clip.end_us + SECOND)
    assert offer.parts[0].sha256 == clip.sha256
    assert not desk.vault.paths.extracts.exists()


async def test_a_time_over_several_clips(filmed: tuple[Desk, ClipId, int], tmp_path: Path) -> None:
    """The first is cut, the second whole, a third camera's isn't in it."""
    desk, _, start_us = filmed
    later = put_clip(desk.vault, "camera", NOW + timedelta(days=3000))
    desk.put(camera_id="other")
    second = desk.vault.index.get(later)
    assert second
    bundle = await desk.bundle(
        tmp_path / "recipient", camera_id="camera", start_us=start_us + 4 * SECOND, end_us=second.end_us
    )
    clips = json.loads((bundle.folder / "manifest.json").read_bytes())["clips"]
    assert [clip["kind"] for clip in clips] == ["extract", "whole"]
    assert bundle.python().returncode == 0


async def test_a_failed_export_leaves_no_extract(filmed: tuple[Desk, ClipId, int]) -> None:
    desk, _, start_us = filmed
    desk.vault.ledger.append(Event.VIEWED, {"note": "x" * 3_000_000}, NOW_US)  # no file may grow beyond: extracts may
    with ledger_full(desk.vault), pytest.raises(StorageError, match="ledger_not_written"):
        await desk.export(camera_id="camera", start_us=start_us + 3 * SECOND, end_us=start_us + 5 * SECOND)
    assert list(desk.vault.paths.extracts.iterdir()) == []


async def test_a_cancelled_export_leaves_no_extract_and_no_open_entry(filmed: tuple[Desk, ClipId, int]) -> None:
    desk, _, start_us = filmed
    cancelled = 0
    for wait in (0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8):
        task = asyncio.create_task(
            desk.export(camera_id="camera", start_us=start_us + 3 * SECOND, end_us=start_us + 5 * SECOND)
        )
        await asyncio.sleep(wait)
        if not task.cancel():
            break
        with pytest.raises(asyncio.CancelledError):
            await task
        cancelled += 1
        extracts = desk.vault.paths.extracts
        assert not extracts.exists() or list(extracts.iterdir()) == []
        assert len(desk.entries("disclosing")) == len(desk.entries("disclosure_aborted"))
    assert cancelled > 2


async def test_an_export_that_is_cancelled_when_it_is_written_down(desk: Desk) -> None:
    clip_id = desk.put()
    for wait in range(60):
        task = asyncio.create_task(desk.export(clip_id))
        await asyncio.sleep(wait / 3000)
        task.cancel()
        done, _ = await asyncio.wait([task])
        if not done.pop().cancelled():
            await desk.disclosure.close()
        assert len(desk.entries("disclosing")) == len(desk.entries("disclosure_aborted"))


async def test_a_worker_that_takes_too_long(filmed: tuple[Desk, ClipId, int], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, _, start_us = filmed
    monkeypatch.setattr("custom_components.camguard.app.disclosure.extracts.CUT_SECONDS", 0.05)
    with pytest.raises(WorkerError, match="worker_lost"):
        await desk.export(camera_id="camera", start_us=start_us + 3 * SECOND, end_us=start_us + 5 * SECOND)
    assert list(desk.vault.paths.extracts.iterdir()) == []
    assert desk.entries("disclosing") == []


async def test_a_time_at_the_very_end(filmed: tuple[Desk, ClipId, int]) -> None:
    desk, clip_id, start_us = filmed
    clip = desk.vault.index.get(clip_id)
    assert clip
    with pytest.raises(InvalidError, match="range_empty"):
        await desk.export(camera_id="camera", start_us=clip.end_us, end_us=clip.end_us + SECOND)
    offer = await desk.export(camera_id="camera", start_us=clip.end_us - 1000, end_us=clip.end_us + SECOND)
    assert clip.end_us - 30 <= offer.parts[0].end_us <= clip.end_us
    assert offer.parts[0].start_us > start_us


@pytest.mark.parametrize("ticks", [-1, 0, 1])
async def test_an_extract_to_the_end_never_ends_behind_its_clip(desk: Desk, ticks: int, tmp_path: Path) -> None:
    """An MP4's ticks are 11 µs: the end read off it may be behind the clip's, and verify.py took that for tampering."""
    clip = desk.vault.index.get(desk.put())
    assert clip
    path, identity = tmp_path / "extract", Identity.generate()
    with path.open("wb") as file, SealedWriter(file, identity.recipient) as writer:
        writer.write(b"film")
    length_us, digest = clip.end_us - clip.start_us, hashlib.sha256(b"film").hexdigest()
    cut = ClipCut(
        clip_id=clip.clip_id, from_us=SECOND, to_us=length_us + 11 * ticks, size_bytes=4, sha256=digest, frames=1
    )
    part = extract_part(desk.vault, whole_part(desk.vault, clip, 0), cut, path, identity)
    assert part.end_us == clip.end_us + min(11 * ticks, 0)


async def test_erasing_a_clip_ends_its_extracts(filmed: tuple[Desk, ClipId, int]) -> None:
    desk, clip_id, start_us = filmed
    offer = await desk.export(camera_id="camera", start_us=start_us + 3 * SECOND, end_us=start_us + 5 * SECOND)
    desk.vault.erase([clip_id], "expired", NOW_US)
    with pytest.raises(ErasedError, match="clip_erased"):
        await desk.fetch(offer)
    await desk.disclosure.sweep()
    assert list(desk.vault.paths.extracts.iterdir()) == []


async def test_an_extract_that_was_altered(filmed: tuple[Desk, ClipId, int]) -> None:
    desk, _, start_us = filmed
    offer = await desk.export(camera_id="camera", start_us=start_us + 3 * SECOND, end_us=start_us + 5 * SECOND)
    (path,) = desk.vault.paths.extracts.iterdir()
    data = bytearray(path.read_bytes())
    data[-30] ^= 1
    path.write_bytes(data)
    with pytest.raises(IntegrityError, match="bundle_member_changed"):
        await desk.fetch(offer)
    assert desk.altered == [], "the clip itself is fine"


async def test_a_restart_leaves_no_extract(filmed: tuple[Desk, ClipId, int], tmp_path: Path) -> None:
    desk, _, start_us = filmed
    await desk.export(camera_id="camera", start_us=start_us + 3 * SECOND, end_us=start_us + 5 * SECOND)
    shutil.copytree(tmp_path / "config", tmp_path / "after a power cut")
    again = Desk.begin(tmp_path / "after a power cut")
    assert list(again.vault.paths.extracts.iterdir()) == []
    again.vault.close()


# --- size

BIG = """
import asyncio, re, sys, time
from pathlib import Path
from tests.app.bundles import Desk
from custom_components.camguard.domain.bundle import Form

def peak_kb():  # of this program alone: ru_maxrss begins with that of the one that started it
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

async def main():
    desk = Desk.begin(Path(sys.argv[1]))
    clip_ids = [clip.clip_id for clip in desk.vault.index.clips()]
    await desk.fetch(await desk.export(desk.put()))  # everything is loaded
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    before = peak_kb()
    offer = await desk.export(*clip_ids, form=Form(sys.argv[2]))
    begin, sent = time.perf_counter(), 0
    async for piece in desk.disclosure.fetch(offer, sys.modules["tests.app.bundles"].BY):
        sent += len(piece)
    seconds = time.perf_counter() - begin
    assert sent == offer.size_bytes > 300e6
    grown = peak_kb() - before
    print(grown / 1024, sent / 1e6 / seconds, (before + grown) / 1024)

asyncio.run(main())
"""


@pytest.mark.timeout(180)
async def test_a_big_bundle_needs_little_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk.begin(tmp_path / "config")
    manifest = manifest_by_hand("camera", NOW, b"")
    put_big(desk.vault, manifest, 310_000_000)
    desk.vault.close()
    for form in Form:
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", BIG, tmp_path / "config", form.value], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        grown_mb, mb_s, peak_mb = map(float, done.stdout.split())
        with capsys.disabled():
            print(f"\n{form.value}: {mb_s:.0f} MB/s, {grown_mb:.1f} MB more than before, {peak_mb:.0f} MB at most")
        assert grown_mb < 60
        assert mb_s > 20


def put_big(vault: Vault, manifest: Any, size_bytes: int) -> None:
    """Store a clip of so many bytes without holding them."""
    clip_id = manifest.clip.clip_id
    identity, _ = vault.prepare(clip_id)
    block, digest = bytes(range(256)) * 4096, hashlib.sha256()
    with vault.paths.clip(clip_id).open("wb") as file, SealedWriter(file, identity.recipient) as sealed:
        for start in range(0, size_bytes, len(block)):
            part = block[: size_bytes - start]
            digest.update(part)
            sealed.write(part)
    clip = replace(manifest.clip, size_bytes=size_bytes, sha256=digest.hexdigest())
    vault.store(replace(manifest, clip=clip), clip.end_us)
