"""A camera's still as it came: which kind of picture file it is, and what of it a decoder takes."""

import io

import av

from ..still_format import still_codec

_IN_CONTAINER = {"libdav1d": "avif"}
"""Codecs whose pictures come in a container, and its format."""


def picture_of(image: bytes) -> tuple[str | None, bytes]:
    """Return (codec, first picture of the file); None when it is no picture (a busy camera's excuse, most likely)."""
    codec = still_codec(image)
    if codec not in _IN_CONTAINER:
        return codec, image
    try:
        # The bytes name no other file, and FFmpeg may open none.
        options = {"protocol_whitelist": ""}
        with av.open(io.BytesIO(image), "r", format=_IN_CONTAINER[codec], options=options) as container:
            return codec, next(bytes(packet) for packet in container.demux(video=0) if packet.size)
    except av.FFmpegError, OSError, IndexError, StopIteration, ValueError, MemoryError:
        return None, image
