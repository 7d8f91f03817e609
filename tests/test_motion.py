"""Motion in the masked picture, in Home Assistant: its sensor, what it starts, and the adaptive mode."""

import asyncio
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er

from .cameras import FileCamera
from .setup import CAMERA, add_camera, add_site
from .test_camera_flow import begin, go_on, reconfigure
from .test_main_job import until, until_clips
from .worker.test_adaptive import MOVES, RATE, decoded, write

pytestmark = pytest.mark.timeout(120)
MOTION = "binary_sensor.street_motion"
STOP_WATCH = [{"name": "stop-watch", "points": "0,90 72,90 72,100 0,100"}]
ELSEWHERE = [{"name": "sky", "points": "0,0 20,0 20,10 0,10"}]


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("film") / "wall.ts")


@pytest.fixture
def on_wall(camera: FileCamera, wall: Path) -> FileCamera:
    camera.url = str(wall)
    return camera


def motion(**changes: object) -> dict[str, object]:
    return {"motion": {"enabled": True, "leave_out": STOP_WATCH, "least_height": 3} | changes}


async def plain(hass: HomeAssistant, entry: object, clip_id: str) -> bytes:
    vault = entry.runtime_data.site.vault

    def read() -> bytes:
        with vault.open_clip(clip_id) as reader:
            return reader.read_at(0, reader.size)

    return await hass.async_add_executor_job(read)


async def test_what_moves_is_told_and_recorded_from_before_it_began(hass: HomeAssistant, on_wall: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, zones=ELSEWHERE, pre_roll=2, post_roll=1, **motion())
    await until(hass, "camera.street_2", "streaming")
    assert hass.states.get(MOTION).state == "off"
    assert hass.states.get(MOTION).attributes["device_class"] == "motion"
    await until(hass, MOTION, "on", 40)
    await until(hass, MOTION, "off", 40)
    (clip,) = await until_clips(hass, 1)
    assert clip["trigger"] == MOTION
    numbers = [number for _, number in decoded(await plain(hass, entry, clip["clip_id"]))]
    assert set(range(int((MOVES[0] - 1) * RATE), int(MOVES[1] * RATE))) <= set(numbers)


async def test_what_lies_in_a_zone_triggers_nothing(hass: HomeAssistant, on_wall: FileCamera) -> None:
    entry = await add_site(hass)
    zones = [{"name": "all that moves", "points": "0,30 100,30 100,70 0,70"}]
    camera_id = await add_camera(hass, entry, zones=zones, **motion())
    await until(hass, "camera.street_2", "streaming")
    told = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: told.append(event.data["new_state"].state) if event.data["entity_id"] == MOTION else None,
    )
    recorder = entry.runtime_data.recorder(camera_id)
    first = recorder.worker.beat.packets if recorder.worker.beat else 0
    for _ in range(400):
        beat = recorder.worker.beat
        if beat is not None and beat.packets - first > (MOVES[1] + 5) * RATE:
            break
        await asyncio.sleep(0.1)
    else:
        raise AssertionError("the film wasn't seen")
    assert "on" not in told


async def test_only_told(hass: HomeAssistant, on_wall: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, zones=ELSEWHERE, **motion(triggers=False))
    await until(hass, MOTION, "on", 40)
    assert hass.states.get("binary_sensor.street_recording").state == "off"


async def test_the_sensor_comes_and_goes_with_its_setting(hass: HomeAssistant, on_wall: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, zones=ELSEWHERE)
    assert hass.states.get(MOTION) is None
    for enabled in (True, False):
        result = await reconfigure(hass, entry, camera_id)
        for step in (
            CAMERA | motion(enabled=enabled),
            {"zones": ELSEWHERE, "view_is_own_premises": False},
            {"confirm": True},
            {"record_test_clip": False},
        ):
            result = await go_on(hass, result, step)
        assert result["type"] is FlowResultType.ABORT
        await hass.async_block_till_done()
        assert (hass.states.get(MOTION) is not None) == enabled
        assert (er.async_get(hass).async_get(MOTION) is not None) == enabled
    assert entry.subentries[camera_id].data["motion"]["leave_out"] == STOP_WATCH


async def test_areas_that_cannot_be_used_are_refused(hass: HomeAssistant, on_wall: FileCamera) -> None:
    entry = await add_site(hass)
    result = await begin(hass, entry)
    result = await go_on(hass, result, CAMERA | motion(leave_out=[{"name": "tree", "points": "0,0 1,1"}]))
    assert result["errors"] == {"base": "zone_too_few_points"}
    assert result["description_placeholders"]["zone"] == "tree"


async def test_adaptive_until_somebody_asks_for_all(hass: HomeAssistant, on_wall: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, zones=ELSEWHERE, mode="continuous", pre_roll=1, **motion(enabled=False))
    await until(hass, "camera.street_2", "recording", 40)
    await hass.services.async_call(
        "camguard", "record", {"entity_id": "camera.street_2", "duration": 2}, blocking=True, return_response=True
    )
    await asyncio.sleep(3)
    await hass.services.async_call("switch", "turn_off", {"entity_id": "switch.street_recording"}, blocking=True)
    (clip,) = await until_clips(hass, 1)
    assert clip["trigger"] == "continuous"
    numbers = [number for _, number in decoded(await plain(hass, entry, clip["clip_id"]))]
    run = max(len(run) for run in _runs(numbers))
    assert run >= 2 * RATE, "what was asked for is there at the full rate"


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for number in numbers:
        if runs[-1] and number != runs[-1][-1] + 1:
            runs.append([])
        runs[-1].append(number)
    return runs
