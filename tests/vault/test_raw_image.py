"""What is left on the raw device: a vault on an ext4 image; its bytes are searched before and after a wipe.

Mounted through a loop device: the journal is ext4's default (ordered), the medium itself has no memory of its own as
flash has. Skips where mounting isn't allowed.
"""

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custom_components.camguard.app.custody.wiping import Order, Scope, Wiping
from custom_components.camguard.app.ports import Actor
from custom_components.camguard.app.retention.clock import SystemClock
from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..app.wipe_worker import inline, site_of
from .clips import put_clip

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLIPS = 20
IMAGE_BYTES = 96 << 20
ROOT_MAGIC = b"camguard root v1\n"
SLOT_HEAD_BYTES = 10
WRAPPED_BYTES = 12 + 74 + 16
"""Nonce, an identity's text, tag."""


@dataclass
class Volume:
    """An image and where it is mounted."""

    image: Path
    folder: Path
    device: str

    def settle(self) -> bytes:
        """Unmount, so that everything is on the image; return the image, and mount it again."""
        subprocess.run(["umount", str(self.folder)], check=True)
        data = self.image.read_bytes()
        subprocess.run(["mount", self.device, str(self.folder)], check=True)
        return data


@pytest.fixture
def make_volume(tmp_path: Path) -> Iterator[Callable[[str], Volume]]:
    made: list[Volume] = []

    def make(options: str) -> Volume:
        image, folder = tmp_path / "disk.img", tmp_path / "disk"
        with image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        folder.mkdir()
        if os.geteuid() != 0:
            pytest.skip("only root may mount an image")
        for command in (["mkfs.ext4", "-q", "-F", str(image)], ["losetup", "--find", "--show", str(image)]):
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            except FileNotFoundError:
                pytest.skip(f"no {command[0]} here")
            if done.returncode:
                pytest.skip(f"{command[0]} isn't allowed here: {done.stderr.strip()}")
        device = done.stdout.strip()
        mounted = subprocess.run(["mount", "-o", options, device, str(folder)], capture_output=True, check=False)
        if mounted.returncode:
            subprocess.run(["losetup", "-d", device], check=False)
            pytest.skip("may not mount an image here")
        made.append(Volume(image, folder, device))
        return made[-1]

    yield make
    for volume in made:
        subprocess.run(["umount", "-l", str(volume.folder)], check=False)
        subprocess.run(["losetup", "-d", volume.device], check=False)


@dataclass
class Secrets:
    """What must not be found afterwards."""

    wrapped: dict[ClipId, bytes]
    identities: dict[ClipId, bytes]
    root: bytes
    starts: dict[ClipId, bytes]
    """The first bytes of each sealed MP4."""


def secrets_of(vault: Vault) -> Secrets:
    wrapped, identities, starts = {}, {}, {}
    for clip_id in vault.keyring.clip_ids():
        slot = vault.paths.clip_key(clip_id).read_bytes()[SLOT_HEAD_BYTES : SLOT_HEAD_BYTES + WRAPPED_BYTES]
        wrapped[clip_id] = slot
        identities[clip_id] = vault.keyring.clip(clip_id).text.encode()
        starts[clip_id] = vault.paths.clip(clip_id).read_bytes()[200:264]
    root = vault.paths.root_key.read_bytes().removeprefix(ROOT_MAGIC)
    assert len(root) == 32
    return Secrets(wrapped, identities, root, starts)


def found(image: bytes, needles: dict[ClipId, bytes]) -> int:
    assert all(len(needle) >= 32 for needle in needles.values())
    return sum(needle in image for needle in needles.values())


def wipe_all(vault: Vault) -> None:
    keeper = Wiping(site_of(vault.paths), vault, SystemClock(), inline, asyncio.Lock())
    done = asyncio.run(keeper.wipe(Order(scope=Scope.EVERYTHING, reason="disposal"), Actor(user_id="u", name="n")))
    assert len(done.wiped) == CLIPS


def test_nothing_is_left_of_the_keys(make_volume: Callable[[str], Volume]) -> None:
    volume = make_volume("data=ordered")
    paths = Paths.of(volume.folder / "config")
    vault = Vault.open(paths)
    reconcile(vault, 1)
    for _ in range(CLIPS):
        put_clip(vault, "front", NOW)
    secrets = secrets_of(vault)
    vault.close()
    before = volume.settle()
    # The control: all of it is there, so that it would be found afterwards too. Identities never were in the clear.
    assert found(before, secrets.wrapped) == CLIPS
    assert found(before, secrets.starts) == CLIPS
    assert secrets.root in before
    assert found(before, secrets.identities) == 0

    vault = Vault.open(paths)
    reconcile(vault, 2)
    wipe_all(vault)
    vault.close()
    after = volume.settle()
    assert found(after, secrets.wrapped) == 0
    assert found(after, secrets.identities) == 0
    assert secrets.root not in after
    assert found(after, secrets.starts) == 0  # the head of each sealed file is overwritten too
    assert after.count(ROOT_MAGIC) >= 1  # the new root key


def test_the_renewed_root_makes_left_copies_useless(make_volume: Callable[[str], Volume]) -> None:
    """With journaled data copies of wrapped keys and of the old root may be left: the certificate says so."""
    volume = make_volume("data=journal")
    vault = Vault.open(Paths.of(volume.folder / "config"))
    reconcile(vault, 1)
    for _ in range(CLIPS):
        put_clip(vault, "front", NOW)
    secrets = secrets_of(vault)
    wipe_all(vault)
    page = next(vault.paths.certificates.glob("*.html")).read_text("utf-8")
    vault.close()
    assert "別の場所に書き込む" in page
    assert "上書きは古いデータに届きません" in page
    assert "同じ場所への上書きを要求できる" not in page
    after = volume.settle()
    # A wrapped copy may be there (that is what the certificate says) or not; the new root never opens it.
    assert found(after, secrets.identities) == 0
    assert secrets.root != vault.paths.root_key.read_bytes().removeprefix(ROOT_MAGIC)
