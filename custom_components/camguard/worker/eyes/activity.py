"""What the sizes of compressed packets say: where a camera's encoder had more to tell than usual, something may move.

Costs next to nothing, and says little where an encoder always fills its rate: it raises a suspicion, or none.
"""

from collections import deque
from collections.abc import Sequence
from statistics import median

_REMEMBERED = 15
"""Groups of pictures in which nothing moved."""
_LEAST = 3
_TOGETHER, _PART = 3, 4
"""So many packets in a row, or such a part of the group: a thing is seen in several pictures, and each varies."""
_MORE = 1.03
_TIMES_SPREAD = 4.0


class Activity:
    """Belongs to one thread. Sizes are those of a group's packets in bytes, its keyframe left out."""

    def __init__(self) -> None:
        self._peaks: deque[float] = deque(maxlen=_REMEMBERED)

    def suspects(self, sizes: Sequence[int]) -> bool:
        """Tell whether a group may show something that moves; so does each until some were still."""
        if not sizes:
            return False
        if len(self._peaks) < _LEAST:
            return True
        usual = median(self._peaks)
        spread = median(abs(peak - usual) for peak in self._peaks)
        return _peak(sizes) > max(usual * _MORE, usual + _TIMES_SPREAD * spread)

    def was_still(self, sizes: Sequence[int]) -> None:
        """Take in the sizes of a group in which nothing moved."""
        if sizes:
            self._peaks.append(_peak(sizes))

    def forget(self) -> None:
        """Begin anew: another stream."""
        self._peaks.clear()


def _peak(sizes: Sequence[int]) -> float:
    """Return the largest mean of some packets in a row."""
    count = min(max(_TOGETHER, len(sizes) // _PART), len(sizes))
    total = largest = sum(sizes[:count])
    for at in range(count, len(sizes)):
        total += sizes[at] - sizes[at - count]
        largest = max(largest, total)
    return largest / count
