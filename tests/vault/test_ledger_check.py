"""Checking the ledger against its chain, its signatures and its anchors: what was done to it shows, and nothing else."""

import base64
import json
import random
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import IntegrityError
from custom_components.camguard.domain.ledger import Entry, Event, Problem, make_entry
from custom_components.camguard.vault.keys.erasing_key import ErasingKey
from custom_components.camguard.vault.keys.keyring import public_key_text
from custom_components.camguard.vault.ledger.anchors import head_key
from custom_components.camguard.vault.ledger.belief import believe
from custom_components.camguard.vault.ledger.check import LedgerCheck, check_ledger
from custom_components.camguard.vault.ledger.ledger_file import LedgerFile
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

COUNT = 12


def check(vault: Vault, *, every_signature: bool = False) -> LedgerCheck:
    return check_ledger(vault.ledger, vault.anchors, vault.keyring.public_key, every_signature=every_signature)


def problems(vault: Vault, *, every_signature: bool = False) -> set[tuple[str, str]]:
    """Return (problem, where) of a check, and what the start has found."""
    found = {(item.key, item.detail) for item in check(vault, every_signature=every_signature).problems}
    return found | {(item.key, "") for item in vault.findings}


def write(vault: Vault, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        vault.ledger.append(Event.VIEWED, {"user_name": f"viewer-{number}"}, 1000 + number)


def start(paths: Paths) -> Vault:
    vault = Vault.open(paths)
    reconcile(vault, 1)
    return vault


def accept(vault: Vault) -> None:
    """What a verification does once problems are told."""
    vault.anchors.begin_anew(vault.ledger, 2)


@pytest.fixture
def site(tmp_path: Path) -> Paths:
    """A site with a ledger, whose storage lies elsewhere."""
    paths = Paths.of(tmp_path / "config", storage_path=tmp_path / "storage")
    vault = start(paths)
    write(vault, COUNT)
    vault.close()
    return paths


def remade(paths: Paths, count: int, key: Ed25519PrivateKey | None = None) -> None:
    """Exchange the ledger for a chain that is whole, and signed by somebody else."""
    key = key or Ed25519PrivateKey.generate()
    paths.ledger.unlink()
    ledger = LedgerFile(paths.ledger, sign=key.sign)
    ledger.append(Event.KEY_CHANGED, {"public_key": public_key_text(key.public_key()), "reason": "first"}, 1)
    for number in range(count - 1):
        ledger.append(Event.VIEWED, {"user_name": f"nobody-{number}"}, 1000 + number)
    ledger.close()


def to_fit(paths: Paths) -> None:
    """Exchange the ledger, its head and its mirror for ones that fit, signed by somebody else."""
    key = Ed25519PrivateKey.generate()
    remade(paths, 9, key)
    ledger = LedgerFile(paths.ledger)
    fields = json.loads(paths.head.read_bytes()) | {"seq": ledger.seq, "head": ledger.head}
    paths.head.write_bytes(json.dumps(fields).encode())
    paths.mirror.write_text("".join(f"{entry.seq} {entry.bh} {entry.head}\n" for entry in ledger.entries()))
    ledger.close()


def cut(paths: Paths, count: int) -> None:
    lines = paths.ledger.read_bytes().splitlines(keepends=True)
    paths.ledger.write_bytes(b"".join(lines[:-count]))


GONE, FORGED = {("ledger_gone", "")}, {("ledger_forged", "")}
ROLLED_BACK = {("ledger_rolled_back", "key_folder"), ("ledger_rolled_back", "storage")}
CASES: dict[str, tuple[Callable[[Paths], object], set[tuple[str, str]]]] = {
    "nothing": (lambda paths: None, set()),
    "one entry cut off": (lambda paths: cut(paths, 1), ROLLED_BACK),
    "all but one cut off": (lambda paths: cut(paths, COUNT), ROLLED_BACK),
    "deleted": (lambda paths: paths.ledger.unlink(), ROLLED_BACK | GONE),
    "emptied": (lambda paths: paths.ledger.write_bytes(b""), ROLLED_BACK | GONE),
    "shorter, made anew": (lambda paths: remade(paths, 3), ROLLED_BACK | GONE | FORGED),
    "as long, made anew": (lambda paths: remade(paths, COUNT + 2), ROLLED_BACK | GONE | FORGED),
    "longer, made anew": (lambda paths: remade(paths, COUNT + 9), ROLLED_BACK | GONE | FORGED),
    "deleted, head and mirror too": (
        lambda paths: (paths.ledger.unlink(), paths.head.unlink(), paths.mirror.unlink()),
        GONE,
    ),
    "made anew, head and mirror to fit": (to_fit, GONE | FORGED | {("ledger_rolled_back", "storage")}),
    "head deleted": (lambda paths: paths.head.unlink(), {("ledger_anchor_missing", "key_folder")}),
    "head garbage": (lambda paths: paths.head.write_bytes(b"\0" * 512), {("ledger_anchor_missing", "key_folder")}),
    "mirror deleted": (lambda paths: paths.mirror.unlink(), {("ledger_anchor_missing", "storage")}),
    "both deleted": (
        lambda paths: (paths.head.unlink(), paths.mirror.unlink()),
        {("ledger_anchor_missing", "key_folder")},
    ),
    "cut, head deleted": (
        lambda paths: (cut(paths, 3), paths.head.unlink()),
        {("ledger_anchor_missing", "key_folder"), ("ledger_rolled_back", "storage")},
    ),
    "cut, mirror deleted": (
        lambda paths: (cut(paths, 3), paths.mirror.unlink()),
        {("ledger_rolled_back", "key_folder"), ("ledger_anchor_missing", "storage")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_was_done_to_it_shows_and_is_then_accepted(site: Paths, case: str) -> None:
    act, expected = CASES[case]
    act(site)
    vault = start(site)
    write(vault, 2, 100)
    assert problems(vault) == expected
    # killed before a check: what was found at the start is in the ledger, the rest still shows
    vault.close()
    vault = start(site)
    write(vault, 2, 200)
    again = problems(vault)
    assert again >= expected - GONE - FORGED
    assert again - expected <= {("ledger_anchor_missing", "key_folder")}, "of a head that wasn't ours"
    told = [text for entry in vault.ledger.entries() if entry.event == Event.ANOMALY for text in entry.body["problems"]]
    assert {text.split()[0] for text in told} == {key for key, _ in expected & (GONE | FORGED)}
    if expected:
        accept(vault)
        vault.close()
        vault = start(site)
    for every_signature in (False, True):
        assert problems(vault, every_signature=every_signature) == set()
    write(vault, 2, 300)
    assert problems(vault) == set()
    vault.close()
    vault = start(site)
    assert problems(vault) == set()
    assert vault.anchors.noted is None
    # and the anchors are as good as before
    vault.close()
    cut(site, 1)
    vault = start(site)
    assert problems(vault) == ROLLED_BACK
    vault.close()


def test_an_older_ledger_put_back(site: Paths, tmp_path: Path) -> None:
    older = site.ledger.read_bytes()
    vault = start(site)
    write(vault, 3, 50)
    vault.close()
    site.ledger.write_bytes(older)
    vault = start(site)
    # it goes on where it was, past the entries that were there
    write(vault, 8, 80)
    assert problems(vault) == ROLLED_BACK
    accept(vault)
    assert problems(vault) == set()
    (aside,) = site.storage.glob("ledger.digests.*")
    assert aside.read_bytes().count(b"\n") == COUNT + 2 + 3
    vault.close()


def test_cut_while_open(site: Paths) -> None:
    vault = start(site)
    write(vault, 2, 50)
    whole = site.ledger.read_bytes()
    cut(site, 1)
    assert ("ledger_rolled_back", "memory") in problems(vault)
    site.ledger.write_bytes(whole)
    assert problems(vault) == set()
    vault.close()


@pytest.mark.parametrize("how", ["deleted", "renamed over"])
def test_deleted_or_exchanged_while_open_is_put_back(site: Paths, how: str) -> None:
    vault = start(site)
    write(vault, 2, 50)
    whole = site.ledger.read_bytes()
    if how == "deleted":
        site.ledger.unlink()
    else:
        site.ledger.with_name("other").write_bytes(b"something else\n")
        site.ledger.with_name("other").rename(site.ledger)
    assert problems(vault)
    write(vault, 1, 60)
    assert site.ledger.read_bytes().startswith(whole)
    assert site.ledger.stat().st_mode & 0o777 == 0o600
    assert problems(vault) == set()
    write(vault, 1, 70)
    vault.close()
    vault = start(site)
    assert vault.ledger.seq == COUNT + 2 + 4
    assert problems(vault) == set()
    vault.close()


def test_what_an_attacker_appends_while_open_does_not_stay(site: Paths) -> None:
    vault = start(site)
    last = vault.ledger.last
    forged = make_entry(last, Event.ERASED, {"clip_ids": ["a" * 32]}, time_us=1, salt="0" * 32)
    with site.ledger.open("ab") as file:
        file.write(forged.to_line())
    write(vault, 1, 50)
    assert problems(vault) == set()
    assert Event.ERASED not in {entry.event for entry in vault.ledger.entries()}
    vault.close()


# --- the storage is away ---


def test_storage_that_is_away_is_caught_up_with(site: Paths, tmp_path: Path) -> None:
    vault = start(site)
    away = tmp_path / "away"
    site.storage.rename(away)
    write(vault, 5, 50)
    assert vault.anchors.behind
    assert problems(vault) == set()
    away.rename(site.storage)
    write(vault, 1, 60)
    assert vault.anchors.behind
    assert problems(vault) == set()
    vault.anchors.catch_up(vault.ledger)
    assert not vault.anchors.behind
    assert site.mirror.read_bytes().count(b"\n") == vault.ledger.seq
    write(vault, 1, 70)
    assert site.mirror.read_bytes().count(b"\n") == vault.ledger.seq
    vault.close()
    site.storage.rename(away)
    site.storage.mkdir()
    (site.storage / "camguard.storage").write_bytes(b"another disk of ours")
    vault = start(site)
    assert problems(vault) == {("ledger_anchor_missing", "storage")}
    vault.close()


def test_another_storage_begins_a_mirror_of_its_own(site: Paths, tmp_path: Path) -> None:
    elsewhere = replace(site, storage=tmp_path / "elsewhere")
    vault = start(elsewhere)
    assert problems(vault) == set()
    assert elsewhere.mirror.read_bytes() == site.mirror.read_bytes()
    vault.close()


def test_a_mirror_that_differs_and_was_away_at_the_start(site: Paths, tmp_path: Path) -> None:
    site.mirror.rename(tmp_path / "mirror")
    cut(site, 4)
    site.head.unlink()
    vault = start(site)
    write(vault, 2, 50)
    (tmp_path / "mirror").rename(site.mirror)
    vault.anchors.catch_up(vault.ledger)
    assert ("ledger_rolled_back", "storage") in problems(vault)
    vault.close()


def test_a_torn_mirror_goes_on(site: Paths) -> None:
    data = site.mirror.read_bytes()
    for torn in (data[:-1], data[:-40], data[: len(data) // 2], b""):
        site.mirror.write_bytes(torn)
        vault = start(site)
        assert problems(vault) == set()
        heads = {anchor.seq: anchor.head for anchor in vault.anchors.mirrored()}
        assert heads == {entry.seq: entry.head for entry in vault.ledger.entries()}
        vault.close()


@pytest.mark.parametrize("lag", range(6))
def test_anchors_may_be_older_than_the_ledger(site: Paths, lag: int) -> None:
    """A power cut: neither head nor mirror is synced with each entry."""
    head, mirror = site.head.read_bytes(), site.mirror.read_bytes()
    vault = start(site)
    write(vault, lag, 50)
    vault.close()
    site.head.write_bytes(head)
    site.mirror.write_bytes(mirror)
    vault = start(site)
    assert problems(vault) == set()
    vault.close()


# --- kill -9 ---

WORK = """
import sys, types
from pathlib import Path
root = Path(sys.argv[2])
sys.path.insert(0, str(root))
for name, folder in (("custom_components", root / "custom_components"),
                     ("custom_components.camguard", root / "custom_components" / "camguard")):
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault
vault = Vault.open(Paths.of(Path(sys.argv[1])))
reconcile(vault, 1)
print("ready", flush=True)
for number in range(1_000_000):
    vault.ledger.append(Event.VIEWED, {"number": number}, number)
"""


def test_no_false_alarm_after_kills(tmp_path: Path) -> None:
    chance = random.Random(3)
    paths = Paths.of(tmp_path / "config")
    seq = 0
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", WORK, str(tmp_path / "config"), str(Path(__file__).parents[2])],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()
        vault = start(paths)
        assert vault.ledger.seq >= seq
        seq = vault.ledger.seq
        assert problems(vault) == set()
        assert sum(1 for _ in vault.anchors.mirrored()) == seq
        vault.close()
    assert seq > 20, "killed while it worked"


# --- signatures ---


def test_written_without_the_root_key(site: Paths) -> None:
    erasing = ErasingKey.find(site.erase_key)
    assert erasing
    signer = head_key(site)
    assert signer
    ledger = LedgerFile(site.ledger, sign=erasing.sign, read=lambda lines, _: believe(lines, signer, on_trust=False))
    for number in range(3):
        ledger.append(Event.ERASED, {"clip_ids": [str(number) * 32]}, number)
    ledger.close()
    vault = start(site)
    assert set(vault.ledger.told.erased) == {str(number) * 32 for number in range(3)}
    write(vault, 2)
    for every_signature in (False, True):
        assert problems(vault, every_signature=every_signature) == set()
    vault.close()


@pytest.mark.parametrize(
    "write_it",
    [
        lambda ledger: ledger.append(Event.RELEASED, {"clip_id": "a" * 32}, 1),
        lambda ledger: ledger.append(Event.VIEWED, {}, 1),
        lambda ledger: ledger.append(Event.WIPING, {"order_sha256": "0" * 64}, 1),
    ],
)
def test_the_erasing_key_is_believed_for_nothing_else(site: Paths, write_it: Callable[[LedgerFile], object]) -> None:
    erasing = ErasingKey.find(site.erase_key)
    assert erasing
    ledger = LedgerFile(site.ledger, sign=erasing.sign)
    write_it(ledger)
    ledger.append(Event.ERASED, {"clip_ids": ["a" * 32]}, 1)
    ledger.close()
    vault = start(site)
    assert set(vault.ledger.told.erased) == set()
    assert ("ledger_forged", "") in problems(vault)
    vault.close()


def test_a_signing_key_that_was_lost(site: Paths) -> None:
    vault = start(site)
    old = public_key_text(vault.keyring.public_key)
    vault.close()
    site.sign_key.unlink()
    vault = start(site)
    named = [entry.body for entry in vault.ledger.entries() if entry.event == Event.KEY_CHANGED and entry.body]
    assert [body["reason"] for body in named] == ["first", "replaced"]
    found = check(vault, every_signature=True)
    assert found.problems == (Problem(key="ledger_anchor_missing", seq=vault.ledger.seq, detail="key_folder"),)
    assert problems(vault) == {("ledger_key_replaced", ""), ("ledger_anchor_missing", "key_folder")}
    assert found.public_keys == {old, public_key_text(vault.keyring.public_key)}
    vault.close()
    # what the old key signed last is still verified by it
    lines = site.ledger.read_bytes().splitlines(keepends=True)
    lines[COUNT + 1] = forged_signature(lines[COUNT + 1])
    site.ledger.write_bytes(b"".join(lines))
    vault = start(site)
    assert ("ledger_signature_bad", "") in problems(vault)
    vault.close()


def forged_signature(line: bytes) -> bytes:
    return replace(Entry.from_line(line), sig=base64.b64encode(bytes(64)).decode()).to_line()


def test_a_forged_signature_is_found(site: Paths) -> None:
    lines = site.ledger.read_bytes().splitlines(keepends=True)
    site.ledger.write_bytes(b"".join([*lines[:-1], forged_signature(lines[-1])]))
    vault = start(site)
    assert problems(vault) == {("ledger_forged", ""), *ROLLED_BACK}, "it isn't believed, and the one of ours is missing"
    vault.close()


def test_a_forged_entry_at_the_end_is_found(site: Paths) -> None:
    last = Entry.from_line(site.ledger.read_bytes().splitlines()[-1])
    entry = make_entry(last, Event.ERASED, {"clip_ids": ["a" * 32]}, time_us=1, salt="0" * 32)
    other = Ed25519PrivateKey.generate()
    forged = replace(entry, sig=base64.b64encode(other.sign(entry.signed_text)).decode())
    with site.ledger.open("ab") as file:
        file.write(forged.to_line())
    before = site.ledger.read_bytes()
    vault = start(site)
    assert set(vault.ledger.told.erased) == set()
    assert site.ledger.read_bytes().startswith(before[: -len(forged.to_line())])
    assert forged.to_line() in site.ledger.with_suffix(".unsigned").read_bytes()
    write(vault, 3, 50)
    assert problems(vault) == {("ledger_forged", "")}
    vault.close()
    vault = start(site)
    assert problems(vault) == set(), "once told, it is out"
    vault.close()


def test_somebody_elses_key_named_in_between_is_found(site: Paths) -> None:
    key = Ed25519PrivateKey.generate()
    ledger = LedgerFile(site.ledger, sign=key.sign)
    ledger.append(Event.KEY_CHANGED, {"public_key": public_key_text(key.public_key()), "reason": "replaced"}, 1)
    ledger.append(Event.ERASED, {"clip_ids": ["a" * 32]}, 1)
    ledger.close()
    vault = start(site)
    write(vault, 1, 50)
    assert [(item.key, item.seq, item.detail) for item in vault.findings] == [("ledger_forged", COUNT + 3, "2")]
    assert set(vault.ledger.told.erased) == set()
    assert problems(vault) == {("ledger_forged", "")}
    vault.close()


def test_signatures_stripped_or_changed_in_the_middle(site: Paths) -> None:
    lines = site.ledger.read_bytes().splitlines(keepends=True)
    for changed in (replace(Entry.from_line(lines[5]), sig=None).to_line(), forged_signature(lines[5])):
        site.ledger.write_bytes(b"".join([*lines[:5], changed, *lines[6:]]))
        vault = start(site)
        assert problems(vault, every_signature=True) in ({("ledger_unsigned", "")}, {("ledger_signature_bad", "")})
        vault.close()


# --- whatever is done to its lines ---


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_its_lines_is_found(site: Paths, data: st.DataObject) -> None:
    saved = {path: path.read_bytes() for path in (site.ledger, site.head, site.mirror)}
    lines = saved[site.ledger].splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    changed = list(lines)
    match data.draw(st.sampled_from(["byte", "drop", "swap", "double", "insert", "cut", "body", "sig", "spaces"])):
        case "byte":
            line = bytearray(changed[at])
            line[data.draw(st.integers(0, len(line) - 2))] ^= data.draw(st.integers(1, 255))
            changed[at] = bytes(line)
        case "drop":
            del changed[at]
        case "swap":
            other = data.draw(st.integers(0, len(lines) - 1).filter(lambda number: number != at))
            changed[at], changed[other] = changed[other], changed[at]
        case "double":
            changed.insert(at, lines[data.draw(st.integers(0, len(lines) - 1))])
        case "insert":
            previous = Entry.from_line(lines[at - 1]) if at else None
            changed.insert(at, make_entry(previous, Event.GAP, {}, time_us=1, salt="0" * 32).to_line())
        case "cut":
            changed = changed[:at]
        case "body":
            entry = Entry.from_line(lines[at])
            previous = Entry.from_line(lines[at - 1]) if at else None
            assert entry.body
            forged = make_entry(previous, Event.VIEWED, entry.body | {"x": 1}, time_us=entry.time_us, salt="0" * 32)
            changed[at] = replace(forged, sig=entry.sig).to_line()
        case "sig":
            changed[at] = forged_signature(lines[at])
        case _:
            changed[at] = lines[at].replace(b'","', b'", "', 1)
    site.ledger.write_bytes(b"".join(changed))
    try:
        vault = Vault.open(site)
    except IntegrityError:
        found = {("ledger_unreadable", "")}  # the last line isn't even an entry
    else:
        reconcile(vault, 1)
        found = problems(vault, every_signature=True)
        vault.close()
    for path, content in saved.items():
        path.write_bytes(content)
    site.ledger.with_suffix(".torn").unlink(missing_ok=True)
    site.ledger.with_suffix(".unsigned").unlink(missing_ok=True)
    assert found or b"".join(changed) == saved[site.ledger]


def test_another_spelling_of_a_signature_is_found(site: Paths) -> None:
    """Base64 of 64 bytes leaves four bits at its end to whoever writes it."""
    lines = site.ledger.read_bytes().splitlines(keepends=True)
    at = lines[5].index(b'=="')
    other = b"B" if lines[5][at - 1 : at] == b"A" else bytes([lines[5][at - 1] + 1])
    lines[5] = lines[5][: at - 1] + other + lines[5][at:]
    site.ledger.write_bytes(b"".join(lines))
    vault = Vault.open(site)
    reconcile(vault, 1)
    assert problems(vault, every_signature=True)
    vault.close()


def test_a_garbage_line_stops_neither_start_nor_erasing(site: Paths) -> None:
    lines = site.ledger.read_bytes().splitlines(keepends=True)
    site.ledger.write_bytes(b"".join([*lines[:4], b"garbage\n", *lines[4:]]))
    vault = start(site)
    assert problems(vault) == {("ledger_altered", "")}
    write(vault, 2, 50)
    vault.close()


def test_odd_bodies_do_not_stop_the_check(site: Paths) -> None:
    vault = start(site)
    for body in ({"problems": 5}, {"problems": None}, {}):
        vault.ledger.append(Event.ANOMALY, body, 1)
    vault.ledger.append(Event.RECORDED, {"clip_id": ["list"]}, 1)
    assert problems(vault) == set()
    vault.close()


# --- what it costs ---


@pytest.fixture(scope="module")
def long_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    paths = Paths.of(tmp_path_factory.mktemp("long"))
    vault = start(paths)
    previous = vault.ledger.last
    lines, digests = [], []
    for number in range(20_000):
        facts = {"clip_id": f"{number:032x}", "sha256": "f" * 64, "camera_id": "a", "start_us": 1, "end_us": 2}
        entry = make_entry(previous, Event.RECORDED, facts, time_us=number, salt="0" * 32)
        entry = replace(entry, sig=base64.b64encode(vault.keyring.sign(entry.signed_text)).decode())
        lines.append(entry.to_line())
        digests.append(f"{entry.seq} {entry.bh} {entry.head}\n".encode())
        previous = entry
    vault.close()
    with paths.ledger.open("ab") as file, paths.mirror.open("ab") as mirror:
        file.writelines(lines)
        mirror.writelines(digests)
    vault = start(paths)
    yield vault
    vault.close()


def test_memory_stays_flat(long_ledger: Vault) -> None:
    tracemalloc.start()
    try:
        found = check(long_ledger)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.problems == ()
    assert found.entries == 20_002
    assert peak_bytes < 1 << 20


def test_progress_is_told(long_ledger: Vault) -> None:
    seen: list[int] = []
    check_ledger(long_ledger.ledger, long_ledger.anchors, long_ledger.keyring.public_key, progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 10


def test_hashes_of_the_clips_asked_for(long_ledger: Vault) -> None:
    found = check_ledger(
        long_ledger.ledger, long_ledger.anchors, long_ledger.keyring.public_key, clip_ids={f"{7:032x}", "none"}
    )
    assert found.recorded == {f"{7:032x}": "f" * 64}
