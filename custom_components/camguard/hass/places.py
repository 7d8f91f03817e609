"""Other places that something goes to: written down when that begins and ends, told of when it fails for long."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..app.site import Site
from ..domain.ledger import Event
from .people.persons import present_actor

PATIENCE = timedelta(minutes=15)
"""A place that can't be reached is told after that: a computer that is restarted is back by then."""


async def async_note_places(
    site: Site,
    told: Mapping[str, list[Any]],
    wanted: Mapping[str, list[Any]],
    *,
    events: tuple[Event, Event],
    names: tuple[str, str],
) -> None:
    """Write down what began and what ended; raises StorageError.

    `told` and `wanted`: by id, (title, kind, place, whether it is in use). `events`: (begun, ended); `names`: what the
    entries call a place's id and its title.
    """
    left = {name: list(place) for name, place in told.items()}
    for name, now in wanted.items():
        if left.pop(name, None) != now:
            await site.note(events[0], _facts(names, name, now))
    for name, place in left.items():
        if place[3]:
            await site.note(events[1], _facts(names, name, place))


def _facts(names: tuple[str, str], name: str, place: list[Any]) -> dict[str, object]:
    title, kind, where, _ = place
    return present_actor().facts | {names[0]: name, names[1]: title, "kind": kind, "place": where}


class Patience:
    """Waits before something is told that may pass by itself."""

    def __init__(self, hass: HomeAssistant, tell: Callable[[str], None]) -> None:
        """`tell` is called with the name of what has lasted."""
        self._hass = hass
        self._tell = tell
        self._waiting: dict[str, CALLBACK_TYPE] = {}

    @property
    def names(self) -> list[str]:
        """Of all that is being waited for."""
        return list(self._waiting)

    def begin(self, name: str) -> None:
        """Wait, unless that is being done already."""
        if name not in self._waiting:
            self._waiting[name] = async_call_later(self._hass, PATIENCE, self._telling(name))

    def end(self, name: str) -> None:
        """Wait no more."""
        if (cancel := self._waiting.pop(name, None)) is not None:
            cancel()

    def stop(self) -> None:
        """Wait for nothing any more."""
        for name in self.names:
            self.end(name)

    def _telling(self, name: str) -> Callable[[datetime], None]:
        @callback
        def tell(_now: datetime) -> None:
            self._waiting.pop(name, None)
            self._tell(name)

        return tell
