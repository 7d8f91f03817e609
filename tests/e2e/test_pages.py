"""What people see, in Chromium: the set-up flow's steps and the media browser, desktop and phone, light and dark."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ..home import wait_for
from .conftest import Household
from .looks import Look, shoot

NEXT = "Submit|Next|送信|次へ|完了|Finish"


LOOKS = [Look("en", "light", False), Look("ja", "dark", True)]


@pytest.fixture(params=LOOKS, ids=lambda look: look.name)
def look(request: pytest.FixtureRequest) -> Look:
    return request.param


@pytest.fixture
def page(house: Household, browser: Browser, look: Look) -> Iterator[Page]:
    context = look.context(browser, house.home)
    page = context.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
    yield page
    context.close()


def wait_for_picture(page: Page) -> Any:
    picture = page.locator("img[src^='data:image/jpeg']").first
    picture.wait_for(timeout=40_000)
    page.wait_for_function("node => node.naturalWidth > 0", arg=picture.element_handle())
    return picture


def press_next(page: Page) -> None:
    page.get_by_role("button", name=re.compile(NEXT)).last.click()


def test_the_flows_steps(house: Household, page: Page, look: Look) -> None:
    page.goto(f"{house.home.url}/config/integrations/integration/camguard", wait_until="commit")
    row = page.locator("ha-config-sub-entry-row", has_text="Street")
    row.wait_for(timeout=40_000)
    time.sleep(1)
    shoot(page, look, "integration")
    row.locator("ha-icon-button").nth(1).click()
    page.locator("ha-form").first.wait_for(timeout=20_000)
    time.sleep(1)
    shoot(page, look, "flow-camera")
    press_next(page)
    wait_for_picture(page)
    time.sleep(1)
    shoot(page, look, "flow-zones")
    press_next(page)
    question = "すべて覆われていますか" if look.language == "ja" else "Is everything covered"
    page.get_by_text(question).wait_for(timeout=40_000)
    picture = wait_for_picture(page)
    time.sleep(1)
    shoot(page, look, "flow-preview")
    # Black inside the neighbour's house, and a picture elsewhere: read off what the browser shows.
    colours = picture.evaluate(
        """node => { const c = document.createElement('canvas');
          c.width = node.naturalWidth; c.height = node.naturalHeight;
          const g = c.getContext('2d'); g.drawImage(node, 0, 0);
          const at = (x, y) => [...g.getImageData(x * c.width, y * c.height, 1, 1).data].slice(0, 3);
          return {inside: at(.15, .35), outside: at(.85, .85)}; }"""
    )
    assert max(colours["inside"]) < 24
    assert max(colours["outside"]) > 40
    page.locator("ha-switch").last.click()
    press_next(page)
    offer = "試し録画" if look.language == "ja" else "Record a test clip"
    page.get_by_text(offer).first.wait_for(timeout=20_000)
    press_next(page)
    page.locator("step-flow-progress").wait_for(timeout=20_000)
    time.sleep(1)
    shoot(page, look, "flow-testing")
    result = "問題ありません" if look.language == "ja" else "It works"
    page.get_by_text(result).wait_for(timeout=60_000)
    time.sleep(1)
    shoot(page, look, "flow-tested")
    assert page.errors == []  # type: ignore[attr-defined]


def test_the_media_browser_plays_a_clip(house: Household, page: Page, look: Look) -> None:
    def listed() -> list[Any]:
        return house.home.call("camguard.list_clips", response=True)["clips"]

    if not listed():
        wait_for("the camera", lambda: house.home.state(house.guarded)["state"] == "streaming")
        house.home.call("camguard.record", response=True, entity_id=house.guarded, duration=3)
        wait_for("a clip", listed)
    entry = house.home.ws("media_source/browse_media", media_content_id="media-source://camguard")
    camera = entry["children"][0]["media_content_id"]
    day = house.home.ws("media_source/browse_media", media_content_id=camera)["children"][0]
    page.goto(f"{house.home.url}/media-browser/browser", wait_until="commit")
    for title in ("CamGuard", entry["children"][0]["title"], day["title"]):
        page.get_by_text(title, exact=True).filter(visible=True).last.click(timeout=40_000)
        time.sleep(1)
    clip = page.get_by_text(re.compile(r"^\s*\d\d:\d\d:\d\d · \d+ s\s*$")).filter(visible=True).first
    clip.wait_for(timeout=20_000)
    time.sleep(2)
    shoot(page, look, "media-clips")
    clip.click()
    video = page.locator("video").first
    video.wait_for(timeout=20_000)
    page.wait_for_function("node => node.readyState >= 2 && node.videoWidth > 0", arg=video.element_handle())
    video.evaluate("async node => { node.muted = true; await node.play(); }")
    page.wait_for_function("node => node.currentTime > 1", arg=video.element_handle(), timeout=20_000)
    video.evaluate("node => { node.currentTime = node.duration - 0.5; }")
    page.wait_for_function(
        "node => node.ended || node.currentTime > node.duration - 1", arg=video.element_handle(), timeout=20_000
    )
    video.evaluate("async node => { node.currentTime = 1; node.pause(); }")
    time.sleep(1)
    shoot(page, look, "media-player")
    page.goto(f"{house.home.url}/logbook", wait_until="commit")
    # In Home Assistant's own language: the database's thread knows of no user.
    page.get_by_text(re.compile("Clip of")).first.wait_for(timeout=40_000)
    time.sleep(1)
    shoot(page, look, "activity")
    assert page.errors == []  # type: ignore[attr-defined]
