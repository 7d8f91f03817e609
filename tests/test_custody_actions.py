"""Hold, hand out, wipe, verify, restore: who may, what is refused, and with which sentence."""

import asyncio
import hashlib
import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.camguard.app.disclosure.bundles import TOOLS

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_actions import GUARDED, call_as
from .test_main_job import call
from .vault.clips import ledger_full, put_clip

CONTENT = bytes(range(256)) * 1000
DISCLOSURE = {
    "legal_basis": "investigation",
    "recipient_name": "Suzuki Ichiro",
    "recipient_organization": "Kumagaya Police Station",
    "request_reference": "2026-118",
    "purpose": "Inquiry into a theft",
}
SEVEN_ZIP = shutil.which("7zz") or "7z"
WIPE = {"scope": "everything", "reason": "Moving house", "confirm": True}


class Site:
    """A site with clips of 1, 2 … hours ago, the newest first."""

    def __init__(self, hass: HomeAssistant, entry: Any, camera_id: str, count: int) -> None:
        self.hass = hass
        self.entry = entry
        self.camera_id = camera_id
        self.vault = entry.runtime_data.site.vault
        now = dt_util.utcnow()
        self.clips = [put_clip(self.vault, camera_id, now - timedelta(hours=n + 1), CONTENT) for n in range(count)]

    def entries(self, event: str) -> list[dict[str, Any]]:
        return [entry.body for entry in self.vault.ledger.entries() if entry.event == event]

    async def told(self, event: str, count: int) -> list[dict[str, Any]]:
        """Wait for that many entries: what happens at a download's end happens after its last byte."""
        async with asyncio.timeout(10):
            while len(found := self.entries(event)) < count:
                await asyncio.sleep(0.02)
        return found


@pytest.fixture
async def site(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> Site:
    assert await async_setup_component(hass, "repairs", {})
    # Below no cache: held clips then survive a restored backup, so that kits make sense.
    entry = await add_site(hass, storage_path=str(tmp_path / "clips"))
    return Site(hass, entry, await add_camera(hass, entry), 3)


def until(days: int = 30) -> str:
    return (dt_util.now() + timedelta(days=days)).date().isoformat()


# --- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "fields", "automations"),
    [
        ("hold", {"reason": "x", "until": until()}, True),
        ("release", {"reason": "x"}, False),
        ("export_disclosure", DISCLOSURE, False),
        ("wipe_media", {"scope": "clips", "reason": "x", "confirm": True}, False),
        ("verify", {}, True),
    ],
)
async def test_only_administrators(
    site: Site, hass_read_only_user: User, action: str, fields: dict[str, Any], automations: bool
) -> None:
    if action != "verify":
        fields = fields | {"clip_ids": site.clips[:1]}
    with pytest.raises(ServiceValidationError, match="Only an administrator may do this"):
        await call_as(site.hass, hass_read_only_user.id, action, **fields)
    if automations:
        await call(site.hass, action, **fields)
    else:
        with pytest.raises(ServiceValidationError, match="automation"):
            await call(site.hass, action, **fields)
    assert not site.entries("disclosing")
    assert not site.entries("wiping")


NO_CLIPS = ("../../etc/passwd", "a\0" + "b" * 30, "A" * 32, "0" * 31, "0" * 32, "", "\uff10" * 32)


@pytest.mark.parametrize("action", ["hold", "release", "export_disclosure", "wipe_media"])
async def test_clips_that_are_none(site: Site, hass_admin_user: User, action: str) -> None:
    fields = {
        "hold": {"reason": "x", "until": until()},
        "release": {"reason": "x"},
        "export_disclosure": DISCLOSURE,
        "wipe_media": {"scope": "clips", "reason": "x", "confirm": True},
    }[action]
    await call(site.hass, "hold", clip_ids=site.clips[:1], reason="x", until=until())
    before = site.vault.ledger.seq
    for clip_id in NO_CLIPS:
        with pytest.raises(ServiceValidationError, match="no such clip"):
            await call_as(site.hass, hass_admin_user.id, action, clip_ids=[site.clips[0], clip_id], **fields)
    assert site.vault.ledger.seq == before, "all or nothing"
    assert site.vault.index.clip_ids() == set(site.clips)
    assert len(site.vault.holds.all()) == 1


