"""The masked stream: what a watcher gets, how it shares its encoding with a clip, and who can't have it."""

import contextlib
import io
import os
import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import av
import pytest
import pytest_socket

from custom_components.camguard.app.workers import live_door
from custom_components.camguard.app.workers.live_door import LiveDoor
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.live import server
from custom_components.camguard.worker.protocol import (
    Beat,
    ClipEnded,
    ClipFinished,
    ClipStarted,
    Connect,
    ExtendClip,
    Status,
    StillTaken,
    TakeStill,
)

from ..home import wait_for
from ..rtsp import RtspServer
from .driver import ClipOrder, Driver, configuration, film, now_us
from .live import at_rate, http
from .test_process import ZONES, assert_masked, make_video, streaming
from .watching import Watcher, answer, ask, decoded, open_files, watched_worker

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("socket_enabled")]

SECOND = 1_000_000
LARGEST_STEP_S = 0.15
"""Between two pictures of 15 a second: none is missing."""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    """A camera that runs on."""
    pytest_socket.enable_socket()  # a module's fixture is made before a test's
    path = make_video(tmp_path_factory.mktemp("film") / "street.ts", seconds=20)
    with RtspServer(path) as rtsp:
        yield rtsp


def connect(rtsp: RtspServer) -> Connect:
    return Connect(kind="stream", url=rtsp.url)


def assert_nothing_missing(mp4: bytes, seconds: float) -> None:
    with av.open(io.BytesIO(mp4)) as container:
        times = [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]
    steps = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    assert times[0] == 0
    assert times[-1] == pytest.approx(seconds, abs=0.4)
    assert max(steps) < LARGEST_STEP_S
    assert min(steps) > 0.02


# --- what a watcher gets ---


