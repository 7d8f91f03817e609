"""Sources that fail in every way: the right reason, no secret in it, nothing on disk, and the worker lives."""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from custom_components.camguard.worker import faults
from custom_components.camguard.worker.input.source import MAX_STILLS_GARBLED
from custom_components.camguard.worker.protocol import (
    CheckSpool,
    ClipEnded,
    ClipFailed,
    ClipFinished,
    ClipStarted,
    Connect,
    ExtendClip,
    FinishSpool,
    SourceNeeded,
    SpoolChecked,
    StartClip,
    Status,
    Still,
    StillFailed,
    StillTaken,
    TakeStill,
)
from tests import scene
from tests.rtsp import RtspServer

from .driver import ClipOrder, Driver, configuration, film, now_us
from .test_process import ZONES, assert_masked, frames_of, streaming

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("socket_enabled")]

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10")
SECRET = "s3cr3t-Xq"


def fails(connect: Connect, key: str, tmp_path: Path, *, timeout: float = 30) -> Status:
    """Guard that source and ask for a clip and a still: all are refused for that reason."""
    order = ClipOrder(tmp_path / "clips")
    with Driver(connect) as driver:
        driver.send(configuration(zones=ZONES))
        driver.send(order.start(now_us(), now_us() + 500_000))
        driver.send(TakeStill(request_id=1, max_width=0))
        status = driver.wait(Status, state="reconnecting", timeout=timeout)
        assert status.key == key, status
        assert driver.wait(SourceNeeded, attempt=1, timeout=30)
        failed = driver.wait(ClipFailed, timeout=30)
        assert failed.key == faults.NOTHING_RECORDED
        assert driver.wait(StillFailed).key == key
        assert driver.stop() == 0
        assert SECRET not in f"{driver.events}{driver.stderr!r}"
    assert list((tmp_path / "clips").iterdir()) == []
    return status


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve whoever comes on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_now: list[socket.socket] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_now.append(connection)
                threading.Thread(target=lambda c=connection: attend(c), daemon=True).start()

    def attend(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.recv(4096)
            answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
        for connection in open_now:
            connection.close()


def http(status: str, body: bytes = b"", *, then: Callable[[], None] | None = None) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: video/mp2t\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)
        if then:
            then()
        connection.close()

    return answer


@pytest.mark.parametrize("scheme", ["rtsp", "http", "rtsps", "rtmp"])
def test_nobody_listens(scheme: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    status = fails(
        Connect(kind="stream", url=f"{scheme}://admin:{SECRET}@127.0.0.1:{port}/x?token={SECRET}"),
        faults.SOURCE_UNREACHABLE,
        tmp_path,
    )
    assert status.detail


def test_no_such_host(tmp_path: Path) -> None:
    fails(Connect(kind="stream", url=f"rtsp://a:{SECRET}@camera.invalid/x"), faults.SOURCE_UNREACHABLE, tmp_path)


def test_home_assistant_has_no_address_now(tmp_path: Path) -> None:
    status = fails(Connect(kind="none", detail=f"http://a:{SECRET}@x is off"), faults.SOURCE_UNAVAILABLE, tmp_path)
    assert status.detail == "http://****@x/****"


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "gopher://x", "concat:/etc/passwd", "data:,x", "subfile,,start,0,end,9,,:/etc/passwd"]
)
def test_schemes_that_are_no_camera(url: str, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(zones=ZONES))
        driver.send(order.start(now_us(), now_us()))
        status = driver.wait(Status, state="reconnecting")
        assert status.key in {faults.SOURCE_NOT_VIDEO, faults.SOURCE_UNREACHABLE}
        driver.wait(ClipFailed)
    assert not order.spool_path.exists()


def test_a_login_that_is_refused_or_works(tmp_path: Path) -> None:
    movie = scene.movie(Path(".build/media"))
    with RtspServer(movie, login=("admin", "right")) as rtsp:
        wrong = rtsp.url.replace("rtsp://", f"rtsp://admin:{SECRET}@")
        fails(Connect(kind="stream", url=wrong), faults.SOURCE_UNAUTHORIZED, tmp_path)
        order = ClipOrder(tmp_path / "ok")
        with Driver(Connect(kind="stream", url=rtsp.url.replace("rtsp://", "rtsp://admin:right@"))) as driver:
            driver.send(configuration(zones=ZONES))
            assert streaming(driver).width == 1280
            driver.send(order.start(now_us(), now_us() + 1_500_000))
            finished = driver.wait(ClipFinished, timeout=40)
            rtsp.stop()
            assert driver.wait(Status, state="reconnecting", timeout=40).key in {
                faults.SOURCE_ENDED, faults.SOURCE_STALLED, faults.SOURCE_UNREACHABLE,
            }  # fmt: skip
        assert assert_masked(order.plain()) == finished.frames


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("401 Unauthorized", faults.SOURCE_UNAUTHORIZED),
        ("403 Forbidden", faults.SOURCE_UNAUTHORIZED),
        ("404 Not Found", faults.SOURCE_UNAVAILABLE),
        ("503 Service Unavailable", faults.SOURCE_UNAVAILABLE),
    ],
)
def test_http_says_no(answer: str, key: str, tmp_path: Path) -> None:
    with server(http(answer)) as port:
        fails(Connect(kind="stream", url=f"http://admin:{SECRET}@127.0.0.1:{port}/x.ts"), key, tmp_path)


