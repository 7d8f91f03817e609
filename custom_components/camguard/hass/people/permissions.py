"""Who may see what: administrators and the viewers that the site names, as far as Home Assistant lets them."""

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ

from ...app.viewing.playback import Viewer
from ...runtime import Runtime


def viewer_of(runtime: Runtime, user: User, via: str = "") -> Viewer:
    """Return a user as a viewer of footage (guideline 2(4): only those whom the operator has named)."""
    named = is_named(runtime, user)

    def may_see(camera_id: str) -> bool:
        return named and may_read(runtime, user, camera_id)

    return Viewer(user_id=user.id, name=user.name or "", named=named, may_see=may_see, via=via)


def is_named(runtime: Runtime, user: User) -> bool:
    """Tell whether a user is an administrator, or one whom the operator has named and whose agreement hasn't ended.

    Programs (add-ons, among the administrators) are nobody: no person answers for them.
    """
    if user.system_generated or not user.is_active:
        return False
    site = runtime.site
    return user.is_admin or (user.id in site.settings.viewers and site.registers.may_view(user.id))


def reader_of(runtime: Runtime, user: User) -> Viewer:
    """Return a user as one who asks what there is, not to look at it."""
    return Viewer(
        user_id=user.id, name=user.name or "", named=False, may_see=lambda camera_id: may_read(runtime, user, camera_id)
    )


def may_read(runtime: Runtime, user: User, camera_id: str) -> bool:
    """Tell whether Home Assistant's own permissions let the user read the guarded camera."""
    if user.is_admin:
        return True
    entity_id = runtime.camera_entity_id(camera_id)
    return entity_id is not None and user.permissions.check_entity(entity_id, POLICY_READ)
