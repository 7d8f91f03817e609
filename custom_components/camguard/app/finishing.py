"""Finishes the clips of spools that were left behind: by a crash, a full disk, a worker that died."""

import asyncio
import logging
from collections.abc import Callable

from ..domain.clip import Clip, ClipId
from ..domain.errors import CamguardError, ErasedError
from ..vault.vault import Vault
from ..worker.protocol import ClipFailed, ClipFinished, FinishSpool, Hello, Message
from .grant import manifest_of
from .ports import Clock, RunBlocking
from .worker_process import WorkerProcess

FINISH_SECONDS = 600.0

_LOGGER = logging.getLogger(__name__)


class Finisher:
    """One worker of its own, that runs only while there is something to finish."""

    def __init__(
        self, vault: Vault, clock: Clock, run_blocking: RunBlocking, on_stored: Callable[[Clip], None]
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._on_stored = on_stored
        self._waiting: list[ClipId] = []
        self._later: list[ClipId] = []
        """Couldn't be finished for now: a disk said no."""
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def add(self, clip_id: ClipId) -> None:
        """Finish this one as soon as may be."""
        if clip_id not in self._waiting:
            self._waiting.append(clip_id)
        if self._closed or (self._task is not None and not self._task.done()):
            return
        self._task = asyncio.get_running_loop().create_task(self._work(), name="camguard finisher")

    def retry(self) -> None:
        """Try again what couldn't be finished."""
        later, self._later = self._later, []
        for clip_id in later:
            self.add(clip_id)

    async def close(self) -> None:
        """Stop; what isn't finished is left for the next start."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        answers: asyncio.Queue[Message | None] = asyncio.Queue()
        worker = WorkerProcess(None, None, on_event=answers.put_nowait, on_lost=lambda: answers.put_nowait(None))
        worker.start()
        try:
            while not isinstance(await answers.get(), Hello):
                pass
            while self._waiting:
                clip_id = self._waiting.pop(0)
                try:
                    await self._finish(worker, answers, clip_id)
                except ErasedError:
                    await self._run_blocking(self._vault.discard, clip_id)
                except CamguardError as error:
                    _LOGGER.warning("A clip could not be finished yet: %s", error)
                    self._later.append(clip_id)
        finally:
            await worker.stop()

    async def _finish(self, worker: WorkerProcess, answers: asyncio.Queue[Message | None], clip_id: ClipId) -> None:
        paths = self._vault.paths
        spool = await self._run_blocking(self._vault.keyring.spool, clip_id)
        clip = await self._run_blocking(self._vault.keyring.clip, clip_id)
        sent = worker.send(
            FinishSpool(
                clip_id=clip_id,
                spool_path=str(paths.spool_file(clip_id)),
                clip_path=str(paths.clip(clip_id)),
                thumbnail_path=str(paths.thumbnail(clip_id)),
                spool_secret=spool.text,
                recipient=clip.recipient.text,
            )
        )
        if not sent:
            self._later.append(clip_id)
            return
        async with asyncio.timeout(FINISH_SECONDS):
            while True:
                match await answers.get():
                    case ClipFinished(clip_id=answered) as finished if answered == clip_id:
                        manifest = manifest_of(finished)
                        await self._run_blocking(self._vault.store, manifest, self._clock.now_us())
                        self._on_stored(manifest.clip)
                        return
                    case ClipFailed(clip_id=answered) as failed if answered == clip_id:
                        if failed.spool_usable:
                            self._later.append(clip_id)
                        else:
                            _LOGGER.warning("The spool of clip %s holds nothing that can be played", clip_id)
                            await self._run_blocking(self._vault.discard, clip_id)
                        return
                    case None:
                        # The worker died over it: not again before the next start.
                        self._later.append(clip_id)
                        return
                    case _:
                        continue
