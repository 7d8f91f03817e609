"""Whether a camera shows what it showed when its zones were confirmed, as its worker says (issue 11).

Keeps what the worker compares with: taken once after a person has confirmed what the camera shows. What is lost of it
is told, and not made anew unasked.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from ...domain.errors import CamguardError, StorageError, WorkerError
from ...domain.settings import CameraSettings, KnownView
from ...vault.view_store import ViewStore
from ...worker import faults
from ...worker.protocol import CompareView, Hello, Message, ViewSeen, ViewTaken
from ..events import Change, ChangeKind
from ..ports import RunBlocking

MOVED, NOT_COMPARED, COVERED, FROZEN = "moved", "not_compared", "covered", "frozen"
FAULTS = frozenset({MOVED, NOT_COMPARED, COVERED, FROZEN, "blinded", "out_of_focus"})
"""What somebody should look at."""
CONDITIONS = ("confirmed", "learning", "unclear", *sorted(FAULTS))
"""As in ViewSeen."""

_LOGGER = logging.getLogger(__name__)


class ConfirmedView:
    """Of one camera. Belongs to the event loop; told to whoever listens, on change."""

    def __init__(
        self,
        camera: CameraSettings,
        store: ViewStore,
        send: Callable[[Message], bool],
        run_blocking: RunBlocking,
        notify: Callable[[Change], None],
        *,
        start: Callable[[Awaitable[None]], None],
    ) -> None:
        """`send` reaches the worker; `start` runs what isn't waited for."""
        self.known = camera.view
        self.condition = MOVED if self.known.moved else ""
        """As in ViewSeen; empty: nothing is known yet."""
        self.uncovered_percent = 0
        self.present = b""
        """When it was moved: what it shows, JPEG, with the zones where they belong. Never stored."""
        self._camera_id = camera.camera_id
        self._store = store
        self._send = send
        self._run_blocking = run_blocking
        self._notify = notify
        self._start = start
        self._writing = asyncio.Lock()

    @property
    def fault(self) -> str:
        """What somebody should look at, as in ViewSeen; empty when all is well, or the camera is blocked anyway."""
        return self.condition if self.condition in FAULTS - {MOVED} else ""

    def take(self, event: Hello | ViewSeen | ViewTaken, *, of_stills: bool = False) -> None:
        """Take in what the worker says; a new one is told what to compare with.

        `of_stills`: the source is asked for pictures. Many have none but the last one for hours: that is no fault.
        """
        match event:
            case Hello():
                self._start(self._refer())
            case ViewTaken():
                self._start(self._keep(event.image))
            case ViewSeen():
                self.uncovered_percent = event.uncovered_percent
                self.present = event.image
                if event.condition in {MOVED, "confirmed"}:
                    self._know(replace(self.known, moved=event.condition == MOVED))
                self._set("confirmed" if event.condition == FROZEN and of_stills else event.condition)

    async def reference(self) -> bytes:
        """Return what the pictures are compared with, JPEG; raises CamguardError."""
        if not self.known.view_id:
            raise WorkerError(faults.NOTHING_RECORDED)
        return await self._run_blocking(self._store.read, self.known.view_id)

    async def _refer(self) -> None:
        image = b""
        if self.known.view_id:
            try:
                image = await self.reference()
            except CamguardError as error:
                _LOGGER.warning("The confirmed view of camera %s can't be read: %s", self._camera_id, error)
                self._set(NOT_COMPARED)
                return
        self._send(CompareView(image=image, moved=self.known.moved))

    async def _keep(self, image: bytes) -> None:
        async with self._writing:
            if self.known.view_id:
                return  # of a worker that was told late that there is one
            try:
                view_id = await self._run_blocking(self._store.add, image)
            except StorageError as error:
                _LOGGER.warning("The confirmed view of camera %s can't be kept: %s", self._camera_id, error)
                return  # it is compared with as long as this worker runs, and taken again by the next one
            self._know(KnownView(view_id=view_id))

    def _know(self, known: KnownView) -> None:
        if known != self.known:
            self.known = known
            self._notify(Change(kind=ChangeKind.VIEW_KNOWN, camera_id=self._camera_id))

    def _set(self, condition: str) -> None:
        if condition != self.condition:
            self.condition = condition
            self._notify(Change(kind=ChangeKind.VIEW, camera_id=self._camera_id, key=condition))
