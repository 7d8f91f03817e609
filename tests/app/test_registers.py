"""Keeping registers: two who edit, who may view when, what is erased when, and what a recovery kit brings back."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from custom_components.camguard.app.custody.holds import HoldKeeper
from custom_components.camguard.app.ports import Actor
from custom_components.camguard.app.registers.keeper import RegisterKeeper
from custom_components.camguard.app.registers.locked import waiting_records
from custom_components.camguard.domain.clip import US_PER_DAY, ClipId
from custom_components.camguard.domain.errors import InvalidError, LockedError, NotFoundError
from custom_components.camguard.domain.registers.record import Record, parse_fields
from custom_components.camguard.domain.registers.schema import Kind
from custom_components.camguard.domain.settings import SiteSettings
from custom_components.camguard.vault.keys.keyring import RECORD
from custom_components.camguard.vault.keys.recovery_kit import find_kits, spent_kits
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW_US, Hands, in_thread
from .test_holds import Restore

BY = Actor(user_id="u1", name="花子")
DAY = "2026-11-24"
COMPLAINT = {"nature": "complaint", "received_on": DAY, "about": "窓が映っている", "from_whom": "山田"}
SIGN = {"place": "門柱", "cameras": ["c1"], "hung_on": DAY, "states_present": True}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
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


def site_of(vault: Vault, **changed: Any) -> SiteSettings:
    site = SiteSettings(
        operator_name="佐藤", contact="048", purpose="防犯", retention_days=14, storage_path=vault.paths.storage,
        key_path=vault.paths.key_root, min_free_bytes=0, viewers=frozenset({"viewer", "builder"}), ledger_years=5,
        time_zone="Asia/Tokyo", backlog_bytes=1 << 20,
    )  # fmt: skip
    return replace(site, **changed)


def keeper_of(vault: Vault, clock: Hands, believed: bool = True, **site: Any) -> RegisterKeeper:
    return RegisterKeeper(
        site_of(vault, **site),
        vault,
        clock,
        in_thread,
        vault.registers.load(tidy=vault.ledger_fits),
        clock_believed=lambda: believed,
        on_news=lambda: None,
    )


@pytest.fixture
def keeper(vault: Vault, clock: Hands) -> RegisterKeeper:
    return keeper_of(vault, clock)


async def test_records_are_numbered_by_register_and_year(keeper: RegisterKeeper, clock: Hands) -> None:
    numbers = [(await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)).number for _ in range(2)]
    numbers.append((await keeper.save(Kind.SIGN, SIGN, BY)).number)
    first = keeper.of(Kind.COMPLAINT)[-1]
    await keeper.erase(first.record_id, "ordered", BY)
    clock.wall_us += 60 * US_PER_DAY
    numbers.append((await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)).number)
    clock.wall_us -= 60 * US_PER_DAY
    numbers.append((await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)).number)
    assert numbers == ["RC-2026-0001", "RC-2026-0002", "RS-2026-0001", "RC-2027-0001", "RC-2026-0003"]


async def test_two_who_edit_one_record(keeper: RegisterKeeper, vault: Vault) -> None:
    saved = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)

    def change(text: str) -> Any:
        fields = dict(saved.fields) | {"outcome": text}
        return keeper.save(Kind.COMPLAINT, fields, BY, record_id=saved.record_id, revision=saved.revision)

    results = await asyncio.gather(change("one"), change("other"), return_exceptions=True)
    (refused,) = [result for result in results if isinstance(result, InvalidError)]
    (kept,) = [result for result in results if isinstance(result, Record)]
    assert refused.key == "record_changed_meanwhile"
    assert keeper.find(saved.record_id).fields["outcome"] == kept.fields["outcome"]
    assert keeper.find(saved.record_id).revision == 2
    assert vault.registers.load(tidy=True).records[saved.record_id] == kept


async def test_a_picture_stays_until_it_is_removed(keeper: RegisterKeeper) -> None:
    picture = b"\xff\xd8\xff" + bytes(9000)
    saved = await keeper.save(Kind.SIGN, SIGN, BY, attachment=picture)
    for attachment, wanted in ((None, picture), (picture[:-1], picture[:-1]), (b"", b"")):
        saved = await keeper.save(
            Kind.SIGN, saved.fields, BY, record_id=saved.record_id, revision=saved.revision, attachment=attachment
        )
        assert await keeper.attachment(saved.record_id) == wanted
        assert saved.has_attachment is bool(wanted)


@pytest.mark.parametrize(
    ("kind", "fields", "picture", "key"),
    [
        (Kind.SIGN, SIGN, b"GIF89a", "record_picture_unreadable"),
        (Kind.SIGN, SIGN, b"<svg onload=alert(1)>", "record_picture_unreadable"),
        (Kind.COMPLAINT, COMPLAINT, b"\xff\xd8\xff", "record_picture_unreadable"),
        (Kind.SIGN, SIGN, b"\xff\xd8\xff" + bytes(3 << 20), "record_picture_too_large"),
    ],
)
async def test_what_is_no_picture_is_refused(
    keeper: RegisterKeeper, kind: Kind, fields: dict[str, Any], picture: bytes, key: str
) -> None:
    with pytest.raises(InvalidError, match=key):
        await keeper.save(kind, fields, BY, attachment=picture)
    assert keeper.of(kind) == []


async def test_a_sign_that_states_something_else_is_to_be_renewed(vault: Vault, clock: Hands) -> None:
    saved = await keeper_of(vault, clock).save(Kind.SIGN, SIGN, BY)
    changed = keeper_of(vault, clock, purpose="防犯と防災")
    assert [duty.what for duty in changed.duties(["c1"]) if duty.record_id] == ["renew_sign"]
    renewed = await changed.save(
        Kind.SIGN, dict(saved.fields) | {"states_present": True}, BY, record_id=saved.record_id, revision=1
    )
    assert [duty.what for duty in changed.duties(["c1"]) if duty.record_id] == ["look_at_sign"]
    fields = dict(renewed.fields) | {"states_present": False}
    await changed.save(Kind.SIGN, fields, BY, record_id=saved.record_id, revision=2)
    assert [duty.what for duty in changed.duties(["c1"]) if duty.record_id] == ["renew_sign"]


async def test_nothing_is_closed_ahead(keeper: RegisterKeeper, clock: Hands) -> None:
    fields = COMPLAINT | {"outcome": "x", "closed_on": "2026-11-25"}
    with pytest.raises(InvalidError, match="record_closed_ahead"):
        await keeper.save(Kind.COMPLAINT, fields, BY)
    assert keeper.of(Kind.COMPLAINT) == []
    clock.wall_us += US_PER_DAY
    await keeper.save(Kind.COMPLAINT, fields, BY)


async def test_what_was_damaged_is_named_and_can_be_erased(vault: Vault, clock: Hands) -> None:
    keeper = keeper_of(vault, clock)
    saved = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    vault.paths.record(saved.record_id, 1).write_bytes(b"x")
    keeper = keeper_of(vault, clock)
    with pytest.raises(NotFoundError, match="record_altered"):
        keeper.find(saved.record_id)
    await keeper.erase(saved.record_id, "ordered", BY)
    loaded = vault.registers.load(tidy=True)
    assert (loaded.records, loaded.unreadable, loaded.problems) == ({}, {}, [])


async def test_a_complaint_of_a_removed_camera(keeper: RegisterKeeper) -> None:
    saved = await keeper.save(Kind.COMPLAINT, COMPLAINT | {"cameras": ["gone"]}, BY)
    assert saved.fields["cameras"] == ["gone"]
    assert ("answer", saved.number) in [(duty.what, duty.number) for duty in keeper.duties([])]


# --- contractors -------------------------------------------------------------------------------------------------------


async def test_a_contractors_user_loses_viewing_with_the_agreement(
    keeper: RegisterKeeper, vault: Vault, clock: Hands
) -> None:
    fields = {"name": "電設", "task": "点検", "user": "builder", "ends_on": "2026-11-30"}
    assert keeper.may_view("builder")
    saved = await keeper.save(Kind.CONTRACTOR, fields, BY)
    assert keeper.may_view("builder")
    clock.wall_us += 6 * US_PER_DAY  # 30 November: the last day
    assert keeper.may_view("builder")
    clock.wall_us += US_PER_DAY
    assert not keeper.may_view("builder")
    assert keeper.may_view("viewer")
    for path in vault.paths.registers.iterdir():  # by the ledger: who removes the file gains nothing
        path.unlink()
    again = keeper_of(vault, clock)
    assert not again.may_view("builder")
    with pytest.raises(NotFoundError, match="record_missing"):
        again.find(saved.record_id)
    with pytest.raises(InvalidError, match="record_bars_viewer"):
        await again.erase(saved.record_id, "ordered", BY)


async def test_an_agreement_that_was_ended_early_and_a_new_one(keeper: RegisterKeeper) -> None:
    fields = {"name": "電設", "task": "点検", "user": "builder", "ends_on": "2027-11-30", "ended_on": "2026-11-20"}
    saved = await keeper.save(Kind.CONTRACTOR, fields, BY)
    assert not keeper.may_view("builder")
    with pytest.raises(InvalidError, match="record_bars_viewer"):  # erased, the user would view again
        await keeper.erase(saved.record_id, "ordered", BY)
    await keeper.save(Kind.CONTRACTOR, {"name": "電設", "task": "点検", "user": "builder"}, BY)
    assert keeper.may_view("builder")


# --- retention ---------------------------------------------------------------------------------------------------------


async def test_closed_records_are_erased_when_their_time_is_over(vault: Vault, clock: Hands) -> None:
    keeper = keeper_of(vault, clock, register_years=2)
    closed = await keeper.save(Kind.COMPLAINT, COMPLAINT | {"outcome": "x", "closed_on": DAY}, BY)
    waiting = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    hangs = await keeper.save(Kind.SIGN, SIGN, BY)
    barred = {"name": "電設", "task": "点検", "user": "builder", "ended_on": DAY}
    bars = await keeper.save(Kind.CONTRACTOR, barred, BY)
    clock.wall_us += 2 * 366 * US_PER_DAY
    await keeper.sweep()
    assert closed.record_id in keeper.records
    clock.wall_us += US_PER_DAY
    doubting = keeper_of(vault, clock, believed=False, register_years=2)
    await doubting.sweep()
    assert closed.record_id in doubting.records
    await keeper.sweep()
    assert set(keeper.records) == {waiting.record_id, hangs.record_id, bars.record_id}
    assert not vault.paths.key(closed.record_id, RECORD).exists()


# --- keys, kits, backups -----------------------------------------------------------------------------------------------


async def test_a_restored_backup_and_a_kit(vault: Vault, clock: Hands, tmp_path: Path) -> None:
    """In backups the records are sealed, without their keys: a kit brings back those that it was made with."""
    keeper = keeper_of(vault, clock)
    holds = HoldKeeper(vault, clock, in_thread, asyncio.Lock())
    with pytest.raises(InvalidError, match="nothing_held"):
        await holds.make_kit(BY)
    kept = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    gone = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    assert keeper.not_in_kit() == 2
    made = await holds.make_kit(BY)
    assert (made.count, made.records, keeper.not_in_kit()) == (0, 2, 0)
    kept = await keeper.save(  # changed after the kit was made: it opens it all the same
        Kind.COMPLAINT, dict(kept.fields) | {"outcome": "later"}, BY, record_id=kept.record_id, revision=1
    )
    await keeper.erase(gone.record_id, "ordered", BY)
    later = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    site = Restore(vault.paths, tmp_path)
    site.backup()
    for path in site._copy.rglob("*"):
        assert not path.is_file() or "山田".encode() not in path.read_bytes()
    vault.close()
    vault = site.restore()
    keeper = keeper_of(vault, clock)
    assert keeper.unreadable == dict.fromkeys((kept.record_id, later.record_id), "record_locked")
    assert (keeper.locked, keeper.not_in_kit()) == (2, 1)
    assert keeper.records == {}
    with pytest.raises(NotFoundError, match="record_locked"):
        keeper.find(kept.record_id)
    restored = await HoldKeeper(vault, clock, in_thread, asyncio.Lock()).restore(made.code, BY)
    assert restored.records == (kept.record_id,)
    await keeper.reload()
    assert keeper.records == {kept.record_id: kept}
    assert keeper.unreadable == {later.record_id: "record_locked"}
    for kit in find_kits(vault.paths.holds):
        kit.path.unlink()
    assert keeper.not_in_kit() == 2, "a kit that is gone holds nothing"
    await keeper.erase(later.record_id, "ordered", BY)  # nobody has its key any more
    assert (keeper.unreadable, keeper.locked) == ({}, 0)
    vault.close()


async def test_a_kit_is_spent_when_its_records_are_erased(vault: Vault, clock: Hands) -> None:
    keeper = keeper_of(vault, clock)
    saved = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    await HoldKeeper(vault, clock, in_thread, asyncio.Lock()).make_kit(BY)
    (kit,) = find_kits(vault.paths.holds)
    assert spent_kits(vault.paths.holds, vault.ledger.entries()) == ()
    await keeper.erase(saved.record_id, "ordered", BY)
    assert spent_kits(vault.paths.holds, vault.ledger.entries()) == (kit,)


async def test_without_the_root_key_duties_still_count(tmp_path: Path, clock: Hands) -> None:
    paths = Paths.of(tmp_path / "config", key_path=tmp_path / "usb")
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    keeper = keeper_of(vault, clock)
    await keeper.save(Kind.COMPLAINT, COMPLAINT | {"due_on": "2020-01-01"}, BY)
    await keeper.save(Kind.SIGN, SIGN, BY)
    await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    await keeper.save(Kind.COMPLAINT, COMPLAINT | {"outcome": "x", "closed_on": DAY}, BY)
    vault.close()
    shutil.rmtree(tmp_path / "usb")
    with pytest.raises(LockedError):
        Vault.open(paths)
    waiting = waiting_records(paths, keeper.today)
    assert (waiting.waiting, waiting.late) == (2, 1), "a sign that is looked at in a year doesn't wait"
    before = paths.ledger.read_bytes()
    with paths.ledger.open("ab") as file:  # what somebody has written behind it isn't believed
        file.write(before.splitlines(keepends=True)[-1].replace(b"2020-01-01", b"2019-01-01"))
    assert waiting_records(paths, keeper.today) == waiting
    paths.ledger.unlink()
    assert waiting_records(paths, keeper.today).waiting == 0


async def test_five_thousand_records(vault: Vault, clock: Hands, capsys: pytest.CaptureFixture[str]) -> None:
    """All are there after a start, found, and counted; how long it took is printed, not judged."""
    fields = parse_fields(Kind.COMPLAINT, COMPLAINT)
    for number in range(5000):
        record = Record(
            record_id=ClipId(f"{number:032x}"), kind=Kind.COMPLAINT, number=f"RC-2026-{number + 1:04}", revision=1,
            created_us=NOW_US + number, changed_us=NOW_US, fields=fields,
        )  # fmt: skip
        vault.registers.save(record, "2026-12-01", BY.facts, NOW_US)
    vault.close()
    began = time.monotonic()
    again = Vault.open(vault.paths)
    opened = time.monotonic()
    keeper = keeper_of(again, clock)
    loaded = time.monotonic()
    assert len(keeper.records) == 5000
    assert len([duty for duty in keeper.duties([]) if duty.what == "answer"]) == 5000
    assert keeper.of(Kind.COMPLAINT)[0].number == "RC-2026-5000"
    listed = time.monotonic()
    saved = await keeper.save(Kind.COMPLAINT, COMPLAINT, BY)
    assert saved.number == "RC-2026-5001"
    again.close()
    with capsys.disabled():
        print(
            f"\n5,000 records: ledger {opened - began:.2f} s, read {loaded - opened:.2f} s, list {listed - loaded:.2f} s"
        )
