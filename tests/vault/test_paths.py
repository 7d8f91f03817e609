"""Where things may lie, and with which modes."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import InvalidError
from custom_components.camguard.vault.paths import (
    Paths,
    check_apart,
    check_key_path,
    check_storage_path,
    fsync_dir,
    write_synced,
)

A = ClipId("ab" + "0" * 30)
CHECKS = pytest.mark.parametrize("check", [check_storage_path, check_key_path])
type Check = Callable[[str, Path], Path]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "www").mkdir(parents=True)
    return folder


def refused(check: Check, text: str, config: Path) -> str:
    with pytest.raises(InvalidError) as error:
        check(text, config)
    assert error.value.placeholders == {"path": text}
    return error.value.key


@CHECKS
def test_good_folders(check: Check, config: Path, tmp_path: Path) -> None:
    assert check(str(tmp_path / "disk" / "deep"), config) == tmp_path / "disk" / "deep"
    assert stat.S_IMODE((tmp_path / "disk" / "deep").stat().st_mode) == 0o700
    assert not list((tmp_path / "disk" / "deep").iterdir())
    assert check(str(tmp_path / "config2"), config) == tmp_path / "config2"
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    assert check(str(tmp_path / "link"), config) == tmp_path / "disk"
    assert check(str(tmp_path / "disk" / ".." / "disk"), config) == tmp_path / "disk"


def test_clips_may_lie_in_the_cache_and_the_root_key_may_not(config: Path, tmp_path: Path) -> None:
    cache = config / ".cache" / "camguard"
    assert check_storage_path(str(cache), config) == cache
    for folder in (cache, cache / "deep", tmp_path / "link"):
        if folder.name == "link":
            folder.symlink_to(cache)
        assert refused(check_key_path, str(folder), config) == "path_beside_keys"


def test_the_root_key_lies_apart_from_the_clips(tmp_path: Path) -> None:
    nas = tmp_path / "nas"
    for key in (nas, nas / "keys", tmp_path):
        with pytest.raises(InvalidError, match="path_in_storage"):
            check_apart(key, nas)
    check_apart(tmp_path / "usb", nas)


@CHECKS
def test_refused(check: Check, config: Path, tmp_path: Path) -> None:
    for text in ("", "relative", "./a", "~/clips", f"{tmp_path}/a\0b", "\0"):
        assert refused(check, text, config) == "path_not_absolute"
    for text in ("www", "www/clips", ".cache/../www", ".storage/../www/x"):
        assert refused(check, f"{config}/{text}", config) == "path_in_www"
    for text in ("", "/clips", "/.storage", "/.cache/..", "/camguard", "/.cache2", "/wwwx", "/."):
        assert refused(check, f"{config}{text}", config) == "path_in_backup"
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert refused(check, str(file), config) == "path_not_folder"
    assert refused(check, str(file / "below"), config) == "path_not_writable"
    for text in ("/proc/camguard", "/sys/camguard", "/proc/self", str(tmp_path / ("x" * 300)), "/dev/null/x"):
        assert refused(check, text, config) == "path_not_writable"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert refused(check, str(tmp_path / "loop"), config) in {"path_not_writable", "path_not_folder"}
    assert sorted(path.name for path in config.iterdir()) == ["www"]


@CHECKS
def test_links_are_followed_before_judging(check: Check, config: Path, tmp_path: Path) -> None:
    (tmp_path / "to_www").symlink_to(config / "www")
    assert refused(check, str(tmp_path / "to_www"), config) == "path_in_www"
    assert refused(check, str(tmp_path / "to_www" / "clips"), config) == "path_in_www"
    (tmp_path / "to_config").symlink_to(config)
    assert refused(check, str(tmp_path / "to_config" / "clips"), config) == "path_in_backup"
    # the config folder itself by way of a link
    assert refused(check, str(config / "www"), tmp_path / "to_config") == "path_in_www"
    assert refused(check, str(config), tmp_path / "to_config") == "path_in_backup"


@CHECKS
def test_www_that_is_itself_a_link(check: Check, config: Path, tmp_path: Path) -> None:
    (config / "www").rmdir()
    (tmp_path / "public").mkdir()
    (config / "www").symlink_to(tmp_path / "public")
    assert refused(check, str(config / "www" / "clips"), config) == "path_in_www"
    assert refused(check, str(tmp_path / "public" / "clips"), config) == "path_in_www"


def test_defaults(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path)
    cache = tmp_path / ".cache" / "camguard"
    assert paths.storage == cache / "clips"
    assert paths.root_key == cache / "root.key"
    assert paths.ledger == tmp_path / "camguard" / "ledger.jsonl"
    assert paths.clip(A) == cache / "clips" / "ab" / f"{A}.mp4.age"
    assert paths.manifest(A) == cache / "clips" / "ab" / f"{A}.json.age"
    assert paths.thumbnail(A) == cache / "clips" / "ab" / f"{A}.jpg.age"
    assert paths.spool_file(A) == cache / "clips" / "spool" / f"{A}.spool.age"
    assert paths.clip_key(A) == cache / "keys" / f"{A}.clip.key"
    assert paths.spool_key(A) == cache / "keys" / f"{A}.spool.key"
    assert (paths.index, paths.clock, paths.reserve) == (cache / "index.db", cache / "clock.json", cache / "reserve")
    elsewhere = Paths.of(tmp_path, tmp_path / "s", tmp_path / "k")
    assert (elsewhere.storage, elsewhere.root_key) == (tmp_path / "s", tmp_path / "k" / "root.key")
    assert not list(tmp_path.iterdir())


def test_folders_are_for_us_alone(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path / "config", tmp_path / "disk")
    (tmp_path / "disk").mkdir(mode=0o755)
    (tmp_path / "config" / ".cache" / "camguard").mkdir(parents=True, mode=0o755)
    old = os.umask(0)
    try:
        paths.create()
        paths.prepare(A)
        paths.prepare(A)
    finally:
        os.umask(old)
    for folder in (paths.cache, paths.keys, paths.spools, paths.clip(A).parent, paths.ledger.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    # A folder of the user's (/media, say) keeps its mode; a default one is ours.
    assert stat.S_IMODE(paths.storage.stat().st_mode) == 0o755
    default = Paths.of(tmp_path / "config")
    default.create()
    assert stat.S_IMODE(default.storage.stat().st_mode) == 0o700


def test_write_synced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    old = os.umask(0)
    try:
        write_synced(path, b"one")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / "a.part").write_bytes(b"left by a crash, and longer")
    write_synced(path, b"two")
    assert path.read_bytes() == b"two"
    assert [item.name for item in tmp_path.iterdir()] == ["a"]


def test_write_synced_all_or_nothing(tmp_path: Path, small_disk: Callable[[str, int], Path]) -> None:
    disk = small_disk("disk", 16384)
    write_synced(disk / "a", b"old")
    with pytest.raises(OSError, match=r".+"):
        write_synced(disk / "a", bytes(100_000))
    assert (disk / "a").read_bytes() == b"old"
    assert [item.name for item in disk.iterdir()] == ["a"]


def test_write_synced_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "a.part").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r".+"):
        write_synced(tmp_path / "a", b"x")
    assert not (tmp_path / "elsewhere").exists()


def test_fsync_dir_wants_a_folder(tmp_path: Path) -> None:
    fsync_dir(tmp_path)
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        fsync_dir(tmp_path / "a")
