"""The sweeper on real vaults and disks, with a clock that goes as told."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custom_components.camguard.app.retention.clock import SystemClock
from custom_components.camguard.app.retention.storage import StorageWatch
from custom_components.camguard.app.retention.sweeper import Retention, erase_due_keys
from custom_components.camguard.domain.clip import US_PER_DAY, ClipId
from custom_components.camguard.domain.errors import StorageError
from custom_components.camguard.vault.ledger.signatures import verifies
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..hands import in_thread
from .clips import ledger_full, put_clip
from .conftest import fill

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
HOUR = 3_600_000_000


@dataclass
class Hands:
    """A clock set by hand."""

    wall_us: int = NOW_US
    boot_us: int = 1_000 * HOUR
    boot: str = "one"
    synced: bool | None = True

    def now_us(self) -> int:
        return self.wall_us

    def boottime_us(self) -> int:
        return self.boot_us

    def boot_id(self) -> str:
        return self.boot

    def synchronized(self) -> bool | None:
        return self.synced

    def run(self, us: int) -> None:
        self.wall_us += us
        self.boot_us += us

    def boots(self, off_us: int) -> None:
        self.wall_us += off_us
        self.boot_us = 0
        self.boot += "+"


def keeper(vault: Vault, clock: Hands, *, days: int = 14, min_free: int = 0) -> Retention:
    return Retention(vault, clock, min_free_bytes=min_free, retention_days=lambda _camera: days)


def old(vault: Vault, days: float) -> ClipId:
    return put_clip(vault, "camera", NOW - timedelta(days=days))


def reasons(vault: Vault) -> list[str]:
    return [entry.body["reason"] for entry in vault.ledger.entries() if entry.event == "erasing" and entry.body]


def test_what_is_due_goes(vault: Vault) -> None:
    due, fresh = old(vault, 14.1), old(vault, 13.9)
    clock = Hands()
    retention = keeper(vault, clock)
    clips = {clip.clip_id: clip for clip in vault.index.clips()}
    assert retention.is_due(clips[due])
    assert not retention.is_due(clips[fresh])
    assert retention.sweep().erased == 1
    assert vault.index.clip_ids() == vault.keyring.clip_ids() == {fresh}
    assert (retention.overdue, retention.trusted, retention.storage_fault) == (0, True, "")
    assert retention.free_bytes > 0
    assert reasons(vault) == ["expired"]
    assert retention.sweep().erased == 0
    clock.run(3 * HOUR)
    assert retention.sweep().erased == 1
    assert vault.index.clip_ids() == set()


def test_a_shorter_setting_holds_at_once(vault: Vault) -> None:
    clip_id = old(vault, 3.1)
    assert keeper(vault, Hands(), days=90).sweep().erased == 0
    assert keeper(vault, Hands(), days=3).sweep().erased == 1
    assert not vault.keyring.has_clip(clip_id)


def test_setting_the_clock_erases_nothing(vault: Vault) -> None:
    clip_id = old(vault, 1)
    (clip,) = vault.index.clips()
    clock = Hands()
    retention = keeper(vault, clock)
    retention.sweep()
    for synced in (False, True):
        clock.synced = synced
        for days in (60, -60, -60, 60):
            clock.wall_us += days * US_PER_DAY
            assert retention.sweep().erased == 0
            assert (retention.overdue, retention.trusted) == (0, True)
            assert not retention.is_due(clip)
            assert [found.clip_id for found in vault.index.clips(terms=retention.terms())] == [clip_id]
            clock.run(60_000_000)
    steps = [entry.body["step_us"] for entry in vault.ledger.entries() if entry.event == "clock_step" and entry.body]
    assert steps == [days * US_PER_DAY for days in (60, -60, -60, 60)] * 2
    clock.run(13 * US_PER_DAY)
    assert retention.is_due(clip)
    assert retention.sweep().erased == 1


def test_quarantine(vault: Vault) -> None:
    """A machine that seems to have been off for two months, by a clock that may be wrong."""
    clip_id = old(vault, 1)
    clock = Hands(synced=False)
    keeper(vault, clock).sweep()
    clock.boots(60 * US_PER_DAY)
    retention = keeper(vault, clock)
    (clip,) = vault.index.clips()
    for _ in range(5):
        assert retention.sweep().erased == 0
        assert (retention.overdue, retention.trusted) == (1, False)
        assert retention.is_due(clip)
        assert vault.keyring.has_clip(clip_id)
        fresh = replace(clip, clip_id=ClipId("f" * 32), reckoned_us=retention.reckoning.now_us())
        assert not retention.is_due(fresh), "what is recorded meanwhile is young"
        clock.run(60_000_000)
    # taken back: there again
    clock.wall_us -= 60 * US_PER_DAY
    retention.sweep()
    assert (retention.overdue, retention.trusted) == (0, True)
    assert not retention.is_due(clip)
    # ahead again, and now a time server says so
    clock.wall_us += 60 * US_PER_DAY
    clock.synced = True
    assert retention.sweep().erased == 1
    assert not vault.keyring.has_clip(clip_id)


def test_quarantine_ends_after_a_steady_day_also_over_a_new_start(vault: Vault) -> None:
    clip_id = old(vault, 1)
    clock = Hands(synced=False)
    keeper(vault, clock).sweep()
    clock.boots(60 * US_PER_DAY)
    for hour in range(24):
        assert keeper(vault, clock).sweep().erased == 0
        clock.run(HOUR)
        if hour == 10:
            put_clip(vault, "camera", NOW, reckoned_us=keeper(vault, clock).reckoning.now_us())
    assert keeper(vault, clock).sweep().erased == 1
    assert not vault.keyring.has_clip(clip_id)
    (clip,) = vault.index.clips()
    retention = keeper(vault, clock)
    retention.sweep()
    assert clip.ages_from_us == retention.reckoning.now_us() - 13 * HOUR, "not older for the absence before it"


def test_turned_back_keeps_nothing_longer(vault: Vault) -> None:
    old(vault, 13.9)
    (clip,) = vault.index.clips()
    clock = Hands()
    retention = keeper(vault, clock)
    retention.sweep()
    clock.run(HOUR)
    clock.wall_us -= 100 * US_PER_DAY
    retention.sweep()
    assert not retention.is_due(clip)
    clock.run(2 * HOUR)
    assert retention.is_due(clip)
    assert retention.sweep().erased == 1


def test_a_lost_state_goes_on_from_the_newest_clip(vault: Vault) -> None:
    old(vault, 1)
    newest = old(vault, 0.5)
    clock = Hands(wall_us=NOW_US + 60 * US_PER_DAY, synced=False)
    retention = keeper(vault, clock)
    assert retention.sweep().erased == 0
    assert not retention.trusted
    clock.wall_us = NOW_US - 60 * US_PER_DAY
    retention = keeper(vault, clock)
    assert retention.sweep().erased == 0
    latest = vault.index.latest("camera")
    assert latest is not None
    assert latest.clip_id == newest
    assert retention.reckoning.now_us() == latest.ages_from_us + 1


def test_the_clock_is_remembered(vault: Vault) -> None:
    clock = Hands()
    retention = keeper(vault, clock)
    assert retention.reckoning.last_seen_us is None
    retention.remember()
    state = json.loads(vault.paths.clock.read_bytes())
    assert (state["boot_id"], state["boottime_us"], state["high_us"]) == ("one", 1000 * HOUR, NOW_US)
    assert vault.paths.clock.stat().st_mode & 0o777 == 0o600
    assert keeper(vault, clock).reckoning.last_seen_us == NOW_US
    for damaged in (b"", b"{}", b"[]", b"\xff", b'{"boot_id":1}', b'{"boot_id":"a","boottime_us":1,"high_us":1,"x":1}'):
        vault.paths.clock.write_bytes(damaged)
        assert keeper(vault, clock).reckoning.last_seen_us is None
    # somebody else's: whole, and not ours
    vault.paths.clock.write_bytes(
        b'{"boot_id":"one","boottime_us":1,"high_us":5,"offset_us":0,"awaited":null,"mac":""}'
    )
    doubtful = keeper(vault, clock)
    assert doubtful.reckoning.last_seen_us is None
    assert doubtful.reckoning.altered
    assert {problem.key for problem in vault.findings} == {"clock_altered"}
    vault.paths.clock.unlink()
    vault.paths.clock.mkdir()
    retention.remember()  # can't be written: told, not raised


def test_what_can_not_be_noted_is_not_erased(vault: Vault) -> None:
    clip_id = old(vault, 20)
    retention = keeper(vault, Hands())
    with ledger_full(vault), pytest.raises(StorageError):
        retention.sweep()
    assert vault.keyring.has_clip(clip_id)
    assert vault.index.clip_ids() == {clip_id}


def test_a_sweep_that_fails_does_not_hide_itself(vault: Vault) -> None:
    old(vault, 20)
    retention = keeper(vault, Hands())
    assert retention.sweep_fault is None
    with ledger_full(vault), pytest.raises(StorageError):
        retention.sweep()
    assert retention.overdue == 1
    assert retention.sweep_fault is not None
    assert retention.sweep_fault.key == "ledger_not_written"
    assert retention.sweep().erased == 1
    assert (retention.overdue, retention.sweep_fault) == (0, None)


def test_what_lasts_is_logged_once(vault: Vault, caplog: pytest.LogCaptureFixture) -> None:
    old(vault, 1)
    clock = Hands(synced=False)
    retention = keeper(vault, clock)
    retention.sweep()
    clock.boots(0)
    for _ in range(2):
        clock.wall_us += 60 * US_PER_DAY
        for _ in range(3):
            retention.sweep()
            clock.run(60_000_000)
        clock.wall_us -= 60 * US_PER_DAY
        retention.sweep()
    assert caplog.text.count("look expired") == 2, "once each time"
    vault.paths.clock.unlink()
    vault.paths.clock.mkdir()
    for _ in range(3):
        retention.remember()
    assert caplog.text.count("could not be written") == 1
    vault.paths.clock.rmdir()
    retention.remember()
    vault.paths.clock.unlink()
    vault.paths.clock.mkdir()
    retention.remember()
    assert caplog.text.count("could not be written") == 2


def test_a_key_that_stays_is_overdue(vault: Vault) -> None:
    clip_id = old(vault, 20)
    path = vault.paths.clip_key(clip_id)
    path.unlink()
    path.mkdir()
    retention = keeper(vault, Hands())
    assert retention.sweep().erased == 0
    assert retention.overdue == 1


def test_a_key_that_stays_is_tried_ever_more_rarely(vault: Vault) -> None:
    path = vault.paths.clip_key(old(vault, 20))
    key = path.read_bytes()
    path.unlink()
    path.mkdir()
    clock = Hands()
    retention = keeper(vault, clock)
    tried = []
    for minute in range(70):
        before = len(reasons(vault))
        retention.sweep()
        assert retention.overdue == 1
        if len(reasons(vault)) > before:
            tried.append(minute)
        clock.run(60_000_000)
    assert tried == [0, 1, 3, 7, 15, 31, 63]
    other = old(vault, 20)
    assert retention.sweep().erased == 1, "others go at once"
    assert not vault.keyring.has_clip(other)
    path.rmdir()
    path.write_bytes(key)
    clock.run(3_600_000_000)
    assert retention.sweep().erased == 1
    assert retention.overdue == 0


def test_many_clips_are_noted_in_batches(vault: Vault) -> None:
    ids = {put_clip(vault, "camera", NOW - timedelta(days=20), b"x") for _ in range(205)}
    assert keeper(vault, Hands()).sweep().erased == 205
    named = [entry.body["clip_ids"] for entry in vault.ledger.entries() if entry.event == "erasing" and entry.body]
    assert [len(names) for names in named] == [200, 5]
    assert {name for names in named for name in names} == ids


# --- room ---


def test_the_oldest_go_for_room(small_disk: Callable[[str, int], Path], tmp_path: Path) -> None:
    disk = small_disk("disk", 8 << 20)
    vault = Vault.open(Paths.of(tmp_path / "config", storage_path=disk))
    ids = [put_clip(vault, "camera", NOW - timedelta(hours=10 - number), b"c" * (1 << 20)) for number in range(5)]
    min_free = vault.free_bytes() + (1 << 20) + 5000
    retention = keeper(vault, Hands(), min_free=min_free)
    assert retention.sweep().erased == 2
    assert vault.index.clip_ids() == set(ids[2:])
    assert reasons(vault) == ["space"]
    assert retention.storage_fault == ""
    assert retention.free_bytes >= min_free
    assert retention.sweep().erased == 0
    vault.close()


def test_nothing_goes_for_room_when_that_can_not_help(small_disk: Callable[[str, int], Path], tmp_path: Path) -> None:
    disk = small_disk("disk", 8 << 20)
    vault = Vault.open(Paths.of(tmp_path / "config", storage_path=disk))
    ids = {put_clip(vault, "camera", NOW - timedelta(hours=number), b"c" * (1 << 20)) for number in range(3)}
    filler = fill(disk)
    retention = keeper(vault, Hands(), min_free=4 << 20)
    assert retention.sweep().erased == 0
    assert vault.index.clip_ids() == ids
    assert retention.storage_fault == "storage_full"
    # what is due goes all the same
    later = Hands()
    later.run(20 * US_PER_DAY)
    assert keeper(vault, later, min_free=4 << 20).sweep().erased == 3
    filler.unlink()
    assert retention.sweep().erased == 0
    assert retention.storage_fault == ""
    vault.close()


def test_no_more_goes_for_room_once_the_full_disk_is_another(
    small_disk: Callable[[str, int], Path], tmp_path: Path
) -> None:
    """Two full disks: making room on that of the clips doesn't help the spools on the other."""
    disk = small_disk("disk", 8 << 20)
    vault = Vault.open(Paths.of(tmp_path / "config", storage_path=disk))
    ids = [put_clip(vault, "camera", NOW - timedelta(hours=9 - number), b"c" * (1 << 20)) for number in range(4)]
    spools = vault.paths.spools
    spools.rmdir()
    small = small_disk("spools", 1 << 20)
    spools.symlink_to(small)
    fill(disk)
    filler = fill(small)
    watch = StorageWatch(vault, keeper(vault, Hands()), in_thread, asyncio.Lock(), lambda: None)
    for _ in range(3):
        assert watch.examine(thoroughly=True) == "storage_full"
        assert watch.path == spools
        assert vault.index.clip_ids() == set(ids[1:])
    filler.unlink()
    assert watch.examine(thoroughly=True) == ""
    assert vault.index.clip_ids() == set(ids[1:])
    vault.close()


