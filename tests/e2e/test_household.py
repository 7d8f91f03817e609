"""The main job in a real Home Assistant: triggers, clips, playback, what lies on disk, backups, power cuts."""

import io
import json
import os
import re
import subprocess
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from .. import scene
from ..home import descendants, wait_for
from ..household import ZONES, sibling
from .conftest import Household

MARGIN = 0.02
"""Of the picture: how far from a zone's edge a pixel counts as outside."""


def clips(house: Household, **fields: Any) -> list[dict[str, Any]]:
    return house.home.call("camguard.list_clips", response=True, **fields)["clips"]


def new_clip(house: Household, before: list[dict[str, Any]], seconds: float = 40) -> dict[str, Any]:
    known = {clip["clip_id"] for clip in before}
    return wait_for(
        "a new clip", lambda: next((clip for clip in clips(house) if clip["clip_id"] not in known), None), seconds
    )


def streaming(house: Household) -> None:
    wait_for(
        "the guarded camera", lambda: (house.home.state(house.guarded) or {}).get("state") in {"streaming", "recording"}
    )


def contains(zone: dict[str, str], x: Any, y: Any, grow: float) -> Any:
    """Even-odd rule on arrays; `grow` widens (or narrows) the zone about its centre."""
    points = np.array([[float(v) / 100 for v in pair.split(",")] for pair in zone["points"].split()])
    centre = points.mean(0)
    points = centre + (points - centre) * (1 + grow)
    inside = np.zeros(np.broadcast(x, y).shape, bool)
    for (x1, y1), (x2, y2) in zip(points, np.roll(points, -1, 0), strict=True):
        if y1 != y2:
            inside ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return inside


def check_pictures(mp4: bytes) -> int:
    """Every frame: zones constant in Y, U and V, the rest like the source. Returns how many were compared."""
    compared = 0
    frames = 0
    with av.open(io.BytesIO(mp4)) as container:
        for frame in container.decode(video=0):
            frames += 1
            planes = [
                np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width].astype(int)
                for plane in frame.planes
            ]
            for plane, black in zip(planes, (16, 128, 128), strict=True):
                height, width = plane.shape
                ys, xs = (np.mgrid[0:height, 0:width] + 0.5) / np.array([height, width])[:, None, None]
                for zone in ZONES:
                    inside = plane[contains(zone, xs, ys, 0)]
                    assert abs(inside - black).max() <= 30, f"frame {frames}: {zone['name']} is open"
                    assert abs(inside - black).mean() < 1.5
            number = scene.read_number(planes[0].astype(np.uint8))
            if number is None or frames % 5:
                continue
            source = av.VideoFrame.from_ndarray(scene.picture(number), "rgb24").reformat(format="yuv420p")
            luma = np.frombuffer(source.planes[0], np.uint8).reshape(source.height, -1)[:, : source.width].astype(int)
            height, width = luma.shape
            ys, xs = (np.mgrid[0:height, 0:width] + 0.5) / np.array([height, width])[:, None, None]
            outside = ~np.logical_or.reduce([contains(zone, xs, ys, MARGIN * 4) for zone in ZONES])
            error = np.mean((luma[outside] - planes[0][outside]) ** 2)
            assert 10 * np.log10(255**2 / max(error, 1e-9)) >= 30, f"picture {number} doesn't resemble the source"
            compared += 1
    return compared


