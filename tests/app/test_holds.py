"""Holding clips and bringing them back: who is told no, and what a restored backup leaves."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.camguard.app.custody.holds import HoldKeeper
from custom_components.camguard.app.ports import NOBODY, Actor
from custom_components.camguard.app.retention.sweeper import Retention, erase_due_keys
from custom_components.camguard.domain.clip import US_PER_DAY, ClipId
from custom_components.camguard.domain.errors import (
    ErasedError,
    IntegrityError,
    InvalidError,
    NotFoundError,
    StorageError,
)
from custom_components.camguard.domain.hold import HOLD_MAX_DAYS
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.clips.holds_file import Holds
from custom_components.camguard.vault.keys.recovery_kit import find_kits
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW, NOW_US, Hands, in_thread
from ..vault import conftest as disks
from ..vault.clips import put_clip

UNTIL_US = NOW_US + 30 * US_PER_DAY
BY = Actor(user_id="u1", name="花子")
MISSING = ClipId("f" * 32)
small_disk = disks.small_disk


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Clips outside of what a restored backup empties."""
    return Paths.of(tmp_path / "config", storage_path=tmp_path / "nas")


@pytest.fixture
def vault(paths: Paths) -> Iterator[Vault]:
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    yield vault
    vault.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


def keeper_of(vault: Vault, clock: Hands) -> HoldKeeper:
    return HoldKeeper(vault, clock, in_thread, asyncio.Lock())


@pytest.fixture
def keeper(vault: Vault, clock: Hands) -> HoldKeeper:
    return keeper_of(vault, clock)


def clip(vault: Vault, days: float = 1, content: bytes = b"clip " * 2000) -> ClipId:
    return put_clip(vault, "camera", NOW - timedelta(days=days), content)


def events(vault: Vault, *wanted: Event) -> list[dict[str, object]]:
    return [entry.body for entry in vault.ledger.entries() if entry.event in wanted and entry.body]


async def test_holding_changing_releasing(vault: Vault, keeper: HoldKeeper, clock: Hands) -> None:
    one, other = clip(vault), clip(vault)
    held = await keeper.hold([one, other, one], " 警察の照会 ", UNTIL_US, BY)
    assert [(hold.clip_id, hold.reason, hold.until_us, hold.since_us) for hold in held] == [
        (one, "警察の照会", UNTIL_US, NOW_US),
        (other, "警察の照会", UNTIL_US, NOW_US),
    ]
    assert [body["user_name"] for body in events(vault, Event.HELD)] == ["花子", "花子"]
    clock.wall_us += 1000
    (changed,) = await keeper.hold([one], "insurance", UNTIL_US + 5, NOBODY)
    assert (changed.since_us, changed.until_us) == (NOW_US, UNTIL_US + 5)
    assert keeper.to_review == ()
    clock.wall_us = UNTIL_US
    assert [hold.clip_id for hold in keeper.to_review] == [other]
    clock.wall_us = UNTIL_US + 5
    assert [hold.clip_id for hold in keeper.to_review] == [other, one]
    # and a hold doesn't end by itself
    assert vault.holds.get(one)
    await keeper.release([one], "over", BY)
    assert vault.holds.get(one) is None
    assert [(body["clip_id"], body["reason"]) for body in events(vault, Event.RELEASED)] == [(one, "over")]


