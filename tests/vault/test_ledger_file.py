"""The ledger on disk: torn, full, altered, written by many."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from custom_components.camguard.domain.errors import IntegrityError, StorageError
from custom_components.camguard.domain.ledger import GENESIS, Event
from custom_components.camguard.vault.ledger.ledger_file import RESERVE_BYTES, LedgerFile


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 20 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(path: Path) -> None:
    """Take all the space there is."""
    with path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_entries_come_back_in_order(tmp_path: Path) -> None:
    ledger = LedgerFile(tmp_path / "ledger.jsonl")
    assert (ledger.head, ledger.seq) == (GENESIS, 0)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: ledger.append(Event.GAP, {"number": number}, number), range(60)))
    assert ledger.verify() == 60
    ledger.close()
    again = LedgerFile(tmp_path / "ledger.jsonl")
    assert (again.head, again.seq) == (ledger.head, 60)
    assert (tmp_path / "ledger.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_torn_line_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = LedgerFile(path)
    ledger.append(Event.GAP, {"text": "x" * 200_000}, 1)
    ledger.append(Event.GAP, {}, 2)
    ledger.close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"seq":3,')
    ledger = LedgerFile(path)
    assert path.read_bytes() == whole
    assert (tmp_path / "ledger.torn").read_bytes() == b'{"seq":3,\n'
    assert ledger.append(Event.GAP, {}, 3).seq == 3
    assert ledger.verify() == 3


def test_an_altered_line_is_found(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = LedgerFile(path)
    for number in range(5):
        ledger.append(Event.GAP, {"number": number}, number)
    path.write_bytes(path.read_bytes().replace(b'"number":2', b'"number":7'))
    with pytest.raises(IntegrityError, match="ledger_altered") as raised:
        ledger.verify()
    assert raised.value.placeholders == {"seq": "3"}


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text("hello\n")
    with pytest.raises(IntegrityError):
        LedgerFile(path)


def test_a_full_disk_gives_up_its_reserve(small_disk: Path) -> None:
    ledger = LedgerFile(small_disk / "ledger.jsonl", small_disk / "reserve")
    assert (small_disk / "reserve").stat().st_size == RESERVE_BYTES
    filler = small_disk / "filler"
    fill(filler)
    entry = ledger.append(Event.ERASING, {"clip_ids": ["a" * 32] * 200}, 1)
    assert entry.seq == 1
    assert not (small_disk / "reserve").exists()
    fill(filler)
    with pytest.raises(StorageError, match="ledger_not_written"):
        ledger.append(Event.ERASING, {"clip_ids": ["a" * 32] * 2000}, 2)
    before = ledger.seq
    ledger.refill()
    assert not (small_disk / "reserve").exists()
    filler.unlink()
    ledger.refill()
    assert (small_disk / "reserve").exists()
    assert ledger.append(Event.GAP, {}, 1).seq == before + 1
    assert ledger.verify() == before + 1
    assert shutil.disk_usage(small_disk).free > 0
