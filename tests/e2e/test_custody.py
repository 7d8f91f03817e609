"""Custody in a real Home Assistant, from the first view to the certificate: what a household, the police and a tester do.

One household of its own: clips on a medium of their own, the root key on another, so that a restored backup loses keys
but no sealed files.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from .. import household
from ..home import Home, new_password, wait_for
from ..rtsp import RtspServer
from .looks import Look, shoot

SEVEN_ZIP = shutil.which("7zz") or shutil.which("7z")
GUARDED = "camera.street_2"
LOOKS = [Look("en", "light", False), Look("ja", "dark", True), Look("ja", "light", False), Look("en", "dark", True)]
REQUEST = {
    "legal_basis": "investigation",
    "recipient_name": "鈴木 一郎",
    "recipient_organization": "熊谷警察署",
    "request_reference": "第118号",
    "purpose": "自転車盗難の捜査",
}
pytestmark = pytest.mark.skipif(SEVEN_ZIP is None, reason="no 7-Zip here: install Debian's 7zip")


@dataclass
class Story:
    """What has happened so far: the tests of this file tell one story, in order."""

    home: Home
    root: Path
    password: str
    entry_id: str = ""
    clips: list[str] = field(default_factory=list)
    kit_code: str = ""
    certificate: str = ""

    @property
    def ledger(self) -> Path:
        return self.home.folder / "camguard" / "ledger.jsonl"

    def entries(self, event: str) -> list[dict[str, Any]]:
        bodies = [json.loads(line)["body"] for line in self.ledger.read_text("utf-8").splitlines()]
        return [body for body in bodies if body and body["event"] == event]

    def call(self, action: str, **fields: Any) -> Any:
        return self.home.call(f"camguard.{action}", response=True, **fields)

    def status(self, clip_id: str, home: Home | None = None) -> int:
        return (home or self.home).request("GET", f"/api/camguard/clips/{clip_id}.mp4").status_code

    def start(self) -> None:
        self.home.start()
        self.home.onboard("Owner", "owner", self.password)
        self.home.wait_running()

    def issues(self) -> dict[str, Any]:
        found = self.home.ws("repairs/list_issues")["issues"]
        return {item["issue_id"]: item for item in found if item["domain"] == "camguard"}

    def repair(self, issue_id: str, *steps: dict[str, Any]) -> dict[str, Any]:
        """Walk a repair's dialog; returns the last answer."""
        fields = {"handler": "camguard", "issue_id": issue_id}
        answer = self.home.post("/api/repairs/issues/fix", fields)
        for step in steps:
            answer = self.home.post(f"/api/repairs/issues/fix/{answer['flow_id']}", step)
        return answer


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    root: Path = tmp_path_factory.mktemp("custody")
    password = new_password()
    for name in ("media", "usb"):
        (root / name).mkdir()
    home = Home(root / "config")
    # A restored backup unpacks what it took along: the component has to be there for real.
    shutil.copytree(household.COMPONENT, home.folder / "custom_components" / "camguard")
    with RtspServer(household.film()) as rtsp:
        home.prepare()
        told = Story(home, root, password)
        told.start()
        try:
            source = household.add_street_camera(home, rtsp)
            site = household.SITE | {"storage_path": str(root / "media" / "camguard"), "key_path": str(root / "usb")}
            answer = home.flow("camguard", site)
            assert answer["type"] == "create_entry", answer
            told.entry_id = answer["result"]["entry_id"]
            assert household.guard(home, told.entry_id, source, pre_roll=1, post_roll=1) == GUARDED
            yield told
        finally:
            home.stop()


def record(story: Story, seconds: float) -> str:
    wait_for("the camera", lambda: (story.home.state(GUARDED) or {}).get("state") in {"streaming", "recording"}, 60)
    clip_id = story.call("record", entity_id=GUARDED, duration=seconds, reason="A test")["clip_id"]
    listed = lambda: [clip["clip_id"] for clip in story.call("list_clips")["clips"]]  # noqa: E731
    wait_for("the clip", lambda: clip_id in listed(), 60)
    return clip_id


