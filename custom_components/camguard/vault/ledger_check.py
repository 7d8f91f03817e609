"""Checking the whole ledger: its chain, its signatures, and that it still holds every anchor. Changes nothing."""

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ..domain.errors import IntegrityError
from ..domain.ledger import GENESIS, Anchor, Entry, Event
from .anchors import Anchors
from .keys import public_key_text
from .ledger_file import LedgerFile

_STEP = 2000
"""Entries between two signs of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that isn't as it was written: `key` names a sentence (translations, `exceptions`)."""

    key: str
    seq: int = 0
    clip_id: str = ""
    detail: str = ""

    @property
    def text(self) -> str:
        """The problem in one word or two, for the ledger."""
        return " ".join(filter(None, (self.key, self.clip_id or (str(self.seq) if self.seq else ""), self.detail)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCheck:
    """What a check found. `entries` and `head`: as far as the chain is whole."""

    entries: int
    head: str
    problems: tuple[Problem, ...]
    told: tuple[str, ...]
    """The problems that the last anomaly entry tells already, as `Problem.text`."""
    recorded: dict[str, str]
    """SHA-256 by clip id, as the ledger tells it of each recorded clip."""
    public_keys: frozenset[str]
    """All signing keys that the ledger names, base64."""
    begun_us: int
    """Time of the first entry, 0 when there is none."""
    self_checked_us: int
    """Time of the last self-check, 0 when there was none."""


def check_ledger(
    ledger: LedgerFile, anchors: Anchors, public_key: Ed25519PublicKey, progress: Callable[[int], None] = lambda _: None
) -> LedgerCheck:
    """Check everything up to the newest entry. `progress` hears how many entries are done.

    An entry is believed when it follows from the one before; the last entry of each signing key must be signed by it,
    which vouches for all before. The last key must be the one in use (`public_key`).
    """
    problems: list[Problem] = []
    end = ledger.seq
    expected = {anchor.seq: anchor for anchor in anchors.found}
    mirrored = anchors.mirrored()
    mirror = next(mirrored, None)
    mirror_differs = False
    recorded: dict[str, str] = {}
    keys: list[str] = []
    told: tuple[str, ...] = ()
    begun_us = self_checked_us = 0
    last_signed: Entry | None = None
    previous: Entry | None = None
    try:
        for entry in ledger.entries():
            if not entry.follows(previous):
                problems.append(Problem(key="ledger_altered", seq=(previous.seq if previous else 0) + 1))
                break
            if entry.event == Event.KEY_CHANGED and entry.body:
                if keys and last_signed is not None:
                    problems += _signature_problems(last_signed, keys[-1])
                keys.append(str(entry.body.get("public_key", "")))
            if entry.sig is not None:
                last_signed = entry
            if (anchor := expected.pop(entry.seq, None)) is not None and anchor.head != entry.head:
                problems.append(Problem(key="ledger_rolled_back", seq=entry.seq, detail=anchor.where))
            while mirror is not None and mirror.seq <= entry.seq:
                if mirror.seq == entry.seq and mirror.head != entry.head and not mirror_differs:
                    mirror_differs = True
                    problems.append(Problem(key="ledger_rolled_back", seq=entry.seq, detail="storage"))
                mirror = next(mirrored, None)
            if entry.event == Event.RECORDED and entry.body:
                recorded[str(entry.body.get("clip_id"))] = str(entry.body.get("sha256"))
            elif entry.event == Event.ANOMALY and entry.body:
                told = tuple(str(text) for text in entry.body.get("problems", ()))
            elif entry.event == Event.SELF_CHECK:
                self_checked_us = entry.time_us
            begun_us = begun_us or entry.time_us
            previous = entry
            if entry.seq % _STEP == 0:
                progress(entry.seq)
    except IntegrityError:
        problems.append(Problem(key="ledger_altered", seq=(previous.seq if previous else 0) + 1))
    if not any(problem.key == "ledger_altered" for problem in problems):
        problems += _missing(expected.values(), previous.seq if previous else 0, end)
        problems += _end_problems(previous, last_signed, keys, public_key_text(public_key))
    return LedgerCheck(
        entries=previous.seq if previous else 0,
        head=previous.head if previous else GENESIS,
        problems=tuple(dict.fromkeys(problems)),
        told=told,
        recorded=recorded,
        public_keys=frozenset(keys),
        begun_us=begun_us,
        self_checked_us=self_checked_us,
    )


def _missing(anchors: Iterable[Anchor], reached: int, end: int) -> Iterator[Problem]:
    """Anchors behind the ledger's end, or entries that were there a moment ago: it was cut short."""
    for anchor in anchors:
        yield Problem(key="ledger_rolled_back", seq=anchor.seq, detail=anchor.where)
    if reached < end:
        yield Problem(key="ledger_rolled_back", seq=end, detail="memory")


def _end_problems(last: Entry | None, signed: Entry | None, keys: list[str], key: str) -> Iterator[Problem]:
    if last is None:
        return
    if not keys or keys[-1] != key:
        yield Problem(key="ledger_key_unknown", seq=last.seq)
    elif last.sig is None:
        yield Problem(key="ledger_unsigned", seq=last.seq)
    elif signed is not None:
        yield from _signature_problems(signed, keys[-1])


def _signature_problems(entry: Entry, public_key: str) -> Iterator[Problem]:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(entry.sig or "", validate=True), entry.signed_text)
    except ValueError, InvalidSignature:
        yield Problem(key="ledger_signature_bad", seq=entry.seq)
