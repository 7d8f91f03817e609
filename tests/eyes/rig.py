"""A film through ring, watch, mask and feed as in the worker, as fast as it goes: what would be recorded of it?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av

from custom_components.camguard.domain.zones import Zone
from custom_components.camguard.worker.eyes.watch import Sight, Watch
from custom_components.camguard.worker.faults import BlockedError
from custom_components.camguard.worker.input.ring import ENTRY_COST_BYTES, Entry, Ring, StreamInfo
from custom_components.camguard.worker.picture.decode import Frame
from custom_components.camguard.worker.picture.mask import Mask, Masked
from custom_components.camguard.worker.picture.sparse_feed import SparseFeed


def entries(path: Path, *, epoch: int = 1, begin_us: int = 0) -> Iterator[Entry]:
    """Give the packets of a film as the demuxer does; times begin with `begin_us`."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        info = StreamInfo(
            codec_name=stream.codec_context.name, extradata=stream.codec_context.extradata, sound=None, epoch=epoch
        )
        first: int | None = None
        for packet in container.demux(stream):
            if packet.pts is None or packet.size == 0:
                continue
            time_us = int(packet.pts * packet.time_base * 1_000_000)
            first = time_us if first is None else first
            yield Entry(
                kind="video",
                packet=packet,
                time_us=time_us - first + begin_us,
                keyframe=packet.is_keyframe,
                size=packet.size + ENTRY_COST_BYTES,
                info=info,
            )


@dataclass
class Run:
    """What came of a film."""

    times_us: list[int] = field(default_factory=list)
    """Of the pictures that are recorded."""
    told: list[tuple[bool, int]] = field(default_factory=list)
    """(moving, since)."""
    looked_at: int = 0
    """Pictures that were masked for the eyes."""
    undecided_us: int = 0
    """At most."""

    def whole(self, from_s: float, to_s: float, rate: int) -> float:
        """Return which part of the pictures of a time are recorded."""
        count = sum(from_s <= at / 1e6 < to_s for at in self.times_us)
        return count / max((to_s - from_s) * rate, 1)

    def motions(self, end_s: float) -> list[tuple[float, float]]:
        """Return from when to when something moved, by what was told, seconds."""
        spans, since = [], None
        for moving, at_us in self.told:
            if moving:
                since = at_us / 1e6
            elif since is not None:
                spans.append((since, at_us / 1e6))
                since = None
        return [*spans, (since, end_s)] if since is not None else spans


def run(
    film: Path | Iterator[Entry], *, sight: Sight | None = None, zones: tuple[Zone, ...] = (), stop: bool = True
) -> Run:
    """Return what an adaptive clip of a film holds."""
    result = Run()
    mask = Mask(zones, None)
    ring = Ring(0, 256 << 20)

    def masked(frame: Frame) -> Masked | None:
        result.looked_at += 1
        try:
            picture = mask.apply(frame.picture, frame.display_matrix, frame.aspect)
        except BlockedError:
            return None
        return Masked(picture=picture, time_us=frame.time_us, aspect=mask.aspect)

    watch = Watch(
        ring,
        sight or Sight(followed=True),
        zones=zones,
        mask=masked,
        tell=lambda moving, since_us: result.told.append((moving, since_us)),
    )
    feed = SparseFeed(ring, watch)
    epoch = -1

    def take() -> None:
        nonlocal epoch
        while (entry := feed.next(0)) is not None:
            if entry.info.epoch != epoch:
                epoch = entry.info.epoch
                feed.begin(entry)
            if (known := feed.take_masked()) is not None:
                result.times_us.append(known.time_us)
                feed.forget()
            else:
                result.times_us += [frame.time_us for frame in feed.decode(entry)]

    for number, entry in enumerate(entries(film) if isinstance(film, Path) else film):
        ring.append(entry)
        if number == 0:
            watch.open(None)
            feed.open(None)
        while True:
            watch.turn(everything=False)
            if not watch.busy:
                break
        result.undecided_us = max(result.undecided_us, watch.undecided_us)
        take()
    if stop:
        watch.interrupt()
        take()
        result.times_us += [frame.time_us for frame in feed.flush()]
    return result
