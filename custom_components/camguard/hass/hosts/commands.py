"""What a machine's settings say: which command starts a worker there, and what a person calls it.

Nothing that was entered is read by a shell here, and each field holds only what its kind of name may: a command is
made of fields, never typed.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from ...app.workers.hosts import RUN
from ...app.workers.shipment import LOADER
from ...const import (
    CONF_CONNECTION,
    CONF_CONTEXT,
    CONF_DEPLOYMENT,
    CONF_ENGINE,
    CONF_HOST,
    CONF_HOST_KEY,
    CONF_IMAGE,
    CONF_KIND,
    CONF_NAMESPACE,
    CONF_PORT,
    CONF_PRIVATE_KEY,
    CONF_PYTHON,
    CONF_USERNAME,
)
from ...domain.settings import Host

SSH, CONTAINER, KUBERNETES = "ssh", "container", "kubernetes"
DOCKER, PODMAN = "docker", "podman"
PORT = 22
PYTHON = "python3"
KEY_COMMENT = "camguard"
_ALIAS = "camguard"
"""Under which the one confirmed key stands in the file of known hosts."""
_FIELDS = {
    CONF_HOST: r"[A-Za-z0-9][A-Za-z0-9.:_-]*|::1",
    CONF_USERNAME: r"[A-Za-z0-9_][A-Za-z0-9._@-]*",
    CONF_PYTHON: r"[~/A-Za-z0-9][~/A-Za-z0-9._+-]*",
    CONF_IMAGE: r"[A-Za-z0-9][A-Za-z0-9._/:@-]*",
    CONF_CONNECTION: r"[A-Za-z0-9][A-Za-z0-9._-]*",
    CONF_CONTEXT: r"[A-Za-z0-9][A-Za-z0-9._/:@-]*",
    CONF_NAMESPACE: r"[a-z0-9][a-z0-9-]*",
    CONF_DEPLOYMENT: r"[a-z0-9][a-z0-9.-]*",
}
"""None begins with a hyphen: it would be an option."""
_SSH_OPTIONS = (
    "BatchMode=yes", "StrictHostKeyChecking=yes", "UpdateHostKeys=no", f"HostKeyAlias={_ALIAS}", "CheckHostIP=no",
    "GlobalKnownHostsFile=/dev/null", "IdentitiesOnly=yes", "IdentityAgent=none", "ClearAllForwardings=yes",
    "ConnectTimeout=5", "LogLevel=ERROR",
)  # fmt: skip
_IN_A_BOX = (
    "--rm", "--interactive", "--pull=never", "--network=host", "--read-only", "--cap-drop=all",
    "--security-opt=no-new-privileges",
    # What a worker says would lie on that machine's disk otherwise, stills and the live picture among it.
    "--log-driver=none",
)  # fmt: skip


def wrong_field(data: Mapping[str, Any]) -> str | None:
    """Return the name of a field that holds what it can't, None when all are as they may be."""
    for name, pattern in _FIELDS.items():
        value = data.get(name)
        if value is not None and not re.fullmatch(pattern, value):
            return name
    return None


def new_key() -> str:
    """Return a new key to log in with, in OpenSSH's format. Blocking."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def authorized_line(private_key: str) -> str:
    """Return the line for `authorized_keys` that lets CamGuard start programs, and do nothing else (sshd(8))."""
    public = load_ssh_private_key(private_key.encode(), None).public_key()
    text = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return f"restrict {text} {KEY_COMMENT}"


def place_of(data: Mapping[str, Any]) -> str:
    """Return what a person calls it."""
    match data[CONF_KIND]:
        case "ssh":
            port = "" if int(data[CONF_PORT]) == PORT else f":{int(data[CONF_PORT])}"
            return f"{data[CONF_USERNAME]}@{data[CONF_HOST]}{port}"
        case "container":
            return ":".join(filter(None, (data[CONF_ENGINE], data.get(CONF_CONNECTION), data[CONF_IMAGE])))
    context, namespace = data.get(CONF_CONTEXT), data.get(CONF_NAMESPACE)
    return "/".join(filter(None, (context, namespace, data[CONF_DEPLOYMENT])))


def host_of(host_id: str, title: str, data: Mapping[str, Any], folder: Path) -> Host:
    """Return a machine as it was set up; `folder`: where `write_login` has put what it needs."""
    login = "".join(data.get(name, "") for name in (CONF_HOST_KEY, CONF_PRIVATE_KEY))
    return Host(
        host_id=host_id,
        title=title,
        kind=data[CONF_KIND],
        place=place_of(data),
        command=_command(data, folder),
        login=hashlib.sha256(login.encode()).hexdigest(),
    )


def write_login(data: Mapping[str, Any], folder: Path) -> None:
    """Write what a command reads from files: the one host key that is believed, and the key. Raises OSError."""
    if data[CONF_KIND] != SSH:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in (("known_hosts", f"{_ALIAS} {data[CONF_HOST_KEY]}\n"), ("key", data[CONF_PRIVATE_KEY])):
        path = folder / name
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)


def _command(data: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    match data[CONF_KIND]:
        case "ssh":
            options = [*_SSH_OPTIONS, f"UserKnownHostsFile={folder / 'known_hosts'}"]
            return (
                "ssh", "-F", "none", "-T", *(part for option in options for part in ("-o", option)),
                "-i", str(folder / "key"), "-p", str(int(data[CONF_PORT])), "-l", data[CONF_USERNAME], "--",
                data[CONF_HOST], f"exec {data[CONF_PYTHON]} -P -c '{LOADER}'",
            )  # fmt: skip
        case "container":
            engine, connection = data[CONF_ENGINE], data.get(CONF_CONNECTION)
            elsewhere = () if not connection else (f"--{_ELSEWHERE[engine]}", connection)
            named = f"--name=camguard-{RUN}"
            return (engine, *elsewhere, "run", *_IN_A_BOX, named, data[CONF_IMAGE], PYTHON, "-P", "-c", LOADER)
    options = [
        part
        for option, name in (("--context", CONF_CONTEXT), ("--namespace", CONF_NAMESPACE))
        if data.get(name)
        for part in (option, data[name])
    ]
    # Not `run`: what a pod's own process says is kept on the disk of its node.
    target = f"deployment/{data[CONF_DEPLOYMENT]}"
    return ("kubectl", *options, "exec", "--stdin", "--quiet", target, "--", PYTHON, "-P", "-c", LOADER)


_ELSEWHERE = {DOCKER: "context", PODMAN: "connection"}
"""What each engine calls another machine's engine."""
