"""The panel's commands: what they answer, what they refuse, and to whom (docs/ref/websocket.md)."""

import asyncio
import base64
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.components.websocket_api import const as websocket
from homeassistant.core import Context
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.camguard import copy_flow
from custom_components.camguard.domain.ledger import Event

from .cameras import FileCamera
from .house import House
from .test_copies import add as add_copies
from .test_copies import until as until_copied
from .test_custody_actions import DISCLOSURE, until
from .test_roles import addon, bodies, token
from .test_sites import add as add_site_of
from .test_sites import token_of
from .test_worker_machines import put_host
from .vault.clips import ledger_full, put_clip

ZONES = [{"name": "Street", "points": "0,50 100,50 100,70 0,70"}]
CROSSING = [{"name": "Bow", "points": "0,0 100,100 100,0 0,100"}]
NOW = {"start": 0, "end": 4_000_000_000}
VIEWERS = {"clips/list": {}, "clips/days": {}, "clips/get": {"clip_id": ""}, "timeline": NOW}
ADMINISTRATORS: dict[str, dict[str, Any]] = {
    "zones/get": {"camera_id": ""},
    "zones/reveal": {"camera_id": ""},
    "zones/preview": {"camera_id": "", "zones": ZONES},
    "zones/save": {"camera_id": "", "zones": ZONES, "revision": "x", "statement": True},
    "motion/get": {"camera_id": ""},
    "motion/look": {"camera_id": "", "sensitivity": 50, "least_height": 5, "leave_out": []},
    "motion/save": {
        "camera_id": "",
        "enabled": True,
        "triggers": True,
        "sensitivity": 50,
        "least_height": 5,
        "leave_out": [],
    },
    "cameras/candidates": {},
    "cameras/add": {
        "source": "camera.street",
        "place": "x",
        "zones": ZONES,
        "statement": True,
        "reference": [320, 240],
    },
    "disclosures/preview": {"clip_ids": [""]},
    "disclosures/fetch": {"disclosure_id": "CG-2026-0001"},
    "wipe/preview": {"scope": "everything"},
    "ledger/list": {},
    "ledger/export": {},
    "overview": {},
    "sites": {},
    "sites/summary": {"site_id": "x"},
    "registers/overview": {},
    "registers/list": {"kind": "complaint"},
    "registers/get": {"record_id": "x"},
    "registers/save": {
        "kind": "complaint",
        "fields": {"nature": "complaint", "received_on": "2026-11-28", "about": "窓", "cameras": []},
    },
    "registers/erase": {"record_id": "x"},
    "registers/export": {"kind": "complaint", "form": "csv"},
    "registers/kit": {},
    "duties/check": {},
    "papers/sign": {"size": "a4", "language": "ja", "variant": "home"},
    "papers/letter": {"record_id": "x", "letter": "received", "language": "ja"},
    "papers/make": {"document": "rules"},
    "papers/document": {"record_id": "x"},
}
GOLDEN = Path(__file__).parent.parent / "frontend" / "test" / "golden.json"


class Client:
    """A websocket connection of one user."""

    def __init__(self, socket: Any, house: House) -> None:
        self._socket = socket
        self._house = house
        self.port = socket.client.server.port
        self._id = 0

    async def send(self, name: str, **fields: Any) -> dict[str, Any]:
        """Return the answer as it is."""
        self._id += 1
        await self._socket.send_json({"id": self._id, "type": f"camguard/{name}", **fields})
        while True:
            answer = await self._socket.receive_json()
            if answer["id"] == self._id and answer["type"] == websocket.TYPE_RESULT:
                return answer

    async def ask(self, name: str, **fields: Any) -> Any:
        answer = await self.send(name, **fields)
        assert answer["success"], answer
        return answer["result"]

    async def refused(self, name: str, **fields: Any) -> str:
        """Return the key of an error."""
        answer = await self.send(name, **fields)
        assert not answer["success"], answer
        return answer["error"].get("translation_key") or answer["error"]["code"]

    async def news(self, taken: Any = lambda _: True) -> dict[str, Any]:
        """Return the next news that are taken."""
        while True:
            answer = await self._socket.receive_json()
            if answer["type"] == "event" and taken(answer["event"]):
                return answer["event"]


