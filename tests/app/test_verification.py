"""Verifying: what was altered is found, told once, and nothing else is."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.app.custody import verification
from custom_components.camguard.app.custody.verification import SELF_CHECK_US, Scope, Verification, Verified
from custom_components.camguard.app.custody.wiping import Order, Wiping
from custom_components.camguard.app.custody.wiping import Scope as WipeScope
from custom_components.camguard.domain.clip import US_PER_DAY, ClipId
from custom_components.camguard.domain.errors import StorageError
from custom_components.camguard.domain.hold import Hold
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.clips import manifest_file
from custom_components.camguard.vault.keys.keyring import public_key_text
from custom_components.camguard.vault.keys.recovery_kit import KitKeys, find_kits, write_kit
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import SealedWriter
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW, NOW_US, Hands, in_thread
from ..vault.clips import manifest_of, put_clip
from .bundles import BY, site_of

KEEP_US = 5 * 366 * US_PER_DAY


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of(tmp_path / "config")


@pytest.fixture
def vault(paths: Paths) -> Iterator[Vault]:
    vault = start(paths)
    yield vault
    vault.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


def start(paths: Paths) -> Vault:
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    return vault


def verifier(vault: Vault, clock: Hands, on_news: Callable[[], None] = lambda: None) -> Verification:
    return Verification(vault, clock, in_thread, ledger_keep_us=KEEP_US, clock_believed=lambda: True, on_news=on_news)


def told(vault: Vault, event: Event) -> list[dict[str, Any]]:
    return [entry.body for entry in vault.ledger.entries() if entry.event == event and entry.body]


def found(result: Verified) -> set[tuple[str, str]]:
    return {(problem.key, problem.clip_id) for problem in result.problems}


async def test_a_healthy_vault(vault: Vault, clock: Hands) -> None:
    for _ in range(3):
        put_clip(vault, "camera", NOW)
    entries = vault.ledger.seq
    for scope, clips in ((Scope.LEDGER, 0), (Scope.CLIPS, 3), (Scope.ALL, 3)):
        verification = verifier(vault, clock)
        result = await verification.run(scope)
        assert (result.ok, result.entries, result.head, result.clips_checked) == (
            True, entries, vault.ledger.head, clips,
        )  # fmt: skip
        assert (verification.last, verification.last_us, verification.progress) == (result, NOW_US, None)
    assert vault.ledger.seq == entries


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def swap(one: Path, other: Path) -> None:
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def foreign_key(vault: Vault, clip_id: ClipId) -> None:
    """Sign the manifest anew with a key that the ledger doesn't name."""
    signed = vault.manifest(clip_id)
    key = Ed25519PrivateKey.generate()

    class Foreign:
        sign = staticmethod(key.sign)
        public_key = key.public_key()
        clip = staticmethod(vault.keyring.clip)

    manifest_file.write_manifest(vault.paths, Foreign(), signed.manifest)  # type: ignore[arg-type]


def other_clip(vault: Vault, clip_id: ClipId) -> None:
    """Exchange a clip for another one that is whole and signed, as somebody with all keys could."""
    content = b"staged " * 1000
    manifest = manifest_of("camera", NOW, content)
    manifest = replace(manifest, clip=replace(manifest.clip, clip_id=clip_id))
    seal(vault, clip_id, content)
    manifest_file.write_manifest(vault.paths, vault.keyring, manifest)
    vault.index.add(manifest.clip)


