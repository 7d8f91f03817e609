"""What a burst costs: twelve cameras with one trigger on a machine that can encode a third of that, in a real Home
Assistant; and how small a clip becomes when nothing else is to be done. Used by scripts/benchmark."""

import re
import subprocess
import threading
import time
from fractions import Fraction
from pathlib import Path

import av

from custom_components.camguard.worker.picture.encode import Encoder

from . import household
from .home import Home, wait_for
from .rtsp import RtspServer

CAMERAS = 12
TRIGGER_SECONDS = 15
PRE_ROLL, POST_ROLL = 5, 10
RATE = 15
FINISH_SECONDS = 300
BELL = "input_boolean.bell"
EXTRA = "input_boolean:\n  bell:\n"


def burst(rtsp: RtspServer, folder: Path) -> dict[str, float]:
    """Twelve cameras, one trigger: which part of the pictures is there, when the last clip is, what it cost others."""
    home = household.begin(folder / "burst", "benchmark", extra=EXTRA)
    try:
        entry = household.set_up(home)
        for number in range(CAMERAS):
            source = household.add_street_camera(home, rtsp, f"bay_{number}")
            guarded = household.guard(
                home, entry, source, test_clip=False, triggers=[BELL], pre_roll=PRE_ROLL, post_roll=POST_ROLL
            )
            wait_for(guarded, lambda guarded=guarded: home.state(guarded)["state"] == "streaming", 60)
        time.sleep(PRE_ROLL + 15)
        watch = _Watch(home)
        home.call("input_boolean.turn_on", entity_id=BELL)
        time.sleep(TRIGGER_SECONDS)
        home.call("input_boolean.turn_off", entity_id=BELL)
        began = time.monotonic()

        def done() -> bool:
            stored = home.call("camguard.list_clips", response=True)["clips"]
            covered = sum(clip["duration"] for clip in stored)
            return covered >= CAMERAS * (TRIGGER_SECONDS + POST_ROLL + PRE_ROLL - 2)

        wait_for("all clips", done, FINISH_SECONDS, every=1)
        finished_s = time.monotonic() - began - POST_ROLL
        watch.stop()
        clips = home.call("camguard.list_clips", response=True)["clips"]
        pictures = sum(_frames(home, clip["clip_id"]) for clip in clips)
        seconds = sum(clip["duration"] for clip in clips)
        return {
            "burst_pictures": pictures / (seconds * RATE),
            "burst_finished_s": finished_s,
            "burst_clips": len(clips),
            "burst_answer_max_ms": watch.longest_ms,
            "burst_worker_mb": watch.mean_bytes / 1e6,
            "burst_worker_max_mb": watch.most_bytes / 1e6,
        }
    finally:
        home.stop()


def _frames(home: Home, clip_id: str) -> int:
    """Return how many pictures a clip shows, of the clip itself."""
    answer = home.request("GET", f"/api/camguard/clips/{clip_id}.mp4")
    assert answer.status_code == 200, answer.text
    path = household.MEDIA / "burst.mp4"
    path.write_bytes(answer.content)
    with av.open(str(path)) as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)


class _Watch:
    """Asks Home Assistant for something small ten times a second, and looks at the workers' memory now and then."""

    def __init__(self, home: Home) -> None:
        self.longest_ms = 0.0
        self.most_bytes = 0
        self.mean_bytes = 0.0
        """Of a worker, when all together had most."""
        self._home = home
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._ended.wait(0.1):
            began = time.perf_counter()
            self._home.state(BELL)
            self.longest_ms = max(self.longest_ms, (time.perf_counter() - began) * 1000)
            number += 1
            if number % 20 == 0:
                sizes = [_private_bytes(pid) for pid in _workers()]
                self.most_bytes = max(self.most_bytes, *sizes)
                self.mean_bytes = max(self.mean_bytes, sum(sizes) / CAMERAS)


def _workers() -> list[int]:
    """Return the process ids of all workers."""
    found = subprocess.run(["pgrep", "-f", "camguard/worker/__main__.py"], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()] or [0]


def _private_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean:", "Private_Dirty:")))


def stored(source: Path, folder: Path) -> dict[str, float]:
    """Bytes of a clip to those that the camera sent, and how like it is to them (SSIM), by both of our settings.

    Without zones: what is masked would cost nothing and resemble nothing. Beside them ffmpeg at the same presets.
    """
    sent = _video_bytes(source)
    figures: dict[str, float] = {}
    for name, thorough in (("fast", False), ("thorough", True)):
        path = folder / f"{name}.h264"
        description = _encode(source, path, thorough=thorough)
        preset, crf = description.split()[1], description.split()[3]
        theirs = folder / f"ffmpeg-{name}.mp4"
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(source), "-c:v", "libx264", "-preset", preset, "-crf", crf]
        subprocess.run([*command, "-bf", "0", "-an", str(theirs)], check=True)
        figures |= {
            f"stored_{name}_ratio": path.stat().st_size / sent,
            f"stored_{name}_ssim": _ssim(path, source),
            f"stored_{name}_ffmpeg_ratio": _video_bytes(theirs) / sent,
            f"stored_{name}_ffmpeg_ssim": _ssim(theirs, source),
        }
    return figures


def _encode(source: Path, path: Path, *, thorough: bool) -> str:
    """Write a film anew as the worker does; returns how."""
    encoder: Encoder | None = None
    with av.open(str(source)) as container, path.open("wb") as file:
        for number, frame in enumerate(container.decode(video=0)):
            if encoder is None:
                encoder = Encoder("libx264", frame, thorough=thorough)
                file.write(encoder.extradata or b"")
            for unit in encoder.encode(frame, int(number * Fraction(1_000_000, RATE))):
                file.write(unit.data)
        assert encoder is not None
        for unit in encoder.flush():
            file.write(unit.data)
    return encoder.description


def _video_bytes(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(packet.size for packet in container.demux(video=0))


def _ssim(path: Path, source: Path) -> float:
    """Return the likeness in brightness, by ffmpeg's filter."""
    rate = ["-r", str(RATE)] if path.suffix == ".h264" else []
    command = ["ffmpeg", *rate, "-i", str(path), "-i", str(source), "-lavfi", "[0:v][1:v]ssim", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.search(r"SSIM Y:([\d.]+)", told)
    assert found, told
    return float(found[1])
