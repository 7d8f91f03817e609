"""What a folder lies on, read off made-up /proc and /sys trees of many machines, and off this one."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from custom_components.camguard.domain.errors import StorageError
from custom_components.camguard.vault.media.facts import MediaFacts, MediumKind, media_facts, request_discard


class Machine:
    """A /proc and a /sys, as Linux shows them."""

    def __init__(self, folder: Path) -> None:
        self.proc, self.sys, self.place = folder / "proc", folder / "sys", folder / "place"
        (self.proc / "self").mkdir(parents=True)
        self.place.mkdir()
        self.lines: list[str] = []
        self._next = 30
        self.mount("rootfs", "none", "0:2", point="/", identity="1", parent="0")

    def mount(
        self,
        filesystem: str,
        source: str,
        number: str,
        *,
        point: str | None = None,
        options: str = "rw,relatime",
        super_options: str = "rw",
        identity: str = "",
        parent: str = "1",
    ) -> str:
        """Add a line of mountinfo; returns the mount's id. By default it is mounted at `place`."""
        self._next += 1
        identity = identity or str(self._next)
        point = str(self.place) if point is None else point
        escaped = point.replace("\\", "\\134").replace(" ", "\\040").replace("\n", "\\012").replace("\t", "\\011")
        self.lines.append(
            f"{identity} {parent} {number} / {escaped} {options} shared:1 - {filesystem} {source} {super_options}"
        )
        return identity

    def disk(self, name: str, number: str, bus: str = "pci0000:00/0000:00:17.0", **files: Any) -> Path:
        """Add a whole disk: `queue__rotational="1"` is what `queue/rotational` says."""
        folder = self.sys / "devices" / bus / "block" / name
        self._fill(folder, {"size": "1953525168", **files})
        self._register(folder, name, number)
        return folder

    def partition(self, disk: Path, name: str, number: str) -> Path:
        folder = disk / name
        self._fill(folder, {"partition": "1", "size": "2048"})
        self._register(folder, name, number)
        return folder

    def mapped(self, name: str, number: str, below: list[Path], **files: Any) -> Path:
        folder = self.sys / "devices" / "virtual" / "block" / name
        self._fill(folder, files)
        (folder / "slaves").mkdir(parents=True)
        for lower in below:
            (folder / "slaves" / lower.name).symlink_to(lower)
        self._register(folder, name, number)
        return folder

    def facts(self, path: Path | None = None) -> MediaFacts:
        (self.proc / "self" / "mountinfo").write_text("\n".join(self.lines) + "\n", "utf-8")
        return media_facts(path or self.place, proc=self.proc, sys=self.sys)

    @staticmethod
    def _fill(folder: Path, files: dict[str, Any]) -> None:
        for name, content in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else f"{content}\n".encode())
        folder.mkdir(parents=True, exist_ok=True)

    def _register(self, folder: Path, name: str, number: str) -> None:
        for link in (self.sys / "dev" / "block" / number, self.sys / "class" / "block" / name):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(folder)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


# --- disks ---


def test_ssd(machine: Machine) -> None:
    disk = machine.disk(
        "sda", "8:0", queue__rotational=0, queue__discard_max_bytes=2147450880, removable=0,
        device__vendor="ATA     ", device__model="Samsung SSD 870 ", device__vpd_pg80=b"\0\x80\0\x0fS5Y1NJ0R123456X",
    )  # fmt: skip
    part = machine.partition(disk, "sda1", "8:1")
    (part / "queue").mkdir()
    (part / "queue" / "discard_max_bytes").write_text("2147450880\n")
    machine.mount("ext4", "/dev/sda1", "8:1")
    facts = machine.facts()
    assert (facts.kind, facts.is_flash, facts.rotational) == (MediumKind.IN_PLACE, True, False)
    assert (facts.device, facts.device_type, facts.vendor, facts.model) == ("sda", "", "ATA", "Samsung SSD 870")
    assert facts.serial == "S5Y1NJ0R123456X"
    assert facts.size_bytes == 1953525168 * 512  # of the whole disk
    assert facts.removable is False
    assert not facts.encrypted_below


def test_a_disk_that_says_it_turns_is_not_believed(machine: Machine) -> None:
    machine.disk("sda", "8:0", queue__rotational=1, device__model="WDC WD10EZEX")
    machine.mount("ext4", "/dev/sda", "8:0")
    facts = machine.facts()
    assert (facts.rotational, facts.is_flash) == (True, None)


