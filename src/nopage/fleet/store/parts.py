"""The parts of a store: a number each, and a file each for rows, groups, steps and results.

The file of rows is written last: a part without it is none. Of a source that several parts hold, the newest counts.
"""
from __future__ import annotations

import json
import re
from typing import Any

from nopage.fleet.store.folder import TEMPORARY, Folder, StoreError
from nopage.fleet.store.schema import READABLE, VERSION
from nopage.version import __version__

MARK = "nopage-fleet.json"
LOCK = "nopage-fleet.lock"
PART = re.compile(r"part-(\d+)\.(?:parquet|jsonl\.zst)\Z")
ENDINGS = {"rows": "parquet", "groups": "parquet", "steps": "parquet", "results": "jsonl.zst"}


def file_of(kind: str, number: int) -> str:
    """The file of a part that holds its `kind`: rows, groups, steps or results."""
    return f"{kind}/part-{number:08d}.{ENDINGS[kind]}"


def numbers(folder: Folder, kind: str) -> list[int]:
    """The parts of which a file of this kind is there."""
    return sorted(int(found[1]) for found in map(PART.match, folder.names(kind)) if found)


def sweep(folder: Folder) -> None:
    """Take away what a writer left that was killed: files half written, groups, steps and results without rows."""
    whole = set(numbers(folder, "rows"))
    for kind in ENDINGS:
        for name in folder.names(kind):
            found = PART.match(name)
            if name.startswith(TEMPORARY) or (found and int(found[1]) not in whole):
                folder.remove(f"{kind}/{name}")


def mark_of(folder: Folder) -> dict[str, Any] | None:
    """What the store says of itself; None where there is none. Raises StoreError where it is of another kind."""
    try:
        said = json.loads(folder.get(MARK))
        version = str(said["schema"])
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{folder.url}: {MARK} is damaged") from error
    if version not in READABLE:
        raise StoreError(f"{folder.url}: was made as {version}, this nopage {__version__} reads {READABLE[-1]}")
    return dict(said)


def begin(folder: Folder, options: dict[str, Any]) -> None:
    """Make a store where nothing is, or bring an older one up to this version. Raises StoreError at anything else."""
    before = mark_of(folder)
    if before is not None:
        folder.make(ENDINGS)
        if before["schema"] != VERSION:
            _mark(folder, {**before, "schema": VERSION})
        return
    others = [name for name in folder.names() if name not in (LOCK, TEMPORARY + MARK, *ENDINGS)]
    if others:
        raise StoreError(f"{folder.url}: holds other files ({others[0]}); name a new folder")
    folder.make(ENDINGS)
    _mark(folder, {"schema": VERSION, "nopage": __version__, "options": options})


def _mark(folder: Folder, said: dict[str, Any]) -> None:
    folder.put(MARK, json.dumps(said, indent=2).encode() + b"\n")
