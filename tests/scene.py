"""The demo's moving scene: a street, a neighbour's house, one's own yard, and a person who walks through all three.

Drawn with numpy alone, the same on every machine, as a seamless loop. Every picture carries its number as a row of
light and dark cells (`read_number`), so that a test can tell which picture it holds after any number of encodings.
"""

import hashlib
import os
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, RATE, SECONDS = 1280, 720, 15, 24
FRAMES = RATE * SECONDS
GOP_SECONDS = 1

NEIGHBOUR = "4,24 23.5,5 43,24 43,50 4,51"
"""The neighbour's house, points in percent."""
STREET = "0,49 100,46 100,63 0,66"

CELL_PX, CELLS = 16, 16
NUMBER_X, NUMBER_Y = WIDTH - CELL_PX * (CELLS + 1), HEIGHT - 2 * CELL_PX

type Plane = NDArray[np.float32]
type Picture = NDArray[np.uint8]
type Colour = tuple[float, float, float]


class _Canvas:
    """An RGB picture that soft-edged shapes are painted on; coordinates in pixels of 1280x720."""

    def __init__(self, picture: NDArray[np.float32]) -> None:
        self.picture = picture

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[slice, slice, Plane, Plane]:
        left, top = max(0, int(x0) - 2), max(0, int(y0) - 2)
        right, bottom = min(WIDTH, int(x1) + 3), min(HEIGHT, int(y1) + 3)
        ys, xs = np.mgrid[top : max(top, bottom), left : max(left, right)].astype(np.float32) + np.float32(0.5)
        return slice(top, max(top, bottom)), slice(left, max(left, right)), xs, ys

    def _blend(self, rows: slice, columns: slice, cover: Plane, colour: Colour) -> None:
        part = self.picture[rows, columns]
        part += cover[..., None] * (np.asarray(colour, np.float32) - part)

    def polygon(self, points: list[tuple[float, float]], colour: Colour, alpha: float = 1) -> None:
        """Fill a polygon (even-odd), edges softened over one pixel."""
        corners = np.asarray(points, np.float32)
        rows, columns, xs, ys = self._box(*corners.min(0), *corners.max(0))
        inside = np.zeros(xs.shape, bool)
        distance = np.full(xs.shape, np.inf, np.float32)
        for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, 0), strict=True):
            distance = np.minimum(distance, _segment(xs, ys, x1, y1, x2, y2))
            if y1 != y2:
                inside ^= ((y1 > ys) != (y2 > ys)) & (xs < (x2 - x1) * (ys - y1) / (y2 - y1) + x1)
        cover = np.clip(np.where(inside, distance, -distance) + 0.5, 0, 1)
        self._blend(rows, columns, (cover * alpha).astype(np.float32), colour)

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, alpha: float = 1) -> None:
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, alpha)

    def limb(self, x1: float, y1: float, x2: float, y2: float, radius: float, colour: Colour, alpha: float = 1) -> None:
        """Paint a line with round ends."""
        box = (min(x1, x2) - radius, min(y1, y2) - radius, max(x1, x2) + radius, max(y1, y2) + radius)
        rows, columns, xs, ys = self._box(*box)
        cover = np.clip(radius - _segment(xs, ys, x1, y1, x2, y2) + 0.5, 0, 1) * np.float32(alpha)
        self._blend(rows, columns, cover, colour)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: float = 1, soft: float = 0
    ) -> None:
        rows, columns, xs, ys = self._box(x - rx - soft, y - ry - soft, x + rx + soft, y + ry + soft)
        reach = np.hypot((xs - x) / rx, (ys - y) / ry)
        edge = (1 - reach) * min(rx, ry)
        cover = np.clip(edge / (soft + 1) + 0.5, 0, 1) * np.float32(alpha)
        self._blend(rows, columns, cover.astype(np.float32), colour)


def _segment(xs: Plane, ys: Plane, x1: float, y1: float, x2: float, y2: float) -> Plane:
    """Return every pixel's distance from a line segment."""
    dx, dy = x2 - x1, y2 - y1
    along = np.clip(((xs - x1) * dx + (ys - y1) * dy) / max(dx * dx + dy * dy, 1e-6), 0, 1)
    return np.hypot(xs - x1 - along * dx, ys - y1 - along * dy).astype(np.float32)


def _street_y(x: float, share: float) -> float:
    """Return y of a line along the street; share 0 is its far edge, 1 its near edge."""
    return (0.51 - 0.03 * x / WIDTH + 0.135 * share) * HEIGHT


