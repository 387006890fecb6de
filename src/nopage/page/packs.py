"""Python packages as archives that the browser's Python unpacks: nopage itself and the pure ones that it stands on.

They are those that nopage runs with here, without what only runs on this machine. Where node is there their modules are
compiled by the very Python that will run them, which saves it seconds at each start.
"""
from __future__ import annotations

import importlib.util
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Final

from nopage.page.inputs import LOCK, Missing

# Import names. Of markupsafe and yaml the Python half alone, which does the same.
PACKAGES: Final = ("nopage", "jinja2", "markupsafe", "yaml", "rich", "polib")
OPTIONAL: Final = frozenset({"polib"})
LEFT_OUT: Final = (
    "nopage/cli/", "nopage/fleet/", "nopage/assist/", "nopage/messaging/", "nopage/combiners/", "nopage/parsers/",
    "nopage/page/static/", "nopage/page/examples/",
)  # fmt: skip
RICH: Final = ("rich/__init__", "rich/_extension", "rich/cells", "rich/_cell", "rich/_unicode_data")  # of all it is
SUFFIXES: Final = frozenset({".py", ".yaml", ".html", ".css", ".js", ".yml", ".conf", ".po", ".LICENSE", ".typed"})
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
COMPILE: Final = Path(__file__).parent / "static" / "compile.mjs"
SECONDS: Final = 300


def packs(folder: Path, pyodide: Path) -> list[Path]:
    """The archives, written into `folder`; `pyodide` is the folder of the Python that will run them."""
    made = []
    for name in PACKAGES:
        data = packed(name)
        if data is not None:
            path = folder / f"{name}.zip"
            path.write_bytes(data)
            made.append(path)
    if shutil.which("node"):
        compiled(made, pyodide)
    return made


def packed(name: str) -> bytes | None:
    """The files of an installed package, always the same bytes for the same files; None for an optional one."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        if name in OPTIONAL:
            return None
        raise Missing(f"{name} is not installed here, and the page needs it")
    origin = Path(spec.origin)
    if origin.name != "__init__.py":
        return zipped({origin.name: origin})
    root = origin.parent
    files = {
        f"{name}/{path.relative_to(root).as_posix()}": path
        for path in sorted(walk(root)) if path.suffix in SUFFIXES
    }  # fmt: skip
    return zipped({place: path for place, path in files.items() if is_used(place)})


def is_used(place: str) -> bool:
    """The file is of use in the browser."""
    return place.startswith(RICH) if place.startswith("rich/") else not place.startswith(LEFT_OUT)


def walk(folder: Path) -> list[Path]:
    """The files below a folder; of a checkout, the floors that are linked into it too."""
    found = []
    for path in folder.iterdir():
        if path.is_dir():
            found += walk(path) if path.name != "__pycache__" else []
        else:
            found.append(path)
    return found


def zipped(files: dict[str, Path]) -> bytes:
    """The files under their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for place, path in files.items():
            archive.writestr(zipfile.ZipInfo(place, EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def compiled(archives: list[Path], pyodide: Path) -> None:
    """Compile the modules in the archives, in place; where that fails they stay sources, which run as well."""
    try:
        subprocess.run(
            ["node", str(COMPILE), str(pyodide), json.dumps(LOCK), *map(str, archives)],
            check=True, capture_output=True, timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return
