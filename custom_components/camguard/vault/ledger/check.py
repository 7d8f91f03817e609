"""Checking the whole ledger: its chain, its signatures, and that it still holds every anchor. Changes nothing.

Reads one line at a time: a hundred thousand entries need no more memory than ten.
"""

import time
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...domain.errors import IntegrityError
from ...domain.ledger import GENESIS, WITHOUT_ROOT, Anchor, Dropped, Entry, Event, Problem, Witness
from ..keys.keyring import public_key_text
from .anchors import Anchors
from .ledger_file import LedgerFile
from .signatures import signed, verifies

_STEP = 500
"""Entries between two signs of progress."""
_REST_SECONDS = 0.001
"""Python runs one thread at a time: resting now and then lets the event loop in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCheck:
    """What a check found. `entries` and `head`: as far as the chain is whole."""

    entries: int
    head: str
    problems: tuple[Problem, ...]
    anchored: bool
    """Whether the head that was noted beside the keys was met, or there is none."""
    told: frozenset[str]
    """Problems that anomaly entries tell already, as `Problem.text`, since a self-check last found nothing."""
    recorded: dict[str, str]
    """SHA-256 by clip id, as the ledger tells it of the clips that were asked for."""
    public_keys: frozenset[str]
    """All signing keys that the ledger names, base64."""
    begun_us: int
    """Time of the first entry, 0 when there is none."""
    accepted_us: int
    """Time up to which the ledger may lack entries: a roll-back was told and accepted then. 0: never."""
    self_checked_us: int
    """Time of the last self-check, 0 when there was none."""


def check_ledger(
    ledger: LedgerFile,
    anchors: Anchors,
    public_key: Ed25519PublicKey,
    *,
    clip_ids: Container[str] = (),
    every_signature: bool = False,
    witnesses: Iterable[Witness] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> LedgerCheck:
    """Check everything up to the newest entry. `progress` hears now and then how many entries are done.

    An entry is believed when it follows from the one before; the last entry of each signing key must be signed by it,
    which vouches for all before. `every_signature` verifies all others too (about 80 µs each on a
    server's processor). The last key must be the one in use (`public_key`). `clip_ids`: clips whose hashes are wanted.
    `witnesses`: heads that the ledger must hold, wherever they were found. Raises OSError.
    """
    check = _Chain(ledger, anchors, tuple(witnesses), every_signature=every_signature)
    recorded: dict[str, str] = {}
    told: set[str] = set()
    begun_us = accepted_us = self_checked_us = 0
    for entry in check.entries():
        if entry.event == Event.RECORDED and entry.body and not check.broken:
            if (clip_id := str(entry.body.get("clip_id"))) in clip_ids:
                recorded[clip_id] = str(entry.body.get("sha256"))
        elif entry.event == Event.ANOMALY and entry.body:
            texts = entry.body.get("problems")
            texts = [str(text) for text in texts] if isinstance(texts, list) else []
            told.update(texts)
            if any(text.startswith("ledger_rolled_back") for text in texts):
                accepted_us = entry.time_us
        elif entry.event == Event.SELF_CHECK:
            self_checked_us = entry.time_us
            if entry.body and entry.body.get("ok") is True:
                told.clear()
        begun_us = begun_us or entry.time_us
        if entry.seq % _STEP == 0:
            progress(entry.seq)
            time.sleep(_REST_SECONDS)
    check.end(public_key_text(public_key))
    check.hear_witnesses(public_key_text(public_key), accepted_us)
    last = check.previous
    return LedgerCheck(
        entries=last.seq if last else 0,
        head=last.head if last else GENESIS,
        problems=tuple(dict.fromkeys(check.problems)),
        anchored=check.anchored,
        told=frozenset(told),
        recorded=recorded,
        public_keys=frozenset(check.keys),
        begun_us=begun_us,
        accepted_us=accepted_us,
        self_checked_us=self_checked_us,
    )


class _Chain:
    """Follows the ledger from its first entry on, beside the mirror, and collects what doesn't fit."""

    def __init__(
        self, ledger: LedgerFile, anchors: Anchors, witnesses: tuple[Witness, ...], *, every_signature: bool
    ) -> None:
        self._witnesses = witnesses
        self._heads: dict[int, str] = dict.fromkeys((witness.anchor.seq for witness in witnesses), "")
        """What the ledger holds where a witness has noted something."""
        self.problems: list[Problem] = []
        self.keys: list[str] = []
        self.previous: Entry | None = None
        self.anchored = anchors.noted is None
        self._ledger = ledger
        self._every_signature = every_signature
        self._noted = anchors.noted
        last = ledger.last
        self._memory = Anchor(seq=last.seq, head=last.head, where="memory") if last else None
        self._gone = anchors.gone or (("storage",) if anchors.mirror_gone else ())
        self._mirrored = anchors.mirrored()
        self._mirror = next(self._mirrored, None)
        self._mirror_differs = False
        self._unsigned = False
        self._signed: Entry | None = None
        """The last signed entry since the key in use was named."""
        self._named_at = 0
        self._erasing_key = ""
        self._dropped = Dropped()
        self.broken = False
        """Whether the chain isn't whole: nothing after `previous` is believed."""

    def entries(self) -> Iterator[Entry]:
        """Yield the entries; once `broken`, those that can still be read, for what they say of earlier checks."""
        for line in self._ledger.lines():
            try:
                entry = Entry.from_line(line)
            except IntegrityError:
                self._break()
                continue
            if not self.broken and not (entry.follows(self.previous) and entry.written_as(line)):
                self._break()
            if self.broken:
                yield entry
                continue
            self._check_signatures(entry)
            self._check_anchors(entry)
            self._dropped.take(entry)
            if entry.seq in self._heads:
                self._heads[entry.seq] = entry.head
            self.previous = entry
            yield entry

    def end(self, public_key: str) -> None:
        """Say what is wrong with the end; nothing can be known of it when the chain is broken."""
        if self.broken:
            return
        for anchor in (self._noted, self._memory):
            if anchor is not None and anchor.seq > self._reached:
                self._rolled_back(anchor)
        mirror = self._mirror
        for mirror in self._mirrored:  # noqa: B007 - the last one is wanted
            pass
        # What was appended after the last line was read is in the mirror too.
        if mirror is not None and mirror.seq > max(self._reached, self._ledger.seq):
            self._rolled_back(mirror)
        self.problems += [Problem(key="ledger_anchor_missing", seq=self._reached, detail=where) for where in self._gone]
        if missing := self._dropped.missing():
            self.problems.append(Problem(key="ledger_body_missing", seq=missing[0], detail=str(len(missing))))
        last = self.previous
        if last is None:
            return
        if not self.keys or self.keys[-1] != public_key:
            self.problems.append(Problem(key="ledger_key_unknown", seq=last.seq))
        elif not self._every_signature:
            self._verify(self._signed)

    def hear_witnesses(self, public_key: str, accepted_us: int) -> None:
        """Say which witnesses name a head that the ledger doesn't hold. What nobody of ours has signed is none."""
        for witness in self._witnesses:
            anchor = witness.anchor
            if self.broken or witness.time_us <= accepted_us or self._heads[anchor.seq] == anchor.head:
                continue
            if witness.signed_text is None or any(
                signed(witness.signed_text, witness.signature, key) for key in {public_key, *self.keys}
            ):
                self._rolled_back(anchor)

    def _break(self) -> None:
        if not self.broken:
            self.problems.append(Problem(key="ledger_altered", seq=self._reached + 1))
            self.broken = True

    @property
    def _reached(self) -> int:
        return self.previous.seq if self.previous else 0

    def _check_signatures(self, entry: Entry) -> None:
        names_key = entry.event == Event.KEY_CHANGED and entry.body is not None
        if entry.sig is None and not self._unsigned:
            self._unsigned = True
            self.problems.append(Problem(key="ledger_unsigned", seq=entry.seq))
        if names_key and entry.body is not None:
            if not self._every_signature:
                self._verify(self._signed)
            key = str(entry.body.get("public_key", ""))
            if key in self.keys and key != self.keys[-1]:
                # A key that was replaced is lost: it can't be in use again. Somebody else had named the one between.
                self.problems.append(Problem(key="ledger_key_unknown", seq=self._named_at))
            self.keys.append(key)
            self._erasing_key = str(entry.body.get("erasing_key", "")) or self._erasing_key
            self._named_at, self._signed = entry.seq, None
        if entry.sig is not None and self.keys:
            self._signed = entry
            if self._every_signature:
                self._verify(entry)

    def _check_anchors(self, entry: Entry) -> None:
        for anchor in (self._noted, self._memory):
            if anchor is not None and anchor.seq == entry.seq:
                if anchor.head != entry.head:
                    self._rolled_back(anchor)
                elif anchor is self._noted:
                    self.anchored = True
        while self._mirror is not None and self._mirror.seq <= entry.seq:
            if self._mirror.seq == entry.seq and self._mirror.head != entry.head and not self._mirror_differs:
                self._mirror_differs = True
                self._rolled_back(self._mirror)
            self._mirror = next(self._mirrored, None)

    def _rolled_back(self, anchor: Anchor) -> None:
        self.problems.append(Problem(key="ledger_rolled_back", seq=anchor.seq, detail=anchor.where))

    def _verify(self, entry: Entry | None) -> None:
        if entry is None:
            return
        keys = [self.keys[-1]]
        if entry.event in WITHOUT_ROOT and self._erasing_key:
            keys.append(self._erasing_key)
        if not any(verifies(entry, key) for key in keys):
            self.problems.append(Problem(key="ledger_signature_bad", seq=entry.seq))
