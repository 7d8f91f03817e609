"""Work on a vault in a process of its own, which is killed at the n-th time that it touches the disk.

    killing.py ROOT          then, a line each: `TASK<tab>CONFIG<tab>STORAGE<tab>KEY_ROOT<tab>N`; answers `[exit code, touches]`

Touches are: a file opened for writing, renamed, linked, removed (told by Python's audit events), and, since no event
tells of those, synced or written in place. Imports no Home Assistant.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    root = Path(sys.argv[1])
    sys.path.insert(0, str(root))
    for name, folder in (
        ("custom_components", root / "custom_components"),
        ("custom_components.camguard", root / "custom_components" / "camguard"),
    ):
        package = types.ModuleType(name)  # without the entry module: Home Assistant takes seconds to import
        package.__path__ = [str(folder)]
        sys.modules[name] = package

from custom_components.camguard.domain.clip import ClipId
from custom_components.camguard.domain.hold import Hold
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.vault.ledger import ledger_file
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.reconciliation import take_back as put_back
from custom_components.camguard.vault.sealed import Identity
from custom_components.camguard.vault.vault import Vault

ROOT = Path(__file__).parents[2]
FAR_US = 4_000_000_000_000_000
DROPPED_BEFORE_US = 1_000_000
"""Entries that the tests write with an older time are those to be dropped."""

type Run = Callable[[str, Paths, int], tuple[int, list[str]]]


def drop(vault: Vault) -> None:
    """Drop bodies, and go on."""
    ranges = vault.ledger.droppable(DROPPED_BEFORE_US)
    vault.ledger.append(Event.BODIES_DROPPED, {"ranges": ranges}, FAR_US)
    vault.ledger.drop_bodies(ranges)


def rotate(vault: Vault) -> None:
    """Renew the root key."""
    vault.rotate_root(7)


def hold(vault: Vault) -> None:
    """Hold the first clip."""
    clip = vault.index.clips(newest_first=False)[0]
    vault.hold(
        Hold(clip_id=clip.clip_id, camera_id=clip.camera_id, since_us=5, until_us=FAR_US, reason="police"),
        {"user_id": "u", "user_name": "花子"},
        5,
    )


def release(vault: Vault) -> None:
    """Release the first clip."""
    vault.release(vault.index.clips(newest_first=False)[0].clip_id, {"reason": "done", "user_id": "u"}, 6)


def take_back(vault: Vault) -> None:
    """Bring back the clips whose keys a test has put aside."""
    keys = json.loads((vault.paths.ledger.parent / "keys.json").read_text())
    put_back(vault, {ClipId(clip_id): Identity.from_text(text) for clip_id, text in keys.items()}, "kit", 7)


def change_record(vault: Vault) -> None:
    """Change the one record that is there."""
    (record,) = vault.registers.load(tidy=True).records.values()
    fields = dict(record.fields) | {"note": "changed"}
    vault.registers.save(replace(record, fields=fields, revision=record.revision + 1), "", {}, 7)


def make_record(vault: Vault) -> None:
    """Make another record."""
    (record,) = vault.registers.load(tidy=True).records.values()
    other = replace(record, record_id=ClipId("b" * 32), number="RP-2026-0002", revision=1)
    vault.registers.save(other, "", {}, 7)


def erase_record(vault: Vault) -> None:
    """Erase all records."""
    vault.registers.erase(list(vault.registers.load(tidy=True).records), "expired", {}, 7)


def close_segments(vault: Vault) -> None:
    """Write entries until the ledger's open segment was closed twice."""
    ledger_file.SEGMENT_ENTRIES = 3
    for number in range(6):
        vault.ledger.append(Event.VIEWED, {"user_name": f"later-{number}"}, FAR_US + number)


TASKS: dict[str, Callable[[Vault], None]] = {
    "change_record": change_record,
    "make_record": make_record,
    "erase_record": erase_record,
    "drop": drop,
    "rotate": rotate,
    "hold": hold,
    "release": release,
    "take_back": take_back,
    "close_segments": close_segments,
}


def work(task: str, paths: Paths, kill_at: int, tell: int) -> None:
    """Do one task; at the `kill_at`th touch the process ends as if the power went. `open` is the start itself."""
    touches: list[str] = []
    done = False  # what measures the tests writes its own files at the end
    sync, place, write = os.fsync, os.pwrite, os.write

    def touch(what: str) -> None:
        if done:
            return
        touches.append(what)
        if len(touches) == kill_at:
            write(tell, json.dumps(touches).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in {"open", "os.remove", "os.rename", "os.link"}:
            return
        if not isinstance(arguments[0], str | Path):
            return
        reads = event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR))
        if not reads and "index.db" not in str(arguments[0]):
            touch(f"{event} {Path(arguments[0]).name[-16:]}")

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            touch(name)
            return function(*arguments)

        return call

    def begin() -> None:
        sys.addaudithook(hook)
        os.fsync, os.pwrite, os.write = counted("sync", sync), counted("place", place), counted("write", write)

    if task == "open":
        begin()
        reconcile(Vault.open(paths), 9)
    else:
        vault = Vault.open(paths)
        reconcile(vault, 8)
        begin()
        TASKS[task](vault)
    done = True
    write(tell, json.dumps(touches).encode())


def main() -> None:
    """Serve."""
    for line in sys.stdin:
        task, config, storage, key_root, number = line.rstrip("\n").split("\t")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                work(task, Paths.of(Path(config), Path(storage), Path(key_root)), int(number), writer)
            except BaseException:  # noqa: BLE001 - the root of a process
                import traceback

                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            touches = json.loads(pipe.read() or "[]")
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), touches]), flush=True)


@contextlib.contextmanager
def killer() -> Iterator[Run]:
    """Give what runs a task: (task, paths, number of the touch at which it is killed) -> (exit code, touches)."""
    process = subprocess.Popen(
        [sys.executable, __file__, str(ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    stdin, stdout = process.stdin, process.stdout

    def run(task: str, paths: Paths, kill_at: int) -> tuple[int, list[str]]:
        config = paths.ledger.parent.parent
        stdin.write(f"{task}\t{config}\t{paths.storage}\t{paths.key_root}\t{kill_at}\n")
        stdin.flush()
        code, touches = json.loads(stdout.readline())
        return code, touches

    yield run
    stdin.close()
    process.wait(timeout=10)


if __name__ == "__main__":
    main()
