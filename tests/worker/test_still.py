"""Masked pictures as JPEG."""

import io

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.zones import parse_zones
from custom_components.camguard.worker.picture.mask import Mask
from custom_components.camguard.worker.picture.still import jpeg


def picture(width: int, height: int, luma: int = 180, *, full: bool = False) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, (luma, 100, 150), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    frame.color_range = 2 if full else 1
    return frame


def opened(image: bytes) -> av.VideoFrame:
    with av.open(io.BytesIO(image), format="mjpeg") as container:
        (frame,) = container.decode(video=0)
    return frame


def luma(frame: av.VideoFrame) -> np.ndarray:
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width].astype(int)


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 200).map(lambda n: 2 * n),
    height=st.integers(1, 200).map(lambda n: 2 * n),
    max_width=st.sampled_from([0, 1, 2, 3, 17, 64, 10_000]),
    grid=st.booleans(),
)
def test_any_size_to_any_size(width: int, height: int, max_width: int, grid: bool) -> None:
    shown = opened(jpeg(picture(width, height), max_width, grid=grid))
    if max_width in {0, 10_000} or max_width >= width:
        assert (shown.width, shown.height) == (width, height)
    else:
        assert shown.width == max(max_width & ~1, 2)
        assert abs(shown.height - height * max_width / width) <= 2
    assert shown.width % 2 == shown.height % 2 == 0


@pytest.mark.parametrize(
    ("full", "value", "expected"), [(False, 16, 0), (False, 235, 255), (True, 0, 0), (True, 200, 200)]
)
def test_the_range_is_what_jpeg_wants(full: bool, value: int, expected: int) -> None:
    shown = luma(opened(jpeg(picture(64, 48, value, full=full), 0)))
    assert abs(shown - expected).max() <= 3


def test_the_grid_has_nine_lines_each_way_and_digits() -> None:
    plain, grid = (luma(opened(jpeg(picture(1280, 720), 0, grid=on))) for on in (False, True))
    changed = abs(grid - plain) > 60
    for step in range(1, 10):
        assert changed[:, 1280 * step // 10].mean() > 0.9
        assert changed[720 * step // 10, :].mean() > 0.9
    assert changed.mean() < 0.1
    assert (grid[: 720 // 10 - 8, 128 + 8 : 128 + 48] > 240).any(), "10 at the upper edge"
    assert not changed[100:140, 200:250].any()


def test_the_original_stays_as_it_was() -> None:
    frame = picture(320, 240, full=True)
    before = [bytes(plane) for plane in frame.planes]
    jpeg(frame, 0, grid=True)
    jpeg(frame, 100, grid=True)
    assert [bytes(plane) for plane in frame.planes] == before


def test_a_zone_stays_black_when_scaled() -> None:
    mask = Mask(parse_zones([{"name": "z", "points": "0,0 50,0 50,100 0,100"}]), None)
    shown = luma(opened(jpeg(mask.apply(picture(640, 480)), 200)))
    assert shown[:, :98].max() < 12
    assert shown[:, 106:].min() > 150
