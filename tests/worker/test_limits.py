"""What the process may not do, and what becomes of one that hangs."""

import ctypes
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from custom_components.camguard.worker.limits import MEMORY_LIMIT_BYTES
from custom_components.camguard.worker.main import EXIT_STUCK
from custom_components.camguard.worker.protocol import BEAT_SECONDS, Beat, ClipFinished, ClipStarted, Connect, Hello
from custom_components.camguard.worker.pulse import DISK_SECONDS, STUCK_SECONDS, Pulse

from .driver import ENTRY, ClipOrder, Driver, configuration, film, now_us
from .test_process import ZONES, assert_masked, streaming

pytestmark = pytest.mark.timeout(120)

PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT, WAIT_ALL = 17, 0x4206, 0x4207, 0x40000000
NOBODY = 65534


def reachable(path: Path) -> bool:
    """Tell whether anybody may enter all folders above a file, through links too."""
    return all(folder.stat().st_mode & 0o001 for one in (path, path.resolve()) for folder in one.absolute().parents)


def under(limits: str) -> tuple[str, ...]:
    """Start the worker below these limits as a user who can't raise them."""
    shell = ("bash", "-c", f'{limits} && exec "$@"', "-", sys.executable, "-P")
    if os.geteuid():
        return shell
    if not shutil.which("setpriv"):
        pytest.skip("root may do anything, and there is no setpriv to become somebody else")
    unreadable = [folder for folder in (Path(sys.executable), ENTRY) if not reachable(folder)]
    if unreadable:
        # What is below a folder that only root may enter, root may read without being able to do anything else.
        capability = "--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"
        return "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *capability, *shell
    return "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *shell


@pytest.mark.parametrize(
    ("limits", "address_space"),
    [("ulimit -c unlimited", MEMORY_LIMIT_BYTES), ("ulimit -c unlimited -v 1500000", 1_500_000 * 1024)],
    ids=["usual", "tighter"],
)
def test_no_core_is_dumped_whatever_else_the_host_refuses(limits: str, address_space: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    if not os.geteuid():
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    with Driver(before=under(limits), environment=environment) as driver:
        pid = driver.wait(Hello).pid
        lines = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
        values = {line[:26].strip(): line[26:].split()[:2] for line in lines}
        assert values["Max core file size"] == ["0", "0"]
        assert values["Max address space"] == [str(address_space)] * 2
        owner = Path(f"/proc/{pid}/environ").stat().st_uid
        assert owner == 0, "not dumpable: the kernel keeps its files from its own user"
        assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
        assert driver.stop() == 0


def hang(driver: Driver, name: str) -> int:
    """Hold up one thread of the worker for good, as if it were in an endless loop of FFmpeg's; return its id."""
    pid = driver.process.pid
    tasks = [path.parent for path in Path(f"/proc/{pid}/task").glob("*/comm") if path.read_text().strip() == name]
    thread = min(int(path.name) for path in tasks)  # FFmpeg's own threads inherit the name
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    for _ in range(5):
        if libc.ptrace(PTRACE_SEIZE, thread, None, None):
            pytest.skip(f"this host lets nobody trace: {os.strerror(ctypes.get_errno())}")
        assert not libc.ptrace(PTRACE_INTERRUPT, thread, None, None)
        os.waitpid(thread, WAIT_ALL)
        heard = len(driver.events)
        time.sleep(BEAT_SECONDS + 1)
        if len(driver.events) > heard:
            return thread
        # It held the interpreter: then nothing at all is heard, and Home Assistant kills it.
        assert not libc.ptrace(PTRACE_DETACH, thread, None, None)
        time.sleep(0.1)
    pytest.fail("the thread always holds the interpreter")


def test_a_worker_whose_session_hangs_ends_and_the_clip_is_recovered(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", seconds=60)
    order = ClipOrder(tmp_path / "clips")
    with Driver(Connect(kind="stream", url=str(source))) as driver:
        driver.send(configuration(zones=ZONES))
        streaming(driver)
        driver.send(order.start(now_us(), None))
        driver.wait(ClipStarted)
        time.sleep(7)
        thread = hang(driver, "session")
        deadline = time.monotonic() + STUCK_SECONDS + 2 * BEAT_SECONDS
        while os.waitpid(thread, WAIT_ALL | os.WNOHANG) == (0, 0):  # a tracer has to look at the dead
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert driver.process.wait(10) == EXIT_STUCK
        assert b"The session hangs" in driver.stderr
    with Driver() as driver:
        driver.send(order.finish())
        finished = driver.wait(ClipFinished)
    assert finished.recovered
    assert assert_masked(order.plain()) == finished.frames > 30


def test_an_idle_worker_is_not_taken_for_one_that_hangs() -> None:
    with Driver(Connect(kind="none")) as driver:
        driver.send(configuration(zones=ZONES))
        for _ in range(int(STUCK_SECONDS // BEAT_SECONDS) + 2):
            driver.wait(Beat)
        assert driver.stop() == 0


def looks(pulse: Pulse, seconds: float) -> list[bool]:
    return [pulse.stuck() for _ in range(int(seconds // BEAT_SECONDS))]


def test_a_thread_that_does_not_move_is_stuck() -> None:
    pulse = Pulse()
    assert not any(looks(pulse, 1000)), "it hasn't begun"
    pulse.turn()
    assert not any(looks(pulse, STUCK_SECONDS))
    assert pulse.stuck()
    pulse.turn()
    assert not pulse.stuck()
    pulse.rest()
    assert not any(looks(pulse, 1000))


def test_a_disk_may_let_wait() -> None:
    pulse = Pulse()
    pulse.turn()
    with pulse.patient():
        with pulse.patient():
            assert not any(looks(pulse, DISK_SECONDS))
        assert not any(looks(pulse, DISK_SECONDS))
        assert pulse.stuck()
    assert not any(looks(pulse, STUCK_SECONDS))
    assert pulse.stuck()
