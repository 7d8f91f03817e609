"""What the ledger tells of gaps: which there were in a time, and how long they took."""

from ...domain.clip import US_PER_SECOND
from ...vault.ledger.told import Gap, closed
from ...vault.vault import Vault
from ..ports import Clock


class GapHistory:
    """Of all cameras."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._opened_us = clock.now_us()

    def between(self, start_us: int, end_us: int) -> list[Gap]:
        """Return the gaps in a time, oldest first. Those alone have no end that go on now."""
        ended = closed(self._vault.ledger.told.gaps, self._opened_us)
        return [gap for gap in ended if gap.from_us < end_us and (gap.to_us is None or gap.to_us > start_us)]

    def seconds(self, camera_id: str, within_us: int) -> float:
        """Return for how long nothing could be recorded of a camera, within so long before now."""
        now_us = self._clock.now_us()
        begin_us = now_us - within_us
        spans = sorted(
            (max(gap.from_us, begin_us), now_us if gap.to_us is None else gap.to_us)
            for gap in self.between(begin_us, now_us)
            if gap.camera_id == camera_id
        )
        total_us, until_us = 0, begin_us
        for from_us, to_us in spans:  # they may overlap: one told while it goes on, another by its end
            total_us += max(to_us - max(from_us, until_us), 0)
            until_us = max(until_us, to_us)
        return round(total_us / US_PER_SECOND, 1)
