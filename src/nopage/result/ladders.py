"""What `nopage watermarks --format json` prints: a contract of its own beside the result's."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from nopage.result.base import Fact
from nopage.result.said import Said

LADDERS_SCHEMA = "nopage-watermarks/1"
Pages = Annotated[int | None, Meta(description="pages; null where not known", examples=[9847])]


class ZoneLadderMarks(Fact, frozen=True):
    """The marks of one zone under one setting, without boost."""

    min_pages: Pages
    low_pages: Pages
    high_pages: Pages
    atomic_floor_pages: Annotated[
        int | None,
        Meta(
            description="what a GFP_ATOMIC request for one page must leave, lowmem_reserve aside, with the boost where "
            "this release counts it",
            examples=[3693],
        ),
    ]
    orders: Annotated[
        tuple[int, ...] | None,
        Meta(description="orders that GFP_ATOMIC would get from this zone; null where not known", examples=[[0, 1]]),
    ]


class ZoneLadder(Fact, frozen=True):
    """One zone."""

    name: Annotated[str, Meta(description="as the kernel prints it", examples=["Node 0 Normal"])]
    node: Annotated[int | None, Meta(description="NUMA node; null where the kernel prints none", examples=[0])]
    zone: Annotated[str, Meta(description="name of the zone", examples=["Normal"])]
    page_kb: Annotated[int, Meta(description="page size in KiB", ge=1, examples=[4])]
    size_pages: Annotated[int | None, Meta(description="managed pages, else present pages", examples=[4096000])]
    free_pages: Annotated[int | None, Meta(description="free pages, all orders", examples=[21870])]
    boost_pages: Annotated[int, Meta(description="watermark boost that stands on top of the marks", examples=[0])]
    boost_told: Annotated[
        bool, Meta(description="the kernel printed the boost; false: it follows from the setting and the other zones")
    ]
    now: ZoneLadderMarks
    then: Annotated[
        ZoneLadderMarks | None, Meta(description="under the settings asked about; null where it cannot be told")
    ]


class LadderState(Fact, frozen=True):
    """All zones at one moment."""

    at_failure: Annotated[bool, Meta(description="the state that a failure printed; false: that of the collection")]
    time: Annotated[str | None, Meta(description="time of the failure", examples=["2026-02-14T18:26:56"])]
    zones: tuple[ZoneLadder, ...]
    missing: Annotated[tuple[str, ...], Meta(description="what could not be computed, and why")]
    missing_said: Annotated[tuple[Said, ...], Meta(description="the sentences of missing as id and parameters")]
    refused: Annotated[tuple[str, ...], Meta(description="settings asked about that this kernel does not take")]
    refused_said: Annotated[tuple[Said, ...], Meta(description="the sentences of refused as id and parameters")]


class HostWatermarks(Fact, frozen=True):
    """One host; `states` is empty where the source holds no zones, `warnings` then say why."""

    path: Annotated[str, Meta(description="the source", examples=["sosreport-web1.tar.xz"])]
    host: Annotated[str | None, Meta(description="name; null where not collected", examples=["web1.example.com"])]
    kernel: Annotated[str | None, Meta(description="release", examples=["3.10.0-1160.el7.x86_64"])]
    complete: Annotated[bool, Meta(description="the source was read wholly")]
    warnings: Annotated[tuple[str, ...], Meta(description="what could not be read")]
    settings: Annotated[
        dict[str, int], Meta(description="vm.* values as collected", examples=[{"min_free_kbytes": 90112}])
    ]
    asked: Annotated[
        dict[str, int], Meta(description="vm.* values asked about that this kernel takes",
                             examples=[{"min_free_kbytes": 262144}])
    ]
    states: tuple[LadderState, ...]
    rings: Annotated[tuple[str, ...], Meta(description="what the receive rings hold, and the reserve's share")]
    rings_said: Annotated[tuple[Said, ...], Meta(description="the sentences of rings as id and parameters")]
    notes: Annotated[tuple[str, ...], Meta(description="sources that contradict each other")]
    notes_said: Annotated[tuple[Said, ...], Meta(description="the sentences of notes as id and parameters")]
    caution: Annotated[str | None, Meta(description="why the value asked about is no good one for this host")]
    caution_said: Annotated[Said | None, Meta(description="the sentence of caution as id and parameters")]


class Watermarks(Fact, frozen=True):
    """Everything that one command printed."""

    schema: Annotated[
        str, Meta(description="always nopage-watermarks/1", pattern="^nopage-watermarks/1$", examples=[LADDERS_SCHEMA])
    ]
    nopage: Annotated[str, Meta(description="the version that wrote this", examples=["1.0.0"])]
    hosts: tuple[HostWatermarks, ...]


def watermarks_schema() -> dict[str, Any]:
    """The JSON schema of `Watermarks`."""
    (root,), parts = msgspec.json.schema_components([Watermarks], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nopage-watermarks/1: each zone's watermarks now and under other settings",
        **root,
        "$defs": parts,
    }
