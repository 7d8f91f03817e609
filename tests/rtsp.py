"""Starts and stops the RTSP server (rtsp_server.py) for a film."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

import av

from .home import free_port

_PYTHON = "/usr/bin/python3"
_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
"""It ends with who started it. Not by `preexec_fn`: in a process with threads that may wait for ever, and did."""
_SERVER = Path(__file__).with_name("rtsp_server.py")


class RtspServer:
    """Serves a film (H.264 without B-frames) until closed. Use as a context manager."""

    def __init__(
        self, film: Path, port: int = 0, login: tuple[str, str] | None = None, address: str = "127.0.0.1"
    ) -> None:
        """`address`: of this machine, at which others reach it (networks.py)."""
        self.address = address
        self.film = film
        self.port = port or free_port()
        self.login = login
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Address of the H.264 mount, without login."""
        return f"rtsp://{self.address}:{self.port}/street"

    def start(self) -> Self:
        """Start the server; returns once it listens."""
        folder = self.film.with_suffix(".units")
        rate, count = _split(self.film, folder)
        self.process = subprocess.Popen(
            [
                *_WITH_PARENT,
                _PYTHON,
                str(_SERVER),
                str(self.port),
                str(folder),
                str(count),
                str(rate),
                *(self.login or ()),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"RTSP_ADDRESS": self.address},
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n", "no RTSP server: is GStreamer's installed (scripts/setup)?"
        return self

    def stop(self) -> None:
        """Stop it at once, as a camera that loses its power."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()


def _split(film: Path, folder: Path) -> tuple[int, int]:
    """Write each access unit of a film to a file of its own; returns (frames a second, how many)."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate is not None
        rate = round(float(stream.average_rate))
        done = folder / "count"
        if done.exists():
            return rate, int(done.read_text())
        folder.mkdir(exist_ok=True)
        annex_b = av.BitStreamFilterContext("h264_mp4toannexb", stream) if "mp4" in container.format.name else None
        count = 0
        for packet in container.demux(stream):
            for unit in annex_b.filter(packet) if annex_b else [packet]:
                if unit.size:
                    (folder / f"{count:05d}.h264").write_bytes(bytes(unit))
                    count += 1
    done.write_text(str(count))
    return rate, count
