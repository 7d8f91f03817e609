"""An RTSP server whose habits are set by the test: when a picture is sent, what its timestamp says, what is refused.

Each picture bears its number as sixteen black or white blocks, so that order, loss and time of every one can be
measured. RTP runs inside the RTSP connection (RFC 2326 §10.12), H.264 is packed as RFC 6184 says.
"""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np

BITS, BLOCK_PX = 16, 20
_MTU = 1400


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture that is to be sent: its number, after how many seconds from the begin, what its timestamp says (s)."""

    number: int
    at_s: float
    stamp_s: float


@dataclass
class Habits:
    """What the camera does. `plan` is followed anew at each connect."""

    plan: list[Sent]
    sound_track: bool = False
    """Offers a second track, sound."""
    sound_setup: str = "200 OK"
    """What the SETUP of that one is answered with."""
    connects: int = 0
    sent_at: dict[int, float] = field(default_factory=dict)
    """When each picture was sent last, by the wall clock, s."""


def numbered(path: Path, count: int, rate: int = 15, *, every: int = 15) -> list[bytes]:
    """Make a film; returns its access units, H.264 with the parameter sets before each keyframe."""
    with av.open(str(path), "w", format="h264") as container:
        stream = container.add_stream("libx264", rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = BITS * BLOCK_PX, 64, "yuv420p"
        stream.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "g": str(every),
            "x264-params": f"keyint={every}:scenecut=0:repeat-headers=1",
        }
        units = []
        for number in range(count):
            shown = np.full((96, BITS * BLOCK_PX), 128, np.uint8)
            for bit in range(BITS):
                shown[:64, bit * BLOCK_PX : (bit + 1) * BLOCK_PX] = 235 if number >> bit & 1 else 16
            frame = av.VideoFrame.from_ndarray(shown, format="yuv420p")
            frame.pts = number
            units += [bytes(packet) for packet in stream.encode(frame)]
        units += [bytes(packet) for packet in stream.encode(None)]
    return units


def number_of(frame: av.VideoFrame) -> int:
    """Read a picture's number."""
    luma = frame.to_ndarray(format="gray")
    return sum((luma[16:48, bit * BLOCK_PX + 5 : (bit + 1) * BLOCK_PX - 5].mean() > 125) << bit for bit in range(BITS))


@contextlib.contextmanager
def odd_rtsp(units: list[bytes], habits: Habits) -> Iterator[str]:
    """Serve until closed; yields the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()
    threads: list[threading.Thread] = []

    def accept() -> None:
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                client, _ = listener.accept()
                thread = threading.Thread(target=_serve, args=(client, units, habits, stopping), daemon=True)
                threads.append(thread)
                thread.start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"rtsp://127.0.0.1:{listener.getsockname()[1]}/odd"
    finally:
        stopping.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [accepting, *threads]:
            thread.join(5)


def _serve(client: socket.socket, units: list[bytes], habits: Habits, stopping: threading.Event) -> None:
    description = (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=odd\r\nt=0 0\r\na=control:*\r\n"
        "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track0\r\n"
    )
    if habits.sound_track:
        description += "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:track1\r\na=sendonly\r\n"
    with client, contextlib.suppress(OSError), client.makefile("rb") as asked:
        while not stopping.is_set():
            request = asked.readline().decode().split()
            if not request:
                return
            headers = {}
            while line := asked.readline().decode().strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            status, more, body = "200 OK", "", ""
            match request[0]:
                case "OPTIONS":
                    more = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n"
                case "DESCRIBE":
                    body = description
                    more = f"Content-Type: application/sdp\r\nContent-Base: {request[1]}/\r\n"
                case "SETUP":
                    track = 1 if request[1].endswith("track1") else 0
                    status = habits.sound_setup if track else "200 OK"
                    more = f"Transport: RTP/AVP/TCP;unicast;interleaved={2 * track}-{2 * track + 1}\r\nSession: 1\r\n"
                case "PLAY":
                    more = "Session: 1\r\n"
                case _:
                    pass
            answer = f"RTSP/1.0 {status}\r\nCSeq: {headers.get('cseq', '0')}\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}"
            client.sendall(answer.encode())
            if request[0] == "PLAY":
                habits.connects += 1
                _play(client, units, habits, stopping)
                return


def _play(client: socket.socket, units: list[bytes], habits: Habits, stopping: threading.Event) -> None:
    begin, sequence = time.time(), 0
    for sent in habits.plan:
        if stopping.wait(max(begin + sent.at_s - time.time(), 0)):
            return
        habits.sent_at[sent.number] = time.time()
        packets = list(_packed(units[sent.number]))
        for at, payload in enumerate(packets):
            marker = 0x80 if at == len(packets) - 1 else 0
            stamp = round(sent.stamp_s * 90_000) & 0xFFFFFFFF
            header = struct.pack(">BBHII", 0x80, 96 | marker, sequence & 0xFFFF, stamp, 7)
            sequence += 1
            client.sendall(struct.pack(">cBH", b"$", 0, len(header) + len(payload)) + header + payload)
    stopping.wait()


def _packed(unit: bytes) -> Iterator[bytes]:
    for nal in unit.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]:
        if len(nal) <= _MTU:
            yield nal
            continue
        kind = nal[0] & 0x1F
        pieces = [nal[at : at + _MTU] for at in range(1, len(nal), _MTU)]
        for at, piece in enumerate(pieces):
            flags = (0x80 if at == 0 else 0) | (0x40 if at == len(pieces) - 1 else 0)
            yield bytes([nal[0] & 0xE0 | 28, flags | kind]) + piece
