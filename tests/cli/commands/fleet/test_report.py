"""`nopage fleet report` and `nopage fleet diff`: where they write, what they print, what they refuse."""
from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nopage.cli.main import main
from nopage.report.fleet.screen import MARGIN
from nopage.report.speaker import speaker

for library in ("pyarrow", "duckdb", "pebble"):
    pytest.importorskip(library, reason="pip install 'nopage[fleet]'")


def test_a_screen(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "report", store, "--width", "90"]) == 0
    text = capsys.readouterr().out
    assert "3 of 4 hosts (75 %) had page allocation failures" in text
    assert "CHANGE ONCE FOR MANY" in text
    assert "NOT READ is empty (1)" in text


def test_json(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "report", store, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "nopage-fleet-report/1"
    assert len(told["hosts"]) == told["totals"]["hosts"] == 4
    assert told["unreadable"][0]["reason"] == "is empty"


@pytest.mark.parametrize(("name", "begins"), [("x.html", "<!doctype html>"), ("x.json", "{"), ("x.txt", "/")])
def test_the_ending_tells_the_format(store: str, tmp_path: Path, name: str, begins: str) -> None:
    assert main(["fleet", "report", store, "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert os.listdir(tmp_path) == [name]


def test_a_page_holds_the_worst_in_full_and_links_nothing_outside(store: str, tmp_path: Path) -> None:
    path = tmp_path / "fleet.html"
    assert main(["fleet", "report", store, "-o", str(path)]) == 0
    page = path.read_text(encoding="utf-8")
    assert page.count('<section class="host"') == 3
    assert 'href="#host-1"' in page
    assert "hosts/" not in page


def test_a_folder_of_pages(store: str, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    assert main(["fleet", "report", store, "-o", f"{folder}/"]) == 0
    assert sorted(os.listdir(folder)) == ["hosts", "index.html"]
    index = (folder / "index.html").read_text(encoding="utf-8")
    pages = sorted(os.listdir(folder / "hosts"))
    assert len(pages) == 3
    for page in pages:
        assert f'href="hosts/{page}"' in index
        assert 'href="../index.html"' in (folder / "hosts" / page).read_text(encoding="utf-8")
    # Again with fewer pages: those that are not of it any more are gone.
    assert main(["fleet", "report", store, "-o", str(folder), "--pages", "1"]) == 0
    assert len(os.listdir(folder / "hosts")) == 1


def test_a_folder_of_others_is_left_alone(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert main(["fleet", "report", store, "-o", str(tmp_path)]) == 2
    assert "holds other files" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["thesis.txt"]


@pytest.mark.parametrize(("form", "said"), [("text", "failed since then"), ("json", '"nopage-fleet-diff/1"'),
                                            ("html", "Were the plans carried out")])
def test_diff_of_a_store_with_itself(store: str, capsys: pytest.CaptureFixture[str], form: str, said: str) -> None:
    assert main(["fleet", "diff", store, store, "--format", form]) == 0
    assert said in capsys.readouterr().out


def test_diff_of_hosts_that_one_side_has_alone(store: str, samples: Path, tmp_path: Path) -> None:
    before = str(tmp_path / "before")
    clean = str(samples / "atomic_allocation_failure" / "clean_host")
    assert main(["fleet", "scan", clean, "--out", before, "--workers", "1"]) == 0
    assert main(["fleet", "diff", before, store, "-o", str(tmp_path / "x.json")]) == 0
    told = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert (told["both"], told["only_new"]) == (1, 3)


@pytest.mark.parametrize(("fails", "status"), [(False, 0), (True, 1)])
def test_diff_tells_by_its_status_that_hosts_failed(tmp_path: Path, fails: bool, status: int) -> None:
    from nopage.fleet.store import Folder, Packed, Row, Writer

    for name, reports in (("old", 0), ("new", int(fails))):
        writer = Writer(Folder(str(tmp_path / name)))
        writer.add([Packed(row=Row(source=name, host="web1", reports=reports, last_time="2026-11-01T00:00:00"))])
        writer.flush()
        writer.close()
    assert main(["fleet", "diff", str(tmp_path / "old"), str(tmp_path / "new")]) == status


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["report"], 2, "DIR"),
        (["report", "/no/store"], 3, "holds no scan"),
        (["report", "STORE", "-o", "x/", "--format", "json"], 2, "only pages go into a folder"),
        (["report", "STORE", "-o", "/no/folder/x.html"], 2, "No such file"),
        (["report", "STORE", "--pages", "-1"], 2, "--pages"),
        (["diff", "STORE"], 2, "NEW"),
        (["diff", "STORE", "/no/store"], 3, "holds no scan"),
        (["diff", "STORE", "STORE", "-o", "x/"], 2, "is a folder"),
    ],
)
def test_wrong_command_lines(
    store: str, arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["fleet", *(store if word == "STORE" else word for word in arguments)]) == status
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("language", "once"),
    [("ko", "한 번에 여럿 변경"), ("ja", "まとめて変更"), ("zh", "一次改多台"), ("en", "CHANGE ONCE FOR MANY")],
)
def test_a_language(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, once: str) -> None:
    """A blank at least stands behind every label, however wide it is in the language."""
    assert main(["fleet", "report", store, "--lang", language, "--width", "120"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert once in lines
    labels = [speaker(language)(label) for label in MARGIN]
    starts = {label: line[len(label) :] for line in lines for label in labels if line.startswith(label)}
    assert len(starts) > 5
    assert all(rest.startswith(" ") for rest in starts.values())
    page = tmp_path / "page.html"
    assert main(["fleet", "report", store, "--lang", language, "-o", str(page)]) == 0
    assert f'<html lang="{ {"zh": "zh-Hans"}.get(language, language)}">' in page.read_text(encoding="utf-8")


def test_requests_of_one_name_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """GFP_ATOMIC is 0x20 up to RHEL 7 and 0x480020 on RHEL 8."""
    for name, mode in (("one", "0x20"), ("two", "0x480020(GFP_ATOMIC)")):
        line = f"Feb 14 18:26:11 {name} kernel: x: page allocation failure. order:1, mode:{mode}\n"
        (tmp_path / f"{name}.log").write_text(line)
    assert main(["fleet", "scan", str(tmp_path), "--out", str(tmp_path / "store"), "--workers", "1"]) in (0, 1)
    capsys.readouterr()
    assert main(["fleet", "report", str(tmp_path / "store"), "--width", "120"]) == 0
    text = capsys.readouterr().out
    assert "order 1 GFP_ATOMIC (0x20) 1" in text
    assert "order 1 GFP_ATOMIC (0x480020) 1" in text
