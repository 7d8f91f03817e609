"""The one encoding of what is seen now: all watchers' and, once it is level with them, the clip's."""

from collections import deque
from dataclasses import replace
from fractions import Fraction

import av

from ..picture.encode import Encoded, Encoder
from ..picture.mask import Masked

HISTORY_BYTES = 8 << 20
_HISTORY_US = 4_000_000
"""Behind the pre-roll: two keyframes lie within it."""


class LiveEncoding:
    """Encodes masked pictures of one size. Belongs to one thread. Raises av.FFmpegError as the encoder does."""

    def __init__(self, name: str, masked: Masked, *, thorough: bool, pre_roll_us: int) -> None:
        """`thorough`: as the clip that is being recorded already, so that it can go on with this one's pictures."""
        self.size = masked.picture.width, masked.picture.height
        self.aspect: Fraction = masked.aspect
        self.thorough = thorough
        self._name = name
        self._keep_us = pre_roll_us + _HISTORY_US
        self._history: deque[Encoded] = deque()
        self._bytes = 0
        self._time_us: int | None = None
        self._made: list[Encoded] = []
        self._unsent: list[Encoded] = []
        self._encoder = self._begin(masked.picture)
        self.extradata = self._encoder.extradata or b""
        """The parameter sets, Annex B."""
        self.description = self._encoder.description
        """For a manifest."""

    def fits(self, masked: Masked) -> bool:
        """Tell whether a picture has the size that this was begun with."""
        return (self.size, self.aspect) == ((masked.picture.width, masked.picture.height), masked.aspect)

    def want_keyframe(self) -> None:
        """Make the next picture one that a watcher can begin with."""
        self._encoder.want_keyframe()

    def encode(self, picture: av.VideoFrame, time_us: int) -> list[Encoded]:
        """Take the next picture, at its own time; returns what is complete: of this one, or of some before.

        Asked again for the same picture, it returns the same.
        """
        if time_us != self._time_us:
            self._time_us = time_us
            self._made = self._keep(self._encoder.encode(picture, time_us))
            self._last = picture
        return self._made

    def flush(self) -> list[Encoded]:
        """Return what the encoder still holds. The next picture is a keyframe, with the same parameter sets."""
        units = self._keep(self._encoder.flush())
        self._encoder = self._begin(self._last)
        return units

    def take_unsent(self) -> list[Encoded]:
        """Return all that was made since the last call, keyframes with their parameter sets: for the watchers."""
        unsent, self._unsent = self._unsent, []
        return [replace(unit, data=self.extradata + unit.data) if unit.keyframe else unit for unit in unsent]

    def since(self, time_us: int) -> list[Encoded]:
        """Return all from the keyframe of exactly that time on; nothing when there is none."""
        units = [unit for unit in self._history if unit.pts_us >= time_us]
        return units if units and units[0].pts_us == time_us and units[0].keyframe else []

    def _begin(self, picture: av.VideoFrame) -> Encoder:
        self._last = picture
        return Encoder(self._name, picture, self.aspect, thorough=self.thorough)

    def _keep(self, units: list[Encoded]) -> list[Encoded]:
        self._unsent += units
        for unit in units:
            self._history.append(unit)
            self._bytes += len(unit.data)
        newest_us = self._history[-1].pts_us if self._history else 0
        while self._history and (self._bytes > HISTORY_BYTES or newest_us - self._history[0].pts_us > self._keep_us):
            self._bytes -= len(self._history.popleft().data)
        return units


class Ride:
    """A clip's encoder that encodes nothing: it gives what was made of the same pictures for the watchers.

    Times of a clip are UTC, those of pictures the worker's own: `shift_us` is what lies between.
    """

    def __init__(self, encoding: LiveEncoding, shift_us: int) -> None:
        self._encoding = encoding
        self._shift_us = shift_us
        self.extradata = encoding.extradata
        self.description = encoding.description

    def encode(self, picture: av.VideoFrame, time_us: int) -> list[Encoded]:
        """Return what is complete once this picture is in: it is encoded now, for the watchers as well."""
        return [self.moved(unit) for unit in self._encoding.encode(picture, time_us - self._shift_us)]

    def moved(self, unit: Encoded) -> Encoded:
        """Return a unit by the clip's clock."""
        time_us = unit.pts_us + self._shift_us
        return replace(unit, pts_us=time_us, dts_us=time_us)

    def flush(self) -> list[Encoded]:
        """Return what is held back: the watchers' next picture is a keyframe then."""
        return [self.moved(unit) for unit in self._encoding.flush()]
