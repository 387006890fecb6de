"""Any value that the types allow, which is more than any source has shown yet: it is written, read and shown."""
from __future__ import annotations

import json
import pickle
from copy import copy, deepcopy
from functools import cache
from typing import Any

import jsonschema_rs
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import NODEFAULT, inspect

import nopage
from nopage.api import FORMATS
from nopage.result import Result, load, to_json
from nopage.result.brief import MOST_BYTES, brief
from nopage.result.schema import schema

HOSTILE = ("<script>alert(1)</script>", "\x1b[31m", "{{ 7*7 }}", "a\nb: c", "*", "[bold]", "\u202e", "]]>", "-->")
WORDS = st.text(max_size=12) | st.sampled_from(HOSTILE)
SOME = 2  # entries of a list


@cache
def structs(kind: type) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: struct(inspect.type_info(kind)))


def struct(told: Any) -> st.SearchStrategy[Any]:
    """Fields without a default always, the others now and then: so that examples stay small."""
    always = {one.name: values(one.type) for one in told.fields if one.default is NODEFAULT and one.required}
    at_times = {one.name: values(one.type) for one in told.fields if one.name not in always}
    few = st.lists(st.sampled_from(sorted(at_times)), max_size=12, unique=True) if at_times else st.just([])
    return few.flatmap(lambda names: st.builds(told.cls, **always, **{name: at_times[name] for name in names}))


def values(told: Any) -> st.SearchStrategy[Any]:
    """Any value of a type as msgspec describes it."""
    match told:
        case inspect.Metadata():
            return values(told.type)
        case inspect.UnionType():
            return st.one_of(*map(values, told.types))
        case inspect.StructType():
            return structs(told.cls)
        case inspect.VarTupleType():
            return st.lists(values(told.item_type), max_size=SOME).map(tuple)
        case inspect.ListType():
            return st.lists(values(told.item_type), max_size=SOME)
        case inspect.DictType():
            return st.dictionaries(values(told.key_type), values(told.value_type), max_size=SOME)
        case inspect.EnumType():
            return st.sampled_from(list(told.cls))
        case inspect.LiteralType():
            return st.sampled_from(told.values)
        case inspect.StrType():
            return WORDS if told.pattern is None else st.from_regex(told.pattern.replace("$", r"\Z"))
        case inspect.IntType():
            return st.integers(min_value=told.ge if told.ge is not None else -(1 << 62), max_value=1 << 62)
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
    raise NotImplementedError(told)


RESULTS = structs(Result)
VALIDATOR = jsonschema_rs.Draft202012Validator(schema())
LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large]
SCRIPTS = nopage.render(nopage.diagnose_text(""), "html").count("<script")  # its own
some = settings(max_examples=60, deadline=None, suppress_health_check=LARGE)


@some
@given(RESULTS)
def test_it_comes_back_from_its_json(result: Result) -> None:
    packed = to_json(result)
    assert load(packed) == load(packed.decode()) == load(to_json(result, indent=2)) == result
    assert to_json(load(packed)) == packed
    assert VALIDATOR.is_valid(json.loads(packed))


@some
@given(RESULTS)
def test_it_is_pickled_and_copied(result: Result) -> None:
    assert pickle.loads(pickle.dumps(result)) == copy(result) == deepcopy(result) == result


@some
@given(RESULTS)
def test_its_brief_form_is_small_and_holds_the_schema(result: Result) -> None:
    packed = to_json(brief(result))
    assert len(packed) <= MOST_BYTES
    assert VALIDATOR.is_valid(json.loads(packed))


@some
@given(RESULTS)
def test_every_format_shows_it(result: Result) -> None:
    for name in FORMATS:
        assert nopage.render(result, name) == nopage.render([result], name)
    assert "\x1b" not in nopage.render(result, "text")
    assert nopage.render(result, "html").count("<script") == SCRIPTS
    assert "{{" not in yaml.safe_dump(yaml.safe_load(nopage.render(result, "ansible")))
