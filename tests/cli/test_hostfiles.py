"""Files that a host obeys: one host one file, never two hosts in one, none written over another."""
from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from nopage.cli.hostfiles import write_folder
from nopage.cli.main import main
from nopage.engine.run import diagnose
from nopage.report.view import WHOLE_ANSWER

EXAMPLE = "docs/example/sosreport-example-rhel6"


@pytest.mark.parametrize("name", ["ansible", "sysctl"])
def test_several_hosts_are_refused(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    sources = [str(root / EXAMPLE), str(root / "tests/data/min_free_kbytes_too_high/rhel6")]
    for output in ([], ["-o", str(tmp_path / "one.yml")]):
        assert main(["--format", name, *output, *sources]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err == (
            f"nopage: --format {name}: 2 hosts, and such a file is of one host; write -o FOLDER/ for one file each\n"
        )
    assert not list(tmp_path.iterdir())


def test_several_hosts_in_one_source_are_refused(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(diagnose(str(root / EXAMPLE)))
    monkeypatch.setattr("nopage.engine.run.diagnose", lambda *_given, **_named: iter(found * 3))
    assert main(["--format", "ansible", str(root / EXAMPLE)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "3 hosts, and such a file is of one host" in captured.err


def test_a_folder_gets_a_file_for_each_host(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plays"
    sources = [EXAMPLE, "tests/data/min_free_kbytes_too_high/rhel6", EXAMPLE]
    status = main(["--format", "ansible", "-o", f"{folder}/", *(str(root / source) for source in sources)])
    assert status == 1
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["ora66.example.com.yml", "stor1.example.com-2.yml", "stor1.example.com.yml"]
    for path in folder.iterdir():
        assert yaml.safe_load(path.read_text())
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_one_host_in_a_folder_that_is_there(root: Path, tmp_path: Path) -> None:
    assert main(["--format", "sysctl", "-o", str(tmp_path), str(root / EXAMPLE)]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["stor1.example.com.conf"]


def test_a_folder_that_cannot_be_made(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--format", "sysctl", "-o", f"{tmp_path}/file/such/", str(root / EXAMPLE)]) == 2
    assert capsys.readouterr().err.startswith(f"nopage: {tmp_path}/file/such/: Not a directory")


def test_no_name_of_a_host_leads_out_of_the_folder(root: Path, tmp_path: Path) -> None:
    (found,) = diagnose(str(root / EXAMPLE))
    hosts = ["../evil", "/etc/passwd", "", None, "a/b", "WEB1", "web1", "web1-2", "x" * 253, "..", "web1\n"]
    folder = tmp_path / "inside"
    folder.mkdir()
    assert write_folder("ansible", (replace(found, host=host) for host in hosts), str(folder), WHOLE_ANSWER) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == len(hosts)
    assert {"WEB1.yml", "web1-2.yml", "web1-2-2.yml", "host-not-named.yml", "host-not-named-7.yml"} <= set(names)
