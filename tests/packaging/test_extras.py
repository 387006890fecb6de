"""Each extra that setup.py offers is told where one installs, and each that is told is offered."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json, setuptools
setuptools.setup = lambda **given: print(json.dumps(sorted(given["extras_require"])))
import runpy
runpy.run_path("setup.py")
"""


def test_the_extras_are_told() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, capture_output=True, text=True, check=True)
    offered = set(re.findall(r'"(\w+)"', done.stdout))
    told = set(re.findall(r"^\| `nopage\[(\w+)\]` \|", (ROOT / "docs" / "install.md").read_text(), re.MULTILINE))
    assert "page" in offered
    assert told == offered - {"test"}
