"""Scenes for the worker's eyes, with truth: people of real footage walk, at any size, over its real background.

The footage is `vtest.avi` of Debian's package opencv-doc (a square seen from a height, 768x576, people all the time).
Its background is the median of all pictures; a walker is cut out of it by the difference to that. So a scene has real
people, a real picture behind them, and moments without anybody that are known for sure.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

MEDIA = Path(__file__).parents[2] / ".build" / "media"
PACKAGE = "opencv-doc"
FILM = "usr/share/doc/opencv-doc/examples/data/vtest.avi"
WALK = (640, 676)
"""Numbers of the pictures in which one person walks alone, from FIRST to LAST (top, left, bottom, right)."""
FIRST, LAST = (380, 332, 530, 394), (346, 186, 480, 250)
MARGIN = 14
DIFFERENCE = 26
type Plane = npt.NDArray[np.uint8]
type Floats = npt.NDArray[np.float32]


def vtest() -> Path:
    """Return the footage, fetched once from Debian; raises CalledProcessError when it isn't to be had."""
    path = MEDIA / "vtest.avi"
    if not path.exists():
        MEDIA.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["apt-get", "-qq", "download", PACKAGE], cwd=folder, check=True)
            (package,) = Path(folder).glob("*.deb")
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
            part = path.with_suffix(".part")
            part.write_bytes((Path(folder) / FILM).read_bytes())
            part.rename(path)
    return path


@dataclass(frozen=True, kw_only=True)
class Walker:
    """One person in one picture: three planes as yuv444p, and how much of each pixel is theirs."""

    planes: Floats = field(repr=False)
    """3 x height x width."""
    alpha: Floats = field(repr=False)


@cache
def pictures() -> npt.NDArray[np.uint8]:
    """Return the footage: n x 3 x 576 x 768, yuv444p."""
    with av.open(str(vtest())) as container:
        return np.stack([frame.to_ndarray(format="yuv444p") for frame in container.decode(video=0)])


@cache
def background() -> Floats:
    """Return the square without anybody: 3 x 576 x 768."""
    return np.median(pictures()[::12], axis=0).astype(np.float32)


@cache
def walk() -> tuple[Walker, ...]:
    """Return the steps of one person who walks."""
    steps = []
    first, last = np.array(FIRST), np.array(LAST)
    for number in range(*WALK):
        share = (number - WALK[0]) / (WALK[1] - WALK[0])
        margins = np.array((-MARGIN, -MARGIN, MARGIN, MARGIN))
        top, left, bottom, right = (first + (last - first) * share).astype(int) + margins
        window = np.s_[:, max(top, 0) : bottom, max(left, 0) : right]
        planes = pictures()[number][window].astype(np.float32)
        alpha = (np.abs(planes - background()[window]).max(axis=0) > DIFFERENCE).astype(np.float32)
        alpha = np.minimum(_blur(alpha) * 1.6, 1.0)
        rows = np.flatnonzero(alpha.max(axis=1) > 0.5)
        steps.append(Walker(planes=planes[:, rows[0] : rows[-1] + 1], alpha=alpha[rows[0] : rows[-1] + 1]))
    return tuple(steps)


def _blur(values: Floats) -> Floats:
    for axis in (0, 1):
        values = (np.roll(values, 1, axis) + values + np.roll(values, -1, axis)) / 3
    return values


