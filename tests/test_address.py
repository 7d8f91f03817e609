"""A camera guarded by its address: entered, kept to itself, changed, refused; and one that leads somewhere else."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.diagnostics import async_get_config_entry_diagnostics
from custom_components.camguard.domain.errors import InvalidError
from custom_components.camguard.hass.settings import camera_from
from custom_components.camguard.hass.sources.address import SourceAddress, is_address, parse_address
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.protocol import Connect, Status

from .cameras import FileCamera
from .rtsp import RtspServer
from .setup import ZONES, add_camera, add_site
from .test_camera_flow import begin, go_on, reconfigure
from .test_main_job import until
from .worker.driver import Driver, configuration
from .worker.test_process import make_video

pytestmark = pytest.mark.timeout(120)
USER, PASSWORD = "us/er@home", "p@ss:w/rd #?%41 ü&=+"
PLACE = "Front door, facing the gate"


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("film") / "street.ts", seconds=20)


@pytest.fixture
def rtsp(street: Path, socket_enabled: None) -> Iterator[RtspServer]:
    """A camera with a login full of reserved characters."""
    with RtspServer(street, login=(USER, PASSWORD)) as server:
        yield server


def fields(rtsp: RtspServer, **changes: Any) -> dict[str, Any]:
    return {"address": rtsp.url, "username": USER, "password": PASSWORD, "place": PLACE} | changes


async def guard(hass: HomeAssistant, entry: Any, **given: Any) -> Any:
    result = await begin(hass, entry)
    for step in (
        given,
        {"zones": ZONES, "view_is_own_premises": False},
        {"confirm": True},
        {"record_test_clip": False},
    ):
        result = await go_on(hass, result, step)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return next(iter(entry.subentries.values()))


# --- what an address is ---


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("rtsp://10.0.0.5/stream1", "rtsp://10.0.0.5/stream1"),
        (" RTSP://Camera.Lan:8554/Live?channel=1&subtype=0#x ", "rtsp://camera.lan:8554/Live?channel=1&subtype=0"),
        ("rtsps://[fe80::1]:322/a", "rtsps://[fe80::1]:322/a"),
        ("http://10.0.0.5/video.mjpg", "http://10.0.0.5/video.mjpg"),
    ],
)
def test_addresses(text: str, url: str) -> None:
    assert parse_address(text).url == url


@pytest.mark.parametrize(
    ("text", "username", "password", "key"),
    [
        ("", "", "", "address_invalid"),
        ("camera.street", "", "", "address_scheme"),
        ("file:///etc/passwd", "", "", "address_scheme"),
        ("concat:rtsp://a|file:/etc/passwd", "", "", "address_scheme"),
        ("ffmpeg:rtsp://a", "", "", "address_scheme"),
        ("rtsp://", "", "", "address_invalid"),
        ("rtsp:///stream", "", "", "address_invalid"),
        ("rtsp://a b/stream", "", "", "address_invalid"),
        ("rtsp://a/\r\nHost: b", "", "", "address_invalid"),
        ("rtsp://a:99999/", "", "", "address_invalid"),
        ("rtsp://a:0/", "", "", "address_invalid"),
        ("rtsp://[::1/", "", "", "address_invalid"),
        ("rtsp://a/" + "x" * 2000, "", "", "address_invalid"),
        ("rtsp://a/", "a:b", "", "address_username"),
        ("rtsp://a/", "", "x", "address_username_missing"),
    ],
)
def test_what_is_no_address(text: str, username: str, password: str, key: str) -> None:
    with pytest.raises(InvalidError) as refused:
        parse_address(text, username, password)
    assert refused.value.key == key


@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_a_login_in_the_address_goes_into_the_fields(username: str, password: str) -> None:
    text = f"rtsp://{quote(username, safe='')}:{quote(password, safe='')}@camera.lan/live"
    if ":" in username:
        with pytest.raises(InvalidError):
            parse_address(text)
        return
    address = parse_address(text, "other", "other")
    assert (address.username, address.password) == (username, password)
    assert address.url == "rtsp://camera.lan/live"
    assert is_address(address.reference)
    assert password == "" or len(password) < 4 or password not in repr(address)


async def test_what_the_worker_is_told() -> None:
    data = {"source": "address:x", "address": "rtsp://camera.lan:554/a?b=c", "username": USER, "password": PASSWORD}
    camera = camera_from(data | {"place": "", "zones": []}, "id", "name")
    assert PASSWORD not in repr(camera)
    connect = await SourceAddress(camera).connect()
    assert connect.url.endswith("@camera.lan:554/a?b=c")
    assert connect.url.count("@") == 1
    assert PASSWORD not in repr(connect)


# --- set up, and kept to itself ---


async def test_guarded_by_its_address(hass: HomeAssistant, rtsp: RtspServer, caplog: pytest.LogCaptureFixture) -> None:
    entry = await add_site(hass)
    subentry = await guard(hass, entry, **fields(rtsp))
    assert subentry.title == PLACE
    guarded = next(
        item.entity_id
        for item in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        if item.domain == "camera"
    )
    await until(hass, guarded, "streaming")
    assert hass.states.async_entity_ids("camera") == [guarded], "there is none that isn't masked"
    await hass.services.async_call("camguard", "record", {"entity_id": guarded, "duration": 1}, blocking=True)
    # Nowhere else: not in diagnostics, ledger, logs, entity states.
    report = json.dumps(await async_get_config_entry_diagnostics(hass, entry), default=str)
    assert REDACTED in report
    ledger = entry.runtime_data.site.vault.paths.ledger.read_text("utf-8")
    states = json.dumps([state.as_dict() for state in hass.states.async_all()], default=str)
    for text in (report, ledger, states, caplog.text):
        assert PASSWORD not in text
        assert USER not in text
        assert "/street" not in text
    assert not [issue for issue in ir.async_get(hass).issues.values() if issue.domain == "camguard" and issue.active]


async def test_refusals(hass: HomeAssistant, rtsp: RtspServer, camera: FileCamera) -> None:
    entry = await add_site(hass)
    result = await begin(hass, entry)
    for entered, field, key in (
        ({"place": PLACE}, "base", "source_or_address"),
        (fields(rtsp, source="camera.street"), "base", "source_or_address"),
        (fields(rtsp, address="file:///etc/passwd"), "address", "address_scheme"),
        (fields(rtsp, username="a:b"), "address", "address_username"),
    ):
        result = await go_on(hass, result, entered)
        assert result["errors"] == {field: key}
    result = await go_on(hass, result, fields(rtsp))
    assert result["step_id"] == "zones"
    hass.config_entries.subentries.async_abort(result["flow_id"])
    await guard(hass, entry, **fields(rtsp))
    result = await go_on(hass, await begin(hass, entry), fields(rtsp))
    assert result["errors"] == {"address": "source_guarded_already"}


async def test_a_password_is_never_shown_and_never_sent_elsewhere(hass: HomeAssistant, rtsp: RtspServer) -> None:
    entry = await add_site(hass)
    subentry = await guard(hass, entry, **fields(rtsp))
    result = await reconfigure(hass, entry, subentry.subentry_id)
    shown = {str(key): (key.description or {}).get("suggested_value") for key in result["data_schema"].schema}
    assert shown["address"] == rtsp.url
    assert shown["username"] == USER
    assert shown["password"] is None
    kept = {name: value for name, value in shown.items() if value is not None and name != "source"}
    for change, password in (({"address": rtsp.url + "?x=1"}, PASSWORD), ({"address": "rtsp://127.0.0.1:9/x"}, "")):
        result = await go_on(hass, result, kept | change | {"place": PLACE})
        assert result["step_id"] == "zones"
        result = await go_on(hass, result, {"zones": ZONES, "view_is_own_premises": False})
        result = await go_on(hass, result, {"confirm": True})
        result = await go_on(hass, result, {"record_test_clip": False})
        assert result["type"] is FlowResultType.ABORT
        await hass.async_block_till_done()
        assert entry.subentries[subentry.subentry_id].data["password"] == password
        result = await reconfigure(hass, entry, subentry.subentry_id)
    hass.config_entries.subentries.async_abort(result["flow_id"])


async def test_from_an_entity_to_an_address_and_back(hass: HomeAssistant, camera: FileCamera, rtsp: RtspServer) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry, pre_roll=0)
    guarded = "camera.street_2"
    await until(hass, guarded, "streaming")
    await hass.services.async_call("camguard", "record", {"entity_id": guarded, "duration": 1}, blocking=True)

    async def clips() -> list[Any]:
        answer = await hass.services.async_call(
            "camguard", "list_clips", {"entity_id": guarded}, blocking=True, return_response=True
        )
        return answer["clips"]

    for entered in (fields(rtsp), {"source": "camera.street", "place": PLACE}):
        result = await reconfigure(hass, entry, camera_id)
        for step in (
            entered,
            {"zones": ZONES, "view_is_own_premises": False},
            {"confirm": True},
            {"record_test_clip": False},
        ):
            result = await go_on(hass, result, step)
        assert result["type"] is FlowResultType.ABORT
        await hass.async_block_till_done()
        await until(hass, guarded, "streaming")
        assert len(await clips()) == 1, "its clips are still its clips"
        data = entry.subentries[camera_id].data
        assert ("address" in data) == ("address" in entered)
        assert ("password" in data) == ("address" in entered)
    hidden = er.async_get(hass).async_get("camera.street").hidden_by
    assert hidden is er.RegistryEntryHider.INTEGRATION


# --- a login that is refused, and becomes right again ---


async def test_a_login_is_asked_for_again(hass: HomeAssistant, rtsp: RtspServer) -> None:
    entry = await add_site(hass)
    subentry = await guard(hass, entry, **fields(rtsp))
    recorder = entry.runtime_data.recorder(subentry.subentry_id)
    wrong = dict(entry.subentries[subentry.subentry_id].data) | {"password": "wrong"}
    hass.config_entries.async_update_subentry(entry, entry.subentries[subentry.subentry_id], data=wrong)

    async def flow() -> Any:
        for _ in range(300):
            await hass.async_block_till_done()
            if flows := hass.config_entries.flow.async_progress_by_handler("camguard"):
                return flows[0]
            await asyncio.sleep(0.1)
        raise AssertionError("no reauth")

    begun = await flow()
    assert begun["context"]["source"] == "reauth"
    assert begun["step_id"] == "reauth_confirm"
    assert not [key for _, key in ir.async_get(hass).issues if key.startswith("source_unauthorized")]
    for entered, errors in (
        ({"username": USER, "password": "wrong too"}, {"base": "source_unauthorized"}),
        ({"username": "a:b", "password": "x"}, {"username": "address_username"}),
    ):
        result = await hass.config_entries.flow.async_configure(begun["flow_id"], entered)
        assert result["errors"] == errors
    result = await hass.config_entries.flow.async_configure(begun["flow_id"], {"username": USER, "password": PASSWORD})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done()
    recorder = entry.runtime_data.recorder(subentry.subentry_id)
    for _ in range(300):
        if recorder.status.state == "streaming":
            break
        await asyncio.sleep(0.1)
    assert recorder.status.state == "streaming"
    # One that is right again by itself asks nobody any more.
    entry.async_start_reauth(hass, context={"camera_id": subentry.subentry_id})
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress_by_handler("camguard")
    recorder._journal.state()
    await hass.async_block_till_done()
    assert not hass.config_entries.flow.async_progress_by_handler("camguard")
    gone = await hass.config_entries.flow.async_init(
        "camguard", context={"source": "reauth", "entry_id": entry.entry_id, "camera_id": "gone"}, data={}
    )
    assert gone["reason"] == "camera_removed"


async def test_in_full_privacy_a_login_is_kept_without_opening_the_camera(
    hass: HomeAssistant, rtsp: RtspServer
) -> None:
    entry = await add_site(hass)
    subentry = await guard(hass, entry, **fields(rtsp))
    privacy = er.async_get(hass).async_get_entity_id("switch", "camguard", f"{subentry.subentry_id}_privacy")
    await hass.services.async_call("switch", "turn_on", {"entity_id": privacy}, blocking=True)
    entry.async_start_reauth(hass, context={"camera_id": subentry.subentry_id})
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler("camguard")
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": USER, "password": "nobody tried it"}
    )
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert entry.subentries[subentry.subentry_id].data["password"] == "nobody tried it"


# --- addresses that lead somewhere else ---


@contextlib.contextmanager
def redirecting(location: str) -> Iterator[tuple[str, list[str]]]:
    """A server that sends everybody elsewhere; yields its address and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stream", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("to", ["file", "loopback"])