@pytest.fixture
def connect(house: House, hass_ws_client: Any) -> Any:
    async def open_as(access: str | None = None) -> Client:
        socket = await (hass_ws_client(house.hass, access) if access else hass_ws_client(house.hass))
        return Client(socket, house)

    return open_as


def filled(house: House, fields: dict[str, Any]) -> dict[str, Any]:
    known = {"camera_id": house.camera_id, "clip_id": house.clip_id, "clip_ids": [house.clip_id]}
    return {name: known.get(name, value) for name, value in fields.items()}


# --- who may -----------------------------------------------------------------------------------------------------------


async def test_who_may_call_it(house: House, connect: Any) -> None:
    """Each command, each role: a guest, an add-on, a viewer that the site names. Whom it refuses leaves no trace."""
    ledger = house.entry.runtime_data.site.vault.ledger
    _, _, guest = await house.person(GROUP_ID_USER, named=False)
    strangers = [await connect(guest), await connect(await token(house.hass, await addon(house.hass)))]
    before = ledger.seq
    for name, fields in (VIEWERS | ADMINISTRATORS).items():
        wanted = "viewer_needed" if name in VIEWERS else "administrator_needed"
        for client in strangers:
            assert await client.refused(name, **filled(house, fields)) == wanted, name
    assert ledger.seq == before
    _, _, viewer = await house.person(GROUP_ID_USER, named=True)
    client = await connect(viewer)
    for name, fields in VIEWERS.items():
        await client.ask(name, **filled(house, fields))
    before = house.entry.runtime_data.site.vault.ledger.seq
    for name, fields in ADMINISTRATORS.items():
        answer = await client.send(name, **filled(house, fields))
        assert answer["error"]["code"] == websocket.ERR_UNAUTHORIZED, name
    assert house.entry.runtime_data.site.vault.ledger.seq == before


async def test_every_command_is_in_the_table(house: House) -> None:
    registered = {name.removeprefix("camguard/") for name in house.hass.data["websocket_api"] if "camguard/" in name}
    assert registered == {"subscribe", "summary", *VIEWERS, *ADMINISTRATORS}


async def test_a_viewer_sees_no_camera_that_home_assistant_keeps_from_them(house: House, connect: Any) -> None:
    user, _, viewer = await house.person(GROUP_ID_USER, named=True)
    client = await connect(viewer)
    assert (await client.ask("clips/list"))["total"] == 1
    user.groups = []  # no group, no policy: they may read nothing
    user.invalidate_cache()
    assert (await client.ask("clips/list"))["total"] == 0
    assert (await client.ask("clips/days"))["days"] == []
    assert await client.refused("clips/get", clip_id=house.clip_id) == "clip_not_found"
    assert (await client.ask("timeline", **NOW))["clips"] == []


async def test_nothing_answers_while_nothing_runs(house: House, connect: Any) -> None:
    client = await connect()
    await client.send("subscribe")
    assert (await client.news())["running"]
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    now = await client.news(lambda event: not event["running"])
    assert (now["role"], now["cameras"]) == ("none", [])
    assert await client.refused("overview") == "not_loaded"
    await house.hass.config_entries.async_setup(house.entry.entry_id)
    now = await client.news(lambda event: event["running"])
    assert now["role"] == "administrator"


# --- news --------------------------------------------------------------------------------------------------------------


async def test_news_tell_each_what_they_may_know(house: House, connect: Any) -> None:
    _, _, guest = await house.person(GROUP_ID_USER, named=False)
    stranger = await connect(guest)
    await stranger.send("subscribe")
    nothing = await stranger.news()
    assert (nothing["role"], nothing["cameras"], nothing["site"]) == ("none", [], None)
    _, _, named = await house.person(GROUP_ID_USER, named=True)
    viewer = await connect(named)
    await viewer.send("subscribe")
    seen = await viewer.news()
    assert seen["role"] == "viewer"
    assert [camera["name"] for camera in seen["cameras"]] == ["Street"]
    assert seen["cameras"][0]["switch"] is None
    assert set(seen["site"]) == {"fault", "time_zone", "purpose"}


