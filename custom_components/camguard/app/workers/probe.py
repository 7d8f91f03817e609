"""Trying a camera before it is set up: one masked picture, and a short clip whose mask is proved."""

import asyncio
import os
import shutil
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from ...domain.clip import US_PER_SECOND
from ...domain.errors import WorkerError
from ...domain.settings import CameraSettings
from ...vault.sealed import Identity
from ...worker import faults
from ...worker.protocol import (
    CheckSpool,
    ClipFailed,
    ClipFinished,
    Message,
    SpoolChecked,
    StartClip,
    Status,
    StillTaken,
)
from ..ports import RunBlocking, Source
from ..recording.order import configure_of
from .process import Choose, WorkerProcess

PREVIEW_SECONDS = 25.0
TEST_SECONDS = 45.0
TEST_CLIP_SECONDS = 4
CORES_FOR_US = 0.8
"""Of the machine's processors."""
_AREA_PREFIX = "test-"
_areas: set[str] = set()
"""Folders of tests that run now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What became of a test clip. It is gone by now: its keys were in memory only."""

    seconds: float
    size_bytes: int
    frames: int
    masked: bool
    """Every zone was empty in every decoded frame."""
    sound: str = "off"
    """What became of the camera's sound (worker/protocol/, Status)."""
    sound_codec: str = ""
    cores: float | None = None
    """How many cores it took while it was recorded; None where the system doesn't tell."""

    def fits(self, cores: int) -> int | None:
        """Return how many such cameras a machine with so many cores records at once, leaving room for the rest."""
        return None if not self.cores else max(int(cores * CORES_FOR_US / self.cores), 0)


class _Probe:
    """A worker that lives for one question."""

    def __init__(self, camera: CameraSettings, source: Source, choose: Choose | None = None) -> None:
        self.events: asyncio.Queue[Message | None] = asyncio.Queue()
        self.worker = WorkerProcess(
            configure_of(camera),
            source,
            on_event=self.events.put_nowait,
            on_lost=lambda: self.events.put_nowait(None),
            choose=choose,
        )

    async def streaming(self) -> None:
        """Return once masked pictures come; raises WorkerError with the reason why they don't."""
        while True:
            match await self.events.get():
                case Status(state="streaming"):
                    return
                case Status(state="blocked" | "reconnecting") as status:
                    raise WorkerError(status.key, detail=status.detail)
                case None if self.worker.loss != faults.WORKER_MOVED:
                    raise WorkerError(self.worker.loss)
                case _:
                    continue

    async def wait_for[M: Message](self, kind: type[M]) -> M:
        """Return the next event of a kind; raises WorkerError when the clip fails."""
        while True:
            event = await self.events.get()
            if isinstance(event, kind):
                return event
            if isinstance(event, ClipFailed):
                raise WorkerError(event.key, detail=event.detail)
            if event is None:
                raise WorkerError(faults.WORKER_LOST)


async def preview(
    camera: CameraSettings,
    source: Source,
    max_width: int,
    running: WorkerProcess | None = None,
    *,
    grid: bool = True,
    choose: Choose | None = None,
) -> StillTaken:
    """Return the camera's current picture with its zones burnt in and, with `grid`, a percent grid over it.

    `running`: the worker that watches the same camera already. It is asked, since many cameras serve only one client.
    `choose`: where the camera is to be worked for, which is tried as well then; None: on this machine.
    Raises WorkerError with the reason when there is no picture within PREVIEW_SECONDS.
    """
    if running is not None and running.running:
        return await running.take_still(max_width, grid=grid, trial_zones=camera.zones)
    probe = _Probe(camera, source, choose)
    probe.worker.start()
    try:
        async with asyncio.timeout(PREVIEW_SECONDS):
            await probe.streaming()
            return await probe.worker.take_still(max_width, grid=grid)
    except TimeoutError:
        raise WorkerError(faults.SOURCE_STALLED) from None
    finally:
        await probe.worker.stop()


async def test_clip(camera: CameraSettings, source: Source, folder: Path, run_blocking: RunBlocking) -> TestResult:
    """Record a short clip into `folder` as a real one would be, prove its mask by decoding it, and remove it.

    Raises WorkerError with the reason when that didn't work, OSError when the folder can't be written to.
    """
    area = await run_blocking(_make_area, folder)
    probe = _Probe(camera, source)
    probe.worker.start()
    try:
        async with asyncio.timeout(TEST_SECONDS):
            await probe.streaming()
            if probe.worker.hello is not None and not probe.worker.hello.encoders:
                raise WorkerError(faults.NO_ENCODER)
            return await _record(probe, Path(area.name), run_blocking)
    except TimeoutError:
        raise WorkerError(faults.SOURCE_STALLED) from None
    finally:
        await probe.worker.stop()
        await run_blocking(_remove_area, area)


async def _record(probe: _Probe, folder: Path, run_blocking: RunBlocking) -> TestResult:
    spool, clip = Identity.generate(), Identity.generate()
    clip_id = uuid.uuid4().hex
    spool_path = folder / "test.spool.age"
    now_us = time.time_ns() // 1000
    probe.worker.send(
        StartClip(
            clip_id=clip_id,
            spool_path=str(spool_path),
            clip_path=str(folder / "test.mp4.age"),
            thumbnail_path=str(folder / "test.jpg.age"),
            spool_secret=spool.text,
            recipient=clip.recipient.text,
            from_us=now_us,
            until_us=now_us + TEST_CLIP_SECONDS * US_PER_SECOND,
            meta={},
        )
    )
    before = await run_blocking(_cpu_seconds, probe.worker.pid)
    finished = await probe.wait_for(ClipFinished)
    after = await run_blocking(_cpu_seconds, probe.worker.pid)
    probe.worker.send(CheckSpool(clip_id=clip_id, spool_path=str(spool_path), spool_secret=spool.text))
    checked = await probe.wait_for(SpoolChecked)
    seconds = max((finished.end_us - finished.start_us) / US_PER_SECOND, 0.1)
    return TestResult(
        seconds=seconds,
        size_bytes=finished.size_bytes,
        frames=finished.frames,
        masked=checked.masked and checked.frames == finished.frames,
        sound=finished.sound,
        sound_codec=finished.sound_codec,
        cores=None if before is None or after is None else (after - before) / seconds,
    )


def _cpu_seconds(pid: int | None) -> float | None:
    """Return the processor time that a process has used (proc_pid_stat(5), fields 14 and 15)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError, ValueError, IndexError:
        return None


def clear_areas(folder: Path) -> int:
    """Remove what set-up tests that were cut short have left in `folder`; returns how many. Blocking.

    Their keys were in memory only: what is left can't be opened. A test that runs now is left alone.
    """
    left = [area for area in folder.glob(f"{_AREA_PREFIX}*") if area.is_dir() and str(area) not in _areas]
    for area in left:
        shutil.rmtree(area, ignore_errors=True)
    return len(left)


def _make_area(folder: Path) -> tempfile.TemporaryDirectory[str]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    area = tempfile.TemporaryDirectory(dir=folder, prefix=_AREA_PREFIX)
    _areas.add(area.name)
    return area


def _remove_area(area: tempfile.TemporaryDirectory[str]) -> None:
    try:
        area.cleanup()
    finally:
        _areas.discard(area.name)