def _edge(share: float) -> list[tuple[float, float]]:
    return [(0, _street_y(0, share)), (WIDTH, _street_y(WIDTH, share))]


@cache
def _background() -> NDArray[np.float32]:
    """Return everything that doesn't move."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    down = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    picture[:] = np.asarray((92, 148, 205), np.float32) * (1 - down * 1.6) + np.asarray((226, 234, 236), np.float32) * (
        down * 1.6
    )
    c = _Canvas(picture)
    # Hills and trees at the back, then lawns down to the street.
    hill = [(x, 250 - 46 * np.sin(x / 170) - 22 * np.sin(x / 61 + 1)) for x in range(0, WIDTH + 1, 20)]
    c.polygon([*hill, (WIDTH, 400), (0, 400)], (112, 138, 120))
    c.polygon([(0, 300), (WIDTH, 272), (WIDTH, 360), (0, 384)], (126, 158, 92))
    for x, size in ((590, 58), (655, 40), (800, 36), (905, 62), (985, 46), (1105, 44), (1180, 66)):
        base = _street_y(x, 0) - 16
        c.rect(x - 5, base - size * 1.2, x + 5, base, (84, 66, 50))
        for dx, dy, share in ((0, -1.7, 0.9), (-0.6, -1.2, 0.75), (0.6, -1.25, 0.7), (0.1, -0.95, 0.7)):
            c.ellipse(x + dx * size, base + dy * size, size * share, size * share * 0.85, (64, 104 + dy * 6, 62), 1, 6)
    _house(c)
    # Street: pavement, kerb, lane marks.
    c.polygon([*_edge(-0.12), *_edge(1.14)[::-1]], (172, 170, 164))
    c.polygon([*_edge(0), *_edge(1)[::-1]], (92, 94, 98))
    for x in range(-20, WIDTH, 110):
        c.polygon([(x, _street_y(x, 0.48)), (x + 58, _street_y(x + 58, 0.48)),
                   (x + 56, _street_y(x + 56, 0.53)), (x - 2, _street_y(x - 2, 0.53))], (224, 222, 212))  # fmt: skip
    # Own yard: lawn in mown stripes, path from the gate, flower bed, hedge.
    c.polygon([*_edge(1.14), (WIDTH, HEIGHT), (0, HEIGHT)], (104, 146, 74))
    for i in range(0, 16, 2):
        c.polygon(
            [(90 * i - 300, HEIGHT), (90 * i - 210, HEIGHT), (60 * i + 190, 470), (60 * i + 130, 470)], (116, 158, 82)
        )
    c.polygon([(640, _street_y(640, 1.1)), (742, _street_y(742, 1.1)), (860, HEIGHT), (560, HEIGHT)], (188, 180, 166))
    for y in (505, 540, 585, 640):
        c.limb(645 - (y - 470) * 0.33, y, 740 + (y - 470) * 0.47, y, 1.2, (150, 144, 132))
    for left, right in ((0, 628), (756, WIDTH)):
        top = [(left, _street_y(left, 1.1)), (right, _street_y(right, 1.1))]
        c.polygon([*top, (right, _street_y(right, 1.1) + 34), (left, _street_y(left, 1.1) + 34)], (52, 92, 54))
        for x in range(left + 10, right - 4, 17):
            c.ellipse(x, _street_y(x, 1.1) + 3, 13, 8, (62 + x % 13, 106 + x % 17, 60), 1, 2)
    for x in (634, 750):
        c.rect(x - 9, _street_y(x, 1) - 8, x + 9, _street_y(x, 1) + 52, (140, 132, 122))
        c.rect(x - 12, _street_y(x, 1) - 14, x + 12, _street_y(x, 1) - 6, (110, 102, 94))
    # Flower bed, letter box.
    c.polygon([(120, 560), (420, 540), (470, 600), (90, 640)], (96, 74, 56))
    for i in range(46):
        x, y = 130 + (i * 73) % 310, 556 + (i * 37) % 62
        c.ellipse(x, y, 6, 5, ((232, 84, 96), (248, 206, 74), (240, 240, 236), (176, 96, 190))[i % 4])
    c.rect(786, 452, 792, 512, (70, 62, 56))
    c.rect(772, 428, 806, 456, (164, 48, 44))
    # Grain, so that the picture is no cartoon to the encoder.
    grain = np.random.default_rng(7).normal(0, 3.2, (HEIGHT, WIDTH, 1)).astype(np.float32)
    picture += grain
    return picture


def _house(c: _Canvas) -> None:
    """Paint the neighbour's house, which nobody has any business filming."""
    c.rect(82, 158, 520, 352, (214, 202, 178))
    c.polygon([(62, 164), (301, 50), (540, 164)], (126, 58, 48))
    c.polygon([(62, 164), (301, 50), (540, 164), (530, 170), (301, 62), (72, 170)], (96, 42, 36))
    c.rect(404, 66, 438, 128, (120, 84, 70))
    for x, y, lit in ((120, 190, 1), (226, 190, 0), (420, 190, 1), (120, 272, 0), (420, 272, 0)):
        c.rect(x - 5, y - 5, x + 69, y + 57, (244, 240, 230))
        c.rect(x, y, x + 64, y + 52, (252, 214, 130) if lit else (74, 92, 110))
        c.rect(x + 30, y, x + 34, y + 52, (244, 240, 230))
        c.rect(x, y + 24, x + 64, y + 27, (244, 240, 230))
    c.ellipse(152, 226, 9, 10, (92, 66, 54))
    c.rect(142, 234, 162, 242, (120, 60, 80))
    c.rect(312, 246, 368, 352, (58, 84, 74))
    c.ellipse(358, 300, 3, 3, (222, 190, 96))
    c.rect(300, 350, 380, 358, (160, 154, 146))


