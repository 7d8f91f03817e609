"""How the guideline's duties stand, by recorded facts, and what is stored. It never says that the law is kept.

Blocking. Each item: `clause`; `state`, `met` (by the facts named), `open` (something is to be done) or `later` (its
register doesn't exist yet); `facts`, named values that the panel puts into a sentence.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..domain.clip import US_PER_DAY, US_PER_SECOND
from ..domain.settings import RETENTION_DAYS_LONG
from ..vault.keys.recovery_kit import find_kits
from .site import Site
from .watching.confirmed_view import MOVED, NOT_COMPARED

DAYS = 31
"""Shown by day at most; older clips are held ones."""


def overview(
    site: Site, names: Mapping[str, str], *, administrators: int, exposed: int, day_of: Callable[[int], int]
) -> dict[str, Any]:
    """Return `checklist`, `days` (stored clips by the day on which they began), `storage` and `keys`.

    `names`: of all cameras that are set up, by id. `exposed`: how many are used elsewhere without their zones.
    `day_of`: when the local day of a time began, epoch µs.
    Raises StorageError.
    """
    settings, retention, vault = site.settings, site.retention, site.vault
    cameras = list(site.cameras.values())
    unguarded = len(names) - len(cameras)
    unconfirmed = sum(
        camera.camera.reference is None or camera.view.condition in {MOVED, NOT_COMPARED} for camera in cameras
    )
    last, altered = site.verification.last, len(site.altered)
    problems = len(last.problems) if last else 0
    longest = max((site.days_of(camera_id) for camera_id in names), default=settings.retention_days)
    keys = {
        "split": _answer(lambda: not vault.keyring.same_medium),
        "root_path": str(settings.key_path),
        "kit_missing": site.holds.survive and site.holds.lacks_kit,
        "kits": len(find_kits(vault.paths.holds)),
        "held": len(vault.holds.all()),
        "holds_due": len(site.holds.to_review),
    }
    told = vault.ledger.told
    checklist = [
        _item("2(1)", met=bool(settings.purpose), purpose=settings.purpose),
        _item(
            "2(2)",
            met=bool(cameras) and not unguarded and not unconfirmed,
            cameras=len(cameras),
            zones=sum(len(camera.camera.zones) for camera in cameras),
            unconfirmed=unconfirmed + unguarded,
        ),
        _later("2(3)"),
        _item("2(4)", met=True, viewers=len(settings.viewers), administrators=administrators),
        _item(
            "2(5)ア",
            met=not retention.overdue and longest <= RETENTION_DAYS_LONG,
            days=longest,
            overdue=retention.overdue,
        ),
        _item(
            "2(5)イ",
            met=last is not None and not problems and not altered,
            verified=None if site.verification.last_us is None else site.verification.last_us / US_PER_SECOND,
            problems=problems + altered,
        ),
        _item(
            "2(5)ウ",
            met=keys["split"] is True and not exposed,
            split=keys["split"],
            viewers=len(settings.viewers),
            exposed=exposed,
        ),
        _item(
            "2(5)エ",
            met=not retention.overdue and retention.trusted,
            erased=len(told.erased),
            trusted=retention.trusted,
            overdue=retention.overdue,
        ),
        _item("2(5)オ", met=True, wipes=len(told.orders)),
        _item("2(6)", met=True, disclosures=told.disclosures),
        _later("2(7)"),
        _later("2(8)"),
        _later("2(9)"),
    ]
    return {
        "checklist": checklist,
        "days": _days(site, day_of),
        "retention_days": longest,
        "storage": _storage(site, settings.storage_path),
        "keys": keys,
    }


def _item(clause: str, *, met: bool, **facts: object) -> dict[str, Any]:
    return {"clause": clause, "state": "met" if met else "open", "facts": facts}


def _later(clause: str) -> dict[str, Any]:
    return {"clause": clause, "state": "later", "facts": {}}


def _answer(ask: Callable[[], bool]) -> bool | None:
    """Return what a medium tells; None while it is away."""
    try:
        return ask()
    except OSError:
        return None


def _days(site: Site, day_of: Callable[[int], int]) -> list[dict[str, Any]]:
    by_day: dict[int, list[int]] = {}
    for clip in site.vault.index.clips():
        day = by_day.setdefault(day_of(clip.start_us), [0, 0, 0])
        day[0] += 1
        day[1] += clip.size_bytes
        day[2] += clip.held
    return [
        {"start": begin_us / US_PER_SECOND, "clips": clips, "size": size, "held": held}
        for begin_us, (clips, size, held) in sorted(by_day.items(), reverse=True)[:DAYS]
    ]


def _storage(site: Site, path: Path) -> dict[str, Any]:
    used = sum(total.stored_bytes for total in site.vault.index.totals().values())
    facts: dict[str, Any] = {
        "path": str(path), "used": used, "fault": site.storage.fault, "min_free": site.settings.min_free_bytes,
        "free": None, "total": None, "per_day": _per_day(site, used),
    }  # fmt: skip
    try:
        disk = shutil.disk_usage(path)
    except OSError:
        return facts
    return facts | {"free": disk.free, "total": disk.total}


def _per_day(site: Site, used: int) -> int | None:
    """Return how much is stored a day, bytes, by what there is; None before there is a whole day."""
    oldest = [total.oldest_start_us for total in site.vault.index.totals().values()]
    begin_us = min((start_us for start_us in oldest if start_us is not None), default=None)
    newest_us = site.vault.index.newest_us()
    if begin_us is None or newest_us is None or newest_us - begin_us < US_PER_DAY:
        return None
    return used * US_PER_DAY // (newest_us - begin_us)