async def test_news_come_by_themselves(house: House, connect: Any) -> None:
    client = await connect()
    await client.send("subscribe")
    before = await client.news()
    await house.hass.services.async_call(
        "switch", "turn_off", {"entity_id": before["cameras"][0]["switch"]}, blocking=True
    )
    after = await client.news(lambda event: not event["cameras"][0]["armed"])
    await house.hass.services.async_call(
        "camguard", "hold", {"clip_ids": [house.clip_id], "reason": "x", "until": until()}, blocking=True
    )
    later = await client.news(lambda event: event["clips"] != after["clips"])
    assert later["clips"] > after["clips"]


# --- clips -------------------------------------------------------------------------------------------------------------


async def test_clips_are_filtered_and_counted_by_day(house: House, connect: Any) -> None:
    vault = house.entry.runtime_data.site.vault
    noon = dt_util.start_of_local_day() - timedelta(hours=36)  # not the day of an hour ago, whatever time it is
    old = [
        put_clip(vault, house.camera_id, noon - timedelta(days=day, minutes=n)) for day in range(3) for n in range(2)
    ]
    await house.hass.services.async_call(
        "camguard", "hold", {"clip_ids": old[:1], "reason": "x", "until": until()}, blocking=True
    )
    client = await connect()
    days = (await client.ask("clips/days"))["days"]
    assert [day["clips"] for day in days] == [1, 2, 2, 2]
    assert days == sorted(days, key=lambda day: -day["start"])
    assert [day["clips"] for day in (await client.ask("clips/days", held=True))["days"]] == [1]
    assert (await client.ask("clips/days", kinds=["entity"]))["days"] == []
    page = await client.ask("clips/list", limit=2, offset=1)
    assert ([clip["clip_id"] for clip in page["clips"]], page["total"]) == (old[:2], 7)
    (held,) = (await client.ask("clips/list", held=True))["clips"]
    assert (held["clip_id"], held["expires"], held["hold"]["reason"]) == (old[0], None, "x")
    day = days[1]
    between = await client.ask("clips/list", start=day["start"], end=day["start"] + 86_400)
    assert {clip["clip_id"] for clip in between["clips"]} == set(old[:2])
    got = (await client.ask("clips/get", clip_id=old[1]))["clip"]
    assert (got["newer"], got["older"]) == (old[0], old[2])


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("clips/list", {"limit": 100_000}),
        ("clips/list", {"offset": -1}),
        ("clips/list", {"kinds": ["'; DROP TABLE clip"]}),
        ("clips/list", {"start": 1e30}),
        ("timeline", {"start": "x", "end": 1}),
        ("ledger/list", {"events": ["nothing"]}),
        ("zones/save", {"camera_id": "x", "zones": "all", "revision": "", "statement": True}),
        ("zones/reveal", {"camera_id": "x", "source": "camera.street"}),
        ("wipe/preview", {"scope": "the world"}),
    ],
)
async def test_what_makes_no_sense_is_refused(connect: Any, name: str, fields: dict[str, Any]) -> None:
    assert await (await connect()).refused(name, **fields) == websocket.ERR_INVALID_FORMAT


@pytest.mark.parametrize("clip_id", ["x", "../../secrets", "0" * 32, "<script>"])
async def test_a_clip_that_isnt_there(connect: Any, clip_id: str) -> None:
    assert await (await connect()).refused("clips/get", clip_id=clip_id) == "clip_not_found"


async def test_an_erased_clip_is_told_as_such(house: House, connect: Any) -> None:
    await house.hass.services.async_call(
        "camguard", "wipe_media", {"scope": "everything", "reason": "x", "confirm": True}, blocking=True,
        return_response=True, context=await admin_context(house),
    )  # fmt: skip
    assert await (await connect()).refused("clips/get", clip_id=house.clip_id) == "clip_erased"


async def admin_context(house: House) -> Any:
    (owner, *_) = [
        user for user in await house.hass.auth.async_get_users() if user.is_admin and not user.system_generated
    ]
    return Context(user_id=owner.id)


async def test_gaps_are_told_once_with_their_end(house: House, connect: Any) -> None:
    site = house.entry.runtime_data.site
    facts = {"camera_id": house.camera_id, "cause": "source_stalled"}
    for from_us, to_us in ((1_000_000, None), (1_000_000, 5_000_000), (90_000_000, None)):
        await site.note(Event.GAP, facts | {"from_us": from_us, "to_us": to_us})
    client = await connect()
    gaps = (await client.ask("timeline", start=0, end=60))["gaps"]
    assert gaps == [{"camera_id": house.camera_id, "start": 1.0, "end": 5.0, "cause": "source_stalled"}]
    # Its end was never written, and it began before this start: a power cut. One of now goes on.
    opened_us = site.gaps._opened_us
    (cut,) = (await client.ask("timeline", start=80, end=100))["gaps"]
    assert cut["end"] == opened_us / 1_000_000
    await site.note(Event.GAP, facts | {"from_us": opened_us + 1_000_000, "to_us": None})
    now = opened_us / 1_000_000
    assert [gap["end"] for gap in (await client.ask("timeline", start=now + 2, end=now + 60))["gaps"]] == [None]


