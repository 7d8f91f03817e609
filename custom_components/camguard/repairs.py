"""Repairs that a person does in a dialog. Home Assistant opens it for administrators only."""

import base64
import contextlib
from typing import Any

import probatio as vol
from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.components.repairs.models import RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .app.ports import Actor
from .const import CONF_CODE, DOMAIN, PANEL_PATH
from .domain.clip import US_PER_SECOND, Clip
from .domain.errors import CamguardError, DeniedError
from .hass.errors import sentence
from .hass.people.persons import actor_of, present_user
from .runtime import loaded_runtime
from .worker.faults import CAMERA_MOVED, MASK_NOT_PROVED

UNPROVED = f"{MASK_NOT_PROVED}_"
"""Before the camera's id."""
VIEWS = (f"{CAMERA_MOVED}_", "view_not_compared_")


async def async_create_fix_flow(
    _hass: HomeAssistant, issue_id: str, _data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the dialog of an issue."""
    match issue_id:
        case "kit_missing":
            return KitFlow()
        case "held_restorable":
            return RestoreFlow()
        case _ if issue_id.startswith(UNPROVED):
            return UnprovedFlow()
        case _ if issue_id.startswith(VIEWS):
            return ViewFlow()
        case _:
            return ConfirmRepairFlow()  # it was read, and goes: what happened is in the ledger


class UnprovedFlow(RepairsFlow):
    """Destroys clips that show something in a zone, and lets their camera go on."""

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what has happened, then do it."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        if user_input is None:
            placeholders = issue.translation_placeholders if issue else None
            return self.async_show_form(
                step_id="confirm", data_schema=vol.Schema({}), description_placeholders=placeholders
            )
        runtime = loaded_runtime(self.hass)
        if runtime is None:
            return self.async_abort(reason="not_loaded")
        try:
            await runtime.async_reopen_camera(self.issue_id.removeprefix(UNPROVED), _person())
        except CamguardError as error:
            return self.async_abort(reason="failed", description_placeholders={"reason": sentence(error)})
        return self.async_create_entry(data={})


class ViewFlow(RepairsFlow):
    """Shows what a camera's view was and is, and takes what it is for the confirmed one."""

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Show both pictures, then approve."""
        runtime = loaded_runtime(self.hass)
        if runtime is None:
            return self.async_abort(reason="not_loaded")
        camera_id = self.issue_id.removeprefix(VIEWS[0]).removeprefix(VIEWS[1])
        if user_input is None:
            recorder = runtime.recorder(camera_id)
            before, now = b"", b""
            if recorder is not None:
                now = recorder.view.present
                with contextlib.suppress(CamguardError):
                    before = await recorder.view.reference()
            issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
            placeholders = dict(issue.translation_placeholders or {}) if issue else {}
            placeholders |= {
                "before": _picture(before),
                "now": _picture(now),
                "zones": f"{PANEL_PATH}/cameras/{camera_id}/zones",
            }
            return self.async_show_form(
                step_id="confirm", data_schema=vol.Schema({}), description_placeholders=placeholders
            )
        try:
            await runtime.async_approve_view(camera_id, _person())
        except CamguardError as error:
            return self.async_abort(reason="failed", description_placeholders={"reason": sentence(error)})
        return self.async_create_entry(data={})


class KitFlow(RepairsFlow):
    """Makes a recovery kit and shows its code, once."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what a kit is, then make it."""
        if user_input is None:
            return self.async_show_form(step_id="confirm", data_schema=vol.Schema({}))
        runtime = loaded_runtime(self.hass)
        if runtime is None:
            return self.async_abort(reason="not_loaded")
        try:
            made = await runtime.site.holds.make_kit(_person())
        except CamguardError as error:
            return self.async_abort(reason="failed", description_placeholders={"reason": sentence(error)})
        named = [f"{runtime.names.get(clip.camera_id, '?')} {_moment(clip)}" for clip in made.left_out]
        left_out = f"\n\n{sentence(CamguardError('kit_left_out', left_out=', '.join(named)))}" if named else ""
        self._shown = {"code": made.code, "count": str(made.count), "left_out": left_out}
        return await self.async_step_code()

    async def async_step_code(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Show the code until somebody says that it is on paper."""
        if user_input is None:
            return self.async_show_form(
                step_id="code", data_schema=vol.Schema({}), description_placeholders=self._shown, last_step=True
            )
        self._shown = {}
        return self.async_create_entry(data={})


class RestoreFlow(RepairsFlow):
    """Brings held clips back with the code of their kit."""

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_restore()

    async def async_step_restore(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask for the code."""
        errors: dict[str, str] = {}
        if user_input is not None:
            runtime = loaded_runtime(self.hass)
            if runtime is None:
                return self.async_abort(reason="not_loaded")
            try:
                await runtime.site.restore_held(user_input[CONF_CODE], _person())
            except CamguardError as error:
                errors[CONF_CODE] = error.key if error.key in {"kit_code_wrong", "no_kit"} else "kit_unreadable"
            else:
                await runtime.async_review_holds()
                return self.async_create_entry(data={})
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_form(
            step_id="restore",
            data_schema=vol.Schema({vol.Required(CONF_CODE): str}),
            errors=errors,
            description_placeholders=issue.translation_placeholders if issue else None,
        )


def _picture(image: bytes) -> str:
    """Return a picture as markdown that needs no address: it is shown in this dialog, and nowhere else."""
    return f"![](data:image/jpeg;base64,{base64.b64encode(image).decode()})" if image else "–"


def _moment(clip: Clip) -> str:
    moment = dt_util.as_local(dt_util.utc_from_timestamp(clip.start_us / US_PER_SECOND))
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _person() -> Actor:
    """Return who asks; raises DeniedError when that is no person: the code of a kit is for people."""
    user = present_user()
    if user is None or user.system_generated:
        raise DeniedError("person_needed")
    return actor_of(user)
