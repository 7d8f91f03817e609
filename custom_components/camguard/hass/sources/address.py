"""A camera by its address: then Home Assistant has no unmasked entity of it, and nobody can open one.

The address and the login are kept in Home Assistant's own configuration, as every integration's are. What is known of
the camera elsewhere (ledger, links, logs) is a digest of the address: some cameras want their password in it.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from homeassistant.core import callback

from ...domain.errors import InvalidError
from ...domain.settings import CameraSettings
from ...worker.protocol import Connect

SCHEMES = ("rtsp", "rtsps", "http", "https")
MAX_CHARS = 2000
PREFIX = "address:"
_DIGEST_CHARS = 24
_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x1f\x7f\\<>\"]")
_OPTIONS = (("max_redirects", "0"),)
"""A camera doesn't send us elsewhere: to a file, to this machine, to somebody else's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a person has entered, in order."""

    url: str = field(repr=False)
    """Without the login."""
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def reference(self) -> str:
        """What the camera is known by."""
        return reference_of(self.url)

    @property
    def server(self) -> tuple[str, str | None, int | None]:
        """Who a login is sent to."""
        parts = urlsplit(self.url)
        return parts.scheme, parts.hostname, parts.port


def parse_address(text: str, username: str = "", password: str = "") -> Address:
    """Return the address that was entered; a login in it goes before the fields. Raises InvalidError."""
    text = text.strip()
    if not text or len(text) > MAX_CHARS or _NOT_IN_ADDRESSES.search(text):
        raise InvalidError("address_invalid")
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise InvalidError("address_invalid") from None
    if parts.scheme.lower() not in SCHEMES:
        raise InvalidError("address_scheme", schemes=", ".join(SCHEMES))
    if not host or port == 0:
        raise InvalidError("address_invalid")
    if parts.username is not None:
        username, password = unquote(parts.username), unquote(parts.password or "")
    if ":" in username:
        raise InvalidError("address_username")  # RFC 7617 §2: it would be read as the password's beginning
    if password and not username:
        raise InvalidError("address_username_missing")
    bracketed = f"[{host}]" if ":" in host else host
    authority = bracketed if port is None else f"{bracketed}:{port}"
    url = urlunsplit((parts.scheme.lower(), authority, parts.path, parts.query, ""))
    return Address(url=url, username=username, password=password)


def reference_of(url: str) -> str:
    """Return what a camera at an address is known by."""
    return PREFIX + hashlib.sha256(url.encode()).hexdigest()[:_DIGEST_CHARS]


def is_address(reference: str) -> bool:
    """Tell whether a reference is an address's, and no entity's."""
    return reference.startswith(PREFIX)


class SourceAddress:
    """One camera at an address (port `Source`). Home Assistant knows nothing else of it."""

    entity_id = device_id = area_id = name = None
    is_missing = False

    def __init__(self, settings: CameraSettings) -> None:
        self._settings = settings

    async def connect(self) -> Connect:
        """Return the address with its login."""
        settings = self._settings
        url = settings.address
        if settings.login is not None:
            parts = urlsplit(url)
            username, password = (quote(part, safe="") for part in settings.login)
            url = urlunsplit(parts._replace(netloc=f"{username}:{password}@{parts.netloc}"))
        return Connect(kind="stream", url=url, options=_OPTIONS, sleeps=settings.sleeps)

    async def still(self) -> bytes | None:
        """There are no stills."""
        return None

    @callback
    def hide(self) -> None:
        """There is nothing to hide."""

    @callback
    def restore(self) -> None:
        """Nothing was hidden."""

    @callback
    def move_exposure(self, _guarded_entity_id: str) -> dict[str, bool]:
        """Voice assistants were allowed nothing with it."""
        return {}

    @callback
    def restore_exposure(self, _moved: dict[str, bool]) -> None:
        """Nothing was taken."""

    @callback
    def track(self, _changed: Callable[[], None], _stirred: Callable[[], None]) -> Callable[[], None]:
        """Nothing of it changes but by its settings."""
        return lambda: None
