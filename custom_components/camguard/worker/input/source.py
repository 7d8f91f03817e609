"""Keeps one camera's packets coming into the ring, for ever: connect, read, fall back, try again.

Nothing is decoded here. Where the pictures come from is asked of Home Assistant at every connect (addresses expire).
Every interruption of two seconds or more is reported with its cause (invariant 8).
"""

import queue
import random
import threading
import time
from collections.abc import Callable

import av

from .. import faults
from ..clock import Clock
from ..protocol import Connect, Status, Still
from ..pulse import Pulse
from .demuxer import READ_SECONDS, Demuxer, LostError
from .picture_file import picture_of
from .ring import ENTRY_COST_BYTES, Entry, Ring, StreamInfo
from .timeline import Timeline

ANSWER_SECONDS = 30.0
STILL_SECONDS = 30.0
"""A camera guarded from stills is lost when no picture came for this long."""
RETRY_SECONDS = 0.5
"""After a connection that showed something."""
RETRY_MAX_SECONDS = 60.0
URGENT_SECONDS = 1.0
"""While somebody waits."""
ASLEEP_SECONDS = 900.0
"""A camera that sleeps is asked for again after this at the latest: it tells by itself, or a trigger does."""
STUCK_SECONDS = 180.0
"""Every wait here has an end, but for names that are asked of a dead server: that takes longest."""
GAP_US = 2_000_000
SLOW_US = 15_000_000
"""A camera may take this long for a picture, as a rule."""
FEW_PICTURES = 2
PATIENT_SECONDS = 45.0
GAP_STEPS = 4
"""A slow camera's ordinary pause isn't a gap: it is one when it is this many times the usual."""
MAX_STILLS_GARBLED = 8
"""In a row, before the first that is a picture."""


