"""A whole household for demo, end-to-end tests and benchmark: a street camera over RTSP, Home Assistant, CamGuard."""

import shutil
from pathlib import Path
from typing import Any

from . import scene
from .home import Home, wait_for
from .rtsp import RtspServer

ROOT = Path(__file__).parent.parent
MEDIA = ROOT / ".build" / "media"
COMPONENT = ROOT / "custom_components" / "camguard"
SITE = {
    "operator_name": "Sato Hanako",
    "contact": "048-000-0000",
    "purpose": "Crime prevention",
    "retention_days": 14,
    "min_free_gb": 1,
}
ZONES = [{"name": "Neighbour's house", "points": scene.NEIGHBOUR}, {"name": "Street", "points": scene.STREET}]
OWNER = ("Owner", "owner")


def film() -> Path:
    """Return the demo's film, drawn once."""
    return scene.movie(MEDIA)


def film_in(folder: Path) -> Path:
    """Return a copy of it, for a server of its own (which writes beside it)."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(film(), folder))


def begin(folder: Path, password: str, *, port: int = 0, language: str = "en", extra: str = "") -> Home:
    """Start a Home Assistant with its owner; what was set up before is still there."""
    home = Home(folder, port, language)
    home.extra = extra
    home.prepare()
    home.link(COMPONENT)
    home.start()
    home.onboard(OWNER[0], OWNER[1], password)
    home.wait_running()
    return home


def add_street_camera(home: Home, rtsp: RtspServer, name: str = "street") -> str:
    """Set up core's generic camera for the RTSP server; returns its entity id."""
    login = dict(zip(("username", "password"), rtsp.login or (), strict=False))
    advanced = {"framerate": 15, "verify_ssl": False, "rtsp_transport": "tcp"}
    answer = home.flow("generic", {"stream_source": rtsp.url, **login, "advanced": advanced}, {"confirmed_ok": True})
    assert answer["type"] == "create_entry", answer
    entry_id = answer["result"]["entry_id"]

    def entity() -> str | None:
        entries = home.ws("config/entity_registry/list")
        return next((item["entity_id"] for item in entries if item["config_entry_id"] == entry_id), None)

    entity_id = wait_for("the generic camera's entity", entity)
    renamed = f"camera.{name}"
    title = name.replace("_", " ").capitalize()
    home.ws("config/entity_registry/update", entity_id=entity_id, new_entity_id=renamed, name=title)
    wait_for("the renamed camera", lambda: home.state(renamed))
    return renamed


def set_up(home: Home) -> str:
    """Set up the site; returns its entry's id."""
    answer = home.flow("camguard", SITE)
    assert answer["type"] == "create_entry", answer
    return str(answer["result"]["entry_id"])


def guard(home: Home, entry_id: str, source: str, *, test_clip: bool = True, **changes: Any) -> str:
    """Guard a camera with the demo's two zones, and a test clip; returns the guarded camera's entity id.

    It is `<source>_2` on every release: from 2026.11 on a device's name stands before one that a person gave an entity,
    and what Home Assistant makes of that is `camera.127_0_0_1_street`.
    """
    before = {item["entity_id"] for item in home.ws("config/entity_registry/list")}
    answer = home.flow(
        [entry_id, "camera"],
        {"source": source, "place": "Front door, facing the gate"} | changes,
        {"zones": ZONES, "view_is_own_premises": False},
        {"confirm": True},
        {"record_test_clip": test_clip},
        *([{}] if test_clip else []),
        subentry=True,
    )
    assert answer["type"] == "create_entry", answer

    def entity() -> str | None:
        entries = home.ws("config/entity_registry/list")
        return next(
            (
                item["entity_id"]
                for item in entries
                if item["platform"] == "camguard"
                and item["entity_id"].startswith("camera.")
                and item["entity_id"] not in before
            ),
            None,
        )

    guarded, wanted = wait_for("the guarded camera's entity", entity), f"{source}_2"
    if guarded != wanted:
        home.ws("config/entity_registry/update", entity_id=guarded, new_entity_id=wanted)
        wait_for("the renamed guarded camera", lambda: home.state(wanted))
    return wanted


def sibling(home: Home, guarded: str, key: str, domain: str = "") -> str:
    """Return the entity id of another entity of a guarded camera, by the key in its unique id (and its domain)."""
    ids = {item["entity_id"]: item["unique_id"] for item in home.ws("config/entity_registry/list")}
    wanted = f"{ids[guarded].removesuffix('_camera')}_{key}"
    return next(
        entity_id for entity_id, unique_id in ids.items() if unique_id == wanted and entity_id.startswith(domain)
    )
