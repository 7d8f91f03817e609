"""The registers in Home Assistant: kept, asked for, printed, and what they keep from whom."""

import asyncio
import base64
import csv
import hashlib
import io
import json
import logging
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

import custom_components.camguard as component
from custom_components.camguard.app.ports import NOBODY
from custom_components.camguard.app.retention.clock import SystemClock
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.registers.schema import Kind
from custom_components.camguard.hass import standing

from .cameras import FileCamera
from .house import CONTENT, House
from .setup import SITE, add_camera, add_site
from .test_custody_actions import DISCLOSURE
from .test_main_job import until
from .test_websocket import Client, admin_context
from .vault.clips import put_clip

NAME = "山田 <b>太郎</b>"
JPEG = base64.b64encode(b"\xff\xd8\xff picture").decode()


def complaint(**fields: Any) -> dict[str, Any]:
    given = {"nature": "complaint", "received_on": "2026-11-20", "about": "窓が映っている", "from_whom": NAME}
    return given | fields


class Ahead(SystemClock):
    """The system's clock, which a test lets run ahead: by days that pass on the wall and since boot alike."""

    days = 0

    def now_us(self) -> int:
        return super().now_us() + self.days * 86_400_000_000

    def boottime_us(self) -> int:
        return super().boottime_us() + self.days * 86_400_000_000


@pytest.fixture
async def client(house: Any, hass_ws_client: Any) -> Client:
    return Client(await hass_ws_client(house.hass), house)


def duties(hass: HomeAssistant) -> int:
    state = hass.states.get("todo.camguard_duties")
    assert state is not None
    return int(state.state)


async def items(hass: HomeAssistant) -> list[dict[str, Any]]:
    answer = await hass.services.async_call(
        "todo", "get_items", {"entity_id": "todo.camguard_duties"}, blocking=True, return_response=True
    )
    return answer["todo.camguard_duties"]["items"]  # type: ignore[index,call-overload,return-value]


def issue(hass: HomeAssistant, key: str) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue("camguard", key)


async def clause(client: Client, name: str) -> dict[str, Any]:
    checklist = (await client.ask("overview"))["checklist"]
    return next(item for item in checklist if item["clause"] == name)


async def get(hass_client_no_auth: Any, link: str) -> Any:
    http = await hass_client_no_auth()
    return await http.get(link)


# --- a year ------------------------------------------------------------------------------------------------------------


