"""`nopage fleet` as it is typed: lists, patterns, questions, exports, and command lines that are wrong."""
from __future__ import annotations

import csv
import io
import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest

from nopage.cli.main import main

for library in ("pyarrow", "duckdb", "pebble"):
    pytest.importorskip(library, reason="pip install 'nopage[fleet]'")


def test_a_table(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "query", store, "SELECT rhel, cause FROM rows WHERE reports > 0 ORDER BY rhel"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["rhel", "cause"]
    assert [line.split()[0] for line in lines[3:-1]] == ["4.8", "6.1", "8.10"]


def test_answers_for_programs(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "query", store, "SELECT host, findings FROM rows ORDER BY 1", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 5
    assert {"ATOMIC_ALLOCATION_FAILURE"} <= {finding for row in told for finding in row["findings"]}
    assert main(["fleet", "query", store, "SELECT source, error FROM rows WHERE error <> ''", "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["source", "error"]
    assert [row[1] for row in rows[1:]] == ["is empty"]


@pytest.mark.parametrize(
    ("form", "table", "rows"), [("csv", "rows", 5), ("csv", "groups", 3), ("json", "groups", 3)]
)
def test_exports_of_tables(
    store: str, capsys: pytest.CaptureFixture[str], form: str, table: str, rows: int
) -> None:
    assert main(["fleet", "export", store, "--format", form, "--table", table]) == 0
    text = capsys.readouterr().out
    found = json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text)))
    assert len(found) == rows


def test_export_of_whole_results(store: str, tmp_path: Path) -> None:
    assert main(["fleet", "export", store, "--format", "jsonl", "-o", str(tmp_path / "results.jsonl")]) == 0
    told = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {one["schema"] for one in told} == {"nopage/1"}
    assert len(told) == 3
    assert os.listdir(tmp_path) == ["results.jsonl"]


def test_export_as_metrics(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "export", store, "--format", "prometheus"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "nopage_fleet_sources 5" in lines
    assert "nopage_fleet_sources_failed 1" in lines
    assert 'nopage_fleet_hosts_with_finding{finding="ATOMIC_ALLOCATION_FAILURE"} 3' in lines
    assert 'nopage_fleet_hosts_by_severity{severity="urgent"} 0' in lines
    assert all(line.startswith(("# HELP nopage_fleet_", "# TYPE nopage_fleet_", "nopage_fleet_")) for line in lines)


def test_dry_run_limit_and_list(
    pile: Callable[[int], Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = pile(3)
    names = tmp_path / "names"
    names.write_bytes(b"\0".join(os.fsencode(path) for path in sorted(folder.iterdir())))
    out = str(tmp_path / "out")
    assert main(["fleet", "scan", "--files-from", str(names), "--out", out, "--dry-run", "--limit", "2"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [str(folder / "h0.log"), str(folder / "h1.log")]
    assert "2 sources (" in told.err
    assert "1 beyond the limit" in told.err
    assert not os.path.exists(out)


def test_from_a_storage_into_a_storage(capsys: pytest.CaptureFixture[str]) -> None:
    """The storage is this process's memory, which children do not see: they say so, and that is kept there."""
    root = uuid.uuid4()
    fsspec.filesystem("memory").pipe_file(f"/{root}/in/a.log", b"x")
    command = ["fleet", "scan", f"memory://{root}/in", "--out", f"memory://{root}/out", "--workers", "1"]
    assert main(command) == 3
    assert main([*command, "--retry-failed"]) == 3
    assert main(command) == 3
    assert "nothing to do: 1 source" in capsys.readouterr().err
    sql = "SELECT source, tries, part, error FROM rows"
    assert main(["fleet", "query", f"memory://{root}/out", sql, "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith(f"memory:///{root}/in/a.log,2,2,cannot be opened")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([], 2, "COMMAND"),
        (["nonsense"], 2, "invalid choice"),
        (["scan", "x"], 2, "--out"),
        (["scan", "--out", "x"], 2, "name a SOURCE"),
        (["scan", "x", "--out", "y", "--workers", "0"], 2, "--workers: must be 1 or more"),
        (["scan", "x", "--out", "y", "--dask", "tcp://x:1", "--workers", "2"], 2, "are started there"),
        (["scan", "x", "--out", "y", "--memory", "much"], 2, "--memory: 'much' is no size"),
        (["scan", "x", "--out", "y", "--memory", "1M"], 2, "64M is the least"),
        (["scan", "x", "--out", "y", "--timeout", "0"], 2, "--timeout"),
        (["scan", "x", "--out", "y", "--limit", "0"], 2, "--limit"),
        (["scan", "x", "--out", "y", "--since", "soon"], 2, "--since: 'soon' is no time"),
        (["scan", "x", "--out", "y", "--storage", "key"], 2, "is no KEY=VALUE"),
        (["scan", "-", "--out", "y"], 2, "standard input is no source"),
        (["scan", "--files-from", "/no/list", "--out", "y"], 2, "--files-from: /no/list: No such file"),
        (["query", "/no/store", "SELECT 1"], 3, "holds no scan"),
        (["export", "/no/store", "--format", "csv"], 3, "holds no scan"),
    ],
)
def test_wrong_command_lines(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["fleet", *arguments]) == status
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("sql", "status", "said"),
    [
        ("SELEC 1", 2, "SQL: Parser Error"),
        ("SELECT nothing FROM rows", 2, "SQL: Binder Error"),
        ("DROP VIEW rows", 3, "only read"),
    ],
)
def test_bad_questions(store: str, sql: str, status: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "query", store, sql]) == status
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


@pytest.fixture
def pile(tmp_path: Path) -> Callable[[int], Path]:
    def make(count: int) -> Path:
        folder = tmp_path / "pile"
        folder.mkdir()
        for number in range(count):
            (folder / f"h{number}.log").write_text("x\n", encoding="utf-8")
        return folder

    return make
