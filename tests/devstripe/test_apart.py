"""The stand-in and the mall know nothing of each other; its files stay small."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted((ROOT / "devstripe").rglob("*.py"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_it_imports_nothing_of_the_mall(path: Path) -> None:
    assert "mall" not in imported(path)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_only_the_part_for_tests_needs_the_sdk(path: Path) -> None:
    assert path.name == "testing.py" or "stripe" not in imported(path)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_its_files_stay_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 250


def test_the_mall_imports_nothing_of_it() -> None:
    found = [path for path in (ROOT / "mall").rglob("*.py") if "devstripe" in imported(path)]
    assert found == []