async def test_a_year(
    hass: HomeAssistant,
    camera: FileCamera,
    hass_ws_client: Any,
    hass_client_no_auth: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Set-up, sign, police, complaint with a changed zone, request, contractor's end, disposal, report."""
    monkeypatch.setattr(component, "SystemClock", Ahead)
    monkeypatch.setattr(Ahead, "days", 0)
    house = await _house(hass, camera)
    client = Client(await hass_ws_client(hass), house)
    site = house.entry.runtime_data.site

    async def later(days: int) -> None:
        monkeypatch.setattr(Ahead, "days", Ahead.days + days)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=2))
        await hass.async_block_till_done(wait_background_tasks=True)

    def today(ago: int = 0) -> str:
        return (site.registers.today - timedelta(days=ago)).isoformat()

    # Set-up: nothing is kept yet, and that is said.
    assert [(await clause(client, name))["state"] for name in ("2(1)", "2(3)", "2(4)", "2(7)")] == [
        "met", "open", "open", "met",
    ]  # fmt: skip
    assert {item["summary"] for item in await items(hass)} == {
        "Put up a sign and enter where it hangs (Street)",
        "Name the responsible person",
    }

    # The sign is printed, put up and entered; the responsible person is named.
    link = await client.ask("papers/sign", size="a4", language="both", variant="home", url="https://example.org/x?a=1")
    page = await (await get(hass_client_no_auth, link["link"])).text()
    assert "防犯カメラ作動中" in page
    assert SITE["operator_name"] in page
    assert SITE["contact"] in page
    assert 'aria-label="https://example.org/x?a=1"' in page
    sign = await client.ask(
        "registers/save",
        kind="sign",
        fields={"place": "門柱", "cameras": [house.camera_id], "hung_on": today(), "states_present": True},
        picture=JPEG,
    )
    assert sign["picture"] == f"data:image/jpeg;base64,{JPEG}"
    await client.ask("registers/save", kind="person", fields={"name": "佐藤", "role": "responsible"})
    assert [(await clause(client, name))["state"] for name in ("2(3)", "2(4)")] == ["met", "met"]
    assert duties(hass) == 0

    # The police ask: that is the ledger's, as before.
    made = await hass.services.async_call(
        "camguard", "export_disclosure", DISCLOSURE | {"clip_ids": [house.clip_id]}, blocking=True,
        return_response=True, context=await admin_context(house),
    )  # fmt: skip
    assert made
    assert (await clause(client, "2(6)"))["facts"] == {"disclosures": 1}

    # A neighbour complains; nobody answers in time; then the zone is changed.
    await later(60)
    saved = await client.ask(
        "registers/save", kind="complaint", fields=complaint(received_on=today(), cameras=[house.camera_id])
    )
    assert [(item["summary"], item["due"]) for item in await items(hass)] == [
        (f"Answer the complaint or inquiry ({saved['number']})", today(-7))
    ]
    assert issue(hass, "duties_late") is None
    await later(8)
    assert issue(hass, "duties_late") is not None
    assert (await clause(client, "2(7)"))["state"] == "open"
    await client.ask("zones/reveal", camera_id=house.camera_id)
    zones = await client.ask("zones/get", camera_id=house.camera_id)
    window = [*zones["zones"], {"name": "Window", "points": "0,0 20,0 20,20 0,20"}]
    await client.ask("zones/save", camera_id=house.camera_id, zones=window, revision=zones["revision"], statement=True)
    await hass.async_block_till_done()
    letters = await client.ask("papers/letter", record_id=saved["record_id"], letter="range_changed", language="ja")
    letter = await (await get(hass_client_no_auth, letters["link"])).text()
    assert "山田 &lt;b&gt;太郎&lt;/b&gt; 様" in letter
    assert saved["number"] in letter
    closed = await client.ask(
        "registers/save",
        kind="complaint",
        record_id=saved["record_id"],
        revision=1,
        fields=saved["fields"] | {"outcome": "領域を追加した", "closed_on": today()},
    )
    assert closed["duty"] is None
    await hass.async_block_till_done()
    assert issue(hass, "duties_late") is None
    assert duties(hass) == 0

    # Who was filmed asks to see it.
    await later(30)
    fields = {"received_on": today(), "about": "転んだところ", "from_whom": NAME}
    asked = await client.ask("registers/save", kind="access", fields=fields)
    shown = asked["fields"] | {"decision": "shown", "closed_on": today()}
    change = {"kind": "access", "record_id": asked["record_id"], "revision": 1}
    assert await client.refused("registers/save", **change, fields=shown) == "record_identity_missing"
    shown |= {"identity_checked_on": today(), "identity_how": "運転免許証"}
    await client.ask("registers/save", **change, fields=shown)

    # A contractor who may view, until the agreement ends.
    user, _, token = await house.person(GROUP_ID_USER, named=True)
    site = house.entry.runtime_data.site
    client = Client(await hass_ws_client(hass), house)
    contractor = {"name": "電設", "task": "点検", "agreed_on": today(), "pledged_on": today(), "user": user.id}
    await client.ask("registers/save", kind="contractor", fields=contractor | {"ends_on": today(-20)})
    await client.ask(
        "registers/save",
        kind="person",
        fields={"name": "電設", "role": "viewer", "user": user.id, "pledged_on": today()},
    )
    builder = Client(await hass_ws_client(hass, token), house)
    assert (await builder.ask("clips/list"))["total"] >= 0
    await later(21)
    assert await builder.refused("clips/list") == "viewer_needed"
    assert (await clause(client, "2(8)"))["state"] == "open"

    # The disk is wiped, taken out and shredded.
    await hass.services.async_call(
        "camguard", "wipe_media", {"scope": "everything", "reason": "disposal", "confirm": True, "include_held": True},
        blocking=True, return_response=True, context=await admin_context(house),
    )  # fmt: skip
    medium = {"medium": "SSD", "certificate": "CW-2027-0001"}
    entered = await client.ask("registers/save", kind="medium", fields=medium, picture=JPEG)
    assert entered["duty"]["what"] == "destroy_medium"
    gone = entered["fields"] | {"destroyed_on": today(), "how": "shredded", "by": "佐藤"}
    await client.ask("registers/save", kind="medium", record_id=entered["record_id"], revision=1, fields=gone)
    assert (await clause(client, "2(5)オ"))["facts"]["waiting"] == 0

    # A year is over: the sign and the rules are looked at again; each month was checked.
    await later(260)
    whats = {item["summary"].split(" (")[0] for item in await items(hass)}
    assert {"Look at the sign again", "Hold the yearly review", "Make the yearly report"} <= whats
    assert "End or renew the agreement" in whats
    checks = [entry.body for entry in site.vault.ledger.entries() if entry.event == Event.DUTIES_CHECKED]
    assert len(checks) >= 3, "one for each time that somebody looked after a month"
    clauses = {item["clause"] for item in (await client.ask("overview"))["checklist"]}
    assert all(body and set(body["duties"]) == clauses for body in checks)

    # The report, signed, in the ledger, and proved with somebody else's tools.
    report = await client.ask("papers/make", document="report")
    files = {
        form: await (await get(hass_client_no_auth, report[form])).read() for form in ("html", "json", "sig", "pem")
    }
    for form, data in files.items():
        (tmp_path / form).write_bytes(data)
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "pem", "-rawin", "-in", "json", "-sigfile", "sig"]
    assert b"Successfully" in subprocess.run(verify, check=True, capture_output=True, cwd=tmp_path).stdout
    stated = json.loads(files["json"])
    heads = {entry.seq: entry for entry in site.vault.ledger.entries()}
    assert heads[stated["ledger_seq"]].head == stated["ledger_head"]
    (told,) = [entry.body for entry in heads.values() if entry.body and entry.body.get("number") == report["number"]]
    assert told["attachment_sha256"] == hashlib.sha256(files["json"]).hexdigest()
    text = files["html"].decode()
    assert stated["ledger_head"] in text
    assert report["number"] in text
    assert "要対応" in text
    assert "2(9)" in text
    for word in ("compliant", "compliance", "準拠", "遵守しています", "適合"):
        assert word not in text.lower()
    rules = await client.ask("papers/make", document="rules")
    text = await (await get(hass_client_no_auth, rules["html"])).text()
    for word in ("設置者", "撮影範囲", "保存期間", "提供記録", "苦情", "佐藤"):
        assert word in text
    result = await site.verification.run("all")
    assert result.problems == ()