def test_clips_are_recorded_and_viewed_by_whom_the_site_names(story: Story) -> None:
    story.clips = [record(story, 6), record(story, 3)]
    first, _ = story.clips
    viewer_id = story.home.add_user("Viewer", "viewer", "viewer-password")
    story.home.add_user("Guest", "guest", "guest-password")
    viewer, guest = story.home.login("viewer", "viewer-password"), story.home.login("guest", "guest-password")
    assert story.status(first, viewer) == 404, "not named yet"
    site = story.home.post(
        "/api/config/config_entries/flow",
        {"handler": "camguard", "entry_id": story.entry_id, "show_advanced_options": False},
    )
    named = household.SITE | {"viewers": [viewer_id]}
    named |= {"storage_path": str(story.root / "media" / "camguard"), "key_path": str(story.root / "usb")}
    answer = story.home.go_on(site, named)
    assert answer["reason"] == "reconfigure_successful"
    wait_for("the viewer's right", lambda: story.status(first, viewer) == 200, 60)
    for _ in range(3):
        part = viewer.request("GET", f"/api/camguard/clips/{first}.mp4", headers={"Range": "bytes=0-99"})
        assert part.status_code == 206
    assert story.status(first, guest) == 404
    views = [body for body in story.entries("viewed") if body["user_id"] == viewer_id]
    assert [body["clip_id"] for body in views] == [first], "one person, one clip: one entry"
    assert guest.ws("media_source/browse_media", media_content_id="media-source://camguard")["children"] == []


def test_a_clip_is_held_and_its_key_goes_into_a_kit(story: Story, browser: Browser) -> None:
    first, _ = story.clips
    answer = story.call("hold", clip_ids=[first], reason="Asked for by the police", until="2027-03-31")
    assert answer == {"held": [first], "survives_restore": True}
    wait_for("the repair", lambda: "kit_missing" in story.issues())
    for look in LOOKS[:2]:
        look_at_the_repair(story, browser, look)
    shown = story.repair("kit_missing", {})
    assert shown["step_id"] == "code"
    story.kit_code = shown["description_placeholders"]["code"]
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{5}-){3}[2-9A-HJ-NP-Z]{5}", story.kit_code)
    story.home.post(f"/api/repairs/issues/fix/{shown['flow_id']}", {})
    wait_for("its end", lambda: "kit_missing" not in story.issues())


def look_at_the_repair(story: Story, browser: Browser, look: Look) -> None:
    """Open the repair's first step as a person would, in their language, and leave it."""
    context = look.context(browser, story.home)
    page = context.new_page()
    page.goto(f"{story.home.url}/config/repairs", wait_until="commit")
    title = "復元キットがありません" if look.language == "ja" else "Held clips are in no recovery kit"
    row = page.get_by_text(re.compile(title)).filter(visible=True).first
    row.wait_for(timeout=40_000)
    shoot(page, look, "repairs")
    row.click()
    text = "紙とペン" if look.language == "ja" else "Have paper and pen ready"
    page.get_by_text(re.compile(text)).first.wait_for(timeout=20_000)
    time.sleep(0.5)
    shoot(page, look, "repair-kit")
    if look.language == "en":
        page.get_by_role("button", name=re.compile("Submit|Next")).last.click()
        page.get_by_text("It opens the keys of the held clips (1)").first.wait_for(timeout=20_000)
        time.sleep(0.5)
        shoot(page, look, "repair-code")
    context.close()


def look_at_the_restore(story: Story, browser: Browser, look: Look) -> None:
    """Open the dialog that asks for the code."""
    context = look.context(browser, story.home)
    page = context.new_page()
    page.goto(f"{story.home.url}/config/repairs", wait_until="commit")
    page.get_by_text("保全中のクリップや管理簿の記録を復元できます").filter(visible=True).first.click(timeout=40_000)
    page.get_by_text(re.compile("クリップ 1 件と管理簿の記録 0 件の鍵が失われています")).first.wait_for(timeout=20_000)
    time.sleep(0.5)
    shoot(page, look, "repair-restore")
    context.close()


