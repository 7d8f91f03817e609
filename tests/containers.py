"""A container engine of the tests' own (Podman), and an image made of this machine's Python: no registry is asked."""

import fcntl
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

import av
import cryptography
import numpy as np

IMAGE = f"localhost/camguard-worker:{platform.python_version()}-{av.__version__}"
TOOLS = Path(tempfile.gettempdir()) / f"camguard-containers-{os.getuid()}"
"""Made once: an image takes twenty seconds."""


def _wrapper(folder: Path, runtime: str) -> Path:
    """Write a `podman` that keeps to itself, and return its folder."""
    tools = folder / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    least = {"nofile": 1024, "nproc": 4096}  # an engine asks for more than a machine within another may give
    limits = ", ".join(f'"{name}={count}:{count}"' for name, count in least.items())
    (folder / "containers.conf").write_text(f"[containers]\ndefault_ulimits = [{limits}]\n")
    program = tools / "podman"
    options = f"--root {folder}/root --runroot {folder}/run --runtime {runtime} --cgroup-manager cgroupfs"
    program.write_text(
        f'#!/bin/sh\nCONTAINERS_CONF={folder}/containers.conf exec {shutil.which("podman")} {options} "$@"\n'
    )
    program.chmod(0o755)
    return tools


def _libraries(files: list[Path]) -> set[str]:
    """Return what programs and extensions load, ldd(1)."""
    said = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False).stdout
    return {found for found in re.findall(r"(/[^\s:()]+\.so[^\s:()]*)", said) if Path(found).is_file()}


def _wanted(item: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if re.search(r"/(test|__pycache__|site-packages|dist-packages)(/|$)", item.name) else item


def _pack(path: Path) -> None:
    """Write an image's only layer: this Python, what a worker imports, and what both load."""
    python = Path(os.path.realpath(sys.executable))
    standard = Path(sysconfig.get_path("stdlib"))
    packages = [Path(module.__file__ or "").parent for module in (av, np, cryptography)]
    site = packages[0].parent
    packages += [site / name for name in ("av.libs", "numpy.libs", "cffi") if (site / name).exists()]
    extensions = [file for folder in (standard, *packages) for file in folder.rglob("*.so*") if file.is_file()]
    extensions += site.glob("_cffi_backend*.so")
    with tarfile.open(path, "w") as tar:
        tar.add(python, "usr/bin/python3")
        tar.add(standard, str(standard).lstrip("/"), filter=_wanted)
        for package in packages:
            tar.add(package, f"site/{package.name}")
        for file in site.glob("_cffi_backend*.so"):
            tar.add(file, f"site/{file.name}")
        for library in sorted(_libraries([python, *extensions])):
            if not library.startswith((str(site), str(standard))):
                tar.add(os.path.realpath(library), library.lstrip("/"))
        folder = tarfile.TarInfo("tmp")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(folder)


def _image(tools: Path, folder: Path) -> None:
    known = subprocess.run([tools / "podman", "image", "exists", IMAGE], check=False, capture_output=True)
    if known.returncode == 0:
        return
    layer = folder / "layer.tar"
    _pack(layer)
    home = Path(sysconfig.get_path("stdlib")).parents[1]
    changes = ["ENV PYTHONPATH=/site", f"ENV PYTHONHOME={home}", "ENV PATH=/usr/bin:/bin"]
    command = [
        tools / "podman",
        "import",
        "-q",
        *(part for item in changes for part in ("--change", item)),
        layer,
        IMAGE,
    ]
    subprocess.run(command, check=True, capture_output=True)
    layer.unlink()


def why_not() -> str:
    """Return why no container runs here, or ""; the image is made on the way, once for all that ask."""
    if shutil.which("podman") is None:
        return "no Podman on this machine"
    TOOLS.mkdir(mode=0o700, exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _why_not()


def _why_not() -> str:
    said = ""
    for runtime in filter(shutil.which, ("crun", "runc")):
        tools = _wrapper(TOOLS, runtime)
        try:
            _image(tools, TOOLS)
            command = [tools / "podman", "run", "--rm", "--network=host", IMAGE, "python3", "-c", "import av, numpy"]
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            stderr = getattr(error, "stderr", "") or str(error)
            said = (stderr if isinstance(stderr, str) else stderr.decode(errors="replace")).strip().splitlines()[-1]
            continue
        return ""
    return f"Podman runs no container here: {said}"


def names() -> list[str]:
    """Return the names of the containers that are there."""
    said = subprocess.run(
        [TOOLS / "tools" / "podman", "ps", "--all", "--format", "{{.Names}}"],
        check=True,
        capture_output=True,
        text=True,
    )
    return said.stdout.split()


def remove_all() -> None:
    """End what still runs."""
    command = [TOOLS / "tools" / "podman", "rm", "--all", "--force", "--time", "0"]
    subprocess.run(command, check=False, capture_output=True)
