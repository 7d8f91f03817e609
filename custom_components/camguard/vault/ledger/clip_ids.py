"""A set of clip ids that may hold millions: what was added lately as it is, what is older packed, 16 bytes each."""

from collections.abc import Collection, Iterator

ID_BYTES = 16
_FEW = 64
"""Fewer than that are looked up one by one; for more, everything is gone through once."""


class ClipIds:
    """Ids as the ledger tells them; what is no clip id (32 lower-case hex digits) is left out."""

    def __init__(self) -> None:
        self._new: set[bytes] = set()
        self._packs: list[bytes] = []

    def add(self, text: str) -> None:
        """Take in an id."""
        raw = _raw(text)
        if raw is not None:
            self._new.add(raw)

    def __contains__(self, text: object) -> bool:
        """Tell whether an id is in."""
        raw = _raw(text) if isinstance(text, str) else None
        return raw is not None and (raw in self._new or any(_holds(pack, raw) for pack in reversed(self._packs)))

    def __iter__(self) -> Iterator[str]:
        """Yield all ids; one may come twice, when it was added again after packing."""
        for raw in self._new:
            yield raw.hex()
        for pack in self._packs:
            yield from (raw.hex() for raw in _split(pack))

    def among[T: str](self, ids: Collection[T]) -> set[T]:
        """Return those of some ids that are in."""
        if len(ids) < _FEW:
            return {text for text in ids if text in self}
        known = {raw: text for text in ids if (raw := _raw(text)) is not None}
        found = {known[raw] for raw in self._new if raw in known}
        for pack in self._packs:
            found.update(known[raw] for raw in _split(pack) if raw in known)
        return found

    def pack(self) -> tuple[bytes, ...]:
        """Pack what was added lately; returns all packs: few, since each is more than twice as large as the next."""
        if self._new:
            self.add_pack(b"".join(sorted(self._new)))
            self._new = set()
        while len(self._packs) > 1 and len(self._packs[-2]) <= 2 * len(self._packs[-1]):
            last, before = self._packs.pop(), self._packs.pop()
            self._packs.append(b"".join(sorted({*_split(before), *_split(last)})))
        return tuple(self._packs)

    def add_pack(self, pack: bytes) -> None:
        """Take in one of what `pack` has returned."""
        self._packs.append(pack)


def _raw(text: str) -> bytes | None:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if len(raw) == ID_BYTES and raw.hex() == text else None


def _split(pack: bytes) -> Iterator[bytes]:
    return (pack[at : at + ID_BYTES] for at in range(0, len(pack), ID_BYTES))


def _holds(pack: bytes, raw: bytes) -> bool:
    low, high = 0, len(pack) // ID_BYTES
    while low < high:
        middle = (low + high) // 2
        found = pack[middle * ID_BYTES : (middle + 1) * ID_BYTES]
        if found == raw:
            return True
        low, high = (middle + 1, high) if found < raw else (low, middle)
    return False
