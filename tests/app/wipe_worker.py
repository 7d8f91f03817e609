"""Wipes in a process of its own, which is killed at the n-th time that it touches a file. Imports no Home Assistant.

    wipe_worker.py ROOT CONFIG       then, a line each: `wipe|start N`; answers `killed|done EVENTS` as JSON lists

`wipe` orders a wipe; `start` does what a start does: opens the vault, brings it in order, carries on.
"""

import asyncio
import json
import os
import signal
import sys
import types
from collections.abc import Callable
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

from custom_components.camguard.app.custody import wiping
from custom_components.camguard.app.ports import Actor
from custom_components.camguard.app.retention.clock import SystemClock
from custom_components.camguard.domain.settings import SiteSettings
from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

CAMERA = "front"
BATCH = 2
"""Small, so that a wipe can be cut short between two batches too."""


def site_of(paths: Paths) -> SiteSettings:
    """Return settings of a site."""
    return SiteSettings(
        operator_name="佐藤花子",
        contact="048-000-0000",
        purpose="Crime prevention",
        retention_days=14,
        storage_path=paths.storage,
        key_path=paths.key_root,
        min_free_bytes=0,
        viewers=frozenset(),
        ledger_years=5,
        time_zone="Asia/Tokyo",
        backlog_bytes=64 << 20,
    )


async def inline[*Ts, T](function: Callable[[*Ts], T], /, *args: *Ts) -> T:
    """Run blocking code here and now."""
    return function(*args)


def work(mode: str, config: Path, kill_at: int, tell: int) -> None:
    """Do one run; at the `kill_at`th touch of a file the process ends as if the power went."""
    events: list[str] = []
    paths = Paths.of(config)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in {"open", "os.remove", "os.rename"} or not str(arguments[0]).startswith(str(config)):
            return
        touched = Path(str(arguments[0])).name
        writes = event != "open" or (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR))
        kind = event if writes else "read"
        events.append(f"{kind} {touched[33:] if len(touched.partition('.')[0]) == 32 else touched}")
        if len(events) == kill_at:
            os.write(tell, json.dumps(events).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    wiping._BATCH = BATCH
    clock = SystemClock()
    if mode == "start":
        sys.addaudithook(hook)
        vault = Vault.open(paths)
        reconcile(vault, clock.now_us())
        wiping.resume(site_of(paths), vault, clock)
    else:
        vault = Vault.open(paths)
        reconcile(vault, clock.now_us())
        sys.addaudithook(hook)
        keeper = wiping.Wiping(site_of(paths), vault, clock, inline, asyncio.Lock())
        order = wiping.Order(scope=wiping.Scope.CAMERA, camera_id=CAMERA, reason="転居のため", detail="玄関")
        asyncio.run(keeper.wipe(order, Actor(user_id="u1", name="花子")))
    os.write(tell, json.dumps(events).encode())


def main() -> None:
    """Serve."""
    for line in sys.stdin:
        mode, config, number = line.rstrip("\n").split("\t")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                work(mode, Path(config), int(number), writer)
            except BaseException:  # noqa: BLE001 - the root of a process
                import traceback

                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            events = json.loads(pipe.read() or "[]")
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), events]), flush=True)


if __name__ == "__main__":
    main()
