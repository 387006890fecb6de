"""The rows of the store: the types that its columns are derived from, and how a result becomes one."""
from __future__ import annotations

from collections.abc import Iterable
from types import GenericAlias, UnionType
from typing import Annotated, get_args, get_type_hints

import msgspec
from msgspec import Meta

from nopage.result import Finding, Group, Result, SourceKind, Step, to_json

SILENT = "SILENT_ALLOCATION_FAILURE"
AT_RISK = "ATOMIC_RESERVE_AT_RISK"


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


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """One host as a worker hands it over: its row, its groups, its result as a zstd frame where it has findings."""

    row: Row
    groups: tuple[GroupRow, ...] = ()
    result: bytes = b""


def row_of(result: Result, source: str, opened_as: str) -> Row:
    """The row of a result. `opened_as` is the name under which the source was read, before its member's path."""
    top = result.findings[0] if result.findings else None
    told: Finding | Group | None = top if top is not None and top.order is not None else _commonest(result.groups)
    times = sorted(time for group in result.groups for time in (group.first, group.last) if time)
    steps = result.plan.steps
    unreadable = result.source.kind == SourceKind.UNREADABLE
    settings = result.memory.settings if result.memory else {}
    return Row(
        source=source,
        member=result.source.path.removeprefix(opened_as).lstrip("/!"),
        host=result.host,
        kind=result.source.kind.value,
        kernel=result.kernel.release,
        generation=result.kernel.generation,
        rhel=result.kernel.rhel,
        complete=result.source.complete,
        severity=result.severity.value,
        reports=result.timeline.reports if result.timeline else sum(group.count for group in result.groups),
        suppressed=result.suppressed,
        findings=tuple(finding.key for finding in result.findings),
        top_finding=top.key if top else None,
        cause=told.cause.value if told and told.cause else None,
        driver=told.driver if told else None,
        path=told.path.value if told and told.path else None,
        order=told.order if told else None,
        gfp_mask=told.gfp_mask if told else None,
        fingerprint=top.fingerprint if top else None,
        first_time=times[0] if times else None,
        last_time=times[-1] if times else None,
        min_free_kbytes=settings.get("min_free_kbytes"),
        total_kb=result.memory.total_kb if result.memory else None,
        first_step=_named(steps[0], steps[0].value) if steps else None,
        first_command=next(iter(steps[0].commands), None) if steps else None,
        plan_key=" + ".join(_named(step, _of_all(step.value)) for step in steps) or None,
        silent=any(finding.key == SILENT for finding in result.findings),
        at_risk=any(finding.key == AT_RISK for finding in result.findings),
        error="; ".join(result.source.warnings) if unreadable or result.source.internal_error else "",
    )


def failed_row(source: str, reason: str) -> Row:
    """The row of a source that gave no result at all."""
    return Row(source=source, kind=SourceKind.UNREADABLE.value, error=reason)


def groups_of(result: Result, row: Row) -> Iterable[GroupRow]:
    """The rows of its failure groups."""
    for group in result.groups:
        yield GroupRow(
            source=row.source,
            member=row.member,
            host=row.host,
            signature=group.signature,
            count=group.count,
            order=group.order,
            gfp_mask=group.gfp_mask,
            gfp_name=group.gfp_name,
            atomic=group.atomic,
            comm=group.comm,
            path=group.path.value,
            driver=group.driver,
            cause=group.cause.value if group.cause else None,
            first_time=group.first,
            last_time=group.last,
        )


def packed_result(result: Result) -> bytes:
    """The whole result as one line of JSON in a zstd frame of its own: it can be read without its neighbours."""
    import zstandard

    return zstandard.ZstdCompressor(level=6).compress(to_json(result) + b"\n")


def _commonest(groups: Iterable[Group]) -> Group | None:
    return max(groups, key=lambda group: group.count, default=None)


def _named(step: Step, value: str | int | None) -> str:
    return step.action if value is None else f"{step.action} {value}"


def _of_all(value: str | int | None) -> str | None:
    """A value that may be that of many hosts: a build, a driver; not a size worked out for one of them."""
    return value if isinstance(value, str) and not value.isdigit() else None


def described(kind: type[msgspec.Struct]) -> Iterable[tuple[str, str, str]]:
    """Each column of a type of rows: its name, its type, and what it holds."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        of, meta = get_args(hint)[:2]
        words = str(of) if isinstance(of, UnionType | GenericAlias) else of.__name__
        yield name, words.replace(" | None", ", null").replace("tuple[str, ...]", "list of str"), str(meta.description)
