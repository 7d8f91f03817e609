"""The words of a recorder's state machine (machine.py): its states, what happens to it, what it orders.

Pure values. Times are UTC epoch µs by the wall clock, except those named `boot_us` (time since boot, sleep included).
"""

from dataclasses import dataclass
from enum import StrEnum

from ...domain.clip import ClipId, Trigger


class Phase(StrEnum):
    """Where a recorder stands."""

    OFF = "off"
    """It doesn't run."""
    IDLE = "idle"
    """Nothing is requested."""
    WAITING = "waiting"
    """A recording is requested, and something is in the way."""
    PREPARING = "preparing"
    """The keys of a clip are being made."""
    STARTING = "starting"
    """The clip is ordered from the worker; no picture of it came yet."""
    RECORDING = "recording"
    """Pictures go into the clip."""


IN_HAND = frozenset({Phase.STARTING, Phase.RECORDING})
"""The worker has the order of a clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something happens, by both clocks."""

    now_us: int
    boot_us: int

    @property
    def offset_us(self) -> int:
        """How far the wall clock is from the time since boot: another value means that it was set."""
        return self.now_us - self.boot_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The camera's settings that the machine goes by."""

    pre_roll_us: int
    post_roll_us: int
    continuous: bool
    adaptive: bool = False
    """What is continuous holds all pictures only where something moves, or while something else asks for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted: a recording from `from_us` until `until_us` at least, however many clips it takes.

    It outlives clips, lost sources and dead workers. While a trigger holds it has no end.
    """

    trigger: Trigger
    from_us: int
    until_us: int
    follows: ClipId | None = None
    """The clip that the next one continues."""
    served: bool = False
    """Some of it has been recorded."""
    reported: bool = False
    """A failure of it has been told already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that a recorder knows."""

    phase: Phase = Phase.OFF
    clip_id: ClipId | None = None
    """Of the clip in hand (phases STARTING and RECORDING)."""
    request: Request | None = None
    held_by: frozenset[str] = frozenset()
    """Trigger entities that are on."""
    armed: bool = True
    streaming: bool = False
    """Pictures come that can be masked."""
    reason: str = ""
    """Translation key of why not."""
    storage_fault: str = ""
    """Translation key of why nothing may be written."""
    retry_boot_us: int = 0
    """No clip begins sooner."""
    recorded_until_us: int = 0
    """What the last clip holds isn't recorded twice."""
    offset_us: int = 0
    """Of the wall clock (see Moment) by which the times above are reckoned."""


# --- what happens ---


@dataclass(frozen=True, slots=True)
class Start:
    """The recorder begins to run."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The recorder ends; the worker ends the clip in hand by itself."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Recording is allowed, or ended."""

    armed: bool


@dataclass(frozen=True, slots=True)
class TriggerOn:
    """A trigger entity turned on."""

    entity_id: str
    since_us: int | None = None
    """When what it tells of began, if that was some time ago."""


@dataclass(frozen=True, slots=True)
class TriggerOff:
    """A trigger entity is on no more."""

    entity_id: str


@dataclass(frozen=True, slots=True)
class TriggerPulse:
    """A trigger entity fired."""

    entity_id: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asks for a recording of this length."""

    duration_us: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The worker says whether pictures come, or why not."""

    streaming: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Storage:
    """Whether there is room; `fault` says why not."""

    fault: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The keys of a clip are made."""

    clip_id: ClipId


@dataclass(frozen=True, slots=True)
class NotPrepared:
    """The keys of a clip could not be made."""

    key: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The worker could not be told: it just went."""

    clip_id: ClipId


@dataclass(frozen=True, slots=True)
class Started:
    """The first picture is in the clip."""

    clip_id: ClipId


@dataclass(frozen=True, slots=True)
class Ended:
    """The worker ended the clip (reasons: worker/protocol/, ClipEnded)."""

    clip_id: ClipId
    reason: str
    next_from_us: int


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no clip: it was refused, or can't be made (`detail`: why nothing was recorded)."""

    clip_id: ClipId
    key: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NotStored:
    """A finished clip could not be taken into the vault yet."""

    key: str


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The worker is gone, with what it had in hand."""

    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The clip in hand shall end now; a request that holds goes on in the next one."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


type Happening = (
    Start | Stop | Arm | TriggerOn | TriggerOff | TriggerPulse | Ask | Seen | Storage | Prepared | NotPrepared
    | Refused | Started | Ended | Failed | NotStored | WorkerLost | Cut | Tick
)  # fmt: skip


# --- what is ordered ---


@dataclass(frozen=True, slots=True)
class Prepare:
    """Make the keys of a clip: Prepared or NotPrepared follows."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Order the clip from the worker; Refused follows when it can't be told."""

    clip_id: ClipId
    trigger: Trigger
    from_us: int
    until_us: int | None
    follows: ClipId | None
    sparse_from_us: int | None = None
    """From then on only what moves is wanted at the full rate; None: all is."""


@dataclass(frozen=True, slots=True)
class Extend:
    """Move the end of the clip in hand; None: it isn't known yet."""

    clip_id: ClipId
    until_us: int | None
    sparse_from_us: int | None = None
    """As in Begin."""


@dataclass(frozen=True, slots=True)
class Discard:
    """Destroy the keys of a clip that isn't wanted any more."""

    clip_id: ClipId


@dataclass(frozen=True, slots=True)
class Finalize:
    """The worker makes a clip of its spool, or the next one does."""

    clip_id: ClipId


@dataclass(frozen=True, slots=True)
class Report:
    """Tell that something requested isn't recorded, and why."""

    key: str
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """What should be recorded isn't, though pictures come: a gap begins."""

    cause: str


@dataclass(frozen=True, slots=True)
class Served:
    """It is recorded again, or not wanted any more: that gap ends."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Let a Tick come after this time."""

    after_us: int


type Command = Prepare | Begin | Extend | Discard | Finalize | Report | Miss | Served | Wake