def test_sd_card(machine: Machine) -> None:
    disk = machine.disk(
        "mmcblk0", "179:0", bus="platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa", queue__rotational=0,
        device__type="SD", device__name="SC32G", device__serial="0x1234abcd", device__manfid="0x000003",
        device__oemid="0x5344",
    )  # fmt: skip
    machine.partition(disk, "mmcblk0p2", "179:2")
    machine.mount("ext4", "/dev/root", "179:2")
    facts = machine.facts()
    assert (facts.device, facts.device_type, facts.model, facts.serial) == ("mmcblk0", "SD", "SC32G", "0x1234abcd")
    assert facts.vendor == "manfid 0x000003 oemid 0x5344"
    assert facts.is_flash is True


def test_emmc_is_flash_even_if_it_says_that_it_turns(machine: Machine) -> None:
    machine.disk("mmcblk1", "179:8", queue__rotational=1, device__type="MMC", device__name="BJTD4R")
    machine.mount("f2fs", "/dev/mmcblk1", "179:8")
    facts = machine.facts()
    assert (facts.device_type, facts.is_flash, facts.kind) == ("MMC", True, MediumKind.COPY_ON_WRITE)


def test_nvme(machine: Machine) -> None:
    disk = machine.disk(
        "nvme0n1", "259:0", bus="pci0000:00/0000:01:00.0/nvme/nvme0", queue__rotational=0,
        device__model="KINGSTON SNV2S1000G                     ", device__serial="50026B7785", device__vendor="0x2646",
    )  # fmt: skip
    machine.partition(disk, "nvme0n1p3", "259:3")
    machine.mount("xfs", "/dev/nvme0n1p3", "259:3")
    facts = machine.facts()
    assert (facts.device, facts.device_type, facts.is_flash) == ("nvme0n1", "NVMe", True)
    assert (facts.vendor, facts.model, facts.serial) == ("", "KINGSTON SNV2S1000G", "50026B7785")


def test_usb_bridge_claims_to_turn(machine: Machine) -> None:
    machine.disk(
        "sdb", "8:16", bus="pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0", queue__rotational=1,
        removable=1, device__vendor="SanDisk", device__model="Ultra Fit",
    )  # fmt: skip
    machine.mount("vfat", "/dev/sdb", "8:16")
    facts = machine.facts()
    assert (facts.device_type, facts.removable, facts.is_flash) == ("USB", True, None)
    assert facts.kind is MediumKind.IN_PLACE


@pytest.mark.parametrize("rotational", [0, 1])
def test_a_virtual_disk_says_what_its_host_was_told(machine: Machine, rotational: int) -> None:
    machine.disk("vda", "254:0", bus="virtio0", queue__rotational=rotational)
    machine.mount("ext4", "/dev/vda", "254:0")
    facts = machine.facts()
    assert (facts.device_type, facts.is_flash) == ("virtual", None)


def test_a_loop_device_is_no_medium(machine: Machine) -> None:
    machine.disk("loop0", "7:0", bus="virtual", queue__rotational=0)
    machine.mount("ext4", "/dev/loop0", "7:0")
    facts = machine.facts()
    assert (facts.kind, facts.is_flash, facts.device_type) == (MediumKind.UNKNOWN, None, "virtual")


# --- layers ---


def test_luks(machine: Machine) -> None:
    disk = machine.disk("sda", "8:0", queue__rotational=0)
    part = machine.partition(disk, "sda2", "8:2")
    machine.mapped(
        "dm-0", "253:0", [part], dm__uuid="CRYPT-LUKS2-0123-data", dm__name="data", queue__discard_max_bytes=0
    )
    machine.mount("ext4", "/dev/mapper/data", "253:0")
    facts = machine.facts()
    assert (facts.device, facts.encrypted_below, facts.is_flash, facts.kind) == ("sda", True, True, MediumKind.IN_PLACE)
    assert facts.discard_max_bytes == 0


@pytest.mark.parametrize("uuid", ["CRYPT-VERITY-0123-root", "CRYPT-INTEGRITY-0123-root"])
def test_what_only_checks_does_not_encrypt(machine: Machine, uuid: str) -> None:
    disk = machine.disk("sda", "8:0", queue__rotational=0)
    machine.mapped("dm-0", "253:0", [disk], dm__uuid=uuid)
    machine.mount("ext4", "/dev/mapper/root", "253:0")
    assert not machine.facts().encrypted_below


def test_lvm_thin(machine: Machine) -> None:
    disk = machine.disk("sda", "8:0", queue__rotational=1)
    data = machine.mapped("dm-1", "253:1", [disk], dm__uuid="LVM-abc-tdata")
    pool = machine.mapped("dm-2", "253:2", [data], dm__uuid="LVM-abcdefgh-tpool")
    machine.mapped("dm-3", "253:3", [pool], dm__uuid="LVM-abcdefgh")
    machine.mount("ext4", "/dev/mapper/vg-thin", "253:3")
    facts = machine.facts()
    assert (facts.device, facts.kind) == ("sda", MediumKind.COPY_ON_WRITE)