# --- zones -------------------------------------------------------------------------------------------------------------


async def test_the_picture_is_shown_once_it_is_written_down(house: House, connect: Any) -> None:
    client = await connect()
    assert await client.refused("zones/preview", camera_id=house.camera_id, zones=ZONES) == "picture_not_shown"
    assert await client.refused("zones/preview", camera_id=house.camera_id, zones=[]) == "picture_not_shown"
    shown = await client.ask("zones/reveal", camera_id=house.camera_id)
    assert base64.b64decode(shown["image"]).startswith(b"\xff\xd8")
    (noted,) = [body for body in bodies(house, "picture_shown") if body["via"] != "flow"]
    assert (noted["camera_id"], noted["via"], bool(noted["user_id"])) == (house.camera_id, "panel", True)
    masked = await client.ask("zones/preview", camera_id=house.camera_id, zones=ZONES)
    assert masked["covered"] == pytest.approx(0.2, abs=0.01)
    assert (masked["width"], masked["height"]) == (shown["width"], shown["height"])


async def test_no_picture_that_cannot_be_written_down(house: House, connect: Any) -> None:
    client = await connect()
    vault = house.entry.runtime_data.site.vault
    vault.ledger.give_up_reserve()
    with ledger_full(vault):
        assert await client.refused("zones/reveal", camera_id=house.camera_id) == "ledger_not_written"
    assert await client.refused("zones/preview", camera_id=house.camera_id, zones=ZONES) == "picture_not_shown"


async def streaming(house: House) -> None:
    async with asyncio.timeout(20):
        while house.entry.runtime_data.recorder(house.camera_id).status.state != "streaming":
            await asyncio.sleep(0.05)


async def test_what_the_eyes_see_is_shown_and_saved(house: House, connect: Any) -> None:
    client = await connect()
    known = await client.ask("motion/get", camera_id=house.camera_id)
    assert (known["enabled"], known["sensitivity"], known["leave_out"]) == (False, 50, [])
    look = {"camera_id": house.camera_id, "sensitivity": 70, "least_height": 8, "leave_out": ZONES}
    await streaming(house)
    for _ in range(2):
        seen = await client.ask("motion/look", **look)
        assert seen["image"].startswith("/9j/")
        assert seen["things"] >= 0
    assert await client.refused("motion/look", **look | {"leave_out": CROSSING}) == "zone_crosses_itself"
    await client.ask("motion/save", **look, enabled=True, triggers=False)
    await house.hass.async_block_till_done()
    motion = house.entry.runtime_data.recorder(house.camera_id).camera.motion
    assert (motion.enabled, motion.triggers, motion.sensitivity, motion.least_height) == (True, False, 70, 8)
    assert [zone.name for zone in motion.leave_out] == ["Street"]
    *_, noted = bodies(house, "settings_changed")
    assert noted["motion"]["leave_out"] == [["Street", ZONES[0]["points"]]]
    assert noted["user_id"], "who leaves out an area leaves a trace"


async def test_another_administrator_has_to_ask_for_the_picture_too(house: House, connect: Any) -> None:
    await (await connect()).ask("zones/reveal", camera_id=house.camera_id)
    _, _, other = await house.person(GROUP_ID_ADMIN, named=False)
    fields = {"camera_id": house.camera_id, "zones": ZONES}
    assert await (await connect(other)).refused("zones/preview", **fields) == "picture_not_shown"


