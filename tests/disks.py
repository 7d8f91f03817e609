"""Real disks that fail: small file systems mounted for a test, filled, locked, taken away, held still."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEGABYTE = 1 << 20


def _may_mount() -> str:
    """Return why nothing can be mounted here, or ""."""
    if os.geteuid() != 0:
        return "only root may mount disks"
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False).returncode:
            return "this machine doesn't allow mounting"
        subprocess.run(["umount", folder], check=True)
    return ""


WHY_NOT = _may_mount()
needs_mounts = pytest.mark.skipif(bool(WHY_NOT), reason=f"real disks aren't tried: {WHY_NOT}")


class Disk:
    """An ext4 file system in a file, on a loop device."""

    def __init__(self, image: Path, folder: Path, megabytes: int = 24) -> None:
        self.folder = folder
        self._image = image
        with image.open("wb") as file:
            file.truncate(megabytes * MEGABYTE)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", str(image)], check=True)
        folder.mkdir(exist_ok=True)

    def mount(self) -> None:
        """Connect it."""
        subprocess.run(["mount", "-o", "loop,errors=remount-ro", str(self._image), str(self.folder)], check=True)

    def pull(self) -> None:
        """Take it away, whoever uses it."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def break_down(self) -> None:
        """Make the kernel find an error on it, on which it is locked against writing."""
        device = self.folder.stat().st_dev
        name = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve().name
        Path(f"/sys/fs/ext4/{name}/trigger_fs_error").write_text("1")

    def repair(self) -> None:
        """Check it, and connect it again."""
        self.pull()
        subprocess.run(["fsck.ext4", "-y", str(self._image)], capture_output=True, check=False)
        self.mount()

    def lock(self) -> None:
        """Make it read-only."""
        subprocess.run(["mount", "-o", "remount,ro", str(self.folder)], check=True)

    def unlock(self) -> None:
        """Make it writable again."""
        subprocess.run(["mount", "-o", "remount,rw", str(self.folder)], check=True)

    def fill(self) -> None:
        """Fill it to the last byte with something else."""
        with contextlib.suppress(OSError), (self.folder / "other").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def clear(self) -> None:
        """Remove what fills it."""
        (self.folder / "other").unlink()


@contextlib.contextmanager
def disk(tmp_path: Path, megabytes: int = 24) -> Iterator[Disk]:
    """A connected disk, at `<tmp_path>/disk`."""
    made = Disk(tmp_path / "disk.img", tmp_path / "disk", megabytes)
    made.mount()
    try:
        yield made
    finally:
        while subprocess.run(["umount", "-l", str(made.folder)], capture_output=True, check=False).returncode == 0:
            pass


class Share:
    """A file system whose server (FUSE) can be made to hang, as a network storage's."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.folder = folder
        self._process = process

    def hang(self) -> None:
        """Answer nothing any more."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Answer again."""
        self._process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def share(tmp_path: Path) -> Iterator[Share]:
    """A connected share, at `<tmp_path>/share`."""
    if shutil.which("fuse2fs") is None:
        pytest.skip("no hanging share is tried: fuse2fs is missing (scripts/setup)")
    image, folder = tmp_path / "share.img", tmp_path / "share"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(24 * MEGABYTE)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    process = subprocess.Popen(
        ["fuse2fs", "-f", "-o", "fakeroot", str(image), str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            if os.path.ismount(folder):
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        assert os.path.ismount(folder), "fuse2fs didn't mount"
        yield Share(process, folder)
    finally:
        process.send_signal(signal.SIGCONT)
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        process.kill()
        process.wait()
