"""Takes secrets out of text before it leaves the process: FFmpeg's messages hold whole URLs.

Of a URL only scheme and host are left. Cameras put keys into user info, paths and queries alike, and passwords may hold
what ends a URL elsewhere (/ ? # quotes, blanks): rather too much is hidden than too little.
"""

import re

_URL = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)(?P<rest>[^\n]*)")
_HOST = re.compile(r"\[[0-9a-fA-F:.%]*\](?::\d+)?|[\w.-]*(?::\d+)?", re.ASCII)
_SECRET = re.compile(
    r"(?P<name>(?:^|[?&;,#\s])(?:[\w-]*(?:token|pass|pwd|psw|secret|auth|apikey|api_key|signature|sig|key|session|user|login)[\w-]*))"
    r"=(?P<value>[^&\s]+)",
    re.IGNORECASE,
)
HIDDEN = "****"


def redact(text: str) -> str:
    """Return `text` with what follows the host of a URL, its user info and `password=…` hidden, to the line's end."""
    return _SECRET.sub(rf"\g<name>={HIDDEN}", _URL.sub(_hide, text))


def _hide(found: re.Match[str]) -> str:
    _, at, behind = found["rest"].rpartition("@")
    host = _HOST.match(behind)
    shown = host[0] if host else ""
    return f"{found['scheme']}{HIDDEN + at if at else ''}{shown}{'/' + HIDDEN if len(shown) < len(behind) else ''}"
