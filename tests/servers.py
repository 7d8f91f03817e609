"""Real servers of other makers on this machine, for copies elsewhere: S3 (moto), WebDAV (WsgiDAV), SSH (OpenSSH)."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

USER, PASSWORD = "sato", "correct-horse"
_SECONDS = 30


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, folder: Path, address: str = "127.0.0.1") -> Iterator[None]:
    """Run a server until the block ends; returns once it answers at its port."""
    log = folder / f"server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        for _ in range(_SECONDS * 20):
            if process.poll() is not None:
                raise AssertionError(f"{command[0]} ended: {log.read_text()}")
            if address != "127.0.0.1":  # on another machine, to which a test may open no socket
                if "Server listening" in log.read_text():
                    break
            else:
                with contextlib.suppress(OSError), socket.create_connection((address, port), 1):
                    break
            time.sleep(0.05)
        else:
            raise AssertionError(f"{command[0]} doesn't answer: {log.read_text()}")
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def s3_server(folder: Path, port: int = 0) -> Iterator[str]:
    """Give the address of an S3 store that begins empty; its keys are `USER` and `PASSWORD`, as any others."""
    port = port or _free_port()
    with _running([sys.executable, "-m", "moto.server", "-p", str(port)], port, folder):
        yield f"http://127.0.0.1:{port}"


_WEBDAV = """
import sys
from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp
folder, port, user, password, *tls = sys.argv[1:]
app = WsgiDAVApp({
    "provider_mapping": {"/": folder}, "verbose": 3, "logging": {"enable": True},
    "http_authenticator": {"domain_controller": None, "accept_basic": True, "accept_digest": False, "default_to_digest": False},
    "simple_dc": {"user_mapping": {"*": {user: {"password": password}}}},
})
server = wsgi.Server(("127.0.0.1", int(port)), app)
if tls:
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    server.ssl_adapter = BuiltinSSLAdapter(*tls)
server.start()
"""


@contextmanager
def webdav_server(folder: Path, shared: Path, *, tls: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Give the address of a WebDAV server that shares a folder; `tls`: with this certificate and key."""
    port = _free_port()
    shared.mkdir(exist_ok=True)
    command = [sys.executable, "-c", _WEBDAV, str(shared), str(port), USER, PASSWORD, *map(str, tls or ())]
    with _running(command, port, folder):
        yield f"http{'s' if tls else ''}://127.0.0.1:{port}"


@dataclass(frozen=True, slots=True)
class SshServer:
    """An OpenSSH server of this test's own, which lets whoever runs the test in, by a key."""

    port: int
    username: str
    private_key: str
    key_file: Path
    host_key: str
    """As in a `known_hosts` file, without the name."""
    fingerprint: str


def _why_no_sshd() -> str:
    if not shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin"):
        return "no sshd on this machine"
    return ""


needs_sshd = pytest.mark.skipif(bool(_why_no_sshd()), reason=f"real SSH isn't tried: {_why_no_sshd()}")


@contextmanager
def ssh_server(
    folder: Path, *, port: int = 0, address: str = "127.0.0.1", inside: tuple[str, ...] = ()
) -> Iterator[SshServer]:
    """Run an SSH server with new keys, below `folder` (which is kept: the same keys when it is started again).

    `inside`: what goes before its command, to run it on another machine (networks.py).
    """
    port = port or _free_port()
    folder.mkdir(exist_ok=True)
    host, key = folder / "host_key", folder / "user_key"
    for path in (host, key):
        if not path.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    authorized = folder / "authorized_keys"
    authorized.write_text(key.with_suffix(".pub").read_text())
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress {address}\nHostKey {host}\nAuthorizedKeysFile {authorized}\nStrictModes no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nPidFile none\n"
        "Subsystem sftp internal-sftp\n"
    )
    with contextlib.suppress(OSError):  # who isn't root needs no such folder
        Path("/run/sshd").mkdir(exist_ok=True)
    algorithm, data, *_ = host.with_suffix(".pub").read_text().split()
    shown = subprocess.run(["ssh-keygen", "-lf", str(host)], check=True, capture_output=True, text=True).stdout
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    assert sshd
    with _running([*inside, sshd, "-D", "-e", "-f", str(config)], port, folder, address):
        yield SshServer(
            port, pwd.getpwuid(os.getuid()).pw_name, key.read_text(), key, f"{algorithm} {data}", shown.split()[1]
        )
