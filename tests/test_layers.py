"""Who may import whom (docs/design/invariants.md): read off the source, so that no import hides in a function."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import custom_components.camguard as component

ROOT = Path(component.__path__[0])
ALLOWED = {
    "domain": {"domain"},
    "vault": {"vault", "domain"},
    "worker": {"worker", "domain", "vault.paths", "vault.sealed"},
    "app": {"app", "vault", "domain", "worker.protocol", "worker.faults", "worker.redact"},
    "web": {"web", "app", "domain", "", "vault"},
}
STANDARD_ONLY = {"domain": set(), "vault": {"cryptography"}, "worker": {"av", "numpy"}, "app": set()}


def modules(layer: str) -> list[Path]:
    return sorted((ROOT / layer).glob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (level of a relative import, dotted name) of every import, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" if node.module else alias.name for alias in node.names]
            yield from ((node.level, name) for name in names)


@pytest.mark.parametrize("layer", ALLOWED)
def test_layers_import_downwards_only(layer: str) -> None:
    for path in modules(layer):
        for level, name in imports(path):
            if level == 0:
                assert not name.startswith("custom_components"), path
                continue
            target = f"{layer}.{name}" if level == 1 else name
            package, _, _ = target.partition(".")
            if not (ROOT / package).is_dir():
                target = package = ""
            allowed = ALLOWED[layer]
            reached = {package, ".".join(target.split(".")[:2])}
            assert reached & allowed, f"{path.name} imports {target or name}"


@pytest.mark.parametrize("layer", STANDARD_ONLY)
def test_inner_layers_know_no_home_assistant(layer: str) -> None:
    import sys

    for path in modules(layer):
        if path.name == "__main__.py":
            continue
        for level, name in imports(path):
            top = name.partition(".")[0]
            if level == 0:
                assert top in sys.stdlib_module_names or top in STANDARD_ONLY[layer], f"{path.name} imports {name}"


def test_modules_stay_small() -> None:
    for path in ROOT.rglob("*.py"):
        lines = len(path.read_text("utf-8").splitlines())
        assert lines <= 620, f"{path.relative_to(ROOT)} has {lines} lines"
