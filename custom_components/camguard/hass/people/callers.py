"""Who calls an action, and what they may: shared by all actions."""

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import UnknownUser

from ...app.ports import NOBODY, Actor
from ...domain.errors import DeniedError, NotFoundError, StorageError
from ...runtime import Runtime, loaded_runtime
from .persons import actor_of


def running(hass: HomeAssistant) -> Runtime:
    """Return what runs; raises StorageError `not_loaded`."""
    runtime = loaded_runtime(hass)
    if runtime is None:
        raise StorageError("not_loaded")
    return runtime


async def user_of(call: ServiceCall) -> User | None:
    """Return who called; None for an automation."""
    if call.context.user_id is None:
        return None
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    return user


async def administrator(call: ServiceCall) -> Actor:
    """Return the administrator who called; raises DeniedError for others, for automations and for programs.

    Add-ons have a user of their own among the administrators: that is no person who could answer for anything.
    """
    user = await user_of(call)
    if user is None or user.system_generated:
        raise DeniedError("person_needed")
    if not user.is_admin:
        raise DeniedError("administrator_needed")
    return actor_of(user)


async def automation_too(call: ServiceCall) -> Actor:
    """Return the administrator who called, or nobody for an automation; raises DeniedError for others."""
    user = await user_of(call)
    if user is not None and not user.is_admin:
        raise DeniedError("administrator_needed")
    return NOBODY if user is None else actor_of(user)


def cameras_among(runtime: Runtime, entity_ids: set[str], named: set[str] | None = None) -> dict[str, str]:
    """Return {entity id: camera id} of the guarded cameras among them.

    Entities that were named one by one (None: all) must be guarded cameras: NotFoundError `camera_not_guarded`.
    """
    known = {runtime.camera_entity_id(camera_id): camera_id for camera_id in runtime.names}
    for entity_id in sorted(entity_ids if named is None else named):
        if entity_id not in known:
            raise NotFoundError("camera_not_guarded", entity_id=entity_id)
    return {entity_id: known[entity_id] for entity_id in sorted(entity_ids) if entity_id in known}
