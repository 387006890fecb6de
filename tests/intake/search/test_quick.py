"""Without stringzilla, as in a browser, the methods of bytes do the same; so does every processor."""
from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.intake.search.quick import find, newlines

# What stands in for the library, and the text to count in: all give the same.
CODE = """
import sys
{before}
from nopage.intake.search.quick import find, newlines
from nopage.intake.search import finder
for text in (b"", b"\\n", b"a" * 100, b"a\\n" * 99_999, bytes(range(256)) * 1025 + b"\\n"):
    assert newlines(text) == text.count(b"\\n"), text[:9]
found = finder(True, True)(b"x: page allocation failure. order:1")
assert found == [b"allocation failure", b": page alloc", b"ation failure"], found
"""
STANDING_IN = {
    "without it": "sys.modules['stringzilla'] = None",
    "as it is": "",
    "old processor": "import stringzilla; stringzilla.__capabilities__ = ('serial', 'haswell')",
    "new processor": "import stringzilla; stringzilla.__capabilities__ = ('serial', 'haswell', 'icelake')",
    "tells nothing": "import stringzilla; del stringzilla.__capabilities__",
}


@pytest.mark.parametrize("text", [b"", b"a", b"abcabc", b"x" * 1000 + b"abc", b"ab" * 500])
@pytest.mark.parametrize("part", [b"a", b"abc", b"no such part", b"\n"])
def test_both_find_alike(text: bytes, part: bytes) -> None:
    assert find(text, part) == text.find(part)


@given(st.lists(st.sampled_from([b"\n", b"\r", b"\x8a", b"\x00", b"a", b"line of a log "]), max_size=400).map(b"".join))
def test_both_count_alike(text: bytes) -> None:
    assert newlines(text) == text.count(b"\n")


@pytest.mark.parametrize("name", STANDING_IN)
def test_the_search_runs_wherever(name: str) -> None:
    subprocess.run([sys.executable, "-c", CODE.format(before=STANDING_IN[name])], check=True)
