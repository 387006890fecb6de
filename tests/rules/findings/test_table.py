"""The pure findings and the insights rules are the same ones in the same order."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.diagnosis.picture import Picture
from nopage.engine.run import findings_of as responses_of
from nopage.engine.run import run_rules
from nopage.engine.texts import findings_of, picture_of
from nopage.intake.collect import collect
from nopage.rules.catalogue import RULES
from nopage.rules.findings import FINDINGS, fields_of
from nopage.rules.knowledge import keys

SAMPLES = Path(__file__).resolve().parents[2] / "data"
TREES = sorted(path.parent for path in SAMPLES.glob("*/*/expected.json"))[::5]


def test_a_rule_for_each_finding_in_one_order() -> None:
    called = [rule.__globals__["finding"] for rule in RULES]
    assert called == list(FINDINGS)
    assert {rule.__globals__["KEY"] for rule in RULES} == set(keys())


@pytest.mark.parametrize("look", FINDINGS, ids=lambda look: look.__name__)
def test_nothing_is_found_in_no_picture(look: object) -> None:
    assert callable(look)
    assert look(Picture()) is None


@pytest.mark.parametrize("tree", [pytest.param(tree, id="/".join(tree.parts[-2:])) for tree in TREES])
def test_a_response_carries_the_finding(tree: Path) -> None:
    (collected,) = collect(str(tree))
    picture, damaged = picture_of(collected)
    found, faults = findings_of(picture)
    assert (damaged, faults) == ((), [])
    assert (found, faults) == responses_of(run_rules(collected))
    for one in found:
        fields = fields_of(one, picture)
        assert (fields["key"], fields["host"]) == (one.key, picture.hostname)
        assert ("failures" in fields) == (one.atomic is not None)
