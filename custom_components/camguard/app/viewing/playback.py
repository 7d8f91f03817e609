"""Looking at clips: who may, what there is, and the note that somebody did (invariant 5)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...domain.clip import Clip, ClipId
from ...domain.errors import CamguardError, ErasedError, NotFoundError
from ...domain.ledger import Event
from ...domain.storage_faults import storage_error
from ...vault.clips.terms import EVERY, Filter
from ...vault.sealed import SealedReader
from ...vault.vault import Vault
from ..ports import Clock, RunBlocking
from ..retention.sweeper import Retention

ANSWER_SECONDS = 8.0
"""Who looks at a clip on a disk that doesn't answer is told so after this."""
FRESH_SECONDS = 1.0
"""What was read along at the opening may be given for this long: the clip was there then."""
READ_BYTES = 256 * 1024
"""At once."""
NOTE_SECONDS = 600.0
"""A player asks for many ranges: a person who goes on watching the same clip is noted again only after this."""


_closing: set[asyncio.Future[None]] = set()
"""Files that are being closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks. `named`: an administrator or a named viewer; `may_see`: whether of this camera."""

    user_id: str
    name: str
    named: bool
    may_see: Callable[[str], bool]
    via: str = ""
    """From where in Home Assistant: `media_browser`, `link`, or `api`."""


NO_VIEWER = Viewer(user_id="", name="", named=False, may_see=lambda _: False)
"""Where no person is known."""


class OpenClip:
    """A clip that is being read."""

    def __init__(
        self,
        clip: Clip,
        reader: SealedReader,
        path: Path,
        first: tuple[int, bytes],
        run_blocking: RunBlocking,
        has_key: Callable[[ClipId], bool],
    ) -> None:
        self.clip = clip
        self._has_key = has_key
        self.size = reader.size
        self._reader = reader
        self._path = path
        self._opened_at = time.monotonic()
        self._first = first
        """What was read along when the clip was opened: (offset, bytes)."""
        self._run_blocking = run_blocking

    async def read(self, offset: int, length: int) -> bytes:
        """Return bytes of the plain MP4.

        Raises ErasedError when the clip was erased meanwhile: an open file would give its bytes for ever. Raises
        IntegrityError when they aren't what was sealed.
        """
        first, self._first = self._first, (0, b"")
        if first[0] == offset and 0 < len(first[1]) <= length and time.monotonic() - self._opened_at < FRESH_SECONDS:
            return first[1]

        def read() -> bytes:
            if not self._has_key(self.clip.clip_id):
                raise ErasedError("clip_erased")
            try:
                return self._reader.read_at(offset, length)
            except OSError as error:
                raise storage_error(error, self._path) from error

        return await in_time(self._run_blocking(read), self._path)

    def close(self) -> None:
        """Close the file, in its own time: nobody waits for it."""
        task = asyncio.ensure_future(self._run_blocking(self._reader.close))
        _closing.add(task)
        task.add_done_callback(_closing.discard)


