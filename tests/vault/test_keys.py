"""Keys at rest: wrapped, bound to what they are for, and gone when destroyed."""

import errno
import os
import stat
import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import CamguardError, ErasedError, IntegrityError, LockedError
from custom_components.camguard.vault.keys.keyring import Keyring, destroy_all, public_key_text
from custom_components.camguard.vault.keys.root_key import move_root
from custom_components.camguard.vault.keys.slots import SLOT_BYTES
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.sealed import Identity

A, B = ClipId("a" * 32), ClipId("b" * 32)
ROOT_MAGIC = b"camguard root v1\n"


@pytest.fixture
def made(paths: Paths) -> Paths:
    paths.create()
    return paths


def key_of(error: pytest.ExceptionInfo[CamguardError]) -> str:
    return error.value.key


def test_keys_come_back(made: Paths) -> None:
    keyring = Keyring.open(made)
    clip, spool = keyring.make_pair(A)
    assert clip != spool
    for ring in (keyring, Keyring.open(made)):
        assert ring.clip(A) == clip
        assert ring.spool(A) == spool
        assert ring.clip_ids() == {A}
        assert ring.spool_ids() == {A}
        assert ring.has_clip(A)
        assert not ring.has_clip(B)
    other, _ = keyring.make_pair(B)
    assert other != clip
    assert keyring.clip_ids() == {A, B}


def test_a_key_is_never_made_twice(made: Paths) -> None:
    keyring = Keyring.open(made)
    clip, _ = keyring.make_pair(A)
    with pytest.raises(FileExistsError):
        keyring.make_pair(A)
    assert keyring.clip(A) == clip


def test_signatures_verify_across_starts(made: Paths) -> None:
    first = Keyring.open(made)
    signature = first.sign(b"text")
    second = Keyring.open(made)
    assert public_key_text(second.public_key) == public_key_text(first.public_key)
    second.public_key.verify(signature, b"text")


