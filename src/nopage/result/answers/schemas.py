"""The JSON schemas of the contracts beside the result's."""

from __future__ import annotations

from typing import Any

import msgspec

from nopage.result.answers.difference import Differences
from nopage.result.answers.fleet_diff import FleetDiff
from nopage.result.answers.fleet_report import FleetReport
from nopage.result.answers.mask import Masks
from nopage.result.answers.rules import Rules
from nopage.result.base import Fact

SCHEMAS: dict[str, tuple[type[Fact], str]] = {
    "mask": (Masks, "nopage-mask/1: what a gfp mask asks for"),
    "rules": (Rules, "nopage-rules/1: which findings there are"),
    "diff": (Differences, "nopage-diff/1: what changed between two collections of a host"),
    "fleet-report": (FleetReport, "nopage-fleet-report/1: what a fleet suffers from"),
    "fleet-diff": (FleetDiff, "nopage-fleet-diff/1: what changed between two scans of a fleet"),
}


def answer_schema(name: str) -> dict[str, Any]:
    """The schema of one of them as an object for JSON."""
    kind, title = SCHEMAS[name]
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **root, "$defs": parts}
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))  # lists where types have tuples
    return plain
