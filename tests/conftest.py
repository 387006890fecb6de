"""What every test may use: the shared data beside the checkout, where it stands, and the samples of the project."""
from __future__ import annotations

import gc
import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from nopage.result import Result

# How long an example takes tells of the machine's other work, not of the code.
settings.register_profile("nopage", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nopage")

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = "axe_playwright_python.sync_playwright"
BROWSER_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
# Of several workers one runs the whole of a file, so that what its tests share is made once; of these folders and
# files too, whose servers, pages and results are the same.
TOGETHER = {
    "tests/page/": "the page", "tests/report/fleet/": "a fleet", "tests/result/": "all results",
    "tests/house/test_messages.py": "all results", "tests/engine/test_cases.py": "all results",
}  # fmt: skip
# The tests of these share nothing that takes long.
APART = ("tests/cli/", "tests/docs/test_commands.py", "tests/docs/test_recipes.py", "tests/fleet/test_scan.py",
         "tests/fleet/test_s3.py", "tests/intake/test_hostile.py", "tests/api/test_library.py")  # fmt: skip
# What takes longest is begun first, so that no worker is left with it at the end; waits beside work.
FIRST = (
    "tests/messaging/", "tests/report/html/test_browser.py", "tests/report/fleet/", "tests/page/", "tests/result/",
    "tests/house/test_messages.py", "tests/engine/test_cases.py", "tests/report/documents/test_applied.py",
    "tests/fleet/test_s3.py", "tests/fleet/", "tests/docs/", "tests/combiners/test_cluster.py", "tests/engine/",
    "tests/klog/", "tests/assist/", "tests/intake/", "tests/diagnosis/", "tests/vmcore/", "tests/house/",
    "tests/parsers/", "tests/report/", "tests/rules/", "tests/kernel/",
)  # fmt: skip
# What drives others beside nopage: browsers, brokers, object stores, clusters, Ansible, a shell for each command of the
# manual, or a process and its peak of memory for each hostile input. `./dev test all` runs it, and so does CI.
OUTSIDE = (
    "tests/page/test_browser.py", "tests/page/test_browser_trouble.py", "tests/page/test_serve.py",
    "tests/page/test_made_folder.py", "tests/page/test_same_answer.py", "tests/report/html/test_browser.py",
    "tests/report/fleet/test_browser.py", "tests/messaging/test_rabbitmq.py", "tests/messaging/test_engine.py",
    "tests/fleet/test_s3.py", "tests/fleet/test_scan.py", "tests/fleet/engine/", "tests/combiners/test_cluster.py",
    "tests/report/documents/test_applied.py", "tests/docs/test_commands.py", "tests/docs/test_recipes.py",
    "tests/cli/test_hostile.py", "tests/intake/test_hostile.py", "tests/intake/unpack/test_late_damage.py",
    "tests/engine/test_lean.py", "tests/api/test_library.py", "tests/cli/test_installed.py",
    "tests/cli/test_faults.py", "tests/assist/test_server.py", "tests/page/test_folder.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first."""
    places = [item.nodeid.partition("::")[0] for item in items]
    for item, place in zip(items, places, strict=True):
        if place.startswith(OUTSIDE):
            item.add_marker(pytest.mark.outside)
    rank = {place: next((at for at, one in enumerate(FIRST) if place.startswith(one)), len(FIRST))
            for place in set(places)}  # fmt: skip
    items.sort(key=lambda item: rank[item.nodeid.partition("::")[0]])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Which tests stay on one worker; None, as another way was asked for by --dist."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Placed(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            place = nodeid.partition("::")[0]
            if place.startswith(APART):
                return nodeid
            return next((name for one, name in TOGETHER.items() if place.startswith(one)), place)

    config.option.loadscopereorder = False
    return Placed(config, log)


def pytest_collection_finish() -> None:
    """Thousands of tests that stay are not looked through by each collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium by playwright, closed after each file: while one is open, no other event loop can run here."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("no chromium is installed")
    with sync_api.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """What axe-core calls serious or critical in a page; a test that asks is skipped where it is not installed."""

    def barriers(page: Any, options: dict[str, Any] | None = None) -> list[str]:
        made = pytest.importorskip(AXE, reason="axe-playwright-python is not installed")
        found = made.Axe().run(page, options=options).response["violations"]
        return [
            f"{one['impact']}: {one['id']}: {node['target']}: {node['failureSummary'][:160]}"
            for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"][:3]
        ]  # fmt: skip

    return barriers


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
