"""The floors and rooms of docs/architecture.md, in the words of their own `__init__`."""
from __future__ import annotations

import ast
from pathlib import Path

from writers.markdown import table

ROOT = Path(__file__).resolve().parents[2]
# From the top down.
FLOORS = (
    "cli",
    "assist",
    "messaging",
    "fleet",
    "report",
    "engine",
    "rules",
    "combiners",
    "parsers",
    "result",
    "diagnosis",
    "klog",
    "intake",
    "vmcore",
    "kernel",
)


def face(folder: Path) -> str:
    """The first sentence of a folder's `__init__`, in one line; ValueError where it says nothing."""
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    said = (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ").strip()
    if not said:
        raise ValueError(f"{folder}/__init__.py: a room needs one sentence that says what it is")
    return said


def floors() -> str:
    """Every floor and, below it, its rooms; ValueError for a floor that this table does not have."""
    there = {init.parent.name for init in (ROOT / "src" / "nopage").glob("*/__init__.py")}
    if there != set(FLOORS):
        raise ValueError(f"docs/writers/rooms.py: FLOORS differ from the package: {sorted(there ^ set(FLOORS))}")
    rows = []
    for name in FLOORS:
        top = ROOT / name if (ROOT / name).is_dir() else ROOT / "src" / "nopage" / name
        where = top.relative_to(ROOT).as_posix()
        rows.append([f"**`{where}/`**", face(top)])
        for init in sorted(top.glob("*/**/__init__.py")):
            room = init.parent
            rows.append([f"`{where}/{room.relative_to(top).as_posix()}/`", face(room)])
    return table(["floor, rooms", "holds"], rows)
