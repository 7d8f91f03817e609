"""What waits in the registers while the root key is away: the ledger tells of each record's due day, and of no name."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from ...domain.registers.duties import NEAR_DAYS
from ...domain.registers.record import day_of
from ...vault.ledger.anchors import head_key
from ...vault.ledger.belief import believe
from ...vault.ledger.checkpoint import Checkpoints
from ...vault.ledger.segments import Segments, lines_of
from ...vault.paths import Paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many records ask for something within a month, and for how many of them the day is over."""

    waiting: int
    late: int


def waiting_records(paths: Paths, today: date) -> Waiting:
    """Return it by what the ledger tells, which is only read. Blocking; nothing waits where it can't be read."""
    segments, signer = Segments(paths.ledger), head_key(paths)
    try:
        base = Checkpoints(paths.checkpoints, signer).load(segments)
        lines = segments.lines if base is None else partial(lines_of, segments.open_path)
        told = believe(lines, signer, on_trust=not signer, base=base).told
    except OSError:
        return Waiting(waiting=0, late=0)
    due = [day for known in told.records.values() if not known.closed and (day := day_of(known.due)) is not None]
    near = sum(day <= today + timedelta(days=NEAR_DAYS) for day in due)
    return Waiting(waiting=near, late=sum(day < today for day in due))
