"""What is wanted of a camera: a recording, however many clips it takes."""

from dataclasses import dataclass

from ...domain.clip import ClipId, Trigger


@dataclass(slots=True)
class RecordingRequest:
    """What is wanted: a recording from `from_us` until `until_us` at least, and for as long as a trigger holds."""

    trigger: Trigger
    from_us: int
    until_us: int
    follows: ClipId | None = None
    served: bool = False
    """Some of it has been recorded."""
    reported: bool = False
    """A failure of it has been told already."""
    offset_us: int = 0
    """Of the wall clock from the time since boot, by which the times above are reckoned."""

    def reckon(self, offset_us: int) -> None:
        """Go by the wall clock as it is now: what is wanted lasts no longer when a clock is set."""
        step_us, self.offset_us = offset_us - self.offset_us, offset_us
        self.until_us += step_us
        self.from_us += step_us