def test_modes_and_sizes(made: Paths) -> None:
    old = os.umask(0)
    try:
        Keyring.open(made).make_pair(A)
    finally:
        os.umask(old)
    for path in (made.root_key, made.sign_key, made.clip_key(A), made.spool_key(A)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.stat().st_size == (len(ROOT_MAGIC) + 32 if path == made.root_key else 2 * SLOT_BYTES)


def test_nothing_plain_on_disk(made: Paths) -> None:
    keyring = Keyring.open(made)
    clip, spool = keyring.make_pair(A)
    for path in made.cache.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for identity in (clip, spool):
                for form in (
                    identity.secret,
                    identity.text.encode(),
                    identity.text.lower().encode(),
                    identity.secret.hex().encode(),
                ):
                    assert form not in data


def test_keys_open_nowhere_else(made: Paths) -> None:
    keyring = Keyring.open(made)
    keyring.make_pair(A)
    keyring.make_pair(B)
    for source, target, read in (
        (made.clip_key(A), made.spool_key(A), lambda: keyring.spool(A)),
        (made.spool_key(B), made.clip_key(B), lambda: keyring.clip(B)),
        (made.spool_key(B), made.spool_key(A), lambda: keyring.spool(A)),
        (made.sign_key, made.clip_key(B), lambda: keyring.clip(B)),
    ):
        target.write_bytes(source.read_bytes())
        with pytest.raises(IntegrityError) as error:
            read()
        assert key_of(error) == "key_unreadable"
    made.sign_key.write_bytes(made.clip_key(A).read_bytes())
    with pytest.raises(IntegrityError) as error:
        Keyring.open(made)
    assert key_of(error) == "root_key_foreign"


# --- the root key ---


def test_root_is_made_once_and_only_once(made: Paths) -> None:
    Keyring.open(made)
    root = made.root_key.read_bytes()
    assert root.startswith(ROOT_MAGIC)
    Keyring.open(made)
    assert made.root_key.read_bytes() == root


def test_root_elsewhere(tmp_path: Path, paths: Paths) -> None:
    paths = Paths.of(tmp_path / "config", key_path=tmp_path / "usb" / "deep")
    paths.create()
    assert Keyring.open(paths).same_medium
    assert (tmp_path / "usb" / "deep" / "root.key").exists()
    assert not (paths.cache / "root.key").exists()


def test_same_medium_is_told_apart(tmp_path: Path, small_disk: object) -> None:
    paths = Paths.of(tmp_path / "config", key_path=small_disk("usb", 1 << 20))  # type: ignore[operator]
    paths.create()
    assert not Keyring.open(paths).same_medium


@pytest.mark.parametrize("left", ["sign.key", "clip", "spool"])
def test_missing_root_locks_and_is_never_made_anew(made: Paths, left: str) -> None:
    Keyring.open(made).make_pair(A)
    made.root_key.unlink()
    for name, path in (("sign.key", made.sign_key), ("clip", made.clip_key(A)), ("spool", made.spool_key(A))):
        if name != left:
            path.unlink()
    with pytest.raises(LockedError) as error:
        Keyring.open(made)
    assert key_of(error) == "root_key_missing"
    assert error.value.placeholders == {"path": str(made.root_key)}
    assert not made.root_key.exists()


def test_root_that_can_not_be_read_locks(made: Paths) -> None:
    made.root_key.mkdir()
    with pytest.raises(LockedError) as error:
        Keyring.open(made)
    assert key_of(error) == "root_key_missing"


@pytest.mark.parametrize(
    "data", [b"", b"x" * 49, ROOT_MAGIC, ROOT_MAGIC + bytes(31), ROOT_MAGIC + bytes(33), bytes(32)]
)
def test_unreadable_root(made: Paths, data: bytes) -> None:
    made.root_key.write_bytes(data)
    with pytest.raises(IntegrityError) as error:
        Keyring.open(made)
    assert key_of(error) == "root_key_unreadable"
    assert made.root_key.read_bytes() == data


def test_foreign_root(made: Paths) -> None:
    Keyring.open(made).make_pair(A)
    made.root_key.write_bytes(ROOT_MAGIC + bytes(32))
    before = made.sign_key.read_bytes()
    with pytest.raises(IntegrityError) as error:
        Keyring.open(made)
    assert key_of(error) == "root_key_foreign"
    assert made.sign_key.read_bytes() == before


# --- destroying ---


def test_destroyed_is_erased(made: Paths) -> None:
    keyring = Keyring.open(made)
    keyring.make_pair(A)
    keyring.make_pair(B)
    same = made.cache / "same"
    same.hardlink_to(made.clip_key(A))
    before = same.read_bytes()
    assert keyring.destroy_clip(A)
    after = same.read_bytes()
    assert not any(before[i : i + 16] == after[i : i + 16] for i in range(0, 2 * SLOT_BYTES, 16))
    with pytest.raises(ErasedError) as error:
        keyring.clip(A)
    assert key_of(error) == "clip_erased"
    assert not keyring.has_clip(A)
    assert keyring.spool(A)
    assert keyring.destroy_spool(A)
    with pytest.raises(ErasedError):
        keyring.spool(A)
    assert keyring.destroy_clip(A)
    assert keyring.clip_ids() == {B}
    assert keyring.clip(B)


def test_strange_files_are_no_keys(made: Paths) -> None:
    keyring = Keyring.open(made)
    for name in ("x.clip.key", f"{'A' * 32}.clip.key", f"{A}.other.key", f"{A}.clip.key.part", ".clip.key"):
        (made.keys / name).write_bytes(b"")
    assert keyring.clip_ids() == set()
    assert keyring.spool_ids() == set()


def test_destroy_all_needs_no_key(made: Paths) -> None:
    keyring = Keyring.open(made)
    keyring.make_pair(A)
    keyring.make_pair(B)
    keyring.destroy_spool(B)
    made.root_key.write_bytes(b"garbage")
    assert destroy_all(made) == 2
    assert not list(made.keys.iterdir())
    assert not made.root_key.exists()
    assert not made.sign_key.exists()
    assert destroy_all(made) == 0


# --- slots ---


def slot(
    paths: Paths, secret: bytes, generation: int, purpose: bytes, *, magic: bytes = b"CGK1", cut: int | None = None
) -> bytes:
    """Wrap a secret by hand, as docs/design/formats.md says."""
    root = paths.root_key.read_bytes()[len(ROOT_MAGIC) :]
    nonce = os.urandom(12)
    wrapped = nonce + ChaCha20Poly1305(root).encrypt(nonce, secret, purpose)
    if cut is not None:
        wrapped = wrapped[:cut]
    head = struct.pack(">4sIH", magic, generation, len(wrapped))
    return (head + wrapped).ljust(SLOT_BYTES, b"\0")


def test_slots(made: Paths) -> None:
    keyring = Keyring.open(made)
    keyring.make_pair(A)
    old, new = Identity.generate(), Identity.generate()
    purpose = f"camguard/v1|clip|{A}".encode()
    first, second = (slot(made, identity.text.encode(), number, purpose) for number, identity in ((4, old), (5, new)))
    path = made.clip_key(A)
    path.write_bytes(first + second)
    assert keyring.clip(A) == new
    path.write_bytes(second + first)
    assert keyring.clip(A) == new
    for damaged in (
        os.urandom(SLOT_BYTES),
        bytes(SLOT_BYTES),
        second[:50] + bytes([second[50] ^ 0xFF]) + second[51:],
        slot(made, new.text.encode(), 9, purpose, magic=b"CGK2"),
        slot(made, new.text.encode(), 9, b"camguard/v1|spool|" + A.encode()),
        slot(made, new.text.encode(), 9, purpose, cut=5),
        slot(made, new.text.encode(), 9, purpose, cut=12),
        slot(made, new.text.encode(), 9, purpose, cut=0),
    ):
        path.write_bytes(damaged + first)
        assert keyring.clip(A) == old
        path.write_bytes(first + damaged)
        assert keyring.clip(A) == old
        path.write_bytes(damaged + damaged)
        with pytest.raises(CamguardError) as error:
            keyring.clip(A)
        # not even the form of a slot: what an interrupted destruction leaves
        assert key_of(error) == ("key_unreadable" if damaged[:4] == b"CGK1" else "clip_erased")


@pytest.mark.parametrize("size", [0, 10, SLOT_BYTES - 1])
def test_a_key_file_without_a_slot_counts_as_erased(made: Paths, size: int) -> None:
    keyring = Keyring.open(made)
    keyring.make_pair(A)
    os.truncate(made.clip_key(A), size)
    with pytest.raises(ErasedError):
        keyring.clip(A)
    assert keyring.spool(A)
    keyring.finish_destroying({A, B})
    assert keyring.clip_ids() == set()
    assert keyring.spool_ids() == {A}


def test_a_key_that_could_not_be_written_leaves_no_file(tmp_path: Path, small_disk: object) -> None:
    disk = small_disk("disk", 64 << 10)  # type: ignore[operator]
    paths = Paths.of(disk)
    paths.create()
    keyring = Keyring.open(paths)
    made: list[ClipId] = []
    with pytest.raises(OSError, match=r".+") as error:
        for number in range(100):
            keyring.make_pair(ClipId(f"{number:032x}"))
            made.append(ClipId(f"{number:032x}"))
    assert error.value.errno == errno.ENOSPC
    for clip_id in keyring.clip_ids():
        assert keyring.clip(clip_id)
    for clip_id in keyring.spool_ids():
        assert keyring.spool(clip_id)
    assert set(made) == keyring.spool_ids()


# --- moving the root ---


@pytest.fixture
def folders(made: Paths, tmp_path: Path) -> tuple[Path, Path]:
    Keyring.open(made).make_pair(A)
    target = tmp_path / "usb"
    target.mkdir()
    return made.key_root, target


def test_move_root(made: Paths, folders: tuple[Path, Path], tmp_path: Path) -> None:
    source, target = folders
    data = made.root_key.read_bytes()
    same = tmp_path / "same"
    same.hardlink_to(made.root_key)
    move_root(source, target)
    assert (target / "root.key").read_bytes() == data
    assert stat.S_IMODE((target / "root.key").stat().st_mode) == 0o600
    assert not (source / "root.key").exists()
    assert same.read_bytes() != data  # the old one is overwritten
    assert Keyring.open(Paths.of(tmp_path / "config", key_path=target)).clip(A)


def test_move_root_to_where_it_is(made: Paths, folders: tuple[Path, Path]) -> None:
    data = made.root_key.read_bytes()
    move_root(folders[0], folders[0])
    assert made.root_key.read_bytes() == data


def test_move_root_after_an_interruption(made: Paths, folders: tuple[Path, Path]) -> None:
    source, target = folders
    data = made.root_key.read_bytes()
    (target / "root.key").write_bytes(data)
    move_root(source, target)
    assert (target / "root.key").read_bytes() == data
    assert not made.root_key.exists()


def test_move_root_that_is_missing(folders: tuple[Path, Path]) -> None:
    source, target = folders
    (source / "root.key").unlink()
    with pytest.raises(LockedError) as error:
        move_root(source, target)
    assert key_of(error) == "root_key_missing"
    assert not (target / "root.key").exists()


def test_move_root_over_anothers(made: Paths, folders: tuple[Path, Path]) -> None:
    source, target = folders
    data = made.root_key.read_bytes()
    (target / "root.key").write_bytes(ROOT_MAGIC + bytes(32))
    with pytest.raises(IntegrityError) as error:
        move_root(source, target)
    assert key_of(error) == "root_key_foreign"
    assert made.root_key.read_bytes() == data
    assert (target / "root.key").read_bytes() == ROOT_MAGIC + bytes(32)


def test_move_root_to_a_full_disk(made: Paths, folders: tuple[Path, Path], small_disk: object) -> None:
    disk = small_disk("full", 4096)  # type: ignore[operator]
    (disk / "filler").write_bytes(bytes(4096))
    data = made.root_key.read_bytes()
    with pytest.raises(OSError, match=r".+"):
        move_root(folders[0], disk)
    assert made.root_key.read_bytes() == data
    assert not (disk / "root.key").exists()


def test_move_root_to_the_same_folder_by_another_name(made: Paths, folders: tuple[Path, Path], tmp_path: Path) -> None:
    """A link or a bind mount: the one root key must survive."""
    alias = tmp_path / "alias"
    alias.symlink_to(folders[0], target_is_directory=True)
    data = made.root_key.read_bytes()
    move_root(folders[0], alias)
    assert made.root_key.read_bytes() == data
