"""Whether something has moved between two masked pictures of a camera that stands still.

What the light does to a whole region (a lamp, a cloud, the exposure) is reckoned out: each block is fitted to what it
was. What remains is measured against the noise of each place, which is learned.
"""

import numpy as np
import numpy.typing as npt

from .small import Area, Grey

BLOCK = 16
"""Pixels of a block's side, in which light is taken as even."""
FLOOR = 7.0
"""Grey levels: a difference below that is none, however little noise there is."""
TIMES_NOISE = 6.0
"""Differences above so many times the usual one at a place are none of noise."""
_LEARN, _LEARN_FIRST = 0.08, 0.2
_FIRST = 6
_NOISE_SHARE = 0.75
"""Of the usual noise everywhere: what was learned to be below that at a place was chance."""
_NOISE_LEAST, _NOISE_MOST = 0.6, 25.0
_GAIN_LEAST, _GAIN_MOST = 0.4, 2.5
_CLIPPED = 4.0
"""Grey levels from the brightest and the darkest."""
_BRIGHT = 35.0
"""Grey levels below the brightest: the nearer to that, the less a difference says of what is there."""
_BRIGHT_LEAST = 190.0
_EASY = np.float32(25.0)
"""Variance that is added where there is nothing to measure a gain by."""
_WINDOW = 5
"""Hot pixels are counted in a square of this side."""
_HOT = 5
"""Of them, so many are something."""


class Motion:
    """Compares small pictures with the last one that was `seen`. Belongs to one thread."""

    def __init__(self, sensitivity: float = 0.5) -> None:
        """`sensitivity`: 0 to 1; each half of it halves the difference that is enough."""
        self.sensitivity = sensitivity
        self._before: Grey | None = None
        self._noise: Grey | None = None
        self._between: Grey | None = None
        """As the noise, of pictures between two that are seen: they are encoded otherwise than keyframes."""
        self._light: _Light | None = None
        self._pictures = 0

    def see(self, grey: Grey, out: Area) -> Area | None:
        """Return which pixels have changed since the last picture, and go on from this one; None for the first.

        `out`: what isn't looked at, True there; of the same size.
        """
        before, self._before = self._before, grey
        if before is None or before.shape != grey.shape or self._light is None or self._light.out is not out:
            self._light = _Light(out)
            self._noise = self._between = None
            self._pictures = 0
            return None
        difference = self._light.difference(before, grey)
        changed = self._changed(difference)
        self._pictures += 1
        _learn(self._noise, difference, _LEARN_FIRST if self._pictures < _FIRST else _LEARN)
        return changed

    def compare(self, before: Grey, after: Grey) -> Area:
        """Return what has changed from one picture to another; both as large as those that are seen."""
        assert self._light is not None, "nothing was seen"
        return self._changed(self._light.difference(before, after))

    def glimpse(self, grey: Grey, before: Grey, after: Grey) -> Area:
        """Return what a picture between two others has, and neither of them."""
        assert self._light is not None, "nothing was seen"
        difference = self._light.difference(before, grey)
        np.minimum(difference, self._light.difference(after, grey), out=difference)
        if self._between is None:
            self._between = difference.clip(_NOISE_LEAST, _NOISE_MOST)
        changed = self._changed(difference, self._between)
        _learn(self._between, difference, _LEARN)
        return changed

    def forget(self) -> None:
        """Begin anew: what comes next isn't compared with what was."""
        self._before = None

    def _changed(self, difference: Grey, between: Grey | None = None) -> Area:
        if self._noise is None:
            usual = float(np.median(difference[::4]))
            self._noise = np.full(difference.shape, np.clip(usual, _NOISE_LEAST, _NOISE_MOST), np.float32)
        noise = self._noise if between is None else np.maximum(self._noise, between)
        least = max(_NOISE_SHARE * TIMES_NOISE * float(np.median(noise[::4, ::4])), FLOOR)
        threshold = np.maximum(noise * np.float32(TIMES_NOISE), np.float32(least))
        threshold *= np.float32(2.0 ** (1.0 - 2.0 * self.sensitivity))
        return _together(difference > threshold)


