"""Live in a real Home Assistant: what a browser gets over HLS while a clip is recorded; privacy; who is noted."""

import base64
import io
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from .. import scene
from ..home import Refused, wait_for
from ..household import ZONES, sibling
from .conftest import Household
from .looks import Look, shoot
from .test_household import check_pictures, clips, contains, new_clip, streaming

DESK = Look("en", "light", False)
SLOW = 60_000
GRAB = """
async () => {
  const find = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.tagName === "VIDEO" && element.videoWidth) return element;
      const inside = element.shadowRoot && find(element.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  const video = find(document);
  if (!video || video.readyState < 2) return null;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const luma = new Uint8Array(canvas.width * canvas.height);
  for (let at = 0; at < luma.length; at++)
    luma[at] = Math.round(0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]);
  let text = "";
  for (let at = 0; at < luma.length; at += 8192) text += String.fromCharCode(...luma.subarray(at, at + 8192));
  return { width: canvas.width, height: canvas.height, time: video.currentTime, luma: btoa(text) };
}
"""
"""What the video shows, its pixels as a browser decoded them."""


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


OF_WEBRTC = 'element.tagName === "VIDEO" && element.srcObject'


def entries(house: Household, event: str) -> list[dict[str, Any]]:
    found = house.home.ws("camguard/ledger/list", limit=200, events=[event])["entries"]
    return [entry for entry in found if entry["event"] == event]


def picture_of(page: Page) -> tuple[float, np.ndarray[Any, np.dtype[np.uint8]]]:
    """Return (time in the video, s; its luma) of what is shown now."""
    grabbed = wait_for("a picture in the player", lambda: page.evaluate(GRAB), 60)
    luma = np.frombuffer(base64.b64decode(grabbed["luma"]), np.uint8).reshape(grabbed["height"], grabbed["width"])
    return grabbed["time"], luma


