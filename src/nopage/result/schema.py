"""The JSON schema of `nopage/1`, written from the types."""

from __future__ import annotations

from typing import Any

import msgspec

from nopage.result.result import Result

# Always there since the first version: that these types have a default for them is no leave to omit them.
ALWAYS: dict[str, tuple[str, ...]] = {
    "Result": ("failures", "findings", "suppressed"),
    "Source": ("warnings",),
    "Failure": ("call_trace", "evidence", "missing", "zones"),
}


def schema() -> dict[str, Any]:
    """The schema as an object for JSON; what it does not name is not emitted, later versions may add to it.

    `required` is what every version of `nopage/1` has; all else is there too, but for what `evidence` does not know.
    """
    (root,), parts = msgspec.json.schema_components([Result], ref_template="#/$defs/{name}")
    for name, fields in ALWAYS.items():
        parts[name]["required"] = [
            field for field in parts[name]["properties"] if field in fields or field in parts[name]["required"]
        ]
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nopage/1: the diagnosis of one source",
        **root,
        "$defs": parts,
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))  # lists where types have tuples
    return plain
