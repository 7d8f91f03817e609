"""A running site: the vault, its cameras, the sweeper and the finisher, opened and closed in the right order."""

import asyncio
import logging
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from ..domain.clip import US_PER_DAY, Clip, ClipId
from ..domain.errors import StorageError
from ..domain.ledger import Anchor, Event, Witness
from ..domain.settings import CameraSettings, Host, SiteSettings
from ..domain.storage_faults import storage_error
from ..vault.clips.terms import Totals
from ..vault.paths import Paths
from ..vault.reconciliation import reconcile
from ..vault.register_store import Loaded
from ..vault.vault import Vault
from .copies.keeper import CopyKeeper
from .custody.holds import HoldKeeper, Restored
from .custody.verification import Verification
from .custody.wiping import Order, Preview, Wiped, Wiping
from .custody.wiping import Scope as WipeScope
from .custody.wiping import resume as resume_wipe
from .disclosure.offers import Disclosure
from .events import Change, ChangeKind
from .ports import Actor, Clock, RunBlocking, Source
from .recording.recorder import CameraRecorder
from .recording.recovery import SpoolRecovery
from .registers.keeper import RegisterKeeper
from .retention.storage import StorageWatch
from .retention.sweeper import SWEEP_SECONDS, Retention, Swept
from .viewing.live import LiveViews
from .viewing.playback import Playback
from .viewing.reveals import Reveals
from .watching.gap_history import GapHistory
from .workers.backlog import Backlog
from .workers.budget import Budget
from .workers.hosts import Hosts

_LOGGER = logging.getLogger(__name__)


