"""When the eyes are open: while a clip follows them, or what moves is to be told."""

from collections.abc import Callable

from ...domain.errors import InvalidError
from ...domain.zones import Zone, parse_zones
from ..clip.recording import ClipRecording
from ..clock import Clock
from ..input.ring import Ring
from ..picture.decode import Frame
from ..picture.mask import Masked
from ..protocol import Configure, Message, MotionSeen
from .watch import Sight, Watch


class Lookout:
    """Belongs to the session's thread."""

    def __init__(
        self,
        configure: Configure,
        ring: Ring,
        clock: Clock,
        *,
        zones: tuple[Zone, ...],
        mask: Callable[[Frame], Masked | None],
        send: Callable[[Message], None],
    ) -> None:
        """`mask` gives the masked picture, or None (the camera is blocked then)."""
        self._adaptive, self._motion = configure.adaptive, configure.motion
        self._everything = False
        self._losses = 0
        self.watch = Watch(
            ring,
            Sight(
                sensitivity=configure.sensitivity,
                triggers=configure.motion,
                least_height=configure.least_height,
                leave_out=_areas(configure.leave_out),
                followed=configure.adaptive,
            ),
            zones=zones,
            mask=mask,
            tell=lambda moving, since_us: send(MotionSeen(moving=moving, since_us=clock.era.utc(since_us))),
        )

    @property
    def busy(self) -> bool:
        """Whether there is something to do at once."""
        return self.watch.busy

    def turn(self, clips: ClipRecording, *, blocked: bool, losses: int) -> None:
        """Look on, or close the eyes when nobody needs them. `losses`: how often the source was lost."""
        if blocked or not (self._motion or (self._adaptive and (clips.wanted or clips.parked))):
            self.watch.close()
            return
        if not self.watch.is_open:
            self.watch.open(clips.begins_us)
            self._losses = losses
        if losses != self._losses:
            self._losses = losses
            self.watch.interrupt()
        if clips.wanted:  # between two clips, as in the one before
            self._everything = clips.everything
        self.watch.turn(everything=self._everything)


def _areas(pairs: tuple[tuple[str, str], ...]) -> tuple[Zone, ...]:
    """Return the areas that are left out; what can't be read leaves nothing out."""
    try:
        return parse_zones([{"name": name, "points": points} for name, points in pairs])
    except InvalidError:
        return ()
