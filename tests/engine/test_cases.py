"""Genuine sosreports with known causes: `nopage` and `insights run` both report exactly what happened."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nopage.result import Result, to_json

pytestmark = pytest.mark.corpus

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"
EXPECTED: dict[str, Any] = (
    json.loads((SHARED / "expected.json").read_text(encoding="utf-8")) if (SHARED / "expected.json").is_file() else {}
)


@pytest.fixture(scope="session")
def results(diagnosed: Callable[[Path], tuple[Result, ...]], shared: Path) -> dict[str, Result]:
    found = {}
    for name in EXPECTED:
        (found[name],) = diagnosed(shared / "cases" / f"{name}.tar.xz")
    return found


@pytest.mark.parametrize("name", EXPECTED or ["no cases beside this checkout"])
class TestCase:
    def test_reports_kernel_and_suppressed(self, results: dict[str, Result], name: str) -> None:
        result, wanted = results[name], EXPECTED[name]
        got = [(one.comm, one.order, one.gfp_mask, one.atomic) for one in result.failures]
        assert got == [(one["comm"], one["order"], one["gfp_mask"], one["atomic"]) for one in wanted["reports"]]
        assert result.kernel.release == wanted["kernel"]
        assert {one.kernel for one in result.failures} <= {wanted["kernel"]}
        assert result.suppressed == wanted["suppressed"]
        assert result.source.complete, result.source.warnings
        assert result.source.warnings == ()

    def test_causes(self, results: dict[str, Result], name: str) -> None:
        for got, wanted in zip(results[name].failures, EXPECTED[name]["reports"], strict=True):
            assert got.cause in (wanted["cause"].split("|") if wanted["cause"] else [None]), got.words

    def test_keys(self, results: dict[str, Result], name: str) -> None:
        keys = {finding.key for finding in results[name].findings}
        atomic = any(one["atomic"] for one in EXPECTED[name]["reports"])
        assert ("ATOMIC_ALLOCATION_FAILURE" in keys) == atomic
        assert ("SLEEPING_ALLOCATION_FAILURE" in keys) == any(not one["atomic"] for one in EXPECTED[name]["reports"])


@pytest.mark.parametrize("name", sorted(EXPECTED)[::6] or ["no cases beside this checkout"])
def test_insights_run_says_the_same(shared: Path, results: dict[str, Result], name: str) -> None:
    archive = shared / "cases" / f"{name}.tar.xz"
    insights = str(Path(sys.executable).with_name("insights"))
    command = [insights, "run", "-p", "nopage.rules", "-f", "_json", str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    got = {
        response["details"].get("error_key") or response["details"].get("info_key"): response["details"]
        for kind in ("reports", "info")
        for response in said.get(kind, ())
    }
    wanted: list[dict[str, Any]] = json.loads(to_json(results[name]))["findings"]
    assert set(got) == {finding["key"] for finding in wanted}, done.stderr
    for finding in wanted:
        details = got[finding["key"]]
        fields = [name for name in finding if name not in ("key", "type", "steps")]  # the plan is the whole host's
        assert {name: details[name] for name in fields} == {name: finding[name] for name in fields}
