"""What of a ledger is believed at a start, before anything is done that it says (docs/adr/0011).

An entry is believed when the chain leads from it, unbroken, to one that the signing key in use has signed: whoever
appended that one had read all before. Directly behind it, clips that were erased while the root key was away are
believed when the erasing key signed that. Everything else has no effect: what stands at the end is set aside, what is
damaged in the middle is told.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ...domain.errors import IntegrityError
from ...domain.ledger import WITHOUT_ROOT, Dropped, Entry, Event
from .checkpoint import Checkpoint
from .signatures import verifies
from .told import Told

_CANDIDATES = 256
"""Entries at the end of a chain among which a signature is looked for; before them, one by one, the file is read."""

type Lines = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What is believed of a ledger."""

    told: Told
    end: int
    """Where the last believed entry ends, bytes: in the open segment if there was a checkpoint, else in all lines."""
    unsigned: int
    """Lines behind it: nobody whom we believe has written them."""
    damaged_seq: int
    """Number of the first entry that doesn't fit although believed ones follow; 0: there is none."""
    set_aside: int
    """Lines that were set aside while the root key was away, as the erasing key has signed: nobody was told yet."""
    blanked: bool
    """Whether an entry has lost its body otherwise than by what a signed one says."""

    @property
    def whole(self) -> bool:
        """Whether every line is believed."""
        return not self.unsigned and not self.damaged_seq and not self.blanked


@dataclass(slots=True)
class _Chain:
    """Entries that follow one from the other, unbroken."""

    begin: int
    end: int
    first_seq: int
    candidates: deque[tuple[Entry, int]] = field(default_factory=lambda: deque(maxlen=_CANDIDATES))
    """The last ones, each with where it ends."""
    believed_to: int = 0
    """Where the last believed one ends; 0: none is."""


def believe(lines: Lines, public_key: str, *, on_trust: bool, base: Checkpoint | None = None) -> Belief:
    """Read a ledger. `public_key`: the signing key in use, base64. Raises OSError.

    `base`: what is known of the lines before these: it goes on in what this returns.

    `on_trust`: nothing shows that this key ever signed, as after a restored backup: the key that the ledger names last
    vouches then. Who calls has to tell that.
    """
    chains, named = _chains(lines, base.last if base else None)
    for key in (public_key, named) if on_trust and named else (public_key,):
        for chain in chains:
            chain.believed_to = _believed_to(chain, key, lines)
        if any(chain.believed_to for chain in chains):
            break
    told, end, behind = base.told if base else Told(), 0, 0
    dropped = Dropped()
    set_aside = 0
    damaged_seq = base.damaged_seq if base else 0
    remaining = deque(chains)
    seq = base.seq if base else 0
    for entry, begin, to in _entries(lines):
        while remaining and remaining[0].end <= begin:
            remaining.popleft()
        here = remaining[0] if remaining and remaining[0].begin <= begin else None
        away = entry is not None and here is not None and begin == max(here.believed_to, here.begin)
        if here is None or entry is None:
            behind += 1
        elif to <= here.believed_to or (away and _by_erasing_key(entry, told.erasing_key)):
            here.believed_to = max(here.believed_to, to)
            if behind and not damaged_seq:
                damaged_seq = seq + 1
            if away and entry.body:
                set_aside += int(entry.body.get("set_aside") or 0)
            told.take(entry)
            dropped.take(entry)
            end, behind, seq = to, 0, entry.seq
        else:
            behind += 1
    return Belief(
        told=told,
        end=end,
        unsigned=behind,
        damaged_seq=damaged_seq,
        set_aside=set_aside,
        blanked=bool(dropped.missing()) or bool(base and base.blanked),
    )


def _entries(lines: Lines) -> Iterator[tuple[Entry | None, int, int]]:
    """Yield (entry, or None for a line that is none; where it begins; where it ends)."""
    at = 0
    for line in lines():
        begin, at = at, at + len(line)
        try:
            entry = Entry.from_line(line)
            yield entry if entry.written_as(line) else None, begin, at
        except IntegrityError:
            yield None, begin, at


def _chains(lines: Lines, previous: Entry | None) -> tuple[list[_Chain], str]:
    """Return the unbroken chains, and the signing key that their entries name last. `previous`: what is before.

    What a chain behind a damaged entry begins with isn't in it: nobody can tell whether its body is its own.
    """
    chains: list[_Chain] = []
    present: _Chain | None = None
    named = ""
    begun = False
    for entry, begin, to in _entries(lines):
        follows = entry is not None and (previous is not None or not begun) and entry.follows(previous)
        begun = True
        previous = entry
        if not follows or entry is None:
            present = None
            continue
        if present is None:
            present = _Chain(begin, to, entry.seq)
            chains.append(present)
        present.end = to
        present.candidates.append((entry, to))
        if entry.event == Event.KEY_CHANGED and entry.body:
            named = str(entry.body.get("public_key", "")) or named
    return chains, named


def _believed_to(chain: _Chain, key: str, lines: Lines) -> int:
    """Return where the last entry of a chain ends that this key has signed, 0: none."""
    for entry, to in reversed(chain.candidates):
        if verifies(entry, key):
            return to
    if len(chain.candidates) < _CANDIDATES:
        return 0
    inside = ((entry, to) for entry, _, to in _entries(lines) if entry is not None and chain.begin < to <= chain.end)
    return max((to for entry, to in inside if verifies(entry, key)), default=0)


def _by_erasing_key(entry: Entry, erasing_key: str) -> bool:
    return entry.event in WITHOUT_ROOT and bool(erasing_key) and verifies(entry, erasing_key)
