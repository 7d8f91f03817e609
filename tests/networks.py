"""Other machines on this one: network namespaces, each with a line of its own that can be cut (Linux, as root)."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _may_not() -> str:
    """Return why there are no network namespaces here, or ""."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    try:
        _run("ip", "netns", "add", "camguard-try")
    except OSError, subprocess.CalledProcessError:
        return "this machine doesn't allow network namespaces"
    _run("ip", "netns", "del", "camguard-try")
    return ""


WHY_NOT = _may_not()
needs_networks = pytest.mark.skipif(bool(WHY_NOT), reason=f"other machines aren't tried: {WHY_NOT}")


@dataclass(frozen=True, slots=True)
class Machine:
    """A network namespace: this machine reaches it at `address`, it reaches this machine at `gateway`."""

    name: str
    address: str
    gateway: str

    @property
    def inside(self) -> tuple[str, ...]:
        """What goes before a command that is to run there."""
        return ("ip", "netns", "exec", self.name)

    def cut(self) -> None:
        """Pull its cable: nobody is told, packets just don't come any more."""
        _run(*self.inside, "ip", "link", "set", "eth0", "down")

    def plug(self) -> None:
        """Put the cable back."""
        _run(*self.inside, "ip", "link", "set", "eth0", "up")
        _run(*self.inside, "ip", "route", "replace", "default", "via", self.gateway)


@contextmanager
def machine(number: int) -> Iterator[Machine]:
    """Make one; `number` 1 to 200 tells it from others."""
    name, net = f"camguard{os.getpid()}n{number}", f"10.213.{number}"
    link = f"cg{os.getpid() % 100_000}n{number}"
    made = Machine(name, f"{net}.2", f"{net}.1")
    _run("ip", "netns", "add", name)
    try:
        _run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
        _run("ip", "addr", "add", f"{net}.1/24", "dev", link)
        _run("ip", "link", "set", link, "up")
        for command in (
            ("ip", "addr", "add", f"{net}.2/24", "dev", "eth0"),
            ("ip", "link", "set", "lo", "up"),
            ("ip", "link", "set", "eth0", "up"),
            ("ip", "route", "add", "default", "via", f"{net}.1"),
        ):
            _run(*made.inside, *command)
        yield made
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("ip", "netns", "del", name)
        with contextlib.suppress(subprocess.CalledProcessError):
            _run("ip", "link", "del", link)
