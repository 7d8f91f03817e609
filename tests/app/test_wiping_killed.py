"""A wipe, killed at every step: the next start carries it on, and one certificate tells of it all."""

import json
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from custom_components.camguard.app.custody.wiping import resume
from custom_components.camguard.app.retention.clock import SystemClock
from custom_components.camguard.domain.certificate import Certificate
from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.errors import ErasedError
from custom_components.camguard.domain.hold import Hold
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.keys.recovery_kit import KitKeys, write_kit
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..vault.clips import put_clip
from .wipe_worker import BATCH, CAMERA, site_of

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CONTENT = b"clip " * 20_000
FAR_US = 4_000_000_000_000_000
STEPS_OF_A_KIND = 4
"""Killed at each step of a rare kind, and at this many of a frequent one."""

type Run = Callable[[str, Path, int], tuple[int, list[str]]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("wipe_worker.py")), str(ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout

    def run(mode: str, config: Path, kill_at: int) -> tuple[int, list[str]]:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{mode}\t{config}\t{kill_at}\n")
        process.stdin.flush()
        code, events = json.loads(process.stdout.readline())
        return code, events

    yield run
    process.stdin.close()
    process.wait(timeout=10)


class House:
    """A vault to begin from, again and again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template"
        paths = Paths.of(self._template)
        vault = Vault.open(paths)
        reconcile(vault, 1)
        self.ordered = [put_clip(vault, CAMERA, NOW, CONTENT) for _ in range(5)]
        self.held = put_clip(vault, CAMERA, NOW, CONTENT)
        self.other = put_clip(vault, "garden", NOW, CONTENT)
        vault.hold(Hold(clip_id=self.held, camera_id=CAMERA, since_us=1, until_us=FAR_US, reason="police"), {}, 1)
        keys = {self.ordered[0]: vault.keyring.clip(self.ordered[0])}
        vault.ledger.append(Event.KIT_MADE, {"kit_id": "20260101T000000Z-0000", "clip_ids": [self.ordered[0]]}, 1)
        write_kit(paths.holds, "20260101T000000Z-0000", KitKeys(clips=keys), "code")
        vault.close()
        paths.reserve.unlink()  # 16 MiB that need not be copied each time
        self._number = 0

    def fresh(self) -> Path:
        self._number += 1
        config = self._folder / f"house{self._number}"
        shutil.copytree(self._template, config)
        return config


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("wipes"))


def plays(vault: Vault, clip_id: ClipId) -> bool:
    with vault.open_clip(clip_id) as reader:
        return reader.read_at(0, reader.size) == CONTENT and bool(vault.thumbnail(clip_id))


def check(house: House, config: Path, *, kills: int = 1) -> Counter[str]:
    """Start, and look at everything. Returns how often the ledger tells of what."""
    paths = Paths.of(config)
    vault = Vault.open(paths)
    clock = SystemClock()
    reconcile(vault, clock.now_us())
    resume(site_of(paths), vault, clock)
    events = [entry for entry in vault.ledger.entries() if entry.event in ORDER]
    told = Counter(entry.event for entry in events)
    assert plays(vault, house.held)
    assert plays(vault, house.other)
    assert vault.index.get(house.held) is not None
    assert vault.holds.get(house.held) is not None
    assert vault.ledger.verify() == vault.ledger.seq
    assert not paths.wipe_journal.exists()
    if not told:  # killed before the order was on disk: nothing has happened
        assert all(plays(vault, clip_id) for clip_id in house.ordered)
        assert not list(paths.certificates.glob("*"))
        vault.close()
        return told
    assert [events[0].event, events[-1].event] == ["wiping", "wiped"]
    assert told["wiped"] == 1
    assert {entry.body["certificate_id"] for entry in events if entry.body and "certificate_id" in entry.body} == {
        "CW-" + str(datetime.now(UTC).year) + "-0001"
    }
    assert {
        clip_id for entry in events if entry.event == "erased" and entry.body for clip_id in entry.body["clip_ids"]
    } == set(house.ordered)
    for clip_id in house.ordered:
        for look in (vault.open_clip, vault.thumbnail, vault.manifest):
            with pytest.raises(ErasedError):
                look(clip_id)
        assert vault.index.get(clip_id) is None
        assert not list(config.rglob(f"{clip_id}*"))
    assert not list(paths.holds.glob("*.kit.age"))
    assert not paths.next_root_key.exists()
    # one certificate, whole, of all of it
    (page,) = paths.certificates.glob("*.html")
    assert sorted(path.name.removeprefix(page.stem) for path in paths.certificates.glob("*")) == [
        ".html", ".json", ".json.sig", ".pem",
    ]  # fmt: skip
    text = page.with_suffix(".json").read_bytes()
    key = load_pem_public_key(page.with_suffix(".pem").read_bytes())
    key.verify(page.with_name(page.stem + ".json.sig").read_bytes(), text)  # type: ignore[union-attr, call-arg, arg-type]
    certificate = Certificate.from_json(text)
    assert certificate.complete
    assert set(certificate.wiped) == set(house.ordered)
    assert certificate.skipped_held == (house.held,)
    assert certificate.keys_not_overwritten == 0
    assert certificate.keys_unconfirmed <= BATCH * kills
    assert certificate.root_rotated
    assert certificate.kits_destroyed == ("20260101T000000Z-0000",)
    assert (certificate.ledger_seq, certificate.ledger_head) == (events[-1].seq, events[-1].head)
    assert certificate.certificate_id in page.read_text("utf-8")
    # and nothing more to do
    seq = vault.ledger.seq
    assert resume(site_of(paths), vault, clock) is None
    assert vault.ledger.seq == seq
    vault.close()
    vault = Vault.open(paths)
    found = reconcile(vault, clock.now_us())
    assert (found.indexed, found.orphans_removed, found.spools_to_finish) == (0, 0, ())
    vault.close()
    return told


ORDER = {"wiping", "erasing", "erased", "wiped"}


def chosen(events: list[str]) -> list[int]:
    """Return at which of these to kill (1-based): every kind of step, the rare ones always."""
    chance = random.Random(4)
    kinds: dict[str, list[int]] = {}
    for number, kind in enumerate(events, 1):
        kinds.setdefault(kind, []).append(number)
    picked = [
        number
        for numbers in kinds.values()
        for number in (
            numbers if len(numbers) <= STEPS_OF_A_KIND else chance.sample(numbers[1:-1], STEPS_OF_A_KIND - 2)
        )
    ]
    return sorted({*picked, *(end for numbers in kinds.values() for end in (numbers[0], numbers[-1]))})


def test_killed_at_each_step(house: House, run: Run) -> None:
    config = house.fresh()
    code, events = run("wipe", config, 0)
    assert code == 0
    assert check(house, config) == {"wiping": 1, "erasing": 3, "erased": 3, "wiped": 1}
    for step in (
        "os.rename wipe.journal.part", "os.remove clip.key", "os.remove mp4.age", "os.remove json.age",
        "os.remove root.key", "os.rename root.key.next", "os.remove 20260101T000000Z-0000.kit.age",
        "os.remove wipe.journal",
    ):  # fmt: skip
        assert step in events, sorted(set(events))
    resumed = 0
    for number in chosen(events):
        config = house.fresh()
        code, seen = run("wipe", config, number)
        assert (code, len(seen)) == (-signal.SIGKILL, number), (seen, events[: number + 1])
        told = check(house, config)
        resumed += told["wiping"] > 1
        shutil.rmtree(config)
    assert resumed > 20


def test_killed_again_while_it_is_carried_on(house: House, run: Run) -> None:
    chance = random.Random(7)
    _, events = run("wipe", house.fresh(), 0)
    for _ in range(25):
        config = house.fresh()
        run("wipe", config, chance.randrange(1, len(events) + 1))
        for _ in range(2):
            run("start", config, chance.randrange(1, 120))
        check(house, config, kills=3)
        shutil.rmtree(config)
