"""ZIP archives as other people's programs see them: 7-Zip for both kinds, Python's zipfile for the plain one."""

import io
import random
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import IntegrityError, InvalidError
from custom_components.camguard.vault.documents.archive import LIMIT_BYTES, Member, archive_bytes, archive_chunks
from custom_components.camguard.vault.keys.code import LENGTH, SYMBOLS, make_code, normal_code

PASSWORD = "ABCDE-FGHJK-LMNPQ-RSTUV"
NOW = datetime(2026, 11, 24, 21, 5, 42)  # noqa: DTZ001 - as a clock on the wall shows it
BORDERS = (0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 131_072, 200_001)


def seven_zip(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("7zz") or shutil.which("7z")
    if program is None:
        pytest.skip("no 7-Zip here: install Debian's 7zip package")
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=60
    )


def unpacked(archive: bytes, folder: Path, password: str | None) -> dict[str, bytes]:
    """Return what 7-Zip finds in an archive."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "archive.zip"
    path.write_bytes(archive)
    done = seven_zip("x", f"-o{folder / 'out'}", *([f"-p{password}"] if password else []), path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stdout
    files = (folder / "out").rglob("*")
    return {str(file.relative_to(folder / "out")): file.read_bytes() for file in files if file.is_file()}


def member(name: str, data: bytes, cuts: int = 65_536, **changes: object) -> Member:
    """Return a member that gives its data in chunks of `cuts` bytes."""

    def chunks() -> Iterator[bytes]:
        yield from (data[start : start + cuts] for start in range(0, len(data), cuts))

    fields = {"size_bytes": len(data), "crc32": zlib.crc32(data), "modified": NOW, "chunks": chunks}
    return Member(name=name, **fields | changes)  # type: ignore[arg-type]


def made(members: list[Member], password: str | None) -> bytes:
    archive = b"".join(archive_chunks(members, password))
    assert len(archive) == archive_bytes(members, password)
    return archive


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "encrypted"])
def test_other_programs_open_it(password: str | None, tmp_path: Path) -> None:
    content = {f"CG-2026-0001/file-{size}": random.Random(size).randbytes(size) for size in BORDERS}
    content["CG-2026-0001/README.html"] = "<p>映像</p>".encode()
    archive = made([member(name, data) for name, data in content.items()], password)
    assert unpacked(archive, tmp_path / "z", password) == content
    path = tmp_path / "z" / "archive.zip"
    listed = seven_zip("l", "-slt", path).stdout
    assert listed.count("Modified = 2026-11-24 21:05:42") == len(content)
    assert listed.count("Method = AES-256 Store" if password else "Method = Store") == len(content)
    assert listed.count("Encrypted = +") == (len(content) if password else 0)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.namelist() == list(content)
        assert all(info.compress_size >= info.file_size for info in opened.infolist())
        if password is None:
            assert opened.testzip() is None
            assert {name: opened.read(name) for name in opened.namelist()} == content
        else:
            assert {info.CRC for info in opened.infolist()} == {0}, "AE-2 tells nothing of the content"


def test_the_plain_one_can_be_read_front_to_back() -> None:
    """Nothing has to look at the end first: sizes and checksums are in front, no descriptor behind."""
    content = {"a": b"first", "b/c": bytes(70_000)}
    archive, position = made([member(name, data) for name, data in content.items()], None), 0
    for name, data in content.items():
        head = archive[position : position + 30]
        assert head[:4] == b"PK\x03\x04"
        assert head[6:8] == b"\0\0"
        assert int.from_bytes(head[14:18], "little") == zlib.crc32(data)
        assert int.from_bytes(head[18:22], "little") == int.from_bytes(head[22:26], "little") == len(data)
        position += 30 + len(name)
        assert archive[position : position + len(data)] == data
        position += len(data)
    assert archive[position : position + 4] == b"PK\x01\x02"


@pytest.mark.parametrize("wrong", ["", "abcde", PASSWORD.lower(), PASSWORD.replace("-", ""), PASSWORD + " "])
def test_a_wrong_password_opens_nothing(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(made([member("secret.mp4", b"moov" * 20_000)], PASSWORD))
    assert b"moovmoov" not in path.read_bytes()
    assert seven_zip("t", f"-p{PASSWORD}", path).returncode == 0
    assert seven_zip("t", f"-p{wrong}", path).returncode != 0


def test_two_of_the_same_share_no_bytes() -> None:
    data = bytes(100_000)
    one, two = (made([member("a", data), member("b", data)], PASSWORD) for _ in range(2))
    streams = [archive[start : start + len(data)] for archive in (one, two) for start in (60, 60 + 11 + 28 + len(data))]
    assert all(stream.count(stream[5_000:5_016]) == 1 for stream in streams)
    assert len({stream[50_000:50_032] for stream in streams}) == 4


@given(
    parts=st.lists(
        st.tuples(st.one_of(st.sampled_from(BORDERS), st.integers(0, 140_000)), st.integers(1, 70_000)), max_size=5
    ),
    encrypted=st.booleans(),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sizes_in_any_chunks(parts: list[tuple[int, int]], encrypted: bool, seed: int, tmp_path: Path) -> None:
    noise = random.Random(seed)
    content = {f"folder/{number}.bin": noise.randbytes(size) for number, (size, _) in enumerate(parts)}
    members = [member(name, data, cuts) for (name, data), (_, cuts) in zip(content.items(), parts, strict=True)]
    password = PASSWORD if encrypted else None
    assert unpacked(made(members, password), tmp_path / "z", password) == content


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "encrypted"])
def test_a_flipped_byte_is_noticed(password: str | None, tmp_path: Path) -> None:
    data = random.Random(1).randbytes(70_000)
    archive = made([member("CG/clip-01.mp4", data)], password)
    start = archive.index(b"clip-01.mp4") + len(b"clip-01.mp4") + (11 if password else 0)
    end = len(archive) - archive[::-1].index(b"\x02\x01KP") - 4
    assert end - start == len(data) + (28 if password else 0)
    path = tmp_path / "flipped.zip"
    # Salt, password check, first and last of the content, authentication code.
    for place in (start, start + 17, start + 18, start + 40_000, end - 11, end - 10, end - 1):
        flipped = bytearray(archive)
        flipped[place] ^= 1
        path.write_bytes(flipped)
        done = seven_zip("t", *([f"-p{password}"] if password else []), path)
        assert done.returncode != 0, (place, done.stdout)


@pytest.mark.parametrize(
    "name",
    [
        "", "/a", "a/", "../a", "a/../b", "a/..", "..", ".", ".hidden", "a//b", "a\\b", "C:a", "a b", "a\0", "a\n", "-rf",
        "映像.mp4", "á", "a/-x", "a" * 201,
    ],
)  # fmt: skip
def test_unsafe_names_are_refused(name: str) -> None:
    for refuse in (archive_bytes, lambda members, password: list(archive_chunks(members, password))):
        with pytest.raises(InvalidError, match="bundle_name_unsafe"):
            refuse([member("fine", b""), member(name, b"")], None)


def test_the_same_name_twice_is_refused() -> None:
    with pytest.raises(InvalidError, match="bundle_name_unsafe"):
        archive_bytes([member("a", b"1"), member("a", b"2")], None)


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "encrypted"])
@pytest.mark.parametrize(
    ("told", "given"),
    [(b"12345", b"1234"), (b"1234", b"12345"), (b"", b"1"), (b"1", b""), (b"12345", b"12344")],
    ids=["shorter", "longer", "not empty", "empty", "other"],
)
def test_a_member_that_isnt_what_it_said(told: bytes, given: bytes, password: str | None) -> None:
    wrong = member("a", given, size_bytes=len(told), crc32=zlib.crc32(told))
    sent = bytearray()
    with pytest.raises(IntegrityError, match="bundle_member_changed"):
        for chunk in archive_chunks([wrong, member("b", b"")], password):
            sent += chunk
    assert b"PK\x01\x02" not in sent
    assert len(sent) < archive_bytes([wrong, member("b", b"")], password)


def test_an_error_while_reading_comes_through() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        list(archive_chunks([member("a", b"halfhalf", chunks=chunks)], PASSWORD))


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "encrypted"])
def test_the_limit(password: str | None) -> None:
    around = archive_bytes([member("a", b"")], password)
    assert archive_bytes([member("a", b"", size_bytes=LIMIT_BYTES - around)], password) == LIMIT_BYTES
    for members in (
        [member("a", b"", size_bytes=LIMIT_BYTES - around + 1)],
        [member(name, b"", size_bytes=2 << 30) for name in "ab"],
        [member(f"{number}", b"") for number in range(10_001)],
    ):
        with pytest.raises(InvalidError, match="bundle_too_large"):
            archive_bytes(members, password)
        with pytest.raises(InvalidError, match="bundle_too_large"):
            next(archive_chunks(members, password))


@pytest.mark.parametrize("year", [1, 1979, 1980, 2107, 2108, 9999])
def test_times_that_a_zip_can_not_tell(year: int, tmp_path: Path) -> None:
    moment = datetime(year, 12, 31, 23, 59, 58, tzinfo=UTC)
    archive = made([member("a", b"x", modified=moment)], None)
    assert unpacked(archive, tmp_path / "z", None) == {"a": b"x"}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        told = opened.infolist()[0].date_time
    assert told == ((year, 12, 31, 23, 59, 58) if 1980 <= year <= 2107 else (1980, 1, 1, 0, 0, 0))


def test_codes() -> None:
    codes = {make_code() for _ in range(500)}
    assert len(codes) == 500
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 32, "20 of 32 symbols: 100 bits"
    assert not set("01IO") & set(SYMBOLS)
    for code in codes:
        groups = code.split("-")
        assert [len(group) for group in groups] == [5, 5, 5, 5]
        assert set("".join(groups)) <= set(SYMBOLS)
        assert len("".join(groups)) == LENGTH
        wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in code)
        for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')}\n", wide, wide.lower()):
            assert normal_code(typed) == code
    assert set("".join(codes)) == set(SYMBOLS) | {"-"}
