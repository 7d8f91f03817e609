"""Takes credentials out of text before it leaves the process: FFmpeg's messages hold whole URLs."""

import re

_USER_INFO = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)[^\s/@'\"]*(?:@[^\s/@'\"]*)*@")
_SECRET = re.compile(
    r"(?P<name>(?:^|[?&;,\s])(?:[\w-]*(?:token|passw|pwd|secret|auth|apikey|api_key|signature|sig|key|session|user|login)[\w-]*))"
    r"=[^&\s'\";,]+",
    re.IGNORECASE,
)
HIDDEN = "****"


def redact(text: str) -> str:
    """Return `text` without user names, passwords and tokens of the URLs in it."""
    return _SECRET.sub(rf"\g<name>={HIDDEN}", _USER_INFO.sub(rf"\g<scheme>{HIDDEN}@", text))