def _learn(noise: Grey | None, difference: Grey, share: float) -> None:
    """Move the usual difference of each place to what half of all are above: what passes doesn't count."""
    if noise is None:
        return
    step = np.float32(share)
    more = difference > noise
    noise *= 1 - step
    np.multiply(noise, (1 + step) / (1 - step), out=noise, where=more)
    np.clip(noise, _NOISE_LEAST, _NOISE_MOST, out=noise)


class _Light:
    """Reckons out what the light did, block by block; of pictures of one size."""

    def __init__(self, out: Area) -> None:
        self.out = out
        self._inside = ~out
        self._pad = tuple((0, -length % BLOCK) for length in out.shape)
        counts = (-(-length // BLOCK) for length in out.shape)
        self._rows, self._columns = (_between(count, length) for count, length in zip(counts, out.shape, strict=True))

    def difference(self, before: Grey, now: Grey) -> Grey:
        """Return how far now is from what before would be in the light of now; 0 or less where that says nothing."""
        least, most = max(before.min(), now.min()), min(before.max(), now.max())
        # What is as bright or dark as a camera can show it says nothing of the light.
        fit = self._inside & (before < most - _CLIPPED) & (now < most - _CLIPPED)
        fit &= (before > least + _CLIPPED) | (now > least + _CLIPPED)
        weight = fit.astype(np.float32)
        weighed, weighed_now = before * weight, now * weight
        count = self._sums(weight) + np.float32(1e-3)
        mean_before, mean_now = self._sums(weighed) / count, self._sums(weighed_now) / count
        variance = self._sums(weighed * before) / count - mean_before * mean_before
        covariance = self._sums(weighed_now * before) / count - mean_before * mean_now
        gain = ((covariance + _EASY) / (variance + _EASY)).clip(_GAIN_LEAST, _GAIN_MOST)
        expected = self._spread(gain) * before + self._spread(mean_now - gain * mean_before)
        difference = np.abs(now - np.clip(expected, now.min(), now.max()))
        bright = np.maximum(before, now) - np.float32(max(most - _BRIGHT, _BRIGHT_LEAST))
        difference -= np.clip(bright, 0, _BRIGHT)
        difference[~self._inside] = 0
        return difference

    def _sums(self, values: Grey) -> Grey:
        """Return the sum over each block and those around it."""
        padded = np.pad(values, self._pad)
        rows, columns = padded.shape[0] // BLOCK, padded.shape[1] // BLOCK
        blocks = np.pad(
            np.add.reduceat(padded.reshape(rows, BLOCK, -1).sum(axis=1), np.arange(columns) * BLOCK, axis=1), 1
        )
        tall = blocks[:-2] + blocks[1:-1] + blocks[2:]
        sums: Grey = tall[:, :-2] + tall[:, 1:-1] + tall[:, 2:]
        return sums

    def _spread(self, blocks: Grey) -> Grey:
        """Return a value for each pixel, between those of the blocks' centres."""
        first, second, share = self._rows
        tall: Grey = blocks[first] * (1 - share)[:, None] + blocks[second] * share[:, None]
        first, second, share = self._columns
        spread: Grey = tall[:, first] * (1 - share) + tall[:, second] * share
        return spread


def _between(count: int, length: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Grey]:
    """Return for each pixel the blocks before and after it, and how near it is to the latter."""
    at = ((np.arange(length) + 0.5) / BLOCK - 0.5).clip(0, count - 1)
    first = np.minimum(at.astype(np.int64), max(count - 2, 0))
    return first, np.minimum(first + 1, count - 1), (at - first).astype(np.float32)


def _together(hot: Area) -> Area:
    """Return the hot pixels that have enough of their like around them."""
    if not hot.any():
        return hot
    height, width = hot.shape
    padded = np.pad(hot, _WINDOW // 2).view(np.uint8)
    rows = padded[:height].copy()
    for at in range(1, _WINDOW):
        rows += padded[at : at + height]
    counts = rows[:, :width].copy()
    for at in range(1, _WINDOW):
        counts += rows[:, at : at + width]
    together: Area = hot & (counts >= _HOT)
    return together
