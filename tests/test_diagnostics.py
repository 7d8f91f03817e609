"""Diagnostics: enough to find a fault, nothing that identifies a person or opens a door."""

from pathlib import Path
from typing import Any

import pytest
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry

from .cameras import FileCamera
from .setup import add_camera, add_site
from .test_main_job import until


@pytest.fixture(autouse=True)
async def _diagnostics(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "diagnostics", {})


async def test_a_camera_that_works(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any, hass_read_only_user: User
) -> None:
    entry = await add_site(hass, viewers=[hass_read_only_user.id])
    camera_id = await add_camera(hass, entry)
    await until(hass, "camera.street_2", "streaming")
    shown = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    facts = shown["cameras"][camera_id]
    assert (facts["state"], facts["reason"], facts["armed"], facts["zones"]) == ("streaming", "", True, 2)
    assert facts["worker"]["hello"]["encoders"]
    assert facts["worker"]["restarts"] == 0
    assert facts["totals"]["clips"] == 0
    assert shown["protection"] == "same_medium"
    assert shown["storage"]["fault"] == ""
    assert shown["storage"]["free_bytes"] > 0
    assert shown["retention"] == {"overdue": 0, "clock_trusted": True, "fault": ""}
    assert shown["ledger"] == {
        "entries": entry.runtime_data.site.vault.ledger.seq, "head": entry.runtime_data.site.vault.ledger.head,
    }  # fmt: skip
    assert shown["entry"]["operator_name"] == shown["entry"]["contact"] == shown["entry"]["viewers"] == "**REDACTED**"
    (subentry,) = shown["subentries"]
    assert subentry["place"] == "**REDACTED**"
    assert [zone["name"] for zone in subentry["zones"]] == ["**REDACTED**", "**REDACTED**"]
    text = str(shown)
    for secret in (
        "Sato", "048-000-0000", "front door", "neighbour", "Street", "AGE-SECRET", hass_read_only_user.id,
        str(hass_read_only_user.name),
    ):  # fmt: skip
        assert secret not in text, secret


async def test_while_the_root_key_is_away(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any, tmp_path: Path
) -> None:
    """When they are needed most."""
    entry = await add_site(hass, key_path=str(tmp_path / "key"), purpose="Against Mr Tanaka")
    await add_camera(hass, entry)
    (tmp_path / "key").rename(tmp_path / "away")
    await hass.config_entries.async_reload(entry.entry_id)
    shown = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert (shown["state"], shown["reason"]) == ("setup_retry", "root_key_missing")
    assert shown["entry"]["retention_days"] == 14
    assert len(shown["subentries"]) == 1
    for secret in ("Sato", "Tanaka", "front door", str(tmp_path)):
        assert secret not in str(shown), secret


async def test_a_camera_that_fails_keeps_its_address_secret(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any
) -> None:
    camera.url = "rtsp://admin:hunter2@127.0.0.1:9/live?token=s3cr3t"
    entry = await add_site(hass)
    camera_id = await add_camera(hass, entry)
    await until(hass, "sensor.street_worker", "reconnecting")
    shown = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert shown["cameras"][camera_id]["state"] == "reconnecting"
    for secret in ("admin", "hunter2", "s3cr3t"):
        assert secret not in str(shown), secret


async def test_the_root_keys_medium_may_be_away(
    hass: HomeAssistant, camera: FileCamera, hass_client: Any, tmp_path: Any
) -> None:
    stick = tmp_path / "stick"
    entry = await add_site(hass, key_path=str(stick))
    stick.rename(tmp_path / "away")
    shown = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert shown["protection"] == "unknown"
