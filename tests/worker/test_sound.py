"""Sound of any kind, in step with the picture: a beep and a flash on each whole second, compared in what comes out."""

import io
import random
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from custom_components.camguard.vault.sealed import Identity, SealedReader
from custom_components.camguard.worker.clip.sound import SoundTrack
from custom_components.camguard.worker.input.ring import SoundInfo
from custom_components.camguard.worker.protocol import ClipCut, ClipFinished, ClipStarted, Connect, CutClip, Status

from ..rtsp import RtspServer
from .driver import ClipOrder, Driver, configuration, now_us
from .test_process import streaming

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("socket_enabled")]

STEP_S = 0.05
"""What a viewer may be off by."""
BEEP = "sin(2*PI*1000*t)*lt(mod(t,1),0.1)*0.8"


def beeping(path: Path, rate: int, *sound: str, seconds: int = 20, samples: int = 16000, late: float = 0) -> Path:
    """Write a film that flashes and beeps on each whole second; `sound` are ffmpeg's arguments for it."""
    command = [
        "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
        (f"color=black:size=160x120:rate={rate}:duration={seconds},"
        "drawbox=color=white:t=fill:enable='lt(mod(t+0.001,1),0.15)'"),
        "-itsoffset", str(late), "-f", "lavfi", "-i", f"aevalsrc={BEEP.replace(',', chr(92) + ',')}:s={samples}:d={seconds - late}",
        "-c:v", "libx264", "-preset", "ultrafast", "-g", str(rate), "-bf", "0", *sound, str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def flashes_of(container: av.container.InputContainer) -> list[float]:
    times, before = [], True
    for frame in container.decode(video=0):
        bright = frame.to_ndarray(format="gray").mean() > 100
        if bright and not before:
            times.append(float(frame.pts * frame.time_base))
        before = bool(bright)
    return times


def beeps_of(container: av.container.InputContainer) -> list[float]:
    """Return where it gets loud after it was quiet, s by the file's own times."""
    loud, at, rate = [], [], 1
    for frame in container.decode(audio=0):
        wave = np.abs(frame.to_ndarray()).mean(axis=0)
        rate = frame.sample_rate
        loud.append(wave > 0.1)
        at.append(float(frame.pts * frame.time_base) + np.arange(len(wave)) / rate)
    heard, times = np.concatenate(loud), np.concatenate(at)
    beeps, last = [], -10.0
    for moment in times[heard]:
        if moment - last > 0.3:
            beeps.append(float(moment))
        last = moment
    return beeps


def assert_in_step(mp4: bytes, seconds: float, least: int, quiet: tuple[float, float] = (-1, -1)) -> None:
    with av.open(io.BytesIO(mp4)) as container:
        flashes = flashes_of(container)
    with av.open(io.BytesIO(mp4)) as container:
        beeps = beeps_of(container)
        video, audio = container.streams.video[0], container.streams.audio[0]
        for stream in (video, audio):
            assert abs(float(stream.duration * stream.time_base) - seconds) < 0.15, stream
    flashes = [moment for moment in flashes if 0.2 < moment < seconds - 0.3 and not quiet[0] < moment < quiet[1]]
    assert len(flashes) >= least
    for flash in flashes:
        assert min(abs(beep - flash) for beep in beeps) < STEP_S, (flashes, beeps)


def record(url: str, order: ClipOrder, seconds: float = 5) -> ClipFinished:
    with Driver(Connect(kind="stream", url=url)) as driver:
        driver.send(configuration(record_audio=True))
        streaming(driver)
        driver.send(order.start(now_us(), now_us() + int(seconds * 1e6)))
        driver.wait(ClipStarted)
        return driver.wait(ClipFinished, timeout=40)


KINDS = {
    "A-law": ("nut", ("-c:a", "pcm_alaw"), 8000),
    "mu-law": ("nut", ("-c:a", "pcm_mulaw"), 8000),
    "G.726": ("mkv", ("-c:a", "g726", "-b:a", "32k"), 8000),
    "PCM": ("mkv", ("-c:a", "pcm_s16le"), 48000),
    "stereo": ("mkv", ("-c:a", "pcm_s16le", "-ac", "2"), 44100),
    "Opus": ("mkv", ("-c:a", "libopus"), 48000),
    "MP2": ("ts", ("-c:a", "mp2"), 48000),
    "MP3": ("mkv", ("-c:a", "libmp3lame"), 44100),
    "AAC": ("ts", ("-c:a", "aac"), 16000),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_sound(name: str, tmp_path: Path) -> None:
    ending, arguments, samples = KINDS[name]
    source = beeping(tmp_path / f"film.{ending}", 15, *arguments, samples=samples)
    order = ClipOrder(tmp_path / "clips")
    finished = record(str(source), order)
    assert finished.has_audio
    assert finished.sound == "recorded"
    assert finished.sound_codec
    assert_in_step(order.plain(), (finished.end_us - finished.start_us) / 1e6, 4)
    with av.open(io.BytesIO(order.plain())) as container:
        context = container.streams.audio[0].codec_context
        assert (context.name, context.profile) == ("aac", "LC")
        assert context.layout.nb_channels == (2 if name == "stereo" else 1)
        assert (container.streams.audio[0].bit_rate or 0) <= 66_000 * context.layout.nb_channels


@pytest.mark.parametrize("rate", [5, 10, 20, 25])
def test_at_any_rate_of_pictures(rate: int, tmp_path: Path) -> None:
    source = beeping(tmp_path / "film.ts", rate, "-c:a", "aac")
    order = ClipOrder(tmp_path / "clips")
    finished = record(str(source), order)
    assert_in_step(order.plain(), (finished.end_us - finished.start_us) / 1e6, 4)


@pytest.mark.parametrize("mount", ["alaw", "aac"])
def test_over_rtsp(mount: str, tmp_path: Path) -> None:
    source = beeping(tmp_path / "film.mp4", 15, "-an")
    order, extract = ClipOrder(tmp_path / "clips"), tmp_path / "extract.age"
    with RtspServer(source) as rtsp:
        finished = record(rtsp.url.replace("street", mount), order, 8)
    seconds = (finished.end_us - finished.start_us) / 1e6
    assert abs(seconds - 8) < 0.5
    assert_in_step(order.plain(), seconds, 6)
    recipient = Identity.generate()
    with Driver() as driver:
        driver.send(
            CutClip(
                clip_id=order.clip_id,
                clip_path=str(order.clip_path),
                clip_secret=order.clip.text,
                extract_path=str(extract),
                recipient=recipient.recipient.text,
                from_us=2_000_000,
                to_us=6_000_000,
            )
        )
        cut = driver.wait(ClipCut)
    with extract.open("rb") as file:
        reader = SealedReader(file, recipient)
        assert_in_step(reader.read_at(0, reader.size), (cut.to_us - cut.from_us) / 1e6, 3)


def test_sound_that_begins_late(tmp_path: Path) -> None:
    source = beeping(tmp_path / "film.mkv", 15, "-c:a", "pcm_alaw", samples=8000, late=4)
    order = ClipOrder(tmp_path / "clips")
    finished = record(str(source), order, 7)
    with av.open(io.BytesIO(order.plain())) as container:
        assert container.streams.audio[0].start_time in {0, None}, "silence until then"
    assert finished.has_audio


def test_sound_that_is_not_to_be_had_is_told(tmp_path: Path) -> None:
    for arguments, said in ((("-an",), "none"), (("-c:a", "adpcm_ms"), "unsupported")):
        ending = "mkv"
        source = beeping(tmp_path / f"{said}.{ending}", 15, *arguments, samples=8000, seconds=10)
        order = ClipOrder(tmp_path / said)
        with Driver(Connect(kind="stream", url=str(source))) as driver:
            driver.send(configuration(record_audio=True))
            status = driver.wait(Status, state="streaming")
            assert status.sound == said
            driver.send(order.start(now_us(), now_us() + 1_000_000))
            finished = driver.wait(ClipFinished)
        assert (finished.has_audio, finished.sound) == (False, said)


# --- ten minutes, without waiting for them ---


def alaw_packets(seconds: float, rate: int = 8000) -> list[bytes]:
    """Return 20 ms packets of A-law that beep on each whole second of the camera's own clock."""
    encoder = av.CodecContext.create("pcm_alaw", "w")
    encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", "s16"  # type: ignore[attr-defined]
    encoder.time_base = Fraction(1, rate)
    packets = []
    moments = np.arange(int(seconds * rate)) / rate
    wave = (np.sin(2 * np.pi * 1000 * moments) * (moments % 1 < 0.1) * 20_000).astype(np.int16)
    for begin in range(0, len(wave) - 160, 160):
        frame = av.AudioFrame.from_ndarray(wave[begin : begin + 160].reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts = rate, begin
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


@pytest.mark.parametrize("drift", [-0.002, 0.0, 0.0005, 0.002])
def test_ten_minutes_with_a_clock_that_drifts(drift: float) -> None:
    """The camera's clock is off, packets are a little early or late, and for four seconds none come."""
    decoder = av.CodecContext.create("pcm_alaw", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout = 8000, "mono"  # type: ignore[assignment]
    start_us = 1_700_000_000_000_000
    track = SoundTrack(SoundInfo(decoder=decoder), start_us)
    chance = random.Random(1)
    units = []
    for number, packet in enumerate(alaw_packets(600)):
        at_s = number * 0.02 * (1 + drift)
        if not 300 < at_s < 304:
            units += track.add(packet, start_us + int(at_s * 1e6) + chance.randrange(-5000, 5000))
    end_s = 600 * (1 + drift)
    units += track.finish(start_us + int(end_s * 1e6))
    rate = 8000
    assert [unit.time_us for unit in units] == [
        start_us + round(number * 1024 * 1e6 / rate) for number in range(len(units))
    ], "without a hole"
    assert abs(len(units) * 1024 / rate - end_s) < 0.2
    with av.open(io.BytesIO(b"".join(unit.data for unit in units)), format="aac") as container:
        wave = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    heard = np.flatnonzero(np.abs(wave) > 0.1) / rate
    beeps = heard[np.diff(heard, prepend=-1) > 0.3]
    due = [second * (1 + drift) for second in range(2, 590) if not 299 < second * (1 + drift) < 305]
    worst = max(min(abs(beeps - moment)) for moment in due)
    assert worst < STEP_S, worst
