"""Records at rest: sealed one by one, vouched for by the ledger; what was altered, removed or put back is told."""

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import IntegrityError, NotFoundError, StorageError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.registers.record import Record, parse_fields
from custom_components.camguard.domain.registers.schema import Kind
from custom_components.camguard.vault.keys.keyring import RECORD
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import Identity, SealedWriter
from custom_components.camguard.vault.vault import Vault

from .conftest import fill
from .killing import Run, killer

ONE, OTHER = ClipId("a" * 32), ClipId("b" * 32)
SECRET = "山田花子 <b>"
PICTURE = b"\xff\xd8\xff picture"


def person(record_id: ClipId = ONE, name: str = SECRET, picture: bytes = b"") -> Record:
    return Record(
        record_id=record_id,
        kind=Kind.PERSON,
        number="RP-2026-0001" if record_id == ONE else "RP-2026-0002",
        revision=1,
        created_us=5,
        changed_us=5,
        fields=parse_fields(Kind.PERSON, {"name": name, "role": "deputy"}),
        attachment=picture,
        has_attachment=bool(picture),
    )


def changed(record: Record, **fields: object) -> Record:
    return replace(record, fields=dict(record.fields) | fields, revision=record.revision + 1)


@pytest.fixture
def vault(paths: Paths) -> Iterator[Vault]:
    vault = Vault.open(paths)
    reconcile(vault, 1)
    yield vault
    vault.close()


def reopened(vault: Vault) -> Vault:
    vault.close()
    again = Vault.open(vault.paths)
    reconcile(again, 9)
    return again


def found(vault: Vault) -> tuple[dict[ClipId, Record], list[str]]:
    loaded = vault.registers.load(tidy=vault.ledger_fits)
    return loaded.records, [problem.text for problem in loaded.problems]


def files(paths: Paths) -> list[str]:
    return sorted(path.name for path in paths.registers.iterdir())


def test_a_record_is_sealed_and_comes_back(vault: Vault) -> None:
    record = person(picture=PICTURE)
    vault.registers.save(record, "2026-12-24", {"user_id": "u"}, 7)
    assert vault.registers.read(ONE) == record
    vault = reopened(vault)
    records, problems = found(vault)
    assert (records, problems) == ({ONE: record.bare()}, [])
    for path in vault.paths.ledger.parent.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
            assert path.stat().st_mode & 0o077 == 0
    told = vault.ledger.told.records[ONE]
    assert (told.kind, told.number, told.revision, told.due, told.closed) == (
        "person", "RP-2026-0001", 1, "2026-12-24", "",
    )  # fmt: skip
    vault.close()