def test_storage_that_is_away_is_a_fault_and_what_is_due_goes(vault: Vault, tmp_path: Path) -> None:
    due, fresh = old(vault, 20), old(vault, 1)
    vault.paths.storage.rename(tmp_path / "away")
    retention = keeper(vault, Hands(), min_free=1 << 62)
    assert retention.sweep().erased == 1
    assert retention.storage_fault == "storage_missing"
    assert not vault.keyring.has_clip(due)
    assert vault.index.clip_ids() == {fresh}


# --- while the vault is shut ---


def test_due_keys_go_while_root_and_storage_are_away(vault: Vault, tmp_path: Path) -> None:
    reconcile(vault, NOW_US)
    due, fresh = old(vault, 20), old(vault, 1)
    keeper(vault, Hands(), days=90).remember()
    vault.close()
    paths = vault.paths
    root = paths.root_key.read_bytes()
    paths.root_key.unlink()
    paths.storage.rename(tmp_path / "away")
    doubted = Hands(wall_us=NOW_US + 60 * US_PER_DAY, boot="two", synced=False)
    assert erase_due_keys(paths, doubted, lambda _camera: 14) == 0
    assert paths.clip_key(due).exists()
    assert erase_due_keys(paths, Hands(), lambda _camera: 14) == 1
    assert erase_due_keys(paths, Hands(), lambda _camera: 14) == 0
    assert not paths.clip_key(due).exists()
    assert paths.clip_key(fresh).exists()
    (tmp_path / "away").rename(paths.storage)
    paths.root_key.write_bytes(root)
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    assert vault.index.clip_ids() == {fresh}
    assert not list(paths.storage.rglob(f"{due}*"))
    assert vault.ledger.verify() == vault.ledger.seq
    # signed by the erasing key, and believed
    *_, erasing, erased = vault.ledger.entries()
    assert [entry.event for entry in (erasing, erased)] == ["erasing", "erased"]
    assert all(verifies(entry, vault.ledger.told.erasing_key) for entry in (erasing, erased))
    assert not vault.findings
    vault.close()


