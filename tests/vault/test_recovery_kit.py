"""Recovery kits: opened by the right code, by age and pyrage too; refused when damaged."""

import json
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import IntegrityError, StorageError
from custom_components.camguard.domain.ledger import Entry, Event, make_entry
from custom_components.camguard.vault.keys.code import LENGTH, SYMBOLS, make_code, normal_code
from custom_components.camguard.vault.keys.recovery_kit import (
    Kit,
    KitKeys,
    Passphrase,
    find_kits,
    kit_entries,
    new_kit_id,
    open_kit,
    remove_kit,
    spent_kits,
    write_kit,
)
from custom_components.camguard.vault.sealed import Identity, SealedWriter

A, B = ClipId("a" * 32), ClipId("b" * 32)
KEYS = {A: Identity.generate(), B: Identity.generate()}
HELD = KitKeys(clips=KEYS, records={ClipId("c" * 32): Identity.generate()})
CODE = "ABCDE-FGHJK-LMNPQ-RSTUV"


def kit_in(folder: Path, code: str = CODE) -> Kit:
    return write_kit(folder / "holds", new_kit_id(1_764_000_000_000_001), HELD, code)


def test_a_kit_comes_back(tmp_path: Path) -> None:
    kit = kit_in(tmp_path)
    assert find_kits(tmp_path / "holds") == (kit,)
    assert open_kit(kit, CODE) == HELD
    assert kit.path.stat().st_mode & 0o777 == 0o600
    data = kit.path.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n-> scrypt ")
    for secret in (CODE, A, *(identity.text for identity in KEYS.values())):
        assert secret.encode() not in data
    assert kit.made_us == 1_764_000_000_000_001
    remove_kit(kit)
    remove_kit(kit)
    assert find_kits(tmp_path / "holds") == ()


def test_pyrage_opens_it(tmp_path: Path) -> None:
    content = json.loads(pyrage.passphrase.decrypt(kit_in(tmp_path).path.read_bytes(), CODE))
    keys, records = ({item: key.text for item, key in keys.items()} for keys in (HELD.clips, HELD.records))
    assert content == {"version": 1, "keys": keys, "records": records}


def test_an_early_kit_without_records_opens(tmp_path: Path) -> None:
    kit = kit_in(tmp_path)
    with kit.path.open("wb") as file, SealedWriter(file, Passphrase(CODE)) as writer:
        writer.write(json.dumps({"version": 1, "keys": {A: KEYS[A].text}}).encode())
        writer.close()
    assert open_kit(kit, CODE) == KitKeys(clips={A: KEYS[A]})


@pytest.mark.skipif(shutil.which("age") is None, reason="needs age")
def test_age_opens_it(tmp_path: Path) -> None:
    """As a person would with the paper in hand: age asks at the terminal."""
    kit, out = kit_in(tmp_path), tmp_path / "out.json"
    terminal, other_end = pty.openpty()
    age = ["setsid", "--ctty", "--wait", "age", "-d", "-o", str(out), str(kit.path)]
    process = subprocess.Popen(age, stdin=other_end, stdout=other_end, stderr=other_end)
    os.close(other_end)
    asked = b""
    while b":" not in asked:
        asked += os.read(terminal, 1000)
    assert b"passphrase" in asked
    os.write(terminal, CODE.encode() + b"\n")
    assert process.wait(timeout=30) == 0
    os.close(terminal)
    assert json.loads(out.read_text())["keys"][A] == KEYS[A].text


@pytest.mark.parametrize("code", ["", "ABCDE", CODE.lower(), CODE.replace("-", ""), CODE[:-1] + "W"])
def test_another_code_opens_nothing(tmp_path: Path, code: str) -> None:
    with pytest.raises(IntegrityError, match="sealed_wrong_key"):
        open_kit(kit_in(tmp_path), code)


