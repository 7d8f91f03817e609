"""Home Assistant's backups hold nothing that brings footage back (invariant 6): looked at before each one."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .hass.settings import paths_of
from .vault.paths import Paths

try:
    from homeassistant.components.backup.const import EXCLUDE_FROM_BACKUP
except ImportError:  # a list of a later version, elsewhere: then nothing is known, and no backup is refused for it
    EXCLUDE_FROM_BACKUP = [".cache/*"]


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Refuse a backup that would take keys or clips along; raises HomeAssistantError `backup_would_hold_keys`."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        paths = paths_of(hass, entry.data)
        exposed = await hass.async_add_executor_job(_exposed, paths, Path(hass.config.config_dir))
        if exposed is not None:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="backup_would_hold_keys",
                translation_placeholders={"path": str(exposed)},
            )


async def async_post_backup(_hass: HomeAssistant) -> None:
    """Nothing to do: both functions have to be there."""


def _exposed(paths: Paths, config_dir: Path) -> Path | None:
    """Return a folder of keys or clips that a backup of the config folder would take along, links followed."""
    config = config_dir.resolve()
    for path in (paths.cache, paths.keys, paths.sign_key, paths.root_key, paths.storage, paths.spools):
        resolved = path.resolve()
        if resolved.is_relative_to(config) and not _left_out(resolved.relative_to(config)):
            return path
    return None


def _left_out(path: Path) -> bool:
    """Tell whether Home Assistant's own list leaves a path out: it is pruned at any folder above."""
    own = (path, *path.parents)
    return any(item.full_match(pattern) for item in own if item.parts for pattern in EXCLUDE_FROM_BACKUP)
