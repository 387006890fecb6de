"""What every test may use: the shared data beside the checkout, where it stands, and the samples of the project."""
from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from nopage.result import Result

# How long an example takes tells of the machine's other work, not of the code.
settings.register_profile("nopage", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nopage")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sosreports made for the tests, one folder a rule."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def diagnosed() -> Callable[[Path], tuple[Result, ...]]:
    """The results of a sample or case, made once for all tests of a process: they cannot be changed."""
    from nopage.engine.run import diagnose

    return cache(lambda path: tuple(diagnose(str(path))))


def shared_folder() -> Path:
    return ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The corpus, cases and cores that may stand beside the checkout; a user's machine has none."""
    folder = shared_folder()
    if not (folder / "cases").is_dir():
        pytest.skip(f"{folder}: the shared logs and cases do not stand beside this checkout")
    return folder


def of_bench(root: Path, name: str) -> Iterator[ModuleType]:
    """A module of bench/."""
    sys.path.insert(0, str(root / "bench"))
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(root / "bench"))


@pytest.fixture(scope="session")
def synthetic_fleet(root: Path) -> Iterator[ModuleType]:
    """The generator of made fleets: bench/synthetic_fleet.py."""
    yield from of_bench(root, "synthetic_fleet")


@pytest.fixture(scope="session")
def cores(root: Path) -> Iterator[ModuleType]:
    """The generator of synthetic cores: bench/cores."""
    yield from of_bench(root, "cores")


@pytest.fixture(scope="session")
def hostile(root: Path) -> Iterator[ModuleType]:
    """The makers of hostile inputs: bench/hostile.py."""
    yield from of_bench(root, "hostile")


@pytest.fixture(scope="session")
def measured(root: Path) -> Iterator[ModuleType]:
    """Runs the command and measures its whole process tree: bench/measured.py."""
    yield from of_bench(root, "measured")
