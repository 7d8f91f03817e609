"""What a recorder goes by: the camera's terms, and what it expects of the clip in hand."""

from ...domain.clip import US_PER_SECOND
from ...domain.settings import CameraSettings, Mode
from ...worker.protocol import Beat, Status
from ..events import CameraState
from ..workers.backlog import FOR_EVER_US, Load
from .machine import request_end_us
from .states import Phase, State, Terms

FINISHING_AFTER_US = 3_000_000
"""A clip whose time has been over for so long is being finished: what the camera sent then waits."""


def terms_of(camera: CameraSettings) -> Terms:
    """Return what the state machine goes by."""
    return Terms(
        pre_roll_us=camera.pre_roll_s * US_PER_SECOND,
        post_roll_us=camera.post_roll_s * US_PER_SECOND,
        continuous=camera.mode is not Mode.EVENT,
        adaptive=camera.mode is Mode.CONTINUOUS,
    )


def load_of(terms: Terms, state: State, beat: Beat, clip_from_us: int | None, now_us: int) -> Load:
    """Return what a camera has to do. What goes on until a trigger lets go is expected to last as long again."""
    in_hand = state.phase is Phase.RECORDING
    left_us = 0
    if in_hand and state.request is not None:
        end_us = request_end_us(terms, state)
        if end_us is not None:
            left_us = end_us - now_us
        elif terms.continuous:
            left_us = FOR_EVER_US
        else:
            left_us = now_us - state.request.from_us
    return Load(
        held_bytes=beat.ring_bytes,
        lag_us=beat.lag_us if in_hand else 0,
        clip_from_us=clip_from_us if in_hand else None,
        left_us=min(max(left_us, 0), FOR_EVER_US),
        cpu_us=beat.cpu_us,
    )


def is_finishing(terms: Terms, state: State, now_us: int) -> bool:
    """Tell whether pictures still go into a clip whose time is over."""
    if state.phase is not Phase.RECORDING or state.request is None:
        return False
    end_us = request_end_us(terms, state)
    return end_us is not None and now_us - end_us > FINISHING_AFTER_US


def state_of(status: Status, *, finishing: bool, recording: bool, asleep: bool) -> CameraState:
    """Return what the status sensor of a camera shows whose worker runs."""
    if status.state == "blocked":
        return CameraState.BLOCKED
    if finishing:
        return CameraState.FINISHING
    if recording:
        return CameraState.RECORDING
    if asleep:
        return CameraState.ASLEEP
    return CameraState.STREAMING if status.state == "streaming" else CameraState.RECONNECTING
