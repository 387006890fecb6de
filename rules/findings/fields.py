"""A finding as the fields of a response: bounded, with as many of its failures as there is room for; and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from nopage.diagnosis.picture import Picture
from nopage.kernel.bounds import BOUNDS
from nopage.kernel.message import say
from nopage.result import Finding, FindingType, from_builtins, said_all
from nopage.result.build import failures_of, groups_of

LISTS = ("failures", "groups")  # they stand once in the result, and in each response as far as there is room


def fields_of(found: Finding, picture: Picture) -> dict[str, Any]:
    """The finding, its key and type too, with as many of its failures as keep it small enough."""
    fields = msgspec.to_builtins(msgspec.structs.replace(found, host=picture.hostname))
    if found.atomic is None or picture.diagnoses is None:
        return bounded(fields)
    chosen = [one for one in picture.diagnoses.all if one.failure.gfp.atomic is found.atomic]
    groups = groups_of(picture.diagnoses.of(atomic=found.atomic))
    if groups:
        fields["groups"] = msgspec.to_builtins(groups[: BOUNDS.response_groups])
    return fitting(bounded(fields), map(msgspec.to_builtins, failures_of(chosen, trace=False)), len(chosen))


def bounded(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` as they are; of a finding that is far too long (hundreds of zones) fewer rows of each list, and said."""
    rows = 2 * BOUNDS.response_rows
    found = fields
    while len(str(found)) > BOUNDS.response_base_characters and rows > 2:
        rows //= 2
        found = {name: shortened(value, rows) for name, value in fields.items()}
        left_out = len(fields.get("why", ())) - rows
        if left_out > 0:
            more = say("why.left_out", "{rows:# more line is|# more lines are} left out here", rows=left_out + 1)
            found["why"] = (*found["why"][:-1], str(more))
            found["why_said"] = (*found["why_said"][:-1], *msgspec.to_builtins(said_all([more])))
    return found


def shortened(value: Any, rows: int) -> Any:
    """A value of JSON with at most so many rows in any long list, and no text longer than one sentence may be."""
    if isinstance(value, str):
        most = BOUNDS.response_text_characters
        return value if len(value) <= most else value[: most - 4] + " ..."
    if isinstance(value, Mapping):
        return {key: shortened(one, rows) for key, one in value.items()}
    if isinstance(value, list | tuple):
        long = len(value) > rows and len(str(value)) > BOUNDS.response_text_characters
        return type(value)(shortened(one, rows) for one in (value[:rows] if long else value))
    return value


def fitting(fields: Mapping[str, Any], failures: Iterable[Any], total: int) -> dict[str, Any]:
    """`fields` with as many failures as there is room for; how many there are and were left out stands beside them."""
    room = BOUNDS.response_characters - len(str(dict(fields)))
    kept: list[Any] = []
    for one in failures:
        room -= len(str(one)) + 2
        if room < 0:
            break
        kept.append(one)
    return {**fields, "failures": kept, "failures_total": total, "failures_left_out": total - len(kept)}


def found_in(response: Mapping[str, Any], key: str, kind: FindingType) -> Finding:
    """The finding that the fields of a response carry; msgspec.ValidationError for a field that is none."""
    fields = {name: value for name, value in response.items() if name not in (*LISTS, "type", "error_key", "info_key")}
    return from_builtins({**fields, "key": key, "type": kind}, Finding)