# --- holds -------------------------------------------------------------------------------------------------------------


async def test_a_hold_keeps_a_clip_until_it_is_released(site: Site, hass_admin_user: User) -> None:
    held, *_ = site.clips
    answer = await call_as(
        site.hass, hass_admin_user.id, "hold", clip_ids=[held, held], reason="Asked for by the police", until=until()
    )
    assert answer == {"held": [held], "survives_restore": True}
    clips = (await call(site.hass, "list_clips"))["clips"]
    assert [clip["held"] for clip in clips] == [True, False, False]
    (entry,) = site.entries("held")
    assert (entry["user_id"], entry["clip_id"]) == (hass_admin_user.id, held)
    issues = ir.async_get(site.hass)
    assert issues.async_get_issue("camguard", "kit_missing")
    answer = await call_as(site.hass, hass_admin_user.id, "wipe_media", **WIPE)
    assert (answer["wiped"], answer["skipped_held"], answer["failed"]) == (2, 1, 0)
    assert issues.async_get_issue("camguard", "kit_missing")
    with pytest.raises(ServiceValidationError, match="a reason is needed"):
        await call_as(site.hass, hass_admin_user.id, "release", clip_ids=[held])
    answer = await call_as(site.hass, hass_admin_user.id, "release", clip_ids=[held], reason="Settled")
    assert answer == {"released": [held]}
    assert not issues.async_get_issue("camguard", "kit_missing")
    with pytest.raises(ServiceValidationError, match="isn't held"):
        await call_as(site.hass, hass_admin_user.id, "release", clip_ids=[held], reason="Again")


HOLDS_REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"until": until(-2)}, "must be in the future"),  # the day before may still be today, in another time zone
    ({"until": "2001-02-03 04:05:06"}, "must be in the future"),
    ({"until": until(400)}, "366 days"),
    ({"until": "tomorrow"}, "year-month-day"),
    ({"until": "2027-02-31 10:00"}, "year-month-day"),
    ({"until": "2027-02-31"}, "year-month-day"),
    ({"until": "0001-01-01 00:00:00"}, "year-month-day|must be in the future"),
    ({"until": "9999-12-31 23:59:59"}, "year-month-day"),
    ({"until": "2027-13-45"}, "year-month-day"),
    ({"reason": None}, "a reason is needed"),
    ({"reason": "  "}, "a reason is needed"),
    ({"reason": "x" * 501}, "500 characters"),
    ({"clip_ids": []}, "at least one clip"),
)


async def test_holds_that_are_refused(site: Site) -> None:
    for fields, sentence in HOLDS_REFUSED:
        given = {"clip_ids": site.clips[:1], "reason": "x", "until": until()} | fields
        with pytest.raises(ServiceValidationError, match=sentence):
            await call(site.hass, "hold", **given)
    assert site.vault.holds.all() == ()


async def test_a_passed_review_date_is_told(site: Site) -> None:
    soon = dt_util.now() + timedelta(seconds=2)
    await call(site.hass, "hold", clip_ids=site.clips[:1], reason="x", until=soon.isoformat())
    issues = ir.async_get(site.hass)
    assert not issues.async_get_issue("camguard", "holds_due")
    site.entry.runtime_data.site.holds._clock = _Later()
    await call(site.hass, "apply_retention")
    await site.hass.async_block_till_done(wait_background_tasks=True)
    issue = issues.async_get_issue("camguard", "holds_due")
    assert issue
    assert issue.translation_placeholders == {"count": "1"}
    assert site.clips[0] in site.vault.index.clip_ids(), "a hold never ends by itself"


class _Later:
    def now_us(self) -> int:
        return int((dt_util.utcnow() + timedelta(hours=1)).timestamp() * 1_000_000)


class Repair:
    """The dialog of a repair issue, as the front end walks it."""

    def __init__(self, client: Any, issue_id: str) -> None:
        self.client = client
        self.issue_id = issue_id
        self.flow_id = ""

    async def begin(self) -> Any:
        fields = {"handler": "camguard", "issue_id": self.issue_id}
        response = await self.client.post("/api/repairs/issues/fix", json=fields)
        if response.status != 200:
            return response.status
        answer = await response.json()
        self.flow_id = answer["flow_id"]
        return answer

    async def go_on(self, **fields: Any) -> Any:
        return await (await self.client.post(f"/api/repairs/issues/fix/{self.flow_id}", json=fields)).json()


