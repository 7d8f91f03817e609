"""What Home Assistant and a camera's worker say to each other over the worker's stdin and stdout.

A frame is `>II` (length of the header, length of the body), the header (JSON, `{"t": message name, …fields}`) and the
body (the message's one `bytes` field, if it has one). Commands go to the worker, events come from it. Times are UTC
epoch microseconds. Secrets travel here only: never in argv, the environment or a log, hence `repr=False`.
Standard library only; both sides import this module.
"""

from .commands import (
    Allow,
    CheckSpool,
    Configure,
    Connect,
    CutClip,
    ExtendClip,
    FinishSpool,
    Reconnect,
    StartClip,
    Still,
    Stop,
    TakeStill,
)
from .events import (
    Beat,
    ClipCut,
    ClipEnded,
    ClipFailed,
    ClipFinished,
    ClipStarted,
    GapClosed,
    Hello,
    MotionSeen,
    SourceNeeded,
    SpoolChecked,
    Status,
    StillFailed,
    StillTaken,
)
from .framing import MAX_HEADER_BYTES, MESSAGES, PREFIX, ReadsBytes, decode, encode, prefix, read, write
from .message import BEAT_SECONDS, EXIT_TOO_LARGE, LIVE_PATH, LIVE_TOKEN, MAX_BODY_BYTES, PROTOCOL_VERSION, Message

__all__ = [
    "BEAT_SECONDS",
    "EXIT_TOO_LARGE",
    "LIVE_PATH",
    "LIVE_TOKEN",
    "MAX_BODY_BYTES",
    "MAX_HEADER_BYTES",
    "MESSAGES",
    "PREFIX",
    "PROTOCOL_VERSION",
    "Allow",
    "Beat",
    "CheckSpool",
    "ClipCut",
    "ClipEnded",
    "ClipFailed",
    "ClipFinished",
    "ClipStarted",
    "Configure",
    "Connect",
    "CutClip",
    "ExtendClip",
    "FinishSpool",
    "GapClosed",
    "Hello",
    "Message",
    "MotionSeen",
    "ReadsBytes",
    "Reconnect",
    "SourceNeeded",
    "SpoolChecked",
    "StartClip",
    "Status",
    "Still",
    "StillFailed",
    "StillTaken",
    "Stop",
    "TakeStill",
    "decode",
    "encode",
    "prefix",
    "read",
    "write",
]
