"""A camera that was moved, in Home Assistant: blocked, told, and gone on with once a person has looked."""

import asyncio
import base64
from typing import Any

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.camguard.app.overview import overview
from custom_components.camguard.app.watching.confirmed_view import ConfirmedView
from custom_components.camguard.domain.errors import ErasedError
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.worker.picture.still import jpeg
from custom_components.camguard.worker.protocol import CompareView, Status, ViewSeen, ViewTaken

from .cameras import FileCamera
from .eyes.views import ZONES, picture, seen
from .setup import CAMERA, add_camera, add_site
from .test_camera_flow import go_on, reconfigure
from .test_main_job import until

pytestmark = pytest.mark.timeout(120)
GUARDED, VIEW = "camera.street_2", "sensor.street_view"
RAW = [{"name": zone.name, "points": zone.points_text} for zone in ZONES]
PICTURE, PRESENT = (jpeg(picture(seen(x), ZONES), 480) for x in (0.0, 0.06))


def view_of(entry: Any, camera_id: str) -> ConfirmedView:
    return entry.runtime_data.recorder(camera_id).view


def says(entry: Any, camera_id: str, event: ViewSeen | ViewTaken) -> None:
    """Say what a worker would, without waiting for its looks."""
    entry.runtime_data.recorder(camera_id)._on_event(event)


async def guarded(hass: HomeAssistant) -> tuple[Any, str]:
    """Return the entry and a camera whose view was confirmed."""
    assert await async_setup_component(hass, REPAIRS, {})
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, zones=RAW)
    await until(hass, GUARDED, "streaming")
    says(entry, camera_id, ViewTaken(image=PICTURE))
    says(entry, camera_id, ViewSeen(condition="confirmed"))
    await until(hass, VIEW, "confirmed")
    await settled(entry, camera_id)
    return entry, camera_id


async def settled(entry: Any, camera_id: str) -> None:
    async with asyncio.timeout(10):
        while not view_of(entry, camera_id).known.view_id:
            await asyncio.sleep(0.05)


def moved() -> ViewSeen:
    return ViewSeen(condition="moved", uncovered_percent=12, image=PRESENT)


def issue(hass: HomeAssistant, key: str, camera_id: str) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue("camguard", f"{key}_{camera_id}")


async def notes(hass: HomeAssistant, entry: Any) -> list[dict[str, Any]]:
    ledger = entry.runtime_data.site.vault.ledger
    entries = await hass.async_add_executor_job(lambda: list(ledger.entries()))
    return [item.body for item in entries if item.event in {Event.CAMERA_MOVED, Event.VIEW_APPROVED}]


async def test_blocked_until_a_person_approves(
    hass: HomeAssistant, camera: FileCamera, hass_client: ClientSessionGenerator
) -> None:
    """That a worker finds it out by itself is shown in worker/test_view.py, all together in e2e/test_moved.py."""
    entry, camera_id = await guarded(hass)
    views, before = entry.runtime_data.site.vault.views, view_of(entry, camera_id).known.view_id
    says(entry, camera_id, moved())
    says(entry, camera_id, Status(state="blocked", key="camera_moved"))
    await until(hass, VIEW, "moved")
    site = entry.runtime_data.site
    duties = overview(site, {camera_id: "Street"}, administrators=1, exposed=0, day_of=lambda us: us)["checklist"]
    assert (duties[1]["clause"], duties[1]["state"], duties[1]["facts"]["unconfirmed"]) == ("2(2)", "open", 1)
    assert hass.states.get("sensor.street_worker").attributes["reason"] == "camera_moved"
    assert issue(hass, "camera_moved", camera_id).is_fixable

    client = await hass_client()
    fix = {"handler": "camguard", "issue_id": f"camera_moved_{camera_id}"}
    flow = await (await client.post("/api/repairs/issues/fix", json=fix)).json()
    shown = flow["description_placeholders"]
    assert shown["before"] == f"![](data:image/jpeg;base64,{base64.b64encode(PICTURE).decode()})"
    assert shown["now"] == f"![](data:image/jpeg;base64,{base64.b64encode(PRESENT).decode()})"
    assert shown["zones"] == f"camguard/cameras/{camera_id}/zones"
    answer = await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    assert (await answer.json())["type"] == "create_entry"
    await until(hass, GUARDED, "streaming")
    assert issue(hass, "camera_moved", camera_id) is None
    assert view_of(entry, camera_id).known.view_id == ""
    with pytest.raises(ErasedError):
        await hass.async_add_executor_job(views.read, before)
    told, approved = await notes(hass, entry)
    assert told["uncovered_percent"] == 12
    assert (approved["event"], bool(approved["user_id"])) == (Event.VIEW_APPROVED, True)