def look_at(browser: Browser, url: str, name: str) -> None:
    """Open a paper in every look; nothing may reach beyond the screen's side."""
    for look in LOOKS:
        context = look.context(browser)
        page = context.new_page()
        page.goto(url)
        shoot(page, look, name, full=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name}, {look.name}"
        context.close()


def fetch(story: Story, name: str, **fields: Any) -> tuple[Path, dict[str, Any]]:
    """Export and unpack as the recipient would; returns (folder, the action's answer)."""
    answer = story.call("export_disclosure", **REQUEST | fields)
    page = story.home.session.get(story.home.url + answer["handover_link"], timeout=30)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    password = page.text.split('id="password">')[1].split("<")[0]
    link = page.text.split('href="')[1].split('"')[0].replace("&amp;", "&")
    bundle = story.root / f"{name}.zip"
    bundle.write_bytes(story.home.session.get(story.home.url + link, timeout=120).content)
    assert 'id="password"' not in story.home.session.get(story.home.url + answer["handover_link"], timeout=30).text
    assert subprocess.run([SEVEN_ZIP, "t", "-pwrong", bundle], capture_output=True, check=False).returncode != 0
    target = story.root / name
    subprocess.run([SEVEN_ZIP, "x", f"-p{password}", f"-o{target}", bundle], check=True, capture_output=True)
    (folder,) = target.iterdir()
    assert folder.name == answer["disclosure_id"]
    for log in (story.home.log, story.ledger):
        assert password not in log.read_text("utf-8", "replace")
    return folder, answer


CHECKS = {
    "sha256sum": ["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"],
    "openssl": [
        *("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin"),
        *("-in", "SHA256SUMS", "-sigfile", "SHA256SUMS.ed25519"),
    ],
    "ssh-keygen": [
        *("ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", "camguard", "-n", "camguard-export"),
        *("-s", "SHA256SUMS.sig"),
    ],
    "verify.py": [sys.executable, "-I", "verify.py"],
}


def passes(check: str, folder: Path) -> bool:
    with (folder / "SHA256SUMS").open("rb") as manifest:
        done = subprocess.run(CHECKS[check], cwd=folder, stdin=manifest, capture_output=True, check=False)
    return done.returncode == 0