async def test_zones_are_saved_with_a_statement_and_noted(house: House, connect: Any) -> None:
    client = await connect()
    known = await client.ask("zones/get", camera_id=house.camera_id)
    unseen = {"camera_id": house.camera_id, "zones": ZONES, "revision": known["revision"], "statement": True}
    assert await client.refused("zones/save", **unseen) == "picture_not_shown"
    await client.ask("zones/reveal", camera_id=house.camera_id)
    save = {"camera_id": house.camera_id, "zones": ZONES, "revision": known["revision"]}
    assert await client.refused("zones/save", **save, statement=False) == "own_premises_not_confirmed"
    assert await client.refused("zones/save", **save | {"zones": CROSSING}, statement=True) == "zone_crosses_itself"
    everything = [{"name": "All", "points": "0,0 100,0 100,100 0,100"}]
    assert (
        await client.refused("zones/save", **save | {"zones": everything}, statement=True) == "zones_cover_everything"
    )
    saved = await client.ask("zones/save", **save, statement=True, reference=[320, 240])
    await house.hass.async_block_till_done()
    data = house.entry.subentries[house.camera_id].data
    assert (data["zones"], data["view_is_own_premises"], data["reference"]) == (ZONES, True, [320, 240])
    assert [zone.name for zone in house.entry.runtime_data.recorder(house.camera_id).camera.zones] == ["Street"]
    *_, noted = bodies(house, "settings_changed")
    assert (noted["camera_id"], noted["zones"]) == (house.camera_id, [["Street", ZONES[0]["points"]]])
    assert noted["user_id"], "it is known who did"
    # A second administrator, who has the zones from before: told, and nothing lost.
    assert await client.refused("zones/save", **save, statement=True) == "zones_changed_meanwhile"
    again = {"camera_id": house.camera_id, "zones": [], "revision": saved["revision"]}
    await client.ask("zones/save", **again, statement=True)


async def test_a_camera_is_guarded_from_the_panel(house: House, connect: Any, scene: Path) -> None:
    second = FileCamera(str(scene), "Garden")
    await house.hass.data["camera"].async_add_entities([second])
    await house.hass.async_block_till_done()
    client = await connect()
    choices = await client.ask("cameras/candidates")
    assert [item["entity_id"] for item in choices["sources"]] == ["camera.garden"]
    assert await client.refused("zones/reveal", source="camera.street") == "source_guarded_already"
    assert await client.refused("zones/reveal", source="light.lamp") == "source_not_camera"
    assert await client.refused("zones/reveal") == "camera_not_guarded"
    shown = await client.ask("zones/reveal", source="camera.garden")
    await client.ask("zones/preview", source="camera.garden", zones=ZONES)
    order = {
        "source": "camera.garden", "place": " Back garden ", "mode": "event", "triggers": [], "zones": ZONES,
        "reference": [shown["width"], shown["height"]],
    }  # fmt: skip
    assert await client.refused("cameras/add", **order, statement=False) == "own_premises_not_confirmed"
    assert await client.refused("cameras/add", **order | {"place": "  "}, statement=True) == "place_missing"
    added = await client.ask("cameras/add", **order, statement=True)
    await house.hass.async_block_till_done()
    recorder = house.entry.runtime_data.recorder(added["camera_id"])
    assert (recorder.camera.name, recorder.camera.place, recorder.camera.pre_roll_s) == ("Garden", "Back garden", 5)
    assert await client.refused("cameras/add", **order, statement=True) == "source_guarded_already"


# --- custody -----------------------------------------------------------------------------------------------------------


async def test_the_ledger_is_read_from_its_end(house: House, connect: Any) -> None:
    site = house.entry.runtime_data.site
    for number in range(25):
        await site.note(Event.CLIP_FAILED, {"camera_id": house.camera_id, "note": f"number {number} Ünder"})
    client = await connect()
    first = await client.ask("ledger/list", limit=10)
    assert [entry["seq"] for entry in first["entries"]] == list(
        range(site.vault.ledger.seq, site.vault.ledger.seq - 10, -1)
    )
    assert first["more"]
    second = await client.ask("ledger/list", limit=200, before=first["entries"][-1]["seq"])
    assert len(second["entries"]) == site.vault.ledger.seq - 10
    assert not second["more"]
    (found,) = (await client.ask("ledger/list", text="NUMBER 7 ünder"))["entries"]
    assert found["body"]["note"] == "number 7 Ünder"
    assert {"salt", "seq", "event"}.isdisjoint(found["body"])
    only = await client.ask("ledger/list", events=["recorded"])
    assert {entry["event"] for entry in only["entries"]} == {"recorded"}
    assert len((await client.ask("ledger/list", clip_id=house.clip_id))["entries"]) == 1
    assert (await client.ask("ledger/list", user_id="nobody"))["entries"] == []
    assert (await client.ask("ledger/list", start=4_000_000_000))["entries"] == []
    assert (await client.ask("ledger/list", end=1))["entries"] == []


