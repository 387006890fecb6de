"""The command line of `nopage mcp`: what is refused, and what is said where the SDK is not installed."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_SDK = "import sys; sys.modules['mcp'] = None\nfrom nopage.cli.main import main\nsys.exit(main(sys.argv[1:]))"


def run(*arguments: str, start: tuple[str, ...] = ("-m", "nopage")) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *start, "mcp", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=60, check=False,
    )


@pytest.mark.parametrize(("arguments", "words"), [
    ((), "--root"),
    (("--root", "/nothing\nhere"), "nopage: --root: /nothing\\nhere: cannot be a root: No such file or directory"),
    (("--root", __file__), "is no directory"),
    (("--root", "s3://bucket/"), "only directories are served"),
    (("--root", "/", "--max-seconds", "0"), "--max-seconds: must be more than 0"),
    (("--root", "/", "--max-unpacked", "lots"), "--max-unpacked: 'lots' is no size"),
])
def test_what_is_refused(arguments: tuple[str, ...], words: str) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


def test_without_the_sdk_one_line_says_which_extra(tmp_path: Path) -> None:
    ended = run("--root", str(tmp_path), start=("-c", WITHOUT_SDK))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "nopage: nopage mcp needs mcp: pip install 'nopage[mcp]'\n"


def test_it_ends_with_its_input(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="pip install 'nopage[mcp]'")
    ended = run("--root", str(tmp_path))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
