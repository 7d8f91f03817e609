"""Proof of the mask: decodes what was recorded and checks that every zone is empty, in Y, U and V.

Works on a spool, whose key the worker has; a finished clip it could not open, and that has the same samples. Finds the
points inside the zones by itself (`Zone.contains`), not with the painter's raster, so that a fault there shows here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from ...domain.errors import InvalidError
from ...domain.zones import Zone, parse_zones
from ...vault.sealed import Identity
from .spool import Packet, SpoolReader

_STEPS = 160
"""Samples along each side of the picture."""
_TOLERANCE = 24
"""Code values: what lossy coding adds to an even surface; an open picture differs by far more."""
_BLACK_LIMITED = 16
_BLACK_FULL = 0
_FULL_RANGE = 2
"""AVCOL_RANGE_JPEG."""
_NEUTRAL = 128
_SPREAD = 4
"""Keyframes that are checked of a clip, the first and the last among them; and the clip's last picture."""

type Points = npt.NDArray[np.float64]


def check(
    spool_path: Path, spool: Identity, zones: tuple[Zone, ...], on_chunk: Callable[[], None] = lambda: None
) -> tuple[int, str]:
    """Return (pictures checked, "" or where the first open point was found), of every picture.

    Blocking: decodes everything; `on_chunk` is called again and again. Raises as SpoolReader and the decoder do.
    """
    with SpoolReader(spool_path, spool, on_chunk) as reader:
        packets = (packet for packet in reader.packets() if not packet.audio)
        return _first_open(_decode(reader.head.extradata, packets), zones)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a look at a finished spool says."""

    pictures: int
    """That were decoded and checked."""
    open_at: str
    """Where something shows inside a zone; empty: nowhere."""
    camera_id: str


def prove(reader: SpoolReader) -> Proof:
    """Check the first picture of a spool, its last, and some keyframes between, by the zones that it was recorded with.

    What can't be checked isn't proved. Raises OSError as the disk does (issue 11).
    """
    meta = reader.head.meta
    camera_id = str(meta.get("camera_id", ""))
    try:
        zones = parse_zones([{"name": name, "points": points} for name, points in meta.get("zones", ())])
        pictures, open_at = _sample(reader, zones)
    except (InvalidError, ValueError, TypeError, av.FFmpegError) as error:
        return Proof(pictures=0, open_at=f"unreadable: {error}", camera_id=camera_id)
    return Proof(pictures=pictures, open_at=open_at, camera_id=camera_id)


def _sample(reader: SpoolReader, zones: tuple[Zone, ...]) -> tuple[int, str]:
    keys = [at for at, packet in enumerate(_video(reader)) if packet.keyframe]
    if not keys:
        return 0, ""  # nothing can be played either
    chosen = sorted({keys[round(part * (len(keys) - 1) / (_SPREAD - 1))] for part in range(_SPREAD)})
    extradata, checked = reader.head.extradata, 0
    tail: list[Packet] = []
    for at, packet in enumerate(_video(reader)):
        if at >= chosen[-1]:
            tail.append(packet)
        elif at in chosen:
            count, where = _first_open(_decode(extradata, [packet]), zones)
            checked += count
            if where:
                return checked, where
    ends: list[av.VideoFrame] = []
    for picture in _decode(extradata, tail):
        ends = [*ends[:1], picture]
    count, where = _first_open(ends, zones)
    return checked + count, where if count else "nothing was decoded"


def _video(reader: SpoolReader) -> Iterator[Packet]:
    return (packet for packet in reader.packets() if not packet.audio)


def _first_open(pictures: Iterator[av.VideoFrame] | list[av.VideoFrame], zones: tuple[Zone, ...]) -> tuple[int, str]:
    """Return (pictures checked, "" or where a point inside a zone shows something)."""
    inside, frames = _points(zones), 0
    for picture in pictures:
        frames += 1
        if picture.format.name not in {"yuv420p", "yuvj420p"}:
            return frames, f"frame {frames}: {picture.format.name}"
        black = _BLACK_FULL if int(picture.color_range) == _FULL_RANGE else _BLACK_LIMITED
        for name, plane, centre in zip("YUV", _planes(picture), (black, _NEUTRAL, _NEUTRAL), strict=True):
            height, width = plane.shape
            values = plane[(inside[:, 1] * height).astype(int), (inside[:, 0] * width).astype(int)].astype(int)
            if values.size and int(np.abs(values - centre).max()) > _TOLERANCE:
                return frames, f"frame {frames}: {name}"
    return frames, ""


@lru_cache(maxsize=4)
def _points(zones: tuple[Zone, ...]) -> Points:
    """Return the points of a grid that lie inside a zone, (n, 2), x and y in 0..1."""
    points = [
        (x, y)
        for y in ((row + 0.5) / _STEPS for row in range(_STEPS))
        for x in ((column + 0.5) / _STEPS for column in range(_STEPS))
        if any(zone.contains(x, y) for zone in zones)
    ]
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def _decode(extradata: bytes, packets: Iterator[Packet] | list[Packet]) -> Iterator[av.VideoFrame]:
    decoder = av.CodecContext.create("h264", "r")
    if extradata:
        decoder.extradata = extradata
    for packet in packets:
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