async def test_the_ledger_as_a_file_tells_that_it_was_taken(
    house: House, connect: Any, hass_client_no_auth: Any
) -> None:
    link = (await (await connect()).ask("ledger/export"))["link"]
    browser = await hass_client_no_auth()
    answer = await browser.get(link)
    text = await answer.text()
    vault = house.entry.runtime_data.site.vault
    assert text == vault.paths.ledger.read_text("utf-8")
    assert json.loads(text.splitlines()[-1])["body"]["event"] == "ledger_exported"
    assert (await browser.get("/api/camguard/ledger.jsonl")).status == 401
    _, _, guest = await house.person(GROUP_ID_USER, named=False)
    assert (await browser.get("/api/camguard/ledger.jsonl", headers={"Authorization": f"Bearer {guest}"})).status == 404


async def test_a_wipe_is_told_beforehand(house: House, connect: Any) -> None:
    vault = house.entry.runtime_data.site.vault
    second = put_clip(vault, house.camera_id, dt_util.utcnow() - timedelta(hours=3))
    await house.hass.services.async_call(
        "camguard", "hold", {"clip_ids": [second], "reason": "x", "until": until()}, blocking=True
    )
    client = await connect()
    told = await client.ask("wipe/preview", scope="everything")
    assert (told["clips"], told["held"]) == (1, 1)
    assert (await client.ask("wipe/preview", scope="everything", include_held=True))["clips"] == 2
    assert (await client.ask("wipe/preview", scope="before", before=0))["clips"] == 0
    assert (await client.ask("wipe/preview", scope="camera", camera_id="another"))["clips"] == 0
    assert await client.refused("wipe/preview", scope="clips", clip_ids=["0" * 32]) == "clip_not_found"
    assert vault.index.get(second) is not None, "nothing was destroyed"


async def test_the_overview_goes_by_facts(house: House, connect: Any) -> None:
    client = await connect()
    told = await client.ask("overview")
    duties = {item["clause"]: item["state"] for item in told["checklist"]}
    assert list(duties) == [
        "2(1)", "2(2)", "2(3)", "2(4)", "2(5)ア", "2(5)イ", "2(5)ウ", "2(5)エ", "2(5)オ", "2(6)", "2(7)", "2(8)", "2(9)"
    ]  # fmt: skip
    assert (duties["2(3)"], duties["2(4)"]) == ("open", "open"), "no sign, nobody responsible"
    assert {duties[clause] for clause in ("2(7)", "2(8)", "2(9)")} == {"met"}, "nothing waits there"
    assert duties["2(5)ウ"] == "open", "the key lies beside the clips"
    assert sum(day["clips"] for day in told["days"]) == 1
    house.entry.runtime_data.site.altered.add(house.clip_id)
    told = await client.ask("overview")
    assert next(item for item in told["checklist"] if item["clause"] == "2(5)イ")["state"] == "open"


# --- both ends ---------------------------------------------------------------------------------------------------------


