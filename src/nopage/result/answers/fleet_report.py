"""What `nopage fleet report DIR` prints: what a fleet suffers from, and what to change once for many of its hosts."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from nopage.result.base import Fact

Hosts = Annotated[int, Meta(description="hosts of which this is true", ge=0, examples=[312])]
Reports = Annotated[int, Meta(description="failures on them", ge=0, examples=[4210])]
Time = Annotated[
    str | None, Meta(description="ISO 8601 by the host's clock; null where not known", examples=["2026-11-20T18:27:20"])
]
Module = Annotated[str | None, Meta(description="module that asked; null where none is named", examples=["mlx4_en"])]
Kb = Annotated[int | None, Meta(description="KiB; null where it was not collected", examples=[90112])]


class FleetTotals(Fact, frozen=True):
    """The fleet in numbers. A host is one collection, or of each name the newest one where `newest` is true."""

    sources: Annotated[int, Meta(description="sources scanned", ge=0)]
    unreadable: Annotated[int, Meta(description="sources of which nothing could be read", ge=0)]
    hosts: Annotated[int, Meta(description="hosts that were read", ge=0)]
    names: Annotated[int, Meta(description="different names among them", ge=0)]
    partly: Annotated[int, Meta(description="hosts that were read partly", ge=0)]
    affected: Annotated[int, Meta(description="hosts with failures, reported or silent", ge=0)]
    failing: Annotated[int, Meta(description="hosts with reported failures", ge=0)]
    silent: Annotated[int, Meta(description="hosts whose counters tell failures without a report", ge=0)]
    at_risk: Annotated[int, Meta(description="hosts on which an atomic request would fail, as collected", ge=0)]
    dropping: Annotated[int, Meta(description="hosts whose counters show packets lost with it", ge=0)]
    with_findings: Annotated[int, Meta(description="hosts with any finding", ge=0)]
    reports: Annotated[int, Meta(description="failures reported", ge=0)]
    suppressed: Annotated[int, Meta(description="messages that rate limits swallowed", ge=0)]
    first_time: Time
    last_time: Time
    scanned_from: Annotated[str | None, Meta(description="when the first source was scanned, UTC")]
    scanned_to: Annotated[str | None, Meta(description="when the last one was, UTC")]


class Share(Fact, frozen=True):
    """How many of the hosts that have a value are affected."""

    value: Annotated[str | None, Meta(description="the value; null where it is not known", examples=["fragmented"])]
    affected: Hosts
    hosts: Annotated[int | None, Meta(description="hosts with that value; null where healthy ones have none")]
    reports: Reports


class Request(Fact, frozen=True):
    """Failures of one order and mode."""

    order: Annotated[int, Meta(description="2**order pages were wanted", ge=0)]
    gfp_mask: Annotated[str, Meta(description="as printed, in hex", examples=["0x4020"])]
    gfp_name: Annotated[str, Meta(description="the same in names")]
    atomic: Annotated[bool, Meta(description="they could not sleep")]
    hosts: Hosts
    reports: Reports


class ReserveCell(Fact, frozen=True):
    """Hosts of like memory size and like vm.min_free_kbytes; each up to the power of two that is named."""

    memory_gb: Annotated[int, Meta(description="more than half of it and at most this, in GiB", ge=1, examples=[64])]
    reserve_mb: Annotated[int, Meta(description="the same for vm.min_free_kbytes, in MiB", ge=1, examples=[128])]
    affected: Hosts
    hosts: Annotated[int, Meta(description="hosts in this cell", ge=0)]


class Period(Fact, frozen=True):
    """A span of time."""

    begin: Annotated[str | None, Meta(description="its begin, ISO 8601; null for all before the next one")]
    first_seen: Annotated[int, Meta(description="hosts whose first failure falls into it", ge=0)]
    last_seen: Annotated[int, Meta(description="hosts whose last one does", ge=0)]


class Problem(Fact, frozen=True):
    """One problem on many hosts: findings of one fingerprint."""

    fingerprint: str
    key: Annotated[str | None, Meta(description="name of the finding", examples=["ATOMIC_ALLOCATION_FAILURE"])]
    cause: Annotated[str | None, Meta(description="why", examples=["fragmented"])]
    driver: Module
    path: Annotated[str | None, Meta(description="code path that asked", examples=["network receive"])]
    hosts: Hosts
    reports: Reports
    first_time: Time
    last_time: Time
    names: Annotated[tuple[str, ...], Meta(description="some of the hosts, the worst first")]


class Change(Fact, frozen=True):
    """One step that stands in the plans of many hosts."""

    number: Annotated[int, Meta(description="its place, that for the most hosts first", ge=1)]
    action: Annotated[str, Meta(description="what to do", examples=["update_kernel"])]
    setting: Annotated[str | None, Meta(description="the sysctl that it sets", examples=["vm.min_free_kbytes"])]
    value: Annotated[
        str | None,
        Meta(description="the value that all share; null where each has its own", examples=["2.6.32-358 or later"]),
    ]
    lowest: Annotated[int | None, Meta(description="the smallest of the hosts' own values")]
    highest: Annotated[int | None, Meta(description="the largest of them")]
    driver: Module
    mtu: Annotated[int | None, Meta(description="MTU of its interfaces where a smaller one is the step")]
    hosts: Hosts
    soon: Annotated[int, Meta(description="those of them that are urgent or important", ge=0)]
    later: Annotated[int, Meta(description="those for which it is only for when it comes back", ge=0)]
    passes: Annotated[int, Meta(description="those whose failed request passes under it by replay", ge=0)]
    rhels: Annotated[tuple[str, ...], Meta(description="their minors, the commonest first, at most 6")]
    command: Annotated[str | None, Meta(description="what to type for it; null where the hosts differ")]
    names: Annotated[tuple[str, ...], Meta(description="some of the hosts, the worst first")]


class HostLine(Fact, frozen=True, gc=False, kw_only=False):
    """One host of the fleet."""

    name: Annotated[str | None, Meta(description="name of the host; null where it was not collected")]
    source: Annotated[str, Meta(description="the source it was read from")]
    member: Annotated[str, Meta(description="path inside the source; empty for the source itself")]
    severity: Annotated[str, Meta(description="urgent, important, moderate, low or none")]
    finding: Annotated[str | None, Meta(description="the most important finding")]
    kernel: Annotated[str | None, Meta(description="release")]
    rhel: Annotated[str | None, Meta(description="major.minor")]
    reports: Reports
    cause: Annotated[str | None, Meta(description="why it failed")]
    driver: Module
    mtu: Annotated[int | None, Meta(description="largest MTU of that driver's interfaces")]
    order: Annotated[int | None, Meta(description="2**order pages were wanted")]
    gfp_mask: Annotated[str | None, Meta(description="as printed, in hex")]
    silent: Annotated[bool, Meta(description="its counters tell failures without a report")]
    at_risk: Annotated[bool, Meta(description="an atomic request would fail, as collected")]
    min_free_kbytes: Kb
    total_kb: Kb
    last_time: Time
    complete: Annotated[bool, Meta(description="it was read wholly")]
    changes: Annotated[tuple[int, ...], Meta(description="numbers of the changes that its plan holds")]


class Unread(Fact, frozen=True):
    """Sources that could not be read for one reason; numbers and paths in it stand as # and ..."""

    reason: Annotated[str, Meta(description="the reason", examples=["is cut off after # MB"])]
    sources: Annotated[int, Meta(description="how many", ge=1)]
    examples: Annotated[tuple[str, ...], Meta(description="some of them")]


