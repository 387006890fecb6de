"""What every test may use: the shared data beside the checkout, where it stands, and the samples of the project."""
from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sosreports made for the tests, one folder a rule."""
    return ROOT / "tests" / "data"


def shared_folder() -> Path:
    return ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The corpus, cases and cores that may stand beside the checkout; a user's machine has none."""
    folder = shared_folder()
    if not (folder / "cases").is_dir():
        pytest.skip(f"{folder}: the shared logs and cases do not stand beside this checkout")
    return folder


@pytest.fixture(scope="session")
def cores(root: Path) -> Iterator[ModuleType]:
    """The generator of synthetic cores: bench/cores."""
    sys.path.insert(0, str(root / "bench"))
    try:
        yield importlib.import_module("cores")
    finally:
        sys.path.remove(str(root / "bench"))
