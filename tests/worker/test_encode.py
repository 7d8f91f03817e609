"""The encoder: keyframes, times, trials."""

import os
from itertools import pairwise

import av
import numpy as np
import pytest

from custom_components.camguard.worker.picture import encode
from custom_components.camguard.worker.picture.encode import Encoded, Encoder, available_encoders, preset_for_host

BASE_US = 1_700_000_000_000_000


def picture(number: int, size: tuple[int, int] = (160, 96)) -> av.VideoFrame:
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    frame = av.VideoFrame(width, height, "yuv420p")
    luma = (40 + (rows + columns + 3 * number) % 150).astype(np.uint8)
    plane = frame.planes[0]
    padded = np.zeros((height, plane.line_size), np.uint8)
    padded[:, :width] = luma
    plane.update(padded.tobytes())
    for plane in frame.planes[1:]:
        plane.update(bytes([128]) * plane.buffer_size)
    return frame


def encoded(times: list[int], name: str = "libx264") -> tuple[Encoder, list[Encoded]]:
    encoder = Encoder(name, picture(0))
    units = [unit for number, time_us in enumerate(times) for unit in encoder.encode(picture(number), time_us)]
    return encoder, units + encoder.flush()


@pytest.mark.parametrize("step_us", [1_000_000 // 30, 66_667, 70_001, 300_000, 999_999, 1_950_000, 3_000_000])
def test_a_keyframe_every_two_seconds_and_times_as_given(step_us: int) -> None:
    times = [BASE_US + number * step_us for number in range(max(9_000_000 // step_us, 4))]
    _, units = encoded(times)
    assert [unit.pts_us for unit in units] == times == [unit.dts_us for unit in units]
    keys = [unit.pts_us for unit in units if unit.keyframe]
    assert keys[0] == times[0]
    assert all(b - a <= max(2_000_000, step_us) for a, b in pairwise([*keys, times[-1]]))
    assert step_us > 300_000 or len(keys) <= 6


def test_uneven_times_are_kept() -> None:
    times = [BASE_US + t for t in (0, 1, 2, 66_000, 66_012, 5_000_000, 5_000_001, 400_000_000)]
    _, units = encoded(times)
    assert [unit.pts_us for unit in units] == times
    assert [unit.keyframe for unit in units] == [True, False, False, False, False, True, False, True]


def test_what_comes_out_decodes_alone_from_each_keyframe() -> None:
    encoder, units = encoded([BASE_US + number * 100_000 for number in range(45)])
    assert encoder.extradata
    for start in [number for number, unit in enumerate(units) if unit.keyframe]:
        decoder = av.CodecContext.create("h264", "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.extradata = encoder.extradata
        shown = [f for unit in units[start:] for f in decoder.decode(av.Packet(unit.data))] + decoder.decode(None)
        assert len(shown) == len(units) - start
        assert all(not frame.is_corrupt for frame in shown)
        assert decoder.has_b_frames == 0


@pytest.mark.parametrize("color_range", [1, 2])
def test_the_colour_description_is_kept(color_range: int) -> None:
    frame = picture(0)
    frame.color_range, frame.colorspace, frame.color_primaries, frame.color_trc = color_range, 1, 1, 1
    encoder = Encoder("libx264", frame)
    units = encoder.encode(frame, 1) + encoder.flush()
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = encoder.extradata
    shown = (decoder.decode(av.Packet(units[0].data)) + decoder.decode(None))[0]
    assert int(shown.color_range) == color_range
    assert (int(shown.colorspace), int(shown.color_primaries), int(shown.color_trc)) == (1, 1, 1)


def test_nothing_to_flush() -> None:
    assert Encoder("libx264", picture(0)).flush() == []


def test_every_encoder_that_is_offered_works() -> None:
    names = available_encoders()
    assert "libx264" in names
    for name in names:
        _, units = encoded([BASE_US + number * 66_667 for number in range(10)], name)
        assert len(units) == 10
        assert units[0].keyframe


def test_the_trial_fails_what_does_not_encode_h264() -> None:
    assert encode._passes_trial("libx264")
    assert not encode._passes_trial("mpeg4")
    assert not encode._passes_trial("h264_nvenc"), "there is no such hardware here"
    assert not encode._passes_trial("nonsense")


@pytest.mark.parametrize(
    ("cores", "preset"), [(1, "ultrafast"), (2, "ultrafast"), (4, "superfast"), (8, "veryfast"), (None, "ultrafast")]
)
def test_the_preset_fits_the_machine(cores: int | None, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "process_cpu_count", lambda: cores)
    assert preset_for_host() == preset


def test_the_bit_rate_is_capped() -> None:
    options, description = encode._settings("libx264", 1920 * 1080, thorough=False)
    assert 4_000_000 < int(options["maxrate"]) < 8_000_000
    assert description == f"libx264 {preset_for_host()} crf 23"
    assert int(encode._settings("libx264", 64, thorough=False)[0]["maxrate"]) == 500_000
    assert encode._settings("h264_qsv", 64, thorough=True) == (
        {"maxrate": "500000", "bufsize": "1000000", "forced_idr": "1"},
        "h264_qsv",
    )


def test_a_burst_of_pictures_is_not_starved() -> None:
    """Many at the same instant: what is black stays black in each."""
    frames = []
    for number in range(60):
        frame = picture(number, (320, 240))
        luma = np.frombuffer(frame.planes[0], np.uint8).reshape(240, -1).copy()
        luma[120:, 160:] = 16
        frame.planes[0].update(luma.tobytes())
        frames.append(frame)
    encoder = Encoder("libx264", frames[0])
    units = [unit for n, frame in enumerate(frames) for unit in encoder.encode(frame, BASE_US + n)] + encoder.flush()
    assert [unit.pts_us for unit in units] == [BASE_US + n for n in range(60)]
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.extradata = encoder.extradata
    shown = [f for unit in units for f in decoder.decode(av.Packet(unit.data))] + decoder.decode(None)
    for frame in shown:
        luma = np.frombuffer(frame.planes[0], np.uint8).reshape(frame.planes[0].height, -1)[:240, :320].astype(int)
        assert abs(luma[128:, 168:] - 16).max() <= 24