def test_a_damaged_kit_is_refused(tmp_path: Path) -> None:
    kit = kit_in(tmp_path)
    good = kit.path.read_bytes()
    for at in range(0, len(good), 61):
        kit.path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        with pytest.raises(IntegrityError):
            open_kit(kit, CODE)
    for cut in (0, 10, 150, len(good) - 1):
        kit.path.write_bytes(good[:cut])
        with pytest.raises(IntegrityError):
            open_kit(kit, CODE)
    # a cost that would take all memory isn't even tried
    kit.path.write_bytes(good.replace(b" 15\n", b" 30\n", 1))
    with pytest.raises(IntegrityError, match="sealed_malformed"):
        open_kit(kit, CODE)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"version":2,"keys":{}}', b'{"version":1}', b'{"version":1,"keys":[]}',
     b'{"version":1,"keys":{"../x":"AGE-SECRET-KEY-1"}}', b'{"version":1,"keys":{"' + b"a" * 32 + b'":"x"}}',
     b'{"version":1,"keys":{"' + b"a" * 32 + b'":5}}'],
    ids=lambda content: repr(content[:40]),
)  # fmt: skip
def test_a_kit_with_something_else_in_it(tmp_path: Path, content: bytes) -> None:
    kit = kit_in(tmp_path)
    with kit.path.open("wb") as file, SealedWriter(file, Passphrase(CODE)) as writer:
        writer.write(content)
        writer.close()
    with pytest.raises(IntegrityError, match="kit_unreadable"):
        open_kit(kit, CODE)


def test_a_kit_that_can_not_be_written_leaves_nothing(tmp_path: Path, small_disk: object) -> None:
    disk = small_disk("disk", 8192)  # type: ignore[operator]
    (disk / "holds").mkdir()
    (disk / "filler").write_bytes(bytes(8192))
    with pytest.raises(StorageError, match="kit_not_written"):
        kit_in(disk)
    assert list((disk / "holds").iterdir()) == []


def test_kits_are_found_newest_first_whatever_else_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "holds"
    old, new = (write_kit(folder, new_kit_id(us), HELD, CODE) for us in (1_764_000_000_000_000, 1_764_000_000_000_001))
    (folder / "strange.kit.age").write_bytes(b"")
    (folder / "x.hold.json").write_bytes(b"")
    strange, *kits = find_kits(folder)
    assert kits == [new, old]
    assert strange.made_us == 0


# --- codes ---


def test_codes() -> None:
    codes = {make_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code.replace("-", "")) == LENGTH
        assert [len(group) for group in code.split("-")] == [5, 5, 5, 5]
        assert set(code) <= set(SYMBOLS) | {"-"}
        assert normal_code(code) == code
    assert not set(SYMBOLS) & set("01IO")


@settings(max_examples=100, deadline=None)
@given(st.text(SYMBOLS, min_size=LENGTH, max_size=LENGTH), st.data())
def test_a_code_typed_sloppily(symbols: str, data: st.DataObject) -> None:
    code = "-".join(symbols[start : start + 5] for start in range(0, LENGTH, 5))
    typed = ""
    for symbol in code:
        match data.draw(st.sampled_from(["as it is", "small", "wide", "wide small", "blank"])):
            case "as it is":
                typed += symbol
            case "small":
                typed += symbol.lower()
            case "wide":
                typed += chr(ord(symbol) + 0xFEE0)
            case "wide small":
                typed += chr(ord(symbol.lower()) + 0xFEE0)
            case _:
                typed += data.draw(st.sampled_from([" ", "　", "ー", "−", "–", ""])) + symbol
    if data.draw(st.booleans()):
        typed = typed.replace("-", "")
    assert normal_code(typed) == code


# --- what the ledger tells of them ---


def ledger_of(*rows: tuple[Event, dict[str, object]]) -> list[Entry]:
    entries: list[Entry] = []
    for event, facts in rows:
        entries.append(make_entry(entries[-1] if entries else None, event, facts, time_us=1, salt="0" * 32))
    return entries


def test_a_kit_is_spent_once_all_its_clips_were_erased(tmp_path: Path) -> None:
    folder = tmp_path / "holds"
    kit = kit_in(tmp_path)
    made = (Event.KIT_MADE, {"kit_id": kit.kit_id, "clip_ids": [A, B]})
    before, one, other = ((Event.ERASED, {"clip_ids": ids}) for ids in ([A, B], [A, "c" * 32], [B]))
    assert spent_kits(folder, ledger_of(made)) == ()
    assert spent_kits(folder, ledger_of(made, one)) == ()
    assert spent_kits(folder, ledger_of(made, one, other)) == (kit,)
    assert spent_kits(folder, ledger_of(before)) == ()  # a kit that the ledger doesn't tell of is left alone
    assert kit_entries(folder, ledger_of(before, made, one, (Event.ERASED, {"clip_ids": ["d" * 32]}), other)) == {
        2,
        3,
        5,
    }
    remove_kit(kit)
    assert kit_entries(folder, ledger_of(made, one)) == frozenset()
