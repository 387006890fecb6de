"""One stem, five places: rule, knowledge, page, samples and key belong together; none is an orphan."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.rules.catalogue import RULES
from nopage.rules.knowledge import keys

STEMS = sorted(rule.__module__.rpartition(".")[2] for rule in RULES)


def stems(folder: Path, pattern: str) -> list[str]:
    return sorted(path.stem for path in folder.glob(pattern))


def test_every_rule_has_knowledge_and_the_other_way_round(root: Path) -> None:
    assert stems(root / "rules" / "knowledge", "*.yaml") == STEMS
    assert sorted(key.lower() for key in keys()) == STEMS


def test_every_rule_has_a_page_and_samples(root: Path) -> None:
    assert sorted({*stems(root / "docs" / "rules", "*.md")} - {"index"}) == STEMS
    assert stems(root / "tests" / "data", "*") == STEMS


@pytest.mark.parametrize("rule", RULES, ids=STEMS and [rule.__module__.rpartition(".")[2] for rule in RULES])
def test_a_rule_speaks_its_own_key_only(rule: object) -> None:
    import importlib

    module = importlib.import_module(rule.__module__)
    assert rule.__module__.rpartition(".")[2].upper() == module.KEY
    assert set(module.CONTENT) == {module.KEY}
