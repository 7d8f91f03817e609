"""The proof of the mask: a clip that was spoilt on purpose never becomes one that can be played."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from custom_components.camguard.domain.zones import parse_zones
from custom_components.camguard.worker import faults
from custom_components.camguard.worker.clip import proof
from custom_components.camguard.worker.clip.spool import Head, Packet, SpoolReader, SpoolWriter
from custom_components.camguard.worker.picture.encode import Encoder
from custom_components.camguard.worker.picture.mask import Mask
from custom_components.camguard.worker.protocol import ClipFailed, ClipFinished

from .driver import ClipOrder, Driver, configuration

WIDTH, HEIGHT, PICTURES, STEP_US = 320, 240, 60, 200_000
ZONES = (("window", "10,10 40,10 40,60 10,60"),)
BEGIN_US = 1_800_000_000_000_000

type Planes = list[np.ndarray[Any, np.dtype[np.uint8]]]
type Spoil = Callable[[int, Planes], None]


def view(picture: av.VideoFrame) -> Planes:
    return [
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in picture.planes
    ]


def spool(order: ClipOrder, spoil: Spoil = lambda _number, _planes: None, **meta: object) -> Path:
    """Write the spool of a clip as a worker does; `spoil` paints on its masked pictures."""
    mask = Mask(parse_zones([{"name": name, "points": points} for name, points in ZONES]), None)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    writer: SpoolWriter | None = None
    encoder: Encoder | None = None
    for number in range(PICTURES):
        picture = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        luma, *chroma = view(picture)
        luma[:] = 120 + 60 * np.sin((rows + number) / 9) * np.cos(columns / 7)
        for plane in chroma:
            plane[:] = 100 + number % 20
        masked = mask.apply(picture)
        masked.make_writable()
        spoil(number, view(masked))
        encoder = encoder or Encoder("libx264", masked)
        if writer is None:
            writer = SpoolWriter(order.spool_path, order.spool)
            writer.head(
                Head(
                    clip_id=order.clip_id, start_us=BEGIN_US, width=WIDTH, height=HEIGHT, source_codec="h264",
                    encoder=encoder.description, extradata=encoder.extradata or b"", has_audio=False,
                    meta={"camera_id": "camera", "zones": [list(zone) for zone in ZONES]} | meta,
                )
            )  # fmt: skip
        units = encoder.encode(masked, BEGIN_US + number * STEP_US)
        for unit in [*units, *(encoder.flush() if number == PICTURES - 1 else [])]:
            writer.packet(Packet(pts_us=unit.pts_us, dts_us=unit.dts_us, keyframe=unit.keyframe, data=unit.data))
    assert writer is not None
    writer.end(end_us=BEGIN_US + PICTURES * STEP_US, reason="until", frame_rate_lowered=False)
    return order.spool_path


def luma_open(number: int, planes: Planes) -> None:
    planes[0][60:70, 60:90] = 200


def chroma_open(plane: int) -> Spoil:
    def spoil(number: int, planes: Planes) -> None:
        planes[plane][30:40, 30:50] = 60

    return spoil


def only(last: int, spoil: Spoil) -> Spoil:
    """Spoil the pictures from that one on."""

    def some(number: int, planes: Planes) -> None:
        if number >= last:
            spoil(number, planes)

    return some


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (luma_open, ": Y"),
        (chroma_open(1), ": U"),
        (chroma_open(2), ": V"),
        (only(PICTURES - 1, luma_open), ": Y"),
        (only(PICTURES // 2, chroma_open(2)), ": V"),
    ],
)
def test_a_spoilt_clip_is_kept_closed(spoil: Spoil, where: str, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    spool(order, spoil)
    with Driver() as driver:
        driver.send(configuration())
        driver.send(order.finish())
        failed = driver.wait(ClipFailed)
    assert (failed.key, failed.camera_id, failed.spool_usable) == (faults.MASK_NOT_PROVED, "camera", True)
    assert failed.detail.endswith(where)
    assert not order.clip_path.exists()
    assert not order.thumbnail_path.exists()
    assert order.spool_path.exists(), "what it holds stays closed, for who looks into it"


def test_a_masked_clip_says_in_how_many_pictures_that_was_seen(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    spool(order)
    with Driver() as driver:
        driver.send(configuration())
        driver.send(order.finish())
        finished = driver.wait(ClipFinished)
    assert finished.mask_checked == 5, "three keyframes, the first among them, the last one, and the last picture"
    assert proof.check(order.spool_path, order.spool, parse_zones([]))[0] == PICTURES


@pytest.mark.parametrize("zones", [7, [["a", "0,0"]], [["a"]], "abc", [[1, 2]]])
def test_zones_that_cannot_be_read_prove_nothing(zones: object, tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    spool(order, zones=zones)
    with SpoolReader(order.spool_path, order.spool) as reader:
        assert proof.prove(reader).open_at.startswith("unreadable")


def test_pictures_that_cannot_be_decoded_prove_nothing(tmp_path: Path) -> None:
    order = ClipOrder(tmp_path)
    writer = SpoolWriter(order.spool_path, order.spool)
    writer.head(
        Head(
            clip_id=order.clip_id, start_us=BEGIN_US, width=WIDTH, height=HEIGHT, source_codec="h264",
            encoder="libx264", extradata=b"", has_audio=False, meta={"zones": []},
        )
    )  # fmt: skip
    writer.packet(Packet(pts_us=BEGIN_US, dts_us=BEGIN_US, keyframe=True, data=b"no picture"))
    writer.end(end_us=BEGIN_US + 1, reason="until", frame_rate_lowered=False)
    with SpoolReader(order.spool_path, order.spool) as reader:
        assert proof.prove(reader).open_at
