"""What to do on this host, decided once from all its findings."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from nopage.result.base import Fact
from nopage.result.said import Said


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


class Plan(Fact, frozen=True):
    """The steps in order."""

    steps: Annotated[tuple[Step, ...], Meta(description="the most advisable first; one value a setting")] = ()