def test_plain_lvm_overwrites_in_place(machine: Machine) -> None:
    disk = machine.disk("sda", "8:0", queue__rotational=1)
    machine.mapped("dm-1", "253:1", [disk], dm__uuid="LVM-abcdefgh")
    machine.mount("ext4", "/dev/mapper/vg-data", "253:1")
    assert machine.facts().kind is MediumKind.IN_PLACE


def test_raid_of_two(machine: Machine) -> None:
    first = machine.disk("sda", "8:0", queue__rotational=0, device__model="A", size=1000)
    second = machine.disk("sdb", "8:16", queue__rotational=1, device__model="B", size=1000)
    machine.mapped("md0", "9:0", [first, second])
    machine.mount("ext4", "/dev/md0", "9:0")
    facts = machine.facts()
    assert (facts.device, facts.model, facts.is_flash, facts.rotational) == ("sda, sdb", "A, B", True, False)
    assert facts.size_bytes == 2000 * 512


def test_a_layer_that_contains_itself_ends(machine: Machine) -> None:
    loop = machine.mapped("dm-0", "253:0", [])
    (loop / "slaves" / "dm-0").symlink_to(loop)
    machine.mount("ext4", "/dev/mapper/odd", "253:0")
    assert machine.facts().device == "dm-0"


# --- file systems ---


def test_btrfs_on_two_disks(machine: Machine) -> None:
    """Its device number is nobody's: the source names one device, /sys the others."""
    for name, number, turns in (("sda", "8:0", 0), ("sdb", "8:16", 1)):
        disk = machine.disk(name, number, queue__rotational=turns)
        devices = machine.sys / "fs" / "btrfs" / "0123-uuid" / "devices"
        devices.mkdir(parents=True, exist_ok=True)
        (devices / name).symlink_to(disk)
    machine.mount("btrfs", "/dev/sda", "0:35", super_options="rw,space_cache=v2,subvolid=5,subvol=/")
    facts = machine.facts()
    assert (facts.device, facts.kind, facts.is_flash) == ("sda, sdb", MediumKind.COPY_ON_WRITE, True)


def test_btrfs_inside_luks(machine: Machine) -> None:
    disk = machine.disk("nvme0n1", "259:0", queue__rotational=0)
    machine.mapped("dm-0", "253:0", [disk], dm__uuid="CRYPT-LUKS2-0123-root", dm__name="root")
    machine.mount("btrfs", "/dev/mapper/root", "0:35")
    facts = machine.facts()
    assert (facts.device, facts.encrypted_below, facts.kind) == ("nvme0n1", True, MediumKind.COPY_ON_WRITE)


@pytest.mark.parametrize(
    ("filesystem", "source", "kind"),
    [
        ("zfs", "tank/data", MediumKind.COPY_ON_WRITE),
        ("overlay", "overlay", MediumKind.COPY_ON_WRITE),
        ("cifs", "//nas/share", MediumKind.NETWORK),
        ("nfs4", "nas:/export", MediumKind.NETWORK),
        ("nfs4", "nas:/dev/sda", MediumKind.NETWORK),
        ("fuse.sshfs", "me@nas:/data", MediumKind.NETWORK),
        ("fuseblk", "/dev/sdz1", MediumKind.NETWORK),
        ("9p", "share", MediumKind.NETWORK),
        ("tmpfs", "tmpfs", MediumKind.MEMORY),
        ("squashfs", "/dev/sdz", MediumKind.UNKNOWN),
        ("ext4", "/dev/nowhere", MediumKind.UNKNOWN),
    ],
)
def test_without_a_device(machine: Machine, filesystem: str, source: str, kind: MediumKind) -> None:
    machine.mount(filesystem, source, "0:44")
    facts = machine.facts()
    assert (facts.filesystem, facts.kind, facts.device, facts.is_flash) == (filesystem, kind, "", None)
    assert facts.size_bytes is None


def test_journaled_data_by_mount_option(machine: Machine) -> None:
    machine.disk("sda", "8:0", queue__rotational=1)
    machine.mount("ext4", "/dev/sda", "8:0", super_options="rw,data=journal")
    assert machine.facts().kind is MediumKind.COPY_ON_WRITE


def test_journaled_data_by_the_file_systems_own_default(machine: Machine) -> None:
    machine.disk("sda", "8:0", queue__rotational=1)
    machine.mount("ext4", "/dev/sda", "8:0")
    options = machine.proc / "fs" / "ext4" / "sda" / "options"
    options.parent.mkdir(parents=True)
    options.write_text("rw\ndelalloc\ndata=journal\nerrors=continue\n")
    assert machine.facts().kind is MediumKind.COPY_ON_WRITE
    options.write_text("rw\ndelalloc\ndata=ordered\n")
    assert machine.facts().kind is MediumKind.IN_PLACE


