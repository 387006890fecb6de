"""Every word of the contract that a person reads has a label."""
from __future__ import annotations

import pytest

from nopage.report.speaker import Speaker
from nopage.report.words import label_of
from nopage.result import Cause
from nopage.rules.knowledge import keys


@pytest.mark.parametrize("word", [*keys(), *Cause])
def test_it_has_one(word: str) -> None:
    assert label_of(word, Speaker()) != word
    assert "_" not in label_of(word, Speaker()).replace("min_free_kbytes", "")


def test_another_word_stays_as_it_is() -> None:
    assert label_of("NO_SUCH_KEY", Speaker()) == "NO_SUCH_KEY"
