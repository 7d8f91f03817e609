"""What a folder lies on, as far as the system tells: for the certificate, which may claim only what that allows.

Everything is optional, and nothing is trusted to be more than it says. Above all `rotational`: virtual machines and
USB bridges report disks that turn where there is flash. Linux only.
"""

import errno
import fcntl
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ...domain.errors import StorageError

_FITRIM = 0xC0185879
"""linux/fs.h: _IOWR('X', 121, struct fstrim_range)."""
_NOT_APPLICABLE = {errno.ENOTTY, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}
_SECTOR_BYTES = 512
"""The unit of `size` in /sys, whatever the device's own sectors are."""
_DEPTH = 8
_OCTAL = re.compile(r"\\([0-7]{3})")
_EXT = {"ext2", "ext3", "ext4"}
_IN_PLACE = _EXT | {"xfs", "vfat", "exfat"}
_COPY_ON_WRITE = {"btrfs", "zfs", "overlay", "f2fs", "bcachefs", "nilfs2"}
_NETWORK = {"cifs", "smb3", "nfs", "nfs4", "9p", "virtiofs", "ceph", "glusterfs", "afs"}
_MEMORY = {"tmpfs", "ramfs"}
_FLASH = re.compile(r"nvme|mmcblk|mtdblock")
_NOT_REAL = re.compile(r"loop|ram|zram|nbd|rbd|drbd|ublkb")
"""Block devices behind which lies a file, a program or another machine."""
_VIRTUAL = re.compile(r"vd[a-z]|xvd")
"""Disks of a virtual machine: what they tell is what its host was told to say."""
_CRYPT = re.compile(r"CRYPT-(?!VERITY|INTEGRITY)")
"""dm/uuid of what encrypts; verity and integrity come from the same tools and only check."""
_LVM_COPIES = re.compile(r"LVM-\w+-(tpool|vpool|real|cow)")
"""dm/uuid of the layers of LVM that write elsewhere: thin pools, deduplication, snapshots."""


class MediumKind(StrEnum):
    """What overwriting a file does there."""

    IN_PLACE = "in_place"
    """Asks the device to overwrite the same blocks. What the device does isn't known."""
    COPY_ON_WRITE = "copy_on_write"
    """Writes elsewhere and leaves the old blocks: copy on write, logs, layers, journaled data."""
    NETWORK = "network"
    """Asks a server, or a program; what that does isn't known."""
    MEMORY = "memory"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What is known. Empty or None: it isn't. Several disks under one file system are told together, with commas."""

    mount_point: str = ""
    filesystem: str = ""
    options: str = ""
    super_options: str = ""
    source: str = ""
    kind: MediumKind = MediumKind.UNKNOWN
    device: str = ""
    """Of the whole disk: `sda`, `nvme0n1`, `mmcblk0`."""
    device_type: str = ""
    """`SD`, `MMC`, `NVMe`, `USB`, `virtual` or unknown."""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    size_bytes: int | None = None
    removable: bool | None = None
    rotational: bool | None = None
    """As reported. Not to be believed when True."""
    discard_max_bytes: int | None = None
    """The most that one discard takes; 0: the device, or an encrypting layer above it, takes none."""
    is_flash: bool | None = None
    """True when it surely is; None when it may or may not be. Never False."""
    encrypted_below: bool = False
    """Whether everything below the file system passes an encrypting layer of the kernel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mount:
    identity: str
    parent: str
    number: str
    """major:minor."""
    point: str
    options: str
    filesystem: str
    source: str
    super_options: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Below:
    """What lies under a block device."""

    disks: tuple[Path, ...] = ()
    """Folders of whole disks in /sys."""
    encrypted: bool = False
    copies: bool = False
    """A layer writes elsewhere."""


def media_facts(path: Path, *, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> MediaFacts:
    """Return what `path` lies on; raises StorageError `storage_missing` when it isn't there. Blocking."""
    if not path.exists():
        raise StorageError("storage_missing", path=str(path))
    mount = _mount_of(path.resolve(), proc)
    if mount is None:
        return MediaFacts()
    devices = _devices_of(mount, sys)
    layers = [_below(device) for device in devices]
    disks = tuple(dict.fromkeys(disk for layer in layers for disk in layer.disks))
    real = bool(disks) and not any(_NOT_REAL.match(disk.name) for disk in disks)
    here = real and not any(_VIRTUAL.match(disk.name) for disk in disks)
    turning = [_flag(disk / "queue" / "rotational") for disk in disks]
    sizes = [_number(disk / "size") for disk in disks]
    discards = [_number(device / "queue" / "discard_max_bytes") for device in devices]
    return MediaFacts(
        mount_point=_printable(mount.point),
        filesystem=_printable(mount.filesystem),
        options=_printable(mount.options),
        super_options=_printable(mount.super_options),
        source=_printable(mount.source),
        kind=_kind_of(mount, proc, devices, real=real, copies=any(layer.copies for layer in layers)),
        device=_joined(disk.name for disk in disks),
        device_type=_joined(_type_of(disk) for disk in disks),
        vendor=_joined(_vendor_of(disk) for disk in disks),
        model=_joined(_text(disk / "device" / "model") or _text(disk / "device" / "name") for disk in disks),
        serial=_joined(_serial_of(disk) for disk in disks),
        size_bytes=sum(size or 0 for size in sizes) * _SECTOR_BYTES if sizes and None not in sizes else None,
        removable=_any(_flag(disk / "removable") for disk in disks),
        rotational=None if None in turning or not turning else all(turning),
        discard_max_bytes=min((size for size in discards if size is not None), default=None),
        is_flash=True if here and (False in turning or any(_FLASH.match(disk.name) for disk in disks)) else None,
        encrypted_below=bool(layers) and all(layer.encrypted for layer in layers),
    )