def test_what_was_recorded_since_a_boot_stays_while_the_root_is_away(vault: Vault) -> None:
    clock = Hands(synced=False)
    keeper(vault, clock).sweep()
    before = old(vault, 1)
    clock.boots(20 * US_PER_DAY)
    clock.wall_us -= 20 * US_PER_DAY  # kept on disk: it shows when the machine was switched off
    retention = keeper(vault, clock)
    retention.sweep()
    clock.run(60_000_000)
    since = put_clip(vault, "camera", NOW, reckoned_us=retention.reckoning.now_us())
    vault.close()
    clock.wall_us += 20 * US_PER_DAY
    clock.synced = True
    assert erase_due_keys(vault.paths, clock, lambda _camera: 14) == 1
    assert not vault.paths.clip_key(before).exists()
    assert vault.paths.clip_key(since).exists()


def test_nothing_to_erase_where_nothing_ever_was(paths: Paths) -> None:
    assert erase_due_keys(paths, Hands(), lambda _camera: 14) == 0
    assert not paths.cache.exists()


def test_the_machines_clock() -> None:
    clock = SystemClock()
    assert abs(clock.now_us() - datetime.now(UTC).timestamp() * 1e6) < 5e6
    before = clock.boottime_us()
    assert clock.boottime_us() >= before > 0
    assert clock.boot_id() == clock.boot_id()
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert abs(clock.boottime_us() / 1e6 - uptime) < 60
    assert clock.synchronized() in {True, False, None}