async def test_the_panels_tests_read_what_is_answered(
    house: House, connect: Any, scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Golden messages: the same fields with the same kinds of values, and written anew when WRITE_GOLDEN is set."""
    (tmp_path / "nas").mkdir()
    monkeypatch.setattr(copy_flow, "same_disk", lambda *_: False)
    await add_copies(house, tmp_path / "nas")
    copies = house.entry.runtime_data.site.copies
    await until_copied(lambda: copies.facts[0].copied == 1 and not copies.facts[0].waiting)
    put_host(house.hass, house.entry, engine="podman", image="localhost/none")
    await house.hass.data["camera"].async_add_entities([FileCamera(str(scene), "Garden")])
    assert await async_setup_component(house.hass, "repairs", {})
    site = house.entry.runtime_data.site
    gap = {"camera_id": house.camera_id, "from_us": 1, "to_us": 2_000_000, "cause": "source_stalled"}
    await site.note(Event.GAP, gap)
    client = await connect()
    answers: dict[str, Any] = {}
    await client.send("subscribe")
    answers["subscribe"] = await client.news()
    for name in ("clips/list", "clips/days", "clips/get", "timeline", "zones/get", "zones/reveal", "zones/preview"):
        answers[name] = await client.ask(name, **filled(house, (VIEWERS | ADMINISTRATORS)[name]))
    await streaming(house)
    for name in ("motion/get", "motion/look"):
        answers[name] = await client.ask(name, **filled(house, ADMINISTRATORS[name]))
    revision = answers["zones/get"]["revision"]
    answers["zones/save"] = await client.ask(
        "zones/save", **filled(house, ADMINISTRATORS["zones/save"]) | {"revision": revision}
    )
    answers["motion/save"] = await client.ask("motion/save", **filled(house, ADMINISTRATORS["motion/save"]))
    answers["cameras/candidates"] = await client.ask("cameras/candidates")
    order = ADMINISTRATORS["cameras/add"] | {"source": "camera.garden"}
    assert await client.refused("cameras/add", **order) == "picture_not_shown"
    await client.ask("zones/reveal", source="camera.garden")
    answers["cameras/add"] = await client.ask("cameras/add", **order)
    answers["disclosures/preview"] = await client.ask("disclosures/preview", clip_ids=[house.clip_id])
    made = await house.hass.services.async_call(
        "camguard", "export_disclosure", DISCLOSURE | {"clip_ids": [house.clip_id]}, blocking=True,
        return_response=True, context=await admin_context(house),
    )  # fmt: skip
    fetch = {"disclosure_id": made["disclosure_id"]}
    answers["disclosures/fetch"] = await client.ask("disclosures/fetch", **fetch)
    assert answers["disclosures/fetch"]["password"]
    assert (await client.ask("disclosures/fetch", **fetch))["password"] is None, "shown once"
    site_id = await add_site_of(house, f"http://127.0.0.1:{client.port}", await token_of(house))
    answers["sites/summary"] = await client.ask("sites/summary", site_id=site_id)
    answers["summary"] = await client.ask("summary")
    for name in ("wipe/preview", "ledger/list", "ledger/export", "overview", "sites"):
        answers[name] = await client.ask(name, **ADMINISTRATORS[name])
    answers["ledger/list"]["entries"] = answers["ledger/list"]["entries"][:2]
    saved = answers["registers/save"] = await client.ask("registers/save", **ADMINISTRATORS["registers/save"])
    named = {"record_id": saved["record_id"]}
    for name in ("overview", "list", "get", "export", "kit"):
        fields = ADMINISTRATORS[f"registers/{name}"]
        answers[f"registers/{name}"] = await client.ask(
            f"registers/{name}", **fields | (named if name == "get" else {})
        )
    answers["registers/kit"]["code"] = ""
    for name in ("duties/check", "papers/sign", "papers/make"):
        answers[name] = await client.ask(name, **ADMINISTRATORS[name])
    answers["papers/letter"] = await client.ask("papers/letter", **ADMINISTRATORS["papers/letter"] | named)
    document = (await client.ask("registers/list", kind="document", closed=True))["records"][0]["record_id"]
    answers["papers/document"] = await client.ask("papers/document", record_id=document)
    answers["registers/erase"] = await client.ask("registers/erase", **named)
    for name in ("zones/reveal", "zones/preview", "motion/look"):
        answers[name]["image"] = ""
    assert set(answers) == {"subscribe", "summary", *VIEWERS, *ADMINISTRATORS}
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(without_secrets(answers), indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    golden = json.loads(GOLDEN.read_text("utf-8"))
    assert shape_of(answers) == shape_of(golden), "run this test with WRITE_GOLDEN=1, then the panel's tests"


def without_secrets(value: Any) -> Any:
    """Return messages to be committed: links are signed, and paths are this machine's."""
    if isinstance(value, dict):
        return {key: without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if isinstance(value, str) and value.startswith("http:"):
        return "http://site.local:8123"
    if isinstance(value, str) and value.startswith("/"):
        return "/" + value.split("?")[0].rsplit("/", 1)[-1]
    return value


def shape_of(value: Any, key: str = "") -> Any:
    """Return which fields there are and of what kind; what a list holds is told by its first item, null is any kind."""
    if key in {"body", "facts", "detail"}:
        return "facts"
    if isinstance(value, dict):
        return {name: shape_of(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
