"""What `nopage fleet diff A B` prints: what got better, worse and new between two scans of a fleet."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from nopage.result.answers.fleet_report import FleetTotals, Module
from nopage.result.base import Fact

Many = Annotated[int, Meta(description="hosts", ge=0)]


class Turn(StrEnum):
    """What became of a host that both scans have.

    `none_since`: its logs hold the old failures alone, or the failures cannot be dated. `worse` and `better` are by
    severity of hosts that failed again since the first scan; `again` is of the same severity.
    """

    NEW = "new"
    WORSE = "worse"
    AGAIN = "again"
    BETTER = "better"
    NONE_SINCE = "none_since"
    GONE = "gone"
    HEALTHY = "healthy"


class TurnCount(Fact, frozen=True):
    """How many hosts took a turn."""

    turn: Turn
    hosts: Many


class Moved(Fact, frozen=True):
    """Affected hosts with one value, in both scans."""

    value: Annotated[str | None, Meta(description="the value", examples=["fragmented"])]
    before: Many
    after: Many


class ProblemChange(Fact, frozen=True):
    """A problem that one of the scans has alone, by its fingerprint."""

    fingerprint: str
    key: Annotated[str | None, Meta(description="name of the finding")]
    cause: Annotated[str | None, Meta(description="why")]
    driver: Module
    hosts: Many
    names: Annotated[tuple[str, ...], Meta(description="some of the hosts")]


class PlanDone(Fact, frozen=True):
    """What became of one step of the first scan's plans, over the hosts that both scans have."""

    action: Annotated[str, Meta(description="what was to be done", examples=["update_kernel"])]
    setting: Annotated[str | None, Meta(description="the sysctl")]
    value: Annotated[str | None, Meta(description="the value that all shared")]
    driver: Module
    hosts: Annotated[int, Meta(description="hosts that were to do it", ge=0)]
    done: Many
    partly: Many
    undone: Many
    not_done: Many
    cannot_be_told: Many
    quiet_after_done: Annotated[int, Meta(description="of those that did it, those without a failure since", ge=0)]
    quiet_after_not: Annotated[int, Meta(description="of those that did not, those without a failure since", ge=0)]


class HostChange(Fact, frozen=True, gc=False):
    """One host whose state changed, or which failed again."""

    name: Annotated[str | None, Meta(description="name of the host")]
    source: Annotated[str, Meta(description="the newer source")]
    turn: Turn
    severity_before: str
    severity_after: str
    reports_before: Annotated[int, Meta(description="failures in the first scan", ge=0)]
    reports_after: Annotated[int, Meta(description="failures in the second, old ones in its logs included", ge=0)]
    cause: Annotated[str | None, Meta(description="of the second scan, else of the first")]
    driver: Module
    kernel_before: str | None
    kernel_after: str | None
    min_free_before: int | None
    min_free_after: int | None
    last_time: Annotated[str | None, Meta(description="its last failure")]
    done: Annotated[tuple[str, ...], Meta(description="steps of its old plan that were done")]


class FleetDiff(Fact, frozen=True):
    """Two scans of a fleet. Hosts are compared by name, of each name the newest collection."""

    schema: Annotated[Literal["nopage-fleet-diff/1"], Meta(description="always nopage-fleet-diff/1")]
    nopage: Annotated[str, Meta(description="the version that wrote this", examples=["0.2.0"])]
    old: Annotated[str, Meta(description="path or URL of the first store")]
    new: Annotated[str, Meta(description="path or URL of the second")]
    before: FleetTotals
    after: FleetTotals
    both: Annotated[int, Meta(description="hosts that both have", ge=0)]
    only_old: Annotated[int, Meta(description="hosts that the first has alone", ge=0)]
    only_new: Annotated[int, Meta(description="hosts that the second has alone", ge=0)]
    turns: Annotated[tuple[TurnCount, ...], Meta(description="every turn, with the hosts that took it")]
    findings: Annotated[tuple[Moved, ...], Meta(description="hosts by finding, of those that both have")]
    causes: Annotated[tuple[Moved, ...], Meta(description="affected hosts by cause, of those that both have")]
    drivers: Annotated[tuple[Moved, ...], Meta(description="affected hosts by module, of those that both have")]
    rhels: Annotated[tuple[Moved, ...], Meta(description="hosts by minor of RHEL, of those that both have")]
    problems_new: Annotated[tuple[ProblemChange, ...], Meta(description="problems that the first has nowhere")]
    problems_gone: Annotated[tuple[ProblemChange, ...], Meta(description="problems that the second has nowhere")]
    plans: Annotated[tuple[PlanDone, ...], Meta(description="the old plans' steps, that of the most hosts first")]
    hosts: Annotated[tuple[HostChange, ...], Meta(description="hosts that are not healthy in both, the newest first")]
    hosts_left_out: Annotated[int, Meta(description="how many more there are", ge=0)]
