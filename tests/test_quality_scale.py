"""Home Assistant's quality scale and HACS' rules, as far as a machine can check them."""

import ast
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import hass_frontend
import pytest
import yaml
from homeassistant.core import HomeAssistant

import custom_components.camguard as component
from custom_components.camguard.const import DOMAIN, PLATFORMS
from custom_components.camguard.domain.software import VERSION
from custom_components.camguard.services import async_register_services

ROOT = Path(component.__path__[0])
REPOSITORY = ROOT.parents[1]
RULES = {
    "bronze": {
        "action-setup", "appropriate-polling", "brands", "common-modules", "config-flow-test-coverage", "config-flow",
        "dependency-transparency", "docs-actions", "docs-triggers", "docs-conditions", "docs-high-level-description",
        "docs-installation-instructions", "docs-removal-instructions", "entity-event-setup", "entity-unique-id",
        "has-entity-name", "runtime-data", "test-before-configure", "test-before-setup", "unique-config-entry",
    },
    "silver": {
        "action-exceptions", "config-entry-unloading", "docs-configuration-parameters", "docs-installation-parameters",
        "entity-unavailable", "integration-owner", "log-when-unavailable", "parallel-updates",
        "reauthentication-flow", "test-coverage",
    },
    "gold": {
        "devices", "diagnostics", "discovery-update-info", "discovery", "docs-data-update", "docs-examples",
        "docs-known-limitations", "docs-supported-devices", "docs-supported-functions", "docs-troubleshooting",
        "docs-use-cases", "dynamic-devices", "entity-category", "entity-device-class", "entity-disabled-by-default",
        "entity-translations", "exception-translations", "icon-translations", "reconfiguration-flow", "repair-issues",
        "stale-devices",
    },
    "platinum": {"async-dependency", "inject-websession", "strict-typing"},
}  # fmt: skip
CHOSEN_AT_RUN_TIME = ("flow_", "activity_", "started_by_")
"""Beginnings of sentences' keys that the code puts together."""


def load(name: str) -> Any:
    return json.loads((ROOT / name).read_text("utf-8"))


def test_every_rule_is_done_or_exempt() -> None:
    stated = yaml.safe_load((ROOT / "quality_scale.yaml").read_text("utf-8"))["rules"]
    assert set(stated) == set().union(*RULES.values())
    for rule, said in stated.items():
        status = said if isinstance(said, str) else said["status"]
        assert status in {"done", "exempt"}, rule
        assert status == "done" or len(said["comment"]) > 20, rule


def icons(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [icon for value in node.values() for icon in icons(value)]
    return [node]


def test_every_icon_is_one_of_the_front_ends() -> None:
    known = {
        entry["name"] for entry in json.loads(
            (Path(hass_frontend.__path__[0]) / "static" / "mdi" / "iconList.json").read_text("utf-8")
        )
    }  # fmt: skip
    used = set(icons(load("icons.json")))
    for path in ROOT.rglob("*.py"):
        used |= set(re.findall(r'"(mdi:[a-z0-9-]+)"', path.read_text("utf-8")))
    assert {icon for icon in used if icon.removeprefix("mdi:") not in known} == set()


def test_every_entity_and_action_has_an_icon() -> None:
    shown, texts = load("icons.json"), load("translations/en.json")
    for platform, entities in texts["entity"].items():
        assert set(entities) <= set(shown["entity"][platform]), platform
    assert set(shown["services"]) == set(texts["services"])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_says_how_much_it_does_at_once(platform: str) -> None:
    tree = ast.parse((ROOT / f"{platform}.py").read_text("utf-8"))
    names = {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
             if isinstance(target, ast.Name)}  # fmt: skip
    assert "PARALLEL_UPDATES" in names


def test_the_manifest_is_in_order() -> None:
    keys = list(load("manifest.json"))
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert {"codeowners", "config_flow", "documentation", "integration_type", "iot_class", "issue_tracker",
            "version"} <= set(keys)  # fmt: skip


def test_one_version() -> None:
    assert load("manifest.json")["version"] == VERSION
    assert tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]["version"] == VERSION
    changes = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{VERSION}]" in changes


def test_hacs_finds_what_it_needs() -> None:
    said = json.loads((REPOSITORY / "hacs.json").read_text("utf-8"))
    assert said["name"]
    assert re.fullmatch(r"20\d\d\.\d+\.\d+", said["homeassistant"])
    assert (ROOT / "brand" / "icon.png").exists()
    assert "Apache License" in (REPOSITORY / "LICENSE").read_text("utf-8")
    assert (REPOSITORY / "README.md").stat().st_size > 1000


async def test_actions_take_what_is_described(hass: HomeAssistant) -> None:
    async_register_services(hass)
    described = yaml.safe_load((ROOT / "services.yaml").read_text("utf-8"))
    registered = hass.services.async_services_internal()[DOMAIN]
    assert set(registered) == set(described)
    for name, service in registered.items():
        fields = set((described[name] or {}).get("fields", {}))
        schema = service.schema
        while not hasattr(schema, "schema") or not isinstance(schema.schema, dict):
            schema = schema.validators[0] if hasattr(schema, "validators") else schema.schema
        taken = {str(key) for key in schema.schema}
        targets = {"entity_id", "device_id", "area_id", "floor_id", "label_id"}
        if "target" in (described[name] or {}):
            taken -= targets - fields
        silent = {"until"} if name == "release" else set()  # taken, since `hold` takes it, and of no effect
        assert taken - silent == fields, name


def strings() -> set[str]:
    """Every string that the code holds."""
    found = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_no_sentence_is_for_nothing() -> None:
    held = strings()
    unused = {
        key for key in load("translations/en.json")["exceptions"]
        if key not in held and not key.startswith(CHOSEN_AT_RUN_TIME)
    }  # fmt: skip
    assert unused == set()


def test_every_error_that_is_shown_is_translated() -> None:
    """Home Assistant's exceptions are raised by key, never with a sentence in one language."""
    kinds = {"HomeAssistantError", "ServiceValidationError", "ConfigEntryNotReady", "ConfigEntryError", "BrowseError",
             "Unresolvable"}  # fmt: skip
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
                assert not node.args, f"{path.name}:{node.lineno}"
                assert "translation_key" in {keyword.arg for keyword in node.keywords}, f"{path.name}:{node.lineno}"
