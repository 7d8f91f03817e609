"""The consumer of pictures that makes the masked stream: encodes while somebody watches, or a clip rides along."""

import av

from ..picture.encoders import Encoders
from ..picture.mask import Masked
from .encoding import LiveEncoding
from .server import LiveServer
from .transport import TransportStream

LATE_US = 1_000_000
"""Pictures that come later than this are left out, for those who watch: the machine can't keep up."""
BEGIN_US = 300_000
"""The first picture is one of now; what had to be decoded before it isn't shown."""
_KEYFRAME_STEP_US = 500_000
"""Who comes gets a keyframe, but not each of many who come at once."""


class LiveView:
    """Belongs to the session's thread."""

    def __init__(self, encoders: Encoders, pre_roll_us: int) -> None:
        self.server: LiveServer | None = None
        """None: nobody can watch."""
        self.encoding: LiveEncoding | None = None
        self._encoders = encoders
        self._pre_roll_us = pre_roll_us
        self._stream: TransportStream | None = None
        self._joining = False
        self._keyframe_us = 0

    @property
    def wanted(self) -> bool:
        """Whether somebody watches."""
        return self.server is not None and self.server.wanted

    @property
    def watchers(self) -> int:
        """How many."""
        return self.server.watchers if self.server is not None else 0

    def join(self) -> None:
        """Note, from any thread, that somebody has come and waits for a keyframe."""
        self._joining = True

    def needs(self, behind_us: int) -> bool:
        """Tell whether a picture is needed that lies so far behind the newest."""
        return self.wanted and behind_us <= (LATE_US if self.encoding is not None else BEGIN_US)

    def prepare(self, masked: Masked, *, thorough: bool) -> LiveEncoding | None:
        """Return the encoding that this picture goes into; None when there is no encoder.

        A picture of another size begins a new one, and who watched the old one is let go of.
        """
        if self.encoding is not None and not self.encoding.fits(masked):
            self.end()
        name = self._encoders.best(masked.aspect)
        if self.encoding is None and name is not None:
            self.encoding = LiveEncoding(name, masked, thorough=thorough, pre_roll_us=self._pre_roll_us)
        if self.encoding is not None and self._joining and masked.time_us - self._keyframe_us >= _KEYFRAME_STEP_US:
            self._joining = False
            self._keyframe_us = masked.time_us
            self.encoding.want_keyframe()
        return self.encoding

    def take(self, masked: Masked) -> None:
        """Encode a picture, and send it to all who watch."""
        encoding = self.encoding
        if encoding is None:
            return
        try:
            encoding.encode(masked.picture, masked.time_us)
            self.show()
        except av.FFmpegError as error:
            self._encoders.fails(encoding.description, error)
            self.end()

    def show(self) -> None:
        """Send what was made, for a clip as well."""
        units = self.encoding.take_unsent() if self.encoding is not None else []
        if self.server is None or not self.server.watchers:
            self._stream = None
            return
        for unit in units:
            if self._stream is None:
                if not unit.keyframe:
                    continue
                self._stream = TransportStream(unit)
            self.server.send(self._stream.add(unit), keyframe=unit.keyframe)

    def end(self) -> None:
        """End the stream: whoever watches is let go of, and may come again."""
        if self.encoding is None:
            return
        self.encoding = self._stream = None
        if self.server is not None:
            self.server.drop_all()