async def _house(hass: HomeAssistant, camera: FileCamera) -> Any:
    for name in ("media_source", "websocket_api"):
        assert await async_setup_component(hass, name, {})
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    start = dt_util.utcnow() - timedelta(hours=1)
    return House(hass, entry, camera_id, put_clip(entry.runtime_data.site.vault, camera_id, start, CONTENT))


# --- what stays where --------------------------------------------------------------------------------------------------


async def test_no_name_leaves_the_registers(
    house: Any, client: Client, caplog: pytest.LogCaptureFixture, hass_client_no_auth: Any
) -> None:
    """Not in states, events, the to-do list, the ledger, the log, nor in any file that isn't sealed."""
    seen: list[str] = []
    house.hass.bus.async_listen("*", lambda event: seen.append(repr(event.data)))
    with caplog.at_level(logging.DEBUG):
        saved = await client.ask("registers/save", kind="complaint", fields=complaint(contact="090-1234"))
        await client.ask("registers/list", kind="complaint", text="山田")
        await client.ask("duties/check")
        await client.ask("papers/make", document="report")
    secrets = (NAME, "山田", "090-1234", "窓が映っている")
    told = [state.as_dict_json.decode() for state in house.hass.states.async_all()]
    told += [json.dumps(await items(house.hass), ensure_ascii=False, default=str), *seen]
    # Home Assistant's own log of messages over the websocket, which an administrator may switch on, isn't ours.
    told += [record.getMessage() for record in caplog.records if "websocket_api" not in record.name]
    for text in told:
        assert not any(secret in text for secret in secrets), text
    config = Path(house.hass.config.config_dir)
    for path in config.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(secret.encode() in data for secret in secrets), path
    await client.ask("registers/erase", record_id=saved["record_id"])
    assert await client.refused("registers/get", record_id=saved["record_id"]) == "record_not_found"


