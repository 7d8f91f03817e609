"""How the guideline's duties stand, by recorded facts, and what is stored. It never says that the law is kept.

Blocking. Each item: `clause`; `state`, `met` (by the facts named) or `open` (something is to be done); `facts`, named
values that the panel puts into a sentence; `duties`, what is to be done soon.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from ..domain.clip import US_PER_DAY, US_PER_SECOND
from ..domain.registers.duties import Duty, is_late, is_near
from ..domain.registers.record import Record
from ..domain.registers.schema import Kind
from ..domain.settings import RETENTION_DAYS_LONG
from ..vault.keys.recovery_kit import find_kits
from .site import Site
from .watching.confirmed_view import MOVED, NOT_COMPARED

DAYS = 31
"""Shown by day at most; older clips are held ones."""
IDLE_DAYS = 90
"""Who hasn't viewed anything for so long may not need to."""


def overview(
    site: Site, names: Mapping[str, str], *, administrators: int, exposed: int, day_of: Callable[[int], int]
) -> dict[str, Any]:
    """Return `checklist`, `days` (stored clips by the day on which they began), `storage`, `copies`, `hosts`, `keys`.

    `names`: of all cameras that are set up, by id. `exposed`: how many are used elsewhere without their zones.
    `day_of`: when the local day of a time began, epoch µs.
    Raises StorageError.
    """
    settings, vault = site.settings, site.vault
    keys = {
        "split": _answer(lambda: not vault.keyring.same_medium),
        "root_path": str(settings.key_path),
        "kit_missing": site.holds.survive and site.holds.lacks_kit,
        "kits": len(find_kits(vault.paths.holds)),
        "held": len(vault.holds.all()),
        "holds_due": len(site.holds.to_review),
        "records": len(vault.ledger.told.records),
        "records_not_in_kit": site.registers.not_in_kit(),
        "records_locked": site.registers.locked,
    }
    return {
        "checklist": checklist(site, names, administrators=administrators, exposed=exposed),
        "days": _days(site, day_of),
        "retention_days": longest_days(site, names),
        "storage": storage_facts(site),
        "copies": [asdict(facts) for facts in site.copies.facts],
        "hosts": [asdict(facts) for facts in site.hosts.facts],
        "keys": keys,
    }


def longest_days(site: Site, names: Mapping[str, str]) -> int:
    """Return for how many days clips of a camera are kept at most."""
    return max((site.days_of(camera_id) for camera_id in names), default=site.settings.retention_days)


