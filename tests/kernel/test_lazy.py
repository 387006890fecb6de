"""A room whose files are loaded when a name of theirs is first asked for."""
from __future__ import annotations

import subprocess
import sys

import pytest

from nopage.kernel.lazy import lazily


def test_a_name_comes_from_its_file() -> None:
    found = lazily("nopage.kernel", {"plain": "plain"})
    from nopage.kernel.plain import plain

    assert found("plain") is plain
    with pytest.raises(AttributeError, match=r"module 'nopage.kernel' has no attribute 'bounds'"):
        found("bounds")


def test_no_file_is_loaded_before() -> None:
    code = "import sys, nopage.intake.archive as room; print('nopage.intake.archive.tar' in sys.modules); " \
        "room.walk_tar; print('nopage.intake.archive.tar' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]
