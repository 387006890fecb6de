"""The JSON schema of `nopage/1`, the object that `--format json` prints for each source. Fields are only ever added."""
from __future__ import annotations

from typing import Any

from nopage.diagnosis.cause import CAUSES

TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
FLAG = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}


def maybe(one: dict[str, Any]) -> dict[str, Any]:
    """The same, or null."""
    return {**one, "type": [one["type"], "null"]}


def each(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    """A list of objects."""
    return {"type": "array", "items": entry(properties, required)}


def entry(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    """An object whose `required` fields (all, by default) are always there; others may be added in later versions."""
    return {"type": "object", "properties": properties, "required": list(required or properties)}


PLACE = {"file": TEXT, "line": {"type": "integer", "minimum": 1}}
PATHS = ("network receive", "network transmit", "sockets", "storage", "other")
ZONE = {
    "node": maybe({"type": "integer"}),
    "zone": TEXT,
    "page_kb": {"type": "integer", "minimum": 1},
    "free_pages": maybe({"type": "integer"}),
    "min_pages": maybe({"type": "integer"}),
    "low_pages": maybe({"type": "integer"}),
    "high_pages": maybe({"type": "integer"}),
    "present_pages": maybe({"type": "integer"}),
    "managed_pages": maybe({"type": "integer"}),
    "lowmem_reserve_pages": {"type": "array", "items": {"type": "integer"}},
    "free_area": {
        "type": "array",
        "description": "order, number of free blocks, migratetype letters",
        "items": {"type": "array", "minItems": 3, "maxItems": 3},
    },
}
FAILURE = {
    "time": {**maybe(TEXT), "description": "wall time, ISO 8601; without a year where the log prints none"},
    "monotonic_s": maybe({"type": "number"}),
    "comm": {**TEXT, "description": "a bystander when in_interrupt is true"},
    "pid": maybe({"type": "integer"}),
    "order": {**COUNT, "description": "2**order contiguous pages were wanted"},
    "gfp_mask": {"type": "string", "pattern": "^0x[0-9a-f]+$"},
    "gfp_name": TEXT,
    "gfp_flags": TEXTS,
    "gfp_printed": {**maybe(TEXT), "description": "the names the kernel printed itself (4.4 on)"},
    "gfp_layout": TEXT,
    "gfp_layout_from": {"enum": ["exact", "nearest", "inferred"]},
    "atomic": {**FLAG, "description": "the request could not sleep"},
    "uses_reserve": {**FLAG, "description": "bit 5: it may use half of the min reserve"},
    "kernel": maybe(TEXT),
    "path": {"enum": list(PATHS)},
    "driver": maybe(TEXT),
    "in_interrupt": FLAG,
    "call_trace": TEXTS,
    "zones": each(ZONE),
    "missing": {**TEXTS, "description": "what the report lacks, and why"},
    "cause": {"enum": [*CAUSES, None], "description": "null for a request that could sleep"},
    "confidence": TEXT,
    "words": TEXTS,
    "evidence": {"type": "object"},
    "seen_in": each(PLACE),
    "repeated": COUNT,
    "signature": TEXT,
}
GROUP = {
    "signature": TEXT,
    "count": COUNT,
    "order": COUNT,
    "gfp_mask": TEXT,
    "gfp_name": TEXT,
    "atomic": FLAG,
    "comm": TEXTS,
    "path": TEXT,
    "driver": maybe(TEXT),
    "cause": {"enum": [*CAUSES, None], "description": "null for a request that could sleep"},
    "first": {"type": ["string", "number", "null"]},
    "last": {"type": ["string", "number", "null"]},
}
REMEDY = {
    "action": TEXT,
    "value": {"type": ["string", "integer", "null"]},
    "reason": TEXT,
    "risk": TEXT,
}
LINK = {"title": TEXT, "url": maybe(TEXT), "role": TEXT}
FINDING = {
    "key": TEXT,
    "type": {"enum": ["fail", "info"]},
    "summary": TEXT,
    "cause": maybe(TEXT),
    "remedies": each(REMEDY),
    "links": each(LINK),
    "fingerprint": TEXT,
}


def schema() -> dict[str, Any]:
    """The schema as an object for `json.dumps`."""
    result = entry(
        {
            "schema": {"const": "nopage/1"},
            "source": entry(
                {
                    "path": TEXT,
                    "kind": TEXT,
                    "complete": {**FLAG, "description": "everything wanted could be read"},
                    "warnings": {**TEXTS, "description": "what could not be read, one line each"},
                    "coverage": {"type": "object"},
                },
                ("path", "kind", "complete", "warnings"),
            ),
            "host": maybe(TEXT),
            "kernel": entry(
                {
                    "release": maybe(TEXT),
                    "generation": {**maybe(TEXT), "description": "el4 to el10; the nearest one when exact is false"},
                    "rhel": maybe(TEXT),
                    "exact": maybe(FLAG),
                    "source": TEXT,
                },
                ("release", "generation", "rhel"),
            ),
            "failures": each(FAILURE),
            "groups": each(GROUP),
            "suppressed": {**COUNT, "description": "reports that a rate limit swallowed"},
            "suppressed_exact": FLAG,
            "slub": {"type": "array", "description": "SLUB's own reports that came without a page allocation failure"},
            "memory": {"type": ["object", "null"]},
            "network": {"type": ["object", "null"]},
            "findings": each(FINDING),
        },
        ("schema", "source", "host", "kernel", "failures", "suppressed", "findings"),
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nopage/1: the diagnosis of one source",
        **result,
    }