class FleetReport(Fact, frozen=True):
    """A fleet in one answer. Lists stand in order of hosts, the most first, at most 100 of each."""

    schema: Annotated[Literal["nopage-fleet-report/1"], Meta(description="always nopage-fleet-report/1")]
    nopage: Annotated[str, Meta(description="the version that wrote this", examples=["0.2.0"])]
    store: Annotated[str, Meta(description="path or URL of the store")]
    newest: Annotated[bool, Meta(description="only the newest collection of each name counts")]
    totals: FleetTotals
    severities: Annotated[tuple[Share, ...], Meta(description="every severity; hosts are all that were read")]
    findings: Annotated[tuple[Share, ...], Meta(description="hosts by finding")]
    causes: Annotated[tuple[Share, ...], Meta(description="affected hosts by cause")]
    paths: Annotated[tuple[Share, ...], Meta(description="affected hosts by code path that asked")]
    drivers: Annotated[tuple[Share, ...], Meta(description="affected hosts by module that asked")]
    nics: Annotated[tuple[Share, ...], Meta(description="by driver:MTU; affected where that driver asked")]
    kernels: Annotated[tuple[Share, ...], Meta(description="by kernel release")]
    rhels: Annotated[tuple[Share, ...], Meta(description="by minor of RHEL")]
    requests: Annotated[tuple[Request, ...], Meta(description="failures by order and mode")]
    reserves: Annotated[tuple[ReserveCell, ...], Meta(description="vm.min_free_kbytes against memory size")]
    period: Annotated[str, Meta(description="length of each of `periods`: hour, day, month, year; empty without one")]
    periods: Annotated[tuple[Period, ...], Meta(description="first and last seen, in order of time, at most 25")]
    problems: Annotated[tuple[Problem, ...], Meta(description="problems, that on the most hosts first")]
    changes: Annotated[tuple[Change, ...], Meta(description="what to change once for many")]
    worst: Annotated[tuple[HostLine, ...], Meta(description="the ten worst hosts")]
    silent: Annotated[tuple[HostLine, ...], Meta(description="ten hosts with silent failures, the worst first")]
    at_risk: Annotated[tuple[HostLine, ...], Meta(description="ten hosts at risk, the worst first")]
    unreadable: Annotated[tuple[Unread, ...], Meta(description="why sources could not be read")]
    partly: Annotated[tuple[Unread, ...], Meta(description="why hosts were read partly")]
    hosts: Annotated[tuple[HostLine, ...], Meta(description="the hosts, the worst first")]
    hosts_left_out: Annotated[int, Meta(description="how many more there are", ge=0)]
