"""What watching live costs: the delay that is ours, what a clip beside it costs, and fifty who watch."""

import io
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import av
import numpy as np

from custom_components.camguard.worker.live.transport import TransportStream
from custom_components.camguard.worker.picture.encode import Encoded
from custom_components.camguard.worker.protocol import Beat, ClipStarted, Connect, Status

from . import household, scene
from .worker.driver import ClipOrder, Driver, configuration, now_us
from .worker.live import Write, http
from .worker.watching import Watcher, ask, watched_worker

type CpuSeconds = Callable[[int], float]
"""Of a process, so far."""

MEASURE_SECONDS = 10
DELAY_SECONDS = 20
RUNS = 3
WATCHERS = 50
LEAD_SECONDS = 8
"""Until everything is level."""


def live(url: str, zones: tuple[tuple[str, str], ...], folder: Path, cpu_seconds: CpuSeconds) -> dict[str, float]:
    """Return all figures. `url`: of the benchmark's camera."""
    return delays(zones) | together(url, zones, folder, cpu_seconds) | many(url, zones, cpu_seconds)


# --- delay ---


class _Timed:
    """A watcher that notes when each byte came."""

    def __init__(self, url: str) -> None:
        self._connection = ask(url)
        self.data = bytearray()
        self.came: list[tuple[int, float]] = []
        """(bytes so far, when)."""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data = self._connection.recv(1 << 18)
            except OSError:
                return
            if not data:
                return
            self.data += data
            self.came.append((len(self.data), time.monotonic()))

    def close(self) -> None:
        self._connection.close()


def _units() -> list[bytes]:
    """Return the demo's film as MPEG-TS, the packets of each picture apart."""
    units: list[bytes] = []
    with av.open(str(household.film())) as container:
        stream = container.streams.video[0]
        annex_b = av.BitStreamFilterContext("h264_mp4toannexb", stream)
        transport: TransportStream | None = None
        for number, packet in enumerate(
            item for raw in container.demux(stream) for item in annex_b.filter(raw) if item.size
        ):
            time_us = number * 1_000_000 // scene.RATE
            unit = Encoded(data=bytes(packet), pts_us=time_us, dts_us=time_us, keyframe=packet.is_keyframe)
            transport = transport or TransportStream(unit)
            units.append(transport.add(unit))
    return units