async def test_a_kit_is_made_once_and_restores(
    site: Site, hass_admin_user: User, hass_client: Any, hass_read_only_access_token: str
) -> None:
    held, other, _ = site.clips
    issues = ir.async_get(site.hass)
    client, guest = await hass_client(), await hass_client(hass_read_only_access_token)
    await call_as(site.hass, hass_admin_user.id, "hold", clip_ids=[held], reason="x", until=until())
    assert await Repair(guest, "kit_missing").begin() == 401
    repair = Repair(client, "kit_missing")
    assert (await repair.begin())["step_id"] == "confirm"
    assert site.entries("kit_made") == []
    shown = await repair.go_on()
    assert shown["step_id"] == "code"
    code = shown["description_placeholders"]["code"]
    assert (await repair.go_on())["type"] == "create_entry"
    assert not issues.async_get_issue("camguard", "kit_missing")
    (entry,) = site.entries("kit_made")
    assert (entry["user_id"], entry["clip_ids"]) == (hass_admin_user.id, [held])
    for folder in (site.vault.paths.cache.parent, site.vault.paths.ledger.parent):
        for file in folder.rglob("*"):
            assert not file.is_file() or code.encode() not in file.read_bytes()
    assert not site.hass.services.has_service("camguard", "restore_held"), "a code in an action is in the database"
    # A restored backup empties .cache: all keys are gone.
    await site.hass.config_entries.async_unload(site.entry.entry_id)
    for path in site.vault.paths.keys.glob("*.key"):
        path.unlink()
    assert await site.hass.config_entries.async_setup(site.entry.entry_id)
    await site.hass.async_block_till_done(wait_background_tasks=True)
    restore = Repair(client, "held_restorable")
    shown = await restore.begin()
    assert (shown["step_id"], shown["description_placeholders"]) == ("restore", {"count": "1", "records": "0"})
    assert (await restore.go_on(code="AAAAA"))["errors"] == {"code": "kit_code_wrong"}
    assert (await restore.go_on(code=code.lower().replace("-", " ")))["type"] == "create_entry"
    assert not issues.async_get_issue("camguard", "held_restorable")
    (entry,) = site.entries("kit_restored")
    assert (entry["user_id"], entry["clip_ids"]) == (hass_admin_user.id, [held])
    assert await (await client.get(f"/api/camguard/clips/{held}.mp4")).read() == CONTENT
    assert (await client.get(f"/api/camguard/clips/{other}.mp4")).status in {404, 410}


async def test_a_kit_needs_something_held(site: Site, hass_admin_user: User, hass_client: Any) -> None:
    client = await hass_client()
    await call_as(site.hass, hass_admin_user.id, "hold", clip_ids=site.clips[:1], reason="x", until=until())
    repair = Repair(client, "kit_missing")
    await repair.begin()
    await call_as(site.hass, hass_admin_user.id, "release", clip_ids=site.clips[:1], reason="x")
    answer = await repair.go_on()
    assert (answer["type"], answer["reason"]) == ("abort", "failed")
    assert answer["description_placeholders"]["reason"].startswith("No clip is held")


# --- disclosure --------------------------------------------------------------------------------------------------------


async def export(site: Site, user: User, **fields: Any) -> Any:
    return await call_as(site.hass, user.id, "export_disclosure", **DISCLOSURE | {"clip_ids": site.clips[:2]} | fields)


