"""The index: lists, filters, totals; and refuses what it did not write."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.clip import Clip, ClipId, Trigger, TriggerKind
from custom_components.camguard.domain.errors import IntegrityError, StorageError
from custom_components.camguard.domain.retention import expires_us
from custom_components.camguard.vault.clips.index import SCHEMA_VERSION, Index
from custom_components.camguard.vault.clips.terms import Terms, Totals
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from ..benchmark_growth import fill
from ..hands import NOW_US


def mac(data: bytes) -> bytes:
    return hashlib.sha256(b"key" + data).digest()


def clip(number: int, camera: str = "a", start: int = 0, end: int = 10, **changes: object) -> Clip:
    made = Clip(
        clip_id=ClipId(f"{number:032x}"), camera_id=camera, start_us=start, end_us=end, size_bytes=100 + number,
        sha256="00", trigger=Trigger(kind=TriggerKind.TEST), retention_days=7, width=4, height=2, frames=3,
        reckoned_us=end,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = Index(tmp_path / "index.db", mac)
    yield index
    index.close()


def test_a_clip_comes_back_whole(index: Index, tmp_path: Path) -> None:
    clips = [
        clip(1, start=5, end=9, recovered=True),
        clip(2, "犬'; DROP TABLE clip; --", trigger=Trigger(kind=TriggerKind.ENTITY, entity_id="event.x", reason="r")),
        clip(3, end=2**62, size_bytes=2**62, trigger=Trigger(kind=TriggerKind.CONTINUOUS, entity_id="")),
    ]
    for item in clips:
        index.add(item)
    index.close()
    index = Index(tmp_path / "index.db", mac)
    for item in clips:
        assert index.get(item.clip_id) == item
    assert index.get(ClipId("f" * 32)) is None
    assert index.clip_ids() == {item.clip_id for item in clips}
    index.close()


def test_again_changes_nothing_and_removing_is_for_good(index: Index) -> None:
    index.add(clip(1))
    index.add(clip(1))
    assert index.count() == 1
    index.add(clip(1, size_bytes=7))
    assert index.get(clip(1).clip_id) == clip(1, size_bytes=7)
    index.remove(clip(1).clip_id)
    index.remove(clip(1).clip_id)
    assert index.count() == 0
    assert index.clips() == []


def test_overlap_is_half_open(index: Index) -> None:
    index.add(clip(1, start=10, end=20))
    for start, end, found in (
        (None, None, 1), (0, 10, 0), (0, 11, 1), (19, 30, 1), (20, 30, 0), (12, 13, 1), (0, 100, 1),
        (19, None, 1), (20, None, 0), (None, 10, 0), (None, 11, 1),
    ):  # fmt: skip
        assert index.count(start_us=start, end_us=end) == found, (start, end)
        assert len(index.clips(start_us=start, end_us=end)) == found


rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30), st.integers(0, 10)), max_size=12)
bound = st.none() | st.integers(0, 40)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows,
    st.none() | st.sets(st.sampled_from("abcd")),
    bound,
    bound,
    st.integers(-1, 5),
    st.integers(0, 5),
    st.booleans(),
)
def test_lists_as_a_plain_filter_would(
    index: Index, rows: list[tuple[str, int, int]], cameras: set[str] | None, start: int | None, end: int | None,
    limit: int, offset: int, newest_first: bool,
) -> None:  # fmt: skip
    for clip_id in index.clip_ids():
        index.remove(clip_id)
    clips = [clip(number, camera, begin, begin + length) for number, (camera, begin, length) in enumerate(rows)]
    for item in clips:
        index.add(item)
    wanted = [
        item
        for item in clips
        if (cameras is None or item.camera_id in cameras)
        and (start is None or item.end_us > start)
        and (end is None or item.start_us < end)
    ]
    wanted.sort(key=lambda item: (-item.start_us if newest_first else item.start_us, item.clip_id))
    arguments = {"start_us": start, "end_us": end}
    assert index.clips(cameras, **arguments, newest_first=newest_first) == wanted
    assert index.count(cameras, **arguments) == len(wanted)
    page = wanted[offset:] if limit < 0 else wanted[offset : offset + limit]
    assert index.clips(cameras, **arguments, limit=limit, offset=offset, newest_first=newest_first) == page
    totals = index.totals()
    assert set(totals) == {item.camera_id for item in clips}
    for camera, total in totals.items():
        own = [item for item in clips if item.camera_id == camera]
        assert total == Totals(
            clips=len(own),
            stored_bytes=sum(item.size_bytes for item in own),
            oldest_start_us=min(item.start_us for item in own),
        )


def test_what_was_removed_is_not_left_in_the_file(index: Index, tmp_path: Path) -> None:
    index.add(clip(1, "sekrit-camera-name"))
    index.remove(clip(1).clip_id)
    index.close()
    for path in tmp_path.iterdir():
        assert b"sekrit-camera-name" not in path.read_bytes()


@pytest.mark.parametrize("damage", ["garbage", "zeros", "version", "other table", "other columns"])
def test_what_is_no_index_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "index.db"
    index = Index(path, mac)
    index.add(clip(1))
    index.close()
    match damage:
        case "garbage":
            path.write_bytes(b"garbage!" * 1000)
        case "zeros":
            path.write_bytes(path.read_bytes()[:100] + bytes(9000))
        case "version":
            with closing(sqlite3.connect(path)) as db:
                db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
        case "other table":
            with closing(sqlite3.connect(path)) as db:
                db.execute("DROP TABLE clip")
        case _:
            with closing(sqlite3.connect(path)) as db:
                db.execute("ALTER TABLE clip DROP COLUMN frames")
    with pytest.raises(IntegrityError) as error:
        Index(path, mac)
    assert error.value.key == "index_unreadable"


def test_an_index_that_can_not_be_opened_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "index.db").mkdir()
    with pytest.raises(IntegrityError) as error:
        Index(tmp_path / "index.db", mac)
    assert error.value.key == "index_unreadable"


DAY = 86_400_000_000
terms_rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 6), st.integers(1, 4), st.booleans()), max_size=10
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms_rows,
    st.integers(0, 8 * DAY),
    st.fixed_dictionaries({camera: st.integers(1, 5) for camera in "abc"}),
    st.none() | st.sets(st.sampled_from("abcd")),
    st.none() | st.integers(0, 8 * DAY),
    st.integers(0, 8 * DAY),
    st.integers(0, 5 * DAY),
)
def test_what_is_over_is_what_the_rule_says(
    index: Index, rows: list[tuple[str, int, int, bool]], now: int, days: dict[str, int], cameras: set[str] | None,
    before: int | None, since: int, doubted: int,
) -> None:  # fmt: skip
    for clip_id in index.clip_ids():
        index.remove(clip_id)
    clips = []
    for number, (camera, day, kept, held) in enumerate(rows):
        hold = {"held_until_us": 99 * DAY, "hold_reason": "r"} if held else {}
        reckoned = day * DAY + 1 + (number % 3 - 1) * 2 * DAY
        clips.append(clip(number, camera, day * DAY, day * DAY + 1, reckoned_us=reckoned, retention_days=kept, **hold))
        index.add(clips[-1])
    terms = Terms(now_us=now, retention_days=lambda camera: days.get(camera, 3), since_us=since, doubted_us=doubted)
    over = {
        item.clip_id
        for item in clips
        if expires_us(item, days[item.camera_id]) <= now + (doubted if item.ages_from_us < since else 0)
    }
    held_ids = {item.clip_id for item in clips if item.held}
    expired = index.expired(terms)
    assert {clip_id for clip_id, _ in expired} == over
    assert {clip_id for clip_id, held in expired if held} == over & held_ids
    shown = [
        item
        for item in clips
        if (item.clip_id not in over or item.held) and (cameras is None or item.camera_id in cameras)
    ]
    found = index.clips(cameras, terms=terms)
    assert {item.clip_id for item in found} == {item.clip_id for item in shown}
    assert index.clips(cameras, terms=terms, limit=2, offset=1) == found[1:3]
    assert index.count(cameras, terms=terms) == len(found)
    chosen = cameras if cameras is not None else set("abc")
    earlier = [item.start_us for item in shown if before is None or item.start_us < before]
    assert index.latest_start_us(chosen, before_us=before, terms=terms) == max(earlier, default=None)
    assert index.camera_ids() == {item.camera_id for item in clips}
    assert index.erasable_bytes() == sum(item.size_bytes for item in clips if not item.held)


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    Index(path, mac).close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"PRAGMA user_version={SCHEMA_VERSION - 1}")
    with pytest.raises(IntegrityError, match="index_unreadable"):
        Index(path, mac)


@pytest.mark.parametrize(
    "change",
    ["end_us = end_us + 1", "reckoned_us = reckoned_us + 1", "retention_days = 90", "camera_id = 'x'", "mac = x''"],
)
def test_a_row_of_somebody_elses_is_out(change: str, tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    index = Index(path, mac)
    made = [clip(number, start=number, end=number + 5) for number in (1, 2)]
    for item in made:
        index.add(item)
    index.age(0, 7)
    index.set_hold(made[0].clip_id, None)
    index.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"UPDATE clip SET {change} WHERE clip_id=?", (made[0].clip_id,))
        db.commit()
    index = Index(path, mac)
    assert index.doubted == (made[0].clip_id,)
    assert index.clip_ids() == {made[1].clip_id}
    index.close()
    index = Index(path)
    assert index.doubted == ()
    index.close()


def test_age(index: Index) -> None:
    assert index.newest_us() is None
    assert index.latest("a") is None
    made = [clip(number, end=100 - number, reckoned_us=number) for number in (1, 2, 3)]
    for item in made:
        index.add(item)
    assert index.newest_us() == 3
    assert index.latest("a") == made[2]
    index.age(2, 10)
    assert [item.ages_from_us for item in index.clips(newest_first=False)] == [1, 12, 13]
    assert [item.end_us for item in index.clips(newest_first=False)] == [99, 98, 97]


def test_an_index_that_fails_while_it_is_used_is_a_storage_fault(index: Index) -> None:
    index.add(clip(1))
    with closing(sqlite3.connect(index._path)) as other:
        other.execute("DROP TABLE clip")
    for use in (
        index.clips, index.clip_ids, index.totals, lambda: index.count(start_us=1), lambda: index.oldest(1),
        lambda: index.get(clip(1).clip_id), lambda: index.add(clip(2)), lambda: index.remove(clip(1).clip_id),
        lambda: index.expired(Terms(now_us=1, retention_days=lambda _camera: 1)),
        lambda: index.latest_start_us(["a"]),
        lambda: index.set_hold(clip(1).clip_id, None),
    ):  # fmt: skip
        with pytest.raises(StorageError) as error:
            use()
        assert error.value.key == "storage_unavailable"


def test_an_index_of_thousands_of_clips_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made anew of the manifests: nothing is erased, and totals are right. A million: scripts/benchmark --growth."""
    monkeypatch.setattr(os, "fsync", os.fsync)  # `fill` takes it away
    fill(tmp_path, 2000)
    paths = Paths.of(tmp_path)
    vault = Vault.open(paths)
    clip_ids, totals, erased = vault.index.clip_ids(), vault.index.totals(), vault.ledger.told.erased_count
    vault.close()
    for path in paths.index.parent.glob(f"{paths.index.name}*"):
        path.unlink()
    vault = Vault.open(paths)
    reconcile(vault, NOW_US)
    assert vault.index.clip_ids() == clip_ids
    assert len(clip_ids) == 2000
    assert vault.index.totals() == totals
    assert vault.ledger.told.erased_count == erased
    assert vault.keyring.clip_ids() == clip_ids
    vault.close()
