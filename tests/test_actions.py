"""The actions: who may call them, what they answer, how they refuse."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.util import dt as dt_util

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import call, until, until_clips
from .vault.clips import put_clip

GUARDED = "camera.street_2"


async def call_as(hass: HomeAssistant, user_id: str, action: str, **fields: Any) -> Any:
    return await hass.services.async_call(
        "camguard", action, fields, blocking=True, return_response=True, context=Context(user_id=user_id)
    )


async def test_record_answers_with_the_clip(hass: HomeAssistant, camera: FileCamera, hass_admin_user: User) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry, pre_roll=0)
    await until(hass, GUARDED, "streaming")
    answer = await call_as(hass, hass_admin_user.id, "record", entity_id=GUARDED, duration=1, reason="a test")
    again = await call(hass, "record", entity_id=GUARDED, duration=2)
    assert answer == {"clip_id": answer["clip_id"], GUARDED: {"clip_id": answer["clip_id"]}}
    assert again["clip_id"] == answer["clip_id"], "a running clip is made to last"
    (clip,) = await until_clips(hass, 1, entity_id=GUARDED)
    assert clip["clip_id"] == answer["clip_id"]
    assert clip["trigger"] == "action"
    assert clip["duration"] > 1.5
    device = entry.runtime_data.camera_entity_id(next(iter(entry.subentries)))
    assert device == GUARDED


async def test_record_refuses(
    hass: HomeAssistant, camera: FileCamera, hass_read_only_user: User, hass_admin_user: User
) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    with pytest.raises(ServiceValidationError, match="not a camera guarded"):
        await call(hass, "record", entity_id="camera.street")
    with pytest.raises(ServiceValidationError, match="at least one"):
        await call(hass, "record", area_id="nowhere")
    with pytest.raises(Unauthorized):
        await call_as(hass, hass_read_only_user.id, "record", entity_id=GUARDED)
    with pytest.raises(UnknownUser):
        await call_as(hass, "nobody", "record", entity_id=GUARDED)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError, match="isn't running"):
        await call(hass, "record", entity_id=GUARDED)


async def test_record_says_why_it_cannot(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    await until(hass, GUARDED, "streaming")
    site = entry.runtime_data.site
    site.retention._min_free_bytes = 1 << 62
    await site.storage.look()
    with pytest.raises(HomeAssistantError, match="disk for clips is full"):
        await call(hass, "record", entity_id=GUARDED)
    site.retention._min_free_bytes = 0
    await site.storage.look()
    entry.runtime_data.site.vault.paths.marker.unlink()
    with pytest.raises(HomeAssistantError):
        await call(hass, "record", entity_id=GUARDED)
    event = hass.states.get("event.street_clip")
    assert (event.attributes["event_type"], event.attributes["reason"]) == ("failed", "storage_missing")


async def test_list_clips_filters_and_pages(hass: HomeAssistant, camera: FileCamera, hass_read_only_user: User) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    vault = entry.runtime_data.site.vault
    now = dt_util.utcnow()
    starts = [now - timedelta(hours=hours) for hours in (5, 3, 1)]
    right = [int(start.timestamp() * 1_000_000) for start in starts]
    # By the second's clock it is two hours earlier than it is reckoned to have been.
    ids = [
        put_clip(vault, camera_id, start, reckoned_us=reckoned_us)
        for start, reckoned_us in zip(starts, (None, right[1] + 2 * 3_600_000_000, None), strict=True)
    ]
    everything = await call(hass, "list_clips")
    assert [clip["clip_id"] for clip in everything["clips"]] == ids[::-1]
    assert everything["total"] == 3
    assert [clip["clock_error"] for clip in everything["clips"]] == [0, pytest.approx(-7200, abs=60), 0]
    page = await call(hass, "list_clips", limit=1, offset=1)
    assert [clip["clip_id"] for clip in page["clips"]] == [ids[1]]
    assert page["total"] == 3
    some = await call(hass, "list_clips", start=starts[1] - timedelta(minutes=1), end=starts[2] - timedelta(minutes=1))
    assert [clip["clip_id"] for clip in some["clips"]] == [ids[1]]
    answer = await call_as(hass, hass_read_only_user.id, "list_clips", entity_id=GUARDED)
    assert answer["total"] == 3
    clip = answer["clips"][0]
    assert set(clip) == {
        "clip_id", "camera", "start", "end", "duration", "size", "sha256", "trigger", "held", "recovered", "has_audio", "mask_checked",
        "clock_error",
    }  # fmt: skip
    assert clip["camera"] == GUARDED
    hass_read_only_user.groups.clear()
    hass_read_only_user.invalidate_cache()
    assert (await call_as(hass, hass_read_only_user.id, "list_clips"))["total"] == 0
    with pytest.raises(Unauthorized):
        await call_as(hass, hass_read_only_user.id, "list_clips", entity_id=GUARDED)


async def test_apply_retention_erases_what_is_due(
    hass: HomeAssistant, camera: FileCamera, hass_read_only_user: User, hass_admin_user: User
) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, retention_days=2)
    vault = entry.runtime_data.site.vault
    now = dt_util.utcnow()
    old = put_clip(vault, camera_id, now - timedelta(days=3))
    new = put_clip(vault, camera_id, now - timedelta(days=1))
    assert [clip["clip_id"] for clip in (await call(hass, "list_clips"))["clips"]] == [new], (
        "hidden before it is erased"
    )
    with pytest.raises(ServiceValidationError, match="administrator"):
        await call_as(hass, hass_read_only_user.id, "apply_retention")
    assert await call_as(hass, hass_admin_user.id, "apply_retention") == {"erased": 1, "kept_held": 0}
    assert await call(hass, "apply_retention") == {"erased": 0, "kept_held": 0}
    assert not vault.paths.clip(old).exists()
    assert not vault.paths.clip_key(old).exists()
    assert vault.paths.clip(new).exists()
    await hass.async_block_till_done()
    assert hass.states.get("sensor.street_clips").state == "1"
