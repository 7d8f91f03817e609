"""No credential of an address survives, wherever it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.worker.redact import HIDDEN, redact

# What doesn't end a line nor occurs in the rest of the text by chance.
SECRETS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\x85"), min_size=1
).map(lambda text: f"§{text}§")
URL_SECRETS = st.text("abcXYZ019-._~!$'()*+,;=:@/?%\"<>[]{}|\\^`", min_size=1).map(lambda text: f"§{text}§")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("rtsp://u:p@cam/1", "rtsp://****@cam/****"),
        ("rtsp://u@cam", "rtsp://****@cam"),
        ("rtsp://u:p@ss@cam:554/1", "rtsp://****@cam:554/****"),
        ("rtsp://u:p/s?s#s@cam/1", "rtsp://****@cam/****"),
        ("rtsp://u:p?key=s@cam", "rtsp://****@cam"),
        ("rtsps://192.0.2.1:7441/AbCdEf0123?enableSrtp", "rtsps://192.0.2.1:7441/****"),
        ("rtsp://u:p@[2001:db8::1]:554/1", "rtsp://****@[2001:db8::1]:554/****"),
        ("[Errno 111] Connection refused: 'http://u:it's@cam:80/a'", "[Errno 111] Connection refused: 'http://****@cam:80/****"),
        ("http://cam/x?token=abc&width=1", "http://cam/****"),
        ("one http://cam/x two\nhttps://u:p@cam/", "one http://cam/****\nhttps://****@cam/****"),
        ("password=abc user=a", "password=**** user=****"),
        ("nothing secret in 12:30 at home", "nothing secret in 12:30 at home"),
        ("http://cam/path?width=640", "http://cam/****"),
        ("", ""),
    ],
)  # fmt: skip
def test_shapes(text: str, clean: str) -> None:
    assert redact(text) == clean


@given(secret=SECRETS, user=st.sampled_from(["", "admin", "a.b"]), scheme=st.sampled_from(["rtsp", "rtsps", "http"]))
def test_a_password_never_survives(secret: str, user: str, scheme: str) -> None:
    clean = redact(f"Connection refused: '{scheme}://{user}:{secret}@192.0.2.1:554/stream1' returned 111")
    assert secret not in clean
    assert "§" not in clean
    assert HIDDEN in clean
    assert "192.0.2.1:554" in clean


@given(
    secret=URL_SECRETS.filter(lambda text: "&" not in text),
    name=st.sampled_from(["token", "password", "pwd", "pass", "auth", "api_key", "X-Token", "session_id"]),
    before=st.sampled_from(["?", "?a=1&", "?a=1;"]),
    after=st.sampled_from(["", "&x=1", " returned 5"]),
)
def test_a_token_never_survives(secret: str, name: str, before: str, after: str) -> None:
    clean = redact(f"HTTP error: 'http://192.0.2.1/a{before}{name}={secret}{after}")
    assert "§" not in clean
