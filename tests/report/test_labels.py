"""Every word of the contract that a person reads has a label."""
from __future__ import annotations

import pytest

from nopage.report.labels import LABELS, label_of
from nopage.report.speaker import Speaker
from nopage.result import Cause, SeriesKind, Severity
from nopage.rules.knowledge import keys


@pytest.mark.parametrize("word", [*keys(), *Cause, *SeriesKind, *(one for one in Severity if one != "none")])
def test_it_has_one(word: str) -> None:
    assert word in LABELS
    assert "_" not in label_of(word, Speaker()).replace("min_free_kbytes", "")


def test_another_word_stays_as_it_is() -> None:
    assert label_of("NO_SUCH_KEY", Speaker()) == "NO_SUCH_KEY"