async def test_an_address_that_redirects_leads_nowhere(tmp_path: Path, street: Path, to: str) -> None:
    reached: list[str] = []

    class Inner(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "video/mp2t")
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(street.read_bytes())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    inner = ThreadingHTTPServer(("127.0.0.1", 0), Inner)
    threading.Thread(target=inner.serve_forever, daemon=True).start()
    location = f"file://{street}" if to == "file" else f"http://127.0.0.1:{inner.server_port}/inner"
    try:
        with redirecting(location) as (url, asked):
            data = {"source": "address:x", "address": url, "place": "", "zones": []}
            connect = await SourceAddress(camera_from(data, "id", "name")).connect()
            with Driver(connect) as driver:
                driver.send(configuration())
                status = driver.wait(Status, state="reconnecting", timeout=30)
                assert status.key in {faults.SOURCE_UNREACHABLE, faults.SOURCE_NOT_VIDEO, faults.SOURCE_UNAVAILABLE}
                assert asked
                assert reached == []
                assert not [event for event in driver.events if isinstance(event, Status) and event.width]
            # An entity's own integration vouches for where it leads.
            if to == "loopback":
                with Driver(Connect(kind="stream", url=url)) as driver:
                    driver.send(configuration())
                    driver.wait(Status, state="streaming", timeout=30)
    finally:
        inner.shutdown()
        inner.server_close()
