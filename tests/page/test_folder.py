"""How the folder is made: pinned, verified, small."""
from __future__ import annotations

import hashlib
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from nopage.cli.commands.page import main
from nopage.page import inputs
from nopage.page.build import POLICY, write_static
from nopage.page.packs import PACKAGES, packed
from nopage.page.words import WORDS

MOST_BYTES = 20_000_000


def test_without_npm_and_without_a_folder_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(inputs.GIVEN, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--build", "--dir", str(tmp_path / "page")]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("nopage: npm is not installed; ")
    assert inputs.GIVEN in line
    assert not (tmp_path / "page").exists()


def test_without_a_network_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "npm error network timeout\n")

    monkeypatch.delenv(inputs.GIVEN, raising=False)
    monkeypatch.setattr(inputs.shutil, "which", lambda name: name)
    monkeypatch.setattr(inputs.subprocess, "run", refused)
    with pytest.raises(inputs.Missing, match=r"npm could not fetch .*network timeout.* NOPAGE_PYODIDE"):
        inputs.inputs(tmp_path)


@pytest.mark.parametrize("name", inputs.PINNED)
def test_what_is_not_what_is_pinned_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv(inputs.GIVEN, str(tmp_path))
    with pytest.raises(inputs.Missing, match="No such file"):
        inputs.inputs(tmp_path)
    (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(inputs.Missing, match=r"is not the .* that is pinned"):
        inputs.verify(name, tmp_path / name)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_packed_alike_each_time(name: str, tmp_path: Path) -> None:
    data = packed(name)
    assert data == packed(name)
    if data is None:
        return
    (tmp_path / "one.zip").write_bytes(data)
    names = zipfile.ZipFile(tmp_path / "one.zip").namelist()
    assert not [one for one in names if one.endswith((".so", ".pyc")) or ".." in one or one.startswith("/")]
    assert any(one.startswith(name) for one in names)
    if name == "nopage":
        assert {"nopage/rules/knowledge/base.py", "nopage/report/templates/page.html"} <= set(names)
        assert not [one for one in names if one.startswith(("nopage/cli/", "nopage/parsers/", "nopage/combiners/"))]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The page's own files, without what has to be fetched."""
    write_static(tmp_path, [])
    return tmp_path


def test_the_page_says_everything_that_is_said(page: Path) -> None:
    index = (page / "index.html").read_text()
    script = (page / "app.js").read_text()
    assert "say(" not in (page / "runner.js").read_text()
    asked = set(re.findall(r'data-word="(\w+)"', index)) | set(re.findall(r'say\("(\w+)"', script))
    assert asked <= set(WORDS)
    assert set(WORDS) == asked | {"tabs"}
    given = json.loads((page / "given.js").read_text().removeprefix("export const GIVEN = ").rstrip(";\n"))
    assert set(given["words"]["en"]) == set(WORDS)
    assert len(given["examples"]) == 3
    assert all("messages" in one for one in given["examples"])


def test_nothing_of_the_page_comes_from_elsewhere_or_stands_inline(page: Path) -> None:
    index = (page / "index.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', index)
    assert policy is not None
    assert policy[1].replace("&#39;", "'") == POLICY
    assert POLICY.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in POLICY
    assert "'unsafe-eval'" not in POLICY
    assert re.findall(r"(?:src|href)=\"(?:https?:|//)", index) == []
    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", index) == []
    for name in ("app.js", "runner.js", "worker.js", "index.html"):
        text = (page / name).read_text()
        assert not re.search(r"localStorage|sessionStorage|document\.cookie|sendBeacon|innerHTML|outerHTML", text), name


def test_the_folder_is_small_and_whole(built: Path) -> None:
    files = {path.relative_to(built).as_posix(): path for path in built.rglob("*") if path.is_file()}
    assert sum(path.stat().st_size for path in files.values()) <= MOST_BYTES
    listed = json.loads(re.search(r"const FILES = (\[\[.*\]\]);", files["sw.js"].read_text())[1])  # type: ignore[index]
    assert {name for name, _ in listed} == set(files) - {"sw.js", "_headers"}
    for name, told in inputs.PINNED.items():
        assert hashlib.sha256(files[f"engine/{name}"].read_bytes()).hexdigest() == told
