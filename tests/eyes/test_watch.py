"""What an adaptive clip holds of films that make it hard: whatever is unsure is recorded as a whole."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from custom_components.camguard.domain.zones import parse_zones
from custom_components.camguard.worker.eyes.watch import STILL_AFTER_US, Sight
from custom_components.camguard.worker.input.ring import Entry

from .rig import Run, entries, run

WIDTH, HEIGHT = 320, 192
SECONDS = 24
MOVES = (10.0, 14.0)


def film(
    path: Path,
    *,
    rate: int = 10,
    keyframe_s: float = 2.0,
    noise: float = 2.0,
    seconds: float = SECONDS,
    moves: tuple[float, float] | None = MOVES,
    box: tuple[int, int] = (10, 24),
    light: dict[float, float] | None = None,
    cuts: tuple[float, ...] = (),
    infrared: tuple[float, ...] = (),
    options: dict[str, str] | None = None,
    codec: str = "libx264",
) -> Path:
    """A wall with sensor noise and a box that comes and goes."""
    rng = np.random.default_rng(1)
    chosen = {"preset": "veryfast", "sc_threshold": "0", "bf": "0", "crf": "22"} | (options or {})
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, options=chosen if codec == "libx264" else options or {})
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.gop_size = max(round(rate * keyframe_s), 1)
        stream.codec_context.time_base = Fraction(1, rate)
        for number in range(round(seconds * rate)):
            at_s = number / rate
            turn = 1 + sum(at_s >= cut for cut in cuts)
            luma = 100 + 45 * np.sin(columns / (7 + 2 * turn)) * np.cos(rows / (5 + 3 * turn))
            for since, factor in (light or {}).items():
                if at_s >= since:
                    luma = luma * factor
            if sum(at_s >= at for at in infrared) % 2:
                luma = 40 + (215 - luma) * np.exp(-(((columns - WIDTH / 2) / (WIDTH / 2)) ** 2))  # leaves shine
            if moves is not None and moves[0] <= at_s < moves[1]:
                x = int(20 + (at_s - moves[0]) * 50)
                luma[80 : 80 + box[1], x : x + box[0]] = 215
            luma += rng.normal(0, noise, luma.shape) if noise else 0
            planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            planes[:HEIGHT] = luma.clip(16, 235)
            picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(picture.reformat(format=stream.pix_fmt)))
        container.mux(stream.encode(None))
    return path


def all_of(result: Run, from_s: float, to_s: float, rate: int) -> bool:
    """Whether every picture of a time is recorded."""
    expected = {round(number * 1e6 / rate) for number in range(round(from_s * rate), round(to_s * rate))}
    have = {round(round(at * rate / 1e6) * 1e6 / rate) for at in result.times_us}
    return expected <= have


def test_what_moves_and_the_group_before(tmp_path: Path) -> None:
    result = run(film(tmp_path / "f.mp4", seconds=34))
    assert all_of(result, MOVES[0] - 2, MOVES[1], 10)
    assert result.whole(0, MOVES[0] - 4, 10) < 0.2
    assert result.whole(MOVES[1] + 2 + STILL_AFTER_US / 1e6 + 2, 26, 10) < 0.2
    assert result.times_us == sorted(set(result.times_us))


@pytest.mark.parametrize("rate", [1, 5, 30, 60])
def test_any_rate(rate: int, tmp_path: Path) -> None:
    result = run(film(tmp_path / "f.mp4", rate=rate, noise=1, seconds=34, moves=(24, 27)))
    assert all_of(result, 22, 27, rate)
    assert result.whole(12, 20, rate) < (0.3 if rate > 1 else 1.1)
    assert max(b - a for a, b in itertools.pairwise(result.times_us)) <= 10_000_000


def test_reordered_pictures_all_come_out(tmp_path: Path) -> None:
    result = run(film(tmp_path / "f.mp4", options={"bf": "3", "b_strategy": "0"}))
    assert all_of(result, MOVES[0] - 2, MOVES[1], 10)
    assert result.whole(0, MOVES[0] - 4, 10) < 0.2


def test_keyframes_far_apart_are_recorded_as_they_come(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", keyframe_s=60, seconds=70, moves=(40, 44), rate=5)
    result = run(path)
    assert result.whole(0, 60, 5) > 0.99, "nothing between two keyframes can be seen without decoding all"


def test_keyframes_five_seconds_apart(tmp_path: Path) -> None:
    result = run(film(tmp_path / "f.mp4", keyframe_s=5, seconds=40, moves=(20, 23)))
    assert all_of(result, 15, 25, 10)
    assert result.whole(0, 9, 10) < 0.1
    assert max(b - a for a, b in itertools.pairwise(result.times_us)) <= 10_000_000


def test_a_stream_of_keyframes_only(tmp_path: Path) -> None:
    result = run(film(tmp_path / "f.avi", codec="mjpeg", options={"qmin": "4", "qmax": "4"}))
    assert all_of(result, MOVES[0] - 1, MOVES[1], 10)
    assert result.whole(0, MOVES[0] - 4, 10) < 0.2


def test_a_constant_bit_rate_hides_nothing(tmp_path: Path) -> None:
    options = {"b": "400k", "minrate": "400k", "maxrate": "400k", "bufsize": "80k", "nal-hrd": "cbr"}
    result = run(film(tmp_path / "f.mp4", noise=6, options=options))
    assert all_of(result, MOVES[0], MOVES[1], 10)


def test_something_short_between_two_keyframes(tmp_path: Path) -> None:
    result = run(film(tmp_path / "f.mp4", keyframe_s=4, moves=(17.0, 18.5), box=(80, 50)))
    assert all_of(result, 17.0, 18.5, 10)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 1.8])
def test_light_that_changes_at_once_is_no_motion_for_long(factor: float, tmp_path: Path) -> None:
    result = run(
        film(tmp_path / "f.mp4", moves=None, seconds=30, light={11.0: factor}),
        sight=Sight(followed=True, triggers=True),
    )
    assert result.told == []
    assert result.whole(18, 24, 10) < 0.2


def test_exposure_that_hunts(tmp_path: Path) -> None:
    light = {at: 1.15 if number % 2 else 1 / 1.15 for number, at in enumerate(np.arange(4, 20, 1.3))}
    result = run(film(tmp_path / "f.mp4", light=light), sight=Sight(followed=True, triggers=True))
    assert all_of(result, MOVES[0], MOVES[1], 10)
    assert all(since >= 8_000_000 for moving, since in result.told if moving)


def test_infra_red_is_recorded_once_and_hides_nothing(tmp_path: Path) -> None:
    """Its light comes and goes at once, and what was dark may shine in it."""
    result = run(film(tmp_path / "f.mp4", infrared=(4.9, 17.1), seconds=34))
    assert all_of(result, 4, 6, 10)
    assert all_of(result, 16, 18, 10)
    assert all_of(result, MOVES[0], MOVES[1], 10)
    assert result.whole(23, 29, 10) < 0.5, "still again"


def test_a_zone_over_all_that_moves(tmp_path: Path) -> None:
    zones = parse_zones([{"name": "road", "points": "0,38 100,38 100,58 0,58"}])
    result = run(film(tmp_path / "f.mp4"), zones=zones)
    assert result.whole(4, SECONDS - 2, 10) < 0.25, "it costs what a still scene does"


def test_scene_cuts_are_recorded(tmp_path: Path) -> None:
    result = run(film(tmp_path / "f.mp4", moves=None, cuts=(9.0, 15.0)))
    assert all_of(result, 8, 10, 10)
    assert all_of(result, 14, 16, 10)
    assert result.whole(0, 4, 10) < 0.2


def test_what_lies_in_a_zone_is_no_motion(tmp_path: Path) -> None:
    zones = parse_zones([{"name": "road", "points": "0,38 100,38 100,58 0,58"}])
    result = run(film(tmp_path / "f.mp4"), zones=zones, sight=Sight(followed=True, triggers=True))
    assert result.told == []
    assert result.whole(0, SECONDS - 4, 10) < 0.2


def test_a_source_that_stops_in_mid_motion(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4")
    stopped = [entry for entry in entries(path) if entry.time_us < 11_500_000]
    result = run(iter(stopped))
    assert all_of(result, MOVES[0] - 2, 11.5, 10), "what isn't judged when it stops is recorded"


def test_another_connection_is_compared_with_nothing_before(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", moves=None, seconds=16)

    def twice() -> Iterator[Entry]:
        yield from entries(path)
        yield from entries(path, epoch=2, begin_us=20_000_000)

    result = run(twice())
    assert all_of(result, 15, 16, 10), "the last group before"
    assert result.whole(26, 30, 10) < 0.3


def test_random_access_that_isnt_whole_at_once_is_recorded_as_it_comes(tmp_path: Path) -> None:
    refreshed = (replace(entry, whole_after=5 if entry.keyframe else 0) for entry in entries(film(tmp_path / "f.mp4")))
    assert run(refreshed).whole(0, SECONDS - 2, 10) > 0.99


def test_left_out_areas_and_low_things_trigger_nothing(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4")
    tree = parse_zones([{"name": "tree", "points": "0,38 100,38 100,58 0,58"}])
    assert run(path, sight=Sight(triggers=True, leave_out=tree)).told == []
    assert run(path, sight=Sight(triggers=True, least_height=0.3)).told == []
    told = run(path, sight=Sight(triggers=True)).told
    assert told[0] == (True, 10_000_000)
    assert told[1][0] is False