@pytest.mark.parametrize(
    ("reason", "until_us", "key"),
    [
        ("", UNTIL_US, "reason_missing"),
        (" \n ", UNTIL_US, "reason_missing"),
        (None, UNTIL_US, "reason_missing"),
        (7, UNTIL_US, "reason_missing"),
        ("x" * 501, UNTIL_US, "text_too_long"),
        ("why", NOW_US, "hold_in_past"),
        ("why", NOW_US - 1, "hold_in_past"),
        ("why", 0, "hold_in_past"),
        ("why", NOW_US + HOLD_MAX_DAYS * US_PER_DAY + 1, "hold_too_long"),
        ("why", 1 << 70, "hold_too_long"),
    ],
)
async def test_what_is_no_hold(vault: Vault, keeper: HoldKeeper, reason: object, until_us: int, key: str) -> None:
    clip_id, entries = clip(vault), vault.ledger.seq
    with pytest.raises(InvalidError) as error:
        await keeper.hold([clip_id], reason, until_us, BY)
    assert error.value.key == key
    assert vault.holds.all() == ()
    if key in {"reason_missing", "text_too_long"}:
        with pytest.raises(InvalidError, match=key):
            await keeper.release([clip_id], reason, BY)
    assert vault.ledger.seq == entries


async def test_as_long_and_as_far_as_may_be(vault: Vault, keeper: HoldKeeper) -> None:
    (hold,) = await keeper.hold([clip(vault)], "漢" * 500, NOW_US + HOLD_MAX_DAYS * US_PER_DAY, BY)
    assert vault.holds.get(hold.clip_id) == hold


async def test_all_or_none(vault: Vault, keeper: HoldKeeper) -> None:
    one, other = clip(vault), clip(vault)
    with pytest.raises(NotFoundError, match="clip_not_found"):
        await keeper.hold([one, MISSING, other], "why", UNTIL_US, BY)
    vault.keyring.destroy_clip(other)
    with pytest.raises(ErasedError, match="clip_erased"):
        await keeper.hold([one, other], "why", UNTIL_US, BY)
    assert vault.holds.all() == ()
    assert events(vault, Event.HELD, Event.RELEASED) == []
    await keeper.hold([one], "why", UNTIL_US, BY)
    for clip_ids, error in (([one, MISSING], NotFoundError), ([one, clip(vault)], InvalidError)):
        with pytest.raises(error):
            await keeper.release(clip_ids, "over", BY)
    assert [hold.clip_id for hold in vault.holds.all()] == [one]
    await keeper.hold([], "why", UNTIL_US, BY)


async def test_a_disk_that_refuses_the_second_one(vault: Vault, keeper: HoldKeeper) -> None:
    one, other = clip(vault), clip(vault)
    (vault.paths.holds / f"{other}.hold.json.part").mkdir()
    with pytest.raises(StorageError, match="hold_not_written"):
        await keeper.hold([one, other], "why", UNTIL_US, BY)
    assert vault.holds.all() == ()
    assert list(vault.paths.holds.glob("*.json")) == []
    row = vault.index.get(one)
    assert row
    assert not row.held


async def test_retention_and_space_leave_held_clips(vault: Vault, keeper: HoldKeeper, clock: Hands) -> None:
    held, due, fresh = clip(vault, 13), clip(vault, 13), clip(vault, 1)
    await keeper.hold([held], "why", UNTIL_US, BY)
    clock.wall_us += 5 * US_PER_DAY
    retention = Retention(vault, clock, min_free_bytes=0, retention_days=lambda _: 14)
    swept = retention.sweep()
    assert (swept.erased, swept.kept_held) == (1, 1)
    assert vault.keyring.clip_ids() == {held, fresh}
    row = vault.index.get(held)
    assert row
    assert not retention.is_due(row)
    for _ in range(50):  # others fill and free the same disk meanwhile
        least = vault.free_bytes() + vault.index.erasable_bytes() // 2
        Retention(vault, clock, min_free_bytes=least, retention_days=lambda _: 14).sweep()
        if not vault.keyring.has_clip(fresh):
            break
    assert vault.keyring.clip_ids() == {held}
    assert not vault.keyring.has_clip(due)
    # also while the vault is shut
    vault.close()
    assert erase_due_keys(vault.paths, clock, lambda _: 14) == 0
    assert vault.paths.clip_key(held).exists()
    vault = Vault.open(vault.paths)
    await keeper_of(vault, clock).release([held], "over", BY)
    assert Retention(vault, clock, min_free_bytes=0, retention_days=lambda _: 14).sweep().erased == 1
    vault.close()


