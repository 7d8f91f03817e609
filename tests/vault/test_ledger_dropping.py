"""Dropping bodies whose time is over: the chain holds, the rest stays, and no crash loses an entry."""

import base64
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.camguard.domain.errors import CamguardError, IntegrityError, StorageError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.ledger.check import check_ledger
from custom_components.camguard.vault.ledger.ledger_file import LedgerFile
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from .clips import put_clip
from .conftest import fill
from .killing import DROPPED_BEFORE_US, Run, killer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with killer() as run:
        yield run


def filled(path: Path, count: int = 20) -> LedgerFile:
    key = Ed25519PrivateKey.generate()
    ledger = LedgerFile(path, sign=key.sign)
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    ledger.append(Event.KEY_CHANGED, {"public_key": public, "reason": "first"}, 1)
    for number in range(count):
        ledger.append(Event.VIEWED, {"user_name": f"viewer-{number}"}, number * 10)
    return ledger


def test_what_is_dropped_is_gone_and_the_rest_holds(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path)
    before = list(ledger.entries())
    assert ledger.drop_bodies(ledger.droppable(100)) == 10
    after = list(ledger.entries())
    assert [(entry.seq, entry.time_us, entry.bh, entry.head, entry.sig) for entry in after] == [
        (entry.seq, entry.time_us, entry.bh, entry.head, entry.sig) for entry in before
    ]
    assert [entry.body is None for entry in after] == [False, *[True] * 10, *[False] * 10]
    assert after[0].event == Event.KEY_CHANGED
    data = path.read_bytes()
    assert b"viewer-9" not in data
    assert b"viewer-10" in data
    assert ledger.drop_bodies(ledger.droppable(100)) == 0
    assert ledger.append(Event.GAP, {}, 1).seq == 22
    assert ledger.verify() == 22
    assert {item.name for item in tmp_path.iterdir()} == {"ledger.jsonl"}
    assert path.stat().st_mode & 0o777 == 0o600
    ledger.close()
    again = LedgerFile(path)
    assert again.verify() == again.seq == 22
    again.close()


def test_what_is_wanted_still_is_kept(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "ledger.jsonl")
    assert ledger.drop_bodies(ledger.droppable(100, lambda entry: entry.seq == 5)) == 9
    assert [entry.seq for entry in ledger.entries() if entry.body and entry.seq < 10] == [1, 5]


def test_the_old_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path)
    witness = tmp_path / "witness"
    witness.hardlink_to(path)
    ledger.drop_bodies(ledger.droppable(100))
    assert b"viewer" not in witness.read_bytes()


def test_a_reader_of_the_old_file_reads_on(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path, 3000)
    entries = ledger.entries()
    first = [next(entries) for _ in range(5)]
    ledger.drop_bodies(ledger.droppable(100))
    rest = list(entries)
    assert [entry.seq for entry in (*first, *rest)] == list(range(1, 3002))
    assert all(entry.body for entry in rest)
    # what it had to leave goes later
    assert path.with_name("ledger.jsonl.old").exists()
    ledger.refill()
    assert not path.with_name("ledger.jsonl.old").exists()
    assert ledger.verify() == 3001


def test_appending_and_reading_while_bodies_are_dropped(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "ledger.jsonl", 500)
    failures: list[Exception] = []
    done = threading.Event()

    def guarded(work: object) -> threading.Thread:
        def call() -> None:
            try:
                work()  # type: ignore[operator]
            except (AssertionError, OSError, CamguardError) as error:
                failures.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        return thread

    def read() -> None:
        while not done.is_set():
            assert ledger.verify() >= 501

    def append() -> None:
        for number in range(50):
            ledger.append(Event.GAP, {"number": number}, 10_000)

    readers, writers = [guarded(read) for _ in range(2)], [guarded(append) for _ in range(2)]
    for before in range(0, 5000, 1000):
        ledger.drop_bodies(ledger.droppable(before))
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert not failures
    assert ledger.verify() == ledger.seq == 601


def test_on_a_full_disk_nothing_changes(small_disk: object) -> None:
    disk = small_disk("disk", 1 << 20)  # type: ignore[operator]
    ledger = filled(disk / "ledger.jsonl", 500)
    filler = fill(disk)
    before = (disk / "ledger.jsonl").read_bytes()
    for _ in range(2):
        with pytest.raises(StorageError, match="ledger_not_written"):
            ledger.drop_bodies(ledger.droppable(1000))
        assert (disk / "ledger.jsonl").read_bytes() == before
        assert {item.name for item in disk.iterdir()} == {"ledger.jsonl", "filler"}
    filler.unlink()
    assert ledger.drop_bodies(ledger.droppable(1000)) == 100
    assert ledger.append(Event.GAP, {}, 1).seq == 502
    assert ledger.verify() == 502
    ledger.close()


def test_a_line_that_is_no_entry_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger = filled(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], b"{}\n", *lines[3:]]))
    before = path.read_bytes()
    with pytest.raises(IntegrityError):
        ledger.drop_bodies(ledger.droppable(100))
    assert path.read_bytes() == before


def test_killed_at_every_step(tmp_path: Path, run: Run) -> None:
    template = tmp_path / "template"
    vault = Vault.open(Paths.of(template))
    reconcile(vault, 2_000_000)
    for number in range(5):
        vault.ledger.append(Event.VIEWED, {"user_name": f"viewer-{number}"}, number)
    put_clip(vault, "camera", NOW)
    vault.close()
    steps: list[str] = []
    for kill_at in range(1, 100):
        config = tmp_path / f"{kill_at}"
        shutil.copytree(template, config)
        paths = Paths.of(config)
        code, steps = run("drop", paths, kill_at)
        assert code in {0, -signal.SIGKILL}
        vault = Vault.open(paths)
        reconcile(vault, 3_000_000)
        check = check_ledger(vault.ledger, vault.anchors, vault.keyring.public_key, every_signature=True)
        assert check.problems == (), (kill_at, steps)
        assert check.entries == vault.ledger.seq in {8, 9}
        left = [entry.seq for entry in vault.ledger.entries() if entry.body is None]
        assert left in ([], [3, 4, 5, 6, 7])
        assert not list(paths.ledger.parent.glob("*.old"))
        # and then it goes through
        vault.ledger.drop_bodies(vault.ledger.droppable(DROPPED_BEFORE_US))
        vault.close()
        assert b"viewer" not in b"".join(path.read_bytes() for path in paths.ledger.parent.iterdir() if path.is_file())
        shutil.rmtree(config)
        if code == 0:
            break
    else:
        pytest.fail("never came to its end")
    assert {"os.link ledger.jsonl", "os.rename edger.jsonl.part", "os.remove ledger.jsonl.old"} <= set(steps), steps


def test_links_are_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without hard links: the old file can't be overwritten, and nothing else is different."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    ledger = filled(tmp_path / "ledger.jsonl")
    monkeypatch.setattr(os, "link", refuse)
    assert ledger.drop_bodies(ledger.droppable(100)) == 10
    assert ledger.append(Event.GAP, {}, 1).seq == 22
    assert ledger.verify() == 22
