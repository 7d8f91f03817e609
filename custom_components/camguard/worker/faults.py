"""The reasons why a worker doesn't deliver: translation keys below `exceptions`, and the error that carries them."""

from ..domain.errors import WorkerError

# Reconnecting: the camera may come back.
SOURCE_UNAVAILABLE = "source_unavailable"
SOURCE_ASLEEP = "source_asleep"
SOURCE_UNREACHABLE = "source_unreachable"
SOURCE_UNAUTHORIZED = "source_unauthorized"
SOURCE_NOT_VIDEO = "source_not_video"
SOURCE_STALLED = "source_stalled"
SOURCE_ENDED = "source_ended"
SOURCE_GARBLED = "source_garbled"
CODEC_UNSUPPORTED = "codec_unsupported"

# Blocked: fail closed until a person has looked (invariant 2).
SIZE_UNSUPPORTED = "size_unsupported"
SHAPE_CHANGED = "shape_changed"
FORMAT_UNSUPPORTED = "format_unsupported"
ROTATION_UNSUPPORTED = "rotation_unsupported"
SIZE_UNSTABLE = "size_unstable"
ZONES_UNREADABLE = "zones_unreadable"
MASK_NOT_PROVED = "mask_not_proved"
"""A finished clip shows something in a zone: it is kept closed, and nothing more is recorded."""
CAMERA_MOVED = "camera_moved"
"""Its zones lie over something else."""
NO_ENCODER = "no_encoder"
PRIVACY = "privacy"
"""Somebody wants it so: the worker doesn't even run."""

# A clip that didn't come about.
NOTHING_RECORDED = "nothing_recorded"
ENCODER_FAILED = "encoder_failed"
SPOOL_UNREADABLE = "spool_unreadable"
CLIP_FILE_MISSING = "clip_file_missing"

OVERLOAD = "overload"
WORKER_LOST = "worker_lost"
WORKER_TOO_LARGE = "worker_too_large"
HOST_LOST = "host_lost"
"""The machine that the worker ran on is away."""
WORKER_MOVED = "worker_moved"
"""It goes on on another machine, which is back."""


class BlockedError(WorkerError):
    """The mask can't be applied for sure: nothing may leave."""
