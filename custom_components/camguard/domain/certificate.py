"""The erasure certificate (消去証明書): what was erased, how, and what that does not cover (guideline 2(5)エ, オ).

What may be claimed follows from what the media are; nothing here says more than was done. The method is that of
destroying keys; no conformity to a standard is claimed.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from .clip import canonical_json
from .errors import IntegrityError

CERTIFICATE_VERSION = 2
"""1 knows of no copies elsewhere; it is read as well."""


class Scope(StrEnum):
    """What was ordered to be wiped."""

    CLIPS = "clips"
    CAMERA = "camera"
    BEFORE = "before"
    EVERYTHING = "everything"


class Claim(StrEnum):
    """A sentence that the certificate says."""

    NOT_COMPLETE = "not_complete"
    """Clips could not be erased, or sealed files are left: first and large."""
    NOTHING_WIPED = "nothing_wiped"
    KEYS_DESTROYED = "keys_destroyed"
    """Of every clip that was to be wiped; and none opens."""
    KEYS_DESTROYED_IN_PART = "keys_destroyed_in_part"
    """Of those that are called wiped; of others the key is still there."""
    OVERWRITE_REQUESTED = "overwrite_requested"
    KEYS_ONLY_UNLINKED = "keys_only_unlinked"
    KEYS_UNCONFIRMED = "keys_unconfirmed"
    """The wipe was cut short: keys are gone, but whether they were overwritten first wasn't noted."""
    ROOT_RENEWED = "root_renewed"
    ROOT_NOT_RENEWED = "root_not_renewed"
    SAME_MEDIUM = "same_medium"
    ROOT_NOT_SEEN = "root_not_seen"
    FLASH_REMNANTS = "flash_remnants"
    FLASH_POSSIBLE = "flash_possible"
    OVERWRITE_INEFFECTIVE = "overwrite_ineffective"
    SERVER_UNKNOWN = "server_unknown"
    MEDIUM_UNKNOWN = "medium_unknown"
    MEDIUM_AWAY = "medium_away"


class Unexamined(StrEnum):
    """What nobody looked at."""

    MEMORY = "memory"
    VIRTUAL_MACHINE = "virtual_machine"
    COPIES = "copies"
    CONFIRMED_VIEWS = "confirmed_views"
    """Of the cameras that are still guarded: each has a small masked picture to be compared with."""
    SOURCE_CAMERAS = "source_cameras"
    BACKUPS = "backups"
    SNAPSHOTS = "snapshots"
    SERVER = "server"
    SPARE_BLOCKS = "spare_blocks"


class Disposal(StrEnum):
    """What the guideline still asks for before a medium is thrown away (2(5)オ), by kind of medium."""

    SD_CARD = "sd_card"
    USB = "usb"
    SSD = "ssd"
    EMMC = "emmc"
    DISK = "disk"
    NETWORK = "network"
    VIRTUAL = "virtual"
    UNKNOWN = "unknown"
    ENCRYPTED = "encrypted"


