"""News: what becomes of cameras and clips, told to whoever shows it."""

from dataclasses import dataclass
from enum import StrEnum

from ..domain.clip import Clip


class CameraState(StrEnum):
    """What the worker sensor shows."""

    STREAMING = "streaming"
    RECORDING = "recording"
    RECONNECTING = "reconnecting"
    ASLEEP = "asleep"
    FINISHING = "finishing"
    """The clip's time is over; what the camera sent meanwhile is still being encoded."""
    BLOCKED = "blocked"
    OFF = "off"


class ChangeKind(StrEnum):
    """What changed."""

    STATE = "state"
    RECORDED = "recorded"
    FAILED = "failed"
    GAP = "gap"
    FINISHING = "finishing"
    """A clip's time is over, and it is finished later: the machine is busy."""
    OVERLOAD = "overload"
    """The machine can't record all of what is wanted, or could again."""
    STORED = "stored"
    """How much is stored: clips were added or erased."""
    SLEEPS = "sleeps"
    """A camera was seen to sleep, again and again."""
    MOTION = "motion"
    """Something moves in a camera's picture, since `from_us`, or nothing does any more."""
    UNPROVED = "unproved"
    """A finished clip shows something in a zone; `key` is its id. It is kept closed."""
    VIEW = "view"
    """How a camera's view is to the confirmed one (`key`), or what is wrong with its picture."""
    VIEW_KNOWN = "view_known"
    """What is compared with was taken, renewed or found to be elsewhere: to be remembered."""
    DISCLOSED = "disclosed"
    """A disclosure was prepared; `key` is its id."""
    FETCHED = "fetched"
    """A bundle is being downloaded, or isn't any more."""
    WIPING = "wiping"
    """A wipe goes on, or is done."""
    COPIES = "copies"
    """How it stands with the sealed copies elsewhere."""
    HOSTS = "hosts"
    """A machine for workers is there, or isn't any more."""
    DUTIES = "duties"
    """A register has changed, or what it asks for."""
    VERIFIED = "verified"
    """A verification goes on, or has a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """News of one camera (`camera_id` empty: of the site)."""

    kind: ChangeKind
    camera_id: str
    clip: Clip | None = None
    key: str = ""
    """Why, for FAILED and GAP."""
    from_us: int = 0
    to_us: int | None = 0
    """None: a gap that goes on."""