def test_the_age_tool_opens_it(vault: Vault, tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("the age tool isn't here")
    vault.registers.save(person(picture=PICTURE), "", {}, 7)
    key = tmp_path / "key"
    key.write_text(vault.keyring.identity(RECORD, ONE).text)
    plain = subprocess.run(["age", "-d", "-i", key, vault.paths.record(ONE, 1)], check=True, capture_output=True).stdout
    text, _, picture = plain.partition(b"\n")
    assert SECRET.encode() in text
    assert picture == PICTURE


def test_a_change_leaves_one_file(vault: Vault) -> None:
    record = person()
    vault.registers.save(record, "", {}, 7)
    for number in range(5):
        record = changed(record, note=str(number))
        vault.registers.save(record, "", {}, 7)
    assert files(vault.paths) == [f"{ONE}.6.age"]
    assert found(reopened(vault))[0][ONE].fields["note"] == "4"


def test_erased_is_erased(vault: Vault) -> None:
    vault.registers.save(person(), "", {}, 7)
    vault.registers.save(person(OTHER), "", {}, 7)
    sealed, key = vault.paths.record(ONE, 1).read_bytes(), vault.paths.key(ONE, RECORD)
    assert vault.registers.erase([ONE], "expired", {}, 8) == []
    assert not key.exists()
    assert files(vault.paths) == [f"{OTHER}.1.age"]
    with pytest.raises(NotFoundError, match="record_not_found"):
        vault.registers.read(ONE)
    vault.paths.record(ONE, 1).write_bytes(sealed)  # somebody kept a copy of the file
    vault = reopened(vault)
    assert set(found(vault)[0]) == {OTHER}
    assert vault.ledger.told.records_erased == {ONE}
    bodies = [entry.body for entry in vault.ledger.entries() if entry.event == Event.RECORDS_ERASING]
    assert [(body["record_ids"], body["numbers"]) for body in bodies if body] == [([ONE], ["RP-2026-0001"])]
    vault.close()


# --- what others do to the files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["altered", "torn", "older", "another's", "forged", "removed"])
def test_what_is_not_as_it_was_saved_is_told_and_not_believed(vault: Vault, what: str) -> None:
    """Who may write the folder that Home Assistant backs up may know the public key of a record's own key, even."""
    record = person()
    vault.registers.save(record, "", {}, 7)
    older = vault.paths.record(ONE, 1).read_bytes()
    vault.registers.save(changed(record, note="paid"), "", {}, 7)
    vault.registers.save(person(OTHER), "", {}, 7)
    path = vault.paths.record(ONE, 2)
    data = path.read_bytes()
    match what:
        case "altered":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "torn":
            path.write_bytes(data[:-20])
        case "older":
            path.write_bytes(older)
        case "another's":
            shutil.copy(vault.paths.record(OTHER, 1), path)
        case "forged":
            file = io.BytesIO()
            with SealedWriter(file, vault.keyring.identity(RECORD, ONE).recipient) as writer:
                writer.write(changed(record, note="forged").to_json() + b"\n")
                writer.close()
                path.write_bytes(file.getvalue())
        case "removed":
            path.unlink()
    with pytest.raises((IntegrityError, StorageError)):
        vault.registers.read(ONE)
    vault = reopened(vault)
    records, problems = found(vault)
    assert set(records) == {OTHER}
    assert problems == [f"record_{'missing' if what == 'removed' else 'altered'} RP-2026-0001"]
    vault.close()


def test_files_of_nobody_are_not_taken_in(vault: Vault) -> None:
    """A record with its own key that somebody has put there: the ledger doesn't know of it."""
    vault.registers.save(person(), "", {}, 7)
    identity = vault.keyring.make(RECORD, OTHER, Identity.generate())
    file = io.BytesIO()
    with SealedWriter(file, identity.recipient) as writer:
        writer.write(person(OTHER).to_json() + b"\n")
        writer.close()
        vault.paths.record(OTHER, 1).write_bytes(file.getvalue())
    (vault.paths.registers / "notes.txt").write_text("mine")
    vault = reopened(vault)
    assert set(found(vault)[0]) == {ONE}
    assert files(vault.paths) == [f"{ONE}.1.age", "notes.txt"]
    vault.close()


def test_an_older_ledger_destroys_nothing(vault: Vault) -> None:
    """Only the ledger was put back: what it doesn't know of stays, and the ledger itself is told to be older."""
    vault.registers.save(person(), "", {}, 7)
    before = vault.paths.ledger.read_bytes()
    vault.registers.save(person(OTHER), "", {}, 7)
    vault.close()
    vault.paths.ledger.write_bytes(before)
    vault = Vault.open(vault.paths)
    reconcile(vault, 9)
    assert not vault.ledger_fits
    assert set(found(vault)[0]) == {ONE}
    assert vault.paths.record(OTHER, 1).exists()
    assert vault.paths.key(OTHER, RECORD).exists()
    vault.close()


def test_without_its_key_a_record_is_locked_not_lost(vault: Vault) -> None:
    vault.registers.save(person(), "", {}, 7)
    key = vault.keyring.identity(RECORD, ONE)
    vault.keyring.destroy(RECORD, ONE)
    vault = reopened(vault)
    loaded = vault.registers.load(tidy=True)
    assert (loaded.records, loaded.unreadable, loaded.problems) == ({}, {ONE: "record_locked"}, [])
    with pytest.raises(NotFoundError, match="record_locked"):
        vault.registers.read(ONE)
    wrong = {ONE: Identity.generate(), OTHER: Identity.generate()}
    assert vault.registers.take_back(wrong) == []
    assert vault.registers.take_back({ONE: key}) == [ONE]
    assert set(found(vault)[0]) == {ONE}
    vault.close()


def test_the_root_is_renewed_under_the_records(vault: Vault) -> None:
    vault.registers.save(person(), "", {}, 7)
    vault.rotate_root(8)
    assert set(found(reopened(vault))[0]) == {ONE}


def test_entries_of_records_outlive_the_ledgers_time(vault: Vault) -> None:
    """By them a record is believed; of an erased one they go as all others."""
    from custom_components.camguard.vault.ledger.told import entries_in_force

    vault.registers.save(person(), "", {}, 7)
    vault.registers.save(person(OTHER), "", {}, 7)
    vault.registers.erase([OTHER], "expired", {}, 8)
    kept = entries_in_force(vault.ledger.entries())
    ranges = vault.ledger.droppable(100, lambda entry: entry.seq in kept)
    vault.ledger.append(Event.BODIES_DROPPED, {"ranges": ranges}, 40_000_000_000_000)
    vault.ledger.drop_bodies(ranges)
    vault = reopened(vault)
    assert set(found(vault)[0]) == {ONE}
    assert set(vault.ledger.told.records) == {ONE}
    vault.close()


# --- a full disk, and the power ----------------------------------------------------------------------------------------


def test_a_full_disk_leaves_what_stood_before(small_disk: Callable[[str, int], Path]) -> None:
    config = small_disk("config", 24 << 20)
    vault = Vault.open(Paths.of(config))
    reconcile(vault, 1)
    record = person()
    vault.registers.save(record, "", {}, 7)
    filler = fill(config)
    with pytest.raises(StorageError, match="record_not_saved"):
        vault.registers.save(changed(record, note="x" * 9000), "", {}, 8)
    with pytest.raises(StorageError, match="record_not_saved"):
        vault.registers.save(person(OTHER), "", {}, 8)
    filler.unlink()
    assert vault.registers.read(ONE) == record
    vault = reopened(vault)
    assert found(vault) == ({ONE: record}, [])
    assert vault.keyring.ids(RECORD) == {ONE}
    vault.registers.save(changed(record, note="y"), "", {}, 9)
    vault.close()


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with killer() as run:
        yield run


@pytest.mark.parametrize("task", ["make_record", "change_record", "erase_record"])
def test_killed_at_every_touch(tmp_path: Path, run: Run, task: str) -> None:
    """Whatever it hits, the next start finds a record as it was before, or as it was to be: nothing else is told."""
    kill_at, code = 0, -9
    seen = set()
    while code == -9:
        kill_at += 1
        paths = Paths.of(tmp_path / str(kill_at) / "config", tmp_path / str(kill_at) / "nas", tmp_path / str(kill_at))
        vault = Vault.open(paths)
        reconcile(vault, 1)
        vault.registers.save(person(), "", {}, 7)
        vault.close()
        code, touches = run(task, paths, kill_at)
        assert code in {-9, 0}, touches
        vault = Vault.open(paths)
        reconcile(vault, 9)
        assert vault.ledger_fits
        records, problems = found(vault)
        assert problems == [], touches
        assert vault.keyring.ids(RECORD) == set(records), touches
        assert files(paths) == sorted(f"{item.record_id}.{item.revision}.age" for item in records.values()), touches
        seen.add(tuple(sorted((item.record_id, item.revision) for item in records.values())))
        vault.close()
    assert kill_at > 5
    after = {
        "make_record": ((ONE, 1), (OTHER, 1)),
        "change_record": ((ONE, 2),),
        "erase_record": (),
    }[task]
    assert after in seen
    assert seen <= {((ONE, 1),), after}
