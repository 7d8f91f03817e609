"""What another Home Assistant may show of this one: how the household stands, in numbers. No footage, no people.

Blocking. It tells what entities tell anyhow, so whoever is signed in may ask.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..domain.clip import US_PER_DAY, US_PER_SECOND
from .overview import storage_facts
from .site import Site

SUMMARY_VERSION = 1
GAP_DAYS = 7
GAPS_MOST = 20


def summary(site: Site, names: Mapping[str, str], duties: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return `cameras`, `duties`, `gaps` of the last days (the newest first), `storage`, `copies_waiting`.

    `names`: of all cameras that are set up, by id. `duties`: the checklist. Raises StorageError.
    """
    now_us = site.now_us
    gaps = sorted(site.gaps.between(now_us - GAP_DAYS * US_PER_DAY, now_us), key=lambda gap: -gap.from_us)
    storage = storage_facts(site)
    return {
        "version": SUMMARY_VERSION,
        "cameras": [
            {"name": name, "state": recorder.state.value if (recorder := site.cameras.get(camera_id)) else "off"}
            for camera_id, name in names.items()
        ],
        "duties": {
            "open": sum(item["state"] == "open" for item in duties),
            "late": sum(duty["late"] for item in duties for duty in item["duties"]),
        },
        "gaps": {
            "count": len(gaps),
            "latest": [
                {
                    "camera": names.get(gap.camera_id, ""),
                    "start": gap.from_us / US_PER_SECOND,
                    "end": None if gap.to_us is None else gap.to_us / US_PER_SECOND,
                }
                for gap in gaps[:GAPS_MOST]
            ],
        },
        "storage": {name: storage[name] for name in ("used", "free", "total", "fault")},
        "copies_waiting": sum(facts.waiting for facts in site.copies.facts),
    }
