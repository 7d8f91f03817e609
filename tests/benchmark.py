"""What CamGuard costs: each figure beside its bar, recording beside ffmpeg in the same run."""

import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from custom_components.camguard.domain.zones import Geometry, parse_zones
from custom_components.camguard.vault.sealed import Identity, SealedWriter
from custom_components.camguard.worker.picture.encode import preset_for_host
from custom_components.camguard.worker.picture.mask import Mask, _planes
from custom_components.camguard.worker.protocol import (
    Beat,
    ClipFinished,
    ClipStarted,
    CompareView,
    Connect,
    Status,
    ViewTaken,
)

from . import benchmark_burst, benchmark_eyes, benchmark_growth, benchmark_live, household
from .home import free_port, wait_for
from .rtsp import RtspServer
from .worker.driver import ClipOrder, Driver, configuration, now_us

WIDTH, HEIGHT, RATE, SECONDS = 1920, 1080, 15, 20
ZONES = (("neighbour", "4,24 23.5,5 43,24 43,50 4,51"), ("street", "0,49 100,46 100,63 0,66"))
RUNS = 5
RECORD_SECONDS = 12
IDLE_SECONDS = 15
IDLE_RUNS = 3
CAMERAS = 4
RANGES = 200
BARS: dict[str, tuple[str, Callable[[float], bool], str]] = {
    "idle_core": ("Waiting for an event, pre-roll ready: cores", lambda value: value <= 0.009, "<= 0.009"),
    "idle_ratio": ("… to ffmpeg that only reads the same stream", lambda value: value <= 2, "<= 2"),
    "idle_private_mb": ("… private memory without the ring, MB", lambda value: value <= 40, "<= 40"),
    "record_cpu_ratio": ("Recording, to ffmpeg's overlay at the same preset", lambda value: value <= 0.85, "<= 0.85"),
    "mask_ratio": ("Mask alone, to ffmpeg's overlay filter", lambda value: value <= 0.3, "<= 0.3"),
    "mask_and_copy_ratio": ("Mask with its copy, to ffmpeg's overlay filter", lambda value: value <= 0.5, "<= 0.5"),
    "loop_p99_ms": ("Home Assistant's loop, four cameras recording: p99, ms", lambda value: value <= 5, "<= 5"),
    "range_p99_ms": ("First byte of a Range request deep in a clip: p99, ms", lambda value: value <= 8, "<= 8"),
    "live_delay_ms": ("Live: from the last byte in to the last byte out, ms", lambda value: value <= 500, "<= 500"),
    "live_both_ratio": ("… with a clip beside it, to the sum of both", lambda value: value <= 0.65, "<= 0.65"),
    "live_fifty_ratio": ("… fifty who watch, to one: cores", lambda value: value <= 1.5, "<= 1.5"),
    "live_fifty_mb": ("… and more private memory, MB", lambda value: value <= 10, "<= 10"),
    "still_core": ("Day and night, still scene with noise: cores", lambda value: value <= 0.03, "<= 0.03"),
    "still_stored_ratio": ("… its bytes to those of every picture", lambda value: value <= 0.15, "<= 0.15"),
    "notice_core": ("Waiting for motion in the picture, still: cores", lambda value: value <= 0.02, "<= 0.02"),
    "fifth_ratio": ("Motion a fifth of the time, to ffmpeg's overlay", lambda value: value <= 0.5, "<= 0.5"),
    "stored_thorough_ratio": ("A clip's bytes to the camera's, machine idle", lambda value: value <= 0.7, "<= 0.7"),
    "stored_thorough_ssim": ("… its likeness to what was sent, SSIM", lambda value: value >= 0.975, ">= 0.975"),
    "burst_pictures": ("Burst of 12 cameras: part of the pictures recorded", lambda value: value >= 0.999, ">= 0.999"),
    "burst_finished_s": ("… last clip finished after its end, s", lambda value: value <= 120, "<= 120"),
    "burst_answer_max_ms": ("… Home Assistant's longest answer, ms", lambda value: value <= 30, "<= 30"),
    "burst_worker_mb": ("… private memory a camera, MB", lambda value: value <= 110, "<= 110"),
    "seal_mb_s": ("Sealing, with SHA-256 and the file, MB/s", lambda value: value >= 300, ">= 300"),
}
NAMES = {
    "still_full_core": "… every picture: cores",
    "still_ffmpeg_core": "… ffmpeg's overlay: cores",
    "still_motion_core": "… motion: cores",
    "fifth_core": "… cores",
    "live_delay_p95_ms": "… 95 of 100 sooner than, ms",
    "live_core": "Watching live: cores",
    "live_record_core": "… recording without: cores",
    "live_both_core": "… both: cores",
    "idle_ffmpeg_core": "ffmpeg that only reads the same stream: cores",
    "idle_motion_core": "motion that watches the same stream: cores",
    "ring_mb": "… its ring, MB",
    "record_core": "Recording: cores",
    "ffmpeg_core": "ffmpeg's overlay at the same preset: cores",
    "record_spread": "… largest less smallest ratio of the runs",
    "mask_ms": "Mask alone, 1080p, ms a frame",
    "mask_and_copy_ms": "Mask with the copy that it needs, ms a frame",
    "overlay_ms": "ffmpeg's overlay filter, ms a frame",
    "loop_max_ms": "… the longest, ms",
    "loop_p99_quiet_ms": "… while only one camera records: p99, ms",
    "range_p50_ms": "… median, ms",
    "stored_fast_ratio": "A clip's bytes to the camera's, machine busy",
    "stored_fast_ssim": "… its likeness to what was sent, SSIM",
    "stored_fast_ffmpeg_ratio": "… ffmpeg's bytes at the same preset",
    "stored_fast_ffmpeg_ssim": "… and likeness",
    "stored_thorough_ffmpeg_ratio": "… ffmpeg's bytes at the same preset",
    "stored_thorough_ffmpeg_ssim": "… and likeness",
    "burst_clips": "… clips",
    "burst_worker_max_mb": "… of the largest one, MB",
    "ledger_append_s": "Ledger entries written a second, signed and synced",
    "bare_fsync_s": "… bare 300-byte writes that this disk syncs a second",
    "verify_100k_s": "Verifying a ledger of 100,000 entries, s",
    "verify_peak_mb": "… memory for it, MB",
    "verify_delay_p99_ms": "… how long other threads wait: p99, ms",
    "bundle_plain_mb_s": "Bundle of 1 GB, plain, MB/s",
    "bundle_aes_mb_s": "Bundle of 1 GB, encrypted, MB/s",
    "bundle_peak_mb": "… memory for it, MB",
    "wipe_1000_s": "Wiping 1,000 clips, with the certificate, s",
}
LOOPMETER = '''\
"""Measures the delay of the event loop: a sample every 20 ms, told by the state of loopmeter.delay."""
import asyncio
import time

DOMAIN = "loopmeter"


async def async_setup(hass, config):
    samples = []

    async def measure():
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.02)
            samples.append((time.perf_counter() - began - 0.02) * 1000)

    async def tell(call):
        ordered = sorted(samples)
        samples.clear()
        at = lambda share: round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 3) if ordered else 0
        hass.states.async_set(
            "loopmeter.delay", at(0.99), {"p50": at(0.5), "max": at(1), "samples": len(ordered)}, force_update=True
        )

    hass.async_create_background_task(measure(), "loopmeter")
    hass.services.async_register(DOMAIN, "tell", tell)
    return True
'''