async def test_as_a_file(house: Any, client: Client, hass_client_no_auth: Any) -> None:
    """CSV for spreadsheets, in which nothing becomes a formula; JSON of all; and that somebody took it is told."""
    await client.ask("registers/save", kind="complaint", fields=complaint(from_whom='=HYPERLINK("http://x")'))
    answers = [{"date": "2026-11-21", "text": "電話した\n二行目"}]
    await client.ask("registers/save", kind="complaint", fields=complaint(from_whom="@x", answers=answers))
    link = (await client.ask("registers/export", kind="complaint", form="csv"))["link"]
    response = await get(hass_client_no_auth, link)
    assert response.headers["Content-Disposition"] == 'attachment; filename="camguard-complaint.csv"'
    data = await response.read()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["from_whom"] for row in rows] == ["'@x", '\'=HYPERLINK("http://x")']
    assert rows[0]["answers"] == "2026-11-21 電話した\n二行目"
    link = (await client.ask("registers/export", kind="all", form="json"))["link"]
    listed = json.loads(await (await get(hass_client_no_auth, link)).read())
    assert [record["number"] for record in listed["records"]] == [rows[0]["number"], rows[1]["number"]]
    exported = [e.body for e in house.entry.runtime_data.site.vault.ledger.entries() if e.event == "register_exported"]
    assert [(body["kind"], body["records"]) for body in exported] == [("complaint", 2), ("all", 2)]


async def test_papers_are_for_administrators(
    house: Any, client: Client, hass_client: Any, hass_client_no_auth: Any
) -> None:
    saved = await client.ask("registers/save", kind="complaint", fields=complaint())
    links = [
        (await client.ask("papers/sign", size="a5", language="en", variant="shop"))["link"],
        (await client.ask("papers/letter", record_id=saved["record_id"], letter="received", language="en"))["link"],
        (await client.ask("papers/make", document="rules"))["html"],
        (await client.ask("registers/export", kind="all", form="json"))["link"],
    ]
    _, _, token = await house.person(GROUP_ID_USER, named=True)
    viewer = await hass_client(token)
    strangers = await hass_client_no_auth()
    for link in links:
        path = link.split("authSig=")[0].rstrip("?&")
        assert (await viewer.get(path)).status == 404, path
        assert (await strangers.get(path)).status == 401, path
    # A link that was signed for one paper opens no other.
    forged = links[1].replace("letter=received", "letter=range_changed")
    assert forged != links[1]
    assert (await strangers.get(forged)).status == 401


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x", "https://", "http://日本.example", "https://e.org/" + "x" * 400, "x y"]
)
async def test_a_code_that_leads_nowhere(client: Client, hass_client_no_auth: Any, url: str) -> None:
    link = (await client.ask("papers/sign", size="a4", language="ja", variant="home", url=url))["link"]
    response = await get(hass_client_no_auth, link)
    assert response.status == 409
    assert "300" in await response.text()


async def test_what_is_no_record_or_paper(client: Client, house: Any, hass_client: Any) -> None:
    assert await client.refused("registers/get", record_id="../../x") == "record_not_found"
    assert await client.refused("registers/save", kind="document", fields={}) == "invalid_format"
    assert await client.refused("registers/save", kind="complaint", fields={"x": 1}) == "record_field_unknown"
    assert await client.refused("registers/save", kind="sign", fields={}) == "record_field_missing"
    fields = {"place": "x", "cameras": ["x"], "hung_on": "2026-11-20"}
    assert (
        await client.refused("registers/save", kind="sign", fields=fields, picture="!") == "record_picture_unreadable"
    )
    web = await hass_client()
    for path in ("papers/sign?size=a9", "papers/letter?record_id=x", "papers/documents/x.html", "registers/x.csv"):
        assert (await web.get(f"/api/camguard/{path}")).status == 404, path
    saved = await client.ask("registers/save", kind="complaint", fields=complaint())
    other = await client.ask("registers/save", kind="person", fields={"name": "x", "role": "deputy"})
    swapped = {"kind": "complaint", "record_id": other["record_id"], "revision": 1, "fields": saved["fields"]}
    assert await client.refused("registers/save", **swapped) == "record_not_found"
    stale = {"kind": "complaint", "record_id": saved["record_id"], "revision": 7, "fields": saved["fields"]}
    assert await client.refused("registers/save", **stale) == "record_changed_meanwhile"