# --- kits ---


async def test_no_kit_without_holds(vault: Vault, keeper: HoldKeeper) -> None:
    clip(vault)
    with pytest.raises(InvalidError, match="nothing_held"):
        await keeper.make_kit(BY)
    with pytest.raises(InvalidError, match="no_kit"):
        await keeper.restore("ABCDE", BY)
    assert not keeper.lacks_kit
    assert keeper.survive


async def test_one_damaged_key_leaves_the_others_their_kit(vault: Vault, keeper: HoldKeeper) -> None:
    good, bad = clip(vault), clip(vault)
    await keeper.hold([good, bad], "why", UNTIL_US, BY)
    path = vault.paths.clip_key(bad)
    data = bytearray(path.read_bytes())
    for at in range(60, len(data)):
        data[at] ^= 0x55
    path.write_bytes(data)
    made = await keeper.make_kit(BY)
    assert (made.count, [item.clip_id for item in made.left_out]) == (1, [bad])
    vault.paths.clip_key(good).write_bytes(bytes(data))
    with pytest.raises(InvalidError, match="kit_keys_damaged"):
        await keeper.make_kit(BY)


async def test_whether_a_kit_is_lacking(vault: Vault, keeper: HoldKeeper, clock: Hands) -> None:
    one, other = clip(vault), clip(vault)
    await keeper.hold([one], "why", UNTIL_US, BY)
    assert keeper.lacks_kit
    clock.wall_us += 10  # within the same second
    kit_made = await keeper.make_kit(BY)
    kit, code = kit_made.kit, kit_made.code
    assert (kit_made.count, kit_made.left_out) == (1, ())
    assert not keeper.lacks_kit
    (made,) = events(vault, Event.KIT_MADE)
    assert (made["kit_id"], made["clip_ids"], made["user_name"]) == (kit.kit_id, [one], "花子")
    assert code.encode() not in vault.paths.ledger.read_bytes()
    clock.wall_us += 10
    await keeper.hold([one], "a new date", UNTIL_US + 1, BY)
    assert not keeper.lacks_kit
    await keeper.hold([other], "why", UNTIL_US, BY)
    assert keeper.lacks_kit
    (vault.paths.holds / "strange.kit.age").write_bytes(b"")
    assert keeper.lacks_kit


class Restore:
    """Makes a backup of the config folder without `.cache`, and puts it back as Home Assistant does."""

    def __init__(self, paths: Paths, tmp_path: Path) -> None:
        self.paths, self._copy = paths, tmp_path / "backup"

    def backup(self) -> None:
        config = self.paths.ledger.parent.parent
        shutil.copytree(config, self._copy, ignore=lambda folder, _: [".cache"] if Path(folder) == config else [])

    def restore(self) -> Vault:
        config = self.paths.ledger.parent.parent
        shutil.rmtree(config)
        shutil.copytree(self._copy, config)
        vault = Vault.open(self.paths)
        reconcile(vault, NOW_US + 5)
        return vault


def content_of(vault: Vault, clip_id: ClipId) -> bytes:
    with vault.open_clip(clip_id) as reader:
        return b"".join(reader.chunks())