def test_http_serves_garbage(tmp_path: Path) -> None:
    with server(http("200 OK", bytes(range(256)) * 4000)) as port:
        fails(Connect(kind="stream", url=f"http://127.0.0.1:{port}/x?key={SECRET}"), faults.SOURCE_NOT_VIDEO, tmp_path)


def test_http_is_redirected_to_a_file(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", *X264, seconds=1)
    with server(http(f"302 Found\r\nLocation: file://{source}")) as port:
        status = None
        with Driver(Connect(kind="stream", url=f"http://127.0.0.1:{port}/x")) as driver:
            driver.send(configuration(zones=ZONES))
            status = driver.wait(Status, state="reconnecting")
    assert status.key in {faults.SOURCE_UNREACHABLE, faults.SOURCE_NOT_VIDEO, faults.SOURCE_UNAVAILABLE}


def test_a_playlist_that_points_to_a_file(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", *X264, seconds=3)
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{source}\n#EXT-X-ENDLIST\n".encode()
    with (
        server(http("200 OK", playlist)) as port,
        Driver(Connect(kind="stream", url=f"http://127.0.0.1:{port}/x.m3u8")) as driver,
    ):
        driver.send(configuration(zones=ZONES))
        driver.wait(Status, state="reconnecting")
        assert not [event for event in driver.events if isinstance(event, Status) and event.state == "streaming"]


@pytest.mark.parametrize(
    "content", [b"", b"garbage", bytes(5000), bytes(range(256)) * 2000], ids=["empty", "few", "zeros", "bytes"]
)
def test_a_file_of_garbage(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "garbage.bin"
    path.write_bytes(content)
    with Driver(Connect(kind="stream", url=str(path))) as driver:
        driver.send(configuration(zones=ZONES))
        assert driver.wait(Status, state="reconnecting").key in {
            faults.SOURCE_NOT_VIDEO, faults.SOURCE_ENDED, faults.SOURCE_UNREACHABLE, faults.CODEC_UNSUPPORTED,
        }  # fmt: skip
        driver.wait(SourceNeeded, attempt=1)
        assert driver.stop() == 0


def test_a_missing_file(tmp_path: Path) -> None:
    fails(Connect(kind="stream", url=str(tmp_path / "none.ts")), faults.SOURCE_UNREACHABLE, tmp_path)


def test_sound_only(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=2", "-c:a", "aac", path], check=True)
    fails(Connect(kind="stream", url=str(path)), faults.SOURCE_NOT_VIDEO, tmp_path)


@pytest.mark.parametrize(("ending", "codec"), [("avi", "msmpeg4"), ("mkv", "ffv1"), ("avi", "huffyuv")])
def test_codecs_of_no_camera(ending: str, codec: str, tmp_path: Path) -> None:
    path = film(tmp_path / f"film.{ending}", "-c:v", codec, seconds=1)
    fails(Connect(kind="stream", url=str(path)), faults.CODEC_UNSUPPORTED, tmp_path)


def test_a_codec_that_ffmpeg_cannot_decode(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mkv", *X264, seconds=1)
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/XYZ"))
    fails(Connect(kind="stream", url=str(path)), faults.CODEC_UNSUPPORTED, tmp_path)


def test_sound_that_ffmpeg_cannot_decode_is_left_out(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mkv", *X264, "-c:a", "aac", sound=True)
    path.write_bytes(path.read_bytes().replace(b"A_AAC", b"A_XYZ"))
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(path))) as driver:
        driver.send(configuration(zones=ZONES, record_audio=True))
        streaming(driver)
        driver.send(order.start(now_us(), now_us() + 1_000_000))
        assert not driver.wait(ClipFinished).has_audio


def test_a_film_cut_off_and_damaged(tmp_path: Path) -> None:
    """Holes in the packets: pictures are lost, the rest is recorded and masked."""
    data = bytearray(film(tmp_path / "whole.ts", *X264).read_bytes())
    for at in range(60_000, len(data), 40_000):
        data[at : at + 300] = bytes(range(250)) + bytes(50)
    path = tmp_path / "damaged.ts"
    path.write_bytes(data[: int(len(data) * 0.8) + 77])
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(path))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None))
        driver.wait(ClipEnded, timeout=40)
        finished = driver.wait(ClipFinished)
        driver.send(CheckSpool(clip_id=order.clip_id, spool_path=str(order.spool_path), spool_secret=order.spool.text))
        assert driver.wait(SpoolChecked).masked
    assert assert_masked(order.plain()) == finished.frames > 20


def test_a_truncated_mp4_has_no_index(tmp_path: Path) -> None:
    data = film(tmp_path / "whole.mp4", *X264, seconds=3).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(data[: len(data) // 2])
    fails(Connect(kind="stream", url=str(path)), faults.SOURCE_NOT_VIDEO, tmp_path)


def test_a_stream_of_pictures_that_nobody_can_decode(tmp_path: Path) -> None:
    """The packets come, but no picture: it is called garbled, and nothing is recorded."""
    path = film(tmp_path / "film.avi", "-c:v", "mjpeg", "-q:v", "9", seconds=20)
    data = bytearray(path.read_bytes())
    at = data.index(b"movi")
    while (at := data.find(b"00dc", at + 4)) > 0 and at < data.rindex(b"idx1"):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        data[at + 8 + 20 : at + 8 + size] = bytes(size - 20)
    path.write_bytes(data)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(path))) as driver:
        driver.send(configuration(zones=ZONES))
        driver.wait(Status, state="reconnecting", key=faults.SOURCE_GARBLED, timeout=40)
        driver.send(order.start(now_us(), now_us()))
        driver.send(TakeStill(request_id=1, max_width=0))
        assert driver.wait(StillFailed).key == faults.SOURCE_GARBLED
        assert driver.wait(ClipFailed).key == faults.NOTHING_RECORDED
    assert list((tmp_path / "clips").iterdir()) == []


def test_a_stream_that_stalls(tmp_path: Path) -> None:
    half = film(tmp_path / "film.ts", *X264, seconds=4).read_bytes()
    held = threading.Event()
    order = ClipOrder(tmp_path / "clips")
    with (
        server(http("200 OK", half, then=lambda: held.wait(60))) as port,  # type: ignore[arg-type,func-returns-value]
        Driver(Connect(kind="stream", url=f"http://a:{SECRET}@127.0.0.1:{port}/x.ts")) as driver,
    ):
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us() - 1_000_000, None))
        driver.wait(ClipStarted)
        assert driver.wait(Status, state="reconnecting", timeout=40).key == faults.SOURCE_STALLED
        assert driver.wait(ClipEnded).reason == "source_lost"
        finished = driver.wait(ClipFinished)
        held.set()
        streaming(driver)
        assert SECRET not in f"{driver.events}{driver.stderr!r}"
    assert assert_masked(order.plain()) == finished.frames


