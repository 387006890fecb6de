"""The manual hangs together: every page can be found, and every name of the code that it speaks of is there."""
from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.glob("*.md") if path.name != "index.md")
DOTTED = re.compile(r"`(nopage(?:\.\w+)+)(?:\(\))?`")
# Files and folders, not modules.
NOT_CODE = {"nopage.yml", "nopage.conf"}


def named() -> dict[str, str]:
    """Every dotted name in the manual, with a page that has it."""
    found = {}
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))):
        for name in DOTTED.findall(page.read_text(encoding="utf-8")):
            if name not in NOT_CODE:
                found[name] = page.name
    return found


def is_there(name: str) -> bool:
    """The name is a module, or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("page", [*PAGES, "rules/index.md"])
def test_every_page_is_linked_from_the_index(page: str) -> None:
    assert f"]({page})" in (DOCS / "index.md").read_text(encoding="utf-8")


def test_the_manual_speaks_of_code() -> None:
    assert len(named()) > 50


@pytest.mark.parametrize(("name", "page"), sorted(named().items()))
def test_every_name_of_the_code_is_there(name: str, page: str) -> None:
    assert is_there(name), f"{page}: {name} is no name of the code any more"


@pytest.mark.parametrize("name", ["nopage.klog.no_such_thing", "nopage.no_such_floor", "nopage.api.load.nothing"])
def test_a_name_that_is_gone_is_seen(name: str) -> None:
    assert not is_there(name)


def test_lines_of_prose_are_short() -> None:
    """Tables and what stands in fences may be as long as they must be."""
    long = []
    for page in ("api.md", "architecture.md", "automation.md", "command-line.md", "messages.md"):
        fenced = False
        for number, line in enumerate((DOCS / page).read_text(encoding="utf-8").splitlines(), 1):
            fenced ^= line.startswith("```")
            if len(line) > 120 and not fenced and not line.startswith("|"):
                long.append(f"{page}:{number}")
    assert not long
