"""What grows with the number of clips and cameras, and how fast. Used by scripts/benchmark --growth.

Each size is filled and measured in processes of their own, so that memory is its own. Clips have one real film's worth
of nothing: their keys, manifests, index rows and ledger entries are written by the component's own code, without
waiting for the disk.
"""

import asyncio
import hashlib
import itertools
import json
import math
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from custom_components.camguard.app.retention.sweeper import Retention
from custom_components.camguard.app.viewing.playback import Playback, Viewer
from custom_components.camguard.domain.clip import US_PER_DAY, Clip, ClipId, Manifest, Trigger, TriggerKind
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.clips.index import Index
from custom_components.camguard.vault.clips.manifest_file import write_manifest
from custom_components.camguard.vault.keys.keyring import public_key_text
from custom_components.camguard.vault.ledger.belief import believe
from custom_components.camguard.vault.ledger.check import check_ledger
from custom_components.camguard.vault.ledger.checkpoint import Checkpoints
from custom_components.camguard.vault.ledger.ledger_file import LedgerFile
from custom_components.camguard.vault.ledger.search import Query, search
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.sealed import Identity
from custom_components.camguard.vault.vault import Vault

from . import benchmark_burst, household
from .hands import NOW_US, Hands, in_thread
from .home import Home, wait_for
from .rtsp import RtspServer

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CAMERAS = 8
RETENTION_DAYS = 30
DUE = 1_000
ENTRIES_A_CLIP = 5
_BATCH = 200
TIMES = 20
"""How often what is quick is measured: the median counts."""
NAMES = {
    "start_s": "Start, until cameras may record: s",
    "idle_sweep_ms": "Sweep, nothing due: ms",
    "sweep_s": "Sweep, 1,000 due: s",
    "list_ms": "A page of 60 of a day in the middle: ms",
    "days_ms": "The days with clips, counted: ms",
    "page_ms": "Newest page with its number of clips: ms",
    "ledger_page_ms": "Ledger, newest page: ms",
    "ledger_deep_ms": "Ledger, a page in the middle: ms",
    "search_s": "Ledger, a search that finds nothing: s",
    "verify_s": "Ledger, verified whole: s",
    "append_ms": "Ledger, an entry: ms",
    "lost_index_s": "Start with a lost index: s",
    "memory_mb": "Memory after the start: MB",
    "peak_mb": "… at most, MB",
    "most_files": "Files in the fullest folder",
}
CAMERA_NUMBERS = (1, 4, 8, 16, 32)
RECORDING = 8
SETTLE_SECONDS = 20
MEASURE_SECONDS = 30
START_SECONDS = 240
CAMERA_NAMES = {
    "cameras_start_s": "Home Assistant's start, until all cameras are ready: s",
    "workers_core": "All workers, waiting: cores",
    "workers_mb": "… private memory, MB",
    "main_core": "Home Assistant beside them: cores",
    "main_mb": "… private memory, MB",
    "loop_p99_ms": "… its loop: p99, ms",
    "recording_loop_p99_ms": "… while 8 record, ms",
}


def fill(config: Path, count: int) -> None:
    """Make a vault of so many clips, all within the retention period; the last DUE of them end a day from now."""
    os.fsync = lambda _: None  # type: ignore[assignment]  # what is measured comes later
    rng = random.Random(count)
    vault = Vault.open(Paths.of(config))
    reconcile(vault, NOW_US - RETENTION_DAYS * US_PER_DAY)
    vault.close()
    vault = _without_anchors(vault)
    begin_us, span_us = NOW_US - (RETENTION_DAYS - 1) * US_PER_DAY, (RETENTION_DAYS - 2) * US_PER_DAY
    former: list[str] = []
    for number in range(count):
        start_us = begin_us + span_us * number // count
        if number < due_of(count):  # due together, a day from now
            start_us = begin_us + number
        clip = _clip(f"camera{number % CAMERAS}", start_us, rng)
        vault.paths.prepare(clip.clip_id)
        vault.keyring.restore_clip(clip.clip_id, Identity.generate())
        for path in (vault.paths.clip(clip.clip_id), vault.paths.thumbnail(clip.clip_id)):
            path.write_bytes(b"sealed")
        write_manifest(vault.paths, vault.keyring, _manifest(clip))
        vault.record(clip, clip.end_us)
        former.append(uuid.UUID(int=rng.getrandbits(128)).hex)
        gone = {"clip_id": former[-1], "start_us": 0, "end_us": 1, "sha256": clip.sha256, "recovered": False}
        vault.ledger.append(Event.RECORDED, gone, clip.end_us)
        for _ in range(ENTRIES_A_CLIP - 3):
            seen = {"clip_id": clip.clip_id, "camera_id": clip.camera_id, "user_id": "u", "user_name": "Sato Hanako"}
            vault.ledger.append(Event.VIEWED, seen | {"via": "panel"}, clip.end_us)
        if number % 50 == 0:
            gap = {"camera_id": clip.camera_id, "from_us": clip.start_us, "to_us": clip.end_us, "cause": "no_stream"}
            vault.ledger.append(Event.GAP, gap, clip.end_us)
        if len(former) == _BATCH:
            for event in (Event.ERASING, Event.ERASED):
                vault.ledger.append(event, {"clip_ids": former, "reason": "expired"}, clip.end_us)
            former = []
        vault.ledger.append(Event.SELF_CHECK, {"ok": True, "entries": number}, clip.end_us)
    vault.anchors.catch_up(vault.ledger)
    vault.anchors.confirm(vault.ledger.last)
    vault.close()


