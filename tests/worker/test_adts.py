"""ADTS framing, with FFmpeg as judge."""

import io
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from custom_components.camguard.worker.clip.adts import to_adts


def aac(rate: int, layout: str) -> tuple[bytes | None, list[bytes]]:
    encoder = av.CodecContext.create("aac", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = rate, layout, "fltp"  # type: ignore[assignment]
    encoder.open()
    channels = encoder.layout.nb_channels
    units = []
    for number in range(20):
        wave = np.sin(np.arange(1024) * 0.05 + number).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.tile(wave, (channels, 1)), "fltp", layout)
        frame.sample_rate, frame.pts = rate, number * 1024
        units += [bytes(packet) for packet in encoder.encode(frame)]
    return encoder.extradata, units


@pytest.mark.parametrize(("rate", "layout"), [(8000, "mono"), (44100, "stereo"), (48000, "5.1")])
def test_raw_units_become_a_stream_that_explains_itself(rate: int, layout: str) -> None:
    extradata, units = aac(rate, layout)
    framed = [to_adts(unit, extradata) for unit in units]
    assert all(framed)
    with av.open(io.BytesIO(b"".join(unit for unit in framed if unit)), format="aac") as container:
        context = container.streams.audio[0].codec_context
        assert (context.sample_rate, context.layout.name) == (rate, layout)
        assert sum(frame.samples for frame in container.decode(audio=0)) >= 18 * 1024


@pytest.mark.parametrize(
    "extradata",
    [
        None,
        b"",
        b"\x12",
        bytes([5 << 3 | 2, 0x10]),  # SBR: no ADTS profile
        bytes([0x00, 0x10]),  # profile 0
        bytes([2 << 3 | 7, 0x80 | 0x10]),  # rate written out
        bytes([2 << 3 | 2, 0x00]),  # channels written out
        bytes([2 << 3 | 2, 8 << 3]),
    ],
)
def test_what_adts_cannot_say_is_refused(extradata: bytes | None) -> None:
    assert to_adts(b"\x21\x10\x04", extradata) is None


def test_a_unit_too_long_is_refused() -> None:
    info = b"\x12\x10"
    longest = 0x1FFF - 7
    assert to_adts(bytes(longest), info) is not None
    assert to_adts(bytes(longest + 1), info) is None


def test_an_independent_reader_agrees(tmp_path: Path) -> None:
    if not shutil.which("ffprobe"):
        pytest.skip("no ffprobe")
    extradata, units = aac(16000, "mono")
    path = tmp_path / "a.aac"
    path.write_bytes(b"".join(to_adts(unit, extradata) or b"" for unit in units))
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,sample_rate,channels,profile", "-of",
        "csv=p=0", path],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert shown.stdout.strip() == "aac,LC,16000,1"
    assert shown.stderr == ""