class Source:
    """One camera as a thread. The callbacks are called from it, or from the thread that calls `push`."""

    def __init__(
        self,
        ring: Ring,
        *,
        on_status: Callable[[Status], None],
        on_needed: Callable[[int], None],
        on_gap: Callable[[int, int, str], None],
        on_lost: Callable[[str], None],
        record_audio: bool,
        clock: Clock,
    ) -> None:
        self._ring = ring
        self._on_status = on_status
        self._on_needed = on_needed
        self._on_gap = on_gap
        self._on_lost = on_lost
        self._record_audio = record_audio
        self._clock = clock
        self._answers: queue.SimpleQueue[Connect | None] = queue.SimpleQueue()
        self._stills: queue.Queue[Still] = queue.Queue(4)
        self._stopping = threading.Event()
        self._again = threading.Event()
        """Don't wait any longer before the next try."""
        self._urgent = False
        self._epoch = 0
        self._streaming = False
        self._delivered = False
        """Whether the present connection showed a picture."""
        self._last_us: int | None = None
        """Time of the last picture, over all connections, by the worker's clock."""
        self._step_us = 0
        self._slow = False
        self._loss = faults.SOURCE_UNAVAILABLE
        self.packets = 0
        self.pulse = Pulse(STUCK_SECONDS)
        self._thread = threading.Thread(target=self._run, name="source", daemon=True)

    def start(self) -> None:
        """Begin to ask and connect."""
        self._thread.start()

    def supply(self, connect: Connect) -> None:
        """Give the answer to `on_needed`."""
        self._answers.put(connect)

    def reconnect(self, *, urgent: bool) -> None:
        """Try again at once, if there is no connection; `urgent`: every second until told otherwise."""
        self._urgent = urgent
        self._again.set()

    def push(self, still: Still) -> None:
        """Give a picture of a camera without a stream; the oldest is dropped when they come too fast."""
        while True:
            try:
                self._stills.put_nowait(still)
            except queue.Full:
                try:
                    self._stills.get_nowait()
                except queue.Empty:
                    continue
            else:
                return

    def stop(self) -> None:
        """Begin nothing new. A read that waits for a dead camera ends with the process."""
        self._stopping.set()
        self._again.set()
        self._answers.put(None)

    # --- the thread ---

    def _run(self) -> None:
        attempt = 0
        self._on_status(Status(state="connecting"))
        while not self._stopping.is_set():
            self.pulse.turn()
            self._on_needed(attempt)
            try:
                connect = self._answers.get(timeout=ANSWER_SECONDS)
            except queue.Empty:
                continue
            if connect is None:
                return
            self.pulse.turn()
            self._delivered = False
            try:
                self._deliver(connect)
            except LostError as loss:
                self._lost(loss)
            if self._stopping.is_set():
                return
            # On a bad line each connection that showed something is a success: only refusals wait ever longer.
            attempt = 1 if self._delivered else attempt + 1
            delay = RETRY_SECONDS if self._delivered else min(2.0 ** (attempt - 1), RETRY_MAX_SECONDS)
            if connect.sleeps and not self._delivered:
                delay = ASLEEP_SECONDS
            if self._urgent:
                delay = min(delay, URGENT_SECONDS)
            self.pulse.rest()
            if self._again.wait(delay * random.uniform(0.8, 1.2)):  # noqa: S311 - spreads retries
                self._again.clear()
                attempt = 0

    def _deliver(self, connect: Connect) -> None:
        match connect.kind:
            case "stream":
                self._read_stream(connect)
            case "stills":
                self._read_stills()
            case "asleep":
                raise LostError(faults.SOURCE_ASLEEP, connect.detail)
            case _:
                raise LostError(faults.SOURCE_UNAVAILABLE, connect.detail)

    def _lost(self, loss: LostError) -> None:
        self._loss = loss.key
        self._streaming = False
        self._ring.interrupt()
        self._on_lost(loss.key)
        self._on_status(Status(state="reconnecting", key=loss.key, detail=loss.detail))

    # --- streams ---

    def _read_stream(self, connect: Connect) -> None:
        self._epoch += 1
        wanted, before = self._record_audio, self.packets
        with Demuxer(connect, sound_wanted=wanted, epoch=self._epoch, patience_s=self._patience_s()) as demuxer:
            for entry in demuxer.entries(self._clock, self._stopping):
                if self._stopping.is_set():
                    return
                self.pulse.turn()
                if entry is not None:
                    self._put(entry)
                    self._slow = self.packets - before <= FEW_PICTURES

    def _patience_s(self) -> float:
        """Return how long to wait for a picture: a camera may send one in ten seconds."""
        if self._slow:  # the last connection showed too little to know its pace
            return PATIENT_SECONDS
        return min(max(READ_SECONDS, GAP_STEPS * self._step_us / 1e6), PATIENT_SECONDS)

    # --- stills ---

    def _read_stills(self) -> None:
        good_at, garbled = time.monotonic(), 0
        info: StreamInfo | None = None
        timeline = Timeline()
        while not self._stopping.is_set():
            self.pulse.turn()
            still = self._next_still(good_at + STILL_SECONDS)
            codec, image = picture_of(still.image)
            if codec is None:
                # A busy camera's excuse: it costs nothing but itself, unless nothing else comes.
                garbled += 1
                if (info is None and garbled >= MAX_STILLS_GARBLED) or time.monotonic() - good_at > STILL_SECONDS:
                    raise LostError(faults.SOURCE_NOT_VIDEO)
                continue
            good_at, garbled = time.monotonic(), 0
            if info is None or info.codec_name != codec:
                self._epoch += 1
                state = "none" if self._record_audio else "off"
                info = StreamInfo(codec_name=codec, extradata=None, sound=None, epoch=self._epoch, sound_state=state)
            now_us = self._clock.now_us()
            # It was taken before it came here, whatever was done to the wall clock in between.
            time_us = timeline.place(min(self._clock.era.own(still.time_us), now_us), None, None)
            packet, size = av.Packet(image), len(image) + ENTRY_COST_BYTES
            self._put(
                Entry(
                    kind="video",
                    packet=packet,
                    time_us=time_us,
                    keyframe=True,
                    size=size,
                    info=info,
                )
            )

    def _next_still(self, until: float) -> Still:
        try:
            return self._stills.get(timeout=max(until - time.monotonic(), 0.1))
        except queue.Empty:
            raise LostError(faults.SOURCE_STALLED) from None

    # --- into the ring ---

    def _put(self, entry: Entry) -> None:
        if entry.kind == "sound":
            if self._streaming:
                self._ring.append(entry)
            return
        self.packets += 1
        if not self._streaming and not entry.keyframe:
            return
        last_us, self._last_us = self._last_us, entry.time_us
        if last_us is not None:
            step_us = entry.time_us - last_us
            first = self._streaming and not self._step_us and step_us <= SLOW_US  # its pace isn't known yet
            if step_us >= GAP_US and step_us > GAP_STEPS * self._step_us and not first:
                # By the wall clock of now: were it set in between, the length would be wrong.
                utc = self._clock.era.utc
                cause = faults.SOURCE_STALLED if self._streaming else self._loss
                self._on_gap(utc(last_us), utc(entry.time_us), cause)
            elif self._streaming:
                self._step_us = step_us if not self._step_us else (7 * self._step_us + step_us) // 8
        self._ring.append(entry)
        if not self._streaming:
            self._streaming = self._delivered = True
            self._again.clear()
            self._on_status(
                Status(
                    state="streaming",
                    codec=entry.info.codec_name,
                    sound=entry.info.sound_state,
                    sound_codec=entry.info.sound_codec,
                )
            )
