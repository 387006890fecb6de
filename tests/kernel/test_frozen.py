"""A class of facts behaves as one of the standard library does, and is made with its shared methods."""
from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from nopage.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Own:
    """Ours."""

    order: int
    comm: str = "demod"
    zones: tuple[str, ...] = ()
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    deadline: float | None = dataclasses.field(default=None, compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    """The standard library's."""

    order: int
    comm: str = "demod"
    zones: tuple[str, ...] = ()
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    deadline: float | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """One that can be hashed."""

    file: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Nothing:
    """Without a field."""


ARGUMENTS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, "swapper"), {"zones": ("DMA", "Normal")}),
    ((), {"order": 2, "counts": {"free": 3}, "deadline": 4.5}),
    ((0, "a", (), {}, None), {}),
]


@pytest.mark.parametrize(("given", "named"), ARGUMENTS)
def test_it_holds_and_shows_what_the_standard_one_does(given, named):
    own, standard = Own(*given, **named), Standard(*given, **named)
    assert dataclasses.asdict(own) == dataclasses.asdict(standard)
    assert repr(own).replace("Own", "Standard") == repr(standard)
    assert Own.__match_args__ == Standard.__match_args__
    assert not hasattr(own, "__dict__")
    for copied in (copy.copy(own), copy.deepcopy(own), pickle.loads(pickle.dumps(own)), dataclasses.replace(own)):
        assert copied == own
        assert copied is not own
        assert type(copied) is Own


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1,), {"order": 1}), ((1,), {"pid": 1}), ((1, "a", (), {}, 1.0, 2), {})]
)
def test_wrong_arguments_are_told_in_the_same_words(given, named):
    told = []
    for kind in (Own, Standard):
        with pytest.raises(TypeError) as caught:
            kind(*given, **named)
        told.append(str(caught.value).replace("Own", "Standard"))
    assert told[0] == told[1]


@pytest.mark.parametrize("name", ["order", "counts", "pid"])
def test_nothing_can_be_set_or_deleted(name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(Own(1), name, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(Own(1), name)


def test_equal_are_those_of_one_class_with_equal_fields():
    assert Own(1, deadline=1.0) == Own(1, deadline=2.0) != Own(2)
    assert Own(1) != Standard(1)
    assert Own(1) != (1, "demod", (), {})
    assert Nothing() == Nothing() != Own(1)
    assert {Place("a"): 1, Place("a", 2): 2, Place("a", 1): 3} == {Place("a"): 3, Place("a", 2): 2}
    assert hash(Nothing()) == hash(Nothing())
    with pytest.raises(TypeError, match="unhashable"):
        hash(Own(1))


def test_each_instance_has_a_default_of_its_own():
    one, other = Own(1), Own(1)
    one.counts["free"] = 1
    assert other.counts == {}


def test_the_methods_are_shared_and_others_are_the_standard_ones():
    assert Own.__eq__ is Place.__eq__
    assert Own.__init__ is not Place.__init__

    @dataclass(slots=True)
    class Open:
        order: int

    changed = Open(1)
    changed.order = 2
    assert changed == Open(2)
