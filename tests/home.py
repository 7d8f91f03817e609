"""A real Home Assistant process on this machine: its folder, its life, and what a client says to it.

Used by the demo, the end-to-end tests and the benchmark. Knows nothing of CamGuard.
"""

import asyncio
import contextlib
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import aiohttp
import requests

START_SECONDS = 120
STOP_SECONDS = 90
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)

CONFIGURATION = """\
homeassistant:
  name: CamGuard
  country: JP
  language: {language}
  time_zone: Asia/Tokyo
  latitude: 36.1473
  longitude: 139.3886
  elevation: 30
  unit_system: metric
logger:
  default: warning
  logs:
    custom_components.camguard: {log_level}
frontend:
config:
diagnostics:
recorder:
history:
logbook:
system_health:
backup:
media_source:
stream:
ffmpeg:
  ffmpeg_bin: {ffmpeg}
{extra}"""


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def die_with_parent() -> None:
    """Make the calling child get SIGTERM when its parent is gone, however that happened."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for[T](what: str, probe: Callable[[], T | None], seconds: float = 30, every: float = 0.2) -> T:
    """Return the first true answer of `probe`; AssertionError that names `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(every)


class Refused(Exception):
    """Home Assistant's answer to a websocket command was an error: `code`, and its message."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code = error.get("code")


class Home:
    """One Home Assistant: `folder` is its configuration, kept between starts."""

    def __init__(self, folder: Path, port: int = 0, language: str = "en", log_level: str = "info") -> None:
        self.folder = folder
        self.port = port or free_port()
        self.language = language
        self.log_level = log_level
        self.extra = ""
        """YAML added to the configuration."""
        self.process: subprocess.Popen[bytes] | None = None
        self.tokens: dict[str, Any] = {}
        self.session = requests.Session()
        self.session.trust_env = False

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the process printed."""
        return self.folder / "process.log"

    # --- life ---------------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Write the configuration; what a first start would ask for or change later is seeded."""
        import shutil

        storage = self.folder / ".storage"
        storage.mkdir(parents=True, exist_ok=True)
        ffmpeg = shutil.which("ffmpeg") or "ffmpeg"
        (self.folder / "configuration.yaml").write_text(
            CONFIGURATION.format(
                language=self.language, log_level=self.log_level, ffmpeg=ffmpeg, extra=self.extra.strip() + "\n"
            ),
            "utf-8",
        )
        self._store(
            "http",
            2,
            2,
            {
                "stable": {
                    "server_port": self.port,
                    "server_host": ["127.0.0.1"],
                    "cors_allowed_origins": [],
                    "login_attempts_threshold": -1,
                    "ip_ban_enabled": True,
                    "ssl_profile": "modern",
                    "use_x_frame_options": True,
                    "created_at": "2026-01-01T00:00:00+00:00",
                    "error": None,
                    "error_message": None,
                },
                "pending": None,
                "yaml_migration_done": True,
            },
        )
        if not (storage / "onboarding").exists():
            # Only "user" is left to do: the other steps would look for devices in the network.
            self._store("onboarding", 4, 1, {"done": ["core_config", "analytics", "integration"]})

    def link(self, component: Path) -> None:
        """Make a custom component known to this Home Assistant."""
        custom = self.folder / "custom_components"
        custom.mkdir(exist_ok=True)
        link = custom / component.name
        if link.is_symlink():
            link.unlink()
        link.symlink_to(component.resolve(), target_is_directory=True)

    def start(self, wait: bool = True) -> Self:
        """Start the process; with `wait`, return once its web server answers."""
        assert self.process is None
        hass = Path(sys.executable).with_name("hass")
        log = self.log.open("ab")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COVERAGE", "COV_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, str(hass), "-c", str(self.folder), "--skip-pip"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        log.close()
        if wait:
            self.wait_started()
        return self

    def wait_started(self) -> None:
        """Wait until the web server answers."""
        wait_for("Home Assistant's web server", self._answers, START_SECONDS, 0.1)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"Home Assistant ended:\n{self.log_tail()}"
        with contextlib.suppress(requests.RequestException):
            # /api/onboarding is gone once onboarded; this is always there.
            return self.session.get(f"{self.url}/manifest.json", timeout=5).ok
        return False

    def wait_running(self) -> None:
        """Wait until every integration is set up."""
        wait_for("state RUNNING", lambda: self.get("/api/config")["state"] == "RUNNING", START_SECONDS)

    def stop(self) -> int | None:
        """Stop the process as a service manager would, by force when that takes too long."""
        process, self.process = self.process, None
        if process is None:
            return None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        return process.wait()

    def kill(self) -> None:
        """Kill the process as a power cut would: it can do nothing more."""
        process, self.process = self.process, None
        assert process is not None
        process.kill()
        process.wait()

    def log_tail(self, lines: int = 40) -> str:
        """Return the end of what the process printed."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    # --- users --------------------------------------------------------------------------------------------------------

    def onboard(self, name: str, username: str, password: str) -> None:
        """Make the owner on a first start, or log in on a later one."""
        client = {"client_id": f"{self.url}/"}
        answer = self.session.post(
            f"{self.url}/api/onboarding/users",
            json={**client, "name": name, "username": username, "password": password, "language": self.language},
            timeout=30,
        )
        code = answer.json()["auth_code"] if answer.ok else self._login_code(username, password)
        self.tokens = self._tokens(code)

    def login(self, username: str, password: str) -> Home:
        """Return a client of the same process for another user."""
        other = Home(self.folder, self.port, self.language)
        other.tokens = self._tokens(self._login_code(username, password))
        return other

    def add_user(self, name: str, username: str, password: str, group: str = "system-users") -> str:
        """Add a user, without administrator's rights as a rule; returns the user's id."""
        user = self.ws("config/auth/create", name=name, group_ids=[group])["user"]
        self.ws("config/auth_provider/homeassistant/create", user_id=user["id"], username=username, password=password)
        return str(user["id"])

    def _login_code(self, username: str, password: str) -> str:
        client = f"{self.url}/"
        flow = self.session.post(
            f"{self.url}/auth/login_flow",
            json={"client_id": client, "handler": ["homeassistant", None], "redirect_uri": client},
            timeout=30,
        ).json()
        answer = self.session.post(
            f"{self.url}/auth/login_flow/{flow['flow_id']}",
            json={"client_id": client, "username": username, "password": password},
            timeout=30,
        ).json()
        assert answer["type"] == "create_entry", f"login of {username} refused: {answer.get('errors')}"
        return str(answer["result"])

    def _tokens(self, code: str) -> dict[str, Any]:
        answer = self.session.post(
            f"{self.url}/auth/token",
            data={"grant_type": "authorization_code", "code": code, "client_id": f"{self.url}/"},
            timeout=30,
        )
        answer.raise_for_status()
        return dict(answer.json())

    def token(self) -> str:
        """Return an access token, a fresh one when the process was started again or it is old."""
        return str(self.tokens["access_token"])

    # --- talk ---------------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send an authenticated request; `path` begins with a slash."""
        headers = {"Authorization": f"Bearer {self.token()}"} | options.pop("headers", {})
        return self.session.request(method, self.url + path, headers=headers, timeout=120, **options)

    def get(self, path: str) -> Any:
        """Return the JSON of an authenticated GET."""
        answer = self.request("GET", path)
        assert answer.ok, f"GET {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def post(self, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON of an authenticated POST."""
        answer = self.request("POST", path, json=data or {})
        assert answer.ok, f"POST {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def call(self, action: str, *, response: bool = False, **fields: Any) -> Any:
        """Call an action, `domain.name`; with `response`, return what it answered."""
        answer = self.post(
            f"/api/services/{action.replace('.', '/')}" + ("?return_response" if response else ""), fields
        )
        return answer["service_response"] if response else None

    def state(self, entity_id: str) -> dict[str, Any] | None:
        """Return an entity's state object, or None."""
        answer = self.request("GET", f"/api/states/{entity_id}")
        return answer.json() if answer.ok else None

    def ws(self, command: str, **fields: Any) -> Any:
        """Return the result of one websocket command; Refused when the answer is an error."""
        return _own_loop(self._ws(command, fields))

    async def _ws(self, kind: str, fields: Mapping[str, Any]) -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0) as socket_,
        ):
            await socket_.receive_json(timeout=30)
            await socket_.send_json({"type": "auth", "access_token": self.token()})
            welcome = await socket_.receive_json(timeout=30)
            assert welcome["type"] == "auth_ok", welcome
            await socket_.send_json({"id": 1, "type": kind, **fields})
            while True:
                answer = await socket_.receive_json(timeout=120)
                if answer["type"] == "result":
                    if not answer["success"]:
                        raise Refused(answer["error"])
                    return answer["result"]

    def flow(self, handler: str | list[str], *inputs: Mapping[str, Any], subentry: bool = False) -> dict[str, Any]:
        """Walk a config (sub)flow from its beginning, one mapping a step; returns the last answer."""
        base = f"/api/config/config_entries/{'subentries/' if subentry else ''}flow"
        answer: dict[str, Any] = self.post(base, {"handler": handler, "show_advanced_options": False})
        return self.go_on(answer, *inputs, subentry=subentry)

    def go_on(self, answer: dict[str, Any], *inputs: Mapping[str, Any], subentry: bool = False) -> dict[str, Any]:
        """Walk on in a flow that `answer` came from; AssertionError when a step shows errors."""
        base = f"/api/config/config_entries/{'subentries/' if subentry else ''}flow"
        for fields in inputs:
            assert answer["type"] in {"form", "menu"}, answer
            answer = self.post(f"{base}/{answer['flow_id']}", fields)
            while answer["type"] in {"progress", "progress_done"}:
                time.sleep(0.2)
                answer = self.request("GET", f"{base}/{answer['flow_id']}").json()
            assert not answer.get("errors"), answer["errors"]
        return answer

    # --- files --------------------------------------------------------------------------------------------------------

    def _store(self, key: str, version: int, minor: int, data: Mapping[str, Any]) -> None:
        text = json.dumps({"version": version, "minor_version": minor, "key": key, "data": data})
        (self.folder / ".storage" / key).write_text(text, "utf-8")

    def browser_tokens(self) -> str:
        """Return what the front end keeps in its local storage for a logged-in user."""
        expires = int((time.time() + self.tokens["expires_in"]) * 1000)
        return json.dumps({**self.tokens, "hassUrl": self.url, "clientId": f"{self.url}/", "expires": expires})


def _own_loop(coroutine: Any) -> Any:
    """Run a coroutine in a loop of its own thread: the caller's thread may have one that runs (Playwright's)."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def descendants(pid: int) -> Iterator[int]:
    """Yield the ids of all processes below one."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                yield int(child)
                yield from descendants(int(child))


def new_password() -> str:
    """Return a password to be typed off a screen."""
    return secrets.token_hex(4)
