"""Fleets for the tests of both faces: a made one, and one in which every name is evil."""
from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from nopage.fleet.report import diff_of, report_of
from nopage.fleet.store import Folder, Store, Writer
from nopage.result.answers import FleetDiff, FleetReport

for library in ("pyarrow", "duckdb"):
    pytest.importorskip(library, reason="pip install 'nopage[fleet]'")


@pytest.fixture(scope="session")
def stores(synthetic_fleet: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Store]:
    made: dict[bool, Store] = {}

    def store(later: bool) -> Store:
        if later not in made:
            folder = str(tmp_path_factory.mktemp("fleet") / "store")
            writer = Writer(Folder(folder))
            writer.add(synthetic_fleet.hosts(400, later=later))
            writer.flush()
            writer.close()
            made[later] = Store.open(folder)
        return made[later]

    return store


@pytest.fixture(scope="session")
def fleet(stores: Callable[[bool], Store]) -> FleetReport:
    return report_of(stores(False))


@pytest.fixture(scope="session")
def since(stores: Callable[[bool], Store]) -> FleetDiff:
    return diff_of(stores(False), stores(True))
