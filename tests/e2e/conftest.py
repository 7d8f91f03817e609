"""One household for all end-to-end tests: it lives as long as they do. And a browser."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from .. import household
from ..home import Home, new_password
from ..rtsp import RtspServer

DOORBELL_URL = "input_text.doorbell_url"
DOORBELL = {
    "manifest.json": """\
{"domain": "doorbell", "name": "Doorbell", "version": "1.0.0", "codeowners": [], "documentation": "",
 "requirements": [], "dependencies": ["camera"]}
""",
    "__init__.py": '"""A doorbell that has an address only while it is awake."""\n',
    "camera.py": '''\
"""The camera of a doorbell on a battery: no stream's address while it sleeps."""
from homeassistant.components.camera import Camera, CameraEntityFeature


async def async_setup_platform(hass, config, async_add_entities, discovery_info=None):
    async_add_entities([Doorbell()])


class Doorbell(Camera):
    _attr_name = "Doorbell"
    _attr_unique_id = "doorbell"
    _attr_supported_features = CameraEntityFeature.STREAM

    async def stream_source(self):
        awake = self.hass.states.get("input_boolean.doorbell_awake")
        return self.hass.states.get("input_text.doorbell_url").state if awake and awake.state == "on" else None

    async def async_camera_image(self, width=None, height=None):
        return None
''',
}
"""A custom component of the tests, file by file."""
RIG_MANIFEST = """\
{"domain": "webrtc_rig", "name": "WebRTC rig", "version": "1.0.0", "codeowners": [], "documentation": "",
 "requirements": [], "dependencies": ["camera"]}
"""
EXTRA = """\
camera:
  - platform: doorbell
webrtc_rig:
input_text:
  doorbell_url:
input_boolean:
  motion:
  doorbell_awake:
input_button:
  bell:
  doorbell:
automation:
  - id: bell
    alias: Somebody rings
    triggers:
      - trigger: state
        entity_id: input_button.bell
    actions:
      - action: camguard.record
        target:
          entity_id: camera.street_2
        data:
          duration: 3
          reason: Somebody rang
"""


@dataclass
class Household:
    """What runs."""

    home: Home
    rtsp: RtspServer
    password: str
    guarded: str
    entry_id: str


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """A real Home Assistant with a guarded RTSP camera behind a login."""
    folder: Path = tmp_path_factory.mktemp("house")
    password = new_password()
    component = folder / "config" / "custom_components" / "doorbell"
    component.mkdir(parents=True)
    for name, text in DOORBELL.items():
        (component / name).write_text(text, "utf-8")
    rig = folder / "config" / "custom_components" / "webrtc_rig"
    rig.mkdir()
    (rig / "manifest.json").write_text(RIG_MANIFEST, "utf-8")
    shutil.copyfile(Path(__file__).with_name("webrtc_rig.py"), rig / "__init__.py")
    with RtspServer(household.film(), login=("viewer", "s3cret-for-rtsp")) as rtsp:
        home = household.begin(folder / "config", password, extra=EXTRA)
        try:
            source = household.add_street_camera(home, rtsp)
            entry_id = household.set_up(home)
            settings = {"triggers": ["input_boolean.motion"], "post_roll": 2, "pre_roll": 3}
            guarded = household.guard(home, entry_id, source, **settings)
            yield Household(home, rtsp, password, guarded, entry_id)
        finally:
            home.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium here: install Debian's chromium package")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
