"""Without stringzilla, as in a browser, the methods of bytes do the same."""
from __future__ import annotations

import subprocess
import sys

import pytest

from nopage.intake.search.quick import count, find

CODE = """
import sys
sys.modules["stringzilla"] = None
from nopage.intake.search.quick import count, find
from nopage.intake.search import finder
assert count is bytes.count and find is bytes.find
found = finder(True, True)(b"x: page allocation failure. order:1")
assert found == [b"allocation failure", b": page alloc", b"ation failure"], found
"""


@pytest.mark.parametrize("text", [b"", b"a", b"abcabc", b"x" * 1000 + b"abc", b"ab" * 500])
@pytest.mark.parametrize("part", [b"a", b"abc", b"no such part", b"\n"])
def test_both_find_and_count_alike(text: bytes, part: bytes) -> None:
    assert (find(text, part), count(text, part)) == (text.find(part), text.count(part))


def test_the_search_runs_without_it() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)
