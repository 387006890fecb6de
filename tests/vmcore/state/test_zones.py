"""The memory state: by the kernel's own types where it carries them, by the order of the source where it does not."""
from __future__ import annotations

import pytest

# (release, what stands between the watermarks and lowmem_reserve[]) after include/linux/mmzone.h of each
AGES = [
    ("2.6.18-419.el5", ()),
    ("2.6.32-71.el6.x86_64", ()),
    ("2.6.32-754.el6.x86_64", ("drift",)),
    ("3.10.0-1160.el7.x86_64", ("drift",)),
    ("4.18.0-240.el8.x86_64", ("highatomic",)),
    ("4.18.0-553.el8_10.x86_64", ("boost", "highatomic")),
    ("5.14.0-70.el9.x86_64", ("boost", "highatomic")),
    ("5.14.0-427.el9.x86_64", ("promo", "boost", "highatomic")),
    ("6.1.0-50-amd64", ("promo", "boost", "highatomic")),
    ("6.12.0-55.el10.x86_64", ("promo", "boost", "highatomic", "free_highatomic")),
    ("7.2.13+deb14-amd64", ("promo", "boost", "highatomic", "free_highatomic")),
]


def layout_of(release: str) -> str:
    if release.startswith("2.6.18"):
        return "none"
    if release.startswith("2.6"):
        return "log_buf"
    if release.startswith("3."):
        return "struct log"
    return "printk_log" if release.startswith("4.") else "printk_ringbuffer"


@pytest.mark.parametrize("machine", ["x86_64", "i386", "ppc64"])
@pytest.mark.parametrize("types", [False, True], ids=["source", "types"])
@pytest.mark.parametrize(("release", "prefix"), AGES, ids=[f"{release}{len(prefix)}" for release, prefix in AGES])
def test_zones(cores, read, two_nodes, release, prefix, types, machine):
    core = cores.make_core(
        layout_of(release), [], release=release, machine=cores.MACHINES[machine], zones=two_nodes, prefix=prefix,
        types=types, kallsyms="found" if types else "",
    )
    facts = read(cores.elf_core(core))
    assert facts.mem_info is not None
    assert facts.mem_info.source == "vmcore"
    expected = [(node, spec) for node, zones in enumerate(two_nodes) for spec in zones if spec.spanned]
    assert [(zone.node, zone.name) for zone in facts.mem_info.zones] == [(node, spec.name) for node, spec in expected]
    reserves = 5 if release >= "4" else 4
    for (_, spec), zone in zip(expected, facts.mem_info.zones, strict=True):
        boost = spec.boost if "boost" in prefix else 0
        assert (zone.min_pages, zone.low_pages, zone.high_pages) == tuple(mark + boost for mark in spec.marks)
        assert zone.boost_pages == (boost if "boost" in prefix else None)
        assert zone.highatomic_pages == (spec.highatomic if "highatomic" in prefix else None)
        assert zone.lowmem_reserve_pages == spec.reserve[:reserves]
        assert zone.free_pages == spec.free_pages
        assert zone.managed_pages == (None if release.startswith("2.6") else spec.managed)
        assert zone.present_pages is not None
        assert tuple(block.count for block in zone.free_area) == spec.counts
        if not release.startswith("2.6"):
            assert [set(block.migratetypes) for block in zone.free_area] == [set(text) for text in spec.letters]
    assert facts.mem_info.counters_pages["free"] == sum(spec.free_pages for _, spec in expected)


@pytest.mark.parametrize("form", ["base", "place", "found"])
@pytest.mark.parametrize("machine", ["x86_64", "i386", "ppc64", "aarch64"])
def test_min_free_kbytes(cores, read, two_nodes, machine, form):
    core = cores.make_core(
        "printk_ringbuffer", [], machine=cores.MACHINES[machine], zones=two_nodes, types=True, kallsyms=form
    )
    facts = read(cores.elf_core(core))
    assert facts.min_free_kbytes == 67584
    assert facts.missing == ()


def test_nodes_by_kallsyms(cores, read, two_nodes):
    """A kernel whose VMCOREINFO names no nodes still has them in its own symbol table."""
    core = cores.make_core(
        "printk_ringbuffer", [], zones=two_nodes, types=True, kallsyms="base", changes={"SYMBOL(node_data)": None}
    )
    facts = read(cores.elf_core(core))
    assert facts.mem_info is not None
    assert len(facts.mem_info.zones) == 4


def test_no_zones_are_told(cores, read, records):
    facts = read(cores.elf_core(cores.make_core("log_buf", records)))
    assert facts.mem_info is None
    assert facts.min_free_kbytes is None
    assert any(text.startswith("the zones: VMCOREINFO does not tell") for text in facts.missing)
    assert any(text.startswith("vm.min_free_kbytes") for text in facts.missing)


def test_zone_on_a_page_that_is_left_out(cores, read, two_nodes):
    """The zones after the missing page are lost, those before it are not, and nothing is made up for them."""
    core = cores.make_core("printk_ringbuffer", [], zones=two_nodes)
    (node,) = {int(core.info["SYMBOL(node_data)"], 16)}
    table = core.at(node)
    first_node = int.from_bytes(core.memory[table : table + 8], "little")
    second_page = core.at(first_node) // 4096 + 1
    facts = read(cores.kdump_core(core, leave_out=[second_page]))
    assert facts.mem_info is not None
    assert facts.missing
    zones = facts.mem_info.zones
    dma = zones[0]
    assert (dma.name, dma.min_pages) == ("DMA", 34)
    for zone in zones:
        for value in (zone.min_pages, zone.free_pages, zone.managed_pages):
            assert value is None or value < 1 << 20


def test_counter_below_zero(cores, read):
    zones = [[cores.ZoneSpec("DMA", 1, 4095, 3840, (34, 42, 50), free=-3)]]
    facts = read(cores.elf_core(cores.make_core("printk_ringbuffer", [], zones=zones)))
    assert facts.mem_info is not None
    assert facts.mem_info.zones[0].free_pages == 0


def test_reserve_ratio_of_zero(cores, read, two_nodes):
    """vm.lowmem_reserve_ratio 0 leaves all reserves at 0: the fields are still told apart."""
    from dataclasses import replace

    plain = [[replace(spec, reserve=(0,) * 5) for spec in zones] for zones in two_nodes]
    core = cores.make_core("printk_ringbuffer", [], zones=plain, release="5.14.0-70.el9.x86_64")
    facts = read(cores.elf_core(core))
    assert facts.mem_info is not None
    assert {zone.lowmem_reserve_pages for zone in facts.mem_info.zones} == {(0,) * 5}
    assert facts.mem_info.zones[0].min_pages == 34
