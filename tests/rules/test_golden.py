"""Sosreports made for the purpose, RHEL 4 to 10: each gives exactly the findings that stand beside it."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import insights
import msgspec
import pytest

from nopage.engine.run import diagnose
from nopage.result import Finding, Result
from nopage.rules.catalogue import RULES

SAMPLES = Path(__file__).resolve().parents[1] / "data"
TREES = sorted(path.parent for path in SAMPLES.glob("*/*/expected.json"))
FAILURE_FIELDS = ("comm", "order", "gfp_mask", "atomic", "uses_reserve", "path", "driver", "cause")


def trees() -> list[Any]:
    return [pytest.param(tree, id="/".join(tree.parts[-2:])) for tree in TREES]


def fields_of(finding: Finding) -> dict[str, Any]:
    """As builtins, the way a rule's response carries it."""
    return dict(msgspec.to_builtins(finding))


@pytest.fixture(scope="module")
def results() -> dict[Path, Result]:
    return {tree: next(iter(diagnose(str(tree)))) for tree in TREES}


@pytest.mark.parametrize("tree", trees())
def test_findings(results: dict[Path, Result], tree: Path) -> None:
    result, wanted = results[tree], json.loads((tree / "expected.json").read_text(encoding="utf-8"))
    assert result.kernel.release == wanted["kernel"]
    assert result.kernel.generation == wanted["generation"]
    assert result.kernel.rhel == wanted["rhel"]
    assert result.suppressed == wanted["suppressed"]
    assert [finding.key for finding in result.findings] == wanted["keys"]
    assert len(result.failures) == len(wanted["failures"])
    for got, one in zip(result.failures, wanted["failures"], strict=True):
        for name in FAILURE_FIELDS:
            either = one[name].split("|") if name in ("cause", "driver") and one[name] else [one[name]]
            assert getattr(got, name) in either, (name, got.words)
    assert result.source.complete
    assert result.source.warnings == ()


@pytest.mark.parametrize("tree", trees())
def test_insights_runner_gives_the_same_findings(results: dict[Path, Result], tree: Path) -> None:
    broker = insights.run(list(RULES), root=str(tree))
    responses = [broker[rule] for rule in RULES if rule in broker]
    said = {one.get_key(): dict(one) for one in responses if one.get("type") in ("rule", "info")}
    wanted: dict[str, dict[str, Any]] = {one.key: fields_of(one) for one in results[tree].findings}
    assert set(said) == set(wanted)
    for key, finding in wanted.items():
        fields = [name for name in finding if name not in ("key", "type", "steps")]  # the plan is the whole host's
        assert {name: said[key][name] for name in fields} == {name: finding[name] for name in fields}


@pytest.mark.parametrize("tree", trees())
def test_every_finding_is_small_linked_and_told_for_this_release(
    results: dict[Path, Result], tree: Path
) -> None:
    for finding in results[tree].findings:
        assert len(json.dumps(fields_of(finding))) < 64 * 1024
        assert any(link.title.startswith("Failed GFP_ATOMIC allocations") for link in finding.links)
        assert finding.environment
        assert finding.fingerprint
        assert all(remedy.reason for remedy in finding.remedies)


def test_the_samples_cover_every_generation() -> None:
    generations = {
        json.loads((tree / "expected.json").read_text(encoding="utf-8"))["generation"] for tree in TREES
    }
    assert generations == {"el4", "el5", "el6", "el7", "el8", "el9", "el10"}