def film() -> Path:
    """Return 1080p at 15 fps and about 4 Mbit/s, keyframes each second, no B-frames; made once."""
    digest = hashlib.sha256(f"{WIDTH} {HEIGHT} {RATE} {SECONDS} 1".encode()).hexdigest()[:8]
    path = household.MEDIA / f"benchmark-{digest}.mp4"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    still = 110 + 50 * np.sin(columns / 37) * np.cos(rows / 29) + 20 * np.sin((rows + columns) / 5)
    noise = np.random.default_rng(1).normal(0, 3, (8, HEIGHT, WIDTH)).astype(np.float32)
    options = {"preset": "veryfast", "b": "4000000", "maxrate": "4500000", "bufsize": "4000000", "sc_threshold": "0"}
    with av.open(str(part), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE, options=options | {"forced-idr": "1", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = RATE
        stream.codec_context.time_base = Fraction(1, RATE)
        for number in range(RATE * SECONDS):
            luma = still + noise[number % len(noise)]
            x, y = 100 + number * 5, 300 + int(200 * np.sin(number / 20))
            luma[y : y + 320, x : x + 140] = 60 + (rows[:320, :140] + number * 7) % 120
            planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            planes[:HEIGHT] = luma.clip(16, 235)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    part.rename(path)
    return path


def cpu_seconds(pid: int) -> float:
    """Return what a process's threads have used, user and system."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def private_bytes(pid: int) -> int:
    """Return a process's private memory."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean:", "Private_Dirty:")))


def waiting(url: str) -> dict[str, float]:
    """A worker that records nothing, and ffmpeg that only reads the same stream: cores and memory."""
    ours, theirs = [], []
    for _ in range(IDLE_RUNS):
        with Driver(Connect(kind="stream", url=url)) as driver:
            driver.send(configuration(zones=ZONES, pre_roll_us=5_000_000))
            driver.wait(Status, state="streaming", timeout=30)
            driver.send(CompareView(image=b""))
            driver.wait(ViewTaken, timeout=90)
            time.sleep(8)
            ours.append(cores_of(driver.process.pid, IDLE_SECONDS))
            private = private_bytes(driver.process.pid)
            beat = [event for event in driver.events if isinstance(event, Beat)][-1]
            driver.stop()
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-nostdin",
            "-rtsp_transport",
            "tcp",
            "-i",
            url,
            "-c",
            "copy",
            "-f",
            "null",
            "-",
        ]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            time.sleep(5)
            theirs.append(cores_of(process.pid, IDLE_SECONDS))
            process.terminate()
    return {
        "idle_core": statistics.median(ours),
        "idle_ratio": statistics.median(ours) / statistics.median(theirs),
        "idle_ffmpeg_core": statistics.median(theirs),
        "idle_private_mb": (private - beat.ring_bytes) / 1e6,
        "ring_mb": beat.ring_bytes / 1e6,
        **motion(url),
    }


def cores_of(pid: int, seconds: float) -> float:
    """Return how many cores a process uses, measured over some seconds."""
    before, began = cpu_seconds(pid), time.monotonic()
    time.sleep(seconds)
    return (cpu_seconds(pid) - before) / (time.monotonic() - began)


def motion(url: str) -> dict[str, float]:
    """The program motion on the same stream, where it is installed: it decodes everything, always."""
    if (program := shutil.which("motion")) is None:
        return {}
    with tempfile.TemporaryDirectory() as temporary:
        settings = Path(temporary) / "motion.conf"
        settings.write_text(
            f"daemon off\nsetup_mode off\nnetcam_url {url}\nwidth {WIDTH}\nheight {HEIGHT}\nframerate {RATE}\n"
            f"target_dir {temporary}\nmovie_output off\npicture_output off\nwebcontrol_port 0\nstream_port 0\n"
        )
        with subprocess.Popen(
            [program, "-n", "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(8)
            cores = cores_of(process.pid, IDLE_SECONDS)
            process.terminate()
    return {"idle_motion_core": cores}


def record_ours(url: str, folder: Path) -> float:
    """CPU seconds a second of a worker that records."""
    order = ClipOrder(folder, os.urandom(16).hex())
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES, pre_roll_us=0))
        driver.wait(Status, state="streaming", timeout=30)
        time.sleep(1.5)
        driver.send(order.start(now_us(), None))
        driver.wait(ClipStarted)
        time.sleep(1)
        used = cores_of(driver.process.pid, RECORD_SECONDS)
        driver.stop()
        assert [event for event in driver.events if isinstance(event, ClipFinished)]
    return used


def record_ffmpeg(url: str, folder: Path, mask: Path | None = None) -> float:
    """CPU seconds a second of ffmpeg that lays a picture over and encodes alike."""
    mask = mask or mask_picture(folder)
    command = [
        "ffmpeg", "-v", "error", "-nostdin", "-rtsp_transport", "tcp", "-i", url, "-i", str(mask),
        "-filter_complex", "[0:v][1:v]overlay", "-c:v", "libx264", "-preset", preset_for_host(), "-crf", "23",
        "-bf", "0", "-threads", "2", "-an", "-y", str(folder / "ffmpeg.mp4"),
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for("ffmpeg's file", lambda: (folder / "ffmpeg.mp4").exists() or None, 30)
        time.sleep(3)
        return cores_of(process.pid, RECORD_SECONDS)
    finally:
        process.terminate()
        process.wait()
        (folder / "ffmpeg.mp4").unlink(missing_ok=True)


def recorder(url: str, folder: Path) -> dict[str, float]:
    """Interleaved runs of ours and ffmpeg's."""
    mask = mask_picture(folder)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(record_ours(url, folder / "clips"))
        theirs.append(record_ffmpeg(url, folder, mask))
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return {
        "record_core": statistics.median(ours),
        "ffmpeg_core": statistics.median(theirs),
        "record_cpu_ratio": statistics.median(ratios),
        "record_spread": max(ratios) - min(ratios),
    }


def mask_picture(folder: Path) -> Path:
    """Write the zones as a picture that ffmpeg can lay over."""
    mask = folder / "mask.png"
    picture = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    picture[160:550, 80:830, 3] = picture[500:680, :, 3] = 255
    with av.open(str(mask), "w", format="image2") as container:
        stream = container.add_stream("png")
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "rgba"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgba")))
    return mask


def overlay(source: Path, folder: Path) -> float:
    """Return what ffmpeg's overlay filter adds to decoding, ms of processor time a frame; median of interleaved runs."""
    plain = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", str(source)]
    laid = [*plain, "-i", str(mask_picture(folder)), "-filter_complex_threads", "1", "-filter_complex"]
    laid += ["[0:v][1:v]overlay"]
    differences = []
    for _ in range(RUNS):
        used = []
        for command in (plain, laid):
            before = os.times()
            subprocess.run([*command, "-f", "null", "-"], check=True)
            after = os.times()
            used.append(after.children_user + after.children_system - before.children_user - before.children_system)
        differences.append((used[1] - used[0]) / (RATE * SECONDS) * 1000)
    return statistics.median(differences)


def masking(source: Path, folder: Path) -> dict[str, float]:
    """The mask on one frame, alone and with the copy that it needs, beside ffmpeg's overlay in the same run."""
    mask = Mask(parse_zones([{"name": name, "points": points} for name, points in ZONES]), None)
    picture = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    for plane in _planes(picture):
        plane[:] = np.random.default_rng(1).integers(20, 230, plane.shape, dtype=np.uint8)
    masked = mask.apply(picture)
    assert mask.geometry == Geometry(width=WIDTH, height=HEIGHT)
    planes = _planes(masked)

    def alone() -> None:
        for target, bands in zip(planes, mask._bands, strict=True):
            for band in bands:
                if band.keep is not None and band.fill is not None:
                    part = target[band.rows]
                    np.bitwise_and(part, band.keep, out=part)
                    np.bitwise_or(part, band.fill, out=part)

    theirs, mine, both = overlay(source, folder), median_ms(alone), median_ms(lambda: mask.apply(picture))
    return {
        "mask_ms": mine,
        "mask_and_copy_ms": both,
        "overlay_ms": theirs,
        "mask_ratio": mine / theirs,
        "mask_and_copy_ratio": both / theirs,
    }


def median_ms(work: Callable[[], object], rounds: int = 200) -> float:
    """Return the median time of `work`, ms."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def sealing(folder: Path, megabytes: int = 256) -> dict[str, float]:
    """Sealing to a file, with the digest that a manifest needs."""
    block = os.urandom(1 << 20)
    began = time.perf_counter()
    digest = hashlib.sha256()
    with (folder / "sealed").open("wb") as file, SealedWriter(file, Identity.generate().recipient) as sealed:
        for _ in range(megabytes):
            digest.update(block)
            sealed.write(block)
        sealed.close()
    return {"seal_mb_s": megabytes * (1 << 20) / 1e6 / (time.perf_counter() - began)}


def put_meter(config: Path) -> None:
    """Put an integration that measures the event loop into a config folder."""
    meter = config / "custom_components" / "loopmeter"
    meter.mkdir(parents=True)
    (meter / "__init__.py").write_text(LOOPMETER)
    manifest = {
        "domain": "loopmeter",
        "name": "Loop meter",
        "version": "1.0.0",
        "codeowners": [],
        "documentation": "",
        "requirements": [],
    }
    (meter / "manifest.json").write_text(json.dumps(manifest))


def home_assistant(rtsp: RtspServer, folder: Path) -> dict[str, float]:
    """A real Home Assistant with four cameras that record at once: its event loop, and Range requests beside it."""
    put_meter(folder / "config")
    home = household.begin(folder / "config", "benchmark", extra="loopmeter:\n")
    try:
        source = household.add_street_camera(home, rtsp)
        entry = household.set_up(home)
        guarded = [household.guard(home, entry, source, pre_roll=2)]
        for number in range(2, CAMERAS + 1):
            other = household.add_street_camera(home, rtsp, f"lane_{number}")
            guarded.append(household.guard(home, entry, other, pre_roll=2))
        for entity_id in guarded:
            wait_for(entity_id, lambda entity_id=entity_id: home.state(entity_id)["state"] == "streaming", 60)
        home.call("camguard.record", response=True, entity_id=guarded[0], duration=20)
        time.sleep(25)
        clip = wait_for("a clip", lambda: home.call("camguard.list_clips", response=True)["clips"], 30)[0]
        home.call("loopmeter.tell")
        quiet = float(home.state("loopmeter.delay")["state"])
        for entity_id in guarded:
            home.call("camguard.record", response=True, entity_id=entity_id, duration=40)
        time.sleep(5)
        home.call("loopmeter.tell")
        time.sleep(20)
        home.call("loopmeter.tell")
        delay = home.state("loopmeter.delay")
        path = f"/api/camguard/clips/{clip['clip_id']}.mp4"
        times = []
        for number in range(RANGES):
            start = clip["size"] // 2 + number * 997 % (clip["size"] // 3)
            began = time.perf_counter()
            answer = home.request("GET", path, headers={"Range": f"bytes={start}-{start + 1023}"})
            times.append(time.perf_counter() - began)
            assert answer.status_code == 206
        times.sort()
        return {
            "loop_p99_ms": float(delay["state"]),
            "loop_max_ms": delay["attributes"]["max"],
            "loop_p99_quiet_ms": quiet,
            "range_p50_ms": times[len(times) // 2] * 1000,
            "range_p99_ms": times[int(len(times) * 0.99)] * 1000,
        }
    finally:
        home.stop()


def custody(part: str) -> dict[str, float]:
    """Ledger, bundles, wiping: each in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmark_custody", part]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=household.ROOT).stdout)


def machine() -> dict[str, Any]:
    """What was measured on."""
    from homeassistant.const import __version__

    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith(("model name", "Model"))]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": os.process_cpu_count(),
        "preset": preset_for_host(),
        "versions": {
            "python": platform.python_version(),
            "homeassistant": __version__,
            "av": av.__version__,
            "ffmpeg": av.ffmpeg_version_info,
            "numpy": np.__version__,
        },
    }