def scaled(values: Floats, height: int, width: int) -> Floats:
    """Return a plane at another size."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(values.clip(0, 255).astype(np.uint8)), format="gray")
    return frame.reformat(width=width, height=height, interpolation="AREA").to_ndarray().astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A person who walks through the picture."""

    height: float
    """Of the picture's."""
    from_s: float
    to_s: float
    begin: tuple[float, float]
    """(x, y) of the feet, in parts of the picture."""
    end: tuple[float, float]
    contrast: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What is filmed. All times in seconds."""

    seconds: float
    movers: tuple[Mover, ...] = ()
    width: int = 1280
    height: int = 720
    rate: int = 15
    noise: float = 2.0
    """Of each pixel, standard deviation."""
    steps: tuple[tuple[float, float], ...] = ()
    """(when, factor): the light changes at once (a lamp, the exposure)."""
    clouds: float = 0.0
    """How much the light changes to and fro, locally, within some seconds."""
    rain: int = 0
    """Streaks in a picture."""
    insects: int = 0
    """Moths before the lens: large, blurred, in a few pictures each."""
    headlights: tuple[float, ...] = ()
    """When a car's light sweeps over the square."""
    night: bool = False
    """Dark, grey, with more noise."""
    shake: float = 0.0
    """Pixels, of a camera in the wind."""
    seed: int = 1

    def moves(self, from_s: float, to_s: float) -> bool:
        """Tell whether anybody walks within a time."""
        return any(mover.from_s < to_s and mover.to_s > from_s for mover in self.movers)

    def pictures(self) -> Iterator[av.VideoFrame]:
        """Give the pictures, yuv420p."""
        rng = np.random.default_rng(self.seed)
        base = np.stack([scaled(plane, self.height, self.width) for plane in background()])
        noise = rng.normal(0, 1, (6, self.height + 64, self.width + 64)).astype(np.float32)
        sizes = {mover: self._sized(mover) for mover in self.movers}
        sweep = np.exp(-(((np.arange(self.width) - self.width / 2) / (self.width / 6)) ** 2)).astype(np.float32)
        for number in range(round(self.seconds * self.rate)):
            at_s = number / self.rate
            planes = base.copy()
            for mover, steps in sizes.items():
                if mover.from_s <= at_s < mover.to_s:
                    self._paste(planes, mover, steps[int(at_s * 10) % len(steps)], at_s)
            luma = planes[0]
            if self.night:
                luma = 18 + (luma - 16) * 0.3
                planes[1:] = 128
            for when, factor in self.steps:
                if at_s >= when:
                    luma = (luma - 16) * factor + 16
            if self.clouds:
                wave = np.sin(np.arange(self.width, dtype=np.float32) / self.width * 3 - at_s / 3)
                luma = luma * (1 + self.clouds * wave)
            for when in self.headlights:
                if when <= at_s < when + 3:
                    luma = luma + 90 * np.roll(sweep, int(((at_s - when) / 3 - 0.5) * self.width))
            if self.shake:
                dy, dx = (round(v) for v in self.shake * np.sin([at_s * 9, at_s * 7 + 1]))
                luma = np.roll(luma, (dy, dx), (0, 1))
            luma = np.ascontiguousarray(luma)
            self._weather(luma, rng)
            y, x = rng.integers(0, 64, 2)
            sigma = self.noise * (2.5 if self.night else 1)
            luma += sigma * noise[number % 6, y : y + self.height, x : x + self.width]
            yield _frame(luma, planes[1:])

    def _sized(self, mover: Mover) -> list[tuple[Floats, Floats]]:
        sized = []
        for step in walk():
            height = max(round(mover.height * self.height), 2)
            width = max(round(height * step.alpha.shape[1] / step.alpha.shape[0]), 2)
            planes = np.stack([scaled(plane, height, width) for plane in step.planes])
            sized.append((planes, scaled(step.alpha * 255, height, width) / 255))
        return sized

    def _paste(self, planes: Floats, mover: Mover, step: tuple[Floats, Floats], at_s: float) -> None:
        share = (at_s - mover.from_s) / (mover.to_s - mover.from_s)
        x = (mover.begin[0] + (mover.end[0] - mover.begin[0]) * share) * self.width
        y = (mover.begin[1] + (mover.end[1] - mover.begin[1]) * share) * self.height
        patch, alpha = step
        height, width = alpha.shape
        top, left = int(y) - height, int(x) - width // 2
        y0, y1, x0, x1 = max(top, 0), min(top + height, self.height), max(left, 0), min(left + width, self.width)
        if y0 >= y1 or x0 >= x1:
            return
        inside = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
        weight = alpha[inside] * mover.contrast
        for plane, values in zip(planes, patch, strict=True):
            plane[y0:y1, x0:x1] += weight * (values[inside] - plane[y0:y1, x0:x1])

    def _weather(self, luma: Floats, rng: np.random.Generator) -> None:
        for _ in range(self.rain):
            x, y = int(rng.integers(0, self.width - 2)), int(rng.integers(0, self.height - 40))
            luma[y : y + int(rng.integers(12, 40)), x : x + 2] += 45
        for _ in range(self.insects):
            if rng.random() < 0.1:
                radius = int(self.height * rng.uniform(0.03, 0.08))
                x, y = int(rng.integers(radius, self.width - radius)), int(rng.integers(radius, self.height - radius))
                rows, columns = np.mgrid[-radius:radius, -radius:radius]
                blob = np.clip(1.3 - np.hypot(rows, columns) / radius, 0, 1)
                luma[y - radius : y + radius, x - radius : x + radius] += (70 * blob).astype(np.float32)


def _frame(luma: Floats, chroma: Floats) -> av.VideoFrame:
    height, width = luma.shape
    planes = np.empty((height * 3 // 2, width), np.uint8)
    planes[:height] = luma.clip(16, 235)
    quarter = chroma.reshape(2, height // 2, 2, width // 2, 2).mean((2, 4))
    planes[height:] = quarter.reshape(height // 2, width).clip(16, 240)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def write(
    scene: Scene,
    path: Path,
    *,
    keyframe_s: float = 2.0,
    bit_rate: int = 4_000_000,
    options: dict[str, str] | None = None,
) -> Path:
    """Encode a scene as a camera would: no B-frames, a keyframe every so often; MPEG-TS or MP4 by the name."""
    chosen = {"preset": "veryfast", "maxrate": str(bit_rate), "bufsize": str(bit_rate), "sc_threshold": "0", "bf": "0"}
    chosen |= {"forced-idr": "1"} | (options or {})
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"part-{path.name}")
    with av.open(str(part), "w") as container:
        stream = container.add_stream("libx264", rate=scene.rate, options=chosen)
        stream.width, stream.height, stream.pix_fmt = scene.width, scene.height, "yuv420p"
        stream.bit_rate = bit_rate
        stream.gop_size = max(round(keyframe_s * scene.rate), 1)
        stream.codec_context.time_base = Fraction(1, scene.rate)
        for number, picture in enumerate(scene.pictures()):
            picture.pts = number
            picture.time_base = Fraction(1, scene.rate)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    part.rename(path)
    return path
