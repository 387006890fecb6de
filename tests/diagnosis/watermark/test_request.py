"""The zones that a request may use, and the lowmem_reserve[] entry that counts for it: KERNEL.md 3.3 and 4."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.watermark.request import (
    Request,
    node_set,
    request_of,
    reserve_for,
    reserve_pages,
    zone_names,
    zonelist,
)
from nopage.diagnosis.watermark.rules import EL4, EL5, EL7, EL8, EL8_10, EL9_0, EL9_5, WatermarkRule
from nopage.kernel.facts import FailureReport, MemInfo, Place, SlubBlock, Zone
from nopage.kernel.gfp.decode import decode
from nopage.kernel.release.parse import parse_release


def zones_of(*names: str, entries: int = 4) -> MemInfo:
    return MemInfo(zones=tuple(
        Zone(name, free_pages=1, present_pages=1, lowmem_reserve_pages=tuple(range(entries))) for name in names))


@pytest.mark.parametrize(
    ("limit", "movable", "usable"),
    [
        ("DMA", False, ["DMA"]),
        ("DMA32", False, ["DMA", "DMA32"]),
        ("Normal", False, ["DMA", "DMA32", "Normal"]),
        ("HighMem", False, ["DMA", "DMA32", "Normal", "HighMem"]),
        ("Movable", True, ["DMA", "DMA32", "Normal", "HighMem", "Movable"]),
        ("HighMem", True, ["DMA", "DMA32", "Normal", "HighMem"]),
    ],
)
def test_zone_limit(limit: str, movable: bool, usable: list[str]) -> None:
    memory = zones_of("DMA", "DMA32", "Normal", "HighMem", "Movable", "Device")
    found = zonelist(Request(order=0, atomic=True, zone_limit=limit, movable=movable), memory)
    assert [zone.name for zone in found.usable] == usable
    assert found.classzone == usable[-1]


def test_empty_zones_are_no_zones() -> None:
    """RHEL 4, 5 and /proc/zoneinfo list zones without pages: present:0kB."""
    memory = MemInfo(zones=(Zone("Normal", present_pages=100), Zone("HighMem", present_pages=0),
                            Zone("Movable", present_pages=5, managed_pages=0)))
    found = zonelist(Request(order=0, atomic=True), memory)
    assert ([zone.name for zone in found.usable], found.excluded_by_zone) == (["Normal"], ())


def test_a_limit_without_such_a_zone_is_normal() -> None:
    found = zonelist(Request(order=0, atomic=True, zone_limit="DMA"), zones_of("Normal"))
    assert [zone.name for zone in found.usable] == ["Normal"]
    assert "no DMA zone" in str(found.notes[0])


@pytest.mark.parametrize(
    ("text", "nodes", "others"),
    [("0", (0,), (1,)), ("0-1,4", (0, 1, 4), (2, 3, 5)), ("0-1023", (0, 1023), (1024,)), ("3,1", (1, 3), (0, 2))],
)
def test_node_lists(text: str, nodes: tuple[int, ...], others: tuple[int, ...]) -> None:
    found = node_set(text)
    assert found is not None
    assert all(node in found for node in nodes)
    assert not any(node in found for node in others)


@pytest.mark.parametrize("text", [None, "", "(null)", "all", "0-x", "-", ",", "<none>"])
def test_what_is_no_node_list(text: str | None) -> None:
    assert node_set(text) is None


def test_nodemask_limits_and_mems_allowed_only_who_sleeps(report: Callable[..., FailureReport]) -> None:
    release = parse_release("4.18.0-240.el8.x86_64")
    for mask, limited in ((0x480020, False), (0x6000C0, True)):
        text = report(0, mask, nodemask="(null)", mems_allowed="1")
        request = request_of(text, decode(mask, release), release)
        assert (request.nodes is not None) is limited
    bound = report(0, 0x480020, nodemask="0", mems_allowed="0-3")
    assert request_of(bound, decode(0x480020, release), release).nodes == node_set("0")


def test_thisnode_without_and_with_a_named_node(report: Callable[..., FailureReport]) -> None:
    release = parse_release("3.10.0-1062.el7.x86_64")
    mask = decode(0x40020, release)
    assert mask.thisnode
    assert request_of(report(0, 0x40020), mask, release).one_node
    named = report(0, 0x40020, slub=(SlubBlock(1, 0x20, Place("messages", 3)),))
    request = request_of(named, mask, release)
    assert (request.one_node, request.nodes) == (False, node_set("1"))


@pytest.mark.parametrize(
    ("release", "mask", "skips"),
    [
        ("2.6.9-89.29.1.ELsmp", 0x20, True),
        ("2.6.9-89.29.1.ELhugemem", 0x20, True),
        ("2.6.9-89.29.1.EL.x86_64", 0x20, True),
        ("2.6.9-89.29.1.EL.i686", 0x20, False),  # HIGHMEM4G: its list has DMA
        ("2.6.9-89.0.16.ELxenU.x86_64", 0x20, False),  # x86_64 under Xen keeps it
        ("2.6.9-89.ELxenU", 0x20, False),
        ("2.6.9-5.0.3.ELsmp", 0x20, False),  # before 2.6.9-11.EL
        ("2.6.9-89.29.1.ELsmp", 0x21, False),  # a DMA request
        ("2.6.18-371.el5.x86_64", 0x20, False),
    ],
)
def test_rhel_4_has_no_dma_fallback(
    report: Callable[..., FailureReport], release: str, mask: int, skips: bool
) -> None:
    known = parse_release(release)
    request = request_of(report(0, mask), decode(mask, known), known)
    assert request.skips_dma is skips
    found = zonelist(request, zones_of("DMA", "Normal", "HighMem"))
    assert ("DMA" in [zone.name for zone in found.usable]) is not skips
    assert not any(zone.name == "DMA" for zone in found.excluded_by_zone)


@pytest.mark.parametrize(
    ("rule", "names", "entries", "expected"),
    [
        (EL4, ("DMA", "Normal", "HighMem"), 3, ["DMA", "Normal", "HighMem"]),
        (EL5, ("DMA", "DMA32", "Normal", "HighMem"), 4, ["DMA", "DMA32", "Normal", "HighMem"]),
        (EL7, ("DMA", "DMA32", "Normal"), 4, ["DMA", "DMA32", "Normal", "Movable"]),
        (EL7, ("DMA", "DMA32"), 4, ["DMA", "DMA32", "Normal", "Movable"]),
        (EL7, ("DMA", "Normal"), 4, ["DMA", "DMA32", "Normal", "Movable"]),
        (EL8, ("DMA", "DMA32", "Normal"), 5, ["DMA", "DMA32", "Normal", "Movable", "Device"]),
        (EL7, ("DMA", "Normal", "HighMem"), 4, ["DMA", "Normal", "HighMem", "Movable"]),  # i386
        (EL8, ("DMA32", "Normal"), 4, ["DMA32", "Normal", "Movable", "Device"]),  # arm64
        (EL7, ("DMA", "Normal"), 3, ["DMA", "Normal", "Movable"]),  # s390x
    ],
)
def test_zone_types_of_a_kernel(rule: object, names: tuple[str, ...], entries: int, expected: list[str]) -> None:
    assert list(zone_names(zones_of(*names, entries=entries), rule)) == expected  # type: ignore[arg-type]


def test_reserve_of_the_request_s_own_zone_is_none() -> None:
    types = ["DMA", "DMA32", "Normal", "Movable"]
    dma = Zone("DMA", lowmem_reserve_pages=(0, 1918, 258458, 258459))
    assert reserve_pages(dma, types, "Normal") == 258458
    assert reserve_pages(dma, types, "DMA32") == 1918
    assert reserve_pages(dma, types, "DMA") == 0
    assert reserve_pages(Zone("Normal"), types, "Normal") == 0
    assert reserve_pages(Zone("DMA"), types, "Normal") is None
    assert reserve_pages(Zone("DMA", lowmem_reserve_pages=(0, 7)), types, "Normal") == 7


@pytest.mark.parametrize(
    ("rule", "limit", "dma", "dma32"),
    [
        (EL7, "Normal", 1914, 0), (EL8, "Normal", 1914, 0),  # the highest zone with pages: DMA32
        (EL8_10, "Normal", 7, 0), (EL9_0, "Normal", 7, 0), (EL9_5, "Normal", 7, 0),  # Normal, although it is empty
        (EL8_10, "HighMem", 7, 0),  # no such zone type: Normal
        (EL9_5, "DMA32", 1914, 0),
    ],
    ids=lambda value: value.key if isinstance(value, WatermarkRule) else str(value),
)
def test_reserve_towards_an_empty_zone(rule: WatermarkRule, limit: str, dma: int, dma32: int) -> None:
    """A guest with 2 GB has DMA and DMA32 only; the entries of a zone differ here only to tell them apart."""
    memory = MemInfo(zones=(Zone("DMA", present_pages=3840, lowmem_reserve_pages=(0, 1914, 7, 8, 9)),
                            Zone("DMA32", present_pages=490000, lowmem_reserve_pages=(0, 0, 0, 0, 0))))
    request = Request(order=0, atomic=True, zone_limit=limit)
    zones = zonelist(request, memory)
    names = zone_names(memory, rule)
    assert [reserve_for(zone, zones, names, request, rule) for zone in zones.usable] == [dma, dma32]


def test_the_highest_zone_keeps_nothing_even_where_its_reserve_was_not_printed() -> None:
    memory = MemInfo(zones=(Zone("DMA32", present_pages=490000),))
    request = Request(order=0, atomic=True)
    assert reserve_for(memory.zones[0], zonelist(request, memory), [], request, EL9_5) == 0
