"""A street as cameras see it from here and there, by day and night and in any weather: for what tells that one moved."""

from collections.abc import Callable
from functools import cache

import av
import numpy as np
import numpy.typing as npt

from custom_components.camguard.domain.zones import Geometry, Zone
from custom_components.camguard.worker.eyes.small import Grey, small
from custom_components.camguard.worker.picture.mask import raster

SIZE = Geometry(width=960, height=540)
AROUND = 1.5
"""The scene is so much larger than the picture."""
ZONES = (
    Zone(name="window", points=((0.06, 0.15), (0.42, 0.15), (0.42, 0.52), (0.06, 0.52))),
    Zone(name="garden", points=((0.8, 0.1), (0.95, 0.1), (0.95, 0.3), (0.8, 0.3))),
)

type Floats = npt.NDArray[np.float32]
type Light = Callable[[Floats], Floats]


@cache
def street(seed: int = 0) -> Floats:
    """Return a made-up place: walls, windows and things, each with an edge; brightness, larger than a picture."""
    rng = np.random.default_rng(seed)
    height, width = round(SIZE.height * AROUND), round(SIZE.width * AROUND)
    place = np.full((height, width), 120, np.float32)
    rows, columns = np.mgrid[0:height, 0:width]
    for _ in range(140):
        y, x = rng.integers(0, height), rng.integers(0, width)
        tall, wide = rng.integers(10, 130, 2)
        slant = rng.normal(0, 0.25)
        inside = (np.abs(rows - y - slant * (columns - x)) < tall / 2) & (np.abs(columns - x) < wide / 2)
        place[inside] = rng.uniform(40, 210)
    for axis in (0, 1):
        place = (np.roll(place, 1, axis) + 2 * place + np.roll(place, -1, axis)) / 4
    return place


def seen(
    x: float = 0.0,
    y: float = 0.0,
    *,
    zoom: float = 1.0,
    turn: float = 0.0,
    light: Light | None = None,
    noise: float = 2.0,
    seed: int = 0,
    place: Floats | None = None,
) -> Floats:
    """Return what a camera sees that was moved by (x, y), of width and height, zoomed and turned (degrees)."""
    place = street() if place is None else place
    width, height = SIZE.width, SIZE.height
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    cosine, sine = np.cos(-np.radians(turn)) / zoom, np.sin(-np.radians(turn)) / zoom
    dx, dy = columns - width / 2 - x * width, rows - height / 2 - y * height
    at_x, at_y = cosine * dx - sine * dy + place.shape[1] / 2, sine * dx + cosine * dy + place.shape[0] / 2
    left = np.clip(at_x.astype(int), 0, place.shape[1] - 2)
    top = np.clip(at_y.astype(int), 0, place.shape[0] - 2)
    right_share, low_share = at_x - left, at_y - top
    luma = (
        place[top, left] * (1 - right_share) * (1 - low_share)
        + place[top, left + 1] * right_share * (1 - low_share)
        + place[top + 1, left] * (1 - right_share) * low_share
        + place[top + 1, left + 1] * right_share * low_share
    )
    if light is not None:
        luma = light(luma)
    rng = np.random.default_rng(seed)
    return (luma + rng.normal(0, noise, luma.shape)).clip(16, 235).astype(np.float32)


def picture(luma: Floats, zones: tuple[Zone, ...] = ()) -> av.VideoFrame:
    """Return a picture of a brightness, masked."""
    height, width = luma.shape
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = luma
    for zone in zones:
        planes[:height][raster(zone, Geometry(width=width, height=height))] = 16
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def grey(luma: Floats, zones: tuple[Zone, ...] = ZONES) -> Grey:
    """Return what the worker's eyes make of it."""
    return small(picture(luma, zones))


def _snow(luma: Floats) -> Floats:
    height, width = luma.shape
    luma = luma.copy()
    for part in (np.s_[height // 2 :], np.s_[:, : width // 4]):
        luma[part] = luma[part] * 0.15 + 195
    return luma


def _car(luma: Floats) -> Floats:
    height, width = luma.shape
    luma = luma.copy()
    luma[height // 2 : height * 8 // 10, width * 4 // 10 : width * 8 // 10] = 90
    luma[height * 55 // 100 : height * 62 // 100, width * 45 // 100 : width * 7 // 10] = 200
    return luma


def _rain(luma: Floats) -> Floats:
    rng = np.random.default_rng(7)
    luma = luma * 0.8 + 25
    for _ in range(500):
        y, x, long = rng.integers(0, luma.shape[0] - 20), rng.integers(0, luma.shape[1]), rng.integers(8, 20)
        luma[y : y + long, x] += 45
    return luma


def _leaves(luma: Floats) -> Floats:
    rng = np.random.default_rng(8)
    luma = luma.copy()
    for _ in range(260):
        y, x = rng.integers(0, luma.shape[0] // 2), rng.integers(luma.shape[1] * 6 // 10, luma.shape[1] * 8 // 10)
        luma[y : y + 8, x : x + 8] = rng.uniform(30, 180)
    return luma


def _infrared(luma: Floats) -> Floats:
    columns = np.arange(luma.shape[1]) - luma.shape[1] / 2
    return 40 + luma * 0.5 * np.exp(-((columns / (luma.shape[1] * 0.4)) ** 2))


def _shadow(luma: Floats) -> Floats:
    rows, columns = np.mgrid[0 : luma.shape[0], 0 : luma.shape[1]]
    return np.where(columns + rows < luma.shape[1] * 0.7, luma * 0.45 + 8, luma)


WEATHER: dict[str, tuple[Light | None, float]] = {
    "day": (None, 2),
    "dull": (lambda luma: luma * 0.6 + 40, 3),
    "night, street light": (lambda luma: 18 + (luma - 16) * 0.3, 5),
    "infra-red": (_infrared, 4),
    "negative contrast": (lambda luma: 235 - luma * 0.6, 3),
    "low sun, long shadow": (_shadow, 2),
    "snow on the ground": (_snow, 2),
    "rain": (_rain, 3),
    "leaves": (_leaves, 2),
    "parked car": (_car, 2),
}
"""Name: (light, noise)."""
DARKNESS: dict[str, tuple[Light | None, float]] = {
    "no light": (lambda luma: luma * 0 + 17, 1),
    "no light, noise": (lambda luma: luma * 0 + 17, 8),
    "fog": (lambda luma: luma * 0 + 150, 4),
}
