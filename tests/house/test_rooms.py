"""The rooms of docs/architecture.md: small, entered by their face alone, without circles, their tests beside them.

A room is a folder inside a floor. A module that stands in the floor itself is a room of one file and its own face.
"""
from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_FILES = 12  # and the face
NOT_YET: tuple[str, ...] = ()  # floors and rooms still to be put in order


def _files() -> Iterator[tuple[str, Path]]:
    """Every module by its dotted name; the floors at the top of the checkout are symlinks in the package."""
    package = ROOT / "src" / "nopage"
    yield "nopage", package / "__init__.py"
    for entry in sorted(package.iterdir()):
        if entry.suffix == ".py" and entry.stem != "__init__":
            yield f"nopage.{entry.stem}", entry
        elif entry.is_dir() and (entry / "__init__.py").exists():
            folder = entry.resolve()
            for path in sorted(folder.rglob("*.py")):
                parts = path.relative_to(folder).with_suffix("").parts
                yield ".".join(("nopage", entry.name, *(part for part in parts if part != "__init__"))), path


FILES = dict(_files())
FOLDERS = sorted(name for name, path in FILES.items() if path.name == "__init__.py" and name != "nopage")


def is_done(name: str) -> bool:
    """The floor or room is none of NOT_YET, nor in one."""
    return not any(f"{name}.".startswith(f"nopage.{waiting}.") for waiting in NOT_YET)


FLOORS = [name for name in FOLDERS if name.count(".") == 1 and is_done(name)]
ROOMS = [name for name in FOLDERS if name.count(".") > 1 and is_done(name)]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


def is_face(name: str) -> bool:
    return name in FOLDERS


def imports(name: str) -> Iterator[tuple[int, str, str | None]]:
    """Line, module and name of everything of nopage that a module imports, inside functions too.

    What is imported for types alone is left out; but in a face that is what its `__getattr__` gives, so it counts.
    """
    waiting: list[ast.AST] = [tree(name)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and _is_for_types(node.test) and not is_face(name):
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "nopage":
                    yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "nopage":
            for alias in node.names:
                yield node.lineno, node.module or "", alias.name


def _is_for_types(test: ast.expr) -> bool:
    return ast.unparse(test).removeprefix("typing.") == "TYPE_CHECKING"


def meant(module: str, name: str | None) -> str:
    """The module that an import reaches: `from a import b` reaches a.b where that is a module."""
    inner = f"{module}.{name}"
    return inner if inner in FILES else module


def exported(face: str) -> set[str] | None:
    """The names in `__all__`; None where there is none."""
    for node in tree(face).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def circles() -> list[list[str]]:
    """Groups of modules that import each other, directly or by way of others (Tarjan)."""
    graph = {name: sorted({meant(module, what) for _, module, what in imports(name)} - {name}) for name in FILES}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph.get(name, ()):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            at = stack.index(name)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for name in graph:
        if name not in index:
            visit(name)
    return found


def test_the_tree_is_seen_whole() -> None:
    assert {"nopage.intake.archive.tar", "nopage.rules.catalogue", "nopage.cli.main"} <= FILES.keys()
    assert {what for _, module, what in imports("nopage.intake.collect") if module == "nopage.intake.way"} == {"Way"}
    assert "read_host" in {what for _, _, what in imports("nopage.intake.collect")}, "inside a function"
    assert all(name in FILES or name.startswith("nopage.") for name in FILES)


def test_no_import_circle() -> None:
    assert [circle for circle in circles() if any(map(is_done, circle))] == []


@pytest.mark.parametrize("folder", [*FLOORS, *ROOMS])
def test_a_room_is_small(folder: str) -> None:
    files = [path for path in FILES[folder].parent.glob("*.py") if path != FILES[folder]]
    assert len(files) <= MOST_FILES, f"{folder} has {len(files)} files: make rooms of it"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_face_that_gives_what_it_names(room: str) -> None:
    names = exported(room)
    assert names, f"{room}: no __all__"
    face = importlib.import_module(room)
    assert [name for name in sorted(names) if not hasattr(face, name)] == []


@pytest.mark.parametrize("folder", [*FLOORS, *ROOMS])
def test_others_come_in_by_the_face(folder: str) -> None:
    """Every import out of the folder's own files: of a room elsewhere only what its face names."""
    wrong = []
    for name, path in FILES.items():
        if path.parent != FILES[folder].parent:
            continue
        for line, module, what in imports(name):
            for room in ROOMS:
                if f"{name}.".startswith(f"{room}."):
                    continue  # at home
                if module.startswith(f"{room}."):
                    wrong.append(f"{path}:{line}: imports {module} past the face of {room}")
                elif module == room and what not in (exported(room) or ()):
                    wrong.append(f"{path}:{line}: {what} is not in __all__ of {room}")
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_its_tests(room: str) -> None:
    place = ROOT.joinpath("tests", *room.split(".")[1:])
    assert list(place.glob("test_*.py")) or place.with_name(f"test_{place.name}.py").exists(), f"no tests in {place}"


@pytest.mark.parametrize("floor", FLOORS)
def test_a_folder_of_tests_has_its_room(floor: str) -> None:
    tests = ROOT / "tests" / floor.split(".")[1]
    folders = [".".join((floor, *path.parent.relative_to(tests).parts)) for path in tests.rglob("test_*.py")]
    assert [folder for folder in sorted(set(folders)) if is_done(folder) and folder not in FOLDERS] == []
