"""The mask on single pictures: complete, exact, and never a guess."""

import itertools
import math
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custom_components.camguard.domain.errors import InvalidError
from custom_components.camguard.domain.zones import Geometry, Zone, parse_zones
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.faults import BlockedError
from custom_components.camguard.worker.picture.encode import Encoder
from custom_components.camguard.worker.picture.mask import Mask, raster

type Plane = npt.NDArray[np.uint8]

HALF = parse_zones([{"name": "left", "points": "0,0 50,0 50,100 0,100"}])
CORNER = parse_zones([{"name": "corner", "points": "0,0 40,0 40,30 0,30"}])


def plane_of(plane: av.video.plane.VideoPlane) -> Plane:
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width].copy()


def planes_of(picture: av.VideoFrame) -> list[Plane]:
    return [plane_of(plane) for plane in picture.planes]


def blank(width: int, height: int, fmt: str = "yuv420p", *, full: bool = False, value: int = 0x55) -> av.VideoFrame:
    picture = av.VideoFrame(width, height, fmt)
    for plane in picture.planes:
        plane.update(bytes([value]) * plane.buffer_size)
    picture.color_range = 2 if full else 1
    return picture


def noise(width: int, height: int, seed: int = 1, *, full: bool = False) -> av.VideoFrame:
    """Nothing in it is black or neutral."""
    picture = blank(width, height, full=full)
    chance = np.random.default_rng(seed)
    for plane in picture.planes:
        plane.update(chance.integers(40, 120, plane.buffer_size, dtype=np.uint8).tobytes())
    return picture


def percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


@st.composite
def zones(draw: st.DrawFn) -> tuple[Zone, ...]:
    """Stars around a centre: any angle, reach, thinness; clipped to the picture."""
    raw = []
    for number in range(draw(st.integers(1, 3))):
        x, y = draw(st.floats(0, 100)), draw(st.floats(0, 100))
        corners = draw(st.integers(3, 9))
        angles = sorted(draw(st.lists(st.integers(0, 359), min_size=corners, max_size=corners, unique=True)))
        stretch = draw(st.sampled_from([0.05, 0.3, 1.0]))
        points = []
        for angle in angles:
            reach = draw(st.floats(1, 60))
            px = min(max(x + reach * math.cos(math.radians(angle)), 0), 100)
            py = min(max(y + reach * stretch * math.sin(math.radians(angle)), 0), 100)
            points.append(f"{percent(px)},{percent(py)}")
        raw.append({"name": str(number), "points": " ".join(points)})
    try:
        return parse_zones(raw)
    except InvalidError:
        assume(False)
        raise


