"""The tools: what each takes, and what it answers, as objects for JSON."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from nopage.assist.bounds import BRIEF_BYTES, FULL_BYTES, ToolError, as_json, page
from nopage.engine.ladders import memory_of
from nopage.engine.masks import is_mask, masks_of
from nopage.engine.roots import Roots
from nopage.engine.run import diagnose, results_of, text_collection
from nopage.engine.watermarks import host_of
from nopage.intake.model import Limits, SourceError
from nopage.kernel.frozen import dataclass
from nopage.kernel.release import release_named
from nopage.result import Result, SourceKind
from nopage.result.brief import brief
from nopage.result.ladders import HostWatermarks

MOST_TEXT = 256 << 10
MOST_ZONES = 24
PATH = {
    "type": "string", "minLength": 1, "maxLength": 4096,
    "description": "file or directory below the server's roots: sosreport, insights archive, log, vmcore. Relative "
    "paths are below the first root that has them.",
}
FULL = {"type": "boolean", "default": False, "description": "everything, up to 4 MB; else the brief form under 64 kB"}
OFFSET = {
    "type": "integer", "minimum": 0, "default": 0,
    "description": "host to begin with, where a source holds several: next_offset of the last answer",
}
RESULTS = {
    "type": "object",
    "properties": {
        "hosts": {"type": "integer", "description": "how many the source holds"},
        "offset": {"type": "integer"},
        "next_offset": {"type": ["integer", "null"], "description": "where to go on; null at the end"},
        "results": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["hosts", "offset", "next_offset", "results"],
}
KILOBYTES = {"type": "integer", "minimum": 0, "maximum": 1 << 40}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: `answer` gets the tools' context and the arguments, which fit `takes`."""

    name: str
    title: str
    words: str
    takes: Mapping[str, Any]
    gives: Mapping[str, Any]
    answer: Callable[[Reading, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tools may read, and how much of it."""

    roots: Roots
    limits: Limits

    def path(self, asked: str) -> str:
        """The path that is meant. Raises ToolError for one that may not be read."""
        try:
            return self.roots.resolved(asked)
        except SourceError as error:
            raise ToolError(str(error)) from error


def _diagnose(reading: Reading, asked: Mapping[str, Any]) -> dict[str, Any]:
    full = asked.get("full", False)
    results = _readable(diagnose(reading.path(asked["path"]), reading.limits))
    shown = results if full else map(brief, results)
    return page(shown, asked.get("offset", 0), FULL_BYTES if full else BRIEF_BYTES)


def _readable(results: Iterator[Result]) -> Iterator[Result]:
    """The results; where nothing at all could be read that is no result but an error."""
    for number, result in enumerate(results):
        if not number and result.source.kind == SourceKind.UNREADABLE:
            raise ToolError(f"{result.source.path}: {'; '.join(result.source.warnings)}")
        yield result


def _explain(reading: Reading, asked: Mapping[str, Any]) -> dict[str, Any]:
    text, kernel = asked["text"].strip(), asked.get("kernel")
    release = release_named(kernel) if kernel is not None else None
    if kernel is not None and release is None:
        raise ToolError(f"kernel: {kernel!r} is neither a release such as 2.6.32-358.el6.x86_64 nor such as 6.4 or el6")
    if is_mask(text):
        masks = masks_of(text, release)
        if not masks.masks:
            raise ToolError(f"{text}: no such flag on {release.text if release else 'any RHEL'}")
        return {"masks": as_json(masks), "result": None}
    (result,) = results_of("text", iter([text_collection(text, release.text if release else None)]))
    if result.source.internal_error:
        raise ToolError("; ".join(result.source.warnings))
    if not result.failures:
        raise ToolError("no 'page allocation failure' with its order and mode in this text, no mask, no flag's name")
    (told,) = page([result if asked.get("full") else brief(result)], 0, FULL_BYTES)["results"]
    return {"masks": None, "result": told}


def _watermarks(reading: Reading, asked: Mapping[str, Any]) -> dict[str, Any]:
    full = asked.get("full", False)
    settings = {name: asked[name] for name in SETTINGS if asked.get(name) is not None}
    hosts = (host_of(host) for host in memory_of(reading.path(asked["path"]), settings, reading.limits))
    shown = hosts if full else map(_fewer_zones, hosts)
    told = page(shown, asked.get("offset", 0), FULL_BYTES if full else BRIEF_BYTES)
    if told["hosts"] == 1 and told["results"] and not told["results"][0]["states"]:
        raise ToolError("; ".join(told["results"][0]["warnings"]) or "holds no zones")
    return told


def _fewer_zones(host: HostWatermarks) -> HostWatermarks:
    """Brief: without what words say as ids too, and of many zones the largest."""
    states = tuple(
        replace(
            state,
            zones=tuple(sorted(state.zones, key=lambda zone: -(zone.size_pages or 0))[:MOST_ZONES])
            if len(state.zones) > MOST_ZONES else state.zones,
            missing_said=(), refused_said=(),
        )
        for state in host.states
    )
    return replace(host, states=states, rings_said=(), notes_said=(), warnings=host.warnings[:20])


SETTINGS = {
    "min_free_kbytes": KILOBYTES | {"description": "vm.min_free_kbytes to ask about"},
    "extra_free_kbytes": KILOBYTES | {"description": "vm.extra_free_kbytes to ask about (RHEL 6.2 and later 6)"},
    "watermark_scale_factor": {
        "type": "integer", "minimum": 1, "maximum": 1 << 20,
        "description": "vm.watermark_scale_factor to ask about (RHEL 8 and later)",
    },
}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [required], "additionalProperties": False}


TOOLS = (
    Tool(
        "diagnose", "Diagnose page allocation failures",
        "Explains the Linux kernel's 'page allocation failure' in a sosreport, insights archive, log or vmcore: what "
        "failed, why by replay of that kernel's watermark check, whether it matters, and the plan of what to set or "
        "update. Each result is nopage/1: begin with verdict, then plan.steps and findings.",
        _object("path", path=PATH, full=FULL, offset=OFFSET), RESULTS, _diagnose,
    ),
    Tool(
        "explain", "Explain a mask or a pasted report",
        "Decodes a gfp mask (0x20) or names of flags (GFP_ATOMIC), or diagnoses a pasted line or whole kernel report.",
        _object(
            "text",
            text={"type": "string", "minLength": 1, "maxLength": MOST_TEXT, "description": "mask, names, or report"},
            kernel={
                "type": "string", "maxLength": 200,
                "description": "where the text does not name it: a release (2.6.32-358.el6.x86_64), 8.6 or el6",
            },
            full=FULL,
        ),
        {
            "type": "object",
            "properties": {
                "masks": {"type": ["object", "null"], "description": "nopage-mask/1, for a mask or names"},
                "result": {"type": ["object", "null"], "description": "nopage/1, for a report"},
            },
            "required": ["masks", "result"],
        },
        _explain,
    ),
    Tool(
        "watermarks", "What if: watermarks under other settings",
        "Each zone's min, low and high, the floor of atomic requests and the orders they would get: as collected and, "
        "where settings are given, as they would be.",
        _object("path", path=PATH, **SETTINGS, full=FULL, offset=OFFSET), RESULTS, _watermarks,
    ),
)
