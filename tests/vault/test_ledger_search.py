"""Looking something up in the ledger: read from its end, whatever lies where a block of the file begins."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.ledger import search as searching
from custom_components.camguard.vault.ledger.ledger_file import LedgerFile
from custom_components.camguard.vault.ledger.search import Query, search
from custom_components.camguard.vault.ledger.segments import Segments
from custom_components.camguard.vault.ledger.told import Gap, closed


@given(
    lines=st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line), max_size=30),
    torn=st.binary(max_size=9).filter(lambda line: b"\n" not in line),
    block=st.integers(1, 40),
)
def test_lines_come_from_the_last_to_the_first(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], torn: bytes, block: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "file"
    path.write_bytes(b"".join(line + b"\n" for line in lines) + torn)
    before, searching._BLOCK_BYTES = searching._BLOCK_BYTES, block
    try:
        assert list(searching._backwards(path.open("rb"))) == lines[::-1]
    finally:
        searching._BLOCK_BYTES = before


def test_a_file_that_isnt_there_has_nothing(tmp_path: Path) -> None:
    assert search(Segments(tmp_path / "none"), Query(), 10) == ([], False)


def test_what_is_no_entry_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = LedgerFile(path)
    for number in range(3):
        ledger.append(Event.GAP, {"number": number}, number * 1_000_000)
    ledger.close()
    path.write_bytes(path.read_bytes() + b"garbage\n" + b'{"seq": 1}\n')
    entries, more = search(Segments(path), Query(), 2)
    assert ([entry.seq for entry in entries], more) == ([3, 2], True)
    entries, more = search(Segments(path), Query(start_us=500_000, end_us=1_500_000), 10)
    assert ([entry.seq for entry in entries], more) == ([2], False)


def gap(from_us: int, to_us: int | None, camera_id: str = "a") -> Gap:
    return Gap(camera_id=camera_id, from_us=from_us, to_us=to_us, cause="x")


def test_a_gap_has_the_end_that_is_known() -> None:
    told = [gap(10, None), gap(10, 20), gap(30, None), gap(50, 60), gap(40, None, "b"), gap(200, None, "b")]
    assert [(item.from_us, item.to_us) for item in closed(told, opened_us=100)] == [
        (10, 20), (30, 50), (40, 200), (50, 60), (200, None),
    ]  # fmt: skip
    assert [(item.from_us, item.to_us) for item in closed([gap(5, None)], opened_us=100)] == [(5, 100)]
