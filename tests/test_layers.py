"""Who may import whom (docs/design/invariants.md): read off the source, so that no import hides in a function."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import custom_components.camguard as component

ROOT = Path(component.__path__[0])
WORKER_FOR_APP = {"worker.protocol", "worker.faults", "worker.redact", "worker.still_format"}
ALLOWED = {
    "domain": {"domain"},
    "vault": {"vault", "domain"},
    "worker": {"worker", "domain", "vault.paths", "vault.sealed"},
    "app": {"app", "vault", "domain", *WORKER_FOR_APP},
    "hass": {"hass", "app", "vault", "domain", "const", "runtime", *WORKER_FOR_APP},
    "api": {"api", "hass", "app", "vault", "domain", "const", "runtime"},
}
LIBRARIES = {"domain": set(), "vault": {"cryptography"}, "worker": {"av", "numpy"}, "app": set()}
ENTRY = "worker.__main__"
"""Imports the worker under another name (see there)."""


def _name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix("__init__").removesuffix(".")


MODULES = {_name(path): path for path in sorted(ROOT.rglob("*.py")) if "bundle" not in path.relative_to(ROOT).parts[:1]}


def imports(name: str) -> Iterator[tuple[bool, str]]:
    """Yield (ours, dotted name below the component or of a package) of every import, wherever it stands."""
    path = MODULES[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((False, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield False, node.module or ""
        elif isinstance(node, ast.ImportFrom):
            base = [part for part in package[: len(package) - node.level + 1] if part]
            base += node.module.split(".") if node.module else []
            for alias in node.names:
                target = ".".join([*base, alias.name])
                yield True, target if target in MODULES else ".".join(base)


@pytest.mark.parametrize("layer", ALLOWED)
def test_layers_import_downwards_only(layer: str) -> None:
    looked_at = 0
    for name in MODULES:
        if name.split(".")[0] != layer or name == ENTRY:
            continue
        for ours, target in imports(name):
            looked_at += ours
            if not ours:
                assert not target.startswith("custom_components"), name
                continue
            reached = {target.split(".")[0], ".".join(target.split(".")[:2])}
            assert reached & ALLOWED[layer], f"{name} imports {target}"
    assert looked_at


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {
        name: {target for ours, target in imports(name) if ours and target != name} for name in MODULES if name != ENTRY
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize("layer", LIBRARIES)
def test_inner_layers_know_no_home_assistant(layer: str) -> None:
    for name in MODULES:
        if name.split(".")[0] != layer or name == ENTRY:
            continue
        for ours, target in imports(name):
            top = target.partition(".")[0]
            assert ours or top in sys.stdlib_module_names or top in LIBRARIES[layer], f"{name} imports {target}"


def test_folders_hold_what_one_can_survey() -> None:
    """A folder of a layer answers "what would I look for here?": ten modules, and a sentence that says what."""
    for folder in {path.parent for name, path in MODULES.items() if "." in name}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= 12, f"{folder.relative_to(ROOT)}: {len(modules)} modules"
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))), folder


def test_modules_stay_small() -> None:
    for name, path in MODULES.items():
        lines = len(path.read_text("utf-8").splitlines())
        assert lines <= 450, f"{name} has {lines} lines"