def _person(c: _Canvas, x: float, foot_y: float, stride: float, facing: float, alpha: float) -> None:
    """Paint a person; sizes follow from how near the feet are. `stride` is the phase of the walk."""
    size = 96 + (foot_y - 352) * 0.64
    u = size / 100
    swing = np.sin(stride)
    hip, shoulder = foot_y - 47 * u, foot_y - 80 * u
    c.ellipse(x + 10 * u, foot_y, 24 * u, 5 * u, (30, 34, 30), 0.45 * alpha, 3)
    for side in (-1, 1):
        step = side * swing * 11 * u
        knee_x = x + step * 0.55 + side * 2 * u
        c.limb(x + side * 4 * u, hip, knee_x, foot_y - 24 * u, 5.2 * u, (44, 52, 82), alpha)
        c.limb(knee_x, foot_y - 24 * u, x + step + side * 3 * u, foot_y - 3 * u, 4.4 * u, (40, 46, 74), alpha)
        c.limb(
            x + step + side * 3 * u,
            foot_y - 2 * u,
            x + step + (side * 3 + 6 * facing) * u,
            foot_y - 2 * u,
            3 * u,
            (34, 30, 30),
            alpha,
        )
    c.limb(x, hip - 2 * u, x, shoulder + 4 * u, 11 * u, (196, 66, 48), alpha)
    for side in (-1, 1):
        hand = -side * swing * 10 * u
        c.limb(
            x + side * 10 * u, shoulder + 3 * u, x + side * 12 * u + hand, hip - 2 * u, 3.8 * u, (178, 56, 42), alpha
        )
        c.ellipse(x + side * 12 * u + hand, hip + 1 * u, 3.6 * u, 3.6 * u, (224, 178, 148), alpha)
    c.limb(x, shoulder, x, shoulder - 6 * u, 4 * u, (216, 168, 138), alpha)
    c.ellipse(x, shoulder - 13 * u, 8.5 * u, 10 * u, (226, 180, 150), alpha)
    c.ellipse(x, shoulder - 18 * u, 9 * u, 7 * u, (60, 42, 34), alpha)
    c.ellipse(x + 3.4 * facing * u, shoulder - 13 * u, 1.2 * u, 1.3 * u, (30, 26, 26), alpha)


def _car(c: _Canvas, x: float, share: float, direction: int, paint: Colour) -> None:
    y = _street_y(x, share)
    c.ellipse(x, y + 4, 108, 10, (34, 34, 38), 0.5, 4)
    c.limb(x - 84, y - 20, x + 84, y - 20, 17, paint)
    c.polygon([(x - 62, y - 34), (x - 40, y - 62), (x + 34, y - 62), (x + 62, y - 34)], paint)
    c.polygon([(x - 50, y - 36), (x - 34, y - 57), (x - 4, y - 57), (x - 4, y - 36)], (60, 76, 90))
    c.polygon([(x + 4, y - 36), (x + 4, y - 57), (x + 30, y - 57), (x + 49, y - 36)], (60, 76, 90))
    c.ellipse(x + direction * 96, y - 24, 6, 5, (252, 240, 190))
    c.ellipse(x - direction * 96, y - 24, 5, 5, (180, 30, 30))
    c.rect(x - 26, y - 16, x + 26, y - 7, (236, 236, 230))
    for wheel in (-52, 52):
        c.ellipse(x + wheel, y - 4, 16, 16, (30, 30, 32))
        c.ellipse(x + wheel, y - 4, 7, 7, (170, 172, 176))


