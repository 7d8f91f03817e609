"""Sources that can't be guarded: set-up says why in words, the running camera is unavailable, a repair tells of it."""

import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.camera import CameraEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from custom_components.camguard.hass.repair_issues import BLOCKED, UNREACHED

from .cameras import FileCamera
from .rtsp import RtspServer
from .scene import movie
from .setup import CAMERA, ZONES, add_camera, add_site, past_progress
from .test_main_job import call, until
from .test_translations import EN
from .worker.driver import film
from .worker.test_bad_input import SECRET, http, server

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("socket_enabled")]


def png(width: int, height: int) -> bytes:
    """Return a black picture, one bit a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes(height * (1 + (width + 7) // 8)), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


type Case = Callable[[ExitStack, Path], str | bytes]


def _wrong_login(stack: ExitStack, _tmp_path: Path) -> str:
    if subprocess.run(["/usr/bin/python3", "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"],
                      capture_output=True, check=False).returncode:  # fmt: skip
        pytest.skip("no GStreamer here")
    rtsp = stack.enter_context(RtspServer(movie(Path(".build/media")), login=("admin", "right")))
    return rtsp.url.replace("rtsp://", f"rtsp://admin:{SECRET}@")


def _garbage(stack: ExitStack, _tmp_path: Path) -> str:
    port = stack.enter_context(server(http("200 OK", bytes(range(256)) * 4000)))
    return f"http://admin:{SECRET}@127.0.0.1:{port}/x"


CASES: dict[str, tuple[Case, *tuple[str, ...]]] = {
    "wrong login": (_wrong_login, "source_unauthorized"),
    "garbage": (_garbage, "source_not_video"),
    "nobody listens": (lambda _stack, _path: f"rtsp://admin:{SECRET}@127.0.0.1:9/x", "source_unreachable"),
    "no such host": (lambda _stack, _path: f"rtsp://admin:{SECRET}@camera.invalid/x", "source_unreachable"),
    "codec": (lambda _stack, path: str(film(path / "x.mkv", "-c:v", "ffv1", seconds=1)), "codec_unsupported"),
    "1x1": (lambda _stack, _path: png(1, 1), "size_unsupported"),
    "8000x8000": (lambda _stack, _path: png(8_000, 8_000), "size_unsupported"),
    # FFmpeg is told to refuse what would take a gigabyte: the worker may not know why nothing came out.
    "16000x16000": (lambda _stack, _path: png(16_000, 16_000), "size_unsupported", "source_garbled"),
}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("case", CASES)
async def test_why_is_said(
    hass: HomeAssistant, camera: FileCamera, stack: ExitStack, tmp_path: Path, case: str
) -> None:
    make, *keys = CASES[case]
    given = await hass.async_add_executor_job(make, stack, tmp_path)
    source = FileCamera(None, "Bad", given) if isinstance(given, bytes) else FileCamera(given, "Bad")
    if isinstance(given, bytes):
        source._attr_supported_features = CameraEntityFeature(0)
    await hass.data["camera"].async_add_entities([source])
    entry = await add_site(hass)
    flows = hass.config_entries.subentries
    result = await flows.async_init((entry.entry_id, "camera"), context={"source": "user"})
    result = await flows.async_configure(result["flow_id"], CAMERA | {"source": "camera.bad"})
    preview = result["description_placeholders"]["preview"]
    key = next(key for key in keys if EN["exceptions"][key]["message"] in preview)
    sentence = EN["exceptions"][key]["message"]
    result = await flows.async_configure(result["flow_id"], {"zones": ZONES, "view_is_own_premises": False})
    assert result["step_id"] == "unseen"
    assert sentence in result["description_placeholders"]["preview"]
    assert "data:image" not in str(result["description_placeholders"])
    result = await flows.async_configure(result["flow_id"], {"confirm": True})
    result = await past_progress(hass, await flows.async_configure(result["flow_id"], {"record_test_clip": True}))
    assert sentence in result["description_placeholders"]["result"]
    assert SECRET not in str(result)
    result = await flows.async_configure(result["flow_id"], {})
    (camera_id,) = entry.subentries

    state = "blocked" if key in BLOCKED else "reconnecting"
    await until(hass, "sensor.bad_worker", state, 40)
    while hass.states.get("sensor.bad_worker").attributes.get("reason") != key:
        await hass.async_block_till_done()
    assert hass.states.get("camera.bad_2").state == "unavailable"
    told = ir.async_get(hass).async_get_issue("camguard", f"{key}_{camera_id}") is not None
    assert told is (key in BLOCKED | UNREACHED)
    with pytest.raises(HomeAssistantError):
        await call(hass, "record", entity_id="camera.bad_2")


async def test_a_host_without_an_encoder_says_so(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FFmpeg's own list of codecs lacks H.264 encoders, as in a build without them."""
    (tmp_path / "sitecustomize.py").write_text(
        "import av\nav.codecs_available.difference_update({n for n in av.codecs_available if '264' in n and n != 'h264'})\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = await add_site(hass)
    flows = hass.config_entries.subentries
    result = await flows.async_init((entry.entry_id, "camera"), context={"source": "user"})
    for fields in (CAMERA, {"zones": ZONES, "view_is_own_premises": False}, {"confirm": True}):
        result = await flows.async_configure(result["flow_id"], fields)
    result = await past_progress(hass, await flows.async_configure(result["flow_id"], {"record_test_clip": True}))
    assert EN["exceptions"]["no_encoder"]["message"] in result["description_placeholders"]["result"]
    await flows.async_configure(result["flow_id"], {})
    await hass.async_block_till_done()
    await until(hass, "camera.street_2", "streaming")
    assert ir.async_get(hass).async_get_issue("camguard", "no_encoder")
    with pytest.raises(HomeAssistantError, match="encoder"):
        await call(hass, "record", entity_id="camera.street_2")


async def test_what_was_cut_short_is_removed_at_the_next_start(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    await add_camera(hass, entry)
    spools: Any = entry.runtime_data.site.vault.paths.spools
    await hass.config_entries.async_unload(entry.entry_id)
    left = spools / "test-abc"
    left.mkdir()
    (left / "test.spool.age").write_bytes(b"sealed")
    (spools / "test-file").write_bytes(b"not a folder")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert not left.exists()
    assert [path.name for path in spools.iterdir()] == ["test-file"]
