"""What becomes of what was asked for, when something is in the way."""

import asyncio
import os
import signal
from typing import Any

import pytest
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from custom_components.camguard.app.events import Change, ChangeKind
from custom_components.camguard.app.workers.backlog import Overload
from custom_components.camguard.worker.protocol import Allow

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import call, until, until_clips, until_told
from .vault.clips import put_clip

GUARDED = "camera.street_2"
NOWHERE = "rtsp://127.0.0.1:9/nothing"


def entries(entry: Any, event: str) -> list[dict[str, Any]]:
    ledger = entry.runtime_data.site.vault.ledger
    return [item.body for item in ledger.entries() if item.event == event and item.body]


async def until_entry(entry: Any, event: str, seconds: float = 30, **facts: Any) -> dict[str, Any]:
    async with asyncio.timeout(seconds):
        while True:
            for body in entries(entry, event):
                if all(body.get(name) == value for name, value in facts.items()):
                    return body
            await asyncio.sleep(0.1)


async def test_a_trigger_makes_no_requested_recording_shorter(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("binary_sensor.motion", "off")
    entry = await add_site(hass)
    await add_camera(hass, entry, triggers=["binary_sensor.motion"], pre_roll=0, post_roll=0)
    await until(hass, GUARDED, "streaming")
    await call(hass, "record", entity_id=GUARDED, duration=6)
    hass.states.async_set("binary_sensor.motion", "on")
    await asyncio.sleep(1)
    hass.states.async_set("binary_sensor.motion", "off")
    (clip,) = await until_clips(hass, 1)
    assert clip["duration"] > 5.5


async def test_a_request_while_a_trigger_holds_lasts_as_long_as_asked(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.states.async_set("binary_sensor.motion", "off")
    entry = await add_site(hass)
    await add_camera(hass, entry, triggers=["binary_sensor.motion"], pre_roll=0, post_roll=0)
    await until(hass, GUARDED, "streaming")
    hass.states.async_set("binary_sensor.motion", "on")
    await until(hass, "binary_sensor.street_recording", "on")
    await call(hass, "record", entity_id=GUARDED, duration=5)
    hass.states.async_set("binary_sensor.motion", "off")
    (clip,) = await until_clips(hass, 1)
    assert clip["duration"] > 4.5


async def test_a_camera_that_is_away_keeps_no_other_from_recording(
    hass: HomeAssistant, camera: FileCamera, scene: Any
) -> None:
    attic = FileCamera(NOWHERE, "Attic")
    await hass.data["camera"].async_add_entities([attic])
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=0)
    await add_camera(hass, entry, source="camera.attic", pre_roll=0)
    await until(hass, GUARDED, "streaming")
    with pytest.raises(HomeAssistantError):
        await call(hass, "record", entity_id=["camera.attic_2", GUARDED], duration=2)
    (clip,) = await until_clips(hass, 1)
    assert clip["camera"] == GUARDED
    assert (await until_entry(entry, "clip_failed"))["camera_id"] != entry.runtime_data.guards


async def test_a_request_right_after_the_set_up_is_served(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=0)
    answer = await call(hass, "record", entity_id=GUARDED, duration=2)
    (clip,) = await until_clips(hass, 1)
    assert clip["clip_id"] == answer["clip_id"]


async def test_a_request_that_fails_is_told_and_served_late_when_the_camera_is_back(
    hass: HomeAssistant, camera: FileCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.camguard.app.recording.recorder.START_SECONDS", 1.0)
    url, camera.url = camera.url, NOWHERE
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=0)
    await asyncio.sleep(2)
    with pytest.raises(HomeAssistantError):
        await call(hass, "record", entity_id=GUARDED, duration=40)
    camera.url = url
    await until(hass, "binary_sensor.street_recording", "on", 40)
    camera.url = NOWHERE


async def test_each_outage_is_told_and_is_a_gap(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, mode="continuous", pre_roll=0)
    system = entry.runtime_data.site
    for number in (1, 2):
        await until(hass, "binary_sensor.street_recording", "on")
        system.retention._min_free_bytes = 1 << 62
        await system.storage.look()
        await until(hass, "binary_sensor.street_recording", "off")
        await asyncio.sleep(3)
        system.retention._min_free_bytes = 0
        await system.storage.look()
        await until(hass, "binary_sensor.street_recording", "on")
        await asyncio.sleep(0.5)
        assert len(entries(entry, "clip_failed")) == number
        gaps = [body for body in entries(entry, "gap") if body["cause"] == "storage_full"]
        assert len(gaps) == number
        assert gaps[-1]["to_us"] - gaps[-1]["from_us"] > 2_500_000
    event = hass.states.get("event.street_clip")
    assert event.attributes["event_type"] in {"gap", "recorded"}


async def test_changing_a_camera_is_a_short_gap_and_a_new_one_none(
    hass: HomeAssistant, camera: FileCamera, scene: Any
) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    assert entries(entry, "gap") == []
    system = entry.runtime_data.site
    system.retention.last_seen_us = 1  # CamGuard ran long ago: that is no gap of a camera that was watched since
    subentry = entry.subentries[camera_id]
    hass.config_entries.async_update_subentry(entry, subentry, data={**subentry.data, "post_roll": 3})
    await hass.async_block_till_done()
    await until(hass, GUARDED, "streaming")
    for body in entries(entry, "gap"):
        assert body["to_us"] - body["from_us"] < 20_000_000
    await hass.data["camera"].async_add_entities([FileCamera(str(scene), "Yard")])
    yard = await add_camera(hass, entry, source="camera.yard")
    await until(hass, "camera.yard_2", "streaming")
    assert [body for body in entries(entry, "gap") if body["camera_id"] == yard] == []


async def test_a_camera_that_is_away_over_a_restart_is_one_gap(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    url, camera.url = camera.url, NOWHERE
    os.kill(entry.runtime_data.recorder(camera_id).worker.pid, signal.SIGKILL)
    await until(hass, "sensor.street_worker", "reconnecting")
    await asyncio.sleep(3)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await asyncio.sleep(3)
    camera.url = url
    await until(hass, GUARDED, "streaming", 60)
    await asyncio.sleep(0.2)
    gaps = sorted((body["from_us"], body["to_us"]) for body in entries(entry, "gap"))
    assert sum(to_us - from_us for from_us, to_us in gaps) > 6_000_000
    for (_, end), (begin, _) in zip(gaps, gaps[1:], strict=False):
        assert begin - end < 1_000_000, "nothing is left out between them"


async def test_news_that_cannot_be_taken_in_end_nothing(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    system = entry.runtime_data.site
    heard: list[ChangeKind] = []

    def broken(change: Any) -> None:
        heard.append(change.kind)
        raise RuntimeError("a fault in what shows the news")

    unsubscribe = system.subscribe(broken)
    await call(hass, "record", entity_id=GUARDED, duration=1)
    (clip,) = await until_clips(hass, 1)
    async with asyncio.timeout(10):
        while ChangeKind.RECORDED not in heard:
            await asyncio.sleep(0.05)
    unsubscribe()
    assert entry.runtime_data.recorder(camera_id).worker.restarts == 0
    await until(hass, "sensor.street_clips", "1")
    assert clip["camera"] == GUARDED


async def test_the_sweeper_outlives_what_it_meets(
    hass: HomeAssistant, camera: FileCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.camguard.app.site.SWEEP_SECONDS", 0.05)
    entry = await add_site(hass)
    system = entry.runtime_data.site
    monkeypatch.setattr(system.retention, "sweep", lambda: 1 / 0)
    await asyncio.sleep(0.5)
    assert not system._sweeper.done()


async def test_the_finisher_leaves_a_stored_clip_alone(hass: HomeAssistant, camera: FileCamera) -> None:
    from homeassistant.util import dt as dt_util

    entry = await add_site(hass)
    system = entry.runtime_data.site
    clip_id = put_clip(system.vault, "camera", dt_util.utcnow())
    system._recovery.add(clip_id)
    async with asyncio.timeout(60):
        await asyncio.gather(system._recovery._task)
    assert system.vault.keyring.has_clip(clip_id)
    with system.vault.open_clip(clip_id) as reader:
        assert reader.read_at(0, 5) == b"clip "


async def test_switching_off_and_on_is_written_down(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    for action in ("turn_off", "turn_off", "turn_on"):
        await hass.services.async_call("switch", action, {"entity_id": "switch.street_recording"}, blocking=True)
        await hass.async_block_till_done()
    await asyncio.sleep(0.3)
    assert [body["armed"] for body in entries(entry, "settings_changed") if "armed" in body] == [False]
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    told = [(body["armed"], body.get("changes")) for body in entries(entry, "settings_changed") if "armed" in body]
    assert told == [(False, None), (True, 1)], "what follows within a minute is told in one word"


async def test_a_clip_that_is_finished_late_is_known_as_such(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    told: list[Event] = []
    hass.bus.async_listen("camguard_clip", told.append)
    recorder = entry.runtime_data.recorder(camera_id)
    await call(hass, "record", entity_id=GUARDED, duration=6)
    async with asyncio.timeout(30):
        while hass.states.get("sensor.street_worker").state != "finishing":
            # As the site's backlog tells a worker whose clip began after others that are late.
            recorder.worker.send(Allow(ring_max_bytes=64 << 20, go_on=False))
            await asyncio.sleep(0.1)
    assert hass.states.get("sensor.street_worker").attributes["behind"] >= 3
    assert hass.states.get("event.street_clip").attributes["event_type"] == "finishing"
    assert (await call(hass, "list_clips"))["clips"] == []
    recorder.worker.send(Allow(ring_max_bytes=64 << 20))
    (clip,) = await until_clips(hass, 1)
    assert clip["duration"] > 5
    await until(hass, "sensor.street_worker", "streaming")
    await until_told(told, 2)
    assert [event.data["type"] for event in told] == ["finishing", "recorded"]


async def test_a_machine_that_is_too_small_is_told_in_words(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    site = entry.runtime_data.site
    site.backlog.overload = Overload(fits=3, cameras=5)
    site.tell(Change(kind=ChangeKind.OVERLOAD, camera_id=""))
    issue = ir.async_get(hass).async_get_issue("camguard", "overload")
    assert issue.translation_placeholders == {"fits": "3", "cameras": "5"}
    site.backlog.overload = None
    site.tell(Change(kind=ChangeKind.OVERLOAD, camera_id=""))
    assert not ir.async_get(hass).async_get_issue("camguard", "overload")


async def test_what_is_stored_a_day_is_kept_to_by_the_frame_rate(hass: HomeAssistant, camera: FileCamera) -> None:
    """Nothing else is left out: the clip is as long as it was asked for, and says that it has fewer pictures."""
    entry = await add_site(hass, gb_a_day=0.1)
    camera_id = await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    backlog = entry.runtime_data.site.backlog
    backlog.budget.wrote(camera_id, 50_000_000)
    async with asyncio.timeout(20):
        while backlog._told.get(camera_id, (None, Allow(ring_max_bytes=0)))[1].keep_one_of != 6:
            await asyncio.sleep(0.1)
    await call(hass, "record", entity_id=GUARDED, duration=4)
    await until(hass, GUARDED, "recording")
    (clip,) = await until_clips(hass, 1)
    assert clip["duration"] > 3
    manifest = await hass.async_add_executor_job(entry.runtime_data.site.vault.manifest, clip["clip_id"])
    assert manifest.manifest.frame_rate_lowered
    rate = manifest.manifest.clip.frames / clip["duration"]
    assert rate < 4, "of 15"
