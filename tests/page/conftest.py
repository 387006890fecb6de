"""The page's folder, built once, and the page in headless Chromium; skipped, and said why, where they cannot be had."""
from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from nopage.page.build import build
from nopage.page.inputs import Missing
from nopage.page.serve import server

READY_MS, ANSWER_MS = 120_000, 60_000  # of a machine that is busy with something else


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as it goes to a static host."""
    folder = tmp_path_factory.mktemp("page") / "page"
    try:
        build(folder)
    except Missing as why:
        pytest.skip(f"the page cannot be built here: {why}")
    return folder


@dataclass
class Shown:
    """The page in the browser, with what it asked for since it was ready, and what it complained of."""

    page: Any
    context: Any
    started_s: float = 0.0
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def run(self) -> float:
        """Press the button and wait for the answer; returns the seconds that took."""
        self.page.evaluate("document.getElementById('status').textContent = ''")
        begun = time.monotonic()
        self.page.locator("#run").click()
        self.wait()
        return time.monotonic() - begun

    def wait(self) -> None:
        self.page.locator("#status.bad:not(:empty), #status:has-text('Done in')").first.wait_for(timeout=ANSWER_MS)

    def paste(self, text: str) -> float:
        """A text alone, diagnosed."""
        self.page.locator("#clear").click()
        self.page.locator("#log").fill(text)
        return self.run()

    def give(self, files: list[Any], text: str = "") -> float:
        """Files, with or without a text, diagnosed."""
        self.page.locator("#clear").click()
        self.page.locator("#files").set_input_files(files)
        self.page.locator("#log").fill(text)
        return self.run()

    @property
    def status(self) -> str:
        return str(self.page.locator("#status").inner_text())

    def result(self) -> dict[str, Any]:
        """What stands in the tab with JSON."""
        found: dict[str, Any] = json.loads(self.page.locator("#text-json").text_content())
        return found


@pytest.fixture(scope="session")
def serving() -> Callable[[Path], AbstractContextManager[str]]:
    """Serves a folder as the command does, and gives the address."""

    @contextmanager
    def served(folder: Path) -> Iterator[str]:
        made = server(folder)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}/"
        made.shutdown()
        made.server_close()

    return served


@pytest.fixture(scope="module")
def address(built: Path, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    with serving(built) as found:
        yield found


@pytest.fixture(scope="module")
def opened(address: str, browser: Any) -> Callable[..., Shown]:
    """Opens the page in a browser profile of its own, and waits until Python is there."""

    def open_page(**how: Any) -> Shown:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        shown = Shown(context.new_page(), context)
        shown.page.on("console", lambda one: shown.errors.append(one.text) if one.type != "log" else None)
        shown.page.on("pageerror", lambda one: shown.errors.append(str(one)))
        begun = time.monotonic()
        shown.page.goto(address)
        shown.page.locator("html[data-ready], #status.bad").first.wait_for(state="attached", timeout=READY_MS)
        shown.started_s = time.monotonic() - begun
        context.on("request", lambda one: shown.requests.append(one.url))
        return shown

    return open_page


@pytest.fixture(scope="module")
def shown(opened: Callable[..., Shown]) -> Shown:
    return opened()
