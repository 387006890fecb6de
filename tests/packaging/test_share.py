"""What a build makes beside the package: manual page, completions; and the files that describe image and RPM."""
from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nopage.cli.commands import EVERY, parser_of
from nopage.cli.completions import INSTALLED, main_parser
from nopage.version import __version__


@pytest.fixture(scope="module")
def share(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "packaging" / "share.py"))


@pytest.fixture(scope="module")
def made(share: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a build installs from."""
    folder = tmp_path_factory.mktemp("share")
    share["make"](folder)
    return folder


def done(*command: str) -> str:
    """What a program prints; skipped where it is not installed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


def test_the_page_tells_of_every_option(made: Path) -> None:
    page = (made / "share/man/man1/nopage.1").read_text(encoding="utf-8")
    assert f'"nopage {__version__}"' in page
    for parser in (main_parser(), *map(parser_of, EVERY)):
        for option in (name for action in parser._actions for name in action.option_strings):
            assert rf"\fB{option}\fR".replace("-", r"\-") in page
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXAMPLES", "EXIT STATUS"):
        assert re.search(rf'^\.SH "?{heading}"?$', page, re.MULTILINE), heading


@pytest.mark.parametrize(
    "command", [("mandoc", "-T", "lint", "-W", "warning"), ("groff", "-man", "-ww", "-z", "-Tutf8")]
)
def test_the_page_is_read_without_a_warning(made: Path, command: Sequence[str]) -> None:
    assert done(*command, str(made / "share/man/man1/nopage.1")) == ""


BASH = """
source {file}
COMP_WORDS=({words}); COMP_CWORD={place}; COMPREPLY=(); _shtab_nopage nopage
echo "${{COMPREPLY[*]}}"
"""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("nopage wat", "watermarks"),
        ("nopage --form", "--format"),
        ("nopage --format js", "json jsonl"),
        ("nopage explain --ker", "--kernel"),
        ("nopage rules MIN", "MIN_FREE_KBYTES_TOO_HIGH MIN_FREE_KBYTES_TOO_LOW"),
    ],
)
def test_bash_completes(made: Path, words: str, offered: str) -> None:
    pytest.importorskip("shtab")
    script = BASH.format(file=made / INSTALLED["bash"], words=words, place=len(words.split()) - 1)
    assert done("bash", "-c", script).split("\n")[0] == offered


def test_bash_and_zsh_take_files_where_no_command_is_meant(made: Path) -> None:
    pytest.importorskip("shtab")
    assert "complete -o bashdefault -o default -F" in (made / INSTALLED["bash"]).read_text(encoding="utf-8")
    assert "*) _files ;;" in (made / INSTALLED["zsh"]).read_text(encoding="utf-8")
    assert done("zsh", "-n", str(made / INSTALLED["zsh"])) == ""


def test_the_spec_is_of_this_version_and_can_be_read(root: Path) -> None:
    spec = root / "packaging" / "nopage.spec"
    text = spec.read_text(encoding="utf-8")
    assert re.search(rf"^Version: +{re.escape(__version__)}$", text, re.MULTILINE)
    assert f"- {__version__}-1" in text
    assert "Name:           nopage" in done("rpmspec", "-P", str(spec))


def test_the_image_runs_as_nobody_and_names_no_registry(root: Path) -> None:
    lines = (root / "Containerfile").read_text(encoding="utf-8").splitlines()
    (user,) = (line.split()[1] for line in lines if line.startswith("USER "))
    assert int(user.partition(":")[0]) > 0
    assert [line for line in lines if line.startswith("FROM ")] == ["FROM ${BASE} AS build", "FROM ${BASE}"]
    assert not any("://" in line for line in lines)


def test_the_changes_tell_of_this_version(root: Path) -> None:
    assert f"\n## {__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_sdist_has_all_that_a_checkout_has(root: Path) -> None:
    manifest = (root / "MANIFEST.in").read_text(encoding="utf-8")
    grafted = set(re.findall(r"^graft (\S+)$", manifest, re.MULTILINE))
    kept = {"src", "build", "dist"}  # src comes with the package
    folders = {
        one.name for one in root.iterdir() if one.is_dir() and not one.name.startswith((".", "__")) and
        one.name not in kept
    }
    assert folders <= grafted | {one for one in folders if one.endswith(".egg-info")}
    for name in ("dev", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Containerfile"):
        assert re.search(rf"^include .*\b{re.escape(name)}\b", manifest, re.MULTILINE), name
