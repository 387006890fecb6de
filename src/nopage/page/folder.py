"""The page's folder on disk: which files of a folder nopage made, and a new page in place of an old one.

What is there decides, not the name: nothing that nopage did not make is served, overwritten or removed.
"""
from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

INDEX: Final = "index.html"
LISTED_BY: Final = "sw.js"
UNLISTED: Final = frozenset({LISTED_BY, "_headers"})
MARK: Final = 'const KEPT = "nopage-" + '
LIST: Final = re.compile(r"^const FILES = (\[\[.*\]\]);$", re.MULTILINE)
LIST_BYTES: Final = 1 << 20


class Foreign(Exception):
    """A folder is not one that nopage made, or holds more than that; `str()` says it in one line."""


def made_files(folder: Path) -> frozenset[str]:
    """The files of the page that nopage made in `folder`, by their names in it; none where it made none."""
    try:
        with (folder / LISTED_BY).open(encoding="utf-8") as file:
            text = file.read(LIST_BYTES)
        found = LIST.search(text) if MARK in text else None
        names = {str(name) for name, _ in json.loads(found[1])} if found else set()
    except (OSError, ValueError, TypeError):
        return frozenset()
    return frozenset(names | UNLISTED) if INDEX in names and all(map(is_inside, names)) else frozenset()


def is_whole(folder: Path) -> bool:
    """Nothing of the page is missing: nobody was interrupted while it was made."""
    made = made_files(folder)
    return bool(made) and all((folder / name).is_file() for name in made)


def is_inside(name: str) -> bool:
    """The name is of a file below the folder that it is in."""
    return all(part not in ("", ".", "..") for part in name.split("/")) and name.isprintable()


def must_be_free(folder: Path) -> None:
    """Raises Foreign where something stands at `folder` that nopage did not make; an empty folder is free."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise Foreign(f"{folder}: is no folder; name another one by --dir")
    made = made_files(folder)
    folders = {parent.as_posix() for name in made for parent in Path(name).parents}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or name not in (folders if path.is_dir() else made):
            raise Foreign(f"{folder}: holds {name!r}, which nopage did not make; nothing was changed, name another "
                          "folder by --dir")


def put(made: Path, folder: Path) -> None:
    """The page in `made` becomes what `folder` holds; the folder itself stays. Raises Foreign."""
    must_be_free(folder)
    files = names_of(made)
    for name in made_files(folder) - files:
        (folder / name).unlink(missing_ok=True)
    for name in sorted(files, key=lambda name: name != LISTED_BY):  # the list first: it says whose all the others are
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # what serves the old file serves it to its end
        shutil.copyfile(made / name, target)


def names_of(folder: Path) -> frozenset[str]:
    """Every file in a folder."""
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def size_of(folder: Path, names: Iterable[str]) -> int:
    """Bytes in all."""
    return sum((folder / name).stat().st_size for name in names)