class Figures(dict[str, float]):
    """Figures as they are found; each is told at once: some take an hour."""

    def __setitem__(self, name: str, value: float) -> None:
        super().__setitem__(name, value)
        print(f"{NAMES.get(name, name):52} {value:12,.1f}", file=sys.stderr, flush=True)


def due_of(count: int) -> int:
    """Return how many clips of a vault end together, a day from now."""
    return min(DUE, count // 2)


def _without_anchors(vault: Vault) -> Vault:
    """Return the same vault; its ledger's heads are noted at the end, not with each entry."""
    paths, keyring = vault.paths, vault.keyring
    public_key = public_key_text(keyring.public_key)
    ledger = LedgerFile(
        paths.ledger,
        sign=keyring.sign,
        read=lambda lines, base: believe(lines, public_key, on_trust=False, base=base),
        checkpoints=Checkpoints(paths.checkpoints, public_key, keyring.sign),
    )
    return Vault(paths, keyring, Index(paths.index, keyring.mac), ledger, vault.anchors, vault.holds)


def _clip(camera_id: str, start_us: int, rng: random.Random) -> Clip:
    return Clip(
        clip_id=ClipId(uuid.UUID(int=rng.getrandbits(128)).hex),
        camera_id=camera_id,
        start_us=start_us,
        end_us=start_us + 20_000_000,
        reckoned_us=start_us + 20_000_000,
        size_bytes=6,
        sha256=hashlib.sha256(b"").hexdigest(),
        trigger=Trigger(kind=TriggerKind.ENTITY, entity_id="binary_sensor.motion"),
        retention_days=RETENTION_DAYS,
        width=1920,
        height=1080,
        frames=300,
    )


def _manifest(clip: Clip) -> Manifest:
    return Manifest(
        clip=clip, camera_name="Street", place="front door", purpose="Crime prevention", operator="Sato Hanako",
        zones=(("neighbour", "0,0 40,0 40,50 0,50"),), source_codec="h264", encoder="libx264",
        frame_rate_lowered=False, end_reason="until",
    )  # fmt: skip


def measure(config: Path, count: int) -> dict[str, float]:
    """Return the figures of a vault that `fill` has made."""
    figures = Figures()
    before_mb = _memory_mb()
    began = time.perf_counter()
    vault = Vault.open(Paths.of(config))
    clock = Hands()
    reconcile(vault, clock.now_us())
    retention = Retention(vault, clock, min_free_bytes=0, retention_days=lambda _: RETENTION_DAYS)
    retention.sweep()
    figures["start_s"] = time.perf_counter() - began
    figures["memory_mb"] = _memory_mb() - before_mb
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000 - before_mb
    figures["idle_sweep_ms"] = _median_ms(retention.sweep)
    for name, value in asyncio.run(_looking(vault, clock, retention)).items():
        figures[name] = value
    ledger = vault.ledger
    middle = Query(before_seq=ledger.seq // 2)
    figures["ledger_page_ms"] = _median_ms(lambda: search(ledger.segments, Query(), 100))
    figures["ledger_deep_ms"] = _median_ms(lambda: search(ledger.segments, middle, 100), 3)
    began = time.perf_counter()
    assert search(ledger.segments, Query(text="nowhere to be found"), 100) == ([], False)
    figures["search_s"] = time.perf_counter() - began
    figures["append_ms"] = _median_ms(lambda: ledger.append(Event.GAP, {"camera_id": "c"}, NOW_US))
    began = time.perf_counter()
    check = check_ledger(ledger, vault.anchors, vault.keyring.public_key)
    assert not check.problems, check.problems
    assert check.entries >= count * ENTRIES_A_CLIP
    figures["verify_s"] = time.perf_counter() - began
    clock.wall_us += int(1.01 * US_PER_DAY)
    began = time.perf_counter()
    swept = retention.sweep()
    figures["sweep_s"] = time.perf_counter() - began
    assert swept.erased >= due_of(count), swept
    folders = (folder for top in (config,) for folder in top.rglob("*") if folder.is_dir())
    figures["most_files"] = max(sum(1 for _ in os.scandir(folder)) for folder in folders)
    vault.close()
    for suffix in ("", "-wal", "-shm"):
        vault.paths.index.with_name(vault.paths.index.name + suffix).unlink(missing_ok=True)
    began = time.perf_counter()
    vault = Vault.open(Paths.of(config))
    reconcile(vault, clock.now_us())
    figures["lost_index_s"] = time.perf_counter() - began
    vault.close()
    return figures


async def _looking(vault: Vault, clock: Hands, retention: Retention) -> dict[str, float]:
    playback = Playback(vault, clock, in_thread, retention)
    everything = Viewer(user_id="u", name="Sato Hanako", named=True, via="panel", may_see=lambda _: True)
    middle_us = (NOW_US - RETENTION_DAYS // 2 * US_PER_DAY) // US_PER_DAY * US_PER_DAY
    cameras = [f"camera{number}" for number in range(CAMERAS)]
    found = vault.index.clips(cameras, start_us=middle_us, end_us=middle_us + US_PER_DAY, limit=60)
    assert found, "a day in the middle has clips"
    figures = {
        "list_ms": _median_ms(
            lambda: vault.index.clips(
                cameras, start_us=middle_us, end_us=middle_us + US_PER_DAY, limit=60, terms=retention.terms()
            )
        )
    }
    for name, look in (
        ("page_ms", lambda: playback.clips(everything, None, limit=60)),
        ("days_ms", lambda: playback.counted_days(everything, None, lambda us: us // US_PER_DAY * US_PER_DAY)),
    ):
        times = []
        for _ in range(3):
            began = time.perf_counter()
            await look()
            times.append((time.perf_counter() - began) * 1000)
        figures[name] = sorted(times)[1]
    return figures


def _median_ms(work: Callable[[], object], times: int = TIMES) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[len(took) // 2]


def _memory_mb() -> float:
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


def vaults(sizes: Sequence[int]) -> Iterator[tuple[int, dict[str, float]]]:
    """Fill and measure a vault of each size."""
    with tempfile.TemporaryDirectory() as temporary:
        for count in sizes:
            config = Path(temporary) / str(count)
            command = [sys.executable, "-m", "tests.benchmark_growth"]
            subprocess.run([*command, "fill", str(config), str(count)], check=True, cwd=household.ROOT)
            done = subprocess.run(
                [*command, "measure", str(config), str(count)],
                check=True, stdout=subprocess.PIPE, text=True, cwd=household.ROOT,
            )  # fmt: skip
            yield count, json.loads(done.stdout)
            shutil.rmtree(config)


def cameras(
    rtsp: RtspServer, folder: Path, numbers: Sequence[int], meter: Callable[[Path], None]
) -> Iterator[tuple[int, dict[str, float]]]:
    """Guard more and more cameras in a real Home Assistant; `meter` puts the loop's meter into a config folder."""
    config = folder / "growth"
    meter(config)
    home = household.begin(config, "benchmark", extra="loopmeter:\n")
    try:
        entry, guarded = household.set_up(home), []
        for number in numbers:
            while len(guarded) < number:
                source = household.add_street_camera(home, rtsp, f"bay_{len(guarded)}")
                guarded.append(household.guard(home, entry, source, test_clip=False, pre_roll=2))
            home.stop()
            began = time.monotonic()
            home.start()
            _wait_streaming(home, guarded)
            figures = {"cameras_start_s": time.monotonic() - began}
            time.sleep(SETTLE_SECONDS)
            figures |= _idle(home)
            if number == numbers[-1]:
                for entity_id in guarded[:RECORDING]:
                    home.call("camguard.record", response=True, entity_id=entity_id, duration=MEASURE_SECONDS + 10)
                figures["recording_loop_p99_ms"] = _loop_p99(home)
            yield number, figures
    finally:
        home.stop()


def _wait_streaming(home: Home, guarded: Sequence[str]) -> None:
    for entity_id in guarded:
        wait_for(
            entity_id,
            lambda entity_id=entity_id: (home.state(entity_id) or {}).get("state") == "streaming",
            START_SECONDS,
        )


def _idle(home: Home) -> dict[str, float]:
    assert home.process is not None
    main, workers = home.process.pid, benchmark_burst._workers()

    def used(pids: Sequence[int]) -> float:
        return sum(_cpu_seconds(pid) for pid in pids)

    before, began = (used(workers), used([main])), time.monotonic()
    p99 = _loop_p99(home)
    seconds = time.monotonic() - began
    return {
        "workers_core": (used(workers) - before[0]) / seconds,
        "workers_mb": sum(benchmark_burst._private_bytes(pid) for pid in workers) / 1e6,
        "main_core": (used([main]) - before[1]) / seconds,
        "main_mb": benchmark_burst._private_bytes(main) / 1e6,
        "loop_p99_ms": p99,
    }


def _loop_p99(home: Home) -> float:
    home.call("loopmeter.tell")
    time.sleep(MEASURE_SECONDS)
    home.call("loopmeter.tell")
    return float(home.state("loopmeter.delay")["state"])


def _cpu_seconds(pid: int) -> float:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def chart(columns: dict[int, dict[str, float]]) -> str:
    """Return what grows with the clips as an SVG: seconds over clips, both in powers of ten."""
    shown = {
        "start_s": ("start", 1), "idle_sweep_ms": ("sweep, nothing due", 1000), "list_ms": ("a day's page", 1000),
        "page_ms": ("newest page", 1000), "ledger_page_ms": ("ledger's page", 1000),
        "search_s": ("search that finds nothing", 1), "verify_s": ("verification", 1),
        "lost_index_s": ("start with a lost index", 1),
    }  # fmt: skip
    colours = ("#0277bd", "#2e7d32", "#ef6c00", "#6a1b9a", "#c62828", "#00838f", "#5d4037", "#ad1457")
    left, top, width, height = 70, 20, 480, 360
    sizes = sorted(columns)
    low, high = -4, 4

    def x_of(size: int) -> float:
        return left + width * (math.log10(size) - math.log10(sizes[0])) / max(math.log10(sizes[-1] / sizes[0]), 1e-9)

    def y_of(seconds: float) -> float:
        return top + height * (high - math.log10(max(seconds, 10**low))) / (high - low)

    box = f"0 0 {left + width + 220} {top + height + 50}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        y = y_of(10**power)
        label = f"{10**power:g} s" if power >= 0 else f"{10 ** (power + 3):g} ms"
        parts.append(
            f'<path d="M{left} {y}h{width}" stroke="#ddd"/><text x="{left - 8}" y="{y + 4}" text-anchor="end">{label}</text>'
        )
    for size in sizes:
        x = x_of(size)
        parts.append(
            f'<path d="M{x} {top}v{height}" stroke="#ddd"/><text x="{x}" y="{top + height + 20}" text-anchor="middle">{size:,}</text>'
        )
    parts.append(f'<text x="{left + width / 2}" y="{top + height + 42}" text-anchor="middle">clips</text>')
    ends = []
    for (name, (label, unit)), colour in zip(shown.items(), colours, strict=True):
        points = [(x_of(size), y_of(columns[size][name] / unit)) for size in sizes if name in columns[size]]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        ends.append([points[-1][1], label, colour])
    ends.sort()
    for before, after in itertools.pairwise(ends):
        after[0] = max(after[0], before[0] + 16)
    parts += [
        f'<text x="{left + width + 10}" y="{y + 4:.1f}" fill="{colour}">{label}</text>' for y, label, colour in ends
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def table(names: dict[str, str], columns: dict[int, dict[str, float]]) -> str:
    """Return the figures as a table: a row for each name, a column for each size."""
    lines = ["".join([f"{'':52}", *(f"{size:>12,}" for size in columns)])]
    for name, text in names.items():
        digits = 3 if name.endswith("_core") else 1
        cells = [f"{figures[name]:>12,.{digits}f}" if name in figures else " " * 12 for figures in columns.values()]
        lines.append("".join([f"{text:52}", *cells]))
    return "\n".join(lines)


def main() -> None:
    what, config, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "fill":
        fill(config, count)
    else:
        print(json.dumps(measure(config, count)))


if __name__ == "__main__":
    main()
