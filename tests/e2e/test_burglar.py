"""The burglar drill with real Home Assistants: a clip of a real stream, the box gone, a new one, the paper, the clip plays."""

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .. import household
from ..home import Home, new_password, wait_for
from ..rtsp import RtspServer
from .looks import Look
from .test_household import check_pictures

HOURS = 24


def place(home: Home, entry_id: str, nas: Path, hours: int) -> str:
    """Set up the place for copies; returns the escrow's code, empty without one."""
    answer = home.flow(
        [entry_id, "copy"], {"next_step_id": "folder"}, {"path": str(nas), "name": "NAS"}, {"confirm": True},
        {"hours": hours}, subentry=True,
    )  # fmt: skip
    if not hours:
        assert answer["type"] == "create_entry", answer
        return ""
    code = str(answer["description_placeholders"]["code"])
    assert home.go_on(answer, {"confirm": True}, subentry=True)["type"] == "create_entry"
    return code


def clips(home: Home) -> list[str]:
    return [clip["clip_id"] for clip in home.call("camguard.list_clips", response=True)["clips"]]


def record(home: Home, guarded: str) -> str:
    known = set(clips(home))
    home.call("camguard.record", response=True, entity_id=guarded, duration=3)
    return wait_for("a clip", lambda: next((item for item in clips(home) if item not in known), None), 60)


@pytest.mark.timeout(400)
def test_the_box_is_stolen_and_the_clip_plays_on_a_new_one(tmp_path: Path, browser: Browser) -> None:
    nas = tmp_path / "nas"
    nas.mkdir()
    with RtspServer(household.film()) as rtsp:
        box = household.begin(tmp_path / "box", new_password())
        try:
            entry_id = household.set_up(box)
            guarded = household.guard(box, entry_id, household.add_street_camera(box, rtsp), test_clip=False)
            code = place(box, entry_id, nas, HOURS)
            wait_for("the stream", lambda: (box.state(guarded) or {}).get("state") == "streaming", 60)
            wiped, kept = record(box, guarded), record(box, guarded)
            box.call(
                "camguard.wipe_media",
                response=True,
                clip_ids=[wiped],
                scope="clips",
                reason="A complaint",
                confirm=True,
            )

            def escrowed() -> bool:
                (shown,) = box.ws("camguard/overview")["copies"]
                (path,) = nas.glob("*/escrow-*.json")
                return shown["copied"] == 1 and json.loads(path.read_bytes())["clip_ids"] == [kept]

            wait_for("the escrow without what was wiped", lambda: escrowed() or None, 90)
        finally:
            box.kill()
    shutil.rmtree(tmp_path / "box")

    new = household.begin(tmp_path / "new", new_password())
    try:
        entry_id = household.set_up(new)
        place(new, entry_id, nas, 0)
        context = Look("en", "light", False).context(browser, new)
        page = context.new_page()
        page.goto(f"{new.url}/config/integrations/integration/camguard", wait_until="commit")
        page.get_by_role("button", name=re.compile("Change place for copies|Reconfigure")).first.click(timeout=60_000)
        page.get_by_text("Bring clips back with a paper code").click()
        page.locator("dialog-data-entry-flow input, ha-dialog input").first.fill(code.lower().replace("-", " "))
        page.get_by_role("button", name="Submit").last.click()
        page.get_by_text("1 clips are being brought back").wait_for()
        context.close()
        wait_for("the clip", lambda: clips(new) or None, 60)
        assert clips(new) == [kept]
        signed = new.ws("auth/sign_path", path=f"/api/camguard/clips/{kept}.mp4")["path"]
        assert check_pictures(new.request("GET", signed).content) > 5
        (shown,) = new.ws("camguard/overview")["copies"]
        assert (shown["bringing"]["done"], shown["bringing"]["missing"]) == (1, 0)

        def told() -> bool:
            issues = new.ws("repairs/list_issues")["issues"]
            return any(issue["translation_key"] == "holds_due" for issue in issues)

        wait_for("the repair that asks somebody to look at it", lambda: told() or None)
    finally:
        new.stop()
