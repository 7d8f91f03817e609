"""A masked picture, small and grey, as the eyes see it."""

import av
import numpy as np
import numpy.typing as npt

SIDE = 480
"""Longer side, px: a thing of 2 % of the height of a 16:9 picture is five pixels high."""

type Grey = npt.NDArray[np.float32]
type Area = npt.NDArray[np.bool_]


def small(picture: av.VideoFrame, side: int = SIDE, *, like: tuple[int, int] | None = None) -> Grey:
    """Return a masked picture's brightness, (height, width) float32, 0 to 255: each pixel the mean of those it covers.

    `like`: the (height, width) to have; else the longer side is `side` at most.
    Raises av.FFmpegError when FFmpeg's scaler refuses it.
    """
    plane = picture.planes[0]
    luma = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    longest = max(plane.width, plane.height, side)
    width, height = (max(round(length * side / longest) & ~1, 2) for length in (plane.width, plane.height))
    if like is not None:
        height, width = like
    grey = av.VideoFrame.from_numpy_buffer(luma, format="gray")
    return grey.reformat(width=width, height=height, interpolation="AREA").to_ndarray().astype(np.float32)
