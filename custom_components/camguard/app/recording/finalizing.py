"""What becomes of a camera's clips once their recording has ended: taken into the vault, dropped, or left for later."""

import logging
from collections.abc import Callable

from ...domain.clip import Clip, ClipId
from ...domain.errors import CamguardError, ErasedError, StorageError
from ...vault.vault import Vault
from ...worker.protocol import ClipFailed, ClipFinished
from ..ports import Clock, RunBlocking
from ..retention.reckoning import Reckoning
from .order import manifest_of

_LOGGER = logging.getLogger(__name__)


class Finalizing:
    """Of one camera. `finish_later` takes the spools that its worker left behind."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        reckoning: Reckoning,
        run_blocking: RunBlocking,
        finish_later: Callable[[ClipId], None],
    ) -> None:
        self.clip_ids: set[ClipId] = set()
        """Clips that the worker is making of their spools, or that are being taken in."""
        self._storing: set[ClipId] = set()
        self._vault = vault
        self._clock = clock
        self._reckoning = reckoning
        self._run_blocking = run_blocking
        self._finish_later = finish_later

    def expect(self, clip_id: ClipId) -> None:
        """Take note that the worker makes a clip of its spool."""
        self.clip_ids.add(clip_id)

    def received(self, clip_id: ClipId) -> None:
        """Have a clip made of a spool that is here whole, recorded by a worker on another machine."""
        self._leave(clip_id)

    def worker_lost(self) -> None:
        """Leave what the worker had in hand; what is being taken in is whole already."""
        for clip_id in self.clip_ids - self._storing:
            self._leave(clip_id)

    async def store(self, finished: ClipFinished) -> Clip | None:
        """Take a finished clip into the vault; None when it was wiped meanwhile.

        Raises StorageError, IntegrityError; then it is left for later.
        """
        manifest = manifest_of(finished, self._reckoning.of_finished(finished.end_us))
        clip_id = manifest.clip.clip_id
        self._storing.add(clip_id)
        try:
            await self._run_blocking(self._vault.store, manifest, self._clock.now_us())
        except ErasedError:
            self.clip_ids.discard(clip_id)
            return None
        except CamguardError as error:
            _LOGGER.warning("A finished clip could not be stored yet: %s", error)
            self._leave(clip_id)
            raise
        finally:
            self._storing.discard(clip_id)
        self.clip_ids.discard(clip_id)
        return manifest.clip

    async def drop(self, failed: ClipFailed) -> None:
        """Remove what never came about; what a later try may finish is left for it."""
        clip_id = ClipId(failed.clip_id)
        if not failed.spool_usable:
            try:
                await self._run_blocking(self._vault.discard_spool, clip_id)
            except StorageError:
                pass  # its disk is away
            else:
                self.clip_ids.discard(clip_id)
                return
        self._leave(clip_id)

    def _leave(self, clip_id: ClipId) -> None:
        self.clip_ids.discard(clip_id)
        self._finish_later(clip_id)
