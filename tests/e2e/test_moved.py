"""A camera is turned by hand: Home Assistant's own repairs page shows what it showed and what it shows, and lets it go on.

And the panel's page that shows what the eyes see.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .. import household
from ..home import Home, new_password, wait_for
from ..panel_house import camera_id_of
from ..rtsp import RtspServer
from .looks import Look, shoot
from .test_panel import DESK, LOOKS, SLOW, Visit, fits, serious_faults


@dataclass
class Street:
    """A household with one camera, whose view is confirmed."""

    home: Home
    rtsp: RtspServer
    guarded: str
    view: str

    @property
    def condition(self) -> str:
        return str(self.home.state(self.view)["state"])


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with RtspServer(household.film()) as rtsp:
        home = household.begin(tmp_path_factory.mktemp("moved") / "config", new_password())
        try:
            source = household.add_street_camera(home, rtsp)
            guarded = household.guard(home, household.set_up(home), source, test_clip=False)
            view = household.sibling(home, guarded, "view", "sensor.")
            there = Street(home, rtsp, guarded, view)
            wait_for("the confirmed view", lambda: there.condition == "confirmed", 120)
            yield there
        finally:
            home.stop()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_what_the_eyes_see_looks_well(street: Street, browser: Browser, look: Look) -> None:
    with Visit(browser, street.home, look) as visit:
        page = visit.go(f"cameras/{camera_id_of(street.home, street.guarded)}/motion", "cg-zone-canvas image")
        page.wait_for_timeout(4000)
        shoot(page, look, "panel-motion")
        assert fits(page)
        assert serious_faults(page) == []


def test_an_area_is_left_out_by_mouse(street: Street, browser: Browser) -> None:
    with Visit(browser, street.home, DESK) as visit:
        page = visit.go(f"cameras/{camera_id_of(street.home, street.guarded)}/motion", "cg-zone-canvas image")
        expect(visit.button("^Save$")).to_be_disabled()
        visit.button("Leave out").click()
        box = page.locator("svg.board").bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.3)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.7, steps=8)
        page.mouse.up()
        expect(page.locator("polygon.zone")).to_have_count(1)
        page.locator("input[type=range]").first.fill("80")
        page.get_by_label("Tell what moves, by a sensor of this camera").check()
        page.wait_for_timeout(1500)
        shoot(page, DESK, "panel-motion-area")
        visit.button("^Save$").click()
        page.locator("cg-cameras").wait_for()
        wait_for("the sensor", lambda: street.home.state("binary_sensor.street_motion"), 30)
        visit.go(f"cameras/{camera_id_of(street.home, street.guarded)}/motion", "polygon.zone")
        assert page.locator("input[type=range]").first.input_value() == "80"


def turned(film: Path, folder: Path) -> Path:
    """Return the film as a camera sees it that was turned a little to the right."""
    path = folder / "turned.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", film, "-t", "10", "-vf", "crop=iw:ih:0:0,scroll=hpos=0.06", "-c:v", "libx264",
         "-bf", "0", "-g", "15", path],
        check=True,
    )  # fmt: skip
    return path


def repair(page: Page, home: Home, title: str) -> None:
    """Open the dialog of a repair issue."""
    page.goto(f"{home.url}/config/repairs", wait_until="commit")
    page.get_by_text(title).first.click(timeout=SLOW)
    page.locator("dialog-repairs-flow ha-markdown img, ha-markdown img").first.wait_for(timeout=SLOW)


def test_a_turned_camera_is_blocked_and_a_person_lets_it_go_on(
    street: Street, browser: Browser, tmp_path: Path
) -> None:
    wait_for("the view", lambda: street.condition == "confirmed", 120)
    street.rtsp.stop()
    with RtspServer(turned(street.rtsp.film, tmp_path), street.rtsp.port):
        wait_for("the turn to be noticed", lambda: street.condition == "moved", 120)
        status = household.sibling(street.home, street.guarded, "worker", "sensor.")
        wait_for("the block", lambda: street.home.state(status)["state"] == "blocked", 30)
        for look in LOOKS:
            with Visit(browser, street.home, look) as visit:
                repair(
                    visit.page,
                    street.home,
                    "カメラの向きが変わっています" if look.language == "ja" else "the camera was moved",
                )
                visit.page.wait_for_timeout(800)
                assert visit.page.locator("ha-markdown img").count() >= 2
                natural = "elements => elements.map(image => image.naturalWidth)"
                assert min(visit.page.locator("ha-markdown img").evaluate_all(natural)) > 100
                shoot(visit.page, look, "repair-moved")
                if look is DESK:
                    visit.page.locator("ha-markdown img").last.scroll_into_view_if_needed()
                    shoot(visit.page, look, "repair-moved-below")
        with Visit(browser, street.home, DESK) as visit:
            repair(visit.page, street.home, "the camera was moved")
            visit.page.get_by_role("button", name="Submit").click()
            visit.page.wait_for_timeout(500)
            wait_for("the new view", lambda: street.condition in {"learning", "confirmed"}, 90)
            wait_for("the camera", lambda: street.home.state(street.guarded)["state"] == "streaming", 60)
    street.rtsp.start()