def recorded(source: Path, tmp_path: Path, seconds: float, **changes: object) -> tuple[ClipFinished, list[float]]:
    """Record for that long and return the facts and the times of the frames, s."""
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES, **changes))
        streaming(driver)
        driver.send(order.start(now_us(), now_us() + int(seconds * 1e6)))
        finished = driver.wait(ClipFinished, timeout=40)
    assert assert_masked(order.plain()) == finished.frames
    path = tmp_path / "clip.mp4"
    path.write_bytes(order.plain())
    decoded = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-fps_mode", "passthrough", "-f", "null", "-"],
        check=True,
        capture_output=True,
    )
    # Its null target counts in frames and complains of two that lie closer together than usual; nothing else may be.
    complaints = [
        line for line in decoded.stderr.splitlines() if b"[null @" not in line and b"Last message" not in line
    ]
    assert complaints == []
    return finished, [float(frame.pts * frame.time_base) for frame in frames_of(order.plain())]


@pytest.mark.parametrize(
    ("first", "second"),
    [("0", "0"), ("0", "1000"), ("1000", "0"), ("95441.7", "95443.7"), ("50000", "0")],
    ids=["reset", "jump", "jump back", "wrap", "far back"],
)
def test_timestamps_that_jump(first: str, second: str, tmp_path: Path) -> None:
    """With sound, whose times follow the picture's: the clip is whole, no frame is lost, the times grow."""
    aac = ("-c:a", "aac")
    parts = [
        film(
            tmp_path / f"{number}.ts", *X264, *aac, "-output_ts_offset", offset, seconds=length, sound=True
        ).read_bytes()
        for number, (offset, length) in enumerate([(first, 2), (second, 8)])
    ]
    path = tmp_path / "jump.ts"
    path.write_bytes(b"".join(parts))
    finished, times = recorded(path, tmp_path, 5, record_audio=True)
    assert finished.end_reason == "until"
    assert 65 <= finished.frames <= 80
    assert all(0 < b - a < 0.6 for a, b in pairwise(times))
    assert 4.5 < times[-1] < 5.1
    assert finished.has_audio