def request_discard(path: Path) -> bool | None:
    """Ask the file system to tell the device which blocks are unused (FITRIM); never touches what is in use.

    True: accepted, which proves nothing. False: refused. None: doesn't apply here. Never raises; may take minutes.
    """
    try:
        descriptor = os.open(path if path.is_dir() else path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError, ValueError:
        return None
    try:
        fcntl.ioctl(descriptor, _FITRIM, struct.pack("=QQQ", 0, (1 << 64) - 1, 0))
    except OSError as error:
        return None if error.errno in _NOT_APPLICABLE else False
    finally:
        os.close(descriptor)
    return True


def _mount_of(path: Path, proc: Path) -> _Mount | None:
    """Return the mount that holds a path, as the system finds it: from the root down, so that hidden ones don't count.

    In a table that can't be followed so: the longest point above the path, the last of several.
    """
    try:
        text = (proc / "self" / "mountinfo").read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    above = [mount for mount in _mounts(text) if path.is_relative_to(mount.point)]
    on: dict[tuple[str, str], _Mount] = {(mount.parent, mount.point): mount for mount in above}
    known = {mount.identity for mount in above}
    current = next((mount for mount in above if mount.point == "/" and mount.parent not in known), None)
    if current is None:
        return _longest(above)
    for point in (*reversed(path.parents), path):
        seen = {current.identity}
        while (upper := on.get((current.identity, str(point)))) is not None and upper.identity not in seen:
            current = upper
            seen.add(current.identity)
    return current


def _longest(mounts: list[_Mount]) -> _Mount | None:
    return max(enumerate(mounts), key=lambda item: (len(item[1].point), item[0]), default=(0, None))[1]


def _mounts(text: str) -> Iterator[_Mount]:
    """Read /proc/self/mountinfo (proc_pid_mountinfo(5)); lines that aren't such are left out."""
    for line in text.split("\n"):
        left, separator, right = line.partition(" - ")
        fields, about = left.split(" "), right.split(" ")
        if not separator or len(fields) < 6 or len(about) < 2:
            continue
        yield _Mount(
            identity=fields[0],
            parent=fields[1],
            number=fields[2],
            point=_unescaped(fields[4]),
            options=fields[5],
            filesystem=about[0],
            source=_unescaped(about[1]),
            super_options=_unescaped(" ".join(about[2:3])),
        )


def _kind_of(mount: _Mount, proc: Path, devices: list[Path], *, real: bool, copies: bool) -> MediumKind:
    filesystem = mount.filesystem
    if filesystem in _NETWORK or filesystem.startswith("fuse"):
        return MediumKind.NETWORK
    if filesystem in _MEMORY:
        return MediumKind.MEMORY
    if filesystem in _COPY_ON_WRITE or copies:
        return MediumKind.COPY_ON_WRITE
    if filesystem in _EXT:
        # A file system's own default of journaling data isn't among the options of its mount.
        effective = [_text(proc / "fs" / filesystem / device.name / "options") for device in devices]
        if "data=journal" in [*mount.super_options.split(","), *"\n".join(effective).split("\n")]:
            return MediumKind.COPY_ON_WRITE
    return MediumKind.IN_PLACE if filesystem in _IN_PLACE and real else MediumKind.UNKNOWN


def _devices_of(mount: _Mount, sys: Path) -> list[Path]:
    """Return the folders of the block devices that the file system is on; none when it is on no such thing."""
    numbered = sys / "dev" / "block" / mount.number
    if numbered.exists():
        return [numbered.resolve()]
    found: list[Path] = []  # btrfs and others have numbers of their own: their source is a device's name
    for source in mount.source.split(":"):
        name = Path(source).name
        mapped = [each.parent.parent for each in sys.glob("class/block/dm-*/dm/name") if _text(each) == name]
        for device in [sys / "class" / "block" / name, *mapped] if source.startswith("/dev/") else []:
            if device.exists():
                together = [each.parent for each in sys.glob(f"fs/btrfs/*/devices/{device.resolve().name}")]
                found += sorted(together[0].iterdir()) if together else [device]
    return [device.resolve() for device in found]


def _below(device: Path, depth: int = _DEPTH) -> _Below:
    if (device / "partition").exists():
        device = device.parent
    uuid = _text(device / "dm" / "uuid")
    below = [_below(slave.resolve(), depth - 1) for slave in sorted((device / "slaves").glob("*")) if depth]
    return _Below(
        disks=tuple(dict.fromkeys(disk for layer in below for disk in layer.disks)) if below else (device,),
        encrypted=bool(_CRYPT.match(uuid)) or (bool(below) and all(layer.encrypted for layer in below)),
        copies=bool(_LVM_COPIES.match(uuid)) or any(layer.copies for layer in below),
    )


def _type_of(disk: Path) -> str:
    if disk.name.startswith("mmcblk"):
        return _text(disk / "device" / "type")
    if disk.name.startswith("nvme"):
        return "NVMe"
    if any(re.fullmatch(r"usb\d+", part) for part in disk.parts):
        return "USB"
    return "virtual" if _NOT_REAL.match(disk.name) or _VIRTUAL.match(disk.name) else ""


def _vendor_of(disk: Path) -> str:
    maker, owner = _text(disk / "device" / "manfid"), _text(disk / "device" / "oemid")
    if maker or owner:  # an SD card has numbers, no names
        return " ".join(f"{name} {value}" for name, value in (("manfid", maker), ("oemid", owner)) if value)
    vendor = _text(disk / "device" / "vendor")
    return "" if vendor.startswith("0x") else vendor


def _serial_of(disk: Path) -> str:
    known = _text(disk / "device" / "serial") or _text(disk / "serial")
    return known or _text(disk / "device" / "vpd_pg80", skip=4)


def _joined(texts: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))


def _any(flags: Iterator[bool | None]) -> bool | None:
    known = [flag for flag in flags if flag is not None]
    return any(known) if known else None


def _text(path: Path, *, skip: int = 0) -> str:
    try:
        lines = path.read_bytes()[skip:].decode("utf-8", "replace").strip("\0 \n").split("\n")
    except OSError:
        return ""
    return "\n".join(_printable(line.strip()) for line in lines)


def _number(path: Path) -> int | None:
    text = _text(path)
    return int(text) if re.fullmatch(r"[0-9]{1,20}", text) else None


def _flag(path: Path) -> bool | None:
    return {"0": False, "1": True}.get(_text(path))


def _unescaped(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
