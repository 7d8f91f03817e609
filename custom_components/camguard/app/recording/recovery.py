"""Finishes the clips of spools that were left behind: by a crash, a full disk, a worker that died."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable

from ...domain.clip import Clip, ClipId
from ...domain.errors import CamguardError, ErasedError
from ...domain.storage_faults import STORAGE_FAULTS
from ...vault.vault import Vault
from ...worker import faults
from ...worker.protocol import ClipFailed, ClipFinished, FinishSpool, Hello, Message
from ..ports import Clock, RunBlocking
from ..retention.reckoning import Reckoning
from ..workers.process import WorkerProcess
from .order import manifest_of

FINISH_SECONDS = 600.0
HELLO_SECONDS = 60.0
SETTLE_SECONDS = 60.0
TRIES_MAX = 3
_DISKS = STORAGE_FAULTS | {"ledger_not_written"}
"""These pass, and are tried again each minute."""

_LOGGER = logging.getLogger(__name__)


class SpoolRecovery:
    """One worker of its own, that runs only while there is something to finish."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        reckoning: Reckoning,
        run_blocking: RunBlocking,
        on_stored: Callable[[Clip], None],
        on_unproved: Callable[[str, ClipId], None],
    ) -> None:
        """`on_unproved(camera, clip)`: what was recorded shows something in a zone."""
        self._vault = vault
        self._clock = clock
        self._reckoning = reckoning
        self._run_blocking = run_blocking
        self._on_stored = on_stored
        self._on_unproved = on_unproved
        self._left_behind: set[ClipId] = set()
        """Of an earlier run."""
        self._waiting: list[ClipId] = []
        self._later: list[ClipId] = []
        """Couldn't be finished for now: a disk said no, a worker died."""
        self._told: set[ClipId] = set()
        self._tries: Counter[ClipId] = Counter()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def add_left_behind(self, clip_id: ClipId) -> None:
        """Finish what an earlier run left."""
        self._left_behind.add(clip_id)
        self.add(clip_id)

    def add(self, clip_id: ClipId) -> None:
        """Finish this one as soon as may be."""
        if clip_id not in self._waiting:
            self._waiting.append(clip_id)
        if self._closed or (self._task is not None and not self._task.done()):
            return
        self._task = asyncio.get_running_loop().create_task(self._work_off(), name="camguard finisher")

    def retry(self) -> None:
        """Try again what couldn't be finished for now."""
        later, self._later = self._later, []
        for clip_id in later:
            self.add(clip_id)

    async def settle(self) -> None:
        """Wait for what is being finished now; not for what a disk refuses."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=SETTLE_SECONDS)

    async def close(self) -> None:
        """Stop; what isn't finished is left for the next start."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work_off(self) -> None:
        while self._waiting:
            await self._work()

    async def _work(self) -> None:
        """Finish what waits, with one worker."""
        answers: asyncio.Queue[Message | None] = asyncio.Queue()
        worker = WorkerProcess(None, None, on_event=answers.put_nowait, on_lost=lambda: answers.put_nowait(None))
        worker.start()
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                while not isinstance(await answers.get(), Hello):
                    pass
            while self._waiting:
                clip_id = self._waiting.pop(0)
                try:
                    await self._finish(worker, answers, clip_id)
                except ErasedError:
                    await self._run_blocking(self._tidy, clip_id)
                except CamguardError as error:
                    self._put_off(clip_id, error.key)
        except TimeoutError:
            _LOGGER.warning("No worker could be started to finish clips")
            self._later += self._waiting
            self._waiting.clear()
        finally:
            await worker.stop()

    def _tidy(self, clip_id: ClipId) -> None:
        """Remove what is left of a clip that lacks a key, unless that is because it is in the vault already."""
        if not self._vault.paths.manifest(clip_id).exists():
            self._vault.discard(clip_id)

    def _put_off(self, clip_id: ClipId, why: str) -> None:
        """Leave a clip for later. One that isn't a disk's matter isn't tried for ever: it waits for the next start."""
        if clip_id not in self._told:
            self._told.add(clip_id)
            _LOGGER.warning("A clip could not be finished yet: %s", why)
        self._tries[clip_id] += why not in _DISKS
        if self._tries[clip_id] < TRIES_MAX:
            self._later.append(clip_id)

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
        answer = await self._answer(answers, clip_id) if sent else None
        match answer:
            case ClipFinished():
                reckoning = self._reckoning
                left = clip_id in self._left_behind
                ended_us = reckoning.of_left_behind() if left else reckoning.of_finished(answer.end_us)
                manifest = manifest_of(answer, ended_us)
                await self._run_blocking(self._vault.store, manifest, self._clock.now_us())
                self._told.discard(clip_id)
                self._on_stored(manifest.clip)
            case ClipFailed(spool_usable=False):
                await self._run_blocking(self._vault.discard_spool, clip_id)
                _LOGGER.warning("The spool of clip %s held nothing that can be played", clip_id)
            case ClipFailed(key=faults.MASK_NOT_PROVED):
                _LOGGER.error("Clip %s shows something in a zone (%s): it is kept closed", clip_id, answer.detail)
                self._on_unproved(answer.camera_id, clip_id)
            case ClipFailed(key=key):
                self._put_off(clip_id, key)
            case _:
                self._put_off(clip_id, faults.WORKER_LOST)

    async def _answer(
        self, answers: asyncio.Queue[Message | None], clip_id: ClipId
    ) -> ClipFinished | ClipFailed | None:
        """Return what became of a clip; None when the worker died over it or took too long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS):
                while True:
                    match await answers.get():
                        case ClipFinished() | ClipFailed() as answer if answer.clip_id == clip_id:
                            return answer
                        case None:
                            return None
                        case _:
                            continue
        return None