def delays(zones: tuple[tuple[str, str], ...]) -> dict[str, float]:
    """Return how long after its last byte was sent to us a picture's last byte comes out of the worker.

    The demuxer knows that a picture is whole when the next one begins: that pause is the stream's, and is taken off.
    """
    units, sent = _units(), {}

    def deliver(write: Write) -> None:
        began = time.monotonic()
        for number in range(scene.RATE * 60):
            time.sleep(max(began + number / scene.RATE - time.monotonic(), 0))
            write(units[number % len(units)])
            sent[number] = time.monotonic()

    with http("video/mp2t", deliver) as url, watched_worker(Connect(kind="stream", url=url)) as (driver, door, opened):
        driver.send(configuration(zones=zones, **opened))
        driver.wait(Status, state="streaming", timeout=30)
        assert door.url
        timed = _Timed(door.url)
        time.sleep(DELAY_SECONDS)
        timed.close()
    head = bytes(timed.data).index(b"\r\n\r\n") + 4
    body = bytes(timed.data)[head:]
    measured = []
    with av.open(io.BytesIO(body[: len(body) // 188 * 188]), format="mpegts") as container:
        begins = [packet.pos for packet in container.demux(video=0) if packet.pos is not None]
    with av.open(io.BytesIO(body[: len(body) // 188 * 188]), format="mpegts") as container:
        for number, frame in enumerate(container.decode(video=0)):
            plane = np.frombuffer(frame.planes[0], np.uint8).reshape(frame.height, frame.planes[0].line_size)
            seen = scene.read_number(plane[:, : frame.width])
            if seen is None or number + 1 >= len(begins) or seen not in sent:
                continue
            end = head + begins[number + 1]
            came = next((at for so_far, at in timed.came if so_far >= end), None)
            if came is not None:
                measured.append(came - sent[seen] - 1 / scene.RATE)
    measured = measured[scene.RATE :]  # the first second is the connect's
    ordered = sorted(measured)
    return {
        "live_delay_ms": statistics.median(ordered) * 1000,
        "live_delay_p95_ms": ordered[int(len(ordered) * 0.95)] * 1000,
    }


# --- watching and recording ---


@contextmanager
def _worker(url: str, zones: tuple[tuple[str, str], ...]) -> Iterator[tuple[Driver, str]]:
    with watched_worker(Connect(kind="stream", url=url)) as (driver, door, opened):
        driver.send(configuration(zones=zones, pre_roll_us=2_000_000, **opened))
        driver.wait(Status, state="streaming", timeout=30)
        assert door.url
        yield driver, door.url


def _cores(driver: Driver, cpu_seconds: CpuSeconds) -> float:
    began, before = time.monotonic(), cpu_seconds(driver.process.pid)
    time.sleep(MEASURE_SECONDS)
    return float((cpu_seconds(driver.process.pid) - before) / (time.monotonic() - began))


def together(url: str, zones: tuple[tuple[str, str], ...], folder: Path, cpu_seconds: CpuSeconds) -> dict[str, float]:
    """Return the cores of watching, of recording, and of both at once, in turns."""
    figures: dict[str, list[float]] = {"live": [], "record": [], "both": []}
    for run in range(RUNS):
        for kind, found in figures.items():
            with _worker(url, zones) as (driver, address), ExitStack() as stack:
                if kind != "record":
                    stack.enter_context(Watcher(address)).until(1)
                    time.sleep(LEAD_SECONDS)
                if kind != "live":
                    order = ClipOrder(folder / f"{kind}{run}")
                    driver.send(order.start(now_us() - 2_000_000, None))
                    driver.wait(ClipStarted, timeout=30)
                    time.sleep(LEAD_SECONDS)
                found.append(_cores(driver, cpu_seconds))
    medians = {kind: statistics.median(values) for kind, values in figures.items()}
    ratios = [
        both / (alone + recorded)
        for alone, recorded, both in zip(figures["live"], figures["record"], figures["both"], strict=True)
    ]
    return {
        "live_core": medians["live"],
        "live_record_core": medians["record"],
        "live_both_core": medians["both"],
        "live_both_ratio": statistics.median(ratios),
    }


def many(url: str, zones: tuple[tuple[str, str], ...], cpu_seconds: CpuSeconds) -> dict[str, float]:
    """Return what fifty watchers cost more than one. They read in processes of their own."""
    with _worker(url, zones) as (driver, address):
        readers = [subprocess.Popen(["ffmpeg", "-v", "quiet", "-i", address, "-c", "copy", "-f", "null", "-"])]
        try:
            driver.wait(Beat, timeout=30, watchers=1)
            time.sleep(LEAD_SECONDS)
            one, memory = _cores(driver, cpu_seconds), driver.wait(Beat, timeout=30).private_bytes
            code = f"""
import socket, threading, urllib.parse
parts = urllib.parse.urlsplit({address!r})
def read():
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(f"GET {{parts.path}}?{{parts.query}} HTTP/1.1\\r\\n\\r\\n".encode())
        while connection.recv(1 << 18):
            pass
for _ in range({WATCHERS - 1}):
    threading.Thread(target=read).start()
"""
            readers.append(subprocess.Popen(["python3", "-c", code]))
            driver.wait(Beat, timeout=30, watchers=WATCHERS)
            time.sleep(LEAD_SECONDS)
            fifty = _cores(driver, cpu_seconds)
            beats = [event for event in driver.events if isinstance(event, Beat) and event.watchers == WATCHERS]
            return {
                "live_fifty_ratio": fifty / one,
                "live_fifty_mb": (beats[-1].private_bytes - memory) / 1e6,
            }
        finally:
            for reader in readers:
                reader.kill()
                reader.wait()
