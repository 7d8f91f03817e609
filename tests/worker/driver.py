"""A real worker process for tests, driven over its pipe as Home Assistant does, but blocking."""

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import custom_components.camguard as component
from custom_components.camguard.app.workers.place import MALLOC
from custom_components.camguard.vault.sealed import Identity, SealedReader
from custom_components.camguard.worker import protocol
from custom_components.camguard.worker.protocol import Configure, Connect, Message, SourceNeeded, StartClip

ENTRY = Path(component.__path__[0]) / "worker" / "__main__.py"


def now_us() -> int:
    return time.time_ns() // 1000


def configuration(**changes: object) -> Configure:
    fields: dict[str, object] = {
        "protocol": protocol.PROTOCOL_VERSION,
        "camera_id": "camera",
        "zones": (),
        "reference": None,
        "pre_roll_us": 2_000_000,
        "max_length_us": 60_000_000,
        "record_audio": False,
        "ring_max_bytes": 64 << 20,
    }
    return Configure(**fields | changes)  # type: ignore[arg-type]


class Driver:
    """Starts a worker, collects its events, answers SourceNeeded with `connect`. `before` goes before its arguments."""

    def __init__(
        self,
        connect: Connect | None = None,
        before: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        pass_fds: tuple[int, ...] = (),
    ) -> None:
        self.connect = connect
        self.process = subprocess.Popen(
            [*(before or (sys.executable, "-P")), str(ENTRY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | MALLOC if environment is None else environment,
            start_new_session=True,
            pass_fds=pass_fds,
        )
        self.events: list[Message] = []
        self._unread: list[Message] = []
        self.stderr = b""
        self._queue: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._errors = threading.Thread(target=self._read_errors, daemon=True)
        self._errors.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None and self.process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process.kill()
        self.process.wait(10)
        self._reader.join(5)
        self._errors.join(5)
        if error is not None:
            print(self.stderr.decode(errors="replace"))
            print(*self.events[-20:], sep="\n")

    def send(self, message: Message) -> None:
        assert self.process.stdin
        protocol.write(self.process.stdin, message)  # type: ignore[arg-type]

    def wait[M: Message](self, kind: type[M], timeout: float = 20, **fields: object) -> M:
        """Return the first event of that kind with those field values that no wait has returned yet."""

        def matches(event: Message) -> bool:
            return isinstance(event, kind) and all(getattr(event, name) == value for name, value in fields.items())

        deadline = time.monotonic() + timeout
        while True:
            for event in self._unread:
                if matches(event):
                    self._unread.remove(event)
                    return event  # type: ignore[return-value]
            try:
                news = self._queue.get(timeout=max(deadline - time.monotonic(), 0.001))
            except queue.Empty:
                raise AssertionError(f"no {kind.__name__} {fields} in {timeout} s; last: {self.events[-8:]}") from None
            assert news is not None, f"the worker exited: {self.stderr.decode(errors='replace')}"
            self._unread.append(news)

    def forget(self) -> None:
        """Let no wait return what came until now."""
        while not self._queue.empty():
            self._queue.get()
        self._unread.clear()

    def stop(self, timeout: float = 20) -> int:
        self.send(protocol.Stop())
        return self.process.wait(timeout)

    def _read(self) -> None:
        assert self.process.stdout
        while (event := protocol.read(self.process.stdout)) is not None:
            self.events.append(event)
            if isinstance(event, SourceNeeded) and self.connect is not None:
                self.send(self.connect)
            self._queue.put(event)
        self._queue.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.stderr += line


class ClipOrder:
    """Keys and paths of one clip to be."""

    def __init__(self, folder: Path, clip_id: str = "a" * 32, *, thorough: bool = False) -> None:
        self.thorough = thorough
        folder.mkdir(parents=True, exist_ok=True)
        self.clip_id = clip_id
        self.spool = Identity.generate()
        self.clip = Identity.generate()
        self.spool_path = folder / f"{clip_id}.spool.age"
        self.clip_path = folder / f"{clip_id}.mp4.age"
        self.thumbnail_path = folder / f"{clip_id}.jpg.age"

    def start(
        self, from_us: int, until_us: int | None, *, sparse_from_us: int | None = None, **meta: object
    ) -> StartClip:
        return StartClip(
            clip_id=self.clip_id,
            spool_path=str(self.spool_path),
            clip_path=str(self.clip_path),
            thumbnail_path=str(self.thumbnail_path),
            spool_secret=self.spool.text,
            recipient=self.clip.recipient.text,
            from_us=from_us,
            until_us=until_us,
            sparse_from_us=sparse_from_us,
            thorough=self.thorough,
            meta=meta,
        )

    def finish(self) -> protocol.FinishSpool:
        return protocol.FinishSpool(
            clip_id=self.clip_id,
            spool_path=str(self.spool_path),
            clip_path=str(self.clip_path),
            thumbnail_path=str(self.thumbnail_path),
            spool_secret=self.spool.text,
            recipient=self.clip.recipient.text,
        )

    def plain(self, path: Path | None = None) -> bytes:
        with (path or self.clip_path).open("rb") as file:
            reader = SealedReader(file, self.clip)
            return reader.read_at(0, reader.size)


def film(
    path: Path, *arguments: str, seconds: float = 12, size: str = "320x240", rate: int = 15, sound: bool = False
) -> Path:
    """Write FFmpeg's test picture (and a tone) in any form; `arguments` are ffmpeg's for the output."""
    tone = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"] if sound else []
    source = f"testsrc2=size={size}:rate={rate}:duration={seconds}"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *tone, *arguments, str(path)],
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return path
