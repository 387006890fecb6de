"""Every format renders every host that is known: no template names a field that a finding may lack."""
from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from nopage.cli.diagnose import FORMATS
from nopage.cli.hostfiles import OF_ONE_HOST
from nopage.cli.writers import WRITERS
from nopage.report.view import View
from nopage.result import Result, to_json

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
GENUINE = [*sorted(SHARED.glob("cases/*.tar.xz")), *sorted(SHARED.glob("faults/hosts/*.tar.xz"))]


def written(name: str, results: list[Result], sources: int = 1) -> str:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="utf-8", newline="")
    assert WRITERS[name](iter(results), out, sources, View(why=True, log=True, links=True)) == 0
    out.flush()
    return raw.getvalue().decode()


def assert_every_format_renders(results: list[Result]) -> None:
    assert results
    keys = [finding.key for result in results for finding in result.findings]
    texts = {name: written(name, results[:1] if name in OF_ONE_HOST else results) for name in WRITERS}
    assert all(text.strip() for text in texts.values())
    for name in ("text", "html"):
        assert all(key in texts[name] for key in keys), name
    plain = [json.loads(to_json(result)) for result in results]
    assert [json.loads(line) for line in texts["jsonl"].splitlines()] == plain
    objects = [texts["json"]] if len(results) == 1 else texts["json"].splitlines()
    assert [json.loads(text) for text in objects] == plain
    assert len(texts["brief"].splitlines()) == len(results)
    assert len(yaml.load(texts["ansible"], Loader=yaml.CSafeLoader)) <= 2  # the settings and the way back
    for name in ("json", "jsonl", "brief"):  # how many sources are told
        assert len(written(name, results * 2, 2).splitlines()) == 2 * len(results)
    # of many sources a line each as they come, then a table with a row each, then totals
    lines = written("text", results * 2, 2).splitlines()
    assert lines.index("") == 2 * len(results)
    assert lines[lines.index("") + 1].startswith("HOST")


def test_every_format_has_its_writer() -> None:
    assert set(WRITERS) == {*FORMATS, "brief"}  # what --brief writes has no name of its own


@pytest.mark.parametrize("sample", [pytest.param(path, id="/".join(path.parts[-2:])) for path in SAMPLES])
def test_samples(diagnosed: Callable[[Path], tuple[Result, ...]], sample: Path) -> None:
    assert_every_format_renders([*diagnosed(sample)])


@pytest.mark.corpus
@pytest.mark.parametrize("host", [pytest.param(path, id=path.name.removesuffix(".tar.xz")) for path in GENUINE])
def test_genuine_cases_and_made_hosts(
    diagnosed: Callable[[Path], tuple[Result, ...]], shared: Path, host: Path
) -> None:
    assert_every_format_renders([*diagnosed(host)])
