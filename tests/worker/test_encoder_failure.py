"""An encoder that passed its trial and fails in the middle of a clip, as hardware does: nothing is lost of the event."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import av
import pytest

from custom_components.camguard.worker.clip import mux, writer
from custom_components.camguard.worker.clip.recording import ClipRecording
from custom_components.camguard.worker.clock import Clock
from custom_components.camguard.worker.picture.aspect import SQUARE
from custom_components.camguard.worker.picture.encode import Encoded, Encoder
from custom_components.camguard.worker.picture.encoders import Encoders
from custom_components.camguard.worker.picture.mask import Masked
from custom_components.camguard.worker.protocol import ClipEnded, ClipFailed, Message, StartClip

from .driver import ClipOrder, configuration
from .test_disk import still

STEP_US = 66_667
HARDWARE = "h264_broken"


class Failing(Encoder):
    """libx264 that ends like a device that was taken away."""

    left = 20

    def __init__(self, name: str, *arguments: Any, **more: Any) -> None:
        super().__init__("libx264" if name == HARDWARE else name, *arguments, **more)
        self._fails = name == HARDWARE
        if self._fails:
            self.description = HARDWARE

    def encode(self, picture: av.VideoFrame, time_us: int) -> list[Encoded]:
        if self._fails:
            type(self).left -= 1
            if type(self).left < 0:
                raise av.ExternalError(-542398533, "device lost")
        return super().encode(picture, time_us)


def test_the_next_encoder_goes_on_where_it_broke_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "Encoder", Failing)
    sent: list[Message] = []
    finished: list[StartClip] = []
    encoders = Encoders((HARDWARE, "libx264"))
    clock = Clock()
    clips = ClipRecording(
        configuration(), clock, encoders, send=sent.append, finish=finished.append, patient=nullcontext
    )
    base_us = clock.now_us()
    first, second = ClipOrder(tmp_path), ClipOrder(tmp_path, "b" * 32)

    def picture(number: int) -> Masked:
        return Masked(picture=still(40 + number), time_us=base_us + number * STEP_US, aspect=SQUARE)

    clips.start(first.start(clock.era.utc(base_us), None), None)
    number = 0
    while clips.wanted:
        clips.take(picture(number))
        number += 1
        assert number < 40
    ended = next(event for event in sent if isinstance(event, ClipEnded))
    assert ended.reason == "encoder"
    assert not [event for event in sent if isinstance(event, ClipFailed)]
    assert finished[0].clip_id == first.clip_id
    assert encoders.names == ("libx264",)
    assert clips.parked, "what follows stays in the ring until the next order comes"
    assert clips.left_us is not None
    assert clips.left_us <= base_us + number * STEP_US
    # The machine orders the next one from there; the ring gives its pictures again.
    assert clips.start(second.start(ended.next_from_us, None), None) is False
    begins_us = clips.begins_us
    assert begins_us is not None
    for again in range(40):
        if base_us + again * STEP_US >= begins_us:
            clips.take(picture(again))
    clips.end("until")
    broken = mux.finish(
        spool_path=first.spool_path, spool=first.spool, clip_path=first.clip_path,
        thumbnail_path=first.thumbnail_path, recipient=first.clip.recipient,
    )  # fmt: skip
    whole = mux.finish(
        spool_path=second.spool_path, spool=second.spool, clip_path=second.clip_path,
        thumbnail_path=second.thumbnail_path, recipient=second.clip.recipient,
    )  # fmt: skip
    assert (broken.recovered, broken.end_reason) == (False, "encoder")
    assert whole.encoder.startswith("libx264 ")
    assert broken.frames + whole.frames >= 40 - 2, "but for what the broken one had in hand"
    assert whole.start_us - broken.end_us < 200_000
    assert broken.encoder == HARDWARE


def test_the_last_encoder_stays() -> None:
    encoders = Encoders(("libx264",))
    encoders.fails("libx264 ultrafast crf 23", ValueError())
    assert encoders.names == ("libx264",)
    assert Encoders(("h264_v4l2m2m", "libx264")).best(SQUARE * 2) == "libx264"
    assert Encoders(()).best() is None
