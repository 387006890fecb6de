"""A browser for the tests of pages: headless Chromium by playwright; skipped where one of them is not installed."""
from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = "axe_playwright_python.sync_playwright"
# The rows of a long table are made alike: the first of them are judged, and what stands around the table.
FEWER_ROWS = "for (const one of document.querySelectorAll('tbody tr:nth-child(n+13)')) one.remove()"
COLOR_RULES = ["color-contrast", "link-in-text-block"]
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@dataclass
class Opened:
    """A page in the browser, and what it did that it should not."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def script(self, text: str) -> Any:
        return self.page.evaluate(text)

    def barriers(self, scheme: str) -> list[str]:
        """What axe-core calls serious or critical; in the dark scheme, which differs in its colors, of the colors."""
        axe = pytest.importorskip(AXE, reason="axe-playwright-python is not installed")
        self.script(FEWER_ROWS)
        asked: dict[str, Any] = {"resultTypes": ["violations"]}
        if scheme == "dark":
            asked["runOnly"] = {"type": "rule", "values": COLOR_RULES}
        found = axe.Axe().run(self.page, options=asked).response["violations"]
        return [
            f"{one['impact']}: {one['id']}: {node['target']}: {node['failureSummary'][:160]}"
            for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"][:3]
        ]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Closed after each file: while one is open, no other event loop can run in this process."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = next((path for name in NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("no chromium is installed")
    with sync_api.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Opens a file; every request but for the file itself is refused and counted."""
    contexts = []

    def open_file(path: Path, **how: Any) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        shown = Opened(context.new_page())
        address = path.as_uri()

        def route(one: Any) -> None:
            if one.request.url.split("#")[0] == address or one.request.url.startswith("data:"):
                one.continue_()
            else:
                shown.requests.append(one.request.url)
                one.abort()

        context.route("**/*", route)
        shown.page.on("console", lambda one: shown.errors.append(one.text) if one.type != "log" else None)
        shown.page.on("pageerror", lambda one: shown.errors.append(str(one)))
        shown.page.on("dialog", lambda one: (shown.errors.append("dialog"), one.dismiss()))
        shown.page.goto(address)
        return shown

    yield open_file
    for context in contexts:
        context.close()
