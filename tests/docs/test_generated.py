"""The generated pages are current, and each finding has its page."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nopage.rules.knowledge import keys


def test_generated_pages_are_current(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr + "run: python docs/generate.py"


def test_each_finding_has_a_page_in_the_index(root: Path) -> None:
    index = (root / "docs" / "rules" / "index.md").read_text(encoding="utf-8")
    for key in keys():
        assert f"({key.lower()}.md)" in index
        assert (root / "docs" / "rules" / f"{key.lower()}.md").is_file()


def manual(root: Path) -> list[Path]:
    return [*root.glob("*.md"), *(root / "docs").glob("**/*.md")]


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in manual(root)
        for target in re.findall(r"\]\((?!https?://)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_folders_and_files_named_in_the_manual_exist(root: Path) -> None:
    names = r"`((?:src|docs|tests|rules|parsers|combiners)/[\w./-]+)`"
    missing = [
        f"{page.relative_to(root)}: {name}"
        for page in (root / "docs" / "architecture.md", root / "CONTRIBUTING.md", root / "README.md")
        for name in re.findall(names, page.read_text(encoding="utf-8"))
        if not (root / name).exists() and not re.search(r"/x\b|/CASE", name)
    ]
    assert not missing


@pytest.mark.parametrize("word", ["ATOMIC_ALLOCATION_FAILURE", "nopage/1", "--fail-on", "NOPAGE_RESOLUTION_URL"])
def test_the_manual_tells_of(root: Path, word: str) -> None:
    assert any(word in page.read_text(encoding="utf-8") for page in manual(root))
