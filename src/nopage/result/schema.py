"""The JSON schema of `nopage/1`, written from the types."""

from __future__ import annotations

from typing import Any

import msgspec

from nopage.result.result import Result


def schema() -> dict[str, Any]:
    """The schema as an object for JSON; what it does not name is not emitted, later versions may add to it."""
    (root,), parts = msgspec.json.schema_components([Result], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nopage/1: the diagnosis of one source",
        **root,
        "$defs": parts,
    }