def test_a_watcher_gets_masked_pictures_only(street: RtspServer) -> None:
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(40)
            assert watcher.head.startswith(b"HTTP/1.1 200 ")
            assert b"no-store" in watcher.head
            body = watcher.body
            beat = driver.wait(Beat, watchers=1)
            assert beat.live_lag_us < SECOND
        assert assert_masked(body[: len(body) // 188 * 188]) >= 40
        driver.wait(Beat, timeout=30, watchers=0)
        before = driver.wait(Beat, timeout=30).decoded
        assert driver.wait(Beat, timeout=30).decoded - before <= 2, "nobody watches: nothing is decoded"


def test_who_comes_later_begins_with_a_picture_of_now(street: RtspServer) -> None:
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as first:
            first.until(10)
            asked_at = time.monotonic()
            with Watcher(door.url) as second:
                (picture, *_) = second.until(1)
                assert picture.key_frame
                assert second.first_at is not None
                assert second.first_at - asked_at < 2, "not at the next keyframe in its turn, two seconds later"
            assert not first.ended.is_set()


def test_stills_come_of_the_same_pictures(street: RtspServer) -> None:
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(5)
            driver.send(TakeStill(request_id=1, max_width=0))
            taken = driver.wait(StillTaken, request_id=1)
            assert now_us() - taken.time_us < 2 * SECOND
            assert not watcher.ended.is_set()


# --- one encoding for watchers and clip ---


def test_a_clip_begun_while_somebody_watches_shares_their_encoding(street: RtspServer, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(60)
            before = driver.wait(Beat, timeout=30)
            now = now_us()
            driver.send(order.start(now - 2 * SECOND, now + 5 * SECOND))
            finished = driver.wait(ClipFinished, timeout=30)
            after = driver.wait(Beat, timeout=30)
            watcher.until(len(watcher.pictures()) + 10)
            live_frames = watcher.pictures()
        assert_masked(order.plain())
        assert_nothing_missing(order.plain(), 7)
        assert finished.frames == pytest.approx(105, abs=6)
        # Watching alone decodes 15 a second; of the clip, the pre-roll and what it took to be level.
        seconds = (after.time_us - before.time_us) / SECOND
        assert after.decoded - before.decoded < 15 * seconds + 75
        steps = [float((b.pts - a.pts) * a.time_base) for a, b in zip(live_frames, live_frames[1:], strict=False)]
        assert max(steps) < LARGEST_STEP_S, "who watches sees nothing of it"


def test_who_watches_a_clip_in_the_making_shares_its_settings(street: RtspServer, tmp_path: Path) -> None:
    """A thorough clip has other parameter sets: the watchers' encoding takes its preset, and the clip goes on with it."""
    first, second = ClipOrder(tmp_path, thorough=True), ClipOrder(tmp_path, "b" * 32)
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        now = now_us()
        driver.send(first.start(now - SECOND, None))
        driver.wait(ClipStarted)
        with Watcher(door.url) as watcher:
            watcher.until(75)
            ended_us = now_us()
            driver.send(ExtendClip(clip_id=first.clip_id, until_us=ended_us))
            finished = driver.wait(ClipFinished, timeout=30)
            assert finished.encoder.startswith("libx264 ")
            assert not finished.encoder.startswith("libx264 ultrafast")
            now = now_us()
            driver.send(second.start(now - SECOND, now + 3 * SECOND))
            driver.wait(ClipFinished, timeout=30)
            watcher.until(len(watcher.pictures()) + 15)
            assert not watcher.ended.is_set()
        assert_nothing_missing(second.plain(), 4)
        assert_masked(first.plain())
        with av.open(io.BytesIO(first.plain())) as container:
            times = [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]
        assert max(b - a for a, b in zip(times, times[1:], strict=False)) < LARGEST_STEP_S


def test_the_clip_goes_on_when_the_last_watcher_leaves(street: RtspServer, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(15)
            now = now_us()
            driver.send(order.start(now, now + 11 * SECOND))
            driver.wait(ClipStarted)
            watcher.until(60)
        driver.wait(ClipFinished, timeout=40)
        assert_nothing_missing(order.plain(), 11)
        assert_masked(order.plain())


def test_clips_follow_each_other_without_a_gap_while_somebody_watches(street: RtspServer, tmp_path: Path) -> None:
    first, second = ClipOrder(tmp_path), ClipOrder(tmp_path, "b" * 32)
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, max_length_us=6 * SECOND, pre_roll_us=0, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(45)
            driver.send(first.start(now_us(), None))
            ended = driver.wait(ClipEnded, timeout=30, reason="max_length")
            time.sleep(2)  # the order of the next may take its time
            driver.send(second.start(ended.next_from_us, ended.next_from_us + 4 * SECOND))
            one = driver.wait(ClipFinished, timeout=30, clip_id=first.clip_id)
            two = driver.wait(ClipFinished, timeout=30, clip_id=second.clip_id)
            assert not watcher.ended.is_set()
        assert two.start_us == one.end_us == ended.next_from_us
        assert_nothing_missing(first.plain(), 6)
        assert_nothing_missing(second.plain(), 4)


def test_sound_goes_into_a_clip_that_boards(tmp_path: Path) -> None:
    path = film(
        tmp_path / "street.ts", "-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-bf", "0",
        "-c:a", "aac", seconds=40, sound=True,
    )  # fmt: skip
    order = ClipOrder(tmp_path / "clips")
    with watched_worker(Connect(kind="stream", url=str(path))) as (driver, door, live):
        driver.send(configuration(zones=ZONES, record_audio=True, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(45)
            now = now_us()
            driver.send(order.start(now - 2 * SECOND, now + 6 * SECOND))
            finished = driver.wait(ClipFinished, timeout=30)
        assert finished.has_audio
        with av.open(io.BytesIO(order.plain())) as container:
            times = [
                float(packet.pts * packet.time_base) for packet in container.demux(audio=0) if packet.pts is not None
            ]
        assert times[-1] == pytest.approx(8, abs=0.6)
        assert max(b - a for a, b in zip(times, times[1:], strict=False)) < 0.2, "no hole where the clip boarded"


# --- who can't have it, and what it costs ---


@pytest.fixture(scope="module")
def open_worker(street: RtspServer) -> Iterator[tuple[Driver, LiveDoor]]:
    """One worker for all who knock."""
    pytest_socket.enable_socket()
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        yield driver, door


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /live.ts HTTP/1.1", b"403"),
        ("GET /live.ts?auth= HTTP/1.1", b"403"),
        ("GET /live.ts?auth={guess} HTTP/1.1", b"403"),
        ("GET /live.ts?auth={token}x HTTP/1.1", b"403"),
        ("GET /other?auth={token} HTTP/1.1", b"403"),
        ("GET /live.ts?auth=%ff%fe HTTP/1.1", b"403"),
        ("POST /live.ts?auth={token} HTTP/1.1", b"405"),
        ("nonsense", b"403"),
        ("GET", b"403"),
        ("GET http://[::1/live.ts HTTP/1.1", b"403"),
        pytest.param("GET /live.ts?auth={token} HTTP/1.1\r\nX: " + "x" * 9000, b"431", id="long"),
    ],
)
def test_knocking(open_worker: tuple[Driver, LiveDoor], request_line: str, status: bytes) -> None:
    driver, door = open_worker
    line = request_line.format(token=door.token, guess=LiveDoor().token)
    line = line if status == b"431" else line + "\r\n\r\n"
    said = answer(door.url, line)
    assert said.split()[1] == status
    assert b"\x47\x40" not in said, "no packet of a stream"
    assert driver.process.poll() is None


def test_who_says_nothing_is_let_go_of(open_worker: tuple[Driver, LiveDoor]) -> None:
    driver, door = open_worker
    before = open_files(driver.process.pid)
    silent = [ask(door.url, "G") for _ in range(server.MAX_ASKING + 20)]
    with Watcher(door.url) as refused:
        assert refused.ended.wait(5) or refused.first_at, "so many may knock at once; who is late comes again"
    for connection in silent:
        connection.settimeout(server.ASK_SECONDS + 10)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(100) == b""
        connection.close()
    with Watcher(door.url) as watcher:
        watcher.until(3)
    deadline = time.monotonic() + 10
    while open_files(driver.process.pid) > before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert open_files(driver.process.pid) <= before


def test_fifty_watch(open_worker: tuple[Driver, LiveDoor]) -> None:
    driver, door = open_worker
    with contextlib.ExitStack() as stack:
        watchers = [stack.enter_context(Watcher(door.url)) for _ in range(server.MAX_WATCHERS)]
        for watcher in watchers:
            watcher.until(1)
        assert b" 503 " in answer(door.url), "no more than that"
        beat = driver.wait(Beat, timeout=30, watchers=server.MAX_WATCHERS)
        assert beat.private_bytes < 160_000_000
        assert not any(watcher.ended.is_set() for watcher in watchers)
    driver.wait(Beat, timeout=30, watchers=0)


@pytest.fixture
def served() -> Iterator[tuple[LiveDoor, server.LiveServer]]:
    """The server alone, in this process: what is sent is the test's."""
    door = LiveDoor()
    live = server.LiveServer(os.dup(door.descriptor), door.token, refusal=lambda: "", on_watcher=lambda: None)
    live.start()
    yield door, live
    live.stop()
    door.close()


def test_who_never_reads_is_let_go_of_and_nobody_waits_for_them(served: tuple[LiveDoor, server.LiveServer]) -> None:
    door, live = served
    lazy, size = ask(door.url), 1_000_000
    with Watcher(door.url) as watcher, lazy:
        wait_for("both", lambda: live.watchers == 2)
        sent = 0
        while live.watchers == 2:
            live.send(bytes(size), keyframe=True)
            sent += size
            wait_for("who reads", partial(lambda so_far: len(watcher.body) == so_far, sent), every=0.02)
            assert sent < server.BEHIND_BYTES + 20 * size, "what the kernel holds for both sides, and our bound"
        assert live.watchers == 1
        assert not watcher.ended.is_set()


def test_who_reads_slowly_is_let_go_of_in_time(
    served: tuple[LiveDoor, server.LiveServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    door, live = served
    monkeypatch.setattr(server, "BEHIND_SECONDS", 0.5)
    with ask(door.url):
        wait_for("them", lambda: live.watchers == 1)
        live.send(bytes(server.BEHIND_BYTES), keyframe=True)
        wait_for("their end", lambda: live.watchers == 0)


def test_who_comes_in_the_middle_waits_for_a_keyframe(served: tuple[LiveDoor, server.LiveServer]) -> None:
    door, live = served
    with Watcher(door.url) as watcher:
        wait_for("them", lambda: live.watchers == 1)
        for text, keyframe in ((b"lost", False), (b"key", True), (b"next", False)):
            live.send(text, keyframe=keyframe)
        wait_for("both", lambda: watcher.body == b"keynext")
        live.drop_all()
        assert watcher.ended.wait(5)


# --- when there is nothing to be seen ---


def test_a_blocked_camera_has_no_stream(street: RtspServer) -> None:
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, reference=(100, 100), **live))
        driver.wait(Status, state="blocked")
        said = answer(door.url)
        assert said.split()[1] == b"503"
        assert said.endswith(faults.SHAPE_CHANGED.encode())


def test_a_source_that_changes_its_size_is_a_new_stream(tmp_path: Path) -> None:
    """Who watched is let go of, and comes again; with zones, another shape blocks."""
    small = make_video(tmp_path / "small.ts", seconds=60)
    large = make_video(tmp_path / "large.ts", seconds=60, size=(640, 480))
    oblong = make_video(tmp_path / "oblong.ts", seconds=60, size=(640, 240))
    with watched_worker(Connect(kind="stream", url=str(small))) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(10)
            driver.connect = Connect(kind="stream", url=str(large))
            os.truncate(small, 0)
            assert watcher.ended.wait(60)
        with Watcher(door.url) as watcher:
            assert {(frame.width, frame.height) for frame in watcher.until(10)} == {(640, 480)}
            body = watcher.body
            driver.connect = Connect(kind="stream", url=str(oblong))
            os.truncate(large, 0)
            assert watcher.ended.wait(60)
            assert {(frame.width, frame.height) for frame in watcher.pictures()} == {(640, 480)}
        assert_masked(body[: len(body) // 188 * 188])
        driver.wait(Status, state="blocked", key=faults.SHAPE_CHANGED)
        assert b" 503 " in answer(door.url)


def test_a_source_that_goes_and_comes_back_goes_on(street: RtspServer, tmp_path: Path) -> None:
    path = make_video(tmp_path / "street.ts", seconds=20)
    with RtspServer(path) as rtsp, watched_worker(connect(rtsp)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            before = len(watcher.until(20))
            rtsp.stop()
            driver.wait(Status, state="reconnecting", timeout=30)
            rtsp.start()
            streaming(driver)
            watcher.until(max(before, len(watcher.pictures())) + 30)
            assert not watcher.ended.is_set()
            times = [frame.pts for frame in watcher.pictures()]
            assert times == sorted(times)


def test_garbage_in_the_stream_ends_nothing(tmp_path: Path) -> None:
    units = [bytes(188)] * 50
    with (
        http("video/mp2t", lambda write: [write(unit) for unit in at_rate(units, 50, 30)] and None) as url,
        watched_worker(Connect(kind="stream", url=url)) as (driver, door, live),
    ):
        driver.send(configuration(zones=ZONES, **live))
        driver.wait(Status, state="reconnecting", timeout=60)
        with Watcher(door.url) as watcher:
            assert not watcher.ended.wait(3), "it may come yet"
            assert watcher.pictures() == []
        assert driver.process.poll() is None


# --- the door ---


def test_a_door_is_loopbacks_and_its_token_is_its_own() -> None:
    one, two = LiveDoor(), LiveDoor()
    try:
        assert one.token != two.token
        assert len(one.token) >= 43, "32 bytes"
        assert one.url is not None
        assert one.url.startswith("http://127.0.0.1:")
        assert one.token not in repr(configuration(live_token=one.token))
    finally:
        one.close()
        two.close()
    assert one.url is None


def test_without_ipv4_it_is_ipv6s(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel without IPv4 refuses its sockets; the other loopback does as well."""
    bound = live_door._bound

    def no_ipv4(family: socket.AddressFamily, host: str) -> socket.socket:
        if family == socket.AF_INET:
            raise OSError(97, "Address family not supported by protocol")
        return bound(family, host)

    monkeypatch.setattr(live_door, "_bound", no_ipv4)
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"])
    door = LiveDoor()
    try:
        assert door.url is not None
        assert door.url.startswith("http://[::1]:")
        with socket.create_connection(("::1", int(door.url.split("]:")[1].split("/")[0])), 5):
            pass
    finally:
        door.close()


def test_a_worker_that_is_started_anew_serves_at_the_same_door(street: RtspServer) -> None:
    door = LiveDoor()
    live = {"live_descriptor": door.descriptor, "live_token": door.token}
    try:
        for _ in range(2):
            with Driver(connect(street), pass_fds=(door.descriptor,)) as driver:
                driver.send(configuration(zones=ZONES, **live))
                streaming(driver)
                with Watcher(door.url) as watcher:
                    watcher.until(3)
                    driver.process.kill()
                    assert watcher.ended.wait(10)
    finally:
        url = door.url
        door.close()
    with pytest.raises(ConnectionRefusedError):
        ask(url)


def test_a_stream_decodes_at_any_beginning(street: RtspServer) -> None:
    """Cut somewhere, a transport stream is taken up at its next keyframe: parameter sets come with each."""
    with watched_worker(connect(street)) as (driver, door, live):
        driver.send(configuration(zones=ZONES, **live))
        streaming(driver)
        with Watcher(door.url) as watcher:
            watcher.until(75)
            body = watcher.body
    assert len(decoded(body[188 * 400 :])) > 10
