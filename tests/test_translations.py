"""Both languages say everything, and everything that the code can say is said."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import custom_components.camguard as component
from custom_components.camguard.domain.documents.household.duty_words import TASKS
from custom_components.camguard.domain.documents.household.letter_page import letters_of
from custom_components.camguard.domain.registers.schema import FIELDS, Kind
from custom_components.camguard.hass import repair_issues as issues
from custom_components.camguard.worker import faults

ROOT = Path(component.__path__[0])
EN, JA = (json.loads((ROOT / "translations" / f"{language}.json").read_text("utf-8")) for language in ("en", "ja"))


def leaves(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, japanese = dict(leaves(EN)), dict(leaves(JA))
    assert english.keys() == japanese.keys()
    for key, text in english.items():
        assert text.strip()
        assert japanese[key].strip()
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", japanese[key])), key


def test_japanese_is_japanese() -> None:
    for key, text in leaves(JA):
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", text) or re.fullmatch(r"{\w+}", text), key


def test_no_addresses_nor_markup() -> None:
    for _, text in (*leaves(EN), *leaves(JA)):
        assert "http" not in text
        assert not re.search(r"</?\w+>", text)


def error_keys() -> set[str]:
    """Keys that errors are raised with anywhere in the code."""
    keys = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
                first = node.args[0] if node.args else None
                value = first.value if isinstance(first, ast.Constant) else None
                if isinstance(value, str) and re.fullmatch(r"[a-z_]+", value):
                    keys.add(value)
    return keys - {"required"}


def test_every_error_has_its_sentence() -> None:
    known = set(EN["exceptions"])
    flow = set(EN["config_subentries"]["camera"]["error"]) | set(EN["config"]["error"])
    assert error_keys() <= known | flow, error_keys() - known - flow
    reasons = {value for name, value in vars(faults).items() if name.isupper()}
    assert reasons <= known, reasons - known


def test_every_issue_has_its_text() -> None:
    raised = issues.BLOCKED | issues.UNREACHED | issues.STORAGE
    raised |= {
        "source_missing",
        "trigger_missing",
        "trigger_stuck",
        "worker_too_large",
        "duties_late",
        "copies_fault",
        "host_fault",
        "host_only_here",
        "escrow_stale",
        "escrow_left",
        "duties_locked",
        "source_exposed",
        "overload",
        "budget_exceeded",
        "root_key_missing",
        "clock_untrusted",
        faults.NO_ENCODER,
    }
    raised |= set(issues.VIEW_FAULTS)
    raised |= {
        "source_silent",
        "zones_unconfirmed",
        "holds_due",
        "kit_missing",
        "held_restorable",
        "clips_altered",
        "ledger_problem",
        "custody_problem",
        "sweep_failed",
    }
    assert raised == set(EN["issues"])


def test_the_registers_have_their_texts() -> None:
    texts, duties = EN["config_panel"]["registers"], EN["config_panel"]["duties"]
    for kind in Kind:
        assert {f"kind_{kind}", f"about_{kind}"} <= texts.keys()
        assert kind is Kind.DOCUMENT or f"none_{kind}" in texts
        for field in FIELDS[kind]:
            if kind is not Kind.DOCUMENT:
                assert f"field_{field.name}" in texts, field.name
            for choice in field.choices:
                assert f"choice_{field.name}_{choice}" in texts
        assert {f"letter_{letter}" for letter in letters_of(kind)} <= texts.keys()
    assert {what: words[1] for what, words in TASKS.items()} == duties
    assert {what: words[0] for what, words in TASKS.items()} == JA["config_panel"]["duties"]


@pytest.mark.parametrize("name", yaml.safe_load((ROOT / "services.yaml").read_text()))
def test_every_action_is_described(name: str) -> None:
    described = EN["services"][name]
    fields = (yaml.safe_load((ROOT / "services.yaml").read_text())[name] or {}).get("fields", {})
    assert set(fields) == set(described.get("fields", {}))
    assert name in json.loads((ROOT / "icons.json").read_text())["services"]
