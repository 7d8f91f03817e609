"""What changed, as things: where they are, how high, and whether they stay for some pictures."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .small import Area

CELL = 6
"""Pixels of the small picture: changed pixels in cells that touch belong to one thing."""
NEAR = 6
"""Pixels, behind its own size: from one look to the next a thing moves no further."""

type Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """One thing, in pixels of the small picture."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How high it is."""
        return self.bottom - self.top

    def may_be(self, other: Blob) -> bool:
        """Tell whether the other may be the same thing a moment earlier: at nearly the same place, and as large."""
        return (
            self.top <= other.bottom + NEAR
            and other.top <= self.bottom + NEAR
            and self.left <= other.right + NEAR
            and other.left <= self.right + NEAR
            and self.height <= 2 * other.height
            and other.height <= 2 * self.height
        )


def blobs(changed: Area) -> list[Blob]:
    """Return the things that changed pixels make up."""
    rows, columns = np.nonzero(changed)
    cells: dict[Cell, list[int]] = {}
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        box = cells.setdefault((row // CELL, column // CELL), [row, column, row, column])
        box[1] = min(box[1], column)
        box[2] = row
        box[3] = max(box[3], column)
    return [
        Blob(
            top=min(box[0] for box in boxes),
            left=min(box[1] for box in boxes),
            bottom=max(box[2] for box in boxes) + 1,
            right=max(box[3] for box in boxes) + 1,
        )
        for boxes in _touching(cells)
    ]


def _touching(cells: dict[Cell, list[int]]) -> Iterator[list[list[int]]]:
    while cells:
        start, box = cells.popitem()
        boxes, border = [box], [start]
        while border:
            row, column = border.pop()
            for near in ((row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)):
                if (found := cells.pop(near, None)) is not None:
                    boxes.append(found)
                    border.append(near)
        yield boxes


class Trail:
    """Follows things over the pictures of some seconds: what is seen once or twice is rain, or an insect."""

    def __init__(self, least_height: float) -> None:
        """`least_height`: pixels of the small picture; what is lower isn't followed."""
        self._least = least_height
        self._followed: list[tuple[Blob, int]] = []
        self.longest = 0
        """In so many pictures one thing was seen, one after the other."""

    def add(self, seen: list[Blob]) -> None:
        """Take in the things of the next picture."""
        before, self._followed = self._followed, []
        for blob in seen:
            if blob.height < self._least:
                continue
            length = 1 + max((length for other, length in before if blob.may_be(other)), default=0)
            self._followed.append((blob, length))
            self.longest = max(self.longest, length)
