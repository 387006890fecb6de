"""The contract as types: what every output format, the library and the fleet are made from."""

from __future__ import annotations

from nopage.result.base import (
    SCHEMA,
    Cause,
    Confidence,
    DropsVerdict,
    FindingType,
    KernelFrom,
    LayoutFrom,
    LinkRole,
    PageFrom,
    Path,
    SeriesKind,
    Severity,
    SourceKind,
    StackContext,
    StateFrom,
    TimeFrom,
    from_builtins,
)
from nopage.result.failure import Evidence, Failure, Frame, Group, Slub, Timeline
from nopage.result.finding import Finding, Link, Remedy, ZoneMarks
from nopage.result.memory import Activity, FreeBlocks, HugePages, Memory, SettingSource, Zone
from nopage.result.network import Interface, Network
from nopage.result.plan import DoNot, EffectVerdict, Plan, Stage, Step, When
from nopage.result.result import Result, load, to_json
from nopage.result.said import Said, said, said_all, texts
from nopage.result.source import ContextLine, Coverage, Kernel, Place, Source

__all__ = [
    "SCHEMA",
    "Activity",
    "Cause",
    "Confidence",
    "ContextLine",
    "Coverage",
    "DoNot",
    "DropsVerdict",
    "EffectVerdict",
    "Evidence",
    "Failure",
    "Finding",
    "FindingType",
    "Frame",
    "FreeBlocks",
    "Group",
    "HugePages",
    "Interface",
    "Kernel",
    "KernelFrom",
    "LayoutFrom",
    "Link",
    "LinkRole",
    "Memory",
    "Network",
    "PageFrom",
    "Path",
    "Place",
    "Plan",
    "Remedy",
    "Result",
    "Said",
    "SeriesKind",
    "SettingSource",
    "Severity",
    "Slub",
    "Source",
    "SourceKind",
    "StackContext",
    "Stage",
    "StateFrom",
    "Step",
    "TimeFrom",
    "Timeline",
    "When",
    "Zone",
    "ZoneMarks",
    "from_builtins",
    "load",
    "said",
    "said_all",
    "texts",
    "to_json",
]
