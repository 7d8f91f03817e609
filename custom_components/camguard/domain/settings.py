"""Settings of the site and of one guarded camera, as values. The config flows make them, nothing changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from .zones import Geometry, Zone

RETENTION_DAYS_DEFAULT = 14
"""Kumagaya's own street cameras keep footage for 14 days as a rule (guideline 2(5)ア)."""
TRIGGER_MAX_MINUTES_DEFAULT = 60
STILL_INTERVAL_DEFAULT_S = 2
RETENTION_DAYS_LONG = 30
"""More than this must be confirmed: few purposes need it."""
RETENTION_DAYS_MAX = 90
LEDGER_YEARS_DEFAULT = 5
LEDGER_YEARS_MAX = 30
REGISTER_YEARS_DEFAULT = 5
REGISTER_YEARS_MAX = 30
SENSITIVITY_DEFAULT = 50
LEAST_HEIGHT_DEFAULT = 5.0
HOURS_MOST = 168
"""What an escrow may reach back at most."""
BACKLOG_MB_LEAST = 64
BACKLOG_MB_MOST = 65_536


class Mode(StrEnum):
    """When a camera records."""

    EVENT = "event"
    CONTINUOUS = "continuous"
    """Day and night; all pictures only where something moves."""
    CONTINUOUS_FULL = "continuous_full"
    """Day and night, every picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """What holds for every camera: who operates them, why, how long, where."""

    operator_name: str
    contact: str
    purpose: str
    retention_days: int
    storage_path: Path
    """Folder of the sealed clips."""
    key_path: Path
    """Folder of the root key."""
    min_free_bytes: int
    viewers: frozenset[str]
    """Ids of the Home Assistant users who may view, besides administrators."""
    ledger_years: int
    """How long the ledger keeps what its entries tell; the chain stays."""
    backlog_bytes: int
    """Memory for what waits, compressed, to be recorded: of all cameras together (issue 18 §7)."""
    register_years: int = REGISTER_YEARS_DEFAULT
    """How long a closed record of a register is kept."""
    cpu_share: float = 0.0
    """Of the machine, for all workers together, 0 to 1; 0: no matter."""
    bytes_a_day: int = 0
    """That may be stored; 0: no matter."""
    taken_over: str = ""
    """Whose storage folder somebody has said is to be used from now on; empty: nobody's."""
    time_zone: str
    """Of the household, IANA name: for papers that people read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A machine for workers, as it was set up."""

    host_id: str
    title: str
    kind: str
    """`ssh`, `container` or `kubernetes`."""
    place: str
    """What a person calls it."""
    command: tuple[str, ...] = field(repr=False)
    """What starts a Python there whose standard streams come here (app/workers/shipment.py)."""
    login: str = field(default="", repr=False)
    """Digest of what the command reads from files: another one is another way to get there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escrow:
    """The last hours' keys are kept beside their sealed copies, for who has the paper code (vault/keys/escrow.py)."""

    escrow_id: str
    hours: int
    """Clips that began earlier aren't in it."""
    recipient: str
    """age recipient, `age1…`: what its keys are sealed to."""
    identity: str = field(repr=False)
    """The private half of that, sealed to the code: an age file, base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place for copies, as it was set up."""

    destination_id: str
    title: str
    kind: str
    """`folder`, `s3`, `webdav` or `sftp`."""
    place: str
    """What a person calls it: a path, an address without its login."""
    bytes_a_second: int
    """0: as fast as it goes."""
    escrow: Escrow | None = None
    access: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    """How to get there, with the login; it never leaves what makes the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSettings:
    """What is made of movement in the masked picture. The adaptive mode goes by sensitivity and areas as well."""

    enabled: bool = False
    """Whether it is told, by a sensor of the camera's."""
    triggers: bool = True
    """Whether it is recorded, as what a trigger tells of."""
    sensitivity: int = SENSITIVITY_DEFAULT
    """0 to 100; 50 more halve the difference that is enough."""
    least_height: float = LEAST_HEIGHT_DEFAULT
    """Percent of the picture's height: what is lower isn't told."""
    leave_out: tuple[Zone, ...] = ()
    """Areas in which movement doesn't count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownView:
    """What is known of a camera's confirmed view (app/watching/confirmed_view.py)."""

    view_id: str = ""
    """Of the picture that is compared with, in the vault's store; empty: it is still to be taken."""
    moved: bool = False
    """The camera looked elsewhere when it was seen last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSettings:
    """One guarded camera. `camera_id` is its subentry's id."""

    camera_id: str
    name: str
    source: str
    """Registry id or entity id of the wrapped camera entity, or a digest of the address."""
    place: str
    mode: Mode
    triggers: tuple[str, ...]
    pre_roll_s: int
    post_roll_s: int
    max_length_s: int
    retention_days: int | None
    """None: the site's."""
    record_audio: bool
    zones: tuple[Zone, ...]
    view_is_own_premises: bool
    reference: Geometry | None
    """Shape of the picture that the zones were confirmed on; None: not seen yet."""
    trigger_max_s: int = TRIGGER_MAX_MINUTES_DEFAULT * 60
    """For how long one trigger that stays on is recorded at most: it is stuck, more likely than not."""
    still_interval_s: int = STILL_INTERVAL_DEFAULT_S
    """How often a camera without a stream is asked for a picture while nothing is recorded."""
    address: str = field(default="", repr=False)
    """Of a camera that Home Assistant has no entity of; empty: `source` is an entity. Without its login."""
    login: tuple[str, str] | None = field(default=None, repr=False)
    """(user, password) for the address."""
    private: bool = False
    """Full privacy: nothing is recorded or shown, its stream isn't even opened."""
    motion: MotionSettings = MotionSettings()
    unproved: bool = False
    """A clip of it is kept closed, since something shows in its zones: nothing more is recorded or shown."""
    confirmed_at: str = ""
    """When a person has said last that the zones fit what the camera shows, ISO 8601."""
    view: KnownView = KnownView()
    sleeps: bool = False
    """Runs on a battery, and delivers only while it is awake: that it sleeps is no fault."""
    host: str = ""
    """Id of the machine that works for it; empty: this one."""

    @property
    def closed(self) -> str:
        """Translation key of why its stream isn't even opened; empty: it is."""
        return "privacy" if self.private else "mask_not_proved" if self.unproved else ""
