"""Renewing the root key: killed at every step, stopped by disks, and while clips come and go, no key is lost."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import ErasedError, IntegrityError, StorageError
from custom_components.camguard.vault.keys.keyring import Keyring
from custom_components.camguard.vault.keys.root_key import move_root
from custom_components.camguard.vault.keys.slots import SLOT_BYTES, slots_of
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import Identity
from custom_components.camguard.vault.vault import Vault

from .clips import put_clip
from .conftest import fill
from .killing import Run, killer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CONTENT = b"clip " * 2000
MAGIC = b"camguard root v1\n"
A, B, C = (ClipId(letter * 32) for letter in "abc")


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with killer() as run:
        yield run


@pytest.fixture
def made(paths: Paths) -> Paths:
    paths.create()
    return paths


def root_of(path: Path) -> bytes:
    data = path.read_bytes()
    assert data.startswith(MAGIC)
    return data.removeprefix(MAGIC)


def opened_by(root: bytes, paths: Paths) -> list[str]:
    """Names of the key files of which a slot, anywhere in the file, opens with a root key."""
    wrapping, found = ChaCha20Poly1305(root), []
    for path in (paths.sign_key, *paths.keys.iterdir()):
        clip_id, kind, *_ = (*path.name.split("."), "")
        purpose = b"camguard/v1|sign|" if path == paths.sign_key else f"camguard/v1|{kind}|{clip_id}".encode()
        data = path.read_bytes()
        for slot in (data[:SLOT_BYTES], data[SLOT_BYTES:]):
            for length in (12 + 32 + 16, 12 + 74 + 16):  # an Ed25519 key, an age identity
                wrapped = slot[10 : 10 + length]
                try:
                    wrapping.decrypt(wrapped[:12], wrapped[12:], purpose)
                except InvalidTag:
                    continue
                found.append(path.name)
    return found


def test_the_helper_finds_what_a_root_opens(made: Paths) -> None:
    Keyring.open(made).make_pair(A)
    assert len(opened_by(root_of(made.root_key), made)) == 3


def test_all_keys_are_wrapped_anew_and_the_old_root_opens_nothing(made: Paths, tmp_path: Path) -> None:
    keyring = Keyring.open(made)
    pairs = {clip_id: keyring.make_pair(clip_id) for clip_id in (A, B)}
    public = keyring.public_key.public_bytes_raw()
    witness = tmp_path / "witness"
    for turn in range(3):
        old = root_of(made.root_key)
        witness.unlink(missing_ok=True)
        witness.hardlink_to(made.root_key)
        assert keyring.rotate_root() == 5
        assert old not in witness.read_bytes()
        assert root_of(made.root_key) != old
        assert not made.next_root_key.exists()
        assert opened_by(old, made) == []
        assert len(opened_by(root_of(made.root_key), made)) == 5
        for ring in (keyring, Keyring.open(made)):
            assert ring.finished is None
            for clip_id, pair in pairs.items():
                assert (ring.clip(clip_id), ring.spool(clip_id)) == pair
            assert ring.public_key.public_bytes_raw() == public
        assert made.clip_key(A).stat().st_size == 2 * SLOT_BYTES
        (slot,) = slots_of(made.clip_key(A).read_bytes())
        assert (slot.generation, slot.start) == (turn + 2, SLOT_BYTES * ((turn + 1) % 2))
    assert made.root_key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("apart", [False, True])
def test_killed_at_every_step(tmp_path: Path, run: Run, *, apart: bool) -> None:
    template = tmp_path / "template"
    (template / "config").mkdir(parents=True)

    def paths_in(folder: Path) -> Paths:
        return Paths.of(folder / "config", key_path=folder / "usb" if apart else None)

    paths = paths_in(template)
    vault = Vault.open(paths)
    reconcile(vault, 1)
    clips = [put_clip(vault, "camera", NOW, CONTENT) for _ in range(2)]
    identities = {clip_id: vault.keyring.clip(clip_id).text for clip_id in clips}
    public = vault.keyring.public_key.public_bytes_raw()
    vault.close()
    old = root_of(paths.root_key)
    steps: list[str] = []
    for kill_at in range(1, 200):
        shutil.copytree(template, tmp_path / "now")
        paths = paths_in(tmp_path / "now")
        code, steps = run("rotate", paths, kill_at)
        assert code in {0, -signal.SIGKILL}, steps
        begun = paths.next_root_key.exists() or root_of(paths.root_key) != old
        if code and kill_at % 3 == 0:  # killed again, while it is being finished
            again, _ = run("open", paths, 1 + kill_at // 3)
            assert again in {0, -signal.SIGKILL}
        vault = Vault.open(paths)
        reconcile(vault, 2)
        assert not paths.next_root_key.exists()
        for clip_id, text in identities.items():
            assert vault.keyring.clip(clip_id).text == text, steps
            with vault.open_clip(clip_id) as reader:
                assert b"".join(reader.chunks()) == CONTENT
        assert vault.keyring.public_key.public_bytes_raw() == public
        if begun:
            assert root_of(paths.root_key) != old
            assert opened_by(old, paths) == [], steps
        new = root_of(paths.root_key)
        assert len(opened_by(new, paths)) == 3
        vault.rotate_root(3)
        assert opened_by(new, paths) == []
        rotated = [entry.body for entry in vault.ledger.entries() if entry.event == "root_rotated"]
        assert rotated
        vault.close()
        shutil.rmtree(tmp_path / "now")
        if code == 0:
            break
    else:
        pytest.fail("never came to its end")
    assert len(steps) > 20
    assert {"os.remove root.key", "os.rename root.key.next", "place", "sync"} <= set(steps)


def test_finishing_is_written_down(made: Paths) -> None:
    vault = Vault.open(made)
    reconcile(vault, 1)
    made.next_root_key.write_bytes(MAGIC + os.urandom(32))
    vault.close()
    vault = Vault.open(made)
    reconcile(vault, 2)
    *_, last = vault.ledger.entries()
    assert last.body
    assert (last.event, last.body["keys"], last.body["reason"]) == ("root_rotated", 1, "finished")
    vault.close()


def test_a_torn_slot_leaves_the_other(made: Paths) -> None:
    """A power cut while the second slot is written: the first is the only one that opens, and must not be taken."""
    keyring = Keyring.open(made)
    clip, _ = keyring.make_pair(A)
    new = os.urandom(32)
    made.next_root_key.write_bytes(MAGIC + new)
    path = made.clip_key(A)
    data = path.read_bytes()
    (slot,) = slots_of(data)
    torn = data[:4] + (slot.generation + 1).to_bytes(4, "big") + data[8:10] + os.urandom(SLOT_BYTES - 10)
    path.write_bytes(data[:SLOT_BYTES] + torn)
    written: list[int] = []
    place = os.pwrite

    def stop(descriptor: int, data: bytes, offset: int) -> int:
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            written.append(offset)
            place(descriptor, data[:20], offset)
            raise OSError(5, "Input/output error")  # the disk is gone in the middle of it
        return place(descriptor, data, offset)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "pwrite", stop)
        with pytest.raises(OSError, match="Input/output"):
            Keyring.open(made)
    assert written == [SLOT_BYTES]
    assert Keyring.open(made).clip(A) == clip


def test_a_damaged_key_stops_nothing(made: Paths) -> None:
    keyring = Keyring.open(made)
    keyring.make_pair(A)
    kept, _ = keyring.make_pair(B)
    data = bytearray(made.clip_key(A).read_bytes())
    data[60] ^= 1
    made.clip_key(A).write_bytes(data)
    (made.keys / "strange.key").write_bytes(b"strange")
    made.spool_key(A).write_bytes(b"")
    assert keyring.rotate_root() == 3
    for ring in (keyring, Keyring.open(made)):
        assert ring.clip(B) == kept
        with pytest.raises(IntegrityError, match="key_unreadable"):
            ring.clip(A)


def test_an_old_root_that_is_overwritten_but_not_removed(made: Paths) -> None:
    keyring = Keyring.open(made)
    clip, _ = keyring.make_pair(A)
    keyring.rotate_root()
    made.root_key.rename(made.next_root_key)
    made.root_key.write_bytes(os.urandom(49))
    assert Keyring.open(made).clip(A) == clip
    assert not made.next_root_key.exists()


def test_an_unreadable_root_with_a_next_one_that_wrapped_nothing(made: Paths) -> None:
    Keyring.open(made).make_pair(A)
    made.root_key.write_bytes(os.urandom(49))
    made.next_root_key.write_bytes(MAGIC + os.urandom(32))
    with pytest.raises(IntegrityError, match="root_key_foreign"):
        Keyring.open(made)
    assert made.next_root_key.exists()


def test_a_medium_that_refuses_and_then_does_not(tmp_path: Path, small_disk: object) -> None:
    disk = small_disk("usb", 16 << 10)  # type: ignore[operator]
    paths = Paths.of(tmp_path / "config", key_path=disk)
    vault = Vault.open(paths)
    reconcile(vault, 1)
    clip_id = put_clip(vault, "camera", NOW, CONTENT)
    filler = fill(disk)
    with pytest.raises(StorageError, match="root_key_not_renewed"):
        vault.rotate_root(2)
    assert not list(disk.glob("*.part"))
    filler.unlink()
    assert vault.keyring.clip(clip_id)
    vault.rotate_root(3)
    vault.close()
    vault = Vault.open(paths)
    assert vault.keyring.clip(clip_id)
    vault.close()


def test_stopped_half_way_and_called_again(made: Paths) -> None:
    """What the stopped renewal has wrapped must not be lost to the root of another one."""
    keyring = Keyring.open(made)
    pairs = {clip_id: keyring.make_pair(clip_id) for clip_id in (A, B, C)}
    old = root_of(made.root_key)
    sync, left = os.fsync, [7]

    def stop(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(5, "Input/output error")
        sync(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", stop)
        with pytest.raises(OSError, match="Input/output"):
            keyring.rotate_root()
    next_root = made.next_root_key.read_bytes()
    for ring in (keyring, keyring):
        assert all((ring.clip(clip_id), ring.spool(clip_id)) == pair for clip_id, pair in pairs.items())
    keyring.rotate_root()
    assert made.root_key.read_bytes() == next_root
    assert opened_by(old, made) == []
    ring = Keyring.open(made)
    assert all((ring.clip(clip_id), ring.spool(clip_id)) == pair for clip_id, pair in pairs.items())


def test_clips_come_and_go_meanwhile(made: Paths) -> None:
    keyring = Keyring.open(made)
    steady = {ClipId(f"{number:032x}"): keyring.make_pair(ClipId(f"{number:032x}")) for number in range(20)}
    known: dict[ClipId, tuple[Identity, Identity]] = {}
    failures: list[str] = []
    done = threading.Event()

    def record(worker: int) -> None:
        for number in range(40):
            clip_id = ClipId(f"{worker}{number:031x}")
            pair = keyring.make_pair(clip_id)
            if (keyring.clip(clip_id), keyring.spool(clip_id)) != pair:
                failures.append("another key")
            keyring.destroy_spool(clip_id)
            if number % 2:
                keyring.destroy_clip(clip_id)
            else:
                known[clip_id] = pair

    def play() -> None:
        while not done.is_set():
            for clip_id, (clip, _) in steady.items():
                try:
                    if keyring.clip(clip_id) != clip:
                        failures.append("another key")
                except (IntegrityError, ErasedError) as error:
                    failures.append(str(error))

    def renew() -> None:
        for _ in range(4):
            keyring.rotate_root()

    with ThreadPoolExecutor(5) as threads:
        player = threads.submit(play)
        others = [threads.submit(record, worker) for worker in (1, 2)] + [threads.submit(renew) for _ in range(2)]
        wait(others)
        done.set()
    for future in (*others, player):
        future.result()
    assert not failures
    ring = Keyring.open(made)
    assert ring.clip_ids() == steady.keys() | known.keys()
    assert all(ring.clip(clip_id) == pair[0] for clip_id, pair in (steady | known).items())
    assert not made.next_root_key.exists()
    assert isinstance(keyring.same_medium, bool)


def test_moving_the_root_takes_an_unfinished_renewal_along(made: Paths, tmp_path: Path) -> None:
    keyring = Keyring.open(made)
    clip, _ = keyring.make_pair(A)
    made.next_root_key.write_bytes(MAGIC + os.urandom(32))
    usb = tmp_path / "usb"
    usb.mkdir()
    move_root(made.key_root, usb)
    assert {path.name for path in usb.iterdir()} == {"root.key", "root.key.next"}
    assert not made.root_key.exists()
    assert not made.next_root_key.exists()
    ring = Keyring.open(Paths.of(tmp_path / "config", key_path=usb))
    assert ring.clip(A) == clip
    assert ring.finished == 3
