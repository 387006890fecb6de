"""The rows of the store: the types that its columns are derived from."""
from __future__ import annotations

from collections.abc import Iterable
from types import GenericAlias, UnionType
from typing import Annotated, get_args, get_type_hints

import msgspec
from msgspec import Meta


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One host of a source; a source that could not be read, and one without a host, is a row too."""

    source: Annotated[str, Meta(description="path or URL; file:///... where the name is no UTF-8")]
    member: Annotated[str, Meta(description="path inside the source, empty for the source itself")] = ""
    size_bytes: Annotated[int | None, Meta(description="size of the source; null for a directory")] = None
    mtime_ns: Annotated[int | None, Meta(description="when the source was changed, nanoseconds since 1970")] = None
    etag: Annotated[str, Meta(description="what an object storage calls this version, empty elsewhere")] = ""
    host: Annotated[str | None, Meta(description="name of the host")] = None
    kind: Annotated[str, Meta(description="what the source is: sosreport, log, vmcore ...")] = ""
    kernel: Annotated[str | None, Meta(description="release as printed")] = None
    generation: Annotated[str | None, Meta(description="el4 to el10")] = None
    rhel: Annotated[str | None, Meta(description="major.minor")] = None
    complete: Annotated[bool, Meta(description="everything wanted could be read")] = False
    severity: Annotated[str, Meta(description="urgent, important, moderate, low or none")] = "none"
    reports: Annotated[int, Meta(description="failures, folded copies included")] = 0
    suppressed: Annotated[int, Meta(description="messages that a rate limit swallowed")] = 0
    findings: Annotated[tuple[str, ...], Meta(description="keys of the findings, the most important first")] = ()
    top_finding: Annotated[str | None, Meta(description="the first of them")] = None
    cause: Annotated[str | None, Meta(description="why it failed: of the top finding, else of its commonest group")] = (
        None
    )
    driver: Annotated[str | None, Meta(description="module that asked")] = None
    path: Annotated[str | None, Meta(description="code path that asked")] = None
    order: Annotated[int | None, Meta(description="2**order pages were wanted")] = None
    gfp_mask: Annotated[str | None, Meta(description="as printed, in hex")] = None
    fingerprint: Annotated[str | None, Meta(description="equal for equal findings of different hosts")] = None
    first_time: Annotated[str | None, Meta(description="wall time of the first failure, ISO 8601")] = None
    last_time: Annotated[str | None, Meta(description="that of the last")] = None
    min_free_kbytes: Annotated[int | None, Meta(description="vm.min_free_kbytes as collected")] = None
    total_kb: Annotated[int | None, Meta(description="MemTotal in KiB")] = None
    first_step: Annotated[str | None, Meta(description="first step of the plan: action and value")] = None
    first_command: Annotated[str | None, Meta(description="what to type for it")] = None
    plan_key: Annotated[
        str | None, Meta(description="equal for plans of equal steps; a number that is the host's own is left out")
    ] = None
    silent: Annotated[bool, Meta(description="allocations failed without a report")] = False
    at_risk: Annotated[bool, Meta(description="an atomic request would fail in the state collected")] = False
    warning: Annotated[str, Meta(description="the first thing that could not be read; empty where all could")] = ""
    collected_at: Annotated[str | None, Meta(description="when the host was collected, ISO 8601")] = None
    drops: Annotated[str | None, Meta(description="packets lost by the counters: shown, likely, not shown")] = None
    series: Annotated[str | None, Meta(description="the failures over time: single, burst, storm, recurring")] = None
    mtu: Annotated[int | None, Meta(description="largest MTU of the interfaces of `driver`")] = None
    nics: Annotated[tuple[str, ...], Meta(description="driver:MTU of the interfaces, each once")] = ()
    extra_free_kbytes: Annotated[int | None, Meta(description="vm.extra_free_kbytes as collected")] = None
    watermark_scale_factor: Annotated[int | None, Meta(description="vm.watermark_scale_factor as collected")] = None
    watermark_boost_factor: Annotated[int | None, Meta(description="vm.watermark_boost_factor as collected")] = None
    duration_s: Annotated[float, Meta(description="seconds that the source took")] = 0.0
    error: Annotated[str, Meta(description="why the source could not be read; empty where it could")] = ""
    tries: Annotated[int, Meta(description="how often it was tried")] = 1
    scanned_at: Annotated[str, Meta(description="when, ISO 8601, UTC")] = ""
    result_part: Annotated[int | None, Meta(description="part that holds the whole result; null without one")] = None
    result_line: Annotated[int | None, Meta(description="its line there, from 1")] = None
    result_offset: Annotated[int | None, Meta(description="byte at which its zstd frame begins")] = None
    result_bytes: Annotated[int | None, Meta(description="length of that frame")] = None
    part: Annotated[int, Meta(description="part that the row stands in")] = 0


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """Failures of one signature on one host."""

    source: Annotated[str, Meta(description="as in the row of the host")]
    member: Annotated[str, Meta(description="as in the row of the host")] = ""
    host: Annotated[str | None, Meta(description="name of the host")] = None
    signature: Annotated[str, Meta(description="what they share: order, mode, cause, stack")] = ""
    count: Annotated[int, Meta(description="failures, folded copies included")] = 0
    order: Annotated[int, Meta(description="2**order pages were wanted")] = 0
    gfp_mask: Annotated[str, Meta(description="as printed, in hex")] = ""
    gfp_name: Annotated[str, Meta(description="the same in names")] = ""
    atomic: Annotated[bool, Meta(description="they could not sleep")] = False
    comm: Annotated[tuple[str, ...], Meta(description="the processes named")] = ()
    path: Annotated[str | None, Meta(description="code path that asked")] = None
    driver: Annotated[str | None, Meta(description="module that asked")] = None
    cause: Annotated[str | None, Meta(description="why they failed")] = None
    first_time: Annotated[str | None, Meta(description="wall time of the first, ISO 8601")] = None
    last_time: Annotated[str | None, Meta(description="that of the last")] = None
    part: Annotated[int, Meta(description="part that the row stands in")] = 0


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the plan of one host."""

    source: Annotated[str, Meta(description="as in the row of the host")]
    member: Annotated[str, Meta(description="as in the row of the host")] = ""
    number: Annotated[int, Meta(description="its place in the plan, from 1")] = 0
    action: Annotated[str, Meta(description="what to do: update_kernel, raise_min_free_kbytes ...")] = ""
    setting: Annotated[str | None, Meta(description="the sysctl that it sets")] = None
    value: Annotated[str | None, Meta(description="the exact value for this host")] = None
    before: Annotated[str | None, Meta(description="its value when the host was collected")] = None
    shared: Annotated[str | None, Meta(description="the value without what is this host's own; null where all is")] = (
        None
    )
    driver: Annotated[str | None, Meta(description="module whose requests a lower order is for")] = None
    mtu: Annotated[int | None, Meta(description="its MTU where a smaller one is the step")] = None
    command: Annotated[str | None, Meta(description="the first thing to type for it")] = None
    due: Annotated[str, Meta(description="now, next_maintenance or if_it_comes_back")] = ""
    verdict: Annotated[str | None, Meta(description="the failed request under it: passes, still_fails ...")] = None
    part: Annotated[int, Meta(description="part that the row stands in")] = 0


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """One host as a worker hands it over: its rows, and its result as a zstd frame where it has findings."""

    row: Row
    groups: tuple[GroupRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    result: bytes = b""


def described(kind: type[msgspec.Struct]) -> Iterable[tuple[str, str, str]]:
    """Each column of a type of rows: its name, its type, and what it holds."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        of, meta = get_args(hint)[:2]
        words = str(of) if isinstance(of, UnionType | GenericAlias) else of.__name__
        yield name, words.replace(" | None", ", null").replace("tuple[str, ...]", "list of str"), str(meta.description)