def flipped(path: Path) -> bytes:
    """Change one byte in the middle; returns what was there."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :])
    return data


def test_the_police_get_a_bundle_that_verifies_without_camguard(story: Story, browser: Browser) -> None:
    first, _ = story.clips
    for form in ("hand_over", "sealed_zip"):
        shown = story.call("export_disclosure", **REQUEST | {"clip_ids": [first], "form": form})
        look_at(browser, story.home.url + shown["handover_link"], f"handover-{form}")
        receipt = story.home.request("GET", shown["receipt_path"])
        assert receipt.status_code == 200
        assert "SHA256:" in receipt.text
    folder, answer = fetch(story, "whole", clip_ids=[first])
    whole = story.home.request("GET", f"/api/camguard/clips/{first}.mp4").content
    assert (folder / "clip-01.mp4").read_bytes() == whole, "bit for bit"
    *_, disclosing = story.entries("disclosing")
    assert (disclosing["recipient_name"], disclosing["legal_basis"]) == ("鈴木 一郎", "investigation")
    assert [body["disclosure_id"] for body in story.entries("disclosed")] == [answer["disclosure_id"]]
    for check in CHECKS:
        assert passes(check, folder), check
    caught_by = {
        "clip-01.mp4": {"sha256sum", "verify.py"},
        "clip-01.json": {"sha256sum", "verify.py"},
        "manifest.json": {"sha256sum", "verify.py"},
        "SHA256SUMS": set(CHECKS),
        "ledger-extract.txt": {"sha256sum", "verify.py"},
        "ledger-entries.jsonl": {"sha256sum", "verify.py"},
        "README.html": {"sha256sum", "verify.py"},
    }
    for name, checks in caught_by.items():
        before = flipped(folder / name)
        for check in CHECKS:
            assert passes(check, folder) is (check not in checks), f"{check} on an altered {name}"
        (folder / name).write_bytes(before)
    letter = (folder / "README.html").read_text("utf-8")
    for text in ("受領書", "熊谷警察署", "第118号", "receipt"):
        assert text in letter
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", folder / "clip-01.mp4"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert probe.stdout.strip() == "h264"


def test_a_time_of_a_clip_is_an_extract_beside_the_wholes_hash(story: Story) -> None:
    first, _ = story.clips
    (clip,) = (item for item in story.call("list_clips")["clips"] if item["clip_id"] == first)
    start = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(_seconds(clip["start"]) + 3))
    folder, _ = fetch(story, "extract", entity_id=GUARDED, start=start, end=clip["end"])
    manifest = json.loads((folder / "manifest.json").read_bytes())
    part = manifest["clips"][0]
    assert part["kind"] == "extract"
    assert part["whole"]["sha256"] == clip["sha256"] != part["sha256"]
    assert (folder / part["file"]).stat().st_size < clip["size"]
    for check in CHECKS:
        assert passes(check, folder), check


def _seconds(moment: str) -> float:
    return time.mktime(time.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone


def test_the_rest_is_wiped_with_a_certificate(story: Story, browser: Browser) -> None:
    first, second = story.clips
    link = story.home.ws("media_source/resolve_media", media_content_id=f"media-source://camguard/x/y/{second}")["url"]
    assert story.home.session.get(story.home.url + link, timeout=30).status_code == 200
    answer = story.call("wipe_media", scope="everything", reason="引っ越しのため", confirm=True)
    assert (answer["wiped"], answer["skipped_held"], answer["failed"]) == (1, 1, 0)
    story.certificate = answer["certificate_id"]
    assert story.home.session.get(story.home.url + link, timeout=30).status_code == 410, "an open link serves nothing"
    assert story.status(second) == 410
    assert story.status(first) == 200
    page = story.home.session.get(story.home.url + answer["certificate_link"], timeout=30).text
    for text in ("消去証明書", "引っ越しのため", "2(5)オ", "Erasure certificate"):
        assert text in page
    look_at(browser, story.home.url + answer["certificate_link"], "certificate")
    files = {}
    for kind in ("json", "sig", "pem"):
        response = story.home.request("GET", answer["certificate_path"].replace("html", kind))
        files[kind] = story.root / f"certificate.{kind}"
        files[kind].write_bytes(response.content)
    facts = json.loads(files["json"].read_bytes())
    assert facts["wiped"] == [second]
    assert facts["skipped_held"] == [first]
    assert facts["known_kits"] == []
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", files["pem"], "-rawin", "-in", files["json"]]
    assert subprocess.run([*verify, "-sigfile", files["sig"]], capture_output=True, check=False).returncode == 0
    flipped(files["json"])
    assert subprocess.run([*verify, "-sigfile", files["sig"]], capture_output=True, check=False).returncode != 0
    assert not list((story.root / "media").rglob(f"{second}*"))
    assert not list(story.home.folder.rglob(f"{second}*"))


def test_everything_verifies(story: Story) -> None:
    answer = story.call("verify", scope="all")
    assert answer["ok"], answer["problems"]
    assert (answer["clips_checked"], answer["entries"]) == (1, len(story.ledger.read_bytes().splitlines()))
    assert story.home.state("sensor.camguard_ledger_head")["attributes"]["problems"] == 0


def test_another_user_may_not_do_an_administrators_work(story: Story) -> None:
    for action, fields in (
        ("export_disclosure", REQUEST | {"clip_ids": story.clips[:1]}),
        ("wipe_media", {"scope": "everything", "reason": "x", "confirm": True}),
        ("release", {"clip_ids": story.clips[:1], "reason": "x"}),
    ):
        guest = story.home.login("guest", "guest-password")
        refused = guest.request("POST", f"/api/services/camguard/{action}?return_response", json=fields)
        assert refused.status_code in {400, 401, 500}, action
    assert story.status(story.clips[0]) == 200
    assert len(story.entries("wiped")) == 1


def backup(story: Story) -> str:
    agent = story.home.ws("backup/agents/info")["agents"][0]["agent_id"]
    story.home.ws("backup/generate", agent_ids=[agent], include_homeassistant=True, include_database=True, name="proof")
    wait_for("the backup", lambda: list((story.home.folder / "backups").glob("*.tar")), 90)
    wait_for("the backup's end", lambda: story.home.ws("backup/info")["state"] == "idle", 90)
    (known,) = story.home.ws("backup/info")["backups"]
    return str(known["backup_id"])


def test_a_restored_backup_brings_back_what_is_held_and_nothing_that_was_wiped(story: Story, browser: Browser) -> None:
    first, second = story.clips
    third = record(story, 2)
    backup_id = backup(story)
    (archive,) = (story.home.folder / "backups").glob("*.tar")
    names: list[str] = []
    with tarfile.open(archive) as outer:
        for member in outer:
            if member.name.endswith(".tar.gz"):
                inner_file = outer.extractfile(member)
                assert inner_file
                with tarfile.open(fileobj=inner_file, mode="r:gz") as inner:
                    names += inner.getnames()
    assert any(name.endswith("camguard/ledger.jsonl") for name in names)
    assert any(name.endswith(".kit.age") for name in names)
    assert not [name for name in names if name.endswith((".key", ".mp4.age", ".json.age", ".jpg.age"))]
    agent = story.home.ws("backup/agents/info")["agents"][0]["agent_id"]
    story.home.ws(
        "backup/restore", backup_id=backup_id, agent_id=agent, restore_database=True, restore_homeassistant=True
    )
    assert story.home.process
    story.home.process.wait(120)
    story.home.process = None
    while True:  # a supervisor starts Home Assistant again; it unpacks the backup, and asks for one more start
        story.home.start(wait=False)
        assert story.home.process
        try:
            story.home.process.wait(20)
        except subprocess.TimeoutExpired:
            break
        story.home.process = None
    story.home.wait_started()
    story.home.onboard("Owner", "owner", story.password)
    story.home.wait_running()
    wait_for("the repair", lambda: "held_restorable" in story.issues(), 60)
    assert story.status(first) != 200, "its key is gone"
    look_at_the_restore(story, browser, LOOKS[2])
    wrong = story.repair("held_restorable", {"code": "22222-22222-22222-22222"})
    assert wrong["errors"] == {"code": "kit_code_wrong"}
    done = story.home.post(f"/api/repairs/issues/fix/{wrong['flow_id']}", {"code": story.kit_code.lower()})
    assert done["type"] == "create_entry"
    assert story.status(first) == 200, "held, and back"
    assert [clip["clip_id"] for clip in story.call("list_clips")["clips"]] == [first]
    for gone in (second, third):
        assert story.status(gone) in {404, 410}
    assert story.call("verify", scope="clips")["ok"]


def test_whoever_tampers_is_caught(story: Story) -> None:
    first, *_ = story.clips
    (sealed,) = (story.root / "media").rglob(f"{first}.mp4.age")
    before = flipped(sealed)
    answer = story.call("verify", scope="clips")
    assert [problem["problem"] for problem in answer["problems"]] == ["clip_altered"]
    refused = story.home.request(
        "POST", "/api/services/camguard/export_disclosure?return_response", json=REQUEST | {"clip_ids": [first]}
    )
    assert refused.status_code == 500
    assert "clips_altered" in story.issues()
    sealed.write_bytes(before)

    lines = story.ledger.read_bytes().splitlines(keepends=True)
    story.home.stop()
    story.ledger.write_bytes(b"".join(lines[:-4]))
    story.start()
    wait_for("the repair", lambda: "ledger_problem" in story.issues(), 60)
    assert any("ledger_rolled_back" in " ".join(body["problems"]) for body in story.entries("anomaly"))
    story.repair("ledger_problem", {})
    assert "ledger_problem" not in story.issues()

    altered = story.ledger.read_text("utf-8").replace("自転車盗難の捜査", "近所のうわさ", 1)
    assert altered != story.ledger.read_text("utf-8")
    story.ledger.write_text(altered, "utf-8")
    answer = story.call("verify", scope="ledger")
    assert [problem["problem"] for problem in answer["problems"]] == ["ledger_altered"]
    assert os.stat(story.ledger).st_mode & 0o777 == 0o600  # noqa: PTH116