async def in_time[T](work: Awaitable[T], path: Path) -> T:
    """Return what reading gives; raises StorageError `storage_silent` when the disk doesn't answer in time."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await work
    except TimeoutError as error:
        raise storage_error(error, path) from error


class Playback:
    """Serves viewers. Whoever may not see a clip gets the same answer as when there is none."""

    def __init__(self, vault: Vault, clock: Clock, run_blocking: RunBlocking, retention: Retention) -> None:
        self._vault = vault
        self._clock = clock
        self._run_blocking = run_blocking
        self._retention = retention
        self._noted: dict[tuple[str, ClipId], float] = {}
        self._noting = asyncio.Lock()

    async def open(self, clip_id: ClipId, viewer: Viewer, span: slice | None = None) -> OpenClip:
        """Return the clip for reading, once the view is noted in the ledger. `span`: what will be read first.

        Raises NotFoundError, ErasedError, IntegrityError, StorageError.
        """
        # In one go: a player asks for many ranges, and each way to another thread and back may have to wait.
        storage = self._vault.paths.storage
        clip, reader, first = await in_time(self._run_blocking(self._look, clip_id, span), storage)
        try:
            known = await self._allowed(clip, clip_id, viewer)
            if isinstance(reader, CamguardError):
                raise reader
            assert reader is not None
            await self._note(known, viewer)
        except BaseException:
            if isinstance(reader, SealedReader):
                await self._run_blocking(reader.close)
            raise
        return OpenClip(known, reader, storage, first, self._run_blocking, self._vault.keyring.has_clip)

    async def thumbnail(self, clip_id: ClipId, viewer: Viewer) -> bytes:
        """Return the masked JPEG of a clip; raises as `open` does. A thumbnail in a list is no view of the clip."""
        await self._allowed(await self._run_blocking(self._vault.index.get, clip_id), clip_id, viewer)
        return await in_time(self._run_blocking(self._vault.thumbnail, clip_id), self._vault.paths.storage)

    async def clips(
        self,
        viewer: Viewer | None,
        camera_ids: Iterable[str] | None,
        *,
        start_us: int | None = None,
        end_us: int | None = None,
        limit: int | None = None,
        offset: int = 0,
        chosen: Filter = EVERY,
    ) -> tuple[list[Clip], int]:
        """Return (clips, newest first; how many there are in all) that the viewer may see; viewer None: everything.

        `camera_ids` None: of all cameras, removed ones too. Raises StorageError.
        """
        seen = await self._seen(viewer, camera_ids)
        index, terms = self._vault.index, self._retention.terms()

        def look() -> tuple[list[Clip], int]:
            rows = -1 if limit is None else limit
            found = index.clips(
                seen, start_us=start_us, end_us=end_us, limit=rows, offset=offset, terms=terms, chosen=chosen
            )
            if limit is None and not offset:
                return found, len(found)
            return found, index.count(seen, start_us=start_us, end_us=end_us, terms=terms, chosen=chosen)

        return await self._run_blocking(look)

    async def days(self, viewer: Viewer | None, camera_ids: Iterable[str], day_of: Callable[[int], int]) -> list[int]:
        """Return the days on which clips began that the viewer may see, newest first, each as its begin in epoch µs.

        `day_of` tells when the day of a time began; it is called in another thread. Raises StorageError.
        """
        seen = await self._seen(viewer, camera_ids)
        index, terms = self._vault.index, self._retention.terms()

        def look() -> list[int]:
            days: list[int] = []
            start_us = index.latest_start_us(seen, terms=terms)
            while start_us is not None:
                days.append(day_of(start_us))
                start_us = index.latest_start_us(seen, before_us=days[-1], terms=terms)
            return days

        return await self._run_blocking(look)

    async def counted_days(
        self,
        viewer: Viewer | None,
        camera_ids: Iterable[str] | None,
        day_of: Callable[[int], int],
        *,
        start_us: int | None = None,
        end_us: int | None = None,
        chosen: Filter = EVERY,
    ) -> list[tuple[int, int]]:
        """Return (begin in epoch µs, clips that began on it) of each day with clips, newest first, as `days` does.

        Clips that merely overlap [start_us, end_us) count, on the day on which they began.
        """
        seen = await self._seen(viewer, camera_ids)
        index, terms = self._vault.index, self._retention.terms()

        def look() -> list[tuple[int, int]]:
            days: list[tuple[int, int]] = []
            before_us = end_us
            latest = partial(index.latest_start_us, seen, start_us=start_us, terms=terms, chosen=chosen)
            began = partial(index.began, seen, start_us=start_us, terms=terms, chosen=chosen)
            while (begin_us := latest(before_us=before_us)) is not None:
                day_us = day_of(begin_us)
                days.append((day_us, began(begin_us=day_us, before_us=before_us)))
                before_us = day_us
            return days

        return await self._run_blocking(look)

    async def find(self, clip_id: ClipId, viewer: Viewer) -> Clip:
        """Return what the index knows of a clip. Raises NotFoundError, ErasedError, StorageError as `open` does."""
        clip = await self._allowed(await self._run_blocking(self._vault.index.get, clip_id), clip_id, viewer)
        if not self._vault.keyring.has_clip(clip_id):
            raise ErasedError("clip_erased")
        return clip

    async def neighbour(self, viewer: Viewer, clip: Clip, *, later: bool) -> ClipId | None:
        """Return the same camera's clip after or before this one. Raises StorageError."""
        seen = await self._seen(viewer, [clip.camera_id])
        index, terms = self._vault.index, self._retention.terms()

        def look() -> ClipId | None:
            start_us, end_us = (clip.start_us, None) if later else (None, clip.start_us + 1)
            around = index.clips(seen, start_us=start_us, end_us=end_us, limit=3, newest_first=not later, terms=terms)
            wanted = (
                item.clip_id
                for item in around
                if item.clip_id != clip.clip_id and (item.start_us >= clip.start_us) == later
            )
            return next(wanted, None)

        return await self._run_blocking(look)

    async def cameras(self) -> set[str]:
        """Return the cameras that there are clips of, removed ones too. Raises StorageError."""
        return await self._run_blocking(self._vault.index.camera_ids)

    async def _seen(self, viewer: Viewer | None, camera_ids: Iterable[str] | None) -> list[str]:
        asked = sorted(await self.cameras()) if camera_ids is None else camera_ids
        return [camera_id for camera_id in asked if viewer is None or viewer.may_see(camera_id)]

    def _look(
        self, clip_id: ClipId, span: slice | None
    ) -> tuple[Clip | None, SealedReader | CamguardError | None, tuple[int, bytes]]:
        """Return what there is, its reader or why there is none, and what is to be read first.

        Whether the asker may have it comes after.
        """
        nothing = 0, b""
        clip = self._vault.index.get(clip_id)
        if clip is None:
            return None, None, nothing
        try:
            reader = self._vault.open_clip(clip_id)
        except CamguardError as error:
            return clip, error, nothing
        start, stop, _ = (span or slice(0, 0)).indices(reader.size)
        try:
            return clip, reader, (start, reader.read_at(start, min(READ_BYTES, max(stop - start, 0))))
        except CamguardError, OSError:
            return clip, reader, nothing  # told when it is read

    async def _allowed(self, clip: Clip | None, clip_id: ClipId, viewer: Viewer) -> Clip:
        if clip is None and viewer.named:
            raise self._missing(clip_id)
        if clip is None or not viewer.may_see(clip.camera_id):
            raise NotFoundError("clip_not_found")
        if self._retention.is_due(clip):
            raise ErasedError("clip_erased")
        return clip

    def _missing(self, clip_id: ClipId) -> NotFoundError:
        """Tell a clip that was erased from one that never was."""
        erased = clip_id in self._vault.ledger.told.erased
        return ErasedError("clip_erased") if erased else NotFoundError("clip_not_found")

    async def _note(self, clip: Clip, viewer: Viewer) -> None:
        async with self._noting:  # a player asks for several ranges at once: the others wait for the first one's note
            now = time.monotonic()
            self._noted = {key: at for key, at in self._noted.items() if now - at < NOTE_SECONDS}
            key = viewer.user_id, clip.clip_id
            if key in self._noted:
                return
            facts = {
                "clip_id": clip.clip_id,
                "camera_id": clip.camera_id,
                "user_id": viewer.user_id,
                "user_name": viewer.name,
                "via": viewer.via,
            }
            await self._run_blocking(self._vault.ledger.append, Event.VIEWED, facts, self._clock.now_us())
            self._noted[key] = now
