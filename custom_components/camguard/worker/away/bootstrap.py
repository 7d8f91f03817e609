"""What a machine runs first that isn't Home Assistant's: it takes in the worker's own program through the pipe.

So there is nothing of CamGuard's to be installed there, and nothing that could be older than Home Assistant's. Run as
text (app/workers/shipment.py), never imported; for any Python 3, so that it can say what is missing.
"""

import os
import struct
import sys
import types

EXIT_UNFIT = 6
"""This machine can't run a worker: the last line on standard error says why."""


def unfit(why: str) -> None:
    """End, and say why."""
    sys.stderr.write(f"unfit: {why}\n")
    sys.stderr.flush()
    os._exit(EXIT_UNFIT)


def begin() -> None:
    """Take in the program, and run it."""
    stdin = sys.stdin.buffer
    (length,) = struct.unpack(">I", stdin.read(4))
    shipped = stdin.read(length)
    if sys.version_info < (3, 14):
        unfit("python {}.{}".format(*sys.version_info[:2]))
    for name in ("av", "numpy", "cryptography"):
        try:
            __import__(name)
        except ImportError:
            unfit(f"package {name}")
    descriptor = os.memfd_create("camguard")
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(shipped)
    package = types.ModuleType("camguard")
    package.__path__ = [f"/proc/self/fd/{descriptor}"]
    sys.modules["camguard"] = package
    __import__("camguard.worker.main")
    sys.modules["camguard.worker.main"].main()


begin()
