"""What the page's folder is made from that is not nopage's own: pinned, fetched by npm and pip, verified; or given.

A folder in NOPAGE_PYODIDE holds them where there is no network.
"""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

GIVEN: Final = "NOPAGE_PYODIDE"
PYODIDE: Final = "314.0.7"
PYTHON, PLATFORM = "3.14", "pyemscripten_2026_0_wasm32"
MSGSPEC: Final = "0.22.0"
MSGSPEC_WHEEL: Final = f"msgspec-{MSGSPEC}-cp314-cp314-{PLATFORM}.whl"
# Its own list of packages, without any: what is served is unpacked by the page itself.
LOCK: Final = {
    "info": {"abi_version": "2026_0", "arch": "wasm32", "platform": "emscripten_5_0_3", "python": "3.14.2"},
    "packages": {},
}
# SHA-256 of what is served, whoever gave it.
PINNED: Final[Mapping[str, str]] = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
    MSGSPEC_WHEEL: "a66b1766311e42371e509c996c3933b161c7ae0eabdf361af5316dec197e1022",
}
SECONDS: Final = 300


class Missing(Exception):
    """The page cannot be made here; `str()` says why and what to do, in one line."""


def inputs(work: Path) -> dict[str, Path]:
    """Every file of PINNED, verified; `work` is a folder to fetch into. Raises Missing."""
    given = os.environ.get(GIVEN)
    if given:
        found = {name: Path(given) / name for name in PINNED}
    else:
        fetch_pyodide(work)
        fetch_msgspec(work)
        found = {name: work / name for name in PINNED}
    for name, path in found.items():
        verify(name, path)
    return found


def verify(name: str, path: Path) -> None:
    """The file is there and is the pinned one, or Missing says which is not."""
    try:
        told = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Missing(f"{path}: {error.strerror}; the page needs pyodide {PYODIDE} and msgspec {MSGSPEC}") from error
    if told != PINNED[name]:
        raise Missing(f"{path}: is not the {name} that is pinned (sha256 {told}); nothing was made of it")


def fetch_pyodide(work: Path) -> None:
    """The files of the npm package `pyodide`."""
    if shutil.which("npm") is None:
        raise Missing(f"npm is not installed; install it, or put pyodide {PYODIDE} and {MSGSPEC_WHEEL} into a folder "
                      f"and name that in {GIVEN}")
    run(["npm", "pack", "--silent", f"pyodide@{PYODIDE}"], work)
    with tarfile.open(work / f"pyodide-{PYODIDE}.tgz") as packed:
        for name in PINNED:
            try:
                member = packed.extractfile(f"package/{name}")
            except KeyError:
                continue
            if member is not None:
                (work / name).write_bytes(member.read())


def fetch_msgspec(work: Path) -> None:
    """The build of msgspec for the browser, as pip finds it."""
    run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary=:all:", "--implementation", "cp", "--python-version", PYTHON, "--abi", "cp314",
         "--platform", PLATFORM, "--dest", ".", f"msgspec=={MSGSPEC}"], work)


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command that needs the network; Missing says that it failed."""
    tool = Path(command[0]).name
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{tool} did not finish: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Missing(f"{tool} could not fetch what the page needs ({said[-1][:200] if said else 'no word'}); without "
                      f"a network put pyodide {PYODIDE} and {MSGSPEC_WHEEL} into a folder and name that in {GIVEN}")