# --- which mount ---


def test_names_with_odd_characters(machine: Machine) -> None:
    odd = machine.place / "my disk\\040\ttab"
    odd.mkdir()
    machine.disk("sda", "8:0", queue__rotational=0)
    machine.mount("ext4", "/dev/sda", "8:0", point=str(odd))
    machine.mount("tmpfs", "tmpfs", "0:50", point=str(machine.place) + "/my", identity="90")
    facts = machine.facts(odd)
    assert facts.device == "sda"
    assert facts.mount_point == str(odd).replace("\t", "\N{REPLACEMENT CHARACTER}")


def test_a_name_that_only_begins_alike_is_another(machine: Machine) -> None:
    other = machine.place.with_name("place2")
    other.mkdir()
    machine.mount("tmpfs", "tmpfs", "0:50")
    assert machine.facts(other).filesystem == "rootfs"


def test_a_mount_over_a_mount(machine: Machine) -> None:
    machine.disk("sda", "8:0", queue__rotational=0)
    lower = machine.mount("ext4", "/dev/sda", "8:0")
    machine.mount("cifs", "//nas/share", "0:60", parent=lower)
    assert machine.facts().filesystem == "cifs"


def test_a_hidden_mount_does_not_count(machine: Machine) -> None:
    """A disk at place/inner, then a share over place: inner is the share's folder now."""
    inner = machine.place / "inner"
    inner.mkdir()
    machine.disk("sda", "8:0", queue__rotational=0)
    machine.mount("ext4", "/dev/sda", "8:0", point=str(inner))
    machine.mount("cifs", "//nas/share", "0:60")
    assert machine.facts(inner).filesystem == "cifs"


def test_through_a_link(machine: Machine, tmp_path: Path) -> None:
    machine.mount("tmpfs", "tmpfs", "0:50")
    link = tmp_path / "link"
    link.symlink_to(machine.place)
    assert machine.facts(link).filesystem == "tmpfs"


def test_a_table_that_can_not_be_followed(machine: Machine) -> None:
    machine.lines.clear()  # a container that doesn't show its root
    machine.mount("ext4", "/dev/x", "0:50", parent="7")
    machine.mount("tmpfs", "tmpfs", "0:51", parent="7")
    assert machine.facts().filesystem == "tmpfs"
    machine.lines[:] = ["", "nonsense", "1 2 3 - x", "1 0 0:1 / / rw - "]
    assert machine.facts() == MediaFacts()


# --- what isn't there, or can't be read ---


def test_no_proc_at_all(tmp_path: Path) -> None:
    assert media_facts(tmp_path, proc=tmp_path / "none", sys=tmp_path / "none") == MediaFacts()


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        media_facts(tmp_path / "none")
    assert caught.value.key == "storage_missing"


def test_unreadable_files_tell_nothing(machine: Machine) -> None:
    disk = machine.disk("sda", "8:0")
    for name in (
        "queue/rotational",
        "queue/discard_max_bytes",
        "device/model",
        "device/serial",
        "removable",
        "dm/uuid",
    ):
        (disk / name).mkdir(parents=True)  # reading a folder fails, whoever reads
    (disk / "size").write_bytes(b"\xff many\n")
    machine.mount("ext4", "/dev/sda", "8:0")
    facts = machine.facts()
    assert (facts.rotational, facts.is_flash, facts.model, facts.size_bytes) == (None, None, "", None)
    assert facts.kind is MediumKind.IN_PLACE


def test_what_a_device_says_can_be_printed(machine: Machine) -> None:
    machine.disk("sda", "8:0", device__model=b"Evil\x1b[31m\xff\x07\0\0")
    machine.mount("ext4", "/dev/sda", "8:0")
    assert machine.facts().model.isprintable()


# --- this machine ---


@pytest.mark.parametrize("path", ["/", "/proc", "/sys", "/dev", "/dev/shm", "/tmp", "/etc/hostname"])
def test_the_real_thing_never_raises(path: str) -> None:
    if Path(path).exists():
        facts = media_facts(Path(path))
        assert facts.is_flash is not False
        assert all(text.isprintable() for text in asdict(facts).values() if isinstance(text, str))


def test_a_discard_never_raises(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    for path in (tmp_path, file, tmp_path / "none" / "none", Path("/proc"), Path("/dev/null"), Path("a\0b")):
        assert request_discard(path) in {True, False, None}
    assert request_discard(Path("/proc")) is None
    assert file.read_bytes() == b"x"