_WAY = (
    *((0.0, 716, 940), (1.0, 716, 900), (5.5, 690, 482), (7.5, 640, 402), (10.0, 344, 362), (10.6, 340, 356)),
    *((13.4, 340, 356), (14.0, 344, 362), (16.5, 640, 402), (18.5, 690, 482), (23.0, 716, 900), (24.0, 716, 940)),
)
"""Where the person's feet are: (second, x, y). Indoors, at the neighbour's, between 10.6 and 13.4 s."""


def _walk(c: _Canvas, second: float) -> None:
    times, xs, ys = (np.asarray(column, np.float64) for column in zip(*_WAY, strict=True))
    alpha = float(np.interp(second, (9.9, 10.6, 13.4, 14.1), (1, 0, 0, 1)))
    if alpha > 0:
        x, y = float(np.interp(second, times, xs)), float(np.interp(second, times, ys))
        _person(c, x, y, second * 2 * np.pi * 0.9, -1 if second < SECONDS / 2 else 1, alpha)


def picture(number: int) -> Picture:
    """Return one picture of the loop, (720, 1280, 3) uint8 RGB."""
    number %= FRAMES
    second = number / RATE
    c = _Canvas(_background().copy())
    turn = 2 * np.pi * second / SECONDS
    for x, y, size in ((820, 74, 44), (1060, 118, 30), (640, 52, 26)):
        drift = 36 * np.sin(turn + x)
        for dx, dy, share in ((-1, 0.15, 0.6), (0, -0.1, 0.9), (1, 0.1, 0.7)):
            c.ellipse(
                x + drift + dx * size, y + dy * size, size * share * 1.5, size * share * 0.5, (248, 249, 250), 0.85, 8
            )
    c.ellipse(590 + 5 * np.sin(turn * 8), 240, 46, 38, (70, 112, 66), 0.8, 8)
    far = [(2.0, 5.5, 1, (58, 98, 160)), (17.6, 21.5, 1, (206, 196, 60))]
    near = [(11.0, 14.6, -1, (232, 232, 234))]
    for cars, share in ((far, 0.34), (near, 0.9)):
        for begin, end, direction, paint in cars:
            if begin < second < end:
                along = (second - begin) / (end - begin) * (WIDTH + 300) - 150
                _car(c, along if direction > 0 else WIDTH - along, share, direction, paint)
    _walk(c, second)
    _paint_number(c.picture, number)
    return np.clip(c.picture, 0, 255).astype(np.uint8)


def _cells(number: int) -> list[bool]:
    """Return the cells of a number: nine bits, their complement's seven lowest as a check."""
    bits = number | ((~number & 0x7F) << 9)
    return [bool(bits >> i & 1) for i in range(CELLS)]


def _paint_number(canvas: NDArray[np.float32], number: int) -> None:
    canvas[NUMBER_Y - 4 : NUMBER_Y + CELL_PX + 4, NUMBER_X - 4 : NUMBER_X + CELL_PX * CELLS + 4] = 60
    for i, light in enumerate(_cells(number)):
        x = NUMBER_X + i * CELL_PX
        canvas[NUMBER_Y : NUMBER_Y + CELL_PX, x : x + CELL_PX] = 235 if light else 20


def read_number(luma: NDArray[np.uint8]) -> int | None:
    """Return the number of the picture that a (720, 1280) plane of luma shows, or None when it carries none."""
    bits = 0
    for i in range(CELLS):
        x = NUMBER_X + i * CELL_PX
        level = luma[NUMBER_Y + 4 : NUMBER_Y + CELL_PX - 4, x + 4 : x + CELL_PX - 4].mean()
        bits |= int(level > 127) << i
    number = bits & 0x1FF
    return number if number < FRAMES and bits >> 9 == ~number & 0x7F else None


def movie(folder: Path) -> Path:
    """Return `folder`/street-….mp4, the loop as H.264 without B-frames; encoded once, then kept."""
    import av

    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    path = folder / f"street-{digest}.mp4"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{path.name}.{os.getpid()}.part"
    options = {"preset": "medium", "crf": "21", "bf": "0", "sc_threshold": "0", "forced-idr": "1"}
    with av.open(part, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = GOP_SECONDS * RATE
        stream.codec_context.time_base = Fraction(1, RATE)
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    part.rename(path)
    return path
