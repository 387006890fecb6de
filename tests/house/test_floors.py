"""The house of docs/architecture.md: imports only go down, by absolute name, and the lower floors stay pure."""
from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FLOORS = (
    "kernel", "vmcore", "intake", "klog", "diagnosis", "parsers", "combiners", "rules", "engine", "report", "fleet",
    "messaging", "assist", "cli",
)
PURE = ("kernel", "klog", "diagnosis")
LONGEST_FILE = 350


def sources(root: Path) -> list[Path]:
    return sorted((root / "src" / "nopage").glob("**/*.py")) + [
        path for floor in ("parsers", "combiners", "rules") for path in sorted((root / floor).glob("**/*.py"))
    ]


def floor_of(path: Path, root: Path) -> str | None:
    parts = path.relative_to(root).parts
    parts = parts[2:] if parts[0] == "src" else parts
    return parts[0] if parts[0] in FLOORS else None


def imports(path: Path) -> Iterator[tuple[int, int, str]]:
    """Every import of a file: line, level (0 is absolute), module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, 0, name.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.level, node.module or ""


def test_imports_only_go_down(root: Path) -> None:
    wrong = []
    for path in sources(root):
        floor = floor_of(path, root)
        for line, level, module in imports(path):
            parts = module.split(".")
            if level:
                wrong.append(f"{path}:{line}: relative import")
            known = floor and parts[0] == "nopage" and len(parts) > 1 and parts[1] in FLOORS
            if known and floor and FLOORS.index(parts[1]) > FLOORS.index(floor):
                wrong.append(f"{path}:{line}: {floor} imports {module}, which is above it")
            if parts[0] in FLOORS:
                wrong.append(f"{path}:{line}: {module} is a second name of nopage.{module}")
    assert wrong == []


@pytest.mark.parametrize("floor", PURE)
def test_pure_floors_use_the_standard_library_only(root: Path, floor: str) -> None:
    outside = {
        f"{path.name}:{line}: {module}"
        for path in (root / "src" / "nopage" / floor).glob("**/*.py")
        for line, _level, module in imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names and module.split(".")[0] != "nopage"
    }
    assert outside == set()


def test_every_file_has_one_subject_and_postponed_annotations(root: Path) -> None:
    for path in sources(root):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST_FILE, f"{path} is long"
        assert "from __future__ import annotations" in text, path


def test_only_nopage_is_importable(root: Path) -> None:
    import nopage.engine.run  # noqa: F401

    loaded = [name for name in ("rules", "parsers", "combiners") if name in sys.modules]
    assert loaded == [], "loaded under a second name: combiners would find no dependency"


def test_insights_runner_is_called_by_the_engine_alone(root: Path) -> None:
    callers = {
        floor_of(path, root)
        for path in sources(root)
        for _line, _level, module in imports(path)
        if module in ("insights.core.dr", "insights.core") and "run_components" in path.read_text(encoding="utf-8")
    }
    assert callers <= {"engine"}
