"""A response fits what insights-core takes, whatever stands in it; one of ordinary size is not touched."""
from __future__ import annotations

from typing import Any

import pytest

from nopage.kernel.bounds import BOUNDS
from nopage.rules.findings import bounded, fitting, shortened

SENTENCE = "Node 0 Normal: 12 pages are free, and 40 must be left over: fails by 28."


def fields(why: int, remedies: int, effects: int) -> dict[str, Any]:
    return {
        "summary": "something failed",
        "why": (SENTENCE,) * why,
        "why_said": [{"id": "verdict.sentence", "text": SENTENCE, "params": {}} for _ in range(why)],
        "links": [{"title": f"link {at}", "url": None} for at in range(7)],
        "remedies": [{"action": "a", "effect": [SENTENCE] * effects} for _ in range(remedies)],
    }


def test_an_ordinary_one_stays_as_it_is() -> None:
    one = fields(6, 5, 8)
    assert bounded(one) is one


@pytest.mark.parametrize(("why", "remedies", "effects"), [(400, 3, 3), (5, 8, 400), (1000, 30, 1000), (3, 3000, 2)])
def test_a_large_one_keeps_its_text_and_says_what_it_lost(why: int, remedies: int, effects: int) -> None:
    one = fields(why, remedies, effects)
    found = fitting(bounded(one), [{"failure": SENTENCE}] * 5000, 5000)
    assert len(str(found)) < 65_535
    assert found["summary"] == one["summary"]
    assert found["links"] == one["links"]
    assert len(found["why"]) == len(found["why_said"])
    if why > BOUNDS.response_rows:
        left = why - len(found["why"]) + 1
        assert found["why"][-1] == f"{left} more lines are left out here"
        assert found["why_said"][-1]["text"] == found["why"][-1]
        assert found["why"][0] == SENTENCE
    assert found["failures_total"] == 5000
    assert found["failures_left_out"] == 5000 - len(found["failures"])


def test_a_text_that_is_far_too_long() -> None:
    cut = shortened("x" * 100_000, 5)
    assert len(cut) <= BOUNDS.response_text_characters
    assert cut.endswith(" ...")
