"""Which encoder is used: the best that passed its trial, until it fails on real pictures."""

import logging
from fractions import Fraction

from .aspect import SQUARE

_SQUARE_ONLY = frozenset({"h264_v4l2m2m"})
"""Encoders that can't say how wide a pixel is."""

_LOGGER = logging.getLogger(__name__)


class Encoders:
    """The encoders that are left, best first, for all who encode."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are left."""
        return self._names

    def best(self, aspect: Fraction = SQUARE) -> str | None:
        """Return the one for pictures with pixels of this shape; None: there is none at all."""
        fit = [name for name in self._names if aspect == SQUARE or name not in _SQUARE_ONLY]
        return next(iter(fit or self._names), None)

    def fails(self, description: str, error: Exception) -> bool:
        """Use the one of this description no more: hardware may pass its trial and fail later.

        Tells whether another is left; the last one stays.
        """
        name = description.partition(" ")[0]
        others = tuple(left for left in self._names if left != name)
        if name in self._names and others:
            _LOGGER.warning("The encoder %s failed and isn't used any more: %s", name, error)
            self._names = others
        return bool(others)
