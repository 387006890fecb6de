"""A pattern that is compiled when it is first used does what a compiled one does."""
from __future__ import annotations

import re

import pytest

from nopage.kernel.pattern import later

TEXT = "order:2, mode:0x4020 order:0"


@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_its_methods_are_those_of_the_pattern(flags):
    lazy, plain = later(r"ORDER:(?P<order>\d)|mode", flags), re.compile(r"ORDER:(?P<order>\d)|mode", flags)
    assert lazy.findall(TEXT) == plain.findall(TEXT)
    assert lazy.sub("-", TEXT) == plain.sub("-", TEXT)
    assert [match.span() for match in lazy.finditer(TEXT)] == [match.span() for match in plain.finditer(TEXT)]
    assert bool(lazy.match(TEXT)) == bool(plain.match(TEXT))
    assert (lazy.pattern, lazy.groupindex) == (plain.pattern, plain.groupindex)


def test_it_is_compiled_at_its_first_use(monkeypatch):
    compiled = []
    make = re.compile
    monkeypatch.setattr(re, "compile", lambda *args: compiled.append(args) or make(*args))
    lazy = later("mode:0x", re.IGNORECASE)
    assert not compiled
    assert lazy.search(TEXT)
    assert lazy.search(TEXT)
    assert compiled == [("mode:0x", re.IGNORECASE)]


def test_what_no_pattern_has_is_no_attribute():
    with pytest.raises(AttributeError):
        later("mode").searched  # noqa: B018
    with pytest.raises(re.error):
        later("(").search(TEXT)
