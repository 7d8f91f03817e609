"""Events: worker to Home Assistant."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from .message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello(Message):
    """First event."""

    protocol: int
    pid: int
    versions: dict[str, str]
    encoders: tuple[str, ...]
    """H.264 encoders that passed their trial, best first; empty: this host can't record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Message):
    """The source's state; sent on change only."""

    state: str
    """`connecting`, `streaming`, `reconnecting`, `blocked`."""
    key: str = ""
    """Translation key of the reason, for `reconnecting` and `blocked` (see worker/faults.py)."""
    detail: str = ""
    """For diagnostics: credentials are already removed."""
    codec: str = ""
    pix_fmt: str = ""
    width: int = 0
    height: int = 0
    """As shown: upright, with square pixels."""
    sound: str = "off"
    """`off`, `recorded`, `none` (the camera sends none), `unsupported` (it can't be turned into AAC)."""
    sound_codec: str = ""
    """What the camera's sound is encoded with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat(Message):
    """Sign of life with counters, every BEAT_SECONDS."""

    time_us: int
    """Arrival of the newest picture, 0 when there was none yet."""
    ring_us: int
    ring_bytes: int
    lag_us: int
    """How far the running clip's encoder is behind the source."""
    packets: int
    decoded: int
    encoded: int
    private_bytes: int
    cpu_us: int = 0
    """Time that the worker's process has taken of all cores, since its start."""
    watchers: int = 0
    """Who gets the masked stream now."""
    live_lag_us: int = 0
    """How far what they get is behind the source."""
    cores: int = 0
    """Of the machine; told by a worker that guards nothing (worker/away/capacity.py), 0 by others."""
    idle_cores: float = 0.0
    free_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSeen(Message):
    """Something moves, in the masked picture, or nothing does any more."""

    moving: bool
    since_us: int
    """When it began at the earliest: that lies some seconds back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewTaken(Message):
    """What the camera's view is compared with from now on, a small masked JPEG: to be given back in CompareView."""

    body_field: ClassVar[str | None] = "image"
    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSeen(Message):
    """How the camera's view is to the confirmed one; sent on change only."""

    body_field: ClassVar[str | None] = "image"
    condition: str
    """`confirmed`, `moved` (the camera is blocked then), `learning` (the reference is being taken), `unclear` (too dark
    to tell), `not_compared` (the reference can't be read), `covered`, `blinded`, `out_of_focus`, `frozen`."""
    uncovered_percent: int = 0
    """Of the zone of which most is open, when it is `moved`; 100 also when nothing of the confirmed view is found."""
    detail: str = ""
    image: bytes = field(default=b"", repr=False)
    """When it is `moved`: what the camera shows, JPEG, with the zones where they lie and where they belong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNeeded(Message):
    """Asks for a Connect."""

    attempt: int
    """0 at first, then how many tries have failed in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapClosed(Message):
    """The source is back: nothing was seen between the two times (invariant 8)."""

    from_us: int
    to_us: int
    cause: str
    """Translation key, as in Status, or `overload`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolPart(Message):
    """The next bytes of a clip's spool, sealed, of a worker on another machine."""

    body_field: ClassVar[str | None] = "data"
    clip_id: str
    sync: bool
    """To be on the disk before anything else is done."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolSent(Message):
    """All of a clip's spool was sent: a clip is to be made of it there."""

    clip_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipStarted(Message):
    """The first frame is encoded."""

    clip_id: str
    start_us: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipEnded(Message):
    """No more frames go into the clip; it is being finished. Another may start at once."""

    clip_id: str
    reason: str
    """`until`, `max_length`, `source_lost`, `geometry`, `clock` (the wall clock was set), `encoder` (another goes on),
    `stopped`, `failed`."""
    next_from_us: int
    """A StartClip with this `from_us` continues without a gap; the worker holds the frames for some seconds.

    By the wall clock as it is now: after `clock` it may lie before the clip's begin, or long after its end.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipFinished(Message):
    """The sealed MP4 (and thumbnail) lies at its path, synced. The spool may go now, its key first."""

    clip_id: str
    start_us: int
    end_us: int
    size_bytes: int
    sha256: str
    frames: int
    width: int
    height: int
    source_codec: str
    encoder: str
    frame_rate_lowered: bool
    has_audio: bool
    sound: str
    """As in Status; `none` also when the camera's sound never came."""
    sound_codec: str
    """What the camera's sound was encoded with; empty without."""
    end_reason: str
    recovered: bool
    mask_checked: int
    """Decoded pictures in which every zone was checked, in Y, U and V."""
    meta: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipCut(Message):
    """The sealed extract lies at its path. Times as in CutClip: what it really shows."""

    clip_id: str
    from_us: int
    to_us: int
    size_bytes: int
    sha256: str
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipFailed(Message):
    """There is no clip: nothing was recorded, or it couldn't be written. What the spool holds stays for recovery."""

    clip_id: str
    key: str
    detail: str = ""
    spool_usable: bool = False
    """Whether FinishSpool may succeed later (disk full while finishing, say)."""
    camera_id: str = ""
    """Whose it is, where that is known of the spool alone (`mask_not_proved`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolChecked(Message):
    """Result of CheckSpool."""

    clip_id: str
    frames: int
    masked: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillTaken(Message):
    """The masked picture, JPEG."""

    body_field: ClassVar[str | None] = "image"
    request_id: int
    time_us: int
    width: int
    height: int
    """Of the source as shown, not of the scaled picture."""
    things: int = 0
    """With TakeStill.sight: how many things have moved that are high enough."""
    tallest: float = 0.0
    """With TakeStill.sight: the highest thing that has moved, of the picture's height."""
    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillFailed(Message):
    """No picture: the key says why."""

    request_id: int
    key: str
    detail: str = ""