def grow(options: argparse.Namespace) -> None:
    """Print how the figures grow with the number of clips and cameras."""
    figures: dict[str, Any] = {"machine": machine()}
    print(f"{figures['machine']['processor']}, {figures['machine']['cores']} cores")
    with tempfile.TemporaryDirectory() as temporary, RtspServer(film(), free_port()) as rtsp:
        for title, names, columns in (
            ("clips", benchmark_growth.NAMES, benchmark_growth.vaults(options.clips)),
            (
                "cameras",
                benchmark_growth.CAMERA_NAMES,
                benchmark_growth.cameras(rtsp, Path(temporary), options.cameras, put_meter),
            ),
        ):
            found = {}
            if not getattr(options, title):
                continue
            for size, measured in columns:
                found[size] = measured
                print(f"… {size:,} {title}", flush=True)
            print(benchmark_growth.table(names, found), flush=True)
            figures[title] = found
            if options.chart and title == "clips":
                options.chart.write_text(benchmark_growth.chart(found), "utf-8")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="leave out the part with a real Home Assistant")
    parser.add_argument("--growth", action="store_true", help="measure what grows with clips and cameras, only that")
    parser.add_argument("--clips", type=int, nargs="*", default=benchmark_growth.SIZES, help="sizes for --growth")
    parser.add_argument("--chart", type=Path, help="draw how the figures grow with clips, as SVG")
    parser.add_argument("--cameras", type=int, nargs="*", default=benchmark_growth.CAMERA_NUMBERS)
    options = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        sys.exit("benchmark: ffmpeg is missing; as root on Debian: apt-get install ffmpeg")
    if options.growth:
        grow(options)
        return
    figures: dict[str, Any] = {"machine": machine()}
    print(
        f"{figures['machine']['processor']}, {figures['machine']['cores']} cores, x264 {figures['machine']['preset']}"
    )
    with tempfile.TemporaryDirectory() as temporary, RtspServer(film(), free_port()) as rtsp:
        folder = Path(temporary)
        parts: list[Callable[[], dict[str, float]]] = [
            lambda: masking(film(), folder),
            lambda: sealing(folder),
            lambda: benchmark_burst.stored(film(), folder),
            lambda: waiting(rtsp.url),
            lambda: recorder(rtsp.url, folder),
            lambda: benchmark_eyes.eyes(folder, cores_of, record_ffmpeg, motion, ZONES),
            lambda: benchmark_live.live(rtsp.url, ZONES, folder, cpu_seconds),
            lambda: custody("ledger"),
            lambda: custody("export"),
            lambda: custody("wipe"),
        ]
        if not options.quick:
            parts.append(lambda: home_assistant(rtsp, folder))
            parts.append(lambda: benchmark_burst.burst(rtsp, folder))
        for part in parts:
            measured = part()
            figures |= measured
            for name, value in measured.items():
                text, fits, bar = BARS.get(name, (NAMES.get(name, name), None, ""))  # type: ignore[arg-type]
                verdict = "" if fits is None else "ok" if fits(value) else "MISSED"
                print(f"{text:58} {value:10.3f}  {bar:8} {verdict}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
