"""A store as `nopage fleet scan` leaves it."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.cli.main import main

HOSTS = ("rhel4", "rhel6_before_358", "rhel8", "clean_host")


@pytest.fixture(scope="session")
def store(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of some made hosts, and a source that is none."""
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "empty.log").touch()
    out = str(folder / "store")
    kept = [str(samples / "atomic_allocation_failure" / name) for name in HOSTS]
    assert main(["fleet", "scan", *kept, str(folder / "empty.log"), "--out", out, "--workers", "1"]) == 3
    return out
