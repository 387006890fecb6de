"""Pages of a file in the browser: what they asked for, complained of, and what axe-core says of them."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# The rows of a long table are made alike: the first of them are judged, and what stands around the table.
FEWER_ROWS = "for (const one of document.querySelectorAll('tbody tr:nth-child(n+13)')) one.remove()"
COLOR_RULES = ["color-contrast", "link-in-text-block"]


@dataclass
class Opened:
    """A page in the browser, and what it did that it should not."""

    page: Any
    axe: Callable[..., list[str]]
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def script(self, text: str) -> Any:
        return self.page.evaluate(text)

    def barriers(self, scheme: str) -> list[str]:
        """What axe-core calls serious or critical; in the dark scheme, which differs in its colors, of the colors."""
        self.script(FEWER_ROWS)
        asked: dict[str, Any] = {"resultTypes": ["violations"]}
        if scheme == "dark":
            asked["runOnly"] = {"type": "rule", "values": COLOR_RULES}
        return self.axe(self.page, asked)


@pytest.fixture
def open_page(browser: Any, axe: Callable[..., list[str]]) -> Iterator[Callable[..., Opened]]:
    """Opens a file; every request but for the file itself is refused and counted."""
    contexts = []

    def open_file(path: Path, **how: Any) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        shown = Opened(context.new_page(), axe)
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