_BY_TYPE = {
    "SD": (Disposal.SD_CARD,),
    "MMC": (Disposal.EMMC,),
    "NVMe": (Disposal.SSD,),
    "USB": (Disposal.USB,),
    "virtual": (Disposal.VIRTUAL,),
}
"""By `Medium.device_type`."""
_WRITING = {"in_place", "copy_on_write", "unknown"}
"""Kinds of media that keep what is written to them, here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One medium that was in use. `role`: `clips`, `keys`, `root_key` or `ledger`. Empty or None: not known."""

    role: str
    path: str
    present: bool = True
    """False: it was away during the wipe, so nothing more is known of it."""
    mount_point: str = ""
    filesystem: str = ""
    kind: str = "unknown"
    device: str = ""
    device_type: str = ""
    """`SD`, `MMC`, `NVMe`, `USB`, `virtual` or unknown; several with commas."""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    size_bytes: int | None = None
    is_flash: bool | None = None
    rotational: bool | None = None
    """As reported; no claim follows from it being True."""
    encrypted_below: bool = False
    discard_requested: bool | None = None

    def disposal(self) -> tuple[Disposal, ...]:
        """Return what to do before this medium is thrown away."""
        if not self.present:
            return (Disposal.UNKNOWN,)
        if self.kind == "memory":
            return ()
        if self.kind == "network":
            return (Disposal.NETWORK,)
        if not self.device:
            return (Disposal.UNKNOWN,)
        # What a system says of turning disks isn't believed: what may be either is told for both.
        plain = (Disposal.SSD,) if self.is_flash else (Disposal.SSD, Disposal.DISK)
        kinds = [name for name in self.device_type.split(", ") if name]
        found = [item for name in kinds for item in _BY_TYPE.get(name, plain)] or list(plain)
        return (*found, Disposal.ENCRYPTED) if self.encrypted_below else tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class WipedCopies:
    """What a certificate tells of the copies of wiped clips at one place."""

    title: str
    kind: str
    place: str
    clips: int | None
    """Wiped clips that had a copy there, as it was seen last; None: nobody could look."""
    in_use: bool
    """False: nothing is copied there any more, and nothing deleted."""
    escrow: str
    """Id of the escrow there, now or formerly, in which the last hours' keys are; empty: there never was one."""
    escrow_hours: int
    """What it reached back; 0: there never was one."""
    escrow_in_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The facts. Clip ids tell nothing by themselves. Times are UTC epoch µs."""

    certificate_id: str
    begun_us: int
    done_us: int
    time_zone: str
    operator: str
    contact: str
    ordered_by: str
    reason: str
    scope: Scope
    scope_detail: str
    include_held: bool
    wiped: tuple[str, ...]
    skipped_held: tuple[str, ...]
    skipped_running: tuple[str, ...]
    """Were being recorded."""
    failed: tuple[str, ...]
    """Their key is still there."""
    remnants: tuple[str, ...]
    """Their key is destroyed, but sealed files are left."""
    clip_ids_sha256: str
    """Over the wiped ids, sorted, one a line."""
    keys_not_overwritten: int
    """Keys whose files could only be unlinked."""
    keys_unconfirmed: int
    """Keys that were found gone after the wipe had been cut short."""
    open_attempts_failed: int
    """Afterwards each wiped clip was tried to open: how many could not be."""
    root_rotated: bool
    protection: str
    """`split`: the root key lies on another file system; `same_medium`; `unknown`: it is away."""
    media: tuple[Medium, ...]
    known_kits: tuple[str, ...]
    """Recovery kits that were made with keys of wiped clips."""
    kits_destroyed: tuple[str, ...]
    """Of these, the ones whose file isn't here any more. Backups may hold it."""
    known_disclosures: tuple[str, ...]
    copies: tuple[WipedCopies, ...] = ()
    """Places at which sealed copies were ever kept: what is known of copies of the wiped clips there."""
    version: int = CERTIFICATE_VERSION
    ledger_readable: bool
    """Whether every line of the ledger could be read: only then are these all copies that it ever knew of."""
    ledger_seq: int
    ledger_head: str
    software: str

    @property
    def complete(self) -> bool:
        """Whether everything that was ordered (held clips aside) is gone as far as can be seen."""
        return not self.failed and not self.remnants and self.open_attempts_failed == len(self.wiped)

    def claims(self) -> tuple[Claim, ...]:
        """Return what may be said."""
        claims = [] if self.complete else [Claim.NOT_COMPLETE]
        if not self.wiped:
            return (*claims, Claim.NOTHING_WIPED)
        if self.open_attempts_failed == len(self.wiped):
            claims.append(Claim.KEYS_DESTROYED_IN_PART if self.failed else Claim.KEYS_DESTROYED)
        used = [medium for medium in self.media if medium.role in {"clips", "keys", "root_key"}]
        seen = [medium for medium in used if medium.present]
        if self.keys_not_overwritten:
            claims.append(Claim.KEYS_ONLY_UNLINKED)
        if self.keys_unconfirmed:
            claims.append(Claim.KEYS_UNCONFIRMED)
        every_key = not self.keys_not_overwritten and not self.keys_unconfirmed
        if used and every_key and all(medium.present and medium.kind == "in_place" for medium in used):
            claims.append(Claim.OVERWRITE_REQUESTED)
        claims.append(Claim.ROOT_RENEWED if self.root_rotated else Claim.ROOT_NOT_RENEWED)
        if self.protection == "unknown":
            claims.append(Claim.ROOT_NOT_SEEN)
        elif self.protection != "split" or self._disks("root_key") & self._disks("keys"):  # two partitions, say
            claims.append(Claim.SAME_MEDIUM)
        if any(medium.is_flash for medium in seen):
            claims.append(Claim.FLASH_REMNANTS)
        elif any(medium.kind in _WRITING for medium in seen):
            claims.append(Claim.FLASH_POSSIBLE)
        for kind, claim in (
            ("copy_on_write", Claim.OVERWRITE_INEFFECTIVE),
            ("network", Claim.SERVER_UNKNOWN),
            ("unknown", Claim.MEDIUM_UNKNOWN),
        ):
            if any(medium.kind == kind for medium in seen):
                claims.append(claim)
        if len(seen) < len(used):
            claims.append(Claim.MEDIUM_AWAY)
        return tuple(claims)

    def _disks(self, role: str) -> set[str]:
        """Return the names of the disks under what has this role, as far as they are known."""
        names = {name for medium in self.media if medium.role == role for name in medium.device.split(", ")}
        return names - {""}

    def not_examined(self) -> tuple[Unexamined, ...]:
        """Return what nobody looked at."""
        found = [Unexamined.MEMORY, Unexamined.VIRTUAL_MACHINE, Unexamined.COPIES, Unexamined.SOURCE_CAMERAS]
        found += [Unexamined.CONFIRMED_VIEWS, Unexamined.BACKUPS]
        if any(medium.kind in {"copy_on_write", "unknown"} for medium in self.media):
            found.append(Unexamined.SNAPSHOTS)
        if any(medium.kind == "network" for medium in self.media):
            found.append(Unexamined.SERVER)
        if any(medium.kind in _WRITING for medium in self.media):
            found.append(Unexamined.SPARE_BLOCKS)
        return tuple(found)

    def disposal(self) -> tuple[Disposal, ...]:
        """Return what to do before the media are thrown away, each once."""
        found = {item for medium in self.media for item in medium.disposal()}
        return tuple(item for item in Disposal if item in found)

    def to_json(self) -> bytes:
        """Return canonical JSON: the bytes that are signed."""
        spoken = {
            "claims": [claim.value for claim in self.claims()],
            "not_examined": [item.value for item in self.not_examined()],
            "disposal": [item.value for item in self.disposal()],
            "complete": self.complete,
        }
        fields = asdict(self) | spoken | {"kind": "camguard-erasure-certificate"}
        if self.version == 1:
            del fields["copies"]
        return canonical_json(fields)

    @classmethod
    def from_json(cls, data: bytes) -> Certificate:
        """Read what `to_json` wrote; raises IntegrityError `certificate_unreadable` when it isn't that."""
        try:
            fields: dict[str, Any] = json.loads(data)
            if fields["version"] not in {1, CERTIFICATE_VERSION}:
                raise IntegrityError("certificate_unreadable")
            for name in ("kind", "claims", "not_examined", "disposal", "complete"):
                del fields[name]
            lists = (
                "wiped", "skipped_held", "skipped_running", "failed", "remnants", "known_kits", "kits_destroyed",
                "known_disclosures",
            )  # fmt: skip
            certificate = cls(
                **fields
                | {name: tuple(fields[name]) for name in lists}
                | {"scope": Scope(fields["scope"]), "media": tuple(Medium(**item) for item in fields["media"])}
                | {"copies": tuple(WipedCopies(**item) for item in fields.get("copies", ()))}
            )
            if certificate.to_json() != data:
                raise IntegrityError("certificate_unreadable")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IntegrityError("certificate_unreadable") from error
        return certificate
