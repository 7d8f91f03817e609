"""Destroying files: what was there is overwritten before the name goes."""

import os
from pathlib import Path

import pytest

from custom_components.camguard.vault.media.destroy import overwrite_and_remove


@pytest.mark.parametrize("size", [0, 1, 8192, (1 << 20) + 5, 3 << 20])
def test_whole_file_is_overwritten(tmp_path: Path, size: int) -> None:
    path, other = tmp_path / "a", tmp_path / "same"
    path.write_bytes(b"\xaa" * size)
    other.hardlink_to(path)  # the same blocks under another name
    assert overwrite_and_remove(path)
    assert not path.exists()
    data = other.read_bytes()
    assert len(data) == size
    assert b"\xaa" * 16 not in data


def test_only_the_head_when_that_is_enough(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "same"
    path.write_bytes(b"\xaa" * (3 << 20))
    other.hardlink_to(path)
    assert overwrite_and_remove(path, whole=False)
    data = other.read_bytes()
    assert b"\xaa" * 16 not in data[: 1 << 20]
    assert data[1 << 20 :] == b"\xaa" * (2 << 20)


def test_again_is_fine(tmp_path: Path) -> None:
    assert overwrite_and_remove(tmp_path / "never")
    assert overwrite_and_remove(tmp_path / "no" / "such" / "folder")


def test_a_link_is_unlinked_and_its_target_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    (tmp_path / "link").symlink_to(target)
    assert not overwrite_and_remove(tmp_path / "link")
    assert not (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"precious"


def test_what_can_not_be_unlinked_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r".+"):
        overwrite_and_remove(tmp_path / "folder")


def test_overwriting_that_fails_is_told(tmp_path: Path) -> None:
    """A file that the system does not let grow over: write() fails, unlinking works."""
    import resource
    import signal

    path = tmp_path / "a"
    path.write_bytes(bytes(5000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
        assert not overwrite_and_remove(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert not os.path.lexists(path)
