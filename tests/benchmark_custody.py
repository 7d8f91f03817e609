"""What custody costs: appending, verifying, exporting, wiping. Prints its figures as JSON: a process of its own, so that
peak memory is its own. Used by scripts/benchmark."""

import asyncio
import ctypes
import gc
import json
import os
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from custom_components.camguard.app.custody.wiping import Order, Scope, Wiping
from custom_components.camguard.domain.bundle import Form
from custom_components.camguard.domain.ledger import Event, make_entry
from custom_components.camguard.vault.ledger.check import check_ledger

from .app.bundles import BY, Desk, site_of
from .hands import NOW, in_thread
from .vault.clips import put_clip

APPENDS = 500
ENTRIES = 100_000
CLIPS = 1_000
BUNDLE_BYTES = 1 << 30


def peak_mb(*, anew: bool = False) -> float:
    """Return the most memory that was in use, MB; `anew`: since now."""
    if anew:
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def appending(desk: Desk) -> dict[str, float]:
    """Entries a second, each signed and synced; beside it how many 300-byte writes a second this disk syncs at all."""
    began = time.perf_counter()
    for number in range(APPENDS):
        desk.vault.ledger.append(
            Event.GAP, {"camera_id": "c", "from_us": number, "to_us": number, "cause": "x"}, number
        )
    ours = APPENDS / (time.perf_counter() - began)
    path = desk.vault.paths.cache / "bare"
    with path.open("wb", buffering=0) as file:
        began = time.perf_counter()
        for _ in range(APPENDS):
            file.write(bytes(300))
            os.fsync(file.fileno())
        bare = APPENDS / (time.perf_counter() - began)
    path.unlink()
    return {"ledger_append_s": ours, "bare_fsync_s": bare}


def verifying(desk: Desk) -> dict[str, float]:
    """Check a ledger of 100,000 entries in a thread, and see how long another thread (the event loop's) has to wait."""
    ledger = desk.vault.ledger
    entry = ledger.last
    with desk.vault.paths.ledger.open("ab") as file:
        for number in range(ENTRIES - ledger.seq):
            entry = make_entry(entry, Event.GAP, {"camera_id": "c", "from_us": number}, time_us=number, salt="0" * 32)
            file.write(entry.to_line())
    ledger.close()
    desk.vault.close()
    desk = Desk.begin(desk.vault.paths.cache.parents[1])
    delays: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            began = time.perf_counter()
            time.sleep(0.005)
            delays.append((time.perf_counter() - began - 0.005) * 1000)

    thread = threading.Thread(target=tick)
    before = peak_mb(anew=True)
    thread.start()
    began = time.perf_counter()
    check = check_ledger(desk.vault.ledger, desk.vault.anchors, desk.vault.keyring.public_key)
    seconds = time.perf_counter() - began
    done.set()
    thread.join()
    assert check.entries >= ENTRIES, check
    assert not [problem for problem in check.problems if problem.key == "ledger_altered"], check.problems[:3]
    delays.sort()
    desk.vault.close()
    return {
        "verify_100k_s": seconds,
        "verify_peak_mb": peak_mb() - before,
        "verify_delay_p99_ms": delays[int(len(delays) * 0.99)],
    }


async def exporting(desk: Desk) -> dict[str, float]:
    """A bundle of 1 GB, plain and encrypted, to nowhere; what the process grew by meanwhile."""
    clip_id = desk.put(os.urandom(1 << 20) * (BUNDLE_BYTES >> 20))
    figures = {}
    before = peak_mb(anew=True)
    for form, name in ((Form.HAND_OVER, "plain"), (Form.SEALED_ZIP, "aes")):
        offer = await desk.export(clip_id, form=form)
        began, size = time.perf_counter(), 0
        async for chunk in desk.disclosure.fetch(offer, BY):
            size += len(chunk)
        assert size == offer.size_bytes
        figures[f"bundle_{name}_mb_s"] = size / 1e6 / (time.perf_counter() - began)
    return figures | {"bundle_peak_mb": peak_mb() - before}


async def wiping(desk: Desk) -> dict[str, float]:
    """A thousand clips, with the certificate."""
    for number in range(CLIPS):
        put_clip(desk.vault, "camera", NOW - timedelta(minutes=number), b"clip " * 200)
    wipe = Wiping(site_of(desk.vault.paths), desk.vault, desk.clock, in_thread, asyncio.Lock())
    began = time.perf_counter()
    wiped = await wipe.wipe(Order(scope=Scope.EVERYTHING, reason="benchmark"), BY)
    assert len(wiped.wiped) == CLIPS
    return {"wipe_1000_s": time.perf_counter() - began}


def main() -> None:
    part = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.begin(Path(folder) / "config")
        match part:
            case "ledger":
                figures = appending(desk) | verifying(desk)
            case "export":
                figures = asyncio.run(exporting(desk))
            case _:
                figures = asyncio.run(wiping(desk))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
