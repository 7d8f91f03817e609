"""The one way from an open picture to a masked one: the mask, and whether it may be relied on.

What can't be masked for sure is refused (invariant 2): a picture of another shape, a stream that changes its size again
and again, a camera that looks elsewhere.
"""

from collections.abc import Callable

from .eyes.viewpoint import Viewpoint
from .health import CameraHealth
from .picture.decode import Frame
from .picture.mask import Mask, Masked
from .picture.steadiness import Steadiness
from .protocol import Message


class Masking:
    """Of one camera. Belongs to the session's thread."""

    def __init__(self, mask: Mask, health: CameraHealth, send: Callable[[Message], None]) -> None:
        self.viewpoint = Viewpoint(mask.zones, send)
        self._mask = mask
        self._health = health
        self._steadiness = Steadiness()

    @property
    def pixels(self) -> int:
        """Of the last picture; 0 before the first one."""
        geometry = self._mask.geometry
        return geometry.width * geometry.height if geometry else 0

    def apply(self, frame: Frame, behind_us: int) -> Masked:
        """Return the masked picture; raises BlockedError. `behind_us`: how far the newest packet is ahead of it."""
        picture = self._mask.apply(frame.picture, frame.display_matrix, frame.aspect)
        self._steadiness.see((picture.width, picture.height, self._mask.aspect))
        self.viewpoint.see(picture)
        self._health.unblock()
        return Masked(picture=picture, time_us=frame.time_us, aspect=self._mask.aspect, behind_us=behind_us)
