"""What Home Assistant and a camera's worker say to each other over the worker's stdin and stdout.

A frame is `>II` (length of the header, length of the body), the header (JSON, `{"t": message name, …fields}`) and the
body (the message's one `bytes` field, if it has one). Commands go to the worker, events come from it. Times are UTC
epoch microseconds. Secrets travel here only: never in argv, the environment or a log, hence `repr=False`.
Standard library only; both sides import this module.
"""

import dataclasses
import json
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar, Protocol

from ..domain.errors import WorkerError

PROTOCOL_VERSION = 6
MAX_HEADER_BYTES = 256 * 1024
MAX_BODY_BYTES = 32 * 1024 * 1024
PREFIX = struct.Struct(">II")
BEAT_SECONDS = 5
"""How often the worker sends a Beat while it lives."""
LIVE_PATH = "/live.ts"
LIVE_TOKEN = "auth"  # noqa: S105 - the parameter's name: Home Assistant leaves its value out of its logs
EXIT_TOO_LARGE = 5
"""A worker's exit code: it took more memory than its pictures may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Base of all messages; `body_field` names the one field that travels as bytes."""

    body_field: ClassVar[str | None] = None


# --- commands: Home Assistant → worker -------------------------------------------------------------------------------


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
    live_descriptor: int = -1
    """Of the listening socket at which the masked stream is served (live/server.py); -1: it isn't."""
    live_token: str = field(default="", repr=False)
    """What a watcher must know."""


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
    """age identity, `AGE-SECRET-KEY-1…`."""
    recipient: str
    """age recipient, `age1…`, of the clip and its thumbnail."""
    from_us: int
    until_us: int | None
    thorough: bool = False
    """Encode it smaller, for more work: the machine has nothing else to do."""
    meta: dict[str, Any]
    """Opaque to the worker; stored at the head of the spool and handed back in ClipFinished, after a crash too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendClip(Message):
    """Move the end of the running clip; in the past: end it now. Ignored when `clip_id` isn't the running clip."""

    clip_id: str
    until_us: int | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Message):
    """Finish the clip in hand, then exit. The same happens at end of file on stdin."""


# --- events: worker → Home Assistant ---------------------------------------------------------------------------------


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
    watchers: int = 0
    """Who gets the masked stream now."""
    live_lag_us: int = 0
    """How far what they get is behind the source."""


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
    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillFailed(Message):
    """No picture: the key says why."""

    request_id: int
    key: str
    detail: str = ""


_MESSAGES: dict[str, type[Message]] = {
    cls.__name__: cls
    for cls in (
        Configure, Allow, Connect, Reconnect, Still, StartClip, ExtendClip, FinishSpool, CutClip, CheckSpool, TakeStill,
        Stop, Hello, Status, Beat, SourceNeeded, GapClosed, ClipStarted, ClipEnded, ClipFinished, ClipCut, ClipFailed,
        SpoolChecked, StillTaken, StillFailed,
    )
}  # fmt: skip


class ReadsBytes(Protocol):
    """A blocking byte source."""

    def read(self, size: int, /) -> bytes:
        """Return `size` bytes, or fewer at the end."""


def encode(message: Message) -> bytes:
    """Return the frame of a message."""
    fields = {f.name: getattr(message, f.name) for f in dataclasses.fields(message)}
    body = fields.pop(message.body_field) if message.body_field else b""
    header = json.dumps({"t": type(message).__name__, **fields}, separators=(",", ":")).encode()
    if len(header) > MAX_HEADER_BYTES or len(body) > MAX_BODY_BYTES:
        raise WorkerError("protocol_error", detail="message too large")
    return PREFIX.pack(len(header), len(body)) + header + body


def prefix(data: bytes) -> tuple[int, int]:
    """Return the lengths (header, body) that an 8-byte prefix announces; raises WorkerError when they can't be."""
    header_bytes, body_bytes = PREFIX.unpack(data)
    if not 0 < header_bytes <= MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
        raise WorkerError("protocol_error", detail="impossible length")
    return header_bytes, body_bytes


def decode(header: bytes, body: bytes) -> Message:
    """Return the message of a frame; raises WorkerError for anything that `encode` would not write."""
    try:
        fields: dict[str, Any] = json.loads(header)
        cls = _MESSAGES[fields.pop("t")]
        if cls.body_field:
            fields[cls.body_field] = body
        elif body:
            raise WorkerError("protocol_error", detail="unexpected body")
        return cls(**{name: _tuples(value) for name, value in fields.items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WorkerError("protocol_error", detail="unreadable message") from error


def read(stream: ReadsBytes) -> Message | None:
    """Read one message from a blocking stream; None at its end (a torn last frame counts as the end)."""
    head = stream.read(PREFIX.size)
    if len(head) < PREFIX.size:
        return None
    header_bytes, body_bytes = prefix(head)
    data = stream.read(header_bytes + body_bytes)
    if len(data) < header_bytes + body_bytes:
        return None
    return decode(data[:header_bytes], data[header_bytes:])


def write(stream: BinaryIO, message: Message) -> None:
    """Write one message to a blocking stream and flush it. The caller serialises writers."""
    stream.write(encode(message))
    stream.flush()


def _tuples(value: object) -> object:
    """JSON has no tuples: give lists their immutable form back, except inside `dict` fields."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
