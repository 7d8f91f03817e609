"""Where decoding of H.264 may begin though the picture there isn't whole yet: recovery points (ITU-T H.264 §D.2.8).

Cameras that refresh their pictures bit by bit send no keyframe after the first one. FFmpeg calls a packet with a
recovery point a keyframe; its pictures are whole some pictures later.
"""

from collections.abc import Iterator

_SLICES = range(1, 6)
_IDR, _SEI = 5, 6
_RECOVERY_POINT = 6
"""Payload type (ITU-T H.264 Annex D)."""
MOST_PICTURES = 600
"""A point further away than that isn't believed."""


def whole_after(data: bytes, extradata: bytes | None) -> int:
    """Return how many pictures after this access unit everything is decoded; 0: the access unit is whole itself."""
    for unit in _units(data, extradata):
        kind = unit[0] & 31 if unit else 0
        if kind == _SEI and (count := _recovery_count(unit[1:])) is not None:
            return min(count, MOST_PICTURES)
        if kind in _SLICES:
            break
    return 0


def _units(data: bytes, extradata: bytes | None) -> Iterator[bytes]:
    """Yield the beginnings of the NAL units: after start codes (Annex B), or lengths (ISO/IEC 14496-15 §5.3)."""
    if extradata and len(extradata) > 4 and extradata[0] == 1:
        size = (extradata[4] & 3) + 1
        position = 0
        while position + size < len(data):
            length = int.from_bytes(data[position : position + size], "big")
            position += size
            yield data[position : position + min(length, 64)]
            position += length
        return
    position = data.find(b"\0\0\1")
    while position >= 0:
        yield data[position + 3 : position + 67]
        position = data.find(b"\0\0\1", position + 3)


def _recovery_count(sei: bytes) -> int | None:
    """Return recovery_frame_cnt of a supplemental message's recovery point; None when it holds none."""
    sei = sei.replace(b"\0\0\3", b"\0\0")
    position = 0
    while position + 2 <= len(sei):
        kind = size = 0
        while position < len(sei) and sei[position] == 255:
            kind, position = kind + 255, position + 1
        if position < len(sei):
            kind, position = kind + sei[position], position + 1
        while position < len(sei) and sei[position] == 255:
            size, position = size + 255, position + 1
        if position < len(sei):
            size, position = size + sei[position], position + 1
        if kind == _RECOVERY_POINT:
            return _unsigned(sei[position : position + size])
        position += size
    return None


def _unsigned(data: bytes) -> int | None:
    """Return the first Exp-Golomb code of the bits (ITU-T H.264 §9.1)."""
    bits = "".join(f"{byte:08b}" for byte in data[:8])
    zeros = len(bits) - len(bits.lstrip("0"))
    if 2 * zeros + 1 > len(bits):
        return None
    return int(bits[zeros : 2 * zeros + 1], 2) - 1
