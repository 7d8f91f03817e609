"""Cutting extracts for a disclosure, in a worker that runs only meanwhile."""

import asyncio
import contextlib
import uuid
from pathlib import Path

from ...domain.clip import Clip
from ...domain.errors import WorkerError
from ...domain.storage_faults import storage_error
from ...vault.media.destroy import overwrite_and_remove
from ...vault.paths import FOLDER_MODE, PART
from ...vault.sealed import Identity
from ...vault.vault import Vault
from ...worker import faults
from ...worker.protocol import ClipCut, ClipFailed, CutClip, Hello, Message
from ..ports import RunBlocking
from ..workers.process import WorkerProcess

CUT_SECONDS = 300.0


class Cutter:
    """One cut at a time."""

    def __init__(self, vault: Vault, run_blocking: RunBlocking) -> None:
        self._vault = vault
        self._run_blocking = run_blocking
        self._lock = asyncio.Lock()

    async def cut(self, clip: Clip, from_us: int, to_us: int) -> tuple[ClipCut, Path, Identity]:
        """Return (facts, path of the sealed extract, its key, which is stored nowhere). Times: µs into the clip.

        Raises ErasedError, StorageError, WorkerError (`nothing_recorded`: no frame in that time); then nothing is left.
        """
        secret = (await self._run_blocking(self._vault.keyring.clip, clip.clip_id)).text
        path, identity = self._vault.paths.extracts / f"{uuid.uuid4().hex}.mp4.age", Identity.generate()
        order = CutClip(
            clip_id=clip.clip_id,
            clip_path=str(self._vault.paths.clip(clip.clip_id)),
            clip_secret=secret,
            extract_path=str(path),
            recipient=identity.recipient.text,
            from_us=from_us,
            to_us=to_us,
        )
        async with self._lock:
            try:
                await self._run_blocking(lambda: path.parent.mkdir(mode=FOLDER_MODE, exist_ok=True))
            except OSError as error:
                raise storage_error(error, self._vault.paths.storage) from error
            try:
                match await self._ask(order):
                    case ClipCut() as facts:
                        return facts, path, identity
                    case ClipFailed(key=key):
                        raise WorkerError(key, clip_id=clip.clip_id)
                    case _:
                        raise WorkerError(faults.WORKER_LOST)
            except BaseException:  # cancelled, say, when the worker was done already
                await self._run_blocking(remove_extract, path)
                raise

    async def _ask(self, order: CutClip) -> Message | None:
        """Return the worker's answer; None when it died or took too long."""
        answers: asyncio.Queue[Message | None] = asyncio.Queue()
        worker = WorkerProcess(None, None, on_event=answers.put_nowait, on_lost=lambda: answers.put_nowait(None))
        worker.start()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CUT_SECONDS):
                    while True:
                        match await answers.get():
                            case Hello():
                                worker.send(order)
                            case ClipCut() | ClipFailed() as answer:
                                return answer
                            case None:
                                return None
                            case _:
                                continue
            return None
        finally:
            await worker.stop()


def remove_extract(path: Path) -> None:
    """Remove a sealed extract, as far as the disk lets us; without its key it is noise. Blocking."""
    for candidate in (path, path.with_name(path.name + PART)):
        with contextlib.suppress(OSError):
            overwrite_and_remove(candidate, whole=False)