def test_nothing_but_garbage_is_no_camera(tmp_path: Path) -> None:
    image = film(tmp_path / "still.jpg", "-frames:v", "1", "-q:v", "3").read_bytes()
    with Driver(Connect(kind="stills")) as driver:
        driver.send(configuration(zones=ZONES))
        driver.wait(SourceNeeded, attempt=0)
        for number in range(MAX_STILLS_GARBLED):
            driver.send(Still(time_us=now_us() + number, image=b"<html>login</html>"))
            time.sleep(0.05)
        assert driver.wait(Status, state="reconnecting").key == faults.SOURCE_NOT_VIDEO
        driver.wait(SourceNeeded, attempt=1)
        for _ in range(10):
            driver.send(Still(time_us=now_us(), image=image))
        streaming(driver)
        driver.send(TakeStill(request_id=5, max_width=0))
        time.sleep(0.3)
        driver.send(Still(time_us=now_us(), image=image))
        driver.wait(StillTaken)


def test_a_still_that_is_cut_off_is_left_out(tmp_path: Path) -> None:
    image = film(tmp_path / "still.png", "-frames:v", "1").read_bytes()
    with Driver(Connect(kind="stills")) as driver:
        driver.send(configuration(zones=ZONES))
        driver.wait(SourceNeeded)
        for _ in range(3):
            driver.send(Still(time_us=now_us(), image=image[:60]))
        driver.send(TakeStill(request_id=1, max_width=0))
        driver.wait(StillFailed)
        driver.send(Still(time_us=now_us(), image=image))
        streaming(driver)


def test_unreadable_zones_cannot_be_checked_either(tmp_path: Path) -> None:
    with Driver() as driver:
        driver.send(configuration(zones=(("broken", "1,1"),)))
        driver.wait(Status, state="blocked")
        driver.send(
            CheckSpool(clip_id="x", spool_path=str(tmp_path / "none"), spool_secret=ClipOrder(tmp_path).spool.text)
        )
        checked = driver.wait(SpoolChecked)
        assert not checked.masked
        assert checked.detail
        assert driver.stop() == 0


def test_orders_that_cannot_be_carried_out(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", *X264, seconds=30)
    one, two = ClipOrder(tmp_path / "clips", "1" * 32), ClipOrder(tmp_path / "clips", "2" * 32)
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(one.start(now_us(), None))
        driver.wait(ClipStarted)
        driver.send(two.start(now_us(), None))
        assert driver.wait(ClipFailed, clip_id=two.clip_id).detail
        driver.send(ExtendClip(clip_id=one.clip_id, until_us=now_us()))
        driver.wait(ClipFinished, clip_id=one.clip_id)
        # the spool is there already: not a byte of it is touched
        before = one.spool_path.read_bytes()
        driver.send(one.start(now_us(), None))
        assert driver.wait(ClipFailed, clip_id=one.clip_id).key == "storage_unavailable"
        assert one.spool_path.read_bytes() == before
        bad = FinishSpool(clip_id="3", spool_path=str(one.spool_path), clip_path=str(tmp_path / "no" / "where"),
                          thumbnail_path=str(tmp_path / "t"), spool_secret=one.spool.text,
                          recipient=one.clip.recipient.text)  # fmt: skip
        driver.send(bad)
        failed = driver.wait(ClipFailed, clip_id="3")
        assert (failed.key, failed.spool_usable) == ("storage_missing", True)
        driver.send(CheckSpool(clip_id="4", spool_path=str(tmp_path / "none"), spool_secret=one.spool.text))
        assert not driver.wait(SpoolChecked, clip_id="4").masked
        assert driver.stop() == 0


def test_commands_before_their_time_and_a_second_configuration_end_the_worker(tmp_path: Path) -> None:
    order: StartClip = ClipOrder(tmp_path).start(0, None)
    for commands in (
        [order],
        [configuration(protocol=99)],
        [configuration(), configuration()],
        [TakeStill(request_id=1, max_width=0)],
    ):
        with Driver() as driver:
            for command in commands:
                with contextlib.suppress(BrokenPipeError):
                    driver.send(command)
            assert driver.process.wait(20) == 1
