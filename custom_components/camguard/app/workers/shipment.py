"""The worker's program as it travels to another machine: worker/away/bootstrap.py, then a ZIP of what it imports."""

import io
import struct
import zipfile
from functools import cache
from pathlib import Path

COMPONENT = Path(__file__).parents[2]
LOADER = "import sys;exec(sys.stdin.buffer.read(int(sys.stdin.buffer.read(8),16)))"
"""What the other machine's Python is told to run (`-c`): whatever comes through the pipe first."""
_PACKAGES = ("domain", "vault", "worker")


@cache
def shipment() -> bytes:
    """Return what is to be written to the pipe before the first message. Blocking."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in _PACKAGES:
            for path in sorted((COMPONENT / package).rglob("*.py")):
                archive.write(path, path.relative_to(COMPONENT))
    program = file.getvalue()
    bootstrap = (COMPONENT / "worker" / "away" / "bootstrap.py").read_bytes()
    return f"{len(bootstrap):08x}".encode() + bootstrap + struct.pack(">I", len(program)) + program