async def test_moved_stays_moved_over_a_restart(hass: HomeAssistant, camera: FileCamera) -> None:
    entry, camera_id = await guarded(hass)
    says(entry, camera_id, moved())
    await until(hass, VIEW, "moved")
    told: list[CompareView] = []
    assert await hass.config_entries.async_unload(entry.entry_id)
    from custom_components.camguard.app.workers.process import WorkerProcess

    send = WorkerProcess.send

    def listen(self: WorkerProcess, message: Any) -> bool:
        if isinstance(message, CompareView):
            told.append(message)
        return send(self, message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WorkerProcess, "send", listen)
        assert await hass.config_entries.async_setup(entry.entry_id)
        async with asyncio.timeout(20):
            while not told:
                await asyncio.sleep(0.05)
    assert told[0] == CompareView(image=PICTURE, moved=True)
    assert hass.states.get(VIEW).state == "moved"
    says(entry, camera_id, ViewSeen(condition="confirmed"))
    assert not view_of(entry, camera_id).known.moved, "it was turned back"


@pytest.mark.parametrize("spoilt", ["picture", "key", "altered"])
async def test_what_is_lost_of_it_is_told_and_not_made_anew(
    hass: HomeAssistant, camera: FileCamera, spoilt: str, hass_client: ClientSessionGenerator
) -> None:
    entry, camera_id = await guarded(hass)
    view_id = view_of(entry, camera_id).known.view_id
    paths = entry.runtime_data.site.vault.paths
    assert await hass.config_entries.async_unload(entry.entry_id)

    def spoil() -> None:
        match spoilt:
            case "picture":
                paths.view(view_id).unlink()
            case "key":
                paths.key(view_id, "view").unlink()
            case "altered":
                data = bytearray(paths.view(view_id).read_bytes())
                data[-20] ^= 1
                paths.view(view_id).write_bytes(data)

    await hass.async_add_executor_job(spoil)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(hass, VIEW, "not_compared")
    await until(hass, GUARDED, "streaming")
    assert issue(hass, "view_not_compared", camera_id).is_fixable
    assert view_of(entry, camera_id).known.view_id == view_id

    client = await hass_client()
    fix = {"handler": "camguard", "issue_id": f"view_not_compared_{camera_id}"}
    flow = await (await client.post("/api/repairs/issues/fix", json=fix)).json()
    assert flow["description_placeholders"]["before"] == "–"
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    await until(hass, VIEW, "learning", 30)
    assert issue(hass, "view_not_compared", camera_id) is None
    assert view_of(entry, camera_id).known.view_id == ""


async def test_who_confirms_the_zones_again_confirms_the_view(hass: HomeAssistant, camera: FileCamera) -> None:
    entry, camera_id = await guarded(hass)
    before = view_of(entry, camera_id).known.view_id
    says(entry, camera_id, moved())
    result = await reconfigure(hass, entry, camera_id)
    for fields in (CAMERA, {"zones": RAW, "view_is_own_premises": False}, {"confirm": True}):
        result = await go_on(hass, result, fields)
    await go_on(hass, result, {"record_test_clip": False})
    await hass.async_block_till_done()
    assert view_of(entry, camera_id).known.view_id == ""
    assert not view_of(entry, camera_id).known.moved
    with pytest.raises(ErasedError):
        await hass.async_add_executor_job(entry.runtime_data.site.vault.views.read, before)


async def test_a_removed_cameras_view_is_erased(hass: HomeAssistant, camera: FileCamera) -> None:
    entry, camera_id = await guarded(hass)
    view_id = view_of(entry, camera_id).known.view_id
    vault = entry.runtime_data.site.vault
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    assert await hass.async_add_executor_job(vault.keyring.ids, "view") == set()
    assert not await hass.async_add_executor_job(vault.paths.view(view_id).exists)


async def test_by_night_the_light_may_be_out(hass: HomeAssistant, camera: FileCamera) -> None:
    entry, camera_id = await guarded(hass)
    hass.states.async_set("sun.sun", "below_horizon")
    says(entry, camera_id, ViewSeen(condition="covered"))
    await until(hass, VIEW, "covered")
    assert issue(hass, "view_covered", camera_id) is None
    hass.states.async_set("sun.sun", "above_horizon")
    await hass.services.async_call("camguard", "apply_retention", {}, blocking=True)
    await hass.async_block_till_done()
    assert issue(hass, "view_covered", camera_id) is not None, "with the next sweep"


async def test_a_source_of_stills_may_show_the_same_for_hours(hass: HomeAssistant, camera: FileCamera) -> None:
    entry, camera_id = await guarded(hass)
    worker = entry.runtime_data.recorder(camera_id).worker
    worker._feeding.of_stills = True
    assert worker.of_stills
    says(entry, camera_id, ViewSeen(condition="frozen"))
    await hass.async_block_till_done()
    assert hass.states.get(VIEW).state == "confirmed"


@pytest.mark.parametrize("condition", ["covered", "blinded", "out_of_focus", "frozen"])
async def test_a_fault_of_the_lens_is_told_until_it_is_gone(
    hass: HomeAssistant, camera: FileCamera, condition: str
) -> None:
    entry, camera_id = await guarded(hass)
    says(entry, camera_id, ViewSeen(condition=condition))
    await until(hass, VIEW, condition)
    assert issue(hass, f"view_{condition}", camera_id).severity is ir.IssueSeverity.WARNING
    assert hass.states.get(GUARDED).state == "streaming", "it blocks nothing"
    says(entry, camera_id, ViewSeen(condition="confirmed"))
    await until(hass, VIEW, "confirmed")
    assert issue(hass, f"view_{condition}", camera_id) is None
