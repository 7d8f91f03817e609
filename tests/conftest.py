"""What every test shares."""

from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

import custom_components  # noqa: F401 - before the harness's own package of that name

from .cameras import FileCamera
from .house import house  # noqa: F401 - a fixture
from .worker.test_process import make_video


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A moving scene of 320x240, a minute long."""
    return make_video(tmp_path_factory.mktemp("scene") / "scene.ts", seconds=60)


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """A config folder of the test's own."""
    folder = tmp_path / "config"
    folder.mkdir()
    return str(folder)


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")
        request.getfixturevalue("socket_enabled")  # each camera listens on loopback for who watches it


@pytest.fixture
async def camera(hass: HomeAssistant, scene: Path) -> FileCamera:
    """An ordinary camera entity, `camera.street`, that streams the scene."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "camera", {})
    entity = FileCamera(str(scene), "Street")
    await hass.data["camera"].async_add_entities([entity])
    await hass.async_block_till_done()
    return entity
