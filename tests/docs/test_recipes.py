"""The scripts of docs/recipes, run as the manual says."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "docs/recipes/case_comment.py"
LINE = "Feb 14 18:26:{second:02} {host} kernel: swapper: page allocation failure. order:{order}, mode:0x20\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(tmp_path / "example.tar.gz", "w:gz") as made:
        made.add(ROOT / "docs/example/sosreport-example-rhel6", "sosreport-example-rhel6")
    with tarfile.open(tmp_path / "two.tar", "w") as made:
        made.add(tmp_path / "example.tar.gz", "a.tar.gz")
        made.add(tmp_path / "example.tar.gz", "b.tar.gz")
    whole = (tmp_path / "example.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) * 9 // 10])
    (tmp_path / "healthy.log").write_text("Feb 14 18:26:56 web1 kernel: eth4: Link is Up\n", encoding="ascii")
    (tmp_path / "--help\x1b[31m.log").write_text(LINE.format(second=1, host="web1", order=1), encoding="ascii")
    (tmp_path / "garbage.tar.gz").write_bytes(os.urandom(999))
    os.mkfifo(tmp_path / "slow")
    return tmp_path


def commented(folder: Path, *arguments: str, case: str = "4711") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--case", case, "--state", "state", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )


def test_a_comment_once_a_case(folder: Path) -> None:
    first = commented(folder, "example.tar.gz")
    assert first.returncode == 1, first.stderr
    assert "stor1.example.com" in first.stdout
    assert 200 < len(first.stdout) <= 4000
    assert str(folder) not in first.stdout, "no path of this machine"
    again = commented(folder, "example.tar.gz")
    assert (again.returncode, again.stdout) == (0, ""), "the case has been told"
    two = commented(folder, "two.tar")
    assert (two.returncode, two.stdout) == (0, ""), "nor the same host in another archive"
    assert commented(folder, "example.tar.gz", case="4712").returncode == 1, "another case is told"


@pytest.mark.parametrize(("archive", "status", "has_comment"), [
    ("healthy.log", 0, False),
    ("two.tar", 1, True),
    ("--help\x1b[31m.log", 1, True),
    ("cut.tar.gz", 3, True),
    ("garbage.tar.gz", 3, False),
    ("absent.tar.gz", 3, False),
])
def test_exit_statuses(archive: str, status: int, has_comment: bool, folder: Path) -> None:
    ended = commented(folder, "--", archive)
    assert (ended.returncode, bool(ended.stdout)) == (status, has_comment), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "\x1b" not in ended.stdout


def test_the_time_holds(folder: Path) -> None:
    """A source that gives nothing and does not end."""
    ended = commented(folder, "slow", "--timeout", "1")
    assert ended.returncode in (3, 124)
    assert ended.stdout == ""


def test_what_could_not_be_posted_is_told_the_next_time(folder: Path) -> None:
    assert shutil.which("sh")
    failing = commented(folder, "example.tar.gz", "--post=sh", "--post=-c", "--post=exit 9")
    assert (failing.returncode, failing.stdout) == (5, "")
    post = ("--post=sh", "--post=-c", '--post=cat > "posted-$1"', "--post=post")
    assert commented(folder, "example.tar.gz", *post).returncode == 1
    assert "stor1.example.com" in (folder / "posted-4711").read_text(encoding="utf-8")
    assert commented(folder, "example.tar.gz", *post).returncode == 0