async def test_live_is_closed_to_whose_agreement_has_ended(house: Any, client: Client, hass_ws_client: Any) -> None:
    user, _, token = await house.person(GROUP_ID_USER, named=True)
    runtime = house.entry.runtime_data
    entity_id = runtime.camera_entity_id(house.camera_id)
    await until(house.hass, entity_id, "streaming")

    async def watch() -> dict[str, Any]:
        socket = await hass_ws_client(house.hass, token)
        await socket.send_json({"id": 1, "type": "camera/stream", "entity_id": entity_id})
        return await socket.receive_json()  # type: ignore[no-any-return]

    assert (await watch())["success"]
    contractor = {"name": "電設", "task": "点検", "user": user.id, "ended_on": "2026-01-01"}
    await runtime.site.registers.save(Kind.CONTRACTOR, contractor, NOBODY)
    refused = await watch()
    assert not refused["success"]
    assert "agreement" in refused["error"]["message"]


async def test_locked_registers_say_what_waits(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    """The root key's medium is away: nobody can read the registers, and a repair says that something waits."""
    usb = tmp_path / "usb"
    entry = await add_site(hass, key_path=str(usb))
    await add_camera(hass, entry)
    await entry.runtime_data.site.registers.save(Kind.COMPLAINT, complaint(due_on="2020-01-01"), NOBODY)
    assert await hass.config_entries.async_unload(entry.entry_id)
    shutil.move(usb, tmp_path / "away")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    found = issue(hass, "duties_locked")
    assert found is not None
    assert found.translation_placeholders == {"waiting": "1", "late": "1"}
    shutil.move(tmp_path / "away", usb)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert issue(hass, "duties_locked") is None
    assert len(entry.runtime_data.site.registers.records) == 1


async def test_a_damaged_record_is_named_and_erased(house: Any, client: Client) -> None:
    """After a start: which one, and why; a repair as well; erased on order, and then nothing is left of it."""
    saved = await client.ask("registers/save", kind="complaint", fields=complaint())
    paths = house.entry.runtime_data.site.vault.paths
    paths.record(saved["record_id"], 1).unlink()
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.hass.async_block_till_done()
    told = (await client.ask("registers/overview"))["unreadable"]
    named = {"record_id": saved["record_id"], "kind": "complaint", "number": saved["number"]}
    assert told == [named | {"reason": "record_missing"}]
    assert await client.refused("registers/get", record_id=saved["record_id"]) == "record_missing"
    assert (await clause(client, "2(7)"))["state"] == "open"
    await until_issue(house.hass, "custody_problem")
    await client.ask("registers/erase", record_id=saved["record_id"])
    assert (await client.ask("registers/overview"))["unreadable"] == []
    assert (await clause(client, "2(7)"))["state"] == "met"


async def until_issue(hass: HomeAssistant, key: str) -> None:
    for _ in range(600):
        if issue(hass, key) is not None:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(key)


async def test_another_purpose_asks_for_another_sign(house: Any, client: Client) -> None:
    today = dt_util.now().date().isoformat()
    fields = {"place": "門柱", "cameras": [house.camera_id], "hung_on": today, "states_present": True}
    await client.ask("registers/save", kind="sign", fields=fields)
    house.hass.config_entries.async_update_entry(house.entry, data={**SITE, "purpose": "防犯と防災"})
    await house.hass.async_block_till_done()
    assert [item["summary"].split(" (")[0] for item in await items(house.hass)][:1] == [
        "Replace the sign: it states something else"
    ]
    assert (await clause(client, "2(1)"))["facts"]["signs"] == 1
    bodies = [e.body for e in house.entry.runtime_data.site.vault.ledger.entries() if e.event == Event.PURPOSE_CHANGED]
    assert [(body["before"], body["after"]) for body in bodies] == [(SITE["purpose"], "防犯と防災")]
    listed = (await client.ask("registers/list", kind="sign"))["records"][0]
    assert (await client.ask("registers/get", record_id=listed["record_id"]))["fields"]["states_present"] is False


async def test_the_self_check_comes_by_itself(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site = house.entry.runtime_data.site

    def checks() -> int:
        return sum(entry.event == Event.DUTIES_CHECKED for entry in site.vault.ledger.entries())

    async_fire_time_changed(house.hass, dt_util.utcnow() + timedelta(hours=2))
    await house.hass.async_block_till_done(wait_background_tasks=True)
    assert checks() == 0
    monkeypatch.setattr(standing, "SELF_CHECK_DAYS", 0)
    async_fire_time_changed(house.hass, dt_util.utcnow() + timedelta(hours=4))
    await house.hass.async_block_till_done(wait_background_tasks=True)
    assert checks() >= 1