def distance_px(zone: Zone, width: int, height: int) -> npt.NDArray[np.float64]:
    """Return (height, width): how far each pixel's centre is from the zone, px; 0 inside."""
    ys, xs = np.mgrid[0:height, 0:width] + 0.5
    corners = [(x * width, y * height) for x, y in zone.points]
    distance = np.full((height, width), np.inf)
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        dx, dy = x2 - x1, y2 - y1
        t = np.clip(((xs - x1) * dx + (ys - y1) * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
        distance = np.minimum(distance, np.hypot(xs - x1 - t * dx, ys - y1 - t * dy))
    inside = [[zone.contains((x + 0.5) / width, (y + 0.5) / height) for x in range(width)] for y in range(height)]
    return np.where(np.array(inside), 0.0, distance)


@settings(max_examples=150, deadline=None)
@given(some=zones(), width=st.integers(16, 70), height=st.integers(16, 70), full=st.booleans(), seed=st.integers(0, 9))
def test_all_of_a_zone_is_empty_and_nothing_far_from_it(
    some: tuple[Zone, ...],
    width: int,
    height: int,
    full: bool,
    seed: int,
) -> None:
    picture = noise(width, height, seed, full=full)
    before = planes_of(picture)
    mask = Mask(some, None)
    masked = mask.apply(picture)
    assert [plane.tolist() for plane in planes_of(picture)] == [plane.tolist() for plane in before]
    assert (masked.width, masked.height, masked.format.name) == (width & ~1, height & ~1, "yuv420p")
    assert int(masked.color_range) == (2 if full else 1)
    assert mask.geometry == Geometry(width=width, height=height)
    distance = np.minimum.reduce([distance_px(zone, width, height) for zone in some])
    luma, u, v = planes_of(masked)
    near, far = distance <= 1, distance > 6
    near, far = near[: height & ~1, : width & ~1], far[: height & ~1, : width & ~1]
    assert (luma[near] == (0 if full else 16)).all()
    assert (luma[far] == before[0][: height & ~1, : width & ~1][far]).all()
    blocks = (height // 2, 2, width // 2, 2)
    near_chroma, far_chroma = near.reshape(blocks).any(axis=(1, 3)), far.reshape(blocks).all(axis=(1, 3))
    for masked_plane, original in ((u, before[1]), (v, before[2])):
        assert (masked_plane[near_chroma] == 128).all()
        assert (masked_plane[far_chroma] == original[: height // 2, : width // 2][far_chroma]).all()


@settings(max_examples=60, deadline=None)
@given(some=zones(), width=st.integers(16, 60), height=st.integers(16, 60))
def test_raster_touches_every_pixel_that_the_zone_touches(some: tuple[Zone, ...], width: int, height: int) -> None:
    for zone in some:
        grid = raster(zone, Geometry(width=width, height=height))
        for row, column in itertools.product(range(4 * height), range(4 * width)):
            if zone.contains((column + 0.5) / 4 / width, (row + 0.5) / 4 / height):
                assert grid[row // 4, column // 4]


def test_every_pixel_within_one_of_an_edge_is_covered_at_the_border_too() -> None:
    zone = Zone(name="z", points=((0.5, 0.5), (1, 0.5), (1, 1), (0.5, 1)))
    grid = raster(zone, Geometry(width=33, height=17))
    assert grid[-1, -1]
    assert grid[7:, 15:].all()
    assert not grid[:4].any()


def test_overlapping_zones_and_none() -> None:
    both = (*HALF, *CORNER)
    luma = planes_of(Mask(both, None).apply(noise(64, 48)))[0]
    assert (luma[:, :32] == 16).all()
    untouched = noise(64, 48)
    for ours, theirs in zip(planes_of(Mask((), None).apply(untouched)), planes_of(untouched), strict=True):
        assert (ours == theirs).all()


# --- formats ---

CONVERTED = [
    "yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuvj422p", "yuvj444p", "nv12", "nv21", "yuv420p10le", "yuv422p10le",
    "yuv444p12le", "p010le", "gray", "gray10le", "gray16le", "ya8", "monow", "rgb24", "bgr24", "rgba", "argb", "bgra",
    "0rgb", "rgb48le", "gbrp", "pal8", "yuva420p", "yuv411p", "yuv410p", "yuv440p", "yuyv422", "uyvy422", "xyz12le",
    "bayer_rggb8",
]  # fmt: skip


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("fmt", CONVERTED)
def test_formats_of_cameras_are_masked(fmt: str, full: bool) -> None:
    picture = blank(64, 48, fmt, full=full)
    before = [bytes(plane) for plane in picture.planes]
    masked = Mask(HALF, None).apply(picture)
    assert [bytes(plane) for plane in picture.planes] == before
    assert masked.format.name == "yuv420p"
    ranged = int(masked.color_range)
    assert ranged in {1, 2}
    luma, u, v = planes_of(masked)
    assert (luma[:, :32] == (0 if ranged == 2 else 16)).all()
    assert (u[:, :16] == 128).all()
    assert (v[:, :16] == 128).all()
    assert luma[:, 40:].mean() >= 40, "the open half is still there"
    assert int(masked.colorspace) != 0, "no RGB matrix on 4:2:0"


def test_every_format_that_ffmpeg_has_is_masked_or_refused() -> None:
    refused = set()
    for fmt in sorted(av.video.format.names):
        try:
            picture = blank(64, 48, fmt)
        except ValueError:
            continue  # lives in a graphics card: a decoder without one never makes it
        try:
            luma, u, v = planes_of(Mask(HALF, None).apply(picture))
        except BlockedError as error:
            refused.add((error.key, error.placeholders["detail"]))
        else:
            assert set(luma[:, :32].ravel()) <= {0, 16}, fmt
            assert (u[:, :16] == 128).all(), fmt
            assert (v[:, :16] == 128).all(), fmt
    assert (faults.FORMAT_UNSUPPORTED, "rgb4") in refused
    assert {key for key, _ in refused} == {faults.FORMAT_UNSUPPORTED}


@pytest.mark.parametrize(
    ("fmt", "full", "levels"),
    [("yuv422p", False, (16, 235)), ("yuv444p", True, (0, 255)), ("yuvj422p", False, (0, 255)),
     ("yuv444p", False, (16, 235))],
)  # fmt: skip
def test_the_range_of_values_is_not_stretched(fmt: str, full: bool, levels: tuple[int, int]) -> None:
    for level in levels:
        picture = blank(64, 48, fmt, full=full)
        picture.planes[0].update(bytes([level]) * picture.planes[0].buffer_size)
        masked = Mask((), None).apply(picture)
        assert abs(planes_of(masked)[0].astype(int) - level).max() <= 1
        assert int(masked.color_range) == (2 if full or fmt.startswith("yuvj") else 1)


@pytest.mark.parametrize("fmt", ["rgb24", "gray", "rgba", "pal8"])
def test_a_png_keeps_its_colours_through_the_encoder(fmt: str) -> None:
    encoder = av.CodecContext.create("png", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    colour = (60, 60, 60) if fmt in {"gray", "pal8"} else (200, 40, 40)
    picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), colour, np.uint8), "rgb24")
    if fmt == "pal8":
        picture = av.VideoFrame(64, 48, "pal8")
        picture.planes[0].update(bytes(picture.planes[0].buffer_size))
        picture.planes[1].update(bytes([60, 60, 60, 255]) * 256)
    elif fmt != "rgb24":
        picture = picture.reformat(format=fmt)
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 64, 48, fmt, Fraction(1)
    data = bytes(encoder.encode(picture)[0])
    reader = av.CodecContext.create("png", "r")
    assert isinstance(reader, av.VideoCodecContext)
    masked = Mask(HALF, None).apply(reader.decode(av.Packet(data))[0])
    clip = Encoder("libx264", masked)
    units = clip.encode(masked, 1) + clip.flush()
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = clip.extradata
    shown = (decoder.decode(av.Packet(units[0].data)) + decoder.decode(None))[0]
    assert int(shown.colorspace) != 0
    rgb = shown.to_ndarray(format="rgb24").astype(int)
    assert abs(rgb[8:40, 44:60] - colour).max() <= 12
    assert rgb[:, :28].max() <= 12


# --- sizes and shapes ---


@pytest.mark.parametrize("size", [(16, 16), (17, 33), (321, 243), (16, 8192)])
def test_sizes_that_are_masked(size: tuple[int, int]) -> None:
    masked = Mask(HALF, None).apply(noise(*size))
    assert (planes_of(masked)[0][:, : size[0] // 2] == 16).all()


@pytest.mark.parametrize("size", [(1, 1), (15, 200), (200, 15), (8193, 16), (16, 8193)])
def test_sizes_that_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(BlockedError) as caught:
        Mask(HALF, None).apply(blank(*size))
    assert caught.value.key == faults.SIZE_UNSUPPORTED


def test_a_gigantic_picture_is_refused_before_anything_is_made_of_it() -> None:
    for size in ((16000, 16000), (8192, 8192)):
        with pytest.raises(BlockedError) as caught:
            size_ = Geometry(width=size[0], height=size[1])
            Mask(HALF, None)._check(size_, size_)
        assert caught.value.key == faults.SIZE_UNSUPPORTED


def test_only_the_shape_counts_not_the_size() -> None:
    mask = Mask(CORNER, Geometry(width=1280, height=720))
    for size in ((640, 360), (1920, 1080), (1920, 1088), (640, 360)):
        luma = planes_of(mask.apply(noise(*size)))[0]
        assert (luma[: size[1] * 3 // 10, : size[0] * 4 // 10] == 16).all()
        assert (luma[size[1] * 3 // 10 + 8 :, :] != 16).all()
    with pytest.raises(BlockedError) as caught:
        mask.apply(noise(640, 480))
    assert caught.value.key == faults.SHAPE_CHANGED
    mask.apply(noise(640, 360))


def test_without_a_reference_the_first_picture_counts() -> None:
    mask = Mask(CORNER, None)
    mask.apply(noise(640, 480))
    assert mask.reference == Geometry(width=640, height=480)
    with pytest.raises(BlockedError):
        mask.apply(noise(480, 640))
    free = Mask((), Geometry(width=640, height=480))
    assert free.apply(noise(480, 640)).width == 480, "no zones, nothing to fit"


def test_the_range_may_change_in_mid_stream() -> None:
    mask = Mask(HALF, None)
    for full in (False, True, False):
        masked = mask.apply(noise(64, 48, full=full))
        assert (planes_of(masked)[0][:, :32] == (0 if full else 16)).all()
        assert int(masked.color_range) == (2 if full else 1)


# --- rotation ---

SIDE = 65536


def matrix_bytes(a: float, b: float, c: float, d: float) -> bytes:
    return np.array([a * SIDE, b * SIDE, 0, c * SIDE, d * SIDE, 0, 0, 0, 1 << 30]).astype("<i4").tobytes()


def gradient_mp4(path: Path) -> Path:
    """96x64: left to right brighter, upper right quarter white, lower left quarter black."""
    rows, columns = np.mgrid[0:64, 0:96]
    luma = (40 + columns + rows // 4).astype(np.uint8)
    luma[:24, 64:], luma[48:, :32] = 230, 20
    picture = av.VideoFrame.from_ndarray(np.concatenate([luma, np.full((32, 96), 128, np.uint8)]), "yuv420p")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "4"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for number in range(3):
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def patched(source: Path, target: Path, matrix: bytes) -> Path:
    """Write a copy whose track header holds that matrix (big endian there)."""
    data = bytearray(source.read_bytes())
    words = np.frombuffer(matrix, "<i4").astype(">i4").tobytes()
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = words
    target.write_bytes(data)
    return target


QUARTERS = {
    "0": (1, 0, 0, 1), "90": (0, 1, -1, 0), "180": (-1, 0, 0, -1), "270": (0, -1, 1, 0),
    "mirror": (-1, 0, 0, 1), "upside down": (1, 0, 0, -1), "transpose": (0, 1, 1, 0), "transverse": (0, -1, -1, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", QUARTERS)
def test_turned_as_ffmpeg_turns(name: str, tmp_path: Path) -> None:
    film = patched(gradient_mp4(tmp_path / "plain.mp4"), tmp_path / "turned.mp4", matrix_bytes(*QUARTERS[name]))
    with av.open(str(film)) as container:
        picture = next(container.decode(video=0))
        matrix = picture.side_data.get("DISPLAYMATRIX")
    assert matrix is not None or name == "0"
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", film, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"],
        check=True,
        capture_output=True,
    ).stdout  # gray of limited yuv is stretched; compared by shape of light and dark only
    swaps = name in {"90", "270", "transpose", "transverse"}
    width, height = (64, 96) if swaps else (96, 64)
    oracle = np.frombuffer(raw, np.uint8).reshape(height, width).astype(float)
    for given_matrix in (None, matrix_bytes(0.3, 0.3, 0.3, 0.3)):  # the picture's own goes first
        mask = Mask((), None)
        if matrix is None and given_matrix:
            continue
        luma = planes_of(mask.apply(picture, given_matrix))[0].astype(float)
        assert luma.shape == oracle.shape
        assert np.corrcoef(luma.ravel(), oracle.ravel())[0, 1] > 0.999
    upright = Mask(CORNER, Geometry(width=width, height=height)).apply(picture)
    luma, u, _ = planes_of(upright)
    assert (luma[: int(height * 0.3), : int(width * 0.4)] == 16).all()
    assert (u[: int(height * 0.15), : int(width * 0.2)] == 128).all()
    assert abs(luma[int(height * 0.3) + 6 :] - ((oracle * 219 / 255) + 16)[int(height * 0.3) + 6 :]).max() <= 4


@pytest.mark.parametrize("name", QUARTERS)
def test_odd_sizes_turned(name: str) -> None:
    picture = noise(37, 21)
    stored = planes_of(picture)[0]
    mask = Mask(CORNER, None)
    luma, u, v = planes_of(mask.apply(picture, matrix_bytes(*QUARTERS[name])))
    a, b, c, d = QUARTERS[name]
    upright = stored.T if b else stored
    upright = upright[:: -1 if (b or d) < 0 else 1, :: -1 if (a or c) < 0 else 1]
    height, width = upright.shape
    assert luma.shape == (height & ~1, width & ~1)
    assert (luma[: int(height * 0.3), : int(width * 0.4)] == 16).all()
    assert (luma[int(height * 0.3) + 6 :] == upright[: height & ~1, : width & ~1][int(height * 0.3) + 6 :]).all()
    assert (u[: math.ceil(height * 0.15), : math.ceil(width * 0.2)] == 128).all()
    assert (v[: math.ceil(height * 0.15), : math.ceil(width * 0.2)] == 128).all()


@pytest.mark.parametrize(
    "matrix",
    [(0.7071, 0.7071, -0.7071, 0.7071), (0.99, 0.1, -0.1, 0.99), (0, 0, 0, 0), (1, 1, 1, 1),
     (2, 0, 0, 1), (1, 0, 1, 0), (0.5, 0, 0, 0.5)],
)  # fmt: skip
def test_odd_angles_and_degenerate_matrices_are_refused(matrix: tuple[float, float, float, float]) -> None:
    with pytest.raises(BlockedError) as caught:
        Mask(CORNER, None).apply(noise(64, 48), matrix_bytes(*matrix))
    assert caught.value.key == faults.ROTATION_UNSUPPORTED


@given(st.binary(min_size=36, max_size=36))
def test_any_matrix_is_followed_exactly_or_refused(data: bytes) -> None:
    try:
        masked = Mask(HALF, None).apply(noise(32, 20), data)
    except BlockedError:
        return
    luma = planes_of(masked)[0]
    assert (luma[:, : masked.width // 2] == 16).all()


def test_a_picture_is_gone_once_it_was_masked() -> None:
    """PyAV's `side_data` makes a picture keep itself alive: 3 MB a frame until the collector comes by."""
    import gc

    mask = Mask((), None)
    gc.collect()
    gc.disable()
    try:
        mask.apply(av.VideoFrame(64, 48, "yuv420p"))  # one is kept, to be painted on again
        before = sum(isinstance(item, av.VideoFrame) for item in gc.get_objects())
        for _ in range(5):
            mask.apply(av.VideoFrame(64, 48, "yuv420p"))
        assert sum(isinstance(item, av.VideoFrame) for item in gc.get_objects()) == before
    finally:
        gc.enable()