@pytest.mark.parametrize("apart", [False, True])
async def test_after_a_restored_backup(tmp_path: Path, clock: Hands, *, apart: bool) -> None:
    key_path = tmp_path / "usb" if apart else None
    paths = Paths.of(tmp_path / "config", storage_path=tmp_path / "nas", key_path=key_path)
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    ids = [clip(vault, 1, bytes([number]) * 100_000) for number in range(4)]
    held, erased, released, loose = ids
    keeper = keeper_of(vault, clock)
    await keeper.hold([held, erased, released], "why", UNTIL_US, BY)
    code = (await keeper.make_kit(BY)).code
    await keeper.release([erased, released], "over", BY)
    sealed = vault.paths.clip(erased).read_bytes()
    vault.erase([erased], "expired", NOW_US)
    site = Restore(paths, tmp_path)
    site.backup()
    vault.close()

    vault = site.restore()
    vault.paths.clip(erased).write_bytes(sealed)  # say, from a backup of the share
    keeper = keeper_of(vault, clock)
    assert vault.index.clip_ids() == set()
    assert vault.lost_held() == (held,)
    # without a hold nothing was kept for it
    assert not vault.paths.clip(released).exists()
    assert not vault.paths.clip(loose).exists()
    for wrong in ("", "ABCDE-FGHJK-LMNPQ-RSTUV", code[:-1]):
        with pytest.raises(InvalidError, match="kit_code_wrong"):
            await keeper.restore(wrong, BY)
    found = await keeper.restore(code.lower().replace("-", " "), BY)
    assert (found.restored, found.present) == ((held,), ())
    assert set(found.missing) == {erased, released}
    assert content_of(vault, held) == bytes([0]) * 100_000
    assert vault.thumbnail(held)
    row = vault.index.get(held)
    assert row
    assert row.held
    assert vault.index.clip_ids() == vault.keyring.clip_ids() == {held}
    assert vault.lost_held() == ()
    (restored,) = events(vault, Event.KIT_RESTORED)
    assert (restored["clip_ids"], restored["user_name"]) == ([held], "花子")
    vault.close()
    # once more: the key is at home again
    vault = Vault.open(paths)
    reconcile(vault, NOW_US + 9)
    assert content_of(vault, held) == bytes([0]) * 100_000
    assert vault.index.clip_ids() == {held}
    vault.close()


async def test_the_kit_goes_when_it_has_nothing_more_to_give(
    vault: Vault, keeper: HoldKeeper, clock: Hands, tmp_path: Path
) -> None:
    one, other = clip(vault), clip(vault)
    await keeper.hold([one, other], "why", UNTIL_US, BY)
    code = (await keeper.make_kit(BY)).code
    site = Restore(vault.paths, tmp_path)
    site.backup()
    vault.close()
    aside = tmp_path / "aside"
    vault.paths.clip(other).rename(aside)
    vault = site.restore()
    keeper = keeper_of(vault, clock)
    found = await keeper.restore(code, BY)
    assert (found.restored, found.missing) == ((one,), (other,))
    assert find_kits(vault.paths.holds)  # the other one's file may turn up
    aside.rename(vault.paths.clip(other))
    found = await keeper.restore(code, BY)
    assert (found.restored, found.present, found.missing) == ((other,), (one,), ())
    assert find_kits(vault.paths.holds) == ()
    with pytest.raises(InvalidError, match="no_kit"):
        await keeper.restore(code, BY)
    vault.close()


async def test_two_kits_and_a_damaged_one(vault: Vault, keeper: HoldKeeper, clock: Hands, tmp_path: Path) -> None:
    one, other = clip(vault), clip(vault)
    await keeper.hold([one], "why", UNTIL_US, BY)
    made = await keeper.make_kit(BY)
    first, code = made.kit, made.code
    clock.wall_us += 1
    await keeper.hold([other], "why", UNTIL_US, BY)
    made = await keeper.make_kit(BY)
    second, later_code = made.kit, made.code
    second.path.write_bytes(second.path.read_bytes()[:-1])
    site = Restore(vault.paths, tmp_path)
    site.backup()
    vault.close()
    vault = site.restore()
    keeper = keeper_of(vault, clock)
    with pytest.raises(IntegrityError):
        await keeper.restore(later_code, BY)
    assert (await keeper.restore(code, BY)).restored == (one,)
    assert [kit.kit_id for kit in find_kits(vault.paths.holds)] == [second.kit_id]
    assert first.kit_id < second.kit_id
    vault.close()


