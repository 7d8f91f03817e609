"""Backups: none that would take keys or clips along is made, and a real one holds neither."""

import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.camguard import backup
from custom_components.camguard.vault.vault import Vault

from .cameras import FileCamera
from .setup import add_camera, add_site
from .vault.clips import put_clip


def change(hass: HomeAssistant, entry: Any, **data: str) -> None:
    """Settings that the flow would refuse: a folder that was fine when it was chosen."""
    hass.config_entries.async_update_entry(entry, data=dict(entry.data) | data)


async def refused(hass: HomeAssistant) -> str:
    """Return the path for which a backup is refused."""
    with pytest.raises(HomeAssistantError) as caught:
        await backup.async_pre_backup(hass)
    error = caught.value
    assert (error.translation_domain, error.translation_key) == ("camguard", "backup_would_hold_keys")
    assert error.translation_placeholders
    return error.translation_placeholders["path"]


async def stopped(hass: HomeAssistant) -> Any:
    """A site whose files can be moved about."""
    entry = await add_site(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def test_the_default_layout_is_fine(hass: HomeAssistant) -> None:
    await backup.async_pre_backup(hass)  # without a site
    await add_site(hass)
    await backup.async_pre_backup(hass)
    await backup.async_post_backup(hass)


async def test_other_media_are_fine(hass: HomeAssistant, tmp_path: Path) -> None:
    entry = await stopped(hass)
    change(hass, entry, key_path=str(tmp_path / "usb"), storage_path=str(tmp_path / "nas"))
    await backup.async_pre_backup(hass)


@pytest.mark.parametrize("field", ["key_path", "storage_path"])
async def test_a_folder_inside_what_is_backed_up(hass: HomeAssistant, field: str) -> None:
    entry = await stopped(hass)
    folder = hass.config.path("camguard-data")
    change(hass, entry, **{field: folder})
    assert (await refused(hass)).startswith(folder)


@pytest.mark.parametrize("name", ["keys", "clips", "root.key", "sign.key", "clips/spool"])
async def test_a_link_out_of_the_cache(hass: HomeAssistant, name: str) -> None:
    """The cache looks as it should, but what is in it lies where a backup looks."""
    await stopped(hass)
    cache = Path(hass.config.path(".cache", "camguard"))
    target = Path(hass.config.path("moved"))
    (cache / name).rename(target)
    (cache / name).symlink_to(target)
    assert await refused(hass) == str(cache / name)


async def test_the_whole_cache_elsewhere(hass: HomeAssistant) -> None:
    await stopped(hass)
    cache, target = Path(hass.config.path(".cache")), Path(hass.config.path("cache"))
    cache.rename(target)
    cache.symlink_to(target)
    assert await refused(hass) == str(cache / "camguard")


async def test_a_link_to_another_medium_is_fine(hass: HomeAssistant, tmp_path: Path) -> None:
    """A backup stores the link, not what it points to."""
    entry = await stopped(hass)
    (tmp_path / "nas").mkdir()
    link = Path(hass.config.path("clips"))
    link.symlink_to(tmp_path / "nas")
    change(hass, entry, storage_path=str(link))
    await backup.async_pre_backup(hass)


async def test_a_link_from_elsewhere_into_what_is_backed_up(hass: HomeAssistant, tmp_path: Path) -> None:
    entry = await stopped(hass)
    Path(hass.config.path("secret")).mkdir()
    link = tmp_path / "usb"
    link.symlink_to(hass.config.path("secret"))
    change(hass, entry, key_path=str(link))
    assert await refused(hass) == str(link / "root.key")


async def test_after_a_backup_all_goes_on(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    vault: Vault = entry.runtime_data.site.vault
    clip_id = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(minutes=1))
    seq = vault.ledger.seq
    await backup.async_post_backup(hass)
    assert vault.ledger.seq == seq
    with vault.open_clip(clip_id) as reader:
        assert reader.size


# --- Home Assistant's own backup ---


async def make_backup(hass: HomeAssistant) -> list[Path]:
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done()
    await hass.services.async_call("backup", "create", blocking=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    return list(Path(hass.config.path("backups")).glob("*.tar"))


def everything_in(backup_file: Path) -> dict[str, bytes]:
    """Return all files of a backup, by their paths in the config folder."""
    files = {}
    with tarfile.open(backup_file) as outer:
        for member in outer:
            if not member.name.endswith(".tar.gz"):
                continue
            inner = outer.extractfile(member)
            assert inner
            with tarfile.open(fileobj=inner, mode="r:gz") as archive:
                for item in archive:
                    content = archive.extractfile(item) if item.isfile() else None
                    files[item.name] = content.read() if content else b""
    return files


async def test_a_real_backup_holds_no_key_and_no_clip(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    vault: Vault = entry.runtime_data.site.vault
    clip_id = put_clip(vault, camera_id, dt_util.utcnow() - timedelta(minutes=1))
    needles = [
        vault.paths.root_key.read_bytes()[-32:],
        vault.paths.clip_key(clip_id).read_bytes()[10:112],
        vault.paths.sign_key.read_bytes()[10:60],
        vault.keyring.clip(clip_id).text.encode(),
        vault.paths.clip(clip_id).read_bytes()[200:264],
    ]
    (made,) = await make_backup(hass)
    files = await hass.async_add_executor_job(everything_in, made)
    assert any(name.endswith("camguard/ledger.jsonl") for name in files)  # the control: it is our config folder
    assert not [name for name in files if ".cache/camguard/" in name]
    for needle in needles:
        assert not any(needle in data for data in files.values())


async def test_a_real_backup_is_refused(hass: HomeAssistant) -> None:
    entry = await stopped(hass)
    change(hass, entry, key_path=hass.config.path("secret"))
    with pytest.raises(HomeAssistantError):
        await make_backup(hass)
    assert not list(Path(hass.config.path("backups")).glob("*.tar"))
