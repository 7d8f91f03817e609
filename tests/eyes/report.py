"""What the eyes see and what they take for something: a table.

    .venv/bin/python -m tests.eyes.report [NAME …]

Scenes of real people over a real square (footage.py), encoded as a camera would (H.264, 4 Mbit/s), through the worker's
own ring, mask, watch and feed. Films are kept in .build/media.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from custom_components.camguard.domain.zones import parse_zones
from custom_components.camguard.worker.eyes.watch import Sight

from .footage import MEDIA, Mover, Scene, write
from .rig import run

SECONDS, FIRST_S, EVERY_S, LASTS_S = 120, 20, 25, 6
PACE = 0.8
"""Heights a second: a person who walks."""
ZONES = parse_zones([{"name": "left half", "points": "0,0 50,0 50,100 0,100"}])
"""Half of the picture is somebody else's: nothing there counts."""


def walkers(height: float, *, contrast: float = 1.0, lasts_s: float = LASTS_S, pace: float = PACE) -> tuple[Mover, ...]:
    """Return people of one size, in the open half, with still times between."""
    rng = np.random.default_rng(round(height * 1000))
    movers = []
    for from_s in range(FIRST_S, SECONDS - LASTS_S, EVERY_S):
        x, y = rng.uniform(0.6, 0.9), rng.uniform(0.2 + height, 0.95)
        way = rng.choice([-1, 1]) * pace * height * lasts_s * 9 / 16
        end = float(np.clip(x + way, 0.54, 0.97))
        movers.append(
            Mover(height=height, from_s=from_s, to_s=from_s + lasts_s, begin=(x, y), end=(end, y), contrast=contrast)
        )
    return tuple(movers)


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    scene: Scene
    keyframe_s: float = 2.0
    bit_rate: int = 4_000_000
    options: dict[str, str] = field(default_factory=dict)


STILL = Scene(seconds=SECONDS)
CASES: dict[str, Case] = {
    **{f"people of {size:g} %": Case(replace(STILL, movers=walkers(size / 100))) for size in (1, 1.5, 2, 3, 5, 10, 25)},
    "2 %, a quarter of the contrast": Case(replace(STILL, movers=walkers(0.02, contrast=0.25))),
    "2 %, keyframes each second": Case(replace(STILL, movers=walkers(0.02)), keyframe_s=1),
    "2 %, keyframes each 4 s": Case(replace(STILL, movers=walkers(0.02)), keyframe_s=4),
    "2 %, much noise": Case(replace(STILL, movers=walkers(0.02), noise=5)),
    "2 %, night": Case(replace(STILL, movers=walkers(0.02), night=True)),
    "5 %, night": Case(replace(STILL, movers=walkers(0.05), night=True)),
    "2 %, 1 Mbit/s": Case(replace(STILL, movers=walkers(0.02)), bit_rate=1_000_000),
    "2 %, constant bit rate": Case(
        replace(STILL, movers=walkers(0.02)), options={"minrate": "4000000", "nal-hrd": "cbr", "bufsize": "1000000"}
    ),
    "2 %, rain": Case(replace(STILL, movers=walkers(0.02), rain=60)),
    "10 %, rain": Case(replace(STILL, movers=walkers(0.1), rain=60)),
    "10 %, there for 2 s": Case(replace(STILL, movers=walkers(0.1, lasts_s=2, pace=1.5))),
    "25 %, there for 1.5 s": Case(replace(STILL, movers=walkers(0.25, lasts_s=1.5, pace=1.5))),
    "nobody, noise": Case(STILL),
    "nobody, night": Case(replace(STILL, night=True)),
    "nobody, light changes at once": Case(replace(STILL, steps=((25, 1.3), (50, 0.75), (75, 1.2), (100, 0.9)))),
    "nobody, clouds": Case(replace(STILL, clouds=0.15)),
    "nobody, rain": Case(replace(STILL, rain=60)),
    "nobody, moths at night": Case(replace(STILL, insects=1, night=True)),
    "nobody, headlights at night": Case(replace(STILL, headlights=(20, 45, 70, 95), night=True)),
    "nobody, the camera shakes": Case(replace(STILL, shake=1.5)),
}


def line(name: str) -> str:
    """Return one line of the table."""
    case = CASES[name]
    scene = case.scene
    path = MEDIA / f"eyes-{''.join(c if c.isalnum() else '-' for c in name)}.mp4"
    if not path.exists():
        write(scene, path, keyframe_s=case.keyframe_s, bit_rate=case.bit_rate, options=case.options)
    result = run(path, sight=Sight(followed=True, triggers=True, least_height=0.05), zones=ZONES)
    recorded = [result.whole(mover.from_s, mover.to_s, scene.rate) for mover in scene.movers]
    spans = result.motions(scene.seconds)
    told = sum(any(since < mover.to_s + 1 and until > mover.from_s for since, until in spans) for mover in scene.movers)
    false = sum(not scene.moves(since - 4, until) for since, until in spans)
    ends_s = scene.seconds - 8  # what isn't judged at the end is recorded
    moving_s = sum(min(mover.to_s, ends_s) - mover.from_s for mover in scene.movers)
    whole = sum(at < ends_s * 1e6 for at in result.times_us) - sum(recorded) * scene.rate * (
        (scene.movers[0].to_s - scene.movers[0].from_s) if scene.movers else 0
    )
    still_share = whole / max((ends_s - moving_s) * scene.rate, 1)
    people = len(scene.movers)
    found = f"{sum(share > 0.99 for share in recorded)} of {people}" if people else "–"
    triggers = f"{told} of {people}" if people else "–"
    return f"| {name} | {found} | {still_share:.0%} | {triggers} | {false} |"


def main() -> None:
    """Print the table."""
    print("| Scene | Recorded whole | Still time at full rate | Told by the sensor | False alarms in 2 min |")
    print("|---|---|---|---|---|")
    with ProcessPoolExecutor(2) as pool:
        for text in pool.map(line, sys.argv[1:] or list(CASES)):
            print(text, flush=True)


if __name__ == "__main__":
    main()
