"""What kind of picture a camera without a stream has sent, by its first bytes."""

_STILL_MAGIC = (
    (0, b"\xff\xd8\xff", "mjpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (8, b"WEBP", "webp"),
    (0, b"GIF8", "gif"),
    (4, b"ftypavi", "libdav1d"),
)
_BMP_RESERVED = slice(6, 10)


def still_codec(image: bytes) -> str | None:
    """Return what a still is encoded with; None when it is no picture (a busy camera's excuse, most likely)."""
    if image.startswith(b"BM") and image[_BMP_RESERVED] == bytes(4):
        return "bmp"
    return next((name for at, magic, name in _STILL_MAGIC if image.startswith(magic, at)), None)
