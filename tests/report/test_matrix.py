"""Every format renders every host that is known: no template names a field that a finding may lack."""
from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from nopage.cli.diagnose import FORMATS, WRITERS
from nopage.engine.run import diagnose

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
GENUINE = [*sorted(SHARED.glob("cases/*.tar.xz")), *sorted(SHARED.glob("faults/hosts/*.tar.xz"))]


def written(name: str, results: list[dict[str, Any]], sources: int = 1) -> str:
    out = io.StringIO()
    WRITERS[name](iter(results), out, sources)
    return out.getvalue()


def assert_every_format_renders(path: Path) -> None:
    results = list(diagnose(str(path)))
    assert results
    keys = [finding["key"] for result in results for finding in result["findings"]]
    texts = {name: written(name, results) for name in FORMATS}
    assert all(text.strip() for text in texts.values())
    for name in ("text", "html"):
        assert all(key in texts[name] for key in keys), name
    assert json.loads(f"[{texts['json']}]") == json.loads(json.dumps(results))
    assert len(yaml.safe_load(texts["ansible"]) or ()) <= len(results)
    for name in ("text", "json"):  # how many sources are told
        assert len(written(name, results * 2, 2).splitlines()) == 2 * len(results)


def test_every_format_has_its_writer() -> None:
    assert set(WRITERS) == set(FORMATS)


@pytest.mark.parametrize("sample", [pytest.param(path, id="/".join(path.parts[-2:])) for path in SAMPLES])
def test_samples(sample: Path) -> None:
    assert_every_format_renders(sample)


@pytest.mark.corpus
@pytest.mark.parametrize("host", [pytest.param(path, id=path.name.removesuffix(".tar.xz")) for path in GENUINE])
def test_genuine_cases_and_made_hosts(shared: Path, host: Path) -> None:
    assert_every_format_renders(host)
