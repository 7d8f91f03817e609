"""Takes credentials out of text before it leaves the process: FFmpeg's messages hold whole URLs."""

import re

# Passwords may hold what ends a URL elsewhere (/ ? # quotes, blanks): rather too much is hidden than too little.
_USER_INFO = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)[^\n]*@")
_SECRET = re.compile(
    r"(?P<name>(?:^|[?&;,#\s])(?:[\w-]*(?:token|pass|pwd|psw|secret|auth|apikey|api_key|signature|sig|key|session|user|login)[\w-]*))"
    r"=(?P<value>[^&\s]+)",
    re.IGNORECASE,
)
HIDDEN = "****"


def redact(text: str) -> str:
    """Return `text` without user names, passwords and tokens of the URLs in it."""
    return _USER_INFO.sub(rf"\g<scheme>{HIDDEN}@", _SECRET.sub(_hide, text))


def _hide(found: re.Match[str]) -> str:
    # An @ in it may be the end of a password with a question mark in it: it still has to be seen as one.
    return f"{found['name']}={HIDDEN}{'@' if '@' in found['value'] else ''}"
