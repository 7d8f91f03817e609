"""A newcomer adds a worker machine in the dialog, a camera goes there, is watched and recorded, and outlives it."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from .. import household
from ..home import Home, descendants, new_password, wait_for
from ..rtsp import RtspServer
from ..servers import needs_sshd, ssh_server
from .looks import Look, shoot
from .test_household import check_pictures

LOOKS = (Look("en", "light", False), Look("ja", "dark", True))


def type_in(page: Page, *texts: str) -> None:
    """Fill a dialog's fields, in their order."""
    fields = page.locator("dialog-data-entry-flow input, ha-dialog input")
    fields.first.wait_for()
    for number, text in enumerate(texts):
        fields.nth(number).fill(text)


def submit(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Submit|送信)$")).last.click()


@needs_sshd
@pytest.mark.timeout(400)
def test_a_machine_works_for_a_camera(tmp_path: Path, browser: Browser) -> None:
    with RtspServer(household.film()) as rtsp, ssh_server(tmp_path / "nas") as nas:
        rtsp.address = "127.1"  # so that it isn't seen to be this machine's own
        home = household.begin(tmp_path / "home", new_password())
        try:
            entry_id = household.set_up(home)
            street = household.add_street_camera(home, rtsp)
            context = LOOKS[0].context(browser, home)
            page = context.new_page()
            page.goto(f"{home.url}/config/integrations/integration/camguard", wait_until="commit")
            page.get_by_role("button", name=re.compile("Add worker machine")).first.click(timeout=60_000)
            page.get_by_text("Another machine, by SSH").click()
            type_in(page, "NAS", "127.0.0.1", str(nas.port), nas.username, sys.executable)
            shoot(page, LOOKS[0], "worker-machine-ssh")
            submit(page)
            page.get_by_text(nas.fingerprint).wait_for()
            shoot(page, LOOKS[0], "worker-machine-host-key")
            page.locator("ha-switch").last.click()
            submit(page)
            line = page.locator("code").filter(has_text="restrict ssh-ed25519").inner_text()
            shoot(page, LOOKS[0], "worker-machine-key")
            submit(page)  # too early: it isn't added there yet
            page.get_by_text("doesn't let CamGuard in").wait_for(timeout=60_000)
            shoot(page, LOOKS[0], "worker-machine-refused")
            authorized = nas.key_file.with_name("authorized_keys")
            authorized.write_text(f"{authorized.read_text()}{line}\n")
            submit(page)
            page.get_by_text(re.compile("Created|Success")).first.wait_for(timeout=60_000)
            context.close()

            (machine,) = wait_for(
                "the machine", lambda: [item for item in home.ws("camguard/overview")["hosts"] if item["cores"]] or None
            )
            guarded = household.guard(home, entry_id, street, test_clip=False, host=machine["host_id"])
            streaming(home, guarded)
            (machine,) = home.ws("camguard/overview")["hosts"]
            assert (machine["cameras"], machine["fault"]) == (1, "")
            for look in LOOKS:
                seen = look.context(browser, home)
                page = seen.new_page()
                page.goto(f"{home.url}/camguard/overview", wait_until="commit")
                card = page.locator('[data-card="hosts"]')
                card.scroll_into_view_if_needed(timeout=60_000)
                shoot(page, look, "worker-machine-overview")
                seen.close()
            assert check_pictures(recorded(home, guarded)) > 5

            # It is switched off, say.
            ours = [
                pid for pid in descendants(home.process.pid) if b"ssh\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
            ]
            assert len(ours) == 2, "the camera's worker, and the watcher's"
            authorized.write_text("")
            for pid in ours:
                os.kill(pid, signal.SIGKILL)
            wait_for("the camera elsewhere", lambda: home.ws("camguard/overview")["hosts"][0]["fault"] or None, 60)
            streaming(home, guarded)
            assert home.ws("camguard/overview")["hosts"][0]["cameras"] == 0
            assert check_pictures(recorded(home, guarded)) > 5
            issues = home.ws("repairs/list_issues")["issues"]
            assert "host_fault" in {issue["translation_key"] for issue in issues}
        finally:
            home.stop()


def streaming(home: Home, guarded: str) -> None:
    wait_for("the stream", lambda: (home.state(guarded) or {}).get("state") == "streaming" or None, 60)


def recorded(home: Home, guarded: str) -> bytes:
    """Return the newest clip after a recording."""

    def newest() -> list[str]:
        return [clip["clip_id"] for clip in home.call("camguard.list_clips", response=True)["clips"]]

    known = set(newest())
    home.call("camguard.record", response=True, entity_id=guarded, duration=3)
    (clip_id,) = wait_for("a clip", lambda: [item for item in newest() if item not in known] or None, 60)
    signed = home.ws("auth/sign_path", path=f"/api/camguard/clips/{clip_id}.mp4")["path"]
    return home.request("GET", signed).content
