"""A household for the panel: two guarded cameras, and a week behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time_ns

from . import household
from .home import Home, new_password, wait_for
from .past import Film, live_through
from .rtsp import RtspServer

PLACES = ("Front door, facing the gate", "Back garden")


@dataclass
class PanelHouse:
    """What runs."""

    home: Home
    rtsp: RtspServer
    password: str
    entry_id: str
    cameras: tuple[str, str]
    """Entity ids of the guarded cameras."""
    camera_ids: tuple[str, str]


@contextmanager
def panel_house(folder: Path, *, days: int = 7, extra: str = "") -> Iterator[PanelHouse]:
    """Start it; its past is written while it is stopped."""
    password = new_password()
    with RtspServer(household.film()) as rtsp:
        home = household.begin(folder / "config", password, extra=extra)
        try:
            entry_id, guarded, camera_ids = guard_two(home, rtsp)
            give_past(home, password, camera_ids, guarded[0], days=days)
            wait_for("the camera", lambda: (home.state(guarded[0]) or {}).get("state") == "streaming", 60)
            yield PanelHouse(home, rtsp, password, entry_id, guarded, camera_ids)
        finally:
            home.stop()


def guard_two(home: Home, rtsp: RtspServer) -> tuple[str, tuple[str, str], tuple[str, str]]:
    """Guard the street camera twice, as two cameras; returns (entry, entity ids, camera ids)."""
    street, garden = (household.add_street_camera(home, rtsp, name) for name in ("street", "garden"))
    entry_id = household.set_up(home)
    first = household.guard(home, entry_id, street, test_clip=False, pre_roll=1, post_roll=1, place=PLACES[0])
    second = household.guard(home, entry_id, garden, test_clip=False, pre_roll=1, post_roll=1, place=PLACES[1])
    return entry_id, (first, second), (camera_id_of(home, first), camera_id_of(home, second))


def camera_id_of(home: Home, guarded: str) -> str:
    """Return a guarded camera's id."""
    entries = {item["entity_id"]: item["unique_id"] for item in home.ws("config/entity_registry/list")}
    return str(entries[guarded]).removesuffix("_camera")


def give_past(home: Home, password: str, camera_ids: tuple[str, str], guarded: str, *, days: int = 7) -> None:
    """Record a clip, stop, put a week of such clips behind it, and start again."""
    wait_for("the camera", lambda: (home.state(guarded) or {}).get("state") == "streaming", 60)
    clip_id = home.call("camguard.record", response=True, entity_id=guarded, duration=6)["clip_id"]
    wait_for("the clip", lambda: home.call("camguard.list_clips", response=True)["clips"], 60)
    mp4, jpeg = (home.request("GET", f"/api/camguard/clips/{clip_id}.{kind}").content for kind in ("mp4", "jpg"))
    zones = tuple((zone["name"], zone["points"]) for zone in household.ZONES)
    films = [
        Film(camera_id, name, place, mp4, jpeg, zones)
        for camera_id, name, place in zip(camera_ids, ("Street", "Garden"), PLACES, strict=True)
    ]
    home.stop()
    live_through(home.folder, films, time_ns() // 1000, days=days)
    home.start()
    home.onboard(household.OWNER[0], household.OWNER[1], password)
    home.wait_running()