DAMAGES: dict[str, tuple[Callable[[Vault, ClipId, ClipId], object], set[tuple[str, str]]]] = {
    "byte of the clip": (lambda v, a, b: flip(v.paths.clip(a), 90_000), {("clip_altered", "a")}),
    "last byte": (lambda v, a, b: flip(v.paths.clip(a), -1), {("clip_altered", "a")}),
    "cut": (lambda v, a, b: os.truncate(v.paths.clip(a), 70_000), {("clip_altered", "a")}),
    "byte of the manifest": (lambda v, a, b: flip(v.paths.manifest(a), -9), {("clip_altered", "a")}),
    "swapped clips": (
        lambda v, a, b: swap(v.paths.clip(a), v.paths.clip(b)),
        {("clip_altered", "a"), ("clip_altered", "b")},
    ),
    "swapped manifests": (
        lambda v, a, b: swap(v.paths.manifest(a), v.paths.manifest(b)),
        {("clip_altered", "a"), ("clip_altered", "b")},
    ),
    "index row": (
        lambda v, a, b: v.index.add(replace(v.index.get(a), sha256="0" * 64)),  # type: ignore[type-var]
        {("clip_index_differs", "a")},
    ),
    "missing clip": (lambda v, a, b: v.paths.clip(a).unlink(), {("clip_unreadable", "a")}),
    "missing manifest": (lambda v, a, b: v.paths.manifest(a).unlink(), {("clip_unreadable", "a")}),
    "foreign key": (lambda v, a, b: foreign_key(v, a), {("clip_key_unknown", "a")}),
    "another clip": (lambda v, a, b: other_clip(v, a), {("clip_not_as_recorded", "a")}),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_was_altered_is_found_and_told_once(vault: Vault, clock: Hands, damage: str) -> None:
    one, other, _ = (put_clip(vault, "camera", NOW, bytes([n]) * 100_000) for n in range(3))
    act, expected = DAMAGES[damage]
    act(vault, one, other)
    expected = {(key, {"a": one, "b": other}[clip]) for key, clip in expected}
    verification = verifier(vault, clock)
    assert (await verification.run(Scope.LEDGER)).ok
    for scope in (Scope.CLIPS, Scope.ALL, Scope.ALL):
        result = await verification.run(scope)
        assert found(result) == expected
        assert result.clips_checked == 3
    (anomaly,) = told(vault, Event.ANOMALY)
    assert {text.split()[1] for text in anomaly["problems"]} == {clip_id for _, clip_id in expected}
    again = verifier(vault, clock)  # after a new start neither
    await again.run(Scope.ALL)
    assert len(told(vault, Event.ANOMALY)) == 1


def seal(vault: Vault, clip_id: ClipId, content: bytes) -> None:
    with vault.paths.clip(clip_id).open("wb") as file:
        writer = SealedWriter(file, vault.keyring.clip(clip_id).recipient)
        writer.write(content)
        writer.close()


async def test_a_clip_that_the_ledger_does_not_tell_of(vault: Vault, clock: Hands) -> None:
    put_clip(vault, "camera", NOW)
    content = b"smuggled in " * 100
    manifest = manifest_of("camera", NOW, content)
    smuggled = manifest.clip.clip_id
    vault.prepare(smuggled)
    seal(vault, smuggled, content)
    manifest_file.write_manifest(vault.paths, vault.keyring, manifest)
    vault.index.add(manifest.clip)
    result = await verifier(vault, clock).run(Scope.ALL)
    assert found(result) == {("clip_not_in_ledger", smuggled)}
    # later than the ledger remembers, it can't be known
    clock.wall_us += KEEP_US + US_PER_DAY
    assert (await verifier(vault, clock).run(Scope.ALL)).ok


async def test_many_problems_are_each_told_once(vault: Vault, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_BATCH", 4)
    ids = [put_clip(vault, "camera", NOW, b"x" * 100) for _ in range(10)]
    for clip_id in ids:
        flip(vault.paths.clip(clip_id), -1)
    for _ in range(3):
        assert len((await verifier(vault, clock).run(Scope.ALL)).problems) == 10
    texts = [body["problems"] for body in told(vault, Event.ANOMALY)]
    assert [len(text) for text in texts] == [4, 4, 2]
    assert {text.split()[1] for batch in texts for text in batch} == set(ids)


async def test_healed_and_altered_again_is_told_again(vault: Vault, clock: Hands) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    path = vault.paths.clip(clip_id)
    for count in (1, 2):
        flip(path, 90_000)
        await verifier(vault, clock).run(Scope.ALL)
        await verifier(vault, clock).run(Scope.LEDGER)
        assert len(told(vault, Event.ANOMALY)) == count
        flip(path, 90_000)
        assert (await verifier(vault, clock).self_check()).ok


# --- a ledger that doesn't fit ---


async def test_a_rolled_back_ledger_is_told_and_then_accepted(vault: Vault, clock: Hands) -> None:
    put_clip(vault, "camera", NOW)
    older = vault.paths.ledger.read_bytes()
    put_clip(vault, "camera", NOW)
    vault.close()
    vault.paths.ledger.write_bytes(older)
    vault = start(vault.paths)
    clock.wall_us += 60_000_000
    result = await verifier(vault, clock).run(Scope.CLIPS)  # doesn't look at it, and accepts nothing
    assert result.ok
    result = await verifier(vault, clock).run(Scope.ALL)
    assert {problem.key for problem in result.problems} == {"ledger_rolled_back"}
    for _ in range(2):
        # the clip that the older ledger doesn't tell of isn't held against it
        assert (await verifier(vault, clock).run(Scope.ALL)).ok
    (anomaly,) = told(vault, Event.ANOMALY)
    assert anomaly["problems"][0].startswith("ledger_rolled_back ")
    vault.close()
    vault = start(vault.paths)
    assert (await verifier(vault, clock).run(Scope.ALL)).ok
    vault.close()


async def test_a_ledger_that_is_gone(vault: Vault, clock: Hands) -> None:
    put_clip(vault, "camera", NOW)
    vault.close()
    vault.paths.ledger.unlink()
    vault = start(vault.paths)
    clock.wall_us += 60_000_000
    assert not (await verifier(vault, clock).run(Scope.LEDGER, every_signature=False)).ok
    anomalies = [body["problems"] for body in told(vault, Event.ANOMALY)]
    assert anomalies[0] == ["ledger_gone"]
    assert [text.split()[0] for text in anomalies[1]] == ["ledger_rolled_back"] * 2
    vault.close()
    vault = start(vault.paths)
    assert (await verifier(vault, clock).run(Scope.ALL)).ok
    assert len(told(vault, Event.ANOMALY)) == 2
    vault.close()


async def test_a_certificate_is_a_witness(vault: Vault, clock: Hands) -> None:
    """With everything else of the ledger gone, a certificate still says what it held."""
    clip_id = put_clip(vault, "camera", NOW)
    wiping = Wiping(site_of(vault.paths), vault, clock, in_thread, asyncio.Lock())
    await wiping.wipe(Order(scope=WipeScope.CLIPS, clip_ids=(clip_id,), reason="asked for"), BY)
    assert (await verifier(vault, clock).run(Scope.LEDGER)).ok
    vault.close()
    for path in (vault.paths.ledger, vault.paths.head, vault.paths.mirror):
        path.unlink()
    vault = start(vault.paths)
    result = await verifier(vault, clock).run(Scope.LEDGER)
    assert ("ledger_rolled_back", "certificate") in {(item.key, item.detail) for item in result.problems}
    vault.close()
    # what nobody of ours has signed says nothing
    (path,) = vault.paths.certificates.glob("*.json")
    path.write_bytes(path.read_bytes().replace(b'"ledger_seq":', b'"ledger_seq":9'))
    vault = start(vault.paths)
    result = await verifier(vault, clock).run(Scope.LEDGER)
    assert "certificate" not in {item.detail for item in result.problems}
    vault.close()


async def test_an_altered_ledger_stays_altered_and_is_told_once(vault: Vault, clock: Hands) -> None:
    for number in range(4):
        vault.ledger.append(Event.VIEWED, {"user_name": f"viewer-{number}"}, 1)
    vault.paths.ledger.write_bytes(vault.paths.ledger.read_bytes().replace(b"viewer-1", b"viewer-7"))
    for _ in range(2):
        result = await verifier(vault, clock).self_check()
        assert [(problem.key, problem.seq) for problem in result.problems] == [("ledger_altered", 4)]
    assert len(told(vault, Event.ANOMALY)) == 1
    assert [body["ok"] for body in told(vault, Event.SELF_CHECK)] == [False, False]
    # and nothing is dropped from it
    clock.wall_us += 2 * KEEP_US
    await verifier(vault, clock).self_check()
    assert b"viewer-7" in vault.paths.ledger.read_bytes()


# --- while it runs ---


async def test_progress(vault: Vault, clock: Hands) -> None:
    for _ in range(5):
        put_clip(vault, "camera", NOW, b"x")
    for scope in Scope:
        seen: list[float | None] = []
        verification = verifier(vault, clock, lambda seen=seen: seen.append(verification.progress))  # type: ignore[misc]  # noqa: B023
        await verification.run(scope)
        shares = [share for share in seen if share is not None]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0, 1)
        assert seen[-1] is None  # the last news is that it is through
        assert verification.progress is None


async def test_clips_are_erased_and_recorded_meanwhile(vault: Vault, clock: Hands) -> None:
    ids = [put_clip(vault, "camera", NOW, bytes([n]) * 300_000) for n in range(12)]
    verification = verifier(vault, clock)
    running = asyncio.create_task(verification.run(Scope.ALL))
    for clip_id in ids[6:]:
        await asyncio.to_thread(vault.erase, [clip_id], "expired", NOW_US)
        await asyncio.to_thread(put_clip, vault, "camera", NOW, b"new")
    result = await running
    assert result.problems == ()
    assert 6 <= result.clips_checked <= 12


async def test_one_at_a_time(vault: Vault, clock: Hands) -> None:
    put_clip(vault, "camera", NOW)
    verification = verifier(vault, clock)
    results = await asyncio.gather(*(verification.run(Scope.ALL) for _ in range(3)), verification.self_check())
    assert all(result.ok for result in results)


# --- the weekly one ---


async def test_a_self_check_is_written_down_and_keeps_house(vault: Vault, clock: Hands) -> None:
    put_clip(vault, "camera", NOW)
    vault.ledger.append(Event.VIEWED, {"user_name": "somebody"}, NOW_US)
    root = vault.paths.root_key.read_bytes()
    result = await verifier(vault, clock).self_check()
    assert result.ok
    (check,) = told(vault, Event.SELF_CHECK)
    assert {key: check[key] for key in ("ok", "entries", "clips_checked", "problems")} == {
        "ok": True, "entries": result.entries, "clips_checked": 1, "problems": 0,
    }  # fmt: skip
    assert vault.paths.root_key.read_bytes() != root
    assert told(vault, Event.ROOT_ROTATED)
    assert told(vault, Event.BODIES_DROPPED) == []
    clock.wall_us += KEEP_US + US_PER_DAY
    assert (await verifier(vault, clock).self_check()).ok
    assert b"somebody" not in vault.paths.ledger.read_bytes()
    (dropped,) = told(vault, Event.BODIES_DROPPED)
    assert dropped["entries"] > 2
    assert (await verifier(vault, clock).run(Scope.ALL)).ok


async def test_erased_clips_stay_erased_for_their_kits(vault: Vault, clock: Hands) -> None:
    """The ledger's word that a clip was erased is kept as long as a kit could bring it back; spent kits go."""
    one, other = put_clip(vault, "camera", NOW), put_clip(vault, "camera", NOW)
    keys = {clip_id: vault.keyring.clip(clip_id) for clip_id in (one, other)}
    far_us = NOW_US + 20 * 366 * US_PER_DAY
    vault.hold(Hold(clip_id=other, camera_id="camera", since_us=1, until_us=far_us, reason="trial"), {}, NOW_US)
    vault.ledger.append(Event.KIT_MADE, {"kit_id": "kit", "clip_ids": sorted(keys)}, NOW_US)
    kit = write_kit(vault.paths.holds, "kit", KitKeys(clips=keys), "code")
    vault.erase([one], "expired", NOW_US)
    clock.wall_us += KEEP_US + US_PER_DAY
    await verifier(vault, clock).self_check()
    erased = [body["clip_ids"] for body in told(vault, Event.ERASED)]
    assert erased == [[one]]
    assert find_kits(vault.paths.holds) == (kit,)
    assert told(vault, Event.RECORDED) == []
    # the held clip's `recorded` is forgotten; it isn't written again when the index is made anew
    vault.index.remove(other)
    vault.close()
    vault = start(vault.paths)
    assert vault.index.clip_ids() == {other}
    assert told(vault, Event.RECORDED) == []
    assert (await verifier(vault, clock).run(Scope.ALL)).ok
    vault.release(other, {"reason": "over"}, NOW_US)
    vault.erase([other], "expired", clock.wall_us)
    await verifier(vault, clock).self_check()
    assert find_kits(vault.paths.holds) == ()
    vault.close()


async def test_a_root_key_that_can_not_be_renewed_now(vault: Vault, clock: Hands, tmp_path: Path) -> None:
    vault.paths.next_root_key.with_name("root.key.next.part").mkdir()
    assert (await verifier(vault, clock).self_check()).ok
    assert len(told(vault, Event.SELF_CHECK)) == 1
    assert told(vault, Event.ROOT_ROTATED) == []


@asynccontextmanager
async def watching(vault: Vault, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Verification]:
    monkeypatch.setattr(verification, "LOOK_SECONDS", 0.01)
    watching = verifier(vault, clock)
    watching.start()
    try:
        yield watching
    finally:
        await watching.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_the_schedule(vault: Vault, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def checks() -> int:
        return len(told(vault, Event.SELF_CHECK))

    async with watching(vault, clock, monkeypatch) as first:
        await until(lambda: first.last is not None)
        clock.wall_us += SELF_CHECK_US - 1
        await asyncio.sleep(0.1)
        assert checks() == 0
        clock.wall_us += 1
        await until(lambda: checks() == 1)
        clock.wall_us += SELF_CHECK_US - US_PER_DAY
        await asyncio.sleep(0.1)
        assert checks() == 1
    vault.close()
    vault = start(vault.paths)
    async with watching(vault, clock, monkeypatch) as second:  # a new start remembers
        await until(lambda: second.last is not None)
        await asyncio.sleep(0.1)
        assert checks() == 1
        clock.wall_us += US_PER_DAY
        await until(lambda: checks() == 2)
        await asyncio.sleep(0.2)
        # set back by a year: not a year without checks
        clock.wall_us -= 365 * US_PER_DAY
        await until(lambda: checks() == 3)
        await asyncio.sleep(0.1)
        assert checks() == 3
    vault.close()


async def test_a_ledger_that_can_not_be_written_is_tried_again(
    vault: Vault, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.wall_us += SELF_CHECK_US
    vault.ledger.close()  # stands for a disk that refuses
    async with watching(vault, clock, monkeypatch) as keeper:
        await until(lambda: keeper.last is not None)
        await asyncio.sleep(0.1)
        assert told(vault, Event.SELF_CHECK) == []
        assert keeper._task
        assert not keeper._task.done()


async def test_closing_waits_for_what_is_being_written(vault: Vault, clock: Hands) -> None:
    """A renewal of the root key that went on behind a reload would meet another Keyring."""
    began, ended = asyncio.Event(), []
    loop = asyncio.get_running_loop()
    rotate = vault.rotate_root

    def slowly(time_us: int) -> int:
        loop.call_soon_threadsafe(began.set)
        time.sleep(0.3)
        count = rotate(time_us)
        ended.append(count)
        return count

    vault.rotate_root = slowly  # type: ignore[method-assign]
    keeper = verifier(vault, clock)
    clock.wall_us += SELF_CHECK_US
    keeper.start()
    await began.wait()
    await keeper.close()
    assert ended


async def test_a_start_catches_up_with_the_storage(
    tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths.of(tmp_path / "config", storage_path=tmp_path / "nas")
    vault = start(paths)
    paths.storage.rename(tmp_path / "away")
    vault.ledger.append(Event.GAP, {}, 1)
    async with watching(vault, clock, monkeypatch):
        await asyncio.sleep(0.05)
        (tmp_path / "away").rename(paths.storage)
        await until(lambda: paths.mirror.read_bytes().count(b"\n") == vault.ledger.seq)
    assert not vault.anchors.behind
    vault.close()


async def test_the_signing_key_in_use_is_in_the_ledger(vault: Vault, clock: Hands) -> None:
    (key,) = told(vault, Event.KEY_CHANGED)
    assert key["public_key"] == public_key_text(vault.keyring.public_key)
    assert json.loads(vault.paths.head.read_bytes())["public_key"] == key["public_key"]
    with pytest.raises(StorageError):
        vault.close()
        vault.ledger.append(Event.GAP, {}, 1)


async def test_a_verification_that_outlives_its_site_writes_nothing(vault: Vault, clock: Hands) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    flip(vault.paths.clip(clip_id), -1)
    keeper = verifier(vault, clock)
    await keeper.close()  # as it does while one goes on: whether it may write is asked at its end
    with pytest.raises(StorageError):
        await keeper.run(Scope.ALL)
    assert told(vault, Event.ANOMALY) == []
    assert keeper.progress is None