async def test_a_disclosure_is_written_down_and_fetched(
    site: Site, hass_admin_user: User, hass_client: Any, hass_client_no_auth: Any, tmp_path: Path
) -> None:
    answer = await export(site, hass_admin_user)
    number = answer["disclosure_id"]
    assert answer == {
        "disclosure_id": number,
        "bundle_path": f"/api/camguard/disclosures/{number}/bundle.zip",
        "handover_path": f"/api/camguard/disclosures/{number}/handover",
        "handover_link": answer["handover_link"],
        "receipt_path": f"/api/camguard/disclosures/{number}/receipt",
    }
    assert answer["handover_link"].startswith(f"{answer['handover_path']}?authSig=")
    (entry,) = site.entries("disclosing")
    assert entry["recipient_name"] == "Suzuki Ichiro"
    assert entry["legal_basis"] == "investigation"
    assert entry["private"]["user_name"] == hass_admin_user.name
    client = await hass_client()
    assert (await client.head(answer["handover_path"])).status == 200
    page = await client.get(answer["handover_path"])
    text = await page.text()
    password = text.split('id="password">')[1].split("<")[0]
    assert [len(part) for part in password.split("-")] == [5, 5, 5, 5]
    assert 'id="password"' not in await (await client.get(answer["handover_path"])).text(), "shown once"
    assert password.encode() not in site.vault.paths.ledger.read_bytes()
    head = await client.head(answer["bundle_path"])
    link = text.split('href="')[1].split('"')[0].replace("&amp;", "&")
    response = await (await hass_client_no_auth()).get(link)
    assert response.headers["Content-Disposition"] == f'attachment; filename="{number}.zip"'
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(await response.read())
    assert int(head.headers["Content-Length"]) == bundle.stat().st_size
    assert subprocess.run([SEVEN_ZIP, "t", f"-p{password}", bundle], capture_output=True, check=False).returncode == 0
    assert subprocess.run([SEVEN_ZIP, "t", "-pwrong", bundle], capture_output=True, check=False).returncode != 0
    assert [item["disclosure_id"] for item in await site.told("disclosed", 1)] == [number]
    assert await (await client.get(answer["bundle_path"])).read()
    await site.told("disclosed", 2)  # each download is written down
    assert (await client.get("/api/camguard/disclosures/CG-2001-0001/bundle.zip")).status == 404


async def test_strangers_get_nothing_of_a_disclosure(
    site: Site, hass_admin_user: User, hass_client: Any, hass_client_no_auth: Any, hass_read_only_access_token: str
) -> None:
    answer = await export(site, hass_admin_user)
    guest, nobody = await hass_client(hass_read_only_access_token), await hass_client_no_auth()
    for path in (answer["bundle_path"], answer["handover_path"]):
        assert (await guest.get(path)).status == 404
        assert (await nobody.get(path)).status == 401
    assert not site.entries("disclosed")


DISCLOSURES_REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"legal_basis": None}, "on a legal basis only"),
    ({"legal_basis": "curiosity"}, "on a legal basis only"),
    ({"recipient_name": ""}, "needs “Recipient”"),
    ({"recipient_name": "x" * 10_000}, "“Recipient” may have 200 characters"),
    ({"recipient_name": "a\0b"}, "can't be printed"),
    ({"recipient_organization": "x" * 201}, "200 characters"),
    ({"purpose": None}, "needs “Purpose”"),
    ({"clip_ids": []}, "Name the clips"),
    ({"clip_ids": [], "entity_id": GUARDED, "start": "2026-01-01 00:00:00"}, "Name the clips"),
    (
        {"clip_ids": [], "entity_id": GUARDED, "start": "2020-01-01 00:00:00", "end": "2020-01-02 00:00:00"},
        "Nothing was recorded",
    ),
    (
        {"clip_ids": [], "entity_id": GUARDED, "start": "2026-01-02 00:00:00", "end": "2026-01-01 00:00:00"},
        "Nothing was recorded",
    ),
    (
        {
            "clip_ids": [],
            "entity_id": "camera.street",
            "start": "2026-01-01 00:00:00",
            "end": "2026-01-02 00:00:00",
        },
        "not a camera guarded",
    ),
)


async def test_disclosures_that_are_refused(site: Site, hass_admin_user: User) -> None:
    before = site.vault.ledger.seq
    for fields, sentence in DISCLOSURES_REFUSED:
        with pytest.raises(ServiceValidationError, match=sentence):
            await export(site, hass_admin_user, **fields)
    assert site.vault.ledger.seq == before


async def test_an_altered_clip_is_not_handed_out(site: Site, hass_admin_user: User) -> None:
    path = site.vault.paths.clip(site.clips[1])
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    with pytest.raises(HomeAssistantError, match="isn't what was recorded"):
        await export(site, hass_admin_user)
    assert not site.entries("disclosing")
    assert site.entries("anomaly")
    await site.hass.async_block_till_done()
    assert ir.async_get(site.hass).async_get_issue("camguard", "clips_altered")


