"""What recording day and night costs, beside ffmpeg's overlay always on and the program motion, in one run."""

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from custom_components.camguard.worker.protocol import ClipFinished, CompareView, Connect, Status

from .eyes.footage import Mover, Scene, write
from .household import MEDIA
from .rtsp import RtspServer
from .worker.driver import ClipOrder, Driver, configuration, now_us

WIDTH, HEIGHT, RATE, SECONDS = 1920, 1080, 15, 60
STILL_SECONDS = 120
"""Where the film begins anew, its encoder does too: that isn't measured where nothing moves."""
WARM_SECONDS, MEASURE_SECONDS = 25, 60
RUNS = 3
MOVERS = (
    Mover(height=0.25, from_s=20, to_s=26, begin=(0.1, 0.8), end=(0.5, 0.7)),
    Mover(height=0.12, from_s=40, to_s=46, begin=(0.9, 0.5), end=(0.6, 0.5)),
)
"""A fifth of the time."""

type Cores = Callable[[int, float], float]


def film(name: str, movers: tuple[Mover, ...] = (), seconds: int = SECONDS) -> Path:
    """Return a scene with sensor noise, 1080p at 15 fps and 4 Mbit/s, keyframes each second; made once."""
    path = MEDIA / f"eyes-{name}-{seconds}.mp4"
    if not path.exists():
        scene = Scene(seconds=seconds, movers=movers, width=WIDTH, height=HEIGHT, rate=RATE, noise=3.0)
        write(scene, path, keyframe_s=1, bit_rate=4_000_000)
    return path


def always(
    url: str, folder: Path, cores_of: Cores, *, adaptive: bool, zones: tuple[tuple[str, str], ...]
) -> tuple[float, float]:
    """Return (cores, bytes a second) of a worker that records all the time, once it knows the scene."""
    order = ClipOrder(folder, os.urandom(16).hex())
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=zones, pre_roll_us=0, adaptive=adaptive, max_length_us=600_000_000))
        driver.send(CompareView(image=b""))
        driver.wait(Status, state="streaming", timeout=30)
        time.sleep(1.5)
        driver.send(order.start(now_us(), None, sparse_from_us=0 if adaptive else None))
        time.sleep(WARM_SECONDS)
        before = order.spool_path.stat().st_size
        used = cores_of(driver.process.pid, MEASURE_SECONDS)
        stored = (order.spool_path.stat().st_size - before) / MEASURE_SECONDS
        driver.stop()
        assert [event for event in driver.events if isinstance(event, ClipFinished)]
    return used, stored


def noticing(url: str, cores_of: Cores, zones: tuple[tuple[str, str], ...]) -> float:
    """Return the cores of a worker that waits for motion in the picture."""
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=zones, pre_roll_us=5_000_000, motion=True))
        driver.send(CompareView(image=b""))
        driver.wait(Status, state="streaming", timeout=30)
        time.sleep(WARM_SECONDS)
        return cores_of(driver.process.pid, MEASURE_SECONDS)


def eyes(
    folder: Path,
    cores_of: Cores,
    ffmpeg: Callable[[str, Path], float],
    motion: Callable[[str], dict[str, float]],
    zones: tuple[tuple[str, str], ...],
) -> dict[str, float]:
    """Interleaved runs of ours, ffmpeg and motion, on a still scene with sensor noise and on one with motion."""
    result: dict[str, float] = {}
    still = film("still", seconds=STILL_SECONDS)

    def fresh[T](measure: Callable[[str], T]) -> T:
        """Measure from the film's begin on."""
        with RtspServer(still) as rtsp:
            return measure(rtsp.url)

    def ours_of(url: str, *, adaptive: bool) -> tuple[float, float]:
        return always(url, folder / "clips", cores_of, adaptive=adaptive, zones=zones)

    runs = []
    for _ in range(RUNS):
        ours, bytes_s = fresh(partial(ours_of, adaptive=True))
        full, full_bytes_s = fresh(partial(ours_of, adaptive=False))
        theirs = fresh(lambda url: ffmpeg(url, folder))
        runs.append((ours, bytes_s / full_bytes_s, full, theirs, fresh(lambda url: noticing(url, cores_of, zones))))
    cores, stored, full, theirs, notice = (statistics.median(values) for values in zip(*runs, strict=True))
    result |= {
        "still_core": cores,
        "still_stored_ratio": stored,
        "still_full_core": full,
        "still_ffmpeg_core": theirs,
        "still_motion_core": fresh(motion).get("idle_motion_core", float("nan")),
        "notice_core": notice,
    }
    with RtspServer(film("fifth", MOVERS)) as fifth:
        pairs = []
        for _ in range(RUNS):
            ours, bytes_s = always(fifth.url, folder / "clips", cores_of, adaptive=True, zones=zones)
            pairs.append((ours, ffmpeg(fifth.url, folder), bytes_s))
        result |= {
            "fifth_core": statistics.median(pair[0] for pair in pairs),
            "fifth_ratio": statistics.median(pair[0] / pair[1] for pair in pairs),
        }
    return result
