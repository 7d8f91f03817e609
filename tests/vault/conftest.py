"""Vaults on real disks, small ones too."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.vault import Vault


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Paths of a site in the default places."""
    config = tmp_path / "config"
    config.mkdir()
    return Paths.of(config)


@pytest.fixture
def vault(paths: Paths) -> Iterator[Vault]:
    """A new vault."""
    vault = Vault.open(paths)
    yield vault
    vault.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str, int], Path]]:
    """Mounts a file system of some size; skips where that isn't allowed."""
    mounted: list[Path] = []

    def mount(name: str, size_bytes: int) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "camguard-test", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("may not mount a small file system here")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, *, leave: int = 0, name: str = "filler") -> Path:
    """Take all space of a file system but `leave` bytes."""
    path = folder / name
    with path.open("wb", buffering=0) as file:
        for block in (1 << 20, 4096, 512):
            try:
                while True:
                    file.write(bytes(block))
            except OSError:
                continue
    if leave:
        os.truncate(path, max(path.stat().st_size - leave, 0))
    return path