async def test_nothing_is_handed_out_that_cannot_be_written_down(site: Site, hass_admin_user: User) -> None:
    with ledger_full(site.vault), pytest.raises(HomeAssistantError, match="ledger can't be written"):
        await export(site, hass_admin_user)


async def test_a_plain_hand_over_needs_a_promise(site: Site, hass_admin_user: User, hass_client: Any) -> None:
    answer = await export(site, hass_admin_user, form="hand_over", recipient_name="<script>alert(1)</script>")
    client = await hass_client()
    page = await (await client.get(answer["handover_path"])).text()
    assert "password" not in page
    assert 'type="checkbox" required' in page
    data = await (await client.get(answer["bundle_path"])).read()
    assert b"<script>alert" not in data.replace(b'"<script>alert', b"")
    assert b"&lt;script&gt;alert" in data


async def test_a_wiped_clip_leaves_no_bundle(site: Site, hass_admin_user: User, hass_client: Any) -> None:
    answer = await export(site, hass_admin_user)
    await call_as(site.hass, hass_admin_user.id, "wipe_media", **WIPE)
    client = await hass_client()
    assert (await client.get(answer["bundle_path"])).status == 410


# --- wiping ------------------------------------------------------------------------------------------------------------


async def test_wiping_leaves_a_certificate(
    site: Site, hass_admin_user: User, hass_client: Any, hass_read_only_access_token: str, tmp_path: Path
) -> None:
    answer = await call_as(site.hass, hass_admin_user.id, "wipe_media", **WIPE)
    number = answer["certificate_id"]
    assert answer == {
        "certificate_id": number,
        "certificate_path": f"/api/camguard/certificates/{number}.html",
        "certificate_link": answer["certificate_link"],
        "wiped": 3,
        "skipped_held": 0,
        "failed": 0,
    }
    client = await hass_client()
    for clip_id in site.clips:
        for kind in ("mp4", "jpg"):
            assert (await client.get(f"/api/camguard/clips/{clip_id}.{kind}")).status == 410
    files = {}
    for kind in ("html", "json", "sig", "pem"):
        response = await client.get(answer["certificate_path"].replace("html", kind))
        assert response.status == 200
        files[kind] = tmp_path / f"certificate.{kind}"
        files[kind].write_bytes(await response.read())
    assert json.loads(files["json"].read_bytes())["certificate_id"] == number
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", files["pem"], "-rawin", "-in", files["json"]]
    subprocess.run([*verify, "-sigfile", files["sig"]], check=True, capture_output=True)
    guest = await hass_client(hass_read_only_access_token)
    assert (await guest.get(answer["certificate_path"])).status == 404
    for wrong in ("CW-2026-9999.html", f"{number}.exe", "..%2fsecrets.html", f"{number.lower()}.html"):
        assert (await client.get(f"/api/camguard/certificates/{wrong}")).status in {400, 404}


WIPES_REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"confirm": False}, "can't be undone"),
    ({"reason": None}, "a reason is needed"),
    ({"reason": "x" * 501}, "500 characters"),
    ({"scope": "clips"}, "at least one clip"),
    ({"scope": "camera"}, "at least one camera"),
    ({"scope": "camera", "entity_id": "camera.street"}, "not a camera guarded"),
    ({"scope": "before"}, "before which date"),
)


async def test_wipes_that_are_refused(site: Site, hass_admin_user: User) -> None:
    for fields, sentence in WIPES_REFUSED:
        with pytest.raises(ServiceValidationError, match=sentence):
            await call_as(site.hass, hass_admin_user.id, "wipe_media", **WIPE | fields)
    assert site.vault.index.clip_ids() == set(site.clips)
    assert not site.entries("wiping")


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"scope": "clips", "clip_ids": "first"}, 2),
        ({"scope": "camera", "entity_id": GUARDED}, 0),
        ({"scope": "before", "before": "hours"}, 1),
    ],
)
async def test_wiping_a_part(site: Site, hass_admin_user: User, fields: dict[str, Any], left: int) -> None:
    if "clip_ids" in fields:
        fields = fields | {"clip_ids": site.clips[:1]}
    if "before" in fields:
        fields = fields | {"before": (dt_util.now() - timedelta(hours=1.5)).isoformat()}
    answer = await call_as(site.hass, hass_admin_user.id, "wipe_media", **WIPE | fields)
    assert answer["wiped"] == 3 - left
    assert len(site.vault.index.clip_ids()) == left


