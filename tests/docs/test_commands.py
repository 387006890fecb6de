"""Every command and all Python shown in README and manual runs, and shows what the page says."""
from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("nopage_docs_examples", ROOT / "docs" / "examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = load()
PAGES = [path for path in EXAMPLES.pages() if EXAMPLES.BLOCK.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_commands_of_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    with EXAMPLES.sandbox() as here:
        assert EXAMPLES.renewed(text, here) == text, "run: python docs/examples.py"


def test_pages_show_commands() -> None:
    wanted = {"README.md", "command-line.md", "automation.md", "api.md", "build-on-it.md"}
    assert wanted <= {page.name for page in PAGES}


def test_a_failing_command_is_told(tmp_path: Path) -> None:
    with EXAMPLES.sandbox() as here, pytest.raises(RuntimeError, match="status 2"):
        EXAMPLES.run("nopage --no-such-option", here)


def test_output_that_differs_is_seen() -> None:
    text = "```console\n$ echo one; echo two\nthree\n```"
    with EXAMPLES.sandbox() as here:
        assert EXAMPLES.renewed(text, here) == "```console\n$ echo one; echo two\none\ntwo\n```"


@pytest.mark.parametrize("code", ["1 / 0\n", "def test_it() -> None:\n    1 / 0\n", "import first\nfirst.there\n"])
def test_python_that_fails_is_told(code: str) -> None:
    with EXAMPLES.sandbox() as here, pytest.raises(RuntimeError, match="Error"):
        EXAMPLES.renewed(f"```python\n# first.py\nhere = 1\n```\n\n```python\n{code}```", here)


def test_a_python_block_finds_named_ones_but_not_their_names() -> None:
    code = "import first\nassert first.here\nassert 'here' not in vars()\n"
    text = f"```python\n# first.py\nhere = 1\n```\n\n```python\n{code}```"
    with EXAMPLES.sandbox() as here:
        assert EXAMPLES.renewed(text, here) == text


def test_a_session_is_renewed_and_goes_on_from_line_to_line() -> None:
    text = "```pycon\n>>> one = 1\n>>> for two in (one, 2):\n...     print(two)\nold\n>>> one + 1\n```"
    with EXAMPLES.sandbox() as here:
        assert EXAMPLES.renewed(text, here) == text.replace("old\n", "1\n2\n").replace("one + 1\n", "one + 1\n2\n")


def test_a_session_that_raises_is_told() -> None:
    with EXAMPLES.sandbox() as here, pytest.raises(RuntimeError, match="ZeroDivisionError"):
        EXAMPLES.renewed("```pycon\n>>> 1 / 0\n```", here)
