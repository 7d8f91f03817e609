"""Watches the disk: known at once as what it is when it refuses, and as well again soon after it is mended (issue 17).

Whoever is refused says so (`report`). While all is well, a look that writes nothing is taken now and then; while there
is a fault, a little is written until that works. A full disk is made room on: the oldest clips that aren't held go.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from ...domain.errors import CamguardError, StorageError
from ...domain.storage_faults import FULL, READ_ONLY, SILENT, STORAGE_FAULTS, storage_fault
from ...vault.vault import Vault
from ..ports import RunBlocking
from .sweeper import Retention

LOOK_SECONDS = 8.0
RETRY_SECONDS = 2.0
ANSWER_SECONDS = 6.0
"""A disk that takes longer to answer than this doesn't answer: a network storage whose server is away."""
PROBE_BYTES = 256 << 10
_PROBE = ".camguard-probe"
_LEDGER = "ledger_not_written"
"""Which fault that was is found out by writing."""

_LOGGER = logging.getLogger(__name__)


class StorageWatch:
    """Of one site. All methods but `examine` belong to the event loop."""

    def __init__(
        self,
        vault: Vault,
        retention: Retention,
        run_blocking: RunBlocking,
        sweeping: asyncio.Lock,
        on_change: Callable[[], None],
    ) -> None:
        """Make a watch that isn't started. `sweeping` is held by whoever erases; `on_change` is told of each change."""
        self.fault = retention.storage_fault
        """Why nothing can be written now, a key of STORAGE_FAULTS; empty when all is well."""
        self.path = vault.paths.storage
        """Where that is: the folder for clips, or one of those with keys and ledger."""
        self._vault = vault
        self._retention = retention
        self._run_blocking = run_blocking
        self._sweeping = sweeping
        self._on_change = on_change
        self._wake = asyncio.Event()
        self._doubted = False
        self._looking: asyncio.Task[str] | None = None
        """One look at a time: on a disk that hangs, each would take a thread with it."""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.get_running_loop().create_task(self._watch(), name="camguard storage")

    async def close(self) -> None:
        """Stop watching."""
        for task in (self._task, self._looking):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def report(self, key: str) -> None:
        """Take in why something could not be written. What is no fault of the storage is ignored."""
        if key in STORAGE_FAULTS:
            self._set(self.fault or key)
            self._wake.set()
        elif key == _LEDGER:
            self.doubt()

    def doubt(self) -> None:
        """Find out soon, by writing, whether all is well: something could not be read, or the ledger not be written.

        A single bad file is no reason to end what is being recorded.
        """
        self._doubted = True
        self._wake.set()

    async def look(self) -> None:
        """Find out how the storage is."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._examine())
        looking = self._looking
        done, _ = await asyncio.wait([looking], timeout=ANSWER_SECONDS)
        if not done:
            self._set(SILENT)
            return
        if self._looking is looking:
            self._looking = None
        self._set(looking.result())

    async def _examine(self) -> str:
        async with self._sweeping:
            doubted, self._doubted = self._doubted, False
            return await self._run_blocking(self.examine, bool(self.fault) or doubted)

    def examine(self, thoroughly: bool) -> str:
        """Return what is wrong, or ""; `thoroughly`: by writing, and making room for it. Blocking."""
        self.path = self._vault.paths.storage
        try:
            self._vault.check_storage()
            if os.statvfs(self._vault.paths.storage).f_flag & os.ST_RDONLY:
                return READ_ONLY
            if thoroughly:
                self._write()
        except StorageError as error:
            return error.key
        except OSError as error:
            if (fault := storage_fault(error)) != FULL or not self._made_room():
                return fault
        return FULL if self._retention.is_short_of_space() else ""

    def _write(self) -> None:
        """Write a little wherever a clip needs it, and remove it again; raises OSError."""
        paths = self._vault.paths
        for folder, size in (
            (paths.storage, PROBE_BYTES),
            (paths.spools, 4096),
            (paths.keys, 4096),
            (paths.ledger.parent, 4096),
        ):
            try:
                _write_and_remove(folder / _PROBE, size)
            except OSError:
                self.path = folder
                raise

    def _made_room(self) -> bool:
        """Erase the oldest clips, one by one, until something can be written; whatever the file system says is free.

        Where the full disk is another one than theirs, that would help nobody.
        """
        while self._is_on_their_disk() and self._retention.erase_oldest():
            try:
                self._write()
            except OSError as error:
                if storage_fault(error) != FULL:
                    return False
            else:
                return True
        return False

    def _is_on_their_disk(self) -> bool:
        """Whether what could not be written last lies on the disk with the clips."""
        try:
            return self.path.stat().st_dev == self._vault.paths.storage.stat().st_dev
        except OSError:
            return False

    async def _watch(self) -> None:
        failed = ""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY_SECONDS if self.fault else LOOK_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self.look()
                failed = ""
            except CamguardError as error:
                self._set(error.key if error.key in STORAGE_FAULTS else self.fault)
            except Exception as error:  # it goes on watching, whatever happened; logged when it begins, not each time
                if repr(error) != failed:
                    failed = repr(error)
                    _LOGGER.exception("The storage could not be looked at, and is again in a while")

    def _set(self, fault: str) -> None:
        if fault == self.fault:
            return
        if fault:
            _LOGGER.warning("Nothing can be recorded: %s (%s)", fault, self.path)
        else:
            _LOGGER.info("Clips can be recorded again in %s", self._vault.paths.storage)
        self.fault = fault
        self._on_change()


def _write_and_remove(path: Path, size: int) -> None:
    """Write zeros to a new file, on disk when it is removed again; raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        # A short write of a full disk is no error yet: the rest is.
        left = memoryview(bytes(size))
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)