# --- verifying ---------------------------------------------------------------------------------------------------------


async def test_verify_tells_what_is_wrong(site: Site) -> None:
    answer = await call(site.hass, "verify")
    assert (answer["ok"], answer["clips_checked"], answer["masks_proved"], answer["problems"]) == (True, 3, 3, [])
    assert answer["head"] == site.vault.ledger.head
    assert answer["entries"] == site.vault.ledger.seq
    state = site.hass.states.get("sensor.camguard_ledger_head")
    assert state.attributes["problems"] == 0
    assert state.attributes["verified_at"]
    path = site.vault.paths.clip(site.clips[2])
    path.write_bytes(path.read_bytes()[:-1])
    answer = await call(site.hass, "verify", scope="clips")
    assert not answer["ok"]
    (problem,) = answer["problems"]
    assert (problem["problem"], problem["clip_id"]) == ("clip_altered", site.clips[2])
    assert "isn't what was recorded" in problem["message"]


async def test_an_altered_ledger_is_a_repair_that_somebody_confirms(site: Site, hass_client: Any) -> None:
    ledger = site.vault.paths.ledger
    ledger.write_bytes(ledger.read_bytes().replace(b'"camera_id":"', b'"camera_id":"x', 1))
    answer = await call(site.hass, "verify", scope="ledger")
    assert [problem["problem"] for problem in answer["problems"]] == ["ledger_altered"]
    await site.hass.async_block_till_done()
    issues = ir.async_get(site.hass)
    assert issues.async_get_issue("camguard", "ledger_problem").is_fixable
    repair = Repair(await hass_client(), "ledger_problem")
    assert (await repair.begin())["step_id"] == "confirm"
    assert (await repair.go_on())["type"] == "create_entry"
    assert not issues.async_get_issue("camguard", "ledger_problem")


async def test_unloaded(site: Site, hass_admin_user: User) -> None:
    await site.hass.config_entries.async_unload(site.entry.entry_id)
    for action, fields in (("verify", {}), ("wipe_media", WIPE), ("export_disclosure", DISCLOSURE)):
        with pytest.raises(HomeAssistantError, match="isn't running"):
            await call_as(site.hass, hass_admin_user.id, action, **fields)


async def test_actions_tell_nothing_to_the_log(site: Site, hass_admin_user: User, caplog: Any) -> None:
    await export(site, hass_admin_user)
    await site.hass.services.async_call(
        "camguard", "verify", {}, blocking=True, context=Context(user_id=hass_admin_user.id)
    )
    for record in caplog.records:
        if record.name.startswith("custom_components.camguard"):
            assert "Suzuki" not in record.getMessage()


@pytest.mark.parametrize(("start", "twice"), [("02:30:00", True), ("02:30:00+01:00", False), ("04:30:00", False)])
async def test_a_time_that_occurs_twice_is_asked_back(
    site: Site, hass_admin_user: User, start: str, twice: bool
) -> None:
    await site.hass.config.async_set_time_zone("Europe/Berlin")
    fields = DISCLOSURE | {"entity_id": "camera.street_2", "start": f"2026-10-25T{start}", "end": "2026-10-25T05:00:00"}
    with pytest.raises(ServiceValidationError) as error:
        await call_as(site.hass, hass_admin_user.id, "export_disclosure", **fields)
    assert error.value.translation_key == ("time_occurs_twice" if twice else "range_empty")


def test_the_verifiers_hashes_are_published() -> None:
    """Beside them in the repository: a recipient compares them with the receipt."""
    lines = (TOOLS / "SHA256SUMS").read_text().splitlines()
    assert {line.split("  ")[1] for line in lines} == {"verify.html", "verify.py"}
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((TOOLS / name).read_bytes()).hexdigest() == digest, f"{name}: make bundle/SHA256SUMS anew"
