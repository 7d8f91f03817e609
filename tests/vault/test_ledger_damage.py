"""The ledger's file, damaged in every place, torn in every place, and on disks that refuse."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import IntegrityError, StorageError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.ledger.ledger_file import LedgerFile

from .conftest import fill


def made(path: Path, count: int = 4) -> bytes:
    path.unlink(missing_ok=True)
    path.with_suffix(".torn").unlink(missing_ok=True)
    ledger = LedgerFile(path)
    for number in range(count):
        ledger.append(Event.VIEWED, {"clip_id": f"{number}", "user_name": "佐藤"}, 1_000_000 + number)
    ledger.close()
    return path.read_bytes()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_changed_byte_is_found(tmp_path: Path, at: float, change: int) -> None:
    path = tmp_path / "ledger.jsonl"
    data = bytearray(made(path))
    data[int((len(data) - 1) * at)] ^= change  # all but the last line's end
    path.write_bytes(data)
    with pytest.raises(IntegrityError):
        ledger = LedgerFile(path)
        try:
            ledger.verify()
        finally:
            ledger.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1))
def test_torn_anywhere_goes_on(tmp_path: Path, at: float) -> None:
    path = tmp_path / "ledger.jsonl"
    data = made(path)
    cut = data[: int(len(data) * at)]
    path.write_bytes(cut)
    ledger = LedgerFile(path)
    whole = cut.count(b"\n")
    assert ledger.seq == ledger.verify() == whole
    torn = cut.rpartition(b"\n")[2]
    assert (path.with_suffix(".torn").read_bytes() if torn else b"\n") == torn + b"\n"
    assert ledger.append(Event.GAP, {}, 1).seq == whole + 1
    assert ledger.verify() == whole + 1
    ledger.close()


@pytest.mark.parametrize("tail", [b"\n", b"\n\n", b"{}\n", b"null\n", b"\0\0\n"])
def test_a_last_line_that_is_no_entry_is_refused(tmp_path: Path, tail: bytes) -> None:
    """Going on after it would begin a second chain."""
    path = tmp_path / "ledger.jsonl"
    for before in (made(path), b""):
        path.write_bytes(before + tail)
        with pytest.raises(IntegrityError, match="ledger_unreadable"):
            LedgerFile(path)
        assert path.read_bytes() == before + tail


def test_lines_removed_swapped_doubled(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    lines = made(path).splitlines(keepends=True)
    for order in ([1, 2, 3], [0, 2, 3], [1, 0, 2, 3], [0, 1, 1, 2, 3], [0, 1, 2, 3, 3]):
        path.write_bytes(b"".join(lines[number] for number in order))
        ledger = LedgerFile(path)
        with pytest.raises(IntegrityError, match="ledger_altered"):
            ledger.verify()
        ledger.close()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r".+"):
        LedgerFile(tmp_path / "ledger.jsonl")
    assert not (tmp_path / "elsewhere").exists()


def test_reading_while_others_write(tmp_path: Path) -> None:
    ledger = LedgerFile(tmp_path / "ledger.jsonl")
    done = threading.Event()

    def write() -> None:
        for number in range(25):
            ledger.append(Event.ERASING, {"clip_ids": ["a" * 32] * 200, "number": number}, number)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    seen = 0
    while not done.is_set():
        if not any(writer.is_alive() for writer in writers):
            done.set()
        count = ledger.verify()
        assert count >= seen
        seen = count
    assert seen == ledger.seq == 100
    ledger.close()


def test_a_full_disk_without_reserve_leaves_no_half_line(small_disk: Callable[[str, int], Path]) -> None:
    disk = small_disk("disk", 1 << 20)
    ledger = LedgerFile(disk / "ledger.jsonl")
    ledger.append(Event.GAP, {}, 1)
    filler = fill(disk)
    before = (disk / "ledger.jsonl").read_bytes()
    for _ in range(3):
        with pytest.raises(StorageError, match="ledger_not_written"):
            ledger.append(Event.GAP, {"text": "x" * 20_000}, 2)
        assert (disk / "ledger.jsonl").read_bytes() == before
    assert not ledger.give_up_reserve()
    filler.unlink()
    assert ledger.append(Event.GAP, {"text": "y"}, 3).seq == 2
    assert ledger.verify() == 2
    assert b"x" * 100 not in (disk / "ledger.jsonl").read_bytes()
    ledger.close()
