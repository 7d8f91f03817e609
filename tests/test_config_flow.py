"""Set-up of the site: what is asked, refused, changed."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from homeassistant.auth.models import User
from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from custom_components.camguard.vault.paths import Paths
from custom_components.camguard.vault.reconciliation import reconcile
from custom_components.camguard.vault.vault import Vault

from .cameras import FileCamera
from .setup import SITE, add_camera, add_site


async def begin(hass: HomeAssistant) -> str:
    result = await hass.config_entries.flow.async_init("camguard", context={"source": "user"})
    assert result["type"] is FlowResultType.FORM
    return result["flow_id"]


async def reconfigure(hass: HomeAssistant, entry: Any, data: dict[str, Any]) -> Any:
    result = await hass.config_entries.flow.async_init(
        "camguard", context={"source": "reconfigure", "entry_id": entry.entry_id}
    )
    assert result["step_id"] == "reconfigure"
    return await hass.config_entries.flow.async_configure(result["flow_id"], data)


async def test_defaults_are_enough(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    data = dict(entry.data)
    assert data.pop("backlog_mb") >= 64, "an eighth of the machine's memory"
    assert data == {**SITE, "viewers": [], "ledger_years": 5, "register_years": 5}
    assert (Path(hass.config.config_dir) / ".cache/camguard/root.key").stat().st_mode & 0o777 == 0o600


async def test_there_is_one_site_only(hass: HomeAssistant, camera: FileCamera) -> None:
    await add_site(hass)
    result = await hass.config_entries.flow.async_init("camguard", context={"source": "user"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "single_instance_allowed")


@pytest.mark.parametrize("name", ["operator_name", "contact", "purpose"])
async def test_the_particulars_are_required(hass: HomeAssistant, camera: FileCamera, name: str) -> None:
    result = await hass.config_entries.flow.async_configure(await begin(hass), SITE | {name: "  "})
    assert result["errors"] == {name: "required"}


@pytest.mark.parametrize(
    ("field", "path", "key"),
    [
        ("storage_path", "relative/folder", "path_not_absolute"),
        ("storage_path", "{config}/www/clips", "path_in_www"),
        ("storage_path", "{config}/clips", "path_in_backup"),
        ("key_path", "{config}", "path_in_backup"),
        ("key_path", "/proc/camguard", "path_not_writable"),
        ("storage_path", "{tmp}/file", "path_not_folder"),
    ],
)
async def test_unfit_folders_are_refused(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path, field: str, path: str, key: str
) -> None:
    (tmp_path / "file").write_text("")
    path = path.format(config=hass.config.config_dir, tmp=tmp_path)
    flow_id = await begin(hass)
    result = await hass.config_entries.flow.async_configure(flow_id, SITE | {field: path})
    assert result["errors"] == {field: key}
    assert result["description_placeholders"]["path"] == path
    result = await hass.config_entries.flow.async_configure(flow_id, SITE | {field: ""})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_the_purpose_comes_in_the_users_language(hass: HomeAssistant, camera: FileCamera) -> None:
    hass.config.language = "ja"
    result = await hass.config_entries.flow.async_init("camguard", context={"source": "user"})
    (purpose,) = [key for key in result["data_schema"].schema if key == "purpose"]
    assert purpose.description["suggested_value"] == "防犯のため"


async def test_the_users_own_language_comes_first(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any, hass_admin_user: User
) -> None:
    for component in ("config", "camguard"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client()
    for stored, purpose in (({}, "Crime prevention"), ({"language": "ja"}, "防犯のため")):
        await (await async_user_store(hass, hass_admin_user.id)).async_set_item("language", stored)
        answer = await client.post("/api/config/config_entries/flow", json={"handler": "camguard"})
        form = await answer.json()
        (field,) = [field for field in form["data_schema"] if field["name"] == "purpose"]
        assert field["description"]["suggested_value"] == purpose
        await client.delete(f"/api/config/config_entries/flow/{form['flow_id']}")


async def test_a_long_retention_must_be_confirmed(hass: HomeAssistant, camera: FileCamera) -> None:
    configure = hass.config_entries.flow.async_configure
    flow_id = await begin(hass)
    result = await configure(flow_id, SITE | {"retention_days": 31})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "long_retention")
    assert result["description_placeholders"]["days"] == "31"
    result = await configure(flow_id, {"confirm": False})
    assert result["step_id"] == "user"
    shown = {str(key): (key.description or {}).get("suggested_value") for key in result["data_schema"].schema}
    assert (shown["retention_days"], shown["operator_name"]) == (31, "Sato Hanako")
    result = await configure(flow_id, SITE | {"retention_days": 90})
    assert result["step_id"] == "long_retention"
    result = await configure(flow_id, {"confirm": True})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["retention_days"] == 90


async def test_thirty_days_are_not_long(hass: HomeAssistant, camera: FileCamera) -> None:
    result = await hass.config_entries.flow.async_configure(await begin(hass), SITE | {"retention_days": 30})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_retention_that_is_made_long_must_be_confirmed(
    hass: HomeAssistant, camera: FileCamera, tmp_path: Path
) -> None:
    configure = hass.config_entries.flow.async_configure
    entry = await add_site(hass)
    result = await reconfigure(hass, entry, SITE | {"retention_days": 60})
    assert result["step_id"] == "long_retention"
    result = await configure(result["flow_id"], {"confirm": False})
    assert result["step_id"] == "reconfigure"
    other = tmp_path / "usb"
    other.mkdir()
    (other / "root.key").write_bytes(b"another")
    result = await configure(result["flow_id"], SITE | {"retention_days": 60, "key_path": str(other)})
    assert result["step_id"] == "long_retention"
    result = await configure(result["flow_id"], {"confirm": True})
    assert (result["step_id"], result["errors"]) == ("reconfigure", {"key_path": "root_key_foreign"})
    result = await configure(result["flow_id"], SITE | {"retention_days": 60})
    result = await configure(result["flow_id"], {"confirm": True})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.runtime_data.site.settings.retention_days == 60
    result = await reconfigure(hass, entry, SITE | {"retention_days": 60, "contact": "mail"})
    assert result["reason"] == "reconfigure_successful", "it was confirmed before"
    await hass.async_block_till_done()


async def test_storage_and_root_key_on_other_media(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    storage, key = tmp_path / "nas" / "clips", tmp_path / "usb"
    entry = await add_site(hass, storage_path=str(storage), key_path=str(key))
    assert (key / "root.key").exists()
    assert (storage / "camguard.storage").exists()
    assert entry.runtime_data.site.vault.paths.storage == storage


async def test_reconfigure_reloads_with_the_new_settings(
    hass: HomeAssistant, camera: FileCamera, hass_read_only_user: User
) -> None:
    entry = await add_site(hass)
    gone = "0" * 32
    hass.config_entries.async_update_entry(entry, data={**entry.data, "viewers": [gone]})
    await hass.async_block_till_done()
    viewer = hass_read_only_user.id
    result = await reconfigure(hass, entry, SITE | {"retention_days": 7, "viewers": [viewer]})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert entry.runtime_data.site.settings.retention_days == 7
    assert entry.runtime_data.site.settings.viewers == {viewer}


async def test_reconfigure_refuses_what_set_up_refuses(hass: HomeAssistant, camera: FileCamera) -> None:
    entry = await add_site(hass)
    result = await reconfigure(hass, entry, SITE | {"contact": ""})
    assert result["errors"] == {"contact": "required"}


async def test_the_root_key_moves(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    entry = await add_site(hass)
    old = Path(hass.config.config_dir) / ".cache/camguard/root.key"
    content = old.read_bytes()
    result = await reconfigure(hass, entry, SITE | {"key_path": str(tmp_path / "usb")})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert not old.exists()
    assert (tmp_path / "usb/root.key").read_bytes() == content
    assert entry.state.recoverable or entry.runtime_data.site.vault.keyring


async def test_the_root_key_does_not_move_over_another(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    entry = await add_site(hass)
    other = tmp_path / "usb"
    other.mkdir()
    (other / "root.key").write_bytes(b"another")
    result = await reconfigure(hass, entry, SITE | {"key_path": str(other)})
    assert result["errors"] == {"key_path": "root_key_foreign"}


async def test_a_root_key_that_is_away_does_not_move(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    entry = await add_site(hass)
    (Path(hass.config.config_dir) / ".cache/camguard/root.key").unlink()
    result = await reconfigure(hass, entry, SITE | {"key_path": str(tmp_path / "usb")})
    assert result["errors"] == {"key_path": "root_key_missing"}


async def test_a_root_key_that_cannot_be_written_stays(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    entry = await add_site(hass)
    taken = tmp_path / "usb"
    (taken / "root.key").mkdir(parents=True)
    result = await reconfigure(hass, entry, SITE | {"key_path": str(taken)})
    assert result["errors"] == {"key_path": "path_not_writable"}
    assert (Path(hass.config.config_dir) / ".cache/camguard/root.key").exists()


async def test_the_storage_stays_while_it_holds_clips(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    entry = await add_site(hass)
    vault = entry.runtime_data.site.vault
    vault.prepare("a" * 32)
    result = await reconfigure(hass, entry, SITE | {"storage_path": str(tmp_path / "nas")})
    assert result["errors"] == {"storage_path": "storage_in_use"}
    vault.discard("a" * 32)
    result = await reconfigure(hass, entry, SITE | {"storage_path": str(tmp_path / "nas")})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert (tmp_path / "nas/camguard.storage").exists()


async def test_removal_shows_the_camera_and_erases_the_clips(hass: HomeAssistant, camera: FileCamera) -> None:
    from homeassistant.helpers import entity_registry as er

    entry = await add_site(hass)
    await add_camera(hass, entry)
    assert er.async_get(hass).async_get("camera.street").hidden_by is er.RegistryEntryHider.INTEGRATION
    keys = Path(hass.config.config_dir) / ".cache/camguard/keys"
    entry.runtime_data.site.vault.prepare("b" * 32)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert er.async_get(hass).async_get("camera.street").hidden_by is None
    assert list(keys.iterdir()) == []


async def test_a_folder_of_another_installation(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    nas = tmp_path / "nas"
    other = Vault.open(Paths.of(tmp_path / "other", storage_path=nas))
    reconcile(other, 1)
    other.close()
    flow_id = await begin(hass)
    result = await hass.config_entries.flow.async_configure(flow_id, SITE | {"storage_path": str(nas)})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "take_over")
    assert result["description_placeholders"] == {"path": str(nas)}
    result = await hass.config_entries.flow.async_configure(flow_id, {"confirm": False})
    assert result["step_id"] == "user", "another folder may be chosen"
    result = await hass.config_entries.flow.async_configure(flow_id, SITE | {"storage_path": str(nas)})
    result = await hass.config_entries.flow.async_configure(flow_id, {"confirm": True})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    entry = result["result"]
    vault = entry.runtime_data.site.vault
    taken = [item.body for item in vault.ledger.entries() if item.event == "storage_taken_over" and item.body]
    assert [body["path"] for body in taken] == [str(nas)]
    # and again, with settings that are confirmed as they are
    result = await reconfigure(hass, entry, SITE | {"storage_path": str(nas)})
    assert result["reason"] == "reconfigure_successful"


async def test_a_folder_whose_marker_can_not_be_read(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    (tmp_path / "nas" / "camguard.storage").mkdir(parents=True)
    flow_id = await begin(hass)
    result = await hass.config_entries.flow.async_configure(flow_id, SITE | {"storage_path": str(tmp_path / "nas")})
    assert result["errors"] == {"storage_path": "path_not_writable"}


async def test_a_root_key_in_memory_or_with_the_clips(hass: HomeAssistant, camera: FileCamera, tmp_path: Path) -> None:
    flow_id = await begin(hass)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        for fields, error in (
            ({"key_path": memory}, "path_in_memory"),
            ({"key_path": str(tmp_path / "nas" / "key"), "storage_path": str(tmp_path / "nas")}, "path_in_storage"),
            ({"key_path": hass.config.path(".cache/camguard/keys")}, "path_beside_keys"),
        ):
            result = await hass.config_entries.flow.async_configure(flow_id, SITE | fields)
            assert result["errors"] == {"key_path": error}
            assert result["description_placeholders"]["path"] == fields["key_path"]
