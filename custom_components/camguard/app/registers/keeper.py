"""Keeps the registers: reads them at a start, saves, erases when their time is over, and says what is to be done."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ...domain.bundle import local_moment
from ...domain.clip import US_PER_DAY, US_PER_SECOND, ClipId
from ...domain.errors import InvalidError, NotFoundError
from ...domain.registers.duties import Duty, duty_of, household_duties
from ...domain.registers.record import Record, day_of, parse_fields, statement
from ...domain.registers.schema import PICTURED, PREFIX, Kind
from ...domain.settings import SiteSettings
from ...vault.keys.recovery_kit import find_kits
from ...vault.ledger.told import ToldRecord
from ...vault.register_store import ATTACHMENT_MAX_BYTES, Loaded
from ...vault.vault import Vault
from ..ports import NOBODY, Actor, Clock, RunBlocking

DAYS_A_YEAR = 366
_JPEG = b"\xff\xd8\xff"

_LOGGER = logging.getLogger(__name__)


class RegisterKeeper:
    """Belongs to the event loop. Records are at hand without their attachments."""

    def __init__(
        self,
        settings: SiteSettings,
        vault: Vault,
        clock: Clock,
        run_blocking: RunBlocking,
        loaded: Loaded,
        *,
        clock_believed: Callable[[], bool],
        on_news: Callable[[], None],
    ) -> None:
        self.records = loaded.records
        self.unreadable = loaded.unreadable
        """Why a record that the ledger tells of isn't among them, as in `Loaded`."""
        self._settings = settings
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._clock_believed = clock_believed
        self._on_news = on_news
        self._lock = asyncio.Lock()
        self._swept_on = date.min
        self._asked: tuple[int, list[Duty]] = -1, []
        """(count of changes, what the records ask for then): thousands aren't asked at each look."""
        self._changes = 0

    @property
    def today(self) -> date:
        """The household's day."""
        return local_moment(self._clock.now_us(), self._settings.time_zone).date()

    @property
    def stated(self) -> str:
        """What a sign has to state now."""
        return statement(self._settings.operator_name, self._settings.contact, self._settings.purpose)

    @property
    def locked(self) -> int:
        """How many records have lost their key: a recovery kit may bring it back."""
        return sum(reason == "record_locked" for reason in self.unreadable.values())

    def not_in_kit(self) -> int:
        """Return how many records would be lost with a restored backup. Blocking."""
        told = self._vault.ledger.told
        kits = (told.kit_records.get(kit.kit_id, []) for kit in find_kits(self._vault.paths.holds))
        return len(told.records.keys() - set().union(*kits))

    def of(self, kind: Kind) -> list[Record]:
        """Return a register's records, the newest first."""
        return sorted(
            (record for record in self.records.values() if record.kind is kind),
            key=lambda record: (record.created_us, record.number),
            reverse=True,
        )

    def find(self, record_id: str) -> Record:
        """Return a record; raises NotFoundError: `record_not_found`, or why it can't be read."""
        record = self.records.get(ClipId(record_id))
        if record is None:
            reason = self.unreadable.get(ClipId(record_id))
            if reason is not None:
                raise NotFoundError(reason, detail=self._told[record_id].number)
            raise NotFoundError("record_not_found")
        return record

    async def attachment(self, record_id: str) -> bytes:
        """Return a record's attachment; empty: it has none. Raises NotFoundError, IntegrityError, StorageError."""
        record = self.find(record_id)
        if not record.has_attachment:
            return b""
        return (await self._run_blocking(self._vault.registers.read, record.record_id)).attachment

    def may_view(self, user_id: str) -> bool:
        """Tell whether no ended agreement keeps a user from viewing (guideline 2(8)). By the ledger, not by a file."""
        today = self.today.isoformat()
        ends = [known.until for known in self._told.values() if known.user_id == user_id]
        return not ends or any(not until or until >= today for until in ends)

    async def save(
        self,
        kind: Kind,
        given: Mapping[str, Any],
        by: Actor,
        *,
        record_id: str = "",
        revision: int = 0,
        attachment: bytes | None = None,
    ) -> Record:
        """Make a record, or change one that was at `revision` when somebody began to; returns it as it is now.

        `attachment`: a picture (JPEG); empty removes it, None leaves it. Raises InvalidError
        (`record_changed_meanwhile`, `record_closed_ahead`, and as `parse_fields`), NotFoundError, IntegrityError,
        StorageError.
        """
        fields = parse_fields(kind, given)
        if attachment is not None:
            _check_picture(kind, attachment)
        async with self._lock:
            if record_id:
                before = self.find(record_id)
                if before.kind is not kind:
                    raise NotFoundError("record_not_found")
                if before.revision != revision:
                    raise InvalidError("record_changed_meanwhile", number=before.number)
                if attachment is None:
                    attachment = await self.attachment(record_id)
                changed_us = self._clock.now_us()
                record = replace(before, fields=fields, revision=revision + 1, changed_us=changed_us)
            else:
                record = self._new(kind, fields, self._next_number(kind))
            if kind is Kind.SIGN:
                stated = self.stated if fields["states_present"] else record.stated
                stated = "" if stated == self.stated and not fields["states_present"] else stated
                record = replace(record, stated=stated)
            return await self._keep(record, attachment or b"", by)

    async def save_document(self, make: Callable[[str], tuple[Mapping[str, Any], bytes]], by: Actor) -> Record:
        """Keep a document; `make` returns its fields and what it states, by its number. Raises StorageError."""
        async with self._lock:
            number = self._next_number(Kind.DOCUMENT)
            given, stated = make(number)
            record = self._new(Kind.DOCUMENT, parse_fields(Kind.DOCUMENT, given), number)
            return await self._keep(record, stated, by)

    def _next_number(self, kind: Kind) -> str:
        """Return the number that a register's next record will have."""
        return self._vault.ledger.told.next_number(PREFIX[kind], self.today.year)

    def _new(self, kind: Kind, fields: Mapping[str, Any], number: str) -> Record:
        now_us = self._clock.now_us()
        return Record(
            record_id=ClipId(uuid.uuid4().hex),
            kind=kind,
            number=number,
            revision=1,
            created_us=now_us,
            changed_us=now_us,
            fields=fields,
        )

    async def _keep(self, record: Record, attachment: bytes, by: Actor) -> Record:
        if record.closed_on is not None and record.closed_on > self.today:
            raise InvalidError("record_closed_ahead")
        record = replace(record, attachment=attachment, has_attachment=bool(attachment))
        duty = duty_of(record, stated=self.stated)
        due = duty.due.isoformat() if duty and duty.due and duty.due != date.max else ""
        await self._run_blocking(self._vault.registers.save, record, due, by.facts, record.changed_us)
        self.records[record.record_id] = record.bare()
        self._changes += 1
        self._on_news()
        return record.bare()

    async def erase(self, record_id: str, reason: str, by: Actor) -> None:
        """Erase a record by its key, one that can't be read too.

        Raises NotFoundError, StorageError, InvalidError `record_bars_viewer`.
        """
        async with self._lock:
            if record_id not in self._told:
                raise NotFoundError("record_not_found")
            if self._bars(record_id):
                raise InvalidError("record_bars_viewer")
            await self._erase([ClipId(record_id)], reason, by)
        self._on_news()

    async def sweep(self) -> None:
        """Erase the records whose time is over, once a day, by a clock that is believed. Raises StorageError.

        By the ledger: those that can't be read are erased as well.
        """
        today = self.today
        if today == self._swept_on or not self._clock_believed():
            return
        before_us = self._clock.now_us() - self._settings.register_years * DAYS_A_YEAR * US_PER_DAY
        oldest = datetime.fromtimestamp(max(before_us, 0) / US_PER_SECOND, UTC).date()
        async with self._lock:
            over = [
                ClipId(record_id)
                for record_id, known in self._told.items()
                if (closed_on := day_of(known.closed)) is not None and closed_on < oldest and not self._bars(record_id)
            ]
            if over:
                await self._erase(over, "expired", NOBODY)
            self._swept_on = today
        self._on_news()

    async def reload(self) -> None:
        """Read all again, as after keys came back. Raises StorageError."""
        async with self._lock:
            loaded = await self._run_blocking(lambda: self._vault.registers.load(tidy=False))
            self.records, self.unreadable = loaded.records, loaded.unreadable
            self._changes += 1
        self._on_news()

    def duties(self, cameras: Iterable[str]) -> list[Duty]:
        """Return what is to be done, the most urgent first: what has no date, then by the day."""
        if self._asked[0] != self._changes:
            asked = (duty_of(record, stated=self.stated) for record in self.records.values())
            self._asked = self._changes, [duty for duty in asked if duty is not None]
        duties = list(self._asked[1])
        begun_us = self._vault.ledger.told.begun_us or self._clock.now_us()
        duties += household_duties(
            self.records.values(),
            cameras=cameras,
            viewers=sorted(self._settings.viewers),
            begun=local_moment(begun_us, self._settings.time_zone).date(),
        )
        return sorted(duties, key=lambda duty: (duty.due or date.min, duty.clause, duty.number))

    @property
    def _told(self) -> dict[str, ToldRecord]:
        return self._vault.ledger.told.records

    def _bars(self, record_id: str) -> bool:
        """Whether a contractor's record is what keeps somebody, who is still named a viewer, from viewing."""
        return self._told[record_id].user_id in self._settings.viewers

    async def _erase(self, record_ids: list[ClipId], reason: str, by: Actor) -> None:
        kept = await self._run_blocking(self._vault.registers.erase, record_ids, reason, by.facts, self._clock.now_us())
        for record_id in record_ids:
            self.records.pop(record_id, None)
            self.unreadable.pop(record_id, None)
        self._changes += 1
        if kept:
            _LOGGER.warning("The keys of %s records could not be destroyed: the next start does it", len(kept))


def _check_picture(kind: Kind, picture: bytes) -> None:
    if picture and (kind not in PICTURED or not picture.startswith(_JPEG)):
        raise InvalidError("record_picture_unreadable")
    if len(picture) > ATTACHMENT_MAX_BYTES:
        raise InvalidError("record_picture_too_large", megabytes=str(ATTACHMENT_MAX_BYTES >> 20))
