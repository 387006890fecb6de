"""What `nopage diff OLD NEW` found: did it end, did anybody do something about it, and what else changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from nopage.result.base import Cause, Fact, FindingType, Severity
from nopage.result.said import Said

Count = Annotated[int | None, Meta(description="so many; null where not known", examples=[12])]
Rate = Annotated[float | None, Meta(description="per hour; null where the time is not known", examples=[0.5])]
Value = str | int | None


class Outcome(StrEnum):
    """What became of the failures after the old collection."""

    NONE = "none"
    GONE = "gone"
    TOO_EARLY = "too_early"
    FEWER = "fewer"
    SAME = "same"
    MORE = "more"
    STILL = "still"
    NEW = "new"
    CANNOT_BE_TOLD = "cannot_be_told"


class How(StrEnum):
    """What became of one finding.

    `here`: how often is not known, or it is no matter of counting. `none_since`: no failure came after the old
    collection, which may be too early to call it gone. `gone`: what is no failure is no longer found.
    """

    NEW = "new"
    GONE = "gone"
    MORE = "more"
    FEWER = "fewer"
    SAME = "same"
    HERE = "here"
    NONE_SINCE = "none_since"


class StepState(StrEnum):
    """Whether a step of the old plan was carried out."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    UNDONE = "undone"
    CANNOT_BE_TOLD = "cannot_be_told"


class Side(Fact, frozen=True):
    """One of the two collections."""

    path: Annotated[str, Meta(description="the source", examples=["sosreport-web1-1.tar.xz"])]
    host: Annotated[str | None, Meta(description="name of the host", examples=["web1.example.com"])]
    kernel: Annotated[str | None, Meta(description="release", examples=["2.6.32-358.el6.x86_64"])]
    rhel: Annotated[str | None, Meta(description="major.minor", examples=["6.4"])]
    collected_at: Annotated[str | None, Meta(description="when it was made, ISO 8601; null where nothing tells it")]
    complete: Annotated[bool, Meta(description="it was read wholly")]
    severity: Annotated[Severity, Meta(description="how soon to act, by this collection alone")]
    reports: Annotated[
        int, Meta(description="failures of its time: of the old one up to its making, of the new one after that", ge=0)
    ]
    at_least: Annotated[bool, Meta(description="there may have been more: some were only counted, or cannot be dated")]
    bursts: Annotated[Count, Meta(description="groups of them more than ten minutes apart")]
    hours: Annotated[
        float | None, Meta(description="hours of its time that its logs cover; null where nothing tells it")
    ]


class FindingChange(Fact, frozen=True):
    """One finding in the old, the new, or both."""

    key: Annotated[str, Meta(description="its name", examples=["ATOMIC_ALLOCATION_FAILURE"])]
    how: Annotated[How, Meta(description="what became of it", examples=["gone"])]
    type: Annotated[FindingType, Meta(description="fail is a problem, info worth knowing")]
    fingerprint: Annotated[str, Meta(description="of the new one, else of the old one")]
    cause: Annotated[Cause | None, Meta(description="of the new one, else of the old one")]
    driver: Annotated[str | None, Meta(description="module that asked", examples=["mlx4_en"])]
    summary: Annotated[str, Meta(description="of the new one, else of the old one")]
    reports_before: Count
    reports_after: Count
    before_per_hour: Rate
    after_per_hour: Rate
    severity_before: Annotated[Severity | None, Meta(description="null where it was not there")]
    severity_after: Annotated[Severity | None, Meta(description="null where it is not there")]


class StepDone(Fact, frozen=True):
    """One step of the old plan."""

    number: Annotated[int, Meta(description="its number in the old plan", ge=1)]
    action: Annotated[str, Meta(description="what was to be done", examples=["raise_min_free_kbytes"])]
    setting: Annotated[str | None, Meta(description="the setting", examples=["vm.min_free_kbytes"])]
    wanted: Annotated[Value, Meta(description="what it was to become")]
    before: Annotated[Value, Meta(description="what it was")]
    after: Annotated[Value, Meta(description="what it is; null where that was not collected")]
    state: Annotated[StepState, Meta(description="whether it was done", examples=["done"])]
    wanted_said: Annotated[tuple[Said, ...], Meta(description="the same, where it is words")] = ()


class SettingChange(Fact, frozen=True):
    """Something set on the host that is otherwise now."""

    name: Annotated[str, Meta(description="the setting", examples=["vm.min_free_kbytes", "eth4 mtu", "kernel"])]
    before: Annotated[Value, Meta(description="then; null where it was not collected or not there")]
    after: Annotated[Value, Meta(description="now; null where it was not collected or is not there")]


class CounterChange(Fact, frozen=True):
    """A counter that says memory or buffers were short: per hour since boot then, and per hour since then."""

    name: Annotated[str, Meta(description="where it stands and its name", examples=["eth4 rx_dropped"])]
    before: Count
    after: Count
    before_per_hour: Rate
    after_per_hour: Rate
    since_boot: Annotated[
        bool | None,
        Meta(description="the host was booted in between: the second rate is that since its last boot; null where not "
             "known"),
    ]


class Difference(Fact, frozen=True):
    """Two collections of one host."""

    outcome: Annotated[Outcome, Meta(description="what became of the failures", examples=["gone"])]
    verdict: Annotated[str, Meta(description="did it end, and was anything done about it")]
    verdict_said: Annotated[tuple[Said, ...], Meta(description="the sentences of verdict as id and parameters")]
    old: Side
    new: Side
    findings: Annotated[tuple[FindingChange, ...], Meta(description="the new ones first, those that are gone last")]
    steps: Annotated[tuple[StepDone, ...], Meta(description="the old plan, and what of it was done")]
    settings: Annotated[tuple[SettingChange, ...], Meta(description="kernel, vm.*, MTU, rings, offloads, memory")]
    counters: Annotated[tuple[CounterChange, ...], Meta(description="counters that moved before or after")]
    notes: Annotated[tuple[Said, ...], Meta(description="what limits the comparison")]


class Differences(Fact, frozen=True):
    """Everything that one command printed."""

    schema: Annotated[Literal["nopage-diff/1"], Meta(description="always nopage-diff/1")]
    nopage: Annotated[str, Meta(description="the version that wrote this", examples=["0.2.0"])]
    hosts: Annotated[tuple[Difference, ...], Meta(description="each host that both sides have")]
    only_old: Annotated[tuple[str, ...], Meta(description="hosts that only the old side has")]
    only_new: Annotated[tuple[str, ...], Meta(description="hosts that only the new side has")]
