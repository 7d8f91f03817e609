"""A worker's end: why it ended is known from its exit code, and who waits for it may give up."""

import asyncio
import sys
from pathlib import Path

import pytest

from custom_components.camguard.app.workers import process
from custom_components.camguard.app.workers.place import Place
from custom_components.camguard.worker.protocol import EXIT_TOO_LARGE


@pytest.mark.parametrize(("code", "loss"), [(EXIT_TOO_LARGE, "worker_too_large"), (4, "worker_lost")])
async def test_why_it_ended(code: int, loss: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ends.py"
    program.write_text(f"raise SystemExit({code})")
    monkeypatch.setattr(process, "HERE", Place(command=(sys.executable, "-P", str(program))))
    lost = asyncio.Event()
    worker = process.WorkerProcess(None, None, on_event=lambda _event: None, on_lost=lost.set)
    worker.start()
    async with asyncio.timeout(20):
        await lost.wait()
    assert worker.loss == loss
    await worker.stop()


@pytest.mark.parametrize("ticks", range(6))
async def test_who_waits_for_its_end_can_be_cancelled(ticks: int) -> None:
    """A cancelled export went on to make its offer: stopping its worker had taken the cancellation in."""
    worker = process.WorkerProcess(None, None, on_event=lambda _event: None, on_lost=lambda: None)
    worker.start()
    for _ in range(ticks):
        await asyncio.sleep(0)
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    assert stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    await worker.stop()
    assert not worker.running
