"""Failing storage is called failing storage, and recording goes on when it is mended (issue 17 §1): real disks."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from custom_components.camguard.app.recording.states import Phase
from custom_components.camguard.app.watching.gaps import GAP_LEAST_US
from custom_components.camguard.domain.clip import US_PER_DAY
from custom_components.camguard.domain.hold import Hold

from .cameras import FileCamera
from .disks import Disk, Share, disk, needs_mounts, share
from .setup import add_camera, add_site
from .test_main_job import call, until, until_clips
from .test_recording import entries
from .test_translations import EN

pytestmark = [needs_mounts, pytest.mark.timeout(180)]
GUARDED, STATUS = "camera.street_2", "sensor.street_worker"
TOLD_SECONDS = MENDED_SECONDS = 10


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Disk]:
    with disk(tmp_path) as made:
        yield made


@pytest.fixture
def nas(tmp_path: Path) -> Iterator[Share]:
    with share(tmp_path) as made:
        yield made


async def begin(hass: HomeAssistant, folder: Path, **changes: Any) -> Any:
    entry = await add_site(hass, storage_path=str(folder / "clips"))
    await add_camera(hass, entry, pre_roll=0, post_roll=0, **changes)
    await until(hass, GUARDED, "streaming")
    return entry


async def until_told(hass: HomeAssistant, fault: str) -> float:
    """Wait until state, reason and repair say so; returns how long that took, s."""
    began = time.monotonic()
    async with asyncio.timeout(TOLD_SECONDS):
        while not (
            (state := hass.states.get(STATUS))
            and (state.state, state.attributes.get("reason")) == ("blocked", fault)
            and ir.async_get(hass).async_get_issue("camguard", fault)
        ):
            await asyncio.sleep(0.05)
    return time.monotonic() - began


async def until_mended(hass: HomeAssistant, fault: str) -> float:
    """Wait until a clip can be recorded again; returns how long that took, s."""
    began = time.monotonic()
    async with asyncio.timeout(MENDED_SECONDS):
        while True:
            try:
                await call(hass, "record", entity_id=GUARDED, duration=1)
            except HomeAssistantError:
                await asyncio.sleep(0.2)
            else:
                break
    took = time.monotonic() - began
    assert ir.async_get(hass).async_get_issue("camguard", fault) is None
    return took


def sentence(fault: str) -> str:
    return EN["exceptions"][fault]["message"]


FAULTS: dict[str, tuple[str, Callable[[Disk], None], Callable[[Disk], None]]] = {
    "filled": ("storage_full", Disk.fill, Disk.clear),
    "locked": ("storage_read_only", Disk.lock, Disk.unlock),
    "broken": ("storage_read_only", Disk.break_down, Disk.repair),
    "pulled": ("storage_missing", Disk.pull, Disk.mount),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("busy", [False, True], ids=["waiting", "recording"])
async def test_a_disk_that_fails_is_told_and_recording_goes_on_when_it_is_mended(
    name: str, busy: bool, hass: HomeAssistant, camera: FileCamera, stick: Disk, record_property: Any
) -> None:
    fault, damage, mend = FAULTS[name]
    if name == "locked" and busy:
        pytest.skip("a disk that is written to can't be made read-only by hand; see 'broken'")
    hass.states.async_set("binary_sensor.motion", "off")
    entry = await begin(hass, stick.folder, triggers=["binary_sensor.motion"])
    await call(hass, "record", entity_id=GUARDED, duration=1)
    before = await until_clips(hass, 1)
    await hass.async_add_executor_job(hold_all, entry.runtime_data.site)
    if busy:
        hass.states.async_set("binary_sensor.motion", "on")
        await until(hass, GUARDED, "recording")
    await hass.async_add_executor_job(damage, stick)
    began = time.monotonic()
    if not busy:
        # Whoever asks first is told the cause.
        with pytest.raises(HomeAssistantError) as raised:
            await call(hass, "record", entity_id=GUARDED, duration=2)
        assert str(raised.value) == sentence(fault).rstrip(".")
    await until_told(hass, fault)
    record_property("told_s", round(time.monotonic() - began, 1))
    if busy:
        with pytest.raises(HomeAssistantError) as raised:
            await call(hass, "record", entity_id=GUARDED, duration=2)
        assert str(raised.value) == sentence(fault).rstrip(".")
        assert hass.states.get("event.street_clip").attributes["reason"] == fault
        (recorder,) = entry.runtime_data.site.cameras.values()
        async with asyncio.timeout(20):
            while recorder.phase is not Phase.WAITING:
                await asyncio.sleep(0.05)
        await asyncio.sleep(GAP_LEAST_US / 1e6)  # what is shorter is no gap
    await hass.async_add_executor_job(mend, stick)
    record_property("mended_s", round(await until_mended(hass, fault), 1))
    if busy:
        hass.states.async_set("binary_sensor.motion", "off")
    clips = await until_clips(hass, 2, 30)
    assert before[0]["clip_id"] in {clip["clip_id"] for clip in clips}, "what was whole is there"
    if busy:
        causes = {body["cause"] for body in entries(entry, "gap")}
        assert fault in causes, causes
    result = await call(hass, "verify")
    assert result["ok"], result


def hold_all(site: Any) -> None:
    """Hold what there is, so that nothing can be erased to make room."""
    for clip in site.vault.index.clips():
        far_us = clip.end_us + 30 * US_PER_DAY
        hold = Hold(clip_id=clip.clip_id, camera_id=clip.camera_id, since_us=1, until_us=far_us, reason="trial")
        site.vault.hold(hold, {}, clip.end_us)


async def test_on_a_full_disk_the_oldest_clips_go(hass: HomeAssistant, camera: FileCamera, stick: Disk) -> None:
    """Even with no space to be left free, and at once: not at the next sweep."""
    entry = await begin(hass, stick.folder)
    for count in (1, 2, 3):
        await call(hass, "record", entity_id=GUARDED, duration=3)
        clips = await until_clips(hass, count, 30)
    await hass.async_add_executor_job(stick.fill)
    began = time.monotonic()
    while True:
        try:
            answer = await call(hass, "record", entity_id=GUARDED, duration=2)
        except HomeAssistantError:
            assert time.monotonic() - began < MENDED_SECONDS
            await asyncio.sleep(0.2)
        else:
            break
    async with asyncio.timeout(30):
        while answer["clip_id"] not in {clip["clip_id"] for clip in (await call(hass, "list_clips"))["clips"]}:
            await asyncio.sleep(0.1)
    left = {clip["clip_id"] for clip in (await call(hass, "list_clips"))["clips"]}
    assert clips[-1]["clip_id"] not in left, "the oldest"
    erased = [body for body in entries(entry, "erased") if body["reason"] == "space"]
    assert erased
    assert erased[0]["clip_ids"] == [clips[-1]["clip_id"]]
    assert (await call(hass, "verify"))["ok"]


async def test_what_cannot_be_read_now_is_no_error_of_the_server(
    hass: HomeAssistant, camera: FileCamera, stick: Disk, hass_client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await begin(hass, stick.folder)
    await call(hass, "record", entity_id=GUARDED, duration=1)
    (clip,) = await until_clips(hass, 1)
    client, path = await hass_client(), f"/api/camguard/clips/{clip['clip_id']}.mp4"
    assert (await client.get(path)).status == 200
    await hass.async_add_executor_job(stick.pull)
    for address in (path, path.replace(".mp4", ".jpg")):
        answer = await client.get(address)
        assert (answer.status, await answer.text()) == (503, sentence("storage_missing"))
    await hass.async_add_executor_job(stick.mount)
    for file in stick.folder.rglob("*.mp4.age"):
        file.unlink()
    answer = await client.get(path)
    assert (answer.status, await answer.text()) == (404, sentence("clip_file_missing").format(clip_id=clip["clip_id"]))
    assert "can't be sent" not in caplog.text


async def test_a_share_that_hangs_is_told_and_playing_gives_up(
    hass: HomeAssistant, camera: FileCamera, nas: Share, hass_client: Any
) -> None:
    entry = await begin(hass, nas.folder)
    await call(hass, "record", entity_id=GUARDED, duration=1)
    (clip,) = await until_clips(hass, 1)
    client, path = await hass_client(), f"/api/camguard/clips/{clip['clip_id']}.mp4"
    nas.hang()
    # What the kernel has in its cache is read all the same: a clip that nobody has read yet is not. Where there are
    # millions of files, that takes a while.
    await hass.async_add_executor_job(Path("/proc/sys/vm/drop_caches").write_text, "3")
    began = time.monotonic()
    answer = await client.get(path)
    assert time.monotonic() - began < 10
    assert (answer.status, await answer.text()) == (503, sentence("storage_silent"))
    async with asyncio.timeout(2 * TOLD_SECONDS):
        await until_told(hass, "storage_silent")
    longest, last = 0.0, time.monotonic()
    while time.monotonic() - began < 25:
        await asyncio.sleep(0.02)
        longest, last = max(longest, time.monotonic() - last - 0.02), time.monotonic()
    assert longest < 1, "Home Assistant's loop goes on"
    nas.go_on()
    await until_mended(hass, "storage_silent")
    await until_clips(hass, 2, 30)
    assert (await client.get(path)).status == 200
    assert (await call(hass, "verify"))["ok"]
    assert entry.runtime_data.site.storage.fault == ""


async def test_the_disk_that_is_at_fault_is_the_one_that_is_named(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    """Clips lie on a disk that is well; that of keys and ledger is full."""
    with disk(tmp_path) as made:
        config = Path(hass.config.config_dir)
        ledger = config / "camguard"
        ledger.mkdir(exist_ok=True)
        mounted = Disk(tmp_path / "other.img", ledger)
        mounted.mount()
        try:
            entry = await begin(hass, made.folder)
            site = entry.runtime_data.site
            await call(hass, "record", entity_id=GUARDED, duration=1)
            (clip,) = await until_clips(hass, 1)
            await hass.async_add_executor_job(mounted.fill)
            await hass.async_add_executor_job(site.vault.ledger.give_up_reserve)
            await hass.async_add_executor_job((ledger / "rest").write_bytes, b"")
            with contextlib.suppress(OSError), (ledger / "rest").open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(1024))
            site.storage.report("ledger_not_written")
            await until_told(hass, "storage_full")
            issue = ir.async_get(hass).async_get_issue("camguard", "storage_full")
            assert issue
            assert issue.translation_placeholders == {"path": str(ledger)}
            await asyncio.sleep(3)
            listed = (await call(hass, "list_clips"))["clips"]
            assert [item["clip_id"] for item in listed] == [clip["clip_id"]], "erasing it would help nobody"
            (ledger / "rest").unlink()
            await hass.async_add_executor_job(mounted.clear)
            await until_mended(hass, "storage_full")
            await hass.config_entries.async_unload(entry.entry_id)
        finally:
            mounted.pull()
