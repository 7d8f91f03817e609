"""What is wrong with a picture that no mask can tell: the lens is covered, blinded or out of focus, or it is frozen."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from .small import Area, Grey

BLINDED = 0.6
"""Of what isn't hidden: so much is as bright as can be."""
COVERED, BEFORE = 0.1, 0.5
"""Of the confirmed view's edges: fewer are left than the first, from more than the second within SUDDEN_S."""
BLURRED = 0.45
"""Of the confirmed view's sharpness."""
SUDDEN_S = 150.0
BLURRED_S = 600.0
FROZEN_S = 300.0
LEAST_LOOKS = 3
"""In a row: one look may fall on whatever."""
_BRIGHT = 233
_STRONGEST = 99.0
_FAR_PX = 16
_LEAST_CONTRAST = 8.0


class Fault(StrEnum):
    """What is told."""

    NONE = ""
    COVERED = "covered"
    BLINDED = "blinded"
    OUT_OF_FOCUS = "out_of_focus"
    FROZEN = "frozen"


@dataclass(slots=True)
class _Lasting:
    """Something that is seen look after look."""

    since: float = 0.0
    looks: int = 0

    def see(self, there: bool, now: float, least_s: float = 0.0) -> bool:
        """Return whether it has lasted."""
        if not there:
            self.looks = 0
            return False
        if not self.looks:
            self.since = now
        self.looks += 1
        return self.looks >= LEAST_LOOKS and now - self.since >= least_s


class Lens:
    """Judges one look after another. Belongs to one thread."""

    def __init__(self, reference: Grey, out: Area, clock: Callable[[], float] = time.monotonic) -> None:
        """`reference`, `out`: as View has them. `clock`: s."""
        self._clock = clock
        self._out = out
        self._sharp = sharpness(reference, out)
        self._clear_at: float | None = None
        """When there was much to see last."""
        self._is_covered = False
        self._covered, self._blinded, self._blurred = _Lasting(), _Lasting(), _Lasting()
        self._digest = b""
        self._same_since = 0.0

    def see(self, grey: Grey, edges: float) -> Fault:
        """Return what is wrong. `edges`: how much there is to see, of the confirmed view's (Placement.edges)."""
        now = self._clock()
        shown = grey[~self._out]
        blinded = self._blinded.see(bool(shown.size) and float((shown >= _BRIGHT).mean()) > BLINDED, now)
        blurred = self._blurred.see(
            edges >= BEFORE and sharpness(grey, self._out) < BLURRED * self._sharp, now, BLURRED_S
        )
        frozen = self._frozen(grey, now)
        if edges >= BEFORE:
            self._clear_at, self._is_covered = now, False
        sudden = self._clear_at is not None and now - self._clear_at < SUDDEN_S
        # Dusk takes longer than that; once it is covered it stays so until there is something to see again.
        self._is_covered |= self._covered.see(edges < COVERED and sudden, now)
        if blinded:
            return Fault.BLINDED
        if self._is_covered:
            return Fault.COVERED
        if frozen:
            return Fault.FROZEN
        return Fault.OUT_OF_FOCUS if blurred else Fault.NONE

    def _frozen(self, grey: Grey, now: float) -> bool:
        digest = hashlib.blake2b(grey.tobytes(), digest_size=16).digest()
        if digest != self._digest:
            self._digest, self._same_since = digest, now
        return now - self._same_since >= FROZEN_S


def sharpness(grey: Grey, out: Area) -> float:
    """Return how steep a picture's strongest edges are, of the contrast around them: 1, from one pixel to the next."""
    steep, contrast = (float(np.percentile(_steps(grey, out, far), _STRONGEST)) for far in (1, _FAR_PX))
    return steep / max(contrast, _LEAST_CONTRAST)


def _steps(grey: Grey, out: Area, far: int) -> npt.NDArray[np.float32]:
    """Return the differences of pixels so far from each other, where both are shown."""
    across = np.abs(grey[:, far:] - grey[:, :-far])[~(out[:, far:] | out[:, :-far])]
    down = np.abs(grey[far:] - grey[:-far])[~(out[far:] | out[:-far])]
    both = np.concatenate((across, down))
    return both if both.size else np.zeros(1, np.float32)
