"""What to do on this host, decided once from all its findings."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from nopage.result.base import Fact
from nopage.result.said import Said


class EffectVerdict(StrEnum):
    """What a step does to the state in which the request failed."""

    PASSES = "passes"
    STILL_FAILS = "still_fails"
    KSWAPD_EARLIER = "kswapd_earlier"
    CANNOT_BE_TOLD = "cannot_be_told"


class When(StrEnum):
    """When a step is to be done."""

    NOW = "now"
    NEXT_MAINTENANCE = "next_maintenance"
    IF_IT_COMES_BACK = "if_it_comes_back"


class Stage(Fact, frozen=True):
    """A further value of a setting, for when the one before was not enough."""

    value: Annotated[int, Meta(description="the value", examples=[8388608])]
    reason: Annotated[tuple[Said, ...], Meta(description="when, and what it does at once")]


class DoNot(Fact, frozen=True):
    """What would harm here, or costs much and cannot help."""

    action: Annotated[str, Meta(description="what not to do", examples=["raise_min_free_kbytes"])]
    setting: Annotated[str | None, Meta(description="the sysctl to leave alone", examples=["vm.min_free_kbytes"])]
    reason: Annotated[tuple[Said, ...], Meta(description="why")]
    findings: Annotated[tuple[str, ...], Meta(description="keys of the findings that it is about")] = ()


class Step(Fact, frozen=True):
    """One step of the plan."""

    number: Annotated[int, Meta(description="its place in the plan, from 1", ge=1, examples=[1])]
    action: Annotated[
        str, Meta(description="what to do, one of the design's words", examples=["raise_min_free_kbytes"])
    ]
    findings: Annotated[
        tuple[str, ...],
        Meta(
            description="keys of the findings that it is for",
            examples=[["ATOMIC_ALLOCATION_FAILURE"]],
        ),
    ]
    value: Annotated[str | int | None, Meta(description="the exact value; null where there is none", examples=[180224])]
    setting: Annotated[str | None, Meta(description="the sysctl that it sets", examples=["vm.min_free_kbytes"])]
    before: Annotated[str | int | None, Meta(description="its value when the host was collected", examples=[90112])]
    commands: Annotated[
        tuple[str, ...], Meta(description="what to type, in order", examples=[["sysctl -w vm.min_free_kbytes=180224"]])
    ]
    persist: Annotated[
        tuple[str, ...], Meta(description="what to type so that it lasts over a boot", examples=[["sysctl -p"]])
    ]
    way_back: Annotated[
        tuple[str, ...], Meta(description="what to type to undo it", examples=[["sysctl -w vm.min_free_kbytes=90112"]])
    ]
    file: Annotated[str, Meta(description="the file that makes it last", examples=["/etc/sysctl.conf"])]
    reason: Annotated[tuple[Said, ...], Meta(description="why")]
    effect: Annotated[tuple[Said, ...], Meta(description="what the printed state would say under it")]
    risk: Annotated[tuple[Said, ...], Meta(description="what it may cost")]
    verdict: Annotated[
        EffectVerdict | None,
        Meta(description="the same in a word; null where no request failed", examples=["passes"]),
    ] = None
    cures: Annotated[
        bool,
        Meta(description="the failed request passes on the printed state because of this step", examples=[True]),
    ] = False
    kswapd_earlier_kb: Annotated[
        int, Meta(description="how much more is free when kswapd wakes, where the state lies between", examples=[0])
    ] = 0
    when: Annotated[When, Meta(description="when to do it", examples=["now"])] = When.NOW
    stages: Annotated[tuple[Stage, ...], Meta(description="further values, where one step is not enough")] = ()
    lines: Annotated[str, Meta(description="what `file` has to say", examples=["vm.min_free_kbytes = 180224\n"])] = ""
    line: Annotated[
        int | None, Meta(description="the line of `file` to change; null where it is a new one", examples=[12])
    ] = None
    file_reason: Annotated[tuple[Said, ...], Meta(description="why this file")] = ()
    value_said: Annotated[tuple[Said, ...], Meta(description="the value, where it is words")] = ()


class Plan(Fact, frozen=True):
    """The steps in order."""

    steps: Annotated[tuple[Step, ...], Meta(description="the most advisable first; one value a setting")] = ()
    later: Annotated[
        tuple[Step, ...], Meta(description="for when it comes back, where nothing needs doing now")
    ] = ()
    do_not: Annotated[tuple[DoNot, ...], Meta(description="what would harm here")] = ()
    verdict: Annotated[tuple[Said, ...], Meta(description="what the plan comes to")] = ()
    article: Annotated[
        tuple[Said, ...], Meta(description="where the article's remedy does not help on this host, and why")
    ] = ()
