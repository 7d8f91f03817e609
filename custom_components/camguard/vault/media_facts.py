"""What a folder lies on, as far as the system tells: for the certificate, which may claim only what that allows.

Everything is optional; nothing here is trusted to be more than it says. Above all `rotational`: virtual machines and
USB bridges report disks that turn where there is flash. Linux only.
"""

import fcntl
import os
import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..domain.errors import StorageError

_FITRIM = 0xC0185879
"""linux/fs.h: _IOWR('X', 121, struct fstrim_range)."""
_SECTOR_BYTES = 512
_OCTAL = re.compile(r"\\([0-7]{3})")
_IN_PLACE = {"ext2", "ext3", "ext4", "xfs", "vfat", "exfat", "ntfs3"}
_COPY_ON_WRITE = {"btrfs", "zfs", "overlay", "f2fs", "bcachefs", "nilfs2"}
_NETWORK = {"cifs", "smb3", "nfs", "nfs4", "9p", "virtiofs", "ceph", "glusterfs", "afs"}
_MEMORY = {"tmpfs", "ramfs"}


class MediumKind(StrEnum):
    """What overwriting a file does there."""

    IN_PLACE = "in_place"
    """Asks the device to overwrite the same blocks."""
    COPY_ON_WRITE = "copy_on_write"
    """Writes elsewhere and leaves the old blocks: copy on write, logs, layers, journaled data."""
    NETWORK = "network"
    """Asks a server, or a program; what that does isn't known."""
    MEMORY = "memory"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What is known. Empty or None: it isn't."""

    mount_point: str
    filesystem: str
    options: str
    source: str
    kind: MediumKind
    device: str = ""
    """Of the whole disk: `sda`, `nvme0n1`, `mmcblk0`."""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    size_bytes: int | None = None
    removable: bool | None = None
    rotational: bool | None = None
    """As reported. Not to be believed when True."""
    discard_supported: bool | None = None
    encrypted_below: bool = False

    @property
    def is_flash(self) -> bool | None:
        """True when it surely is; None when it may or may not be."""
        if self.device.startswith(("nvme", "mmcblk", "mtdblock")) or self.rotational is False:
            return True
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mount:
    number: str
    """major:minor."""
    point: str
    options: str
    filesystem: str
    source: str


def media_facts(path: Path, *, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> MediaFacts:
    """Return what `path` lies on; raises StorageError `storage_missing` when it isn't there. Blocking."""
    if not path.exists():
        raise StorageError("storage_missing", path=str(path))
    mount = _mount_of(path.resolve(), proc)
    if mount is None:
        return MediaFacts(mount_point="", filesystem="", options="", source="", kind=MediumKind.UNKNOWN)
    disk, encrypted = _disk_of(mount, sys)
    facts = MediaFacts(
        mount_point=mount.point,
        filesystem=mount.filesystem,
        options=mount.options,
        source=mount.source,
        kind=_kind_of(mount, has_device=disk is not None),
        encrypted_below=encrypted,
    )
    return facts if disk is None else _with_device(facts, disk)


def request_discard(path: Path) -> bool | None:
    """Ask the file system to tell the device which blocks are unused (FITRIM); never touches what is in use.

    True: accepted, which proves nothing. False: refused. None: can't be asked here. Never raises.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.ioctl(descriptor, _FITRIM, struct.pack("=QQQ", 0, (1 << 64) - 1, 0))
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _mount_of(path: Path, proc: Path) -> _Mount | None:
    """Return the mount that holds a path: the longest point above it, the last one when several lie on it."""
    try:
        lines = (proc / "self" / "mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    best: _Mount | None = None
    for line in lines:
        left, separator, right = line.partition(" - ")
        fields, about = left.split(" "), right.split(" ")
        if not separator or len(fields) < 6 or len(about) < 2:
            continue
        mount = _Mount(
            number=fields[2],
            point=_plain(fields[4]),
            options=",".join((fields[5], *about[2:3])),
            filesystem=about[0],
            source=_plain(about[1]),
        )
        if path.is_relative_to(mount.point) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def _plain(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def _kind_of(mount: _Mount, *, has_device: bool) -> MediumKind:
    filesystem = mount.filesystem
    if filesystem in _NETWORK or filesystem.startswith("fuse"):
        return MediumKind.NETWORK
    if filesystem in _MEMORY:
        return MediumKind.MEMORY
    if filesystem in _COPY_ON_WRITE or "data=journal" in mount.options.split(","):
        return MediumKind.COPY_ON_WRITE
    return MediumKind.IN_PLACE if filesystem in _IN_PLACE and has_device else MediumKind.UNKNOWN


def _disk_of(mount: _Mount, sys: Path) -> tuple[Path | None, bool]:
    """Return (folder of the whole disk in /sys, whether something below encrypts)."""
    device = sys / "dev" / "block" / mount.number
    if not device.exists():  # btrfs and others have numbers of their own: their source is a device's name
        device = sys / "class" / "block" / Path(mount.source).name
    if mount.source.startswith("/") and mount.filesystem in _IN_PLACE | _COPY_ON_WRITE and not device.exists():
        return None, False
    if not device.exists() or mount.filesystem in _NETWORK | _MEMORY or mount.filesystem.startswith("fuse"):
        return None, False
    device = device.resolve()
    encrypted = False
    for _ in range(8):  # device mappers over device mappers
        encrypted = encrypted or _text(device / "dm" / "uuid").startswith("CRYPT-")
        slaves = sorted((device / "slaves").glob("*"))
        if not slaves:
            break
        device = slaves[0].resolve()
    if (device / "partition").exists():
        device = device.parent
    return device, encrypted


def _with_device(facts: MediaFacts, disk: Path) -> MediaFacts:
    sectors, discard = _text(disk / "size"), _text(disk / "queue" / "discard_max_bytes")
    return MediaFacts(
        mount_point=facts.mount_point,
        filesystem=facts.filesystem,
        options=facts.options,
        source=facts.source,
        kind=facts.kind,
        encrypted_below=facts.encrypted_below,
        device=disk.name,
        vendor=_text(disk / "device" / "vendor"),
        model=_text(disk / "device" / "model") or _text(disk / "device" / "name"),
        serial=_text(disk / "device" / "serial") or _text(disk / "serial"),
        size_bytes=int(sectors) * _SECTOR_BYTES if sectors.isdecimal() else None,
        removable=_flag(disk / "removable"),
        rotational=_flag(disk / "queue" / "rotational"),
        discard_supported=int(discard) > 0 if discard.isdecimal() else None,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _flag(path: Path) -> bool | None:
    return {"0": False, "1": True}.get(_text(path))