def checklist(site: Site, names: Mapping[str, str], *, administrators: int, exposed: int) -> list[dict[str, Any]]:
    """Return each duty of the guideline, from 2(1) to 2(9). Blocking."""
    settings, retention, vault, registers = site.settings, site.retention, site.vault, site.registers
    cameras = list(site.cameras.values())
    unguarded = len(names) - len(cameras)
    unconfirmed = sum(
        camera.camera.reference is None or camera.view.condition in {MOVED, NOT_COMPARED} for camera in cameras
    )
    last, altered = site.verification.last, len(site.altered)
    problems = len(last.problems) if last else 0
    longest = longest_days(site, names)
    split = _answer(lambda: not vault.keyring.same_medium)
    told, today = vault.ledger.told, registers.today
    by_clause: dict[str, list[Duty]] = {}
    for duty in registers.duties(names):
        by_clause.setdefault(duty.clause, []).append(duty)

    def item(clause: str, *, met: bool = True, **facts: object) -> dict[str, Any]:
        near = [duty for duty in by_clause.get(clause, []) if is_near(duty, today)]
        late = any(is_late(duty, today) for duty in near)
        return {
            "clause": clause,
            "state": "met" if met and not late else "open",
            "facts": facts,
            "duties": [duty_facts(duty, today) for duty in near],
        }

    def standing(kind: Kind) -> list[Record]:
        return [record for record in registers.of(kind) if record.closed_on is None]

    signs = standing(Kind.SIGN)
    signed = {camera for record in signs for camera in record.fields["cameras"]}
    idle_us = site.now_us - IDLE_DAYS * US_PER_DAY
    since_us = max(told.begun_us, 0)
    idle = sum(told.seen_us.get(user_id, since_us) < idle_us for user_id in settings.viewers)
    readable = not registers.unreadable
    return [
        item(
            "2(1)",
            met=bool(settings.purpose),
            purpose=settings.purpose,
            signs=sum(record.stated != registers.stated for record in signs),
        ),
        item(
            "2(2)",
            met=bool(cameras) and not unguarded and not unconfirmed,
            cameras=len(cameras),
            zones=sum(len(camera.camera.zones) for camera in cameras),
            unconfirmed=unconfirmed + unguarded,
        ),
        item("2(3)", met=readable, signs=len(signs), cameras=len(names), signed=len(signed & names.keys())),
        item(
            "2(4)",
            met=readable,
            viewers=len(settings.viewers),
            administrators=administrators,
            idle=idle,
            checked=told.duties_checked_us / US_PER_SECOND if told.duties_checked_us else None,
        ),
        item(
            "2(5)ア",
            met=not retention.overdue and longest <= RETENTION_DAYS_LONG,
            days=longest,
            overdue=retention.overdue,
        ),
        item(
            "2(5)イ",
            met=last is not None and not problems and not altered,
            verified=None if site.verification.last_us is None else site.verification.last_us / US_PER_SECOND,
            problems=problems + altered,
        ),
        item(
            "2(5)ウ",
            met=split is True and not exposed,
            split=split,
            viewers=len(settings.viewers),
            exposed=exposed,
            kit_missing=site.holds.survive and site.holds.lacks_kit,
            records_not_in_kit=registers.not_in_kit(),
        ),
        item(
            "2(5)エ",
            met=not retention.overdue and retention.trusted,
            erased=told.erased_count,
            trusted=retention.trusted,
            overdue=retention.overdue,
        ),
        item(
            "2(5)オ",
            met=readable,
            wipes=len(told.orders),
            media=len(registers.of(Kind.MEDIUM)),
            waiting=len(standing(Kind.MEDIUM)),
        ),
        item("2(6)", disclosures=told.disclosures),
        item("2(7)", met=readable, received=len(registers.of(Kind.COMPLAINT)), waiting=len(standing(Kind.COMPLAINT))),
        item("2(8)", met=readable, contractors=len(standing(Kind.CONTRACTOR))),
        item(
            "2(9)",
            met=readable,
            requests=len(registers.of(Kind.ACCESS)),
            waiting=len(standing(Kind.ACCESS)),
            incidents=len(standing(Kind.INCIDENT)),
        ),
    ]


def duty_facts(duty: Duty, today: date) -> dict[str, Any]:
    """Return a duty as the panel shows it; `due` null: as soon as may be."""
    dated = duty.due is not None and duty.due != date.max
    return {
        "what": duty.what,
        "clause": duty.clause,
        "due": duty.due.isoformat() if duty.due is not None and dated else None,
        "late": is_late(duty, today),
        "record_id": duty.record_id,
        "number": duty.number,
        "subject": duty.subject,
    }


def _answer(ask: Callable[[], bool]) -> bool | None:
    """Return what a medium tells; None while it is away."""
    try:
        return ask()
    except OSError:
        return None


def _days(site: Site, day_of: Callable[[int], int]) -> list[dict[str, Any]]:
    index = site.vault.index
    days: list[dict[str, Any]] = []
    before_us: int | None = None
    while len(days) < DAYS and (start_us := index.latest_start_us(None, before_us=before_us)) is not None:
        begin_us = day_of(start_us)
        clips, size, held = index.stored(begin_us, before_us)
        days.append({"start": begin_us / US_PER_SECOND, "clips": clips, "size": size, "held": held})
        before_us = begin_us
    return days


def storage_facts(site: Site) -> dict[str, Any]:
    """Return how much is stored, and what room there is, bytes. Blocking; raises StorageError."""
    path = site.settings.storage_path
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
