"""When a moved camera is noticed, and what is taken for one: tables.

    .venv/bin/python -m tests.eyes.report_view

Two places: a made-up street (views.py) and the square of real footage (footage.py). What should be found is reckoned
from the true move: 1 % of a zone's area open, or a tenth of the picture new.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from custom_components.camguard.worker.eyes.view import NEW, UNCOVERED, View
from custom_components.camguard.worker.eyes.viewpoint import TAKE_LOOKS, Viewpoint
from custom_components.camguard.worker.faults import BlockedError

from .footage import background, scaled
from .views import AROUND, DARKNESS, SIZE, WEATHER, ZONES, Floats, Light, grey, picture, seen, street

DAYS, LOOKS_AN_HOUR = 30, 3
WAYS = 8
MARGIN = 0.4
"""A move whose worst zone is open by that part more or less than what is allowed is neither hit nor miss."""


def place(name: str) -> Floats:
    """Return one of the two places."""
    if name == "street":
        return street()
    return scaled(background()[0], round(SIZE.height * AROUND), round(SIZE.width * AROUND))


def truth(view: View, how: dict[str, float]) -> float:
    """Return by how much a move is over what is allowed: 1 is just that."""
    turn = how.get("zoom", 1.0) * np.exp(1j * np.radians(how.get("turn", 0.0)))
    shift = complex(how.get("x", 0.0) * view.size.width, how.get("y", 0.0) * view.size.height)
    similarity = (complex(turn), shift)
    return max(max(view._uncovered(zone, similarity) for zone in ZONES) / UNCOVERED, view._new(similarity) / NEW)


def moves() -> Iterator[tuple[str, list[dict[str, float]]]]:
    """Yield (name, several of that size)."""
    for percent in (0, 0.25, 0.5, 1, 2, 5, 10, 20):
        ways = [2 * np.pi * number / WAYS for number in range(WAYS)] if percent else [0.0]
        yield (
            f"shift by {percent:g} %",
            [{"x": percent / 100 * float(np.cos(way)), "y": percent / 100 * float(np.sin(way))} for way in ways],
        )
    for zoom in (0.9, 0.97, 0.99, 0.995, 1.005, 1.01, 1.03, 1.1, 1.2):
        yield f"zoom {zoom:g}", [{"zoom": zoom}]
    for turn in (0.1, 0.3, 1, 3, 10):
        yield f"turn by {turn:g}°", [{"turn": turn}, {"turn": -turn}]


def line(name: str) -> str:
    """Return a place's lines: how each kind of move was judged, in all lights."""
    where = place(name)
    view = View(grey(seen(place=where)), ZONES)
    text = []
    for title, several in moves():
        counts: Counter[str] = Counter()
        for number, how in enumerate(several):
            over = truth(view, how)
            for light, noise in WEATHER.values():
                fresh = View(grey(seen(place=where)), ZONES) if number == 0 else view
                view._settled = None
                shown = seen(**how, light=light, noise=noise, seed=number + 1, place=where)  # type: ignore[arg-type]
                found = fresh.compare(grey(shown)).place
                wanted = "moved" if over >= 1 + MARGIN else "same" if over <= 1 - MARGIN else "either"
                counts[f"{wanted}:{found.value}"] += 1
        moved = sum(count for key, count in counts.items() if key.startswith("moved"))
        same = sum(count for key, count in counts.items() if key.startswith("same"))
        row = (
            f"{counts['moved:moved']} of {moved}" if moved else "–",
            f"{counts['same:moved']} of {same}" if same else "–",
            str(counts["either:moved"] + counts["either:same"] + counts["either:unknown"] or "–"),
            str(counts["moved:unknown"] + counts["same:unknown"] or "–"),
        )
        text.append(f"| {name} | {title} | " + " | ".join(row) + " |")
    return "\n".join(text)


def light_at(hour: float, kind: str, night: str) -> tuple[Light | None, float]:
    """Return the light of an hour: dusk and dawn are gradual."""
    day = float(np.clip((6 - abs(hour - 12)) / 1.5, 0, 1))
    by_day, day_noise = WEATHER[kind]
    by_night, night_noise = (WEATHER | DARKNESS)[night]

    def light(luma: Floats) -> Floats:
        bright = by_day(luma) if by_day is not None else luma
        dark = by_night(luma) if by_night is not None else luma
        return bright * day + dark * (1 - day)

    return light, day_noise * day + night_noise * (1 - day)


def month(name: str) -> str:
    """Return what a month at a place gave: looks, false alarms, and hours in which nothing could be told."""
    where = place(name)
    told: list[str] = []
    now = 0.0
    viewpoint = Viewpoint(ZONES, lambda event: told.append(getattr(event, "condition", "taken")), lambda: now)
    viewpoint.refer(b"")
    rng = np.random.default_rng(3)
    blocked = looks = unclear = 0
    moved_at: list[str] = []

    def look(luma: Floats) -> bool:
        nonlocal now
        now += max(viewpoint.wait_s, 20.0)
        try:
            viewpoint.see(picture(luma, ZONES))
        except BlockedError:
            return True
        return False

    for number in range(TAKE_LOOKS + 1):
        look(seen(seed=number, place=where))
    for day in range(DAYS):
        kind = ["day", "dull", "rain", "low sun, long shadow", "leaves", "snow on the ground"][int(rng.integers(6))]
        night = ["night, street light", "infra-red", "no light, noise"][int(rng.integers(3))]
        car = rng.uniform() < 0.5
        for hour in range(24):
            light, noise = light_at(hour + 0.5, kind, night)
            for again in range(LOOKS_AN_HOUR):
                now = (day * 24 + hour) * 3600.0 + again * 20
                luma = seen(light=light, noise=noise, seed=looks, place=where)
                if car and 8 <= hour < 18:
                    parked, _ = WEATHER["parked car"]
                    assert parked is not None
                    luma = parked(luma)
                looks += 1
                if look(luma.clip(16, 235)):
                    blocked += 1
                    moved_at.append(f"day {day} {hour}:00 {kind}/{night}")
                unclear += bool(told) and told[-1] == "unclear"
    lens = Counter(condition for condition in told if condition in {"covered", "blinded", "out_of_focus", "frozen"})
    return f"| {name} | {looks} | {blocked} | {unclear / looks:.0%} | {dict(lens) or '–'} |" + (
        f" first: {moved_at[0]}" if moved_at else ""
    )


def main() -> None:
    """Print the tables."""
    with ProcessPoolExecutor(2) as pool:
        print("| Place | Move | Found | False | Within the margin | Nothing told |")
        print("|---|---|---|---|---|---|")
        for text in pool.map(line, ("street", "square")):
            print(text, flush=True)
        print(f"\n{DAYS} days of weather and light, nobody touches the camera:\n")
        print("| Place | Looks | Taken for a move | Too little to see | Told of the lens |")
        print("|---|---|---|---|---|")
        for text in pool.map(month, ("street", "square")):
            print(text, flush=True)


if __name__ == "__main__":
    main()
