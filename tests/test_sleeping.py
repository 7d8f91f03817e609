"""Doorbells and cameras on a battery: awake for seconds, and each ring is recorded (issue 18 §2)."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from homeassistant.components.camera import CameraEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import call, until, until_clips
from .test_recording import entries
from .worker.driver import film
from .worker.live import Write, at_rate, http
from .worker.test_formats import X264

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("socket_enabled")]
BELL, GUARDED, STATUS = "event.bell", "camera.street_2", "sensor.street_worker"


class Doorbell:
    """Has an address while it is awake, and streams from it for as long."""

    def __init__(self, camera: FileCamera, url: str) -> None:
        self.camera = camera
        self._url = url
        self.awake = False
        self.asked = 0
        camera.stream_source = self._stream_source  # type: ignore[method-assign]

    async def _stream_source(self) -> str | None:
        self.asked += 1
        return self._url if self.awake else None

    def ring(self, hass: HomeAssistant) -> None:
        self.awake = True
        hass.states.async_set(BELL, dt_util.utcnow().isoformat(timespec="milliseconds"))

    def sleep(self) -> None:
        self.awake = False


@pytest.fixture
def doorbell(camera: FileCamera, tmp_path: Any) -> Iterator[Doorbell]:
    data = film(tmp_path / "film.ts", *X264, seconds=30).read_bytes()
    size = len(data) // 300 + 1
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    made: list[Doorbell] = []

    def deliver(write: Write) -> None:
        for piece in at_rate(pieces, 10):
            if not made[0].awake:
                return
            write(piece)

    with http("video/mp2t", deliver) as url:
        made.append(Doorbell(camera, url))
        yield made[0]
        made[0].sleep()


async def test_each_ring_of_a_doorbell_that_sleeps_is_recorded(hass: HomeAssistant, doorbell: Doorbell) -> None:
    hass.states.async_set(BELL, "unavailable")
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, triggers=[BELL], pre_roll=0, post_roll=4)
    await asyncio.sleep(5)  # tried ever more rarely by now
    for ring in range(1, 5):
        rung_at = dt_util.utcnow()
        doorbell.ring(hass)
        clips = await until_clips(hass, ring, 30)
        begun = dt_util.parse_datetime(clips[0]["start"])
        assert begun is not None
        assert begun - rung_at < timedelta(seconds=6), ring
        doorbell.sleep()
        async with asyncio.timeout(30):
            while (state := hass.states.get(STATUS)) and state.state not in {"reconnecting", "asleep"}:
                await asyncio.sleep(0.1)
        await asyncio.sleep(2)  # asked once more, it has no address
    # It was seen to sleep: from now on that is no fault, and nothing is asked of it.
    assert entry.subentries[camera_id].data["sleeps"] is True
    await until_asleep(hass)
    gaps, asked = len(entries(entry, "gap")), doorbell.asked
    await asyncio.sleep(6)
    assert doorbell.asked == asked
    assert len(entries(entry, "gap")) == gaps
    assert not [issue for issue in ir.async_get(hass).issues if issue[0] == "camguard" and camera_id in issue[1]]
    with pytest.raises(HomeAssistantError, match="sleeps"):
        await call(hass, "record", entity_id=GUARDED, duration=1)
    # An old ring told again, by an integration that comes back, is none.
    before = hass.states.get(BELL)
    assert before is not None
    for state in ("unavailable", before.state):
        hass.states.async_set(BELL, state)
    await asyncio.sleep(2)
    doorbell.ring(hass)
    await until_clips(hass, 5, 30)
    assert (await call(hass, "list_clips"))["total"] == 5


async def until_asleep(hass: HomeAssistant) -> None:
    async with asyncio.timeout(30):
        while (state := hass.states.get(STATUS)) is None or state.state != "asleep":
            await asyncio.sleep(0.1)


async def test_a_change_of_the_camera_entity_makes_it_be_tried_at_once(hass: HomeAssistant, doorbell: Doorbell) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, sleeps=True)
    await until_asleep(hass)
    asked = doorbell.asked
    hass.states.async_set("camera.street", "idle", {"access_token": "another"})
    hass.states.async_set("camera.street", "idle", {"access_token": "and another"})
    await asyncio.sleep(2)
    assert doorbell.asked <= asked + 1, "a token that is renewed tells nothing"
    doorbell.awake = True
    hass.states.async_set("camera.street", "streaming")
    await until(hass, GUARDED, "streaming", 8)
    doorbell.sleep()
    await until_asleep(hass)


class Snapshots(FileCamera):
    """Gives stills only, slowly, and swallows cancellation, as Home Assistant's own code does."""

    _attr_supported_features = CameraEntityFeature(0)

    def __init__(self, still: bytes) -> None:
        super().__init__(None, "Street", still)
        self.asked: list[float] = []
        self.seconds = 0.0

    async def async_camera_image(self, width: int | None = None, height: int | None = None) -> bytes | None:
        self.asked.append(time.monotonic())
        await asyncio.sleep(self.seconds)
        return self.still


@pytest.fixture
async def snapshots(hass: HomeAssistant, camera: FileCamera, tmp_path: Any) -> Snapshots:
    entity = Snapshots(film(tmp_path / "still.jpg", "-frames:v", "1").read_bytes())
    await hass.data["camera"].async_remove_entity(camera.entity_id)
    await hass.data["camera"].async_add_entities([entity])
    await hass.async_block_till_done()
    return entity


async def test_stills_have_one_asker_and_none_after_the_end(hass: HomeAssistant, snapshots: Snapshots) -> None:
    entry = await add_site(hass)
    snapshots.seconds = 0.5  # so that it is always asked when something ends
    await add_camera(hass, entry, pre_roll=0, post_roll=0, still_interval=2)
    await until(hass, GUARDED, "streaming")
    for _ in range(3):
        await hass.config_entries.async_reload(entry.entry_id)
        await until(hass, GUARDED, "streaming")
    snapshots.asked.clear()
    await asyncio.sleep(8)
    assert 3 <= len(snapshots.asked) <= 5, "every two seconds while nothing is recorded"
    snapshots.asked.clear()
    await call(hass, "record", entity_id=GUARDED, duration=6)
    await until_clips(hass, 1, 30)
    assert 5 <= len(snapshots.asked) <= 10, "every second while something is"
    assert await hass.config_entries.async_remove(entry.entry_id)
    await asyncio.sleep(1)
    snapshots.asked.clear()
    await asyncio.sleep(3)
    assert not snapshots.asked


async def test_a_camera_that_takes_its_time_for_a_still(hass: HomeAssistant, snapshots: Snapshots) -> None:
    entry = await add_site(hass)
    snapshots.seconds = 5
    await add_camera(hass, entry, pre_roll=0, post_roll=0)
    await until(hass, GUARDED, "streaming", 30)
    await call(hass, "record", entity_id=GUARDED, duration=12)
    (clip,) = await until_clips(hass, 1, 60)
    assert clip["duration"] >= 4
    assert all(gap["cause"] != "source_stalled" for gap in entries(entry, "gap"))
