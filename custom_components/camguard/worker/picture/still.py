"""Masked pictures to JPEG, with a percent grid over them when somebody draws zones."""

from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

from ...domain.zones import Geometry, Zone
from .aspect import SQUARE, square

_QUANTISER = 4
"""FFmpeg's quantiser scale: 2 is best, 31 worst."""
_FORMAT = "yuvj420p"
_SPACES = frozenset({1, 2, 4, 5, 6, 7, 9})
"""AVCOL_SPC values that FFmpeg's scaler takes; it refuses pictures that claim another one, and cameras claim a lot."""
_SPACE_UNKNOWN = 2
_LINES = 10
_GLYPHS = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 7, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 2, 2, 2),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
}
"""Rows of three bits, top to bottom."""
_GLYPH_WIDTH, _GLYPH_HEIGHT = 3, 5
_WHITE, _DARK = 235, 40

type Plane = npt.NDArray[np.uint8]


def jpeg(
    picture: av.VideoFrame,
    max_width: int,
    *,
    aspect: Fraction = SQUARE,
    grid: bool = False,
    zones: tuple[Zone, ...] = (),
) -> bytes:
    """Return a masked picture as JPEG with square pixels, scaled down to `max_width` px when that isn't 0.

    `aspect`: width of one of its pixels to its height. `grid`: with a percent grid, and `zones` outlined and numbered.

    Raises av.FFmpegError when FFmpeg refuses it.
    """
    if int(picture.colorspace) not in _SPACES:
        picture = _with_luma(picture, _view(picture.planes[0]))
    shown = square(Geometry(width=picture.width, height=picture.height), aspect)
    width, height = shown.width & ~1, shown.height & ~1
    if 0 < max_width < width:
        width, height = max(max_width & ~1, 2), max(round(height * max_width / width) & ~1, 2)
    scaled = picture.reformat(width=width, height=height, format=_FORMAT, dst_color_range="JPEG")
    if grid:
        luma = _view(scaled.planes[0]).copy()
        _draw_grid(luma)
        _draw_zones(luma, zones)
        scaled = _with_luma(scaled, luma)
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, _FORMAT
    encoder.time_base = Fraction(1, 15)
    encoder.color_range = 2
    encoder.qmin = encoder.qmax = _QUANTISER
    scaled.pts = 0
    scaled.pict_type = av.video.frame.PictureType.NONE
    return b"".join(bytes(packet) for packet in (*encoder.encode(scaled), *encoder.encode(None)))


def _with_luma(picture: av.VideoFrame, luma: Plane) -> av.VideoFrame:
    """Return a copy of a picture with another brightness, in the usual colours."""
    drawn = av.VideoFrame(picture.width, picture.height, picture.format.name)
    planes = (luma, *(_view(plane) for plane in picture.planes[1:]))
    for source, target in zip(planes, drawn.planes, strict=True):
        _view(target)[:] = source
    drawn.color_range = picture.color_range
    drawn.colorspace = _SPACE_UNKNOWN
    return drawn


def _view(plane: av.video.plane.VideoPlane) -> Plane:
    """Return a plane's pixels, (height, width) uint8, without the padding of its lines."""
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def _draw_grid(luma: Plane) -> None:
    """Draw a line at every tenth of width and height, and its percent at the left and the upper edge."""
    height, width = luma.shape
    scale = max(width // 320, 1)
    for step in range(1, _LINES):
        x, y = width * step // _LINES, height * step // _LINES
        for line in (luma[:, x : x + 1], luma[y : y + 1, :]):
            line[:] = np.where(line > 127, _DARK, _WHITE)
        _write(luma, str(step * 10), x + 2 * scale, scale, scale)
        _write(luma, str(step * 10), scale, y + 2 * scale, scale)


def _draw_zones(luma: Plane, zones: tuple[Zone, ...]) -> None:
    """Outline each zone, and write its number in the middle: zones are black, so white is seen."""
    height, width = luma.shape
    scale = max(width // 320, 1)
    for number, zone in enumerate(zones, 1):
        corners = [(x * (width - 1), y * (height - 1)) for x, y in zone.points]
        for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
            steps = int(max(abs(x2 - x1), abs(y2 - y1))) + 2
            columns, rows = np.linspace(x1, x2, steps).astype(int), np.linspace(y1, y2, steps).astype(int)
            for offset in range(scale):
                luma[np.minimum(rows + offset, height - 1), columns] = _WHITE
                luma[rows, np.minimum(columns + offset, width - 1)] = _WHITE
        left = int(sum(x for x, _ in corners) / len(corners)) - 3 * scale
        top = int(sum(y for _, y in corners) / len(corners)) - 5 * scale
        _write(luma, str(number), max(left, 0), max(top, 0), 2 * scale)


def _write(luma: Plane, text: str, left: int, top: int, scale: int) -> None:
    """Paint digits, white on a dark box."""
    columns = len(text) * (_GLYPH_WIDTH + 1) + 1
    bits = np.zeros((_GLYPH_HEIGHT + 2, columns), bool)
    for number, digit in enumerate(text):
        for row, value in enumerate(_GLYPHS[digit]):
            for column in range(_GLYPH_WIDTH):
                bits[row + 1, number * (_GLYPH_WIDTH + 1) + 1 + column] = bool(value & (4 >> column))
    box = np.where(bits.repeat(scale, 0).repeat(scale, 1), _WHITE, _DARK).astype(np.uint8)
    part = luma[top : top + box.shape[0], left : left + box.shape[1]]
    part[:] = box[: part.shape[0], : part.shape[1]]
