"""Adaptive recording for long, and of many cameras: what comes of it.

    .venv/bin/python -m tests.eyes.report_long [clock] [eight]

`clock`: ten minutes of a stop-watch, through a real worker; the clip's times against those in its pictures.
`eight`: eight cameras of 1080p15 at once, each with motion a fifth of the time.
"""

import itertools
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from custom_components.camguard.worker.protocol import (
    Beat,
    ClipEnded,
    ClipFinished,
    CompareView,
    Connect,
    ExtendClip,
    GapClosed,
    Status,
)

from ..benchmark_eyes import MOVERS, film
from ..rtsp import RtspServer
from ..worker.driver import ClipOrder, Driver, configuration, now_us
from ..worker.test_adaptive import MOVES, RATE, STOP_WATCH, decoded, write

MINUTES, EVERY_S = 10, 60
CAMERAS, WATCHED_S = 8, 150
ZONES = (("window", "10,10 30,10 30,40 10,40"),)


def clock(folder: Path) -> None:
    """Print how far a ten-minute clip's own times are from the stop-watch in its pictures."""
    path = write(folder / "watch.ts", seconds=MINUTES * 60 + 20, every_s=EVERY_S)
    order = ClipOrder(folder / "clips")
    with Driver(Connect(kind="stream", url=str(path))) as driver:
        driver.send(configuration(adaptive=True, leave_out=STOP_WATCH, max_length_us=1_200_000_000))
        driver.wait(Status, state="streaming")
        driver.send(order.start(now_us(), None, sparse_from_us=0))
        time.sleep(MINUTES * 60)
        driver.send(ExtendClip(clip_id=order.clip_id, until_us=now_us()))
        driver.wait(ClipEnded, 60)
        finished = driver.wait(ClipFinished, 120)
        driver.stop()
    shown = decoded(order.plain())
    offsets = [at_us - number * 1_000_000 / RATE for at_us, number in shown]
    numbers = {number for _, number in shown}
    moving = [number for number in range(min(numbers), max(numbers)) if MOVES[0] <= number / RATE % EVERY_S < MOVES[1]]
    steps = [(b - a) / 1e6 for a, b in itertools.pairwise(at for at, _ in shown)]
    print(f"length {(finished.end_us - finished.start_us) / 1e6:.1f} s, {finished.size_bytes} bytes")
    print(f"pictures {len(shown)} of {max(numbers) - min(numbers) + 1}")
    print(f"times against the stop-watch: {min(offsets) / 1000 - offsets[0] / 1000:+.0f} to "
          f"{max(offsets) / 1000 - offsets[0] / 1000:+.0f} ms")  # fmt: skip
    print(f"of the pictures in which something moves: {sum(n in numbers for n in moving)} of {len(moving)}")
    print(f"longest time between two pictures: {max(steps):.1f} s")


def eight(folder: Path) -> None:
    """Print what eight cameras cost, and whether anything was lost."""
    with RtspServer(film("fifth", MOVERS)) as rtsp, ExitStack() as stack:
        drivers = [stack.enter_context(Driver(Connect(kind="stream", url=rtsp.url))) for _ in range(CAMERAS)]
        orders = [ClipOrder(folder / str(number), os.urandom(16).hex()) for number in range(CAMERAS)]
        for driver in drivers:
            driver.send(configuration(zones=ZONES, pre_roll_us=0, adaptive=True, max_length_us=600_000_000))
            driver.send(CompareView(image=b""))
        for driver, order in zip(drivers, orders, strict=True):
            driver.wait(Status, state="streaming", timeout=60)
            driver.send(order.start(now_us(), None, sparse_from_us=0))
        time.sleep(30)
        before = [beat(driver) for driver in drivers]
        began = time.monotonic()
        time.sleep(WATCHED_S)
        after = [beat(driver) for driver in drivers]
        seconds = time.monotonic() - began
        cores = [(b.cpu_us - a.cpu_us) / 1e6 / seconds for a, b in zip(before, after, strict=True)]
        lags = [event.lag_us for driver in drivers for event in driver.events if isinstance(event, Beat)]
        gaps = sum(isinstance(event, GapClosed) for driver in drivers for event in driver.events)
        print(f"cores: {sum(cores):.2f} of {os.process_cpu_count()}, a camera {statistics.median(cores):.3f}")
        print(f"largest lag {max(lags) / 1e6:.1f} s, gaps {gaps}")
        print(f"memory {max(event.private_bytes for event in after) / 1e6:.0f} MB at most")
        frames = []
        for driver in drivers:
            driver.stop(60)
            finished = [event for event in driver.events if isinstance(event, ClipFinished)]
            frames.append(f"{finished[0].frames}{'' if not finished[0].frame_rate_lowered else ' (lowered)'}")
        print("pictures recorded:", ", ".join(frames))


def beat(driver: Driver) -> Beat:
    """Return the newest sign of life."""
    return next(event for event in reversed(driver.events) if isinstance(event, Beat))


def main() -> None:
    """Print what is asked for."""
    for name in sys.argv[1:] or ["clock", "eight"]:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{name}:")
            {"clock": clock, "eight": eight}[name](Path(folder))


if __name__ == "__main__":
    main()