def assert_zones_dark(luma: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
    height, width = luma.shape
    ys, xs = (np.mgrid[0:height, 0:width] + 0.5) / np.array([height, width])[:, None, None]
    for zone in ZONES:
        assert luma[contains(zone, xs, ys, 0)].max() <= 40, f"{zone['name']} is open"
    assert luma.max() > 120, "the rest is there"


@pytest.fixture(scope="module")
def guarded(house: Household) -> Household:
    streaming(house)
    return house


def test_live_over_hls_in_a_browser_while_a_clip_is_recorded(guarded: Household, browser: Browser) -> None:
    home = guarded.home
    before, watched = clips(guarded), len(entries(guarded, "watched"))
    context = DESK.context(browser, home)
    try:
        page = context.new_page()
        page.goto(f"{home.url}/camguard/cameras", wait_until="commit")
        button = page.locator("camguard-panel").get_by_role("button", name=re.compile("Watch live")).first
        button.wait_for(timeout=SLOW)
        button.click()
        first_s, luma = picture_of(page)
        assert_zones_dark(luma)
        number = scene.read_number(luma)
        home.call("camguard.record", entity_id=guarded.guarded, duration=6, response=True)
        seen, at_s = {number}, first_s
        until = time.monotonic() + 60
        while (at_s <= first_s + 3 or len(seen - {None}) <= 5) and time.monotonic() < until:
            at_s, luma = picture_of(page)
            assert_zones_dark(luma)
            seen.add(scene.read_number(luma))
            time.sleep(0.5)
        assert at_s > first_s + 3, "it plays on"
        assert len(seen - {None}) > 5, "and it moves"
        shoot(page, DESK, "live")
        # A phone that sleeps: nobody watches meanwhile. It comes back, and goes on by itself.
        page.evaluate(HIDE, True)
        expect(page.locator("ha-camera-stream")).to_have_count(0)
        page.evaluate(HIDE, False)
        expect(page.locator("ha-camera-stream")).to_have_count(1)
        _, luma = picture_of(page)
        assert_zones_dark(luma)
        clip = new_clip(guarded, before)
        page.locator("camguard-panel").get_by_role("button", name=re.compile("Stop watching")).first.click()
        expect(button).to_be_visible()
    finally:
        context.close()
    mp4 = home.request("GET", f"/api/camguard/clips/{clip['clip_id']}.mp4").content
    assert check_pictures(mp4) > 5
    noted = entries(guarded, "watched")
    assert len(noted) == watched + 1, "once, however often a player asks"
    assert noted[0]["body"]["user_name"] == "Owner"


def test_live_over_webrtc_in_a_browser(guarded: Household, browser: Browser) -> None:
    """By another program that takes the stream by its address, as go2rtc does (which can't be had here)."""
    home = guarded.home
    home.call("webrtc_rig.register")
    context = DESK.context(browser, home)
    try:
        wait_for(
            "WebRTC",
            lambda: "web_rtc" in home.ws("camera/capabilities", entity_id=guarded.guarded)["frontend_stream_types"],
        )
        page = context.new_page()
        page.goto(f"{home.url}/camguard/cameras", wait_until="commit")
        page.locator("camguard-panel").get_by_role("button", name=re.compile("Watch live")).first.click(timeout=SLOW)
        page.locator("ha-web-rtc-player video").first.wait_for(state="attached", timeout=SLOW)
        seen = set()
        until = time.monotonic() + 40
        while len(seen - {None}) < 6 and time.monotonic() < until:
            grabbed = page.evaluate(GRAB.replace('element.tagName === "VIDEO"', OF_WEBRTC))
            if grabbed:
                luma = np.frombuffer(base64.b64decode(grabbed["luma"]), np.uint8)
                luma = luma.reshape(grabbed["height"], grabbed["width"])
                if not luma.any():  # nothing has come yet: a canvas of it is black
                    continue
                assert_zones_dark(luma)
                seen.add(scene.read_number(luma))
            time.sleep(0.4)
        assert len(seen - {None}) >= 6, "it plays"
    finally:
        context.close()
        home.call("webrtc_rig.unregister")


def test_core_s_actions_get_masked_pictures(guarded: Household, tmp_path: Path) -> None:
    """`camera.snapshot` and `camera.record` write what is masked."""
    home = guarded.home
    folder = home.folder / "www"
    folder.mkdir(exist_ok=True)
    film, still = folder / "film.mp4", folder / "still.jpg"
    home.call("camera.snapshot", entity_id=guarded.guarded, filename=str(still))
    with av.open(str(still)) as container:
        (frame,) = container.decode(video=0)
    assert_zones_dark(np.frombuffer(frame.planes[0], np.uint8).reshape(frame.height, -1)[:, : frame.width])
    home.call("camera.record", entity_id=guarded.guarded, filename=str(film), duration=4, lookback=0)
    wait_for("the film", lambda: film.exists() and film.stat().st_size > 10_000, 60)
    assert check_pictures(film.read_bytes()) > 0


def test_mjpeg_is_masked(guarded: Household) -> None:
    home = guarded.home
    token = home.state(guarded.guarded)["attributes"]["access_token"]
    url = f"{home.url}/api/camera_proxy_stream/{guarded.guarded}?token={token}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        data = b""
        while data.count(b"--frameboundary") < 5:
            data += answer.read1(65536)
    jpeg = data[data.index(b"\xff\xd8") : data.index(b"\xff\xd9") + 2]
    with av.open(io.BytesIO(jpeg)) as container:
        (frame,) = container.decode(video=0)
    assert_zones_dark(np.frombuffer(frame.planes[0], np.uint8).reshape(frame.height, -1)[:, : frame.width])


def test_full_privacy(guarded: Household, browser: Browser) -> None:
    home = guarded.home
    switch = sibling(home, guarded.guarded, "privacy")
    stream = home.ws("camera/stream", entity_id=guarded.guarded)["url"]
    playlist = home.request("GET", stream).text
    assert "#EXTM3U" in playlist
    # Each answer ends by itself, so that a proxy that hands on whole answers only passes it on.
    base = stream.rpartition("/")[0]
    inner = next(line for line in playlist.splitlines() if line.endswith(".m3u8"))
    listing = wait_for(
        "segments", lambda: (text := home.request("GET", f"{base}/{inner}").text) and "#EXTINF" in text and text, 60
    )
    segment = next(line for line in listing.splitlines() if line.endswith(".m4s") and not line.startswith("#"))
    part, init = (home.request("GET", f"{base}/{name}").content for name in (segment, "init.mp4"))
    assert check_pictures(init + part) >= 0
    home.call("switch.turn_on", entity_id=switch)
    worker = sibling(home, guarded.guarded, "worker")
    wait_for("the shut eye", lambda: home.state(worker)["attributes"].get("reason") == "privacy")
    assert home.state(guarded.guarded)["state"] == "idle"
    assert (
        home.request("GET", f"/api/camera_proxy/{guarded.guarded}").content
        == (Path(__file__).parents[2] / "custom_components/camguard/brand/private.jpg").read_bytes()
    )
    with pytest.raises(Refused, match="Full privacy"):
        home.ws("camera/stream", entity_id=guarded.guarded)
    with pytest.raises(Refused, match="Full privacy"):
        home.ws(
            "call_service",
            domain="camguard",
            service="record",
            target={"entity_id": guarded.guarded},
            service_data={"duration": 3},
            return_response=True,
        )
    before = clips(guarded)
    home.call("input_boolean.turn_on", entity_id="input_boolean.motion")
    time.sleep(4)
    home.call("input_boolean.turn_off", entity_id="input_boolean.motion")
    assert clips(guarded) == before
    home.call("switch.turn_off", entity_id=switch)
    streaming(guarded)
    assert home.ws("camera/stream", entity_id=guarded.guarded)["url"]
    (on, *_), (off, *_) = entries(guarded, "privacy_on"), entries(guarded, "privacy_off")
    assert on["body"]["user_name"] == off["body"]["user_name"] == "Owner"