# --- stories of clocks that were wrong (issue 17 §2) ---


class Story:
    """A household whose clock is wrong for a while; swept every six hours of running time."""

    def __init__(self, vault: Vault, wall_us: int, *, synced: bool) -> None:
        self.vault = vault
        self.clock = Hands(wall_us=wall_us, synced=synced)
        self.retention = keeper(vault, self.clock)
        self.retention.sweep()
        self.true_us = 0
        self.recorded: dict[ClipId, int] = {}
        self.lived: dict[ClipId, int] = {}

    def record(self) -> ClipId:
        end_us = self.clock.wall_us
        begin = datetime.fromtimestamp(end_us / 1e6, UTC) - timedelta(seconds=10)
        clip_id = put_clip(self.vault, "camera", begin, b"x", reckoned_us=self.retention.reckoning.of_finished(end_us))
        self.recorded[clip_id] = self.true_us
        return clip_id

    def run(self, us: int) -> None:
        for _ in range(us // (6 * HOUR)):
            self.clock.run(6 * HOUR)
            self.true_us += 6 * HOUR
            self.sweep()
        self.clock.run(us % (6 * HOUR))
        self.true_us += us % (6 * HOUR)
        self.sweep()

    def set(self, by_us: int) -> None:
        self.clock.wall_us += by_us
        self.sweep()

    def sweep(self) -> None:
        self.retention.sweep()
        assert self.retention.trusted
        for clip_id in self.recorded.keys() - self.lived.keys() - self.vault.keyring.clip_ids():
            self.lived[clip_id] = self.true_us - self.recorded[clip_id]
        shown = {clip.clip_id for clip in self.vault.index.clips(terms=self.retention.terms())}
        assert shown == self.recorded.keys() - self.lived.keys()

    def error_days(self, clip_id: ClipId) -> int:
        clip = self.vault.index.get(clip_id)
        assert clip is not None
        manifest = self.vault.manifest(clip_id).manifest.clip
        assert (manifest.end_us, manifest.reckoned_us) == (clip.end_us, clip.reckoned_us)
        return round(self.retention.reckoning.clock_error_us(clip) / US_PER_DAY)


STORIES: dict[str, tuple[int, tuple[tuple[int, int], ...], tuple[int, ...]]] = {
    # (how far the clock is off at set-up, (run for, then set by) in µs, errors told of the clips of each phase, days)
    "ahead at set-up, then right": (30 * US_PER_DAY, ((2 * US_PER_DAY, -30 * US_PER_DAY),), (30, 0)),
    "60 days back and right again": (
        0, ((US_PER_DAY, -60 * US_PER_DAY), (3 * US_PER_DAY, 60 * US_PER_DAY)), (0, -60, 0)
    ),
    "1970 at start, right after ten minutes": (-NOW_US, ((600_000_000, NOW_US),), (-NOW_US // US_PER_DAY, 0)),
}  # fmt: skip


@pytest.mark.parametrize("synced", [True, False])
@pytest.mark.parametrize("name", STORIES)
def test_a_clip_of_each_phase_lives_its_days(vault: Vault, name: str, synced: bool) -> None:
    off_us, phases, errors = STORIES[name]
    story = Story(vault, NOW_US + off_us, synced=synced)
    clips = [story.record()]
    for run_us, set_us in phases:
        story.run(run_us)
        story.set(set_us)
        story.run(60_000_000)
        clips.append(story.record())
    told = [story.error_days(clip_id) for clip_id in clips]
    assert [abs(error - wanted) <= 1 for error, wanted in zip(told, errors, strict=True)] == [True] * len(clips), told
    story.run(16 * US_PER_DAY)
    assert story.lived.keys() == set(clips)
    for lived in story.lived.values():
        assert 14 * US_PER_DAY - HOUR <= lived <= 14 * US_PER_DAY + 6 * HOUR + 120_000_000