async def test_a_sealed_file_that_is_not_the_keys(
    vault: Vault, keeper: HoldKeeper, clock: Hands, tmp_path: Path
) -> None:
    one, other = clip(vault), clip(vault)
    await keeper.hold([one, other], "why", UNTIL_US, BY)
    code = (await keeper.make_kit(BY)).code
    site = Restore(vault.paths, tmp_path)
    site.backup()
    vault.close()
    shutil.copy(vault.paths.clip(other), vault.paths.clip(one))
    vault = site.restore()
    found = await keeper_of(vault, clock).restore(code, BY)
    assert (found.restored, found.missing) == ((other,), (one,))
    assert find_kits(vault.paths.holds)
    vault.close()


async def test_restoring_touches_nothing_that_is_being_recorded(
    vault: Vault, keeper: HoldKeeper, clock: Hands, tmp_path: Path
) -> None:
    held = clip(vault)
    await keeper.hold([held], "why", UNTIL_US, BY)
    code = (await keeper.make_kit(BY)).code
    site = Restore(vault.paths, tmp_path)
    site.backup()
    vault.close()
    vault = site.restore()
    begun, finishing = ClipId("c" * 32), ClipId("d" * 32)
    vault.prepare(begun)  # its keys are made, the worker is about to create the spool
    vault.prepare(finishing)
    vault.paths.spool_file(finishing).write_bytes(b"spool")
    part = vault.paths.clip(finishing).with_name(f"{finishing}.mp4.age.part")
    part.write_bytes(b"half")
    await keeper_of(vault, clock).restore(code, BY)
    assert part.exists()
    assert vault.keyring.spool_ids() == {begun, finishing}
    assert vault.keyring.clip_ids() == {begun, finishing, held}
    vault.close()


async def test_a_kit_that_outlived_the_hold(vault: Vault, keeper: HoldKeeper, clock: Hands, tmp_path: Path) -> None:
    """Released after the kit was made, and the clip's file is still there: held until somebody has looked at it."""
    one = clip(vault)
    await keeper.hold([one], "why", UNTIL_US, BY)
    made = await keeper.make_kit(BY)
    kit, code = made.kit, made.code
    await keeper.release([one], "over", BY)
    site = Restore(vault.paths, tmp_path)
    site.backup()
    vault.close()
    sealed = {path: path.read_bytes() for path in vault.paths.storage.rglob(f"{one}*")}
    vault = site.restore()
    for path, data in sealed.items():
        path.write_bytes(data)
    clock.wall_us += 60_000_000
    keeper = keeper_of(vault, clock)
    assert (await keeper.restore(code, BY)).restored == (one,)
    (hold,) = keeper.to_review
    assert (hold.clip_id, hold.reason) == (one, kit.kit_id)
    vault.close()
    vault = Vault.open(vault.paths)
    reconcile(vault, clock.wall_us)
    assert [item.clip_id for item in vault.holds.all()] == [one]
    assert Holds.open(vault.paths.holds).get(one)
    vault.close()


async def test_a_full_disk_while_restoring(
    tmp_path: Path, clock: Hands, small_disk: Callable[[str, int], Path]
) -> None:
    disk = small_disk("disk", 24 << 20)
    paths = Paths.of(disk / "config", storage_path=tmp_path / "nas")
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    one = clip(vault)
    keeper = keeper_of(vault, clock)
    await keeper.hold([one], "why", UNTIL_US, BY)
    code = (await keeper.make_kit(BY)).code
    site = Restore(paths, tmp_path)
    site.backup()
    vault.close()
    shutil.rmtree(paths.cache)
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    filler = disks.fill(disk)
    vault.ledger.give_up_reserve()
    disks.fill(disk, leave=6000, name="more")
    with pytest.raises(StorageError):
        await keeper_of(vault, clock).restore(code, BY)
    assert find_kits(paths.holds)
    filler.unlink()
    assert (await keeper_of(vault, clock).restore(code, BY)).restored == (one,)
    assert content_of(vault, one)
    vault.close()
