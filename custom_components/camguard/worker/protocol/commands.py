"""Commands: Home Assistant to worker."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from .message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Configure(Message):
    """First command: what to guard. A change of any of it means a new worker."""

    protocol: int
    camera_id: str
    zones: tuple[tuple[str, str], ...]
    """(name, points in percent), as domain.zones.zones_to_raw gives them."""
    reference: tuple[int, int] | None
    """(width, height) the zones were confirmed on; another shape blocks. None: the first one seen counts."""
    pre_roll_us: int
    max_length_us: int
    record_audio: bool
    ring_max_bytes: int
    """Until Allow says otherwise."""
    adaptive: bool = False
    """Clips may be ordered that hold all pictures only where something moves (StartClip.sparse_from_us)."""
    motion: bool = False
    """Whether what moves is told (MotionSeen)."""
    sensitivity: float = 0.5
    """Of the eyes, 0 to 1."""
    least_height: float = 0.0
    """Of the picture's: what is lower is no motion that is told."""
    leave_out: tuple[tuple[str, str], ...] = ()
    """Areas, as zones are: what moves there counts for nothing."""
    live_descriptor: int = -1
    """Of the listening socket at which the masked stream is served (live/server.py); -1: it isn't."""
    live_token: str = field(default="", repr=False)
    """What a watcher must know."""
    remote: bool = False
    """The worker is on another machine than the storage: spools go through the pipe (SpoolPart), and are finished by
    another worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatEvery(Message):
    """Give a sign of life more often than every BEAT_SECONDS: a line to another machine may break unseen."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TellTime(Message):
    """What time it is: all times are by this clock, whatever that machine's own says. Told again and again."""

    now_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBytes(Message):
    """What a watcher of the masked stream says, and in the other direction what they get, on another machine.

    Nothing: they have gone, or are let go of.
    """

    body_field: ClassVar[str | None] = "data"
    watcher: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolRefused(Message):
    """A part of a spool can't be written: the disk says no. The clip ends as if the worker's own disk did."""

    clip_id: str
    number: int
    """errno(3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allow(Message):
    """What this worker may take of what the site's workers share. Told again whenever it changes (issue 18 §7)."""

    ring_max_bytes: int
    keep_one_of: int = 1
    """Of the pictures of a clip one of so many is recorded, evenly: the machine can't record all, and never could."""
    go_on: bool = True
    """False: a clip that has begun waits in the ring, since others that began before are behind too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect(Message):
    """Answer to SourceNeeded: where the pictures come from, asked anew at every reconnect."""

    kind: str
    """`stream`: open `url`. `stills`: Still commands follow. `none`: not to be had now, see `detail`; ask again.
    `asleep`: it has no address while it sleeps; ask again when told to, or after a long while."""
    url: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = ()
    """FFmpeg options that the wrapped entity names (rtsp_transport, use_wallclock_as_timestamps)."""
    sleeps: bool = False
    """A camera that sleeps isn't sought while nobody waits for it: that would cost its battery."""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still(Message):
    """One picture (JPEG or PNG) of a camera without a stream."""

    body_field: ClassVar[str | None] = "image"
    time_us: int
    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconnect(Message):
    """Ask for the address and connect at once, should there be no connection: something has changed.

    `urgent`: and every second until told otherwise, since pictures are wanted now.
    """

    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StartClip(Message):
    """Record from `from_us` (the ring reaches back) until `until_us`, or until told when it is None.

    Paths are absolute; the files must not exist. The worker reads its spool back with `spool_secret`; of the clip's
    key it only ever has the public half.
    """

    clip_id: str
    spool_path: str
    clip_path: str
    thumbnail_path: str
    spool_secret: str = field(repr=False)
    """age identity, `AGE-SECRET-KEY-1…`; empty for a worker on another machine: it can't read what it has written."""
    recipient: str
    """age recipient, `age1…`, of the clip and its thumbnail."""
    spool_recipient: str = ""
    """age recipient of the spool, where there is no `spool_secret`."""
    from_us: int
    until_us: int | None
    sparse_from_us: int | None = None
    """From then on: of each group of pictures in which nothing moves the first one alone (only of an adaptive camera).
    None: every picture."""
    thorough: bool = False
    """Encode it smaller, for more work: the machine has nothing else to do."""
    meta: dict[str, Any]
    """Opaque to the worker; stored at the head of the spool and handed back in ClipFinished, after a crash too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendClip(Message):
    """Move the end of the running clip; in the past: end it now. Ignored when `clip_id` isn't the running clip."""

    clip_id: str
    until_us: int | None
    sparse_from_us: int | None = None
    """As in StartClip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishSpool(Message):
    """Make the clip of a spool that a crash left behind. Answer: ClipFinished (recovered) or ClipFailed."""

    clip_id: str
    spool_path: str
    clip_path: str
    thumbnail_path: str
    spool_secret: str = field(repr=False)
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CutClip(Message):
    """Copy a part of a finished clip, untouched, into a sealed file of its own. Answer: ClipCut or ClipFailed.

    Times are µs from the clip's first frame. The cut begins at the keyframe at or before `from_us`.
    """

    clip_id: str
    clip_path: str
    clip_secret: str = field(repr=False)
    extract_path: str
    recipient: str
    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSpool(Message):
    """Decode a finished spool and prove the mask: every zone constant in Y, U and V. Answer: SpoolChecked."""

    clip_id: str
    spool_path: str
    spool_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStill(Message):
    """Ask for the current masked picture. Answer: StillTaken or StillFailed."""

    request_id: int
    max_width: int
    """0: as it is."""
    grid: bool = False
    """Draw lines at every 10 % over it, for typing zones in percent."""
    trial_zones: tuple[tuple[str, str], ...] | None = None
    """Zones to mask it with in place of the camera's own, as Configure has them, on whatever shape it has now: for who
    draws them. Nothing else is made of such a picture. None: the camera's own."""
    sight: tuple[float, float] | None = None
    """(sensitivity, least height), as in Configure: draw over it what the eyes would see with these. None: nothing."""
    leave_out: tuple[tuple[str, str], ...] = ()
    """With `sight`: as in Configure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareView(Message):
    """Compare what the camera shows with its confirmed view from now on. Answer: ViewSeen, whenever that changes."""

    body_field: ClassVar[str | None] = "image"
    image: bytes = field(repr=False)
    """As ViewTaken had it; empty: take one first, as soon as there is light (ViewTaken)."""
    moved: bool = False
    """It was elsewhere when it was seen last: blocked until it is seen to be back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Message):
    """Finish the clip in hand, then exit. The same happens at end of file on stdin."""
