"""The ring of compressed packets."""

import threading
from typing import Literal

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.camguard.worker.input.ring import Cursor, Entry, Ring, StreamInfo

SECOND = 1_000_000
INFO = StreamInfo(codec_name="h264", extradata=None, sound=None, epoch=1)


def entry(time_us: int, *, key: bool = False, size: int = 10, kind: Literal["video", "sound"] = "video") -> Entry:
    return Entry(kind=kind, packet=av.Packet(b"x"), time_us=time_us, keyframe=key, size=size, info=INFO)


def fill(ring: Ring, seconds: float, *, start: float = 0, fps: int = 10, gop: int = 10, size: int = 10) -> None:
    for number in range(int(seconds * fps)):
        ring.append(entry(int((start + number / fps) * SECOND), key=number % gop == 0, size=size))


def drain(cursor: Cursor) -> list[int]:
    times = []
    while (item := cursor.next(0)) is not None:
        times.append(item.time_us)
    return times


def test_nothing_is_there_at_first() -> None:
    ring = Ring(SECOND, 1000)
    assert (ring.newest_us, ring.span_us, ring.used_bytes, ring.info) == (None, 0, 0, None)
    cursor = ring.cursor()
    assert cursor.next(0) is None
    assert cursor.behind_us == 0
    assert ring.cursor(0).next(0) is None


def test_begins_with_a_keyframe() -> None:
    ring = Ring(SECOND, 1000)
    ring.append(entry(1))
    ring.append(entry(2, kind="sound", key=True))
    assert ring.newest_us is None
    ring.append(entry(3, key=True))
    ring.append(entry(4, kind="sound"))
    assert (ring.newest_us, ring.span_us, ring.used_bytes, ring.info) == (4, 1, 20, INFO)


def test_keeps_whole_gops_that_reach_back_far_enough() -> None:
    ring = Ring(5 * SECOND, 1 << 20)
    fill(ring, 30)
    first = ring.cursor(0).next(0)
    assert first is not None
    assert first.keyframe
    assert 5 * SECOND <= ring.span_us < 7 * SECOND


def test_a_cursor_begins_at_the_keyframe_before() -> None:
    ring = Ring(100 * SECOND, 1 << 20)
    fill(ring, 5)
    assert drain(ring.cursor(2_500_000))[0] == 2 * SECOND
    assert drain(ring.cursor(2_000_000))[0] == 2 * SECOND
    assert drain(ring.cursor(-1))[0] == 0
    assert drain(ring.cursor(99 * SECOND))[0] == 4 * SECOND
    assert drain(ring.cursor())[0] == 4 * SECOND


def test_what_an_open_cursor_needs_stays() -> None:
    ring = Ring(SECOND, 1 << 20)
    fill(ring, 2)
    cursor = ring.cursor(0)
    first = cursor.next(0)
    assert first is not None
    assert cursor.behind_us == ring.newest_us
    fill(ring, 20, start=2)
    assert ring.span_us > 20 * SECOND
    assert len(drain(cursor)) == 219 - round(first.time_us / SECOND * 10)
    assert cursor.take_lost() is None
    assert cursor.behind_us == 0
    cursor.close()
    cursor.close()
    fill(ring, 2, start=22)
    assert ring.span_us < 3 * SECOND


def test_the_bound_in_bytes_goes_before_everybody() -> None:
    ring = Ring(SECOND, 1000)
    fill(ring, 1, size=50)
    cursor, other = ring.cursor(0), ring.cursor()
    fill(ring, 4, start=1, size=50)
    assert ring.used_bytes <= 1000
    lost = cursor.take_lost()
    assert lost is not None
    assert lost[0] == 0
    assert cursor.take_lost() is None
    assert other.take_lost() == lost
    following = cursor.next(0)
    assert following is not None
    assert following.keyframe
    assert following.time_us > lost[1]


def test_a_gop_that_does_not_fit_is_dropped_whole() -> None:
    ring = Ring(SECOND, 1000)
    cursor = ring.cursor()
    ring.append(entry(0, key=True, size=600))
    ring.append(entry(1, size=600))
    assert (ring.used_bytes, ring.newest_us) == (0, None)
    ring.append(entry(2, size=10))
    assert ring.used_bytes == 0, "nothing of it can be decoded any more"
    ring.append(entry(3, key=True, size=10))
    assert drain(cursor) == [3]
    assert cursor.take_lost() == (0, 1)


def test_after_an_interruption_it_begins_anew() -> None:
    ring = Ring(SECOND, 1000)
    ring.append(entry(0, key=True))
    ring.interrupt()
    ring.append(entry(1))
    ring.append(entry(2, kind="sound"))
    ring.append(entry(3, key=True))
    assert drain(ring.cursor(0)) == [0, 3]


def test_a_reader_is_woken_by_news_and_by_the_end() -> None:
    ring = Ring(SECOND, 1000)
    cursor = ring.cursor()
    found: list[Entry | None] = []

    def read() -> None:
        found.append(cursor.next(60))
        found.append(cursor.next(60))

    thread = threading.Thread(target=read)
    thread.start()
    ring.append(entry(7, key=True))
    ring.close()
    thread.join(30)
    assert not thread.is_alive()
    assert [item and item.time_us for item in found] == [7, None]
    assert ring.cursor().next(60) is not None, "what is there can still be read"


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["video", "key", "sound", "cursor", "latest", "read", "close", "interrupt"]),
            st.integers(0, 3 * SECOND),
            st.integers(1, 400),
        ),
        max_size=120,
    )
)
def test_its_books_are_right_whatever_happens(steps: list[tuple[str, int, int]]) -> None:
    ring = Ring(2 * SECOND, 1000)
    cursors: list[tuple[Cursor, list[int]]] = []
    now = 0
    for what, value, size in steps:
        match what:
            case "video" | "key":
                now += value + 1
                ring.append(entry(now, key=what == "key", size=size))
            case "sound":
                ring.append(entry(now, kind="sound", size=size))
            case "cursor" | "latest":
                cursors.append((ring.cursor(now - value) if what == "cursor" else ring.cursor(), []))
            case "read":
                for cursor, seen in cursors:
                    item = cursor.next(0)
                    if item is not None:
                        lost = cursor.take_lost()
                        if lost is not None or not seen:
                            assert item.kind == "video"
                            assert item.keyframe
                        assert not seen or item.time_us >= seen[-1]
                        seen.append(item.time_us)
            case "close" if cursors:
                cursors.pop()[0].close()
            case "interrupt":
                ring.interrupt()
        held = list(ring._entries)
        assert ring.used_bytes == sum(item.size for item in held) <= 1000
        assert not held or (held[0].keyframe and held[0].kind == "video")
        keys = [(ring._base + n, item.time_us) for n, item in enumerate(held) if item.kind == "video" and item.keyframe]
        assert [(keyframe.number, keyframe.whole_us) for keyframe in ring._keyframes] == keys


@pytest.mark.parametrize("keep_us", [0, 10 * SECOND])
def test_a_stream_without_keyframes_is_bounded(keep_us: int) -> None:
    ring = Ring(keep_us, 5000)
    for number in range(2000):
        ring.append(entry(number * 100_000, key=number == 0))
        assert ring.used_bytes <= 5000
