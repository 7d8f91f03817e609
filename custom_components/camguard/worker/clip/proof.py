"""Proof of the mask: decodes what was recorded and checks that every zone is empty, in Y, U and V, in every frame.

Works on a spool, whose key the worker has; a finished clip it could not open. Finds the points inside the zones by
itself (`Zone.contains`), not with the painter's raster, so that a fault there shows here.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from ...domain.zones import Zone
from ...vault.sealed import Identity
from .spool import SpoolReader

_STEPS = 160
"""Samples along each side of the picture."""
_TOLERANCE = 24
"""Code values: what lossy coding adds to an even surface; an open picture differs by far more."""
_BLACK_LIMITED = 16
_BLACK_FULL = 0
_FULL_RANGE = 2
"""AVCOL_RANGE_JPEG."""
_NEUTRAL = 128


def check(
    spool_path: Path, spool: Identity, zones: Iterable[Zone], on_chunk: Callable[[], None] = lambda: None
) -> tuple[int, str]:
    """Return (frames decoded, "" or where the first open point was found).

    Blocking: decodes everything; `on_chunk` is called again and again.
    """
    points = [
        (x, y)
        for y in ((row + 0.5) / _STEPS for row in range(_STEPS))
        for x in ((column + 0.5) / _STEPS for column in range(_STEPS))
        if any(zone.contains(x, y) for zone in zones)
    ]
    inside = np.array(points, dtype=np.float64).reshape(-1, 2)
    frames = 0
    for picture in _decode(spool_path, spool, on_chunk):
        frames += 1
        if picture.format.name not in {"yuv420p", "yuvj420p"}:
            return frames, f"frame {frames}: {picture.format.name}"
        black = _BLACK_FULL if int(picture.color_range) == _FULL_RANGE else _BLACK_LIMITED
        for name, plane, centre, tolerance in zip(
            "YUV", _planes(picture), (black, _NEUTRAL, _NEUTRAL), (_TOLERANCE,) * 3, strict=True
        ):
            height, width = plane.shape
            values = plane[(inside[:, 1] * height).astype(int), (inside[:, 0] * width).astype(int)].astype(int)
            if values.size and int(np.abs(values - centre).max()) > tolerance:
                return frames, f"frame {frames}: {name}"
    return frames, ""


def _decode(spool_path: Path, spool: Identity, on_chunk: Callable[[], None]) -> Iterator[av.VideoFrame]:
    with SpoolReader(spool_path, spool, on_chunk) as reader:
        decoder = av.CodecContext.create("h264", "r")
        if reader.head.extradata:
            decoder.extradata = reader.head.extradata
        for packet in reader.packets():
            if not packet.audio:
                yield from _pictures(decoder, av.Packet(packet.data))
        yield from _pictures(decoder, None)


def _pictures(decoder: av.CodecContext, packet: av.Packet[Any] | None) -> Iterator[av.VideoFrame]:
    assert isinstance(decoder, av.VideoCodecContext)
    return iter(decoder.decode(packet))


def _planes(picture: av.VideoFrame) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield Y, U and V, each (height, width) uint8."""
    for plane in picture.planes:
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        yield rows[:, : plane.width]