class Site:
    """Everything that runs for a site. Made by `open`; all methods belong to the event loop."""

    def __init__(
        self,
        settings: SiteSettings,
        vault: Vault,
        retention: Retention,
        clock: Clock,
        run_blocking: RunBlocking,
        days: dict[str, int],
        witness: Witness | None,
        registers: Loaded,
    ) -> None:
        self.settings = settings
        self.vault = vault
        self.retention = retention
        self.cameras: dict[str, CameraRecorder] = {}
        self.playback = Playback(vault, clock, run_blocking, retention)
        self.stored_bytes = 0
        """Of all clips, those of removed cameras too."""
        self._clock = clock
        self._run_blocking = run_blocking
        self._loop = asyncio.get_running_loop()
        self._days = days
        self._watched_us: dict[str, int | None] = {}
        """When each camera was watched last, as far as it isn't now."""
        self._listeners: list[Callable[[Change], None]] = []
        self._recovery = SpoolRecovery(
            vault, clock, retention.reckoning, run_blocking, self._on_finished, self._on_unproved
        )
        self._sweeping = asyncio.Lock()
        self.storage = StorageWatch(vault, retention, run_blocking, self._sweeping, self._on_storage)
        self._head_of_day = -1, ""
        self._sweeper: asyncio.Task[None] | None = None
        self.altered: set[ClipId] = set()
        """Clips that turned out not to be what was sealed."""
        self.backlog = Backlog(
            settings.backlog_bytes,
            os.process_cpu_count() or 1,
            on_news=lambda: self.tell(Change(kind=ChangeKind.OVERLOAD, camera_id="")),
            budget=Budget(settings.cpu_share * (os.process_cpu_count() or 1), settings.bytes_a_day),
        )
        self.holds = HoldKeeper(
            vault,
            clock,
            run_blocking,
            self._sweeping,
            on_news=lambda: self.tell(Change(kind=ChangeKind.STORED, camera_id="")),
        )
        self.verification = Verification(
            vault,
            clock,
            run_blocking,
            ledger_keep_us=settings.ledger_years * 366 * US_PER_DAY,
            clock_believed=lambda: retention.reckoning.wall_believed,
            witness=witness,
            on_news=lambda: self.tell(Change(kind=ChangeKind.VERIFIED, camera_id="")),
        )
        self.disclosure = Disclosure(
            settings,
            vault,
            clock,
            run_blocking,
            is_due=retention.is_due,
            clock_error_us=retention.reckoning.clock_error_us,
            on_altered=self._on_altered,
            on_made=lambda number: self.tell(Change(kind=ChangeKind.DISCLOSED, camera_id="", key=number)),
            on_fetch=lambda: self.tell(Change(kind=ChangeKind.FETCHED, camera_id="")),
        )
        self.registers = RegisterKeeper(
            settings,
            vault,
            clock,
            run_blocking,
            registers,
            clock_believed=lambda: retention.trusted and retention.reckoning.wall_believed,
            on_news=lambda: self.tell(Change(kind=ChangeKind.DUTIES, camera_id="")),
        )
        self.copies = CopyKeeper(
            vault,
            clock,
            run_blocking,
            on_news=lambda: self.tell(Change(kind=ChangeKind.COPIES, camera_id="")),
            on_brought=self._after_bringing_back,
        )
        self._wiping = Wiping(
            settings,
            vault,
            clock,
            run_blocking,
            self._sweeping,
            copied=self.copies.holding,
            on_news=lambda: self.tell(Change(kind=ChangeKind.WIPING, camera_id="")),
        )
        self.gaps = GapHistory(vault, clock)
        self.hosts = Hosts(
            run_blocking,
            on_news=lambda: self.tell(Change(kind=ChangeKind.HOSTS, camera_id="")),
            on_back=self._on_host_back,
            where=lambda: [camera.worker.place.host_id for camera in self.cameras.values() if camera.worker.running],
        )
        self.reveals = Reveals(vault, clock, run_blocking)
        self.live_views = LiveViews(vault, clock, run_blocking)

    @property
    def now_us(self) -> int:
        """The wall clock, UTC epoch µs."""
        return self._clock.now_us()

    @property
    def wiping_progress(self) -> float | None:
        """Share of a wipe that is done, 0 to 1; None while nothing is wiped."""
        return self._wiping.progress

    def days_of(self, camera_id: str) -> int:
        """Return how many days a camera's clips may be kept now."""
        return self._days.get(camera_id, self.settings.retention_days)

    @property
    def witness(self) -> Witness:
        """The ledger's head now, to be noted elsewhere."""
        ledger = self.vault.ledger
        anchor = Anchor(seq=ledger.seq, head=ledger.head, where="home_assistant")
        return Witness(anchor=anchor, time_us=self._clock.now_us())

    @property
    def ledger_head_of_day(self) -> str:
        """The ledger's head as it was at the first look of the day (UTC): a witness outside, once a day."""
        day = self._clock.now_us() // US_PER_DAY
        if day != self._head_of_day[0]:
            self._head_of_day = day, self.vault.ledger.head
        return self._head_of_day[1]

    @classmethod
    async def open(
        cls,
        settings: SiteSettings,
        paths: Paths,
        clock: Clock,
        run_blocking: RunBlocking,
        camera_days: Mapping[str, int | None],
        witness: Witness | None = None,
    ) -> Site:
        """Open the vault, bring it in order and erase what is due, all before anything can be shown.

        `camera_days`: the retention setting by camera id; `witness`: the ledger's head as it was noted
        elsewhere. Raises LockedError, StorageError, IntegrityError.
        """
        days = {camera_id: value for camera_id, value in camera_days.items() if value is not None}

        def begin() -> tuple[Vault, Retention, tuple[ClipId, ...], Loaded]:
            vault = Vault.open(paths, taken_over=settings.taken_over)
            try:
                found = reconcile(vault, clock.now_us())
                resume_wipe(settings, vault, clock)
                retention = Retention(
                    vault,
                    clock,
                    min_free_bytes=settings.min_free_bytes,
                    retention_days=lambda camera_id: days.get(camera_id, settings.retention_days),
                )
                registers = vault.registers.load(tidy=vault.ledger_fits)
                vault.findings += registers.problems
                vault.tell_findings(clock.now_us())
                retention.sweep()
            except BaseException as error:
                vault.close()
                if isinstance(error, OSError):
                    raise storage_error(error, paths.storage) from error
                raise
            return vault, retention, found.spools_to_finish, registers

        vault, retention, spools, registers = await run_blocking(begin)
        site = cls(settings, vault, retention, clock, run_blocking, days, witness, registers)
        site._watched_us = dict.fromkeys(camera_days, retention.reckoning.last_seen_us)
        for clip_id in spools:
            site._recovery.add_left_behind(clip_id)
        site.verification.start()
        site.storage.start()
        site._sweeper = asyncio.get_running_loop().create_task(site._sweep_for_ever())
        return site

    async def close(self) -> None:
        """Stop everything; the clips in hand are finished."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        await self.storage.close()
        await self.verification.close()
        await self.disclosure.close()
        await self.copies.close()
        await asyncio.gather(*(camera.stop() for camera in self.cameras.values()))
        self.cameras.clear()
        await self.hosts.close()
        await self._recovery.close()
        await self._run_blocking(self._end)

    # --- cameras ---

    async def add_camera(self, camera: CameraSettings, source: Source, *, armed: bool = True) -> CameraRecorder:
        """Begin to guard a camera; `armed`: whether it may record."""
        if camera.retention_days is not None:
            self._days[camera.camera_id] = camera.retention_days
        else:
            self._days.pop(camera.camera_id, None)
        watched_us = self._watched_us.get(camera.camera_id)
        if not camera.unproved:  # then it goes on
            self._watched_us.pop(camera.camera_id, None)
        recorder = CameraRecorder(
            camera,
            self.settings,
            source,
            vault=self.vault,
            clock=self._clock,
            reckoning=self.retention.reckoning,
            run_blocking=self._run_blocking,
            notify=self.tell,
            storage=self.storage,
            backlog=self.backlog,
            finish_later=self._recovery.add,
            unseen_since_us=None if camera.closed else watched_us,  # what full privacy leaves out is no gap
            armed=armed,
            choose=self.hosts.chooser(camera.camera_id, camera.host),
        )
        recorder.last_clip = await self._run_blocking(self.vault.index.latest, camera.camera_id)
        self.cameras[camera.camera_id] = recorder
        await self._refresh_totals()
        recorder.start()
        return recorder

    async def remove_camera(self, camera_id: str, *, forget: bool) -> None:
        """Stop guarding a camera. `forget`: for good (its clips stay until their time is over)."""
        recorder = self.cameras.pop(camera_id, None)
        if recorder is not None:
            await recorder.stop()
            self.hosts.leave(camera_id)
            if not recorder.camera.unproved:
                self._watched_us[camera_id] = self._clock.now_us()
        if forget:
            self._days.pop(camera_id, None)
            self._watched_us.pop(camera_id, None)
            self.backlog.budget.forget(camera_id)
            await self.note(Event.CAMERA_REMOVED, {"camera_id": camera_id})

    async def use_hosts(self, hosts: Collection[Host]) -> None:
        """Have cameras worked for on these machines and no others; those that run elsewhere move."""
        gone = await self.hosts.use(hosts)
        for camera in self.cameras.values():
            if camera.worker.place.host_id in gone:
                camera.worker.move()

    def _on_host_back(self, host_id: str) -> None:
        """Send cameras back to their machine; those that are recording an event when that is over."""
        for camera in self.cameras.values():
            worker, wanted = camera.worker, camera.camera.host
            if wanted == host_id != worker.place.host_id and camera.may_pause and not worker.only_here:
                worker.move()

    # --- upkeep ---

    async def sweep(self) -> Swept:
        """Erase what is due and make room; raises StorageError."""
        async with self._sweeping:
            swept = await self._run_blocking(self.retention.sweep)
        self.storage.report(self.retention.storage_fault)
        if self.storage.fault:
            await self.storage.look()
        self._recovery.retry()
        await self.disclosure.sweep()
        await self._after_erasing(erased=swept.erased > 0)
        await self.registers.sweep()
        return swept

    async def preview_wipe(self, order: Order) -> Preview:
        """Return what a wipe would do now; raises NotFoundError, StorageError."""
        return await self._wiping.preview(order, self._in_hand)

    async def wipe(self, order: Order, by: Actor) -> Wiped:
        """Wipe clips on the operator's order; raises InvalidError, NotFoundError, StorageError.

        What a camera is recording is ended first, so that it is wiped with the rest; what it records next is not.
        """
        if order.scope in {WipeScope.CAMERA, WipeScope.EVERYTHING}:
            concerned = [
                camera
                for camera_id, camera in self.cameras.items()
                if order.scope is WipeScope.EVERYTHING or camera_id == order.camera_id
            ]
            await asyncio.gather(*(camera.settle() for camera in concerned))
        # A spool that was left behind has no index row yet: it becomes a clip first, so that it is found.
        await self._recovery.settle()
        try:
            return await self._wiping.wipe(order, by, self._in_hand)
        finally:
            await self.disclosure.sweep()
            await self._after_erasing(erased=True)

    @property
    def _in_hand(self) -> frozenset[ClipId]:
        return frozenset().union(*(camera.in_hand for camera in self.cameras.values()))

    async def restore_held(self, code: str, by: Actor) -> Restored:
        """Bring held clips back from a recovery kit; raises as `HoldKeeper.restore` does."""
        restored = await self.holds.restore(code, by)
        if restored.records:
            await self.registers.reload()
        await self._after_bringing_back()
        return restored

    async def _after_bringing_back(self) -> None:
        await self._refresh_totals()
        self.tell(Change(kind=ChangeKind.STORED, camera_id=""))

    async def _after_erasing(self, *, erased: bool) -> None:
        if erased:
            for camera_id, camera in self.cameras.items():
                if camera.last_clip is not None:  # if that one was erased: the newest that is left
                    camera.last_clip = await self._run_blocking(self.vault.index.latest, camera_id)
        await self._refresh_totals()
        self.tell(Change(kind=ChangeKind.STORED, camera_id=""))

    async def note(self, event: Event, facts: dict[str, object]) -> None:
        """Write a ledger entry; raises StorageError."""
        await self._run_blocking(self.vault.ledger.append, event, facts, self._clock.now_us())

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call `listener` with all news, in the event loop; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, change: Change) -> None:
        """Pass news on to all listeners."""
        if change.kind is ChangeKind.RECORDED and change.clip is not None:
            self.backlog.budget.wrote(change.camera_id, change.clip.size_bytes)
            self.stored_bytes += change.clip.size_bytes
            camera = self.cameras.get(change.camera_id)
            if camera is not None:
                before = camera.totals
                oldest = before.oldest_start_us
                camera.totals = replace(
                    before,
                    clips=before.clips + 1,
                    stored_bytes=before.stored_bytes + change.clip.size_bytes,
                    oldest_start_us=change.clip.start_us if oldest is None else min(oldest, change.clip.start_us),
                )
        self.copies.take(change)
        for listener in tuple(self._listeners):
            try:
                listener(change)
            except Exception:  # whatever fails in showing must not end the recording
                _LOGGER.exception("News of camera %s could not be taken in", change.camera_id)

    def _on_altered(self, clip_id: ClipId) -> None:
        """Take in, from any thread, that a clip isn't what was sealed."""
        self.altered.add(clip_id)
        self._loop.call_soon_threadsafe(self.tell, Change(kind=ChangeKind.VERIFIED, camera_id=""))

    def _on_storage(self) -> None:
        """The storage refuses, or is well again."""
        for camera in self.cameras.values():
            camera.storage_changed()
        if not self.storage.fault:
            self._recovery.retry()
        self.tell(Change(kind=ChangeKind.STORED, camera_id=""))

    def _on_finished(self, clip: Clip) -> None:
        camera = self.cameras.get(clip.camera_id)
        if camera is not None and (camera.last_clip is None or camera.last_clip.start_us < clip.start_us):
            camera.last_clip = clip
        self.tell(Change(kind=ChangeKind.RECORDED, camera_id=clip.camera_id, clip=clip))

    def _on_unproved(self, camera_id: str, clip_id: ClipId) -> None:
        self.tell(Change(kind=ChangeKind.UNPROVED, camera_id=camera_id, key=clip_id))

    async def erase_unproved(self, clip_id: ClipId, facts: dict[str, object]) -> None:
        """Destroy a clip that is kept closed, once that is written down; raises StorageError. `facts`: who wants it."""
        await self.note(Event.UNPROVED_ERASED, facts | {"clip_id": clip_id})
        await self._run_blocking(self.vault.discard, clip_id)

    async def _refresh_totals(self) -> None:
        totals = await self._run_blocking(self.vault.index.totals)
        self.stored_bytes = sum(total.stored_bytes for total in totals.values())
        for camera_id, camera in self.cameras.items():
            camera.totals = totals.get(camera_id, Totals())

    async def _sweep_for_ever(self) -> None:
        """Sweep each minute, whatever happens. A failure is logged when it begins, not each time."""
        failed = ""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.sweep()
                failed = ""
            except Exception as error:
                if str(error) != failed:
                    failed = str(error)
                    _LOGGER.exception("The sweep failed and is tried again each minute")
                self.tell(Change(kind=ChangeKind.STORED, camera_id=""))

    def _end(self) -> None:
        try:
            self.retention.remember()
        except StorageError as error:
            _LOGGER.warning("The clock's state could not be noted: %s", error)
        self.vault.close()