def test_an_automation_records_and_the_clip_plays(house: Household) -> None:
    streaming(house)
    before = clips(house)
    time.sleep(3)
    pressed_at = time.time()
    house.home.call("input_button.press", entity_id="input_button.bell")
    clip = new_clip(house, before)
    assert clip["camera"] == house.guarded
    assert clip["trigger"] == "action"
    begin = time.strptime(clip["start"][:19], "%Y-%m-%dT%H:%M:%S")
    assert abs(time.mktime(begin) - time.timezone - (pressed_at - 3)) < 3
    entry = house.home.ws("media_source/browse_media", media_content_id="media-source://camguard")
    camera = house.home.ws("media_source/browse_media", media_content_id=entry["children"][0]["media_content_id"])
    day = house.home.ws("media_source/browse_media", media_content_id=camera["children"][0]["media_content_id"])
    item = next(child for child in day["children"] if clip["clip_id"] in child["media_content_id"])
    resolved = house.home.ws("media_source/resolve_media", media_content_id=item["media_content_id"])
    assert resolved["mime_type"] == "video/mp4"
    url = house.home.url + resolved["url"]
    whole = house.home.session.get(url, timeout=30)
    assert whole.status_code == 200
    assert whole.headers["Cache-Control"] == "no-store"
    mp4 = whole.content
    assert len(mp4) == clip["size"]
    for start in range(0, len(mp4), max(len(mp4) // 7, 1)):
        part = house.home.session.get(url, headers={"Range": f"bytes={start}-{start + 4999}"}, timeout=30)
        assert part.status_code == 206
        assert part.content == mp4[start : start + 5000]
    assert house.home.session.get(url.replace("authSig", "x"), timeout=30).status_code == 401
    assert check_pictures(mp4) >= 5
    check_with_ffprobe(mp4, house.home.folder.parent / "clip.mp4")


def check_with_ffprobe(mp4: bytes, path: Path) -> None:
    path.write_bytes(mp4)
    try:
        shown = subprocess.run(
            ["ffprobe", "-v", "trace", "-show_streams", "-of", "json", path], check=True, capture_output=True, text=True
        )
        kinds = re.findall(r"type:'(\w+)' parent:'root'", shown.stderr)
        assert kinds.index("moov") < kinds.index("mdat")
        assert "moof" not in kinds
        (stream,) = json.loads(shown.stdout)["streams"]
        assert (stream["codec_name"], stream["codec_tag_string"], stream["pix_fmt"]) == ("h264", "avc1", "yuv420p")
        assert stream["has_b_frames"] == 0
    finally:
        path.unlink()


def test_a_trigger_records_for_as_long_as_it_holds(house: Household) -> None:
    streaming(house)
    before = clips(house)
    house.home.call("input_boolean.turn_on", entity_id="input_boolean.motion")
    recording = sibling(house.home, house.guarded, "recording", "binary_sensor.")
    wait_for("recording", lambda: house.home.state(recording)["state"] == "on")
    time.sleep(4)
    house.home.call("input_boolean.turn_off", entity_id="input_boolean.motion")
    clip = new_clip(house, before)
    assert clip["trigger"] == "input_boolean.motion"
    assert 3 + 4 + 2 - 1 < clip["duration"] < 3 + 4 + 2 + 3
    told = lambda: house.home.state(sibling(house.home, house.guarded, "clip", "event."))["attributes"]  # noqa: E731
    wait_for("the event", lambda: told().get("clip_id") == clip["clip_id"], 5)
    assert told()["event_type"] == "recorded"


def test_the_still_is_masked_and_the_source_hidden(house: Household) -> None:
    streaming(house)
    answer = house.home.request("GET", f"/api/camera_proxy/{house.guarded}")
    assert answer.status_code == 200
    with av.open(io.BytesIO(answer.content)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    height, width = picture.shape[:2]
    ys, xs = (np.mgrid[0:height, 0:width] + 0.5) / np.array([height, width])[:, None, None]
    for zone in ZONES:
        assert picture[contains(zone, xs, ys, -0.02)].max() < 24
    entries = {item["entity_id"]: item for item in house.home.ws("config/entity_registry/list")}
    assert entries["camera.street"]["hidden_by"] == "integration"


def test_another_user_sees_nothing(house: Household) -> None:
    if not clips(house):
        pytest.fail("no clip to look at")
    house.home.add_user("Guest", "guest", "guest-password")
    guest = house.home.login("guest", "guest-password")
    clip_id = clips(house)[0]["clip_id"]
    assert guest.request("GET", f"/api/camguard/clips/{clip_id}.mp4").status_code == 404
    assert guest.request("GET", f"/api/camguard/clips/{'0' * 32}.mp4").status_code == 404
    assert guest.ws("media_source/browse_media", media_content_id="media-source://camguard")["children"] == []


def test_nothing_on_disk_shows_a_picture(house: Household) -> None:
    """Neither while a clip is recorded by the action, nor afterwards."""
    streaming(house)
    before = clips(house)
    clip_id = house.home.call("camguard.record", response=True, entity_id=house.guarded, duration=8, reason="A look")[
        "clip_id"
    ]
    time.sleep(6)
    storage = house.home.folder / ".cache" / "camguard" / "clips"
    assert (storage / "spool" / f"{clip_id}.spool.age").stat().st_size > 0
    nothing_shows(house)
    assert house.home.process
    written = set(files_written(house.home.process.pid))
    assert storage / "spool" / f"{clip_id}.spool.age" in written
    assert all(path.is_relative_to(storage) for path in written), f"workers write elsewhere: {written}"
    assert new_clip(house, before)["clip_id"] == clip_id
    nothing_shows(house)


def nothing_shows(house: Household) -> None:
    sealed = list(house.home.folder.glob(".cache/camguard/clips/**/*.age"))
    assert sealed
    for path in sealed:
        assert path.read_bytes()[:22] == b"age-encryption.org/v1\n"
    source = house.rtsp.film.read_bytes()
    slices = [source[start : start + 24] for start in range(len(source) // 4, len(source) - 24, len(source) // 40)]
    for path in house.home.folder.rglob("*"):
        if not path.is_file() or path.is_symlink() or "custom_components" in path.parts:
            continue
        data = path.read_bytes()
        for mark in (b"ftypisom", b"moov", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xdb", b"\x00\x00\x00\x01\x67", *slices):
            assert mark not in data, f"{path} holds {mark!r}"


def files_written(pid: int) -> Iterator[Path]:
    """Yield the regular files that the workers below a process have open for writing."""
    for child in descendants(pid):
        if "camguard/worker" not in Path(f"/proc/{child}/cmdline").read_text():
            continue
        for link in Path(f"/proc/{child}/fd").iterdir():
            path = link.resolve()
            flags = int(Path(f"/proc/{child}/fdinfo/{link.name}").read_text().split()[3], 8)
            if path.is_file() and flags & (os.O_WRONLY | os.O_RDWR):
                yield path


def test_secrets_are_not_logged(house: Household) -> None:
    log = house.home.log.read_text("utf-8", "replace")
    assert "s3cret-for-rtsp" not in log
    diagnostics = house.home.request("GET", f"/api/diagnostics/config_entry/{house.entry_id}")
    assert diagnostics.status_code == 200
    for secret in ("s3cret-for-rtsp", "Sato Hanako", "048-000-0000", "AGE-SECRET-KEY"):
        assert secret not in diagnostics.text


def test_a_backup_holds_nothing_that_brings_footage_back(house: Household) -> None:
    agents = [agent["agent_id"] for agent in house.home.ws("backup/agents/info")["agents"]]
    house.home.ws(
        "backup/generate", agent_ids=[agents[0]], include_homeassistant=True, include_database=True, name="proof"
    )
    wait_for("the backup", lambda: list((house.home.folder / "backups").glob("*.tar")), 90)
    wait_for("the backup's end", lambda: house.home.ws("backup/info")["state"] == "idle", 90)
    (archive,) = (house.home.folder / "backups").glob("*.tar")
    names: list[str] = []
    with tarfile.open(archive) as outer:
        for member in outer:
            names.append(member.name)
            if member.name.endswith(".tar.gz"):
                inner_file = outer.extractfile(member)
                assert inner_file
                with tarfile.open(fileobj=inner_file, mode="r:gz") as inner:
                    names += inner.getnames()
    assert any(name.endswith(".storage/core.config_entries") for name in names)
    assert any(name.endswith("camguard/ledger.jsonl") for name in names)
    assert not [name for name in names if name.endswith((".age", ".key")) or ".cache/camguard" in name]
    archive.unlink()


def test_a_lost_camera_is_told_and_comes_back(house: Household) -> None:
    streaming(house)
    house.rtsp.stop()
    sensor = sibling(house.home, house.guarded, "worker", "sensor.")
    wait_for("the loss", lambda: house.home.state(sensor)["state"] == "reconnecting", 40)
    time.sleep(2)
    house.rtsp.start()
    wait_for("its return", lambda: house.home.state(sensor)["state"] == "streaming", 60)
    event = house.home.state(sibling(house.home, house.guarded, "clip", "event."))
    assert event["attributes"]["event_type"] == "gap"


def test_a_power_cut_loses_seconds_only(house: Household) -> None:
    streaming(house)
    before = clips(house)
    house.home.call("input_boolean.turn_on", entity_id="input_boolean.motion")
    recording = sibling(house.home, house.guarded, "recording", "binary_sensor.")
    wait_for("recording", lambda: house.home.state(recording)["state"] == "on")
    time.sleep(8)
    killed = datetime.now(UTC)
    house.home.kill()
    house.home.start()
    house.home.onboard("Owner", "owner", house.password)
    house.home.wait_running()
    house.home.call("input_boolean.turn_off", entity_id="input_boolean.motion")
    known = {clip["clip_id"] for clip in before}

    def cut_short() -> Any:
        # The trigger is still on after the restart: another clip begins, and may be finished first.
        new = [clip for clip in clips(house) if clip["clip_id"] not in known]
        return next((clip for clip in new if datetime.fromisoformat(clip["start"]) < killed), None)

    clip = wait_for("the clip that was cut short", cut_short, 60)
    assert clip["duration"] > 5
    path = f"/api/camguard/clips/{clip['clip_id']}.mp4"
    assert check_pictures(house.home.request("GET", path).content) >= 3
    kept = {item["clip_id"] for item in clips(house)}
    assert {item["clip_id"] for item in before} <= kept
