"""The note that somebody viewed a clip: before the first byte, once a person and clip, and none for who may not."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from custom_components.camguard.app.retention.sweeper import Retention
from custom_components.camguard.app.viewing.playback import NOTE_SECONDS, Playback, Viewer
from custom_components.camguard.domain.clip import US_PER_DAY
from custom_components.camguard.domain.errors import ErasedError, IntegrityError, NotFoundError, StorageError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.vault import Vault

from ..hands import NOW, NOW_US, Hands, in_thread
from ..vault import conftest as vaults
from ..vault.clips import ledger_full, put_clip

paths, vault = vaults.paths, vaults.vault


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def playback(vault: Vault, clock: Hands) -> Playback:
    retention = Retention(vault, clock, min_free_bytes=0, retention_days=lambda _: 14)
    return Playback(vault, clock, in_thread, retention)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Lets the steady clock go on by some seconds."""
    gone, steady = [0.0], time.monotonic

    def go(seconds: float) -> None:
        gone[0] += seconds

    with monkeypatch.context() as patch:
        patch.setattr("custom_components.camguard.app.viewing.playback.time.monotonic", lambda: steady() + gone[0])
        yield go


def viewer(user_id: str = "u1", *, named: bool = True, may_see: bool = True, via: str = "api") -> Viewer:
    return Viewer(user_id=user_id, name=f"name of {user_id}", named=named, may_see=lambda _: may_see, via=via)


def views(vault: Vault) -> list[dict[str, Any]]:
    return [entry.body for entry in vault.ledger.entries() if entry.event == Event.VIEWED and entry.body]


async def test_noted_before_the_first_byte(vault: Vault, playback: Playback) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    opened = await playback.open(clip_id, viewer(via="media_browser"))
    (view,) = views(vault)
    assert {key: view[key] for key in ("clip_id", "camera_id", "user_id", "user_name", "via")} == {
        "clip_id": clip_id, "camera_id": "camera", "user_id": "u1", "user_name": "name of u1", "via": "media_browser",
    }  # fmt: skip
    assert await opened.read(5, 5) == b"clip "
    opened.close()


async def test_what_can_not_be_noted_is_not_shown(vault: Vault, playback: Playback) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    with ledger_full(vault), pytest.raises(StorageError, match="ledger_not_written"):
        await playback.open(clip_id, viewer())
    assert views(vault) == []
    (await playback.open(clip_id, viewer())).close()  # and it isn't taken for noted afterwards
    assert len(views(vault)) == 1


async def test_once_a_person_and_clip_in_ten_minutes(
    vault: Vault, playback: Playback, later: Callable[[float], None]
) -> None:
    one, other = put_clip(vault, "camera", NOW), put_clip(vault, "camera", NOW)

    async def watch(*requests: tuple[Any, str]) -> None:
        for opened in await asyncio.gather(*(playback.open(clip_id, viewer(user)) for clip_id, user in requests)):
            opened.close()

    # as players do: several ranges at once, and then one after the other
    await watch(*[(one, "u1")] * 8)
    await watch((one, "u1"))
    assert len(views(vault)) == 1
    await watch((one, "u2"), (other, "u1"))
    assert len(views(vault)) == 3
    later(NOTE_SECONDS - 1)
    await watch((one, "u1"))
    assert len(views(vault)) == 3
    later(2)
    await watch(*[(one, "u1")] * 3)
    assert [(view["clip_id"], view["user_id"]) for view in views(vault)][3:] == [(one, "u1")]


async def test_who_may_not_see_it_leaves_no_note_and_learns_nothing(vault: Vault, playback: Playback) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    gone = put_clip(vault, "camera", NOW)
    vault.erase([gone], "expired", NOW_US)
    for asked in (clip_id, gone, "f" * 32):
        with pytest.raises(NotFoundError) as error:
            await playback.open(asked, viewer(named=False, may_see=False))  # type: ignore[arg-type]
        assert error.value.key == "clip_not_found"
    with pytest.raises(ErasedError):
        await playback.open(gone, viewer())
    with pytest.raises(NotFoundError, match="clip_not_found"):
        await playback.open("f" * 32, viewer())  # type: ignore[arg-type]
    assert views(vault) == []


async def test_due_erased_and_altered_clips_leave_no_note(vault: Vault, playback: Playback, clock: Hands) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    altered = put_clip(vault, "camera", NOW)
    path = vault.paths.clip(altered)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IntegrityError):
        await playback.open(altered, viewer())
    clock.wall_us += 15 * US_PER_DAY
    with pytest.raises(ErasedError):
        await playback.open(clip_id, viewer())
    assert views(vault) == []


async def test_an_open_clip_ends_when_it_is_erased(vault: Vault, playback: Playback) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    opened = await playback.open(clip_id, viewer())
    assert await opened.read(0, 4)
    vault.erase([clip_id], "expired", NOW_US)
    with pytest.raises(ErasedError):
        await opened.read(0, 4)
    opened.close()


async def test_thumbnails_and_lists_are_no_views(vault: Vault, playback: Playback, paths: Paths) -> None:
    clip_id = put_clip(vault, "camera", NOW)
    assert await playback.thumbnail(clip_id, viewer())
    assert (await playback.clips(viewer(), ["camera"]))[1] == 1
    assert (await playback.clips(viewer(may_see=False), ["camera"]))[1] == 0
    assert views(vault) == []
